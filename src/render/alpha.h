/* SPDX-License-Identifier: MIT */
/* alpha.h -- transparency: what is invisible must neither show nor be kept.
 *
 * While it is resized, a transparent picture has 16-bit planes whose colours are multiplied by
 * alpha (*premultiplied*): then a transparent pixel weighs nothing, whatever colour stands
 * there. A finished picture has straight colours; where alpha is 0, they are one fixed colour
 * (white), so that nothing of what was hidden is left. */
#ifndef SP_RENDER_ALPHA_H
#define SP_RENDER_ALPHA_H
#include "render/plane.h"
G_BEGIN_DECLS

/* One row of 16-bit planes, in place: n_colours of R, G, B or grey, then alpha. */
void sp_alpha_premultiply_row(guint16 *const rows[SP_MAX_PLANES], guint n_colours, guint width);
/* Back again; where alpha is 0 the colours become 65 535. Alpha stays. */
void sp_alpha_unpremultiply_row(guint16 *const rows[SP_MAX_PLANES], guint n_colours,
                                guint width);

/* Is every sample of the alpha plane full? FALSE for a picture without one. 8 or 16 bits. */
gboolean sp_alpha_is_opaque(const SpPicture *picture);
/* Take the alpha plane away: of an opaque picture, the colours are what they were. */
void sp_alpha_drop(SpPicture *picture);

/* A finished picture with alpha on background (0xRRGGBB, sRGB): YCC, sub 2, without alpha. */
gboolean sp_alpha_flatten(const SpPicture *picture, guint32 background, SpPicture *ret_flat,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
