/* SPDX-License-Identifier: MIT */
/* sniff.h -- what a file is, by its first bytes and nothing else. */
#ifndef SP_CONTAINER_SNIFF_H
#define SP_CONTAINER_SNIFF_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_SNIFF_BYTES 4096 /* more than this is never needed */

/* What a storyphoto does with a format. */
typedef enum {
    SP_STANCE_TAKEN,   /* a renderer exists */
    SP_STANCE_NOT_YET, /* accepted by design, no renderer in this build */
    SP_STANCE_NEVER,   /* refused by name: TIFF, SVG, PDF, BMP, RAW, video, ... */
} SpStance;

typedef struct {
    const char *word;  /* "jpeg", "heic", "tiff": the receipt's */
    const char *title; /* "JPEG", "HEIC", "TIFF": for people */
    SpStance stance;
} SpSniffed;

/* n: 0 to any; only the first SP_SNIFF_BYTES are looked at. NULL when the bytes are none of the
 * formats that we can name. The result is static. */
const SpSniffed *sp_sniff(const guint8 *bytes, gsize n);

G_END_DECLS
#endif
