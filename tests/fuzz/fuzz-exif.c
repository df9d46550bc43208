/* SPDX-License-Identifier: MIT */
/* fuzz-exif.c -- the EXIF look reads within its bytes and answers within its range.
 *
 * The input is a TIFF structure as it stands behind "Exif\0\0". There is no wrong input: what
 * cannot be read must come out as the default. */
/* words: tiff */
/* lines: src/container/exif.c */
#include "container/exif.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    SpExifLook look = sp_exif_look(bytes, n);

    g_assert(look.orientation >= 1 && look.orientation <= 8);
    g_assert(look.adobe_rgb == TRUE || look.adobe_rgb == FALSE);
    return 0;
}
