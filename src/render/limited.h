/* SPDX-License-Identifier: MIT */
/* limited.h -- a picture's colours in WebP's range, rounded once.
 *
 * WebP is limited-range BT.601: luma from 16 to 235, chroma from 16 to 240 (RFC 6386 section
 * 9.2, and libwebp's own conversion). Of samples that are rounded to 255 steps first and to 219
 * after that, one of seven falls together with its neighbour: a soft gradient becomes uneven,
 * which is seen, and WebP takes some 4 % more bytes for the same SSIMULACRA2. */
#ifndef SP_RENDER_LIMITED_H
#define SP_RENDER_LIMITED_H
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_LIMITED_BLACK 16
#define SP_LIMITED_WHITE 235
#define SP_LIMITED_LUMA 219   /* steps from black to white */
#define SP_LIMITED_CHROMA 224 /* steps in all; 128 is the middle */

/* Of n / 65535 the whole, exactly: n at most 65535 * 65536. */
static inline guint32
sp_limited_by_full(guint32 n)
{
    return (n + 1 + (n >> 16)) >> 16;
}

/* v: 65535 is full. */
static inline guint8
sp_limited_luma(guint32 v)
{
    return (guint8)sp_limited_by_full(v * SP_LIMITED_LUMA + SP_LIMITED_BLACK * 65535u + 32767);
}

/* difference: from the middle, at most 32768 to either side. */
static inline guint8
sp_limited_chroma(gint32 difference)
{
    gint32 n = difference * SP_LIMITED_CHROMA + 128 * 65535 + 32767;
    return (guint8)sp_limited_by_full((guint32)n);
}

/* Of a picture in sRGB of 16 bits, GREY or YCC without alpha, make a finished one: of 8 bits,
 * and limited too. SP_ERROR_TOO_MUCH_MEMORY, and the picture can only be cleared then. */
gboolean sp_limited_round(SpPicture *picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Limited planes for a picture of that model, not filled in. */
gboolean sp_limited_add(SpPicture *picture, SpModel model, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* From a plane of 8 bits, by a second rounding: for a picture without limited planes. */
void sp_limited_plane(const SpPlane *from, gboolean is_chroma, SpPlane *to);

G_END_DECLS
#endif
