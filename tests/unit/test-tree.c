/* SPDX-License-Identifier: MIT */
/* test-tree.c -- a walk meets everything once, in one order, and opens files alone. */
#include "base/error.h"
#include "bulk/tree.h"
#include "scratch.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define put scratch_put

/* "f a/b 3|d a" and so on: kind, path and, of a file, its bytes. */
static char *
walk_but(char *const *roots, char *const *globs)
{
    static const char letters[] = "fdlsxe";
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    sp_tree_exclude(tree, globs);
    GString *text = g_string_new(NULL);
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            return g_string_free(text, FALSE);
        g_assert_cmpint(entry.fd >= 0, ==, entry.kind == SP_TREE_FILE);
        g_assert_cmpint(entry.error != NULL, ==, entry.kind == SP_TREE_FAILED);
        g_string_append_printf(text, "%s%c %s", text->len == 0 ? "" : "|", letters[entry.kind],
                               entry.path);
        if (entry.kind != SP_TREE_FILE)
            continue;
        char buffer[64];
        g_assert_cmpint(fcntl(entry.fd, F_GETFL) & O_ACCMODE, ==, O_RDONLY);
        g_assert_cmpint(read(entry.fd, buffer, sizeof buffer), ==, (int)entry.st.st_size);
        g_string_append_printf(text, " %d", (int)entry.st.st_size);
    }
}

static char *
walk(char *const *roots)
{
    return walk_but(roots, NULL);
}

static void
expect(const char *root, const char *want)
{
    char *const roots[] = {(char *)root, NULL};
    g_autofree char *got = walk(roots);
    g_assert_cmpstr(got, ==, want);
}

static void
test_order(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755), g_mkdir("t/b", 0755), g_mkdir("t/empty", 0755);
    put("t/b.jpg", "12345"), put("t/b/2", "x"), put("t/b/10", ""), put("t/-a", "12");
    put("t/.hidden", "1"), put("t/new\nline", "1"), put("t/\xff", "1"), put("t/B", "123");
    expect("t", "d t|f t/-a 2|f t/.hidden 1|f t/B 3|d t/b|f t/b/10 0|f t/b/2 1|f t/b.jpg 5"
                "|d t/empty|f t/new\nline 1|f t/\xff 1");
    expect("t/", "d t/|f t/-a 2|f t/.hidden 1|f t/B 3|d t/b|f t/b/10 0|f t/b/2 1|f t/b.jpg 5"
                 "|d t/empty|f t/new\nline 1|f t/\xff 1");
    expect("t/b.jpg", "f t/b.jpg 5");
    char *const roots[] = {"t/b", "nothing", "t/B", "t/b/2", NULL};
    g_autofree char *got = walk(roots);
    g_assert_cmpstr(got, ==, "d t/b|f t/b/10 0|f t/b/2 1|x nothing|f t/B 3|f t/b/2 1");
    char *const none[] = {NULL};
    g_autofree char *nothing = walk(none);
    g_assert_cmpstr(nothing, ==, "");
    expect("", "x ");
}

static void
test_links(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755), g_mkdir("other", 0755);
    put("other/secret", "1234");
    g_assert_cmpint(symlink("../other/secret", "t/file"), ==, 0);
    g_assert_cmpint(symlink("../other", "t/folder"), ==, 0);
    g_assert_cmpint(symlink("..", "t/loop"), ==, 0);
    g_assert_cmpint(symlink("nowhere", "t/dangling"), ==, 0);
    g_assert_cmpint(symlink("self", "t/self"), ==, 0);
    expect("t", "d t|l t/dangling|l t/file|l t/folder|l t/loop|l t/self");
    /* What is named is followed. */
    expect("t/file", "f t/file 4");
    expect("t/folder", "d t/folder|f t/folder/secret 4");
    expect("t/dangling", "x t/dangling");
    expect("t/self", "x t/self");
}

static void
test_special(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755);
    g_assert_cmpint(mkfifo("t/fifo", 0644), ==, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "t/socket"};
    g_auto(SpFd) listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(listening, (struct sockaddr *)&address, sizeof address), ==, 0);
    expect("t", "d t|s t/fifo|s t/socket");
    /* What is named must be something to read; nothing waits for a writer. */
    expect("t/fifo", "x t/fifo");
    expect("/dev/zero", "x /dev/zero");
}

static void
test_refused(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    if (geteuid() == 0) {
        g_test_skip("root may read everything");
        return;
    }
    g_mkdir("t", 0755), g_mkdir("t/a", 0755), g_mkdir("t/list-only", 0755);
    put("t/a/x", "1"), put("t/b", "1"), put("t/c", "1"), put("t/list-only/x", "1");
    g_chmod("t/a", 0), g_chmod("t/b", 0), g_chmod("t/list-only", 0444);
    expect("t", "d t|x t/a|x t/b|f t/c 1|d t/list-only|x t/list-only/x");
    g_chmod("t/a", 0755), g_chmod("t/list-only", 0755);
}

/* Deeper than any limit of open files; every folder has a name before and one behind the next
 * one, so the way back is walked too. */
static void
make_deep(guint depth, SpFd *ret_innermost)
{
    g_auto(SpFd) at = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (guint i = 0; i < depth; i++) {
        g_assert_cmpint(mkdirat(at, "d", 0755), ==, 0);
        int next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        g_assert_cmpint(next, >=, 0);
        close(at);
        at = next;
        static const char *const names[] = {"a", "z"};
        for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
            int file = openat(at, names[k], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
            g_assert_cmpint(file, >=, 0);
            close(file);
        }
    }
    *ret_innermost = sp_fd_steal(&at);
}

static void
test_deep(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const guint depth = 1500;
    g_auto(SpFd) innermost = -1;
    make_deep(depth, &innermost);
    char *const roots[] = {"d", NULL};
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    guint n_files = 0, n_folders = 0;
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            break;
        g_assert_no_error(entry.error);
        n_files += entry.kind == SP_TREE_FILE ? 1 : 0;
        n_folders += entry.kind == SP_TREE_FOLDER ? 1 : 0;
        g_assert_cmpint(entry.fd, <, 100);
    }
    g_assert_cmpuint(n_files, ==, depth + depth);
    g_assert_cmpuint(n_folders, ==, depth);
}

static void
test_too_deep(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_auto(SpFd) innermost = -1;
    make_deep(SP_TREE_DEPTH + 1, &innermost);
    char *const roots[] = {"d", NULL};
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    guint n_files = 0, n_failed = 0;
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            break;
        n_files += entry.kind == SP_TREE_FILE ? 1 : 0;
        n_failed += entry.kind == SP_TREE_FAILED ? 1 : 0;
    }
    g_assert_cmpuint(n_files, ==, SP_TREE_DEPTH + SP_TREE_DEPTH);
    g_assert_cmpuint(n_failed, ==, 1);
}

/* A folder that somebody moves away while we are below it: we do not go on elsewhere. */
static void
test_moved(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_auto(SpFd) innermost = -1;
    make_deep(200, &innermost);
    char *const roots[] = {"d", NULL};
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    guint n_files = 0, n_failed = 0;
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            break;
        n_files += entry.kind == SP_TREE_FILE ? 1 : 0;
        n_failed += entry.kind == SP_TREE_FAILED ? 1 : 0;
        if (n_files == 200 && g_file_test("d/d/d", G_FILE_TEST_IS_DIR)) {
            g_mkdir("other", 0755);
            put("other/foreign", "1");
            g_assert_cmpint(rename("d/d/d", "other/d"), ==, 0);
        }
        g_assert_null(strstr(entry.path, "foreign"));
    }
    g_assert_cmpuint(n_failed, ==, 1);
    g_assert_cmpuint(n_files, ==, 200 + 198);
}

/* What is gone between listing and opening is told; what came is not looked for. */
static void
test_vanishes(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755);
    put("t/a", "1"), put("t/b", "1"), put("t/c", "1");
    char *const roots[] = {"t", NULL};
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    g_autoptr(GString) got = g_string_new(NULL);
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            break;
        g_string_append_printf(got, "%u %s|", entry.kind, entry.path);
        g_unlink("t/b");
        if (entry.kind == SP_TREE_FAILED)
            g_assert_error(entry.error, SP_ERROR, SP_ERROR_CANNOT_READ);
    }
    g_assert_cmpstr(got->str, ==, "1 t|0 t/a|4 t/b|0 t/c|");
}

/* Reading changes nothing, not even when a file was last read. */
static void
test_read_only(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755);
    put("t/a", "123");
    const struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 2000000}};
    g_assert_cmpint(utimensat(AT_FDCWD, "t/a", old, 0), ==, 0);
    g_assert_cmpint(utimensat(AT_FDCWD, "t", old, 0), ==, 0);
    expect("t", "d t|f t/a 3");
    static const char *const paths[] = {"t", "t/a"};
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        struct stat st;
        g_assert_cmpint(stat(paths[i], &st), ==, 0);
        g_assert_cmpint(st.st_atime, ==, 1000000);
        g_assert_cmpint(st.st_mtime, ==, 2000000);
    }
}

/* What is excluded is told and not opened; a folder is not entered; roots stay. */
static void
test_exclude(Scratch *scratch, gconstpointer data)
{
    static const struct {
        const char *globs[3], *walked;
    } cases[] = {
        {{NULL}, "d a|f a/1.jpg 1|d a/b|f a/b/1.jpg 1|f a/b/2.png 1|f a/c 1"},
        {{"1.jpg"}, "d a|e a/1.jpg|d a/b|e a/b/1.jpg|f a/b/2.png 1|f a/c 1"},
        {{"*.jpg", "*.png"}, "d a|e a/1.jpg|d a/b|e a/b/1.jpg|e a/b/2.png|f a/c 1"},
        {{"b"}, "d a|f a/1.jpg 1|e a/b|f a/c 1"},
        {{"b/*"}, "d a|f a/1.jpg 1|d a/b|e a/b/1.jpg|e a/b/2.png|f a/c 1"},
        {{"a/*", "a"}, "d a|f a/1.jpg 1|d a/b|f a/b/1.jpg 1|f a/b/2.png 1|f a/c 1"},
        {{"*"}, "d a|e a/1.jpg|e a/b|e a/c"},
        {{"[", ""}, "d a|f a/1.jpg 1|d a/b|f a/b/1.jpg 1|f a/b/2.png 1|f a/c 1"},
    };
    (void)scratch;
    (void)data;
    g_assert_cmpint(g_mkdir_with_parents("a/b", 0700), ==, 0);
    put("a/1.jpg", "x");
    put("a/b/1.jpg", "x");
    put("a/b/2.png", "x");
    put("a/c", "x");
    char *roots[] = {(char *)"a", NULL};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *walked = walk_but(roots, (char *const *)cases[i].globs);
        g_assert_cmpstr(walked, ==, cases[i].walked);
    }
    char *file[] = {(char *)"a/c", NULL};
    char *globs[] = {(char *)"*", NULL};
    g_autofree char *walked = walk_but(file, globs);
    g_assert_cmpstr(walked, ==, "f a/c 1");
}

/* Files that may not be opened are told all the same, with what they look like. */
static void
test_only_look(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_mkdir("t", 0755), g_mkdir("t/b", 0755);
    put("t/a", "12"), put("t/b/c", "123");
    g_assert_cmpint(symlink("a", "t/link"), ==, 0);
    g_chmod("t/a", 0);
    char *const roots[] = {(char *)"t", NULL};
    g_autoptr(SpTree) tree = sp_tree_new(roots);
    sp_tree_only_look(tree);
    g_autoptr(GString) got = g_string_new(NULL);
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(tree, &entry))
            break;
        struct stat st;
        g_assert_cmpint(entry.fd, ==, -1);
        g_assert_cmpint(lstat(entry.path, &st), ==, 0);
        g_assert_cmpuint(entry.st.st_ino, ==, st.st_ino);
        g_string_append_printf(got, "%u %s|", entry.kind, entry.path);
    }
    g_assert_cmpstr(got->str, ==, "1 t|0 t/a|1 t/b|0 t/b/c|2 t/link|");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) SCRATCH_ADD("/tree/" name, test)
    ADD("order", test_order);
    ADD("exclude", test_exclude);
    ADD("links", test_links);
    ADD("special", test_special);
    ADD("refused", test_refused);
    ADD("deep", test_deep);
    ADD("too-deep", test_too_deep);
    ADD("moved", test_moved);
    ADD("vanishes", test_vanishes);
    ADD("read-only", test_read_only);
    ADD("only-look", test_only_look);
#undef ADD
    return g_test_run();
}
