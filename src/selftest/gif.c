/* SPDX-License-Identifier: MIT */
/* gif.c -- where something may hide in a GIF. GIF89a (CompuServe, 1990). */
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include <string.h>

#define SIDE 64
#define N_COLOURS 128 /* so that codes have 8 bits, and LZW needs no bits moved */
#define N_USED 32
#define CODE_CLEAR N_COLOURS
#define CODE_END (N_COLOURS + 1)
#define MAGENTA (N_USED - 1) /* its place in the palette; the still picture never uses it */
#define CLEAR_EVERY 100      /* codes: before the table grows out of 8 bits */

enum {
    BEFORE_PICTURE,
    AFTER_PICTURE,
    AFTER_END,
};

/* ---- the picture ---------------------------------------------------------------------------
 */

static guint8
scene(guint x, guint y)
{
    gboolean sky = y < 24 + x / 8;
    return (guint8)((x * 7 + y * 13) % 11 + (sky ? 15 : 0));
}

static void
put_palette(GByteArray *out, SpPictureKind picture)
{
    for (guint i = 0; i < N_COLOURS; i++) {
        guint8 grey = (guint8)(150 + 4 * (i % 15));
        guint8 sky[3] = {grey, grey, (guint8)(grey + 8)}, ground[3] = {50, grey, 40};
        if (i == MAGENTA)
            sp_put(out, picture == SP_PICTURE_OVER_OTHER ? "\0\x20\xFF" : "\xFF\0\xFF", 3);
        else
            sp_put(out, i < 15 ? ground : sky, 3);
    }
}

static guint8
pixel(SpPictureKind picture, guint x, guint y)
{
    gboolean under = picture == SP_PICTURE_OVER_MAGENTA || picture == SP_PICTURE_OVER_OTHER;
    return picture == SP_PICTURE_MAGENTA || (under && x >= SIDE / 2) ? MAGENTA : scene(x, y);
}

/* Sub-blocks of at most 255 bytes, and their end. */
static void
put_blocks(GByteArray *out, const guint8 *bytes, gsize n)
{
    for (gsize at = 0; at < n; at += 255) {
        sp_put_be(out, 1, MIN(255, n - at));
        sp_put(out, bytes + at, MIN(255, n - at));
    }
    sp_put_be(out, 1, 0);
}

/* Each code is a byte. slack: behind the code that ends the data; may be NULL. */
static void
put_data(GByteArray *out, SpPictureKind picture, guint height, const GByteArray *slack)
{
    g_autoptr(GByteArray) codes = g_byte_array_new();
    for (guint i = 0; i < SIDE * height; i++) {
        if (i % CLEAR_EVERY == 0)
            sp_put_be(codes, 1, CODE_CLEAR);
        sp_put_be(codes, 1, pixel(picture, i % SIDE, i / SIDE));
    }
    sp_put_be(codes, 1, CODE_END);
    if (slack != NULL)
        sp_put_array(codes, slack);
    sp_put_be(out, 1, 7); /* bits of a pixel */
    put_blocks(out, codes->data, codes->len);
}

typedef struct {
    GByteArray *places[AFTER_END + 1]; /* owned; blocks, or anything behind the end */
    GByteArray *palette;               /* owned */
    GByteArray *slack;                 /* owned */
    guint height;                      /* of the picture: may be more than the canvas has */
} Parts;

static void
parts_init(Parts *parts, SpPictureKind picture)
{
    for (guint i = 0; i < G_N_ELEMENTS(parts->places); i++)
        parts->places[i] = g_byte_array_new();
    parts->palette = g_byte_array_new();
    put_palette(parts->palette, picture);
    parts->slack = g_byte_array_new();
    parts->height = SIDE;
}

static void
put_image(GByteArray *out, guint left, guint top, SpPictureKind picture, guint height,
          const GByteArray *slack)
{
    sp_put_text(out, ",");
    sp_put_le(out, 2, left);
    sp_put_le(out, 2, top);
    sp_put_le(out, 2, SIDE);
    sp_put_le(out, 2, height);
    sp_put_be(out, 1, 0);
    put_data(out, picture, height, slack);
}

static void
parts_write(Parts *parts, SpPictureKind picture, GByteArray *out)
{
    sp_put_text(out, "GIF89a");
    sp_put_le(out, 2, SIDE);
    sp_put_le(out, 2, SIDE);
    sp_put(out, "\xF6\0\0", 3); /* a palette of 128 */
    sp_put_array(out, parts->palette);
    sp_put_array(out, parts->places[BEFORE_PICTURE]);
    if (picture == SP_PICTURE_OVER_MAGENTA || picture == SP_PICTURE_OVER_OTHER) {
        guint8 control[] = {0x21, 0xF9, 4, 1, 0, 0, MAGENTA, 0};
        sp_put(out, control, sizeof control);
    }
    put_image(out, 0, 0, picture, parts->height, parts->slack);
    sp_put_array(out, parts->places[AFTER_PICTURE]);
    sp_put_text(out, ";");
    sp_put_array(out, parts->places[AFTER_END]);
    for (guint i = 0; i < G_N_ELEMENTS(parts->places); i++)
        g_byte_array_unref(parts->places[i]);
    g_byte_array_unref(parts->palette);
    g_byte_array_unref(parts->slack);
}

static void
plain(SpPictureKind picture, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, picture);
    parts_write(&parts, picture, out);
}

static void
mark(GByteArray *out)
{
    put_data(out, SP_PICTURE_MAGENTA, SIDE, NULL);
}

/* ---- makers --------------------------------------------------------------------------------
 */

/* code: the extension's label; head: what stands in its first block;. */
static void
make_extension(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    Parts parts;
    parts_init(&parts, slot->picture);
    GByteArray *place = parts.places[slot->where];
    sp_put_be(place, 1, 0x21);
    sp_put_be(place, 1, slot->code);
    if (slot->n_head > 0) {
        sp_put_be(place, 1, slot->n_head);
        sp_put(place, slot->head, slot->n_head);
    }
    sp_canary_put(maker->canary, slot->forms, payload);
    put_blocks(place, payload->data, payload->len);
    parts_write(&parts, slot->picture, out);
}

/* XMP part 3, 1.1.2: not in sub-blocks, but text with a trailer that skips over it. */
static void
make_xmp(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    GByteArray *place = parts.places[slot->where];
    sp_put(place, "\x21\xFF\x0BXMP DataXMP", 14);
    sp_put_xmp(maker, place);
    sp_put_be(place, 1, 1);
    for (guint i = 256; i-- > 0;)
        sp_put_be(place, 1, i);
    sp_put_be(place, 1, 0);
    parts_write(&parts, slot->picture, out);
}

static void
make_icc(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) profile = g_byte_array_new();
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_put_icc(maker, profile);
    sp_put(parts.places[slot->where], "\x21\xFF\x0BICCRGBG1012", 14);
    put_blocks(parts.places[slot->where], profile->data, profile->len);
    parts_write(&parts, slot->picture, out);
}

/* left and top of the frame: where and code. */
static void
make_frame(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    put_image(parts.places[AFTER_PICTURE], slot->where, slot->code, SP_PICTURE_MAGENTA, SIDE,
              NULL);
    sp_put(parts.places[AFTER_PICTURE], "\x21\xFE", 2);
    g_autoptr(GByteArray) comment = g_byte_array_new();
    sp_canary_put(maker->canary, slot->forms, comment);
    put_blocks(parts.places[AFTER_PICTURE], comment->data, comment->len);
    parts_write(&parts, slot->picture, out);
}

/* The first frame has more rows than the canvas. */
static void
make_rows_outside(const SpSlot *slot, const SpMaker *maker G_GNUC_UNUSED, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    parts.height = SIDE + 16;
    parts_write(&parts, slot->picture, out);
}

static void
make_unused_palette(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, payload);
    g_assert(payload->len <= 3 * (N_COLOURS - N_USED));
    memcpy(parts.palette->data + (gsize)3 * N_USED, payload->data, payload->len);
    parts_write(&parts, slot->picture, out);
}

static void
make_slack(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, parts.slack);
    parts_write(&parts, slot->picture, out);
}

static void
make_plain(const SpSlot *slot, const SpMaker *maker G_GNUC_UNUSED, GByteArray *out)
{
    plain(slot->picture, out);
}

static void
make_trailing(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    if (slot->flags & SP_SLOT_MARKED)
        sp_put_marked_jpeg(maker, parts.places[AFTER_END]);
    sp_slot_payload(slot, maker, parts.places[AFTER_END]);
    parts_write(&parts, slot->picture, out);
}

/* ---- the table -----------------------------------------------------------------------------
 */

static const SpSlot slots[] = {
    {.name = "comment",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFE},
    {.name = "comment-after-picture",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .where = AFTER_PICTURE,
     .code = 0xFE},
    {.name = "xmp", .make = make_xmp, .forms = SP_FORM_RAW | SP_FORM_BASE64},
    {.name = "xmp-after-picture",
     .make = make_xmp,
     .forms = SP_FORM_RAW | SP_FORM_BASE64,
     .where = AFTER_PICTURE},
    {.name = "icc", .make = make_icc, .forms = SP_FORM_RAW},
    {.name = "netscape",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("NETSCAPE2.0")},
    {.name = "animexts",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("ANIMEXTS1.0")},
    {.name = "imagemagick",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("ImageMagick")},
    {.name = "mgk-8bim",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("MGK8BIM0000")},
    {.name = "mgk-iptc",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("MGKIPTC0000")},
    {.name = "c2pa",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("C2PA_GIF\1\0\0")},
    {.name = "unknown-application",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0xFF,
     SP_HEAD("UNHEARDOF01")},
    {.name = "unknown-extension",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .code = 0x12},
    {.name = "plain-text",
     .make = make_extension,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .where = AFTER_PICTURE,
     .code = 0x01,
     SP_HEAD("\0\0\0\0\x20\0\x20\0\x08\x08\1\2")},
    {.name = "further-frame",
     .make = make_frame,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .flags = SP_SLOT_MARKED},
    {.name = "frame-outside",
     .make = make_frame,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .flags = SP_SLOT_MARKED,
     .where = 2 * SIDE,
     .code = 2 * SIDE},
    {.name = "rows-outside",
     .make = make_rows_outside,
     .flags = SP_SLOT_DIFFERS | SP_SLOT_MAY_REFUSE},
    {.name = "unused-palette",
     .make = make_unused_palette,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK},
    {.name = "colour-of-transparency",
     .make = make_plain,
     .flags = SP_SLOT_DIFFERS,
     .picture = SP_PICTURE_OVER_MAGENTA,
     .twin = SP_PICTURE_OVER_OTHER},
    {.name = "lzw-slack", .make = make_slack, .forms = SP_FORM_RAW},
    {.name = "trailing-text", .make = make_trailing, .forms = SP_FORM_ALL},
    {.name = "trailing-jpeg",
     .make = make_trailing,
     .forms = SP_FORM_ALL,
     .flags = SP_SLOT_MARKED},
    {NULL},
};

const SpSlotFormat sp_slots_gif = {"gif", "gif", slots, plain, mark};
