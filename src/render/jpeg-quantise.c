/* SPDX-License-Identifier: MIT */
/* jpeg-quantise.c -- which coefficients a block keeps.
 *
 * Rate and distortion are weighed as in Ramchandran and Vetterli, "Rate-distortion optimal fast
 * thresholding with complete JPEG/MPEG decoder compatibility" (1994): the best way to end with
 * some coefficient continues the best way to end with one before it. Only coefficients that do
 * not round to 0 take part, and what is given up is counted as a difference to all being 0: so
 * a block with n of them takes at most n * n / 2 steps, and most have few. */
#include "render/jpeg-quantise.h"
#include "render/jpeg-blocks.h"
#include "render/jpeg-forward.h"
#include "render/jpeg-vector.h"
#include <string.h>

#define STEP 256L    /* of the quantiser, of errors */
#define FAR 16       /* steps: what is larger is never given up */
#define MOST_AC 1023 /* ITU-T T.81, table F.2 */
#define MOST_DC 1023 /* so that two differ by what table F.1 has */
#define LEAST_COUNTED (STEP * 11 / 16)
#define ZERO_RUN 0xF0 /* sixteen zeros */

/* Positions in rows, as they stand in zigzag order; a set of positions is 64 bits. */
static const guint8 places[64] = {
    0,  1,  5,  6,  14, 15, 27, 28, 2,  4,  7,  13, 16, 26, 29, 42, 3,  8,  12, 17, 25, 30,
    41, 43, 9,  11, 18, 24, 31, 40, 44, 53, 10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38,
    46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59, 61, 35, 36, 48, 49, 57, 58, 62, 63,
};

/* (n + half) * inverse >> 16, times scale >> 16, is n over step, rounded, for n below 2^15 less
 * half: inverse is 2^(16 + bits) / step, rounded up, and at least 2^15. */
void
sp_jpeg_steps_init(SpJpegSteps *steps, const guint16 quant[64])
{
    for (guint i = 0; i < 64; i++) {
        guint step = quant[i] * (guint)SP_JPEG_ONE;
        guint bits = sp_jpeg_size_of(step - 1) - 1;
        steps->inverse[i] = (guint16)((((guint64)1 << (16 + bits)) + step - 1) / step);
        steps->scale[i] = (guint16)(1u << (16 - bits));
        steps->half[i] = (guint16)(step / 2);
        steps->fine[places[i]] = (1u << 24) / step;
    }
}

void
sp_jpeg_rates_init(SpJpegRates *rates, const SpJpegCounts *counts)
{
    guint32 of[SP_JPEG_SYMBOLS];
    sp_jpeg_symbol_rates(counts->symbols, of);
    for (guint size = 1; size < SP_JPEG_AC_SIZES; size++)
        for (guint run = 0; run < 64; run++)
            rates->rates[size][run] = (gint32)(run / 16 * of[ZERO_RUN] +
                                               of[run % 16 << 4 | size] + size * SP_JPEG_BIT);
    rates->end = (gint32)of[0];
}

/* Magnitudes, rounded, in rows; returns where they are not 0, in zigzag order. */
INLINE guint64
rounded_levels(const gint16 block[64], const SpJpegSteps *steps, guint16 levels[64])
{
    guint64 rows = 0, set = 0;
    for (gsize i = 0; i < 64; i += 16) {
        Mark two[2];
        for (gsize k = 0; k < 2; k++) {
            Half v, sign;
            Mark inverse, scale, half;
            memcpy(&v, block + i + 8 * k, sizeof v);
            memcpy(&inverse, steps->inverse + i + 8 * k, sizeof inverse);
            memcpy(&scale, steps->scale + i + 8 * k, sizeof scale);
            memcpy(&half, steps->half + i + 8 * k, sizeof half);
            sign = v >> 15;
            two[k] = high_products((Mark)((v ^ sign) - sign) + half, inverse);
            two[k] = high_products(two[k], scale);
        }
        memcpy(levels + i, two, sizeof two);
        rows |= (guint64)marked((Half)two[0], (Half)two[1]) << i;
    }
    for (; rows != 0; rows &= rows - 1)
        set |= (guint64)1 << places[__builtin_ctzll(rows)];
    return set;
}

INLINE void
put(gint16 levels[64], const gint16 block[64], guint place, guint level)
{
    guint i = sp_jpeg_zigzag[place];
    levels[i] = (gint16)(block[i] < 0 ? -(gint)level : (gint)level);
}

void
sp_jpeg_round(const gint16 block[64], const SpJpegSteps *steps, gint16 ret_levels[64])
{
    guint16 levels[64];
    guint64 set = rounded_levels(block, steps, levels);
    memset(ret_levels, 0, 64 * sizeof *ret_levels);
    for (; set != 0; set &= set - 1) {
        guint place = (guint)__builtin_ctzll(set);
        put(ret_levels, block, place, levels[sp_jpeg_zigzag[place]]);
    }
}

/* A coefficient's magnitude, in parts of STEP. */
INLINE guint
magnitude(const gint16 block[64], const SpJpegSteps *steps, guint place)
{
    gint v = block[sp_jpeg_zigzag[place]];
    return (guint)((guint64)ABS(v) * steps->fine[place] >> 16);
}

void
sp_jpeg_count(const gint16 block[64], const SpJpegSteps *steps, SpJpegCounts *counts)
{
    guint16 levels[64];
    guint64 set = rounded_levels(block, steps, levels) & ~(guint64)1;
    guint before = 0;
    for (; set != 0; set &= set - 1) {
        guint place = (guint)__builtin_ctzll(set);
        if (magnitude(block, steps, place) < LEAST_COUNTED)
            continue;
        guint run = place - before - 1;
        guint level = MIN(levels[sp_jpeg_zigzag[place]], MOST_AC);
        counts->symbols[ZERO_RUN] += run / 16;
        counts->symbols[run % 16 << 4 | sp_jpeg_size_of(level)]++;
        before = place;
    }
    counts->symbols[0] += before < 63;
}

/* The best way to end with some coefficient. */
typedef struct {
    gint64 cost; /* above that of giving up everything so far */
    guint place, level;
    guint before; /* which way it continues */
} Way;

/* The best way that ends with this level, and continues one of n. */
INLINE void
extend(Way *ways, guint n, guint level, gint64 error, const SpJpegRates *rates, guint look_back)
{
    Way *way = &ways[n];
    const gint32 *rate = rates->rates[sp_jpeg_size_of(level)];
    guint first = n > look_back ? n - look_back : 0;
    for (guint i = n; i-- > first;) {
        gint64 cost = ways[i].cost + rate[way->place - ways[i].place - 1] + error;
        if (cost >= way->cost)
            continue;
        way->cost = cost;
        way->level = level;
        way->before = i;
    }
}

/* x: in parts of STEP. */
INLINE gint64
worth_of(gint64 x, guint worth)
{
    return x * x * worth / (STEP * STEP / SP_JPEG_BIT);
}

void
sp_jpeg_choose(const gint16 block[64], const SpJpegSteps *steps, const SpJpegRates *rates,
               const SpJpegTrade *trade, gint16 ret_levels[64])
{
    guint16 levels[64];
    Way ways[64];
    guint64 set = rounded_levels(block, steps, levels);
    memset(ret_levels, 0, 64 * sizeof *ret_levels);
    put(ret_levels, block, 0, MIN(levels[0], MOST_DC));
    guint n = 1, last = 0;
    gint64 least = rates->end;
    ways[0] = (Way){0};
    for (set &= ~(guint64)1; set != 0; set &= set - 1, n++) {
        Way *way = &ways[n];
        way->place = (guint)__builtin_ctzll(set);
        way->cost = G_MAXINT64;
        guint level = MIN(levels[sp_jpeg_zigzag[way->place]], MOST_AC);
        gint64 x = magnitude(block, steps, way->place);
        extend(ways, n, level, worth_of(x - STEP * level, trade->worth), rates,
               trade->look_back);
        if (level > 1 && (level & (level - 1)) == 0) /* one less has a bit less */
            extend(ways, n, level - 1, worth_of(x - STEP * (level - 1), trade->worth), rates,
                   trade->look_back);
        way->cost -= worth_of(MIN(x, FAR * STEP), trade->worth);
        gint64 cost = way->cost + (way->place < 63 ? rates->end : 0);
        if (cost < least) {
            least = cost;
            last = n;
        }
    }
    for (guint i = last; i != 0; i = ways[i].before)
        put(ret_levels, block, ways[i].place, ways[i].level);
}
