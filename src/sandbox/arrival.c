/* SPDX-License-Identifier: MIT */
/* arrival.c -- an upload that comes through a pipe, as a source.
 *
 * All of this but the beginning runs behind the lock: it makes five calls there, poll(),
 * read(), mprotect(), setitimer() and clock_gettime() (sandbox/calls.c).
 *
 * Decoders keep pointers into what has come, and behind the lock nothing is mapped elsewhere
 * (mremap() is refused): so addresses for the largest upload are reserved at once, which costs
 * nothing, and become memory as it comes, which counts.
 *
 * Time to work and time to wait are two limits. Neither runs on the other's account: the work's
 * timer stands still while there is nothing to read, and of the waits' no more is spent than
 * was waited. */
#include "sandbox/arrival.h"
#include "base/error.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#define FIRST_ROOM ((gsize)1 << 20) /* bytes; doubled as needed */

static void
end(SpArrival *arrival)
{
    arrival->source.at_end = TRUE;
}

/* Is there something to read, or the end, by then? Negative with errno. */
static int
look(const SpArrival *arrival, gint64 wait_us)
{
    struct pollfd input = {.fd = arrival->fd, .events = POLLIN};
    return poll(&input, 1, (int)MIN((wait_us + 999) / 1000, G_MAXINT));
}

static int
wait_with_the_clock_stopped(SpArrival *arrival)
{
    static const struct itimerval stopped;
    struct itimerval left;
    setitimer(ITIMER_REAL, &stopped, &left);
    gint64 since = g_get_monotonic_time();
    int ready = look(arrival, arrival->left_us);
    arrival->left_us -= g_get_monotonic_time() - since;
    setitimer(ITIMER_REAL, &left, NULL);
    return ready;
}

/* FALSE when the source has failed. */
static gboolean
await_bytes(SpArrival *arrival)
{
    GError **error = &arrival->source.error;
    for (;;) {
        int ready = look(arrival, 0);
        if (ready == 0 && arrival->left_us <= 0)
            return sp_throw(error, SP_ERROR_INPUT_TIMEOUT,
                            "the sender is not done after %" G_GSIZE_FORMAT
                            " bytes (limits.input-timeout)",
                            arrival->source.n);
        if (ready == 0)
            ready = wait_with_the_clock_stopped(arrival);
        if (ready > 0)
            return TRUE;
        if (ready < 0 && errno != EINTR)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot wait for the upload");
    }
}

/* Room for at least one byte more. */
static gboolean
grow(SpArrival *arrival)
{
    if (arrival->source.n < arrival->room)
        return TRUE;
    gsize room = MIN(MAX(arrival->room * 2, FIRST_ROOM), arrival->cap);
    if (mprotect(arrival->bytes, room, PROT_READ | PROT_WRITE) < 0)
        return sp_throw_errno(&arrival->source.error, SP_ERROR_CANNOT_SEAL, errno,
                              "cannot hold %" G_GSIZE_FORMAT " bytes of upload",
                              arrival->source.n);
    arrival->room = room;
    return TRUE;
}

/* n bytes more are there; one more than there may be, and that is the end. */
static void
take(SpArrival *arrival, gsize n)
{
    SpSource *source = &arrival->source;
    source->n += n;
    if (source->n < arrival->cap)
        return;
    end(arrival);
    sp_throw(&source->error, SP_ERROR_TOO_LARGE,
             "the upload has at least %" G_GSIZE_FORMAT " bytes, the limit is %" G_GSIZE_FORMAT
             " (limits.max-upload)",
             source->n, arrival->cap - 1);
}

static void
more(SpSource *source)
{
    SpArrival *arrival = (SpArrival *)source;
    if (!grow(arrival) || !await_bytes(arrival)) {
        end(arrival);
        return;
    }
    ssize_t n = read(arrival->fd, arrival->bytes + source->n, arrival->room - source->n);
    if (n > 0) {
        take(arrival, (gsize)n);
    } else if (n == 0) {
        end(arrival);
    } else if (errno != EINTR && errno != EAGAIN) {
        end(arrival);
        sp_throw_errno(&source->error, SP_ERROR_CANNOT_READ, errno, "cannot read the upload");
    }
}

gboolean
sp_arrival_begin(SpArrival *arrival, int fd, gconstpointer head, gsize n_head,
                 guint64 max_upload, guint32 timeout_ms, GError **error)
{
    gsize cap = (gsize)max_upload + 1;
    void *bytes = mmap(NULL, cap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                              "cannot reserve %" G_GSIZE_FORMAT " bytes for an upload", cap);
    *arrival = (SpArrival){
        .source = {.bytes = bytes, .more = more},
        .bytes = bytes,
        .cap = cap,
        .fd = fd,
        .left_us = (gint64)timeout_ms * 1000,
    };
    if (!grow(arrival)) {
        g_propagate_error(error, g_steal_pointer(&arrival->source.error));
        return FALSE;
    }
    n_head = MIN(n_head, arrival->room);
    if (n_head > 0)
        memcpy(arrival->bytes, head, n_head);
    take(arrival, n_head);
    return TRUE;
}
