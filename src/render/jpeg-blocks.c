/* SPDX-License-Identifier: MIT */
/* jpeg-blocks.c -- coefficients of a baseline JPEG's one scan, block by block.
 *
 * The data between two markers, an interval, are copied without their stuffing into a window, a
 * piece at a time. Behind it are zeros: as many as the bits that an MCU can take, whatever it
 * is made of. So there is one look at where we are for each MCU: before it, that the window has
 * that much, or the interval's end; behind it, that this was not passed. */
#include "render/jpeg-blocks.h"
#include <string.h>

#define WINDOW 16384
/* Bits of a block: a code and a difference, then up to 64 steps of a code and a value, of
 * which the last may be an end behind 63 coefficients; bytes, and what is read ahead. */
#define BLOCK_BITS (27 + 64 * 26)
#define MCU_BYTES (SP_JPEG_MCU_BLOCKS * BLOCK_BITS / 8 + 24)

const guint8 sp_jpeg_zigzag[128] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
};

/* Bits in hand: the first is the most significant; behind those that we have may stand some of
 * what follows. */
typedef struct {
    guint64 bits;
    guint have;       /* of them; at most 63 */
    const guint8 *at; /* in the window: what follows */
} Bits;

struct SpJpegBlocks {
    SpJpegScan scan;
    guint slice;       /* the one in hand */
    const guint8 *in;  /* in it: what has not been copied */
    const guint8 *end; /* of it */
    Bits bits;
    const guint8 *data_end; /* of the interval's data in the window */
    gboolean is_last;       /* the interval has no more */
    guint marker;           /* behind it; 0 when there was none */
    guint left;             /* MCUs to the next restart */
    guint done;             /* MCUs */
    gint predictions[4];
    guint8 window[WINDOW + MCU_BYTES];
};
G_STATIC_ASSERT(sizeof(SpJpegBlocks) <= SP_JPEG_BLOCKS_BYTES);

/* ---- the window ---------------------------------------------------------------------------
 */

/* One run of bytes without FF, or a stuffed FF, or a marker, or the next slice. */
static guint8 *
copy_some(SpJpegBlocks *blocks, guint8 *out, gsize room)
{
    gsize n = MIN((gsize)(blocks->end - blocks->in), room);
    if (blocks->in == blocks->end) {
        blocks->is_last = blocks->slice + 1 >= blocks->scan.n_slices;
        if (!blocks->is_last) {
            SpSlice slice = blocks->scan.slices[++blocks->slice];
            blocks->in = slice.bytes;
            blocks->end = slice.bytes + slice.n;
        }
        return out;
    }
    const guint8 *stop = memchr(blocks->in, 0xFF, n);
    gsize run = stop == NULL ? n : (gsize)(stop - blocks->in);
    memcpy(out, blocks->in, run);
    blocks->in += run;
    out += run;
    if (stop == NULL)
        return out;
    gboolean has_next = blocks->end - stop >= 2;
    if (has_next && stop[1] == 0) {
        *out++ = 0xFF;
        blocks->in += 2;
        return out;
    }
    blocks->is_last = TRUE;
    blocks->marker = has_next ? stop[1] : 0;
    blocks->in += has_next ? 2 : 1;
    return out;
}

/* Put what has not been read to the window's front, and more behind it. Whole bytes in hand go
 * back. */
static void
fill_window(SpJpegBlocks *blocks)
{
    Bits *bits = &blocks->bits;
    bits->at -= bits->have / 8;
    bits->have %= 8;
    bits->bits &= ~(G_MAXUINT64 >> bits->have);
    gsize left = (gsize)(blocks->data_end - bits->at);
    guint8 *out = blocks->window;
    memmove(out, bits->at, left);
    bits->at = out;
    guint8 *full = out + WINDOW;
    for (out += left; out < full && !blocks->is_last;)
        out = copy_some(blocks, out, (gsize)(full - out));
    blocks->data_end = out;
    memset(out, 0, MCU_BYTES);
}

/* Bits of the interval that have not been read, once all of it is in the window; less than none
 * when more were read than there are. */
static gssize
bits_left(const SpJpegBlocks *blocks)
{
    return (blocks->data_end - blocks->bits.at) * 8 + (gssize)blocks->bits.have;
}

/* The interval ends here, but for what fills up its last byte, and that marker follows. */
static gboolean
ends_with(SpJpegBlocks *blocks, guint marker)
{
    if (!blocks->is_last)
        fill_window(blocks);
    gssize left = bits_left(blocks);
    return blocks->is_last && left >= 0 && left < 8 && blocks->marker == marker;
}

static void
begin_interval(SpJpegBlocks *blocks)
{
    blocks->bits = (Bits){.at = blocks->window};
    blocks->data_end = blocks->window;
    blocks->is_last = FALSE;
    blocks->marker = 0;
    blocks->left = blocks->scan.restart_interval;
    memset(blocks->predictions, 0, sizeof blocks->predictions);
    fill_window(blocks);
}

/* ---- blocks -------------------------------------------------------------------------------
 */

/* At least 56 bits are in hand then. */
static inline void
refill(Bits *bits)
{
    guint64 next = 0;
    memcpy(&next, bits->at, sizeof next);
    bits->bits |= GUINT64_FROM_BE(next) >> bits->have;
    bits->at += (63 - bits->have) >> 3;
    bits->have |= 56;
}

static inline void
take(Bits *bits, guint n)
{
    bits->bits <<= n;
    bits->have -= n;
}

static inline gboolean
read_difference(Bits *bits, const SpJpegDcTable *table, gint *prediction)
{
    guint difference = table->look[bits->bits >> (64 - SP_JPEG_DC_LOOK)];
    if (G_UNLIKELY(difference == 0)) {
        difference = sp_jpeg_dc_long(table, (guint)(bits->bits >> (64 - SP_JPEG_MAX_CODE)));
        if (difference == 0)
            return FALSE;
    }
    guint code = difference & 255, size = difference >> 8;
    *prediction += sp_jpeg_value(bits->bits << code, size);
    take(bits, code + size);
    return *prediction == (gint16)*prediction;
}

/* gcc 12 makes "rep stos" of a memset of this size, which takes longer to begin with. */
static inline void
clear(gint16 *block)
{
    typedef guint64 Two __attribute__((vector_size(16), aligned(2), may_alias));
    Two *to = (Two *)(void *)block;
    to[0] = to[1] = to[2] = to[3] = to[4] = to[5] = to[6] = to[7] = (Two){0};
}

typedef struct {
    guint k;         /* where the next coefficient stands in zigzag order */
    SpJpegStep step; /* the last one */
    guint from;      /* where it began */
    Bits before;
} Walk;

/* Writes two coefficients, whether the step has two or not: what stands there then is written
 * later. */
static inline gboolean
read_step(Bits *bits, const SpJpegAcTable *table, Walk *walk, gint16 *block)
{
    SpJpegStep step = table->look[bits->bits >> (64 - SP_JPEG_AC_LOOK)];
    const guint8 *zigzag = sp_jpeg_zigzag + walk->k;
    int value = SP_JPEG_STEP_VALUE(step);
    if (G_UNLIKELY(step == 0)) {
        step = sp_jpeg_ac_long(table, (guint)(bits->bits >> (64 - SP_JPEG_MAX_CODE)));
        if (step == 0)
            return FALSE;
    }
    if (SP_JPEG_STEP_IS_OPEN(step)) {
        guint size = (guint)SP_JPEG_STEP_VALUE(step);
        value = sp_jpeg_value(bits->bits << (SP_JPEG_STEP_BITS(step) - size), size);
    }
    block[zigzag[SP_JPEG_STEP_RUN(step)]] = (gint16)value;
    block[zigzag[SP_JPEG_STEP_SECOND(step)]] = SP_JPEG_STEP_VALUE_2(step);
    walk->before = *bits;
    walk->from = walk->k;
    walk->step = step;
    walk->k += SP_JPEG_STEP_TO(step);
    take(bits, SP_JPEG_STEP_BITS(step));
    return TRUE;
}

/* Length of the block, or 0. Where the last step took a code of the next block for its second,
 * that is given back. */
static inline guint
read_block(Bits *in, const SpJpegBlockCodes *codes, gint *prediction, gint16 *block)
{
    Bits bits = *in;
    Walk walk = {.k = 1};
    refill(&bits);
    if (!read_difference(&bits, codes->dc, prediction))
        return 0;
    clear(block);
    block[0] = (gint16)*prediction;
    do {
        refill(&bits);
        if (!read_step(&bits, codes->ac, &walk, block))
            return 0;
        if (walk.k < SP_JPEG_BLOCK && !read_step(&bits, codes->ac, &walk, block))
            return 0;
    } while (walk.k < SP_JPEG_BLOCK);
    if (G_UNLIKELY(SP_JPEG_STEP_IS_TWO(walk.step) &&
                   walk.from + SP_JPEG_STEP_RUN(walk.step) + 1 == SP_JPEG_BLOCK)) {
        bits = walk.before;
        take(&bits, SP_JPEG_STEP_ONE(walk.step));
        walk.k = SP_JPEG_BLOCK;
    }
    *in = bits;
    guint length = walk.k & (SP_JPEG_END - 1);
    return length <= SP_JPEG_BLOCK ? length : 0;
}

/* n MCUs, of which none begins an interval. */
static gboolean
read_mcus(SpJpegBlocks *blocks, guint n, gint16 *block, guint8 *length)
{
    const SpJpegScan *scan = &blocks->scan;
    for (guint i = 0; i < n; i++) {
        if (blocks->data_end - blocks->bits.at < MCU_BYTES && !blocks->is_last)
            fill_window(blocks);
        for (guint k = 0; k < scan->n_blocks; k++, block += SP_JPEG_BLOCK) {
            const SpJpegBlockCodes *codes = &scan->blocks[k];
            guint found =
                read_block(&blocks->bits, codes, &blocks->predictions[codes->component], block);
            if (found == 0)
                return FALSE;
            *length++ = (guint8)found;
        }
        if (bits_left(blocks) < 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
restart(SpJpegBlocks *blocks)
{
    const SpJpegScan *scan = &blocks->scan;
    guint number = blocks->done / scan->restart_interval - 1;
    if (!ends_with(blocks, 0xD0 + number % 8))
        return FALSE;
    begin_interval(blocks);
    return TRUE;
}

gboolean
sp_jpeg_blocks_read(SpJpegBlocks *blocks, guint n, gint16 *ret_blocks, guint8 *ret_lengths)
{
    const SpJpegScan *scan = &blocks->scan;
    g_return_val_if_fail(n <= scan->n_mcus - blocks->done, FALSE);
    while (n > 0) {
        guint now = n;
        if (scan->restart_interval > 0) {
            if (blocks->left == 0 && !restart(blocks))
                return FALSE;
            now = MIN(n, blocks->left);
            blocks->left -= now;
        }
        if (!read_mcus(blocks, now, ret_blocks, ret_lengths))
            return FALSE;
        ret_blocks += (gsize)now * scan->n_blocks * SP_JPEG_BLOCK;
        ret_lengths += (gsize)now * scan->n_blocks;
        blocks->done += now;
        n -= now;
    }
    return TRUE;
}

gboolean
sp_jpeg_blocks_end(SpJpegBlocks *blocks)
{
    return blocks->done == blocks->scan.n_mcus && ends_with(blocks, 0xD9);
}

/* ---- life cycle ---------------------------------------------------------------------------
 */

SpJpegBlocks *
sp_jpeg_blocks_new(const SpJpegScan *scan)
{
    SpJpegBlocks *blocks = g_new(SpJpegBlocks, 1);
    blocks->scan = *scan;
    blocks->slice = 0;
    blocks->done = 0;
    blocks->in = scan->slices[0].bytes;
    blocks->end = blocks->in + scan->slices[0].n;
    begin_interval(blocks);
    return blocks;
}

void
sp_jpeg_blocks_free(SpJpegBlocks *blocks)
{
    g_free(blocks);
}
