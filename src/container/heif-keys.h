/* SPDX-License-Identifier: MIT */
/* heif-keys.h -- from an item's number to its entry in a table; for heif-meta.c. */
#ifndef SP_CONTAINER_HEIF_KEYS_H
#define SP_CONTAINER_HEIF_KEYS_H
#include <glib.h>
G_BEGIN_DECLS

/* A new table of keys, freed by g_array_unref(). */
GArray *sp_heif_keys_new(void);
/* Add the number of the next entry: of the one in the place that keys has entries so far. */
void sp_heif_add_key(GArray *keys, guint32 id);
/* Once, when all are there. */
void sp_heif_sort_keys(GArray *keys);
/* Where the first entry of that number stands; FALSE when there is none. keys are sorted. */
gboolean sp_heif_find_key(const GArray *keys, guint32 id, guint *ret_at);

G_END_DECLS
#endif
