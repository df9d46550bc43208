/* SPDX-License-Identifier: MIT */
/* exif-tags.h -- which tag of EXIF reveals what, and what it is called. */
#ifndef SP_INVENTORY_EXIF_TAGS_H
#define SP_INVENTORY_EXIF_TAGS_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
    guint16 tag;
    guint32 categories; /* SpCategory bits; 0: harmless, or told in another way */
    const char *name;   /* as ExifTool calls it */
} SpExifTag;

/* Of a tag in IFD0, IFD1, the Exif or the interoperability directory, or in the GPS directory.
 * NULL for one that is in neither table; static. */
const SpExifTag *sp_exif_tag_find(gboolean gps, guint tag);

/* Most bytes that a harmless value of that tag may have, as text or as numbers; what is longer
 * is something else. */
#define SP_EXIF_TAG_ROOM 16 /* of most tags */
gsize sp_exif_tag_room(guint tag, gboolean is_text);
/* Is it of those that hold offsets into the TIFF, or sizes of what is there? */
gboolean sp_exif_tag_is_list(guint tag);

G_END_DECLS
#endif
