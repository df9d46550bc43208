/* SPDX-License-Identifier: MIT */
/* plane.h -- a picture as planes of samples of 8 or 16 bits.
 *
 * On its way from the decoder a picture may have any model; what is *finished* has one of three
 * forms, all of 8 bits and in sRGB:
 *   YCC          Y, Cb, Cr: ITU-R BT.601 matrix, full range, as in JFIF; sub 2, or 1 where
 *                a variant needs it (chroma.h);
 *   YCC, alpha   the same with straight alpha at full size (alpha.h);
 *   GREY         Y alone.
 * Chroma is at the same size (sub 1) or at half of it in both directions, rounded up (sub 2);
 * chroma samples lie in the middle of the luma samples that they stand for. Samples of 16 bits
 * are in host byte order, 65 535 is full.
 *
 * A finished picture may have its colours a second time, *limited*: in WebP's range, each
 * sample rounded once from what the resize made (limited.h). Whoever changes the colours of one
 * changes both, or clears the limited ones. */
#ifndef SP_RENDER_PLANE_H
#define SP_RENDER_PLANE_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_PLANE_ALIGN 64 /* bytes: what zimg's widest code wants of rows and strides */

#define SP_MAX_PLANES 4

/* What the colour planes say. */
typedef enum {
    SP_MODEL_GREY, /* one plane */
    SP_MODEL_YCC,
    SP_MODEL_RGB,
    SP_MODEL_CMYK, /* as Adobe writes it into JPEG: full is no ink */
    SP_MODEL_YCCK, /* the same, with C, M and Y as R, G and B of a YCC */
    SP_MODEL_COUNT,
} SpModel;

/* Colour planes of a model, without alpha: 1, 3 or 4. */
guint sp_model_planes(SpModel model);

typedef struct {
    guint8 *data; /* owned by the picture; SP_PLANE_ALIGN aligned */
    gsize stride; /* bytes; at least a row's, rounded up to SP_PLANE_ALIGN */
    guint width, height;
    guint bytes; /* a sample: 1 or 2 */
} SpPlane;

typedef struct {
    guint width, height; /* of luma */
    guint sub;           /* 1 or 2 */
    SpModel model;
    gboolean alpha; /* the last plane is alpha, at full size */
    guint n_planes; /* of the model, and alpha */
    SpPlane planes[SP_MAX_PLANES];
    SpPlane limited[3]; /* as the first of planes; or all of them empty */
} SpPicture;

/* What a picture is, apart from its size. */
typedef struct {
    SpModel model;
    gboolean alpha;
    guint bytes; /* a sample: 1 or 2 */
    guint sub;   /* 1 or 2; 1 unless the model is YCC */
    gboolean limited;
} SpForm;

SpForm sp_picture_form(const SpPicture *picture);
/* 8 bits, without alpha: grey with one plane, else YCC. */
SpForm sp_form_of_jpeg(guint sub, guint n_planes);

/* Samples of a plane along a side of n luma samples: sub makes fewer of chroma (index 1, 2),
 * but not of luma (0) and of what comes behind a YCC's three, its alpha (3). */
guint sp_plane_samples(guint n, guint index, guint sub);

/* FALSE when there is no memory: SP_ERROR_TOO_MUCH_MEMORY. Samples are not initialised. */
gboolean sp_plane_init(SpPlane *plane, guint width, guint height, guint bytes, GError **error);
void sp_plane_clear(SpPlane *plane);

/* Row y of a plane of 16-bit samples. */
static inline guint16 *
sp_plane_row16(const SpPlane *plane, guint y)
{
    return (guint16 *)(gpointer)(plane->data + plane->stride * y);
}

gboolean sp_picture_init(SpPicture *picture, guint width, guint height, SpForm form,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_picture_clear(SpPicture *picture);
/* Free the limited planes, if there are any. */
void sp_picture_unlimit(SpPicture *picture);
/* Hand over: returns *picture and empties it. */
SpPicture sp_picture_steal(SpPicture *picture);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpPlane, sp_plane_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpPicture, sp_picture_clear)

G_END_DECLS
#endif
