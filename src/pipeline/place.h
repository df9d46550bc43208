/* SPDX-License-Identifier: MIT */
/* place.h -- what a container calls one of its parts. */
#ifndef SP_PIPELINE_PLACE_H
#define SP_PIPELINE_PLACE_H
#include "container/sniff.h"
G_BEGIN_DECLS

#define SP_PLACE_SIZE 16 /* as in SpFinding */

/* "APP1", "COM", "tEXt", "item Exif", "application"; "" for what has no name (kind 0). kind is
 * any number (SpPart.kind, from over the wall); the text is one of our own whatever it is:
 * "chunk", "box", "marker", "extension" or "part" for a name that is in no specification. */
void sp_place(SpFormat format, guint32 kind, char ret_place[SP_PLACE_SIZE]);

G_END_DECLS
#endif
