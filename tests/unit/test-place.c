/* SPDX-License-Identifier: MIT */
/* test-place.c -- every number has a place, and no place has bytes of a file. */
#include "pipeline/place.h"
#include <string.h>

#define CC(text)                                                                               \
    ((guint32)(guint8)(text)[0] << 24 | (guint32)(guint8)(text)[1] << 16 |                     \
     (guint32)(guint8)(text)[2] << 8 | (guint8)(text)[3])

static void
test_table(void)
{
    static const struct {
        SpFormat format;
        guint32 kind;
        const char *place;
    } cases[] = {
        {SP_FORMAT_JPEG, 0, ""},
        {SP_FORMAT_JPEG, 0xC0, "SOF0"},
        {SP_FORMAT_JPEG, 0xC4, "DHT"},
        {SP_FORMAT_JPEG, 0xDA, "SOS"},
        {SP_FORMAT_JPEG, 0xE0, "APP0"},
        {SP_FORMAT_JPEG, 0xE1, "APP1"},
        {SP_FORMAT_JPEG, 0xEF, "APP15"},
        {SP_FORMAT_JPEG, 0xFD, "JPG13"},
        {SP_FORMAT_JPEG, 0xFE, "COM"},
        {SP_FORMAT_JPEG, 0xD3, "RST3"},
        {SP_FORMAT_JPEG, 0x02, "marker"},
        {SP_FORMAT_JPEG, 1036, "marker"}, /* of no marker: any number */
        {SP_FORMAT_GIF, 0xFE, "comment"},
        {SP_FORMAT_GIF, 0xFF, "application"},
        {SP_FORMAT_GIF, 0x01, "plain text"},
        {SP_FORMAT_GIF, 0x55, "extension"},
        {SP_FORMAT_PNG, CC("tEXt"), "tEXt"},
        {SP_FORMAT_WEBP, CC("XMP "), "XMP"},
        {SP_FORMAT_WEBP, CC("VP8 "), "VP8"},
        {SP_FORMAT_PNG, CC("caBX"), "caBX"},
        {SP_FORMAT_PNG, CC("jOhn"), "chunk"}, /* bytes of the file are not told */
        {SP_FORMAT_PNG, CC("XMP "), "chunk"},
        {SP_FORMAT_WEBP, CC("JOHN"), "chunk"},
        {SP_FORMAT_WEBP, CC("tEXt"), "chunk"},
        {SP_FORMAT_WEBP, CC("\033[2J"), "chunk"},
        {SP_FORMAT_PNG, 0xFFFFFFFF, "chunk"},
        {SP_FORMAT_PNG, CC("\x7f\0\n\xff"), "chunk"},
        {SP_FORMAT_PNG, 0x414243, "chunk"},
        {SP_FORMAT_HEIC, CC("john"), "box"},
        {SP_FORMAT_AVIF, 7, "box"},
        {SP_FORMAT_JPEG, CC("john"), "marker"},
        {SP_FORMAT_GIF, CC("john"), "extension"},
        {SP_FORMAT_HEIC, CC("Exif"), "item Exif"},
        {SP_FORMAT_AVIF, CC("uri "), "item uri"},
        {SP_FORMAT_HEIC, CC("colr"), "property colr"},
        {SP_FORMAT_HEIC, CC("uuid"), "box uuid"},
        {SP_FORMAT_COUNT, CC("abcd"), "part"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char place[SP_PLACE_SIZE];
        sp_place(cases[i].format, cases[i].kind, place);
        g_assert_cmpstr(place, ==, cases[i].place);
    }
}

static void
test_printable(void)
{
    for (guint format = 0; format <= SP_FORMAT_COUNT; format++) {
        for (guint32 kind = 0, i = 0; i < 100000; i++, kind += 42943) {
            char place[SP_PLACE_SIZE];
            memset(place, 'x', sizeof place);
            sp_place((SpFormat)format, kind, place);
            g_assert_nonnull(memchr(place, '\0', sizeof place));
            for (const char *c = place; *c != '\0'; c++)
                g_assert_true(g_ascii_isprint(*c));
            g_assert_true(kind == 0 || place[0] != '\0');
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/place/table", test_table);
    g_test_add_func("/place/printable", test_printable);
    return g_test_run();
}
