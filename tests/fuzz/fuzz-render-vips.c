/* SPDX-License-Identifier: MIT */
/* fuzz-render-vips.c -- the lane of PNG, WebP, GIF, HEIC and AVIF, all the way
 * (render-target.h). */
/* Threads of libvips come and go: one that is just ending looks like a leak of GLib's. */
/* flags: -detect_leaks=0 */
/* words: png webp gif heif tiff */
/* lines: src/render/%vips%.c */
#include "fuzz/render-target.h"
#include "render/vips-load.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static gboolean started;
    if (!started) {
        sp_vips_start(TRUE);
        sp_vips_open_all();
    }
    started = TRUE;
    render_target(sp_develop_vips, bytes, n);
    return 0;
}
