/* SPDX-License-Identifier: MIT */
/* variants.h -- from the finished picture to every variant within its budget. */
#ifndef SP_RENDER_VARIANTS_H
#define SP_RENDER_VARIANTS_H
#include "render/geometry.h"
#include "render/plane.h"
#include "render/trace.h"
G_BEGIN_DECLS

typedef struct {
    GBytes *bytes; /* owned */
    guint width, height;
    double quality;
    guint encodes; /* in all, at every size that was tried */
} SpMade;

void sp_made_clear(SpMade *made);

/* What they are made from: the whole upload, as large as sp_develop_target() says. */
typedef struct {
    SpPicture *picture; /* borrowed; padded here, as plain is */
    SpPicture *plain; /* borrowed; NULL or empty, or the same with chroma at sub 2, for variants
                         that do not ask for 4:4:4 (sp_chroma_is_asked()) */
    gboolean is_worth; /* sp_chroma_is_worth(), of picture */
    SpSize upright;    /* how large the upload itself is */
} SpFinished;

/* Make request's variants. made: an array of
 * request->n_variants, zeroed; to be cleared by the caller, on failure too. Variants of one
 * size and part are encoded side by side when request->threads allows. When one of them does
 * not fit at its min-quality, all of those are made from a smaller picture. trace is told each
 * encode and each change of size; may be NULL. SP_ERROR_CANNOT_FIT. */
gboolean sp_variants_make(const SpFinished *finished, const SpWireRequest *request,
                          SpMade *made, SpWireTrace *trace, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
