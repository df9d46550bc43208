/* SPDX-License-Identifier: MIT */
/* heif-layer.c -- a coded item or a grid of them: properties and data.
 *
 * ISO/IEC 23008-12, 6.5 and 6.6.2.3; ISO/IEC 23000-22, 7.3. What is odd is refused rather than
 * guessed: tiles of different sizes, in different codings, or turned each for itself. */
#include "container/heif-layer.h"

#include <string.h>

#include "base/error.h"
#include "container/heif.h"

#define HVC1 SP_FOURCC('h', 'v', 'c', '1')
#define AV01 SP_FOURCC('a', 'v', '0', '1')
#define GRID SP_FOURCC('g', 'r', 'i', 'd')
#define DIMG SP_FOURCC('d', 'i', 'm', 'g')

#define MAX_CONFIG 8192 /* bytes of an hvcC or av1C; real ones have some 100 */
#define MAX_SIDE 65535  /* pixels */

/* ---- what properties say -------------------------------------------------------------------
 */

static void
read_size(SpHeifTraits *traits, SpSlice payload)
{
    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 4);
    guint width = (guint)sp_heif_read(&reader, 4);
    guint height = (guint)sp_heif_read(&reader, 4);
    if (traits->width == 0 && traits->height == 0) {
        traits->width = width;
        traits->height = height;
    }
}

static void
read_colour(SpHeifTraits *traits, SpSlice payload)
{
    SpHeifReader reader = {payload};
    guint32 kind = (guint32)sp_heif_read(&reader, 4);
    if (kind == SP_FOURCC('n', 'c', 'l', 'x')) {
        SpCodePoints nclx = {.present = TRUE};
        nclx.primaries = (guint)sp_heif_read(&reader, 2);
        nclx.transfer = (guint)sp_heif_read(&reader, 2);
        nclx.matrix = (guint)sp_heif_read(&reader, 2);
        nclx.full_range = sp_heif_read(&reader, 1) >> 7 != 0;
        if (!reader.failed && !traits->nclx.present)
            traits->nclx = nclx;
    } else if (kind == SP_FOURCC('p', 'r', 'o', 'f') || kind == SP_FOURCC('r', 'I', 'C', 'C')) {
        if (traits->icc.n == 0)
            traits->icc = reader.rest;
    }
}

static void
read_pixi(SpHeifTraits *traits, SpSlice payload)
{
    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 4);
    guint n = (guint)sp_heif_read(&reader, 1);
    n = MIN(n, SP_HEIF_PIXI);
    const guint8 *bits = sp_heif_skip(&reader, n);
    if (bits == NULL || traits->n_pixi != 0)
        return;
    memcpy(traits->pixi, bits, n);
    traits->n_pixi = n;
}

static void
read_auxiliary_type(SpHeifTraits *traits, SpSlice payload)
{
    static const char *const alphas[] = {
        "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        "urn:mpeg:hevc:2015:auxid:1",
        "urn:mpeg:avc:2015:auxid:1",
    };
    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 4);
    for (guint i = 0; i < G_N_ELEMENTS(alphas); i++) {
        gsize n = strlen(alphas[i]);
        if (reader.rest.n < n || memcmp(reader.rest.bytes, alphas[i], n) != 0)
            continue;
        if (reader.rest.n == n || reader.rest.bytes[n] == 0)
            traits->is_alpha = TRUE;
    }
}

SpHeifTraits
sp_heif_traits(const SpHeifMeta *meta, guint32 id)
{
    const SpHeifItem *item = sp_heif_meta_item(meta, id);
    guint32 config = item == NULL         ? 0
                     : item->type == HVC1 ? SP_FOURCC('h', 'v', 'c', 'C')
                     : item->type == AV01 ? SP_FOURCC('a', 'v', '1', 'C')
                                          : 0;
    SpHeifTraits traits = {0};
    SpHeifAssociation properties = sp_heif_meta_association(meta, id);
    for (guint i = 0; i < properties.n; i++) {
        const SpHeifBox *box = sp_heif_meta_property(meta, properties, i);
        if (box == NULL)
            continue;
        if (box->type == SP_FOURCC('i', 's', 'p', 'e'))
            read_size(&traits, box->payload);
        else if (box->type == SP_FOURCC('c', 'o', 'l', 'r'))
            read_colour(&traits, box->payload);
        else if (box->type == SP_FOURCC('p', 'i', 'x', 'i'))
            read_pixi(&traits, box->payload);
        else if (box->type == SP_FOURCC('a', 'u', 'x', 'C'))
            read_auxiliary_type(&traits, box->payload);
        else if (box->type == config && config != 0 && traits.config.bytes == NULL)
            traits.config = box->payload;
    }
    return traits;
}

/* All transformations of an item, on top of what turn has. */
gboolean
sp_heif_add_turns(const SpHeifMeta *meta, guint32 id, SpHeifTurn *turn, GError **error)
{
    SpHeifAssociation properties = sp_heif_meta_association(meta, id);
    for (guint i = 0; i < properties.n; i++) {
        const SpHeifBox *box = sp_heif_meta_property(meta, properties, i);
        if (box != NULL && !sp_heif_turn_add(turn, box->type, box->payload, error))
            return FALSE;
    }
    return TRUE;
}

guint
sp_heif_config_bits(guint32 coding, SpSlice config)
{
    if (coding == HVC1) /* ISO/IEC 14496-15, 8.3.3.1: bit_depth_luma_minus8 */
        return config.n < 23 ? 0 : 8 + (config.bytes[17] & 7);
    if (config.n < 4) /* AV1-ISOBMFF, 2.3.3: high_bitdepth and twelve_bit */
        return 0;
    guint8 flags = config.bytes[2];
    return !(flags & 0x40) ? 8 : flags & 0x20 ? 12 : 10;
}

gboolean
sp_heif_config_is_grey(guint32 coding, SpSlice config)
{
    if (coding == HVC1) /* chroma_format_idc */
        return config.n >= 23 && (config.bytes[16] & 3) == 0;
    return config.n >= 4 && (config.bytes[2] & 0x10) != 0; /* monochrome */
}

/* ---- items ---------------------------------------------------------------------------------
 */

SpHeifItem *
sp_heif_find_item(const SpHeifMeta *meta, guint32 id, GError **error)
{
    SpHeifItem *item = sp_heif_meta_item(meta, id);
    if (item == NULL)
        return sp_throw_null(error, SP_ERROR_CORRUPT, "picture item %u is not in the file", id);
    if (item->is_protected)
        return sp_throw_null(error, SP_ERROR_UNSUPPORTED,
                             "an encrypted picture is not supported");
    return item;
}

static gboolean
throw_type(guint32 type, GError **error)
{
    char name[5] = {0};
    for (guint i = 0; i < 4; i++) {
        char c = (char)(type >> (24 - 8 * i) & 0xFF);
        name[i] = g_ascii_isprint(c) ? c : '?';
    }
    return sp_throw(error, SP_ERROR_UNSUPPORTED,
                    "a HEIF picture of kind '%s' is not supported, only hvc1, av01, grid and "
                    "iden are",
                    name);
}

static gboolean
join(SpHeifSource *source, const GArray *extents, SpSlice *ret_data, GError **error)
{
    gsize size = sp_slim_size(extents);
    if (size > source->n_may_join)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                        "pieces of picture data have at least %" G_GSIZE_FORMAT
                        " bytes, the limit is %" G_GSIZE_FORMAT " (of its format)",
                        size, source->n_may_join);
    GBytes *joined = sp_slim_join(extents, error);
    if (joined == NULL)
        return FALSE;
    g_ptr_array_add(source->made, joined);
    source->n_may_join -= size;
    ret_data->bytes = g_bytes_get_data(joined, &ret_data->n);
    return TRUE;
}

/* The data of an item, in one piece. */
static gboolean
read_data(SpHeifSource *source, guint32 id, SpSlice *ret_data, GError **error)
{
    g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    if (!sp_heif_meta_extents(source->meta, id, extents, error))
        return FALSE;
    if (extents->len == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "picture item %u has no data", id);
    if (extents->len > 1)
        return join(source, extents, ret_data, error);
    *ret_data = g_array_index(extents, SpSlice, 0);
    return TRUE;
}

/* The first of three bytes that no NAL unit has (ISO/IEC 23008-2, 7.4.2.1: an encoder breaks
 * 000000, 000001 and 000002 up), or NULL. */
static const guint8 *
find_hole(const guint8 *unit, gsize n)
{
    const guint8 *end = unit + n, *p = unit;
    while ((p = memchr(p, 0, (gsize)(end - p))) != NULL && end - p >= 3) {
        if (p[1] == 0 && p[2] <= 2)
            return p;
        p++;
    }
    return NULL;
}

/* libde265 paints over what is missing, and no checksum tells it. But where the rest of a file
 * never came, or a disk lost a piece, there are zeros. What does not divide into NAL units is
 * left to the decoder. */
static gboolean
check_units(guint32 id, const SpHeifCoded *coded, GError **error)
{
    SpHeifReader reader = {coded->data};
    SpSlice config = coded->traits.config;
    g_return_val_if_fail(config.bytes != NULL && config.n >= 23, FALSE);
    guint n_length = (config.bytes[21] & 3) + 1u;
    while (reader.rest.n > n_length) {
        gsize n = (gsize)sp_heif_read(&reader, n_length);
        const guint8 *unit = sp_heif_skip(&reader, n);
        const guint8 *hole = unit == NULL ? NULL : find_hole(unit, n);
        if (hole != NULL)
            return sp_throw(error, SP_ERROR_CORRUPT,
                            "the data of item %u have a hole at their byte %" G_GSIZE_FORMAT,
                            id, (gsize)(hole - coded->data.bytes));
        if (unit == NULL)
            break;
    }
    return TRUE;
}

static gboolean
check_size(guint32 id, guint width, guint height, GError **error)
{
    if (width == 0 || height == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "picture item %u has no size", id);
    if (width > MAX_SIDE || height > MAX_SIDE)
        return sp_throw(error, SP_ERROR_TOO_MANY_PIXELS,
                        "the picture is %u x %u, the limit is %d pixels a side (of its format)",
                        width, height, MAX_SIDE);
    return TRUE;
}

/* A coded item. Where it has no size of its own, it has the one that coded has already. */
static gboolean
read_coded(SpHeifSource *source, guint32 id, SpHeifCoded *coded, GError **error)
{
    SpHeifItem *item = sp_heif_find_item(source->meta, id, error);
    if (item == NULL)
        return FALSE;
    if (item->type != HVC1 && item->type != AV01)
        return throw_type(item->type, error);
    SpHeifTraits traits = sp_heif_traits(source->meta, id);
    if (traits.width == 0 && traits.height == 0) {
        traits.width = coded->traits.width;
        traits.height = coded->traits.height;
    }
    *coded = (SpHeifCoded){.id = id, .traits = traits};
    if (!check_size(id, traits.width, traits.height, error))
        return FALSE;
    if (traits.config.n > MAX_CONFIG || sp_heif_config_bits(item->type, traits.config) == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "picture item %u has no %s that makes sense",
                        id, item->type == HVC1 ? "hvcC" : "av1C");
    if (!read_data(source, id, &coded->data, error) ||
        (item->type == HVC1 && !check_units(id, coded, error)))
        return FALSE;
    item->is_kept = TRUE;
    return TRUE;
}

/* ---- layers --------------------------------------------------------------------------------
 */

void
sp_heif_layer_clear(SpHeifLayer *layer)
{
    g_clear_pointer(&layer->coded, g_array_unref);
    g_clear_pointer(&layer->tiles, g_array_unref);
}

void
sp_heif_layer_init(SpHeifLayer *layer)
{
    layer->coded = g_array_new(FALSE, FALSE, sizeof(SpHeifCoded));
    layer->tiles = g_array_new(FALSE, FALSE, sizeof(guint));
    layer->columns = layer->rows = 1;
}

/* One more tile. A grid may use an item twice. */
gboolean
sp_heif_layer_add_tile(SpHeifSource *source, SpHeifLayer *layer, guint32 id, GError **error)
{
    guint at = 0;
    while (at < layer->coded->len && g_array_index(layer->coded, SpHeifCoded, at).id != id)
        at++;
    if (at == layer->coded->len) {
        /* a lone picture without a size has the one that the layer has */
        SpHeifCoded coded = {.traits = {.width = layer->is_grid ? 0 : layer->width,
                                        .height = layer->is_grid ? 0 : layer->height}};
        gboolean is_read = read_coded(source, id, &coded, error);
        if (!layer->is_grid) {
            layer->width = coded.traits.width;
            layer->height = coded.traits.height;
        }
        if (!is_read)
            return FALSE;
        guint32 coding = sp_heif_meta_item(source->meta, id)->type;
        if (layer->coding != 0 && layer->coding != coding)
            return sp_throw(error, SP_ERROR_UNSUPPORTED,
                            "a picture of parts in different codings is not supported");
        layer->coding = coding;
        g_array_append_val(layer->coded, coded);
    }
    g_array_append_val(layer->tiles, at);
    return TRUE;
}

/* Tiles cover the grid, and none lies outside of it. */
static gboolean
does_cover(guint side, guint tile, guint n)
{
    return (guint64)tile * n >= side && (guint64)tile * (n - 1) < side;
}

static gboolean
is_wasteful(guint side, guint tile, guint n)
{
    return (guint64)tile * (n - 1) >= side;
}

gboolean
sp_heif_layer_check(const SpHeifSource *source, SpHeifLayer *layer, GError **error)
{
    const SpHeifTraits *first = &g_array_index(layer->coded, SpHeifCoded, 0).traits;
    for (guint i = 0; i < layer->coded->len; i++) {
        const SpHeifCoded *coded = &g_array_index(layer->coded, SpHeifCoded, i);
        if (coded->traits.width != first->width || coded->traits.height != first->height)
            return sp_throw(error, SP_ERROR_CORRUPT, "the tiles of a grid differ in size");
        SpHeifTurn whole = {.crop = {0, 0, first->width, first->height}};
        SpHeifTurn turn = whole;
        if (!sp_heif_add_turns(source->meta, coded->id, &turn, error))
            return FALSE;
        if (!sp_heif_is_same_turn(&turn, &whole))
            return sp_throw(error, SP_ERROR_UNSUPPORTED,
                            "tiles that are turned or cropped are not supported");
    }
    layer->hides_tiles = is_wasteful(layer->width, first->width, layer->columns) ||
                         is_wasteful(layer->height, first->height, layer->rows);
    if (!does_cover(layer->width, first->width, layer->columns) ||
        !does_cover(layer->height, first->height, layer->rows))
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "%u x %u tiles of %u x %u pixels do not make %u x %u", layer->columns,
                        layer->rows, first->width, first->height, layer->width, layer->height);
    return TRUE;
}

/* ISO/IEC 23008-12, 6.6.2.3.2 */
static gboolean
read_grid_data(SpHeifSource *source, guint32 id, SpHeifLayer *layer, GError **error)
{
    SpSlice data = {0};
    if (!read_data(source, id, &data, error))
        return FALSE;
    SpHeifReader reader = {data};
    guint version = (guint)sp_heif_read(&reader, 1);
    guint size = sp_heif_read(&reader, 1) & 1 ? 4 : 2;
    layer->rows = (guint)sp_heif_read(&reader, 1) + 1;
    layer->columns = (guint)sp_heif_read(&reader, 1) + 1;
    guint width = (guint)sp_heif_read(&reader, size);
    guint height = (guint)sp_heif_read(&reader, size);
    if (reader.failed || version != 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "grid item %u makes no sense", id);
    layer->width = width;
    layer->height = height;
    if (!check_size(id, width, height, error))
        return FALSE;
    if (layer->rows * layer->columns > SP_HEIF_TILES)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                        "the picture is a grid of %u tiles, the limit is %d (of its format)",
                        layer->rows * layer->columns, SP_HEIF_TILES);
    return TRUE;
}

static gboolean
read_grid(SpHeifSource *source, guint32 id, SpHeifLayer *layer, GError **error)
{
    layer->is_grid = TRUE;
    layer->traits = sp_heif_traits(source->meta, id);
    if (!read_grid_data(source, id, layer, error))
        return FALSE;
    const SpHeifReference *tiles = sp_heif_meta_reference(source->meta, DIMG, id);
    guint n = tiles == NULL ? 0 : tiles->n;
    if (n != layer->rows * layer->columns)
        return sp_throw(error, SP_ERROR_CORRUPT, "a grid of %u x %u tiles has %u of them",
                        layer->columns, layer->rows, n);
    for (guint i = 0; i < n; i++) {
        if (!sp_heif_layer_add_tile(source, layer, sp_heif_reference_id(tiles, i), error))
            return FALSE;
    }
    return sp_heif_layer_check(source, layer, error);
}

/* The coded item or the grid of that number. */
gboolean
sp_heif_layer_read(SpHeifSource *source, guint32 id, SpHeifLayer *layer, GError **error)
{
    SpHeifItem *item = sp_heif_find_item(source->meta, id, error);
    if (item == NULL)
        return FALSE;
    if (item->type == GRID) {
        if (!read_grid(source, id, layer, error))
            return FALSE;
        item->is_kept = TRUE;
        return TRUE;
    }
    if (!sp_heif_layer_add_tile(source, layer, id, error))
        return FALSE;
    layer->traits = g_array_index(layer->coded, SpHeifCoded, 0).traits;
    return TRUE;
}
