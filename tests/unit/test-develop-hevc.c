/* SPDX-License-Identifier: MIT */
/* test-develop-hevc.c -- from a HEIC's bytes to a finished picture, against what libheif shows.
 *
 * The figure is the difference of block means, in R, G and B. Most of it is libheif's: it takes
 * one chroma sample for four pixels as it is, where the resize interpolates. */
#include "heic-sample.h"

#include "base/error.h"
#include "render/develop.h"
#include "render/hevc-codec.h"
#include <string.h>

#define BLOCK 8
#define MEAN_MOST 0.5
#define MOST 2.0

static void
request_init(SpWireRequest *request, guint width)
{
    memset(request, 0, sizeof *request);
    request->threads = 2;
    request->n_variants = 1;
    request->limits = (SpLimits){.max_upload = 64 << 20,
                                 .max_pixels = G_MAXUINT64,
                                 .max_memory = 512 << 20,
                                 .max_profile = 16 << 20};
    request->variants[0] = (SpVariant){
        .format = SP_OUTPUT_JPEG, .width = width, .max_height = 8192, .max_bytes = 400000};
}

static int
develop(const GByteArray *file, gsize n, const SpWireRequest *request, SpDeveloped *developed)
{
    g_autofree guint8 *exact = g_memdup2(file->data, n);
    g_autoptr(GError) error = NULL;
    SpSource source = sp_source_whole(exact, n);
    gboolean made = sp_develop_hevc(&source, request, developed, &error);
    g_assert_cmpint(made, ==, error == NULL);
    if (error != NULL)
        g_test_message("%s: %s", sp_error_word(error->code), error->message);
    return error == NULL ? SP_ERROR_NONE : error->code;
}

/* ---- against libheif ----------------------------------------------------------------------
 */

/* R, G or B of a finished picture; JFIF's equations. */
static double
component(const SpPicture *picture, guint x, guint y, guint index)
{
    double v[3] = {0, 128, 128};
    for (guint i = 0; i < picture->n_planes; i++) {
        const SpPlane *plane = &picture->planes[i];
        guint sub = i == 0 ? 1 : picture->sub;
        guint row = y / sub, column = x / sub;
        v[i] = plane->data[plane->stride * row + column];
    }
    double cb = v[1] - 128, cr = v[2] - 128;
    double rgb[3] = {v[0] + 1.402 * cr, v[0] - 0.344136 * cb - 0.714136 * cr,
                     v[0] + 1.772 * cb};
    return CLAMP(rgb[index], 0, 255);
}

/* A block's mean, of ours and of factor x factor times as many pixels of libheif's. */
static double
block_difference(const SpPicture *picture, struct heif_image *image, guint left, guint top,
                 guint index, guint factor)
{
    int stride = 0;
    const guint8 *rows =
        heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    double ours = 0, theirs = 0;
    for (guint y = top; y < top + BLOCK; y++)
        for (guint x = left; x < left + BLOCK; x++)
            ours += component(picture, x, y, index);
    for (guint y = top * factor; y < (top + BLOCK) * factor; y++)
        for (guint x = left * factor; x < (left + BLOCK) * factor; x++)
            theirs += rows[(gsize)y * (gsize)stride + (gsize)x * 3 + index];
    return fabs(ours - theirs / factor / factor) / (BLOCK * BLOCK);
}

static void
compare(const SpPicture *picture, struct heif_image *image, guint factor)
{
    double sum = 0, most = 0;
    guint n = 0;
    for (guint y = 0; y + BLOCK <= picture->height; y += BLOCK)
        for (guint x = 0; x + BLOCK <= picture->width; x += BLOCK)
            for (guint i = 0; i < 3; i++, n++) {
                double d = block_difference(picture, image, x, y, i, factor);
                sum += d;
                most = MAX(most, d);
            }
    g_test_message("block means: %.3f, at most %.3f", sum / n, most);
    g_assert_cmpfloat(sum / n, <, MEAN_MOST);
    g_assert_cmpfloat(most, <, MOST);
}

static void
test_like_libheif(void)
{
    static const struct {
        HeicSample sample;
        guint factor; /* by which it is made smaller */
    } cases[] = {
        {{256, 192, heif_chroma_420, 8, 1, NULL, FALSE}, 1},
        {{256, 192, heif_chroma_420, 8, 2, NULL, FALSE}, 2},
        {{512, 256, heif_chroma_420, 8, 3, NULL, FALSE}, 4},
        {{255, 193, heif_chroma_420, 8, 4, NULL, FALSE}, 1}, /* cropped: clap */
        {{81, 67, heif_chroma_monochrome, 8, 5, NULL, FALSE}, 1},
        {{128, 128, heif_chroma_444, 8, 6, NULL, FALSE}, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HeicSample *sample = &cases[i].sample;
        guint factor = cases[i].factor;
        g_test_message("%u x %u, by %u", sample->width, sample->height, factor);
        g_autoptr(GByteArray) file = heic_make(sample);
        g_auto(SpDeveloped) developed = {0};
        SpWireRequest request;
        request_init(&request, sample->width / factor);
        g_assert_cmpint(develop(file, file->len, &request, &developed), ==, SP_ERROR_NONE);
        g_assert_cmpuint(developed.picture.width, ==, sample->width / factor);
        g_assert_cmpuint(developed.picture.height, ==, sample->height / factor);
        g_assert_cmpuint(developed.picture.n_planes, ==,
                         sample->chroma == heif_chroma_monochrome ? 1 : 3);
        struct heif_image *image = heic_read(file);
        compare(&developed.picture, image, factor);
        heif_image_release(image);
    }
}

/* ---- refusals -----------------------------------------------------------------------------
 */

static void
test_not_for_this_lane(void)
{
    HeicSample sample = {64, 64, heif_chroma_420, 8, 1, NULL, TRUE};
    g_autoptr(GByteArray) file = heic_make(&sample);
    g_auto(SpDeveloped) developed = {0};
    SpWireRequest request;
    request_init(&request, 64);
    g_assert_cmpint(develop(file, file->len, &request, &developed), ==, SP_ERROR_UNAVAILABLE);
    g_assert_cmpuint(developed.width, ==, 64);
    g_assert_null(developed.picture.planes[0].data);
}

static void
test_limits(void)
{
    HeicSample sample = {128, 128, heif_chroma_420, 8, 1, NULL, FALSE};
    g_autoptr(GByteArray) file = heic_make(&sample);
    g_auto(SpDeveloped) developed = {0};
    SpWireRequest request;
    request_init(&request, 64);
    request.limits.max_pixels = 128 * 128 - 1;
    g_assert_cmpint(develop(file, file->len, &request, &developed), ==,
                    SP_ERROR_TOO_MANY_PIXELS);
    request_init(&request, 64);
    request.limits.max_memory = 1 << 20;
    g_assert_cmpint(develop(file, file->len, &request, &developed), ==,
                    SP_ERROR_TOO_MUCH_MEMORY);
}

/* libheif writes the coded picture last: a file that is cut lacks some of it. */
static void
test_cut(void)
{
    HeicSample sample = {192, 128, heif_chroma_420, 8, 1, NULL, FALSE};
    g_autoptr(GByteArray) file = heic_make(&sample);
    SpWireRequest request;
    request_init(&request, 64);
    for (gsize n = file->len - 1; n > 0; n -= MIN(n, 173)) {
        g_auto(SpDeveloped) developed = {0};
        int code = develop(file, n, &request, &developed);
        g_assert_true(code == SP_ERROR_TRUNCATED || code == SP_ERROR_CORRUPT);
        g_assert_true(code == SP_ERROR_TRUNCATED || n < 1024);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_hevc_warm_up();
    g_test_add_func("/develop-hevc/like-libheif", test_like_libheif);
    g_test_add_func("/develop-hevc/not-for-this-lane", test_not_for_this_lane);
    g_test_add_func("/develop-hevc/limits", test_limits);
    g_test_add_func("/develop-hevc/cut", test_cut);
    return g_test_run();
}
