/* SPDX-License-Identifier: MIT */
/* tiff.h -- the directories of a TIFF structure, as EXIF and makers' notes use them.
 *
 * Nothing is allocated, nothing is read outside of the structure, no directory has more than
 * SP_TIFF_ENTRIES entries; who follows pointers bounds how many. Source: TIFF 6.0, section 2;
 * Exif 2.32 and 3.0, section 4.6.2. */
#ifndef SP_CONTAINER_TIFF_H
#define SP_CONTAINER_TIFF_H
#include "container/walk.h"
G_BEGIN_DECLS

#define SP_TIFF_ENTRIES 1000

typedef struct {
    const guint8 *bytes; /* borrowed; offsets count from here */
    gsize n;
    gboolean little_endian;
} SpTiff;

typedef enum {
    SP_TIFF_BYTE = 1,
    SP_TIFF_ASCII,
    SP_TIFF_SHORT,
    SP_TIFF_LONG,
    SP_TIFF_RATIONAL,
    SP_TIFF_SBYTE,
    SP_TIFF_UNDEFINED,
    SP_TIFF_SSHORT,
    SP_TIFF_SLONG,
    SP_TIFF_SRATIONAL,
    SP_TIFF_FLOAT,
    SP_TIFF_DOUBLE,
    SP_TIFF_IFD,
    SP_TIFF_UTF8 = 129, /* Exif 3.0 */
} SpTiffType;

typedef struct {
    guint tag, type;
    guint32 count;
    gsize at;       /* of the 12 bytes of the entry */
    gsize value_at; /* where value begins */
    SpSlice value;  /* what is there of it: nothing when it would begin behind the end */
    gboolean whole; /* the type is known and all of the value is there */
} SpTiffEntry;

/* Does it begin with a byte order, "II" or "MM"? Tells where one begins behind what writers put
 * in front of it. */
gboolean sp_tiff_begins(SpSlice slice);

/* Whether content begins with the 8 bytes of a TIFF; then the first directory's offset too. */
gboolean sp_tiff_open(SpSlice content, SpTiff *ret_tiff, guint32 *ret_directory);

/* Big or little endian; p has as many bytes. */
guint sp_tiff_get16(const SpTiff *tiff, const guint8 *p);
guint32 sp_tiff_get32(const SpTiff *tiff, const guint8 *p);

/* How many bytes one value of that type takes; 0 for a type that nobody knows. */
guint sp_tiff_type_size(guint type);

/* How many entries of the directory at that offset can be read: 0 to SP_TIFF_ENTRIES.
 * *ret_told, unless NULL, is the number that the directory itself tells. */
guint sp_tiff_count(const SpTiff *tiff, gsize directory, guint *ret_told);

/* Entry number i, below sp_tiff_count(). base is added to offsets of values. */
SpTiffEntry sp_tiff_entry(const SpTiff *tiff, gsize directory, guint i, gint64 base);

/* The offset of the directory that follows this one; 0 when there is none. */
guint32 sp_tiff_next(const SpTiff *tiff, gsize directory);

/* The first value when it is a whole number, and 0 for anything else. */
guint32 sp_tiff_number(const SpTiff *tiff, const SpTiffEntry *entry);

/* Only spaces and NULs, or nothing at all. */
gboolean sp_slice_is_blank(SpSlice slice);
/* The same of an entry's value, where thousands of entries may have the same mebibyte: more
 * than SP_TIFF_BLANK bytes are never blank. */
#define SP_TIFF_BLANK 16384
gboolean sp_tiff_is_blank(SpSlice value);

G_END_DECLS
#endif
