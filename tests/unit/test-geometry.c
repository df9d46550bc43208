/* SPDX-License-Identifier: MIT */
/* test-geometry.c -- sizes, turns, spans and DCT scales, as tables of cases.
 *
 * Beside the tables, what must hold for every case is asked of many: a target is never larger
 * than what it is made from or than the preset allows, a mirrored span is the mirror image of
 * the other one, and the DCT leaves the last resize its factor. */
#include "render/geometry.h"
#include <math.h>

/* Where the stored pixel (x, y) of a w x h picture is seen (CIPA DC-008, table of tag 0x0112).
 */
static void
seen_at(guint orientation, SpSize size, guint x, guint y, guint *ret_x, guint *ret_y)
{
    guint rx = size.width - 1 - x, ry = size.height - 1 - y;
    guint to_x[9] = {0, x, rx, rx, x, y, ry, ry, y};
    guint to_y[9] = {0, y, y, ry, ry, x, x, rx, rx};
    *ret_x = to_x[orientation];
    *ret_y = to_y[orientation];
}

static void
test_turns(void)
{
    const SpSize size = {3, 2};
    for (guint orientation = 1; orientation <= 8; orientation++) {
        SpTurn turn = sp_geometry_turn(orientation);
        SpSize upright = sp_geometry_turned(size, turn);
        g_assert_cmpuint(upright.width, ==, orientation >= 5 ? 2 : 3);
        g_assert_cmpuint(upright.height, ==, orientation >= 5 ? 3 : 2);
        SpSize back = sp_geometry_turned(upright, turn);
        g_assert_true(back.width == size.width && back.height == size.height);
        for (guint i = 0; i < 6; i++) {
            guint x = i % 3, y = i / 3, want_x = 0, want_y = 0;
            seen_at(orientation, size, x, y, &want_x, &want_y);
            guint mx = turn.flip_x ? size.width - 1 - x : x;
            guint my = turn.flip_y ? size.height - 1 - y : y;
            g_assert_cmpuint(turn.transpose ? my : mx, ==, want_x);
            g_assert_cmpuint(turn.transpose ? mx : my, ==, want_y);
        }
    }
}

/* ---- targets ------------------------------------------------------------------------------
 */

static const struct {
    SpSize upright;
    guint width, max_height;
    SpSize target;
} targets[] = {
    {{4032, 3024}, 1024, 8192, {1024, 768}},
    {{3024, 4032}, 1024, 8192, {1024, 1365}}, /* 1365.33 */
    {{1024, 768}, 1024, 8192, {1024, 768}},   /* nothing to do */
    {{1000, 750}, 1024, 8192, {1000, 750}},   /* never enlarged */
    {{1025, 1025}, 1024, 8192, {1024, 1024}}, /* 1024.0 */
    {{1025, 3}, 1024, 8192, {1024, 3}},       /* 2.997 */
    {{2, 3}, 1, 8192, {1, 2}},                /* 1.5: away from zero */
    {{3, 5}, 2, 8192, {2, 3}},                /* 3.33 */
    {{5, 3}, 2, 8192, {2, 1}},                /* 1.2 */
    {{1, 1}, 1024, 8192, {1, 1}},
    {{1, 1}, 1, 1, {1, 1}},
    {{7, 7}, 1, 1, {1, 1}},
    {{1000, 9000}, 1024, 8192, {910, 8192}},  /* the height binds: 910.2 */
    {{2000, 20000}, 1024, 8192, {819, 8192}}, /* both bind, the height more: 819.2 */
    {{2000, 9000}, 1024, 8192, {1024, 4608}}, /* the width is enough */
    {{3000, 100}, 1024, 16, {480, 16}},       /* both bind, the height more */
    {{1000, 1000}, 1024, 100, {100, 100}},
    {{1, 65500}, 1024, 8192, {1, 8192}}, /* never nothing: 0.13 */
    {{1, 65500}, 1024, 16383, {1, 16383}},
    {{65500, 1}, 1024, 8192, {1024, 1}},
    {{65500, 1}, 16383, 16383, {16383, 1}},
    {{65500, 3800}, 16383, 16383, {16383, 950}}, /* 950.47 */
    {{65500, 65500}, 16383, 16383, {16383, 16383}},
    {{16383, 16383}, 16383, 16383, {16383, 16383}},
    {{16384, 10}, 16383, 16383, {16383, 10}},
    {{10, 16384}, 16383, 16383, {10, 16383}},
};

static void
test_targets(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
        SpVariant variant = {.width = targets[i].width, .max_height = targets[i].max_height};
        SpSize target = sp_geometry_target(targets[i].upright, &variant);
        g_assert_cmpuint(target.width, ==, targets[i].target.width);
        g_assert_cmpuint(target.height, ==, targets[i].target.height);
    }
}

static guint
any_side(guint i, guint most)
{
    return 1 + i * 2654435761u / 7 % most;
}

static void
test_targets_hold(void)
{
    for (guint i = 0; i < 20000; i++) {
        SpSize upright = {any_side(i, 65500), any_side(i + 7919, i % 3 ? 65500 : 50)};
        SpVariant variant = {.width = any_side(i + 13, 16383),
                             .max_height = any_side(i + 104729, 16383)};
        SpSize target = sp_geometry_target(upright, &variant);
        g_assert_cmpuint(target.width, >=, 1);
        g_assert_cmpuint(target.height, >=, 1);
        g_assert_cmpuint(target.width, <=, MIN(upright.width, variant.width));
        g_assert_cmpuint(target.height, <=, MIN(upright.height, variant.max_height));
        /* One side is exact, the other within half a pixel of the aspect, or 1. */
        double exact_h = (double)upright.height * target.width / upright.width;
        double exact_w = (double)upright.width * target.height / upright.height;
        g_assert_true(fabs(exact_h - target.height) <= 0.5 || exact_h < 1 ||
                      fabs(exact_w - target.width) <= 0.5 || exact_w < 1);
    }
}

static void
test_narrowed(void)
{
    static const struct {
        SpSize size;
        guint width, height;
    } cases[] = {
        {{1024, 768}, 512, 384}, {{1024, 768}, 1023, 767}, {{1024, 1}, 512, 1},
        {{1024, 3}, 256, 1},     {{3, 16383}, 1, 5461},    {{5, 5}, 5, 5},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpSize size = sp_geometry_narrowed(cases[i].size, cases[i].width);
        g_assert_cmpuint(size.width, ==, cases[i].width);
        g_assert_cmpuint(size.height, ==, cases[i].height);
    }
}

/* ---- spans --------------------------------------------------------------------------------
 */

static const struct {
    guint full;
    double pitch;
    guint target, sub;
    double start, length, mirrored_start;
} spans[] = {
    {100, 1, 50, 1, 0, 100, 0},          /* luma */
    {100, 2, 50, 2, 0, 50, 0},           /* 4:2:0's chroma to 4:2:0's */
    {100, 1, 50, 2, 0, 100, 0},          /* 4:4:4's chroma to 4:2:0's */
    {100, 2, 50, 1, 0, 50, 0},           /* 4:2:0's chroma to 4:4:4's */
    {102, 1, 51, 1, 0, 102, 0},          /* odd luma: exact */
    {102, 2, 51, 2, 0, 52, -1},          /* odd: the last sample hangs over by half */
    {102, 1, 51, 2, 0, 104, -2},         /* the same in a plane twice as fine */
    {101, 2, 101, 2, 0, 51, -0.5},       /* odd, not reduced: half a sample */
    {1, 2, 1, 2, 0, 1, -0.5},            /* the smallest */
    {1, 1, 1, 1, 0, 1, 0},               /* the smallest luma */
    {300, 4, 75, 2, 0, 76, -1},          /* scaled DCT: 300 / 4 = 75 samples, ratio 4 */
    {65500, 8, 1, 2, 0, 16375, -8187.5}, /* one pixel of all that */
};

static void
test_spans(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(spans); i++)
        for (gboolean mirrored = FALSE; mirrored <= TRUE; mirrored++) {
            SpSpan span = sp_geometry_span(spans[i].full, spans[i].pitch, spans[i].target,
                                           spans[i].sub, mirrored);
            double start = mirrored ? spans[i].mirrored_start : spans[i].start;
            g_assert_cmpfloat_with_epsilon(span.start, start, 1e-9);
            g_assert_cmpfloat_with_epsilon(span.length, spans[i].length, 1e-9);
        }
}

/* From the other side, a mirrored span is the same as the plain one. */
static void
test_spans_mirror(void)
{
    static const double pitches[] = {1, 2, 4, 8, 16, 4.0 / 3, 8.0 / 3};
    for (guint full = 1; full < 400; full += 3)
        for (guint target = 1; target <= full; target += 7)
            for (guint k = 0; k < G_N_ELEMENTS(pitches); k++)
                for (guint sub = 1; sub <= 2; sub++) {
                    double side = full / pitches[k];
                    SpSpan plain = sp_geometry_span(full, pitches[k], target, sub, FALSE);
                    SpSpan other = sp_geometry_span(full, pitches[k], target, sub, TRUE);
                    g_assert_cmpfloat(plain.start, ==, 0);
                    g_assert_cmpfloat_with_epsilon(other.length, plain.length, 1e-9);
                    g_assert_cmpfloat_with_epsilon(other.start + other.length, side, 1e-9);
                    g_assert_true(plain.length >= side - 1e-9);
                    guint samples = (target + sub - 1) / sub;
                    g_assert_cmpfloat_with_epsilon(plain.length / samples, side / target * sub,
                                                   1e-9);
                }
}

/* ---- the DCT ------------------------------------------------------------------------------
 */

static void
test_eighths(void)
{
    static const struct {
        SpSize coded, target;
        guint eighths;
    } cases[] = {
        {{4032, 3024}, {1024, 768}, 4}, /* 1.97 left: the most common photo */
        {{3024, 4032}, {768, 1024}, 4}, /* and on its side */
        {{4000, 3000}, {1024, 768}, 4}, /* 1.95 */
        {{3891, 2918}, {1024, 768}, 8}, /* 1.8999 */
        {{3892, 2919}, {1024, 768}, 4}, /* 1.9004 */
        {{8000, 6000}, {1024, 768}, 2},
        {{7700, 5775}, {1024, 768}, 4},
        {{16000, 12000}, {1024, 768}, 1},
        {{1024, 768}, {1024, 768}, 8},
        {{1, 1}, {1, 1}, 8},
        {{8000, 1}, {1024, 1}, 8}, /* both directions count */
        {{1, 8000}, {1, 1024}, 8},
        {{65500, 65500}, {1, 1}, 1},
        {{65500, 3800}, {16383, 950}, 4},
        {{16, 16}, {1, 1}, 1},
        {{15, 16}, {1, 1}, 2},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpuint(sp_geometry_dct_eighths(cases[i].coded, cases[i].target), ==,
                         cases[i].eighths);
}

static void
test_eighths_hold(void)
{
    for (guint i = 0; i < 20000; i++) {
        SpSize coded = {any_side(i, 20000), any_side(i + 31, 20000)};
        SpVariant variant = {.width = any_side(i + 77, 3000), .max_height = 8192};
        SpSize target = sp_geometry_target(coded, &variant);
        guint eighths = sp_geometry_dct_eighths(coded, target);
        g_assert_true(eighths == 1 || eighths == 2 || eighths == 4 || eighths == 8);
        double left = MIN(coded.width * (eighths / 8.0) / target.width,
                          coded.height * (eighths / 8.0) / target.height);
        g_assert_true(eighths == 8 || left >= 1.9);
        g_assert_true(eighths == 1 || left < 2 * 1.9); /* no more work than that */
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/geometry/turns", test_turns);
    g_test_add_func("/geometry/targets", test_targets);
    g_test_add_func("/geometry/targets-hold", test_targets_hold);
    g_test_add_func("/geometry/narrowed", test_narrowed);
    g_test_add_func("/geometry/spans", test_spans);
    g_test_add_func("/geometry/spans-mirror", test_spans_mirror);
    g_test_add_func("/geometry/eighths", test_eighths);
    g_test_add_func("/geometry/eighths-hold", test_eighths_hold);
    return g_test_run();
}
