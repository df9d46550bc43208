/* SPDX-License-Identifier: MIT */
/* test-inventory-png-text.c -- PNG's texts, comments and profiles to categories. */
#include <zlib.h>

#include "inventory-fixture.h"

#define TEXT_KIND SP_FOURCC('t', 'E', 'X', 't')
#define PACKED_KIND SP_FOURCC('z', 'T', 'X', 't')
#define INTERNATIONAL_KIND SP_FOURCC('i', 'T', 'X', 't')

static const ContentCase plain[] = {
    {"nothing", "", 0, 0},
    {"a keyword alone", TEXT("Author"), COMMENT | UNKNOWN},
    {"an empty text", TEXT("Author\0"), 0},
    {"a blank text", TEXT("Author\0  \n"), 0},
    {"a blank title", TEXT("Title\0  "), 0},
    {"nothing under a keyword that nobody knows", TEXT("zzz\0"), COMMENT},
    {"author", TEXT("Author\0A B"), PERSON},
    {"copyright", TEXT("Copyright\0A B"), PERSON},
    {"a language's own", TEXT("Software\0Editor"), SOFTWARE},
    {"case", TEXT("software\0Editor"), SOFTWARE},
    {"source", TEXT("Source\0a camera"), DEVICE},
    {"creation time", TEXT("Creation Time\0Wed, 31 Jan 2024"), TIME},
    {"ImageMagick's dates",
     TEXT("date:create\0"
          "2024-01-31T03:14:15"),
     TIME},
    {"a date of zeros",
     TEXT("date:create\0"
          "0000-00-00T00:00:00"),
     0},
    {"title", TEXT("Title\0T"), COMMENT},
    {"a keyword that nobody knows", TEXT("zzz\0T"), COMMENT},
    {"no keyword", TEXT("\0T"), COMMENT},
    {"a generator's", TEXT("parameters\0a house, Steps: 20"), COMMENT | SOFTWARE},
    {"a thumbnail's numbers",
     TEXT("Thumb::Image::Width\0"
          "64"),
     0},
    {"a thumbnail's time",
     TEXT("Thumb::MTime\0"
          "1706670855"),
     TIME},
    {"EXIF's place as text",
     TEXT("exif:GPSLatitude\0"
          "48/1"),
     LOCATION},
    {"EXIF's numbers as text",
     TEXT("exif:ColorSpace\0"
          "1"),
     0},
    {"XMP", TEXT("XML:com.adobe.xmp\0<x dc:creator='A'/>"), PERSON},
    {"IPTC in hex", TEXT("Raw profile type iptc\0\niptc\n      10\n1c025a00055061726973\n"),
     LOCATION},
    {"resources in hex",
     TEXT("Raw profile type 8bim\0\n8bim\n      22\n3842494d0404000000000\n00a1c025a0005"
          "5061726973"),
     LOCATION},
    {"resources under IPTC's name",
     TEXT("Raw profile type iptc\0\niptc\n 22\n"
          "3842494d040400000000000a1c025a00055061726973"),
     LOCATION},
    {"a profile in hex", TEXT("Raw profile type icc\0\nicc\n 2\n6162\n"), PROFILE},
    {"XMP in hex",
     TEXT("Raw profile type xmp\0\nxmp\n 8\n3c78206463"
          "3a63726561746f723d"
          "2741272f3e"),
     PERSON},
    {"another block in hex", TEXT("Raw profile type zzz\0\nzzz\n 2\n6162\n"), UNKNOWN},
    {"a block of other text", TEXT("Raw profile type exif\0\nexif\n 8\nmy house"), UNKNOWN},
    {"text in front of a block",
     TEXT("Raw profile type icc\0\nicc and what else there is to be said in front of it, which "
          "is much\n 2\n6162\n"),
     PROFILE | UNKNOWN},
    {"an orientation that is none", TEXT("exif:Orientation\0a house"), UNKNOWN},
    {"a version",
     TEXT("exif:ExifVersion\0"
          "48, 50, 51, 48"),
     0},
    {"a size that is none",
     TEXT("exif:Orientation\0"
          "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"),
     UNKNOWN},
    {"a block without hex", TEXT("Raw profile type exif\0\nexif\n 0\n"), 0},
    {"a keyword that is too long",
     TEXT("0123456789012345678901234567890123456789012345678901234567890123456789012345678901"
          "\0x"),
     COMMENT | UNKNOWN},
};

static const ContentCase international[] = {
    {"nothing", "", 0, 0},
    {"author", TEXT("Author\0\0\0en\0\0A B"), PERSON},
    {"author, translated", TEXT("Author\0\0\0en\0Autor\0A B"), PERSON | COMMENT},
    {"empty", TEXT("Author\0\0\0en\0\0"), 0},
    {"a translation alone", TEXT("Author\0\0\0en\0Autor\0"), COMMENT},
    {"a long language", TEXT("Author\0\0\0zh-Hant-TW\0\0"), 0},
    {"the language of nobody", TEXT("Author\0\0\0x-default\0\0"), 0},
    {"no language", TEXT("Author\0\0\0a house\0\0"), COMMENT},
    {"longer than a language", TEXT("Author\0\0\0en-0123456789\0\0"), COMMENT},
    {"cut within its head", TEXT("Author\0\0\0en"), COMMENT | UNKNOWN},
    {"without its NULs", TEXT("Author\0a house by the sea"), COMMENT | UNKNOWN},
    {"cut, with a keyword that nobody knows", TEXT("a house\0"), COMMENT},
    {"XMP", TEXT("XML:com.adobe.xmp\0\0\0\0\0<x dc:creator='A'/>"), PERSON},
    {"packed, but broken", TEXT("Author\0\1\0\0\0hello"), PERSON | UNKNOWN},
};

static void
test_cases(void)
{
    assert_contents(SP_CARRIER_TEXT, TEXT_KIND, plain, G_N_ELEMENTS(plain));
    assert_contents(SP_CARRIER_TEXT, INTERNATIONAL_KIND, international,
                    G_N_ELEMENTS(international));
}

/* head, then text as a zlib stream; new, owned by the caller. */
static GByteArray *
pack(const char *head, gsize n_head, const guint8 *text, gsize n)
{
    uLongf room = compressBound(n);
    GByteArray *packed = g_byte_array_new();
    g_byte_array_append(packed, (const guint8 *)head, (guint)n_head);
    g_byte_array_set_size(packed, (guint)(n_head + room));
    g_assert_cmpint(compress2(packed->data + n_head, &room, text, n, 9), ==, Z_OK);
    g_byte_array_set_size(packed, (guint)(n_head + room));
    return packed;
}

static void
test_packed(void)
{
    static const struct {
        const char *head;
        gsize n_head;
        const char *text;
        guint32 kind, reveals;
    } cases[] = {
        {TEXT("Author\0\0"), "A B", PACKED_KIND, PERSON},
        {TEXT("Author\0\0"), "   ", PACKED_KIND, 0},
        {TEXT("a house\0\0"), "", PACKED_KIND, COMMENT},
        {TEXT("Comment\0\1\0en\0\0"), "hello", INTERNATIONAL_KIND, COMMENT},
        {TEXT("XML:com.adobe.xmp\0\1\0\0\0"), "<x exif:GPSAltitude='1'/>", INTERNATIONAL_KIND,
         LOCATION},
        {TEXT("Raw profile type iptc\0\0"), "\niptc\n 10\n1c025a00055061726973", PACKED_KIND,
         LOCATION},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *text = cases[i].text;
        g_autoptr(GByteArray) packed =
            pack(cases[i].head, cases[i].n_head, (const guint8 *)text, strlen(text));
        g_assert_cmphex(
            content_reveals(SP_CARRIER_TEXT, cases[i].kind, packed->data, packed->len), ==,
            cases[i].reveals);
        for (gsize cut = 0; cut < packed->len; cut++)
            (void)content_reveals(SP_CARRIER_TEXT, cases[i].kind, packed->data, cut);
        g_byte_array_append(packed, (const guint8 *)"\0\0", 2);
        g_assert_cmphex(
            content_reveals(SP_CARRIER_TEXT, cases[i].kind, packed->data, packed->len), ==,
            cases[i].reveals);
        g_byte_array_append(packed, (const guint8 *)"behind", 6);
        g_assert_cmphex(
            content_reveals(SP_CARRIER_TEXT, cases[i].kind, packed->data, packed->len), ==,
            cases[i].reveals | UNKNOWN);
    }
}

/* Ten megabytes in ten kilobytes: what is kept has a bound, and so has what a hundred of them
 * cost. */
static void
test_bomb(void)
{
    gsize n = (gsize)10 * 1024 * 1024;
    g_autofree guint8 *text = g_malloc(n);
    memset(text, 'x', n);
    g_autoptr(GByteArray) packed = pack(TEXT("Author\0\0"), text, n);
    g_assert_cmpuint(packed->len, <, 16384);

    g_autoptr(GString) values = g_string_new(NULL);
    Heard heard = {values, 0};
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    sp_inventory_tell_values(inventory, hear_value, &heard);
    SpPart part = {SP_CARRIER_TEXT, PACKED_KIND, {packed->data, packed->len}, packed->len};
    sp_inventory_add(&part, inventory);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, PERSON | UNKNOWN);
    g_assert_cmpuint(values->len, ==, (gsize)1024 * 1024 + strlen("Author=\n"));
    for (guint i = 0; i < 100; i++)
        sp_inventory_add(&part, inventory);
    g_assert_cmpuint(values->len, <=, SP_INVENTORY_WORK + 101 * strlen("Author=\n"));
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, PERSON | UNKNOWN);
}

static const ContentCase times[] = {
    {"nothing", "", 0, 0},
    {"zeros", TEXT("\0\0\0\0\0\0\0"), 0},
    {"a date", TEXT("\x07\xE8\1\x1F\3\x0E\x0F"), TIME},
    {"a date and more", TEXT("\x07\xE8\1\x1F\3\x0E\x0Fhello"), TIME | UNKNOWN},
};

static const ContentCase comments[] = {
    {"nothing", "", 0, 0},
    {"blank", TEXT(" \n\t\0\0 "), 0},
    {"text", TEXT("hello"), COMMENT},
    {"one byte", TEXT("x"), COMMENT},
};

static void
test_comments(void)
{
    assert_contents(SP_CARRIER_TIME, SP_FOURCC('t', 'I', 'M', 'E'), times, G_N_ELEMENTS(times));
    assert_contents(SP_CARRIER_COMMENT, 0xFE, comments, G_N_ELEMENTS(comments));
}

/* A profile of one tag, of either form of text. */
static void
test_profile(void)
{
    static const char tag1[] = "desc\0\0\0\0\0\0\0\x05sRGB\0";
    static const char tag2[] = "mluc\0\0\0\0\0\0\0\1\0\0\0\x0C"
                               "enUS\0\0\0\x08\0\0\0\x1C\0P\0"
                               "3\0 \0X";
    static const struct {
        const char *tag;
        gsize n;
        const char *heard;
    } cases[] = {
        {tag1, sizeof tag1 - 1, "ProfileDescription=sRGB\n"},
        {tag2, sizeof tag2 - 1, "ProfileDescription="},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint8 bytes[256] = {0};
        gsize n = 144 + cases[i].n;
        memcpy(bytes + 36, "acsp", 4);
        bytes[131] = 1;
        memcpy(bytes + 132, "desc\0\0\0\x90\0\0\0", 11);
        bytes[143] = (guint8)cases[i].n;
        memcpy(bytes + 144, cases[i].tag, cases[i].n);
        g_autoptr(GString) values = g_string_new(NULL);
        Heard heard = {values, 0};
        g_autoptr(SpInventory) inventory = read_content(SP_CARRIER_ICC, 0, bytes, n, &heard);
        g_assert_cmphex(sp_inventory_reveals(inventory), ==, PROFILE);
        g_assert_true(g_str_has_prefix(values->str, cases[i].heard));
        ContentCase c = {"profile", (const char *)bytes, n, PROFILE};
        assert_contents(SP_CARRIER_ICC, 0, &c, 1);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/png-text/cases", test_cases);
    g_test_add_func("/inventory/png-text/packed", test_packed);
    g_test_add_func("/inventory/png-text/bomb", test_bomb);
    g_test_add_func("/inventory/comments", test_comments);
    g_test_add_func("/inventory/profile", test_profile);
    return g_test_run();
}
