/* SPDX-License-Identifier: MIT */
/* resize-picture.c -- a finished picture, or a part of it, at another size.
 *
 * Every plane is resized by itself. A chroma sample lies in the middle of the luma samples that
 * it stands for, in the source and in the output: so in samples of chroma a part begins at half
 * of where it begins in pixels, whether that is even, odd or between two pixels.
 *
 * With alpha, each sample counts as much as it is seen: samples times alpha and alpha itself
 * are resized, and what comes out is their quotient. For chroma, alpha is that of the pixels
 * that a sample stands for. */
#include "render/alpha.h"
#include "render/limited.h"
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
    gboolean limited = sp_picture_form(in).limited;
    for (guint i = first; i < first + n; i++)
        if (!run(resizer, &in->planes[i], &out->planes[i], error) ||
            (limited && !run(resizer, &in->limited[i], &out->limited[i], error)))
            return FALSE;
    return TRUE;
}

/* ---- with alpha ---------------------------------------------------------------------------
 */

/* Weights have 16 bits, of which full alpha leaves a quarter unused: Lanczos goes over it
 * beside an edge. Where colour and weight go over alike, their quotient is the colour, but not
 * when one of them is cut off. */
#define WEIGHT (SP_ALPHA_FOUR * 48u)

static gboolean
weights_init(SpPlane *weights, const SpPicture *picture, guint index, GError **error)
{
    const SpPlane *plane = &picture->planes[index];
    guint pitch = pitch_of(picture, index);
    if (!sp_plane_init(weights, plane->width, plane->height, 2, error))
        return FALSE;
    for (guint y = 0; y < plane->height; y++) {
        guint16 *row = sp_plane_row16(weights, y);
        for (guint x = 0; x < plane->width; x++)
            row[x] = (guint16)(sp_alpha_of_sample(&picture->planes[3], pitch, x, y) *
                               (WEIGHT / SP_ALPHA_FOUR));
    }
    return TRUE;
}

static void
weigh(const SpPlane *in, const SpPlane *weights, SpPlane *out)
{
    for (guint y = 0; y < in->height; y++) {
        const guint8 *from = in->data + in->stride * y;
        const guint16 *weight = sp_plane_row16(weights, y);
        guint16 *to = sp_plane_row16(out, y);
        for (guint x = 0; x < in->width; x++)
            to[x] = (guint16)((from[x] * (guint)weight[x] + 127) / 255);
    }
}

/* Of luma's weights. */
static void
unweigh_alpha(const SpPlane *weights, SpPlane *alpha)
{
    const guint step = WEIGHT / 255;
    for (guint y = 0; y < alpha->height; y++) {
        const guint16 *weight = sp_plane_row16(weights, y);
        guint8 *to = alpha->data + alpha->stride * y;
        for (guint x = 0; x < alpha->width; x++)
            to[x] = (guint8)MIN((weight[x] + step / 2) / step, 255);
    }
}

/* What is invisible becomes hidden. */
static void
unweigh(const SpPlane *in, const SpPlane *weights, const SpPicture *picture, guint index,
        guint8 hidden, SpPlane *out)
{
    guint pitch = pitch_of(picture, index);
    for (guint y = 0; y < out->height; y++) {
        const guint16 *from = sp_plane_row16(in, y);
        const guint16 *weight = sp_plane_row16(weights, y);
        guint8 *to = out->data + out->stride * y;
        for (guint x = 0; x < out->width; x++) {
            guint w = weight[x];
            if (w == 0 || sp_alpha_of_sample(&picture->planes[3], pitch, x, y) == 0)
                to[x] = hidden;
            else
                to[x] = (guint8)MIN((from[x] * 255u + w / 2) / w, 255);
        }
    }
}

/* n planes of one shape, each weighed by the same alpha; from luma's, out's alpha is made,
 * which the others need. */
static gboolean
resize_weighed(const SpPicture *in, SpRegion from, guint first, guint n, SpPicture *out,
               GError **error)
{
    const SpPlane *large = &in->planes[first], *small = &out->planes[first];
    g_auto(SpPlane) weights = {0}, small_weights = {0}, weighed = {0}, small_weighed = {0};
    g_autoptr(SpResizer) resizer = resizer_new(in, from, out, first, 2, error);
    if (resizer == NULL || !weights_init(&weights, in, first, error) ||
        !sp_plane_init(&small_weights, small->width, small->height, 2, error) ||
        !sp_plane_init(&weighed, large->width, large->height, 2, error) ||
        !sp_plane_init(&small_weighed, small->width, small->height, 2, error) ||
        !run(resizer, &weights, &small_weights, error))
        return FALSE;
    if (first == 0)
        unweigh_alpha(&small_weights, &out->planes[3]);
    gboolean limited = sp_picture_form(in).limited;
    for (guint i = first; i < first + n; i++) {
        weigh(&in->planes[i], &weights, &weighed);
        if (!run(resizer, &weighed, &small_weighed, error))
            return FALSE;
        unweigh(&small_weighed, &small_weights, out, i, i == 0 ? 255 : 128, &out->planes[i]);
        if (!limited)
            continue;
        weigh(&in->limited[i], &weights, &weighed);
        if (!run(resizer, &weighed, &small_weighed, error))
            return FALSE;
        unweigh(&small_weighed, &small_weights, out, i, i == 0 ? SP_LIMITED_WHITE : 128,
                &out->limited[i]);
    }
    return TRUE;
}

/* ---- the picture --------------------------------------------------------------------------
 */

/* Along one side of the picture. */
static gboolean
is_copied(double start, double length, guint target, guint pitch, guint side)
{
    return length == target && fmod(start, pitch) == 0 && start >= 0 && start + length <= side;
}

gboolean
sp_resize_is_copy(const SpPicture *in, SpRegion from, SpSize size)
{
    guint pitch = in->n_planes > 1 ? pitch_of(in, 1) : 1;
    return is_copied(from.left, from.width, size.width, pitch, in->width) &&
           is_copied(from.top, from.height, size.height, pitch, in->height);
}

static void
copy_plane(const SpPlane *from, guint left, guint top, SpPlane *to)
{
    for (guint y = 0; y < to->height; y++)
        memcpy(to->data + to->stride * y, from->data + from->stride * (top + y) + left,
               to->width);
}

static void
copy(const SpPicture *in, SpRegion from, SpPicture *out)
{
    gboolean limited = sp_picture_form(in).limited;
    for (guint i = 0; i < in->n_planes; i++) {
        guint left = (guint)from.left / pitch_of(in, i),
              top = (guint)from.top / pitch_of(in, i);
        copy_plane(&in->planes[i], left, top, &out->planes[i]);
        if (limited && i < G_N_ELEMENTS(in->limited))
            copy_plane(&in->limited[i], left, top, &out->limited[i]);
    }
}

gboolean
sp_resize_picture(const SpPicture *in, SpRegion from, SpSize size, SpPicture *ret_out,
                  GError **error)
{
    g_auto(SpPicture) out = {0};
    guint chroma = sp_model_planes(in->model) - 1;
    gboolean (*resize)(const SpPicture *, SpRegion, guint, guint, SpPicture *, GError **) =
        in->alpha ? resize_weighed : resize_planes;
    g_return_val_if_fail(!in->alpha || in->model == SP_MODEL_YCC, FALSE);
    if (!sp_picture_init(&out, size.width, size.height, sp_picture_form(in), error))
        return FALSE;
    if (sp_resize_is_copy(in, from, size))
        copy(in, from, &out);
    else if (!resize(in, from, 0, 1, &out, error) ||
             (chroma > 0 && !resize(in, from, 1, chroma, &out, error)))
        return FALSE;
    *ret_out = sp_picture_steal(&out);
    return TRUE;
}
