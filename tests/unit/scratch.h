/* SPDX-License-Identifier: MIT */
/* scratch.h -- each test has the current folder to itself; and files to put into it. */
#ifndef SP_TEST_SCRATCH_H
#define SP_TEST_SCRATCH_H
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
    char *folder, *before;
} Scratch;

static inline void
scratch_set_up(Scratch *scratch, gconstpointer data)
{
    (void)data;
    scratch->before = g_get_current_dir();
    scratch->folder = g_dir_make_tmp("storyphoto-test.XXXXXX", NULL);
    g_assert_nonnull(scratch->folder);
    g_assert_cmpint(chdir(scratch->folder), ==, 0);
}

static inline void
scratch_tear_down(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(chdir(scratch->before), ==, 0);
    const char *argv[] = {"rm", "-rf", scratch->folder, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_free(scratch->folder);
    g_free(scratch->before);
}

/* Folders on the way are made, too. */
static inline void
scratch_put(const char *path, const char *content)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

#define SCRATCH_ADD(path, test)                                                                \
    g_test_add(path, Scratch, NULL, scratch_set_up, test, scratch_tear_down)

#endif
