/* SPDX-License-Identifier: MIT */
/* png.h -- functions that make PNGs, for the table in png-slots.c. */
#ifndef SP_SELFTEST_PNG_H
#define SP_SELFTEST_PNG_H
#include "selftest/slot.h"
G_BEGIN_DECLS

/* Where in the file. */
enum {
    SP_PNG_AFTER_HEAD, /* IHDR */
    SP_PNG_BEFORE_DATA,
    SP_PNG_AFTER_DATA,
    SP_PNG_AFTER_END,
};

/* As SpSlotFormat and SpSlot want them. */
void sp_png_plain(SpPictureKind picture, GByteArray *out);
void sp_png_mark(GByteArray *out);
void sp_png_make_chunk(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_deflated(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_xmp(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_exif(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_raw_profile(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_icc(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_jumbf(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_late_data(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_slack(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_extra_rows(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_unused_palette(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_unused_alpha(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_key(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_filters(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_plain(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_frames(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_trailing(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_trailing_file(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
void sp_png_make_trailing_zip(const SpSlot *slot, const SpMaker *maker, GByteArray *out);

G_END_DECLS
#endif
