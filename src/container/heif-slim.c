/* SPDX-License-Identifier: MIT */
/* heif-slim.c -- write the slim view of a resolved picture.
 *
 * The plainest file that says the same: ftyp, meta, mdat; items from 1 on, each in one piece
 * and by its place in the file; every property written from what was understood of it (but
 * hvcC and av1C, which are a decoder's own). So nothing of a stranger's meta box, that a
 * decoder's parser could trip over, is left. The same picture always gives the same bytes, and
 * the slim view of a slim view is itself.
 *
 * Items with the very same data share it, as writers do for tiles of one colour: without that
 * a small file could name one piece of itself four thousand times. */
#include "container/heif-slim.h"

#include <string.h>

#include "base/error.h"

#define MAX_PROPERTIES 64 /* different ones; pictures have some 10 */
#define ITEM_PROPERTIES 5 /* ispe, hvcC or av1C, colr, pixi, auxC */

typedef struct {
    guint32 type;
    const SpHeifLayer *grid; /* NULL for a coded item */
    const SpHeifTraits *traits;
    guint width, height;
    gboolean is_hidden, is_alpha;
    guint first_input; /* of a grid: the item number of its first coded item */
    SpSlice data;      /* of a coded item */
    guint shared_with; /* place of the first item with this data; its own, mostly */
    guint32 offset;    /* of the data, in the slim view */
    guint8 n_properties;
    guint16 properties[ITEM_PROPERTIES]; /* places in ipco, from 1 on */
} Item;

typedef struct {
    GByteArray *head; /* owned */
    GArray *items;    /* owned; of Item; the number of an item is its place + 1 */
    GByteArray *ipco; /* owned; payload */
    gsize property_ends[MAX_PROPERTIES]; /* in ipco */
    guint n_properties;
} Slim;

static void
slim_clear(Slim *slim)
{
    g_byte_array_unref(slim->head);
    g_array_unref(slim->items);
    g_byte_array_unref(slim->ipco);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Slim, slim_clear)

/* ---- numbers and boxes ---------------------------------------------------------------------
 */

static void
put(GByteArray *out, guint size, guint32 number)
{
    for (guint i = size; i-- > 0;) {
        guint8 byte = (guint8)(number >> 8 * i);
        g_byte_array_append(out, &byte, 1);
    }
}

static void
patch(GByteArray *out, gsize at, guint32 number)
{
    for (guint i = 0; i < 4; i++)
        out->data[at + i] = (guint8)(number >> (24 - 8 * i));
}

/* Gives where it begins, for end_box(). */
static gsize
begin_box(GByteArray *out, guint32 type)
{
    gsize at = out->len;
    put(out, 4, 0);
    put(out, 4, type);
    return at;
}

static gsize
begin_full_box(GByteArray *out, guint32 type, guint32 version_and_flags)
{
    gsize at = begin_box(out, type);
    put(out, 4, version_and_flags);
    return at;
}

static void
end_box(GByteArray *out, gsize at)
{
    patch(out, at, (guint32)(out->len - at));
}

/* ---- properties ----------------------------------------------------------------------------
 */

/* The property that was just written behind `at` belongs to the item. One that is there already
 * is not kept twice. */
static gboolean
end_property(Slim *slim, gsize at, Item *item, GError **error)
{
    GByteArray *ipco = slim->ipco;
    end_box(ipco, at);
    gsize n = ipco->len - at, start = 0;
    guint index = 0;
    for (; index < slim->n_properties; start = slim->property_ends[index++]) {
        if (slim->property_ends[index] - start == n &&
            memcmp(ipco->data + start, ipco->data + at, n) == 0)
            break;
    }
    if (index < slim->n_properties) {
        g_byte_array_set_size(ipco, (guint)at);
    } else {
        if (index == MAX_PROPERTIES)
            return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                            "the picture's parts have at least %d different properties, the "
                            "limit is %d (of its format)",
                            MAX_PROPERTIES + 1, MAX_PROPERTIES);
        slim->property_ends[slim->n_properties++] = ipco->len;
    }
    item->properties[item->n_properties++] = (guint16)(index + 1);
    return TRUE;
}

static gboolean
put_size(Slim *slim, Item *item, GError **error)
{
    gsize at = begin_full_box(slim->ipco, SP_FOURCC('i', 's', 'p', 'e'), 0);
    put(slim->ipco, 4, item->width);
    put(slim->ipco, 4, item->height);
    return end_property(slim, at, item, error);
}

static gboolean
put_config(Slim *slim, Item *item, GError **error)
{
    gboolean is_hevc = item->type == SP_FOURCC('h', 'v', 'c', '1');
    gsize at = begin_box(slim->ipco, is_hevc ? SP_FOURCC('h', 'v', 'c', 'C')
                                             : SP_FOURCC('a', 'v', '1', 'C'));
    g_byte_array_append(slim->ipco, item->traits->config.bytes, (guint)item->traits->config.n);
    return end_property(slim, at, item, error);
}

static gboolean
put_code_points(Slim *slim, Item *item, GError **error)
{
    const SpCodePoints *nclx = &item->traits->nclx;
    gsize at = begin_box(slim->ipco, SP_FOURCC('c', 'o', 'l', 'r'));
    put(slim->ipco, 4, SP_FOURCC('n', 'c', 'l', 'x'));
    put(slim->ipco, 2, nclx->primaries);
    put(slim->ipco, 2, nclx->transfer);
    put(slim->ipco, 2, nclx->matrix);
    put(slim->ipco, 1, nclx->full_range ? 0x80 : 0);
    return end_property(slim, at, item, error);
}

static gboolean
put_pixi(Slim *slim, Item *item, GError **error)
{
    gsize at = begin_full_box(slim->ipco, SP_FOURCC('p', 'i', 'x', 'i'), 0);
    put(slim->ipco, 1, item->traits->n_pixi);
    g_byte_array_append(slim->ipco, item->traits->pixi, item->traits->n_pixi);
    return end_property(slim, at, item, error);
}

static gboolean
put_alpha(Slim *slim, Item *item, GError **error)
{
    static const char urn[] = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
    gsize at = begin_full_box(slim->ipco, SP_FOURCC('a', 'u', 'x', 'C'), 0);
    g_byte_array_append(slim->ipco, (const guint8 *)urn, sizeof urn);
    return end_property(slim, at, item, error);
}

static gboolean
put_properties(Slim *slim, GError **error)
{
    for (guint i = 0; i < slim->items->len; i++) {
        Item *item = &g_array_index(slim->items, Item, i);
        if (!put_size(slim, item, error) ||
            (item->grid == NULL && !put_config(slim, item, error)) ||
            (item->traits->nclx.present && !put_code_points(slim, item, error)) ||
            (item->traits->n_pixi > 0 && !put_pixi(slim, item, error)) ||
            (item->is_alpha && !put_alpha(slim, item, error)))
            return FALSE;
    }
    return TRUE;
}

/* ---- items ---------------------------------------------------------------------------------
 */

static void
add_layer(Slim *slim, const SpHeifLayer *layer, gboolean is_alpha)
{
    if (layer->is_grid) {
        Item grid = {.type = SP_FOURCC('g', 'r', 'i', 'd'),
                     .grid = layer,
                     .traits = &layer->traits,
                     .width = layer->width,
                     .height = layer->height,
                     .is_alpha = is_alpha,
                     .first_input = slim->items->len + 2};
        g_array_append_val(slim->items, grid);
    }
    for (guint i = 0; i < layer->coded->len; i++) {
        const SpHeifCoded *coded = &g_array_index(layer->coded, SpHeifCoded, i);
        Item item = {.type = layer->coding,
                     .traits = &coded->traits,
                     .width = coded->traits.width,
                     .height = coded->traits.height,
                     .is_hidden = layer->is_grid,
                     .is_alpha = is_alpha && !layer->is_grid,
                     .data = coded->data};
        g_array_append_val(slim->items, item);
    }
}

static gint
compare_data(gconstpointer a, gconstpointer b, gpointer items)
{
    guint left = *(const guint *)a, right = *(const guint *)b;
    SpSlice x = g_array_index((GArray *)items, Item, left).data;
    SpSlice y = g_array_index((GArray *)items, Item, right).data;
    if (x.bytes != y.bytes)
        return x.bytes < y.bytes ? -1 : 1;
    if (x.n != y.n)
        return x.n < y.n ? -1 : 1;
    return left < right ? -1 : left > right;
}

/* Which items have the same data. Sorted, since they may be eight thousand. */
static void
find_shared(Slim *slim)
{
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < slim->items->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, compare_data, slim->items);
    guint first = 0;
    for (guint i = 0; i < order->len; i++) {
        guint at = g_array_index(order, guint, i);
        Item *item = &g_array_index(slim->items, Item, at);
        const Item *other = &g_array_index(slim->items, Item, first);
        if (i == 0 || item->data.bytes != other->data.bytes || item->data.n != other->data.n)
            first = at;
        item->shared_with = item->grid == NULL ? first : at;
    }
}

/* ---- children of meta ----------------------------------------------------------------------
 */

/* The two boxes before any item: what the file is about, and which item is the first. */
static void
put_start(GByteArray *out)
{
    gsize at = begin_full_box(out, SP_FOURCC('h', 'd', 'l', 'r'), 0);
    put(out, 4, 0);
    put(out, 4, SP_FOURCC('p', 'i', 'c', 't'));
    for (guint i = 0; i < 3; i++)
        put(out, 4, 0);
    put(out, 1, 0); /* the name: none */
    end_box(out, at);
    at = begin_full_box(out, SP_FOURCC('p', 'i', 't', 'm'), 0);
    put(out, 2, 1);
    end_box(out, at);
}

/* Offsets and lengths of four bytes, to be patched by put_data(); gives where the first stands.
 */
static gsize
put_locations(GByteArray *out, const GArray *items)
{
    gsize at = begin_full_box(out, SP_FOURCC('i', 'l', 'o', 'c'), 0);
    put(out, 2, 0x4400);
    put(out, 2, items->len);
    gsize entries = out->len;
    for (guint i = 0; i < items->len; i++) {
        put(out, 2, i + 1);
        put(out, 2, 0); /* this file */
        put(out, 2, 1); /* extent */
        put(out, 4, 0);
        put(out, 4, 0);
    }
    end_box(out, at);
    return entries;
}

static void
put_item_infos(GByteArray *out, const GArray *items)
{
    gsize at = begin_full_box(out, SP_FOURCC('i', 'i', 'n', 'f'), 0);
    put(out, 2, items->len);
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        gsize info = begin_full_box(out, SP_FOURCC('i', 'n', 'f', 'e'),
                                    2u << 24 | (item->is_hidden ? 1 : 0));
        put(out, 2, i + 1);
        put(out, 2, 0); /* not protected */
        put(out, 4, item->type);
        put(out, 1, 0); /* no name */
        end_box(out, info);
    }
    end_box(out, at);
}

static void
put_reference(GByteArray *out, guint32 type, guint from, guint to)
{
    gsize at = begin_box(out, type);
    put(out, 2, from);
    put(out, 2, 1);
    put(out, 2, to);
    end_box(out, at);
}

static void
put_references(GByteArray *out, const GArray *items, gboolean premultiplied)
{
    gsize at = begin_full_box(out, SP_FOURCC('i', 'r', 'e', 'f'), 0);
    gsize start = out->len;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (item->grid != NULL) {
            const GArray *tiles = item->grid->tiles;
            gsize box = begin_box(out, SP_FOURCC('d', 'i', 'm', 'g'));
            put(out, 2, i + 1);
            put(out, 2, tiles->len);
            for (guint k = 0; k < tiles->len; k++)
                put(out, 2, item->first_input + g_array_index(tiles, guint, k));
            end_box(out, box);
        }
        if (item->is_alpha)
            put_reference(out, SP_FOURCC('a', 'u', 'x', 'l'), i + 1, 1);
        if (item->is_alpha && premultiplied)
            put_reference(out, SP_FOURCC('p', 'r', 'e', 'm'), 1, i + 1);
    }
    if (out->len > start)
        end_box(out, at);
    else
        g_byte_array_set_size(out, (guint)at);
}

/* hvcC and av1C, the second property of every coded item, are marked as essential. */
static void
put_property_box(GByteArray *out, const Slim *slim)
{
    gsize at = begin_box(out, SP_FOURCC('i', 'p', 'r', 'p'));
    gsize inner = begin_box(out, SP_FOURCC('i', 'p', 'c', 'o'));
    g_byte_array_append(out, slim->ipco->data, slim->ipco->len);
    end_box(out, inner);
    inner = begin_full_box(out, SP_FOURCC('i', 'p', 'm', 'a'), 1); /* 15 bits a property */
    put(out, 4, slim->items->len);
    for (guint i = 0; i < slim->items->len; i++) {
        const Item *item = &g_array_index(slim->items, Item, i);
        put(out, 2, i + 1);
        put(out, 1, item->n_properties);
        for (guint k = 0; k < item->n_properties; k++)
            put(out, 2, item->properties[k] | (k == 1 && item->grid == NULL ? 0x8000 : 0));
    }
    end_box(out, inner);
    end_box(out, at);
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static void
put_file_type(GByteArray *out, const SpHeifLayer *colour)
{
    SpSlice config = g_array_index(colour->coded, SpHeifCoded, 0).traits.config;
    guint32 brand =
        colour->coding == SP_FOURCC('a', 'v', '0', '1')   ? SP_FOURCC('a', 'v', 'i', 'f')
        : sp_heif_config_bits(colour->coding, config) > 8 ? SP_FOURCC('h', 'e', 'i', 'x')
                                                          : SP_FOURCC('h', 'e', 'i', 'c');
    gsize at = begin_box(out, SP_FOURCC('f', 't', 'y', 'p'));
    put(out, 4, brand);
    put(out, 4, 0);
    put(out, 4, brand);
    put(out, 4, SP_FOURCC('m', 'i', 'f', '1'));
    put(out, 4, SP_FOURCC('m', 'i', 'a', 'f'));
    end_box(out, at);
}

/* ISO/IEC 23008-12, 6.6.2.3.2; sides have 16 bits. */
static void
put_grid(GByteArray *out, const SpHeifLayer *layer)
{
    put(out, 2, 0);
    put(out, 1, layer->rows - 1);
    put(out, 1, layer->columns - 1);
    put(out, 2, layer->width);
    put(out, 2, layer->height);
}

/* The mdat box: grids stand in the head, coded data is pointed to. */
static gboolean
put_data(Slim *slim, gsize locations, gsize max_data, GArray *slices, GError **error)
{
    GByteArray *out = slim->head;
    gsize mdat = begin_box(out, SP_FOURCC('m', 'd', 'a', 't'));
    for (guint i = 0; i < slim->items->len; i++) {
        Item *item = &g_array_index(slim->items, Item, i);
        if (item->grid == NULL)
            continue;
        item->offset = out->len;
        put_grid(out, item->grid);
        item->data.n = out->len - item->offset;
    }
    guint64 n = 0;
    for (guint i = 0; i < slim->items->len; i++) {
        Item *item = &g_array_index(slim->items, Item, i);
        if (item->grid == NULL && item->shared_with != i) {
            item->offset = g_array_index(slim->items, Item, item->shared_with).offset;
        } else if (item->grid == NULL) {
            item->offset = (guint32)(out->len + n);
            n += item->data.n;
            if (n > max_data || n > G_MAXINT32)
                return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                                "coded pictures have at least %" G_GUINT64_FORMAT
                                " bytes, the limit is %" G_GUINT64_FORMAT " (of its format)",
                                n, (guint64)MIN(max_data, G_MAXINT32));
            sp_slim_add(slices, item->data.bytes, item->data.n);
        }
        patch(out, locations + 14 * (gsize)i + 6, item->offset);
        patch(out, locations + 14 * (gsize)i + 10, (guint32)item->data.n);
    }
    patch(out, mdat, (guint32)(out->len - mdat + n));
    return TRUE;
}

gboolean
sp_heif_slim(const SpHeifPicture *picture, gsize max_data, GPtrArray *made, GArray *slim,
             GError **error)
{
    g_auto(Slim) writer = {.head = g_byte_array_new(),
                           .items = g_array_new(FALSE, FALSE, sizeof(Item)),
                           .ipco = g_byte_array_new()};
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    add_layer(&writer, &picture->colour, FALSE);
    if (picture->alpha.coded != NULL)
        add_layer(&writer, &picture->alpha, TRUE);
    find_shared(&writer);
    if (!put_properties(&writer, error))
        return FALSE;

    put_file_type(writer.head, &picture->colour);
    gsize meta = begin_full_box(writer.head, SP_FOURCC('m', 'e', 't', 'a'), 0);
    put_start(writer.head);
    gsize locations = put_locations(writer.head, writer.items);
    put_item_infos(writer.head, writer.items);
    put_references(writer.head, writer.items, picture->premultiplied);
    put_property_box(writer.head, &writer);
    end_box(writer.head, meta);
    if (!put_data(&writer, locations, max_data, slices, error))
        return FALSE;

    GBytes *head = g_byte_array_free_to_bytes(g_steal_pointer(&writer.head));
    writer.head = g_byte_array_new();
    g_ptr_array_add(made, head);
    gsize n = 0;
    gconstpointer bytes = g_bytes_get_data(head, &n);
    sp_slim_add(slim, bytes, n);
    g_array_append_vals(slim, slices->data, slices->len);
    return TRUE;
}
