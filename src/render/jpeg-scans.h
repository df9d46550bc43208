/* SPDX-License-Identifier: MIT */
/* jpeg-scans.h -- in which scans a progressive JPEG sends its coefficients.
 *
 * Each component's AC coefficients are sent in one or two bands, their lowest bits with them or
 * in refinements of their own (ITU-T T.81, G.1.1). What is smallest differs by picture and
 * quality: it is counted, as the symbols and bits of every way, in one walk over the blocks. */
#ifndef SP_RENDER_JPEG_SCANS_H
#define SP_RENDER_JPEG_SCANS_H
#include "render/jpeg-symbols.h"
#include <stdio.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>
G_BEGIN_DECLS

#define SP_JPEG_MOST_SHIFT 2 /* bits that refinements send */
#define SP_JPEG_WAYS 3       /* of bands: see jpeg-scans.c */
#define SP_JPEG_MOST_SCANS 17

/* The symbols and bits of one scan of one component. */
typedef struct {
    guint32 symbols[SP_JPEG_SYMBOLS];
    guint64 bits;
    guint32 ended; /* blocks in a row that have nothing more */
} SpJpegScanCount;

/* Of a component. */
typedef struct {
    SpJpegScanCount bands[SP_JPEG_MOST_SHIFT + 1][2 * SP_JPEG_WAYS - 1];
    SpJpegScanCount refinements[SP_JPEG_MOST_SHIFT];
} SpJpegScanCounts;

/* Which of them a component takes. */
typedef struct {
    guint shift, way;
} SpJpegScanChoice;

void sp_jpeg_scans_count(SpJpegScanCounts *counts, const gint16 block[64]);
SpJpegScanChoice sp_jpeg_scans_choose(SpJpegScanCounts *counts);

/* Returns how many. */
int sp_jpeg_scans_write(const SpJpegScanChoice *choices, guint n_components,
                        jpeg_scan_info ret_scans[SP_JPEG_MOST_SCANS]);

G_END_DECLS
#endif
