/* SPDX-License-Identifier: MIT */
/* chroma.h -- how finely colours are sampled: what variants ask for, what a picture needs. */
#ifndef SP_RENDER_CHROMA_H
#define SP_RENDER_CHROMA_H
#include "preset/preset.h"
#include "render/plane.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* Would a file at 4:4:4 be smaller than one at 4:2:0 that looks as good? picture: finished. By
 * its samples alone; FALSE of one that has no chroma at full size. */
gboolean sp_chroma_is_worth(const SpPicture *picture);

/* May a variant be written at 4:4:4, if the picture needs it? */
gboolean sp_chroma_may_be_full(const SpVariant *variant);

/* Pixels a sample that chroma is to be resized to, along a side: 1 when a variant asks for
 * 4:4:4, or leaves it to the picture where that is_free; else 2. */
guint sp_chroma_sub(const SpWireRequest *request, gboolean is_free);

/* Is the chroma of the finished picture to be kept as it is for one of the variants? Else it is
 * to be averaged. */
gboolean sp_chroma_is_kept(const SpWireRequest *request, const SpPicture *picture);

G_END_DECLS
#endif
