/* SPDX-License-Identifier: MIT */
/* test-linear.c -- light is averaged where it was asked for, and what is even stays as it is.
 *
 * A lattice of black and white sends half of the light: 188 of 255, where the mean of the
 * numbers is 128. */
#include "picture.h"
#include "render/develop.h"
#include "render/linear.h"
#include "render/resize.h"
#include "sample.h"

#define HALF_OF_LIGHT 188

static int
sample(const SpPicture *picture, guint plane, guint x, guint y)
{
    return picture->planes[plane].data[picture->planes[plane].stride * y + x];
}

/* Every byte comes back, and 16 bits nearly. */
static void
test_there_and_back(void)
{
    g_autoptr(SpLinear) linear = sp_linear_new();
    for (guint i = 0; i < 256; i++) {
        guint8 byte = (guint8)i;
        guint16 light[2] = {0, (guint16)(i * 257)};
        sp_linear_bytes(linear, &byte, 1, 1, light);
        sp_linear_row(linear, light + 1, 1);
        g_assert_cmpint(ABS(light[0] - light[1]), <=, 1);
        sp_linear_row_back(linear, light, 2);
        g_assert_cmpint(ABS(light[0] - (int)i * 257), <=, 40);
        g_assert_cmpint(ABS(light[1] - (int)i * 257), <=, 40);
    }
    guint8 pair[4] = {200, 200, 9, 9}; /* in place, widened */
    guint16 widened[2];
    memcpy(widened, pair, sizeof pair);
    sp_linear_bytes(linear, (guint8 *)widened, 2, 2, widened);
    g_assert_cmpuint(widened[0], ==, linear->of_byte[200]);
    g_assert_cmpuint(widened[1], ==, linear->of_byte[9]);
}

/* ---- finished pictures ----------------------------------------------------------------------
 */

static void
fill_lattice(SpPicture *picture)
{
    for (guint i = 1; i < picture->n_planes; i++)
        memset(picture->planes[i].data, 128,
               picture->planes[i].stride * picture->planes[i].height);
    for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++)
            picture->planes[0].data[picture->planes[0].stride * y + x] =
                (x + y) % 2 != 0 ? 255 : 0;
}

static void
test_lattice(void)
{
    for (guint n_planes = 1; n_planes <= 3; n_planes += 2)
        for (guint sub = 1; sub <= 2; sub++) {
            g_auto(SpPicture) in = {0}, light = {0}, plain = {0};
            SpRegion all = {0, 0, 240, 160};
            picture_make(&in, 240, 160, sub, n_planes, PICTURE_FLAT, 0);
            fill_lattice(&in);
            g_assert_true(sp_linear_resize_picture(&in, all, (SpSize){81, 53}, &light, NULL));
            g_assert_true(sp_resize_picture(&in, all, (SpSize){81, 53}, &plain, NULL));
            g_assert_cmpuint(light.sub, ==, plain.sub);
            g_assert_cmpuint(light.n_planes, ==, n_planes);
            for (guint y = 4; y < 49; y++)
                for (guint x = 4; x < 77; x++) {
                    g_assert_cmpint(ABS(sample(&light, 0, x, y) - HALF_OF_LIGHT), <=, 2);
                    g_assert_cmpint(ABS(sample(&plain, 0, x, y) - 128), <=, 3);
                }
            for (guint i = 1; i < n_planes; i++) {
                g_assert_cmpuint(light.planes[i].width, ==, plain.planes[i].width);
                g_assert_cmpuint(light.planes[i].height, ==, plain.planes[i].height);
                g_assert_cmpint(sample(&light, i, 9, 9), ==, 128);
            }
        }
}

/* What is even keeps its colour, to what a way over R, G and B of 8 bits costs. */
static void
test_even(void)
{
    g_auto(SpPicture) in = {0}, out = {0};
    picture_make(&in, 101, 77, 2, 3, PICTURE_FLAT, 0);
    g_assert_true(
        sp_linear_resize_picture(&in, (SpRegion){0, 0, 101, 77}, (SpSize){40, 31}, &out, NULL));
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < out.planes[i].height; y++)
            for (guint x = 0; x < out.planes[i].width; x++)
                g_assert_cmpint(ABS(sample(&out, i, x, y) - sample(&in, i, 0, 0)), <=, 1);
}

/* A part that keeps its size is a copy. */
static void
test_copy(void)
{
    g_auto(SpPicture) in = {0}, out = {0};
    picture_make(&in, 60, 40, 2, 3, PICTURE_NOISE, 0);
    g_assert_true(
        sp_linear_resize_picture(&in, (SpRegion){10, 4, 30, 20}, (SpSize){30, 20}, &out, NULL));
    for (guint x = 0; x < 30; x++)
        g_assert_cmpint(sample(&out, 0, x, 7), ==, sample(&in, 0, x + 10, 11));
}

/* Of grey under a disc, with black where nothing is seen: no darkness comes in, and what is
 * invisible is white. */
static void
test_alpha(void)
{
    g_auto(SpPicture) in = {0}, out = {0};
    picture_make_alpha(&in, 200, 160, PICTURE_FLAT, 0);
    for (guint y = 0; y < 160; y++)
        for (guint x = 0; x < 200; x++)
            in.planes[0].data[in.planes[0].stride * y + x] =
                sample(&in, 3, x, y) == 0 ? 0 : 180;
    for (guint i = 1; i < 3; i++)
        memset(in.planes[i].data, 128, in.planes[i].stride * in.planes[i].height);
    g_assert_true(sp_linear_resize_picture(&in, (SpRegion){0, 0, 200, 160}, (SpSize){90, 72},
                                           &out, NULL));
    guint seen = 0, hidden = 0;
    for (guint y = 0; y < 72; y++)
        for (guint x = 0; x < 90; x++) {
            int alpha = sample(&out, 3, x, y), luma = sample(&out, 0, x, y);
            seen += alpha > 0;
            hidden += alpha == 0;
            if (alpha == 0)
                g_assert_cmpint(luma, ==, 255);
            else if (alpha > 8)
                g_assert_cmpint(ABS(luma - 180), <=, 2);
        }
    g_assert_cmpint(sample(&out, 3, 45, 36), ==, 255);
    g_assert_cmpuint(seen, >, 2000);
    g_assert_cmpuint(hidden, >, 2000);
}

/* ---- the lane of JPEGs
 * -----------------------------------------------------------------------
 */

/* The mean of luma, without the edge; to 160 pixels' width. */
static double
mean_of(GBytes *jpeg, gboolean linear, guint *ret_decoded)
{
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    g_auto(SpDeveloped) developed = {0};
    g_autoptr(GError) error = NULL;
    request->n_variants = request->threads = 1;
    request->variants[0] = (SpVariant){.width = 160, .max_height = 8192, .min_width = 1};
    request->limits = (SpLimits){.max_upload = 1 << 24,
                                 .max_pixels = G_MAXUINT32,
                                 .max_memory = 1 << 29,
                                 .max_scans = 100,
                                 .max_profile = 1 << 20};
    request->reduction.linear_light = linear;
    SpSource source = sp_source_whole(bytes, n);
    g_assert_true(sp_develop_jpeg(&source, request, &developed, &error));
    g_assert_no_error(error);
    const SpPicture *picture = &developed.picture;
    g_assert_cmpuint(picture->width, ==, 160);
    g_assert_cmpuint(picture->planes[0].bytes, ==, 1);
    double sum = 0;
    for (guint y = 2; y < picture->height - 2; y++)
        for (guint x = 2; x < 158; x++)
            sum += sample(picture, 0, x, y);
    *ret_decoded = developed.decoded.width;
    return sum / 156 / (picture->height - 4);
}

/* Noise of black and white, in grey and in each sampling that libjpeg can spread. */
static void
test_jpeg(void)
{
    static const Sample samples[] = {
        {640, 480, .kind = SAMPLE_EXTREMES, .quality = 100},
        {640, 480, SAMPLING_420, .kind = SAMPLE_EXTREMES, .quality = 100},
        {643, 481, SAMPLING(2, 1), .kind = SAMPLE_EXTREMES, .quality = 100},
        {640, 480, SAMPLING(1, 1), .kind = SAMPLE_EXTREMES, .progressive = TRUE},
        {640, 480, SAMPLING(4, 2), .kind = SAMPLE_EXTREMES, .orientation = 6},
    };
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        guint decoded[2] = {0};
        g_autoptr(GBytes) jpeg = sample_jpeg(&samples[i]);
        double plain = mean_of(jpeg, FALSE, &decoded[0]);
        double light = mean_of(jpeg, TRUE, &decoded[1]);
        g_test_message("case %u: %.1f, in light %.1f", i, plain, light);
        g_assert_cmpfloat(light, >, plain + 20);
        g_assert_cmpuint(decoded[0], <=, samples[i].width);
        g_assert_cmpuint(decoded[1], ==, samples[i].width);
    }
}

/* Noise at 3:2:1, of 600 x 400: libjpeg does not average to that, so planes are given to it. */
static GBytes *
make_fraction(void)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    guint8 noise[8 * 608];
    JSAMPROW rows[8];
    JSAMPARRAY planes[3] = {rows, rows, rows};
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &n);
    cinfo.image_width = 600;
    cinfo.image_height = 400;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_YCbCr;
    jpeg_set_defaults(&cinfo);
    for (int i = 0; i < 3; i++) {
        cinfo.comp_info[i].h_samp_factor = 3 - i;
        cinfo.comp_info[i].v_samp_factor = 1;
    }
    cinfo.raw_data_in = TRUE;
    jpeg_start_compress(&cinfo, TRUE);
    while (cinfo.next_scanline < cinfo.image_height) {
        for (guint i = 0; i < sizeof noise; i++)
            noise[i] = (guint8)((i * 2654435761u + cinfo.next_scanline * 40503u) >> 11);
        for (guint y = 0; y < 8; y++)
            rows[y] = noise + (gsize)y * 608;
        jpeg_write_raw_data(&cinfo, planes, 8);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return g_bytes_new_with_free_func(bytes, n, free, bytes);
}

/* What libjpeg cannot spread is made smaller as it is coded. */
static void
test_jpeg_fraction(void)
{
    g_autoptr(GBytes) jpeg = make_fraction();
    guint decoded[2] = {0};
    double plain = mean_of(jpeg, FALSE, &decoded[0]);
    double light = mean_of(jpeg, TRUE, &decoded[1]);
    g_assert_cmpfloat(plain, ==, light);
    g_assert_cmpuint(decoded[0], ==, decoded[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/linear/there-and-back", test_there_and_back);
    g_test_add_func("/linear/lattice", test_lattice);
    g_test_add_func("/linear/even", test_even);
    g_test_add_func("/linear/copy", test_copy);
    g_test_add_func("/linear/alpha", test_alpha);
    g_test_add_func("/linear/jpeg", test_jpeg);
    g_test_add_func("/linear/jpeg-fraction", test_jpeg_fraction);
    return g_test_run();
}
