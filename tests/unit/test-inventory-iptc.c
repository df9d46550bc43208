/* SPDX-License-Identifier: MIT */
/* test-inventory-iptc.c -- IPTC's datasets to categories. */
#include "inventory-fixture.h"

static const ContentCase cases[] = {
    {"nothing", "", 0, 0},
    {"the version alone", TEXT("\x1C\x02\0\0\x02\0\x04"), 0},
    {"character set", TEXT("\x1C\x01\x5A\0\x03\x1B%G"), 0},
    {"city", TEXT("\x1C\x02\x5A\0\x05Paris"), LOCATION},
    {"city, blank", TEXT("\x1C\x02\x5A\0\x03 \0 "), 0},
    {"city, empty", TEXT("\x1C\x02\x5A\0\0"), 0},
    {"sub-location", TEXT("\x1C\x02\x5C\0\x01x"), LOCATION},
    {"country", TEXT("\x1C\x02\x65\0\x01x"), LOCATION},
    {"date",
     TEXT("\x1C\x02\x37\0\x08"
          "20240131"),
     TIME},
    {"date of zeros",
     TEXT("\x1C\x02\x37\0\x08"
          "00000000"),
     0},
    {"by-line", TEXT("\x1C\x02\x50\0\x01x"), PERSON},
    {"copyright", TEXT("\x1C\x02\x74\0\x01x"), PERSON},
    {"keywords", TEXT("\x1C\x02\x19\0\x01x\x1C\x02\x19\0\x01y"), COMMENT},
    {"program", TEXT("\x1C\x02\x41\0\x01x"), SOFTWARE},
    {"instructions", TEXT("\x1C\x02\x28\0\x04keep"), COMMENT},
    {"instructions by Facebook",
     TEXT("\x1C\x02\x28\0\x0A"
          "FBMD01000a"),
     COMMENT | SERIAL},
    {"the name of this very object", TEXT("\x1C\x01\x64\0\x01x"), SERIAL},
    {"preview", TEXT("\x1C\x02\xCA\0\x02\xFF\xD8"), THUMBNAIL},
    {"a number that nobody knows", TEXT("\x1C\x02\xF0\0\x01x"), COMMENT},
    {"a version that is too long", TEXT("\x1C\x02\0\0\x05hello"), UNKNOWN},
    {"a number about pixels that is too long",
     TEXT("\x1C\x03\x14\0\x11"
          "0123456789 houses"),
     UNKNOWN},
    {"an object's data", TEXT("\x1C\x08\x0A\0\x02\xFF\xD8"), SP_CATEGORY_SECOND_PICTURE},
    {"text behind", TEXT("\x1C\x02\x50\0\x01xhello"), PERSON | UNKNOWN},
    {"sizes of the transport", TEXT("\x1C\x07\x0A\0\x01\x01"), 0},
    {"numbers about pixels", TEXT("\x1C\x03\x14\0\x01\x01"), 0},
    {"a long length", TEXT("\x1C\x02\x5A\x80\x04\0\0\0\x05Paris"), LOCATION},
    {"a length of no bytes", TEXT("\x1C\x02\x5A\x80\0Paris"), UNKNOWN},
    {"a length beyond the end", TEXT("\x1C\x02\x5A\x7F\xFFParis"), LOCATION},
    {"four gigabytes", TEXT("\x1C\x02\x5A\x80\x04\xFF\xFF\xFF\xFFParis"), LOCATION},
    {"no datasets", TEXT("hello"), UNKNOWN},
    {"zeros", TEXT("\0\0\0\0"), 0},
    {"padding behind", TEXT("\x1C\x02\x50\0\x01x\0\0"), PERSON},
    {"one after the other",
     TEXT("\x1C\x02\0\0\x02\0\x04\x1C\x02\x5A\0\x01x\x1C\x02\x50\0\x01y"), LOCATION | PERSON},
};

static void
test_cases(void)
{
    assert_contents(SP_CARRIER_IPTC, 0xED, cases, G_N_ELEMENTS(cases));
}

static void
test_values(void)
{
    static const char bytes[] = "\x1C\x02\x5A\0\x05Paris\x1C\x02\x28\0\x05"
                                "FBMDx";
    g_autoptr(GString) values = g_string_new(NULL);
    Heard heard = {values, 0};
    g_autoptr(SpInventory) inventory =
        read_content(SP_CARRIER_IPTC, 0, bytes, sizeof bytes - 1, &heard);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, LOCATION | COMMENT | SERIAL);
    g_assert_cmpstr(values->str, ==,
                    "City=Paris\nSpecialInstructions=FBMDx\nSpecialInstructions=FBMDx\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/iptc/cases", test_cases);
    g_test_add_func("/inventory/iptc/values", test_values);
    return g_test_run();
}
