/* SPDX-License-Identifier: MIT */
/* test-variants.c -- every variant within its budget, and what the budget may take from it. */
#include "render/aim.h"
#include "render/budget.h"
#include "render/likeness.h"
#include "render/readback.h"
#include "render/sharpen.h"
#include "variants-fixture.h"

/* ---- sizes --------------------------------------------------------------------------------
 */

static void
test_sizes(void)
{
    static const guint widths[] = {400, 200, 333, 400, 1024, 1, 200};
    static const guint want[][2] = {{400, 301}, {200, 151}, {333, 251}, {400, 301},
                                    {400, 301}, {1, 1},     {200, 151}};
    for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
        g_auto(Run) run = {0};
        for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
            add(&run, variant("v", i % 2 ? SP_OUTPUT_JPEG : SP_OUTPUT_WEBP, widths[i]));
        g_assert_true(make(&run, 400, 301, n_planes, PICTURE_WAVES));
        for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
            g_assert_cmpuint(run.made[i].width, ==, want[i][0]);
            g_assert_cmpuint(run.made[i].height, ==, want[i][1]);
            g_assert_cmpfloat(run.made[i].quality, ==, 80);
            g_assert_cmpuint(run.made[i].encodes, ==, 1);
        }
    }
}

/* What a variant is, said by the parts: a resize of the finished picture, one encode. */
static void
test_equals_parts(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(Run) run = {0};
        add(&run, variant("small", format, 150));
        g_assert_true(make(&run, 401, 299, 3, PICTURE_NOISE));
        g_auto(SpPicture) whole = {0}, small = {0};
        picture_make(&whole, 401, 299, 2, 3, PICTURE_NOISE, 0);
        g_assert_true(sp_resize_picture(&whole, (SpRegion){0, 0, 401, 299}, (SpSize){150, 112},
                                        &small, NULL));
        assert_encodes_to(&small, &run.request->variants[0], run.made[0].bytes);
    }
}

static void
test_max_height(void)
{
    g_auto(Run) run = {0};
    add(&run, variant("wide", SP_OUTPUT_JPEG, 400));
    SpVariant low = variant("low", SP_OUTPUT_JPEG, 400);
    low.max_height = 100;
    add(&run, low);
    g_assert_true(make(&run, 400, 300, 3, PICTURE_WAVES));
    g_assert_cmpuint(run.made[0].height, ==, 300);
    g_assert_cmpuint(run.made[1].height, ==, 100);
    g_assert_cmpuint(run.made[1].width, ==, 133);
}

/* ---- budgets ------------------------------------------------------------------------------
 */

static gsize
size_at(guint32 format, guint width, guint height, double quality)
{
    g_auto(Run) run = {0};
    SpVariant v = variant("v", format, width);
    v.quality = v.min_quality = quality;
    add(&run, v);
    g_assert_true(make(&run, width, height, 3, PICTURE_NOISE));
    return g_bytes_get_size(run.made[0].bytes);
}

/* Between the bytes at min-quality and at quality, quality alone pays, and fills the limit. */
static void
test_quality_pays(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        gsize least = size_at(format, 400, 300, 45), most = size_at(format, 400, 300, 80);
        for (guint share = 5; share <= 95; share += 15) {
            g_auto(Run) run = {0};
            SpVariant v = variant("v", format, 400);
            v.max_bytes = (guint32)(least + (most - least) * share / 100);
            add(&run, v);
            g_assert_true(make(&run, 400, 300, 3, PICTURE_NOISE));
            g_assert_cmpuint(run.made[0].width, ==, 400);
            g_assert_cmpfloat(run.made[0].quality, <, 80);
            g_assert_cmpuint(run.made[0].encodes, <=, 6);
            g_assert_cmpuint(g_bytes_get_size(run.made[0].bytes), >=,
                             v.max_bytes / 100 * (gsize)93);
        }
    }
}

/* ---- quality by the eye -------------------------------------------------------------------
 */

static SpVariant
auto_variant(guint32 format)
{
    SpVariant v = variant("v", format, 400);
    v.quality = SP_QUALITY_AUTO;
    v.target = 75;
    v.min_quality = 20;
    v.background = 0x336699;
    return v;
}

/* What is chosen looks as it should, in few encodes; grey and transparent pictures too. The
 * file is what the encoder makes at that quality, with any number of threads. */
static void
test_auto(void)
{
    static const guint planes[] = {1, 3, 4};
    for (guint i = 0; i < G_N_ELEMENTS(planes); i++) {
        g_auto(Run) run = {0}, aside = {0};
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
            add(&run, auto_variant(format));
            add(&aside, auto_variant(format));
        }
        aside.request->threads = 2;
        g_assert_true(make(&run, 400, 301, planes[i], PICTURE_NOISE));
        g_assert_true(make(&aside, 400, 301, planes[i], PICTURE_NOISE));
        for (guint k = 0; k < SP_OUTPUT_COUNT; k++) {
            g_assert_cmpuint(run.made[k].encodes, <=, SP_AIM_MOST);
            g_assert_true(g_bytes_equal(run.made[k].bytes, aside.made[k].bytes));
            g_test_message("%u planes, format %u: q %g, %u encodes", planes[i], k,
                           run.made[k].quality, run.made[k].encodes);
            if (planes[i] == 4)
                continue;
            g_auto(SpPicture) picture = {0}, shown = {0};
            g_auto(SpLikeness) likeness = {0};
            double score = 0;
            picture_make(&picture, 400, 301, 2, planes[i], PICTURE_NOISE, 0);
            SpVariant chosen = run.request->variants[k];
            chosen.quality = run.made[k].quality;
            assert_encodes_to(&picture, &chosen, run.made[k].bytes);
            g_assert_true(sp_readback(run.made[k].bytes, k, &shown, NULL));
            g_assert_true(sp_likeness_init(&likeness, &picture, NULL));
            g_assert_true(sp_likeness_measure(&likeness, &shown, &score, NULL));
            g_assert_cmpfloat(score, >=, 68);
            if (chosen.quality > chosen.min_quality)
                g_assert_cmpfloat(score, <=, 82);
        }
    }
}

/* The budget binds what was chosen; what it takes is quality first, then the size. */
static void
test_auto_fits(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (guint share = 10; share <= 100; share += 15) {
            g_auto(Run) free = {0}, run = {0};
            add(&free, auto_variant(format));
            g_assert_true(make(&free, 400, 300, 3, PICTURE_NOISE));
            SpVariant v = auto_variant(format);
            v.max_bytes = (guint32)g_bytes_get_size(free.made[0].bytes) * share / 100;
            add(&run, v);
            g_assert_true(make(&run, 400, 300, 3, PICTURE_NOISE));
            g_assert_cmpfloat(run.made[0].quality, <=, free.made[0].quality);
            g_assert_cmpuint(run.made[0].encodes, <=, SP_AIM_MOST + SP_BUDGET_MOST_IN_ALL);
            if (share == 100)
                g_assert_true(g_bytes_equal(run.made[0].bytes, free.made[0].bytes));
        }
}

static void
test_exactly_the_limit(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(Run) fits = {0}, over = {0};
        SpVariant v = variant("v", format, 200);
        v.max_bytes = (guint32)size_at(format, 200, 150, 80);
        add(&fits, v);
        v.max_bytes--;
        add(&over, v);
        g_assert_true(make(&fits, 200, 150, 3, PICTURE_NOISE));
        g_assert_cmpfloat(fits.made[0].quality, ==, 80);
        g_assert_cmpuint(fits.made[0].encodes, ==, 1);
        g_assert_true(make(&over, 200, 150, 3, PICTURE_NOISE));
        g_assert_cmpfloat(over.made[0].quality, <, 80);
    }
}

/* One variant too large at min-quality: its size shrinks, for all of that size; others do not.
 * Whichever comes first in the preset. */
static void
test_group_shrinks(void)
{
    for (guint32 tight = 0; tight < SP_OUTPUT_COUNT; tight++)
        for (guint first = 0; first < 2; first++) {
            g_auto(Run) run = {0};
            SpVariant v = variant("tight", tight, 400);
            v.max_bytes = 20000;
            SpVariant loose = variant("loose", !tight, 400);
            add(&run, first ? v : loose);
            add(&run, variant("small", SP_OUTPUT_JPEG, 150));
            add(&run, first ? loose : v);
            g_assert_true(make(&run, 400, 300, 3, PICTURE_NOISE));
            const SpMade *of_tight = &run.made[first ? 0 : 2];
            const SpMade *of_loose = &run.made[first ? 2 : 0];
            g_assert_cmpuint(of_tight->width, <, 400);
            g_assert_cmpuint(of_tight->width, ==, of_loose->width);
            g_assert_cmpuint(of_tight->height, ==, of_loose->height);
            g_assert_cmpuint(of_tight->height, ==, lround(300.0 * of_tight->width / 400));
            g_assert_cmpfloat(of_loose->quality, ==, 80);
            g_assert_cmpuint(of_loose->encodes, >=, 2); /* made anew at the smaller size */
            g_assert_cmpuint(run.made[1].width, ==, 150);
            g_assert_cmpuint(run.made[1].encodes, ==, 1);
        }
}

/* No more pixels are given away than it takes. */
/* Where quality is fixed, the size fills the limit: to 0.46 of it, before a fifth encode was
 * spent on that. What is tried last and is too large is not what comes out. */
static void
test_fixed_quality(void)
{
    static const PictureKind kinds[] = {PICTURE_NOISE, PICTURE_WAVES};
    static const double qualities[] = {45, 80, 100};
    for (guint32 tight = 0; tight < SP_OUTPUT_COUNT; tight++)
        for (guint i = 0; i < G_N_ELEMENTS(kinds) * G_N_ELEMENTS(qualities); i++)
            for (guint limit = 3000; limit <= 48000; limit *= 2) {
                g_auto(Run) run = {0};
                SpVariant v = variant("tight", tight, 400);
                v.max_bytes = limit;
                v.quality = v.min_quality = qualities[i / G_N_ELEMENTS(kinds)];
                add(&run, v);
                add(&run, variant("loose", !tight, 400));
                run.request->explain = TRUE;
                g_assert_true(make(&run, 400, 300, 3, kinds[i % G_N_ELEMENTS(kinds)]));
                double fill = (double)g_bytes_get_size(run.made[0].bytes) / limit;
                g_test_message("format %u, kind %u, q %g, %u bytes: %u wide, %.2f, %u encodes",
                               tight, kinds[i % G_N_ELEMENTS(kinds)], v.quality, limit,
                               run.made[0].width, fill, run.made[0].encodes);
                g_assert_cmpuint(run.made[0].encodes, <=, SP_BUDGET_MOST_IN_ALL);
                g_assert_cmpuint(run.made[0].width, ==, run.made[1].width);
                g_assert_true(run.made[0].encodes == 1 || fill >= 0.8);
            }
}

static void
test_shrinks_little(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(Run) run = {0};
        SpVariant v = variant("v", format, 400);
        v.max_bytes = 20000;
        add(&run, v);
        g_assert_true(make(&run, 400, 300, 3, PICTURE_NOISE));
        g_assert_cmpuint(g_bytes_get_size(run.made[0].bytes), >=, 16000);
        g_assert_cmpuint(run.made[0].encodes, <=, 4);
    }
}

static void
test_never_over(void)
{
    static const guint32 limits[] = {1000, 5000, 30000, 100000};
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++)
        for (guint n_planes = 1; n_planes <= 3; n_planes += 2) {
            g_auto(Run) run = {0};
            SpVariant webp = variant("webp", SP_OUTPUT_WEBP, 640);
            SpVariant jpeg = variant("jpeg", SP_OUTPUT_JPEG, 640);
            webp.max_bytes = jpeg.max_bytes = limits[i];
            add(&run, webp);
            add(&run, jpeg);
            jpeg.width = 320;
            add(&run, jpeg);
            g_assert_true(make(&run, 640, 480, n_planes, PICTURE_NOISE)); /* checks each */
        }
}

/* With alpha, which costs a WebP the same at every quality. */
static void
test_alpha(void)
{
    static const guint32 limits[] = {9000, 20000, 60000, 16000000};
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_auto(Run) run = {0};
        SpVariant webp = variant("webp", SP_OUTPUT_WEBP, 400);
        SpVariant jpeg = variant("jpeg", SP_OUTPUT_JPEG, 400);
        webp.max_bytes = jpeg.max_bytes = limits[i];
        add(&run, webp);
        add(&run, jpeg);
        webp.width = 150;
        add(&run, webp);
        g_assert_true(make(&run, 400, 300, 4, PICTURE_NOISE)); /* checks each */
        g_assert_cmpuint(run.made[0].width, ==, run.made[1].width);
        g_assert_cmpint(run.made[0].width < 400, ==, limits[i] <= 20000);
        g_assert_nonnull(
            memmem(g_bytes_get_data(run.made[0].bytes, NULL), 64, "ALPH", strlen("ALPH")));
    }
}

/* ---- min-width ----------------------------------------------------------------------------
 */

static void
test_min_width(void)
{
    static const struct {
        guint source, min_width, max_bytes, least; /* least 0: cannot fit */
    } cases[] = {
        {400, 1, 10000, 100},   /* free to shrink */
        {400, 300, 30000, 300}, /* may shrink to there */
        {400, 300, 5000, 0},    /* and no further */
        {400, 400, 20000, 0},   /* not at all */
        {400, 4000, 20000, 0},  /* a narrower source keeps its width, and is refused... */
        {400, 4000, 70000, 400} /* ...or loses quality alone */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Run) run = {0};
        SpVariant v = variant("v", SP_OUTPUT_JPEG, 4000);
        v.min_width = cases[i].min_width;
        v.max_bytes = cases[i].max_bytes;
        add(&run, v);
        gboolean done = make(&run, cases[i].source, 300, 3, PICTURE_NOISE);
        g_test_message("case %u: %u wide", i, run.made[0].width);
        g_assert_cmpint(done, ==, cases[i].least > 0);
        if (done)
            g_assert_cmpuint(run.made[0].width, >=, cases[i].least);
        else
            g_assert_error(run.error, SP_ERROR, SP_ERROR_CANNOT_FIT);
    }
}

/* The strictest min-width of a size counts for all of it. */
static void
test_min_width_of_group(void)
{
    g_auto(Run) run = {0};
    SpVariant tight = variant("tight", SP_OUTPUT_JPEG, 400);
    tight.max_bytes = 5000;
    SpVariant wide = variant("wide", SP_OUTPUT_WEBP, 400);
    wide.min_width = 350;
    add(&run, tight);
    add(&run, wide);
    g_assert_false(make(&run, 400, 300, 3, PICTURE_NOISE));
    g_assert_error(run.error, SP_ERROR, SP_ERROR_CANNOT_FIT);
}

/* Which variant, at what size and quality, by how much: what a sender must be told. */
static void
test_message(void)
{
    static const struct {
        guint32 limit;
        guint min_width;
        const char *parts[4];
    } cases[] = {
        {5000, 400, {"portrait needs ", "at 400 x 300", "quality 45", "the limit is 5000"}},
        {2000, 200, {"portrait needs ", "at 200 x 150", "quality 45", "the limit is 2000"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Run) run = {0};
        add(&run, variant("other", SP_OUTPUT_WEBP, 400));
        SpVariant v = variant("portrait", SP_OUTPUT_JPEG, 400);
        v.max_bytes = cases[i].limit;
        v.min_width = cases[i].min_width;
        add(&run, v);
        g_assert_false(make(&run, 400, 300, 3, PICTURE_NOISE));
        g_assert_error(run.error, SP_ERROR, SP_ERROR_CANNOT_FIT);
        for (guint k = 0; k < G_N_ELEMENTS(cases[i].parts); k++)
            g_assert_nonnull(strstr(run.error->message, cases[i].parts[k]));
        const char *needed = run.error->message + strlen(cases[i].parts[0]);
        g_assert_cmpuint(g_ascii_strtoull(needed, NULL, 10), >, cases[i].limit);
    }
}

/* ---- threads ------------------------------------------------------------------------------
 */

static void
test_threads(void)
{
    Run runs[3] = {0};
    static const guint threads[3] = {1, 4, 16};
    for (guint i = 0; i < 3; i++) {
        for (guint k = 0; k < 8; k++) {
            SpVariant v = variant("v", k % 2, k < 6 ? 300 : 120);
            v.max_bytes = k == 3 ? 9000 : 15000;
            v.quality = 70 + k;
            add(&runs[i], v);
        }
        runs[i].request->threads = threads[i];
        g_assert_true(make(&runs[i], 300, 200, 3, PICTURE_NOISE));
    }
    for (guint i = 1; i < 3; i++)
        for (guint k = 0; k < 8; k++) {
            const SpMade *a = &runs[0].made[k], *b = &runs[i].made[k];
            g_assert_true(g_bytes_equal(a->bytes, b->bytes));
            g_assert_cmpfloat(a->quality, ==, b->quality);
            g_assert_cmpuint(a->encodes, ==, b->encodes);
        }
    for (guint i = 0; i < 3; i++)
        run_clear(&runs[i]);
}

/* ---- sharpening ---------------------------------------------------------------------------
 */

/* Each size once, from a picture that is not; one that was not made smaller never. */
static void
test_sharpen(void)
{
    for (guint reduced = 0; reduced < 2; reduced++) {
        SpSize finished = {401, 299}, upright = {401u << reduced, 299u << reduced};
        g_auto(Run) run = {0};
        add(&run, variant("large", SP_OUTPUT_JPEG, 401));
        add(&run, variant("small", SP_OUTPUT_JPEG, 150));
        run.request->reduction.sharpen = 40;
        g_assert_true(make_from(&run, upright, finished, 3, PICTURE_WAVES));
        g_auto(SpPicture) whole = {0}, small = {0};
        picture_make(&whole, 401, 299, 2, 3, PICTURE_WAVES, 0);
        g_assert_true(sp_resize_picture(&whole, (SpRegion){0, 0, 401, 299}, (SpSize){150, 112},
                                        &small, NULL));
        if (reduced)
            g_assert_true(sp_sharpen(&whole, 40, NULL));
        g_assert_true(sp_sharpen(&small, 40, NULL));
        assert_encodes_to(&whole, &run.request->variants[0], run.made[0].bytes);
        assert_encodes_to(&small, &run.request->variants[1], run.made[1].bytes);
    }
}

/* ---- trace --------------------------------------------------------------------------------
 */

/* Each encode is told, in the same order whatever the threads, and each change of size between
 * those that it parts. */
static void
check_steps(const Run *run)
{
    guint width[3] = {150, 400, 400}, encodes[3] = {0}, changes = 0;
    for (guint i = 0; i < run->trace.n; i++) {
        const SpWireStep *step = &run->trace.steps[i];
        if (step->kind != SP_STEP_ENCODE) {
            g_assert_cmpuint(step->variant, ==, 2);
            g_assert_cmpint(step->kind == SP_STEP_SHRINK, ==, step->width < width[1]);
            width[1] = width[2] = step->width;
            changes++;
            continue;
        }
        g_assert_cmpuint(step->width, ==, width[step->variant]);
        encodes[step->variant]++;
    }
    g_assert_cmpuint(changes, >, 0);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpuint(encodes[i], ==, run->made[i].encodes);
        g_assert_cmpuint(width[i], ==, run->made[i].width);
    }
}

static void
check_kept(Run *run)
{
    guint kept = 0;
    for (guint i = 0; i < 3; i++) {
        const SpMade *made = &run->made[i];
        sp_trace_keep(&run->trace, i,
                      &(SpWireFile){.length = g_bytes_get_size(made->bytes),
                                    .width = made->width,
                                    .height = made->height,
                                    .quality = made->quality});
    }
    for (guint i = 0; i < run->trace.n; i++)
        kept += run->trace.steps[i].flags == SP_WIRE_STEP_KEPT;
    g_assert_cmpuint(kept, ==, 3);
}

static void
test_trace(void)
{
    SpWireTrace traces[2] = {0};
    for (guint i = 0; i < 2; i++) {
        g_auto(Run) run = {0};
        add(&run, variant("small", SP_OUTPUT_WEBP, 150));
        add(&run, variant("loose", SP_OUTPUT_WEBP, 400));
        SpVariant tight = variant("tight", SP_OUTPUT_JPEG, 400);
        tight.max_bytes = 20000;
        add(&run, tight);
        run.request->threads = 1 + i * 3;
        g_assert_true(make(&run, 400, 300, 3, PICTURE_NOISE));
        check_steps(&run);
        check_kept(&run);
        traces[i] = run.trace;
    }
    g_assert_cmpmem(&traces[0], sizeof traces[0], &traces[1], sizeof traces[1]);
}

/* What does not fit tells what was tried. */
static void
test_trace_of_refusal(void)
{
    g_auto(Run) run = {0};
    SpVariant v = variant("v", SP_OUTPUT_JPEG, 400);
    v.max_bytes = 5000;
    v.min_width = 400;
    add(&run, v);
    g_assert_false(make(&run, 400, 300, 3, PICTURE_NOISE));
    g_assert_cmpuint(run.trace.n, >, 0);
    for (guint i = 0; i < run.trace.n; i++) {
        g_assert_cmpuint(run.trace.steps[i].kind, ==, SP_STEP_ENCODE);
        g_assert_cmpuint(run.trace.steps[i].bytes, >, 5000);
    }
}

/* A table that is full says so, and what is measured is brought into its range. */
static void
test_trace_is_bounded(void)
{
    static SpWireTrace trace;
    SpWireStep step = {.kind = SP_STEP_ENCODE, .flags = SP_WIRE_STEP_SCORED, .score = -7};
    sp_trace_add(NULL, &step);
    sp_trace_keep(NULL, 0, NULL);
    for (guint i = 0; i < SP_WIRE_STEPS; i++)
        sp_trace_add(&trace, &step);
    g_assert_cmpuint(trace.cut, ==, 0);
    sp_trace_add(&trace, &step);
    g_assert_cmpuint(trace.cut, ==, 1);
    g_assert_cmpuint(trace.n, ==, SP_WIRE_STEPS);
    g_assert_cmpfloat(trace.steps[0].score, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variants/sizes", test_sizes);
    g_test_add_func("/variants/equals-parts", test_equals_parts);
    g_test_add_func("/variants/max-height", test_max_height);
    g_test_add_func("/variants/auto", test_auto);
    g_test_add_func("/variants/auto-fits", test_auto_fits);
    g_test_add_func("/variants/quality-pays", test_quality_pays);
    g_test_add_func("/variants/exactly-the-limit", test_exactly_the_limit);
    g_test_add_func("/variants/group-shrinks", test_group_shrinks);
    g_test_add_func("/variants/shrinks-little", test_shrinks_little);
    g_test_add_func("/variants/never-over", test_never_over);
    g_test_add_func("/variants/alpha", test_alpha);
    g_test_add_func("/variants/min-width", test_min_width);
    g_test_add_func("/variants/min-width-of-group", test_min_width_of_group);
    g_test_add_func("/variants/message", test_message);
    g_test_add_func("/variants/threads", test_threads);
    g_test_add_func("/variants/sharpen", test_sharpen);
    g_test_add_func("/variants/trace", test_trace);
    g_test_add_func("/variants/trace-of-refusal", test_trace_of_refusal);
    g_test_add_func("/variants/trace-is-bounded", test_trace_is_bounded);
    g_test_add_func("/variants/fixed-quality", test_fixed_quality);
    return g_test_run();
}
