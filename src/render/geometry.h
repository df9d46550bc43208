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

/* The size of a variant made from an upright picture: at most variant->width wide and
 * max_height high, never enlarged; height = max(1, lround(h * width / w)). */
SpSize sp_geometry_target(SpSize upright, const SpVariant *variant);

/* That size scaled so that it is width wide; height as above. */
SpSize sp_geometry_narrowed(SpSize size, guint width);

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
