/* SPDX-License-Identifier: MIT */
/* jpeg-forward.h -- the forward DCT of a block of 8 x 8 samples, and a way back.
 *
 * ITU-T T.81, A.3.3, with three bits behind the point: bit for bit what libjpeg's JDCT_ISLOW
 * makes of samples. Coefficients and samples stand in rows. */
#ifndef SP_RENDER_JPEG_FORWARD_H
#define SP_RENDER_JPEG_FORWARD_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_JPEG_ONE 8 /* what a coefficient of 1 is */

/* Of the samples rows[0][x] to rows[7][x + 7], less 128. */
void sp_jpeg_forward(const guint8 *const rows[8], gsize x, gint16 ret_coefficients[64]);

/* Of samples from -255 to 255, rounded a little more. */
void sp_jpeg_forward_wide(const gint16 samples[64], gint16 ret_coefficients[64]);

/* The samples are rounded, and may lie outside of what 8 bits hold. */
void sp_jpeg_inverse_wide(const gint16 coefficients[64], gint16 ret_samples[64]);

G_END_DECLS
#endif
