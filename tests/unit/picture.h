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
    g_assert_cmpuint(plane, <, G_N_ELEMENTS(periods));
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

/* How opaque a disc in the middle is, with a soft edge a quarter of its radius wide; around it
 * nothing. */
static inline guint8
picture_disc(guint width, guint height, guint x, guint y)
{
    double radius = 0.45 * MIN(width, height);
    double far = hypot(x + 0.5 - width / 2.0, y + 0.5 - height / 2.0);
    return (guint8)lround(255 * CLAMP((radius - far) / (radius / 4), 0, 1));
}

/* Are all the pixels that a sample of that plane stands for invisible? */
static inline gboolean
picture_is_hidden(const SpPicture *picture, guint index, guint x, guint y)
{
    const SpPlane *alpha = &picture->planes[3];
    guint pitch = index == 1 || index == 2 ? picture->sub : 1;
    for (guint j = y * pitch; j < MIN((y + 1) * pitch, alpha->height); j++)
        for (guint i = x * pitch; i < MIN((x + 1) * pitch, alpha->width); i++)
            if (alpha->data[alpha->stride * j + i] != 0)
                return FALSE;
    return TRUE;
}

/* Finished: what is invisible is white. */
static inline void
picture_hide(SpPicture *picture)
{
    for (guint i = 0; i < 3; i++) {
        SpPlane *plane = &picture->planes[i];
        for (guint y = 0; y < plane->height; y++)
            for (guint x = 0; x < plane->width; x++)
                if (picture_is_hidden(picture, i, x, y))
                    plane->data[plane->stride * y + x] = i == 0 ? 255 : 128;
    }
}

/* A finished picture with alpha, of which a disc is seen. To be cleared by the caller. */
static inline void
picture_make_alpha(SpPicture *picture, guint width, guint height, PictureKind kind,
                   guint8 behind)
{
    SpForm form = {SP_MODEL_YCC, TRUE, 1, 2};
    g_assert_true(sp_picture_init(picture, width, height, form, NULL));
    for (guint i = 0; i < 3; i++)
        picture_fill_plane(&picture->planes[i], i, kind, behind);
    SpPlane *alpha = &picture->planes[3];
    memset(alpha->data, behind, alpha->stride * alpha->height);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            alpha->data[alpha->stride * y + x] = picture_disc(width, height, x, y);
    picture_hide(picture);
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
