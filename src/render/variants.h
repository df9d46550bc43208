/* SPDX-License-Identifier: MIT */
/* variants.h -- from the finished picture to every variant within its budget. */
#ifndef SP_RENDER_VARIANTS_H
#define SP_RENDER_VARIANTS_H
#include "render/sized.h"
#include "render/trace.h"
G_BEGIN_DECLS

typedef struct {
    GBytes *bytes; /* owned */
    guint width, height;
    double quality;
    guint encodes; /* in all, at every size that was tried */
} SpMade;

void sp_made_clear(SpMade *made);

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
