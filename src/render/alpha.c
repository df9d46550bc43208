/* SPDX-License-Identifier: MIT */
/* alpha.c -- transparency: what is invisible must neither show nor be kept. */
#include "render/alpha.h"

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
