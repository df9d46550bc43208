/* SPDX-License-Identifier: MIT */
/* limited.c -- from what the resize makes to WebP's range.
 *
 * Whole numbers alone: the same bytes from every compiler and processor. gcc makes vectors of
 * these loops (-O3). */
#include "render/limited.h"

static void
to_bytes(const guint16 *restrict in, guint width, guint8 *restrict out)
{
    for (guint x = 0; x < width; x++) {
        guint32 v = in[x] + 128u;
        out[x] = (guint8)((v - (v >> 8)) >> 8); /* v / 257, exactly */
    }
}

static void
to_luma(const guint16 *restrict in, guint width, guint8 *restrict out)
{
    for (guint x = 0; x < width; x++)
        out[x] = sp_limited_luma(in[x]);
}

/* The middle of chroma is 128 of 255: 128 * 257 of 65535. */
static void
to_chroma(const guint16 *restrict in, guint width, guint8 *restrict out)
{
    for (guint x = 0; x < width; x++)
        out[x] = sp_limited_chroma(in[x] - 128 * 257);
}

/* Plane by plane, so that of only one there are both. */
gboolean
sp_limited_round(SpPicture *picture, GError **error)
{
    g_return_val_if_fail(!picture->alpha && picture->planes[0].bytes == 2, FALSE);
    g_return_val_if_fail(picture->model <= SP_MODEL_YCC, FALSE);
    for (guint i = 0; i < picture->n_planes; i++) {
        SpPlane wide = picture->planes[i], *limited = &picture->limited[i];
        g_auto(SpPlane) bytes = {0};
        if (!sp_plane_init(&bytes, wide.width, wide.height, 1, error) ||
            !sp_plane_init(limited, wide.width, wide.height, 1, error))
            return FALSE;
        for (guint y = 0; y < wide.height; y++) {
            const guint16 *row = (gconstpointer)(wide.data + wide.stride * y);
            to_bytes(row, wide.width, bytes.data + bytes.stride * y);
            (i == 0 ? to_luma : to_chroma)(row, wide.width,
                                           limited->data + limited->stride * y);
        }
        picture->planes[i] = bytes;
        bytes = wide;
    }
    return TRUE;
}

gboolean
sp_limited_add(SpPicture *picture, SpModel model, GError **error)
{
    for (guint i = 0; i < MIN(sp_model_planes(model), 3); i++)
        if (!sp_plane_init(&picture->limited[i], picture->planes[0].width,
                           picture->planes[0].height, 1, error))
            return FALSE;
    return TRUE;
}

/* All fits into 16 bits: vectors of twice as many. */
static void
limit_row(const guint8 *restrict source, guint width, gboolean is_chroma,
          guint8 *restrict target)
{
    const guint16 range = is_chroma ? SP_LIMITED_CHROMA : SP_LIMITED_LUMA;
    const guint16 offset =
        127 + (is_chroma ? 128 * (255 - SP_LIMITED_CHROMA) : SP_LIMITED_BLACK * 255);
    for (guint x = 0; x < width; x++)
        target[x] = (guint8)((guint16)(source[x] * range + offset) / 255);
}

void
sp_limited_plane(const SpPlane *from, gboolean is_chroma, SpPlane *to)
{
    for (guint y = 0; y < to->height; y++)
        limit_row(from->data + from->stride * y, to->width, is_chroma,
                  to->data + to->stride * y);
}
