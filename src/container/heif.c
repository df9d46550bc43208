/* SPDX-License-Identifier: MIT */
/* heif.c -- walk a HEIC or AVIF: the boxes at the top, and what comes of them.
 *
 * The work is done in parts that do not know each other: boxes and numbers (heif-boxes.c), the
 * meta box as tables (heif-meta.c), a coded item or a grid (heif-layer.c), from the primary
 * item to these (heif-picture.c), turns and crops (heif-turn.c), the slim view (heif-slim.c),
 * what is left out: boxes and properties (heif-parts.c), items and what no item has
 * (heif-items.c). Here they meet.
 *
 * Parts are told in this order: boxes at the top; of meta what is in no table, properties,
 * items; pixels that are hidden; bytes of mdat and idat that no item has; what stands behind
 * the last box. All but the first wait until the picture is resolved, or cannot be.
 *
 * A file ends where no box goes on: at bytes that make no header, at a box of a type that
 * nobody knows which runs over the end, or at a second ftyp, which begins another file. What
 * stands from there on is trailing, and is not looked into for pictures. */
#include "container/heif.h"

#include <string.h>

#include "base/error.h"
#include "container/heif-items.h"
#include "container/heif-parts.h"
#include "container/heif-picture.h"
#include "container/heif-slim.h"

#define MAX_TOP_BOXES 65536
#define CODER_BLOCK 8  /* pixels; sides of coded pictures are multiples of that, */
#define CODER_LEAST 64 /* and of some coders that much at least */
#define MAX_PROFILE ((gsize)4 << 20) /* bytes; a larger ICC profile is none */

typedef struct {
    SpSlice file; /* borrowed */
    SpPartFunc part;
    gpointer data;
    SpWalk *walk; /* borrowed; what is filled in */
    SpHeifBox meta;
    GArray *places; /* owned; of SpHeifBox: mdat and idat */
    SpSlice rest;   /* what is trailing */
    gboolean has_meta, has_movie;
} Walker;

static void
walker_clear(Walker *walker)
{
    g_array_unref(walker->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walker, walker_clear)

/* ---- boxes at the top ----------------------------------------------------------------------
 */

static void
tell_unknown(const Walker *walker, const SpHeifBox *box)
{
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, box->type, box->payload,
                 box->n_bytes);
}

static void
note_box(Walker *walker, const SpHeifBox *box)
{
    gboolean is_meta = box->type == SP_FOURCC('m', 'e', 't', 'a');
    walker->walk->cut |= box->cut;
    if (box->type == SP_FOURCC('m', 'o', 'o', 'v'))
        walker->has_movie = TRUE;
    if (box->type == SP_FOURCC('m', 'd', 'a', 't'))
        g_array_append_val(walker->places, *box);
    if (is_meta && walker->has_meta) {
        tell_unknown(walker, box);
        return;
    }
    if (is_meta) {
        walker->meta = *box;
        walker->has_meta = TRUE;
    }
    sp_heif_tell_top_box(box, walker->part, walker->data);
}

static gboolean
walk_boxes(Walker *walker, GError **error)
{
    SpSlice rest = walker->file;
    for (guint i = 0;; i++) {
        SpSlice start = rest;
        SpHeifBox box;
        gboolean is_box = sp_heif_next_box(&rest, &box);
        gboolean is_ftyp = is_box && box.type == SP_FOURCC('f', 't', 'y', 'p');
        if (i == 0 && !is_ftyp)
            return sp_throw(error, SP_ERROR_CORRUPT, "does not begin with an ftyp box");
        if (!is_box || (i > 0 && is_ftyp) || (box.cut && !sp_heif_is_top_box(box.type)) ||
            box.type == 0) {
            walker->rest = start;
            return TRUE;
        }
        if (i == MAX_TOP_BOXES)
            return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                            "the file has at least %u boxes, the limit is %d (of its format)",
                            i + 1, MAX_TOP_BOXES);
        note_box(walker, &box);
    }
}

/* ---- the picture ---------------------------------------------------------------------------
 */

static gboolean
throw_no_picture(const Walker *walker, GError **error)
{
    if (walker->has_movie)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "an image sequence without a still picture");
    if (walker->walk->cut || walker->rest.n < 8) /* not even a box's head */
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends before any picture");
    return sp_throw(error, SP_ERROR_CORRUPT, "has no meta box");
}

/* One tile after the other, and the configuration that all of them have. */
static void
list_tiles(const SpHeifLayer *colour, SpHeifWalk *walk)
{
    const SpHeifCoded *first = &g_array_index(colour->coded, SpHeifCoded, 0);
    walk->coding = colour->coding;
    walk->columns = colour->columns;
    walk->rows = colour->rows;
    walk->tile_width = first->traits.width;
    walk->tile_height = first->traits.height;
    walk->config = first->traits.config;
    for (guint i = 1; i < colour->coded->len; i++) {
        SpSlice config = g_array_index(colour->coded, SpHeifCoded, i).traits.config;
        if (config.n != walk->config.n ||
            memcmp(config.bytes, walk->config.bytes, config.n) != 0) {
            walk->config = (SpSlice){0};
            break;
        }
    }
    walk->tiles = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    for (guint i = 0; i < colour->tiles->len; i++) {
        guint at = g_array_index(colour->tiles, guint, i);
        g_array_append_val(walk->tiles, g_array_index(colour->coded, SpHeifCoded, at).data);
    }
}

static GBytes *
copy_profile(SpSlice icc)
{
    if (icc.n == 0 || icc.n > MAX_PROFILE)
        return NULL;
    guint8 *copy = g_try_malloc(icc.n);
    return copy == NULL ? NULL : g_bytes_new_take(memcpy(copy, icc.bytes, icc.n), icc.n);
}

static void
describe(const SpHeifMeta *meta, const SpHeifPicture *picture, SpWalk *walk)
{
    const SpHeifCoded *first = &g_array_index(picture->colour.coded, SpHeifCoded, 0);
    walk->width = picture->colour.width;
    walk->height = picture->colour.height;
    walk->crop = picture->turn.crop;
    walk->orientation = sp_heif_turn_orientation(&picture->turn);
    walk->bits = sp_heif_config_bits(picture->colour.coding, first->traits.config);
    walk->alpha = picture->alpha.coded != NULL;
    walk->premultiplied = picture->premultiplied;
    walk->frames = 1;
    walk->tiled = picture->colour.is_grid || picture->alpha.is_grid;
    walk->colour.icc = copy_profile(picture->icc);
    walk->colour.nclx = picture->nclx;
    walk->colour.adobe_rgb = sp_heif_is_adobe_rgb(meta);
}

static gboolean
read_meta(const Walker *walker, SpHeifMeta **ret_meta, GError **error)
{
    if (!walker->has_meta)
        return throw_no_picture(walker, error);
    if (walker->meta.cut)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends within its meta box");
    return sp_heif_meta_new(walker->file, walker->meta.payload, ret_meta, error);
}

static gboolean
read_picture(const Walker *walker, SpHeifMeta *meta, SpHeifPicture *picture, SpHeifWalk *walk,
             GError **error)
{
    guint32 primary = 0;
    if (!sp_heif_meta_primary(meta, &primary) && walker->has_movie)
        return throw_no_picture(walker, error);
    if (!sp_heif_picture(meta, walker->file.n, walk->walk.made, picture, error)) {
        walk->walk.width = picture->colour.width;
        walk->walk.height = picture->colour.height;
        return FALSE;
    }
    describe(meta, picture, &walk->walk);
    list_tiles(&picture->colour, walk);
    walk->walk.grey = sp_heif_config_is_grey(walk->coding, walk->config);
    return TRUE;
}

/* ---- telling -------------------------------------------------------------------------------
 */

/* Does a crop take away more than what fills up a coder's last blocks? That is no picture. */
static gboolean
is_cropped(guint coded, guint start, guint seen)
{
    return start > 0 || (coded > CODER_LEAST && coded - seen >= CODER_BLOCK);
}

/* Pixels that nobody sees. They are part of the picture's data, so they take no bytes. Tiles
 * fill their grid and a part of one at most is outside, as every phone has it; with whole tiles
 * outside a picture is refused, and that is told. */
static void
tell_hidden(const Walker *walker, const SpHeifPicture *picture, gboolean is_resolved)
{
    const SpRect *crop = &picture->turn.crop;
    SpSlice none = {0};
    if (picture->colour.hides_tiles)
        sp_part_tell(walker->part, walker->data, SP_CARRIER_HIDDEN,
                     SP_FOURCC('g', 'r', 'i', 'd'), none, 0);
    if (is_resolved && (is_cropped(picture->colour.width, crop->left, crop->width) ||
                        is_cropped(picture->colour.height, crop->top, crop->height)))
        sp_part_tell(walker->part, walker->data, SP_CARRIER_HIDDEN,
                     SP_FOURCC('c', 'l', 'a', 'p'), none, 0);
}

/* meta: NULL when it cannot be read: then it is unknown, and so is what lies in mdat. Where
 * there are tracks, what no item has is theirs. */
static void
tell_parts(Walker *walker, const SpHeifMeta *meta, const SpHeifPicture *picture,
           gboolean is_resolved)
{
    g_autoptr(GArray) used = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    SpSlice rest = walker->rest;
    if (walker->part == NULL)
        return;
    if (meta != NULL) {
        SpHeifBox idat = {.type = SP_FOURCC('i', 'd', 'a', 't'),
                          .payload = sp_heif_meta_inline_data(meta)};
        if (idat.payload.n > 0)
            g_array_append_val(walker->places, idat);
        sp_heif_tell_meta(meta, walker->part, walker->data);
        sp_heif_tell_items(meta, is_resolved, walker->file.n, walker->part, walker->data, used);
        tell_hidden(walker, picture, is_resolved);
    } else if (walker->has_meta) {
        tell_unknown(walker, &walker->meta);
    }
    sp_heif_tell_slack(walker->places, used,
                       walker->has_movie ? SP_CARRIER_SEQUENCE : SP_CARRIER_STRAY, walker->part,
                       walker->data);
    if (rest.n > 0)
        sp_part_tell(walker->part, walker->data, SP_CARRIER_TRAILER, 0, rest, rest.n);
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static gboolean
walk_file(Walker *walker, SpHeifWalk *walk, GError **error)
{
    g_autoptr(SpHeifMeta) meta = NULL;
    g_auto(SpHeifPicture) picture = {0};
    if (!walk_boxes(walker, error))
        return FALSE;
    gboolean is_resolved =
        read_meta(walker, &meta, error) && read_picture(walker, meta, &picture, walk, error);
    tell_parts(walker, meta, &picture, is_resolved);
    return is_resolved &&
           sp_heif_slim(&picture, 2 * walker->file.n, walk->walk.made, walk->walk.slim, error);
}

gboolean
sp_heif_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpHeifWalk *ret_walk,
             GError **error)
{
    g_auto(SpHeifWalk) walk = {0};
    g_auto(Walker) walker = {.file = {bytes, n},
                             .part = part,
                             .data = data,
                             .walk = &walk.walk,
                             .places = g_array_new(FALSE, FALSE, sizeof(SpHeifBox))};
    walk.walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    walk.walk.made = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (!walk_file(&walker, &walk, error)) {
        ret_walk->walk.width = walk.walk.width;
        ret_walk->walk.height = walk.walk.height;
        return FALSE;
    }
    *ret_walk = walk;
    walk = (SpHeifWalk){0};
    return TRUE;
}

void
sp_heif_walk_clear(SpHeifWalk *walk)
{
    sp_walk_clear(&walk->walk);
    g_clear_pointer(&walk->tiles, g_array_unref);
    *walk = (SpHeifWalk){0};
}
