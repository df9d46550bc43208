/* SPDX-License-Identifier: MIT */
/* splice.c -- from a stream into a file inside the kernel.
 *
 * The supervisor must not hold what a stranger sends (docs/PRIVACY.md): splice(2) moves it from
 * one descriptor to another, and our memory never has it. Writing into a memfd copies the
 * pages, so a sender that gave its own away with vmsplice(2) cannot change the copy.
 *
 * splice(2) wants a pipe on one side: from a socket it goes through one of our own. What the
 * kernel refuses to splice (EINVAL: a terminal, some kinds of sockets) comes through a buffer,
 * which is wiped before the call returns. */
#include "base/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((gsize)64 * 1024) /* a pipe's usual room: what fits in it never blocks */

void
sp_splice_clear(SpSplice *way)
{
    sp_fd_clear(&way->read_end);
    sp_fd_clear(&way->write_end);
}

static gssize
via_pipe(SpSplice *way, int from, int to, gsize max)
{
    int ends[2] = {-1, -1};
    if (way->read_end < 0) {
        if (pipe2(ends, O_CLOEXEC) < 0)
            return -1;
        way->read_end = ends[0];
        way->write_end = ends[1];
    }
    gssize n = splice(from, NULL, way->write_end, NULL, MIN(max, PIECE), SPLICE_F_NONBLOCK);
    for (gssize moved = 0, some = 0; moved < n; moved += some) {
        some = splice(way->read_end, NULL, to, NULL, (gsize)(n - moved), 0);
        if (some < 0 && errno == EINTR)
            some = 0;
        else if (some <= 0)
            return -1;
    }
    return n;
}

static gssize
by_hand(int from, int to, gsize max)
{
    guint8 buffer[16 * 1024];
    ssize_t n = read(from, buffer, MIN(max, sizeof buffer));
    if (n > 0 && !sp_write_full(to, buffer, (gsize)n))
        n = -1;
    int err = errno;
    explicit_bzero(buffer, sizeof buffer);
    errno = err;
    return n;
}

/* One try by the way that is thought to work. */
static gssize
try_once(SpSplice *way, int from, int to, gsize max)
{
    switch (way->way) {
    case SP_SPLICE_DIRECT:
        return splice(from, NULL, to, NULL, max, SPLICE_F_NONBLOCK);
    case SP_SPLICE_VIA_PIPE:
        return via_pipe(way, from, to, max);
    default:
        return by_hand(from, to, max);
    }
}

/* EINVAL comes before anything is taken from the stream. */
gssize
sp_splice(SpSplice *way, int from, int to, gsize max)
{
    gssize n = try_once(way, from, to, max);
    while (n < 0 && errno == EINVAL && way->way != SP_SPLICE_BY_HAND) {
        way->way = way->way == SP_SPLICE_DIRECT ? SP_SPLICE_VIA_PIPE : SP_SPLICE_BY_HAND;
        n = try_once(way, from, to, max);
    }
    return n;
}
