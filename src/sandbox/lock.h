/* SPDX-License-Identifier: MIT */
/* lock.h -- what a process may still do once it looks at foreign bytes: next to nothing.
 *
 * The fork server prepares (sp_lock_server() first thing, sp_lock_prepare() once its libraries
 * are loaded), each child locks itself (sp_lock_close()) before the first byte of an upload is
 * parsed. There is no way back and no switch. What cannot be locked refuses to work; what goes
 * wrong in the server is kept, and said by every child. */
#ifndef SP_SANDBOX_LOCK_H
#define SP_SANDBOX_LOCK_H
#include "sandbox/calls.h"
G_BEGIN_DECLS

#define SP_LOCK_THREAD_STACK ((gsize)1 << 20) /* bytes, of threads that libraries start */

/* Allocations that no estimate from a picture's headers counts: bytes a child may have beyond
 * it. (768 renderings of real photos and crafted ones did with the estimates alone.) */
#define SP_LOCK_SLACK ((guint64)16 << 20)

/* The server gives up its capabilities for good, and reads nothing but libraries from now on.
 * Call it with one thread, before a library is loaded or a picture is there. */
void sp_lock_server(void);

/* Make what the children need. socket: the one descriptor that they may speak through. */
void sp_lock_prepare(SpCallsKind kind, int socket);

typedef struct {
    guint64 max_memory; /* bytes beyond what is there now (and SP_LOCK_SLACK); 0: no limit */
    guint64 max_input;  /* bytes that the input may take besides; 0 when it is there */
    int input;          /* the descriptor that may be read from; 0: none */
    guint max_fds;      /* descriptors from this number on can no more be had */
    gboolean require_landlock; /* else what the kernel has is used */
    /* A forbidden call was made. Runs in a signal handler; the process ends behind it. */
    void (*report)(const char *call);
} SpLockTerms;

/* Lock the calling process, which must have one thread. SP_ERROR_CANNOT_SEAL: then it must not
 * go on. */
gboolean sp_lock_close(const SpLockTerms *terms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From its headers, this picture needs that many bytes of memory: take no more, and
 * SP_LOCK_SLACK. Does nothing in a process that is not locked. SP_ERROR_BUSY when the host's
 * own limits do not leave that much. */
gboolean sp_lock_expect(guint64 memory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
