/* SPDX-License-Identifier: MIT */
/* pool.h -- the fork servers that the supervisor has running: one a kind, shared by threads. */
#ifndef SP_SANDBOX_POOL_H
#define SP_SANDBOX_POOL_H
#include "base/memfd.h"
#include "sandbox/client.h"
G_BEGIN_DECLS

/* One running server. It stays valid, and its descriptors open, until sp_pool_release(). */
typedef struct {
    SpFd control; /* owned; closing it ends the server and all its children */
    SpFd pidfd;   /* owned */
    guint users;  /* under the pool's lock: jobs, and the pool while it is current */
    guint images; /* under the pool's lock: jobs that it was given */
    gint killed;  /* atomic: the supervisor ended it, whoever was still using it */
    char libraries[SP_WIRE_LIBRARIES]; /* from its hello */
    gint64 patience_us;                /* monotonic; when it is killed for not leaving */
} SpPoolServer;

typedef struct SpPool SpPool;

/* cancel_fd is borrowed: readable when everything is to stop. */
SpPool *sp_pool_new(int cancel_fd);
/* Ends all servers; none may be in use. */
void sp_pool_free(SpPool *pool);

/* For tests. path is borrowed, NULL is the compiled-in one; a running server is retired. */
void sp_pool_set_program(SpPool *pool, SpRendererKind kind, const char *path);
/* For tests: how long a server may take to say hello. */
void sp_pool_set_hello(SpPool *pool, guint hello_ms);

/* The current server of that kind, started if need be. NULL with SP_ERROR_CANNOT_SEAL, _BUSY
 * (the host is short of something) or _INTERRUPTED. */
SpPoolServer *sp_pool_acquire(SpPool *pool, SpRendererKind kind, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Start one meanwhile, unless one runs: a hint, whose failure is told when it is acquired. */
void sp_pool_expect(SpPool *pool, SpRendererKind kind);
void sp_pool_release(SpPool *pool, SpPoolServer *server);

/* From now on a server leaves when its last job is done, and not at sp_pool_free(). */
void sp_pool_last(SpPool *pool);

/* Give it to nobody any more; those who have it go on. */
void sp_pool_retire(SpPool *pool, SpPoolServer *server);
/* Retire it and end it now, with all its children. */
void sp_pool_kill(SpPool *pool, SpPoolServer *server);

typedef enum {
    SP_WAIT_READY,
    SP_WAIT_ENDED,     /* the process of pidfd has ended, and fd is not ready */
    SP_WAIT_CANCELLED, /* before all else */
    SP_WAIT_LATE,
} SpWait;

/* Wait until fd is ready for events (or is hung up), or something else makes waiting vain.
 * deadline_us is of g_get_monotonic_time(). */
SpWait sp_pool_wait(int fd, short events, int pidfd, int cancel_fd, gint64 deadline_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPool, sp_pool_free)
G_END_DECLS
#endif
