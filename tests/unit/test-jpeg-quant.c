/* SPDX-License-Identifier: MIT */
/* test-jpeg-quant.c -- quantisation tables: what every quality promises, and some steps. */
#include "render/jpeg-quant.h"
#include <string.h>

static void
assert_no_coarser(const guint16 now[64], const guint16 last[64])
{
    for (guint i = 0; i < 64; i++) {
        g_assert_cmpuint(now[i], >=, 1);
        g_assert_cmpuint(now[i], <=, last[i]);
    }
}

/* Steps are 1 to 255, never rise with quality, and change often in between. */
static void
test_monotone(void)
{
    for (guint sub = 1; sub <= 2; sub++) {
        SpJpegQuant last = sp_jpeg_quant_tables(1, sub);
        guint changes = 0;
        for (guint i = 0; i < 64; i++) {
            g_assert_cmpuint(last.luma[i], ==, 255);
            g_assert_cmpuint(last.chroma[i], ==, 255);
        }
        for (guint i = 8; i <= 800; i++) {
            SpJpegQuant now = sp_jpeg_quant_tables(i / 8.0, sub);
            assert_no_coarser(now.luma, last.luma);
            assert_no_coarser(now.chroma, last.chroma);
            changes += memcmp(&now, &last, sizeof now) != 0;
            last = now;
        }
        g_assert_cmpuint(changes, >, 600);
    }
}

static void
test_ends(void)
{
    for (guint sub = 1; sub <= 2; sub++) {
        SpJpegQuant best = sp_jpeg_quant_tables(100, sub);
        SpJpegQuant middle = sp_jpeg_quant_tables(50, sub);
        for (guint i = 0; i < 64; i++) {
            g_assert_cmpuint(best.luma[i], ==, 1);
            g_assert_cmpuint(best.chroma[i], ==, 1);
            g_assert_cmpuint(middle.luma[i], ==, sp_jpeg_quant_base(FALSE, sub)[i]);
            g_assert_cmpuint(middle.chroma[i], ==, sp_jpeg_quant_base(TRUE, sub)[i]);
        }
    }
}

/* Of libjpeg's scale: 40 % at quality 80, twice as coarse at 25 as at 50. */
static void
test_scale(void)
{
    const guint8 *base = sp_jpeg_quant_base(FALSE, 2);
    SpJpegQuant usual = sp_jpeg_quant_tables(80, 2), half = sp_jpeg_quant_tables(80.5, 2),
                low = sp_jpeg_quant_tables(25, 2);
    for (guint i = 0; i < 64; i++) {
        g_assert_cmpuint(usual.luma[i], ==, (base[i] * 40 + 50) / 100);
        g_assert_cmpuint(half.luma[i], ==, (base[i] * 39 + 50) / 100);
        g_assert_cmpuint(low.luma[i], ==, MIN(2 * base[i], 255));
    }
}

/* Coarser as frequencies rise, alike along rows and columns; and for chroma at full size. */
static void
test_shape(void)
{
    for (guint sub = 1; sub <= 2; sub++)
        for (gboolean is_chroma = FALSE; is_chroma <= TRUE; is_chroma++) {
            const guint8 *base = sp_jpeg_quant_base(is_chroma, sub);
            for (guint v = 0; v < 8; v++)
                for (guint u = 0; u < 8; u++) {
                    g_assert_cmpuint(base[v * 8 + u], ==, base[u * 8 + v]);
                    if (u > 0)
                        g_assert_cmpuint(base[v * 8 + u], >=, base[v * 8 + u - 1]);
                    g_assert_cmpuint(sp_jpeg_quant_base(is_chroma, 1)[v * 8 + u], >=,
                                     sp_jpeg_quant_base(is_chroma, 2)[v * 8 + u]);
                }
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-quant/monotone", test_monotone);
    g_test_add_func("/jpeg-quant/ends", test_ends);
    g_test_add_func("/jpeg-quant/scale", test_scale);
    g_test_add_func("/jpeg-quant/shape", test_shape);
    return g_test_run();
}
