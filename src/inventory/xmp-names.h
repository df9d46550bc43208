/* SPDX-License-Identifier: MIT */
/* xmp-names.h -- what the properties of XMP reveal; for xmp.c. */
#ifndef SP_INVENTORY_XMP_NAMES_H
#define SP_INVENTORY_XMP_NAMES_H
#include "container/walk.h"
G_BEGIN_DECLS

/* No property of anything that we know. */
#define SP_XMP_UNKNOWN G_MAXUINT32

/* The usual prefix of the namespace with that address, static; NULL for one that nobody here
 * knows. */
const char *sp_xmp_usual_prefix(SpSlice address);
/* SpCategory bits (0: harmless) of the property local in the namespace of that usual prefix, or
 * SP_XMP_UNKNOWN. Neither prefix nor local has to end in a NUL. */
guint32 sp_xmp_bits(SpSlice prefix, SpSlice local);

G_END_DECLS
#endif
