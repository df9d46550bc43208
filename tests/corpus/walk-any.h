/* SPDX-License-Identifier: MIT */
/* walk-any.h -- any file that is taken through the walker of its format, for the corpus' tools.
 */
#ifndef SP_TESTS_WALK_ANY_H
#define SP_TESTS_WALK_ANY_H
#include "container/gif.h"
#include "container/heif.h"
#include "container/jpeg.h"
#include "container/png.h"
#include "container/sniff.h"
#include "container/webp.h"
#include <string.h>

static inline gboolean
walk_jpeg(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *walk,
          GError **error)
{
    g_auto(SpJpegWalk) jpeg = {0};
    if (!sp_jpeg_walk(bytes, n, part, data, &jpeg, error))
        return FALSE;
    walk->width = walk->crop.width = jpeg.width;
    walk->height = walk->crop.height = jpeg.height;
    walk->orientation = jpeg.orientation;
    walk->colour = jpeg.colour;
    walk->slim = g_steal_pointer(&jpeg.slim);
    memset(&jpeg.colour, 0, sizeof jpeg.colour);
    return TRUE;
}

static inline gboolean
walk_heif(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *walk,
          GError **error)
{
    g_auto(SpHeifWalk) heif = {0};
    if (!sp_heif_walk(bytes, n, part, data, &heif, error))
        return FALSE;
    *walk = heif.walk;
    memset(&heif.walk, 0, sizeof heif.walk);
    return TRUE;
}

/* FALSE: not taken, or refused; then the parts before the fault have been told. Of a JPEG *walk
 * gets what it shares with the others. */
static inline gboolean
walk_any(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *walk)
{
    static const SpWalkFunc walkers[SP_FORMAT_COUNT] = {
        [SP_FORMAT_JPEG] = walk_jpeg,    [SP_FORMAT_PNG] = sp_png_walk,
        [SP_FORMAT_WEBP] = sp_webp_walk, [SP_FORMAT_GIF] = sp_gif_walk,
        [SP_FORMAT_HEIC] = walk_heif,    [SP_FORMAT_AVIF] = walk_heif,
    };
    const SpSniffed *sniffed = sp_sniff(bytes, n);
    return sniffed != NULL && sniffed->format != SP_FORMAT_NEVER &&
           walkers[sniffed->format](bytes, n, part, data, walk, NULL);
}
#endif
