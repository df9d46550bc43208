/* SPDX-License-Identifier: MIT */
/* heif-parts.c -- what the parts of a HEIF file are that are no picture.
 *
 * Names boxes, items and properties for the receipt, by their type alone, and tells items to
 * the inventory. Nothing here fails an upload. A further kind is a line in one of the tables.
 *
 * Items may all point to the same bytes; so what is told is bounded by the file's size, else
 * 65 536 items of a gigabyte each would be. Of items with the same number only the first one is
 * told, for they share a list of extents, which may be long. */
#include "container/heif-parts.h"

#include <string.h>

#include "container/exif.h"
#include "storyphoto.h"

#define MAX_EXIF ((gsize)16 << 20) /* bytes; a larger one is not looked into */

typedef struct {
    guint32 type;
    guint32 bits; /* SpCategory */
} Kind;

/* At the top of a file. A video's boxes may hold a sequence of pictures. */
static const Kind top_boxes[] = {
    {SP_FOURCC('f', 't', 'y', 'p'), 0},
    {SP_FOURCC('m', 'e', 't', 'a'), 0},
    {SP_FOURCC('m', 'd', 'a', 't'), 0},
    {SP_FOURCC('p', 'd', 'i', 'n'), 0},
    {SP_FOURCC('s', 't', 'y', 'p'), 0},
    {SP_FOURCC('f', 'r', 'e', 'e'), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('s', 'k', 'i', 'p'), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('w', 'i', 'd', 'e'), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('u', 'u', 'i', 'd'), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('u', 'd', 't', 'a'), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('s', 'e', 'f', 'd'), SP_CATEGORY_UNKNOWN}, /* Samsung */
    {SP_FOURCC('j', 'u', 'm', 'b'), SP_CATEGORY_PROVENANCE},
    {SP_FOURCC('m', 'p', 'v', 'd'), SP_CATEGORY_VIDEO}, /* Google's motion photo */
    {SP_FOURCC('m', 'o', 'o', 'v'), SP_CATEGORY_VIDEO | SP_CATEGORY_FURTHER_FRAMES},
    {SP_FOURCC('m', 'o', 'o', 'f'), SP_CATEGORY_VIDEO | SP_CATEGORY_FURTHER_FRAMES},
    {SP_FOURCC('m', 'f', 'r', 'a'), 0},
    {SP_FOURCC('s', 'i', 'd', 'x'), 0},
};

/* In a meta box. */
static const Kind meta_boxes[] = {
    {SP_FOURCC('h', 'd', 'l', 'r'), 0}, {SP_FOURCC('d', 'i', 'n', 'f'), 0},
    {SP_FOURCC('p', 'i', 't', 'm'), 0}, {SP_FOURCC('i', 'i', 'n', 'f'), 0},
    {SP_FOURCC('i', 'l', 'o', 'c'), 0}, {SP_FOURCC('i', 'r', 'e', 'f'), 0},
    {SP_FOURCC('i', 'p', 'r', 'p'), 0}, {SP_FOURCC('i', 'd', 'a', 't'), 0},
    {SP_FOURCC('g', 'r', 'p', 'l'), 0}, {SP_FOURCC('i', 'p', 'r', 'o'), 0},
};

/* Properties that say how to decode and show a picture tell nothing else. */
static const Kind properties[] = {
    {SP_FOURCC('i', 's', 'p', 'e'), 0},
    {SP_FOURCC('h', 'v', 'c', 'C'), 0},
    {SP_FOURCC('a', 'v', '1', 'C'), 0},
    {SP_FOURCC('p', 'i', 'x', 'i'), 0},
    {SP_FOURCC('a', 'u', 'x', 'C'), 0},
    {SP_FOURCC('c', 'l', 'a', 'p'), 0},
    {SP_FOURCC('i', 'r', 'o', 't'), 0},
    {SP_FOURCC('i', 'm', 'i', 'r'), 0},
    {SP_FOURCC('p', 'a', 's', 'p'), 0},
    {SP_FOURCC('c', 'l', 'l', 'i'), 0},
    {SP_FOURCC('m', 'd', 'c', 'v'), 0},
    {SP_FOURCC('c', 'c', 'l', 'v'), 0},
    {SP_FOURCC('a', 'm', 'v', 'e'), 0},
    {SP_FOURCC('a', '1', 'o', 'p'), 0},
    {SP_FOURCC('a', '1', 'l', 'x'), 0},
    {SP_FOURCC('l', 's', 'e', 'l'), 0},
    {SP_FOURCC('l', 'h', 'v', 'C'), 0},
    {SP_FOURCC('o', 'i', 'n', 'f'), 0},
    {SP_FOURCC('t', 'o', 'l', 's'), 0},
    {SP_FOURCC('r', 'l', 'o', 'c'), 0},
    {SP_FOURCC('r', 'r', 'e', 'f'), 0},
    {SP_FOURCC('i', 's', 'c', 'l'), 0},
    {SP_FOURCC('u', 'd', 'e', 's'), SP_CATEGORY_COMMENT}, /* a name, tags, a description */
    {SP_FOURCC('a', 'l', 't', 't'), SP_CATEGORY_COMMENT},
    {SP_FOURCC('c', 'r', 't', 't'), SP_CATEGORY_TIME}, /* creation, modification */
    {SP_FOURCC('m', 'd', 'f', 't'), SP_CATEGORY_TIME},
};

/* Items that are not pictures. All other types are codings of pictures or derived ones, known
 * or not: see item_bits(). */
static const Kind items[] = {
    {SP_FOURCC('E', 'x', 'i', 'f'), SP_CATEGORY_EXIF},
    {SP_FOURCC('m', 'i', 'm', 'e'), SP_CATEGORY_UNKNOWN}, /* but XMP */
    {SP_FOURCC('u', 'r', 'i', ' '), SP_CATEGORY_UNKNOWN},
    {SP_FOURCC('r', 'g', 'a', 'n'), SP_CATEGORY_UNKNOWN}, /* regions: faces, say */
    {SP_FOURCC('i', 'p', 't', 'c'), SP_CATEGORY_IPTC},
    {SP_FOURCC('j', 'u', 'm', 'b'), SP_CATEGORY_PROVENANCE},
    {0, SP_CATEGORY_UNKNOWN},
};

static const Kind pictures[] = {
    {SP_FOURCC('h', 'v', 'c', '1'), 0}, {SP_FOURCC('h', 'v', 'c', '2'), 0},
    {SP_FOURCC('l', 'h', 'v', '1'), 0}, {SP_FOURCC('h', 'v', 't', '1'), 0},
    {SP_FOURCC('a', 'v', '0', '1'), 0}, {SP_FOURCC('a', 'v', 'c', '1'), 0},
    {SP_FOURCC('v', 'v', 'c', '1'), 0}, {SP_FOURCC('j', 'p', 'e', 'g'), 0},
    {SP_FOURCC('j', '2', 'k', '1'), 0}, {SP_FOURCC('j', 'x', 'l', ' '), 0},
    {SP_FOURCC('u', 'n', 'c', 'i'), 0}, {SP_FOURCC('m', 's', 'k', '1'), 0},
    {SP_FOURCC('g', 'r', 'i', 'd'), 0}, {SP_FOURCC('i', 'd', 'e', 'n'), 0},
    {SP_FOURCC('i', 'o', 'v', 'l'), 0}, {SP_FOURCC('t', 'm', 'a', 'p'), 0},
    {SP_FOURCC('t', 'i', 'l', 'i'), 0}, {SP_FOURCC('p', 'r', 'e', 'd'), 0},
};

static const Kind *
find_kind(const Kind *kinds, gsize n, guint32 type)
{
    for (gsize i = 0; i < n; i++) {
        if (kinds[i].type == type)
            return &kinds[i];
    }
    return NULL;
}

#define FIND(kinds, type) find_kind((kinds), G_N_ELEMENTS(kinds), (type))

/* ---- boxes ---------------------------------------------------------------------------------
 */

gboolean
sp_heif_is_top_box(guint32 type)
{
    return FIND(top_boxes, type) != NULL;
}

/* C2PA 2.1, 11.3.3: the box that holds its manifests. */
static gboolean
is_c2pa(const SpHeifBox *box)
{
    static const guint8 name[16] = {0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C,
                                    0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81};
    return box->type == SP_FOURCC('u', 'u', 'i', 'd') && box->payload.n >= sizeof name &&
           memcmp(box->payload.bytes, name, sizeof name) == 0;
}

static guint32
box_bits(const Kind *kind, const SpHeifBox *box)
{
    if (is_c2pa(box))
        return SP_CATEGORY_PROVENANCE;
    return box->payload.n == 0 ? 0 : kind != NULL ? kind->bits : SP_CATEGORY_UNKNOWN;
}

guint32
sp_heif_top_bits(const SpHeifBox *box)
{
    return box_bits(FIND(top_boxes, box->type), box);
}

/* ---- items ---------------------------------------------------------------------------------
 */

static gboolean
is_xmp(const SpHeifItem *item)
{
    static const char type[] = "application/rdf+xml";
    return item->type == SP_FOURCC('m', 'i', 'm', 'e') &&
           item->content_type.n == strlen(type) &&
           g_ascii_strncasecmp((const char *)item->content_type.bytes, type, strlen(type)) == 0;
}

static guint32
item_bits(const SpHeifItem *item)
{
    if (is_xmp(item))
        return SP_CATEGORY_XMP;
    if (FIND(pictures, item->type) == NULL) {
        const Kind *kind = FIND(items, item->type);
        return kind != NULL ? kind->bits : SP_CATEGORY_UNKNOWN;
    }
    if (item->roles & SP_HEIF_ROLE_THUMBNAIL)
        return SP_CATEGORY_THUMBNAIL;
    gboolean is_shown =
        !item->is_hidden &&
        !(item->roles & (SP_HEIF_ROLE_AUXILIARY | SP_HEIF_ROLE_INPUT | SP_HEIF_ROLE_PICTURE)) &&
        item->type != SP_FOURCC('t', 'm', 'a', 'p');
    return SP_CATEGORY_SECOND_PICTURE | (is_shown ? SP_CATEGORY_FURTHER_FRAMES : 0);
}

static guint32
property_bits(const SpHeifBox *box)
{
    if (box->type != SP_FOURCC('c', 'o', 'l', 'r'))
        return box_bits(FIND(properties, box->type), box);
    SpHeifReader reader = {box->payload};
    switch (sp_heif_read(&reader, 4)) {
    case SP_FOURCC('n', 'c', 'l', 'x'):
        return 0;
    case SP_FOURCC('p', 'r', 'o', 'f'):
    case SP_FOURCC('r', 'I', 'C', 'C'):
        return reader.rest.n > 0 ? SP_CATEGORY_PROFILE : 0;
    default:
        return SP_CATEGORY_UNKNOWN;
    }
}

guint32
sp_heif_meta_bits(const SpHeifMeta *meta, SpSlice payload)
{
    guint32 bits = 0;
    SpHeifReader reader = {payload};
    sp_heif_skip(&reader, 4);
    SpHeifBox box;
    while (sp_heif_next_box(&reader.rest, &box))
        bits |= box_bits(FIND(meta_boxes, box.type), &box);
    if (reader.rest.n > 0)
        bits |= SP_CATEGORY_UNKNOWN;
    const GArray *all = sp_heif_meta_properties(meta);
    for (guint i = 0; i < all->len; i++)
        bits |= property_bits(&g_array_index(all, SpHeifBox, i));
    for (guint i = 0; i < sp_heif_meta_n_items(meta); i++) {
        const SpHeifItem *item = sp_heif_meta_nth_item(meta, i);
        bits |= item->is_kept ? 0 : item_bits(item);
    }
    return bits;
}

/* ---- telling -------------------------------------------------------------------------------
 */

/* The data of an item in one piece, from extents or joined; NULL when it cannot be had whole or
 * has more than n_max bytes. *ret_n is set nevertheless. */
static GBytes *
item_data(const SpHeifMeta *meta, guint32 id, gsize n_max, gsize *ret_n)
{
    g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    *ret_n = 0;
    if (!sp_heif_meta_extents(meta, id, extents, NULL) || extents->len == 0)
        return NULL;
    *ret_n = sp_slim_size(extents);
    return *ret_n > n_max ? NULL : sp_slim_join(extents, NULL);
}

gboolean
sp_heif_tell_items(const SpHeifMeta *meta, gsize n_max, SpPartFunc part, gpointer data)
{
    gboolean is_all = TRUE;
    for (guint i = 0; i < sp_heif_meta_n_items(meta); i++) {
        const SpHeifItem *item = sp_heif_meta_nth_item(meta, i);
        gsize n = 0;
        if (sp_heif_meta_item(meta, item->id) != item)
            continue;
        g_autoptr(GBytes) bytes = item_data(meta, item->id, n_max, &n);
        if (n > n_max)
            is_all = FALSE;
        if (bytes == NULL)
            continue;
        n_max -= n;
        sp_part_tell(part, data, SP_CARRIER_UNKNOWN, item->type,
                     (SpSlice){g_bytes_get_data(bytes, NULL), n}, n);
    }
    return is_all;
}

/* Is that reference one from an Exif item to the primary picture? */
static gboolean
is_exif_reference(const SpHeifMeta *meta, const SpHeifReference *reference)
{
    const SpHeifItem *from = sp_heif_meta_item(meta, reference->from);
    if (from == NULL || from->type != SP_FOURCC('E', 'x', 'i', 'f') ||
        reference->type != SP_FOURCC('c', 'd', 's', 'c'))
        return FALSE;
    for (guint i = 0; i < reference->n; i++) {
        const SpHeifItem *to = sp_heif_meta_item(meta, sp_heif_reference_id(reference, i));
        if (to != NULL && to->roles & SP_HEIF_ROLE_PICTURE)
            return TRUE;
    }
    return FALSE;
}

/* Of the first Exif item, as for other formats. Four bytes say how far behind them "MM" or "II"
 * stands: ISO/IEC 23008-12, A.2.1. */
gboolean
sp_heif_is_adobe_rgb(const SpHeifMeta *meta)
{
    for (guint i = 0; i < sp_heif_meta_n_references(meta); i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        if (!is_exif_reference(meta, reference))
            continue;
        gsize n = 0;
        g_autoptr(GBytes) bytes = item_data(meta, reference->from, MAX_EXIF, &n);
        if (bytes == NULL)
            return FALSE;
        SpHeifReader reader = {{g_bytes_get_data(bytes, NULL), n}};
        guint32 skip = (guint32)sp_heif_read(&reader, 4);
        sp_heif_skip(&reader, skip);
        return !reader.failed && sp_exif_look(reader.rest.bytes, reader.rest.n).adobe_rgb;
    }
    return FALSE;
}
