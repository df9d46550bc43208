/* SPDX-License-Identifier: MIT */
/* develop-jpeg.c -- the planar lane: walk, limits, scaled decode, resize, finish.
 *
 * Only a picture in other colours than sRGB takes the way over RGB. */
#include "base/error.h"
#include "render/develop.h"
#include "render/jpeg-decode.h"
#include "render/limits.h"

static guint64
memory_needed(const SpJpegWalk *walk, const SpWireRequest *request, SpSize upright,
              SpSize target, gsize n_bytes)
{
    return sp_jpeg_decoder_memory(walk) +
           sp_limits_job_bytes(request, &walk->colour, upright, target, FALSE) +
           (request->input_is_pipe ? n_bytes : 0);
}

static gboolean
check_limits(const SpJpegWalk *walk, const SpWireRequest *request, guint64 memory,
             GError **error)
{
    const SpLimits *limits = &request->limits;
    if (!sp_limits_check_count(walk->n_scans, limits->max_scans, "scans", "max-scans", error))
        return FALSE;
    gboolean whole = walk->coding == SP_JPEG_CODING_PROGRESSIVE || walk->n_scans > 1;
    return sp_limits_check(limits, (SpSize){walk->width, walk->height},
                           whole ? SP_GUARD_WHOLE : SP_GUARD_STREAMED, memory, error);
}

static gboolean
decode(SpJpegDecoder *decoder, SpFeedShape *shape, SpPicture *ret_picture, GError **error)
{
    guint eighths = sp_geometry_dct_eighths(shape->coded, shape->target);
    if (!sp_jpeg_decoder_scale(decoder, eighths, shape, error))
        return FALSE;
    g_autoptr(SpFeed) feed = sp_feed_new(shape, error);
    return feed != NULL && sp_jpeg_decoder_run(decoder, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

gboolean
sp_develop_jpeg(const guint8 *bytes, gsize n, const SpWireRequest *request,
                SpDeveloped *developed, GError **error)
{
    g_auto(SpJpegWalk) walk = {0};
    if (!sp_jpeg_walk(bytes, n, sp_inventory_add, developed->inventory, &walk, error))
        return FALSE;
    developed->width = walk.width;
    developed->height = walk.height;
    developed->orientation = walk.orientation;
    SpTurn turn = sp_geometry_turn(walk.orientation);
    SpSize coded = {walk.width, walk.height};
    SpSize target = sp_develop_target(request, coded, turn, developed);
    sp_limits_check_profile(&request->limits, &walk.colour);
    guint64 memory = memory_needed(&walk, request, developed->upright, target, n);
    if (!check_limits(&walk, request, memory, error))
        return FALSE;
    g_autoptr(SpJpegDecoder) decoder = sp_jpeg_decoder_new(&walk, error);
    if (decoder == NULL)
        return FALSE;
    SpColourSource source = {
        .form = {.model = sp_jpeg_decoder_model(decoder), .bytes = 1, .sub = 1}};
    g_autoptr(SpColourConversion) conversion =
        sp_colour_find(&walk.colour, &source, &developed->colour);
    SpFeedShape shape = {.coded = coded,
                         .target = target,
                         .turn = turn,
                         .form.sub = conversion == NULL ? 2 : 1,
                         .memory = memory,
                         .max_memory = request->limits.max_memory};
    SpPicture *picture = &developed->picture;
    return decode(decoder, &shape, picture, error) &&
           sp_develop_finish(picture, conversion, turn, error);
}
