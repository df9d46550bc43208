/* SPDX-License-Identifier: MIT */
/* inspect.c -- walk a file for its inventory, and put that into a message.
 *
 * The walkers are those of the renderers, so what is refused there is refused here; what a
 * walker told before it failed is said all the same. */
#include "inventory/inspect.h"
#include "base/error.h"
#include "container/walkers.h"
#include "inventory/inventory.h"
#include <stddef.h>
#include <string.h>

G_STATIC_ASSERT(SP_INVENTORY_ROWS <= SP_WIRE_CARRIERS);

/* How much of a value is told: all of it, or what ends at a character's border. */
static gsize
told_bytes(SpSlice value)
{
    gsize n = MIN(value.n, SP_WIRE_VALUE);
    for (guint i = 0; n < value.n && i < 3 && n > 0 && (value.bytes[n] & 0xC0) == 0x80; i++)
        n--;
    return n;
}

void
sp_inspect_add_value(guint32 category, const char *name, SpSlice value, gpointer data)
{
    SpWireInspection *inspection = data;
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    gsize n_name = MIN(strlen(valid), G_MAXUINT16);
    gsize n_value = told_bytes(value);
    SpWireValue head = {category, (guint16)n_name, (guint16)n_value};
    gsize room = sizeof inspection->values - inspection->n_values;
    if (n_value < value.n)
        inspection->values_cut = 1;
    if (n_name == 0 || sizeof head + n_name + n_value > room) {
        inspection->values_cut = 1;
        return;
    }
    guint8 *to = inspection->values + inspection->n_values;
    to = mempcpy(to, &head, sizeof head);
    to = mempcpy(to, valid, n_name);
    if (n_value > 0)
        memcpy(to, value.bytes, n_value);
    inspection->n_values += (guint32)(sizeof head + n_name + n_value);
}

/* NULL: none takes it, and error says why. */
static SpWalkFunc
find_walker(const guint8 *bytes, gsize n, SpWireInspection *inspection, GError **error)
{
    if (n == 0)
        return sp_throw_null(error, SP_ERROR_EMPTY, "the file is empty");
    const SpSniffed *sniffed = sp_sniff(bytes, n);
    if (sniffed == NULL)
        return sp_throw_null(error, SP_ERROR_NOT_AN_IMAGE, "not a picture in any known format");
    if (sniffed->format >= SP_FORMAT_COUNT)
        return sp_throw_null(error, SP_ERROR_UNSUPPORTED, "%s is not accepted", sniffed->title);
    inspection->format = sniffed->format;
    return sp_walker(sniffed->format);
}

/* Without EOI nobody can say where the picture is over: whatever stands behind it may be taken
 * for its data. All is told, and nothing is proved. */
static gboolean
throw_open_end(GError **error)
{
    return sp_throw(error, SP_ERROR_TRUNCATED,
                    "ends without a mark of its end (EOI): what is not picture data is not "
                    "known");
}

static gboolean
walk(const guint8 *bytes, gsize n, SpInventory *inventory, SpWireInspection *inspection,
     GError **error)
{
    SpWalkFunc walker = find_walker(bytes, n, inspection, error);
    if (walker == NULL)
        return FALSE;
    g_auto(SpWalk) found = {0};
    gboolean done = walker(bytes, n, sp_inventory_add, inventory, &found, error);
    inspection->width = found.width;
    inspection->height = found.height;
    if (done && found.cut && inspection->format == SP_FORMAT_JPEG)
        return throw_open_end(error);
    return done;
}

static void
add_rows(const SpInventory *inventory, SpWireInspection *inspection)
{
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &inspection->n_carriers);
    for (guint i = 0; i < inspection->n_carriers; i++)
        inspection->carriers[i] = (SpWireCarrier){
            .carrier = (guint32)rows[i].carrier,
            .kind = rows[i].kind,
            .reveals = rows[i].reveals,
            .count = rows[i].count,
            .bytes = rows[i].n_bytes,
        };
    inspection->reveals = sp_inventory_reveals(inventory);
}

void
sp_inspect_bytes(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    g_autoptr(GError) error = NULL;
    SpWireHeader header = inspection->header;
    memset(inspection, 0, offsetof(SpWireInspection, values)); /* the rest is never sent */
    inspection->header = header;
    inspection->format = SP_FORMAT_COUNT;
    if (values)
        sp_inventory_tell_values(inventory, sp_inspect_add_value, inspection);
    if (!walk(bytes, n, inventory, inspection, &error))
        sp_wire_inspection_error(inspection, error);
    add_rows(inventory, inspection);
}
