/* SPDX-License-Identifier: MIT */
/* gif-lzw.c -- read the codes of a GIF frame for their lengths alone.
 *
 * Decoders of GIFs are lenient: libnsgif gives a frame of which half is missing without a word,
 * as do browsers. So whether a picture is whole must be known before. GIF89a, appendix F: a
 * code stands for a run of pixels, one longer than the run of the code before it; so the length
 * of each is enough to count the pixels. And because the table is empty after a clear code, a
 * colour is in the picture exactly if its own code is among the codes.
 *
 * No decoder reads on behind the end code, so what stands there is looked at, too. Where
 * further pixels stand in place of it, decoders differ in how much of them they want: nobody's
 * slack. */
#include "container/gif-lzw.h"

#define MAX_BITS 12
#define MAX_CODES (1u << MAX_BITS)

typedef struct {
    const guint8 *at, *end; /* borrowed */
    const guint8 *block;    /* borrowed; the length of the sub-block */
    guint n_block;          /* bytes of the sub-block that are to come */
    guint32 bits;           /* read and not used, the first one lowest */
    guint n_bits;
} Reader;

/* The next byte of the sub-blocks; FALSE at their end. */
static gboolean
next_byte(Reader *reader, guint8 *ret_byte)
{
    if (reader->n_block == 0) {
        if (reader->at == reader->end || *reader->at == 0)
            return FALSE;
        reader->block = reader->at;
        reader->n_block = *reader->at++;
    }
    if (reader->at == reader->end)
        return FALSE;
    reader->n_block--;
    *ret_byte = *reader->at++;
    return TRUE;
}

static gboolean
next_code(Reader *reader, guint size, guint *ret_code)
{
    while (reader->n_bits < size) {
        guint8 byte = 0;
        if (!next_byte(reader, &byte))
            return FALSE;
        reader->bits |= (guint32)byte << reader->n_bits;
        reader->n_bits += 8;
    }
    *ret_code = reader->bits & ((1u << size) - 1);
    reader->bits >>= size;
    reader->n_bits -= size;
    return TRUE;
}

/* Step over the end code, and clear codes before it; FALSE when they do not stand there. */
static gboolean
skip_end(Reader *reader, guint min_bits, guint size)
{
    guint clear = 1u << min_bits, code = clear;

    while (code == clear) {
        if (!next_code(reader, size, &code))
            return FALSE;
        size = min_bits + 1;
    }
    return code == clear + 1;
}

/* min_bits: 0 to 11. The codes up to clear stand for a pixel each, the one behind it is the
 * end; the table grows from there. A table that is full stays as it is. */
static SpGifLzwVerdict
scan_codes(Reader *reader, guint min_bits, guint64 n_pixels, SpGifLzw *lzw)
{
    guint16 lengths[MAX_CODES] = {0}; /* at most 4096: a run is one longer than an older one */
    guint clear = 1u << min_bits, n_codes = clear + 2, size = min_bits + 1;
    guint code = 0, last_length = 0; /* 0: none since the last clear */

    for (guint i = 0; i < clear; i++)
        lengths[i] = 1;
    while (next_code(reader, size, &code)) {
        if (code == clear) {
            n_codes = clear + 2;
            size = min_bits + 1;
            last_length = 0;
            continue;
        }
        if (code == clear + 1)
            return SP_GIF_LZW_SHORT;
        if (last_length == 0 ? code > clear : code > n_codes)
            return SP_GIF_LZW_BAD;
        if (last_length != 0 && n_codes < MAX_CODES) {
            lengths[n_codes++] = (guint16)(last_length + 1);
            if (n_codes == 1u << size && size < MAX_BITS)
                size++;
        }
        if (code < clear)
            lzw->used[code & 0xFF] = TRUE;
        last_length = lengths[code];
        if (n_pixels <= last_length) {
            lzw->has_end = skip_end(reader, min_bits, size);
            return SP_GIF_LZW_WHOLE;
        }
        n_pixels -= last_length;
    }
    return SP_GIF_LZW_SHORT;
}

void
sp_gif_lzw_scan(const guint8 *data, gsize n, guint64 n_pixels, SpGifLzw *ret_lzw)
{
    *ret_lzw = (SpGifLzw){.verdict = SP_GIF_LZW_SHORT};
    if (n == 0)
        return;
    Reader reader = {.at = data + 1, .end = data + n};
    ret_lzw->verdict =
        data[0] >= MAX_BITS ? SP_GIF_LZW_BAD : scan_codes(&reader, data[0], n_pixels, ret_lzw);
    if (!ret_lzw->has_end)
        return;
    ret_lzw->n_data = (gsize)(reader.at - data);
    ret_lzw->block_at = (gsize)(reader.block - data);
    guint8 byte = 0;
    while (byte == 0 && next_byte(&reader, &byte))
        continue;
    ret_lzw->has_slack = byte != 0;
}
