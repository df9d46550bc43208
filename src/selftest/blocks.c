/* SPDX-License-Identifier: MIT */
/* blocks.c -- XMP, IPTC, Photoshop's blocks, ICC profiles, JUMBF and files in files.
 *
 * They are well formed, so that a reader which takes one over takes the canary over with it. */
#include "selftest/blocks.h"
#include "selftest/bytes.h"
#include "selftest/pictures.h"
#include <math.h>
#include <string.h>

void
sp_put_coded(GByteArray *out, const char *name)
{
    const SpCodedPicture *const tables[] = {sp_coded_pictures, sp_coded_pictures_hevc,
                                            sp_coded_pictures_av1};
    for (guint t = 0; t < G_N_ELEMENTS(tables); t++) {
        for (const SpCodedPicture *picture = tables[t]; picture->name != NULL; picture++) {
            if (!g_str_equal(picture->name, name))
                continue;
            gsize n = 0;
            g_autofree guchar *bytes = g_base64_decode(picture->base64, &n);
            sp_put(out, bytes, n);
            return;
        }
    }
    g_error("no coded picture is called %s", name);
}

void
sp_slot_payload(const SpSlot *slot, const SpMaker *maker, GByteArray *out)
{
    sp_put(out, slot->head, slot->n_head);
    sp_canary_put(maker->canary, slot->forms, out);
}

/* ---- XMP, IPTC, Photoshop ------------------------------------------------------------------
 */

/* Each %s is the canary; adobe.com's XMP specification, part 1, the MWG's regions, and the
 * properties that phones and editors write. */
static const char xmp_format[] =
    "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>"
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:exif='http://ns.adobe.com/exif/1.0/' "
    "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' "
    "xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' "
    "xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' "
    "xmlns:GImage='http://ns.google.com/photos/1.0/image/' "
    "photoshop:City='%s' xmpMM:DocumentID='xmp.did:%s' exif:GPSLatitude='%s' "
    "GImage:Data='%s'>"
    "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>"
    "<mwg-rs:Regions><rdf:Bag><rdf:li mwg-rs:Name='%s'/></rdf:Bag></mwg-rs:Regions>"
    "<photoshop:History>%s</photoshop:History>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>";

void
sp_put_xmp(const SpMaker *maker, GByteArray *out)
{
    const char *t = maker->canary->letters;
    g_autofree char *base64 = g_base64_encode((const guchar *)t, strlen(t));
    g_autoptr(GString) packet = g_string_new(NULL);
    g_string_printf(packet, xmp_format, t, t, t, base64, t, t, t);
    g_string_append_printf(packet, "%*s<?xpacket end='w'?>", 64, "");
    sp_put(out, packet->str, packet->len);
}

/* IPTC-IIM 4.2, section 1.5: a marker, record 2, the dataset, a length of two bytes. */
static void
put_dataset(GByteArray *out, guint dataset, const GByteArray *value)
{
    sp_put_be(out, 1, 0x1C);
    sp_put_be(out, 1, 2);
    sp_put_be(out, 1, dataset);
    sp_put_be(out, 2, value->len);
    sp_put_array(out, value);
}

void
sp_put_iptc(guint dataset, const SpMaker *maker, GByteArray *out)
{
    /* Special instructions, keywords, date, by-line, city, sub-location, caption. */
    static const guint all[] = {40, 25, 55, 80, 90, 92, 120};
    g_autoptr(GByteArray) value = g_byte_array_new();
    sp_canary_put(maker->canary, SP_FORM_ALL, value);
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        if (dataset == 0 || dataset == all[i])
            put_dataset(out, all[i], value);
}

void
sp_put_8bim(GByteArray *out, guint id, gconstpointer bytes, gsize n)
{
    sp_put_text(out, "8BIM");
    sp_put_be(out, 2, id);
    sp_put_be(out, 2, 0); /* no name */
    sp_put_be(out, 4, n);
    sp_put(out, bytes, n);
    sp_put_be(out, n & 1, 0);
}

/* ---- ICC -----------------------------------------------------------------------------------
 */

typedef struct {
    char name[5];
    GByteArray *value; /* owned */
} Tag;

/* ICC.1:2001-04, 6.5.17: ASCII, then Unicode and ScriptCode parts that are empty. */
static GByteArray *
icc_description(const char *text)
{
    GByteArray *value = g_byte_array_new();
    sp_put(value, "desc\0\0\0\0", 8);
    sp_put_be(value, 4, strlen(text) + 1);
    sp_put(value, text, strlen(text) + 1);
    for (guint i = 0; i < 78; i++)
        sp_put_be(value, 1, 0);
    return value;
}

static GByteArray *
icc_xyz(double x, double y, double z)
{
    const double xyz[] = {x, y, z};
    GByteArray *value = g_byte_array_new();
    sp_put(value, "XYZ \0\0\0\0", 8);
    for (guint i = 0; i < 3; i++)
        sp_put_be(value, 4, (guint32)lround(xyz[i] * 65536));
    return value;
}

/* ICC.1:2010, 10.15: function type 3 with sRGB's numbers (IEC 61966-2-1). */
static GByteArray *
icc_curve(void)
{
    const double numbers[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    GByteArray *value = g_byte_array_new();
    sp_put(value, "para\0\0\0\0\0\3\0\0", 12);
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        sp_put_be(value, 4, (guint32)lround(numbers[i] * 65536));
    return value;
}

static GByteArray *
icc_text(const SpMaker *maker, const char *type, guint forms)
{
    GByteArray *value = g_byte_array_new();
    sp_put(value, type, 4);
    sp_put_be(value, 4, 0);
    sp_canary_put(maker->canary, forms, value);
    return value;
}

static void
put_profile(GByteArray *out, Tag *tags, guint n, const SpMaker *maker)
{
    gsize begin = out->len;
    sp_put_be(out, 4, 0);
    sp_put(out, "appl\2\x40\0\0mntrRGB XYZ ", 20);
    sp_put(out, "\x07\xE7\0\5\0\3\0\1\0\4\0\1acspAPPL\0\0\0\0", 24);
    sp_put(out, maker->canary->block, 8); /* manufacturer and model of the device */
    sp_put_be(out, 8, 0);
    sp_put_be(out, 4, 0); /* perceptual */
    sp_put(out, "\0\0\xF6\xD6\0\1\0\0\0\0\xD3\x2D", 12);
    sp_put(out, "test", 4);
    for (guint i = 0; i < 44; i++)
        sp_put_be(out, 1, 0);
    sp_put_be(out, 4, n);
    gsize table = out->len;
    for (guint i = 0; i < n; i++) {
        sp_put(out, tags[i].name, 4);
        sp_put_be(out, 8, 0);
    }
    for (guint i = 0; i < n; i++) {
        sp_patch_be(out, table + (gsize)12 * i + 4, 4, out->len - begin);
        sp_patch_be(out, table + (gsize)12 * i + 8, 4, tags[i].value->len);
        sp_put_array(out, tags[i].value);
        while ((out->len - begin) % 4 != 0)
            sp_put_be(out, 1, 0);
        g_byte_array_unref(tags[i].value);
    }
    sp_patch_be(out, begin, 4, out->len - begin);
}

void
sp_put_icc(const SpMaker *maker, GByteArray *out)
{
    /* sRGB's colorants, adapted to D50: as in the profile of the ICC. */
    Tag tags[] = {
        {"desc", icc_description(maker->canary->letters)},
        {"cprt", icc_text(maker, "text", SP_FORM_RAW)},
        {"dmnd", icc_description(maker->canary->letters)},
        {"dmdd", icc_description(maker->canary->letters)},
        {"mmod", icc_text(maker, "mmod", SP_FORM_ALL)},
        {"wtpt", icc_xyz(0.9642, 1, 0.8249)},
        {"rXYZ", icc_xyz(0.43607, 0.22249, 0.01392)},
        {"gXYZ", icc_xyz(0.38515, 0.71687, 0.09708)},
        {"bXYZ", icc_xyz(0.14307, 0.06061, 0.7141)},
        {"rTRC", icc_curve()},
        {"gTRC", icc_curve()},
        {"bTRC", icc_curve()},
    };
    put_profile(out, tags, G_N_ELEMENTS(tags), maker);
}

/* ---- files in files ------------------------------------------------------------------------
 */

/* ISO/IEC 19566-5: a superbox with a description of C2PA's type, and a box of JSON. */
void
sp_put_jumbf(const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) inside = g_byte_array_new();
    g_autoptr(GByteArray) json = g_byte_array_new();
    sp_put_box(inside, "jumd", "c2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\3c2pa", 22);
    sp_canary_put(maker->canary, SP_FORM_ALL, json);
    sp_put_box(inside, "json", json->data, json->len);
    sp_put_box(out, "jumb", inside->data, inside->len);
}

/* APPNOTE.TXT, 4.3.7: a local header; readers that search for one find it. */
void
sp_put_zip(const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_autoptr(GByteArray) zlib = g_byte_array_new();
    for (guint i = 0; i < 4; i++)
        sp_canary_put(maker->canary, SP_FORM_RAW, plain);
    sp_put_deflated(zlib, plain->data, plain->len);
    gsize n = zlib->len - 6; /* without zlib's head and check */
    sp_put(out, "PK\3\4\x14\0\0\0\x08\0\0\0\0\0", 14);
    sp_put_le(out, 4, sp_crc32(plain->data, plain->len));
    sp_put_le(out, 4, n);
    sp_put_le(out, 4, plain->len);
    sp_put_le(out, 2, 5);
    sp_put_le(out, 2, 0);
    sp_put_text(out, "a.txt");
    sp_put(out, zlib->data + 2, n);
}

void
sp_put_mp4(const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    sp_put_box(out, "ftyp", "mp42\0\0\0\0isommp42", 16);
    sp_canary_put(maker->canary, SP_FORM_ALL, data);
    sp_put_box(out, "mdat", data->data, data->len);
    sp_put_box(out, "moov", data->data, data->len);
}

void
sp_put_marked_jpeg(const SpMaker *maker, GByteArray *out)
{
    g_autoptr(GByteArray) comment = g_byte_array_new();
    sp_put_coded(out, "jpeg_magenta");
    g_autoptr(GByteArray) tail = g_byte_array_new();
    sp_canary_put(maker->canary, SP_FORM_ALL, comment);
    sp_put_segment(tail, 0xFE, comment->data, comment->len);
    sp_put_be(tail, 2, 0xFFD9);
    g_byte_array_set_size(out, out->len - 2);
    sp_put_array(out, tail);
}
