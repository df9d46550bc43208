/* SPDX-License-Identifier: MIT */
/* blocks.h -- blocks of metadata that many containers carry, with a canary in them. */
#ifndef SP_SELFTEST_BLOCKS_H
#define SP_SELFTEST_BLOCKS_H
#include "selftest/slot.h"
G_BEGIN_DECLS

typedef enum {
    SP_IFD_0,
    SP_IFD_EXIF,
    SP_IFD_GPS,
    SP_IFD_INTEROP,
    SP_IFD_1,
    SP_IFD_COUNT,
} SpIfd;

/* TIFF's types (TIFF 6.0, section 2). */
enum {
    SP_TIFF_BYTE = 1,
    SP_TIFF_ASCII = 2,
    SP_TIFF_SHORT = 3,
    SP_TIFF_LONG = 4,
    SP_TIFF_RATIONAL = 5,
    SP_TIFF_UNDEFINED = 7,
};

typedef struct {
    SpIfd ifd;
    guint tag, type;
    GByteArray *value; /* owned by whoever fills it in */
} SpTiffEntry;

/* A TIFF from its first "II" or "MM" on. loop: the last IFD points back to the first one. */
void sp_put_tiff(GByteArray *out, const SpTiffEntry *entries, guint n, gboolean big_endian,
                 gboolean loop);

/* EXIF that is nothing but one entry: in IFD slot->where, of tag slot->code and type
 * slot->type, with slot's payload. */
void sp_put_exif_slot(const SpSlot *slot, const SpMaker *maker, gboolean big_endian,
                      GByteArray *out);
/* EXIF as phones write it, the canary in entries of every IFD, in all forms; with a thumbnail,
 * the magenta JPEG. */
void sp_put_exif(const SpMaker *maker, GByteArray *out);
/* A TIFF with an IFD1 whose thumbnail is that JPEG. */
void sp_put_exif_thumbnail(const GByteArray *jpeg, GByteArray *out);

/* An XMP packet: creator, place, face regions, history, ids; raw and base64. */
void sp_put_xmp(const SpMaker *maker, GByteArray *out);
/* IPTC-IIM datasets 2:slot->code; 0 is one of each that tells something. */
void sp_put_iptc(guint dataset, const SpMaker *maker, GByteArray *out);
/* A Photoshop image resource block. */
void sp_put_8bim(GByteArray *out, guint id, gconstpointer bytes, gsize n);
/* A profile of sRGB, with the canary in all of its texts and in a private tag. */
void sp_put_icc(const SpMaker *maker, GByteArray *out);
/* A JUMBF superbox as C2PA has it. */
void sp_put_jumbf(const SpMaker *maker, GByteArray *out);
/* A zip with one deflated entry; a short MP4. */
void sp_put_zip(const SpMaker *maker, GByteArray *out);
void sp_put_mp4(const SpMaker *maker, GByteArray *out);
/* The magenta JPEG with the canary in a comment. */
void sp_put_marked_jpeg(const SpMaker *maker, GByteArray *out);

G_END_DECLS
#endif
