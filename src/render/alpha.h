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

/* What stands under alpha 0, as far as the rows so far tell; all zero at first. An encoder that
 * writes but one colour there hides nothing. */
typedef struct {
    gboolean any;   /* some pixel has alpha 0 */
    gboolean hides; /* two of them differ: a picture may stand there */
    guint16 first[SP_MAX_PLANES];
} SpAlphaHidden;

/* Note one row of straight colours, before it is premultiplied. */
void sp_alpha_note_hidden(SpAlphaHidden *hidden, guint16 *const rows[SP_MAX_PLANES],
                          guint n_colours, guint width);

/* Is every sample of the alpha plane full? FALSE for a picture without one. 8 or 16 bits. */
gboolean sp_alpha_is_opaque(const SpPicture *picture);
/* Take the alpha plane away: of an opaque picture, the colours are what they were. */
void sp_alpha_drop(SpPicture *picture);

/* The alpha of the pixels that a sample stands for, sub along each side, on a scale of its own:
 * the sum of the four. At an edge those that are there count double; with sub 1 the one counts
 * four times. */
#define SP_ALPHA_FOUR (4 * 255)
static inline guint
sp_alpha_of_sample(const SpPlane *alpha, guint sub, guint x, guint y)
{
    guint left = x * sub, right = MIN(left + sub - 1, alpha->width - 1);
    const guint8 *upper = alpha->data + alpha->stride * y * sub;
    const guint8 *lower =
        alpha->data + alpha->stride * MIN(y * sub + sub - 1, alpha->height - 1);
    return (guint)upper[left] + upper[right] + lower[left] + lower[right];
}

#define SP_ALPHA_WHITE 0xFFFFFF

/* A finished picture with alpha on background (0xRRGGBB, sRGB): YCC, of the same
 * sub, without alpha. */
gboolean sp_alpha_flatten(const SpPicture *picture, guint32 background, SpPicture *ret_flat,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
