/* SPDX-License-Identifier: MIT */
/* heif-slim.h -- write the slim view of a resolved picture; for heif.c. */
#ifndef SP_CONTAINER_HEIF_SLIM_H
#define SP_CONTAINER_HEIF_SLIM_H
#include "container/heif-picture.h"
G_BEGIN_DECLS

/* Append a whole file to slim: a head, which is new and goes to made, and the coded data, which
 * is pointed to where it lies. max_data: bytes of coded data, each counted once. Errors:
 * SP_ERROR_TOO_MUCH_WORK. */
gboolean sp_heif_slim(const SpHeifPicture *picture, gsize max_data, GPtrArray *made,
                      GArray *slim, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
