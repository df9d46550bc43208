/* SPDX-License-Identifier: MIT */
/* jpeg-idct.h -- inverse DCTs of a block to 8, 4, 2 or 1 samples a side.
 *
 * Bit for bit what libjpeg's JDCT_ISLOW gives. The one of 8 is that of Loeffler, Ligtenberg and
 * Moschytz (ICASSP 1989) with constants of 13 bits; of the smaller ones, what their outputs are
 * the means of. */
#ifndef SP_RENDER_JPEG_IDCT_H
#define SP_RENDER_JPEG_IDCT_H
#include <glib.h>
G_BEGIN_DECLS

/* What coefficients are multiplied with, in rows. */
typedef struct {
    gint16 factors[64];
    gint16 most[64]; /* a coefficient may be, and as much below 0 */
} SpJpegFactors;

/* FALSE when one is larger than 8 bits tell. */
gboolean sp_jpeg_factors_init(SpJpegFactors *factors, const guint16 quant[64]);

/* length: behind which coefficient in zigzag order there are zeros only, 1 to 64. As many rows
 * as samples a side are written, from rows[i] + x on. Not 0 when a number on the way was larger
 * than any picture makes it: libjpeg's several ways, which are many at once in 16 bits each,
 * may then differ. */
typedef guint (*SpJpegIdct)(const gint16 *block, guint length, const SpJpegFactors *factors,
                            guint8 *const *rows, gsize x);

/* For a size of 1, 2, 4 or 8; else NULL. */
SpJpegIdct sp_jpeg_idct_of(guint size);

G_END_DECLS
#endif
