/* SPDX-License-Identifier: MIT */
/* fuzz-jpeg-baseline.c -- whatever jpeg-baseline.h takes, libjpeg alone takes as well, without
 * a word, and makes the same of it (data/baseline.h). */
/* words: jpeg */
/* lines: src/render/jpeg-baseline.c src/render/jpeg-blocks.c src/render/jpeg-codes.c */
#include "data/baseline.h"

#define MAX_PIXELS (1 << 18)

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    g_auto(SpJpegWalk) walk = {0};
    if (!sp_jpeg_walk(bytes, n, NULL, NULL, &walk, NULL) ||
        (guint64)walk.width * walk.height > MAX_PIXELS)
        return 0;
    baseline_check(&walk, 1u << n % 4, 1 + n / 4 % 2);
    return 0;
}
