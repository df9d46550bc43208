/* SPDX-License-Identifier: MIT */
/* jpeg-scans.c -- in which scans a progressive JPEG sends its coefficients. */
#include "render/jpeg-scans.h"
#include "render/jpeg-blocks.h"
#include <string.h>

/* Where the first band of each way ends: the first has no second. */
static const guint8 ends[SP_JPEG_WAYS] = {63, 8, 2};

#define OVERHEAD (8UL * (10 + 21)) /* bits: SOS of one component, DHT without its symbols */
#define MOST_ENDED 0x7FFF          /* ITU-T T.81, table G.1 */

/* A coefficient that is not 0. */
typedef struct {
    guint8 at; /* in zigzag order */
    guint16 level;
} Entry;

static guint
list(const gint16 block[64], Entry entries[64])
{
    guint n = 0;
    for (guint i = 1; i < 64; i++) {
        gint v = block[sp_jpeg_zigzag[i]];
        entries[n] = (Entry){(guint8)i, (guint16)ABS(v)};
        n += v != 0;
    }
    return n;
}

static void
flush(SpJpegScanCount *count)
{
    if (count->ended == 0)
        return;
    guint bits = sp_jpeg_size_of(count->ended) - 1;
    count->symbols[bits << 4]++;
    count->bits += bits;
    count->ended = 0;
}

static void
end_block(SpJpegScanCount *count)
{
    if (++count->ended == MOST_ENDED)
        flush(count);
}

static void
add(SpJpegScanCount *count, guint run, guint size)
{
    flush(count);
    count->symbols[0xF0] += run / 16;
    count->symbols[run % 16 << 4 | size]++;
    count->bits += size;
}

/* Returns how many entries lie in the band. */
static guint
count_band(SpJpegScanCount *count, const Entry *entries, guint n, guint first, guint last,
           guint shift)
{
    guint before = first - 1, i = 0;
    for (; i < n && entries[i].at <= last; i++) {
        guint level = entries[i].level >> shift;
        if (level == 0)
            continue;
        add(count, entries[i].at - before - 1, sp_jpeg_size_of(level));
        before = entries[i].at;
    }
    if (before < last)
        end_block(count);
    return i;
}

/* The bit number shift of all that has none above it, and of what has. */
static void
count_refinement(SpJpegScanCount *count, const Entry *entries, guint n, guint shift)
{
    guint before = 0, known = 0;
    for (guint i = 0; i < n; i++) {
        guint level = entries[i].level >> shift;
        if (level == 1) {
            add(count, entries[i].at - before - 1 - known, 1);
            before = entries[i].at;
            known = 0;
        } else if (level > 1) {
            count->bits++;
            known++;
        }
    }
    if (before < 63)
        end_block(count);
}

void
sp_jpeg_scans_count(SpJpegScanCounts *counts, const gint16 block[64])
{
    Entry entries[64];
    guint n = list(block, entries);
    for (guint shift = 0; shift <= SP_JPEG_MOST_SHIFT; shift++) {
        SpJpegScanCount *bands = counts->bands[shift];
        count_band(&bands[0], entries, n, 1, 63, shift);
        for (gsize way = 1; way < SP_JPEG_WAYS; way++) {
            guint i = count_band(&bands[2 * way - 1], entries, n, 1, ends[way], shift);
            count_band(&bands[2 * way], entries + i, n - i, ends[way] + 1, 63, shift);
        }
    }
    for (guint shift = 0; shift < SP_JPEG_MOST_SHIFT; shift++)
        count_refinement(&counts->refinements[shift], entries, n, shift);
}

/* Of the scan, with its header and table, in parts of SP_JPEG_BIT. */
static guint64
rate_of(SpJpegScanCount *count)
{
    guint32 rates[SP_JPEG_SYMBOLS];
    flush(count);
    sp_jpeg_symbol_rates(count->symbols, rates);
    guint64 sum = (count->bits + OVERHEAD) * SP_JPEG_BIT;
    for (guint i = 0; i < SP_JPEG_SYMBOLS; i++)
        if (count->symbols[i] > 0)
            sum += 8UL * SP_JPEG_BIT + (guint64)count->symbols[i] * rates[i];
    return sum;
}

SpJpegScanChoice
sp_jpeg_scans_choose(SpJpegScanCounts *counts)
{
    SpJpegScanChoice best = {0, 0};
    guint64 least = G_MAXUINT64, refinements = 0;
    for (guint shift = 0; shift <= SP_JPEG_MOST_SHIFT; shift++) {
        SpJpegScanCount *bands = counts->bands[shift];
        if (shift > 0)
            refinements += rate_of(&counts->refinements[shift - 1]);
        for (gsize way = 0; way < SP_JPEG_WAYS; way++) {
            guint64 rate = refinements + rate_of(way == 0 ? &bands[0] : &bands[2 * way - 1]);
            if (way > 0)
                rate += rate_of(&bands[2 * way]);
            if (rate >= least)
                continue;
            least = rate;
            best = (SpJpegScanChoice){shift, (guint)way};
        }
    }
    return best;
}

int
sp_jpeg_scans_write(const SpJpegScanChoice *choices, guint n_components,
                    jpeg_scan_info ret_scans[SP_JPEG_MOST_SCANS])
{
    int n = 0;
    ret_scans[n++] = (jpeg_scan_info){1, {0}, 0, 0, 0, 0};
    if (n_components == 3)
        ret_scans[n++] = (jpeg_scan_info){2, {1, 2}, 0, 0, 0, 0};
    for (guint i = 0; i < n_components; i++)
        ret_scans[n++] =
            (jpeg_scan_info){1, {(int)i}, 1, ends[choices[i].way], 0, (int)choices[i].shift};
    for (guint i = 0; i < n_components; i++)
        if (choices[i].way > 0)
            ret_scans[n++] = (jpeg_scan_info){1,  {(int)i}, ends[choices[i].way] + 1,
                                              63, 0,        (int)choices[i].shift};
    for (guint shift = SP_JPEG_MOST_SHIFT; shift > 0; shift--)
        for (guint i = 0; i < n_components; i++)
            if (choices[i].shift >= shift)
                ret_scans[n++] =
                    (jpeg_scan_info){1, {(int)i}, 1, 63, (int)shift, (int)shift - 1};
    return n;
}
