/* SPDX-License-Identifier: MIT */
/* pieces.h -- an upload that arrives in pieces, as a source.
 *
 * What has not come is what misleads most who looks at it all the same: the end of a JPEG, over
 * and over. */
#ifndef SP_TESTS_PIECES_H
#define SP_TESTS_PIECES_H
#include <string.h>

#include "base/source.h"
G_BEGIN_DECLS

typedef struct {
    SpSource source;    /* first: more() gets it */
    const guint8 *from; /* borrowed */
    guint8 *to;         /* owned */
    gsize n, piece;
    guint asked; /* how often for more */
} Pieces;

static inline void
pieces_more(SpSource *source)
{
    Pieces *pieces = (Pieces *)source;
    gsize n = MIN(pieces->piece, pieces->n - source->n);
    if (n > 0)
        memcpy(pieces->to + source->n, pieces->from + source->n, n);
    source->n += n;
    source->at_end = n == 0;
    pieces->asked++;
}

/* bytes are borrowed. head: bytes that are there at once; piece: 1 or more, each time. */
static inline Pieces
pieces_of(const guint8 *bytes, gsize n, gsize head, gsize piece)
{
    head = MIN(head, n);
    guint8 *to = g_malloc(n + 1);
    for (gsize i = 0; i <= n; i++)
        to[i] = (guint8)(i < head ? bytes[i] : i % 2 == 0 ? 0xFF : 0xD9);
    return (Pieces){
        .source = {.bytes = to, .n = head, .more = pieces_more},
        .from = bytes,
        .to = to,
        .n = n,
        .piece = piece,
    };
}

static inline void
pieces_clear(Pieces *pieces)
{
    g_clear_error(&pieces->source.error);
    g_free(pieces->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pieces, pieces_clear)

G_END_DECLS
#endif
