/* SPDX-License-Identifier: MIT */
/* png.c -- PNGs with a canary in them. PNG specification (third edition), APNG included.
 *
 * Which slots there are stands in png-slots.c. */
#include "selftest/png.h"
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include <string.h>

#define SIDE 64
#define N_USED 16 /* entries of the palette */

/* ---- the picture ---------------------------------------------------------------------------
 */

/* A grey sky over green ground, or magenta. */
static void
scene(guint x, guint y, SpPictureKind picture, guint8 rgb[3])
{
    gboolean sky = y < 24 + x / 8, magenta = picture == SP_PICTURE_MAGENTA;
    guint8 level = (guint8)((x * 7 + y * 13) % 11);
    rgb[0] = magenta ? 255 : (guint8)((sky ? 160 : 50) + level);
    rgb[1] = magenta ? 0 : (guint8)((sky ? 168 : 110 + y) + level);
    rgb[2] = magenta ? 255 : (guint8)((sky ? 180 : 40) + level);
}

static void
put_pixel(GByteArray *row, guint x, guint y, SpPictureKind picture)
{
    guint8 rgb[3];
    scene(x, y, picture, rgb);
    switch (picture) {
    case SP_PICTURE_DEEP:
        for (guint i = 0; i < 3; i++)
            sp_put_be(row, 2, (guint64)rgb[i] * 257);
        return;
    case SP_PICTURE_PALETTE:
        sp_put_be(row, 1, rgb[1] / N_USED);
        return;
    case SP_PICTURE_OVER_MAGENTA:
    case SP_PICTURE_OVER_OTHER:
        if (x >= SIDE / 2)
            sp_put(row, picture == SP_PICTURE_OVER_MAGENTA ? "\xFF\0\xFF" : "\0\x20\xFF", 4);
        else
            sp_put(row, rgb, 3), sp_put_be(row, 1, 255);
        return;
    default:
        sp_put(row, rgb, 3);
    }
}

/* Scan lines; each has filter 0, or one of None, Sub and Up that filters[] chooses. */
static void
put_lines(GByteArray *lines, SpPictureKind picture, const guint8 *filters)
{
    g_autoptr(GByteArray) above = g_byte_array_new();
    for (guint y = 0; y < SIDE; y++) {
        g_autoptr(GByteArray) row = g_byte_array_new();
        for (guint x = 0; x < SIDE; x++)
            put_pixel(row, x, y, picture);
        guint filter = filters != NULL ? filters[y % SP_CANARY_BLOCK] % 3 : 0;
        gsize step = row->len / SIDE;
        sp_put_be(lines, 1, filter);
        for (gsize i = 0; i < row->len; i++) {
            guint8 left = filter == 1 && i >= step ? row->data[i - step] : 0;
            guint8 up = filter == 2 && y > 0 ? above->data[i] : 0;
            sp_put_be(lines, 1, (guint8)(row->data[i] - left - up));
        }
        g_byte_array_set_size(above, 0);
        sp_put_array(above, row);
    }
}

/* What the parts of a file are; empty ones are not there. */
typedef struct {
    GByteArray
        *places[SP_PNG_AFTER_END + 1]; /* owned; whole chunks, or anything behind the end */
    GByteArray *palette, *alpha;       /* owned; payloads of PLTE and tRNS */
    GByteArray *lines;                 /* owned */
    GByteArray *slack;                 /* owned; behind the zlib stream */
} Parts;

static void
parts_init(Parts *parts, SpPictureKind picture)
{
    for (guint i = 0; i < G_N_ELEMENTS(parts->places); i++)
        parts->places[i] = g_byte_array_new();
    parts->palette = g_byte_array_new();
    parts->alpha = g_byte_array_new();
    parts->lines = g_byte_array_new();
    parts->slack = g_byte_array_new();
    put_lines(parts->lines, picture, NULL);
    for (guint i = 0; picture == SP_PICTURE_PALETTE && i < N_USED; i++)
        for (guint k = 0; k < 3; k++)
            sp_put_be(parts->palette, 1, i * N_USED + (k == 1 ? 8 : 0));
}

static void
put_start(GByteArray *out, SpPictureKind picture)
{
    gboolean with_alpha =
        picture == SP_PICTURE_OVER_MAGENTA || picture == SP_PICTURE_OVER_OTHER;
    g_autoptr(GByteArray) head = g_byte_array_new();
    sp_put_be(head, 4, SIDE);
    sp_put_be(head, 4, SIDE);
    sp_put_be(head, 1, picture == SP_PICTURE_DEEP ? 16 : 8);
    sp_put_be(head, 1, picture == SP_PICTURE_PALETTE ? 3 : with_alpha ? 6 : 2);
    sp_put_be(head, 3, 0);
    sp_put(out, "\x89PNG\r\n\x1A\n", 8);
    sp_put_png_chunk(out, "IHDR", head->data, head->len);
}

/* Writes the file and frees the parts. */
static void
parts_write(Parts *parts, SpPictureKind picture, GByteArray *out)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    put_start(out, picture);
    sp_put_array(out, parts->places[SP_PNG_AFTER_HEAD]);
    if (parts->palette->len > 0)
        sp_put_png_chunk(out, "PLTE", parts->palette->data, parts->palette->len);
    if (parts->alpha->len > 0)
        sp_put_png_chunk(out, "tRNS", parts->alpha->data, parts->alpha->len);
    sp_put_array(out, parts->places[SP_PNG_BEFORE_DATA]);
    sp_put_deflated(data, parts->lines->data, parts->lines->len);
    sp_put_array(data, parts->slack);
    sp_put_png_chunk(out, "IDAT", data->data, data->len);
    sp_put_array(out, parts->places[SP_PNG_AFTER_DATA]);
    sp_put_png_chunk(out, "IEND", NULL, 0);
    sp_put_array(out, parts->places[SP_PNG_AFTER_END]);
    for (guint i = 0; i < G_N_ELEMENTS(parts->places); i++)
        g_byte_array_unref(parts->places[i]);
    g_byte_array_unref(parts->palette);
    g_byte_array_unref(parts->alpha);
    g_byte_array_unref(parts->lines);
    g_byte_array_unref(parts->slack);
}

void
sp_png_plain(SpPictureKind picture, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, picture);
    parts_write(&parts, picture, out);
}

void
sp_png_mark(GByteArray *out)
{
    g_autoptr(GByteArray) lines = g_byte_array_new();
    put_lines(lines, SP_PICTURE_MAGENTA, NULL);
    sp_put_deflated(out, lines->data, lines->len);
}

/* ---- makers --------------------------------------------------------------------------------
 */

static void
make_with_chunk(const SpSlot *slot, const char *name, const GByteArray *payload,
                GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_put_png_chunk(parts.places[slot->where], name, payload->data, payload->len);
    parts_write(&parts, slot->picture, out);
}

/* word: the chunk; code: only so many bytes of the payload. */
void
sp_png_make_chunk(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_slot_payload(slot, maker, payload);
    if (slot->code > 0)
        g_byte_array_set_size(payload, slot->code);
    make_with_chunk(slot, slot->word, payload, out);
}

/* The head as it is, the canary deflated. */
void
sp_png_make_deflated(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) text = g_byte_array_new();
    for (guint i = 0; i < 4; i++)
        sp_canary_put(maker->canary, SP_FORM_RAW, text);
    sp_put(payload, slot->head, slot->n_head);
    sp_put_deflated(payload, text->data, text->len);
    make_with_chunk(slot, slot->word, payload, out);
}

void
sp_png_make_xmp(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put(payload, slot->head, slot->n_head);
    sp_put_xmp(maker, payload);
    make_with_chunk(slot, "iTXt", payload, out);
}

void
sp_png_make_exif(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put_exif(maker, payload);
    make_with_chunk(slot, "eXIf", payload, out);
}

/* As ImageMagick keeps what PNG had no place for: hexadecimal, in tEXt or zTXt. word: the kind
 * of profile. */
void
sp_png_make_raw_profile(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) block = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GString) text = g_string_new(NULL);
    if (g_str_equal(slot->word, "xmp"))
        sp_put_xmp(maker, block);
    else if (g_str_equal(slot->word, "iptc"))
        sp_put_iptc(0, maker, block);
    else
        sp_put_exif(maker, block);
    g_string_printf(text, "\n%s\n%8u\n", slot->word, block->len);
    for (guint i = 0; i < block->len; i++)
        g_string_append_printf(text, "%02x", block->data[i]);
    g_string_append_c(text, '\n');
    sp_put_text(payload, "Raw profile type ");
    sp_put_text(payload, slot->word);
    gboolean deflated = slot->forms == SP_FORM_DEFLATED;
    sp_put_be(payload, deflated ? 2 : 1, 0);
    if (deflated)
        sp_put_deflated(payload, text->str, text->len);
    else
        sp_put(payload, text->str, text->len);
    make_with_chunk(slot, deflated ? "zTXt" : "tEXt", payload, out);
}

/* Its name has the canary too where the slot says RAW. */
void
sp_png_make_icc(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) profile = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put_icc(maker, profile);
    if (slot->forms & SP_FORM_RAW)
        sp_canary_put(maker->canary, SP_FORM_RAW, payload);
    else
        sp_put(payload, "icc", 4);
    sp_put_be(payload, 1, 0);
    sp_put_deflated(payload, profile->data, profile->len);
    make_with_chunk(slot, "iCCP", payload, out);
}

void
sp_png_make_jumbf(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put_jumbf(maker, payload);
    make_with_chunk(slot, "caBX", payload, out);
}

/* Two IDATs with a chunk between them: the second one is none of the picture's. */
void
sp_png_make_late_data(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, payload);
    sp_put_png_chunk(parts.places[SP_PNG_AFTER_DATA], "tEXt", "Title\0x", 7);
    sp_put_png_chunk(parts.places[SP_PNG_AFTER_DATA], "IDAT", payload->data, payload->len);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_slack(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, parts.slack);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_extra_rows(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    for (guint i = 0; i < 4; i++)
        sp_canary_put(maker->canary, SP_FORM_ALL, parts.lines);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_unused_palette(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, parts.palette);
    while (parts.palette->len % 3 != 0)
        sp_put_be(parts.palette, 1, 0);
    g_assert(parts.palette->len <= 3 * 256);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_unused_alpha(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    while (parts.palette->len < 3 * 256)
        sp_put_be(parts.palette, 1, 0);
    while (parts.alpha->len < N_USED)
        sp_put_be(parts.alpha, 1, 255);
    sp_slot_payload(slot, maker, parts.alpha);
    parts_write(&parts, slot->picture, out);
}

/* A transparent colour of 3 * 16 bits that no pixel has. */
void
sp_png_make_key(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_put(parts.alpha, maker->canary->block, 6);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_filters(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    g_byte_array_set_size(parts.lines, 0);
    put_lines(parts.lines, slot->picture, maker->canary->block);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_plain(const SpSlot *slot, const SpMaker *maker G_GNUC_UNUSED, GByteArray *out)
{
    sp_png_plain(slot->picture, out);
}

static void
put_frame_control(GByteArray *out, guint sequence)
{
    g_autoptr(GByteArray) control = g_byte_array_new();
    sp_put_be(control, 4, sequence);
    sp_put_be(control, 4, SIDE);
    sp_put_be(control, 4, SIDE);
    sp_put_be(control, 8, 0); /* where */
    sp_put_be(control, 4, 0x0001000A);
    sp_put_be(control, 2, 0);
    sp_put_png_chunk(out, "fcTL", control->data, control->len);
}

/* An animation; with code 1 the still picture is no frame of it. */
void
sp_png_make_frames(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    Parts parts;
    guint sequence = 0;
    parts_init(&parts, slot->picture);
    sp_put_png_chunk(parts.places[SP_PNG_AFTER_HEAD], "acTL",
                     slot->code == 1 ? "\0\0\0\1\0\0\0\0" : "\0\0\0\2\0\0\0\0", 8);
    if (slot->code != 1)
        put_frame_control(parts.places[SP_PNG_BEFORE_DATA], sequence++);
    put_frame_control(parts.places[SP_PNG_AFTER_DATA], sequence++);
    sp_put_be(data, 4, sequence);
    sp_png_mark(data);
    sp_slot_payload(slot, maker, data);
    sp_put_png_chunk(parts.places[SP_PNG_AFTER_DATA], "fdAT", data->data, data->len);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_trailing(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_slot_payload(slot, maker, parts.places[SP_PNG_AFTER_END]);
    parts_write(&parts, slot->picture, out);
}

/* Behind the end: the rest of a file that was longer before, with its picture data. */
void
sp_png_make_trailing_file(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) other = g_byte_array_new();
    Parts parts;
    parts_init(&parts, slot->picture);
    if (slot->code == 0)
        sp_put_marked_jpeg(maker, other);
    else
        sp_png_plain(SP_PICTURE_MAGENTA, other);
    sp_put_array(parts.places[SP_PNG_AFTER_END], other);
    sp_slot_payload(slot, maker, parts.places[SP_PNG_AFTER_END]);
    parts_write(&parts, slot->picture, out);
}

void
sp_png_make_trailing_zip(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    Parts parts;
    parts_init(&parts, slot->picture);
    sp_put_zip(maker, parts.places[SP_PNG_AFTER_END]);
    parts_write(&parts, slot->picture, out);
}
