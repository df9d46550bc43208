/* SPDX-License-Identifier: MIT */
/* exif.h -- the two things of an EXIF block that change the picture itself. */
#ifndef SP_CONTAINER_EXIF_H
#define SP_CONTAINER_EXIF_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
    guint orientation;  /* 1 to 8; anything else in the file counts as 1 */
    gboolean adobe_rgb; /* interoperability index R03 */
} SpExifLook;

/* bytes: from "II" or "MM" on. Never fails: what cannot be read is its default.
 * Bounded work, no allocation, no read past the end, no recursion. */
SpExifLook sp_exif_look(const guint8 *bytes, gsize n);

G_END_DECLS
#endif
