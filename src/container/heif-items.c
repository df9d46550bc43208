/* SPDX-License-Identifier: MIT */
/* heif-items.c -- what items of a HEIF file are, and bytes that belong to none.
 *
 * An item is named by its type; a picture by what references say of it, and one that a grid or
 * an overlay is made from by what that is. Nothing here fails an upload.
 *
 * Items may all point to the same bytes, in any number of pieces; so what is told is bounded by
 * the file's size, and the pieces by MAX_PIECES, else 65 536 items of a gigabyte each would be.
 * What is above a bound is told without its content, and once as unknown. Of items with the
 * same number only the first one has data, for they share a list of extents. */
#include "container/heif-items.h"

#include <string.h>

#include "container/exif.h"
#include "container/heif-parts.h"
#include "container/tiff.h"

#define MAX_EXIF ((gsize)16 << 20) /* bytes; a larger one does not change the colours */
#define MAX_PIECES 262144 /* of all items together; what is above counts as no item's */
#define MAX_CHAIN 8       /* derivations one on another; as in heif-picture.c */

static const struct {
    guint32 type;
    SpCarrier carrier;
} items[] = {
    {SP_FOURCC('E', 'x', 'i', 'f'), SP_CARRIER_EXIF},
    {SP_FOURCC('m', 'i', 'm', 'e'), SP_CARRIER_UNKNOWN}, /* but XMP */
    {SP_FOURCC('u', 'r', 'i', ' '), SP_CARRIER_URI},
    {SP_FOURCC('r', 'g', 'a', 'n'), SP_CARRIER_REGIONS},
    {SP_FOURCC('i', 'p', 't', 'c'), SP_CARRIER_IPTC},
    {SP_FOURCC('j', 'u', 'm', 'b'), SP_CARRIER_PROVENANCE},
};

/* Codings of pictures, and pictures that are derived from others. */
static const guint32 pictures[] = {
    SP_FOURCC('h', 'v', 'c', '1'), SP_FOURCC('a', 'v', '0', '1'), SP_FOURCC('h', 'e', 'v', '1'),
    SP_FOURCC('l', 'h', 'v', '1'), SP_FOURCC('a', 'v', 'c', '1'), SP_FOURCC('v', 'v', 'c', '1'),
    SP_FOURCC('j', 'p', 'e', 'g'), SP_FOURCC('j', '2', 'k', '1'), SP_FOURCC('j', 'x', 'l', ' '),
    SP_FOURCC('u', 'n', 'c', 'i'), SP_FOURCC('m', 's', 'k', '1'), SP_FOURCC('m', 's', 'k', 'i'),
    SP_FOURCC('g', 'r', 'i', 'd'), SP_FOURCC('i', 'd', 'e', 'n'), SP_FOURCC('i', 'o', 'v', 'l'),
    SP_FOURCC('t', 'm', 'a', 'p'), SP_FOURCC('t', 'i', 'l', 'i'), SP_FOURCC('p', 'r', 'e', 'd'),
};

typedef struct {
    const SpHeifMeta *meta; /* borrowed */
    gboolean is_resolved;
    gsize n_left; /* bytes that may still be told */
    gboolean is_all;
    SpPartFunc part;
    gpointer data;
    GArray *used; /* borrowed; of SpSlice */
} Teller;

/* ---- what an item is -----------------------------------------------------------------------
 */

static gboolean
is_picture(const SpHeifItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++) {
        if (pictures[i] == item->type)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_xmp(const SpHeifItem *item)
{
    static const char type[] = "application/rdf+xml";
    return item->type == SP_FOURCC('m', 'i', 'm', 'e') && !item->is_encoded &&
           item->content_type.n == strlen(type) &&
           g_ascii_strncasecmp((const char *)item->content_type.bytes, type, strlen(type)) == 0;
}

/* Part of the picture itself. When it is not known what that is made of, the primary item is,
 * and whatever heif-picture.c came to before it gave up. */
static gboolean
is_shown(const Teller *teller, const SpHeifItem *item)
{
    guint32 primary = 0;
    if (item->is_kept)
        return TRUE;
    return !teller->is_resolved &&
           ((sp_heif_meta_primary(teller->meta, &primary) && primary == item->id) ||
            item->roles & SP_HEIF_ROLE_PICTURE);
}

/* Of what kind an auxiliary picture is, by its first auxC; n 0 without one. */
static SpSlice
auxiliary_type(const SpHeifMeta *meta, guint32 id)
{
    SpHeifAssociation properties = sp_heif_meta_association(meta, id);
    for (guint i = 0; i < properties.n; i++) {
        const SpHeifBox *box = sp_heif_meta_property(meta, properties, i);
        if (box == NULL || box->type != SP_FOURCC('a', 'u', 'x', 'C'))
            continue;
        SpHeifReader reader = {box->payload};
        sp_heif_skip(&reader, 4); /* version and flags */
        return reader.failed ? (SpSlice){0} : reader.rest;
    }
    return (SpSlice){0};
}

/* Of a picture item, as far as it is said by itself and by what refers to it: SP_CARRIER_COUNT
 * when it is known only that something is derived from it. */
static SpCarrier
carrier_by_role(const SpHeifMeta *meta, const SpHeifItem *item)
{
    static const char gain_map[] = "gainmap"; /* Apple's, Adobe's, Samsung's names end so */
    static const guint has_place = SP_HEIF_ROLE_INPUT | SP_HEIF_ROLE_THUMBNAIL;
    SpSlice auxiliary = {0};
    if (item->type == SP_FOURCC('t', 'm', 'a', 'p') || item->roles & SP_HEIF_ROLE_GAIN_MAP)
        return SP_CARRIER_GAIN_MAP;
    if (item->roles & SP_HEIF_ROLE_AUXILIARY || !(item->roles & has_place))
        auxiliary = auxiliary_type(meta, item->id);
    if (auxiliary.n > 0 &&
        memmem(auxiliary.bytes, auxiliary.n, gain_map, strlen(gain_map)) != NULL)
        return SP_CARRIER_GAIN_MAP;
    if (auxiliary.n > 0 || item->roles & SP_HEIF_ROLE_AUXILIARY)
        return SP_CARRIER_AUXILIARY;
    if (item->roles & SP_HEIF_ROLE_THUMBNAIL)
        return SP_CARRIER_THUMBNAIL;
    return item->roles & SP_HEIF_ROLE_INPUT ? SP_CARRIER_COUNT : SP_CARRIER_SECOND_PICTURE;
}

/* A tile of a depth map is a depth map. Pictures of an overlay may lie outside its canvas. */
static SpCarrier
picture_carrier(const Teller *teller, const SpHeifItem *item)
{
    if (item->type == SP_FOURCC('i', 'o', 'v', 'l'))
        return SP_CARRIER_HIDDEN;
    if (is_shown(teller, item) && item->type != SP_FOURCC('t', 'm', 'a', 'p'))
        return SP_CARRIER_PICTURE;
    for (guint i = 0; i < MAX_CHAIN; i++) {
        SpCarrier carrier = carrier_by_role(teller->meta, item);
        if (carrier != SP_CARRIER_COUNT)
            return carrier;
        item = sp_heif_meta_item(teller->meta, item->input_of);
        if (item == NULL)
            return SP_CARRIER_SECOND_PICTURE;
        if (is_shown(teller, item)) /* listed beside the tiles that the picture takes */
            return teller->is_resolved ? SP_CARRIER_HIDDEN : SP_CARRIER_PICTURE;
    }
    return SP_CARRIER_SECOND_PICTURE;
}

static SpCarrier
item_carrier(const Teller *teller, const SpHeifItem *item)
{
    if (is_picture(item))
        return picture_carrier(teller, item);
    if (is_xmp(item))
        return SP_CARRIER_XMP;
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++) {
        if (items[i].type == item->type)
            return items[i].carrier;
    }
    return SP_CARRIER_UNKNOWN;
}

/* ---- telling items -------------------------------------------------------------------------
 */

/* What there is of an item's data, in one piece, from extents or joined; NULL when there is
 * none. */
static GBytes *
join_data(const GArray *extents)
{
    return extents->len == 0 ? NULL : sp_slim_join(extents, NULL);
}

/* Four bytes say how far behind them "MM" or "II" stands: ISO/IEC 23008-12, A.2.1. Some writers
 * leave them out, others do not count "Exif" and two zeros. Where it is neither, all that is
 * behind the four. */
static SpSlice
exif_content(SpSlice bytes)
{
    static const gsize otherwise[] = {0, 10};
    SpHeifReader reader = {bytes};
    guint32 skip = (guint32)sp_heif_read(&reader, 4);
    SpSlice all = reader.rest;
    sp_heif_skip(&reader, skip);
    if (!reader.failed && sp_tiff_begins(reader.rest))
        return reader.rest;
    for (gsize i = 0; i < G_N_ELEMENTS(otherwise); i++) {
        gsize n = MIN(otherwise[i], bytes.n);
        SpSlice rest = {bytes.bytes + n, bytes.n - n};
        if (sp_tiff_begins(rest))
            return rest;
    }
    return all;
}

/* Before the block: "Exif" and two zeros, maybe behind the head of a JPEG's segment. */
static gboolean
is_exif_head(SpSlice before)
{
    gsize n = MIN(before.n, 6);
    return sp_heif_is_zero(before) || (n == 6 && before.n <= 10 &&
                                       memcmp(before.bytes + before.n - n, "Exif\0\0", n) == 0);
}

static void
tell_exif(const Teller *teller, const SpHeifItem *item, SpSlice bytes)
{
    SpSlice content = exif_content(bytes);
    gsize n_head = MIN(bytes.n, 4);
    SpSlice before = {bytes.bytes + n_head, 0};
    if (content.bytes > before.bytes)
        before.n = (gsize)(content.bytes - before.bytes);
    if (is_exif_head(before))
        before.n = 0;
    if (before.n > 0)
        sp_part_tell(teller->part, teller->data, SP_CARRIER_STRAY, item->type, before,
                     before.n);
    sp_part_tell(teller->part, teller->data, SP_CARRIER_EXIF, item->type, content,
                 bytes.n - before.n);
}

static void
tell_data(Teller *teller, const SpHeifItem *item, SpCarrier carrier, const GArray *extents)
{
    gsize n = sp_slim_size(extents);
    gboolean fits = n <= teller->n_left;
    g_autoptr(GBytes) bytes = fits && carrier != SP_CARRIER_PICTURE ? join_data(extents) : NULL;
    SpSlice content = {0};
    if (bytes != NULL)
        content.bytes = g_bytes_get_data(bytes, &content.n);
    if (carrier != SP_CARRIER_PICTURE) {
        teller->is_all = teller->is_all && fits;
        teller->n_left -= content.n;
    }
    if (carrier == SP_CARRIER_EXIF && content.n > 0)
        tell_exif(teller, item, content);
    else
        sp_part_tell(teller->part, teller->data, carrier, item->type, content, content.n);
}

static void
tell_item(Teller *teller, const SpHeifItem *item)
{
    g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    SpCarrier carrier = item_carrier(teller, item);
    gboolean is_first = sp_heif_meta_item(teller->meta, item->id) == item;
    if (!is_first && carrier == SP_CARRIER_PICTURE)
        carrier = SP_CARRIER_UNKNOWN;
    if (is_first && teller->used->len < MAX_PIECES)
        (void)!sp_heif_meta_extents(teller->meta, item->id, extents, NULL);
    else if (is_first)
        teller->is_all = FALSE;
    g_array_append_vals(teller->used, extents->data, extents->len);
    tell_data(teller, item, carrier, extents);
    if (!sp_heif_is_usual_name(item->name))
        sp_part_tell(teller->part, teller->data, SP_CARRIER_COMMENT,
                     SP_FOURCC('i', 'n', 'f', 'e'), item->name, item->name.n);
}

void
sp_heif_tell_items(const SpHeifMeta *meta, gboolean is_resolved, gsize n_max, SpPartFunc part,
                   gpointer data, GArray *ret_used)
{
    Teller teller = {meta, is_resolved, n_max, TRUE, part, data, ret_used};
    for (guint i = 0; i < sp_heif_meta_n_items(meta); i++)
        tell_item(&teller, sp_heif_meta_nth_item(meta, i));
    if (!teller.is_all)
        sp_part_tell(part, data, SP_CARRIER_UNKNOWN, 0, (SpSlice){0}, 0);
}

/* ---- slack ---------------------------------------------------------------------------------
 */

static gint
compare_boxes(gconstpointer a, gconstpointer b)
{
    const guint8 *left = ((const SpHeifBox *)a)->payload.bytes;
    const guint8 *right = ((const SpHeifBox *)b)->payload.bytes;
    return left < right ? -1 : left > right;
}

static gint
compare_slices(gconstpointer a, gconstpointer b)
{
    const guint8 *left = ((const SpSlice *)a)->bytes, *right = ((const SpSlice *)b)->bytes;
    return left < right ? -1 : left > right;
}

/* Bytes between the two, when there are any. */
static void
tell_gap(const guint8 *from, const guint8 *to, const SpHeifBox *place, SpCarrier carrier,
         SpPartFunc part, gpointer data)
{
    SpSlice gap = {from, from < to ? (gsize)(to - from) : 0};
    if (!sp_heif_is_zero(gap))
        sp_part_tell(part, data, carrier, place->type, gap, gap.n);
}

/* One pass over both; at is behind all that is told or in use so far. */
void
sp_heif_tell_slack(GArray *places, GArray *used, SpCarrier carrier, SpPartFunc part,
                   gpointer data)
{
    const guint8 *at = NULL;
    guint k = 0;
    g_array_sort(places, compare_boxes);
    g_array_sort(used, compare_slices);
    for (guint i = 0; i < places->len; i++) {
        const SpHeifBox *place = &g_array_index(places, SpHeifBox, i);
        const guint8 *end = place->payload.bytes + place->payload.n;
        at = MAX(at, place->payload.bytes);
        for (; at < end && k < used->len; k++) {
            SpSlice next = g_array_index(used, SpSlice, k);
            if (next.bytes >= end)
                break;
            tell_gap(at, next.bytes, place, carrier, part, data);
            at = MAX(at, next.bytes + next.n);
        }
        tell_gap(at, end, place, carrier, part, data);
    }
}

/* ---- colours -------------------------------------------------------------------------------
 */

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

/* Of the first Exif item, as for other formats. */
gboolean
sp_heif_is_adobe_rgb(const SpHeifMeta *meta)
{
    for (guint i = 0; i < sp_heif_meta_n_references(meta); i++) {
        const SpHeifReference *reference = sp_heif_meta_nth_reference(meta, i);
        if (!is_exif_reference(meta, reference))
            continue;
        g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(SpSlice));
        if (!sp_heif_meta_extents(meta, reference->from, extents, NULL) ||
            sp_slim_size(extents) > MAX_EXIF)
            return FALSE;
        g_autoptr(GBytes) bytes = join_data(extents);
        if (bytes == NULL)
            return FALSE;
        SpSlice exif = {0};
        exif.bytes = g_bytes_get_data(bytes, &exif.n);
        exif = exif_content(exif);
        return sp_exif_look(exif.bytes, exif.n).adobe_rgb;
    }
    return FALSE;
}
