/* SPDX-License-Identifier: MIT */
/* test-budget.c -- the search for a quality, against encoders that are formulas.
 *
 * Each formula gives the bytes of a file at a quality; kind ones, and ones that no encoder
 * would dare (flat, steep, stairs, noise, falling). Every search is watched: what it may never
 * do is checked at each step, for all formulas and many limits; how well it does is asked of
 * the kind ones only. */
#include "picture.h"
#include "preset/preset.h"
#include "render/budget.h"
#include <math.h>

#define MOST 5 /* encodes of one search, even of an encoder that no curve fits */

typedef double (*Bytes)(double quality);

/* Between 30 and 90, WebP and JPEG are near to this. */
static double
log_linear(double quality)
{
    return 20000 * exp(0.03 * quality);
}

/* Real encoders bend up at the end. */
static double
bent(double quality)
{
    return log_linear(quality) * (1 + exp((quality - 92) / 3));
}

static double
steep(double quality)
{
    return 2000 * exp(0.09 * quality);
}

static double
gentle(double quality)
{
    return 100000 * exp(0.008 * quality);
}

static double
flat(double quality)
{
    (void)quality;
    return 150000;
}

/* A few bytes up and down, as by the luck of the tables. */
static double
noisy(double quality)
{
    return log_linear(quality) * (1 + 0.04 * sin(quality * 37.7));
}

/* Falls in long stretches, though it rises in all. */
static double
wavy(double quality)
{
    return log_linear(quality) * (1 + 0.3 * sin(quality / 3));
}

static double
stairs(double quality)
{
    return log_linear(10 * floor(quality / 10));
}

static double
cliff(double quality)
{
    return quality < 61.7 ? 30000 : 3000000;
}

static double
falling(double quality)
{
    return 400000 * exp(-0.02 * quality);
}

static double
tiny(double quality)
{
    (void)quality;
    return 0;
}

static const struct {
    const char *name;
    Bytes bytes;
    gboolean rises; /* what fits at a quality fits at every lower one */
    gboolean kind;  /* like a real encoder */
} encoders[] = {
    {"log-linear", log_linear, TRUE, TRUE},
    {"bent", bent, TRUE, TRUE},
    {"steep", steep, TRUE, FALSE},
    {"gentle", gentle, TRUE, FALSE},
    {"flat", flat, TRUE, FALSE},
    {"noisy", noisy, FALSE, FALSE},
    {"wavy", wavy, FALSE, FALSE},
    {"stairs", stairs, TRUE, FALSE},
    {"cliff", cliff, TRUE, FALSE},
    {"falling", falling, FALSE, FALSE},
    {"tiny", tiny, TRUE, FALSE},
};

static const gsize limits[] = {1000,   5000,   20000,  29999,  30000,   60000,
                               100000, 149999, 150000, 180000, 220000,  250000,
                               300000, 400000, 800000, 999999, 2000000, 16000000};

static const double ranges[][2] = {
    {80, 45},  {80, 80}, {80, 79.8}, {80, 1},       {100, 1},
    {100, 45}, {1, 1},   {46, 45},   {60.5, 40.25},
};

typedef struct {
    SpBudget budget;
    guint n;
    double tried[MOST];
    gsize bytes[MOST];
} Search;

/* Run it, and check what must hold at every step. */
static void
run(Search *search, Bytes bytes, gsize limit, double quality, double min_quality)
{
    SpBudget *budget = &search->budget;
    double next = 0;
    *search = (Search){0};
    sp_budget_init(budget, limit, quality, min_quality);
    budget->is_last = TRUE;
    while (sp_budget_next(budget, NULL, &next)) {
        g_assert_cmpuint(search->n, <, MOST);
        g_assert_cmpfloat(next, <=, quality);
        g_assert_cmpfloat(next, >=, min_quality);
        for (guint i = 0; i < search->n; i++)
            g_assert_cmpfloat(next, !=, search->tried[i]);
        search->tried[search->n] = next;
        search->bytes[search->n] = (gsize)bytes(next);
        sp_budget_report(budget, next, search->bytes[search->n++]);
    }
    g_assert_cmpuint(budget->encodes, ==, search->n);
    g_assert_cmpfloat(search->tried[0], ==, quality);
}

/* The best of what was tried is kept, and nothing that is over. */
static void
check_best(const Search *search, double min_quality)
{
    const SpBudget *budget = &search->budget;
    double best = 0, lowest = 101;
    gsize best_bytes = 0;
    for (guint i = 0; i < search->n; i++) {
        lowest = MIN(lowest, search->tried[i]);
        if (search->bytes[i] <= budget->max_bytes && search->tried[i] > best) {
            best = search->tried[i];
            best_bytes = search->bytes[i];
        }
    }
    g_assert_cmpint(budget->fits, ==, best > 0);
    if (budget->fits) {
        g_assert_cmpfloat(budget->best_quality, ==, best);
        g_assert_cmpuint(budget->best_bytes, ==, best_bytes);
        g_assert_cmpuint(budget->best_bytes, <=, budget->max_bytes);
    } else {
        g_assert_cmpfloat(lowest, ==, min_quality); /* not given up before */
    }
}

typedef void (*Check)(const Search *search, guint encoder, double min_quality);

static void
for_all(Check check)
{
    for (guint e = 0; e < G_N_ELEMENTS(encoders); e++)
        for (guint l = 0; l < G_N_ELEMENTS(limits); l++)
            for (guint r = 0; r < G_N_ELEMENTS(ranges); r++) {
                Search search;
                g_test_message("%s, %" G_GSIZE_FORMAT " bytes, %g to %g", encoders[e].name,
                               limits[l], ranges[r][1], ranges[r][0]);
                run(&search, encoders[e].bytes, limits[l], ranges[r][0], ranges[r][1]);
                check(&search, e, ranges[r][1]);
            }
}

static void
check_keeps_best(const Search *search, guint encoder, double min_quality)
{
    (void)encoder;
    check_best(search, min_quality);
}

static void
test_keeps_best(void)
{
    for_all(check_keeps_best);
}

/* What fits at once costs one encode; what fits at all is found. */
static void
check_finds(const Search *search, guint encoder, double min_quality)
{
    const SpBudget *budget = &search->budget;
    if (search->bytes[0] <= budget->max_bytes)
        g_assert_cmpuint(search->n, ==, 1);
    if (encoders[encoder].bytes(min_quality) <= (double)budget->max_bytes)
        g_assert_true(budget->fits);
    if (encoders[encoder].rises && budget->fits && search->n < 3)
        g_assert_true(!budget->has_over || budget->over_quality - budget->best_quality < 1.5 ||
                      (double)budget->best_bytes >= 0.97 * (double)budget->max_bytes);
}

static void
test_finds(void)
{
    for_all(check_finds);
}

/* Kind encoders: the limit is filled, or the quality is as good as the best. From quality 100,
 * where files are several times as large, the encodes run out: no spectrum is known here. */
static void
check_fills(const Search *search, guint encoder, double min_quality)
{
    const SpBudget *budget = &search->budget;
    if (!encoders[encoder].kind || !budget->fits || budget->best_quality == budget->quality)
        return;
    if (budget->quality > 90)
        return;
    double best = min_quality;
    while (best + 0.01 <= budget->quality &&
           encoders[encoder].bytes(best + 0.01) <= (double)budget->max_bytes)
        best += 0.01;
    g_assert_true((double)budget->best_bytes >= 0.97 * (double)budget->max_bytes ||
                  best - budget->best_quality < 1.5);
}

static void
test_fills(void)
{
    for_all(check_fills);
}

static void
test_few_encodes(void)
{
    Search search;
    run(&search, log_linear, 150000, 80, 45); /* fits at 67 */
    g_assert_true(search.budget.fits);
    g_assert_cmpuint(search.n, <=, 3); /* its slope is known from the second on */
    run(&search, bent, 150000, 85, 45);
    g_assert_true(search.budget.fits);
    g_assert_cmpuint(search.n, <=, 4);
    run(&search, flat, 149999, 80, 80);
    g_assert_false(search.budget.fits);
    g_assert_cmpuint(search.n, ==, 1); /* no other quality to try */
}

/* A minimum above the quality is the quality. */
static void
test_crossed_range(void)
{
    SpBudget budget;
    double quality = 0;
    sp_budget_init(&budget, 1000, 50, 60);
    g_assert_true(sp_budget_next(&budget, NULL, &quality));
    g_assert_cmpfloat(quality, ==, 50);
    sp_budget_report(&budget, quality, 2000);
    g_assert_false(sp_budget_next(&budget, NULL, &quality));
    g_assert_false(budget.fits);
}

/* Exactly the limit fits, a byte more does not. */
static void
test_exact(void)
{
    SpBudget budget;
    double quality = 0;
    sp_budget_init(&budget, 1000, 80, 80);
    sp_budget_report(&budget, 80, 1000);
    g_assert_true(budget.fits);
    sp_budget_init(&budget, 1000, 80, 80);
    sp_budget_report(&budget, 80, 1001);
    g_assert_false(budget.fits);
    g_assert_false(sp_budget_next(&budget, NULL, &quality));
}

/* Of qualities that give the same file one is tried. */
static void
test_alike(void)
{
    static const double limits_of_ends[] = {1000, 2000, 6000, 7000, 100000};
    for (guint e = 0; e < G_N_ELEMENTS(encoders); e++)
        for (guint i = 0; i < G_N_ELEMENTS(limits_of_ends); i++) {
            SpBudget budget;
            double quality = 0;
            guint below = 0, above = 0;
            sp_budget_init(&budget, (gsize)limits_of_ends[i], 100, 1);
            budget.is_last = TRUE;
            budget.alike_below = 30;
            budget.alike_above = 90;
            while (sp_budget_next(&budget, NULL, &quality)) {
                below += quality <= 30 ? 1 : 0;
                above += quality >= 90 ? 1 : 0;
                sp_budget_report(&budget, quality,
                                 (gsize)encoders[e].bytes(CLAMP(quality, 30, 90)));
            }
            g_assert_cmpuint(below, <=, 1);
            g_assert_cmpuint(above, ==, 1);
        }
}

/* ---- shrinking ----------------------------------------------------------------------------
 */

/* The middle is aimed at: the factor that it takes, with bytes as 1.7th power of the sides. */
static void
check_shrink(const Search *search, guint encoder, double min_quality)
{
    const SpBudget *budget = &search->budget;
    if (budget->fits)
        return;
    double factor = sp_budget_shrink(budget, NULL);
    g_assert_true(isfinite(factor));
    g_assert_cmpfloat(factor, >, 0);
    if (!encoders[encoder].kind || budget->quality > 90 || min_quality < 40)
        return;
    double middle = (budget->quality + min_quality) / 2;
    double scaled = encoders[encoder].bytes(middle) * pow(factor, 1.7);
    g_assert_cmpfloat(scaled, <=, (double)budget->max_bytes * 1.35);
    g_assert_cmpfloat(scaled, >=, (double)budget->max_bytes * 0.7);
}

static void
test_shrinks(void)
{
    for_all(check_shrink);
}

/* Of bytes as the pixels. */
static void
search_at(SpBudget *budget, Bytes bytes, double factor)
{
    double quality = 0;
    while (sp_budget_next(budget, NULL, &quality))
        sp_budget_report(budget, quality, (gsize)(bytes(quality) * factor * factor));
}

static void
go_on(SpBudget *budget, Bytes bytes, double factor)
{
    sp_budget_restart(budget, NULL);
    g_assert_cmpuint(budget->n_trials, ==, 0);
    g_assert_false(budget->fits || budget->has_over);
    search_at(budget, bytes, factor);
}

/* What is clearly too large is not tried down to min-quality; what comes after is not tried at
 * the preset's quality first. */
static void
test_gives_up_soon(void)
{
    SpBudget budget;
    sp_budget_init(&budget, 20000, 80, 45); /* of 220000 at 80 */
    search_at(&budget, log_linear, 1);
    g_assert_cmpuint(budget.encodes, ==, 1);
    g_assert_true(sp_budget_is_lost(&budget, NULL));
    go_on(&budget, log_linear, sp_budget_shrink(&budget, NULL));
    g_assert_true(budget.fits);
    g_assert_cmpuint(budget.encodes, <=, 4);
    g_assert_cmpfloat(budget.trials[0].quality, <, 70);
    g_assert_cmpuint(budget.best_bytes, >=, 18000);
    /* Unless there is nothing else to give up. */
    sp_budget_init(&budget, 20000, 80, 45);
    budget.is_last = TRUE;
    search_at(&budget, log_linear, 1);
    g_assert_cmpuint(budget.encodes, ==, 2);
    g_assert_cmpfloat(budget.over_quality, ==, 45);
    g_assert_true(sp_budget_is_lost(&budget, NULL));
}

/* Shrinking as often as it takes ends well within the sizes that a group may try, whatever the
 * encoder. */
static void
test_shrinks_enough(void)
{
    for (guint e = 0; e < G_N_ELEMENTS(encoders); e++)
        for (guint l = 0; l < G_N_ELEMENTS(limits); l++) {
            SpBudget budget;
            double factor = 1;
            guint sizes = 0;
            sp_budget_init(&budget, limits[l], 80, 45);
            for (; sizes < 12 && !budget.fits; sizes++) {
                if (sizes > 0)
                    factor *= MIN(0.95, sp_budget_shrink(&budget, NULL));
                if (sizes > 0)
                    go_on(&budget, encoders[e].bytes, factor);
                else
                    search_at(&budget, encoders[e].bytes, 1);
            }
            g_test_message("%s, %" G_GSIZE_FORMAT ": %u sizes", encoders[e].name, limits[l],
                           sizes);
            g_assert_true(budget.fits);
            g_assert_cmpuint(sizes, <=, 5);
        }
}

/* ---- spectra ------------------------------------------------------------------------------
 */

/* Rises with quality, whatever is in it. */
static void
test_spectrum_rises(void)
{
    for (guint kind = 0; kind < 4; kind++)
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
            SpSpectrum spectrum = {.format = format, .in_all = 12288, .blocks = 2048};
            for (guint i = 0; kind > 0 && i < SP_SPECTRUM_BINS; i++)
                spectrum.bins[0][i] = kind == 1 ? 1000 : i / 8 == kind ? 15000 : 0;
            double last = -1e9;
            for (guint eighths = 8; eighths <= 800; eighths++) {
                double bytes = sp_spectrum_bytes(&spectrum, eighths / 8.0);
                g_assert_true(isfinite(bytes));
                g_assert_cmpfloat(bytes, >, last);
                last = bytes;
            }
        }
}

/* An encoder that keeps to its spectrum, and one 20 % steeper. */
static void
test_follows_spectrum(void)
{
    static const double shares[] = {0.95, 0.9, 0.8, 0.7, 0.6};
    SpSpectrum spectrum = {.format = SP_OUTPUT_JPEG, .in_all = 12288, .blocks = 2048};
    for (guint i = 0; i < SP_SPECTRUM_BINS; i++)
        spectrum.bins[0][i] = 200 * (SP_SPECTRUM_BINS - i);
    for (guint steeper = 0; steeper < 2; steeper++)
        for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
            double first = sp_spectrum_bytes(&spectrum, 80), quality = 0;
            SpBudget budget;
            sp_budget_init(&budget, (gsize)(300000 * shares[i]), 80, 20);
            while (sp_budget_next(&budget, &spectrum, &quality)) {
                double log_ratio = sp_spectrum_bytes(&spectrum, quality) - first;
                sp_budget_report(&budget, quality,
                                 (gsize)(300000 * exp(log_ratio * (steeper ? 1.2 : 1))));
            }
            g_assert_cmpuint(budget.encodes, <=, steeper ? 3 : 2);
            g_assert_cmpfloat((double)budget.best_bytes, >=, 0.97 * 300000 * shares[i]);
        }
}

/* Measured: nothing in a flat picture, nothing known of one that has no block. */
static void
test_spectrum_measured(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(SpPicture) flat = {0}, noise = {0}, tiny = {0};
        SpSpectrum of_flat, of_noise, of_tiny;
        picture_make(&flat, 400, 301, 2, 3, PICTURE_FLAT, 0xA5);
        picture_make(&noise, 400, 301, 2, 3, PICTURE_NOISE, 0x5A);
        picture_make(&tiny, 400, 7, 2, 1, PICTURE_NOISE, 0);
        sp_spectrum_measure(&flat, format, &of_flat);
        sp_spectrum_measure(&noise, format, &of_noise);
        sp_spectrum_measure(&tiny, format, &of_tiny);
        for (guint i = 0; i < SP_SPECTRUM_BINS; i++)
            g_assert_cmpuint(of_flat.bins[0][i], ==, 0);
        g_assert_cmpuint(of_noise.blocks, ==, 1850);
        g_assert_cmpuint(of_tiny.blocks, ==, 0);
        g_assert_cmpfloat(sp_spectrum_bytes(&of_noise, 60), >,
                          sp_spectrum_bytes(&of_flat, 60) + 1);
        g_assert_true(isfinite(sp_spectrum_bytes(&of_tiny, 60)));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/budget/keeps-best", test_keeps_best);
    g_test_add_func("/budget/finds", test_finds);
    g_test_add_func("/budget/fills", test_fills);
    g_test_add_func("/budget/few-encodes", test_few_encodes);
    g_test_add_func("/budget/crossed-range", test_crossed_range);
    g_test_add_func("/budget/exact", test_exact);
    g_test_add_func("/budget/alike", test_alike);
    g_test_add_func("/budget/shrinks", test_shrinks);
    g_test_add_func("/budget/shrinks-enough", test_shrinks_enough);
    g_test_add_func("/budget/gives-up-soon", test_gives_up_soon);
    g_test_add_func("/budget/spectrum-rises", test_spectrum_rises);
    g_test_add_func("/budget/follows-spectrum", test_follows_spectrum);
    g_test_add_func("/budget/spectrum-measured", test_spectrum_measured);
    return g_test_run();
}
