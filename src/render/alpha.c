/* SPDX-License-Identifier: MIT */
/* alpha.c -- transparency: what is invisible must neither show nor be kept. */
#include "render/alpha.h"
#include <math.h>

#define FULL 65535u

void
sp_alpha_premultiply_row(guint16 *const rows[SP_MAX_PLANES], guint n_colours, guint width)
{
    const guint16 *alpha = rows[n_colours];
    for (guint i = 0; i < n_colours; i++)
        for (guint x = 0; x < width; x++)
            rows[i][x] = (guint16)((rows[i][x] * (guint64)alpha[x] + FULL / 2) / FULL);
}

void
sp_alpha_note_hidden(SpAlphaHidden *hidden, guint16 *const rows[SP_MAX_PLANES], guint n_colours,
                     guint width)
{
    const guint16 *alpha = rows[n_colours];
    for (guint x = 0; x < width && !hidden->hides; x++) {
        if (alpha[x] != 0)
            continue;
        for (guint i = 0; i < n_colours; i++) {
            if (!hidden->any)
                hidden->first[i] = rows[i][x];
            hidden->hides |= rows[i][x] != hidden->first[i];
        }
        hidden->any = TRUE;
    }
}

void
sp_alpha_unpremultiply_row(guint16 *const rows[SP_MAX_PLANES], guint n_colours, guint width)
{
    const guint16 *alpha = rows[n_colours];
    for (guint i = 0; i < n_colours; i++)
        for (guint x = 0; x < width; x++) {
            guint a = alpha[x];
            guint64 straight = a == 0 ? FULL : ((guint64)rows[i][x] * FULL + a / 2) / a;
            rows[i][x] = (guint16)MIN(straight, FULL);
        }
}

static gboolean
row_is_full(const SpPlane *plane, guint y)
{
    const guint8 *row = plane->data + plane->stride * y;
    for (gsize i = 0; i < (gsize)plane->width * plane->bytes; i++)
        if (row[i] != 0xFF)
            return FALSE;
    return TRUE;
}

gboolean
sp_alpha_is_opaque(const SpPicture *picture)
{
    if (!picture->alpha)
        return FALSE;
    const SpPlane *plane = &picture->planes[picture->n_planes - 1];
    for (guint y = 0; y < plane->height; y++)
        if (!row_is_full(plane, y))
            return FALSE;
    return TRUE;
}

void
sp_alpha_drop(SpPicture *picture)
{
    if (!picture->alpha)
        return;
    sp_plane_clear(&picture->planes[--picture->n_planes]);
    picture->alpha = FALSE;
}

/* JFIF's matrix (ITU-T T.871, clause 7). */
static void
background_to_ycc(guint32 background, guint8 ycc[3])
{
    double r = background >> 16 & 0xFF, g = background >> 8 & 0xFF, b = background & 0xFF;
    double y = 0.299 * r + 0.587 * g + 0.114 * b;
    ycc[0] = (guint8)lround(y);
    ycc[1] = (guint8)CLAMP(lround(128 + (b - y) / 1.772), 0, 255);
    ycc[2] = (guint8)CLAMP(lround(128 + (r - y) / 1.402), 0, 255);
}

/* Y'CbCr is a linear image of R'G'B', so that each plane may be mixed by itself. A chroma
 * sample is the mean of its pixels' colours weighted by alpha: times the mean alpha, it is what
 * they add to the mean of their mixtures. */
static void
flatten_plane(const SpPlane *in, const SpPlane *alpha, guint sub, guint background,
              SpPlane *out)
{
    for (guint y = 0; y < out->height; y++) {
        const guint8 *from = in->data + in->stride * y;
        guint8 *to = out->data + out->stride * y;
        for (guint x = 0; x < out->width; x++) {
            guint a = sp_alpha_of_sample(alpha, sub, x, y);
            guint mixed = from[x] * a + background * (SP_ALPHA_FOUR - a);
            to[x] = (guint8)((mixed + SP_ALPHA_FOUR / 2) / SP_ALPHA_FOUR);
        }
    }
}

gboolean
sp_alpha_flatten(const SpPicture *picture, guint32 background, SpPicture *ret_flat,
                 GError **error)
{
    g_return_val_if_fail(picture->alpha && picture->model == SP_MODEL_YCC, FALSE);
    SpForm form = sp_picture_form(picture);
    guint8 ycc[3];
    form.alpha = form.limited = FALSE;
    if (!sp_picture_init(ret_flat, picture->width, picture->height, form, error))
        return FALSE;
    background_to_ycc(background, ycc);
    for (guint i = 0; i < 3; i++)
        flatten_plane(&picture->planes[i], &picture->planes[3], i == 0 ? 1 : picture->sub,
                      ycc[i], &ret_flat->planes[i]);
    return TRUE;
}
