/* SPDX-License-Identifier: MIT */
/* test-crops.c -- variants that show a part of the picture, and lists of widths. */
#include "variants-fixture.h"

/* ---- crops --------------------------------------------------------------------------------
 */

static SpVariant
cropped(const char *name, guint32 format, guint width, guint32 aspect_width,
        guint32 aspect_height)
{
    SpVariant v = variant(name, format, width);
    v.crop = (SpAspectList){1, {{aspect_width, aspect_height}}};
    return v;
}

/* The samples from (left, top) on, copied. */
static void
copy_part(const SpPicture *from, guint left, guint top, SpPicture *to)
{
    for (guint i = 0; i < to->n_planes; i++) {
        guint sub = i == 0 ? 1 : 2;
        const SpPlane *in = &from->planes[i], *out = &to->planes[i];
        for (guint y = 0; y < out->height; y++)
            memcpy(out->data + out->stride * y,
                   in->data + in->stride * (top / sub + y) + left / sub, out->width);
    }
}

/* A crop from a picture that is just large enough is a copy of the samples in its middle:
 * nothing is resampled a second time. On noise a shift by one pixel is another file. */
static void
test_crop_copies(void)
{
    static const struct {
        SpSize upright, finished, size;
        guint left, top;
    } cases[] = {
        {{4000, 3000}, {640, 480}, {640, 360}, 0, 60},
        {{3000, 4000}, {640, 853}, {640, 360}, 0, 246},
        {{16000, 3000}, {1920, 360}, {640, 360}, 640, 0},
        {{501, 401}, {501, 401}, {501, 282}, 0, 60},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
            for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
                g_test_message("case %u, format %u, %u planes", i, format, n_planes);
                SpSize finished = cases[i].finished, size = cases[i].size;
                g_auto(Run) run = {0};
                add(&run, cropped("card", format, 640, 16, 9));
                g_assert_true(
                    make_from(&run, cases[i].upright, finished, n_planes, PICTURE_NOISE));
                g_auto(SpPicture) whole = {0}, part = {0};
                picture_make(&whole, finished.width, finished.height, 2, n_planes,
                             PICTURE_NOISE, 0);
                picture_make(&part, size.width, size.height, 2, n_planes, PICTURE_FLAT, 0);
                copy_part(&whole, cases[i].left, cases[i].top, &part);
                assert_encodes_to(&part, &run.request->variants[0], run.made[0].bytes);
                g_assert_cmpuint(run.made[0].width, ==, size.width);
                g_assert_cmpuint(run.made[0].height, ==, size.height);
            }
}

/* Beside a variant that wants more, the same part is resized from the larger picture. */
static void
test_crop_and_whole(void)
{
    SpSize upright = {3000, 4000}, finished = {1024, 1365};
    g_auto(Run) run = {0};
    add(&run, variant("whole", SP_OUTPUT_JPEG, 1024));
    add(&run, cropped("card", SP_OUTPUT_JPEG, 640, 16, 9));
    add(&run, cropped("wide", SP_OUTPUT_JPEG, 1024, 16, 9)); /* 1024 wide, but not the whole */
    g_assert_true(make_from(&run, upright, finished, 3, PICTURE_NOISE));
    static const guint want[][2] = {{1024, 1365}, {640, 360}, {1024, 576}};
    for (guint i = 0; i < G_N_ELEMENTS(want); i++) {
        g_assert_cmpuint(run.made[i].width, ==, want[i][0]);
        g_assert_cmpuint(run.made[i].height, ==, want[i][1]);
    }
    g_auto(SpPicture) whole = {0}, small = {0};
    picture_make(&whole, 1024, 1365, 2, 3, PICTURE_NOISE, 0);
    SpRegion part = {0, 1156.25 * 1365 / 4000, 1024, 1687.5 * 1365 / 4000};
    g_assert_true(sp_resize_picture(&whole, part, (SpSize){640, 360}, &small, NULL));
    assert_encodes_to(&small, &run.request->variants[1], run.made[1].bytes);
    assert_encodes_to(&whole, &run.request->variants[0], run.made[0].bytes);
}

/* Of one size, but of different parts: no group, and each is what it is alone. */
static void
test_same_size_other_part(void)
{
    g_auto(Run) run = {0}, alone = {0};
    SpVariant tight = cropped("square", SP_OUTPUT_JPEG, 100, 1, 1);
    tight.max_bytes = 3000;
    SpVariant other = variant("whole", SP_OUTPUT_JPEG, 400);
    other.max_height = 100;
    add(&run, tight);
    add(&run, other);
    add(&alone, other);
    SpSize upright = {401, 400}, finished = {101, 101};
    g_assert_true(make_from(&run, upright, finished, 3, PICTURE_NOISE));
    g_assert_true(make_from(&alone, upright, finished, 3, PICTURE_NOISE));
    g_assert_cmpuint(run.made[0].width, <, 100);
    g_assert_cmpuint(run.made[0].height, ==, run.made[0].width);
    g_assert_cmpuint(run.made[1].width, ==, 100);
    g_assert_true(g_bytes_equal(run.made[1].bytes, alone.made[0].bytes));
}

/* A budget takes dimensions from a crop, never its shape, and from both formats of it. */
static void
test_crop_shrinks(void)
{
    g_auto(Run) run = {0};
    SpVariant tight = cropped("tight", SP_OUTPUT_JPEG, 640, 16, 9);
    tight.max_bytes = 40000;
    add(&run, tight);
    add(&run, cropped("loose", SP_OUTPUT_WEBP, 640, 16, 9));
    g_assert_true(make_from(&run, (SpSize){3000, 4000}, (SpSize){640, 853}, 3, PICTURE_NOISE));
    g_assert_cmpuint(run.made[0].width, <, 640);
    g_assert_cmpuint(run.made[0].height, ==, lround(run.made[0].width * 9 / 16.0));
    g_assert_cmpuint(run.made[1].width, ==, run.made[0].width);
    g_assert_cmpuint(run.made[1].height, ==, run.made[0].height);
}

/* With widths to choose from, a budget goes from one to the next: what was between would be a
 * width that only this picture has. */
static void
test_widths(void)
{
    static const struct {
        guint max_bytes, min_width, width; /* 0: cannot fit */
    } cases[] = {
        {400000, 1, 512}, {80000, 1, 384}, {40000, 1, 256},
        {1000, 1, 64},    {40000, 384, 0}, {80000, 385, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_auto(Run) run = {0};
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
            SpVariant v = cropped("v", format, 1024, 4, 3);
            v.widths = (SpWidthList){8, {1024, 768, 512, 384, 256, 128, 64, 32}};
            v.max_bytes = format == SP_OUTPUT_JPEG ? cases[i].max_bytes : 16000000;
            v.min_width = cases[i].min_width;
            add(&run, v);
        }
        gboolean done =
            make_from(&run, (SpSize){767, 600}, (SpSize){512, 401}, 3, PICTURE_NOISE);
        g_test_message("%u wide", run.made[0].width);
        g_assert_cmpint(done, ==, cases[i].width > 0);
        if (!done) {
            g_assert_error(run.error, SP_ERROR, SP_ERROR_CANNOT_FIT);
            continue;
        }
        for (guint k = 0; k < 2; k++) {
            g_assert_cmpuint(run.made[k].width, ==, cases[i].width);
            g_assert_cmpuint(run.made[k].height, ==, cases[i].width * 3 / 4);
        }
    }
}

/* Of one size, but not free to choose the same next one: each goes its own way. */
static void
test_widths_differ(void)
{
    g_auto(Run) run = {0};
    for (guint i = 0; i < 2; i++) {
        SpVariant v = variant("v", SP_OUTPUT_JPEG, 512);
        v.max_bytes = 60000;
        if (i == 1)
            v.widths = (SpWidthList){2, {512, 100}};
        add(&run, v);
    }
    g_assert_true(make(&run, 512, 384, 3, PICTURE_NOISE));
    g_assert_cmpuint(run.made[0].width, <, 512);
    g_assert_cmpuint(run.made[0].width, >, 100);
    g_assert_cmpuint(run.made[1].width, ==, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variants/crop-copies", test_crop_copies);
    g_test_add_func("/variants/crop-and-whole", test_crop_and_whole);
    g_test_add_func("/variants/same-size-other-part", test_same_size_other_part);
    g_test_add_func("/variants/crop-shrinks", test_crop_shrinks);
    g_test_add_func("/variants/widths", test_widths);
    g_test_add_func("/variants/widths-differ", test_widths_differ);
    return g_test_run();
}
