/* SPDX-License-Identifier: MIT */
/* develop-jpeg.c -- the planar lane: walk, limits, scaled decode, resize, finish.
 *
 * Limits are those of the header, and of that alone: so they bind before anything else has
 * come. Of what still arrives the decoder gets the slim view as it grows. That is a bet on an
 * upload without a fault: where it fails, for whatever reason, the upload is read to its end
 * and decoded as a file is, so that what is said of it never depends on how it came. Where it
 * succeeds, the file's way would have done the same: the decoder read the same bytes, in
 * pieces, which libjpeg takes no less strictly than at once. Not so where FF stands before a
 * stuffed FF 00: such a bet is lost.
 *
 * Of what is all there a plain scan is decoded in two threads (jpeg-baseline.h), which is
 * another bet: where it fails, libjpeg decodes it from its header on.
 *
 * Only a picture in other colours than sRGB takes the way over RGB, and what is to be resized
 * in linear light: that is decoded at full size, since the DCT averages what is coded. */
#include "base/error.h"
#include "render/develop.h"
#include "render/jpeg-decode.h"
#include "render/limits.h"

/* Pixels from which on tables and a thread of jpeg-baseline.h cost less than they save. */
#define WORTH_A_BET 250000

typedef struct {
    const SpWireRequest *request; /* borrowed */
    SpDeveloped *developed;       /* borrowed */
    const SpSource *upload;       /* borrowed */
    SpJpegWalker *walker;         /* borrowed */
    SpJpegWalk *walk;             /* borrowed; what it has found */
    SpTurn turn;
    SpSize target;
    guint64 memory;   /* bytes that it all takes */
    SpLinear *linear; /* owned; NULL: it is resized as it is coded */
} Lane;

static void
lane_clear(Lane *lane)
{
    g_clear_pointer(&lane->linear, sp_linear_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lane, lane_clear)

static SpSize
coded_size(const Lane *lane)
{
    return (SpSize){lane->walk->width, lane->walk->height};
}

static gboolean
is_worth_a_bet(const SpJpegWalk *walk)
{
    return walk->streams && (guint64)walk->width * walk->height >= WORTH_A_BET;
}

static gboolean
check_header(Lane *lane, GError **error)
{
    const SpWireRequest *request = lane->request;
    SpDeveloped *developed = lane->developed;
    SpJpegWalk *walk = lane->walk;
    developed->width = walk->width;
    developed->height = walk->height;
    developed->orientation = walk->orientation;
    lane->turn = sp_geometry_turn(walk->orientation);
    lane->target = sp_develop_target(request, coded_size(lane), lane->turn, developed);
    sp_limits_check_profile(&request->limits, &walk->colour);
    lane->memory =
        sp_jpeg_decoder_memory(walk) +
        (request->reduction.linear_light != 0 ? sp_jpeg_decoder_linear_memory(walk) : 0) +
        (is_worth_a_bet(walk) ? sp_jpeg_baseline_memory(request->threads) : 0) +
        sp_limits_job_bytes(request, &walk->colour, developed->upright, lane->target, FALSE);
    return sp_limits_check(&request->limits, coded_size(lane),
                           walk->streams ? SP_GUARD_STREAMED : SP_GUARD_WHOLE, lane->memory,
                           error);
}

static gboolean
check_scans(const Lane *lane, GError **error)
{
    return sp_limits_check_count(lane->walk->n_scans, lane->request->limits.max_scans, "scans",
                                 "max-scans", error);
}

/* In less time, or not at all. */
static gboolean
run_baseline(const Lane *lane, const SpJpegDecoder *decoder, const SpFeedShape *shape,
             SpPicture *ret_picture)
{
    if (!is_worth_a_bet(lane->walk))
        return FALSE;
    g_autoptr(SpJpegBaseline) baseline = sp_jpeg_decoder_baseline(decoder);
    if (baseline == NULL)
        return FALSE;
    g_autoptr(SpFeed) feed = sp_feed_new(shape, NULL);
    return feed != NULL && sp_jpeg_baseline_run(baseline, feed, lane->request->threads) &&
           sp_feed_finish(feed, ret_picture, NULL);
}

static gboolean
prepare(const Lane *lane, SpJpegDecoder *decoder, SpFeedShape *shape, GError **error)
{
    if (lane->linear != NULL)
        return sp_jpeg_decoder_linear(decoder, lane->linear, shape, error);
    guint eighths = sp_geometry_dct_eighths(shape->coded, shape->target);
    return sp_jpeg_decoder_scale(decoder, eighths, shape, error);
}

static gboolean
run(const Lane *lane, SpJpegDecoder *decoder, SpFeedShape *shape, SpPicture *ret_picture,
    GError **error)
{
    if (!prepare(lane, decoder, shape, error))
        return FALSE;
    if (lane->linear == NULL && run_baseline(lane, decoder, shape, ret_picture))
        return TRUE;
    g_autoptr(SpFeed) feed = sp_feed_new(shape, error);
    return feed != NULL && sp_jpeg_decoder_run(decoder, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

static SpColourConversion *
find_colours(Lane *lane, const SpJpegDecoder *decoder, SpDeveloped *to)
{
    const SpColourTags *tags = &lane->walk->colour;
    SpModel model = sp_jpeg_decoder_model(decoder);
    lane_clear(lane); /* of a bet that was lost */
    SpColourSource source = {.form = {.model = model, .bytes = 1, .sub = 1}};
    SpColourConversion *conversion = sp_colour_find(tags, &source, &to->colour, &to->origin);
    if (!sp_develop_is_linear(lane->request, model, to->colour) ||
        !sp_jpeg_decoder_can_be_linear(decoder))
        return conversion;
    sp_colour_free(conversion);
    lane->linear = sp_linear_new();
    source.form.model = model == SP_MODEL_GREY ? SP_MODEL_GREY : SP_MODEL_RGB;
    source.form.bytes = 2;
    source.linear = TRUE;
    return sp_colour_find(tags, &source, &to->colour, &to->origin);
}

/* A screenshot's, more likely than a camera's. */
static gboolean
has_full_chroma(const SpJpegWalk *walk)
{
    const SpJpegComponent *c = walk->components;
    for (guint i = 1; i < walk->n_components; i++)
        if (c[i].h != c[0].h || c[i].v != c[0].v)
            return FALSE;
    return walk->n_components == 3;
}

/* Picture and colour, into *to. more: as in jpeg-decode.h; its data is the lane. */
static gboolean
decode(Lane *lane, SpJpegMore more, SpDeveloped *to, GError **error)
{
    g_autoptr(SpJpegDecoder) decoder = sp_jpeg_decoder_new(lane->walk, more, lane, error);
    if (decoder == NULL)
        return FALSE;
    g_autoptr(SpColourConversion) conversion = find_colours(lane, decoder, to);
    gboolean is_full = conversion != NULL || has_full_chroma(lane->walk);
    SpFeedShape shape = {.coded = coded_size(lane),
                         .target = lane->target,
                         .turn = lane->turn,
                         .form.sub = sp_develop_sub(lane->request, is_full, to),
                         .fine = conversion == NULL,
                         .memory = lane->memory,
                         .max_memory = lane->request->limits.max_memory};
    if (!run(lane, decoder, &shape, &to->picture, error))
        return FALSE;
    to->decoded = (SpSize){shape.planes[0].width, shape.planes[0].height};
    return sp_develop_finish(to, conversion, lane->turn, lane->request, error);
}

/* What is still to be found of the upload, all of it. FALSE without an error where it has
 * failed to come. */
static gboolean
walk_to_end(const Lane *lane, GError **error)
{
    return sp_jpeg_walker_finish(lane->walker, error) && lane->upload->error == NULL &&
           check_scans(lane, error);
}

/* An SpJpegMore. Not for more scans than are decoded: how many there are is told when all are
 * here. */
static SpJpegNext
walk_on(gpointer data)
{
    const Lane *lane = data;
    if (sp_jpeg_walker_step(lane->walker) && check_scans(lane, NULL))
        return SP_JPEG_MORE;
    return walk_to_end(lane, NULL) ? SP_JPEG_ALL : SP_JPEG_LOST;
}

static gboolean
develop(Lane *lane, GError **error)
{
    SpDeveloped *developed = lane->developed;
    g_auto(SpDeveloped) bet = {.is_plain = developed->is_plain};
    gboolean won = !lane->upload->at_end && decode(lane, walk_on, &bet, NULL);
    if (!walk_to_end(lane, error))
        return FALSE;
    if (!won || lane->walk->filled) {
        sp_developed_clear(&bet);
        return decode(lane, NULL, developed, error);
    }
    developed->colour = bet.colour;
    developed->origin = bet.origin;
    developed->decoded = bet.decoded;
    developed->is_worth = bet.is_worth;
    developed->halved = bet.halved;
    developed->is_stretched = bet.is_stretched;
    developed->picture = sp_picture_steal(&bet.picture);
    developed->plain = sp_picture_steal(&bet.plain);
    return TRUE;
}

gboolean
sp_develop_jpeg(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                GError **error)
{
    g_autoptr(SpJpegWalker) walker =
        sp_jpeg_walker_new(upload, sp_inventory_add, developed->inventory);
    g_auto(Lane) lane = {
        .request = request,
        .developed = developed,
        .upload = upload,
        .walker = walker,
        .walk = sp_jpeg_walker_found(walker),
    };
    if (!sp_jpeg_walker_header(walker))
        return walk_to_end(&lane, error);
    if (check_header(&lane, error))
        return develop(&lane, error);
    if (upload->at_end)
        (void)walk_to_end(&lane, NULL); /* for what is told */
    return FALSE;
}
