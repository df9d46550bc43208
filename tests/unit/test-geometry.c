/* SPDX-License-Identifier: MIT */
/* test-geometry.c -- sizes, turns, spans and DCT scales, as tables of cases.
 *
 * Beside the tables, what must hold for every case is asked of many: a plan is never larger
 * than what it is made from or than the preset allows, and its part never leaves the picture; a
 * mirrored span is the mirror image of the other one, and the DCT leaves the last resize its
 * factor. */
#include "render/geometry.h"
#include <math.h>
#include <stdio.h>

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

/* ---- plans of the whole picture ------------------------------------------------------------
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
assert_size(SpSize size, SpSize expected)
{
    g_assert_cmpuint(size.width, ==, expected.width);
    g_assert_cmpuint(size.height, ==, expected.height);
}

static void
test_targets(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
        SpVariant variant = {.width = targets[i].width, .max_height = targets[i].max_height};
        SpSize upright = targets[i].upright;
        SpPlan plan = sp_geometry_plan(upright, &variant);
        assert_size(plan.size, targets[i].target);
        g_assert_true(sp_geometry_is_all(plan.from, upright));
        assert_size(sp_geometry_whole(upright, &plan), plan.size);
        SpRegion part = sp_geometry_part(upright, plan.size, &plan);
        g_assert_true(sp_geometry_is_all(part, plan.size));
        g_assert_true(part.left == 0 && part.top == 0);
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
        SpSize target = sp_geometry_plan(upright, &variant).size;
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

/* ---- plans of a part -----------------------------------------------------------------------
 */

/* "16:9 1:1" and "1024 512", as in a preset. */
static SpVariant
variant_of(const char *crop, const char *widths, guint width, guint max_height)
{
    SpVariant variant = {.width = width, .max_height = max_height};
    g_auto(GStrv) aspects = g_strsplit(crop, " ", -1), classes = g_strsplit(widths, " ", -1);
    for (char **word = aspects; *word != NULL; word++) {
        SpAspect *aspect = &variant.crop.aspects[variant.crop.n++];
        g_assert_cmpint(sscanf(*word, "%u:%u", &aspect->width, &aspect->height), ==, 2);
    }
    for (char **word = classes; *word != NULL; word++)
        variant.widths.widths[variant.widths.n++] = (guint32)g_ascii_strtoull(*word, NULL, 10);
    return variant;
}

#define COMMON "4:3 3:4 1:1 16:9 9:16"
#define CLASSES "1024 768 512 384 256 128 64 32"

static const struct {
    SpSize upright;
    const char *crop, *widths;
    guint width, max_height;
    SpRegion from;
    SpSize size, whole;
} crops[] = {
    /* the aspect is there already */
    {{4032, 3024}, COMMON, CLASSES, 1024, 8192, {0, 0, 4032, 3024}, {1024, 768}, {1024, 768}},
    {{3024, 4032}, COMMON, CLASSES, 1024, 8192, {0, 0, 3024, 4032}, {1024, 1365}, {1024, 1365}},
    {{3840, 2160}, COMMON, CLASSES, 1024, 8192, {0, 0, 3840, 2160}, {1024, 576}, {1024, 576}},
    {{2160, 3840}, COMMON, CLASSES, 1024, 8192, {0, 0, 2160, 3840}, {1024, 1820}, {1024, 1820}},
    {{3000, 3000}, COMMON, CLASSES, 1024, 8192, {0, 0, 3000, 3000}, {1024, 1024}, {1024, 1024}},
    /* nearly: 4080 x 3072 is what some phones call 4:3 */
    {{4080, 3072}, COMMON, CLASSES, 1024, 8192, {0, 6, 4080, 3060}, {1024, 768}, {1024, 771}},
    /* screenshots of 19.5:9 and 20:9, upright and on the side */
    {{1170, 2532},
     COMMON,
     CLASSES,
     1024,
     8192,
     {0, 226, 1170, 2080},
     {1024, 1820},
     {1024, 2216}},
    {{2532, 1170}, COMMON, CLASSES, 1024, 8192, {226, 0, 2080, 1170}, {1024, 576}, {1247, 576}},
    {{1080, 2400},
     COMMON,
     CLASSES,
     1024,
     8192,
     {0, 240, 1080, 1920},
     {1024, 1820},
     {1024, 2276}},
    /* a camera's 3:2 is nearer to 4:3 than to 16:9, 8:5 the other way round */
    {{6000, 4000},
     COMMON,
     CLASSES,
     1024,
     8192,
     {1000.0 / 3, 0, 16000 / 3.0, 4000},
     {1024, 768},
     {1152, 768}},
    {{1600, 1000}, COMMON, CLASSES, 1024, 8192, {0, 50, 1600, 900}, {1024, 576}, {1024, 640}},
    /* the class that needs no enlarging is that of the part, not of the picture */
    {{1400, 500},
     COMMON,
     CLASSES,
     1024,
     8192,
     {2300 / 9.0, 0, 8000 / 9.0, 500},
     {768, 432},
     {1210, 432}},
    {{1023, 767},
     COMMON,
     CLASSES,
     1024,
     8192,
     {1 / 6.0, 0, 3068 / 3.0, 767},
     {768, 576},
     {768, 576}},
    {{1024, 768}, COMMON, CLASSES, 1023, 8192, {0, 0, 1024, 768}, {768, 576}, {768, 576}},
    {{31, 31}, COMMON, CLASSES, 1024, 8192, {0, 0, 31, 31}, {31, 31}, {31, 31}},
    /* the height binds: the next class down, and the last one becomes narrower */
    {{3024, 4032}, COMMON, CLASSES, 1024, 1364, {0, 0, 3024, 4032}, {768, 1024}, {768, 1024}},
    {{3024, 4032}, COMMON, "1024 768", 1024, 800, {0, 0, 3024, 4032}, {600, 800}, {600, 800}},
    {{3024, 4032}, "", CLASSES, 1024, 1000, {0, 0, 3024, 4032}, {512, 683}, {512, 683}},
    {{300, 9000}, "", CLASSES, 1024, 8192, {0, 0, 300, 9000}, {256, 7680}, {256, 7680}},
    {{1000, 700}, "", CLASSES, 1024, 8192, {0, 0, 1000, 700}, {768, 538}, {768, 538}},
    /* cards */
    {{4000, 3000}, "16:9", "", 640, 8192, {0, 375, 4000, 2250}, {640, 360}, {640, 480}},
    {{3000, 4000}, "16:9", "", 640, 8192, {0, 1156.25, 3000, 1687.5}, {640, 360}, {640, 853}},
    {{639, 2000},
     "16:9",
     "",
     640,
     8192,
     {0, 820.28125, 639, 359.4375},
     {639, 359},
     {639, 2000}},
    {{2000, 355},
     "16:9",
     "",
     640,
     8192,
     {6160 / 9.0, 0, 5680 / 9.0, 355},
     {631, 355},
     {2000, 355}},
    {{4000, 3000}, "16:9", "", 640, 180, {0, 375, 4000, 2250}, {320, 180}, {320, 240}},
    /* panoramas */
    {{16000, 3000},
     "16:9",
     "",
     640,
     8192,
     {16000 / 3.0, 0, 16000 / 3.0, 3000},
     {640, 360},
     {1920, 360}},
    {{3000, 16000},
     "16:9 9:16",
     "",
     640,
     8192,
     {0, 16000 / 3.0, 3000, 16000 / 3.0},
     {640, 1138},
     {640, 3413}},
    /* sides of a pixel */
    {{1, 1}, "16:9", "", 640, 8192, {0, 0, 1, 1}, {1, 1}, {1, 1}},
    {{1, 1}, COMMON, CLASSES, 1024, 8192, {0, 0, 1, 1}, {1, 1}, {1, 1}},
    {{65500, 1}, "1:1", "", 640, 8192, {32749.5, 0, 1, 1}, {1, 1}, {65500, 1}},
    {{1, 65500}, "9:16", "", 640, 8192, {0, 589484 / 18.0, 1, 16 / 9.0}, {1, 2}, {1, 65500}},
    {{50, 50}, "100:1", "", 640, 8192, {0, 24.5, 50, 1}, {50, 1}, {50, 50}},
    {{40, 40}, "1:100", "", 640, 8192, {19.5, 0, 1, 40}, {1, 40}, {40, 40}},
    /* of two that are as near, the first */
    {{100, 100}, "2:1 1:2", "", 640, 8192, {0, 25, 100, 50}, {100, 50}, {100, 100}},
    {{100, 100}, "1:2 2:1", "", 640, 8192, {25, 0, 50, 100}, {50, 100}, {100, 100}},
};

static void
test_crops(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(crops); i++) {
        SpSize upright = crops[i].upright;
        g_test_message("case %u: %u x %u", i, upright.width, upright.height);
        SpVariant variant =
            variant_of(crops[i].crop, crops[i].widths, crops[i].width, crops[i].max_height);
        SpPlan plan = sp_geometry_plan(upright, &variant);
        g_assert_cmpfloat_with_epsilon(plan.from.left, crops[i].from.left, 1e-9);
        g_assert_cmpfloat_with_epsilon(plan.from.top, crops[i].from.top, 1e-9);
        g_assert_cmpfloat_with_epsilon(plan.from.width, crops[i].from.width, 1e-9);
        g_assert_cmpfloat_with_epsilon(plan.from.height, crops[i].from.height, 1e-9);
        assert_size(plan.size, crops[i].size);
        assert_size(sp_geometry_whole(upright, &plan), crops[i].whole);
    }
}

static SpVariant
any_variant(guint i)
{
    static const char *const lists[] = {COMMON, "16:9", "1:1 100:1 1:100", "7:5 99:100", ""};
    static const char *const classes[] = {CLASSES, "1600 799 37 1", ""};
    return variant_of(lists[i % 5], classes[i % 3], any_side(i + 13, 5000),
                      any_side(i + 104729, i % 2 ? 400 : 16383));
}

/* A part has the plan's ratio to half a pixel, unless it had to be a pixel wide or high. */
static void
assert_ratio(const SpPlan *plan)
{
    double high = (double)plan->size.width * plan->shape.height / plan->shape.width;
    double wide = (double)plan->size.height * plan->shape.width / plan->shape.height;
    if (plan->from.width > 1 && plan->from.height > 1)
        g_assert_true(fabs(high - plan->size.height) <= 0.5 + 1e-9 || high < 1 ||
                      fabs(wide - plan->size.width) <= 0.5 + 1e-9 || wide < 1);
}

static void
assert_inside(SpRegion part, SpSize size)
{
    g_assert_true(part.left >= 0 && part.top >= 0 && part.width > 0 && part.height > 0);
    g_assert_true(part.left + part.width <= size.width + 1e-9);
    g_assert_true(part.top + part.height <= size.height + 1e-9);
}

static void
test_crops_hold(void)
{
    for (guint i = 0; i < 30000; i++) {
        SpSize upright = {any_side(i, i % 7 ? 6000 : 65500), any_side(i + 7919, 6000)};
        SpVariant variant = any_variant(i);
        SpPlan plan = sp_geometry_plan(upright, &variant);
        assert_inside(plan.from, upright);
        assert_ratio(&plan);
        g_assert_cmpuint(plan.size.width, <=, MIN(variant.width, floor(plan.from.width)));
        g_assert_cmpuint(plan.size.height, <=, variant.max_height);
        g_assert_true(plan.size.width >= 1 && plan.size.height >= 1);
        g_assert_true(plan.size.height < plan.from.height + 0.5 + 1e-9); /* not enlarged */
        SpSize whole = sp_geometry_whole(upright, &plan);
        g_assert_true(whole.width >= plan.size.width && whole.width <= upright.width);
        g_assert_true(whole.height >= plan.size.height && whole.height <= upright.height);
        assert_inside(sp_geometry_part(upright, whole, &plan), whole);
        /* in a picture that another variant wants larger */
        SpSize larger = {whole.width + any_side(i, upright.width - whole.width + 1) - 1,
                         whole.height + any_side(i + 5, upright.height - whole.height + 1) - 1};
        assert_inside(sp_geometry_part(upright, larger, &plan), larger);
    }
}

static void
test_parts(void)
{
    static const struct {
        SpSize upright, finished;
        SpRegion part;
    } cases[] = {
        /* as large as the card: whole pixels, even ones, about the centre */
        {{4000, 3000}, {640, 480}, {0, 60, 640, 360}},
        {{3000, 4000}, {640, 853}, {0, 246, 640, 360}},   /* 246.67; 359.86 */
        {{4000, 2251}, {640, 361}, {0, 0, 640, 360}},     /* 0.08; 360.16 */
        {{4000, 2270}, {640, 363}, {0, 2, 640, 360}},     /* 1.6; 359.8 */
        {{4000, 2260}, {640, 362}, {0, 0, 640, 360}},     /* 0.8; 360.4 */
        {{16000, 3000}, {1920, 360}, {640, 0, 640, 360}}, /* in the other direction */
        /* another variant wants more: where it is, and no rounding */
        {{4000, 3000}, {1024, 768}, {0, 96, 1024, 576}},
        {{3000, 4000}, {1024, 1365}, {0, 394.5703125, 1024, 575.859375}},
        {{4000, 3000}, {4000, 3000}, {0, 375, 4000, 2250}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        SpVariant card = variant_of("16:9", "", 640, 8192);
        SpPlan plan = sp_geometry_plan(cases[i].upright, &card);
        SpRegion part = sp_geometry_part(cases[i].upright, cases[i].finished, &plan);
        g_assert_cmpfloat_with_epsilon(part.left, cases[i].part.left, 1e-9);
        g_assert_cmpfloat_with_epsilon(part.top, cases[i].part.top, 1e-9);
        g_assert_cmpfloat_with_epsilon(part.width, cases[i].part.width, 1e-9);
        g_assert_cmpfloat_with_epsilon(part.height, cases[i].part.height, 1e-9);
    }
}

static void
test_narrower(void)
{
    static const struct {
        const char *widths;
        guint width, wanted, least, next;
    } cases[] = {
        {"", 1024, 900, 480, 900},
        {"", 1024, 300, 480, 480},
        {"", 1024, 900, 2000, 1024}, /* a narrower source keeps its width */
        {"1024 768 512", 1024, 900, 480, 768},
        {"1024 768 512", 1024, 768, 480, 768},
        {"1024 768 512", 1024, 600, 480, 512},
        {"1024 768 512", 1024, 500, 480, 512}, /* the last there is, though wanted is less */
        {"1024 768 512", 512, 400, 100, 512},  /* none left */
        {"1024 768 512", 1024, 900, 800, 1024},
        {"1024 960 512", 1024, 900, 800, 960}, /* above what is wanted, but there */
        {"1024 768 512", 1024, 900, 1024, 1024},
        {"1024 768 512", 768, 700, 2000, 768},
        {"1024 768 512", 400, 300, 100, 300}, /* narrower than all: any */
        {"1024", 1024, 300, 1, 1024},
        {"2 1", 2, 1, 1, 1},
        {"2 1", 2, 0, 1, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        SpVariant variant = variant_of("", cases[i].widths, 1024, 8192);
        g_assert_cmpuint(sp_geometry_narrower(&variant.widths, cases[i].width, cases[i].wanted,
                                              cases[i].least),
                         ==, cases[i].next);
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
        SpSize target = sp_geometry_plan(coded, &variant).size;
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
    g_test_add_func("/geometry/crops", test_crops);
    g_test_add_func("/geometry/crops-hold", test_crops_hold);
    g_test_add_func("/geometry/parts", test_parts);
    g_test_add_func("/geometry/narrower", test_narrower);
    g_test_add_func("/geometry/spans", test_spans);
    g_test_add_func("/geometry/spans-mirror", test_spans_mirror);
    g_test_add_func("/geometry/eighths", test_eighths);
    g_test_add_func("/geometry/eighths-hold", test_eighths_hold);
    return g_test_run();
}
