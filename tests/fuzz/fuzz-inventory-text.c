/* SPDX-License-Identifier: MIT */
/* fuzz-inventory-text.c -- the readers of all that is not EXIF read within their bytes.
 *
 * The first byte of the input chooses the carrier, the second the kind of a text chunk; the
 * rest is its content. There is no wrong input. Values are heard, and read to their last byte:
 * so a sanitizer sees one that is not within its content. */
/* words: text */
/* lines: src/inventory/%.c but exif makernote thumbnail cover inspect */
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static const SpCarrier carriers[] = {
    SP_CARRIER_XMP,       SP_CARRIER_XMP_EXTENDED,  SP_CARRIER_IPTC,
    SP_CARRIER_PHOTOSHOP, SP_CARRIER_ICC,           SP_CARRIER_COMMENT,
    SP_CARRIER_TEXT,      SP_CARRIER_PROVENANCE,    SP_CARRIER_VIDEO,
    SP_CARRIER_TRAILER,   SP_CARRIER_TRAILER_MAKER, SP_CARRIER_TRAILER_VIDEO,
    SP_CARRIER_DUCKY,     SP_CARRIER_MAKER,         SP_CARRIER_PROGRAM,
};

static const guint32 kinds[] = {
    SP_FOURCC('t', 'E', 'X', 't'),
    SP_FOURCC('z', 'T', 'X', 't'),
    SP_FOURCC('i', 'T', 'X', 't'),
};

static void
hear(guint32 category, const char *name, SpSlice value, gpointer data)
{
    guint *sum = data;
    g_assert(category != 0 && (category & (category - 1)) == 0);
    g_assert(name != NULL && name[0] != '\0');
    for (gsize i = 0; i < value.n; i++)
        *sum += value.bytes[i];
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    guint sum = 0;
    if (n < 2)
        return 0;
    SpCarrier carrier = carriers[bytes[0] % G_N_ELEMENTS(carriers)];
    guint32 kind = kinds[bytes[1] % G_N_ELEMENTS(kinds)];
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    /* A block of its own: the content's first byte is the first that may be read. */
    g_autofree guint8 *copy = n > 2 ? g_memdup2(bytes + 2, n - 2) : g_malloc(1);
    SpPart part = {carrier, kind, {copy, n - 2}, n};

    sp_inventory_tell_values(inventory, hear, &sum);
    sp_inventory_add(&part, inventory);
    guint n_rows = 0;
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n_rows);
    g_assert(n_rows >= 1 && n_rows <= SP_INVENTORY_ROWS);
    guint32 reveals = 0;
    for (guint i = 0; i < n_rows; i++)
        reveals |= rows[i].reveals;
    g_assert(reveals == sp_inventory_reveals(inventory));
    return 0;
}
