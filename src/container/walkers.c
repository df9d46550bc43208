/* SPDX-License-Identifier: MIT */
/* walkers.c -- the table of walkers. A new format is a line in it. */
#include "container/walkers.h"

#include "container/gif.h"
#include "container/heif.h"
#include "container/jpeg.h"
#include "container/png.h"
#include "container/webp.h"

static gboolean
walk_heif(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
          GError **error)
{
    g_auto(SpHeifWalk) heif = {0};
    gboolean walked = sp_heif_walk(bytes, n, part, data, &heif, error);
    *ret_walk = heif.walk;
    heif.walk = (SpWalk){0};
    return walked;
}

static gboolean
walk_jpeg(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
          GError **error)
{
    g_auto(SpJpegWalk) jpeg = {0};
    if (!sp_jpeg_walk(bytes, n, part, data, &jpeg, error))
        return FALSE;
    *ret_walk = (SpWalk){
        .width = jpeg.width,
        .height = jpeg.height,
        .crop = {0, 0, jpeg.width, jpeg.height},
        .orientation = jpeg.orientation,
        .bits = 8,
        .streams = jpeg.streams,
        .cut = jpeg.missing_end,
        .frames = 1,
        .colour = jpeg.colour,
        .slim = g_steal_pointer(&jpeg.slim),
    };
    jpeg.colour = (SpColourTags){0};
    return TRUE;
}

static const SpWalkFunc walkers[SP_FORMAT_COUNT] = {
    [SP_FORMAT_JPEG] = walk_jpeg,    [SP_FORMAT_PNG] = sp_png_walk,
    [SP_FORMAT_WEBP] = sp_webp_walk, [SP_FORMAT_GIF] = sp_gif_walk,
    [SP_FORMAT_HEIC] = walk_heif,    [SP_FORMAT_AVIF] = walk_heif,
};

SpWalkFunc
sp_walker(SpFormat format)
{
    g_return_val_if_fail((guint)format < SP_FORMAT_COUNT, NULL);
    return walkers[format];
}
