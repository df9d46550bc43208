/* SPDX-License-Identifier: MIT */
/* jpeg-codes.c -- Huffman codes of a baseline JPEG as look-up tables. */
#include "render/jpeg-codes.h"
#include <string.h>

/* T.81, annex C.2: codes of one length follow each other, and the first of the next length
 * follows the last of these. */
static gboolean
codes_init(SpJpegCodes *codes, const guint8 counts[17], const guint8 symbols[256],
           guint most_symbol)
{
    guint code = 0, n = 0;
    for (guint length = 1; length <= SP_JPEG_MAX_CODE; length++) {
        codes->offset[length] = (gint32)n - (gint32)code;
        code += counts[length];
        n += counts[length];
        if (n > 256 || code > 1u << length || (counts[length] > 0 && code == 1u << length))
            return FALSE; /* libjpeg, too, wants the code of ones left alone */
        codes->limit[length] = code << (SP_JPEG_MAX_CODE - length);
        code *= 2;
    }
    for (guint i = 0; i < n; i++)
        if (symbols[i] > most_symbol)
            return FALSE;
    memcpy(codes->symbols, symbols, 256);
    return TRUE;
}

/* The length of the code that 16 bits begin with; 0 when it is none. */
static guint
find_code(const SpJpegCodes *codes, guint next, guint *ret_symbol)
{
    guint length = 1;
    while (length <= SP_JPEG_MAX_CODE && next >= codes->limit[length])
        length++;
    if (length > SP_JPEG_MAX_CODE)
        return 0;
    guint code = next >> (SP_JPEG_MAX_CODE - length);
    *ret_symbol = codes->symbols[(code + (guint)codes->offset[length]) & 255];
    return length;
}

SpJpegDifference
sp_jpeg_dc_long(const SpJpegDcTable *table, guint next)
{
    guint symbol = 0;
    guint length = find_code(&table->codes, next, &symbol);
    return length > 0 && symbol <= SP_JPEG_MAX_DC ? (SpJpegDifference)(length | symbol << 8)
                                                  : 0;
}

gboolean
sp_jpeg_dc_table_init(SpJpegDcTable *table, const guint8 counts[17], const guint8 symbols[256])
{
    if (!codes_init(&table->codes, counts, symbols, 15)) /* so libjpeg, used or not */
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(table->look); i++) {
        guint difference = sp_jpeg_dc_long(table, i << (SP_JPEG_MAX_CODE - SP_JPEG_DC_LOOK));
        table->look[i] =
            (difference & 255) <= SP_JPEG_DC_LOOK ? (SpJpegDifference)difference : 0;
    }
    return TRUE;
}

/* ---- AC -----------------------------------------------------------------------------------
 */

static SpJpegStep
step_of(SpJpegStep bits, SpJpegStep run, SpJpegStep second, SpJpegStep to)
{
    return bits | run << 8 | second << 16 | to << 24;
}

/* Without a second one, the coefficient behind the first is set to what it is, 0. */
SpJpegStep
sp_jpeg_ac_long(const SpJpegAcTable *table, guint next)
{
    guint symbol = 0;
    guint length = find_code(&table->codes, next, &symbol);
    guint run = symbol >> 4, size = symbol & 15;
    gboolean is_end = symbol == 0x00, is_run = symbol == 0xF0;
    if (length == 0 || size > SP_JPEG_MAX_AC || (size == 0 && !is_end && !is_run))
        return 0;
    guint to = is_end ? SP_JPEG_END : run + 1;
    return step_of((length + size) | 128, run, run + 1, to) + ((SpJpegStep)1 << 32) * size;
}

/* Where bits, the next ones, have all of an open step. */
static SpJpegStep
closed(SpJpegStep open, guint bits)
{
    guint size = (guint)SP_JPEG_STEP_VALUE(open), taken = SP_JPEG_STEP_BITS(open);
    guint64 value_bits = (guint64)bits << (64 - SP_JPEG_AC_LOOK) << (taken - size);
    guint16 value = (guint16)sp_jpeg_value(value_bits, size);
    return ((guint32)open & ~(guint)128) | (SpJpegStep)value << 32;
}

/* Both together, if they are within what is looked at. */
static SpJpegStep
joined(SpJpegStep one, SpJpegStep two)
{
    guint first = SP_JPEG_STEP_BITS(one), to = SP_JPEG_STEP_TO(one);
    guint both = first + SP_JPEG_STEP_BITS(two);
    if (two == 0 || SP_JPEG_STEP_IS_OPEN(two) || both > SP_JPEG_AC_LOOK || to >= SP_JPEG_END)
        return one;
    return step_of(both | 64 | first << 12, SP_JPEG_STEP_RUN(one), to + SP_JPEG_STEP_RUN(two),
                   to + SP_JPEG_STEP_TO(two)) |
           (SpJpegStep)(guint16)SP_JPEG_STEP_VALUE(one) << 32 |
           (SpJpegStep)(guint16)SP_JPEG_STEP_VALUE(two) << 48;
}

gboolean
sp_jpeg_ac_table_init(SpJpegAcTable *table, const guint8 counts[17], const guint8 symbols[256])
{
    SpJpegStep ones[1 << SP_JPEG_AC_LOOK];
    guint n = G_N_ELEMENTS(ones);
    if (!codes_init(&table->codes, counts, symbols, 255))
        return FALSE;
    for (guint i = 0; i < n; i++) {
        SpJpegStep step = sp_jpeg_ac_long(table, i << (SP_JPEG_MAX_CODE - SP_JPEG_AC_LOOK));
        guint bits = SP_JPEG_STEP_BITS(step), size = (guint)SP_JPEG_STEP_VALUE(step);
        if (bits - size > SP_JPEG_AC_LOOK)
            ones[i] = 0;
        else
            ones[i] = bits <= SP_JPEG_AC_LOOK ? closed(step, i) : step;
    }
    /* What stands behind the first code is looked up with zeros behind it. */
    for (guint i = 0; i < n; i++) {
        gboolean is_open = ones[i] == 0 || SP_JPEG_STEP_IS_OPEN(ones[i]);
        guint behind = i << SP_JPEG_STEP_BITS(ones[i]) & (n - 1);
        table->look[i] = is_open ? ones[i] : joined(ones[i], ones[behind]);
    }
    return TRUE;
}
