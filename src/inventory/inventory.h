/* SPDX-License-Identifier: MIT */
/* inventory.h -- what a photo would reveal: from carriers to categories, never values.
 *
 * An inventory is told the parts of one file by a walker, looks into those that have a reader,
 * and counts: one row for each kind of carrier, SpCategory bits for what is in it. It fails
 * nothing: what is broken or too large is "unknown", or what the block's name alone says. It
 * holds no more than its rows, however many parts there are.
 *
 * Bounds: SP_INVENTORY_ROWS rows (what comes after them is counted in a row of unknown
 * carriers), carriers within carriers SP_INVENTORY_DEPTH deep and SP_INVENTORY_WITHIN bytes of
 * them; each reader has bounds of its own, and what is above any bound is unknown. Nothing is
 * allocated by a number that a file names. */
#ifndef SP_INVENTORY_INVENTORY_H
#define SP_INVENTORY_INVENTORY_H
#include "container/walk.h"
#include "storyphoto.h"
G_BEGIN_DECLS

#define SP_INVENTORY_ROWS 64
#define SP_INVENTORY_DEPTH 4
#define SP_INVENTORY_WORK ((gsize)16 * 1024 * 1024) /* bytes: reader.h, sp_find_allowance() */
/* Bytes of carriers within carriers that are read in one file. Blocks of a hostile file may all
 * hold, or point to, the same bytes; real ones hold each other a few times at most. */
#define SP_INVENTORY_WITHIN ((gsize)256 * 1024 * 1024)

typedef struct {
    SpCarrier carrier;
    guint32 kind; /* of the first one; rows are by carrier and kind */
    guint32 reveals;
    guint count;
    guint64 n_bytes;
} SpInventoryRow;

typedef struct SpInventory SpInventory;

/* A value that is told to a person at a terminal; the bytes are borrowed for the call. */
typedef void (*SpValueFunc)(guint32 category, const char *name, SpSlice value, gpointer data);

SpInventory *sp_inventory_new(void);
void sp_inventory_free(SpInventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpInventory, sp_inventory_free)

/* Tell values too, from now on. */
void sp_inventory_tell_values(SpInventory *inventory, SpValueFunc func, gpointer data);

/* An SpPartFunc: data is an SpInventory, or NULL for nobody who listens. */
void sp_inventory_add(const SpPart *part, gpointer data);

/* Of all parts so far. */
guint32 sp_inventory_reveals(const SpInventory *inventory);
/* In the order of the first part of each; borrowed. */
const SpInventoryRow *sp_inventory_rows(const SpInventory *inventory, guint *ret_n);

G_END_DECLS
#endif
