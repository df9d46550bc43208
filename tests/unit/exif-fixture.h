/* SPDX-License-Identifier: MIT */
/* exif-fixture.h -- TIFF structures from literals, and what the inventory says of them. */
#ifndef SP_TEST_EXIF_FIXTURE_H
#define SP_TEST_EXIF_FIXTURE_H
#include "inventory/inventory.h"

#include <string.h>

typedef struct {
    gboolean little;
    GByteArray *bytes; /* owned */
} Block;

static inline void
put(Block *block, guint32 value, guint size)
{
    for (guint i = 0; i < size; i++) {
        guint shift = 8 * (block->little ? i : size - 1 - i);
        guint8 byte = (guint8)(value >> shift);
        g_byte_array_append(block->bytes, &byte, 1);
    }
}

static inline void
put_bytes(Block *block, const void *bytes, gsize n)
{
    g_byte_array_append(block->bytes, bytes, (guint)n);
}

/* The head, with the first directory at 8. */
static inline Block
block_new(gboolean little)
{
    Block block = {little, g_byte_array_new()};
    put_bytes(&block, little ? "II" : "MM", 2);
    put(&block, 42, 2);
    put(&block, 8, 4);
    return block;
}

static inline void
block_clear(Block *block)
{
    g_byte_array_unref(block->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Block, block_clear)

/* An entry whose value, of size bytes, or whose offset stands in its last four bytes. */
static inline void
put_entry(Block *block, guint tag, guint type, guint32 count, guint32 value, guint size)
{
    put(block, tag, 2);
    put(block, type, 2);
    put(block, count, 4);
    put(block, value, size);
    put(block, 0, 4 - size);
}

static inline void
collect_value(guint32 category, const char *name, SpSlice value, gpointer data)
{
    g_string_append_printf(data, "%u %s=%.*s\n", category, name, (int)value.n,
                           (const char *)value.bytes);
}

/* What the first n bytes say as EXIF, from a heap block of that size. values may be NULL. */
static inline SpInventory *
read_exif(const guint8 *bytes, gsize n, GString *values)
{
    g_autofree guint8 *copy = g_malloc(MAX(n, 1));
    SpInventory *inventory = sp_inventory_new();
    if (n > 0)
        memcpy(copy, bytes, n);
    if (values != NULL)
        sp_inventory_tell_values(inventory, collect_value, values);
    SpPart part = {SP_CARRIER_EXIF, 0xE1, {copy, n}, n};
    sp_inventory_add(&part, inventory);
    return inventory;
}

/* The row of that carrier; NULL when there is none. */
static inline const SpInventoryRow *
find_carrier(const SpInventory *inventory, SpCarrier carrier)
{
    guint n = 0;
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
    for (guint i = 0; i < n; i++) {
        if (rows[i].carrier == carrier)
            return &rows[i];
    }
    return NULL;
}

/* Cut after every byte, with and without values: a sanitizer watches for reads past the end. */
static inline void
cut_everywhere(const Block *block)
{
    for (gsize n = 0; n <= block->bytes->len; n++) {
        g_autoptr(GString) values = g_string_new(NULL);
        g_autoptr(SpInventory) without = read_exif(block->bytes->data, n, NULL);
        g_autoptr(SpInventory) with = read_exif(block->bytes->data, n, values);
        g_assert_cmphex(sp_inventory_reveals(without), ==, sp_inventory_reveals(with));
    }
}
#endif
