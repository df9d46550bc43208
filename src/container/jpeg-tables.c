/* SPDX-License-Identifier: MIT */
/* jpeg-tables.c -- the tables of a JPEG, by their form and their use.
 *
 * A decoder reads far more than any encoder writes: codes for the same symbol twice, tables
 * that the next one replaces, tables that no component names. All of that is room for something
 * else. A table that is given again, the same to the byte, says nothing new. */
#include "container/jpeg-tables.h"

#include <string.h>

#define DQT 0xDBu
#define DHT 0xC4u
#define DRI 0xDDu
#define PLACES 4 /* of a class */
#define DC 4     /* the first place of that class in SpJpegTables */
#define AC 8
#define MAX_DC_SYMBOL 15

/* Takes the place; FALSE when a table is lost that nobody has read. */
static gboolean
put(SpJpegTables *tables, guint place, SpSlice table)
{
    SpSlice *old = &tables->tables[place];
    gboolean is_same = old->n == table.n && memcmp(old->bytes, table.bytes, table.n) == 0;
    gboolean is_lost = old->n > 0 && !is_same && !(tables->used >> place & 1);
    if (!is_same)
        tables->used &= ~(1u << place);
    *old = table;
    return !is_lost;
}

/* How many bytes the quantisation table has that begins there; 0 when it is none. */
static gsize
quantiser_size(SpSlice rest)
{
    guint width = (rest.bytes[0] >> 4) + 1u;
    gsize n = 1 + (gsize)64 * width;
    if (width > 2 || (rest.bytes[0] & 15) >= PLACES || rest.n < n)
        return 0;
    for (gsize i = 1; i < n; i += width) {
        if (rest.bytes[i] == 0 && (width == 1 || rest.bytes[i + 1] == 0))
            return 0; /* nothing is divided by zero */
    }
    return n;
}

/* Likewise of the codes. No symbol stands there twice, and there are not more codes of a length
 * than there can be. */
static gsize
codes_size(SpSlice rest)
{
    gboolean is_dc = rest.bytes[0] >> 4 == 0, seen[256] = {FALSE};
    guint32 n_symbols = 0, taken = 0;
    if (rest.bytes[0] >> 4 > 1 || (rest.bytes[0] & 15) >= PLACES || rest.n < 17)
        return 0;
    for (guint i = 1; i <= 16; i++) {
        n_symbols += rest.bytes[i];
        taken += (guint32)rest.bytes[i] << (16 - i);
    }
    if (n_symbols > 256 || taken > 1u << 16 || rest.n - 17 < n_symbols)
        return 0;
    for (guint i = 0; i < n_symbols; i++) {
        guint symbol = rest.bytes[17 + i];
        if (seen[symbol] || (is_dc && symbol > MAX_DC_SYMBOL))
            return 0;
        seen[symbol] = TRUE;
    }
    return 17 + n_symbols;
}

static gboolean
add_quantisers(SpJpegTables *tables, SpSlice rest)
{
    gboolean fits = rest.n > 0;
    gsize n = 0;
    for (; rest.n > 0 && (n = quantiser_size(rest)) > 0; rest = sp_slice_behind(rest, n))
        fits = put(tables, rest.bytes[0] & 15, (SpSlice){rest.bytes, n}) && fits;
    return fits && rest.n == 0;
}

static gboolean
add_codes(SpJpegTables *tables, SpSlice rest)
{
    gboolean fits = rest.n > 0;
    gsize n = 0;
    for (; rest.n > 0 && (n = codes_size(rest)) > 0; rest = sp_slice_behind(rest, n)) {
        guint class = rest.bytes[0] >> 4 ? AC : DC;
        fits = put(tables, class + (rest.bytes[0] & 15), (SpSlice){rest.bytes, n}) && fits;
    }
    return fits && rest.n == 0;
}

/* Another interval than the one before it, with no scan in between. */
static gboolean
add_interval(SpJpegTables *tables, SpSlice interval)
{
    SpSlice old = tables->interval;
    gboolean is_other =
        old.n > 0 && (old.n != interval.n || memcmp(old.bytes, interval.bytes, old.n) != 0);
    tables->interval = interval;
    return !is_other;
}

SpCarrier
sp_jpeg_tables_add(SpJpegTables *tables, guint marker, SpSlice payload)
{
    gboolean fits = TRUE;
    if (marker == DQT)
        fits = add_quantisers(tables, payload);
    else if (marker == DHT)
        fits = add_codes(tables, payload);
    else if (marker == DRI)
        fits = add_interval(tables, payload);
    return fits ? SP_CARRIER_PICTURE : SP_CARRIER_UNKNOWN;
}

void
sp_jpeg_tables_use(SpJpegTables *tables, guint quantiser, guint codes)
{
    const guint places[] = {quantiser, codes >> 4, codes & 15};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (places[i] < PLACES)
            tables->used |= 1u << (PLACES * i + places[i]);
    }
    tables->interval = (SpSlice){0};
}

void
sp_jpeg_tables_tell(const SpJpegTables *tables, SpSlice none, SpPartFunc part, gpointer data)
{
    for (guint i = 0; i < SP_JPEG_TABLES; i++) {
        gboolean is_there = tables->tables[i].n > 0, is_used = (tables->used >> i & 1) != 0;
        if (i % PLACES >= 2 && is_there && !is_used)
            sp_part_tell(part, data, SP_CARRIER_UNKNOWN, i < DC ? DQT : DHT, none, 0);
    }
}
