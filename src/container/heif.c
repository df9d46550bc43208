/* SPDX-License-Identifier: MIT */
/* heif.c -- walk a HEIC or AVIF: the boxes at the top, and what comes of them.
 *
 * The work is done in parts that do not know each other: boxes and numbers (heif-boxes.c), the
 * meta box as tables (heif-meta.c), a coded item or a grid (heif-layer.c), from the primary
 * item to these (heif-picture.c), turns and crops (heif-turn.c), the slim view (heif-slim.c),
 * what is left out (heif-parts.c). Here they meet.
 *
 * A file ends where no box goes on: at bytes that make no header, at a box of a type that
 * nobody knows which runs over the end, or at a second ftyp, which begins another file. What
 * stands from there on is trailing, and is not looked into for pictures. */
#include "container/heif.h"

#include <string.h>

#include "base/error.h"
#include "container/heif-parts.h"
#include "container/heif-picture.h"
#include "container/heif-slim.h"
#include "container/jpeg-meta.h"

#define MAX_TOP_BOXES 65536
#define MAX_PROFILE ((gsize)4 << 20) /* bytes; a larger ICC profile is none */

typedef struct {
    SpSlice file; /* borrowed */
    SpPartFunc part;
    gpointer data;
    SpWalk *walk; /* borrowed; what is filled in */
    SpHeifBox meta;
    SpSlice rest; /* what is trailing */
    gboolean has_meta, has_movie;
} Walker;

/* ---- boxes at the top ----------------------------------------------------------------------
 */

static void
end_file(Walker *walker)
{
    SpSlice rest = walker->rest;
    if (rest.n == 0)
        return;
    walker->walk->removed |= sp_jpeg_trailing_bits(rest.bytes, rest.n);
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, 0,
                 (SpSlice){rest.bytes, rest.n}, rest.n);
}

static void
note_box(Walker *walker, const SpHeifBox *box)
{
    walker->walk->removed |= sp_heif_top_bits(box);
    walker->walk->cut |= box->cut;
    if (box->type == SP_FOURCC('m', 'o', 'o', 'v'))
        walker->has_movie = TRUE;
    if (box->type == SP_FOURCC('m', 'e', 't', 'a')) {
        if (walker->has_meta)
            walker->walk->removed |= SP_CATEGORY_UNKNOWN;
        else
            walker->meta = *box;
        walker->has_meta = TRUE;
    }
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, box->type,
                 (SpSlice){box->payload.bytes, box->payload.n}, box->payload.n);
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
            return sp_throw(error, SP_ERROR_TOO_MUCH_WORK, "more than %d boxes", MAX_TOP_BOXES);
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
    walk->colour.icc = copy_profile(picture->icc);
    walk->colour.nclx = picture->nclx;
    walk->colour.adobe_rgb = sp_heif_is_adobe_rgb(meta);
}

static gboolean
read_picture(Walker *walker, SpHeifWalk *walk, GError **error)
{
    g_autoptr(SpHeifMeta) meta = NULL;
    g_auto(SpHeifPicture) picture = {0};
    guint32 primary = 0;
    if (!walker->has_meta)
        return throw_no_picture(walker, error);
    if (walker->meta.cut)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends within its meta box");
    if (!sp_heif_meta_new(walker->file, walker->meta.payload, &meta, error))
        return FALSE;
    if (walker->part != NULL &&
        !sp_heif_tell_items(meta, walker->file.n, walker->part, walker->data))
        walk->walk.removed |= SP_CATEGORY_UNKNOWN;
    if (!sp_heif_meta_primary(meta, &primary) && walker->has_movie)
        return throw_no_picture(walker, error);
    if (!sp_heif_picture(meta, walker->file.n, walk->walk.made, &picture, error)) {
        walk->walk.width = picture.colour.width;
        walk->walk.height = picture.colour.height;
        return FALSE;
    }
    describe(meta, &picture, &walk->walk);
    list_tiles(&picture.colour, walk);
    walk->walk.grey = sp_heif_config_is_grey(walk->coding, walk->config);
    walk->walk.removed |= sp_heif_meta_bits(meta, walker->meta.payload);
    return sp_heif_slim(&picture, 2 * walker->file.n, walk->walk.made, walk->walk.slim, error);
}

gboolean
sp_heif_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpHeifWalk *ret_walk,
             GError **error)
{
    g_auto(SpHeifWalk) walk = {0};
    Walker walker = {.file = {bytes, n}, .part = part, .data = data, .walk = &walk.walk};
    walk.walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    walk.walk.made = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (!walk_boxes(&walker, error))
        return FALSE;
    if (!read_picture(&walker, &walk, error)) {
        ret_walk->walk.width = walk.walk.width;
        ret_walk->walk.height = walk.walk.height;
        return FALSE;
    }
    end_file(&walker);
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
