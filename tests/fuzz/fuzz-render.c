/* SPDX-License-Identifier: MIT */
/* fuzz-render.c -- the planar lane of JPEG, all the way (render-target.h). */
/* words: jpeg tiff */
/* lines: src/render/develop-jpeg.c src/render/jpeg-decode.c */
#include "fuzz/render-target.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    render_target(sp_develop_jpeg, bytes, n);
    return 0;
}
