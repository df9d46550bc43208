/* SPDX-License-Identifier: MIT */
/* inventory-fixture.h -- reading one carrier's content, whole and cut after every byte.
 *
 * Contents are copied into blocks of exactly their size, and every byte of each value is read:
 * a sanitizer then sees what lies outside. */
#ifndef SP_TESTS_INVENTORY_FIXTURE_H
#define SP_TESTS_INVENTORY_FIXTURE_H
#include <string.h>

#include "inventory/inventory.h"
#include "inventory/short-names.h"

#define TEXT(text) (text), sizeof(text) - 1

typedef struct {
    const char *name;
    const char *bytes;
    gsize n;
    guint32 reveals;
} ContentCase;

/* What was heard: "name=value\n" each, and the categories of all of it. */
typedef struct {
    GString *values;
    guint32 categories;
} Heard;

static inline void
hear_value(guint32 category, const char *name, SpSlice value, gpointer data)
{
    Heard *heard = data;
    g_assert_true(category != 0 && (category & (category - 1)) == 0);
    heard->categories |= category;
    g_assert_cmpstr(name, !=, "");
    g_string_append_printf(heard->values, "%s=", name);
    g_string_append_len(heard->values, (const char *)value.bytes, (gssize)value.n);
    g_string_append_c(heard->values, '\n');
}

/* New, owned by the caller. values may be NULL: nobody hears them. */
static inline SpInventory *
read_content(SpCarrier carrier, guint32 kind, const void *bytes, gsize n, Heard *heard)
{
    SpInventory *inventory = sp_inventory_new();
    g_autofree guint8 *copy = n > 0 ? g_memdup2(bytes, n) : g_malloc(1);
    SpPart part = {carrier, kind, {copy, n}, n};
    if (heard != NULL)
        sp_inventory_tell_values(inventory, hear_value, heard);
    sp_inventory_add(&part, inventory);
    return inventory;
}

static inline guint32
content_reveals(SpCarrier carrier, guint32 kind, const void *bytes, gsize n)
{
    g_autoptr(SpInventory) inventory = read_content(carrier, kind, bytes, n, NULL);
    return sp_inventory_reveals(inventory);
}

/* Is there a row of that carrier? */
static inline gboolean
has_row(const SpInventory *inventory, SpCarrier carrier)
{
    guint n = 0;
    const SpInventoryRow *rows = sp_inventory_rows(inventory, &n);
    for (guint i = 0; i < n; i++) {
        if (rows[i].carrier == carrier)
            return TRUE;
    }
    return FALSE;
}

/* "location time", for messages; owned by the caller. */
static inline char *
slugs_of(guint32 bits)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if ((bits & 1u << i) != 0)
            g_string_append_printf(text, "%s ", sp_category_slug(i));
    }
    return g_string_free(text, FALSE);
}

/* Each case reveals what it says; cut after every byte it reveals whatever is left, read within
 * its bytes; and listening to values changes nothing. */
static inline void
assert_contents(SpCarrier carrier, guint32 kind, const ContentCase *cases, gsize n_cases)
{
    for (gsize i = 0; i < n_cases; i++) {
        const ContentCase *c = &cases[i];
        guint32 got = content_reveals(carrier, kind, c->bytes, c->n);
        g_autofree char *got_slugs = slugs_of(got);
        g_autofree char *slugs = slugs_of(c->reveals);
        if (got != c->reveals)
            g_error("%s: reveals '%s', not '%s'", c->name, got_slugs, slugs);
        for (gsize cut = 0; cut <= c->n; cut++) {
            g_autoptr(GString) values = g_string_new(NULL);
            Heard heard = {values, 0};
            g_autoptr(SpInventory) inventory =
                read_content(carrier, kind, c->bytes, cut, &heard);
            guint32 reveals = sp_inventory_reveals(inventory);
            g_assert_cmphex(heard.categories & ~reveals, ==, 0);
            g_assert_cmphex(content_reveals(carrier, kind, c->bytes, cut), ==, reveals);
        }
    }
}

#endif
