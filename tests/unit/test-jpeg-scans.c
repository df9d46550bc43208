/* SPDX-License-Identifier: MIT */
/* test-jpeg-scans.c -- what scans cost, and which are chosen. That they say the same whichever
 * are, test-encode.c says. */
#include "render/jpeg-blocks.h"
#include "render/jpeg-scans.h"
#include <math.h>
#include <string.h>

static void
test_rates(void)
{
    guint32 counts[SP_JPEG_SYMBOLS] = {0}, rates[SP_JPEG_SYMBOLS];
    for (guint i = 1; i < 200; i++)
        counts[i] = i * i * i;
    sp_jpeg_symbol_rates(counts, rates);
    double sum = 1;
    for (guint i = 0; i < SP_JPEG_SYMBOLS; i++)
        sum += counts[i];
    for (guint i = 1; i < 200; i++) {
        double bits = MIN(16, log2(sum / counts[i]));
        g_assert_cmpfloat(fabs(rates[i] / (double)SP_JPEG_BIT - bits), <, 0.01);
    }
    g_assert_cmpuint(rates[0], ==, 16UL * SP_JPEG_BIT);
    memset(counts, 0, sizeof counts);
    counts[7] = 100;
    sp_jpeg_symbol_rates(counts, rates);
    g_assert_cmpuint(rates[7], ==, SP_JPEG_BIT); /* no code is shorter */
    g_assert_cmpuint(rates[8], >, 9UL * SP_JPEG_BIT);
}

/* Blocks by hand: the symbols of ITU-T T.81, G.1.2. */
static void
test_symbols(void)
{
    SpJpegScanCounts counts = {0};
    gint16 block[64] = {0};
    block[0] = 500;
    sp_jpeg_scans_count(&counts, block); /* nothing, */
    sp_jpeg_scans_count(&counts, block); /* twice */
    block[sp_jpeg_zigzag[2]] = -5;       /* one zero, three bits */
    block[sp_jpeg_zigzag[30]] = 3;       /* 27 zeros, two bits */
    block[sp_jpeg_zigzag[63]] = 1;
    sp_jpeg_scans_count(&counts, block);
    const SpJpegScanCount *all = &counts.bands[0][0], *low = &counts.bands[0][1],
                          *shifted = &counts.bands[1][0], *refined = &counts.refinements[0];
    g_assert_cmpuint(all->symbols[0x10], ==,
                     1); /* two or three blocks end, and a bit says so */
    g_assert_cmpuint(all->symbols[0x13], ==, 1);
    g_assert_cmpuint(all->symbols[0xF0], ==, 3); /* of 27 zeros, and of 32 */
    g_assert_cmpuint(all->symbols[0xB2], ==, 1);
    g_assert_cmpuint(all->symbols[0x01], ==, 1);
    g_assert_cmpuint(all->bits, ==, 1 + 3 + 2 + 1);
    g_assert_cmpuint(all->ended, ==, 0);
    g_assert_cmpuint(low->symbols[0x13], ==, 1); /* up to 8: the rest is the next one's */
    g_assert_cmpuint(low->bits, ==, 1 + 3);
    g_assert_cmpuint(low->ended, ==, 1);
    g_assert_cmpuint(shifted->symbols[0x12], ==, 1);
    g_assert_cmpuint(shifted->symbols[0xB1], ==, 1);
    g_assert_cmpuint(shifted->ended, ==, 1);
    /* Of 5 and 3 a bit each; 60 zeros, not counting them, and the 1's sign. */
    g_assert_cmpuint(refined->symbols[0xF0], ==, 3);
    g_assert_cmpuint(refined->symbols[0xC1], ==, 1);
    g_assert_cmpuint(refined->bits, ==, 1 + 1 + 1 + 1);
}

/* Dense blocks of large coefficients against few small ones. */
static void
test_choice(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    SpJpegScanCounts dense = {0}, sparse = {0};
    for (guint n = 0; n < 5000; n++) {
        gint16 block[64] = {0};
        block[sp_jpeg_zigzag[1 + n % 3]] = (gint16)(n % 50 == 0);
        sp_jpeg_scans_count(&sparse, block);
        for (guint i = 1; i < 64; i++)
            block[sp_jpeg_zigzag[i]] = (gint16)(g_rand_int_range(rand, -200, 200) / (gint)i);
        sp_jpeg_scans_count(&dense, block);
    }
    SpJpegScanChoice choice = sp_jpeg_scans_choose(&sparse);
    g_assert_cmpuint(choice.shift, ==, 0);
    g_assert_cmpuint(choice.way, ==, 0);
    choice = sp_jpeg_scans_choose(&dense);
    g_assert_cmpuint(choice.shift, >, 0);
}

static void
test_script(void)
{
    SpJpegScanChoice choices[3] = {{2, 1}, {1, 0}, {0, 2}};
    jpeg_scan_info scans[SP_JPEG_MOST_SCANS];
    int n = sp_jpeg_scans_write(choices, 3, scans);
    g_assert_cmpint(n, ==, 2 + 3 + 2 + 3);
    for (guint i = 0; i < 3; i++)
        choices[i] = (SpJpegScanChoice){SP_JPEG_MOST_SHIFT, 1};
    g_assert_cmpint(sp_jpeg_scans_write(choices, 3, scans), <=, SP_JPEG_MOST_SCANS);
    g_assert_cmpint(sp_jpeg_scans_write(choices, 1, scans), ==, 1 + 2 + 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-scans/rates", test_rates);
    g_test_add_func("/jpeg-scans/symbols", test_symbols);
    g_test_add_func("/jpeg-scans/choice", test_choice);
    g_test_add_func("/jpeg-scans/script", test_script);
    return g_test_run();
}
