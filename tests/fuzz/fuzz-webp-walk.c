/* SPDX-License-Identifier: MIT */
/* fuzz-webp-walk.c -- any bytes through the walk of a WebP, and its slim view once more. */
/* words: webp tiff */
/* lines: src/container/webp%.c */
#include "container/webp.h"
#include "walk-invariant.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    return check_walk(sp_webp_walk, bytes, n);
}
