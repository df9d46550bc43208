/* SPDX-License-Identifier: MIT */
/* splice.h -- from a stream into a file inside the kernel: no byte of it in our memory. */
#ifndef SP_BASE_SPLICE_H
#define SP_BASE_SPLICE_H
#include "base/memfd.h"
G_BEGIN_DECLS

typedef struct {
    enum {
        SP_SPLICE_DIRECT,     /* the stream is a pipe */
        SP_SPLICE_VIA_PIPE,   /* a socket: through a pipe of our own */
        SP_SPLICE_BY_HAND,    /* neither will do: through a buffer that is wiped */
    } way;                    /* begins as the first, and goes on to what works */
    SpFd read_end, write_end; /* owned; of the pipe */
} SpSplice;

#define SP_SPLICE_INIT                                                                         \
    {                                                                                          \
        SP_SPLICE_DIRECT, -1, -1                                                               \
    }

/* Take what the stream `from` has to give now, at most max bytes (1 or more), and append it to
 * `to` at its file offset. Returns how many, 0 at the end of the stream, or -1 with errno:
 * EAGAIN when there is nothing yet and the stream does not block, EINTR. */
gssize sp_splice(SpSplice *way, int from, int to, gsize max);

void sp_splice_clear(SpSplice *way);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpSplice, sp_splice_clear)

G_END_DECLS
#endif
