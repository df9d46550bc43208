/* SPDX-License-Identifier: MIT */
/* linear.c -- samples as light, and back; a finished picture at another size by way of light.
 *
 * A channel at a time: the whole of a picture in 16 bits of R, G and B would be four times what
 * it is. Chroma at half size is spread to the pixels that it stands for, and averaged again
 * behind the resize. With alpha, light counts as much as it is seen, as in resize-picture.c. */
#include "render/linear.h"
#include "base/error.h"
#include "render/alpha.h"
#include "render/colour-rows.h"
#include "render/colour.h"
#include "render/resize.h"
#include <string.h>

SpLinear *
sp_linear_new(void)
{
    SpLinear *linear = g_new(SpLinear, 1);
    sp_table_init(&linear->to, sp_srgb_to_linear, NULL);
    sp_table_init(&linear->from, sp_srgb_from_linear, NULL);
    for (guint i = 0; i < 256; i++)
        linear->of_byte[i] = (guint16)(sp_srgb_to_linear(i / 255.0, NULL) * 65535 + 0.5);
    return linear;
}

void
sp_linear_free(SpLinear *linear)
{
    g_free(linear);
}

void
sp_linear_bytes(const SpLinear *linear, const guint8 *in, gsize step, gsize n, guint16 *out)
{
    for (gsize i = 0; i < n; i++)
        out[i] = linear->of_byte[in[i * step]];
}

void
sp_linear_row(const SpLinear *linear, guint16 *samples, gsize n)
{
    sp_table_row(&linear->to, samples, n);
}

void
sp_linear_row_back(const SpLinear *linear, guint16 *samples, gsize n)
{
    sp_table_row(&linear->from, samples, n);
}

/* ---- a finished picture --------------------------------------------------------------------
 */

/* Full alpha, of 16 bits: a quarter is left, for Lanczos goes over it beside an edge. */
#define WEIGHT 48960u

typedef struct {
    const SpPicture *in; /* borrowed */
    SpLinear *linear;    /* owned */
    SpResizer *resizer;  /* owned; of full size */
    guint channels;      /* 1 or 3 */
    guint8 *row;         /* owned; R, G, B, and two rows of chroma */
    SpPlane large;       /* owned; one channel */
    SpPlane small[3];    /* owned; all */
    SpPlane weights;     /* owned; alpha, as small as they */
} Work;

static void
work_clear(Work *work)
{
    sp_linear_free(work->linear);
    sp_resizer_free(work->resizer);
    g_free(work->row);
    sp_plane_clear(&work->large);
    sp_plane_clear(&work->weights);
    for (guint i = 0; i < 3; i++)
        sp_plane_clear(&work->small[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static gboolean
work_init(Work *work, const SpPicture *in, SpRegion from, SpSize size, GError **error)
{
    SpResizeShape shape = {
        .in_width = in->width,
        .in_height = in->height,
        .bytes = 2,
        .out_width = size.width,
        .out_height = size.height,
        .x = {from.left, from.width},
        .y = {from.top, from.height},
    };
    work->in = in;
    work->channels = in->model == SP_MODEL_GREY ? 1 : 3;
    work->linear = sp_linear_new();
    work->row = g_try_malloc((gsize)in->width * 5);
    work->resizer = sp_resizer_new(&shape, error);
    if (work->resizer == NULL || !sp_plane_init(&work->large, in->width, in->height, 2, error))
        return FALSE;
    for (guint i = 0; i < work->channels; i++)
        if (!sp_plane_init(&work->small[i], size.width, size.height, 2, error))
            return FALSE;
    if (in->alpha && !sp_plane_init(&work->weights, size.width, size.height, 2, error))
        return FALSE;
    return work->row != NULL ||
           sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory to resize");
}

static void
spread(const guint8 *samples, guint width, guint8 *to)
{
    for (guint x = 0; x < width; x++)
        to[x] = samples[x / 2];
}

/* Row y as R, G, B, or as grey; and how far one sample of a channel is from the next. */
static const guint8 *
load_row(const Work *work, guint y, guint *ret_step)
{
    const SpPicture *in = work->in;
    guint8 *rows[SP_MAX_PLANES] = {NULL};
    *ret_step = work->channels;
    if (work->channels == 1)
        return in->planes[0].data + in->planes[0].stride * y;
    for (guint i = 0; i < 3; i++) {
        guint sub = i == 0 ? 1 : in->sub;
        rows[i] = in->planes[i].data + in->planes[i].stride * (y / sub);
        if (sub == 2) {
            guint8 *whole = work->row + (gsize)in->width * (2 + i);
            spread(rows[i], in->width, whole);
            rows[i] = whole;
        }
    }
    sp_rows_to_narrow(SP_MODEL_YCC, rows, in->width, work->row);
    return work->row;
}

static void
weigh(const SpPlane *alpha, guint y, guint16 *samples)
{
    const guint8 *row = alpha->data + alpha->stride * y;
    for (guint x = 0; x < alpha->width; x++)
        samples[x] = (guint16)(((guint64)samples[x] * row[x] * (WEIGHT / 255) + 32767) / 65535);
}

static gboolean
run(const Work *work, SpPlane *out, GError **error)
{
    return sp_resizer_run(work->resizer, work->large.data, work->large.stride, G_MAXUINT, out,
                          NULL, NULL, error);
}

static gboolean
resize_channel(Work *work, guint channel, GError **error)
{
    const SpPicture *in = work->in;
    for (guint y = 0; y < in->height; y++) {
        guint step = 0;
        const guint8 *row = load_row(work, y, &step);
        sp_linear_bytes(work->linear, row + channel, step, in->width,
                        sp_plane_row16(&work->large, y));
        if (in->alpha)
            weigh(&in->planes[3], y, sp_plane_row16(&work->large, y));
    }
    return run(work, &work->small[channel], error);
}

static gboolean
resize_weights(Work *work, GError **error)
{
    const SpPlane *alpha = &work->in->planes[3];
    for (guint y = 0; y < alpha->height; y++) {
        const guint8 *row = alpha->data + alpha->stride * y;
        guint16 *to = sp_plane_row16(&work->large, y);
        for (guint x = 0; x < alpha->width; x++)
            to[x] = (guint16)(row[x] * (WEIGHT / 255));
    }
    return run(work, &work->weights, error);
}

/* The quotient, and alpha itself. */
static void
unweigh(const Work *work, guint y, guint8 *alpha)
{
    const guint16 *weights = sp_plane_row16(&work->weights, y);
    for (guint x = 0; x < work->weights.width; x++) {
        guint w = weights[x];
        alpha[x] = (guint8)MIN((w + WEIGHT / 510) / (WEIGHT / 255), 255);
        for (guint i = 0; i < 3; i++) {
            guint16 *sample = &sp_plane_row16(&work->small[i], y)[x];
            guint64 light = w == 0 ? 0 : ((guint64)*sample * 65535 + w / 2) / w;
            *sample = (guint16)MIN(light, 65535);
        }
    }
}

/* What is invisible is white. */
static void
hide(const guint8 *alpha, guint width, guint8 *const rows[3])
{
    for (guint x = 0; x < width; x++)
        if (alpha[x] == 0) {
            rows[0][x] = 255;
            rows[1][x] = rows[2][x] = 128;
        }
}

static guint8 *
row8(const SpPlane *plane, guint y)
{
    return plane->data + plane->stride * y;
}

/* chunky: a row of R, G, B in 16 bits. */
static void
store_row(const Work *work, guint y, guint16 *chunky, SpPicture *out)
{
    if (out->alpha)
        unweigh(work, y, row8(&out->planes[3], y));
    for (guint i = 0; i < work->channels; i++) {
        guint16 *samples = sp_plane_row16(&work->small[i], y);
        sp_linear_row_back(work->linear, samples, out->width);
        for (guint x = 0; x < out->width; x++)
            chunky[(gsize)work->channels * x + i] = samples[x];
    }
    if (work->channels == 1) {
        sp_wide_to_bytes(chunky, 1, out->width, row8(&out->planes[0], y));
        return;
    }
    guint8 *const rows[3] = {row8(&out->planes[0], y), row8(&out->planes[1], y),
                             row8(&out->planes[2], y)};
    sp_wide_to_ycc(chunky, out->width, rows[0], rows[1], rows[2]);
    if (out->alpha)
        hide(row8(&out->planes[3], y), out->width, rows);
}

gboolean
sp_linear_resize_picture(const SpPicture *in, SpRegion from, SpSize size, SpPicture *ret_out,
                         GError **error)
{
    if (sp_resize_is_copy(in, from, size))
        return sp_resize_picture(in, from, size, ret_out, error);
    g_auto(Work) work = {0};
    g_auto(SpPicture) out = {0};
    SpForm form = sp_picture_form(in);
    form.sub = in->model == SP_MODEL_YCC ? 1 : in->sub;
    form.limited = FALSE; /* WebP makes its own */
    g_autofree guint16 *chunky = g_try_malloc((gsize)size.width * 3 * sizeof *chunky);
    if (chunky == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory to resize");
    if (!work_init(&work, in, from, size, error) ||
        (in->alpha && !resize_weights(&work, error)))
        return FALSE;
    for (guint i = 0; i < work.channels; i++)
        if (!resize_channel(&work, i, error))
            return FALSE;
    sp_plane_clear(&work.large);
    if (!sp_picture_init(&out, size.width, size.height, form, error))
        return FALSE;
    for (guint y = 0; y < size.height; y++)
        store_row(&work, y, chunky, &out);
    if (in->sub == 2 && !sp_colour_subsample(&out, error))
        return FALSE;
    *ret_out = sp_picture_steal(&out);
    return TRUE;
}
