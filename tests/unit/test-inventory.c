/* SPDX-License-Identifier: MIT */
/* test-inventory.c -- rows by carrier and kind, what there is no room for, and depth. */
#include "inventory-fixture.h"

static void
add(SpInventory *inventory, SpCarrier carrier, guint32 kind, const char *text)
{
    SpPart part = {carrier, kind, {(const guint8 *)text, strlen(text)}, strlen(text) + 4};
    sp_inventory_add(&part, inventory);
}

static void
test_rows(void)
{
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    guint n = 0;

    add(inventory, SP_CARRIER_PICTURE, 0xDB, "tables");
    (void)sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, 0);
    add(inventory, SP_CARRIER_COMMENT, 0xFE, "one");
    add(inventory, SP_CARRIER_COMMENT, 0xFE, "");
    add(inventory, SP_CARRIER_UNKNOWN, 0xE7, "abc");
    add(inventory, SP_CARRIER_UNKNOWN, 0xE8, "abc");
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpint(rows[0].carrier, ==, SP_CARRIER_COMMENT);
    g_assert_cmphex(rows[0].kind, ==, 0xFE);
    g_assert_cmpuint(rows[0].count, ==, 2);
    g_assert_cmpuint(rows[0].n_bytes, ==, 11);
    g_assert_cmphex(rows[0].reveals, ==, COMMENT);
    g_assert_cmphex(rows[2].kind, ==, 0xE8);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, COMMENT | UNKNOWN);
}

static void
test_nobody(void)
{
    SpPart part = {SP_CARRIER_COMMENT, 0xFE, {(const guint8 *)"x", 1}, 1};
    sp_inventory_add(&part, NULL);
}

/* More kinds than there are rows: the last row takes the rest, and nothing is lost. */
static void
test_overflow(void)
{
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    guint n = 0;
    guint count = 0;
    guint64 n_bytes = 0;

    for (guint i = 0; i < 200; i++)
        add(inventory, SP_CARRIER_COMMENT, i, "x");
    add(inventory, SP_CARRIER_ICC, 7, "profile");
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, SP_INVENTORY_ROWS);
    for (guint i = 0; i < n; i++) {
        count += rows[i].count;
        n_bytes += rows[i].n_bytes;
    }
    g_assert_cmpuint(count, ==, 201);
    g_assert_cmpuint(n_bytes, ==, 200 * 5 + 11);
    g_assert_cmpint(rows[n - 1].carrier, ==, SP_CARRIER_UNKNOWN);
    g_assert_cmphex(rows[n - 1].kind, ==, 0);
    g_assert_cmphex(rows[n - 1].reveals, ==, COMMENT | PROFILE);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, COMMENT | PROFILE);
    /* An earlier row still takes its own. */
    add(inventory, SP_CARRIER_COMMENT, 0, "x");
    g_assert_cmpuint(rows[0].count, ==, 2);
}

/* A text that holds Photoshop's resources that hold the same, and so on: as deep as the bound
 * each has a row, what is deeper is not looked into. */
static void
test_depth(void)
{
    g_autoptr(GString) inner = g_string_new("1C025A00055061726973");
    for (guint i = 0; i < 3; i++) {
        g_autoptr(GString) outer = g_string_new("3842494D0404");
        g_string_append_printf(outer, "0000%08X%s", (guint)inner->len / 2, inner->str);
        if (outer->len / 2 % 2 != 0)
            g_string_append(outer, "00");
        g_string_assign(inner, outer->str);
    }
    g_string_prepend(inner, "Raw profile type 8bim_\n8bim\n 1\n");
    inner->str[strlen("Raw profile type 8bim")] = '\0';
    g_autoptr(SpInventory) inventory = read_content(
        SP_CARRIER_TEXT, SP_FOURCC('t', 'E', 'X', 't'), inner->str, inner->len, NULL);
    guint n = 0;
    (void)sp_inventory_rows(inventory, &n);
    g_assert_cmpuint(n, ==, 3); /* IPTC is no Photoshop: text, resources, IPTC */
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, UNKNOWN);
}

/* Resources that all hold the same large block, over and over: what they hold is read as often
 * as the bound allows, then it is unknown. */
static void
test_within(void)
{
    static const char head[] = "8BIM\x04\x24\0\0\0\x80\0\0<x dc:creator='A'/>"; /* XMP, 8 MiB */
    gsize n = 12 + ((gsize)8 << 20);
    g_autofree guint8 *bytes = g_malloc0(n);
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    SpPart part = {SP_CARRIER_PHOTOSHOP, 0, {bytes, n}, n};

    memcpy(bytes, head, sizeof head - 1);
    for (gsize i = 0; i < SP_INVENTORY_WITHIN >> 23; i++)
        sp_inventory_add(&part, inventory);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, SOFTWARE | PERSON);
    sp_inventory_add(&part, inventory);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, SOFTWARE | PERSON | UNKNOWN);
}

/* Each carrier: something in it or nothing, read or not. */
static void
test_carriers(void)
{
    for (guint carrier = 0; carrier < SP_CARRIER_COUNT; carrier++) {
        const SpCarrierInfo *info = sp_carrier_info(carrier);
        g_assert_nonnull(info->word);
        g_assert_nonnull(info->title);
        g_autoptr(SpInventory) inventory = sp_inventory_new();
        SpPart nothing = {carrier, 1, {NULL, 0}, 0};
        add(inventory, carrier, 1, "");
        sp_inventory_add(&nothing, inventory);
        guint n = 0;
        const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
        g_assert_cmpuint(n, ==, carrier == SP_CARRIER_PICTURE ? 0 : 1);
        g_assert_true(n == 0 || rows[0].count == 2);
        g_assert_cmphex(sp_inventory_reveals(inventory) & info->reveals, ==, info->reveals);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/rows", test_rows);
    g_test_add_func("/inventory/nobody", test_nobody);
    g_test_add_func("/inventory/overflow", test_overflow);
    g_test_add_func("/inventory/depth", test_depth);
    g_test_add_func("/inventory/within", test_within);
    g_test_add_func("/inventory/carriers", test_carriers);
    return g_test_run();
}
