/* SPDX-License-Identifier: MIT */
/* test-publish-sync.c -- files that are staged in one call: written all, then synced one by
 * one.
 *
 * fsync(2) is defined here in front of libc's and fails as the running case says. That a single
 * file is treated rightly, and folders are, shows test-publish.c. */
#include "base/error.h"
#include "pipeline/publish.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static guint good, bad; /* so many succeed, then so many fail */
static guint n_syncs;

int fault_fsync(int fd) __asm__("fsync");

int
fault_fsync(int fd)
{
    n_syncs++;
    if (good > 0) {
        good--;
    } else if (bad > 0) {
        bad--;
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

/* TRUE when it is there; it is gone then. */
static gboolean
remove_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_unlink(path) == 0;
}

/* What an fsync loses is written anew, by itself; when that fails as well, nothing of the call
 * is staged, and what was staged before stays. */
static void
test_two(void)
{
    static const struct {
        guint good, bad, n_syncs;
        gboolean done;
    } cases[] = {
        {2, 0, 2, TRUE}, {0, 1, 3, TRUE}, {1, 1, 3, TRUE}, {0, 2, 2, FALSE}, {1, 2, 3, FALSE},
    };
    static const SpPublishFile before[] = {{"c", "3", 1, 0644}};
    static const SpPublishFile files[] = {{"a", "1", 1, 0644}, {"b", "2", 1, 0644}};
    g_autofree char *folder = g_dir_make_tmp("storyphoto-sync-XXXXXX", NULL);
    g_assert_nonnull(folder);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPublish) publish = sp_publish_new(folder, -1, NULL, 0, NULL);
        g_assert_true(sp_publish_stage(publish, before, 1, NULL));
        good = cases[i].good;
        bad = cases[i].bad;
        n_syncs = 0;
        gboolean done = sp_publish_stage(publish, files, G_N_ELEMENTS(files), &error);
        g_assert_cmpint(done, ==, cases[i].done);
        g_assert_cmpint(g_error_matches(error, SP_ERROR, SP_ERROR_IO), ==, !done);
        g_assert_cmpuint(n_syncs, ==, cases[i].n_syncs);
        g_assert_true(sp_publish_commit(publish, NULL));
        g_assert_cmpint(remove_file(folder, "a"), ==, done);
        g_assert_cmpint(remove_file(folder, "b"), ==, done);
        g_assert_true(remove_file(folder, "c"));
    }
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish-sync/two", test_two);
    return g_test_run();
}
