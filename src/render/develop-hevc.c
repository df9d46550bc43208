/* SPDX-License-Identifier: MIT */
/* develop-hevc.c -- the lane of HEIC over libavcodec: walk, limits, decode, resize, finish.
 *
 * It knows what phones send: a picture or a grid of equal tiles, opaque. Whatever
 * else a HEIF may be is refused before any work as SP_ERROR_UNAVAILABLE, and left to libheif.
 * Planes go to the resize as they are coded; nowhere RGB but for other colours than sRGB. */
#include "base/error.h"
#include "render/develop.h"
#include "render/hevc-decode.h"
#include "render/limits.h"

#define UNKNOWN_MATRIX 2 /* ITU-T H.273, table 4 */
#define BT601_MATRIX 6

/* NULL: it is. */
static const char *
why_not_for_this_lane(const SpHeifWalk *walk)
{
    const SpWalk *picture = &walk->walk;
    guint64 across = (guint64)walk->columns * walk->tile_width;
    guint64 down = (guint64)walk->rows * walk->tile_height;
    if (walk->coding != SP_FOURCC('h', 'v', 'c', '1'))
        return "it is not coded in HEVC";
    if (picture->alpha)
        return "it has transparency";
    if (walk->config.bytes == NULL)
        return "its tiles are of several kinds";
    if (walk->tiles->len == 0 || walk->tiles->len != (guint64)walk->columns * walk->rows ||
        across < picture->width || across - walk->tile_width >= picture->width ||
        down < picture->height || down - walk->tile_height >= picture->height)
        return "its tiles do not cover it";
    return NULL;
}

/* A grid is never whole in memory. (The upload is sealed, however it came: it counts nowhere.)
 */
static gboolean
check_limits(const SpHeifWalk *walk, const SpWireRequest *request, guint64 memory,
             GError **error)
{
    return sp_limits_check(&request->limits, (SpSize){walk->walk.width, walk->walk.height},
                           walk->rows > 1 ? SP_GUARD_STREAMED : SP_GUARD_WHOLE, memory, error);
}

static guint64
memory_needed(const SpHevcDecoder *decoder, const SpWalk *walk, const SpWireRequest *request,
              SpSize upright, SpSize target)
{
    return sp_walk_made_size(walk) + sp_hevc_decoder_memory(decoder) +
           sp_limits_job_bytes(request, &walk->colour, upright, target, FALSE);
}

static gboolean
decode(SpHevcDecoder *decoder, const SpFeedShape *shape, SpPicture *ret_picture, GError **error)
{
    g_autoptr(SpFeed) feed = sp_feed_new(shape, error);
    return feed != NULL && sp_hevc_decoder_run(decoder, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

/* The file's word on matrix and range comes before the coded picture's own (HEIF, 6.5.5.1);
 * where neither says which matrix, it is BT.601's, as in JPEG. */
static SpColourSource
source_of(const SpHevcFormat *format, const SpColourTags *tags)
{
    SpColourSource source = {
        .form.model = format->n_planes == 1 ? SP_MODEL_GREY : SP_MODEL_YCC,
        .form.bytes = format->bytes,
        .form.sub = 1,
        .ycc = tags->nclx.present ? tags->nclx : format->ycc,
    };
    if (source.ycc.matrix == UNKNOWN_MATRIX)
        source.ycc.matrix = BT601_MATRIX;
    return source;
}

gboolean
sp_develop_hevc(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                GError **error)
{
    g_auto(SpHeifWalk) heif = {0};
    sp_source_all(upload); /* it is sealed whole: its header may stand at its end */
    gboolean walked = sp_heif_walk(upload->bytes, upload->n, sp_inventory_add,
                                   developed->inventory, &heif, error);
    const SpWalk *walk = &heif.walk;
    developed->width = walk->width;
    developed->height = walk->height;
    if (!walked) {
        g_prefix_error(error, "HEIC: ");
        return FALSE;
    }
    developed->orientation = walk->orientation;
    const char *why_not = request->reduction.linear_light != 0
                              ? "it is to be resized in linear light"
                              : why_not_for_this_lane(&heif);
    if (why_not != NULL)
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "not for this lane: %s", why_not);
    if (!check_limits(&heif, request, 0, error))
        return FALSE;
    sp_limits_check_profile(&request->limits, &heif.walk.colour);
    g_autoptr(SpHevcDecoder) decoder = sp_hevc_decoder_new(&heif, request->threads, error);
    if (decoder == NULL)
        return FALSE;
    SpTurn turn = sp_geometry_turn(walk->orientation);
    SpSize seen = {walk->crop.width, walk->crop.height};
    SpSize target = sp_develop_target(request, seen, turn, developed);
    guint64 memory = memory_needed(decoder, walk, request, developed->upright, target);
    if (!check_limits(&heif, request, memory, error))
        return FALSE;
    const SpHevcFormat *format = sp_hevc_decoder_format(decoder);
    SpColourTags tags = walk->colour; /* borrowed */
    if (tags.icc == NULL && !tags.nclx.present)
        tags.nclx = format->ycc; /* the coded picture's own word, where the file has none */
    SpColourSource source = source_of(format, &tags);
    g_autoptr(SpColourConversion) conversion =
        sp_colour_find(&tags, &source, &developed->colour, &developed->origin);
    SpFeedShape shape = {.coded = seen,
                         .target = target,
                         .turn = turn,
                         .form.sub = sp_develop_sub(request, conversion != NULL, developed),
                         .fine = conversion == NULL,
                         .memory = memory,
                         .max_memory = request->limits.max_memory};
    sp_hevc_decoder_shape(decoder, &shape);
    developed->decoded = (SpSize){shape.planes[0].width, shape.planes[0].height};
    return decode(decoder, &shape, &developed->picture, error) &&
           sp_develop_finish(developed, conversion, turn, request, error);
}
