/* SPDX-License-Identifier: MIT */
/* trailing.h -- what stands behind the end of a picture. */
#ifndef SP_CONTAINER_TRAILING_H
#define SP_CONTAINER_TRAILING_H
#include <glib.h>
G_BEGIN_DECLS

/* SpCategory bits: SP_CATEGORY_TRAILING, with SP_CATEGORY_SECOND_PICTURE or SP_CATEGORY_VIDEO
 * where one begins in it, of any format that is taken. n is 1 or more. Linear. */
guint32 sp_trailing_bits(const guint8 *bytes, gsize n);

G_END_DECLS
#endif
