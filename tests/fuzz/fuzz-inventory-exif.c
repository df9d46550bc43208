/* SPDX-License-Identifier: MIT */
/* fuzz-inventory-exif.c -- the reader of EXIF and makers' notes, on any bytes.
 *
 * The input is a TIFF structure as it stands behind "Exif\0\0". Whether values are asked for
 * makes no difference to what is found; nothing is told that is no category, each value can be
 * read to its end (who shows it cuts it), and what lies within the block is never larger than
 * it. */
/* words: tiff text */
/* lines: src/inventory/exif%.c src/inventory/makernote%.c src/inventory/thumbnail.c */
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
check_value(guint32 category, const char *name, SpSlice value, gpointer data)
{
    gsize *sum = data;
    g_assert(category != 0 && (category & (category - 1)) == 0);
    g_assert(name != NULL && name[0] != 0);
    for (gsize i = 0; i < value.n; i++)
        *sum += value.bytes[i]; /* all of it can be read */
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    SpPart part = {SP_CARRIER_EXIF, 0xE1, {bytes, n}, n};
    gsize sum = 0;
    g_autoptr(SpInventory) without = sp_inventory_new();
    g_autoptr(SpInventory) with = sp_inventory_new();
    sp_inventory_tell_values(with, check_value, &sum);
    sp_inventory_add(&part, without);
    sp_inventory_add(&part, with);

    guint rows = 0;
    const SpInventoryRow *row = sp_inventory_rows(without, &rows);
    g_assert(sp_inventory_reveals(without) == sp_inventory_reveals(with));
    g_assert(rows >= 1 && rows <= SP_INVENTORY_ROWS);
    for (guint i = 0; i < rows; i++)
        g_assert(row[i].n_bytes <= (guint64)n * row[i].count);
    return 0;
}
