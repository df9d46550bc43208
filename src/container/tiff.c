/* SPDX-License-Identifier: MIT */
/* tiff.c -- the directories of a TIFF structure, entry by entry.
 *
 * Sizes are computed in 64 bits, so that a count of 2^32 - 1 doubles is just too large; what is
 * cut is given as far as it goes, since half a name is a name too. */
#include "container/tiff.h"

#include <string.h>

#include "base/bytes.h"

#define HEAD_SIZE 8
#define ENTRY_SIZE 12

gboolean
sp_tiff_begins(SpSlice slice)
{
    return slice.n >= 2 &&
           (memcmp(slice.bytes, "II", 2) == 0 || memcmp(slice.bytes, "MM", 2) == 0);
}

gboolean
sp_tiff_open(SpSlice content, SpTiff *ret_tiff, guint32 *ret_directory)
{
    if (content.n < HEAD_SIZE ||
        (memcmp(content.bytes, "II*\0", 4) != 0 && memcmp(content.bytes, "MM\0*", 4) != 0))
        return FALSE;
    *ret_tiff = (SpTiff){content.bytes, content.n, content.bytes[0] == 'I'};
    *ret_directory = sp_tiff_get32(ret_tiff, content.bytes + 4);
    return TRUE;
}

guint
sp_tiff_get16(const SpTiff *tiff, const guint8 *p)
{
    return tiff->little_endian ? sp_get16le(p) : sp_get16be(p);
}

guint32
sp_tiff_get32(const SpTiff *tiff, const guint8 *p)
{
    return tiff->little_endian ? sp_get32le(p) : sp_get32be(p);
}

guint
sp_tiff_type_size(guint type)
{
    static const guint8 sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    if (type == SP_TIFF_UTF8)
        return 1;
    return type < G_N_ELEMENTS(sizes) ? sizes[type] : 0;
}

guint
sp_tiff_count(const SpTiff *tiff, gsize directory, guint *ret_told)
{
    guint told = 0;
    gsize fit = 0;
    if (tiff->n >= 2 && directory <= tiff->n - 2) {
        told = sp_tiff_get16(tiff, tiff->bytes + directory);
        fit = (tiff->n - 2 - directory) / ENTRY_SIZE;
    }
    if (ret_told != NULL)
        *ret_told = told;
    return (guint)MIN(MIN(told, fit), SP_TIFF_ENTRIES);
}

SpTiffEntry
sp_tiff_entry(const SpTiff *tiff, gsize directory, guint i, gint64 base)
{
    const guint8 *p = tiff->bytes + directory + 2 + (gsize)i * ENTRY_SIZE;
    SpTiffEntry entry = {
        .tag = sp_tiff_get16(tiff, p),
        .type = sp_tiff_get16(tiff, p + 2),
        .count = sp_tiff_get32(tiff, p + 4),
        .at = (gsize)(p - tiff->bytes),
    };
    guint64 size = (guint64)entry.count * sp_tiff_type_size(entry.type);
    gint64 start = (gint64)entry.at + 8;
    if (size > 4)
        start = base + sp_tiff_get32(tiff, p + 8);
    if (start < 0 || start > (gint64)tiff->n)
        return entry;
    entry.value_at = (gsize)start;
    entry.value.bytes = tiff->bytes + start;
    entry.value.n = (gsize)MIN(size, tiff->n - (guint64)start);
    entry.whole = size > 0 && entry.value.n == size;
    return entry;
}

guint32
sp_tiff_next(const SpTiff *tiff, gsize directory)
{
    guint told = 0;
    guint count = sp_tiff_count(tiff, directory, &told);
    gsize after = directory + 2 + (gsize)count * ENTRY_SIZE;
    if (count != told || after > tiff->n || tiff->n - after < 4)
        return 0;
    return sp_tiff_get32(tiff, tiff->bytes + after);
}

guint32
sp_tiff_number(const SpTiff *tiff, const SpTiffEntry *entry)
{
    guint size = sp_tiff_type_size(entry->type);
    if (size == 0 || entry->value.n < size)
        return 0;
    switch (entry->type) {
    case SP_TIFF_BYTE:
    case SP_TIFF_UNDEFINED:
        return entry->value.bytes[0];
    case SP_TIFF_SHORT:
        return sp_tiff_get16(tiff, entry->value.bytes);
    case SP_TIFF_LONG:
    case SP_TIFF_SLONG:
    case SP_TIFF_IFD:
        return sp_tiff_get32(tiff, entry->value.bytes);
    default:
        return 0;
    }
}

gboolean
sp_slice_is_blank(SpSlice slice)
{
    for (gsize i = 0; i < slice.n; i++) {
        if (slice.bytes[i] != 0 && slice.bytes[i] != ' ')
            return FALSE;
    }
    return TRUE;
}

gboolean
sp_tiff_is_blank(SpSlice value)
{
    return value.n <= SP_TIFF_BLANK && sp_slice_is_blank(value);
}
