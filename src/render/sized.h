/* SPDX-License-Identifier: MIT */
/* sized.h -- the finished picture, or a part of it, at one size: with the chroma that each
 * variant is to have. */
#ifndef SP_RENDER_SIZED_H
#define SP_RENDER_SIZED_H
#include "render/geometry.h"
#include "render/plane.h"
G_BEGIN_DECLS

/* What variants are made from: the whole upload, as large as sp_develop_target() says. */
typedef struct {
    SpPicture *picture; /* borrowed; padded here, as plain is */
    SpPicture *plain; /* borrowed; NULL or empty, or the same with chroma at sub 2, for variants
                         that do not ask for 4:4:4 (sp_chroma_is_asked()) */
    gboolean is_worth; /* sp_chroma_is_worth(), of picture */
    double halved;     /* how much what is at sub 2 for want of a use looks like what it was at
                          sub 1 (likeness.h), where a variant's quality is auto; else 100 */
    SpSize upright;    /* how large the upload itself is */
} SpFinished;

typedef struct {
    const SpFinished *finished; /* borrowed */
    SpRegion from;              /* of the finished picture */
    double wide;                /* pixels of the upload that from is of */
    SpReduction reduction;      /* sharpens what is smaller than that */
    /* Made: */
    gboolean is_worth;  /* whatever may be at 4:4:4 is to be */
    SpPicture *picture; /* borrowed: finished, or resized */
    SpPicture
        *halved; /* borrowed: at sub 2, where picture is not, and one wants it; else NULL */
    SpPicture resized, resized_half; /* owned */
} SpSized;

/* Make it of that size, padded. asks: there is a variant that asks for 4:4:4. */
gboolean sp_sized_make(SpSized *sized, SpSize size, gboolean asks, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The picture to encode this variant from; borrowed until it is made anew. NULL: no memory. */
SpPicture *sp_sized_for(SpSized *sized, const SpVariant *variant, GError **error);

/* How much picture, of sp_sized_for(), looks like one with all the chroma that there was.
 * SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_sized_likeness(const SpSized *sized, const SpPicture *picture, double *ret_likeness,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

void sp_sized_clear(SpSized *sized);

G_END_DECLS
#endif
