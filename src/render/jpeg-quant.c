/* SPDX-License-Identifier: MIT */
/* jpeg-quant.c -- the quantisation tables of our JPEG files, for any quality.
 *
 * Found for pictures of about 1 024 pixels: steps that grow nearly in proportion to the
 * frequency. The numbers of that line were chosen by a search (CMA-ES) so that bytes at equal
 * SSIMULACRA2 are fewest, over photos and graphics. At equal score the lowest step of all is
 * finer than that of ITU-T T.81 annex K, which keeps skies from banding, and so are the steps
 * of chroma and of high frequencies; those between are coarser.
 *
 * They are scaled by quality as libjpeg scales annex K's, and as a whole by what makes the mean
 * score annex K's, at all qualities from 20 to 97 to half a point.
 *
 * All integers: machines must agree on every step. */
#include "render/jpeg-quant.h"

#define FINE G_GUINT64_CONSTANT(1024) /* parts of a point of quality, and of a per cent */

/* Chroma's: at half the size; at full size, where a frequency is twice as high for the eye. */
/* clang-format off */
static const guint8 base_luma[64] = {
    10, 16, 25, 33, 42, 50, 59, 68,
    16, 22, 30, 38, 46, 55, 64, 73,
    25, 30, 37, 44, 52, 61, 70, 79,
    33, 38, 44, 52, 59, 68, 76, 85,
    42, 46, 52, 59, 67, 75, 84, 92,
    50, 55, 61, 68, 75, 83, 91, 100,
    59, 64, 70, 76, 84, 91, 99, 108,
    68, 73, 79, 85, 92, 100, 108, 116,
};
static const guint8 base_chroma[2][64] = {
    {
        8, 17, 23, 30, 37, 44, 52, 60,
        17, 21, 27, 34, 41, 48, 56, 64,
        23, 27, 33, 39, 46, 53, 61, 69,
        30, 34, 39, 45, 52, 59, 67, 75,
        37, 41, 46, 52, 59, 66, 73, 81,
        44, 48, 53, 59, 66, 73, 80, 88,
        52, 56, 61, 67, 73, 80, 88, 95,
        60, 64, 69, 75, 81, 88, 95, 103,
    },
    {
        8, 32, 52, 73, 96, 120, 144, 170,
        32, 46, 65, 86, 109, 133, 158, 183,
        52, 65, 83, 103, 125, 149, 174, 199,
        73, 86, 103, 123, 145, 168, 192, 217,
        96, 109, 125, 145, 166, 189, 212, 237,
        120, 133, 149, 168, 189, 211, 234, 255,
        144, 158, 174, 192, 212, 234, 255, 255,
        170, 183, 199, 217, 237, 255, 255, 255,
    },
};
/* clang-format on */

const guint8 *
sp_jpeg_quant_base(gboolean is_chroma, guint sub)
{
    return is_chroma ? base_chroma[sub == 1] : base_luma;
}

/* libjpeg's jpeg_quality_scaling(), of real numbers and not rounded down. */
static guint64
scale(double quality)
{
    const guint64 fifty = 50 * FINE, all = 100 * FINE;
    guint64 fine = (guint64)(CLAMP(quality, 1, 100) * (double)FINE);
    return fine < fifty ? fifty * all / fine : 2 * (all - fine);
}

static void
scale_table(const guint8 base[64], guint64 factor, guint16 steps[64])
{
    const guint64 one = 100 * FINE;
    for (guint i = 0; i < 64; i++)
        steps[i] = (guint16)CLAMP((base[i] * factor + one / 2) / one, 1, 255);
}

SpJpegQuant
sp_jpeg_quant_tables(double quality, guint sub)
{
    guint64 factor = scale(quality);
    SpJpegQuant quant;
    scale_table(base_luma, factor, quant.luma);
    scale_table(base_chroma[sub == 1], factor, quant.chroma);
    return quant;
}
