/* SPDX-License-Identifier: MIT */
/* resize.h -- resize planes by zimg: Lanczos with three lobes, fractional source region.
 *
 * Each plane is resized by itself, as grey, so that odd sizes and every chroma sampling come
 * out exact: no size is ever rounded to a multiple of anything. */
#ifndef SP_RENDER_RESIZE_H
#define SP_RENDER_RESIZE_H
#include "render/geometry.h"
#include "render/plane.h"
G_BEGIN_DECLS

/* A built graph; immutable, so that several threads may run it at once. */
typedef struct SpResizer SpResizer;

typedef struct {
    guint in_width, in_height;   /* samples of the source plane */
    guint bytes;                 /* a sample: 1 or 2 */
    guint out_width, out_height; /* samples of the output plane */
    SpSpan x, y;                 /* what the output covers of the source */
    guint out_bytes;             /* a sample of the output; 0: as of the source */
} SpResizeShape;

/* NULL with SP_ERROR_TOO_MUCH_MEMORY. Owned by the caller. */
SpResizer *sp_resizer_new(const SpResizeShape *shape, GError **error);
void sp_resizer_free(SpResizer *resizer);

/* How many source rows must be held at once: 1 to in_height. zimg may cut a wide picture into
 * strips and pass over it once a strip (it depends on the processor's caches); then every row
 * is needed again, and this is in_height. */
guint sp_resizer_rows_held(const SpResizer *resizer);

/* Bytes that the graph and one run of it take, rows aside. */
gsize sp_resizer_memory(const SpResizer *resizer);

/* Called before source row number row is read, in rising order while fewer than in_height rows
 * are held; FALSE stops. */
typedef gboolean (*SpRowWanted)(guint row, gpointer data);

/* Source row r stands at in + in_stride * (r & in_mask); in_mask is G_MAXUINT or a power of two
 * less one. wanted may be NULL when all rows are there. out has the shape's output size. FALSE
 * without an error when wanted() stopped it. */
gboolean sp_resizer_run(const SpResizer *resizer, const guint8 *in, gsize in_stride,
                        guint in_mask, SpPlane *out, SpRowWanted wanted, gpointer data,
                        GError **error);

/* All at once, from a plane in memory. */
gboolean sp_resize_plane(const SpPlane *in, SpSpan x, SpSpan y, SpPlane *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A part of a finished picture, from, which lies in it, at another size; same form. With alpha
 * no colour bleeds out of what is invisible, and nothing of it stays (resize-picture.c). Where
 * from is of that size and starts at whole pixels (of chroma too: even ones), it is copied. */
gboolean sp_resize_is_copy(const SpPicture *in, SpRegion from, SpSize size);
gboolean sp_resize_picture(const SpPicture *in, SpRegion from, SpSize size, SpPicture *ret_out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For tests: TRUE uses zimg's portable code instead of the processor's. Same bytes, slower. */
void sp_resize_set_portable(gboolean portable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpResizer, sp_resizer_free)
G_END_DECLS
#endif
