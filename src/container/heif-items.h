/* SPDX-License-Identifier: MIT */
/* heif-items.h -- what items of a HEIF file are, and bytes that belong to none; for heif.c. */
#ifndef SP_CONTAINER_HEIF_ITEMS_H
#define SP_CONTAINER_HEIF_ITEMS_H
#include "container/heif-meta.h"
G_BEGIN_DECLS

/* Tell each item, in the order of the file; their contents have at most n_max bytes together.
 * is_resolved: whether it is known what the picture is made of; else the primary item and what
 * it is derived from count as the picture. Adds to ret_used (of SpSlice) where items have their
 * data. */
void sp_heif_tell_items(const SpHeifMeta *meta, gboolean is_resolved, gsize n_max,
                        SpPartFunc part, gpointer data, GArray *ret_used);

/* Tell the bytes of places that lie in none of the ranges of used, but not those that are zero.
 * places: of SpHeifBox, whose payloads do not overlap. used: of SpSlice, in any order, which
 * may overlap. Both are sorted by this. All of it lies within one file. n log n. */
void sp_heif_tell_slack(GArray *places, GArray *used, SpCarrier carrier, SpPartFunc part,
                        gpointer data);

/* EXIF of the primary picture says Adobe RGB. */
gboolean sp_heif_is_adobe_rgb(const SpHeifMeta *meta);

G_END_DECLS
#endif
