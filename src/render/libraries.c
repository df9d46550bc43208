/* SPDX-License-Identifier: MIT */
/* libraries.c -- the versions of those libraries that every renderer is linked with.
 *
 * They are asked in the fork server, once: nothing here costs more than a call. Those of a
 * single renderer stand in the file that speaks to them. */
#include "render/libraries.h"
#include <lcms2.h>
#include <stdio.h>
#include <webp/encode.h>
#include <zimg.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>

/* 2140 is 2.14, and 2131 is 2.13.1. */
static void
append_lcms(GString *text)
{
    int version = cmsGetEncodedCMMversion();
    g_string_append_printf(text, ", lcms2 %d.%d", version / 1000, version % 1000 / 10);
    if (version % 10 != 0)
        g_string_append_printf(text, ".%d", version % 10);
}

char *
sp_render_libraries_with(const char *more)
{
    unsigned major = 0, minor = 0, micro = 0;
    zimg_get_version_info(&major, &minor, &micro);
    int webp = WebPGetEncoderVersion();
    GString *text = g_string_new("libjpeg-turbo " G_STRINGIFY(LIBJPEG_TURBO_VERSION));
    g_string_append_printf(text, ", zimg %u.%u.%u", major, minor, micro);
    g_string_append_printf(text, ", libwebp %d.%d.%d", webp >> 16, webp >> 8 & 255, webp & 255);
    append_lcms(text);
    if (more != NULL)
        g_string_append_printf(text, ", %s", more);
    return g_string_free(text, FALSE);
}

char *
sp_render_libraries(void)
{
    return sp_render_libraries_with(NULL);
}
