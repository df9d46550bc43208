/* SPDX-License-Identifier: MIT */
/* fuzz-render-vips.c -- the lane of PNG, WebP, GIF, HEIC and AVIF, all the way
 * (render-target.h). */
#include "fuzz/render-target.h"
#include "render/vips-load.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static GLogWriterOutput
say_nothing(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    (void)level, (void)fields, (void)n, (void)data;
    return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static gboolean started;
    if (!started) {
        g_log_set_writer_func(say_nothing, NULL, NULL);
        sp_vips_start(TRUE);
        sp_vips_open_all();
    }
    started = TRUE;
    render_target(sp_develop_vips, bytes, n);
    return 0;
}
