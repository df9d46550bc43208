/* SPDX-License-Identifier: MIT */
/* colour-rows.h -- a picture's rows between planes and the chunky samples that colours are
 * converted in.
 *
 * *Narrow* rows have 8 bits: what every ordinary JPEG takes. *Wide* ones have 16 and are R, G,
 * B or grey: for samples of 16 bits, transparency, HDR, and YCC with another matrix or range
 * than JFIF's, so that nothing is rounded to 8 bits on the way. */
#ifndef SP_RENDER_COLOUR_ROWS_H
#define SP_RENDER_COLOUR_ROWS_H
#include "container/walk.h"
#include "render/light.h"
#include "render/plane.h"
G_BEGIN_DECLS

/* ---- narrow -------------------------------------------------------------------------------
 */

/* A row of any model: R, G, B, or C, M, Y, K (full is no ink), or grey. */
void sp_rows_to_narrow(SpModel model, guint8 *const rows[SP_MAX_PLANES], guint width,
                       guint8 *chunky);
/* CMYK that no profile describes, in place, to R, G, B at the row's front. */
void sp_narrow_ink_to_rgb(guint8 *chunky, guint width);
/* R, G, B to JFIF's YCC. */
void sp_narrow_to_ycc(const guint8 *rgb, guint width, guint8 *luma, guint8 *blue, guint8 *red);
/* The same in WebP's range (limited.h). */
void sp_narrow_to_limited(const guint8 *rgb, guint width, guint8 *luma, guint8 *blue,
                          guint8 *red);

/* ---- wide ---------------------------------------------------------------------------------
 */

/* Is it what JFIF has: BT.601's matrix, or none named, and full range? */
gboolean sp_code_points_are_jfif(const SpCodePoints *points);

/* From three planes' samples, which have `bits` bits in `bytes` bytes, to R, G, B. Of RGB and
 * grey, the range alone counts. points not present: JFIF's. Matrices of ITU-T H.273 that no
 * still picture has (SMPTE ST 2085, ICtCp, constant luminance) are taken as BT.601's, as
 * libheif takes what it does not know. */
void sp_unmix_init(SpMatrix *unmix, SpModel model, const SpCodePoints *points, guint bytes,
                   guint bits);
/* channels: 3, or 1 of grey; then only the first row is read. */
void sp_rows_to_wide(const SpMatrix *unmix, guint channels, guint bytes,
                     const guint8 *const rows[3], guint width, guint16 *chunky);
void sp_wide_to_ycc(const guint16 *rgb, guint width, guint8 *luma, guint8 *blue, guint8 *red);
void sp_wide_to_limited(const guint16 *rgb, guint width, guint8 *luma, guint8 *blue,
                        guint8 *red);
/* Grey: one sample in every `step` */
void sp_wide_to_limited_grey(const guint16 *in, guint step, guint width, guint8 *luma);
/* One sample in every `step` to 8 bits. in and out may begin at the same place. */
void sp_wide_to_bytes(const guint16 *in, guint step, guint width, guint8 *out);

G_END_DECLS
#endif
