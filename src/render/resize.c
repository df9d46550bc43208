/* SPDX-License-Identifier: MIT */
/* resize.c -- the only file that speaks to zimg's filter graphs for resizing.
 *
 * Building a graph costs more than running it on a small plane; planes of one shape share one.
 * CPU type AUTO: the same bytes as NONE at a sixth of the time (measured on real photos; kept
 * as a test). Not AUTO_64B, whose bytes differ. */
#include "render/resize.h"
#include "base/error.h"
#include <stdlib.h>
#include <zimg.h>

struct SpResizer {
    zimg_filter_graph *graph; /* owned */
    SpResizeShape shape;
    gsize tmp_size;
    guint rows_held;
};

static gboolean use_portable_code;

void
sp_resize_set_portable(gboolean portable)
{
    use_portable_code = portable;
}

static gboolean
throw_zimg(GError **error, const char *doing)
{
    char text[256] = "";
    zimg_get_last_error(text, sizeof text);
    return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot %s: %s", doing, text);
}

static void
format_init(zimg_image_format *format, guint width, guint height, guint bytes)
{
    zimg_image_format_default(format, ZIMG_API_VERSION);
    format->width = width;
    format->height = height;
    format->pixel_type = bytes == 1 ? ZIMG_PIXEL_BYTE : ZIMG_PIXEL_WORD;
    format->color_family = ZIMG_COLOR_GREY;
    format->pixel_range = ZIMG_RANGE_FULL;
    format->depth = 8 * bytes;
}

static zimg_filter_graph *
build_graph(const SpResizeShape *shape)
{
    zimg_image_format in, out;
    format_init(&in, shape->in_width, shape->in_height, shape->bytes);
    format_init(&out, shape->out_width, shape->out_height,
                shape->out_bytes == 0 ? shape->bytes : shape->out_bytes);
    in.active_region.left = shape->x.start;
    in.active_region.width = shape->x.length;
    in.active_region.top = shape->y.start;
    in.active_region.height = shape->y.length;
    zimg_graph_builder_params params;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = ZIMG_RESIZE_LANCZOS;
    params.filter_param_a = 3;
    params.cpu_type = use_portable_code ? ZIMG_CPU_NONE : ZIMG_CPU_AUTO;
    return zimg_filter_graph_build(&in, &out, &params);
}

typedef struct {
    guint left, right;
    gboolean called;
} Probe;

/* Looks at the first request and stops. */
static int
probe_first(void *user, unsigned row, unsigned left, unsigned right)
{
    Probe *probe = user;
    (void)row;
    *probe = (Probe){left, right, TRUE};
    return 1;
}

static int
run_graph(const SpResizer *resizer, const guint8 *in, gsize in_stride, guint in_mask,
          SpPlane *out, zimg_filter_graph_callback callback, void *user)
{
    zimg_image_buffer_const from = {.version = ZIMG_API_VERSION};
    zimg_image_buffer to = {.version = ZIMG_API_VERSION};
    from.plane[0].data = in;
    from.plane[0].stride = (ptrdiff_t)in_stride;
    from.plane[0].mask = in_mask;
    to.plane[0].data = out->data;
    to.plane[0].stride = (ptrdiff_t)out->stride;
    to.plane[0].mask = ZIMG_BUFFER_MAX;
    void *tmp = NULL;
    if (posix_memalign(&tmp, SP_PLANE_ALIGN, MAX(resizer->tmp_size, 1)) != 0)
        return ZIMG_ERROR_OUT_OF_MEMORY;
    zimg_clear_last_error();
    int status =
        zimg_filter_graph_process(resizer->graph, &from, &to, tmp, callback, user, NULL, NULL);
    free(tmp);
    return status;
}

/* Whether the first strip spans the picture is known only by asking: the callback is told. */
static gboolean
passes_once(const SpResizer *resizer)
{
    SpPlane no_plane = {.stride = SP_PLANE_ALIGN};
    Probe probe = {0};
    run_graph(resizer, NULL, SP_PLANE_ALIGN, ZIMG_BUFFER_MAX, &no_plane, probe_first, &probe);
    double end = resizer->shape.x.start + resizer->shape.x.length;
    return probe.called && probe.left <= MAX(0, resizer->shape.x.start) &&
           probe.right + 1 >= MIN(resizer->shape.in_width, end);
}

static gboolean
measure(SpResizer *resizer)
{
    unsigned rows = 0;
    if (zimg_filter_graph_get_tmp_size(resizer->graph, &resizer->tmp_size) !=
            ZIMG_ERROR_SUCCESS ||
        zimg_filter_graph_get_input_buffering(resizer->graph, &rows) != ZIMG_ERROR_SUCCESS)
        return FALSE;
    resizer->rows_held = MIN(rows, resizer->shape.in_height);
    if (!passes_once(resizer))
        resizer->rows_held = resizer->shape.in_height;
    return TRUE;
}

SpResizer *
sp_resizer_new(const SpResizeShape *shape, GError **error)
{
    g_autoptr(SpResizer) resizer = g_new0(SpResizer, 1);
    resizer->shape = *shape;
    resizer->graph = build_graph(shape);
    if (resizer->graph == NULL || !measure(resizer)) {
        throw_zimg(error, "prepare the resize");
        return NULL;
    }
    return g_steal_pointer(&resizer);
}

void
sp_resizer_free(SpResizer *resizer)
{
    if (resizer != NULL)
        zimg_filter_graph_free(resizer->graph);
    g_free(resizer);
}

guint
sp_resizer_rows_held(const SpResizer *resizer)
{
    return resizer->rows_held;
}

/* zimg keeps weights for each output sample of both sides: of 6 lobes' width in source samples
 * they are some 6 bytes each. */
gsize
sp_resizer_memory(const SpResizer *resizer)
{
    const SpResizeShape *shape = &resizer->shape;
    gsize sides = (gsize)MAX(shape->in_width, shape->out_width) +
                  (gsize)MAX(shape->in_height, shape->out_height);
    return resizer->tmp_size + 48 * sides;
}

typedef struct {
    SpRowWanted wanted;
    gpointer data;
    gboolean stopped;
} Pull;

static int
pull_row(void *user, unsigned row, unsigned left, unsigned right)
{
    Pull *pull = user;
    (void)left, (void)right;
    pull->stopped = !pull->wanted(row, pull->data);
    return pull->stopped;
}

gboolean
sp_resizer_run(const SpResizer *resizer, const guint8 *in, gsize in_stride, guint in_mask,
               SpPlane *out, SpRowWanted wanted, gpointer data, GError **error)
{
    Pull pull = {wanted, data, FALSE};
    int status = run_graph(resizer, in, in_stride, in_mask, out,
                           wanted == NULL ? NULL : pull_row, &pull);
    if (status == ZIMG_ERROR_SUCCESS)
        return TRUE;
    return pull.stopped ? FALSE : throw_zimg(error, "resize");
}

gboolean
sp_resize_plane(const SpPlane *in, SpSpan x, SpSpan y, SpPlane *out, GError **error)
{
    SpResizeShape shape = {in->width,   in->height, in->bytes, out->width,
                           out->height, x,          y,         out->bytes};
    g_autoptr(SpResizer) resizer = sp_resizer_new(&shape, error);
    if (resizer == NULL)
        return FALSE;
    return sp_resizer_run(resizer, in->data, in->stride, G_MAXUINT, out, NULL, NULL, error);
}
