/* SPDX-License-Identifier: MIT */
/* heif-parts.h -- what the parts of a HEIF file are that are no picture; for heif.c. */
#ifndef SP_CONTAINER_HEIF_PARTS_H
#define SP_CONTAINER_HEIF_PARTS_H
#include "container/heif-meta.h"
G_BEGIN_DECLS

/* Is a box of that type known at the top of a file? */
gboolean sp_heif_is_top_box(guint32 type);
/* SpCategory bits of a box at the top of a file; 0 for meta, which has bits of its own. */
guint32 sp_heif_top_bits(const SpHeifBox *box);
/* SpCategory bits of the children of a meta box, of its items that are not kept, and of
 * properties. payload: of that meta box. */
guint32 sp_heif_meta_bits(const SpHeifMeta *meta, SpSlice payload);

/* Tell each item that has data, in the order of the file, all of them at most n_max bytes;
 * FALSE when some were not told for that. */
gboolean sp_heif_tell_items(const SpHeifMeta *meta, gsize n_max, SpPartFunc part,
                            gpointer data);

/* EXIF of the primary picture says Adobe RGB. */
gboolean sp_heif_is_adobe_rgb(const SpHeifMeta *meta);

G_END_DECLS
#endif
