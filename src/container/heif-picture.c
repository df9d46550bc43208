/* SPDX-License-Identifier: MIT */
/* heif-picture.c -- from the primary item to coded pictures, and what they say.
 *
 * ISO/IEC 23008-12, 6.6 and 7; ISO/IEC 23000-22, 7.3. The primary item may stand for another
 * one (iden; tmap, of which the base is taken), and that is coded itself or a grid of coded
 * ones. The walk down that chain is a loop with a bound, nothing here calls itself. An alpha
 * picture hangs on any link of the chain, or one on each tile of a grid.
 *
 * An alpha picture of another size or turned another way is refused: to leave it out would
 * publish what it hides. */
#include "container/heif-picture.h"

#include "base/error.h"

#define IDEN SP_FOURCC('i', 'd', 'e', 'n')
#define TMAP SP_FOURCC('t', 'm', 'a', 'p')
#define DIMG SP_FOURCC('d', 'i', 'm', 'g')
#define AUXL SP_FOURCC('a', 'u', 'x', 'l')
#define PREM SP_FOURCC('p', 'r', 'e', 'm')

#define MAX_CHAIN 8 /* derivations one on another; cameras write none, or one */

typedef struct {
    SpHeifSource source;
    guint32 chain[MAX_CHAIN]; /* from the primary item to the coded one or the grid */
    guint n_chain;
} Resolver;

/* ---- the chain -----------------------------------------------------------------------------
 */

/* Walk from the primary item to what it stands for. Of a tmap (ISO 21496-1: a base and its gain
 * map) its first input is taken, with that one's own turns and colours, as viewers do that do
 * not know tmap, for which such files name the base as primary. */
static gboolean
find_chain(Resolver *resolver, GError **error)
{
    guint32 id = 0;
    if (!sp_heif_meta_primary(resolver->source.meta, &id))
        return sp_throw(error, SP_ERROR_CORRUPT, "the file names no primary picture");
    for (guint i = 0; i < MAX_CHAIN; i++) {
        SpHeifItem *item = sp_heif_find_item(resolver->source.meta, id, error);
        if (item == NULL)
            return FALSE;
        item->roles |= SP_HEIF_ROLE_PICTURE;
        if (item->type != TMAP)
            resolver->chain[resolver->n_chain++] = id;
        if (item->type != TMAP && item->type != IDEN)
            return TRUE;
        const SpHeifReference *input = sp_heif_meta_reference(resolver->source.meta, DIMG, id);
        if (input == NULL || input->n == 0 || (item->type == IDEN && input->n != 1))
            return sp_throw(error, SP_ERROR_CORRUPT,
                            "derived item %u does not say what it is derived from", id);
        item->is_kept = item->type == IDEN;
        id = sp_heif_reference_id(input, 0);
    }
    return sp_throw(error, SP_ERROR_CORRUPT,
                    "pictures that are derived from each other %d times", MAX_CHAIN);
}

/* The alpha picture of an item; *ret_found says whether there is one. */
static gboolean
find_alpha(const Resolver *resolver, guint32 master, guint32 *ret_id, gboolean *ret_found,
           GError **error)
{
    const SpHeifMeta *meta = resolver->source.meta;
    gboolean found = FALSE;
    guint32 id = 0;
    for (guint i = 0; i < sp_heif_meta_n_references(meta); i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        if (reference->type != AUXL || !sp_heif_reference_has(reference, master) ||
            !sp_heif_traits(meta, reference->from).is_alpha)
            continue;
        if (found && id != reference->from)
            return sp_throw(error, SP_ERROR_CORRUPT, "a picture has two alpha pictures");
        id = reference->from;
        found = TRUE;
    }
    *ret_id = id;
    *ret_found = found;
    return TRUE;
}

static gboolean
check_alpha(const SpHeifLayer *colour, const SpHeifLayer *alpha, GError **error)
{
    if (alpha->coding != colour->coding)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "an alpha picture in another coding is not supported");
    if (alpha->width != colour->width || alpha->height != colour->height)
        return sp_throw(
            error, SP_ERROR_UNSUPPORTED,
            "an alpha picture of %u x %u pixels for one of %u x %u is not supported",
            alpha->width, alpha->height, colour->width, colour->height);
    return TRUE;
}

/* The alpha picture is stored as the colours are; so its own turns, if it has any, must be
 * those of the item it belongs to, and nothing may have been turned before. */
static gboolean
read_alpha(Resolver *resolver, guint32 master, guint32 id, SpHeifPicture *picture,
           GError **error)
{
    const SpHeifTurn whole = {.crop = {0, 0, picture->colour.width, picture->colour.height}};
    SpHeifTurn of_master = whole, of_alpha = whole;
    SpHeifItem *item = sp_heif_meta_item(resolver->source.meta, id);
    if (item != NULL && item->roles & SP_HEIF_ROLE_PICTURE)
        return sp_throw(error, SP_ERROR_CORRUPT, "a picture is its own alpha picture");
    if (!sp_heif_add_turns(resolver->source.meta, master, &of_master, error) ||
        !sp_heif_add_turns(resolver->source.meta, id, &of_alpha, error))
        return FALSE;
    if (!sp_heif_is_same_turn(&picture->turn, &whole) ||
        (!sp_heif_is_same_turn(&of_alpha, &whole) &&
         !sp_heif_is_same_turn(&of_alpha, &of_master)))
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "an alpha picture that is turned another way is not supported");
    sp_heif_layer_init(&picture->alpha);
    picture->alpha.width = picture->colour.width;
    picture->alpha.height = picture->colour.height;
    return sp_heif_layer_read(&resolver->source, id, &picture->alpha, error) &&
           check_alpha(&picture->colour, &picture->alpha, error);
}

/* From the bottom of the chain up: alpha, which lies below the turns of its master, and turns.
 */
static gboolean
climb(Resolver *resolver, SpHeifPicture *picture, GError **error)
{
    for (guint level = resolver->n_chain; level-- > 0;) {
        guint32 id = resolver->chain[level], alpha = 0;
        gboolean found = FALSE;
        if (!find_alpha(resolver, id, &alpha, &found, error))
            return FALSE;
        if (found && picture->alpha.coded != NULL)
            return sp_throw(error, SP_ERROR_CORRUPT, "a picture has two alpha pictures");
        if (found && !read_alpha(resolver, id, alpha, picture, error))
            return FALSE;
        if (!sp_heif_add_turns(resolver->source.meta, id, &picture->turn, error))
            return FALSE;
        if (sp_heif_meta_reference(resolver->source.meta, PREM, id) != NULL)
            picture->premultiplied = TRUE;
    }
    return TRUE;
}

/* ---- alpha, tile by tile -------------------------------------------------------------------
 */

/* A tile, and the alpha picture that belongs to it. */
typedef struct {
    guint32 tile, alpha;
    gboolean has_alpha;
} Pair;

static gint
compare_pairs(gconstpointer a, gconstpointer b)
{
    const Pair *left = a, *right = b;
    return left->tile < right->tile ? -1 : left->tile > right->tile;
}

static Pair *
find_pair(const GArray *pairs, guint32 tile)
{
    Pair wanted = {.tile = tile};
    guint at = 0;
    return g_array_binary_search((GArray *)pairs, &wanted, compare_pairs, &at)
               ? &g_array_index(pairs, Pair, at)
               : NULL;
}

/* One pass over all references, however many tiles there are. *ret_n: how many have alpha. */
static gboolean
pair_tiles(const SpHeifMeta *meta, const GArray *pairs, guint *ret_n, GError **error)
{
    guint n = 0;
    for (guint i = 0; i < sp_heif_meta_n_references(meta); i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        if (reference->type != AUXL || !sp_heif_traits(meta, reference->from).is_alpha)
            continue;
        for (guint k = 0; k < reference->n; k++) {
            Pair *pair = find_pair(pairs, sp_heif_reference_id(reference, k));
            if (pair == NULL || (pair->has_alpha && pair->alpha == reference->from))
                continue;
            if (pair->has_alpha)
                return sp_throw(error, SP_ERROR_CORRUPT, "a tile has two alpha pictures");
            *pair = (Pair){pair->tile, reference->from, TRUE};
            n++;
        }
    }
    *ret_n = n;
    return TRUE;
}

/* A grid whose tiles have alpha pictures, as some writers make it: the slim view has a grid of
 * these, of the same shape. */
static gboolean
read_tile_alpha(Resolver *resolver, SpHeifPicture *picture, GError **error)
{
    const SpHeifLayer *colour = &picture->colour;
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0; i < colour->coded->len; i++) {
        Pair pair = {.tile = g_array_index(colour->coded, SpHeifCoded, i).id};
        g_array_append_val(pairs, pair);
    }
    g_array_sort(pairs, compare_pairs);
    guint n = 0;
    if (!pair_tiles(resolver->source.meta, pairs, &n, error))
        return FALSE;
    if (n == 0)
        return TRUE;
    if (n < pairs->len)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "a grid of which some tiles have alpha is not supported");

    SpHeifLayer *alpha = &picture->alpha;
    sp_heif_layer_init(alpha);
    alpha->is_grid = TRUE;
    alpha->width = colour->width;
    alpha->height = colour->height;
    alpha->columns = colour->columns;
    alpha->rows = colour->rows;
    for (guint i = 0; i < colour->tiles->len; i++) {
        guint at = g_array_index(colour->tiles, guint, i);
        const Pair *pair = find_pair(pairs, g_array_index(colour->coded, SpHeifCoded, at).id);
        if (!sp_heif_layer_add_tile(&resolver->source, alpha, pair->alpha, error))
            return FALSE;
    }
    return sp_heif_layer_check(&resolver->source, alpha, error) &&
           check_alpha(colour, alpha, error);
}

/* ---- the whole -----------------------------------------------------------------------------
 */

/* What is said nearest to the primary item wins; tiles are asked last. */
static void
find_colours(const Resolver *resolver, SpHeifPicture *picture)
{
    for (guint i = 0; i <= resolver->n_chain; i++) {
        SpHeifTraits traits = i < resolver->n_chain
                                  ? sp_heif_traits(resolver->source.meta, resolver->chain[i])
                                  : g_array_index(picture->colour.coded, SpHeifCoded, 0).traits;
        if (!picture->nclx.present)
            picture->nclx = traits.nclx;
        if (picture->icc.n == 0)
            picture->icc = traits.icc;
    }
}

static gboolean
resolve(Resolver *resolver, SpHeifPicture *picture, GError **error)
{
    sp_heif_layer_init(&picture->colour);
    if (!find_chain(resolver, error) ||
        !sp_heif_layer_read(&resolver->source, resolver->chain[resolver->n_chain - 1],
                            &picture->colour, error))
        return FALSE;
    picture->turn.crop = (SpRect){0, 0, picture->colour.width, picture->colour.height};
    if (!climb(resolver, picture, error))
        return FALSE;
    if (picture->alpha.coded == NULL && picture->colour.is_grid &&
        !read_tile_alpha(resolver, picture, error))
        return FALSE;
    find_colours(resolver, picture);
    picture->premultiplied = picture->premultiplied && picture->alpha.coded != NULL;
    return TRUE;
}

gboolean
sp_heif_picture(SpHeifMeta *meta, gsize n_may_join, GPtrArray *made, SpHeifPicture *ret_picture,
                GError **error)
{
    g_auto(SpHeifPicture) picture = {0};
    Resolver resolver = {.source = {meta, made, n_may_join}};
    if (!resolve(&resolver, &picture, error)) {
        ret_picture->colour.width = picture.colour.width;
        ret_picture->colour.height = picture.colour.height;
        ret_picture->colour.hides_tiles = picture.colour.hides_tiles;
        return FALSE;
    }
    *ret_picture = picture;
    picture = (SpHeifPicture){0};
    return TRUE;
}

void
sp_heif_picture_clear(SpHeifPicture *picture)
{
    sp_heif_layer_clear(&picture->colour);
    sp_heif_layer_clear(&picture->alpha);
    *picture = (SpHeifPicture){0};
}
