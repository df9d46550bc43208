/* SPDX-License-Identifier: MIT */
/* heif-slots.c -- where something may hide in a HEIC or AVIF: one table for both.
 *
 * ISO/IEC 23008-12, 14496-12, the AVIF specification, and what phones write. */
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include "selftest/heif.h"
#include <string.h>

enum {
    BEFORE_META,
    IN_META,
    BEHIND_ALL,
};

static const char *
coding(const SpMaker *maker)
{
    return g_str_equal(maker->format->name, "heic") ? "hevc" : "av1";
}

static void
begin(SpHeif *heif, const SpSlot *slot, const SpMaker *maker)
{
    sp_heif_init(heif, coding(maker), slot->picture);
}

/* ---- items ---------------------------------------------------------------------------------
 */

/* An item that describes the picture; its data is item->data. */
static SpHeifItem *
add_description(SpHeif *heif, const char *type)
{
    SpHeifItem *item = sp_heif_add(heif, type);
    item->hidden = TRUE;
    sp_heif_refer(item, "cdsc", 1);
    return item;
}

/* code 1: in idat. */
static void
make_exif(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = add_description(&heif, "Exif");
    sp_put(item->data, "\0\0\0\6Exif\0", 10);
    sp_put_exif(maker, item->data);
    item->in_idat = slot->code == 1;
    sp_heif_write(&heif, out);
}

/* word: the content type; of XMP, or of anything else. */
static void
make_mime(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = add_description(&heif, "mime");
    item->mime = slot->word;
    if (g_str_equal(slot->word, "application/rdf+xml"))
        sp_put_xmp(maker, item->data);
    else
        sp_slot_payload(slot, maker, item->data);
    sp_heif_write(&heif, out);
}

/* word: the address. */
static void
make_uri(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = add_description(&heif, "uri ");
    item->uri = slot->word;
    sp_slot_payload(slot, maker, item->data);
    sp_heif_write(&heif, out);
}

/* word: the item's type. */
static void
make_item(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = add_description(&heif, slot->word);
    sp_slot_payload(slot, maker, item->data);
    sp_heif_write(&heif, out);
}

/* In the tables of items: a name, an address, a content type. */
static void
make_item_name(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item =
        slot->code == 0 ? g_ptr_array_index(heif.items, 0) : add_description(&heif, slot->word);
    if (slot->code == 0)
        item->name = maker->canary->letters;
    else if (g_str_equal(slot->word, "mime"))
        item->mime = maker->canary->letters;
    else
        item->uri = maker->canary->letters;
    if (slot->code != 0)
        sp_put_text(item->data, "{}");
    sp_heif_write(&heif, out);
}

/* ---- pictures ------------------------------------------------------------------------------
 */

static SpHeifItem *
add_magenta(SpHeif *heif, const SpMaker *maker)
{
    SpHeifItem *item = sp_heif_add_coded(heif, "_magenta", SP_HEIF_SIDE, SP_HEIF_SIDE);
    item->name = maker->canary->letters;
    return item;
}

static void
make_thumbnail(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    sp_heif_refer(add_magenta(&heif, maker), "thmb", 1);
    sp_heif_write(&heif, out);
}

/* word: what the auxiliary picture is for. */
static void
make_auxiliary(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) auxc = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = add_magenta(&heif, maker);
    item->hidden = TRUE;
    sp_heif_refer(item, "auxl", 1);
    sp_put_be(auxc, 4, 0);
    sp_put(auxc, slot->word, strlen(slot->word) + 1);
    sp_slot_payload(slot, maker, auxc); /* its subtype */
    sp_heif_add_property(item, "auxC", TRUE, auxc->data, auxc->len);
    sp_heif_write(&heif, out);
}

/* code 1: hidden. */
static void
make_second_picture(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    add_magenta(&heif, maker)->hidden = slot->code == 1;
    sp_heif_write(&heif, out);
}

/* word: iovl, tmap or iden, derived from the magenta item; head: its data. */
static void
make_derived(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) ispe = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    add_magenta(&heif, maker)->hidden = TRUE;
    SpHeifItem *item = sp_heif_add(&heif, slot->word);
    sp_heif_refer(item, "dimg", slot->code == 1 ? 1 : 2);
    if (slot->code == 1)
        sp_heif_refer(item, "dimg", 2);
    sp_slot_payload(slot, maker, item->data);
    sp_put_be(ispe, 4, 0);
    sp_put_be(ispe, 4, SP_HEIF_SIDE);
    sp_put_be(ispe, 4, SP_HEIF_SIDE);
    sp_heif_add_property(item, "ispe", FALSE, ispe->data, ispe->len);
    sp_heif_write(&heif, out);
}

/* A grid of two tiles whose output has the width of one: the second, magenta, lies outside.
 * MIAF wants no such tile (ISO/IEC 23000-22, 7.3.11.4.2), so it may be refused. */
static void
make_grid(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) ispe = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *tile = g_ptr_array_index(heif.items, 0);
    SpHeifItem *grid = sp_heif_add(&heif, "grid");
    grid->in_idat = TRUE;
    add_magenta(&heif, maker)->hidden = TRUE;
    tile->hidden = TRUE;
    /* The primary item is the first one. */
    heif.items->pdata[0] = grid;
    heif.items->pdata[1] = tile;
    sp_heif_refer(grid, "dimg", 2);
    sp_heif_refer(grid, "dimg", 3);
    sp_put(grid->data, "\0\0\0\1\0\x40\0\x40", 8); /* 1 row, 2 columns, 64 x 64 */
    sp_put_be(ispe, 4, 0);
    sp_put_be(ispe, 4, SP_HEIF_SIDE);
    sp_put_be(ispe, 4, SP_HEIF_SIDE);
    sp_heif_add_property(grid, "ispe", FALSE, ispe->data, ispe->len);
    sp_heif_add_property(grid, "colr", FALSE, "nclx\0\1\0\x0D\0\6\x80", 11);
    sp_heif_write(&heif, out);
}

static void
make_plain(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    sp_heif_write(&heif, out);
}

/* In the coded picture: a message that decoders skip (HEVC: SEI, user data; AV1: padding). */
static void
make_coded_message(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = g_ptr_array_index(heif.items, 0);
    const char *letters = maker->canary->letters;
    gsize n = strlen(letters);
    g_autoptr(GByteArray) message = g_byte_array_new();
    if (g_str_equal(heif.coding, "hevc")) {
        sp_put_be(message, 4, 2 + 2 + 16 + n + 1);
        sp_put_be(message, 2, 0x4E01); /* SEI before the picture */
        sp_put_be(message, 2, 0x0500 | (16 + n));
        sp_put_text(message, "0123456789abcdef");
        sp_put_text(message, letters);
        sp_put_be(message, 1, 0x80);
        sp_put_array(message, item->data);
        g_byte_array_set_size(item->data, 0);
    } else {
        sp_put_be(message, 2, 0x7A00 | (n + 1));
        sp_put_text(message, letters);
        sp_put_be(message, 1, 0x80);
    }
    sp_put_array(item->data, message);
    sp_heif_write(&heif, out);
}

/* ---- properties and boxes ------------------------------------------------------------------
 */

/* word: the property's type. code 1: no item has it. */
static void
make_property(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    SpHeifItem *item = g_ptr_array_index(heif.items, 0);
    sp_put(payload, slot->head, slot->n_head);
    if (g_str_equal(slot->word, "colr"))
        sp_put_icc(maker, payload);
    else
        sp_canary_put(maker->canary, slot->forms, payload);
    if (slot->code == 1)
        sp_put_box(heif.unused, slot->word, payload->data, payload->len);
    else
        sp_heif_add_property(item, slot->word, FALSE, payload->data, payload->len);
    sp_heif_write(&heif, out);
}

/* word: the box's type. */
static void
make_box(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    GByteArray *const places[] = {heif.before, heif.meta, heif.behind};
    sp_slot_payload(slot, maker, payload);
    sp_put_box(places[slot->where], slot->word, payload->data, payload->len);
    sp_heif_write(&heif, out);
}

/* C2PA's box: uuid, its number, a purpose, an offset, JUMBF. */
static void
make_c2pa(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    sp_put(payload, "\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81", 16);
    sp_put(payload, "\0\0\0\0manifest\0\0\0\0\0\0\0\0", 21);
    sp_put_jumbf(maker, payload);
    sp_put_box(heif.before, "uuid", payload->data, payload->len);
    sp_heif_write(&heif, out);
}

static void
make_video(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) video = g_byte_array_new();
    SpHeif heif;
    begin(&heif, slot, maker);
    sp_put_mp4(maker, video);
    if (slot->word != NULL)
        sp_put_box(heif.behind, slot->word, video->data, video->len);
    else
        sp_put_array(heif.behind, video);
    sp_heif_write(&heif, out);
}

/* Room in boxes that are there anyway: where says in which. */
enum {
    BRANDS,
    HANDLER,
    IDAT,
    MDAT,
    TRAILER,
};

static void
make_room(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    SpHeif heif;
    begin(&heif, slot, maker);
    GByteArray *const rooms[] = {heif.brands, heif.handler, heif.idat_slack, heif.mdat_slack,
                                 heif.behind};
    if (slot->where == BRANDS || slot->where == HANDLER)
        sp_put_text(rooms[slot->where], maker->canary->letters);
    else
        sp_slot_payload(slot, maker, rooms[slot->where]);
    if (slot->flags & SP_SLOT_MARKED)
        sp_put_marked_jpeg(maker, rooms[slot->where]);
    sp_heif_write(&heif, out);
}

/* ---- the table -----------------------------------------------------------------------------
 */

#define ALL SP_FORM_ALL
#define TEXT SP_FORM_RAW
#define PACKET (SP_FORM_RAW | SP_FORM_BASE64)
#define AUXILIARY(slot_name, urn)                                                              \
    {                                                                                          \
        .name = "auxiliary-" slot_name, .make = make_auxiliary, .forms = ALL,                  \
        .flags = SP_SLOT_MARKED, .word = (urn)                                                 \
    }
#define BOX(slot_name, place, box)                                                             \
    {                                                                                          \
        .name = (slot_name), .make = make_box, .forms = ALL, .where = (place), .word = (box)   \
    }

static const SpSlot slots[] = {
    {.name = "exif", .make = make_exif, .forms = ALL, .flags = SP_SLOT_MARKED},
    {.name = "exif-in-idat",
     .make = make_exif,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .code = 1},
    {.name = "xmp", .make = make_mime, .forms = PACKET, .word = "application/rdf+xml"},
    {.name = "mime-text", .make = make_mime, .forms = ALL, .word = "text/plain"},
    {.name = "mime-octets",
     .make = make_mime,
     .forms = ALL,
     .word = "application/octet-stream"},
    {.name = "uri-styles",
     .make = make_uri,
     .forms = ALL,
     .word = "tag:apple.com,2023:photo:metadata:styles"},
    {.name = "uri-unknown",
     .make = make_uri,
     .forms = ALL,
     .word = "tag:example.org,2026:unheard-of"},
    {.name = "regions",
     .make = make_item,
     .forms = ALL,
     .word = "rgan",
     SP_HEAD("\0\0\0\x40\0\x40\1\1\0\1\0\1\0\x08\0\x08")},
    {.name = "unknown-item", .make = make_item, .forms = ALL, .word = "prVt"},
    {.name = "item-name", .make = make_item_name, .forms = TEXT},
    {.name = "item-content-type",
     .make = make_item_name,
     .forms = TEXT,
     .code = 1,
     .word = "mime"},
    {.name = "item-address", .make = make_item_name, .forms = TEXT, .code = 1, .word = "uri "},
    {.name = "thumbnail", .make = make_thumbnail, .forms = TEXT, .flags = SP_SLOT_MARKED},
    AUXILIARY("depth", "urn:mpeg:hevc:2015:auxid:2"),
    AUXILIARY("depth-av1", "urn:mpeg:mpegB:cicp:systems:auxiliary:depth"),
    AUXILIARY("gain-map", "urn:com:apple:photo:2020:aux:hdrgainmap"),
    AUXILIARY("portrait-matte", "urn:com:apple:photo:2018:aux:portraiteffectsmatte"),
    AUXILIARY("skin-matte", "urn:com:apple:photo:2019:aux:semanticskinmatte"),
    AUXILIARY("hair-matte", "urn:com:apple:photo:2019:aux:semantichairmatte"),
    AUXILIARY("teeth-matte", "urn:com:apple:photo:2019:aux:semanticteethmatte"),
    AUXILIARY("glasses-matte", "urn:com:apple:photo:2020:aux:semanticglassesmatte"),
    AUXILIARY("sky-matte", "urn:com:apple:photo:2020:aux:semanticskymatte"),
    AUXILIARY("unknown", "urn:example:unheard-of"),
    {.name = "second-picture",
     .make = make_second_picture,
     .forms = TEXT,
     .flags = SP_SLOT_MARKED},
    {.name = "hidden-picture",
     .make = make_second_picture,
     .forms = TEXT,
     .flags = SP_SLOT_MARKED,
     .code = 1},
    {.name = "overlay",
     .make = make_derived,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .word = "iovl",
     SP_HEAD("\0\0\0\0\0\0\0\0\0\0\0\x40\0\x40\x7F\0\0\0")},
    {.name = "identity",
     .make = make_derived,
     .forms = TEXT,
     .flags = SP_SLOT_MARKED,
     .word = "iden"},
    {.name = "tone-map",
     .make = make_derived,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .code = 1,
     .word = "tmap",
     SP_HEAD("\0\0\0\0\0\0")},
    {.name = "tile-outside",
     .make = make_grid,
     .forms = TEXT,
     .flags = SP_SLOT_MARKED | SP_SLOT_MAY_REFUSE},
    {.name = "cropped-away",
     .make = make_plain,
     .flags = SP_SLOT_DIFFERS,
     .picture = SP_PICTURE_CROPPED,
     .twin = SP_PICTURE_LOSSLESS},
    {.name = "colours-under-alpha-0",
     .make = make_plain,
     .flags = SP_SLOT_DIFFERS,
     .picture = SP_PICTURE_OVER_MAGENTA,
     .twin = SP_PICTURE_OVER_OTHER},
    {.name = "message-in-picture", .make = make_coded_message, .forms = TEXT},
    {.name = "icc", .make = make_property, .forms = ALL, .word = "colr", SP_HEAD("prof")},
    {.name = "icc-restricted",
     .make = make_property,
     .forms = ALL,
     .word = "colr",
     SP_HEAD("rICC")},
    {.name = "user-description",
     .make = make_property,
     .forms = TEXT,
     .word = "udes",
     SP_HEAD("\0\0\0\0en\0\0")},
    {.name = "alternative-text",
     .make = make_property,
     .forms = TEXT,
     .word = "altt",
     SP_HEAD("\0\0\0\0")},
    {.name = "creation-time",
     .make = make_property,
     .forms = SP_FORM_BLOCK,
     .word = "crtt",
     SP_HEAD("\0\0\0\0")},
    {.name = "unknown-property", .make = make_property, .forms = ALL, .word = "prVt"},
    {.name = "unused-property", .make = make_property, .forms = ALL, .code = 1, .word = "prVt"},
    BOX("uuid-before", BEFORE_META, "uuid"),
    BOX("uuid-in-meta", IN_META, "uuid"),
    BOX("uuid-behind", BEHIND_ALL, "uuid"),
    BOX("free-before", BEFORE_META, "free"),
    BOX("free-in-meta", IN_META, "free"),
    BOX("skip-behind", BEHIND_ALL, "skip"),
    BOX("unknown-box", BEFORE_META, "prVt"),
    BOX("unknown-box-in-meta", IN_META, "prVt"),
    BOX("second-mdat", BEHIND_ALL, "mdat"),
    BOX("entity-groups", IN_META, "grpl"),
    BOX("data-information", IN_META, "dinf"),
    BOX("samsung-sefd", BEHIND_ALL, "sefd"),
    {.name = "c2pa", .make = make_c2pa, .forms = ALL},
    {.name = "motion-video", .make = make_video, .forms = ALL, .word = "mpvd"},
    {.name = "movie", .make = make_video, .forms = ALL, .word = "moov"},
    {.name = "trailing-video", .make = make_video, .forms = ALL},
    {.name = "brands", .make = make_room, .forms = TEXT, .where = BRANDS},
    {.name = "handler-name", .make = make_room, .forms = TEXT, .where = HANDLER},
    {.name = "idat-slack", .make = make_room, .forms = ALL, .where = IDAT},
    {.name = "mdat-slack", .make = make_room, .forms = ALL, .where = MDAT},
    {.name = "trailing-text",
     .make = make_room,
     .forms = ALL,
     .where = TRAILER,
     SP_HEAD("text, and no box")},
    {.name = "trailing-jpeg",
     .make = make_room,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .where = TRAILER},
    {NULL},
};

static void
plain_heic(SpPictureKind picture, GByteArray *out)
{
    SpHeif heif;
    sp_heif_init(&heif, "hevc", picture);
    sp_heif_write(&heif, out);
}

static void
plain_avif(SpPictureKind picture, GByteArray *out)
{
    SpHeif heif;
    sp_heif_init(&heif, "av1", picture);
    sp_heif_write(&heif, out);
}

static void
mark_heic(GByteArray *out)
{
    sp_put_coded(out, "hevc_magenta");
}

static void
mark_avif(GByteArray *out)
{
    sp_put_coded(out, "av1_magenta");
}

const SpSlotFormat sp_slots_heic = {"heic", "heic", slots, plain_heic, mark_heic};
const SpSlotFormat sp_slots_avif = {"avif", "avif", slots, plain_avif, mark_avif};
