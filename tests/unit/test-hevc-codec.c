/* SPDX-License-Identifier: MIT */
/* test-hevc-codec.c -- the samples that libde265 gives, exactly; or a refusal. */
#include "heic-sample.h"

#include "base/error.h"
#include "render/hevc-codec.h"
#include <string.h>

static const HeicSample plain = {192, 128, heif_chroma_420, 8, 1, NULL, FALSE};

typedef struct {
    GByteArray *file; /* owned */
    SpHeifWalk walk;
    SpHevcCodec *codec; /* owned */
    SpSlice item;
} Fixture;

static void
fixture_init(Fixture *fixture, const HeicSample *sample)
{
    g_autoptr(GError) error = NULL;
    fixture->file = heic_make(sample);
    heic_walk(fixture->file, &fixture->walk);
    fixture->codec = sp_hevc_codec_new(fixture->walk.config, &error);
    g_assert_no_error(error);
    fixture->item = g_array_index(fixture->walk.tiles, SpSlice, 0);
}

static void
fixture_clear(Fixture *fixture)
{
    sp_hevc_codec_free(fixture->codec);
    sp_heif_walk_clear(&fixture->walk);
    g_byte_array_unref(fixture->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

static int
decode(Fixture *fixture, const guint8 *bytes, gsize n)
{
    g_autofree guint8 *exact = g_memdup2(bytes, n);
    g_autoptr(GError) error = NULL;
    gboolean decoded = sp_hevc_codec_decode(fixture->codec, (SpSlice){exact, n}, &error);
    g_assert_cmpint(decoded, ==, error == NULL);
    return error == NULL ? SP_ERROR_NONE : error->code;
}

/* ---- against libde265 ---------------------------------------------------------------------
 */

static guint
sample_of(const guint8 *row, guint x, guint bytes)
{
    return bytes == 1 ? row[x] : ((const guint16 *)(const void *)row)[x];
}

/* Equal at 8 bits; within one of 65 535, for rounding, above. */
static void
check_plane(const SpHevcCodec *codec, const struct de265_image *image, guint index)
{
    const SpHevcFormat *format = sp_hevc_codec_format(codec);
    guint width = (guint)de265_get_image_width(image, (int)index), bytes = format->bytes;
    guint height = (guint)de265_get_image_height(image, (int)index);
    double most = format->bits == 8 ? 255 : 65535, coded_most = (1 << format->bits) - 1;
    int stride = 0;
    const guint8 *rows = de265_get_image_plane(image, (int)index, &stride);
    g_autofree guint8 *copy = g_malloc((gsize)width * bytes * height);
    sp_hevc_codec_copy(codec, index, width, height, copy, (gsize)width * bytes);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++) {
            guint coded = sample_of(rows + (gsize)y * (gsize)stride, x, bytes);
            guint got = sample_of(copy + (gsize)width * bytes * y, x, bytes);
            g_assert_cmpfloat(fabs(got - coded * most / coded_most), <=, bytes - 1);
        }
}

static void
check_picture(const Fixture *fixture)
{
    de265_decoder_context *decoder = de265_new_decoder();
    const struct de265_image *image = heic_decode(decoder, fixture->walk.config, fixture->item);
    for (guint i = 0; i < sp_hevc_codec_format(fixture->codec)->n_planes; i++)
        check_plane(fixture->codec, image, i);
    de265_free_decoder(decoder);
}

static void
test_formats(void)
{
    static const HeicSample samples[] = {
        {192, 128, heif_chroma_420, 8, 1, NULL, FALSE},
        {72, 200, heif_chroma_420, 8, 2, NULL, FALSE}, /* a conformance window */
        {64, 64, heif_chroma_422, 8, 3, NULL, FALSE},
        {96, 80, heif_chroma_444, 8, 4, NULL, FALSE},
        {80, 96, heif_chroma_monochrome, 8, 5, NULL, FALSE},
        {128, 64, heif_chroma_420, 10, 6, NULL, FALSE},
        {64, 128, heif_chroma_monochrome, 12, 7, NULL, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        const HeicSample *sample = &samples[i];
        g_test_message("%u x %u, chroma %d, %u bits", sample->width, sample->height,
                       sample->chroma, sample->bits);
        g_auto(Fixture) fixture = {0};
        fixture_init(&fixture, sample);
        const SpHevcFormat *format = sp_hevc_codec_format(fixture.codec);
        guint n_planes = sample->chroma == heif_chroma_monochrome ? 1 : 3;
        g_assert_cmpuint(format->width, ==, sample->width);
        g_assert_cmpuint(format->height, ==, sample->height);
        g_assert_cmpuint(format->bits, ==, sample->bits);
        g_assert_cmpuint(format->n_planes, ==, n_planes);
        g_assert_true(format->ycc.full_range);
        g_assert_cmpint(decode(&fixture, fixture.item.bytes, fixture.item.n), ==, 0);
        check_picture(&fixture);
    }
}

/* ---- what is not whole ---------------------------------------------------------------------
 */

/* Of n bytes, of which the last unit takes what is there. */
static guint8 *
cut(SpSlice item, gsize n)
{
    guint8 *bytes = g_memdup2(item.bytes, n);
    guint32 length = GUINT32_TO_BE((guint32)(n - 4));
    memcpy(bytes, &length, sizeof length);
    return bytes;
}

/* All but the last of six blocks must be noticed when they are missing. */
static void
test_cut(void)
{
    g_auto(Fixture) fixture = {0};
    fixture_init(&fixture, &plain);
    SpSlice item = fixture.item;
    for (gsize n = 16; n < item.n * 3 / 4; n += 37) {
        g_autofree guint8 *mended = cut(item, n);
        g_assert_cmpint(decode(&fixture, item.bytes, n), ==, SP_ERROR_TRUNCATED);
        g_assert_cmpint(decode(&fixture, mended, n), ==, SP_ERROR_CORRUPT);
    }
    g_assert_cmpint(decode(&fixture, item.bytes, item.n), ==, SP_ERROR_NONE);
    check_picture(&fixture);
}

static gsize
unit_size(const guint8 *unit)
{
    return 4 + ((gsize)unit[0] << 24 | (gsize)unit[1] << 16 | (gsize)unit[2] << 8 | unit[3]);
}

static void
test_missing_slice(void)
{
    /* Without it x265 has no threads, and then crashes at several slices. */
    if (!g_file_test("/sys/devices/system", G_FILE_TEST_IS_DIR)) {
        g_test_skip("x265 does not write several slices where there is no /sys");
        return;
    }
    HeicSample sample = plain;
    sample.height = 512;
    sample.slices = "4";
    g_auto(Fixture) fixture = {0};
    fixture_init(&fixture, &sample);
    SpSlice item = fixture.item;
    guint n_slices = 0;
    for (gsize at = 0; at < item.n; at += unit_size(item.bytes + at)) {
        gsize n = unit_size(item.bytes + at);
        if (item.bytes[at + 4] >> 1 > 31)
            continue;
        n_slices++;
        g_autoptr(GByteArray) rest = g_byte_array_new();
        g_byte_array_append(rest, item.bytes, (guint)at);
        g_byte_array_append(rest, item.bytes + at + n, (guint)(item.n - at - n));
        g_assert_cmpint(decode(&fixture, rest->data, rest->len), ==, SP_ERROR_CORRUPT);
    }
    g_assert_cmpuint(n_slices, ==, 4);
    g_assert_cmpint(decode(&fixture, item.bytes, item.n), ==, SP_ERROR_NONE);
    check_picture(&fixture);
}

/* A flipped bit is refused, or shows as something; and the next picture is as ever. */
static void
test_flips(void)
{
    g_auto(Fixture) fixture = {0};
    fixture_init(&fixture, &plain);
    SpSlice item = fixture.item;
    guint refused = 0, flips = 0;
    for (gsize bit = 0; bit < item.n * 8; bit += 61, flips++) {
        g_autofree guint8 *bytes = g_memdup2(item.bytes, item.n);
        bytes[bit / 8] ^= (guint8)(1 << bit % 8);
        refused += decode(&fixture, bytes, item.n) != SP_ERROR_NONE;
    }
    g_test_message("%u of %u refused", refused, flips);
    g_assert_cmpuint(refused, >, 0);
    g_assert_cmpint(decode(&fixture, item.bytes, item.n), ==, SP_ERROR_NONE);
    check_picture(&fixture);
}

/* ---- records ------------------------------------------------------------------------------
 */

static void
test_record_cut(void)
{
    g_auto(Fixture) fixture = {0};
    fixture_init(&fixture, &plain);
    SpSlice record = fixture.walk.config;
    for (gsize n = 0; n < record.n; n++) {
        g_autofree guint8 *exact = g_memdup2(record.bytes, n);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHevcCodec) codec = sp_hevc_codec_new((SpSlice){exact, n}, &error);
        g_assert_null(codec);
        g_assert_error(error, SP_ERROR, SP_ERROR_UNAVAILABLE);
    }
}

/* Another sequence's parameters, or none that make sense: refused, early or late, or another
 * picture of the size that was said. */
static void
test_record_flips(void)
{
    g_auto(Fixture) fixture = {0};
    fixture_init(&fixture, &plain);
    SpSlice record = fixture.walk.config;
    guint refused = 0;
    for (gsize bit = 0; bit < record.n * 8; bit++) {
        g_autofree guint8 *bytes = g_memdup2(record.bytes, record.n);
        bytes[bit / 8] ^= (guint8)(1 << bit % 8);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHevcCodec) codec = sp_hevc_codec_new((SpSlice){bytes, record.n}, &error);
        g_assert_true(codec != NULL || error->code == SP_ERROR_UNAVAILABLE);
        refused += codec == NULL || !sp_hevc_codec_decode(codec, fixture.item, &error);
    }
    g_test_message("%u of %u refused", refused, (guint)record.n * 8);
    g_assert_cmpuint(refused, >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_hevc_warm_up();
    g_test_add_func("/hevc-codec/formats", test_formats);
    g_test_add_func("/hevc-codec/cut", test_cut);
    g_test_add_func("/hevc-codec/missing-slice", test_missing_slice);
    g_test_add_func("/hevc-codec/flips", test_flips);
    g_test_add_func("/hevc-codec/record-cut", test_record_cut);
    g_test_add_func("/hevc-codec/record-flips", test_record_flips);
    return g_test_run();
}
