/* SPDX-License-Identifier: MIT */
/* heif-fixture.h -- HEIF files from a few lines: items, references, properties.
 *
 * A writer of its own, that shares nothing with the one it tests. What a Fixture leaves at zero
 * is the plainest version of it: all boxes of version 0, numbers of four bytes, data in mdat,
 * meta before it. Coded data is any text: nobody decodes it. */
#ifndef SP_TESTS_HEIF_FIXTURE_H
#define SP_TESTS_HEIF_FIXTURE_H
#include <string.h>

#include "container/walk.h"

#define T(a, b, c, d) SP_FOURCC(a, b, c, d)
#define TEXT(text) (text), sizeof(text) - 1
#define ESSENTIAL 0x8000

typedef struct {
    guint32 id;
    char type[5];
    const char *data; /* NULL: no entry in iloc */
    gsize n;
    guint16 properties[10]; /* places in Fixture.properties, from 1 on; 0 ends */
    gboolean hidden;
    const char *name; /* NULL: none */
    const char *mime;
    gsize n_mime; /* 0: up to its NUL */
    guint method; /* 1 idat, 2 another item */
    guint pieces; /* extents; 0 is one */
    guint protection, data_file;
    guint same_as; /* its data is the first n bytes of an item's before; its place, from 1 on */
} FixtureItem;

typedef struct {
    char type[5];
    guint32 from;
    guint n;
    guint32 to[24];
} FixtureReference;

typedef struct {
    char type[5];
    const char *payload;
    gsize n;
} FixtureProperty;

typedef struct {
    const char *brands; /* NULL: heic; the first is the major one */
    guint32 primary;    /* 0: no pitm */
    FixtureItem items[24];
    FixtureReference references[10];
    FixtureProperty properties[140];
    guint item_version, location_version, primary_version,
        reference_version;                   /* iinf is infe's */
    guint index_size;                        /* of iloc; with version 1 and 2 */
    gboolean wide_numbers;                   /* 64 bits in iloc, and a base offset */
    gboolean wide_properties, wide_ids;      /* ipma */
    gboolean large_boxes;                    /* 64-bit sizes */
    gboolean meta_last, meta_to_end;         /* meta_to_end: and of size 0 */
    gboolean no_lengths;                     /* 0 bits for lengths in iloc */
    guint64 wrong_base;                      /* instead of that of wide numbers */
    gboolean no_slack;                       /* mdat holds nothing but the items */
    const char *handler;                     /* NULL: pict */
    gsize n_handler;                         /* 0: four, and 13 zeros behind */
    const char *before, *meta_more, *behind; /* whole boxes, or anything */
    gsize n_before, n_meta_more, n_behind;
} Fixture;

static inline void
fixture_put(GByteArray *out, guint size, guint64 number)
{
    for (guint i = size; i-- > 0;) {
        guint8 byte = (guint8)(number >> 8 * i);
        g_byte_array_append(out, &byte, 1);
    }
}

static inline void
fixture_add(GByteArray *out, const void *bytes, gsize n)
{
    g_byte_array_append(out, bytes, (guint)n);
}

/* A box around inside, which is freed. */
static inline void
fixture_box(GByteArray *out, const char *type, GByteArray *inside, gboolean large)
{
    gsize n = inside->len + (large ? 16 : 8);
    fixture_put(out, 4, large ? 1 : n);
    fixture_add(out, type, 4);
    if (large)
        fixture_put(out, 8, n);
    fixture_add(out, inside->data, inside->len);
    g_byte_array_unref(inside);
}

static inline GByteArray *
fixture_full(guint version, guint flags)
{
    GByteArray *inside = g_byte_array_new();
    fixture_put(inside, 4, version << 24 | flags);
    return inside;
}

static inline guint
fixture_n_items(const Fixture *fixture)
{
    guint n = 0;
    while (n < G_N_ELEMENTS(fixture->items) && fixture->items[n].type[0] != 0)
        n++;
    return n;
}

static inline void
fixture_item_info(GByteArray *out, const FixtureItem *item, guint version)
{
    GByteArray *info = fixture_full(version, item->hidden);
    fixture_put(info, version < 3 ? 2 : 4, item->id);
    fixture_put(info, 2, item->protection);
    if (version >= 2)
        fixture_add(info, item->type, 4);
    if (item->name != NULL)
        fixture_add(info, item->name, strlen(item->name));
    fixture_put(info, 1, 0);
    if (item->mime != NULL)
        fixture_add(info, item->mime, item->n_mime ? item->n_mime : strlen(item->mime) + 1);
    fixture_box(out, "infe", info, FALSE);
}

static inline void
fixture_item_infos(GByteArray *out, const Fixture *fixture)
{
    guint n = fixture_n_items(fixture), version = fixture->item_version;
    GByteArray *infos = fixture_full(version == 3, 0);
    fixture_put(infos, version == 3 ? 4 : 2, n);
    for (guint i = 0; i < n; i++)
        fixture_item_info(infos, &fixture->items[i], version == 0 ? 2 : version);
    fixture_box(out, "iinf", infos, fixture->large_boxes);
}

/* An item's data is cut in pieces with a slack of SLACK between them. */
#define SLACK "<SECRET>"

static inline gsize
fixture_piece(const FixtureItem *item, guint piece, gsize *ret_from)
{
    guint n = MAX(item->pieces, 1);
    *ret_from = item->n * piece / n;
    return item->n * (piece + 1) / n - *ret_from;
}

static inline GByteArray *
fixture_data(const Fixture *fixture, guint method)
{
    GByteArray *data = g_byte_array_new();
    for (guint i = 0; i < fixture_n_items(fixture); i++) {
        const FixtureItem *item = &fixture->items[i];
        if (item->data == NULL || item->method != method || item->same_as != 0)
            continue;
        for (guint k = 0; k < MAX(item->pieces, 1); k++) {
            gsize from = 0, n = fixture_piece(item, k, &from);
            if (!fixture->no_slack)
                fixture_add(data, SLACK, strlen(SLACK));
            fixture_add(data, item->data + from, n);
        }
    }
    return data;
}

/* The extents of an item; *at is where the next data of its kind lies, starts where that of the
 * items before does. */
static inline void
fixture_extents(GByteArray *iloc, const Fixture *fixture, guint nth, gsize *at, gsize *starts)
{
    const FixtureItem *item = &fixture->items[nth];
    guint number = fixture->wide_numbers ? 8 : 4;
    gsize base = fixture->wide_numbers ? *at / 2 : 0;
    gsize slack = fixture->no_slack || item->same_as ? 0 : strlen(SLACK);
    gsize here = item->same_as ? starts[item->same_as - 1] : *at;

    starts[nth] = here + slack;
    fixture_put(iloc, fixture->wide_numbers ? 8 : 0,
                fixture->wrong_base ? fixture->wrong_base : base);
    fixture_put(iloc, 2, MAX(item->pieces, 1));
    for (guint k = 0; k < MAX(item->pieces, 1); k++) {
        gsize from = 0, n = fixture_piece(item, k, &from);
        here += slack;
        fixture_put(iloc, fixture->location_version > 0 ? fixture->index_size : 0, 1);
        fixture_put(iloc, number, here - base);
        fixture_put(iloc, fixture->no_lengths ? 0 : number, n);
        here += n;
    }
    if (item->same_as == 0)
        *at = here;
}

/* start: where the data of mdat begins in the file. */
static inline void
fixture_locations(GByteArray *out, const Fixture *fixture, gsize start)
{
    guint version = fixture->location_version, count = 0;
    gsize at[3] = {start, 0, 0}, starts[G_N_ELEMENTS(fixture->items)] = {0};
    GByteArray *iloc = fixture_full(version, 0);
    fixture_put(iloc, 2,
                ((fixture->wide_numbers ? 0x8880u : 0x4400u) &
                 (fixture->no_lengths ? 0xF0F0 : 0xFFF0)) |
                    (version > 0 ? fixture->index_size : 0));
    guint count_at = iloc->len;
    fixture_put(iloc, version < 2 ? 2 : 4, 0);
    for (guint i = 0; i < fixture_n_items(fixture); i++) {
        const FixtureItem *item = &fixture->items[i];
        if (item->data == NULL)
            continue;
        count++;
        fixture_put(iloc, version < 2 ? 2 : 4, item->id);
        if (version > 0)
            fixture_put(iloc, 2, item->method);
        fixture_put(iloc, 2, item->data_file);
        fixture_extents(iloc, fixture, i, &at[item->method], starts);
    }
    iloc->data[count_at + (version < 2 ? 1 : 3)] = (guint8)count;
    fixture_box(out, "iloc", iloc, fixture->large_boxes);
}

static inline void
fixture_references(GByteArray *out, const Fixture *fixture)
{
    guint size = fixture->reference_version == 0 ? 2 : 4;
    if (fixture->references[0].type[0] == 0)
        return;
    GByteArray *iref = fixture_full(fixture->reference_version, 0);
    for (guint i = 0; i < G_N_ELEMENTS(fixture->references); i++) {
        const FixtureReference *reference = &fixture->references[i];
        if (reference->type[0] == 0)
            break;
        GByteArray *inside = g_byte_array_new();
        fixture_put(inside, size, reference->from);
        fixture_put(inside, 2, reference->n);
        for (guint k = 0; k < reference->n; k++)
            fixture_put(inside, size, reference->to[k]);
        fixture_box(iref, reference->type, inside, FALSE);
    }
    fixture_box(out, "iref", iref, fixture->large_boxes);
}

static inline void
fixture_associations(GByteArray *out, const Fixture *fixture)
{
    GByteArray *ipma = fixture_full(fixture->wide_ids, fixture->wide_properties);
    fixture_put(ipma, 4, fixture_n_items(fixture));
    for (guint i = 0; i < fixture_n_items(fixture); i++) {
        const FixtureItem *item = &fixture->items[i];
        guint n = 0;
        while (n < G_N_ELEMENTS(item->properties) && item->properties[n] != 0)
            n++;
        fixture_put(ipma, fixture->wide_ids ? 4 : 2, item->id);
        fixture_put(ipma, 1, n);
        for (guint k = 0; k < n; k++) {
            guint at = item->properties[k];
            if (!fixture->wide_properties)
                at = (at & 0x7F) | (at & ESSENTIAL ? 0x80 : 0);
            fixture_put(ipma, fixture->wide_properties ? 2 : 1, at);
        }
    }
    fixture_box(out, "ipma", ipma, FALSE);
}

static inline void
fixture_properties(GByteArray *out, const Fixture *fixture)
{
    GByteArray *iprp = g_byte_array_new();
    GByteArray *ipco = g_byte_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(fixture->properties); i++) {
        const FixtureProperty *property = &fixture->properties[i];
        if (property->type[0] == 0)
            break;
        GByteArray *inside = g_byte_array_new();
        fixture_add(inside, property->payload, property->n);
        fixture_box(ipco, property->type, inside, FALSE);
    }
    fixture_box(iprp, "ipco", ipco, FALSE);
    fixture_associations(iprp, fixture);
    fixture_box(out, "iprp", iprp, fixture->large_boxes);
}

static inline void
fixture_meta(GByteArray *out, const Fixture *fixture, gsize start)
{
    GByteArray *meta = fixture_full(0, 0);
    GByteArray *handler = fixture_full(0, 0);
    fixture_put(handler, 4, 0);
    if (fixture->n_handler == 0) {
        fixture_add(handler, fixture->handler ? fixture->handler : "pict", 4);
        fixture_add(handler, "\0\0\0\0\0\0\0\0\0\0\0\0", 13);
    }
    fixture_add(handler, fixture->handler, fixture->n_handler);
    fixture_box(meta, "hdlr", handler, FALSE);
    if (fixture->primary != 0) {
        GByteArray *primary = fixture_full(fixture->primary_version, 0);
        fixture_put(primary, fixture->primary_version == 0 ? 2 : 4, fixture->primary);
        fixture_box(meta, "pitm", primary, FALSE);
    }
    fixture_locations(meta, fixture, start);
    fixture_item_infos(meta, fixture);
    fixture_references(meta, fixture);
    fixture_properties(meta, fixture);
    GByteArray *inside = fixture_data(fixture, 1);
    if (inside->len > 0)
        fixture_box(meta, "idat", inside, FALSE);
    else
        g_byte_array_unref(inside);
    fixture_add(meta, fixture->meta_more, fixture->n_meta_more);
    gsize at = out->len;
    fixture_box(out, "meta", meta, fixture->large_boxes);
    if (fixture->meta_to_end)
        memset(out->data + at, 0, 4);
}

static inline void
fixture_file(GByteArray *out, const Fixture *fixture, gsize *start)
{
    const char *brands = fixture->brands ? fixture->brands : "heicmif1miaf";
    GByteArray *ftyp = g_byte_array_new();
    fixture_add(ftyp, brands, 4);
    fixture_put(ftyp, 4, 0);
    fixture_add(ftyp, brands, strlen(brands));
    fixture_box(out, "ftyp", ftyp, FALSE);
    fixture_add(out, fixture->before, fixture->n_before);
    if (!fixture->meta_last)
        fixture_meta(out, fixture, *start);
    GByteArray *data = fixture_data(fixture, 0);
    *start = out->len + (fixture->large_boxes ? 16 : 8);
    fixture_box(out, "mdat", data, fixture->large_boxes);
    if (fixture->meta_last)
        fixture_meta(out, fixture, *start);
    fixture_add(out, fixture->behind, fixture->n_behind);
}

/* The file; owned by the caller. Made twice, since offsets depend on the length of what says
 * them. */
static inline GByteArray *
fixture_build(const Fixture *fixture)
{
    gsize start = 0;
    g_autoptr(GByteArray) draft = g_byte_array_new();
    fixture_file(draft, fixture, &start);
    GByteArray *file = g_byte_array_new();
    fixture_file(file, fixture, &start);
    g_assert_cmpuint(file->len, ==, draft->len);
    return file;
}

/* ---- usual payloads ------------------------------------------------------------------------
 */

#define N32(n) /* as a string of four bytes, n below 256 */ "\0\0\0" n
#define ISPE(width, height)                                                                    \
    {                                                                                          \
        "ispe", TEXT("\0\0\0\0\0\0\0" width "\0\0\0" height)                                   \
    }
#define HVCC                                                                                   \
    {                                                                                          \
        "hvcC", TEXT("\1\1\140\0\0\0\0\0\0\0\0\0\x5d\xf0\0\xfc\xfd\xf8\xf8\0\0\xf\0")          \
    }
#define HVCC10                                                                                 \
    {                                                                                          \
        "hvcC", TEXT("\1\2\140\0\0\0\0\0\0\0\0\0\x5d\xf0\0\xfc\xfd\xfa\xfa\0\0\xf\0")          \
    }
#define AV1C                                                                                   \
    {                                                                                          \
        "av1C", TEXT("\x81\0\xc\0")                                                            \
    }
#define PIXI                                                                                   \
    {                                                                                          \
        "pixi", TEXT("\0\0\0\0\3\10\10\10")                                                    \
    }
#define PIXI1                                                                                  \
    {                                                                                          \
        "pixi", TEXT("\0\0\0\0\1\10")                                                          \
    }
#define NCLX                                                                                   \
    {                                                                                          \
        "colr", TEXT("nclx\0\1\0\15\0\6\x80")                                                  \
    }
#define ICC                                                                                    \
    {                                                                                          \
        "colr", TEXT("profSECRET PROFILE")                                                     \
    }
#define ALPHA                                                                                  \
    {                                                                                          \
        "auxC", TEXT("\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")                  \
    }
#define ALPHA_HEVC                                                                             \
    {                                                                                          \
        "auxC", TEXT("\0\0\0\0urn:mpeg:hevc:2015:auxid:1\0")                                   \
    }
#define DEPTH                                                                                  \
    {                                                                                          \
        "auxC", TEXT("\0\0\0\0urn:mpeg:hevc:2015:auxid:2\0")                                   \
    }
#define IROT(quarters)                                                                         \
    {                                                                                          \
        "irot", TEXT(quarters)                                                                 \
    }
#define IMIR(axis)                                                                             \
    {                                                                                          \
        "imir", TEXT(axis)                                                                     \
    }
/* width/1, height/1, left/2, top/2: the offset of the centre, in halves */
#define CLAP(width, height, left, top)                                                         \
    {                                                                                          \
        "clap", TEXT("\0\0\0" width "\0\0\0\1\0\0\0" height "\0\0\0\1" left "\0\0\0\2" top     \
                     "\0\0\0\2")                                                               \
    }
#define GRID(rows_1, columns_1, width, height) "\0\0" rows_1 columns_1 "\0" width "\0" height

#endif
