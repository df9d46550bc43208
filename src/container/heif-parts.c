/* SPDX-License-Identifier: MIT */
/* heif-parts.c -- what boxes and properties of a HEIF file are.
 *
 * Names them as carriers, by type and length alone. Nothing here fails an upload. A further
 * kind is a line in one of the tables; what is in none of them is unknown. A box that says how
 * to read or show the picture is part of it, unless it is longer than such a box ever is, or
 * not of its form: then something else is in it. */
#include "container/heif-parts.h"

#include <string.h>

#include "base/bytes.h"

typedef struct {
    guint32 type;
    SpCarrier carrier;
    guint skip; /* bytes of the payload before the content: version and flags */
    gsize most; /* bytes of payload of such a box; 0: any */
    gboolean (*fits)(SpSlice payload); /* what else is asked of it; or NULL */
} Kind;

/* ---- forms ---------------------------------------------------------------------------------
 */

/* Four characters: of ISO/IEC 14496-12 annex E, 23008-12 annex B, 23000-22 (MIAF), the AVIF
 * specification and makers. */
static gboolean
is_brand(const guint8 *p)
{
    static const char brands[][5] = {
        "mif1", "mif2", "mif3", "msf1", "miaf", "MiHB", "MiHA", "MiHE", "MiPr", "MiAn",
        "MiBu", "MiAC", "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs",
        "hevi", "avif", "avis", "avio", "MA1A", "MA1B", "avci", "avcs", "vvic", "vvis",
        "jpeg", "jpgs", "j2ki", "j2is", "tmap", "pred", "unif", "geo1", "1pic", "isom",
        "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "isoa", "isob",
        "isoc", "mp41", "mp42", "qt  ", "crx ", "sefd", "MSNV", "dby1", "cmf2",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(brands); i++) {
        if (memcmp(p, brands[i], 4) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A brand, its version, and further brands to the end: a name that nobody knows may be any four
 * bytes. */
static gboolean
has_usual_brands(SpSlice payload)
{
    if (payload.n < 8 || !is_brand(payload.bytes))
        return FALSE;
    SpSlice rest = sp_slice_behind(payload, 8);
    for (; rest.n >= 4 && is_brand(rest.bytes); rest = sp_slice_behind(rest, 4))
        continue;
    return sp_heif_is_zero(rest);
}

/* ISO/IEC 23008-12, 9.4: version and flags, the group's number, how many items, their numbers;
 * in a pyramid the size of tiles too, and three numbers for each layer. Nothing more. */
static gboolean
is_group(const SpHeifBox *box)
{
    static const char types[][5] = {"altr", "ster", "eqiv", "brst", "tsyn", "slid",
                                    "albc", "favc", "aebr", "wbbr", "fobr", "afbr",
                                    "dobr", "pano", "iaug", "pymd"};
    SpHeifReader reader = {box->payload};
    gboolean is_pyramid = box->type == SP_FOURCC('p', 'y', 'm', 'd');
    gsize i = 0;
    while (i < G_N_ELEMENTS(types) && sp_get32be((const guint8 *)types[i]) != box->type)
        i++;
    sp_heif_skip(&reader, 8);
    guint64 n_items = sp_heif_read(&reader, 4);
    guint64 n_bytes = is_pyramid ? 4 + (4 + 6) * n_items : 4 * n_items;
    return i < G_N_ELEMENTS(types) && !reader.failed && reader.rest.n == n_bytes;
}

static gboolean
has_usual_groups(SpSlice payload)
{
    SpHeifBox box = {0};
    while (sp_heif_next_box(&payload, &box)) {
        if (!is_group(&box))
            return FALSE;
    }
    return payload.n == 0;
}

/* ---- tables --------------------------------------------------------------------------------
 */

/* Room that is kept free may stand anywhere. */
static const Kind anywhere[] = {
    {SP_FOURCC('f', 'r', 'e', 'e'), SP_CARRIER_PADDING},
    {SP_FOURCC('s', 'k', 'i', 'p'), SP_CARRIER_PADDING},
    {SP_FOURCC('w', 'i', 'd', 'e'), SP_CARRIER_PADDING},
    {SP_FOURCC('u', 'u', 'i', 'd'), SP_CARRIER_UNKNOWN}, /* but uuids[] */
    {SP_FOURCC('j', 'u', 'm', 'b'), SP_CARRIER_PROVENANCE},
};

static const Kind top_boxes[] = {
    {SP_FOURCC('f', 't', 'y', 'p'), SP_CARRIER_PICTURE, 0, 256, has_usual_brands},
    {SP_FOURCC('m', 'e', 't', 'a'), SP_CARRIER_PICTURE},
    {SP_FOURCC('m', 'd', 'a', 't'), SP_CARRIER_PICTURE},
    {SP_FOURCC('p', 'd', 'i', 'n'), SP_CARRIER_UNKNOWN}, /* of streams: no photo has it */
    {SP_FOURCC('s', 't', 'y', 'p'), SP_CARRIER_PICTURE, 0, 256, has_usual_brands},
    {SP_FOURCC('u', 'd', 't', 'a'), SP_CARRIER_UNKNOWN},
    {SP_FOURCC('s', 'e', 'f', 'd'), SP_CARRIER_MAKER}, /* Samsung */
    {SP_FOURCC('m', 'p', 'v', 'd'), SP_CARRIER_VIDEO}, /* Google's motion photo */
    {SP_FOURCC('m', 'o', 'o', 'v'), SP_CARRIER_SEQUENCE},
    {SP_FOURCC('m', 'o', 'o', 'f'), SP_CARRIER_SEQUENCE},
    {SP_FOURCC('m', 'f', 'r', 'a'), SP_CARRIER_SEQUENCE},
    {SP_FOURCC('s', 'i', 'd', 'x'), SP_CARRIER_SEQUENCE},
};

/* In a meta box, beside the tables that heif-meta.c reads. A dinf holds one address, which is
 * empty: "this file". */
static const Kind meta_boxes[] = {
    {SP_FOURCC('d', 'i', 'n', 'f'), SP_CARRIER_PICTURE, 0, 28},
    {SP_FOURCC('g', 'r', 'p', 'l'), SP_CARRIER_PICTURE, 0, 4096, has_usual_groups},
};

/* Properties that say how to decode and show a picture tell nothing else. */
static const Kind properties[] = {
    {SP_FOURCC('i', 's', 'p', 'e'), SP_CARRIER_PICTURE, 0, 12},
    {SP_FOURCC('h', 'v', 'c', 'C'), SP_CARRIER_PICTURE, 0, 8192},
    {SP_FOURCC('a', 'v', '1', 'C'), SP_CARRIER_PICTURE, 0, 8192},
    {SP_FOURCC('a', 'v', 'c', 'C'), SP_CARRIER_PICTURE, 0, 1024},
    {SP_FOURCC('v', 'v', 'c', 'C'), SP_CARRIER_PICTURE, 0, 1024},
    {SP_FOURCC('u', 'n', 'c', 'C'), SP_CARRIER_PICTURE, 0, 1024},
    {SP_FOURCC('c', 'm', 'p', 'd'), SP_CARRIER_PICTURE, 0, 256},
    {SP_FOURCC('c', 'm', 'p', 'C'), SP_CARRIER_PICTURE, 0, 16},
    {SP_FOURCC('p', 'i', 'x', 'i'), SP_CARRIER_PICTURE, 0, 64},
    {SP_FOURCC('a', 'u', 'x', 'C'), SP_CARRIER_PICTURE, 0, 256},
    {SP_FOURCC('c', 'l', 'a', 'p'), SP_CARRIER_PICTURE, 0, 32},
    {SP_FOURCC('i', 'r', 'o', 't'), SP_CARRIER_PICTURE, 0, 1},
    {SP_FOURCC('i', 'm', 'i', 'r'), SP_CARRIER_PICTURE, 0, 1},
    {SP_FOURCC('p', 'a', 's', 'p'), SP_CARRIER_PICTURE, 0, 8},
    {SP_FOURCC('c', 'l', 'l', 'i'), SP_CARRIER_PICTURE, 0, 4},
    {SP_FOURCC('m', 'd', 'c', 'v'), SP_CARRIER_PICTURE, 0, 24},
    {SP_FOURCC('c', 'c', 'l', 'v'), SP_CARRIER_PICTURE, 0, 32},
    {SP_FOURCC('a', 'm', 'v', 'e'), SP_CARRIER_PICTURE, 0, 8},
    {SP_FOURCC('r', 'e', 'v', 'e'), SP_CARRIER_PICTURE, 0, 24},
    {SP_FOURCC('n', 'd', 'w', 't'), SP_CARRIER_PICTURE, 0, 8},
    {SP_FOURCC('a', '1', 'o', 'p'), SP_CARRIER_PICTURE, 0, 1},
    {SP_FOURCC('a', '1', 'l', 'x'), SP_CARRIER_PICTURE, 0, 13},
    {SP_FOURCC('l', 's', 'e', 'l'), SP_CARRIER_PICTURE, 0, 2},
    {SP_FOURCC('l', 'h', 'v', 'C'), SP_CARRIER_PICTURE, 0, 8192},
    {SP_FOURCC('o', 'i', 'n', 'f'), SP_CARRIER_PICTURE, 0, 1024},
    {SP_FOURCC('t', 'o', 'l', 's'), SP_CARRIER_PICTURE, 0, 16},
    {SP_FOURCC('r', 'l', 'o', 'c'), SP_CARRIER_PICTURE, 0, 12},
    {SP_FOURCC('r', 'r', 'e', 'f'), SP_CARRIER_PICTURE, 0, 1024},
    {SP_FOURCC('i', 's', 'c', 'l'), SP_CARRIER_PICTURE, 0, 16},
    {SP_FOURCC('u', 'd', 'e', 's'), SP_CARRIER_COMMENT, 4}, /* a name, tags, a description */
    {SP_FOURCC('a', 'l', 't', 't'), SP_CARRIER_COMMENT, 4},
    {SP_FOURCC('c', 'r', 't', 't'), SP_CARRIER_TIME, 4}, /* creation, modification */
    {SP_FOURCC('m', 'd', 'f', 't'), SP_CARRIER_TIME, 4},
    {SP_FOURCC('i', 't', 'a', 'i'), SP_CARRIER_TIME, 4}, /* by an atomic clock */
};

/* What is in a uuid box, by the 16 bytes that it begins with. */
static const struct {
    guint8 name[16];
    SpCarrier carrier;
} uuids[] = {
    /* C2PA 2.1, 11.3.3: manifests */
    {{0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4,
      0x81},
     SP_CARRIER_PROVENANCE},
    /* XMP specification, part 3, 1.2.7: MPEG-4 */
    {{0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF,
      0xAC},
     SP_CARRIER_XMP},
    /* Canon's */
    {{0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0, 0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A,
      0x48},
     SP_CARRIER_MAKER},
};

static const Kind *
find_kind(const Kind *kinds, gsize n, guint32 type)
{
    for (gsize i = 0; i < n; i++) {
        if (kinds[i].type == type)
            return &kinds[i];
    }
    return kinds == anywhere ? NULL : find_kind(anywhere, G_N_ELEMENTS(anywhere), type);
}

#define FIND(kinds, type) find_kind((kinds), G_N_ELEMENTS(kinds), (type))

gboolean
sp_heif_is_top_box(guint32 type)
{
    return FIND(top_boxes, type) != NULL;
}

gboolean
sp_heif_is_usual_name(SpSlice name)
{
    static const char *const usual[] = {
        "",
        "Exif",
        "XMP",
        "Color",
        "Alpha",
        "GMap",
        "Image",
        "HEVC Image",
        "L-HEVC Image",
        "Derived image",
        "Picture",
        "AVIF Still Picture",
        "GPAC pict Handler",
        "libavif",
        "cavif - https://github.com/link-u/cavif",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        gsize n = strlen(usual[i]);
        if (name.n >= n && memcmp(name.bytes, usual[i], n) == 0 &&
            sp_heif_is_zero((SpSlice){name.bytes + n, name.n - n}))
            return TRUE;
    }
    return FALSE;
}

/* ---- boxes ---------------------------------------------------------------------------------
 */

static void
tell(SpCarrier carrier, SpSlice content, const SpHeifBox *box, SpPartFunc part, gpointer data)
{
    if (carrier == SP_CARRIER_PICTURE)
        content = (SpSlice){0};
    sp_part_tell(part, data, carrier, box->type, content, box->n_bytes);
}

static void
tell_uuid(const SpHeifBox *box, SpPartFunc part, gpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(uuids); i++) {
        gsize n = sizeof uuids[i].name;
        if (box->payload.n < n || memcmp(box->payload.bytes, uuids[i].name, n) != 0)
            continue;
        tell(uuids[i].carrier, sp_slice_behind(box->payload, n), box, part, data);
        return;
    }
    tell(SP_CARRIER_UNKNOWN, box->payload, box, part, data);
}

/* kind: NULL for a box that is in no table. */
static void
tell_box(const Kind *kind, const SpHeifBox *box, SpPartFunc part, gpointer data)
{
    SpCarrier carrier = kind == NULL ? SP_CARRIER_UNKNOWN : kind->carrier;
    SpSlice content = sp_slice_behind(box->payload, kind == NULL ? 0 : kind->skip);
    if (kind != NULL && ((kind->most != 0 && box->payload.n > kind->most) ||
                         (kind->fits != NULL && !kind->fits(box->payload))))
        carrier = SP_CARRIER_UNKNOWN;
    gboolean is_blank = carrier == SP_CARRIER_PADDING || carrier == SP_CARRIER_COMMENT ||
                                carrier == SP_CARRIER_TIME
                            ? sp_heif_is_zero(content)
                            : box->payload.n == 0;
    if (is_blank)
        carrier = SP_CARRIER_PICTURE;
    if (!is_blank && box->type == SP_FOURCC('u', 'u', 'i', 'd'))
        tell_uuid(box, part, data);
    else
        tell(carrier, content, box, part, data);
}

void
sp_heif_tell_top_box(const SpHeifBox *box, SpPartFunc part, gpointer data)
{
    tell_box(FIND(top_boxes, box->type), box, part, data);
}

/* ---- meta ----------------------------------------------------------------------------------
 */

static void
tell_odd(const SpHeifOdd *odd, SpPartFunc part, gpointer data)
{
    const SpHeifBox *box = &odd->box;
    switch (odd->kind) {
    case SP_HEIF_ODD_BOX:
        tell_box(FIND(meta_boxes, box->type), box, part, data);
        return;
    case SP_HEIF_ODD_SECOND:
        tell_box(NULL, box, part, data);
        return;
    case SP_HEIF_ODD_BYTES:
        tell(SP_CARRIER_STRAY, box->payload, box, part, data);
        return;
    case SP_HEIF_ODD_NAME:
        if (!sp_heif_is_usual_name(box->payload))
            tell(SP_CARRIER_PROGRAM, box->payload, box, part, data);
        return;
    }
}

/* ISO/IEC 14496-12, 12.1.5: 11 bytes of code points, or a profile. */
static void
tell_colour(const SpHeifBox *box, SpPartFunc part, gpointer data)
{
    SpHeifReader reader = {box->payload};
    guint32 kind = (guint32)sp_heif_read(&reader, 4);
    if (kind == SP_FOURCC('n', 'c', 'l', 'x') && box->payload.n <= 11)
        tell(SP_CARRIER_PICTURE, box->payload, box, part, data);
    else if (kind == SP_FOURCC('p', 'r', 'o', 'f') || kind == SP_FOURCC('r', 'I', 'C', 'C'))
        tell(reader.rest.n > 0 ? SP_CARRIER_ICC : SP_CARRIER_PICTURE, reader.rest, box, part,
             data);
    else
        tell(SP_CARRIER_UNKNOWN, box->payload, box, part, data);
}

void
sp_heif_tell_meta(const SpHeifMeta *meta, SpPartFunc part, gpointer data)
{
    const GArray *odd = sp_heif_meta_odd(meta);
    for (guint i = 0; i < odd->len; i++)
        tell_odd(&g_array_index(odd, SpHeifOdd, i), part, data);
    const GArray *all = sp_heif_meta_properties(meta);
    for (guint i = 0; i < all->len; i++) {
        const SpHeifBox *box = &g_array_index(all, SpHeifBox, i);
        if (box->type == SP_FOURCC('c', 'o', 'l', 'r'))
            tell_colour(box, part, data);
        else
            tell_box(FIND(properties, box->type), box, part, data);
    }
}
