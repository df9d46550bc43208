/* SPDX-License-Identifier: MIT */
/* webp.c -- where something may hide in a WebP. RFC 9649. */
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include <string.h>

#define SIDE 64
/* RFC 9649, section 2.7.1. */
#define FLAG_ANIMATION 0x02
#define FLAG_XMP 0x04
#define FLAG_EXIF 0x08
#define FLAG_ICC 0x20

enum {
    BEFORE_PICTURE,
    AFTER_PICTURE,
    AFTER_END,
};

static const char *
coded_name(SpPictureKind picture)
{
    switch (picture) {
    case SP_PICTURE_MAGENTA:
        return "vp8_magenta";
    case SP_PICTURE_OVER_MAGENTA:
        return "vp8l_over_magenta";
    case SP_PICTURE_OVER_OTHER:
        return "vp8l_over_blue";
    default:
        return "vp8";
    }
}

/* The chunk with the coded picture. */
static void
put_coded_chunk(GByteArray *out, SpPictureKind picture)
{
    g_autoptr(GByteArray) coded = g_byte_array_new();
    const char *name = coded_name(picture);
    sp_put_coded(coded, name);
    sp_put_riff_chunk(out, g_str_has_prefix(name, "vp8l") ? "VP8L" : "VP8 ", coded->data,
                      coded->len);
}

static void
put_riff(GByteArray *out, const GByteArray *chunks)
{
    sp_put_text(out, "RIFF");
    sp_put_le(out, 4, chunks->len + 4);
    sp_put_text(out, "WEBP");
    sp_put_array(out, chunks);
}

static void
put_canvas(GByteArray *out, guint flags)
{
    g_autoptr(GByteArray) canvas = g_byte_array_new();
    sp_put_le(canvas, 4, flags);
    sp_put_le(canvas, 3, SIDE - 1);
    sp_put_le(canvas, 3, SIDE - 1);
    sp_put_riff_chunk(out, "VP8X", canvas->data, canvas->len);
}

static void
plain(SpPictureKind picture, GByteArray *out)
{
    g_autoptr(GByteArray) chunks = g_byte_array_new();
    put_coded_chunk(chunks, picture);
    put_riff(out, chunks);
}

static void
mark(GByteArray *out)
{
    sp_put_coded(out, coded_name(SP_PICTURE_MAGENTA));
}

/* ---- makers --------------------------------------------------------------------------------
 */

/* type: the flags of VP8X. The chunk stands before or behind the picture, or behind all. */
static void
put_with_chunk(const SpSlot *slot, const GByteArray *chunk, GByteArray *out)
{
    g_autoptr(GByteArray) chunks = g_byte_array_new();
    put_canvas(chunks, slot->type);
    if (slot->where == BEFORE_PICTURE)
        sp_put_array(chunks, chunk);
    put_coded_chunk(chunks, slot->picture);
    if (slot->where == AFTER_PICTURE)
        sp_put_array(chunks, chunk);
    put_riff(out, chunks);
    if (slot->where == AFTER_END)
        sp_put_array(out, chunk);
}

/* word: the chunk's name. */
static void
make_chunk(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    if (g_str_equal(slot->word, "EXIF"))
        sp_put_exif(maker, payload);
    else if (g_str_equal(slot->word, "XMP "))
        sp_put_xmp(maker, payload);
    else if (g_str_equal(slot->word, "ICCP"))
        sp_put_icc(maker, payload);
    else if (g_str_equal(slot->word, "C2PA"))
        sp_put_jumbf(maker, payload);
    else
        sp_slot_payload(slot, maker, payload);
    sp_put_riff_chunk(chunk, slot->word, payload->data, payload->len);
    put_with_chunk(slot, chunk, out);
}

/* A file without VP8X: such a chunk has no business there. */
static void
make_without_canvas(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) chunks = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    put_coded_chunk(chunks, slot->picture);
    sp_put_exif(maker, payload);
    sp_put_riff_chunk(chunks, slot->word, payload->data, payload->len);
    put_riff(out, chunks);
}

static void
make_trailing(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    plain(slot->picture, out);
    if (slot->flags & SP_SLOT_MARKED)
        plain(SP_PICTURE_MAGENTA, out);
    sp_slot_payload(slot, maker, out);
}

/* The byte behind a chunk of odd length; a random one. */
static void
make_pad_byte(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    sp_put_riff_chunk(chunk, "prVt", "abc", 3);
    chunk->data[chunk->len - 1] = maker->canary->block[0] | 1;
    put_with_chunk(slot, chunk, out);
}

/* Reserved bits of VP8X. */
static void
make_reserved(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    put_with_chunk(slot, chunk, out);
    memcpy(out->data + 21, maker->canary->block, 3);
    out->data[20] |= 0xC1;
}

/* Behind the last partition of VP8, in the chunk. */
static void
make_coded_slack(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) chunks = g_byte_array_new();
    g_autoptr(GByteArray) coded = g_byte_array_new();
    const char *name = coded_name(slot->picture);
    sp_put_coded(coded, name);
    sp_slot_payload(slot, maker, coded);
    sp_put_riff_chunk(chunks, g_str_has_prefix(name, "vp8l") ? "VP8L" : "VP8 ", coded->data,
                      coded->len);
    put_riff(out, chunks);
}

static void
put_frame(GByteArray *out, SpPictureKind picture, const GByteArray *more)
{
    g_autoptr(GByteArray) frame = g_byte_array_new();
    sp_put_le(frame, 6, 0); /* where */
    sp_put_le(frame, 3, SIDE - 1);
    sp_put_le(frame, 3, SIDE - 1);
    sp_put_le(frame, 3, 100); /* ms */
    sp_put_le(frame, 1, 2);
    put_coded_chunk(frame, picture);
    sp_put_array(frame, more);
    sp_put_riff_chunk(out, "ANMF", frame->data, frame->len);
}

/* An animation of two; the canary is a chunk of frame number code. */
static void
make_frames(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) private = g_byte_array_new();
    g_autoptr(GByteArray) none = g_byte_array_new();
    g_autoptr(GByteArray) chunks = g_byte_array_new();
    sp_slot_payload(slot, maker, payload);
    sp_put_riff_chunk(private, "prVt", payload->data, payload->len);
    put_canvas(chunks, FLAG_ANIMATION);
    sp_put_riff_chunk(chunks, "ANIM", "\xFF\0\xFF\xFF\0\0", 6);
    put_frame(chunks, SP_PICTURE_PLAIN, slot->code == 0 ? private : none);
    put_frame(chunks, SP_PICTURE_MAGENTA, slot->code == 1 ? private : none);
    put_riff(out, chunks);
}

/* A second picture in a file that is no animation. */
static void
make_second_picture(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    put_coded_chunk(chunk, SP_PICTURE_MAGENTA);
    sp_slot_payload(slot, maker, payload);
    sp_put_riff_chunk(chunk, "prVt", payload->data, payload->len);
    put_with_chunk(slot, chunk, out);
}

static void
make_plain(const SpSlot *slot, const SpMaker *maker G_GNUC_UNUSED, GByteArray *out)
{
    plain(slot->picture, out);
}

/* ---- the table -----------------------------------------------------------------------------
 */

#define ALL SP_FORM_ALL
#define PACKET (SP_FORM_RAW | SP_FORM_BASE64)

static const SpSlot slots[] = {
    {.name = "exif",
     .make = make_chunk,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .where = AFTER_PICTURE,
     .type = FLAG_EXIF,
     .word = "EXIF"},
    {.name = "exif-before-picture",
     .make = make_chunk,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .type = FLAG_EXIF,
     .word = "EXIF"},
    {.name = "exif-without-flag",
     .make = make_chunk,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .where = AFTER_PICTURE,
     .word = "EXIF"},
    {.name = "exif-without-vp8x",
     .make = make_without_canvas,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .word = "EXIF"},
    {.name = "xmp",
     .make = make_chunk,
     .forms = PACKET,
     .where = AFTER_PICTURE,
     .type = FLAG_XMP,
     .word = "XMP "},
    {.name = "xmp-without-flag",
     .make = make_chunk,
     .forms = PACKET,
     .where = AFTER_PICTURE,
     .word = "XMP "},
    {.name = "icc", .make = make_chunk, .forms = ALL, .type = FLAG_ICC, .word = "ICCP"},
    {.name = "icc-without-flag", .make = make_chunk, .forms = ALL, .word = "ICCP"},
    {.name = "c2pa", .make = make_chunk, .forms = ALL, .where = AFTER_PICTURE, .word = "C2PA"},
    {.name = "unknown-chunk",
     .make = make_chunk,
     .forms = ALL,
     .where = AFTER_PICTURE,
     .word = "prVt"},
    {.name = "unknown-chunk-first", .make = make_chunk, .forms = ALL, .word = "prVt"},
    {.name = "alpha-without-picture",
     .make = make_chunk,
     .forms = ALL,
     .flags = SP_SLOT_MAY_REFUSE,
     .where = AFTER_PICTURE,
     .word = "ALPH"},
    {.name = "trailing-chunk",
     .make = make_chunk,
     .forms = ALL,
     .where = AFTER_END,
     .word = "prVt"},
    {.name = "trailing-text", .make = make_trailing, .forms = ALL},
    {.name = "trailing-webp", .make = make_trailing, .forms = ALL, .flags = SP_SLOT_MARKED},
    {.name = "pad-byte",
     .make = make_pad_byte,
     .flags = SP_SLOT_DIFFERS,
     .where = AFTER_PICTURE},
    {.name = "reserved-bits",
     .make = make_reserved,
     .flags = SP_SLOT_DIFFERS | SP_SLOT_MAY_REFUSE},
    {.name = "vp8-slack", .make = make_coded_slack, .forms = SP_FORM_RAW | SP_FORM_BLOCK},
    {.name = "vp8l-slack",
     .make = make_coded_slack,
     .forms = SP_FORM_RAW | SP_FORM_BLOCK,
     .picture = SP_PICTURE_OVER_OTHER,
     .twin = SP_PICTURE_OVER_OTHER},
    {.name = "second-picture",
     .make = make_second_picture,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .where = AFTER_PICTURE},
    {.name = "further-frame",
     .make = make_frames,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .code = 1},
    {.name = "chunk-in-frame",
     .make = make_frames,
     .forms = ALL,
     .flags = SP_SLOT_MARKED,
     .code = 0},
    {.name = "colours-under-alpha-0",
     .make = make_plain,
     .flags = SP_SLOT_DIFFERS,
     .picture = SP_PICTURE_OVER_MAGENTA,
     .twin = SP_PICTURE_OVER_OTHER},
    {NULL},
};

const SpSlotFormat sp_slots_webp = {"webp", "webp", slots, plain, mark};
