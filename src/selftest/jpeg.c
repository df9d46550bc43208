/* SPDX-License-Identifier: MIT */
/* jpeg.c -- JPEGs with a canary in them: a constant picture, and segments put between its own.
 *
 * ITU-T T.81. Which slots there are stands in jpeg-slots.c. */
#include "selftest/jpeg.h"
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include <string.h>

static const char *
picture_name(SpPictureKind picture)
{
    switch (picture) {
    case SP_PICTURE_MAGENTA:
        return "jpeg_magenta";
    case SP_PICTURE_RESTARTS:
        return "jpeg_restarts";
    case SP_PICTURE_PADDED:
        return "jpeg_padded";
    case SP_PICTURE_OPTIMISED:
        return "jpeg_optimised";
    case SP_PICTURE_PROGRESSIVE:
        return "jpeg_progressive";
    default:
        return "jpeg";
    }
}

void
sp_jpeg_plain(SpPictureKind picture, GByteArray *out)
{
    sp_put_coded(out, picture_name(picture));
}

/* It ends with the entropy data, since a comment may stand before EOI. */
void
sp_jpeg_mark(GByteArray *out)
{
    sp_put_coded(out, "jpeg_magenta");
    g_byte_array_set_size(out, out->len - 2);
}

static gsize
find_marker(const GByteArray *file, guint low, guint high, gboolean last)
{
    gsize found = 0, at = 2;
    while (at + 4 <= file->len) {
        guint marker = file->data[at + 1];
        if (file->data[at] != 0xFF || marker == 0 || marker == 0xFF || marker < 0xC0 ||
            (marker >= 0xD0 && marker <= 0xD9)) {
            at++; /* entropy data */
            continue;
        }
        if (marker >= low && marker <= high) {
            found = at;
            if (!last)
                break;
        }
        at += 2 + (gsize)(file->data[at + 2] << 8 | file->data[at + 3]);
    }
    g_assert(found > 0);
    return found;
}

static gsize
find_place(const GByteArray *file, guint where)
{
    switch (where) {
    case SP_JPEG_AFTER_START:
        return 2;
    case SP_JPEG_AFTER_HEAD:
        return 4 + (gsize)(file->data[4] << 8 | file->data[5]);
    case SP_JPEG_BEFORE_FRAME:
        return find_marker(file, 0xC0, 0xC2, FALSE);
    case SP_JPEG_BEFORE_SCAN:
        return find_marker(file, 0xDA, 0xDA, FALSE);
    case SP_JPEG_BEFORE_LAST_SCAN:
        return find_marker(file, 0xDA, 0xDA, TRUE);
    case SP_JPEG_BEFORE_END:
        return file->len - 2;
    default:
        return file->len;
    }
}

/* The slot's picture with something in it. */
static void
put_with(const SpSlot *slot, guint where, const GByteArray *inside, GByteArray *out)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    sp_jpeg_plain(slot->picture, file);
    gsize at = find_place(file, where);
    sp_put(out, file->data, at);
    sp_put_array(out, inside);
    sp_put(out, file->data + at, file->len - at);
}

static void
put_with_segment(const SpSlot *slot, guint where, guint marker, const GByteArray *payload,
                 GByteArray *out)
{
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_segment(segment, marker, payload->data, payload->len);
    put_with(slot, where, segment, out);
}

/* ---- makers --------------------------------------------------------------------------------
 */

/* code: the marker. */
void
sp_jpeg_make_segment(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_slot_payload(slot, maker, payload);
    put_with_segment(slot, slot->where, slot->code, payload, out);
}

void
sp_jpeg_make_bytes(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_slot_payload(slot, maker, payload);
    put_with(slot, slot->where, payload, out);
}

static void
put_app1_exif(const GByteArray *tiff, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put(payload, "Exif\0", 6);
    sp_put_array(payload, tiff);
    sp_put_segment(out, 0xE1, payload->data, payload->len);
}

static void
make_exif(const SpSlot *slot, const SpMaker *maker, gboolean is_big_endian, GByteArray *out)
{
    g_autoptr(GByteArray) tiff = g_byte_array_new();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_exif_slot(slot, maker, is_big_endian, tiff);
    put_app1_exif(tiff, segment);
    put_with(slot, SP_JPEG_AFTER_HEAD, segment, out);
}

void
sp_jpeg_make_exif(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    make_exif(slot, maker, FALSE, out);
}

void
sp_jpeg_make_exif_big_endian(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    make_exif(slot, maker, TRUE, out);
}

/* A whole EXIF of many entries; where: type. */
void
sp_jpeg_make_exif_whole(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) tiff = g_byte_array_new();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_exif(maker, tiff);
    put_app1_exif(tiff, segment);
    put_with(slot, slot->where, segment, out);
}

void
sp_jpeg_make_exif_second(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) first = g_byte_array_new();
    g_autoptr(GByteArray) second = g_byte_array_new();
    g_autoptr(GByteArray) segments = g_byte_array_new();
    sp_put_tiff(first, NULL, 0, TRUE, FALSE);
    sp_put_exif(maker, second);
    put_app1_exif(first, segments);
    put_app1_exif(second, segments);
    put_with(slot, SP_JPEG_AFTER_START, segments, out);
}

/* Bytes that no entry points to. */
void
sp_jpeg_make_exif_unreferenced(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) tiff = g_byte_array_new();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_tiff(tiff, NULL, 0, FALSE, FALSE);
    sp_slot_payload(slot, maker, tiff);
    put_app1_exif(tiff, segment);
    put_with(slot, SP_JPEG_AFTER_HEAD, segment, out);
}

void
sp_jpeg_make_exif_loop(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) tiff = g_byte_array_new();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    g_autoptr(GByteArray) value = g_byte_array_new();
    sp_slot_payload(slot, maker, value);
    SpTiffEntry entry = {SP_IFD_1, 0x010E, SP_TIFF_ASCII, value};
    sp_put_tiff(tiff, &entry, 1, FALSE, TRUE);
    put_app1_exif(tiff, segment);
    put_with(slot, SP_JPEG_AFTER_HEAD, segment, out);
}

void
sp_jpeg_make_exif_thumbnail(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) tiff = g_byte_array_new();
    g_autoptr(GByteArray) jpeg = g_byte_array_new();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_marked_jpeg(maker, jpeg);
    sp_put_exif_thumbnail(jpeg, tiff);
    put_app1_exif(tiff, segment);
    put_with(slot, SP_JPEG_AFTER_HEAD, segment, out);
}

void
sp_jpeg_make_xmp(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put(payload, slot->head, slot->n_head);
    sp_put_xmp(maker, payload);
    put_with_segment(slot, slot->where, 0xE1, payload, out);
}

void
sp_jpeg_make_xmp_wide(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) packet = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    gsize n = 0;
    sp_put_xmp(maker, packet);
    g_autofree char *wide = g_convert((const char *)packet->data, (gssize)packet->len,
                                      "UTF-16BE", "UTF-8", NULL, &n, NULL);
    sp_put(payload, slot->head, slot->n_head);
    sp_put(payload, wide, n);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xE1, payload, out);
}

/* XMP part 3, 1.1.3.1: a GUID of 32 digits, the whole length, this piece's place. */
void
sp_jpeg_make_xmp_extended(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) packet = g_byte_array_new();
    sp_put_xmp(maker, packet);
    sp_put(payload, slot->head, slot->n_head);
    sp_put_text(payload, "0123456789ABCDEF0123456789ABCDEF");
    sp_put_be(payload, 4, packet->len);
    sp_put_be(payload, 4, 0);
    sp_put_array(payload, packet);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xE1, payload, out);
}

/* code: the dataset. */
void
sp_jpeg_make_iptc(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) iptc = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put_iptc(slot->code, maker, iptc);
    sp_put(payload, "Photoshop 3.0", 14);
    sp_put_8bim(payload, 0x0404, iptc->data, iptc->len);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xED, payload, out);
}

/* code: the resource's number. */
void
sp_jpeg_make_8bim(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) value = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    if ((slot->flags & SP_SLOT_MARKED) != 0) {
        /* Adobe's "Thumbnail resource format": 28 bytes, then a JPEG. */
        sp_put(value, "\0\0\0\1\0\0\0\x40\0\0\0\x40\0\0\0\xC0\0\0\x30\0\0\0\0\0\0\x18\0\1", 28);
        sp_put_marked_jpeg(maker, value);
    } else {
        sp_slot_payload(slot, maker, value);
    }
    sp_put(payload, "Photoshop 3.0", 14);
    sp_put_8bim(payload, slot->code, value->data, value->len);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xED, payload, out);
}

void
sp_jpeg_make_density(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    sp_jpeg_plain(slot->picture, out);
    sp_patch_be(out, 13, 1, 1); /* dots an inch */
    sp_patch_be(out, 14, 2, 0x0100u | maker->canary->block[0]);
    sp_patch_be(out, 16, 2, 0x0100u | maker->canary->block[1]);
}

/* In code pieces. */
void
sp_jpeg_make_icc(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) profile = g_byte_array_new();
    g_autoptr(GByteArray) segments = g_byte_array_new();
    sp_put_icc(maker, profile);
    for (guint i = 0; i < slot->code; i++) {
        g_autoptr(GByteArray) payload = g_byte_array_new();
        gsize from = profile->len * i / slot->code, to = profile->len * (i + 1) / slot->code;
        sp_put(payload, "ICC_PROFILE", 12);
        sp_put_be(payload, 1, i + 1);
        sp_put_be(payload, 1, slot->code);
        sp_put(payload, profile->data + from, to - from);
        sp_put_segment(segments, 0xE2, payload->data, payload->len);
    }
    put_with(slot, SP_JPEG_AFTER_HEAD, segments, out);
}

void
sp_jpeg_make_jumbf(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put(payload, "JP\0\1\0\0\0\1", 8);
    sp_put_jumbf(maker, payload);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xEB, payload, out);
}

/* A segment whose payload is the slot's head and the magenta JPEG. */
void
sp_jpeg_make_marked_segment(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_put(payload, slot->head, slot->n_head);
    sp_put_marked_jpeg(maker, payload);
    put_with_segment(slot, slot->where, slot->code, payload, out);
}

/* JFIF 1.02: a thumbnail of 16 x 16 pixels, all random; instead of the file's own JFIF. */
void
sp_jpeg_make_jfif_thumbnail(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    sp_jpeg_plain(slot->picture, file);
    gsize behind = find_place(file, SP_JPEG_AFTER_HEAD);
    sp_put(payload, "JFIF\0\1\2\0\0\1\0\1\x10\x10", 14);
    sp_canary_put(maker->canary, SP_FORM_ALL, payload);
    while (payload->len < 14 + 3 * 256)
        sp_put(payload, "\xFF\0\xFF", MIN(3, 14 + 3 * 256 - payload->len));
    sp_put(out, file->data, 2);
    sp_put_segment(out, 0xE0, payload->data, payload->len);
    sp_put(out, file->data + behind, file->len - behind);
}

/* CIPA DC-007: an index of two pictures, the second behind the end. gain map: Google's Ultra
 * HDR tells of it in XMP too. */
void
sp_jpeg_make_mpf(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) second = g_byte_array_new();
    g_autoptr(GByteArray) segments = g_byte_array_new();
    sp_put_marked_jpeg(maker, second);
    if (slot->n_head > 0) {
        g_autoptr(GByteArray) xmp = g_byte_array_new();
        sp_put(xmp, "http://ns.adobe.com/xap/1.0/", 29);
        sp_put(xmp, slot->head, slot->n_head);
        sp_put_segment(segments, 0xE1, xmp->data, xmp->len);
    }
    sp_put(payload, "MPF\0MM\0\x2A\0\0\0\x08", 12);
    sp_put(payload, "\0\3\xB0\0\0\7\0\0\0\4\x30\x31\x30\x30", 14);
    sp_put(payload, "\xB0\1\0\4\0\0\0\1\0\0\0\2\xB0\2\0\7\0\0\0\x20\0\0\0\x32", 24);
    sp_put(payload, "\0\0\0\0", 4);
    gsize entries = payload->len;
    for (guint i = 0; i < 32; i++)
        sp_put_be(payload, 1, 0);
    sp_patch_be(payload, entries, 4, 0x20030000); /* representative, baseline JPEG */
    sp_patch_be(payload, entries + 20, 4, second->len);
    gsize begin = segments->len + 2 + 2 + 4; /* of MPF's TIFF, from this segment on */
    sp_put_segment(segments, 0xE2, payload->data, payload->len);
    gsize start = out->len;
    put_with(slot, SP_JPEG_AFTER_HEAD, segments, out);
    gsize first = out->len - start, tiff = 20 + begin;
    sp_patch_be(out, start + tiff - 4 + entries + 4, 4, first);
    sp_patch_be(out, start + tiff - 4 + entries + 24, 4, first - tiff);
    sp_put_array(out, second);
}

/* Behind the end: another file. */
void
sp_jpeg_make_trailing_jpeg(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) other = g_byte_array_new();
    sp_put_marked_jpeg(maker, other);
    put_with(slot, SP_JPEG_AFTER_END, other, out);
}

void
sp_jpeg_make_trailing_zip(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) zip = g_byte_array_new();
    sp_put_zip(maker, zip);
    put_with(slot, SP_JPEG_AFTER_END, zip, out);
}

/* Google's motion photo: XMP tells that an MP4 stands behind the end. */
void
sp_jpeg_make_motion_photo(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) mp4 = g_byte_array_new();
    g_autoptr(GByteArray) xmp = g_byte_array_new();
    sp_put_mp4(maker, mp4);
    sp_put(xmp, "http://ns.adobe.com/xap/1.0/", 29);
    g_autofree char *text = g_strdup_printf(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
        "xmlns:GCamera='http://ns.google.com/photos/1.0/camera/' GCamera:MicroVideo='1' "
        "GCamera:MicroVideoOffset='%u'/></rdf:RDF></x:xmpmeta>",
        mp4->len);
    sp_put_text(xmp, text);
    put_with_segment(slot, SP_JPEG_AFTER_HEAD, 0xE1, xmp, out);
    sp_put_array(out, mp4);
}

/* Samsung's trailer: data, SEFH, a count, entries, the length, SEFT. */
void
sp_jpeg_make_sef(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    sp_put(data, "\0\0\x30\x0A\x10\0\0\0MotionPhoto_Data", 24);
    sp_canary_put(maker->canary, slot->forms, data);
    gsize n = data->len;
    sp_put(data, "SEFH\x6A\0\0\0\1\0\0\0\0\0\x30\x0A", 16);
    sp_put_le(data, 4, n);
    sp_put_le(data, 4, n);
    sp_put_le(data, 4, 24);
    sp_put_text(data, "SEFT");
    put_with(slot, SP_JPEG_AFTER_END, data, out);
}

/* Bytes between the entropy data and a restart marker: fill bytes, which T.81 allows (B.1.1.2),
 * or the canary, which it does not. */
static void
put_before_restart(const SpSlot *slot, const GByteArray *inside, GByteArray *out)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    sp_jpeg_plain(slot->picture, file);
    gsize at = find_marker(file, 0xDA, 0xDA, FALSE) + 2;
    while (file->data[at] != 0xFF || (file->data[at + 1] & 0xF8) != 0xD0)
        at++;
    sp_put(out, file->data, at);
    sp_put_array(out, inside);
    sp_put(out, file->data + at, file->len - at);
}

void
sp_jpeg_make_restart_fill(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) fill = g_byte_array_new();
    for (guint i = 0; i < 64u + maker->canary->block[0]; i++)
        sp_put_be(fill, 1, 0xFF);
    put_before_restart(slot, fill, out);
}

void
sp_jpeg_make_restart_stray(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) stray = g_byte_array_new();
    sp_slot_payload(slot, maker, stray);
    put_before_restart(slot, stray, out);
}

/* Another coded picture with the same samples. */
void
sp_jpeg_make_plain(const SpSlot *slot, const SpMaker *maker G_GNUC_UNUSED, GByteArray *out)
{
    sp_jpeg_plain(slot->picture, out);
}
