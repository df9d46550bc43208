/* SPDX-License-Identifier: MIT */
/* resize-picture.c -- a finished picture, or a part of it, at another size.
 *
 * Every plane is resized by itself. A chroma sample lies in the middle of the luma samples that
 * it stands for, in the source and in the output: so in samples of chroma a part begins at half
 * of where it begins in pixels, whether that is even, odd or between two pixels. */
#include "render/resize.h"
#include <math.h>
#include <string.h>

/* Pixels a sample of that plane, along both sides. */
static guint
pitch_of(const SpPicture *picture, guint index)
{
    return index == 1 || index == 2 ? picture->sub : 1;
}

/* sp_geometry_span(), of a part. */
static SpSpan
span(double start, double length, guint target, guint sub)
{
    double ratio = length / target; /* pixels of the source a pixel of the output */
    guint covered = (target + sub - 1) / sub * sub;
    return (SpSpan){start / sub, covered * ratio / sub};
}

/* From planes of that index's shape to its shape at the other size. */
static SpResizer *
resizer_new(const SpPicture *in, SpRegion from, const SpPicture *out, guint index, guint bytes,
            GError **error)
{
    guint pitch = pitch_of(in, index);
    SpResizeShape shape = {
        .in_width = in->planes[index].width,
        .in_height = in->planes[index].height,
        .bytes = bytes,
        .out_width = out->planes[index].width,
        .out_height = out->planes[index].height,
        .x = span(from.left, from.width, out->width, pitch),
        .y = span(from.top, from.height, out->height, pitch),
    };
    return sp_resizer_new(&shape, error);
}

static gboolean
run(const SpResizer *resizer, const SpPlane *in, SpPlane *out, GError **error)
{
    return sp_resizer_run(resizer, in->data, in->stride, G_MAXUINT, out, NULL, NULL, error);
}

/* n planes of one shape, by one graph: building it costs more than running it. */
static gboolean
resize_planes(const SpPicture *in, SpRegion from, guint first, guint n, SpPicture *out,
              GError **error)
{
    g_autoptr(SpResizer) resizer = resizer_new(in, from, out, first, 1, error);
    if (resizer == NULL)
        return FALSE;
    for (guint i = first; i < first + n; i++)
        if (!run(resizer, &in->planes[i], &out->planes[i], error))
            return FALSE;
    return TRUE;
}

/* Along one side of the picture. */
static gboolean
is_copied(double start, double length, guint target, guint pitch, guint side)
{
    return length == target && fmod(start, pitch) == 0 && start >= 0 && start + length <= side;
}

static gboolean
needs_no_resize(const SpPicture *in, SpRegion from, SpSize size)
{
    guint pitch = in->n_planes > 1 ? pitch_of(in, 1) : 1;
    return is_copied(from.left, from.width, size.width, pitch, in->width) &&
           is_copied(from.top, from.height, size.height, pitch, in->height);
}

static void
copy(const SpPicture *in, SpRegion from, SpPicture *out)
{
    for (guint i = 0; i < in->n_planes; i++) {
        const SpPlane *plane = &in->planes[i];
        SpPlane *to = &out->planes[i];
        guint left = (guint)from.left / pitch_of(in, i),
              top = (guint)from.top / pitch_of(in, i);
        for (guint y = 0; y < to->height; y++)
            memcpy(to->data + to->stride * y, plane->data + plane->stride * (top + y) + left,
                   to->width);
    }
}

gboolean
sp_resize_picture(const SpPicture *in, SpRegion from, SpSize size, SpPicture *ret_out,
                  GError **error)
{
    g_auto(SpPicture) out = {0};
    guint chroma = sp_model_planes(in->model) - 1;
    if (!sp_picture_init(&out, size.width, size.height, sp_picture_form(in), error))
        return FALSE;
    if (needs_no_resize(in, from, size))
        copy(in, from, &out);
    else if (!resize_planes(in, from, 0, 1, &out, error) ||
             (chroma > 0 && !resize_planes(in, from, 1, chroma, &out, error)))
        return FALSE;
    *ret_out = sp_picture_steal(&out);
    return TRUE;
}
