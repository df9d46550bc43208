/* SPDX-License-Identifier: MIT */
/* jpeg.h -- functions that make JPEGs, for the table in jpeg-slots.c. */
#ifndef SP_SELFTEST_JPEG_H
#define SP_SELFTEST_JPEG_H
#include "selftest/slot.h"
G_BEGIN_DECLS

/* Where in the file; slot->where of most slots, slot->type of those that need where. */
enum {
    SP_JPEG_AFTER_HEAD,  /* behind JFIF's segment */
    SP_JPEG_AFTER_START, /* behind SOI */
    SP_JPEG_BEFORE_FRAME,
    SP_JPEG_BEFORE_SCAN,
    SP_JPEG_BEFORE_LAST_SCAN,
    SP_JPEG_BEFORE_END, /* between the last scan and EOI */
    SP_JPEG_AFTER_END,
};

/* As SpSlotFormat and SpSlot want them. */
void sp_jpeg_plain(SpPictureKind picture, GByteArray *out);
void sp_jpeg_mark(GByteArray *out);
void sp_jpeg_make_segment(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_bytes(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_big_endian(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_whole(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_second(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_unreferenced(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_loop(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_exif_thumbnail(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_xmp(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_xmp_wide(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_xmp_extended(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_iptc(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_8bim(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_density(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_icc(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_jumbf(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_marked_segment(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_jfif_thumbnail(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_mpf(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_trailing_jpeg(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_trailing_zip(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_motion_photo(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_sef(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_restart_fill(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_restart_stray(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_jpeg_make_plain(const SpSlot *slot, const SpMaker *maker, GByteArray *out);

G_END_DECLS
#endif
