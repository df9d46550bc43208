/* SPDX-License-Identifier: MIT */
/* inventory.c -- one row a kind of carrier, and the table of readers.
 *
 * A carrier without a line in readers[] reveals what its line in base/carrier.c says. */
#include "inventory/inventory.h"

#include "inventory/reader.h"

struct SpInventory {
    SpInventoryRow rows[SP_INVENTORY_ROWS];
    guint n;
    guint32 reveals;
    gsize work;             /* what readers have used of SP_INVENTORY_WORK */
    gsize within;           /* the same of SP_INVENTORY_WITHIN */
    SpValueFunc value_func; /* may be NULL */
    gpointer value_data;
};

struct SpFinder {
    SpInventory *inventory; /* borrowed */
    guint32 kind;
    guint32 found; /* SpCategory bits */
    guint depth;   /* carriers that this one lies within */
};

static const SpReadFunc readers[SP_CARRIER_COUNT] = {
    [SP_CARRIER_EXIF] = sp_read_exif,
    [SP_CARRIER_XMP] = sp_read_xmp,
    [SP_CARRIER_XMP_EXTENDED] = sp_read_xmp_piece,
    [SP_CARRIER_IPTC] = sp_read_iptc,
    [SP_CARRIER_PHOTOSHOP] = sp_read_photoshop,
    [SP_CARRIER_ICC] = sp_read_icc,
    [SP_CARRIER_COMMENT] = sp_read_comment,
    [SP_CARRIER_EXIF_THUMBNAIL] = sp_read_thumbnail,
    [SP_CARRIER_PHOTOSHOP_THUMBNAIL] = sp_read_thumbnail,
    [SP_CARRIER_TEXT] = sp_read_text,
    [SP_CARRIER_TIME] = sp_read_time,
    [SP_CARRIER_PROVENANCE] = sp_read_jumbf,
    [SP_CARRIER_SEQUENCE] = sp_read_movie,
    [SP_CARRIER_VIDEO] = sp_read_movie,
    [SP_CARRIER_DUCKY] = sp_read_ducky,
    [SP_CARRIER_MAKER] = sp_read_vendor,
    [SP_CARRIER_PROGRAM] = sp_read_vendor,
    [SP_CARRIER_TRAILER] = sp_read_trailer,
    [SP_CARRIER_TRAILER_VIDEO] = sp_read_movie,
    [SP_CARRIER_TRAILER_MAKER] = sp_read_samsung,
};

SpInventory *
sp_inventory_new(void)
{
    return g_new0(SpInventory, 1);
}

void
sp_inventory_free(SpInventory *inventory)
{
    g_free(inventory);
}

void
sp_inventory_tell_values(SpInventory *inventory, SpValueFunc func, gpointer data)
{
    inventory->value_func = func;
    inventory->value_data = data;
}

/* The row of that carrier and kind. When there is no room for another one, the last row takes
 * everything: as an unknown carrier. */
static SpInventoryRow *
find_row(SpInventory *inventory, SpCarrier carrier, guint32 kind)
{
    for (guint i = 0; i < inventory->n; i++) {
        SpInventoryRow *row = &inventory->rows[i];
        if (row->carrier == carrier && row->kind == kind)
            return row;
    }
    SpInventoryRow *last = &inventory->rows[SP_INVENTORY_ROWS - 1];
    if (inventory->n == SP_INVENTORY_ROWS)
        return last;
    SpInventoryRow *row = &inventory->rows[inventory->n++];
    row->carrier = row == last ? SP_CARRIER_UNKNOWN : carrier;
    row->kind = row == last ? 0 : kind;
    return row;
}

/* May what lies within another carrier be read? */
static gboolean
may_read_within(SpInventory *inventory, const SpPart *part, guint depth)
{
    if (depth >= SP_INVENTORY_DEPTH ||
        part->content.n > SP_INVENTORY_WITHIN - inventory->within)
        return FALSE;
    inventory->within += part->content.n;
    return TRUE;
}

/* read is NULL for the reader that the carrier has, if any. */
static void
add(SpInventory *inventory, const SpPart *part, guint depth, SpReadWithFunc read,
    gconstpointer data)
{
    if (part->carrier == SP_CARRIER_PICTURE)
        return;
    SpInventoryRow *row = find_row(inventory, part->carrier, part->kind);
    SpFinder finder = {inventory, part->kind, sp_carrier_info(part->carrier)->reveals, depth};
    row->count += row->count < G_MAXUINT ? 1 : 0;
    row->n_bytes += part->n_bytes;
    gboolean is_readable = read != NULL || readers[part->carrier] != NULL;
    if (is_readable && depth > 0 && !may_read_within(inventory, part, depth))
        sp_find(&finder, SP_CATEGORY_UNKNOWN);
    else if (read != NULL)
        read(part->content, &finder, data);
    else if (is_readable)
        readers[part->carrier](part->content, &finder);
    row->reveals |= finder.found;
    inventory->reveals |= finder.found;
}

void
sp_inventory_add(const SpPart *part, gpointer data)
{
    if (data != NULL)
        add(data, part, 0, NULL, NULL);
}

void
sp_find(SpFinder *finder, guint32 categories)
{
    finder->found |= categories;
}

void
sp_find_value(SpFinder *finder, guint32 categories, const char *name, SpSlice value)
{
    finder->found |= categories;
    if (finder->inventory->value_func == NULL)
        return;
    if (name[0] ==
        '\0') /* a stranger's file may call it nothing; a value without is not shown */
        name = "?";
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if ((categories & 1u << i) != 0)
            finder->inventory->value_func(1u << i, name, value, finder->inventory->value_data);
    }
}

gboolean
sp_find_wants_values(const SpFinder *finder)
{
    return finder->inventory->value_func != NULL;
}

guint32
sp_find_kind(const SpFinder *finder)
{
    return finder->kind;
}

gsize
sp_find_allowance(SpFinder *finder, gsize n)
{
    SpInventory *inventory = finder->inventory;
    gsize given = MIN(n, SP_INVENTORY_WORK - inventory->work);
    inventory->work += given;
    return given;
}

gboolean
sp_find_afford(SpFinder *finder, gsize n)
{
    if (n <= SP_INVENTORY_WORK - finder->inventory->work) {
        finder->inventory->work += n;
        return TRUE;
    }
    sp_find(finder, SP_CATEGORY_UNKNOWN);
    return FALSE;
}

void
sp_find_give_back(SpFinder *finder, gsize n)
{
    finder->inventory->work -= MIN(n, finder->inventory->work);
}

void
sp_find_part(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content)
{
    sp_find_part_with(finder, carrier, kind, content, NULL, NULL);
}

void
sp_find_part_of(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content,
                guint64 n_bytes)
{
    SpPart part = {carrier, kind, content, n_bytes};
    add(finder->inventory, &part, finder->depth + 1, NULL, NULL);
}

void
sp_find_part_with(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content,
                  SpReadWithFunc read, gconstpointer data)
{
    SpPart part = {carrier, kind, content, content.n};
    add(finder->inventory, &part, finder->depth + 1, read, data);
}

guint32
sp_inventory_reveals(const SpInventory *inventory)
{
    return inventory->reveals;
}

const SpInventoryRow *
sp_inventory_rows(const SpInventory *inventory, guint *ret_n)
{
    *ret_n = inventory->n;
    return inventory->rows;
}
