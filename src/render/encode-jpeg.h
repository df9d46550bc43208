/* SPDX-License-Identifier: MIT */
/* encode-jpeg.h -- what of JPEG's encoder can be switched; for who measures it. */
#ifndef SP_RENDER_ENCODE_JPEG_H
#define SP_RENDER_ENCODE_JPEG_H
#include "render/encode.h"
G_BEGIN_DECLS

typedef enum {
    SP_JPEG_BASELINE, /* one scan */
    SP_JPEG_BANDS,    /* progressive: the same few scans for every picture */
    SP_JPEG_CHOSEN,   /* progressive: those that are smallest */
} SpJpegMode;

typedef struct {
    SpJpegMode mode;
    guint counted; /* the first pass looks at every so-manieth row of blocks; 0: there is none,
                    * and coefficients are rounded */
    guint overshoots;       /* rounds: see jpeg-overshoot.h */
    guint worth, look_back; /* see SpJpegTrade */
} SpJpegSwitches;

/* effort: 0 to 6. */
SpJpegSwitches sp_jpeg_switches(guint effort);

/* As sp_encoder_jpeg, of a picture without alpha. */
GBytes *sp_jpeg_encode(const SpPicture *picture, const SpJpegSwitches *switches, double quality,
                       GError **error);

G_END_DECLS
#endif
