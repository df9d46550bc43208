/* SPDX-License-Identifier: MIT */
/* sample.h -- a JPEG as large as a phone's, for measuring, by a program without codecs. */
#ifndef SP_DOCTOR_SAMPLE_H
#define SP_DOCTOR_SAMPLE_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_SAMPLE_WIDTH 4032
#define SP_SAMPLE_HEIGHT 3024

/* Baseline, 4:2:0, of noise that is as hard to decode as a photo; always the same bytes. Owned
 * by the caller. */
GByteArray *sp_sample_jpeg(void);

G_END_DECLS
#endif
