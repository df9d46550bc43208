/* SPDX-License-Identifier: MIT */
/* plane.c -- memory for planes.
 *
 * The planes of a finished picture are small (the target's size); what is as large as the
 * upload passes through feed.c row by row and never becomes a plane. */
#include "render/plane.h"
#include "base/error.h"
#include <stdlib.h>

guint
sp_model_planes(SpModel model)
{
    static const guint counts[SP_MODEL_COUNT] = {1, 3, 3, 4, 4};
    return counts[model];
}

guint
sp_plane_samples(guint n, guint index, guint sub)
{
    return index == 1 || index == 2 ? (n + sub - 1) / sub : n;
}

gboolean
sp_plane_init(SpPlane *plane, guint width, guint height, guint bytes, GError **error)
{
    gsize stride = ((gsize)width * bytes + SP_PLANE_ALIGN - 1) & ~(gsize)(SP_PLANE_ALIGN - 1);
    void *data = NULL;
    if (posix_memalign(&data, SP_PLANE_ALIGN, stride * height) != 0)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for %u x %u samples", width,
                        height);
    *plane = (SpPlane){data, stride, width, height, bytes};
    return TRUE;
}

void
sp_plane_clear(SpPlane *plane)
{
    free(plane->data);
    *plane = (SpPlane){0};
}

gboolean
sp_picture_init(SpPicture *picture, guint width, guint height, SpForm form, GError **error)
{
    g_auto(SpPicture) made = {.width = width,
                              .height = height,
                              .sub = form.sub,
                              .model = form.model,
                              .alpha = form.alpha,
                              .n_planes = sp_model_planes(form.model) + form.alpha};
    for (guint i = 0; i < made.n_planes; i++)
        if (!sp_plane_init(&made.planes[i], sp_plane_samples(width, i, form.sub),
                           sp_plane_samples(height, i, form.sub), form.bytes, error))
            return FALSE;
    for (guint i = 0; form.limited && i < sp_model_planes(form.model); i++)
        if (!sp_plane_init(&made.limited[i], made.planes[i].width, made.planes[i].height, 1,
                           error))
            return FALSE;
    *picture = sp_picture_steal(&made);
    return TRUE;
}

SpForm
sp_picture_form(const SpPicture *picture)
{
    return (SpForm){picture->model, picture->alpha, picture->planes[0].bytes, picture->sub,
                    picture->limited[0].data != NULL};
}

SpForm
sp_form_of_jpeg(guint sub, guint n_planes)
{
    return (SpForm){n_planes == 1 ? SP_MODEL_GREY : SP_MODEL_YCC, FALSE, 1, sub, FALSE};
}

void
sp_picture_clear(SpPicture *picture)
{
    for (guint i = 0; i < G_N_ELEMENTS(picture->planes); i++)
        sp_plane_clear(&picture->planes[i]);
    sp_picture_unlimit(picture);
    *picture = (SpPicture){0};
}

void
sp_picture_unlimit(SpPicture *picture)
{
    for (guint i = 0; i < G_N_ELEMENTS(picture->limited); i++)
        sp_plane_clear(&picture->limited[i]);
}

SpPicture
sp_picture_steal(SpPicture *picture)
{
    SpPicture taken = *picture;
    *picture = (SpPicture){0};
    return taken;
}
