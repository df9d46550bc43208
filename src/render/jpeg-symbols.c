/* SPDX-License-Identifier: MIT */
/* jpeg-symbols.c -- what Huffman codes cost, before there are any. */
#include "render/jpeg-symbols.h"

#define LONGEST (16 * SP_JPEG_BIT)
#define UNSEEN (3 * SP_JPEG_BIT) /* longer than what was seen once */

/* In parts of SP_JPEG_BIT, rounded down; n is not 0. Squared, a mantissa tells the next bit of
 * its logarithm by whether it reaches 2. */
static guint32
logarithm(guint32 n)
{
    guint32 whole = sp_jpeg_size_of(n) - 1;
    guint64 mantissa = (guint64)n << (31 - whole);
    guint32 part = 0;
    for (guint32 bit = SP_JPEG_BIT / 2; bit > 0; bit /= 2) {
        mantissa = mantissa * mantissa >> 31;
        if (mantissa >> 32 == 0)
            continue;
        mantissa >>= 1;
        part += bit;
    }
    return whole * SP_JPEG_BIT + part;
}

void
sp_jpeg_symbol_rates(const guint32 counts[SP_JPEG_SYMBOLS], guint32 ret_rates[SP_JPEG_SYMBOLS])
{
    guint32 sum = 1;
    for (guint i = 0; i < SP_JPEG_SYMBOLS; i++)
        sum += counts[i];
    guint32 all = logarithm(sum);
    for (guint i = 0; i < SP_JPEG_SYMBOLS; i++) {
        guint32 rate = counts[i] == 0 ? all + UNSEEN : all - logarithm(counts[i]);
        ret_rates[i] = CLAMP(rate, SP_JPEG_BIT, LONGEST);
    }
}
