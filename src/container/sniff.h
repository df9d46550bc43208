/* SPDX-License-Identifier: MIT */
/* sniff.h -- what a file is, by its first bytes and nothing else. */
#ifndef SP_CONTAINER_SNIFF_H
#define SP_CONTAINER_SNIFF_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_SNIFF_BYTES 4096 /* more than this is never needed */

/* The formats that are taken. */
typedef enum {
    SP_FORMAT_JPEG,
    SP_FORMAT_PNG,
    SP_FORMAT_WEBP,
    SP_FORMAT_GIF,
    SP_FORMAT_HEIC,
    SP_FORMAT_AVIF,
    SP_FORMAT_COUNT,
    SP_FORMAT_NEVER =
        SP_FORMAT_COUNT, /* refused by name: TIFF, SVG, PDF, BMP, RAW, video, ... */
} SpFormat;

typedef struct {
    const char *word;  /* "jpeg", "heic", "tiff": the receipt's */
    const char *title; /* "JPEG", "HEIC", "TIFF": for people */
    SpFormat format;
} SpSniffed;

/* n: 0 to any; only the first SP_SNIFF_BYTES are looked at. NULL when the bytes are none of the
 * formats that we can name. The result is static. */
const SpSniffed *sp_sniff(const guint8 *bytes, gsize n);

G_END_DECLS
#endif
