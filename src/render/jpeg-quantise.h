/* SPDX-License-Identifier: MIT */
/* jpeg-quantise.h -- which coefficients a block keeps, by what they cost and what they are
 * worth.
 *
 * A block is 64 coefficients in rows, as sp_jpeg_forward() leaves them; what becomes of it is
 * 64 in rows too, in steps of the quantiser. */
#ifndef SP_RENDER_JPEG_QUANTISE_H
#define SP_RENDER_JPEG_QUANTISE_H
#include "render/jpeg-symbols.h"
G_BEGIN_DECLS

#define SP_JPEG_AC_SIZES 11 /* 0 to 10 bits: ITU-T T.81, table F.2 */

typedef struct {
    guint16 inverse[64], scale[64]; /* in rows: what divides by a step */
    guint16 half[64];               /* in rows: of a step */
    guint32 fine[64];               /* in zigzag order: what gives 256ths of a step */
} SpJpegSteps;

/* AC symbols of a sequential scan: run << 4 | size; 0 is the end of a block. */
typedef struct {
    guint32 symbols[SP_JPEG_SYMBOLS];
} SpJpegCounts;

/* What it costs to send something after so many zeros, its sign and bits included. */
typedef struct {
    gint32 rates[SP_JPEG_AC_SIZES][64]; /* of a size and a run, in parts of SP_JPEG_BIT */
    gint32 end;
} SpJpegRates;

typedef struct {
    guint worth;     /* bits that one step of error, squared, is worth */
    guint look_back; /* at most so many coefficients may be given up in a row; 63 is all */
} SpJpegTrade;

/* steps: 1 to 255 each, in rows. */
void sp_jpeg_steps_init(SpJpegSteps *steps, const guint16 quant[64]);
void sp_jpeg_rates_init(SpJpegRates *rates, const SpJpegCounts *counts);

/* Each coefficient to the nearest step, as libjpeg does. */
void sp_jpeg_round(const gint16 block[64], const SpJpegSteps *steps, gint16 ret_levels[64]);

/* The symbols of a block, about as sp_jpeg_choose() will choose them. */
void sp_jpeg_count(const gint16 block[64], const SpJpegSteps *steps, SpJpegCounts *counts);

/* The levels with the least sum of rate and worth of error: each is rounded, or to one bit
 * less, or 0. */
void sp_jpeg_choose(const gint16 block[64], const SpJpegSteps *steps, const SpJpegRates *rates,
                    const SpJpegTrade *trade, gint16 ret_levels[64]);

G_END_DECLS
#endif
