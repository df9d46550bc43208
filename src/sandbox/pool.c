/* SPDX-License-Identifier: MIT */
/* pool.c -- life and death of fork servers, seen from the supervisor.
 *
 * A server may be *begun* (its process loads its libraries while we do something else), is
 * *current* (new jobs get it), then *retired* (jobs that have it go on), then
 * *leaving* (its last user is gone, control is closed, it ends by itself), then reaped. One
 * count of users does all of it; the pool is a user while a server is current. A server is
 * retired after IMAGES jobs (what a decoder leaks or corrupts has an end), after whatever the
 * job loop did not like, and when it is full: SP_SERVER_CHILDREN is all that it serves at once.
 *
 * Locks: `starting` (one a kind) is held while a server starts, so that threads that need the
 * same one wait for it instead of starting more; `lock` guards the lists and is held for
 * moments only. Order: starting, then lock. They are pthread's, for the thread sanitizer cannot
 * see through GMutex. */
#include "sandbox/pool.h"
#include "base/error.h"
#include "base/rlimits.h"
#include "sandbox/path.h"
#include "sandbox/server.h"
#include "sandbox/spawn.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#define IMAGES 256     /* jobs before a server is replaced */
#define HELLO_MS 10000 /* the codecs' libraries load in a tenth of a second */
#define LEAVE_US                                                                               \
    (5 * (gint64)G_USEC_PER_SEC) /* from control's end to SIGKILL, while we go on */
#define FAREWELL_MS 2000         /* the same when everything ends */

static const struct {
    const char *program, *argument; /* the argument may be NULL */
} programs[SP_RENDERER_COUNT] = {
    [SP_RENDERER_JPEG] = {"storyphoto-render-jpeg", NULL},
    [SP_RENDERER_VIPS] = {"storyphoto-render-vips", NULL},
    [SP_RENDERER_HEVC] = {"storyphoto-render-hevc", NULL},
    [SP_RENDERER_HEIF] = {"storyphoto-render-vips", "heif"},
    [SP_RENDERER_INSPECT] = {"storyphoto-inspect", NULL},
};

typedef struct {
    pthread_mutex_t starting;
    const char *program;   /* borrowed; NULL is the compiled-in one */
    SpPoolServer *begun;   /* owned; NULL, or one that has not said hello yet: `starting` */
    SpPoolServer *current; /* NULL when none runs; the pool is one of its users */
} Slot;

struct SpPool {
    pthread_mutex_t lock;
    int cancel_fd; /* borrowed */
    guint hello_ms;
    gint last;          /* atomic: whoever has no job any more leaves */
    GPtrArray *leaving; /* owned; of SpPoolServer without users */
    Slot slots[SP_RENDERER_COUNT];
};

SpWait
sp_pool_wait(int fd, short events, int pidfd, int cancel_fd, gint64 deadline_us)
{
    for (;;) {
        struct pollfd set[] = {
            {.fd = cancel_fd, .events = POLLIN},
            {.fd = fd, .events = events},
            {.fd = pidfd, .events = POLLIN},
        };
        gint64 left_us = MAX(deadline_us - g_get_monotonic_time(), 0);
        gint64 left_ms = MIN((left_us + 999) / 1000, G_MAXINT);
        int ready = poll(set, G_N_ELEMENTS(set), (int)left_ms);
        if (ready > 0 && set[0].revents != 0)
            return SP_WAIT_CANCELLED;
        if (ready > 0 && set[1].revents != 0)
            return SP_WAIT_READY;
        if (ready > 0)
            return SP_WAIT_ENDED;
        if (left_us == 0) /* whatever keeps poll() from working: signals without end */
            return SP_WAIT_LATE;
    }
}

static void
server_free(SpPoolServer *server)
{
    if (server == NULL)
        return;
    sp_fd_clear(&server->control);
    sp_fd_clear(&server->pidfd);
    g_free(server);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPoolServer, server_free)

static gboolean
await_hello(const SpPool *pool, SpPoolServer *server, const char *path, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)pool->hello_ms * 1000;
    SpWait wait =
        sp_pool_wait(server->control, POLLIN, server->pidfd, pool->cancel_fd, deadline);
    if (wait == SP_WAIT_CANCELLED)
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    if (wait == SP_WAIT_LATE)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL,
                        "renderer '%s' is not ready after %u seconds", path,
                        pool->hello_ms / 1000);
    struct {
        SpWireHello hello;
        guint8 room[16]; /* shows a message that is too long */
    } message;
    ssize_t n = recv(server->control, &message, sizeof message, MSG_DONTWAIT);
    if (n <= 0) {
        g_autofree char *suspects = sp_rlimits_suspects();
        return sp_throw(error, SP_ERROR_CANNOT_SEAL,
                        "renderer '%s' ended before it was ready%s", path, suspects);
    }
    g_autoptr(GError) why = NULL;
    if (!sp_wire_check_hello(&message.hello, (gsize)n, &why))
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "renderer '%s' is not ours: %s", path,
                        why->message);
    g_strlcpy(server->libraries, message.hello.libraries, sizeof server->libraries);
    return TRUE;
}

static char *
path_of(const Slot *slot, SpRendererKind kind)
{
    return slot->program != NULL
               ? g_strdup(slot->program)
               : g_build_filename(sp_libexec_dir, programs[kind].program, NULL);
}

/* The process alone: it says hello when it is ready. */
static SpPoolServer *
begin(const char *path, const char *argument, GError **error)
{
    g_autoptr(SpPoolServer) server = g_new0(SpPoolServer, 1);
    server->control = -1;
    server->pidfd = -1;
    if (!sp_spawn(path, argument, &server->control, &server->pidfd, error))
        return NULL;
    return g_steal_pointer(&server);
}

/* End one that serves nobody. */
static void
give_up(SpPoolServer *server)
{
    if (server == NULL)
        return;
    sp_spawn_kill(server->pidfd);
    sp_spawn_reap(server->pidfd, FAREWELL_MS);
    server_free(server);
}

/* What has become of one that was begun, perhaps long ago, is nobody's fault. */
static SpPoolServer *
take_begun(const SpPool *pool, Slot *slot, const char *path)
{
    SpPoolServer *server = g_steal_pointer(&slot->begun);
    if (server == NULL || await_hello(pool, server, path, NULL))
        return server;
    give_up(server);
    return NULL;
}

static SpPoolServer *
start(const SpPool *pool, Slot *slot, SpRendererKind kind, GError **error)
{
    g_autofree char *path = path_of(slot, kind);
    SpPoolServer *server = take_begun(pool, slot, path);
    if (server != NULL)
        return server;
    server = begin(path, programs[kind].argument, error);
    if (server == NULL || await_hello(pool, server, path, error))
        return server;
    give_up(server);
    return NULL;
}

/* Reap those that have left, hurry those that should have. Under the lock. */
static void
sweep(SpPool *pool)
{
    for (guint i = pool->leaving->len; i-- > 0;) {
        SpPoolServer *server = g_ptr_array_index(pool->leaving, i);
        if (sp_spawn_reap(server->pidfd, 0))
            server_free(g_ptr_array_remove_index_fast(pool->leaving, i));
        else if (g_get_monotonic_time() > server->patience_us)
            sp_spawn_kill(server->pidfd);
    }
}

/* Under the lock. */
static void
unref(SpPool *pool, SpPoolServer *server)
{
    if (--server->users > 0)
        return;
    sp_fd_clear(&server->control);
    server->patience_us = g_get_monotonic_time() + LEAVE_US;
    g_ptr_array_add(pool->leaving, server);
}

/* Under the lock. */
static void
retire(SpPool *pool, const SpPoolServer *server)
{
    for (guint i = 0; i < SP_RENDERER_COUNT; i++) {
        if (server != NULL && pool->slots[i].current == server)
            unref(pool, g_steal_pointer(&pool->slots[i].current));
    }
}

/* The current server of slot, if it has room; else NULL, and it is retired. That it may have
 * died shows when it is asked. */
static SpPoolServer *
take_current(SpPool *pool, Slot *slot)
{
    pthread_mutex_lock(&pool->lock);
    sweep(pool);
    SpPoolServer *server = slot->current;
    if (server != NULL && (server->images >= IMAGES || server->users > SP_SERVER_CHILDREN))
        retire(pool, server);
    server = slot->current;
    if (server != NULL) {
        server->users++;
        server->images++;
    }
    pthread_mutex_unlock(&pool->lock);
    return server;
}

static SpPoolServer *
start_current(SpPool *pool, Slot *slot, SpRendererKind kind, GError **error)
{
    SpPoolServer *server = start(pool, slot, kind, error);
    if (server == NULL)
        return NULL;
    server->users = 2; /* the pool and the caller */
    server->images = 1;
    pthread_mutex_lock(&pool->lock);
    slot->current = server;
    pthread_mutex_unlock(&pool->lock);
    return server;
}

SpPoolServer *
sp_pool_acquire(SpPool *pool, SpRendererKind kind, GError **error)
{
    g_return_val_if_fail(kind < SP_RENDERER_COUNT, NULL);
    Slot *slot = &pool->slots[kind];
    pthread_mutex_lock(&slot->starting);
    SpPoolServer *server = take_current(pool, slot);
    if (server == NULL)
        server = start_current(pool, slot, kind, error);
    pthread_mutex_unlock(&slot->starting);
    return server;
}

void
sp_pool_expect(SpPool *pool, SpRendererKind kind)
{
    g_return_if_fail(kind < SP_RENDERER_COUNT);
    Slot *slot = &pool->slots[kind];
    if (pthread_mutex_trylock(&slot->starting) != 0)
        return; /* it starts already */
    pthread_mutex_lock(&pool->lock);
    gboolean runs = slot->current != NULL;
    pthread_mutex_unlock(&pool->lock);
    if (!runs && slot->begun == NULL) {
        g_autofree char *path = path_of(slot, kind);
        slot->begun = begin(path, programs[kind].argument, NULL);
    }
    pthread_mutex_unlock(&slot->starting);
}

void
sp_pool_release(SpPool *pool, SpPoolServer *server)
{
    pthread_mutex_lock(&pool->lock);
    unref(pool, server);
    if (g_atomic_int_get(&pool->last) && server->users == 1) /* the pool's, if it is current */
        retire(pool, server);
    sweep(pool);
    pthread_mutex_unlock(&pool->lock);
}

void
sp_pool_last(SpPool *pool)
{
    g_atomic_int_set(&pool->last, TRUE);
}

void
sp_pool_retire(SpPool *pool, SpPoolServer *server)
{
    pthread_mutex_lock(&pool->lock);
    retire(pool, server);
    pthread_mutex_unlock(&pool->lock);
}

void
sp_pool_kill(SpPool *pool, SpPoolServer *server)
{
    g_atomic_int_set(&server->killed, TRUE);
    sp_spawn_kill(server->pidfd);
    sp_pool_retire(pool, server);
}

SpPool *
sp_pool_new(int cancel_fd)
{
    SpPool *pool = g_new0(SpPool, 1);
    pthread_mutex_init(&pool->lock, NULL);
    pool->cancel_fd = cancel_fd;
    pool->hello_ms = HELLO_MS;
    pool->leaving = g_ptr_array_new();
    for (guint i = 0; i < SP_RENDERER_COUNT; i++)
        pthread_mutex_init(&pool->slots[i].starting, NULL);
    return pool;
}

void
sp_pool_set_program(SpPool *pool, SpRendererKind kind, const char *path)
{
    g_return_if_fail(kind < SP_RENDERER_COUNT);
    pthread_mutex_lock(&pool->slots[kind].starting);
    pool->slots[kind].program = path;
    give_up(g_steal_pointer(&pool->slots[kind].begun));
    pthread_mutex_lock(&pool->lock);
    retire(pool, pool->slots[kind].current);
    pthread_mutex_unlock(&pool->lock);
    pthread_mutex_unlock(&pool->slots[kind].starting);
}

void
sp_pool_set_hello(SpPool *pool, guint hello_ms)
{
    pool->hello_ms = hello_ms;
}

void
sp_pool_free(SpPool *pool)
{
    if (pool == NULL)
        return;
    for (guint i = 0; i < SP_RENDERER_COUNT; i++) {
        retire(pool, pool->slots[i].current);
        give_up(g_steal_pointer(&pool->slots[i].begun));
        pthread_mutex_destroy(&pool->slots[i].starting);
    }
    gint64 deadline = g_get_monotonic_time() + (gint64)FAREWELL_MS * 1000;
    for (guint i = 0; i < pool->leaving->len; i++) {
        SpPoolServer *server = g_ptr_array_index(pool->leaving, i);
        gint64 left_us = MAX(deadline - g_get_monotonic_time(), 0);
        if (!sp_spawn_reap(server->pidfd, (int)(left_us / 1000))) {
            sp_spawn_kill(server->pidfd);
            sp_spawn_reap(server->pidfd, FAREWELL_MS);
        }
        server_free(server);
    }
    g_ptr_array_unref(pool->leaving);
    pthread_mutex_destroy(&pool->lock);
    g_free(pool);
}
