/* SPDX-License-Identifier: MIT */
/* test-jpeg-quantise.c -- rounding against division, and the choice against every other one. */
#include "render/jpeg-blocks.h"
#include "render/jpeg-forward.h"
#include "render/jpeg-quantise.h"
#include <math.h>
#include <string.h>

/* Of 64 numbers from first on. */
static void
check_rounded(const SpJpegSteps *steps, gint step, gint first)
{
    gint16 block[64], levels[64];
    for (gint i = 0; i < 64; i++)
        block[i] = (gint16)MIN(first + i, 16384);
    sp_jpeg_round(block, steps, levels);
    for (guint i = 0; i < 64; i++) {
        gint v = block[i], d = step * SP_JPEG_ONE, rounded = (ABS(v) + d / 2) / d;
        g_assert_cmpint(levels[i], ==, v < 0 ? -rounded : rounded);
    }
}

static void
test_round(void)
{
    for (guint16 step = 1; step <= 255; step++) {
        guint16 quant[64];
        SpJpegSteps steps;
        for (guint i = 0; i < 64; i++)
            quant[i] = step;
        sp_jpeg_steps_init(&steps, quant);
        for (gint first = -16384; first <= 16384; first += 64)
            check_rounded(&steps, step, first);
    }
}

typedef struct {
    guint16 quant[64];
    gint16 block[64];
    SpJpegSteps steps;
    SpJpegRates rates;
    SpJpegTrade trade;
} Case;

/* Steps and costs like a picture's; of a block, n coefficients that are not small. */
static void
case_init(Case *c, GRand *rand, guint n)
{
    SpJpegCounts counts = {0};
    memset(c, 0, sizeof *c);
    for (guint i = 0; i < 64; i++) {
        c->quant[i] = (guint16)g_rand_int_range(rand, 1, 80);
        c->block[i] = (gint16)g_rand_int_range(rand, -c->quant[i], c->quant[i] + 1);
    }
    for (guint k = 0; k < n; k++) {
        guint i = (guint)g_rand_int_range(rand, 1, 64);
        gint most = 50 * c->quant[i];
        c->block[i] = (gint16)CLAMP(g_rand_int_range(rand, -most, most), -8000, 8000);
    }
    for (guint i = 0; i < SP_JPEG_SYMBOLS; i++)
        counts.symbols[i] =
            (guint32)g_rand_int_range(rand, 0, 1 + 4000 / (gint)(1 + i % 16 * i / 8));
    sp_jpeg_steps_init(&c->steps, c->quant);
    sp_jpeg_rates_init(&c->rates, &counts);
    c->trade = (SpJpegTrade){(guint)g_rand_int_range(rand, 4, 30), 63};
}

/* Rate, and worth of errors, in bits. */
static double
cost_of(const Case *c, const gint16 levels[64])
{
    gint32 rate = 0;
    double error = 0;
    guint before = 0;
    for (guint place = 1; place < 64; place++) {
        guint i = sp_jpeg_zigzag[place], level = (guint)ABS(levels[i]);
        double e = (double)c->block[i] / SP_JPEG_ONE / c->quant[i] - levels[i];
        error += e * e;
        if (level == 0)
            continue;
        rate += c->rates.rates[sp_jpeg_size_of(level)][place - before - 1];
        before = place;
    }
    if (before < 63)
        rate += c->rates.end;
    return rate / (double)SP_JPEG_BIT + error * c->trade.worth;
}

/* Of at most 12 coefficients, the best of all choices is the one. */
static void
test_best_of_all(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1994);
    for (guint n = 0; n < 300; n++) {
        Case c;
        gint16 rounded[64], chosen[64];
        guint places[64], few = 0;
        case_init(&c, rand, n % 12);
        sp_jpeg_round(c.block, &c.steps, rounded);
        sp_jpeg_choose(c.block, &c.steps, &c.rates, &c.trade, chosen);
        for (guint i = 1; i < 64; i++)
            if (rounded[i] != 0)
                places[few++] = i;
        double least = INFINITY;
        for (guint set = 0; set < 1u << few; set++) {
            gint16 levels[64];
            memcpy(levels, rounded, sizeof levels);
            for (guint k = 0; k < few; k++)
                if (set & 1u << k)
                    levels[places[k]] = 0;
            least = MIN(least, cost_of(&c, levels));
        }
        g_assert_cmpfloat(cost_of(&c, chosen), <=, least + 0.3);
        g_assert_cmpint(chosen[0], ==, rounded[0]);
    }
}

/* What is chosen is what was there, or nearer to 0, with its sign; and not only that. */
static void
test_only_less(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(63);
    guint given_up = 0, lowered = 0;
    for (guint n = 0; n < 2000; n++) {
        Case c;
        gint16 rounded[64], chosen[64];
        case_init(&c, rand, n % 64);
        c.trade.look_back = 1 + n % 63;
        sp_jpeg_round(c.block, &c.steps, rounded);
        sp_jpeg_choose(c.block, &c.steps, &c.rates, &c.trade, chosen);
        for (guint i = 0; i < 64; i++) {
            g_assert_cmpint(ABS(chosen[i]), <=, ABS(rounded[i]));
            g_assert_true(chosen[i] == 0 || (chosen[i] < 0) == (rounded[i] < 0));
            given_up += chosen[i] == 0 && rounded[i] != 0;
            lowered += chosen[i] != 0 && chosen[i] != rounded[i];
        }
    }
    g_assert_cmpuint(given_up, >, 1000);
    g_assert_cmpuint(lowered, >, 100);
}

/* The more an error is worth, the less there is of it, down to rounding. */
static void
test_worth(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (guint n = 0; n < 200; n++) {
        Case c;
        gint16 rounded[64], chosen[64];
        case_init(&c, rand, 20);
        sp_jpeg_round(c.block, &c.steps, rounded);
        c.trade.worth = 100000;
        sp_jpeg_choose(c.block, &c.steps, &c.rates, &c.trade, chosen);
        guint kept = 0, small = 0;
        for (guint i = 1; i < 64; i++) {
            kept += chosen[i] != 0;
            small += rounded[i] != 0;
        }
        g_assert_cmpuint(kept + 2, >=, small); /* exactly at a half, either is as good */
        c.trade.worth = 0;
        sp_jpeg_choose(c.block, &c.steps, &c.rates, &c.trade, chosen);
        for (guint i = 1; i < 64; i++)
            g_assert_cmpint(chosen[i], ==, 0);
    }
}

static void
test_count(void)
{
    guint16 quant[64];
    gint16 block[64] = {0};
    SpJpegSteps steps;
    SpJpegCounts counts = {0};
    for (guint i = 0; i < 64; i++)
        quant[i] = 10;
    sp_jpeg_steps_init(&steps, quant);
    sp_jpeg_count(block, &steps, &counts);
    g_assert_cmpuint(counts.symbols[0], ==, 1);
    block[sp_jpeg_zigzag[0]] = 800;     /* DC is not counted */
    block[sp_jpeg_zigzag[3]] = -80 * 5; /* 5: two zeros, three bits */
    block[sp_jpeg_zigzag[24]] = 80;     /* 1: twenty zeros */
    block[sp_jpeg_zigzag[30]] = 80 / 2; /* would be rounded up, but be given up */
    sp_jpeg_count(block, &steps, &counts);
    g_assert_cmpuint(counts.symbols[0x23], ==, 1);
    g_assert_cmpuint(counts.symbols[0xF0], ==, 1);
    g_assert_cmpuint(counts.symbols[0x41], ==, 1);
    g_assert_cmpuint(counts.symbols[0], ==, 2);
    block[sp_jpeg_zigzag[63]] = -80; /* nothing ends */
    sp_jpeg_count(block, &steps, &counts);
    g_assert_cmpuint(counts.symbols[0], ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-quantise/round", test_round);
    g_test_add_func("/jpeg-quantise/best-of-all", test_best_of_all);
    g_test_add_func("/jpeg-quantise/only-less", test_only_less);
    g_test_add_func("/jpeg-quantise/worth", test_worth);
    g_test_add_func("/jpeg-quantise/count", test_count);
    return g_test_run();
}
