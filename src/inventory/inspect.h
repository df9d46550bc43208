/* SPDX-License-Identifier: MIT */
/* inspect.h -- one function from a file's bytes to what they would reveal.
 *
 * The sealed inspector, its fuzz target and tests call it; no pixel is decoded. */
#ifndef SP_INVENTORY_INSPECT_H
#define SP_INVENTORY_INSPECT_H
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* Fill all of *inspection but its header. values: whether to tell values too. */
void sp_inspect_bytes(const guint8 *bytes, gsize n, gboolean values,
                      SpWireInspection *inspection);

G_END_DECLS
#endif
