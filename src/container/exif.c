/* SPDX-License-Identifier: MIT */
/* exif.c -- orientation and Adobe RGB, read out of a TIFF structure that a stranger wrote.
 *
 * Three directories at most are looked at, each once: IFD0 for the orientation, its ExifIFD,
 * and that one's InteropIFD for the index. No pointer is followed twice and none backwards in
 * a loop, so the work is bounded by three times 65 535 entries. An offset or a count is
 * compared with what is there before it is used; nothing is believed to fit.
 *
 * This file must not grow into an EXIF reader: what an upload reveals is the inventory's
 * matter. A further field that changes the picture itself is one more find_entry(). */
#include "container/exif.h"

#include <string.h>

#include "container/tiff.h"

#define ENTRY_SIZE 12 /* tag, type, count, value or offset: TIFF 6.0, section 2 */

/* Exif 2.32, tables 3, 4, 5 and 13. */
#define TAG_ORIENTATION 0x0112
#define TAG_EXIF_IFD 0x8769
#define TAG_INTEROP_IFD 0xA005
#define TAG_INTEROP_INDEX 0x0001

/* The first entry of that tag in the directory at offset, all 12 bytes of it readable; NULL
 * when there is none. Of a directory that runs past the end, the entries before the end count.
 */
static const guint8 *
find_entry(const SpTiff *tiff, guint32 offset, guint tag)
{
    if (tiff->n < 2 || offset > tiff->n - 2)
        return NULL;
    const guint8 *entry = tiff->bytes + offset + 2;
    gsize fit = (tiff->n - 2 - offset) / ENTRY_SIZE;
    gsize count = MIN(sp_tiff_get16(tiff, tiff->bytes + offset), fit);
    for (gsize i = 0; i < count; i++, entry += ENTRY_SIZE) {
        if (sp_tiff_get16(tiff, entry) == tag)
            return entry;
    }
    return NULL;
}

/* The value of an entry that is one whole number; 0 for anything else. */
static guint32
entry_number(const SpTiff *tiff, const guint8 *entry)
{
    if (sp_tiff_get32(tiff, entry + 4) != 1)
        return 0;
    switch (sp_tiff_get16(tiff, entry + 2)) {
    case SP_TIFF_BYTE:
        return entry[8];
    case SP_TIFF_SHORT:
        return sp_tiff_get16(tiff, entry + 8);
    case SP_TIFF_LONG:
        return sp_tiff_get32(tiff, entry + 8);
    default:
        return 0;
    }
}

/* Where the directory that a tag points to begins; 0, which is never one, when it does not. */
static guint32
find_directory(const SpTiff *tiff, guint32 offset, guint tag)
{
    const guint8 *entry = find_entry(tiff, offset, tag);
    return entry ? entry_number(tiff, entry) : 0;
}

/* "R03" stands in the entry itself: four bytes with the NUL. DCF 2.0 gives it to Adobe RGB. */
static gboolean
interop_is_r03(const SpTiff *tiff, guint32 ifd0)
{
    guint32 exif_ifd = find_directory(tiff, ifd0, TAG_EXIF_IFD);
    guint32 interop_ifd = exif_ifd ? find_directory(tiff, exif_ifd, TAG_INTEROP_IFD) : 0;
    const guint8 *entry = interop_ifd ? find_entry(tiff, interop_ifd, TAG_INTEROP_INDEX) : NULL;
    if (entry == NULL || sp_tiff_get16(tiff, entry + 2) != SP_TIFF_ASCII)
        return FALSE;
    guint32 count = sp_tiff_get32(tiff, entry + 4);
    return (count == 3 || count == 4) && memcmp(entry + 8, "R03", 3) == 0;
}

SpExifLook
sp_exif_look(const guint8 *bytes, gsize n)
{
    SpExifLook look = {.orientation = 1};
    SpTiff tiff = {0};
    guint32 ifd0 = 0;
    if (!sp_tiff_open((SpSlice){bytes, n}, &tiff, &ifd0))
        return look;
    const guint8 *entry = find_entry(&tiff, ifd0, TAG_ORIENTATION);
    guint32 orientation = entry ? entry_number(&tiff, entry) : 0;
    if (orientation >= 1 && orientation <= 8)
        look.orientation = orientation;
    look.adobe_rgb = interop_is_r03(&tiff, ifd0);
    return look;
}
