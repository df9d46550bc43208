/* SPDX-License-Identifier: MIT */
/* test-jpeg-meta.c -- what a segment is called by its marker and form, and where its content
 * is.
 *
 * Each payload is also looked at cut after every byte, in a block of exactly its size. */
#include "container/jpeg-meta.h"

#include <string.h>

#define TEXT(text) (text), sizeof(text) - 1

static const struct {
    guint marker;
    const char *payload;
    gsize n;
    SpCarrier carrier;
    const char *content;
    gsize n_content;
} cases[] = {
    {0xE0, TEXT("JFIF\0\1\2\1\0\110\0\110\0\0"), SP_CARRIER_PICTURE,
     TEXT("JFIF\0\1\2\1\0\110\0\110\0\0")},
    {0xE0, TEXT("JFIF\0\1\1\0\0\1\0\1\1\1rgb"), SP_CARRIER_JFIF_THUMBNAIL, TEXT("rgb")},
    {0xE0, TEXT("JFIF\0\1\1\0\0\1\0\1\1\0rgb"), SP_CARRIER_UNKNOWN, TEXT("rgb")},
    {0xE0, TEXT("JFIF\0\1\1\0\0\1\0\1\1"), SP_CARRIER_UNKNOWN, TEXT("JFIF\0\1\1\0\0\1\0\1\1")},
    {0xE0, TEXT("JFXX\0\x10thumb"), SP_CARRIER_JFIF_THUMBNAIL, TEXT("\x10thumb")},
    {0xE0, TEXT("II\32\0\0\0HEAPJPGMciff"), SP_CARRIER_MAKER, TEXT("II\32\0\0\0HEAPJPGMciff")},
    {0xE0, TEXT("AVI1\1"), SP_CARRIER_PROGRAM, TEXT("AVI1\1")},
    {0xE0, TEXT("Ocad$Rev"), SP_CARRIER_PROGRAM, TEXT("Ocad$Rev")},
    {0xE1, TEXT("Exif\0\0II*\0"), SP_CARRIER_EXIF, TEXT("II*\0")},
    {0xE1, TEXT("Exif\0MM\0*"), SP_CARRIER_EXIF, TEXT("MM\0*")},
    {0xE1, TEXT("Exif\0\xffMM\0*"), SP_CARRIER_EXIF, TEXT("MM\0*")},
    {0xE1, TEXT("EXIF\0\0II*\0"), SP_CARRIER_EXIF, TEXT("II*\0")},
    {0xE1, TEXT("\xff\xe1\1\2Exif\0\0II*\0"), SP_CARRIER_EXIF, TEXT("II*\0")},
    {0xE1, TEXT("12345Exif\0\0II*\0"), SP_CARRIER_UNKNOWN, TEXT("12345Exif\0\0II*\0")},
    {0xE1, TEXT("Exif\0\0"), SP_CARRIER_EXIF, TEXT("")},
    {0xE1, TEXT("Exif"), SP_CARRIER_UNKNOWN, TEXT("Exif")},
    {0xE1, TEXT("http://ns.adobe.com/xap/1.0/\0<x/>"), SP_CARRIER_XMP, TEXT("<x/>")},
    {0xE1, TEXT("http://example.com/<x/>"), SP_CARRIER_XMP, TEXT("http://example.com/<x/>")},
    {0xE1, TEXT("XMP\0<x/>"), SP_CARRIER_XMP, TEXT("<x/>")},
    {0xE1, TEXT("?? <?xpacket begin"), SP_CARRIER_XMP, TEXT("?? <?xpacket begin")},
    {0xE1,
     TEXT("http://ns.adobe.com/xmp/extension/\0"
          "0123456789ABCDEF0123456789ABCDEF\0\0\0\4\0\0\0\0piece"),
     SP_CARRIER_XMP_EXTENDED, TEXT("piece")},
    {0xE1, TEXT("http://ns.adobe.com/xmp/extension/\0short"), SP_CARRIER_XMP_EXTENDED,
     TEXT("")},
    {0xE1, TEXT("QVCI\0q"), SP_CARRIER_MAKER, TEXT("QVCI\0q")},
    {0xE1, TEXT("FLIR\0\1\0\0f"), SP_CARRIER_THERMAL, TEXT("FLIR\0\1\0\0f")},
    {0xE1, TEXT("PARROT\0II*\0"), SP_CARRIER_THERMAL, TEXT("PARROT\0II*\0")},
    {0xE1, TEXT("anything"), SP_CARRIER_UNKNOWN, TEXT("anything")},
    {0xE2, TEXT("ICC_PROFILE\0\1\1prof"), SP_CARRIER_ICC, TEXT("prof")},
    {0xE2, TEXT("ICC_PROFILE\0"), SP_CARRIER_ICC, TEXT("")},
    {0xE2, TEXT("MPF\0II*\0"), SP_CARRIER_MULTI_PICTURE, TEXT("II*\0")},
    {0xE2, TEXT("urn:iso:std:iso:ts:21496:-1\0gain"), SP_CARRIER_GAIN_MAP, TEXT("gain")},
    {0xE2, TEXT("FPXR\0\0\1fpx"), SP_CARRIER_FLASHPIX, TEXT("\0\1fpx")},
    {0xE2, TEXT("1234IJPEG\0"), SP_CARRIER_THERMAL, TEXT("1234IJPEG\0")},
    {0xE2, TEXT("\xff\xd8\xff\xdbq"), SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdbq")},
    {0xE2, TEXT("QVGA\0\xff\xd8\xff\xdb"), SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdb")},
    {0xE2, TEXT("BGTH\xff\xd8\xff\xdb"), SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdb")},
    {0xE3, TEXT("Meta\0\0II"), SP_CARRIER_MAKER, TEXT("Meta\0\0II")},
    {0xE3, TEXT("META\0\0II"), SP_CARRIER_MAKER, TEXT("META\0\0II")},
    {0xE3, TEXT("Exif\0\0II"), SP_CARRIER_MAKER, TEXT("Exif\0\0II")},
    {0xE3, TEXT("Stim\0s"), SP_CARRIER_MAKER, TEXT("Stim\0s")},
    {0xE3, TEXT("_JPSJPS_j"), SP_CARRIER_MAKER, TEXT("_JPSJPS_j")},
    {0xE3, TEXT("\xff\xd8\xff\xdb"), SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdb")},
    {0xE4, TEXT("SCALADO\0s"), SP_CARRIER_PROGRAM, TEXT("SCALADO\0s")},
    {0xE4, TEXT("FPXR\0f"), SP_CARRIER_FLASHPIX, TEXT("f")},
    {0xE4, TEXT("\xaa\x55\x12\x06t"), SP_CARRIER_THERMAL, TEXT("\xaa\x55\x12\x06t")},
    {0xE4, TEXT("QTI Debug Metadata\0q"), SP_CARRIER_MAKER, TEXT("QTI Debug Metadata\0q")},
    {0xE5, TEXT("RMETA\0MM"), SP_CARRIER_MAKER, TEXT("RMETA\0MM")},
    {0xE5, TEXT("ssuniqueid\0id"), SP_CARRIER_MAKER, TEXT("ssuniqueid\0id")},
    {0xE6, TEXT("EPPIM\0II"), SP_CARRIER_MAKER, TEXT("EPPIM\0II")},
    {0xE6, TEXT("NITF\0n"), SP_CARRIER_PROGRAM, TEXT("NITF\0n")},
    {0xE6, TEXT("NTIF\0n"), SP_CARRIER_PROGRAM, TEXT("NTIF\0n")},
    {0xE6, TEXT("TDHD\1\0\0\0t"), SP_CARRIER_MAKER, TEXT("TDHD\1\0\0\0t")},
    {0xE6, TEXT("GoPro\0DEVC"), SP_CARRIER_GOPRO, TEXT("DEVC")},
    {0xE6, TEXT("DTAT\0\0\1{"), SP_CARRIER_DRONE, TEXT("DTAT\0\0\1{")},
    {0xE6, TEXT("MMIMETA\0m"), SP_CARRIER_MAKER, TEXT("MMIMETA\0m")},
    {0xE7, TEXT("PENTAX \0II"), SP_CARRIER_MAKER, TEXT("PENTAX \0II")},
    {0xE7, TEXT("HUAWEI\0\0II"), SP_CARRIER_MAKER, TEXT("HUAWEI\0\0II")},
    {0xE7, TEXT("\x1aQualcomm Camera Attributes"), SP_CARRIER_MAKER,
     TEXT("\x1aQualcomm Camera Attributes")},
    {0xE7, TEXT("DJI-DBG\0d"), SP_CARRIER_DRONE, TEXT("DJI-DBG\0d")},
    {0xE8, TEXT("SPIFF\0\1\2\1\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), SP_CARRIER_PICTURE,
     TEXT("SPIFF\0\1\2\1\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
    {0xE8, TEXT("SPIFF\0more"), SP_CARRIER_UNKNOWN, TEXT("SPIFF\0more")},
    {0xE9, TEXT("Media Jukebox\0m"), SP_CARRIER_PROGRAM, TEXT("Media Jukebox\0m")},
    {0xEA, TEXT("UNICODE\0\0A"), SP_CARRIER_COMMENT, TEXT("\0A")},
    {0xEA, TEXT("a plain text\r\n"), SP_CARRIER_COMMENT, TEXT("a plain text\r\n")},
    {0xEA, TEXT("no plain text\1"), SP_CARRIER_UNKNOWN, TEXT("no plain text\1")},
    {0xEA, TEXT(""), SP_CARRIER_UNKNOWN, TEXT("")},
    {0xEB, TEXT("JP\0\1\0\0\0\1\0\0\0\10jumb"), SP_CARRIER_PROVENANCE, TEXT("\0\0\0\10jumb")},
    {0xEB, TEXT("HDR_RI ver=11"), SP_CARRIER_GAIN_MAP, TEXT("HDR_RI ver=11")},
    {0xEC, TEXT("Ducky\0\1\0\4"), SP_CARRIER_DUCKY, TEXT("\0\1\0\4")},
    {0xEC, TEXT("Agfa \0\1[picture info]"), SP_CARRIER_MAKER, TEXT("Agfa \0\1[picture info]")},
    {0xEC, TEXT("OLYMPUS\0Type=1"), SP_CARRIER_MAKER, TEXT("OLYMPUS\0Type=1")},
    {0xED, TEXT("Photoshop 3.0\0008BIM"), SP_CARRIER_PHOTOSHOP, TEXT("8BIM")},
    {0xED, TEXT("Adobe_Photoshop2.5:\0\1\0\1\0\0\0\0008BIM"), SP_CARRIER_PHOTOSHOP,
     TEXT("8BIM")},
    {0xED, TEXT("Photoshop 3.0\0PHUT"), SP_CARRIER_PHOTOSHOP, TEXT("PHUT")},
    {0xED, TEXT("Adobe_CM\0"), SP_CARRIER_PROGRAM, TEXT("Adobe_CM\0")},
    {0xED, TEXT("\x1c\2\0\0\2"), SP_CARRIER_IPTC, TEXT("\x1c\2\0\0\2")},
    {0xEE, TEXT("Adobe\0\x64\0\0\0\0\1"), SP_CARRIER_PICTURE, TEXT("Adobe\0\x64\0\0\0\0\1")},
    {0xEE, TEXT("Adobe\0\x64\0\0\0\0\1sec"), SP_CARRIER_UNKNOWN, TEXT("sec")},
    {0xEE, TEXT("Adobe\0"), SP_CARRIER_UNKNOWN, TEXT("Adobe\0")},
    {0xEF, TEXT("Q 70"), SP_CARRIER_PROGRAM, TEXT("Q 70")},
    {0xEF, TEXT("Quiet"), SP_CARRIER_UNKNOWN, TEXT("Quiet")},
    {0xEF, TEXT("Q"), SP_CARRIER_UNKNOWN, TEXT("Q")},
    {0xEF, TEXT("TEXT\0t"), SP_CARRIER_MAKER, TEXT("TEXT\0t")},
    {0xFE, TEXT("hello"), SP_CARRIER_COMMENT, TEXT("hello")},
    {0xFE, TEXT(""), SP_CARRIER_COMMENT, TEXT("")},
    {0xCC, TEXT("\0\1"), SP_CARRIER_UNKNOWN, TEXT("\0\1")},
    {0xDC, TEXT("\0\1"), SP_CARRIER_UNKNOWN, TEXT("\0\1")},
    {0xE4, TEXT("Exif\0\0II"), SP_CARRIER_UNKNOWN, TEXT("Exif\0\0II")},
};

static void
test_forms(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpSlice content = {0};
        const guint8 *payload = (const guint8 *)cases[i].payload;
        g_test_message("case %" G_GSIZE_FORMAT ": %02X %s", i, cases[i].marker,
                       cases[i].payload);
        SpCarrier carrier =
            sp_jpeg_meta_carrier(cases[i].marker, payload, cases[i].n, &content);
        g_assert_cmpstr(sp_carrier_info(carrier)->word, ==,
                        sp_carrier_info(cases[i].carrier)->word);
        g_assert_cmpmem(content.bytes, content.n, cases[i].content, cases[i].n_content);
    }
}

static void
test_cuts(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize n = 0; n <= cases[i].n; n++) {
            g_autofree guint8 *copy = g_malloc(MAX(n, 1));
            SpSlice content = {0};
            memcpy(copy, cases[i].payload, n);
            SpCarrier carrier = sp_jpeg_meta_carrier(cases[i].marker, copy, n, &content);
            g_assert_cmpint(carrier, <, SP_CARRIER_COUNT);
            g_assert_true(content.bytes >= copy && content.bytes + content.n == copy + n);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-meta/forms", test_forms);
    g_test_add_func("/jpeg-meta/cuts", test_cuts);
    return g_test_run();
}
