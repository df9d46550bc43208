/* SPDX-License-Identifier: MIT */
/* geometry.h -- sizes, orientation, and which part of a source plane an output plane covers.
 *
 * Pure arithmetic, no pixels. Two pictures are spoken of: the *coded* one, as it stands in the
 * upload, and the *upright* one, as it is published. Resizing is done in coded orientation; the
 * small planes are turned afterwards (turn.h). */
#ifndef SP_RENDER_GEOMETRY_H
#define SP_RENDER_GEOMETRY_H
#include "preset/preset.h"
G_BEGIN_DECLS

typedef struct {
    guint width, height;
} SpSize;

/* A part of a picture, in the picture's own pixels; fractional. */
typedef struct {
    double left, top, width, height;
} SpRegion;

/* EXIF orientation (CIPA DC-008, tag 0x0112) as two mirrorings of the coded picture and then an
 * exchange of rows and columns. */
typedef struct {
    gboolean flip_x, flip_y, transpose;
} SpTurn;

/* orientation: 1 to 8. */
SpTurn sp_geometry_turn(guint orientation);

/* The same size seen from the other side of the turn. */
SpSize sp_geometry_turned(SpSize size, SpTurn turn);

/* What a variant takes of the upright picture, and how large that becomes. */
typedef struct {
    SpRegion from;
    SpSize size;
    SpSize shape; /* the ratio of size's sides: the picture's own, or that of the crop */
} SpPlan;

/* The crop's aspect first: the one that is nearest by the logarithm of its ratio, and the
 * largest part of that aspect about the centre. Then the size: as wide as that part and
 * variant->width allow, or the widest of variant->widths that they allow (a part narrower than
 * all of those keeps its own width); height = max(1, lround(shape's height * width / width)),
 * and at most max_height: then the next width down, or any width where there is none. Never
 * enlarged: size is at most from, its height rounded. */
SpPlan sp_geometry_plan(SpSize upright, const SpVariant *variant);

/* How large the whole picture must be for the plan's part of it to have the plan's size: at
 * least plan->size, at most upright. */
SpSize sp_geometry_whole(SpSize upright, const SpPlan *plan);

/* Where the plan's part lies in the same picture at another size, finished; never outside. A
 * part within a pixel of the plan's size becomes exactly that, at whole and even pixels: a crop
 * from a picture of sp_geometry_whole() is a copy of its samples, and nothing is blurred a
 * second time. The centre moves by at most a pixel for it. */
SpRegion sp_geometry_part(SpSize upright, SpSize finished, const SpPlan *plan);

/* Whether the part is all of a picture of that size. */
gboolean sp_geometry_is_all(SpRegion part, SpSize size);

/* The width to go on with when one of width needs fewer pixels: wanted, or of widths, where
 * there are any, the widest up to it. At least least, unless width is less itself; width when
 * there is none. */
guint sp_geometry_narrower(const SpWidthList *widths, guint width, guint wanted, guint least);

/* The size that is width wide and has the ratio of shape; height as above. */
SpSize sp_geometry_narrowed(SpSize shape, guint width);

/* Along one side, what an output plane covers of a source plane: in samples of the source
 * plane, fractional; start may be negative and the end may lie outside. */
typedef struct {
    double start, length;
} SpSpan;

/* full: the coded side in pixels, at full size. pitch: pixels of that side from one sample of
 * the source plane to the next, the first sample's cell starting at 0. target: the output side
 * in pixels; sub: pixels a sample of the output plane. mirrored: whether the turn will mirror
 * this side. The output plane is anchored at the edge that is left or top *after* the turn:
 * with an odd target and sub 2 its last sample hangs over by half, on the other side. */
SpSpan sp_geometry_span(guint full, double pitch, guint target, guint sub, gboolean mirrored);

/* Eighths (1 to 8) at which the DCT may be reconstructed so that the last resize still has
 * about a factor of two left in both directions: DCT scaling alone sharpens and aliases. coded
 * and target are in coded orientation. */
guint sp_geometry_dct_eighths(SpSize coded, SpSize target);

G_END_DECLS
#endif
