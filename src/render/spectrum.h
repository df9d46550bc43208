/* SPDX-License-Identifier: MIT */
/* spectrum.h -- how much an encoder has to write at any quality, without encoding.
 *
 * What a file of a block transform takes is nearly proportional to the coefficients that its
 * quantiser leaves (He and Mitra, 2001): a histogram of the coefficients says how many those
 * are at each quality. A sample of the blocks is enough: at 1 024 x 768 it costs a
 * fiftieth of a WebP's encode, a seventh of a JPEG's. */
#ifndef SP_RENDER_SPECTRUM_H
#define SP_RENDER_SPECTRUM_H
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_SPECTRUM_BINS 56 /* four an octave */

typedef struct {
    guint32 format; /* SpOutputFormat: whose transform and steps */
    double in_all;  /* blocks of 8 x 8 luma samples in the picture */
    guint32 sub;    /* pixels a sample of chroma along a side: 1 or 2 */
    guint32 blocks; /* and how many of those were looked at; 0: nothing known */
    guint32 bins[2][SP_SPECTRUM_BINS]; /* of luma, of chroma: coefficients by magnitude */
} SpSpectrum;

/* picture: finished. One of fewer than 8 rows or columns has no spectrum: blocks is 0. */
void sp_spectrum_measure(const SpPicture *picture, guint32 format, SpSpectrum *ret_spectrum);

/* The logarithm of the bytes at quality (1 to 100), but for a constant that is nearly the same
 * for all pictures, and that one encode tells. Rises strictly; where nothing is known, by a
 * typical slope. */
double sp_spectrum_bytes(const SpSpectrum *spectrum, double quality);

G_END_DECLS
#endif
