/* SPDX-License-Identifier: MIT */
/* test-likeness.c -- what a file looks like, beside its picture: against what must be so, and
 * numbers that were worked out by hand. */
#include "picture.h"
#include "preset/preset.h"
#include "render/encode.h"
#include "render/likeness.h"
#include "render/readback.h"

#define PINNED 85.25

static double
measure(const SpPicture *picture, const SpPicture *shown)
{
    g_auto(SpLikeness) likeness = {0};
    double score = 0;
    g_assert_true(sp_likeness_init(&likeness, picture, NULL));
    g_assert_true(sp_likeness_measure(&likeness, shown, &score, NULL));
    return score;
}

static void
terms_of(const SpPicture *picture, const SpPicture *shown, double *ret_terms)
{
    g_auto(SpLikeness) likeness = {0};
    g_assert_true(sp_likeness_init(&likeness, picture, NULL));
    g_assert_true(sp_likeness_terms(&likeness, shown, ret_terms, NULL));
}

/* Of any size and sampling, a picture is like itself; what lies behind a row is not read. */
static void
test_same(void)
{
    static const guint sizes[][2] = {{1, 1},   {3, 200}, {200, 3},   {5, 7},
                                     {17, 16}, {64, 48}, {401, 299}, {1500, 9}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint k = 0; k < 3; k++) {
            g_auto(SpPicture) a = {0}, b = {0};
            guint n_planes = k == 2 ? 1 : 3, sub = k == 1 ? 1 : 2;
            picture_make(&a, sizes[i][0], sizes[i][1], sub, n_planes, PICTURE_NOISE, 0);
            picture_make(&b, sizes[i][0], sizes[i][1], sub, n_planes, PICTURE_NOISE, 255);
            g_assert_cmpfloat(measure(&a, &b), ==, 100);
        }
}

/* A grey 6 x 6 picture has one window, about its middle cell. Here b has stripes in black and
 * white there, and a is black: SSIM and the edges by hand, with Y of white as XYB has it. */
static void
test_one_window(void)
{
    static const double across[6] = {1, 1, 2, 2, 1, 1};
    g_auto(SpPicture) a = {0}, b = {0};
    double terms[SP_LIKENESS_TERMS], white = cbrt(1.0037930734) - cbrt(0.0037930734);
    picture_make(&a, 6, 6, 2, 1, PICTURE_FLAT, 0);
    picture_make(&b, 6, 6, 2, 1, PICTURE_FLAT, 0);
    double mean = 0;
    for (guint i = 0; i < 36; i++) {
        gboolean is_white = i % 6 < 3;
        a.planes[0].data[a.planes[0].stride * (i / 6) + i % 6] = 0;
        b.planes[0].data[b.planes[0].stride * (i / 6) + i % 6] = is_white ? 255 : 0;
        mean += is_white ? white * across[i / 6] * across[i % 6] / 64 : 0;
    }
    double variance = mean * white - mean * mean;
    double like = 0.0009 / (variance + 0.0009);
    terms_of(&a, &b, terms);
    g_assert_cmpfloat(fabs(terms[0] - (1 - (1 - mean * mean) * like)), <, 1e-3);
    g_assert_cmpfloat(terms[1], ==, 0); /* detail that is added is not lost */
    for (guint i = 2; i < SP_LIKENESS_TERMS; i++)
        g_assert_cmpfloat(terms[i], ==, 0); /* smaller than a window */
    terms_of(&b, &a, terms);
    g_assert_cmpfloat(fabs(terms[0] - (1 - (1 - mean * mean) * like)), <, 1e-3);
    g_assert_cmpfloat(fabs(terms[1] - mean / (1 + mean)), <, 1e-3);
}

/* One broken block is worse than the same error spread thin: the fourth power. */
static void
test_worst_counts(void)
{
    g_auto(SpPicture) a = {0}, thin = {0}, broken = {0};
    picture_make(&a, 256, 256, 2, 3, PICTURE_WAVES, 0);
    picture_make(&thin, 256, 256, 2, 3, PICTURE_WAVES, 0);
    picture_make(&broken, 256, 256, 2, 3, PICTURE_WAVES, 0);
    for (guint y = 0; y < 256; y++)
        for (guint x = 0; x < 256; x++) {
            guint sign = (x + y) % 2;
            guint8 *sample = &thin.planes[0].data[thin.planes[0].stride * y + x];
            *sample = (guint8)(*sample + (sign ? 2 : -2));
            sample = &broken.planes[0].data[broken.planes[0].stride * y + x];
            if (x < 32 && y < 32) /* the same energy */
                *sample = (guint8)CLAMP(*sample + (sign ? 16 : -16), 0, 255);
        }
    g_assert_cmpfloat(measure(&a, &broken), <, measure(&a, &thin));
}

/* What is lost twice adds up, as SSIMULACRA2 has it before its exponent. */
static void
test_beside(void)
{
    g_assert_cmpfloat(sp_likeness_beside(75, 100), ==, 75);
    g_assert_cmpfloat(fabs(sp_likeness_beside(75, 90) - 78.82), <, 0.1);
    g_assert_cmpfloat(sp_likeness_beside(75, 80), ==, 75 + SP_LIKENESS_MORE);
    g_assert_cmpfloat(sp_likeness_beside(75, 75), ==, 75); /* it never can */
    g_assert_cmpfloat(sp_likeness_beside(75, -40), ==, 75);
}

static double
encoded(const SpPicture *picture, guint32 format, double quality)
{
    SpVariant variant = {.format = format, .effort = 2};
    const SpEncoder *encoder = sp_encoder(format);
    gpointer state = encoder->open(picture, &variant, NULL);
    g_autoptr(GBytes) bytes = encoder->encode(state, quality, NULL);
    g_auto(SpPicture) shown = {0};
    encoder->close(state);
    g_assert_true(sp_readback(bytes, format, &shown, NULL));
    g_assert_cmpuint(shown.width, ==, picture->width);
    g_assert_cmpuint(shown.height, ==, picture->height);
    return measure(picture, &shown);
}

/* It rises with quality, of each format, grey too, at sides that no block divides. */
static void
test_rises(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
            g_auto(SpPicture) picture = {0};
            double last = -1000;
            picture_make(&picture, 203, 151, 2, n_planes, PICTURE_NOISE, 0);
            sp_encode_pad(&picture);
            for (guint quality = 10; quality <= 100; quality += 15) {
                double score = encoded(&picture, format, quality);
                g_assert_cmpfloat(score, >, last);
                g_assert_cmpfloat(score, <=, 100);
                last = score;
            }
            g_assert_cmpfloat(last, >, 85);
        }
}

static void
assert_near(const SpPlane *a, const SpPlane *b)
{
    guint64 error = 0;
    for (guint y = 0; y < a->height; y++)
        for (guint x = 0; x < a->width; x++) {
            int d = a->data[a->stride * y + x] - b->data[b->stride * y + x];
            error += (guint64)(d * d);
            g_assert_cmpint(ABS(d), <=, 8);
        }
    g_assert_cmpuint(error, <=, (guint64)a->width * a->height * 2);
}

/* What is read back is in full range and in its place: smooth pictures come back as they were.
 */
static void
test_reads_back(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(SpPicture) picture = {0}, shown = {0};
        SpVariant variant = {.format = format, .effort = 4};
        const SpEncoder *encoder = sp_encoder(format);
        picture_make(&picture, 203, 151, 2, 3, PICTURE_WAVES, 0);
        sp_encode_pad(&picture);
        gpointer state = encoder->open(&picture, &variant, NULL);
        g_autoptr(GBytes) bytes = encoder->encode(state, 100, NULL);
        encoder->close(state);
        g_assert_true(sp_readback(bytes, format, &shown, NULL));
        for (guint i = 0; i < 3; i++) {
            assert_near(&picture.planes[i], &shown.planes[i]);
        }
    }
}

/* It decides about bytes: a change of this number is a new generation. */
static void
test_pinned(void)
{
    g_auto(SpPicture) a = {0}, b = {0};
    picture_make(&a, 203, 151, 2, 3, PICTURE_WAVES, 0);
    picture_make(&b, 203, 151, 2, 3, PICTURE_WAVES, 0);
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < b.planes[i].height; y++)
            for (guint x = 0; x < b.planes[i].width; x++) {
                guint8 *sample = &b.planes[i].data[b.planes[i].stride * y + x];
                guint8 noise = picture_sample(PICTURE_NOISE, i, x, y);
                *sample = (guint8)(*sample + noise % 9 - 4);
            }
    g_assert_cmpfloat(measure(&a, &b), ==, PINNED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/likeness/same", test_same);
    g_test_add_func("/likeness/one-window", test_one_window);
    g_test_add_func("/likeness/worst-counts", test_worst_counts);
    g_test_add_func("/likeness/beside", test_beside);
    g_test_add_func("/likeness/rises", test_rises);
    g_test_add_func("/likeness/reads-back", test_reads_back);
    g_test_add_func("/likeness/pinned", test_pinned);
    return g_test_run();
}
