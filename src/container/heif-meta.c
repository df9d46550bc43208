/* SPDX-License-Identifier: MIT */
/* heif-meta.c -- the meta box of a HEIF file as tables.
 *
 * ISO/IEC 14496-12, 8.11 (meta and its children) and ISO/IEC 23008-12, 9.3 (iprp). Every
 * version that those define is read: item numbers of 16 and 32 bits, properties of 7 and 15,
 * extents in the file and in idat. A table keeps where an entry lies, not what its variable
 * part says; that is read when somebody asks. So the memory is bounded by the number of
 * entries, and a list of a billion extents costs nothing unless its item is wanted. */
#include "container/heif-meta.h"

#include "base/error.h"
#include "container/heif-keys.h"

/* More pieces than that, and an item is not picture data but an attack on the list of them. */
#define MAX_EXTENTS 4096

typedef struct {
    guint32 id;
    guint method;        /* 0 in the file, 1 in idat, 2 in another item */
    gboolean is_foreign; /* in another file */
    guint64 base;
    guint n_extents;
    SpSlice extents;
} Location;

struct _SpHeifMeta {
    SpSlice file, idat; /* borrowed */
    gboolean has_primary;
    guint32 primary;
    guint index_size, offset_size, length_size; /* of extents */
    guint n_boxes;                              /* in meta, iinf and iprp */
    guint n_ids;                                /* in all references together */
    GArray *items, *item_keys;                  /* owned; of SpHeifItem, keys */
    GArray *locations, *location_keys;          /* owned; of Location, keys */
    GArray *associations, *association_keys;    /* owned; of SpHeifAssociation, keys */
    GArray *references;                         /* owned; of SpHeifReference */
    GArray *properties;                         /* owned; of SpHeifBox */
    GArray *odd;                                /* owned; of SpHeifOdd */
};

/* Version and flags, which open a full box. */
static guint
read_version(SpHeifReader *reader, guint32 *ret_flags)
{
    guint32 word = (guint32)sp_heif_read(reader, 4);
    *ret_flags = word & 0xFFFFFF;
    return word >> 24;
}

static gboolean
throw_broken(GError **error, const char *box)
{
    return sp_throw(error, SP_ERROR_CORRUPT, "the %s box makes no sense", box);
}

static gboolean
has_room(const GArray *table, const char *box, GError **error)
{
    if (table->len < SP_HEIF_MAX_ENTRIES)
        return TRUE;
    return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                    "the %s box has at least %u entries, the limit is %d (of its format)", box,
                    table->len + 1, SP_HEIF_MAX_ENTRIES);
}

/* Boxes of no meaning cost time, too. */
static gboolean
count_box(SpHeifMeta *meta, GError **error)
{
    if (++meta->n_boxes <= 4 * SP_HEIF_MAX_ENTRIES)
        return TRUE;
    return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                    "the meta box has at least %u boxes, the limit is %d (of its format)",
                    meta->n_boxes, 4 * SP_HEIF_MAX_ENTRIES);
}

/* ---- what is in no table -------------------------------------------------------------------
 */

/* Above the bound nothing is noted: there is enough already that has no meaning. */
static void
add_odd(SpHeifMeta *meta, SpHeifOddKind kind, const SpHeifBox *box)
{
    SpHeifOdd odd = {kind, *box};
    if (meta->odd->len < SP_HEIF_MAX_ENTRIES)
        g_array_append_val(meta->odd, odd);
}

/* What the box has behind all that was read of it. */
static void
add_rest(SpHeifMeta *meta, guint32 type, SpSlice rest)
{
    SpHeifBox box = {.type = type, .payload = rest, .n_bytes = rest.n};
    if (!sp_heif_is_zero(rest))
        add_odd(meta, SP_HEIF_ODD_BYTES, &box);
}

/* ---- children of meta ----------------------------------------------------------------------
 */

static gboolean
read_handler(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 8);
    guint32 handler = (guint32)sp_heif_read(&reader, 4);
    if (reader.failed || handler != SP_FOURCC('p', 'i', 'c', 't'))
        return sp_throw(error, SP_ERROR_CORRUPT, "the meta box is not about pictures");
    SpHeifBox name = {.type = SP_FOURCC('h', 'd', 'l', 'r')};
    sp_heif_skip(&reader, 12);
    name.payload = reader.rest;
    name.n_bytes = reader.rest.n;
    if (!sp_heif_is_zero(reader.rest))
        add_odd(meta, SP_HEIF_ODD_NAME, &name);
    return TRUE;
}

static gboolean
read_primary(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint version = read_version(&reader, &flags);
    meta->primary = (guint32)sp_heif_read(&reader, version == 0 ? 2 : 4);
    meta->has_primary = !reader.failed;
    add_rest(meta, SP_FOURCC('p', 'i', 't', 'm'), reader.rest);
    return meta->has_primary || throw_broken(error, "pitm");
}

/* An infe box. Versions 0 and 1 have no type: they are of before HEIF. */
static gboolean
read_item(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint version = read_version(&reader, &flags);
    if (!has_room(meta->items, "iinf", error))
        return FALSE;
    SpHeifItem item = {.id = (guint32)sp_heif_read(&reader, version < 3 ? 2 : 4)};
    item.is_protected = sp_heif_read(&reader, 2) != 0;
    if (version >= 2) {
        item.type = (guint32)sp_heif_read(&reader, 4);
        item.is_hidden = (flags & 1) != 0;
    }
    if (reader.failed)
        return throw_broken(error, "infe");
    item.name = sp_heif_read_text(&reader);
    if (version < 2 || item.type == SP_FOURCC('m', 'i', 'm', 'e')) {
        item.content_type = sp_heif_read_text(&reader);
        item.is_encoded = sp_heif_read_text(&reader).n > 0;
    } else if (item.type == SP_FOURCC('u', 'r', 'i', ' ')) {
        sp_heif_read_text(&reader); /* the address, which is told by being there */
    }
    add_rest(meta, SP_FOURCC('i', 'n', 'f', 'e'), reader.rest);
    g_array_append_val(meta->items, item);
    sp_heif_add_key(meta->item_keys, item.id);
    return TRUE;
}

/* The count is not asked: what is there counts. */
static gboolean
read_items(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint version = read_version(&reader, &flags);
    sp_heif_skip(&reader, version == 0 ? 2 : 4);
    if (reader.failed)
        return throw_broken(error, "iinf");
    SpHeifBox box;
    while (sp_heif_next_box(&reader.rest, &box)) {
        if (!count_box(meta, error) ||
            (box.type == SP_FOURCC('i', 'n', 'f', 'e') && !read_item(meta, box.payload, error)))
            return FALSE;
        if (box.type != SP_FOURCC('i', 'n', 'f', 'e'))
            add_odd(meta, SP_HEIF_ODD_BOX, &box);
    }
    add_rest(meta, SP_FOURCC('i', 'i', 'n', 'f'), reader.rest);
    return TRUE;
}

/* An entry of iloc. The reserved bits beside the method are not looked at. */
static Location
read_location(SpHeifReader *reader, guint version, guint base_size, guint extent_size)
{
    Location location = {.id = (guint32)sp_heif_read(reader, version < 2 ? 2 : 4)};
    if (version >= 1)
        location.method = sp_heif_read(reader, 2) & 15;
    location.is_foreign = sp_heif_read(reader, 2) != 0;
    location.base = sp_heif_read(reader, base_size);
    location.n_extents = (guint)sp_heif_read(reader, 2);
    location.extents.n = (gsize)location.n_extents * extent_size;
    location.extents.bytes = sp_heif_skip(reader, location.extents.n);
    return location;
}

static gboolean
read_locations(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint version = read_version(&reader, &flags);
    guint sizes = (guint)sp_heif_read(&reader, 2);
    guint base_size = sizes >> 4 & 15;
    meta->offset_size = sizes >> 12;
    meta->length_size = sizes >> 8 & 15;
    meta->index_size = version >= 1 ? sizes & 15 : 0;
    guint64 count = sp_heif_read(&reader, version < 2 ? 2 : 4);
    if (reader.failed || version > 2 || meta->offset_size > 8 || meta->length_size > 8 ||
        meta->index_size > 8 || base_size > 8)
        return throw_broken(error, "iloc");
    guint extent_size = meta->offset_size + meta->length_size + meta->index_size;
    for (guint64 i = 0; i < count; i++) {
        if (!has_room(meta->locations, "iloc", error))
            return FALSE;
        Location location = read_location(&reader, version, base_size, extent_size);
        if (reader.failed)
            return throw_broken(error, "iloc");
        g_array_append_val(meta->locations, location);
        sp_heif_add_key(meta->location_keys, location.id);
    }
    add_rest(meta, SP_FOURCC('i', 'l', 'o', 'c'), reader.rest);
    return TRUE;
}

static gboolean
read_references(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint id_size = read_version(&reader, &flags) == 0 ? 2 : 4;
    SpHeifBox box;
    while (sp_heif_next_box(&reader.rest, &box)) {
        SpHeifReader inside = {box.payload};
        SpHeifReference reference = {.type = box.type, .id_size = id_size};
        reference.from = (guint32)sp_heif_read(&inside, id_size);
        reference.n = (guint)sp_heif_read(&inside, 2);
        reference.ids = sp_heif_skip(&inside, (gsize)reference.n * id_size);
        if (inside.failed)
            return throw_broken(error, "iref");
        meta->n_ids += reference.n;
        if (!has_room(meta->references, "iref", error))
            return FALSE;
        if (meta->n_ids > SP_HEIF_MAX_ENTRIES)
            return sp_throw(
                error, SP_ERROR_TOO_MUCH_WORK,
                "there are at least %u references of items, the limit is %d (of its format)",
                meta->n_ids, SP_HEIF_MAX_ENTRIES);
        g_array_append_val(meta->references, reference);
        add_rest(meta, box.type, inside.rest);
    }
    add_rest(meta, SP_FOURCC('i', 'r', 'e', 'f'), reader.rest);
    return TRUE;
}

/* ipma: which properties an item has, by their places in ipco from 1 on. */
static gboolean
read_associations(SpHeifMeta *meta, SpSlice payload, GError **error)
{
    SpHeifReader reader = {payload};
    guint32 flags = 0;
    guint version = read_version(&reader, &flags);
    guint64 count = sp_heif_read(&reader, 4);
    for (guint64 i = 0; i < count; i++) {
        if (!has_room(meta->associations, "ipma", error))
            return FALSE;
        SpHeifAssociation entry = {.index_size = flags & 1 ? 2 : 1};
        entry.item = (guint32)sp_heif_read(&reader, version == 0 ? 2 : 4);
        entry.n = (guint)sp_heif_read(&reader, 1);
        entry.indexes = sp_heif_skip(&reader, (gsize)entry.n * entry.index_size);
        if (reader.failed)
            return throw_broken(error, "ipma");
        g_array_append_val(meta->associations, entry);
        sp_heif_add_key(meta->association_keys, entry.item);
    }
    add_rest(meta, SP_FOURCC('i', 'p', 'm', 'a'), reader.rest);
    return !reader.failed || throw_broken(error, "ipma");
}

static gboolean
read_properties(SpHeifMeta *meta, SpSlice rest, GError **error)
{
    SpHeifBox box;
    while (sp_heif_next_box(&rest, &box)) {
        if (!has_room(meta->properties, "ipco", error))
            return FALSE;
        g_array_append_val(meta->properties, box);
    }
    add_rest(meta, SP_FOURCC('i', 'p', 'c', 'o'), rest);
    return TRUE;
}

/* iprp: one ipco, and an ipma or more. */
static gboolean
read_property_box(SpHeifMeta *meta, SpSlice rest, GError **error)
{
    gboolean has_properties = FALSE;
    SpHeifBox box;
    while (sp_heif_next_box(&rest, &box)) {
        if (!count_box(meta, error))
            return FALSE;
        if (box.type == SP_FOURCC('i', 'p', 'c', 'o') && !has_properties) {
            if (!read_properties(meta, box.payload, error))
                return FALSE;
            has_properties = TRUE;
        } else if (box.type == SP_FOURCC('i', 'p', 'm', 'a')) {
            if (!read_associations(meta, box.payload, error))
                return FALSE;
        } else {
            add_odd(meta, SP_HEIF_ODD_BOX, &box);
        }
    }
    add_rest(meta, SP_FOURCC('i', 'p', 'r', 'p'), rest);
    return TRUE;
}

static gboolean
read_inline_data(SpHeifMeta *meta, SpSlice payload, GError **error G_GNUC_UNUSED)
{
    meta->idat = payload;
    return TRUE;
}

/* Of each of them the first one counts. */
static const struct {
    guint32 type;
    gboolean (*read)(SpHeifMeta *meta, SpSlice payload, GError **error);
} children[] = {
    {SP_FOURCC('h', 'd', 'l', 'r'), read_handler},
    {SP_FOURCC('p', 'i', 't', 'm'), read_primary},
    {SP_FOURCC('i', 'i', 'n', 'f'), read_items},
    {SP_FOURCC('i', 'l', 'o', 'c'), read_locations},
    {SP_FOURCC('i', 'r', 'e', 'f'), read_references},
    {SP_FOURCC('i', 'p', 'r', 'p'), read_property_box},
    {SP_FOURCC('i', 'd', 'a', 't'), read_inline_data},
};

static gboolean
read_children(SpHeifMeta *meta, SpSlice rest, GError **error)
{
    guint seen = 0;
    SpHeifBox box;
    while (sp_heif_next_box(&rest, &box)) {
        if (!count_box(meta, error))
            return FALSE;
        guint i = 0;
        while (i < G_N_ELEMENTS(children) && children[i].type != box.type)
            i++;
        if (i == G_N_ELEMENTS(children) || seen & 1u << i) {
            add_odd(meta, seen & 1u << i ? SP_HEIF_ODD_SECOND : SP_HEIF_ODD_BOX, &box);
            continue;
        }
        if (!children[i].read(meta, box.payload, error))
            return FALSE;
        seen |= 1u << i;
    }
    add_rest(meta, SP_FOURCC('m', 'e', 't', 'a'), rest);
    return TRUE;
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static void
note_roles(SpHeifMeta *meta)
{
    for (guint i = 0; i < meta->references->len; i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        SpHeifItem *from = sp_heif_meta_item(meta, reference->from);
        if (from != NULL && reference->type == SP_FOURCC('t', 'h', 'm', 'b'))
            from->roles |= SP_HEIF_ROLE_THUMBNAIL;
        if (from != NULL && reference->type == SP_FOURCC('a', 'u', 'x', 'l'))
            from->roles |= SP_HEIF_ROLE_AUXILIARY;
        for (guint k = 0; reference->type == SP_FOURCC('d', 'i', 'm', 'g') && k < reference->n;
             k++) {
            SpHeifItem *input = sp_heif_meta_item(meta, sp_heif_reference_id(reference, k));
            if (input == NULL)
                continue;
            if (!(input->roles & SP_HEIF_ROLE_INPUT))
                input->input_of = reference->from;
            input->roles |= SP_HEIF_ROLE_INPUT;
            if (k > 0 && from != NULL && from->type == SP_FOURCC('t', 'm', 'a', 'p'))
                input->roles |= SP_HEIF_ROLE_GAIN_MAP;
        }
    }
}

gboolean
sp_heif_meta_new(SpSlice file, SpSlice payload, SpHeifMeta **ret_meta, GError **error)
{
    g_autoptr(SpHeifMeta) meta = g_new0(SpHeifMeta, 1);
    meta->file = file;
    meta->items = g_array_new(FALSE, FALSE, sizeof(SpHeifItem));
    meta->item_keys = sp_heif_keys_new();
    meta->locations = g_array_new(FALSE, FALSE, sizeof(Location));
    meta->location_keys = sp_heif_keys_new();
    meta->associations = g_array_new(FALSE, FALSE, sizeof(SpHeifAssociation));
    meta->association_keys = sp_heif_keys_new();
    meta->references = g_array_new(FALSE, FALSE, sizeof(SpHeifReference));
    meta->properties = g_array_new(FALSE, FALSE, sizeof(SpHeifBox));
    meta->odd = g_array_new(FALSE, FALSE, sizeof(SpHeifOdd));

    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 4); /* version and flags */
    if (reader.failed)
        return throw_broken(error, "meta");
    if (!read_children(meta, reader.rest, error))
        return FALSE;
    sp_heif_sort_keys(meta->item_keys);
    sp_heif_sort_keys(meta->location_keys);
    sp_heif_sort_keys(meta->association_keys);
    note_roles(meta);
    *ret_meta = g_steal_pointer(&meta);
    return TRUE;
}

void
sp_heif_meta_free(SpHeifMeta *meta)
{
    if (meta == NULL)
        return;
    g_array_unref(meta->items);
    g_array_unref(meta->item_keys);
    g_array_unref(meta->locations);
    g_array_unref(meta->location_keys);
    g_array_unref(meta->associations);
    g_array_unref(meta->association_keys);
    g_array_unref(meta->references);
    g_array_unref(meta->properties);
    g_array_unref(meta->odd);
    g_free(meta);
}

gboolean
sp_heif_meta_primary(const SpHeifMeta *meta, guint32 *ret_id)
{
    if (meta->has_primary)
        *ret_id = meta->primary;
    return meta->has_primary;
}

guint
sp_heif_meta_n_items(const SpHeifMeta *meta)
{
    return meta->items->len;
}

SpHeifItem *
sp_heif_meta_nth_item(const SpHeifMeta *meta, guint nth)
{
    return &g_array_index(meta->items, SpHeifItem, nth);
}

SpHeifItem *
sp_heif_meta_item(const SpHeifMeta *meta, guint32 id)
{
    guint at = 0;
    return sp_heif_find_key(meta->item_keys, id, &at) ? sp_heif_meta_nth_item(meta, at) : NULL;
}

guint
sp_heif_meta_n_references(const SpHeifMeta *meta)
{
    return meta->references->len;
}

const SpHeifReference *
sp_heif_meta_nth_reference(const SpHeifMeta *meta, guint nth)
{
    return &g_array_index(meta->references, SpHeifReference, nth);
}

const SpHeifReference *
sp_heif_meta_reference(const SpHeifMeta *meta, guint32 type, guint32 from)
{
    for (guint i = 0; i < meta->references->len; i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        if (reference->type == type && reference->from == from)
            return reference;
    }
    return NULL;
}

guint32
sp_heif_reference_id(const SpHeifReference *reference, guint nth)
{
    gsize n = reference->id_size;
    SpHeifReader reader = {{reference->ids + n * nth, n}};
    return (guint32)sp_heif_read(&reader, reference->id_size);
}

gboolean
sp_heif_reference_has(const SpHeifReference *reference, guint32 id)
{
    for (guint i = 0; i < reference->n; i++) {
        if (sp_heif_reference_id(reference, i) == id)
            return TRUE;
    }
    return FALSE;
}

const GArray *
sp_heif_meta_properties(const SpHeifMeta *meta)
{
    return meta->properties;
}

const GArray *
sp_heif_meta_odd(const SpHeifMeta *meta)
{
    return meta->odd;
}

SpSlice
sp_heif_meta_inline_data(const SpHeifMeta *meta)
{
    return meta->idat;
}

SpHeifAssociation
sp_heif_meta_association(const SpHeifMeta *meta, guint32 id)
{
    guint at = 0;
    if (!sp_heif_find_key(meta->association_keys, id, &at))
        return (SpHeifAssociation){.item = id};
    return g_array_index(meta->associations, SpHeifAssociation, at);
}

const SpHeifBox *
sp_heif_meta_property(const SpHeifMeta *meta, SpHeifAssociation association, guint nth)
{
    g_return_val_if_fail(nth < association.n, NULL);
    gsize n = association.index_size;
    SpHeifReader reader = {{association.indexes + n * nth, n}};
    /* the highest bit says that a reader must know the property */
    guint index = (guint)sp_heif_read(&reader, association.index_size);
    index &= n == 2 ? 0x7FFF : 0x7F;
    if (index == 0 || index > meta->properties->len)
        return NULL;
    return &g_array_index(meta->properties, SpHeifBox, index - 1);
}

/* ---- extents -------------------------------------------------------------------------------
 */

static gboolean
add_extent(const Location *location, SpSlice source, guint64 offset, guint64 length,
           GArray *ret_extents, GError **error)
{
    guint64 start = location->base + offset;
    if (start < offset)
        return sp_throw(error, SP_ERROR_CORRUPT, "item %u lies nowhere", location->id);
    gboolean is_cut = start > source.n || length > source.n - start;
    SpSlice slice = {source.bytes, 0};
    if (start < source.n) {
        slice.bytes += start;
        slice.n = (gsize)MIN(length, source.n - start);
    }
    if (slice.n > 0)
        g_array_append_val(ret_extents, slice);
    if (is_cut)
        return location->method == 0
                   ? sp_throw(error, SP_ERROR_TRUNCATED,
                              "ends before the data of item %u is over", location->id)
                   : sp_throw(error, SP_ERROR_CORRUPT, "item %u runs out of the idat box",
                              location->id);
    return TRUE;
}

gboolean
sp_heif_meta_extents(const SpHeifMeta *meta, guint32 id, GArray *ret_extents, GError **error)
{
    guint at = 0;
    if (!sp_heif_find_key(meta->location_keys, id, &at))
        return sp_throw(error, SP_ERROR_CORRUPT, "item %u has no data", id);
    const Location *location = &g_array_index(meta->locations, Location, at);
    if (location->method > 1 || location->is_foreign)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "data of item %u in another %s is not "
                        "supported",
                        id, location->is_foreign ? "file" : "item");
    if (location->n_extents > MAX_EXTENTS)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                        "item %u is in %u pieces, the limit is %d (of its format)", id,
                        location->n_extents, MAX_EXTENTS);
    if (meta->length_size == 0) /* all are empty, however many there are */
        return TRUE;
    SpHeifReader reader = {location->extents};
    for (guint i = 0; i < location->n_extents; i++) {
        sp_heif_read(&reader, meta->index_size);
        guint64 offset = sp_heif_read(&reader, meta->offset_size);
        guint64 length = sp_heif_read(&reader, meta->length_size);
        if (!add_extent(location, location->method == 0 ? meta->file : meta->idat, offset,
                        length, ret_extents, error))
            return FALSE;
    }
    return TRUE;
}
