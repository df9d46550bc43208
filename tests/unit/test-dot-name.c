/* SPDX-License-Identifier: MIT */
/* test-dot-name.c -- what is swept, and what is not. */
#include "base/memfd.h"
#include "pipeline/dot-name.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
make_file(int folder, const char *name)
{
    int fd = openat(folder, name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0644);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

static gboolean
is_there(int folder, const char *name)
{
    struct stat st;
    return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
remove_name(int folder, const char *name)
{
    g_assert_cmpint(unlinkat(folder, name, 0), ==, 0);
}

static int
make_folder(char **ret_path)
{
    *ret_path = g_dir_make_tmp("storyphoto-dot-XXXXXX", NULL);
    g_assert_nonnull(*ret_path);
    int fd = open(*ret_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

static void
test_held(void)
{
    g_autofree char *path = NULL, *held = sp_dot_name_new(), *left = sp_dot_name_new();
    g_auto(SpFd) folder = make_folder(&path);
    g_assert_true(g_str_has_prefix(held, "."));
    g_assert_cmpstr(held, !=, left);
    g_auto(SpFd) fd = make_file(folder, held);
    g_assert_true(sp_dot_name_hold(fd, TRUE));
    close(make_file(folder, left));
    g_assert_cmpuint(sp_dot_name_sweep(folder), ==, 1);
    g_assert_true(is_there(folder, held));
    g_assert_false(is_there(folder, left));
    sp_fd_clear(&fd); /* its holder is gone */
    g_assert_cmpuint(sp_dot_name_sweep(folder), ==, 1);
    g_assert_false(is_there(folder, held));
    g_rmdir(path);
}

/* Swept between its making and its lock. */
static void
test_too_late(void)
{
    g_autofree char *path = NULL, *name = sp_dot_name_new();
    g_auto(SpFd) folder = make_folder(&path);
    g_auto(SpFd) fd = make_file(folder, name);
    g_assert_cmpuint(sp_dot_name_sweep(folder), ==, 1);
    g_assert_false(sp_dot_name_hold(fd, TRUE));
    g_assert_true(sp_dot_name_hold(fd, FALSE)); /* of one that never had a name this is right */
    g_rmdir(path);
}

static void
test_others(void)
{
    static const char *const files[] = {
        ".storyphoto-",
        ".storyphoto-notes",
        ".hidden",
        "storyphoto-6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        ".storyphoto-6ba7b810-9dad-41d1-80b4-00c04fd430c8.jpg",
    };
    g_autofree char *path = NULL, *link = sp_dot_name_new(), *below = sp_dot_name_new();
    g_auto(SpFd) folder = make_folder(&path);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        close(make_file(folder, files[i]));
    g_assert_cmpint(symlinkat(".hidden", folder, link), ==, 0);
    g_assert_cmpint(mkdirat(folder, below, 0755), ==, 0);
    g_assert_cmpuint(sp_dot_name_sweep(folder), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        remove_name(folder, files[i]);
    remove_name(folder, link);
    g_assert_cmpint(unlinkat(folder, below, AT_REMOVEDIR), ==, 0);
    g_assert_cmpint(g_rmdir(path), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dot-name/held", test_held);
    g_test_add_func("/dot-name/too-late", test_too_late);
    g_test_add_func("/dot-name/others", test_others);
    return g_test_run();
}
