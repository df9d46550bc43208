/* SPDX-License-Identifier: MIT */
/* test-selftest-tar.c -- the self-test's archives: tar reads what it sends, the canary is in
 * all that is not a file, and what comes back is read strictly. */
#include "base/error.h"
#include "selftest/bytes.h"
#include "selftest/tar.h"
#include <gio/gio.h>
#include <string.h>

#define BLOCK 512

typedef struct {
    SpCanary canary;
    GByteArray *archive; /* owned */
} Fixture;

static void
put(Fixture *fixture, const char *name, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    sp_tar_put(fixture->archive, name, bytes, &fixture->canary);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    gboolean done = sp_canary_init(&fixture->canary, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    fixture->archive = g_byte_array_new();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_byte_array_unref(fixture->archive);
}

static void
test_canary_is_everywhere(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(SpSearch) search = sp_search_new(fixture->canary.letters, fixture->canary.block);
    g_autoptr(SpSearch) letters = sp_search_new(fixture->canary.letters, NULL);
    sp_tar_begin(fixture->archive, &fixture->canary);
    put(fixture, "a", "text");
    sp_tar_end(fixture->archive, &fixture->canary);
    const guint8 *bytes = fixture->archive->data;
    g_assert_cmpuint(fixture->archive->len % BLOCK, ==, 0);
    /* a comment, with its head; a file, with its head; two blocks of zeros; what is behind */
    for (guint i = 0; i < 4; i++)
        g_assert_cmphex(sp_search(search, bytes + (gsize)i * BLOCK, BLOCK), !=, 0);
    g_assert_cmphex(sp_search(letters, bytes + BLOCK, 28), ==, SP_FORM_RAW);
    g_assert_cmphex(sp_search(letters, bytes + (gsize)2 * BLOCK, BLOCK), ==, SP_FORM_RAW);
    g_assert_cmphex(sp_search(search, bytes + (gsize)4 * BLOCK, (gsize)2 * BLOCK), ==, 0);
    g_assert_cmphex(sp_search(search, bytes + (gsize)6 * BLOCK, BLOCK), ==, SP_FORM_ALL);
}

/* Another program's opinion. */
static void
test_tar_reads_it(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sp_tar_begin(fixture->archive, &fixture->canary);
    put(fixture, "empty", "");
    put(fixture, "one.jpg", "one and only");
    sp_tar_end(fixture->archive, &fixture->canary);
    const char *const line[] = {"tar", "--numeric-owner", "-xOf", "-", "one.jpg", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) tar = g_subprocess_newv(
        line, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) sent = g_bytes_new(fixture->archive->data, fixture->archive->len);
    g_autoptr(GBytes) got = NULL;
    gboolean done = g_subprocess_communicate(tar, sent, NULL, &got, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_true(g_subprocess_get_successful(tar));
    g_assert_cmpmem(g_bytes_get_data(got, NULL), g_bytes_get_size(got), "one and only", 12);
}

static GPtrArray *
read_back(const Fixture *fixture, gsize n, GError **error)
{
    /* Of exactly that size, so that a read behind the end is seen. */
    g_autoptr(GBytes) bytes = g_bytes_new(fixture->archive->data, n);
    return sp_tar_read(bytes, error);
}

static void
test_read(Fixture *fixture, gconstpointer data)
{
    (void)data;
    static const char *const texts[] = {"", "one", "a longer text"};
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        put(fixture, "receipts/1.json", texts[i]);
    sp_tar_end(fixture->archive, &fixture->canary);
    g_autoptr(GPtrArray) files = read_back(fixture, (gsize)7 * BLOCK, &error);
    g_assert_no_error(error);
    g_assert_nonnull(files);
    g_assert_cmpuint(files->len, ==, G_N_ELEMENTS(texts));
    for (guint i = 0; i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        g_assert_cmpstr(file->name, ==, "receipts/1.json");
        g_assert_cmpmem(g_bytes_get_data(file->bytes, NULL), g_bytes_get_size(file->bytes),
                        texts[i], strlen(texts[i]));
    }
}

static void
refuse(const Fixture *fixture, gsize n, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = read_back(fixture, n, &error);
    g_assert_null(files);
    g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    g_assert_cmpstr(error->message, ==, message);
}

static void
test_cut(Fixture *fixture, gconstpointer data)
{
    (void)data;
    put(fixture, "a", "text");
    sp_tar_end(fixture->archive, &fixture->canary);
    refuse(fixture, 0, "it has no end");
    refuse(fixture, BLOCK - 1, "it has no end");
    refuse(fixture, BLOCK + 3, "'a' is cut");
    refuse(fixture, BLOCK + 4, "it has no end");
    refuse(fixture, (gsize)2 * BLOCK, "it has no end");
    refuse(fixture, (gsize)4 * BLOCK - 1, "an entry has no head");
}

static void
test_strange(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sp_tar_begin(fixture->archive, &fixture->canary);
    refuse(fixture, fixture->archive->len, "an entry is no plain file");
    g_byte_array_set_size(fixture->archive, 0);
    put(fixture, "a", "text");
    fixture->archive->data[0] = 'b';
    refuse(fixture, fixture->archive->len, "an entry has no head");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer data);
    } tests[] = {
        {"/selftest-tar/canary-is-everywhere", test_canary_is_everywhere},
        {"/selftest-tar/tar-reads-it", test_tar_reads_it},
        {"/selftest-tar/read", test_read},
        {"/selftest-tar/cut", test_cut},
        {"/selftest-tar/strange", test_strange},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
