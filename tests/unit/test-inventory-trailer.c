/* SPDX-License-Identifier: MIT */
/* test-inventory-trailer.c -- what stands behind the end of a picture. */
#include "inventory-fixture.h"

/* A whole JPEG of 1x1 pixels as its walker sees it, with one segment more. */
#define JPEG(segment)                                                                          \
    "\xFF\xD8" segment "\xFF\xC0\0\x0B\x08\0\1\0\1\1\1\x11\0"                                  \
    "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x12\x34\xFF\xD9"
#define JPEG_XMP "\xFF\xE1\0\x39http://ns.adobe.com/xap/1.0/\0<x exif:GPSAltitude='10'/>"
#define MOVIE                                                                                  \
    "\0\0\0\x10"                                                                               \
    "ftypisom\0\0\0\0"                                                                         \
    "\0\0\0\x08moov"
#define PNG                                                                                    \
    "\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0crcc"                          \
    "\0\0\0\1IDATxcrcc\0\0\0\0IEND\xAE\x42\x60\x82"

static const ContentCase cases[] = {
    {"zeros", TEXT("\0\0\0\0\0\0\0\0"), TRAILING},
    {"one byte", TEXT("x"), TRAILING},
    {"text", TEXT("hello world"), TRAILING},
    {"three bytes that are none",
     TEXT("ab\xFF\xD8\xFF"
          "cdefgh"),
     TRAILING},
    {"a sound", TEXT("RIFF\x16\0\0\0WAVEfmt \x0A\0\0\0"), TRAILING},
    {"a video", TEXT(MOVIE), TRAILING | VIDEO},
    {"a video with a place",
     TEXT("\0\0\0\x10"
          "ftypisom\0\0\0\0\0\0\0\x1Emoov\0\0\0\x16udta\0\0\0\x0E\xA9xyz\0\2\0\0+1"),
     TRAILING | VIDEO | LOCATION},
    {"a word that is no box", TEXT("some ftyp here"), TRAILING},
    {"a zip", TEXT("PK\3\4\x14\0\0\0PK\3\4\x14\0"), TRAILING | UNKNOWN},
    {"a PDF", TEXT("%PDF-1.4\n"), TRAILING | UNKNOWN},
    {"a page", TEXT("<html><body>x</body></html>"), TRAILING | UNKNOWN},
    {"XMP", TEXT("ab<x:xmpmeta dc:creator='A'></x:xmpmeta>cd"), TRAILING | PERSON},
    {"IPTC", TEXT("ab\x1C\x02\0\0\x02\0\x04\x1C\x02\x5A\0\x05Paris"), TRAILING | LOCATION},
    {"Canon's recipe", TEXT("CANON OPTIONAL DATA\0\0\1\0\0"), TRAILING | SOFTWARE | UNKNOWN},
    {"AFCP",
     TEXT("AXS!\0\1\0\0\0\0\0\0"
          "AXS!\0\0\0\0\0\0\0\0"),
     TRAILING | SOFTWARE | UNKNOWN},
    {"PhotoMechanic", TEXT("0123cbipcbbl"), TRAILING | SOFTWARE | UNKNOWN},
    {"Vivo", TEXT("vivo{\"a\":1}"), TRAILING | DEVICE | UNKNOWN},
    {"a mark that is not at the end", TEXT("cbipcbbl0123"), TRAILING},
};

/* What their walkers cannot make sense of may count as well. */
static const ContentCase pictures[] = {
    {"a picture", TEXT(JPEG("")), TRAILING | SECOND},
    {"a picture behind something", TEXT("hello" JPEG("")), TRAILING | SECOND},
    {"a cut picture", TEXT("\xFF\xD8\xFF\xDB\0\4ab\xFF\xC0"), TRAILING | SECOND},
    {"a PNG", TEXT(PNG), TRAILING | SECOND},
    {"a GIF", TEXT("GIF89a\1\0\1\0\0\0\0"), TRAILING | SECOND},
    {"a WebP", TEXT("RIFF\x16\0\0\0WEBPVP8L\x0A\0\0\0"), TRAILING | SECOND},
    {"a HEIC",
     TEXT("\0\0\0\x10"
          "ftypheic\0\0\0\0"),
     TRAILING | SECOND},
};

static void
test_cases(void)
{
    assert_contents(SP_CARRIER_TRAILER, 0, cases, G_N_ELEMENTS(cases));
}

static void
test_pictures(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++) {
        const ContentCase *c = &pictures[i];
        guint32 reveals = content_reveals(SP_CARRIER_TRAILER, 0, c->bytes, c->n) & ~UNKNOWN;
        g_assert_cmphex(reveals, ==, c->reveals);
        for (gsize cut = 0; cut < c->n; cut++)
            (void)content_reveals(SP_CARRIER_TRAILER, 0, c->bytes, cut);
    }
}

/* The hidden picture's own XMP counts; what stands behind it is looked at too. */
static void
test_picture(void)
{
    static const char bytes[] = JPEG(JPEG_XMP) MOVIE;
    g_autoptr(SpInventory) inventory =
        read_content(SP_CARRIER_TRAILER, 0, bytes, sizeof bytes - 1, NULL);
    g_assert_true(has_row(inventory, SP_CARRIER_TRAILER_PICTURE));
    g_assert_true(has_row(inventory, SP_CARRIER_TRAILER_VIDEO));
    g_assert_cmphex(sp_inventory_reveals(inventory) & (TRAILING | SECOND | VIDEO), ==,
                    TRAILING | SECOND | VIDEO);
}

/* Finds of which each can be read up to the end are counted up to the next one. */
static void
test_sizes(void)
{
    static const char bytes[] = "ab\x1C\x02\0\0\x02\0\x04"
                                "CANON OPTIONAL DATA\0PK\3\4\x14\0cbipcbbl";
    static const struct {
        SpCarrier carrier;
        guint64 n;
    } rows[] = {
        {SP_CARRIER_TRAILER, 43},        {SP_CARRIER_IPTC, 7},    {SP_CARRIER_PROGRAM, 20},
        {SP_CARRIER_TRAILER_ARCHIVE, 6}, {SP_CARRIER_PROGRAM, 8},
    };
    g_autoptr(SpInventory) inventory =
        read_content(SP_CARRIER_TRAILER, 0, bytes, sizeof bytes - 1, NULL);
    guint n = 0;
    const SpInventoryRow *found = sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < n; i++) {
        g_assert_cmpint(found[i].carrier, ==, rows[i].carrier);
        g_assert_cmpuint(found[i].n_bytes, ==, rows[i].n);
    }
}

/* A thumbnail's own XMP counts, in EXIF and in Photoshop's resources; so do a comment, and text
 * behind its end. */
static void
test_thumbnails(void)
{
    static const ContentCase thumbnails[] = {
        {"a thumbnail", TEXT(JPEG("")), THUMBNAIL},
        {"a thumbnail with a place", TEXT(JPEG(JPEG_XMP)), THUMBNAIL | LOCATION},
        {"a thumbnail with a comment", TEXT(JPEG("\xFF\xFE\0\7hello")), THUMBNAIL | COMMENT},
        {"padding behind", TEXT(JPEG("") "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
         THUMBNAIL},
        {"text behind", TEXT(JPEG("") "more than fifteen bytes"), THUMBNAIL | UNKNOWN},
        {"no JPEG", TEXT("hello"), THUMBNAIL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(thumbnails); i++) {
        const ContentCase *c = &thumbnails[i];
        g_assert_cmphex(content_reveals(SP_CARRIER_EXIF_THUMBNAIL, 0, c->bytes, c->n), ==,
                        c->reveals);
        g_assert_cmphex(content_reveals(SP_CARRIER_PHOTOSHOP_THUMBNAIL, 0, c->bytes, c->n), ==,
                        c->reveals);
        for (gsize cut = 0; cut < c->n; cut++)
            (void)content_reveals(SP_CARRIER_EXIF_THUMBNAIL, 0, c->bytes, cut);
    }
}

/* Many small pictures: bounded in walks and in rows. */
static void
test_many(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 2000; i++)
        (g_string_append_len)(text, TEXT(JPEG(""))); /* newer GLibs have a macro of two */
    guint32 reveals = content_reveals(SP_CARRIER_TRAILER, 0, text->str, text->len);
    g_assert_cmphex(reveals & (TRAILING | SECOND), ==, TRAILING | SECOND);
}

static void
put32(GByteArray *bytes, guint32 value)
{
    guint8 p[] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16),
                  (guint8)(value >> 24)};
    g_byte_array_append(bytes, p, 4);
}

/* Samsung's blocks: types and names, with their directory. */
static GByteArray *
make_samsung(const guint *types, const char *const *names, guint n)
{
    GByteArray *bytes = g_byte_array_new();
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < n; i++) {
        guint start = bytes->len;
        g_array_append_val(starts, start);
        put32(bytes, types[i] << 16);
        put32(bytes, (guint32)strlen(names[i]));
        g_byte_array_append(bytes, (const guint8 *)names[i], (guint)strlen(names[i]));
        g_byte_array_append(bytes, (const guint8 *)"data", 4);
    }
    guint directory = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"SEFH", 4);
    put32(bytes, 101);
    put32(bytes, n);
    for (guint i = 0; i < n; i++) {
        guint start = g_array_index(starts, guint, i);
        put32(bytes, types[i] << 16);
        put32(bytes, directory - start);
        put32(bytes, 12 + (guint32)strlen(names[i]));
    }
    put32(bytes, 12 + 12 * n);
    g_byte_array_append(bytes, (const guint8 *)"SEFT", 4);
    return bytes;
}

static void
test_samsung(void)
{
    static const guint types[] = {0x0A01, 0x0AA1, 0x0A30, 0x0BA1};
    static const char *const names[] = {"Image_UTC_Data", "MCC_Data", "MotionPhoto_Data",
                                        "Original_Path_Hash_Key"};
    static const guint32 bits[] = {TIME, LOCATION, VIDEO, SERIAL};
    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GByteArray) bytes = make_samsung(&types[i], &names[i], 1);
        g_assert_cmphex(content_reveals(SP_CARRIER_TRAILER, 0, bytes->data, bytes->len), ==,
                        TRAILING | DEVICE | UNKNOWN | bits[i]);
    }
    g_autoptr(GByteArray) all = make_samsung(types, names, G_N_ELEMENTS(types));
    guint32 maker = DEVICE | UNKNOWN | TIME | LOCATION | VIDEO | SERIAL;
    ContentCase c = {"four blocks", (const char *)all->data, all->len, maker};
    assert_contents(SP_CARRIER_TRAILER_MAKER, 0, &c, 1);
    assert_contents(SP_CARRIER_MAKER, 0, &c, 1);
    c.reveals |= TRAILING;
    assert_contents(SP_CARRIER_TRAILER, 0, &c, 1);
    /* Every number in the directory as large as it can be. */
    for (guint at = 0; at + 4 <= all->len; at++) {
        g_autofree guint8 *copy = g_memdup2(all->data, all->len);
        memset(copy + at, 0xFF, 4);
        (void)content_reveals(SP_CARRIER_TRAILER, 0, copy, all->len);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/trailer/cases", test_cases);
    g_test_add_func("/inventory/trailer/pictures", test_pictures);
    g_test_add_func("/inventory/trailer/picture", test_picture);
    g_test_add_func("/inventory/trailer/sizes", test_sizes);
    g_test_add_func("/inventory/thumbnails", test_thumbnails);
    g_test_add_func("/inventory/trailer/many", test_many);
    g_test_add_func("/inventory/trailer/samsung", test_samsung);
    return g_test_run();
}
