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
 * score annex K's, at all qualities from 20 to 97 to a point.
 *
 * All integers: machines must agree on every step. */
#include "render/jpeg-quant.h"

#define FINE 1024 /* parts of a point of quality, and of a per cent */

/* Chroma's: at half the size; at full size, where a frequency is twice as high for the eye. */
/* clang-format off */
static const guint8 base_luma[64] = {
    14, 19, 26, 34, 40, 47, 54, 61,
    19, 24, 30, 37, 44, 50, 57, 64,
    26, 30, 36, 42, 48, 54, 61, 67,
    34, 37, 42, 47, 53, 59, 65, 71,
    40, 44, 48, 53, 58, 64, 70, 76,
    47, 50, 54, 59, 64, 69, 75, 81,
    54, 57, 61, 65, 70, 75, 81, 86,
    61, 64, 67, 71, 76, 81, 86, 92,
};
static const guint8 base_chroma[2][64] = {
    {
        9, 20, 25, 31, 38, 45, 52, 60,
        20, 23, 29, 35, 41, 48, 56, 63,
        25, 29, 33, 39, 46, 53, 60, 67,
        31, 35, 39, 45, 51, 58, 65, 72,
        38, 41, 46, 51, 57, 64, 70, 78,
        45, 48, 53, 58, 64, 70, 77, 84,
        52, 56, 60, 65, 70, 77, 83, 90,
        60, 63, 67, 72, 78, 84, 90, 97,
    },
    {
        9, 25, 38, 52, 68, 84, 100, 118,
        25, 33, 46, 60, 75, 91, 108, 125,
        38, 46, 57, 70, 85, 101, 118, 135,
        52, 60, 70, 83, 98, 113, 129, 146,
        68, 75, 85, 98, 111, 126, 142, 159,
        84, 91, 101, 113, 126, 141, 156, 173,
        100, 108, 118, 129, 142, 156, 172, 188,
        118, 125, 135, 146, 159, 173, 188, 203,
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
    guint64 fine = (guint64)(CLAMP(quality, 1, 100) * FINE);
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
