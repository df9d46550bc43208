/* SPDX-License-Identifier: MIT */
/* test-tar-in.c -- what the supervisor makes of the frames of an archive's reader: of good
 * ones, and of every kind of lie. What the reader makes of archives: tests/cli/stream.t. */
#include "base/error.h"
#include "base/memfd.h"
#include "bulk/tar-in.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 100 /* bytes of an upload */

/* ---- what was said -------------------------------------------------------------------------
 */

typedef struct {
    SpTarFrameKind kind; /* 0: no more */
    guint detail;
    const char *bytes; /* may be NULL */
    guint n;           /* of them; 0: all of a string */
} Said;

/* A reader that has said it all and left. */
static SpTarIn *
listen_to(const Said *said)
{
    int fd = sp_memfd_create(NULL);
    g_assert_cmpint(fd, >=, 0);
    for (; said->kind != 0; said++) {
        gsize n = said->n != 0 || said->bytes == NULL ? said->n : strlen(said->bytes);
        g_assert_true(sp_tar_frame_write(fd, said->kind, said->detail, said->bytes, n));
    }
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return sp_tar_in_of(fd);
}

/* "name: bytes", "name is a folder", "name: error-word"; "END"; "error-word" of all. */
static char *
describe_next(SpTarIn *in)
{
    g_auto(SpTarEntry) entry = SP_TAR_ENTRY_INIT;
    g_autoptr(GError) error = NULL;
    if (!sp_tar_in_next(in, MOST, &entry, &error)) {
        g_assert_null(entry.name);
        g_assert_cmpint(entry.bytes, ==, -1);
        return g_strdup(error != NULL ? sp_error_word(error->code) : "END");
    }
    g_assert_no_error(error);
    if (entry.what != SP_TAR_FILE)
        return g_strdup_printf("%s is %s", entry.name, sp_tar_what_words(entry.what));
    g_assert_true((entry.bytes < 0) == (entry.error != NULL));
    if (entry.error != NULL)
        return g_strdup_printf("%s: %s", entry.name, sp_error_word(entry.error->code));
    char text[MOST + 1] = {0};
    g_assert_cmpint(pread(entry.bytes, text, sizeof text, 0), <=, MOST);
    return g_strdup_printf("%s: %s", entry.name, text);
}

static char *
describe_all(SpTarIn *in)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < 10; i++) {
        g_autofree char *one = describe_next(in);
        g_string_append_printf(all, "%s%s", i > 0 ? "; " : "", one);
        if (strchr(one, ' ') == NULL)
            break;
    }
    g_autofree char *again = describe_next(in); /* the end stays the end */
    g_assert_true(g_str_has_suffix(all->str, again));
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static const char zeros[SP_TAR_DATA_MAX + 1];

#define F SP_TAR_FRAME_FILE
#define D SP_TAR_FRAME_DATA
#define DONE SP_TAR_FRAME_DONE
#define END SP_TAR_FRAME_END

static const struct {
    const char *name, *all;
    Said said[12];
} cases[] = {
    {"empty", "END", {{END}}},
    {"one", "a: xy; END", {{F, 0, "a"}, {D, 0, "xy"}, {DONE}, {END}}},
    {"pieces",
     "a: xyz; b: ; END",
     {{F, 0, "a"}, {D, 0, "x"}, {D, 0, "yz"}, {DONE}, {F, 0, "b"}, {DONE}, {END}}},
    {"others",
     "f is a folder; l is a symbolic link;  is a hard link; END",
     {{SP_TAR_FRAME_OTHER, SP_TAR_FOLDER, "f"},
      {SP_TAR_FRAME_OTHER, SP_TAR_SYMLINK, "l"},
      {SP_TAR_FRAME_OTHER, SP_TAR_HARDLINK, ""},
      {END}}},
    {"cut",
     "a: cannot-read; b: x; END",
     {{F, 0, "a"},
      {D, 0, "x"},
      {SP_TAR_FRAME_CUT, 0, "is sparse"},
      {F, 0, "b"},
      {D, 0, "x"},
      {DONE},
      {END}}},
    {"too-large",
     "a: too-large; b: x; END",
     {{F, 0, "a"},
      {D, 0, zeros, MOST},
      {D, 0, "x"},
      {D, 0, zeros, SP_TAR_DATA_MAX},
      {DONE},
      {F, 0, "b"},
      {D, 0, "x"},
      {DONE},
      {END}}},
    {"too-large-and-cut",
     "a: too-large; END",
     {{F, 0, "a"}, {D, 0, zeros, MOST + 1}, {SP_TAR_FRAME_CUT, 0, "x"}, {END}}},
    {"broken", "truncated", {{SP_TAR_FRAME_BROKEN, SP_ERROR_TRUNCATED, "cut"}}},
    {"broken-file",
     "a: x; b: cannot-read; corrupt",
     {{F, 0, "a"},
      {D, 0, "x"},
      {DONE},
      {F, 0, "b"},
      {D, 0, "x"},
      {SP_TAR_FRAME_BROKEN, SP_ERROR_CORRUPT, "bad"}}},
    {"broke-out", "policy", {{SP_TAR_FRAME_BROKEN, SP_ERROR_POLICY, "openat"}}},
    /* it leaves */
    {"nothing", "protocol", {{0}}},
    {"left", "a: x; protocol", {{F, 0, "a"}, {D, 0, "x"}, {DONE}}},
    {"left-in-file", "a: cannot-read; protocol", {{F, 0, "a"}, {D, 0, "x"}}},
    /* it lies */
    {"data-of-nothing", "protocol", {{D, 0, "x"}, {END}}},
    {"done-of-nothing", "protocol", {{DONE}, {END}}},
    {"cut-of-nothing", "protocol", {{SP_TAR_FRAME_CUT, 0, "x"}, {END}}},
    {"file-in-file", "a: cannot-read; protocol", {{F, 0, "a"}, {F, 0, "b"}, {DONE}, {END}}},
    {"end-in-file", "a: cannot-read; protocol", {{F, 0, "a"}, {END}}},
    {"other-in-file",
     "a: cannot-read; protocol",
     {{F, 0, "a"}, {SP_TAR_FRAME_OTHER, SP_TAR_FOLDER, "f"}}},
    {"no-data", "a: cannot-read; protocol", {{F, 0, "a"}, {D}, {DONE}, {END}}},
    {"much-data",
     "a: cannot-read; protocol",
     {{F, 0, "a"}, {D, 0, zeros, SP_TAR_DATA_MAX + 1}, {DONE}, {END}}},
    {"nul-in-name", "protocol", {{F, 0, "a\0b", 3}, {DONE}, {END}}},
    {"nul-in-message", "protocol", {{SP_TAR_FRAME_BROKEN, SP_ERROR_CORRUPT, "a\0b", 3}}},
    {"long-name", "protocol", {{F, 0, zeros, SP_TAR_NAME + 1}, {DONE}, {END}}},
    {"no-message", "protocol", {{SP_TAR_FRAME_BROKEN, SP_ERROR_CORRUPT}}},
    {"long-message",
     "protocol",
     {{SP_TAR_FRAME_BROKEN, SP_ERROR_CORRUPT, zeros, SP_TAR_TEXT + 1}}},
    {"no-error", "protocol", {{SP_TAR_FRAME_BROKEN, SP_ERROR_NONE, "x"}}},
    {"strange-error", "protocol", {{SP_TAR_FRAME_BROKEN, SP_ERROR_LAST, "x"}}},
    {"file-as-other", "protocol", {{SP_TAR_FRAME_OTHER, SP_TAR_FILE, "x"}, {END}}},
    {"strange-other", "protocol", {{SP_TAR_FRAME_OTHER, SP_TAR_WHAT_COUNT, "x"}, {END}}},
    {"strange-kind", "protocol", {{(SpTarFrameKind)(SP_TAR_FRAME_BROKEN + 1), 0, "x"}}},
    {"detail-of-none", "protocol", {{F, 1, "a"}, {DONE}, {END}}},
};

static void
test_case(gconstpointer data)
{
    guint i = GPOINTER_TO_UINT(data);
    g_autoptr(SpTarIn) in = listen_to(cases[i].said);
    g_autofree char *all = describe_all(in);
    g_assert_cmpstr(all, ==, cases[i].all);
}

static void
test_not_ours(void)
{
    int fd = sp_memfd_create(NULL);
    g_assert_true(sp_write_full(fd, "HTTP/1.1 200 OK\r\n\r\n", 19));
    lseek(fd, 0, SEEK_SET);
    g_autoptr(SpTarIn) in = sp_tar_in_of(fd);
    g_autofree char *all = describe_all(in);
    g_assert_cmpstr(all, ==, "protocol");
}

/* A pipe gives what it has: a frame in halves, a file in drops. */
static gpointer
drip(gpointer data)
{
    static const char bytes[] = "some bytes";
    int fd = GPOINTER_TO_INT(data);
    g_auto(SpFd) whole = sp_memfd_create(NULL);
    char text[200];
    g_assert_true(sp_tar_frame_write(whole, F, 0, "name", 4));
    g_assert_true(sp_tar_frame_write(whole, D, 0, bytes, sizeof bytes - 1));
    g_assert_true(sp_tar_frame_write(whole, DONE, 0, NULL, 0));
    g_assert_true(sp_tar_frame_write(whole, END, 0, NULL, 0));
    ssize_t n = pread(whole, text, sizeof text, 0);
    for (ssize_t i = 0; i < n; i++) {
        g_assert_cmpint(write(fd, text + i, 1), ==, 1);
        g_usleep(200);
    }
    close(fd);
    return NULL;
}

static void
test_drops(void)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    GThread *writer = g_thread_new("drip", drip, GINT_TO_POINTER(ends[1]));
    g_autoptr(SpTarIn) in = sp_tar_in_of(ends[0]);
    g_autofree char *all = describe_all(in);
    g_assert_cmpstr(all, ==, "name: some bytes; END");
    g_thread_join(writer);
}

/* Of a file that is not all there nothing is told when it is stopped. */
static void
test_stop(gconstpointer in_file)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    if (in_file != NULL)
        g_assert_true(sp_tar_frame_write(ends[1], F, 0, "a", 1));
    g_autoptr(SpTarIn) in = sp_tar_in_of(ends[0]);
    sp_tar_in_stop(in);
    g_autofree char *all = describe_all(in);
    g_assert_cmpstr(all, ==, "interrupted");
    close(ends[1]);
}

static const struct {
    const char *name, *clean;
} names[] = {
    {"a.jpg", "a.jpg"},       {"a/b/c.jpg", "a/b/c.jpg"}, {"/etc/passwd", "etc/passwd"},
    {"../../a.jpg", "a.jpg"}, {"a/../../b", "a/b"},       {"./a/./b//c/", "a/b/c"},
    {"...", "..."},           {"..a/b..", "..a/b.."},     {"a\nb\x01", "a\nb\x01"},
    {"", "entry-7"},          {"/", "entry-7"},           {"..", "entry-7"},
    {"../.././/", "entry-7"}, {"\xff/\xfe", "\xff/\xfe"}, {"C:\\..\\a", "C:\\..\\a"},
};

static void
test_names(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *clean = sp_tar_clean_name(names[i].name, 7);
        g_assert_cmpstr(clean, ==, names[i].clean);
    }
}

/* Programs that are no reader of ours. */
static void
test_programs(void)
{
    static const struct {
        const char *program, *all;
    } programs[] = {
        {"/bin/true", "protocol"},
        {"/bin/cat", "protocol"},
        {"/nowhere/cat", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(programs); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(SpFd) input = sp_memfd_create(NULL);
        g_assert_true(sp_write_full(input, zeros, 100));
        lseek(input, 0, SEEK_SET);
        g_autoptr(SpTarIn) in = sp_tar_in_start(programs[i].program, input, -1, &error);
        g_assert_true((in != NULL) == (programs[i].all != NULL));
        if (in == NULL) {
            g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
            continue;
        }
        g_autofree char *all = describe_all(in);
        g_assert_cmpstr(all, ==, programs[i].all);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/tar-in/frames/%s", cases[i].name);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_case);
    }
    g_test_add_func("/tar-in/not-ours", test_not_ours);
    g_test_add_func("/tar-in/drops", test_drops);
    g_test_add_data_func("/tar-in/stop", NULL, test_stop);
    g_test_add_data_func("/tar-in/stop-in-file", "file", test_stop);
    g_test_add_func("/tar-in/names", test_names);
    g_test_add_func("/tar-in/programs", test_programs);
    return g_test_run();
}
