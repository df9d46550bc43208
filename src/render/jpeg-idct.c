/* SPDX-License-Identifier: MIT */
/* jpeg-idct.c -- inverse DCTs of a block to 8, 4, 2 or 1 samples a side.
 *
 * First along the columns, with 2 bits behind the point in what they leave, then along the
 * rows. Products of 16 bits and their sums in 32 are exact, so the order does not matter: each
 * output is written down as sums of coefficients times constants, two products at a time.
 *
 * libjpeg-turbo adds some pairs before it multiplies, in 16 bits. So numbers up to MOST are
 * within what all of its code can do; no picture comes near. */
#include "render/jpeg-idct.h"
#include "render/jpeg-vector.h"
#include <string.h>

#define MOST 16383
#define PASS_1 11 /* bits that are rounded off: 13, less 2 */
#define PASS_2 18 /* 13, and 2, and 3 */
/* Up to here in zigzag order, coefficients stand in the first four rows and columns. */
#define FEW 10

gboolean
sp_jpeg_factors_init(SpJpegFactors *factors, const guint16 quant[64])
{
    for (guint i = 0; i < 64; i++) {
        if (quant[i] > 255)
            return FALSE;
        factors->factors[i] = (gint16)quant[i];
        factors->most[i] = (gint16)(MOST / MAX(quant[i], 1));
    }
    return TRUE;
}

INLINE Half
multiplied(const gint16 *block, const SpJpegFactors *factors, gsize row, Mark *bad)
{
    Half values, by, most;
    memcpy(&values, block + 8 * row, sizeof values);
    memcpy(&by, factors->factors + 8 * row, sizeof by);
    memcpy(&most, factors->most + 8 * row, sizeof most);
    *bad |= (Mark)(values > most) | (Mark)(values < -most);
    return (Half)((Mark)values * (Mark)by);
}

/* The uppermost bit of bad, where a number between the passes is too large. */
INLINE Half
watched(Half values, Mark *bad)
{
    *bad |= ((Mark)values + (MOST + 1)) & 0x8000;
    return values;
}

INLINE guint
any(Mark bad)
{
    guint64 halves[2];
    memcpy(halves, &bad, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

INLINE guint8
sample(int v)
{
    v += 128;
    return (guint8)CLAMP(v, 0, 255);
}

INLINE int
rounded(int v, int bits)
{
    return (int)((guint)v + (1u << (bits - 1))) >> bits;
}

/* Nothing but the mean: all samples are the same. */
INLINE guint
flat(const gint16 *block, const SpJpegFactors *factors, guint8 *const *rows, gsize x,
     guint size)
{
    int v = block[0] * factors->factors[0];
    guint8 level = sample(rounded(v, 3));
    for (guint y = 0; y < size; y++)
        memset(rows[y] + x, level, size);
    return ABS(v) > MOST;
}

/* ---- 8 x 8 --------------------------------------------------------------------------------
 */

INLINE void
store_two(Half samples, guint8 *const *rows, gsize x)
{
    typedef guint64 Two __attribute__((vector_size(16)));
    Two two = (Two)((Bytes)samples ^ (gint8)-128);
    guint64 first = two[0], second = two[1];
    memcpy(rows[0] + x, &first, 8);
    memcpy(rows[1] + x, &second, 8);
}

/* columns: [i] is column i. */
INLINE void
store_columns(const Half columns_of[8], guint8 *const *rows, gsize x)
{
    Bytes a[4], b[4];
#define STEP(i) a[i] = bytes_of(columns_of[i], columns_of[(i) + 4]);
    EACH_4(STEP)
#undef STEP
    b[0] = LOW_BYTES(a[0], a[2]); /* 0 and 2 */
    b[1] = HIGH_BYTES(a[0], a[2]);
    b[2] = LOW_BYTES(a[1], a[3]);
    b[3] = HIGH_BYTES(a[1], a[3]);
    a[0] = LOW_BYTES(b[0], b[2]); /* 0 to 3, of rows 0 to 3 */
    a[1] = HIGH_BYTES(b[0], b[2]);
    a[2] = LOW_BYTES(b[1], b[3]); /* 4 to 7 */
    a[3] = HIGH_BYTES(b[1], b[3]);
#define STEP(i)                                                                                \
    store_two(LOW_2(a[i], a[(i) + 2]), rows + (gsize)4 * (i), x);                              \
    store_two(HIGH_2(a[i], a[(i) + 2]), rows + (gsize)4 * (i) + 2, x);
    EACH_2(STEP)
#undef STEP
}

INLINE guint
full_8(const gint16 *block, const SpJpegFactors *factors, guint8 *const *rows, gsize x,
       gboolean few)
{
    Mark bad = {0};
    Half work[8] = {0};
#define STEP(i)                                                                                \
    if ((i) < 4 || !few)                                                                       \
        work[i] = multiplied(block, factors, i, &bad);
    EACH_8(STEP)
#undef STEP
    columns(work, few, few, PASS_1);
#define STEP(i) work[i] = watched(work[i], &bad);
    EACH_8(STEP)
#undef STEP
    transpose(work);
    columns(work, few, FALSE, PASS_2);
    store_columns(work, rows, x);
    return any(bad);
}

static guint
idct_8(const gint16 *block, guint length, const SpJpegFactors *factors, guint8 *const *rows,
       gsize x)
{
    if (length == 1)
        return flat(block, factors, rows, x, 8);
    if (length <= FEW)
        return full_8(block, factors, rows, x, TRUE);
    return full_8(block, factors, rows, x, FALSE);
}

/* ---- 4 x 4 --------------------------------------------------------------------------------
 */

/* Four columns; p0: rows 0 and none. Row 4 has no part in it. */
INLINE void
four(Half p0, Half p26, Half p13, Half p57, gboolean few, int bits, Full out[4])
{
    Full half = (Full){} + (1 << (bits - 1));
    Full s = two_products(p0, PAIR(16384, 0)) + half;
    Full u = two_products(p26, PAIR(15137, -6270));
    Full a = two_products(p13, PAIR(20995, 7373)), b = two_products(p13, PAIR(8697, -17799));
    if (!few) {
        a += two_products(p57, PAIR(-4926, -4176));
        b += two_products(p57, PAIR(11893, -1730));
    }
    out[0] = shifted(s + u + a, bits);
    out[3] = shifted(s + u - a, bits);
    out[1] = shifted(s - u + b, bits);
    out[2] = shifted(s - u - b, bits);
}

INLINE guint
full_4(const gint16 *block, const SpJpegFactors *factors, guint8 *const *rows, gsize x,
       gboolean few)
{
    Mark bad = {0};
    Half in[8] = {0}, work[4], none = {0};
    Full low[4], high[4] = {0}, out[4];
#define STEP(i)                                                                                \
    if ((i) < 4 || (!few && (i) != 4))                                                         \
        in[i] = multiplied(block, factors, i, &bad);
    EACH_8(STEP)
#undef STEP
    four(LOW(in[0], none), LOW(in[2], in[6]), LOW(in[1], in[3]), LOW(in[5], in[7]), few,
         PASS_1 + 1, low);
    if (!few)
        four(HIGH(in[0], none), HIGH(in[2], in[6]), HIGH(in[1], in[3]), HIGH(in[5], in[7]), few,
             PASS_1 + 1, high);
#define STEP(i) work[i] = watched(narrow(low[i], high[i]), &bad);
    EACH_4(STEP)
#undef STEP
    Half a = LOW(work[0], work[1]), b = HIGH(work[0], work[1]);
    Half c = LOW(work[2], work[3]), d = HIGH(work[2], work[3]);
    Half c01 = LOW_2(a, c), c23 = HIGH_2(a, c), c45 = LOW_2(b, d), c67 = HIGH_2(b, d);
    four(LOW(c01, none), LOW(c23, c67), HIGH(c01, c23), HIGH(c45, c67), few, PASS_2 + 1, out);
    a = narrow(out[0], out[1]);
    b = narrow(out[2], out[3]);
    c = LOW(a, b);
    d = HIGH(a, b);
    guint32 four_samples = 0;
    Bytes samples = bytes_of(LOW(c, d), HIGH(c, d)) ^ (gint8)-128;
#define STEP(i)                                                                                \
    four_samples = ((Full)samples)[i];                                                         \
    memcpy(rows[i] + x, &four_samples, 4);
    EACH_4(STEP)
#undef STEP
    return any(bad);
}

static guint
idct_4(const gint16 *block, guint length, const SpJpegFactors *factors, guint8 *const *rows,
       gsize x)
{
    if (length == 1)
        return flat(block, factors, rows, x, 4);
    if (length <= FEW)
        return full_4(block, factors, rows, x, TRUE);
    return full_4(block, factors, rows, x, FALSE);
}

/* ---- 2 x 2, and 1 -------------------------------------------------------------------------
 */

/* Rows and columns 2, 4 and 6 have no part in it. */
static guint
idct_2(const gint16 *block, guint length, const SpJpegFactors *factors, guint8 *const *rows,
       gsize x)
{
    if (length == 1)
        return flat(block, factors, rows, x, 2);
    Mark bad = {0};
    Half in[8], none = {0};
    Full even[2], odd[2], half = (Full){} + (1 << (PASS_1 + 1));
    in[0] = multiplied(block, factors, 0, &bad);
#define STEP(i) in[2 * (i) + 1] = multiplied(block, factors, 2 * (i) + 1, &bad);
    EACH_4(STEP)
#undef STEP
    even[0] = two_products(LOW(in[0], none), PAIR(16384, 0)) * 2 + half;
    even[1] = two_products(HIGH(in[0], none), PAIR(16384, 0)) * 2 + half;
    odd[0] = two_products(LOW(in[1], in[3]), PAIR(29692, -10426)) +
             two_products(LOW(in[5], in[7]), PAIR(6967, -5906));
    odd[1] = two_products(HIGH(in[1], in[3]), PAIR(29692, -10426)) +
             two_products(HIGH(in[5], in[7]), PAIR(6967, -5906));
    for (guint i = 0; i < 2; i++) {
        Full low = i == 0 ? even[0] + odd[0] : even[0] - odd[0];
        Full high = i == 0 ? even[1] + odd[1] : even[1] - odd[1];
        Half work = watched(narrow(shifted(low, PASS_1 + 2), shifted(high, PASS_1 + 2)), &bad);
        Full sums = two_products(work, (Half){0, 29692, 0, -10426, 0, 6967, 0, -5906});
        guint32 mean = (guint32)work[0] * 32768;
        guint32 slope = sums[0] + sums[1] + sums[2] + sums[3];
        rows[i][x] = sample(rounded((gint32)(mean + slope), PASS_2 + 2));
        rows[i][x + 1] = sample(rounded((gint32)(mean - slope), PASS_2 + 2));
    }
    return any(bad);
}

/* libjpeg has this one sample at a time, and takes it modulo 1024. */
static guint
idct_1(const gint16 *block, guint length G_GNUC_UNUSED, const SpJpegFactors *factors,
       guint8 *const *rows, gsize x)
{
    int v = block[0] * factors->factors[0];
    rows[0][x] = sample(rounded(v, 3));
    return ABS(v) > 8 * 511 - 4;
}

SpJpegIdct
sp_jpeg_idct_of(guint size)
{
    static const SpJpegIdct idcts[9] = {[1] = idct_1, [2] = idct_2, [4] = idct_4, [8] = idct_8};
    return size < G_N_ELEMENTS(idcts) ? idcts[size] : NULL;
}
