/* SPDX-License-Identifier: MIT */
/* jpeg-marker.h -- where the markers of a JPEG stand, as libjpeg finds them; for jpeg.c. */
#ifndef SP_CONTAINER_JPEG_MARKER_H
#define SP_CONTAINER_JPEG_MARKER_H
#include "base/source.h"
G_BEGIN_DECLS

/* Where the second byte of the next marker stands, from at on and outside of entropy data; n
 * when there is none. FF before a marker is fill; a stuffed zero, TEM and restart markers are
 * nothing. *ret_fill: where the FF stands that it begins with, its fill bytes included; without
 * a marker, where to look again when there is more. */
gsize sp_jpeg_find_marker(const guint8 *bytes, gsize n, gsize at, gsize *ret_fill);

/* Where the marker stands that ends the entropy data from at on, with its fill bytes;
 * *ret_found is FALSE when none does: then what stands before it is data, and the rest, if any,
 * is FF, of which only what follows can say what it is. *filled becomes TRUE where FF stands
 * before a stuffed FF 00, else stays. */
gsize sp_jpeg_find_scan_end(const guint8 *bytes, gsize at, gsize n, gboolean *ret_found,
                            gboolean *filled);

/* Wait until the next marker from at on is there with its segment (of a scan, its header), or
 * the source has ended. Of a marker without a segment, it may wait for what stands behind. */
void sp_jpeg_await_segment(SpSource *source, gsize at);

G_END_DECLS
#endif
