/* SPDX-License-Identifier: MIT */
/* heif-parts.h -- what boxes and properties of a HEIF file are; for heif.c. */
#ifndef SP_CONTAINER_HEIF_PARTS_H
#define SP_CONTAINER_HEIF_PARTS_H
#include "container/heif-meta.h"
G_BEGIN_DECLS

/* Is a box of that type known at the top of a file? */
gboolean sp_heif_is_top_box(guint32 type);
/* Tell a box at the top of a file. part may be NULL, here and below. Of meta and mdat only that
 * they are there: what is in them is told by itself. */
void sp_heif_tell_top_box(const SpHeifBox *box, SpPartFunc part, gpointer data);
/* Tell the children of a meta box that are no table, what stands behind the entries of the
 * tables, and properties, whether an item has them or not. */
void sp_heif_tell_meta(const SpHeifMeta *meta, SpPartFunc part, gpointer data);

/* Is it a name that programs give to items and handlers, whatever is in them? Of no bytes, too.
 */
gboolean sp_heif_is_usual_name(SpSlice name);

G_END_DECLS
#endif
