/* SPDX-License-Identifier: MIT */
/* source.h -- the bytes of an upload, while they still arrive.
 *
 * A file is a source that is all there. Of a pipe there are some; who needs more asks, and
 * waits. What is there never moves and never changes.
 *
 * A source that fails (a sender that is too slow, or sends too much) ends there, and says why
 * in error: so whoever reads takes it for a file that is cut, and only who answers for the
 * upload asks for the reason, first of all. */
#ifndef SP_BASE_SOURCE_H
#define SP_BASE_SOURCE_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpSource SpSource;
struct SpSource {
    const guint8 *bytes; /* borrowed, and not NULL */
    gsize n;             /* there so far */
    gboolean at_end;     /* there are no more */
    GError *error;       /* owned; why it ended too early, else NULL */
    /* Wait for more: raises n, or sets at_end. NULL in a source that is all there. */
    void (*more)(SpSource *source);
};

/* All there; to be cleared by nobody. bytes must outlive it, and may be NULL when n is 0. */
SpSource sp_source_whole(const guint8 *bytes, gsize n);

/* Wait for more bytes, whatever number; FALSE when there are no more. */
gboolean sp_source_more(SpSource *source);
/* Wait until n bytes are there in all; FALSE when it ends before. */
gboolean sp_source_reach(SpSource *source, gsize n);
/* Wait for the end. */
void sp_source_all(SpSource *source);

G_END_DECLS
#endif
