/* SPDX-License-Identifier: MIT */
/* develop-vips.c -- the lane of all formats but JPEG: walk, limits, rows from libvips, resize.
 *
 * libvips gives rows of interleaved samples; they are taken apart into the feed's planes, so
 * that from there on everything is as in the planar lane. A transparent picture goes through
 * the resize in 16 bits, its colours multiplied by alpha.
 *
 * A new format is a line in formats[] and in container/walkers.c. */
#include "base/error.h"
#include "container/walkers.h"
#include "render/alpha.h"
#include "render/develop.h"
#include "render/feed.h"
#include "render/limits.h"
#include "render/linear.h"
#include "render/vips-load.h"
#include <string.h>

#define FIRST_BYTES 64 /* of a file; a header is looked for in so many, and twice that, ... */
#define STRIP 16       /* rows asked for at once: as many as libvips' loaders make */

typedef enum {
    SHRINKS_NOT,
    SHRINKS_FREELY,
    SHRINKS_BY_HALVES,
} Shrinks;

/* at_full, as_given: what libvips and the decoder hold of a picture that does not stream, in
 * bytes a pixel of it at full size, and of it as it is given. Measured as the peak of 12
 * megapixels, rounded up; for samples of more than 8 bits twice that. */
typedef struct {
    guint at_full, as_given;
    Shrinks shrinks; /* how the decoder can give it smaller */
    gboolean grows;  /* libnsgif may give a GIF's canvas only as far as its first frame reaches;
                        what is missing, right and below, is transparent */
} Format;

static const Format formats[SP_FORMAT_COUNT] = {
    [SP_FORMAT_JPEG] = {6, 3,
                        SHRINKS_BY_HALVES}, /* tests alone: it is blocked in the renderer */
    [SP_FORMAT_PNG] = {4, 0},
    [SP_FORMAT_WEBP] = {5, 16, SHRINKS_FREELY},
    [SP_FORMAT_GIF] = {8, 0, SHRINKS_NOT, TRUE},
    [SP_FORMAT_HEIC] = {10, 0},
    [SP_FORMAT_AVIF] = {12, 0},
};

/* One picture on its way. */
typedef struct {
    const Format *format;
    SpFormat number;
    SpWalk walk;
    GBytes *slim;              /* owned */
    SpVipsImage *image;        /* owned */
    SpVipsForm form;           /* as libvips gives it */
    double shrink;             /* 1 or more */
    guint from[SP_MAX_PLANES]; /* which of its samples goes into a plane */
    SpRect part;  /* of what libvips gives: what is meant to be seen, and is there */
    SpSize whole; /* what is meant to be seen; larger than part where a canvas is not filled */
    SpAlphaHidden hidden;
    SpLinear *linear; /* owned; NULL: it is resized as it is coded */
} Lane;

static void
lane_clear(Lane *lane)
{
    g_clear_pointer(&lane->image, sp_vips_close);
    g_clear_pointer(&lane->slim, g_bytes_unref);
    sp_walk_clear(&lane->walk);
    g_clear_pointer(&lane->linear, sp_linear_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lane, lane_clear)

/* ---- before pixels -------------------------------------------------------------------------
 */

/* To light, straight colours. Of bytes that were widened, each is a step of the table. */
static void
make_linear(const Lane *lane, guint n_colours, gboolean is_premultiplied,
            guint16 *const rows[SP_MAX_PLANES])
{
    guint width = lane->part.width;
    if (is_premultiplied)
        sp_alpha_unpremultiply_row(rows, n_colours, width);
    for (guint i = 0; i < n_colours; i++)
        if (lane->form.bytes == 1 && !is_premultiplied)
            sp_linear_bytes(lane->linear, (const guint8 *)rows[i], 2, width, rows[i]);
        else
            sp_linear_row(lane->linear, rows[i], width);
    if (is_premultiplied)
        sp_alpha_premultiply_row(rows, n_colours, width);
}

/* So much smaller that the last resize has a factor of two left. libwebp scales as it decodes,
 * to any size, but without regard to alpha: what is transparent would bleed into what is not.
 * libjpeg halves. */
static double
choose_shrink(const Lane *lane, const SpWireRequest *request, SpSize coded, SpSize target)
{
    if (request->reduction.linear_light != 0)
        return 1; /* a decoder averages what is coded */
    double most =
        MIN((double)coded.width / target.width, (double)coded.height / target.height) / 2;
    double shrink = 1;
    if (lane->format->shrinks == SHRINKS_FREELY && !lane->walk.alpha)
        shrink = MAX(most, 1);
    if (lane->format->shrinks == SHRINKS_BY_HALVES)
        for (; shrink * 2 <= MIN(most, 8); shrink *= 2)
            ;
    return shrink;
}

/* libheif decodes up to four tiles at once, each in a thread with a decoder of its own; of AV1
 * that is dav1d, which starts a thread a processor: measured as 1.3 MiB each. */
static guint64
coders_bytes(const Lane *lane)
{
    const guint64 a_worker = (guint64)3 << 19, a_coder = (guint64)4 << 20;
    gboolean is_av1 = lane->number == SP_FORMAT_AVIF;
    guint64 coders = lane->walk.tiled ? 4 : 1;
    if (lane->number != SP_FORMAT_HEIC && !is_av1)
        return 0;
    return coders * (a_coder + (is_av1 ? g_get_num_processors() * a_worker : 0));
}

static guint64
memory_needed(const Lane *lane, const SpWireRequest *request, SpSize upright, SpSize target)
{
    const SpWalk *walk = &lane->walk;
    guint64 pixels = (guint64)walk->width * walk->height;
    guint64 given = (guint64)((double)pixels / (lane->shrink * lane->shrink));
    guint64 held = lane->format->at_full * pixels + lane->format->as_given * given;
    return sp_walk_made_size(walk) + sp_slim_size(walk->slim) +
           (walk->streams ? 0 : held * (walk->bits > 8 ? 2 : 1)) + coders_bytes(lane) +
           sp_limits_job_bytes(request, &walk->colour, upright, target, walk->alpha);
}

static gboolean
check_limits(const Lane *lane, const SpWireRequest *request, guint64 memory, GError **error)
{
    const SpWalk *walk = &lane->walk;
    const SpLimits *limits = &request->limits;
    if (!sp_limits_check_count(walk->frames, limits->max_frames, "frames", "max-frames", error))
        return FALSE;
    return sp_limits_check(limits, (SpSize){walk->width, walk->height},
                           walk->streams ? SP_GUARD_STREAMED : SP_GUARD_WHOLE, memory, error);
}

/* The decoder's complaint, in the words of the walk: a file that ends too early is truncated.
 */
static gboolean
blame(const Lane *lane, GError *why, GError **error)
{
    if (lane->walk.cut && g_error_matches(why, SP_ERROR, SP_ERROR_CORRUPT))
        why->code = SP_ERROR_TRUNCATED;
    g_propagate_error(error, why);
    return FALSE;
}

/* Hold what libvips found against what the walk did. */
static gboolean
fit_together(Lane *lane, GError **error)
{
    const SpWalk *walk = &lane->walk;
    SpVipsForm form = lane->form;
    if (lane->shrink > 1) {
        lane->part = (SpRect){0, 0, form.width, form.height};
        lane->whole = (SpSize){form.width, form.height};
        return TRUE;
    }
    lane->part = walk->crop;
    lane->whole = (SpSize){walk->crop.width, walk->crop.height};
    if (form.width == walk->width && form.height == walk->height)
        return TRUE;
    if (!lane->format->grows || form.width > walk->width || form.height > walk->height ||
        form.width <= walk->crop.left || form.height <= walk->crop.top)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "the decoder finds %u x %u pixels, the container says %u x %u",
                        form.width, form.height, walk->width, walk->height);
    lane->part.width = MIN(lane->part.width, form.width - walk->crop.left);
    lane->part.height = MIN(lane->part.height, form.height - walk->crop.top);
    return TRUE;
}

static gboolean
open_image(Lane *lane, GError **error)
{
    g_autoptr(GError) why = NULL;
    lane->slim = sp_slim_join(lane->walk.slim, error);
    if (lane->slim == NULL)
        return FALSE;
    lane->image = sp_vips_open(lane->number, lane->slim, lane->shrink, &lane->form, &why);
    if (lane->image == NULL)
        return blame(lane, g_steal_pointer(&why), error);
    return fit_together(lane, error);
}

/* ---- rows ----------------------------------------------------------------------------------
 */

/* Interleaved samples of one row into n planes. Three kinds, so that each has a plain loop. */
static void
split_bytes(const Lane *lane, const guint8 *row, guint n, guint8 *const to[SP_MAX_PLANES])
{
    gsize bands = lane->form.bands, width = lane->part.width;
    for (guint i = 0; i < n; i++) {
        const guint8 *from = row + lane->from[i];
        for (gsize x = 0; x < width; x++)
            to[i][x] = from[bands * x];
    }
}

static void
widen_bytes(const Lane *lane, const guint8 *row, guint n, guint16 *const to[SP_MAX_PLANES])
{
    gsize bands = lane->form.bands, width = lane->part.width;
    for (guint i = 0; i < n; i++) {
        const guint8 *from = row + lane->from[i];
        for (gsize x = 0; x < width; x++)
            to[i][x] = (guint16)(from[bands * x] * 257);
    }
}

/* Of 10 or 12 bits libvips gives the upper ones: the lower ones repeat them, so that full is
 * full. */
static void
split_words(const Lane *lane, const guint16 *row, guint n, guint16 *const to[SP_MAX_PLANES])
{
    gsize bands = lane->form.bands, width = lane->part.width;
    guint bits = lane->walk.bits, shift = bits > 8 && bits < 16 ? bits : 16;
    for (guint i = 0; i < n; i++) {
        const guint16 *from = row + lane->from[i];
        for (gsize x = 0; x < width; x++)
            to[i][x] = (guint16)(from[bands * x] | from[bands * x] >> shift);
    }
}

/* A row into the form of the feed; where libvips gives no alpha though there must be one, what
 * is there is opaque. */
static void
split_row(Lane *lane, const SpForm *form, const guint8 *row, guint8 *const to[SP_MAX_PLANES])
{
    guint n_colours = sp_model_planes(form->model);
    gboolean given_alpha = lane->form.bands % 2 == 0;
    guint n = n_colours + given_alpha;
    guint16 *const wide[SP_MAX_PLANES] = {(guint16 *)to[0], (guint16 *)to[1], (guint16 *)to[2],
                                          (guint16 *)to[3]};
    if (form->bytes == 1)
        split_bytes(lane, row, n, to);
    else if (lane->form.bytes == 1)
        widen_bytes(lane, row, n, wide);
    else
        split_words(lane, (const guint16 *)row, n, wide);
    if (lane->linear != NULL)
        make_linear(lane, n_colours, given_alpha && lane->walk.premultiplied, wide);
    if (form->alpha && !given_alpha)
        memset(wide[n_colours], 0xFF, sizeof *wide[n_colours] * lane->part.width);
    else if (form->alpha && !lane->walk.premultiplied) {
        sp_alpha_note_hidden(&lane->hidden, wide, n_colours, lane->part.width);
        sp_alpha_premultiply_row(wide, n_colours, lane->part.width);
    }
}

static guint
n_planes(const SpForm *form)
{
    return sp_model_planes(form->model) + form->alpha;
}

/* From x on, a row of a canvas that nothing fills: zero is transparent, colours and all. */
static void
clear_row(const Lane *lane, const SpForm *form, guint x, guint8 *const to[SP_MAX_PLANES])
{
    for (guint i = 0; i < n_planes(form); i++)
        memset(to[i] + (gsize)x * form->bytes, 0, (gsize)(lane->whole.width - x) * form->bytes);
}

/* Rows y to y + n of the whole, all of them in the part or none. FALSE without an error when
 * the feed wants no more. */
static gboolean
pass_strip(Lane *lane, const SpForm *form, guint y, guint n, SpFeed *feed, GError **error)
{
    guint8 *rows[SP_MAX_PLANES][STRIP] = {{NULL}};
    SpRect part = {lane->part.left, lane->part.top + y, lane->part.width, n};
    gboolean filled = y < lane->part.height;
    gsize row_bytes = 0;
    const guint8 *from = filled ? sp_vips_rows(lane->image, part, &row_bytes, error) : NULL;
    if (filled && from == NULL)
        return FALSE;
    for (guint i = 0; i < n_planes(form); i++)
        if (!sp_feed_room(feed, i, n, rows[i]))
            return FALSE;
    for (guint k = 0; k < n; k++) {
        guint8 *const to[SP_MAX_PLANES] = {rows[0][k], rows[1][k], rows[2][k], rows[3][k]};
        if (filled)
            split_row(lane, form, from + row_bytes * k, to);
        clear_row(lane, form, filled ? lane->part.width : 0, to);
    }
    for (guint i = 0; i < n_planes(form); i++)
        sp_feed_push(feed, i, n);
    return TRUE;
}

static gboolean
pass_rows(Lane *lane, const SpForm *form, SpFeed *feed, GError **error)
{
    guint n = 0;
    for (guint y = 0; y < lane->whole.height; y += n) {
        guint end = y < lane->part.height ? lane->part.height : lane->whole.height;
        n = MIN(STRIP, end - y);
        g_autoptr(GError) why = NULL;
        if (!pass_strip(lane, form, y, n, feed, &why))
            return why == NULL || blame(lane, g_steal_pointer(&why), error);
    }
    return TRUE;
}

static gboolean
decode(Lane *lane, SpFeedShape *shape, SpPicture *ret_picture, GError **error)
{
    for (guint i = 0; i < n_planes(&shape->form); i++)
        shape->planes[i] = (SpFeedPlane){
            .width = lane->whole.width,
            .height = lane->whole.height,
            .row_bytes = lane->whole.width * shape->form.bytes,
            .pitch_x = (double)shape->coded.width / lane->whole.width,
            .pitch_y = (double)shape->coded.height / lane->whole.height,
        };
    g_autoptr(SpFeed) feed = sp_feed_new(shape, error);
    return feed != NULL && pass_rows(lane, &shape->form, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

/* ---- all of it -----------------------------------------------------------------------------
 */

/* What goes into the feed, and where it is taken from: the colours' samples, then alpha's. */
static SpForm
form_of_planes(Lane *lane)
{
    gboolean fills =
        lane->part.width == lane->whole.width && lane->part.height == lane->whole.height;
    gboolean alpha = lane->form.bands % 2 == 0 || !fills;
    gboolean grey = lane->form.bands < 3 || lane->walk.grey;
    for (guint i = 0; i < SP_MAX_PLANES; i++)
        lane->from[i] = MIN(i, lane->form.bands - 1);
    if (grey)
        lane->from[1] = lane->form.bands - 1;
    return (SpForm){
        .model = grey ? SP_MODEL_GREY : SP_MODEL_RGB,
        .alpha = alpha,
        .bytes = alpha ? 2 : lane->form.bytes,
        .sub = 1,
    };
}

/* What is resized in linear light is converted from there; whether it can be, its colours say.
 */
static SpColourConversion *
find_colours(Lane *lane, const SpWireRequest *request, SpColourSource *source,
             SpDeveloped *developed)
{
    const SpColourTags *tags = &lane->walk.colour;
    SpColourConversion *conversion =
        sp_colour_find(tags, source, &developed->colour, &developed->origin);
    if (!sp_develop_is_linear(request, source->form.model, developed->colour))
        return conversion;
    sp_colour_free(conversion);
    lane->linear = sp_linear_new();
    source->form.bytes = 2;
    source->linear = TRUE;
    return sp_colour_find(tags, source, &developed->colour, &developed->origin);
}

static gboolean
develop(Lane *lane, const SpWireRequest *request, SpDeveloped *developed, GError **error)
{
    const SpWalk *walk = &lane->walk;
    SpTurn turn = sp_geometry_turn(walk->orientation);
    SpSize coded = {walk->crop.width, walk->crop.height};
    SpSize target = sp_develop_target(request, coded, turn, developed);
    lane->shrink = choose_shrink(lane, request, coded, target);
    sp_limits_check_profile(&request->limits, &lane->walk.colour);
    guint64 memory = memory_needed(lane, request, developed->upright, target);
    if (!check_limits(lane, request, memory, error) || !open_image(lane, error))
        return FALSE;
    SpColourSource source = {.form = form_of_planes(lane)};
    g_autoptr(SpColourConversion) conversion = find_colours(lane, request, &source, developed);
    SpFeedShape shape = {
        .coded = coded,
        .target = target,
        .turn = turn,
        .form = source.form,
        .memory = memory,
        .max_memory = request->limits.max_memory,
    };
    developed->decoded = lane->whole;
    return decode(lane, &shape, &developed->picture, error) &&
           sp_develop_finish(developed, conversion, turn, request, error);
}

/* What the header alone says, held against the limits; the rest of the memory is added when the
 * rest is known. Of bits nothing may be known yet. */
static gboolean
check_header(const Lane *lane, const SpWalk *head, const SpWireRequest *request, GError **error)
{
    const SpLimits *limits = &request->limits;
    guint64 pixels = (guint64)head->width * head->height;
    guint64 held = lane->format->at_full * pixels * (head->bits > 8 ? 2 : 1);
    return sp_limits_check(limits, (SpSize){head->width, head->height},
                           head->streams ? SP_GUARD_STREAMED : SP_GUARD_WHOLE, 0, error) &&
           sp_limits_foresee_memory(head->streams ? 0 : held, limits->max_memory, error);
}

/* The walker says how large a picture is from whatever begins with its header. It is asked at
 * the same places, however the upload comes, and of a file too: so that the same is refused in
 * the same words. HEIF is not: its header may stand anywhere, and it comes whole. FALSE with
 * the refusal. */
static gboolean
check_beginning(Lane *lane, SpSource *upload, const SpWireRequest *request,
                SpDeveloped *developed, GError **error)
{
    gboolean is_there = lane->number != SP_FORMAT_HEIC && lane->number != SP_FORMAT_AVIF;
    for (gsize n = FIRST_BYTES; is_there && n <= SP_WIRE_HEAD; n *= 2) {
        g_auto(SpWalk) head = {0};
        is_there = sp_source_reach(upload, n);
        (void)!sp_walker(lane->number)(upload->bytes, MIN(n, upload->n), NULL, NULL, &head,
                                       NULL);
        developed->width = head.width;
        developed->height = head.height;
        if (head.width != 0 && head.height != 0)
            return check_header(lane, &head, request, error);
    }
    return TRUE;
}

/* The walk of all of it. */
static gboolean
walk(Lane *lane, const SpSource *upload, SpDeveloped *developed, GError **error)
{
    gboolean walked = sp_walker(lane->number)(upload->bytes, upload->n, sp_inventory_add,
                                              developed->inventory, &lane->walk, error);
    developed->width = lane->walk.width;
    developed->height = lane->walk.height;
    developed->orientation = walked ? lane->walk.orientation : 0;
    return walked;
}

gboolean
sp_develop_vips(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                GError **error)
{
    g_auto(Lane) lane = {0};
    (void)sp_source_reach(upload, FIRST_BYTES);
    const SpSniffed *kind = sp_sniff(upload->bytes, upload->n);
    if (kind == NULL || kind->format == SP_FORMAT_NEVER)
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "not a format of this renderer");
    lane.number = kind->format;
    lane.format = &formats[kind->format];
    gboolean fits = check_beginning(&lane, upload, request, developed, error);
    if (!fits && !upload->at_end)
        return FALSE;
    sp_source_all(upload);
    gboolean walked = walk(&lane, upload, developed, fits ? error : NULL);
    if (!fits)
        return FALSE;
    if (!walked) {
        g_prefix_error(error, "%s: ", kind->title);
        return FALSE;
    }
    gboolean done = develop(&lane, request, developed, error);
    if (lane.hidden.hides)
        developed->removed |= SP_CATEGORY_HIDDEN_PIXELS;
    return done;
}
