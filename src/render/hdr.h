/* SPDX-License-Identifier: MIT */
/* hdr.h -- PQ and HLG (ITU-R BT.2100) on a page that has no more than white.
 *
 * White is 203 cd/m2 (ITU-R BT.2408) and becomes the page's white, as long as nothing in the
 * picture is brighter. Else room is made for what is: up to half of white's light nothing
 * changes, above it the light is rolled off, so that the picture's own peak becomes 255 and
 * white about 225 at the least. So a screenshot's paper stays white, and a sky keeps its
 * clouds. The curve is extended Reinhard (Reinhard et al. 2002, eq. 4) from the half on.
 *
 * R, G and B are dimmed by one factor, by their largest: hue and saturation stay. HLG is shown
 * as on BT.2100's reference display: 1000 cd/m2, system gamma 1.2.
 *
 * A colour outside sRGB is moved towards the grey of its own luminance until it is inside.
 * Clipped by component it would change its hue; compressed softly, with what is inside, pure
 * red would be red no more. */
#ifndef SP_RENDER_HDR_H
#define SP_RENDER_HDR_H
#include <glib.h>
G_BEGIN_DECLS

typedef enum { SP_HDR_NONE, SP_HDR_PQ, SP_HDR_HLG } SpHdrCurve;

typedef struct SpHdr SpHdr;

/* matrix: from the picture's linear R, G, B to sRGB's. */
SpHdr *sp_hdr_new(SpHdrCurve curve, const double matrix[3][3]);
void sp_hdr_free(SpHdr *hdr);

/* How bright a picture is: {0} at first. */
typedef struct {
    guint64 n; /* pixels */
    guint32 brighter[4096];
} SpHdrPeak;

/* Rows are chunky R', G', B' of 16 bits. Every row is measured before the first is converted.
 */
void sp_hdr_measure_row(const SpHdr *hdr, const guint16 *rgb, guint width, SpHdrPeak *peak);
/* In units of white, 1 or more. One pixel in a thousand may be brighter: a glint, or what the
 * resize made of an edge. */
float sp_hdr_peak(const SpHdrPeak *peak);
/* To sRGB, in place. */
void sp_hdr_row(const SpHdr *hdr, float peak, guint16 *rgb, guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHdr, sp_hdr_free)
G_END_DECLS
#endif
