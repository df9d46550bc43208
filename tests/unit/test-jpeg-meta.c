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
    SpCarrier carrier;
    const char *payload;
    gsize n;
    const char *content;
    gsize n_content;
} cases[] = {
    {0xE0, SP_CARRIER_PICTURE, TEXT("JFIF\0\1\2\1\0\110\0\110\0\0"),
     TEXT("JFIF\0\1\2\1\0\110\0\110\0\0")},
    {0xE0, SP_CARRIER_JFIF_THUMBNAIL, TEXT("JFIF\0\1\1\0\0\1\0\1\1\1rgb"), TEXT("rgb")},
    {0xE0, SP_CARRIER_UNKNOWN, TEXT("JFIF\0\1\1\0\0\1\0\1\1\0rgb"), TEXT("rgb")},
    {0xE0, SP_CARRIER_UNKNOWN, TEXT("JFIF\0\1\1\0\0\1\0\1\1"), TEXT("JFIF\0\1\1\0\0\1\0\1\1")},
    {0xE0, SP_CARRIER_JFIF_THUMBNAIL, TEXT("JFXX\0\x10thumb"), TEXT("\x10thumb")},
    {0xE0, SP_CARRIER_MAKER, TEXT("II\32\0\0\0HEAPJPGMciff"), TEXT("II\32\0\0\0HEAPJPGMciff")},
    {0xE0, SP_CARRIER_PROGRAM, TEXT("AVI1\1"), TEXT("AVI1\1")},
    {0xE0, SP_CARRIER_PROGRAM, TEXT("Ocad$Rev"), TEXT("Ocad$Rev")},
    {0xE1, SP_CARRIER_EXIF, TEXT("Exif\0\0II*\0"), TEXT("II*\0")},
    {0xE1, SP_CARRIER_EXIF, TEXT("Exif\0MM\0*"), TEXT("MM\0*")},
    {0xE1, SP_CARRIER_EXIF, TEXT("Exif\0\xffMM\0*"), TEXT("MM\0*")},
    {0xE1, SP_CARRIER_EXIF, TEXT("EXIF\0\0II*\0"), TEXT("II*\0")},
    {0xE1, SP_CARRIER_EXIF, TEXT("\xff\xe1\1\2Exif\0\0II*\0"), TEXT("II*\0")},
    {0xE1, SP_CARRIER_UNKNOWN, TEXT("12345Exif\0\0II*\0"), TEXT("12345Exif\0\0II*\0")},
    {0xE1, SP_CARRIER_EXIF, TEXT("Exif\0\0"), TEXT("")},
    {0xE1, SP_CARRIER_UNKNOWN, TEXT("Exif"), TEXT("Exif")},
    {0xE1, SP_CARRIER_XMP, TEXT("http://ns.adobe.com/xap/1.0/\0<x/>"), TEXT("<x/>")},
    {0xE1, SP_CARRIER_XMP, TEXT("http://example.com/<x/>"), TEXT("http://example.com/<x/>")},
    {0xE1, SP_CARRIER_XMP, TEXT("XMP\0<x/>"), TEXT("<x/>")},
    {0xE1, SP_CARRIER_XMP, TEXT("?? <?xpacket begin"), TEXT("?? <?xpacket begin")},
    {0xE1, SP_CARRIER_XMP_EXTENDED,
     TEXT("http://ns.adobe.com/xmp/extension/\0"
          "0123456789ABCDEF0123456789ABCDEF\0\0\0\4\0\0\0\0piece"),
     TEXT("piece")},
    {0xE1, SP_CARRIER_XMP_EXTENDED, TEXT("http://ns.adobe.com/xmp/extension/\0short"),
     TEXT("")},
    {0xE1, SP_CARRIER_MAKER, TEXT("QVCI\0q"), TEXT("QVCI\0q")},
    {0xE1, SP_CARRIER_THERMAL, TEXT("FLIR\0\1\0\0f"), TEXT("FLIR\0\1\0\0f")},
    {0xE1, SP_CARRIER_THERMAL, TEXT("PARROT\0II*\0"), TEXT("PARROT\0II*\0")},
    {0xE1, SP_CARRIER_UNKNOWN, TEXT("anything"), TEXT("anything")},
    {0xE2, SP_CARRIER_ICC, TEXT("ICC_PROFILE\0\1\1prof"), TEXT("prof")},
    {0xE2, SP_CARRIER_ICC, TEXT("ICC_PROFILE\0"), TEXT("")},
    {0xE2, SP_CARRIER_MULTI_PICTURE, TEXT("MPF\0II*\0"), TEXT("II*\0")},
    {0xE2, SP_CARRIER_GAIN_MAP, TEXT("urn:iso:std:iso:ts:21496:-1\0gain"), TEXT("gain")},
    {0xE2, SP_CARRIER_FLASHPIX, TEXT("FPXR\0\0\1fpx"), TEXT("\0\1fpx")},
    {0xE2, SP_CARRIER_THERMAL, TEXT("1234IJPEG\0"), TEXT("1234IJPEG\0")},
    {0xE2, SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdbq"), TEXT("\xff\xd8\xff\xdbq")},
    {0xE2, SP_CARRIER_THUMBNAIL, TEXT("QVGA\0\xff\xd8\xff\xdb"), TEXT("\xff\xd8\xff\xdb")},
    {0xE2, SP_CARRIER_THUMBNAIL, TEXT("BGTH\xff\xd8\xff\xdb"), TEXT("\xff\xd8\xff\xdb")},
    {0xE3, SP_CARRIER_MAKER, TEXT("Meta\0\0II"), TEXT("Meta\0\0II")},
    {0xE3, SP_CARRIER_MAKER, TEXT("META\0\0II"), TEXT("META\0\0II")},
    {0xE3, SP_CARRIER_MAKER, TEXT("Exif\0\0II"), TEXT("Exif\0\0II")},
    {0xE3, SP_CARRIER_MAKER, TEXT("Stim\0s"), TEXT("Stim\0s")},
    {0xE3, SP_CARRIER_MAKER, TEXT("_JPSJPS_j"), TEXT("_JPSJPS_j")},
    {0xE3, SP_CARRIER_THUMBNAIL, TEXT("\xff\xd8\xff\xdb"), TEXT("\xff\xd8\xff\xdb")},
    {0xE4, SP_CARRIER_PROGRAM, TEXT("SCALADO\0s"), TEXT("SCALADO\0s")},
    {0xE4, SP_CARRIER_FLASHPIX, TEXT("FPXR\0f"), TEXT("f")},
    {0xE4, SP_CARRIER_THERMAL, TEXT("\xaa\x55\x12\x06t"), TEXT("\xaa\x55\x12\x06t")},
    {0xE4, SP_CARRIER_MAKER, TEXT("QTI Debug Metadata\0q"), TEXT("QTI Debug Metadata\0q")},
    {0xE5, SP_CARRIER_MAKER, TEXT("RMETA\0MM"), TEXT("RMETA\0MM")},
    {0xE5, SP_CARRIER_MAKER, TEXT("ssuniqueid\0id"), TEXT("ssuniqueid\0id")},
    {0xE6, SP_CARRIER_MAKER, TEXT("EPPIM\0II"), TEXT("EPPIM\0II")},
    {0xE6, SP_CARRIER_PROGRAM, TEXT("NITF\0n"), TEXT("NITF\0n")},
    {0xE6, SP_CARRIER_PROGRAM, TEXT("NTIF\0n"), TEXT("NTIF\0n")},
    {0xE6, SP_CARRIER_MAKER, TEXT("TDHD\1\0\0\0t"), TEXT("TDHD\1\0\0\0t")},
    {0xE6, SP_CARRIER_GOPRO, TEXT("GoPro\0DEVC"), TEXT("DEVC")},
    {0xE6, SP_CARRIER_DRONE, TEXT("DTAT\0\0\1{"), TEXT("DTAT\0\0\1{")},
    {0xE6, SP_CARRIER_MAKER, TEXT("MMIMETA\0m"), TEXT("MMIMETA\0m")},
    {0xE7, SP_CARRIER_MAKER, TEXT("PENTAX \0II"), TEXT("PENTAX \0II")},
    {0xE7, SP_CARRIER_MAKER, TEXT("HUAWEI\0\0II"), TEXT("HUAWEI\0\0II")},
    {0xE7, SP_CARRIER_MAKER, TEXT("\x1aQualcomm Camera Attributes"),
     TEXT("\x1aQualcomm Camera Attributes")},
    {0xE7, SP_CARRIER_DRONE, TEXT("DJI-DBG\0d"), TEXT("DJI-DBG\0d")},
    {0xE8, SP_CARRIER_PICTURE, TEXT("SPIFF\0\1\2\1\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
     TEXT("SPIFF\0\1\2\1\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
    {0xE8, SP_CARRIER_UNKNOWN, TEXT("SPIFF\0more"), TEXT("SPIFF\0more")},
    {0xE9, SP_CARRIER_PROGRAM, TEXT("Media Jukebox\0m"), TEXT("Media Jukebox\0m")},
    {0xEA, SP_CARRIER_COMMENT, TEXT("UNICODE\0\0A"), TEXT("\0A")},
    {0xEA, SP_CARRIER_COMMENT, TEXT("a plain text\r\n"), TEXT("a plain text\r\n")},
    {0xEA, SP_CARRIER_UNKNOWN, TEXT("no plain text\1"), TEXT("no plain text\1")},
    {0xEA, SP_CARRIER_UNKNOWN, TEXT(""), TEXT("")},
    {0xEB, SP_CARRIER_PROVENANCE, TEXT("JP\0\1\0\0\0\1\0\0\0\10jumb"), TEXT("\0\0\0\10jumb")},
    {0xEB, SP_CARRIER_GAIN_MAP, TEXT("HDR_RI ver=11"), TEXT("HDR_RI ver=11")},
    {0xEC, SP_CARRIER_DUCKY, TEXT("Ducky\0\1\0\4"), TEXT("\0\1\0\4")},
    {0xEC, SP_CARRIER_MAKER, TEXT("Agfa \0\1[picture info]"), TEXT("Agfa \0\1[picture info]")},
    {0xEC, SP_CARRIER_MAKER, TEXT("OLYMPUS\0Type=1"), TEXT("OLYMPUS\0Type=1")},
    {0xED, SP_CARRIER_PHOTOSHOP, TEXT("Photoshop 3.0\0008BIM"), TEXT("8BIM")},
    {0xED, SP_CARRIER_PHOTOSHOP, TEXT("Adobe_Photoshop2.5:\0\1\0\1\0\0\0\0008BIM"),
     TEXT("8BIM")},
    {0xED, SP_CARRIER_PHOTOSHOP, TEXT("Photoshop 3.0\0PHUT"), TEXT("PHUT")},
    {0xED, SP_CARRIER_PROGRAM, TEXT("Adobe_CM\0"), TEXT("Adobe_CM\0")},
    {0xED, SP_CARRIER_IPTC, TEXT("\x1c\2\0\0\2"), TEXT("\x1c\2\0\0\2")},
    {0xEE, SP_CARRIER_PICTURE, TEXT("Adobe\0\x64\0\0\0\0\1"), TEXT("Adobe\0\x64\0\0\0\0\1")},
    {0xEE, SP_CARRIER_UNKNOWN, TEXT("Adobe\0\x64\0\0\0\0\1sec"), TEXT("sec")},
    {0xEE, SP_CARRIER_UNKNOWN, TEXT("Adobe\0"), TEXT("Adobe\0")},
    {0xEF, SP_CARRIER_PROGRAM, TEXT("Q 70"), TEXT("Q 70")},
    {0xEF, SP_CARRIER_UNKNOWN, TEXT("Quiet"), TEXT("Quiet")},
    {0xEF, SP_CARRIER_UNKNOWN, TEXT("Q"), TEXT("Q")},
    {0xEF, SP_CARRIER_MAKER, TEXT("TEXT\0t"), TEXT("TEXT\0t")},
    {0xFE, SP_CARRIER_COMMENT, TEXT("hello"), TEXT("hello")},
    {0xFE, SP_CARRIER_COMMENT, TEXT(""), TEXT("")},
    {0xCC, SP_CARRIER_UNKNOWN, TEXT("\0\1"), TEXT("\0\1")},
    {0xDC, SP_CARRIER_UNKNOWN, TEXT("\0\1"), TEXT("\0\1")},
    {0xE4, SP_CARRIER_UNKNOWN, TEXT("Exif\0\0II"), TEXT("Exif\0\0II")},
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
