/* SPDX-License-Identifier: MIT */
/* test-inputs.c -- a walk and a list tell the same of the same tree, nothing that lies outside
 * or behind a link is got at, and shards share without gap or overlap. */
#include "base/error.h"
#include "bulk/inputs.h"
#include "scratch.h"
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/stat.h>

static const SpShard whole = {0, 1};

/* "f a/b|l link|x gone" until the end. */
static char *
tell(SpInputs *inputs)
{
    static const char letters[] = "fdlsxe";
    g_autoptr(GError) error = NULL;
    GString *text = g_string_new(NULL);
    for (;;) {
        g_auto(SpInput) input = {0};
        if (!sp_inputs_next(inputs, &input, &error))
            break;
        g_assert_cmpint(input.error != NULL, ==, input.kind == SP_TREE_FAILED);
        g_string_append_printf(text, "%s%c %s", text->len == 0 ? "" : "|", letters[input.kind],
                               input.path);
        struct stat st;
        g_autofree char *path = g_build_filename("t", input.path, NULL);
        if (input.kind != SP_TREE_FILE || stat(path, &st) < 0)
            continue;
        g_assert_cmpuint(input.mark.size, ==, (guint64)st.st_size);
        g_assert_cmpuint(input.mark.inode, ==, st.st_ino);
        g_assert_cmpint(input.mark.mtime_ns, ==,
                        st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
        g_assert_cmpint(input.mark.ctime_ns, ==,
                        st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec);
    }
    g_assert_no_error(error);
    return g_string_free(text, FALSE);
}

static char *
walk(const char *source, char *const *exclude, SpShard shard, gboolean *ret_all)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpInputs) inputs = sp_inputs_walk(source, exclude, shard, &error);
    g_assert_no_error(error);
    g_assert_false(sp_inputs_were_all(inputs));
    char *told = tell(inputs);
    *ret_all = sp_inputs_were_all(inputs);
    return told;
}

/* A descriptor to read n bytes of text from. */
static int
text_fd(const char *text, gsize n)
{
    int fd = sp_memfd_create(NULL);
    g_assert_true(sp_write_full(fd, text, n));
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

static SpInputs *
list_new(const char *source, int fd, char end)
{
    g_autoptr(GError) error = NULL;
    SpInputs *inputs = sp_inputs_list(source, fd, end, whole, &error);
    g_assert_no_error(error);
    return inputs;
}

static char *
list(const char *text, gsize n, char end)
{
    g_auto(SpFd) fd = text_fd(text, n);
    g_autoptr(SpInputs) inputs = list_new("t", fd, end);
    char *told = tell(inputs);
    g_assert_false(sp_inputs_were_all(inputs));
    return told;
}

/* The message about the only path of a list. */
static char *
complaint(const char *text, gsize n)
{
    g_auto(SpFd) fd = text_fd(text, n);
    g_autoptr(SpInputs) inputs = list_new("t", fd, '\n');
    g_auto(SpInput) input = {0}, none = {0};
    g_assert_true(sp_inputs_next(inputs, &input, NULL));
    g_assert_cmpint(input.kind, ==, SP_TREE_FAILED);
    g_assert_error(input.error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_assert_false(sp_inputs_next(inputs, &none, NULL));
    return g_strdup(input.error->message);
}

static void
make_tree(void)
{
    scratch_put("t/a.jpg", "12");
    scratch_put("t/b/c.jpg", "123");
    scratch_put("t/b/d/e", "");
    scratch_put("t/new\nline", "1");
    scratch_put("outside/secret", "1234");
    g_assert_cmpint(symlink("../outside/secret", "t/link"), ==, 0);
    g_assert_cmpint(symlink("../outside", "t/away"), ==, 0);
    g_assert_cmpint(mkfifo("t/fifo", 0644), ==, 0);
}

static void
test_walk(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const char *const sources[] = {"t", "t/", "./t//", "to-t", "to-t/"};
    gboolean all = FALSE;
    make_tree();
    g_assert_cmpint(symlink("t", "to-t"), ==, 0); /* the source itself is followed */
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autofree char *told = walk(sources[i], NULL, whole, &all);
        g_assert_cmpstr(told, ==, "f a.jpg|l away|f b/c.jpg|f b/d/e|s fifo|l link|f new\nline");
        g_assert_true(all);
    }
    const char *exclude[] = {"b/d", "*.jpg", NULL};
    g_autofree char *told = walk("t", (char *const *)exclude, whole, &all);
    g_assert_cmpstr(told, ==, "e a.jpg|l away|e b/c.jpg|e b/d|s fifo|l link|f new\nline");
    g_assert_true(all);
}

static void
test_no_source(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const char *const sources[] = {"", "nothing", "t/a.jpg", "t/fifo", "t/dangling"};
    make_tree();
    g_assert_cmpint(symlink("nothing", "t/dangling"), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(GError) error = NULL, other = NULL;
        g_assert_null(sp_inputs_walk(sources[i], NULL, whole, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
        g_assert_null(sp_inputs_list(sources[i], 0, '\n', whole, &other));
        g_assert_error(other, SP_ERROR, SP_ERROR_CANNOT_READ);
    }
}

/* A folder that cannot be listed: what is in it is not gone, whosever shard it is. */
static void
test_not_all(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    if (geteuid() == 0) {
        g_test_skip("root may read everything");
        return;
    }
    make_tree();
    g_chmod("t/b", 0);
    guint n_failed = 0;
    for (guint i = 0; i < 4; i++) {
        gboolean all = TRUE;
        g_autofree char *told = walk("t", NULL, (SpShard){i, 4}, &all);
        g_assert_false(all);
        n_failed += strstr(told, "x b") != NULL ? 1 : 0;
    }
    g_assert_cmpuint(n_failed, ==, 1);
    g_chmod("t/b", 0755);
}

static void
test_list(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const struct {
        const char *text;
        gsize n;
        char end;
        const char *want;
    } cases[] = {
#define TEXT(text) (text), sizeof(text) - 1
        {TEXT("a.jpg\nb/c.jpg\n"), '\n', "f a.jpg|f b/c.jpg"},
        {TEXT("a.jpg\na.jpg"), '\n', "f a.jpg|f a.jpg"},
        {TEXT("\n\na.jpg\n\n"), '\n', "f a.jpg"},
        {TEXT("./a.jpg\n./b//c.jpg\nb/./d/e\nb/d/e/\n"), '\n',
         "f a.jpg|f b/c.jpg|f b/d/e|f b/d/e"},
        {TEXT("new\nline\0a.jpg\0"), '\0', "f new\nline|f a.jpg"},
        {TEXT("link\nfifo\n"), '\n', "l link|s fifo"},
        {TEXT("away/secret\ngone\nb\na.jpg/x\n"), '\n', "x away/secret|x gone|x b|x a.jpg/x"},
        {TEXT("../outside/secret\nb/../a.jpg\n/etc/passwd\n..\n.\n/\n./\n"), '\n',
         "x ../outside/secret|x b/../a.jpg|x /etc/passwd|x ..|x .|x /|x ./"},
        {TEXT("..a\n...\n.b/..c\n"), '\n', "x ..a|x ...|x .b/..c"},
        {TEXT("a.jpg\0b/c.jpg\0\n"), '\n', "x a.jpg"},
        {TEXT("a.jpg\r\n"), '\n', "x a.jpg\r"},
        {TEXT(""), '\n', ""},
#undef TEXT
    };
    make_tree();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = list(cases[i].text, cases[i].n, cases[i].end);
        g_assert_cmpstr(told, ==, cases[i].want);
    }
}

static void
test_complaints(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"/a.jpg", "absolute"},
        {"../a.jpg", "'..'"},
        {"a/..", "'..'"},
        {"b", "is a folder"},
        {"away/secret", "symbolic link"},
        {".", "the source itself"},
        {"gone", "No such file"},
    };
    make_tree();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *message = complaint(cases[i].text, strlen(cases[i].text));
        g_test_message("%s", message);
        g_assert_nonnull(strstr(message, cases[i].want));
    }
    g_autofree char *nul = complaint("a.jpg\0b", 7);
    g_assert_nonnull(strstr(nul, "-0"));
    g_autofree char *long_path = g_strnfill(3000000, 'a');
    g_autofree char *too_long = complaint(long_path, 3000000);
    g_assert_nonnull(strstr(too_long, "more than 1048576 bytes"));
    g_autofree char *long_name = complaint(long_path, 1000000);
    g_assert_nonnull(strstr(long_name, "too long"));
}

/* Each thing is of one shard, and both ways agree on which. */
static void
test_shards(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const guint n_files = 200, n_shards = 5;
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < n_files; i++) {
        g_autofree char *path = g_strdup_printf("t/%u/%u.jpg", i % 7, i);
        scratch_put(path, "x");
        g_string_append_printf(all, "%s\n", path + 2);
    }
    guint n_told = 0;
    for (guint i = 0; i < n_shards; i++) {
        gboolean were_all = FALSE;
        g_autofree char *walked = walk("t", NULL, (SpShard){i, n_shards}, &were_all);
        g_assert_true(were_all);
        g_auto(GStrv) of_walk = g_strsplit(walked, "|", -1);
        g_auto(SpFd) fd = text_fd(all->str, all->len);
        g_autoptr(SpInputs) inputs =
            sp_inputs_list("t", fd, '\n', (SpShard){i, n_shards}, NULL);
        g_autofree char *listed = tell(inputs);
        g_auto(GStrv) of_list = g_strsplit(listed, "|", -1);
        g_assert_cmpuint(g_strv_length(of_walk), ==, g_strv_length(of_list));
        for (guint k = 0; of_list[k] != NULL; k++)
            g_assert_true(g_strv_contains((const char *const *)of_walk, of_list[k]));
        g_assert_cmpuint(g_strv_length(of_list), >, n_files / n_shards / 2);
        n_told += g_strv_length(of_list);
    }
    g_assert_cmpuint(n_told, ==, n_files);
}

static void
refuse(const SpInputs *inputs, const char *path, const char *why)
{
    g_autoptr(GError) error = NULL;
    SpFileMark mark = {0};
    g_assert_cmpint(sp_inputs_open(inputs, path, &mark, &error), ==, -1);
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_test_message("%.60s: %s", path, error->message);
    g_assert_nonnull(strstr(error->message, why));
}

/* A path that no call takes, of folders within each other; the last name is a file, beside
 * which is a link. NULL-terminated; the caller's. */
static char *
make_long(guint depth)
{
    static const char name[] = "a-folder-with-a-name-that-is-rather-long-for-a-folder";
    g_autoptr(GString) path = g_string_new(NULL);
    g_auto(SpFd) at = open("t", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (guint i = 0; i < depth; i++) {
        g_assert_cmpint(mkdirat(at, name, 0755), ==, 0);
        int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        g_assert_cmpint(next, >=, 0);
        close(at);
        at = next;
        g_string_append_printf(path, "%s/", name);
    }
    g_auto(SpFd) file = openat(at, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    g_assert_true(sp_write_full(file, "long", 4));
    g_assert_cmpint(symlinkat("file", at, "link"), ==, 0);
    g_assert_cmpint(symlinkat(".", at, "folder"), ==, 0);
    g_string_append(path, "file");
    return g_string_free(g_steal_pointer(&path), FALSE);
}

static void
check_content(const SpInputs *inputs, const char *path, const char *content)
{
    g_autoptr(GError) error = NULL;
    SpFileMark mark = {0};
    char got[64] = "";
    g_auto(SpFd) fd = sp_inputs_open(inputs, path, &mark, &error);
    g_assert_no_error(error);
    g_assert_cmpint(read(fd, got, sizeof got - 1), ==, (int)mark.size);
    g_assert_cmpstr(got, ==, content);
    g_assert_cmpint(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), ==, O_RDONLY);
    g_assert_cmpint(fcntl(fd, F_GETFL) & O_NOATIME, !=, 0);
    g_assert_cmpint(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
}

static void
check_open(void)
{
    make_tree();
    g_autofree char *long_path = make_long(120);
    g_assert_cmpuint(strlen(long_path), >, 4096);
    g_autoptr(SpInputs) inputs = list_new("t", -1, '\n');
    check_content(inputs, "a.jpg", "12");
    check_content(inputs, "b/c.jpg", "123");
    check_content(inputs, long_path, "long");
    refuse(inputs, "link", "symbolic link");
    refuse(inputs, "away/secret", "symbolic link");
    refuse(inputs, "away", "symbolic link");
    refuse(inputs, "fifo", "no regular file");
    refuse(inputs, "b", "is a folder");
    refuse(inputs, "gone", "No such file");
    refuse(inputs, "a.jpg/x", "Not a directory");
    refuse(inputs, "../outside/secret", "");
    refuse(inputs, "/etc/passwd", "");
    memcpy(long_path + strlen(long_path) - 4, "link", 4);
    refuse(inputs, long_path, "symbolic link");
    g_autofree char *behind =
        g_strdup_printf("%.*sfolder/file", (int)strlen(long_path) - 4, long_path);
    refuse(inputs, behind, "symbolic link");
    static const char listed[] = "a.jpg\nlink\naway/secret\nb/../a.jpg\n";
    g_autofree char *told = list(listed, strlen(listed), '\n');
    g_assert_cmpstr(told, ==, "f a.jpg|l link|x away/secret|x b/../a.jpg");
}

static void
test_open(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    check_open();
}

/* The same where the kernel has no openat2, or a profile forbids it. */
static void
test_without_openat2(Scratch *scratch, gconstpointer data)
{
    (void)scratch;
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_passed();
        return;
    }
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    g_assert_cmpint(seccomp_rule_add(filter, SCMP_ACT_ERRNO((guint32)GPOINTER_TO_INT(data)),
                                     SCMP_SYS(openat2), 0),
                    ==, 0);
    g_assert_cmpint(seccomp_load(filter), ==, 0);
    seccomp_release(filter);
    check_open();
}

/* The source is what it was when we began, whatever its name becomes. */
static void
test_source_moves(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    make_tree();
    g_assert_cmpint(symlink("t", "source"), ==, 0);
    g_autoptr(SpInputs) inputs = list_new("source", -1, '\n');
    g_assert_cmpint(g_unlink("source"), ==, 0);
    g_assert_cmpint(symlink("outside", "source"), ==, 0);
    check_content(inputs, "a.jpg", "12");
    refuse(inputs, "secret", "No such file");
}

static gboolean
stop(void)
{
    return TRUE;
}

static void
test_stop(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    int ends[2];
    make_tree();
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    g_autoptr(SpInputs) inputs = list_new("t", ends[0], '\n');
    g_autoptr(GError) error = NULL;
    g_auto(SpInput) input = {0};
    sp_inputs_set_stop(inputs, stop);
    g_assert_false(sp_inputs_next(inputs, &input, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_INTERRUPTED);
    close(ends[0]), close(ends[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) SCRATCH_ADD("/inputs/" name, test)
    ADD("walk", test_walk);
    ADD("no-source", test_no_source);
    ADD("not-all", test_not_all);
    ADD("list", test_list);
    ADD("complaints", test_complaints);
    ADD("shards", test_shards);
    ADD("open", test_open);
    ADD("source-moves", test_source_moves);
    ADD("stop", test_stop);
#undef ADD
    g_test_add("/inputs/no-openat2", Scratch, GINT_TO_POINTER(ENOSYS), scratch_set_up,
               test_without_openat2, scratch_tear_down);
    g_test_add("/inputs/forbidden-openat2", Scratch, GINT_TO_POINTER(EPERM), scratch_set_up,
               test_without_openat2, scratch_tear_down);
    return g_test_run();
}
