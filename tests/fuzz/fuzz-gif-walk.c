/* SPDX-License-Identifier: MIT */
/* fuzz-gif-walk.c -- any bytes through the walk of a GIF, and its slim view once more. */
/* words: gif */
/* lines: src/container/gif%.c */
#include "container/gif.h"
#include "walk-invariant.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    return check_walk(sp_gif_walk, bytes, n);
}
