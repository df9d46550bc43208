/* SPDX-License-Identifier: MIT */
/* jpeg-marker.c -- where the markers of a JPEG stand, as libjpeg finds them (jdmarker.c,
 * jdhuff.c).
 *
 * What they mean is for jpeg.c. However small the pieces are in which a file comes, the work is
 * that of a whole one: nothing is looked at again, but FF when there is twice as much of it. */
#include "container/jpeg-marker.h"

#include <string.h>

#include "base/bytes.h"

/* Does a decoder step over FF and that byte, outside of entropy data? */
static gboolean
is_nothing(guint byte)
{
    return byte <= 0x01 || (byte >= 0xD0 && byte <= 0xD7); /* stuffed zero, TEM, RST0 to RST7 */
}

gsize
sp_jpeg_find_marker(const guint8 *bytes, gsize n, gsize at, gsize *ret_fill)
{
    while (at < n) {
        const guint8 *found = memchr(bytes + at, 0xFF, n - at);
        *ret_fill = found ? (gsize)(found - bytes) : n;
        for (at = *ret_fill; at < n && bytes[at] == 0xFF;)
            at++;
        if (at == n || !is_nothing(bytes[at]))
            return at;
        at++;
    }
    *ret_fill = n;
    return n;
}

/* A stuffed zero and restart markers belong to the data. libjpeg takes FF FF 00 for FF 00, so
 * that is data, too. */
gsize
sp_jpeg_find_scan_end(const guint8 *bytes, gsize at, gsize n, gboolean *ret_found,
                      gboolean *filled)
{
    *ret_found = FALSE;
    while (at < n) {
        const guint8 *found = memchr(bytes + at, 0xFF, n - at);
        if (found == NULL)
            return n;
        gsize start = (gsize)(found - bytes);
        for (at = start; at < n && bytes[at] == 0xFF;)
            at++;
        *ret_found = at < n && bytes[at] != 0 && (bytes[at] < 0xD0 || bytes[at] > 0xD7);
        if (at == n || *ret_found)
            return start;
        if (bytes[at] == 0 && at - start > 1)
            *filled = TRUE;
        at++;
    }
    return n;
}

void
sp_jpeg_await_segment(SpSource *source, gsize at)
{
    gsize marker = sp_jpeg_find_marker(source->bytes, source->n, at, &at);
    while (marker == source->n && !source->at_end) {
        sp_source_reach(source, marker + MAX(1, marker - at));
        marker = sp_jpeg_find_marker(source->bytes, source->n, at, &at);
    }
    if (!sp_source_reach(source, marker + 3))
        return;
    gsize length = sp_get16be(source->bytes + marker + 1);
    sp_source_reach(source, marker + 1 + MAX(length, 2));
}
