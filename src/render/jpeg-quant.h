/* SPDX-License-Identifier: MIT */
/* jpeg-quant.h -- the quantisation tables of our JPEG files, for any quality. */
#ifndef SP_RENDER_JPEG_QUANT_H
#define SP_RENDER_JPEG_QUANT_H
#include <glib.h>
G_BEGIN_DECLS

/* Steps are in natural order: row by row, frequencies along the row rising. sub: pixels a
 * sample of chroma along a side, 1 or 2. */

typedef struct {
    guint16 luma[64], chroma[64]; /* 1 to 255, as a baseline file has room for */
} SpJpegQuant;

/* The 64 steps at quality 50. */
const guint8 *sp_jpeg_quant_base(gboolean is_chroma, guint sub);

/* quality: 1 to 100, real, on the scale that libjpeg made usual: a file looks about as good as
 * one with the tables of ITU-T T.81 annex K at that quality. A higher one has no coarser step
 * anywhere; at 100 all steps are 1. */
SpJpegQuant sp_jpeg_quant_tables(double quality, guint sub);

G_END_DECLS
#endif
