/* SPDX-License-Identifier: MIT */
/* picture.h -- pictures for tests, made without a decoder: smooth, flat or noise, the same at
 * every run. What lies behind a row's last sample is filled with a byte of the test's choice,
 * so that whoever reads it shows. */
#ifndef SP_TESTS_PICTURE_H
#define SP_TESTS_PICTURE_H
#include "render/plane.h"
#include <math.h>
#include <string.h>

typedef enum {
    PICTURE_WAVES,
    PICTURE_NOISE,
    PICTURE_FLAT,
} PictureKind;

static inline guint8
picture_sample(PictureKind kind, guint plane, guint x, guint y)
{
    static const double periods[3][2] = {{97, 61}, {71, 113}, {131, 83}};
    static const guint8 flat[3] = {180, 90, 160};
    guint32 h = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ (plane + 1) * 0xC2B2AE3Du;
    h = (h ^ h >> 15) * 0x2C1B3C6Du;
    h = (h ^ h >> 12) * 0x297A2D39u;
    if (kind == PICTURE_NOISE)
        return (guint8)(h >> 24);
    if (kind == PICTURE_FLAT)
        return flat[plane];
    return (guint8)(128 + 60 * sin(x * 6.2832 / periods[plane][0] + plane) +
                    60 * cos(y * 6.2832 / periods[plane][1] + 2 * plane));
}

static inline void
picture_fill_plane(SpPlane *plane, guint index, PictureKind kind, guint8 behind)
{
    memset(plane->data, behind, plane->stride * plane->height);
    for (guint y = 0; y < plane->height; y++)
        for (guint x = 0; x < plane->width; x++)
            plane->data[plane->stride * y + x] = picture_sample(kind, index, x, y);
}

/* To be cleared by the caller. */
static inline void
picture_make(SpPicture *picture, guint width, guint height, guint sub, guint n_planes,
             PictureKind kind, guint8 behind)
{
    g_assert_true(
        sp_picture_init(picture, width, height, sp_form_of_jpeg(sub, n_planes), NULL));
    for (guint i = 0; i < n_planes; i++)
        picture_fill_plane(&picture->planes[i], i, kind, behind);
}

/* The samples, whatever lies behind the rows. */
static inline gboolean
picture_same_plane(const SpPlane *a, const SpPlane *b)
{
    if (a->width != b->width || a->height != b->height)
        return FALSE;
    for (guint y = 0; y < a->height; y++)
        if (memcmp(a->data + a->stride * y, b->data + b->stride * y, a->width) != 0)
            return FALSE;
    return TRUE;
}

static inline gboolean
picture_same(const SpPicture *a, const SpPicture *b)
{
    if (a->width != b->width || a->height != b->height || a->sub != b->sub ||
        a->n_planes != b->n_planes)
        return FALSE;
    for (guint i = 0; i < a->n_planes; i++)
        if (!picture_same_plane(&a->planes[i], &b->planes[i]))
            return FALSE;
    return TRUE;
}
#endif
