/* SPDX-License-Identifier: MIT */
/* test-sharpen.c -- an edge gets steeper, gets no halo, and nothing else changes. */
#include "picture.h"
#include "render/sharpen.h"

static int
sample(const SpPlane *plane, guint x, guint y)
{
    return plane->data[plane->stride * y + x];
}

/* Of one sample, as sharpen.h says it. */
static int
expected(const SpPlane *plane, guint x, guint y, int percent)
{
    static const int weights[3] = {1, 2, 1};
    int v = sample(plane, x, y), sum = 0, least = 255, most = 0;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) {
            int column = CLAMP((int)x + i, 0, (int)plane->width - 1);
            int row = CLAMP((int)y + j, 0, (int)plane->height - 1);
            int s = sample(plane, (guint)column, (guint)row);
            sum += s * weights[i + 1] * weights[j + 1];
            least = MIN(least, s);
            most = MAX(most, s);
        }
    int detail = 16 * v - sum, beyond = (most - least) / 8;
    detail = detail > 16 ? detail - 16 : detail < -16 ? detail + 16 : 0;
    int gain = percent * 256 / 100;
    double sharp = floor(v + detail * gain / 4096.0 + 0.5);
    return (int)CLAMP(sharp, MAX(least - beyond, 0), MIN(most + beyond, 255));
}

/* Sizes at which vectors have a rest; what lies behind a row plays no part. */
static void
test_samples(void)
{
    static const guint sizes[][2] = {{1, 1}, {2, 3}, {15, 4}, {33, 17}, {64, 1}, {1, 40}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes) * 4; i++) {
        const guint *size = sizes[i / 4];
        int percent = (int[]){1, 30, 77, 100}[i % 4];
        g_auto(SpPicture) before = {0}, after = {0};
        picture_make(&before, size[0], size[1], 1, 3, PICTURE_NOISE, 0x55);
        picture_make(&after, size[0], size[1], 1, 3, PICTURE_NOISE, 0xAA);
        g_assert_true(sp_sharpen(&after, (guint)percent, NULL));
        for (guint y = 0; y < size[1]; y++)
            for (guint x = 0; x < size[0]; x++) {
                g_assert_cmpint(sample(&after.planes[0], x, y), ==,
                                expected(&before.planes[0], x, y, percent));
                for (guint k = 1; k < 3; k++)
                    g_assert_cmpint(sample(&after.planes[k], x, y), ==,
                                    sample(&before.planes[k], x, y));
            }
    }
}

static void
fill_edge(SpPicture *picture, guint8 dark, guint8 bright)
{
    SpPlane *luma = &picture->planes[0];
    for (guint y = 0; y < luma->height; y++)
        for (guint x = 0; x < luma->width; x++)
            luma->data[luma->stride * y + x] = x < luma->width / 2   ? dark
                                               : x > luma->width / 2 ? bright
                                                                     : (dark + bright) / 2;
}

/* Black on white stays that; between two greys an edge goes an eighth beyond them at most, and
 * only beside it. */
static void
test_edge(void)
{
    static const guint8 edges[][2] = {{0, 255}, {60, 200}, {100, 116}, {250, 255}};
    for (guint i = 0; i < G_N_ELEMENTS(edges); i++) {
        int dark = edges[i][0], bright = edges[i][1], share = (bright - dark) / 8;
        g_auto(SpPicture) picture = {0};
        picture_make(&picture, 31, 9, 2, 3, PICTURE_FLAT, 0);
        fill_edge(&picture, edges[i][0], edges[i][1]);
        g_assert_true(sp_sharpen(&picture, 100, NULL));
        const SpPlane *luma = &picture.planes[0];
        for (guint x = 0; x < 31; x++) {
            int v = sample(luma, x, 4);
            g_assert_cmpint(v, >=, MAX(dark - share, 0));
            g_assert_cmpint(v, <=, MIN(bright + share, 255));
            if (x < 14)
                g_assert_cmpint(v, ==, dark);
            if (x > 16)
                g_assert_cmpint(v, ==, bright);
        }
        g_assert_cmpint(sample(luma, 14, 4), <=, dark);
        g_assert_cmpint(sample(luma, 16, 4), >=, bright);
    }
}

/* A gradient and a grain of one level are as they were. */
static void
test_quiet(void)
{
    g_auto(SpPicture) picture = {0};
    picture_make(&picture, 90, 20, 2, 1, PICTURE_FLAT, 0);
    SpPlane *luma = &picture.planes[0];
    for (guint y = 0; y < 20; y++)
        for (guint x = 0; x < 90; x++)
            luma->data[luma->stride * y + x] =
                (guint8)(100 + (x < 45 ? x : 45 + ((x * 7 + y * 5) % 3 == 0)));
    g_autofree guint8 *before = g_memdup2(luma->data, luma->stride * 20);
    g_assert_true(sp_sharpen(&picture, 100, NULL));
    for (guint y = 0; y < 20; y++)
        g_assert_cmpmem(luma->data + luma->stride * y, 90, before + luma->stride * y, 90);
}

/* What cannot be seen has no colour to sharpen by. */
static void
test_alpha(void)
{
    g_auto(SpPicture) before = {0}, after = {0};
    picture_make_alpha(&before, 60, 50, PICTURE_NOISE, 0);
    picture_make_alpha(&after, 60, 50, PICTURE_NOISE, 0);
    g_assert_true(sp_sharpen(&after, 100, NULL));
    guint kept = 0, changed = 0;
    for (guint y = 1; y < 49; y++)
        for (guint x = 1; x < 59; x++) {
            gboolean is_inside = TRUE;
            for (guint k = 0; k < 9; k++)
                is_inside &= sample(&before.planes[3], x + k % 3 - 1, y + k / 3 - 1) != 0;
            int was = sample(&before.planes[0], x, y), is = sample(&after.planes[0], x, y);
            if (is_inside)
                g_assert_cmpint(is, ==, expected(&before.planes[0], x, y, 100));
            else
                g_assert_cmpint(is, ==, was);
            kept += !is_inside;
            changed += is != was;
        }
    g_assert_cmpuint(kept, >, 100);
    g_assert_cmpuint(changed, >, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sharpen/samples", test_samples);
    g_test_add_func("/sharpen/edge", test_edge);
    g_test_add_func("/sharpen/quiet", test_quiet);
    g_test_add_func("/sharpen/alpha", test_alpha);
    return g_test_run();
}
