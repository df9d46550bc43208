/* SPDX-License-Identifier: MIT */
/* test-inventory-photoshop.c -- Photoshop's resources, and blocks of makers and programs. */
#include "inventory-fixture.h"

#define CITY "\x1C\x02\x5A\0\x05Paris"

static const ContentCase cases[] = {
    {"nothing", "", 0, 0},
    {"text behind", TEXT("8BIM\x04\x04\0\0\0\0\0\x0A" CITY "hello"), LOCATION | UNKNOWN},
    {"zeros behind", TEXT("8BIM\x04\x04\0\0\0\0\0\x0A" CITY "\0\0\0"), LOCATION},
    {"IPTC alone", TEXT("8BIM\x04\x04\0\0\0\0\0\x0A" CITY), LOCATION},
    {"a resource",
     TEXT("8BIM\x03\xED\0\0\0\0\0\x02"
          "ab"),
     SOFTWARE},
    {"a name of an odd length",
     TEXT("8BIM\x04\x04\x01"
          "n\0\0\0\x0A" CITY),
     LOCATION},
    {"a name of an even length", TEXT("8BIM\x04\x04\x02nm\0\0\0\0\x0A" CITY), LOCATION},
    {"an odd length before another",
     TEXT("8BIM\x03\xED\0\0\0\0\0\x01"
          "a\0"
          "8BIM\x04\x04\0\0\0\0\0\x0A" CITY),
     LOCATION | SOFTWARE},
    {"other signatures", TEXT("MeSa\x04\x04\0\0\0\0\0\x0A" CITY "PHUT\x04\x04\0\0\0\0\0\0"),
     LOCATION},
    {"thumbnail",
     TEXT("8BIM\x04\x0C\0\0\0\0\0\x1E"
          "0123456789012345678901234567\xFF\xD8"),
     SOFTWARE | THUMBNAIL},
    {"thumbnail without a picture",
     TEXT("8BIM\x04\x0C\0\0\0\0\0\x04"
          "0123"),
     SOFTWARE},
    {"XMP", TEXT("8BIM\x04\x24\0\0\0\0\0\x14<x dc:creator='A'/>"), SOFTWARE | PERSON},
    {"profile",
     TEXT("8BIM\x04\x0F\0\0\0\0\0\x02"
          "ab"),
     SOFTWARE | PROFILE},
    {"copyright flag", TEXT("8BIM\x04\x0A\0\0\0\0\0\x01\x01\0"), SOFTWARE | PERSON},
    {"no copyright flag", TEXT("8BIM\x04\x0A\0\0\0\0\0\x01\0\0"), SOFTWARE},
    {"address",
     TEXT("8BIM\x04\x0B\0\0\0\0\0\x03"
          "a.b\0"),
     SOFTWARE | PERSON},
    {"list of no addresses", TEXT("8BIM\x04\x1E\0\0\0\0\0\x04\0\0\0\0"), SOFTWARE},
    {"caption",
     TEXT("8BIM\x03\xF0\0\0\0\0\0\x02\x01"
          "a"),
     SOFTWARE | COMMENT},
    {"a version before it",
     TEXT("\x03\0\0\0"
          "8BIM\x04\x04\0\0\0\0\0\x0A" CITY),
     LOCATION},
    {"the old name",
     TEXT("Adobe_Photoshop2.5:\0\0"
          "8BIM\x04\x04\0\0\0\0\0\x0A" CITY),
     LOCATION},
    {"a length beyond the end", TEXT("8BIM\x04\x04\0\0\xFF\xFF\xFF\xFF" CITY), LOCATION},
    {"none at all", TEXT("hello world, this is no resource, but a text of some length"),
     SOFTWARE | UNKNOWN},
};

static void
test_cases(void)
{
    assert_contents(SP_CARRIER_PHOTOSHOP, 0xED, cases, G_N_ELEMENTS(cases));
}

static const ContentCase ducky[] = {
    {"nothing", "", 0, SOFTWARE},
    {"quality", TEXT("\0\x01\0\x04\0\0\0\x3C\0\0"), SOFTWARE},
    {"comment", TEXT("\0\x02\0\x08\0\0\0\x02\0h\0i\0\0"), SOFTWARE | COMMENT},
    {"copyright", TEXT("\0\x03\0\x08\0\0\0\x02\0m\0e\0\0"), SOFTWARE | PERSON},
    {"a blank comment", TEXT("\0\x02\0\x06\0\0\0\x01\0 \0\0"), SOFTWARE},
    {"a quality that says more", TEXT("\0\x01\0\x05\0\0\0\x3Cx\0\0"), SOFTWARE | UNKNOWN},
    {"a field that nobody knows", TEXT("\0\x04\0\x01x\0\0"), SOFTWARE | UNKNOWN},
    {"text behind", TEXT("\0\x01\0\x04\0\0\0\x3C\0\0hello"), SOFTWARE | UNKNOWN},
    {"a length beyond the end", TEXT("\0\x02\xFF\xFF\0\0\0\x02\0h"), SOFTWARE | COMMENT},
};

static const ContentCase makers[] = {
    {"lines of text",
     TEXT("AGFA\r\n[picture info]\r\nTimeDate=914181440\r\nSerial#=#7\r\nID=A CAMERA\r\n"),
     DEVICE | UNKNOWN | TIME | SERIAL},
    {"lines without a value", TEXT("[picture info]\r\nSerial#=\r\n"), DEVICE | UNKNOWN},
    {"a place in RMETA", TEXT("RMETA\0\x4D\x4D\0Location\0Roundabout\0"),
     DEVICE | UNKNOWN | LOCATION | COMMENT},
    {"Samsung's number", TEXT("ssuniqueid\0\x01\x02"), DEVICE | UNKNOWN | SERIAL},
    {"whatever", TEXT("QVCI\0abc"), DEVICE | UNKNOWN},
};

static const ContentCase programs[] = {
    {"Media Jukebox",
     TEXT("Media Jukebox\0<MJMD><Date>41518</Date><People>S</People><Places>J</Places>"
          "<Album></Album></MJMD>"),
     SOFTWARE | UNKNOWN | TIME | PERSON | LOCATION},
    {"whatever", TEXT("Adobe_CM\0\x01"), SOFTWARE | UNKNOWN},
};

static const ContentCase records[] = {
    {"a signed record", TEXT("\0\0\0\x08jumb"), PROVENANCE},
    {"its number", TEXT("jinstanceIDx\x09xmp:iid:1"), PROVENANCE | SERIAL},
    {"its maker", TEXT("oclaim_generatoriEditor 1.2"), PROVENANCE | SOFTWARE},
    {"its title", TEXT("hdc:titleea.jpg"), PROVENANCE | COMMENT},
    {"when",
     TEXT("dwhenx\x0A"
          "2024-01-31"),
     PROVENANCE | TIME},
    {"a place in it", TEXT("{\"exif:GPSLatitude\":\"48,51.0N\"}"), PROVENANCE | LOCATION},
};

static void
test_blocks(void)
{
    assert_contents(SP_CARRIER_DUCKY, 0xEC, ducky, G_N_ELEMENTS(ducky));
    assert_contents(SP_CARRIER_MAKER, 0xEC, makers, G_N_ELEMENTS(makers));
    assert_contents(SP_CARRIER_PROGRAM, 0xE9, programs, G_N_ELEMENTS(programs));
    assert_contents(SP_CARRIER_PROVENANCE, 0xEB, records, G_N_ELEMENTS(records));
}

/* What a search does not look at is unknown, unless it is blank. */
static void
test_large(void)
{
    gsize n = (gsize)5 * 1024 * 1024;
    g_autofree guint8 *bytes = g_malloc0(n);
    g_assert_cmphex(content_reveals(SP_CARRIER_PROVENANCE, 0xEB, bytes, n), ==, PROVENANCE);
    bytes[n - 1] = 'x';
    g_assert_cmphex(content_reveals(SP_CARRIER_PROVENANCE, 0xEB, bytes, n), ==,
                    PROVENANCE | UNKNOWN);
}

/* Rows of what lies within. */
static void
test_rows(void)
{
    static const char bytes[] = "8BIM\x04\x04\0\0\0\0\0\x0A" CITY;
    g_autoptr(SpInventory) inventory =
        read_content(SP_CARRIER_PHOTOSHOP, 0xED, bytes, sizeof bytes - 1, NULL);
    guint n = 0;
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpint(rows[0].carrier, ==, SP_CARRIER_PHOTOSHOP);
    g_assert_cmphex(rows[0].reveals, ==, 0);
    g_assert_cmpint(rows[1].carrier, ==, SP_CARRIER_IPTC);
    g_assert_cmphex(rows[1].reveals, ==, LOCATION);
    g_assert_cmpuint(rows[1].n_bytes, ==, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/photoshop/cases", test_cases);
    g_test_add_func("/inventory/photoshop/rows", test_rows);
    g_test_add_func("/inventory/blocks", test_blocks);
    g_test_add_func("/inventory/blocks/large", test_large);
    return g_test_run();
}
