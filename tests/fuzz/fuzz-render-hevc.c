/* SPDX-License-Identifier: MIT */
/* fuzz-render-hevc.c -- the planar lane of HEIC, all the way (render-target.h). */
/* words: heif tiff */
/* lines: src/render/%hevc%.c */
#include "fuzz/render-target.h"
#include "render/hevc-codec.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static gboolean started;
    if (!started)
        sp_hevc_warm_up();
    started = TRUE;
    render_target(sp_develop_hevc, bytes, n);
    return 0;
}
