/* SPDX-License-Identifier: MIT */
/* fuzz-render-vips.c -- the lane of PNG, WebP, GIF, HEIC and AVIF, all the way
 * (render-target.h). */
#include "fuzz/render-target.h"
#include "render/vips-load.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

/* Libraries may warn. An error ends GLib with a trap, which libFuzzer does not catch. */
static GLogWriterOutput
say_errors(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    if (level & G_LOG_LEVEL_ERROR) {
        g_log_writer_default(level, fields, n, data);
        abort();
    }
    return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static gboolean started;
    if (!started) {
        g_log_set_writer_func(say_errors, NULL, NULL);
        sp_vips_start(TRUE);
        sp_vips_open_all();
    }
    started = TRUE;
    render_target(sp_develop_vips, bytes, n);
    return 0;
}
