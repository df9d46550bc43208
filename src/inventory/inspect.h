/* SPDX-License-Identifier: MIT */
/* inspect.h -- one function from a file's bytes to what they would reveal.
 *
 * The sealed inspector, its fuzz target and tests call it; no pixel is decoded. */
#ifndef SP_INVENTORY_INSPECT_H
#define SP_INVENTORY_INSPECT_H
#include "container/walk.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* Fill all of *inspection but its header and what lies behind n_values bytes of values. values:
 * whether to tell values too. When the file is refused, code and message say why, and all that
 * was found before is told. */
void sp_inspect_bytes(const guint8 *bytes, gsize n, gboolean values,
                      SpWireInspection *inspection);

/* An SpValueFunc, data is an SpWireInspection: one more record. A value is cut at SP_WIRE_VALUE
 * bytes; what finds no room is left out; values_cut says so. */
void sp_inspect_add_value(guint32 category, const char *name, SpSlice value, gpointer data);

G_END_DECLS
#endif
