/* SPDX-License-Identifier: MIT */
/* jpeg-vector.h -- eight numbers of 16 bits at a time, for a block's DCTs and quantising.
 *
 * What is one instruction of SSE2 and not one of the compilers' vectors has a second form here,
 * of plain C, with the same results. */
#ifndef SP_RENDER_JPEG_VECTOR_H
#define SP_RENDER_JPEG_VECTOR_H
#include <glib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
G_BEGIN_DECLS

/* gcc 12 keeps an array in memory where a loop goes over it, and unrolls it too late to know
 * better: so there are no loops over vectors. */
#define EACH_2(step) step(0) step(1)
#define EACH_4(step) EACH_2(step) step(2) step(3)
#define EACH_8(step) EACH_4(step) step(4) step(5) step(6) step(7)
#define INLINE static inline __attribute__((always_inline))

typedef gint16 Half __attribute__((vector_size(16)));  /* 8 of 16 bits */
typedef guint16 Mark __attribute__((vector_size(16))); /* the same, of marks */
typedef guint32 Full __attribute__((vector_size(16))); /* 4 of 32 bits, which may wrap */
typedef gint32 Signed __attribute__((vector_size(16)));
typedef gint8 Bytes __attribute__((vector_size(16)));

#ifdef __SSE2__
INLINE Full
two_products(Half a, Half b)
{
    return (Full)_mm_madd_epi16((__m128i)a, (__m128i)b);
}

INLINE Half
narrow(Full a, Full b)
{
    return (Half)_mm_packs_epi32((__m128i)a, (__m128i)b);
}

INLINE Bytes
bytes_of(Half a, Half b)
{
    return (Bytes)_mm_packs_epi16((__m128i)a, (__m128i)b);
}

/* The upper halves of products. */
INLINE Mark
high_products(Mark a, Mark b)
{
    return (Mark)_mm_mulhi_epu16((__m128i)a, (__m128i)b);
}

/* Which of 16 are not 0: bit 0 is the first. */
INLINE guint
marked(Half a, Half b)
{
    __m128i none = _mm_cmpeq_epi8(_mm_packs_epi16((__m128i)a, (__m128i)b), (__m128i)(Half){0});
    return (guint)_mm_movemask_epi8(none) ^ 0xFFFF;
}
#else
INLINE Full
two_products(Half a, Half b)
{
    Full sums;
    for (guint i = 0; i < 4; i++)
        sums[i] = (guint32)(a[2 * i] * b[2 * i]) + (guint32)(a[2 * i + 1] * b[2 * i + 1]);
    return sums;
}

INLINE Half
narrow(Full a, Full b)
{
    Half both;
    for (guint i = 0; i < 8; i++)
        both[i] = (gint16)CLAMP((gint32)(i < 4 ? a[i] : b[i - 4]), G_MININT16, G_MAXINT16);
    return both;
}

INLINE Bytes
bytes_of(Half a, Half b)
{
    Bytes both;
    for (guint i = 0; i < 16; i++)
        both[i] = (gint8)CLAMP(i < 8 ? a[i] : b[i - 8], G_MININT8, G_MAXINT8);
    return both;
}

INLINE Mark
high_products(Mark a, Mark b)
{
    Mark high;
    for (guint i = 0; i < 8; i++)
        high[i] = (guint16)((guint)a[i] * b[i] >> 16);
    return high;
}

INLINE guint
marked(Half a, Half b)
{
    guint set = 0;
    for (guint i = 0; i < 16; i++)
        set |= (guint)((i < 8 ? a[i] : b[i - 8]) != 0) << i;
    return set;
}
#endif

#define PAIR(a, b) ((Half){a, b, a, b, a, b, a, b})
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW_2(a, b) ((Half)__builtin_shufflevector((Full)(a), (Full)(b), 0, 4, 1, 5))
#define HIGH_2(a, b) ((Half)__builtin_shufflevector((Full)(a), (Full)(b), 2, 6, 3, 7))
#define LOW_4(a, b) ((Half)__builtin_shufflevector((Full)(a), (Full)(b), 0, 1, 4, 5))
#define HIGH_4(a, b) ((Half)__builtin_shufflevector((Full)(a), (Full)(b), 2, 3, 6, 7))
#define LOW_BYTES(a, b)                                                                        \
    __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_BYTES(a, b)                                                                       \
    __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

INLINE Full
shifted(Full v, int bits)
{
    return (Full)((Signed)v >> bits);
}

INLINE void
transpose(Half rows[8])
{
    Half a[8], b[8];
#define STEP(i)                                                                                \
    a[2L * (i)] = LOW(rows[2L * (i)], rows[2L * (i) + 1]);                                     \
    a[2L * (i) + 1] = HIGH(rows[2L * (i)], rows[2L * (i) + 1]);
    EACH_4(STEP)
#undef STEP
#define STEP(i)                                                                                \
    b[4L * (i)] = LOW_2(a[4L * (i)], a[4L * (i) + 2]);                                         \
    b[4L * (i) + 1] = HIGH_2(a[4L * (i)], a[4L * (i) + 2]);                                    \
    b[4L * (i) + 2] = LOW_2(a[4L * (i) + 1], a[4L * (i) + 3]);                                 \
    b[4L * (i) + 3] = HIGH_2(a[4L * (i) + 1], a[4L * (i) + 3]);
    EACH_2(STEP)
#undef STEP
#define STEP(i)                                                                                \
    rows[2L * (i)] = LOW_4(b[i], b[(i) + 4]);                                                  \
    rows[2L * (i) + 1] = HIGH_4(b[i], b[(i) + 4]);
    EACH_4(STEP)
#undef STEP
}

/* ---- one pass of an inverse DCT of 8 ------------------------------------------------------
 */

/* Four columns, from pairs of rows (0 and 4, 2 and 6, 1 and 3, 5 and 7); few: rows 4 to 7 are
 * empty. */
INLINE void
eight(Half p04, Half p26, Half p13, Half p57, gboolean few, int bits, Full out[8])
{
    Full half = (Full){} + (1 << (bits - 1));
    Full s = two_products(p04, PAIR(8192, 8192)) + half;
    Full d = few ? s : two_products(p04, PAIR(8192, -8192)) + half;
    Full u = two_products(p26, PAIR(10703, 4433)), v = two_products(p26, PAIR(4433, -10704));
    Full a = two_products(p13, PAIR(11363, 9633)), b = two_products(p13, PAIR(9633, -2259));
    Full c = two_products(p13, PAIR(6437, -11362)), e = two_products(p13, PAIR(2260, -6436));
    if (!few) {
        a += two_products(p57, PAIR(6437, 2260));
        b += two_products(p57, PAIR(-11362, -6436));
        c += two_products(p57, PAIR(2261, 9633));
        e += two_products(p57, PAIR(9633, -11363));
    }
    out[0] = shifted(s + u + a, bits);
    out[7] = shifted(s + u - a, bits);
    out[1] = shifted(d + v + b, bits);
    out[6] = shifted(d + v - b, bits);
    out[2] = shifted(d - v + c, bits);
    out[5] = shifted(d - v - c, bits);
    out[3] = shifted(s - u + e, bits);
    out[4] = shifted(s - u - e, bits);
}

/* Eight columns, of which the last four stay empty when there are few to begin with. */
INLINE void
columns(Half rows[8], gboolean few, gboolean half_empty, int bits)
{
    Full low[8], high[8] = {0};
    eight(LOW(rows[0], rows[4]), LOW(rows[2], rows[6]), LOW(rows[1], rows[3]),
          LOW(rows[5], rows[7]), few, bits, low);
    if (!half_empty)
        eight(HIGH(rows[0], rows[4]), HIGH(rows[2], rows[6]), HIGH(rows[1], rows[3]),
              HIGH(rows[5], rows[7]), few, bits, high);
#define STEP(i) rows[i] = narrow(low[i], high[i]);
    EACH_8(STEP)
#undef STEP
}

G_END_DECLS
#endif
