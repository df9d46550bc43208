/* SPDX-License-Identifier: MIT */
/* trailing.c -- pictures and videos behind the end: by their first bytes, wherever they stand.
 *
 * JPEG, HEIF and video are jpeg-meta.c's to find; here are those whose signature is long enough
 * to be no chance. A further one is a line in signatures[]. */
#include "container/trailing.h"

#include <string.h>

#include "container/jpeg-meta.h"
#include "storyphoto.h"

static const struct {
    const char *bytes;
    gsize n;
} signatures[] = {
    {"\x89PNG\r\n\x1a\n", 8},
    {"GIF87a", 6},
    {"GIF89a", 6},
    {"WEBPVP8", 7}, /* behind RIFF and its size */
};

guint32
sp_trailing_bits(const guint8 *bytes, gsize n)
{
    guint32 bits = sp_jpeg_trailing_bits(bytes, n);

    for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++) {
        if (memmem(bytes, n, signatures[i].bytes, signatures[i].n) != NULL)
            bits |= SP_CATEGORY_SECOND_PICTURE;
    }
    return bits;
}
