/* SPDX-License-Identifier: MIT */
/* heif-keys.c -- from an item's number to its entry in a table.
 *
 * An array that is sorted once. No hash: the numbers are a stranger's, and he may choose them
 * to collide. */
#include "container/heif-keys.h"

/* An item's number, and where its entry stands in the table. */
typedef struct {
    guint32 id;
    guint at;
} Key;

static gint
compare_keys(gconstpointer a, gconstpointer b)
{
    const Key *left = a, *right = b;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

GArray *
sp_heif_keys_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(Key));
}

void
sp_heif_add_key(GArray *keys, guint32 id)
{
    Key key = {id, keys->len};
    g_array_append_val(keys, key);
}

void
sp_heif_sort_keys(GArray *keys)
{
    g_array_sort(keys, compare_keys);
}

gboolean
sp_heif_find_key(const GArray *keys, guint32 id, guint *ret_at)
{
    guint low = 0, high = keys->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(keys, Key, middle).id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == keys->len || g_array_index(keys, Key, low).id != id)
        return FALSE;
    *ret_at = g_array_index(keys, Key, low).at;
    return TRUE;
}
