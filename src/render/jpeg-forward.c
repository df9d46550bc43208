/* SPDX-License-Identifier: MIT */
/* jpeg-forward.c -- the forward DCT of a block of 8 x 8 samples, and a way back.
 *
 * Along the rows, then down the columns; eight at once, so what is to go along the rows is
 * turned over before and after. Loeffler, Ligtenberg and Moschytz' (ICASSP 1989) constants with
 * 13 bits, written down as sums of samples times constants, as in jpeg-idct.c. Both passes make
 * numbers larger by the root of 8, and the first leaves bits behind the point: as many as fit
 * into 16 bits. */
#include "render/jpeg-forward.h"
#include "render/jpeg-vector.h"
#include <string.h>

#define BITS 13
#define EXTRA 2      /* bits behind the point between the passes */
#define EXTRA_WIDE 1 /* of samples with one bit more */
/* Inverse: the first pass leaves what it gets, so the second takes the factor 8 of both passes
 * and that of coefficients. */
#define INVERSE_1 13
#define INVERSE_2 (13 + 6)

typedef struct {
    Half low, high; /* of two rows, side by side */
} Pair;

INLINE Pair
pair_of(Half a, Half b)
{
    return (Pair){LOW(a, b), HIGH(a, b)};
}

INLINE Half
sums_of_two(Pair p, Half by, int bits)
{
    Full half = (Full){} + (1 << (bits - 1));
    return narrow(shifted(two_products(p.low, by) + half, bits),
                  shifted(two_products(p.high, by) + half, bits));
}

INLINE Half
sums_of_four(Pair p, Pair q, Half by_p, Half by_q, int bits)
{
    Full half = (Full){} + (1 << (bits - 1));
    Full low = two_products(p.low, by_p) + two_products(q.low, by_q);
    Full high = two_products(p.high, by_p) + two_products(q.high, by_q);
    return narrow(shifted(low + half, bits), shifted(high + half, bits));
}

/* first: what comes out has `extra` bits behind the point; else what goes in has them, and they
 * are rounded off. */
INLINE void
pass(Half v[8], gboolean first, int extra)
{
    int bits = first ? BITS - extra : BITS + extra;
    gint16 half = (gint16)(1 << (extra - 1));
    Half s0 = v[0] + v[7], s1 = v[1] + v[6], s2 = v[2] + v[5], s3 = v[3] + v[4];
    Pair d01 = pair_of(v[0] - v[7], v[1] - v[6]), d23 = pair_of(v[2] - v[5], v[3] - v[4]);
    Half a = s0 + s3, b = s1 + s2;
    Pair even = pair_of(s0 - s3, s1 - s2);
    v[0] = first ? (a + b) << extra : (a + b + half) >> extra;
    v[4] = first ? (a - b) << extra : (a - b + half) >> extra;
    v[2] = sums_of_two(even, PAIR(10703, 4433), bits);
    v[6] = sums_of_two(even, PAIR(4433, -10704), bits);
    v[1] = sums_of_four(d01, d23, PAIR(11363, 9633), PAIR(6437, 2260), bits);
    v[3] = sums_of_four(d01, d23, PAIR(9633, -2259), PAIR(-11362, -6436), bits);
    v[5] = sums_of_four(d01, d23, PAIR(6437, -11362), PAIR(2261, 9633), bits);
    v[7] = sums_of_four(d01, d23, PAIR(2260, -6436), PAIR(9633, -11363), bits);
}

INLINE void
transform(Half v[8], int extra, gint16 ret_coefficients[64])
{
    transpose(v);
    pass(v, TRUE, extra);
    transpose(v);
    pass(v, FALSE, extra);
    memcpy(ret_coefficients, v, 8 * sizeof v[0]);
}

void
sp_jpeg_forward(const guint8 *const rows[8], gsize x, gint16 ret_coefficients[64])
{
    Half v[8];
#define STEP(i)                                                                                \
    {                                                                                          \
        Bytes row = {0};                                                                       \
        memcpy(&row, rows[i] + x, 8);                                                          \
        v[i] = (Half)LOW_BYTES(row, (Bytes){0}) - 128;                                         \
    }
    EACH_8(STEP)
#undef STEP
    transform(v, EXTRA, ret_coefficients);
}

void
sp_jpeg_forward_wide(const gint16 samples[64], gint16 ret_coefficients[64])
{
    Half v[8];
    memcpy(v, samples, sizeof v);
    transform(v, EXTRA_WIDE, ret_coefficients);
}

void
sp_jpeg_inverse_wide(const gint16 coefficients[64], gint16 ret_samples[64])
{
    Half v[8];
    memcpy(v, coefficients, sizeof v);
    columns(v, FALSE, FALSE, INVERSE_1);
    transpose(v);
    columns(v, FALSE, FALSE, INVERSE_2);
    transpose(v);
    memcpy(ret_samples, v, sizeof v);
}
