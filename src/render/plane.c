/* SPDX-License-Identifier: MIT */
/* plane.c -- memory for planes.
 *
 * The planes of a finished picture are small (the target's size); what is as large as the
 * upload passes through feed.c row by row and never becomes a plane. */
#include "render/plane.h"
#include "base/error.h"
#include <stdlib.h>

guint
sp_plane_samples(guint n, guint index, guint sub)
{
    return index == 0 ? n : (n + sub - 1) / sub;
}

gboolean
sp_plane_init(SpPlane *plane, guint width, guint height, GError **error)
{
    gsize stride = ((gsize)width + SP_PLANE_ALIGN - 1) & ~(gsize)(SP_PLANE_ALIGN - 1);
    void *data = NULL;
    if (posix_memalign(&data, SP_PLANE_ALIGN, stride * height) != 0)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for %u x %u samples", width,
                        height);
    *plane = (SpPlane){data, stride, width, height};
    return TRUE;
}

void
sp_plane_clear(SpPlane *plane)
{
    free(plane->data);
    *plane = (SpPlane){0};
}

gboolean
sp_picture_init(SpPicture *picture, guint width, guint height, guint sub, guint n_planes,
                GError **error)
{
    g_auto(SpPicture)
        made = {.width = width, .height = height, .sub = sub, .n_planes = n_planes};
    for (guint i = 0; i < n_planes; i++)
        if (!sp_plane_init(&made.planes[i], sp_plane_samples(width, i, sub),
                           sp_plane_samples(height, i, sub), error))
            return FALSE;
    *picture = sp_picture_steal(&made);
    return TRUE;
}

void
sp_picture_clear(SpPicture *picture)
{
    for (guint i = 0; i < G_N_ELEMENTS(picture->planes); i++)
        sp_plane_clear(&picture->planes[i]);
    *picture = (SpPicture){0};
}

SpPicture
sp_picture_steal(SpPicture *picture)
{
    SpPicture taken = *picture;
    *picture = (SpPicture){0};
    return taken;
}
