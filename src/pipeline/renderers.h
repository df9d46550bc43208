/* SPDX-License-Identifier: MIT */
/* renderers.h -- who renders which format. */
#ifndef SP_PIPELINE_RENDERERS_H
#define SP_PIPELINE_RENDERERS_H
#include "container/sniff.h"
#include "sandbox/client.h"
G_BEGIN_DECLS

#define SP_MOST_RENDERERS 2

/* The first, and where that one says `unavailable`, the second. */
typedef struct {
    const char *format; /* as in SpSniffed.word */
    guint n;
    SpRendererKind kinds[SP_MOST_RENDERERS];
} SpRenderers;

/* format is one that is taken. Never NULL; static. */
const SpRenderers *sp_renderers_of(SpFormat format);
/* NULL for a word that is no such format's. */
const SpRenderers *sp_renderers_find(const char *word);

G_END_DECLS
#endif
