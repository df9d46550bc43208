/* SPDX-License-Identifier: MIT */
/* walk.h -- what every walker finds in an upload, whatever its container.
 *
 * A walker reads a file as bytes: it tells each part to a callback, notes what is to be left
 * out, and gives the *slim view*: what a decoder needs of the file and nothing else. No pixel
 * is decoded, nothing is inflated, nothing is allocated by a number that the file names. */
#ifndef SP_CONTAINER_WALK_H
#define SP_CONTAINER_WALK_H
#include <glib.h>
G_BEGIN_DECLS

/* A range of bytes that outlives the walk: of the upload, or of static storage. */
typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n;
} SpSlice;

/* Called for each part of a file, in file order, for the inventory. kind is the container's own
 * name of it, a JPEG marker for one; 0 is what stands behind the end. payload is without the
 * name and the length. */
typedef void (*SpPartFunc)(guint32 kind, const guint8 *payload, gsize n, gpointer data);

/* Everything in a file that says what its colours mean. Which of them is believed is decided by
 * render/colour.h. */
typedef struct {
    GBytes *icc;        /* owned; whole, not looked into; NULL when absent or incomplete */
    gboolean adobe_rgb; /* EXIF's interoperability index is R03 */
} SpColourTags;

void sp_colour_tags_clear(SpColourTags *tags);

/* Append bytes to the slim view; a slice that goes on where the last one ends is merged. */
void sp_slim_add(GArray *slim, const void *bytes, gsize n);
/* Sum of the slices. */
gsize sp_slim_size(const GArray *slim);
/* The slim view in one piece: borrowed (a static or upload's range, no copy) where it is one
 * slice, else new. NULL with SP_ERROR_TOO_MUCH_MEMORY. Owned by the caller; the walk and the
 * upload must outlive it. */
GBytes *sp_slim_join(const GArray *slim, GError **error);

G_END_DECLS
#endif
