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

/* Does it ask for 4:4:4, whatever the picture needs? */
gboolean sp_chroma_is_asked(const SpVariant *variant);

/* Does one of the variants ask for it? All of them? What does not ask must come out as it would
 * without the one that does: its bytes are its own affair. */
gboolean sp_chroma_one_asks(const SpWireRequest *request);
gboolean sp_chroma_all_ask(const SpWireRequest *request);

G_END_DECLS
#endif
