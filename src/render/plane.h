/* SPDX-License-Identifier: MIT */
/* plane.h -- a picture as planes of 8-bit samples.
 *
 * Colour pictures are Y, Cb, Cr (ITU-R BT.601 matrix, full range, as in JFIF) with chroma at
 * the same size (sub 1) or at half of it in both directions, rounded up (sub 2); chroma samples
 * lie in the middle of the luma samples that they stand for. Grey pictures are Y alone. */
#ifndef SP_RENDER_PLANE_H
#define SP_RENDER_PLANE_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_PLANE_ALIGN 64 /* bytes: what zimg's widest code wants of rows and strides */

typedef struct {
    guint8 *data; /* owned by the picture; SP_PLANE_ALIGN aligned */
    gsize stride; /* bytes; at least width rounded up to SP_PLANE_ALIGN */
    guint width, height;
} SpPlane;

typedef struct {
    guint width, height; /* of luma */
    guint sub;           /* 1 or 2 */
    guint n_planes;      /* 1 or 3 */
    SpPlane planes[3];
} SpPicture;

/* Samples of a chroma (index 1, 2) or luma (0) plane along a side of n luma samples. */
guint sp_plane_samples(guint n, guint index, guint sub);

/* FALSE when there is no memory: SP_ERROR_TOO_MUCH_MEMORY. Samples are not initialised. */
gboolean sp_plane_init(SpPlane *plane, guint width, guint height, GError **error);
void sp_plane_clear(SpPlane *plane);

gboolean sp_picture_init(SpPicture *picture, guint width, guint height, guint sub,
                         guint n_planes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_picture_clear(SpPicture *picture);
/* Hand over: returns *picture and empties it. */
SpPicture sp_picture_steal(SpPicture *picture);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpPlane, sp_plane_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpPicture, sp_picture_clear)

G_END_DECLS
#endif
