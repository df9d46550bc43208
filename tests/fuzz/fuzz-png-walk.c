/* SPDX-License-Identifier: MIT */
/* fuzz-png-walk.c -- any bytes through the walk of a PNG, and its slim view once more. */
/* words: png tiff */
/* lines: src/container/png%.c */
#include "container/png.h"
#include "walk-invariant.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    return check_walk(sp_png_walk, bytes, n);
}
