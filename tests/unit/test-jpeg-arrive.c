/* SPDX-License-Identifier: MIT */
/* test-jpeg-arrive.c -- a JPEG that arrives in pieces, whatever their size and whatever is
 * wrong with it: the walk tells the same parts, finds the same, and fails with the same words
 * as that of a whole one; and knows the header as soon as it is there. */
#include "base/error.h"
#include "container/jpeg.h"
#include "data/pieces.h"
#include "data/told.h"
#include "sample.h"

static const gsize sizes[] = {1, 2, 3, 61, 1000, 40000};

static GByteArray *
sample(gboolean progressive)
{
    Sample like = {64, 48, SAMPLING_420, .restart = 2, .progressive = progressive};
    GByteArray *jpeg = g_bytes_unref_to_array(sample_jpeg(&like));
    static const char app1[] = "\xFF\xE1\0\x18http://ns.adobe.com/x/";
    g_byte_array_set_size(jpeg, jpeg->len + sizeof app1 - 1);
    memmove(jpeg->data + 2 + sizeof app1 - 1, jpeg->data + 2, jpeg->len - 2 - sizeof app1 + 1);
    memcpy(jpeg->data + 2, app1, sizeof app1 - 1);
    return g_byte_array_append(jpeg, (const guint8 *)"trailer", 7);
}

/* All that a walk says, in words. */
static char *
describe(SpJpegWalk *walk, const Told *told, const GError *error)
{
    GString *text = g_string_new(told->parts->str);
    g_string_append_printf(text, "| %s |", error == NULL ? "walked" : error->message);
    if (error == NULL) {
        g_string_append_printf(text, "%u x %u, %u scans, streams %d, missing end %d, ",
                               walk->width, walk->height, walk->n_scans, walk->streams,
                               walk->missing_end);
        g_autoptr(GBytes) slim = sp_slim_join(walk->slim, NULL);
        g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, slim);
        g_string_append_printf(text, "slim %s", hash);
    }
    return g_string_free(text, FALSE);
}

static char *
walk_source(SpSource *source, gsize n)
{
    Told told = told_of(source->bytes, n);
    g_autoptr(GString) G_GNUC_UNUSED parts = told.parts = g_string_new(NULL);
    g_autoptr(SpJpegWalker) walker = sp_jpeg_walker_new(source, note_told, &told);
    g_autoptr(GError) error = NULL;
    SpJpegWalk *walk = sp_jpeg_walker_found(walker);
    if (sp_jpeg_walker_header(walker))
        g_assert_cmpuint(walk->n_scans, ==, 1);
    while (sp_jpeg_walker_step(walker))
        ;
    g_assert_cmpint(sp_jpeg_walker_finish(walker, &error), ==, error == NULL);
    g_assert_true(source->at_end);
    return describe(walk, &told, error);
}

static void
check(const guint8 *bytes, gsize n)
{
    SpSource source = sp_source_whole(bytes, n);
    g_autofree char *whole = walk_source(&source, n);
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(Pieces) pieces = pieces_of(bytes, n, n % 5, sizes[i]);
        g_autofree char *said = walk_source(&pieces.source, n);
        g_assert_cmpstr(said, ==, whole);
    }
}

static void
test_cut(void)
{
    for (gboolean progressive = FALSE; progressive <= TRUE; progressive++) {
        g_autoptr(GByteArray) jpeg = sample(progressive);
        for (gsize n = 0; n <= jpeg->len; n += n < 700 || n + 100 > jpeg->len ? 1 : 37)
            check(jpeg->data, n);
    }
}

static void
test_altered(void)
{
    static const guint8 values[] = {0xFF, 0x00, 0xD9, 0xDA, 0xD8, 0xC0, 0xE1, 0x01};
    for (gboolean progressive = FALSE; progressive <= TRUE; progressive++) {
        g_autoptr(GByteArray) jpeg = sample(progressive);
        for (gsize at = 0; at < jpeg->len; at += at < 700 ? 1 : 41) {
            guint8 before = jpeg->data[at];
            for (guint k = 0; k < G_N_ELEMENTS(values); k += 1 + at % 2) {
                jpeg->data[at] = values[k];
                check(jpeg->data, jpeg->len);
            }
            jpeg->data[at] = before;
        }
    }
}

/* FF of which only what comes much later says what it is: before a marker, and behind data. */
static void
test_fill(void)
{
    g_autoptr(GByteArray) jpeg = sample(FALSE);
    g_autofree guint8 *fill = g_malloc(300000);
    memset(fill, 0xFF, 300000);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GByteArray) filled = g_byte_array_new();
        gsize at = i == 0 ? 2 : jpeg->len - 9; /* EOI, "trailer" */
        g_byte_array_append(filled, jpeg->data, (guint)at);
        g_byte_array_append(filled, fill, 300000);
        g_byte_array_append(filled, jpeg->data + at, jpeg->len - (guint)at);
        check(filled->data, filled->len);
        check(filled->data, at + 300000);
    }
}

/* Nothing behind the header is waited for. */
static void
test_header(void)
{
    for (gboolean progressive = FALSE; progressive <= TRUE; progressive++) {
        g_autoptr(GByteArray) jpeg = sample(progressive);
        g_auto(Pieces) pieces = pieces_of(jpeg->data, jpeg->len, 0, 1);
        SpSource *source = &pieces.source;
        g_autoptr(SpJpegWalker) walker = sp_jpeg_walker_new(source, NULL, NULL);
        g_assert_true(sp_jpeg_walker_header(walker));
        const SpJpegWalk *walk = sp_jpeg_walker_found(walker);
        g_assert_cmpuint(walk->width, ==, 64);
        g_assert_cmpuint(walk->height, ==, 48);
        g_assert_cmpint(walk->streams, ==, !progressive);
        const guint8 *scan = memmem(source->bytes, source->n, "\xFF\xDA", 2);
        g_assert_true(scan + 2 + scan[3] == source->bytes + source->n);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-arrive/cut", test_cut);
    g_test_add_func("/jpeg-arrive/altered", test_altered);
    g_test_add_func("/jpeg-arrive/fill", test_fill);
    g_test_add_func("/jpeg-arrive/header", test_header);
    return g_test_run();
}
