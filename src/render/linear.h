/* SPDX-License-Identifier: MIT */
/* linear.h -- samples as light, and back: what is averaged should be light.
 *
 * By sRGB's curve, whatever the picture's own profile says: nearly all have it, or one close to
 * it, and what is taken back by the curve that it was made with is what it was. Linear samples
 * have 16 bits, of which 20 are the first step of 8 bits.
 *
 * Not for inks, and not for PQ and HLG, whose numbers mean light by far steeper curves. */
#ifndef SP_RENDER_LINEAR_H
#define SP_RENDER_LINEAR_H
#include "render/geometry.h"
#include "render/light.h"
#include "render/plane.h"
G_BEGIN_DECLS

typedef struct {
    guint16 of_byte[256];
    SpTable to, from; /* of samples of 16 bits */
} SpLinear;

SpLinear *sp_linear_new(void);
void sp_linear_free(SpLinear *linear);

/* One in every `step` of n samples to light. in and out may begin at the same place, where step
 * is 2 or more. */
void sp_linear_bytes(const SpLinear *linear, const guint8 *in, gsize step, gsize n,
                     guint16 *out);
/* In place. */
void sp_linear_row(const SpLinear *linear, guint16 *samples, gsize n);
void sp_linear_row_back(const SpLinear *linear, guint16 *samples, gsize n);

/* As sp_resize_picture() (resize.h), by way of R, G and B in linear light. */
gboolean sp_linear_resize_picture(const SpPicture *in, SpRegion from, SpSize size,
                                  SpPicture *ret_out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpLinear, sp_linear_free)
G_END_DECLS
#endif
