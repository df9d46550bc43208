/* SPDX-License-Identifier: MIT */
/* thread.h -- threads with a small stack.
 *
 * GThread has no way to say the size of a stack, and the 8 MiB that each would get by default
 * counts in full against the memory limit of a sealed renderer. */
#ifndef SP_RENDER_THREAD_H
#define SP_RENDER_THREAD_H
#include "sandbox/lock.h"
#include <pthread.h>
G_BEGIN_DECLS

#define SP_THREAD_STACK SP_LOCK_THREAD_STACK /* bytes; those of libraries' threads, too */

typedef pthread_t SpThread;

/* SP_ERROR_BUSY when the host has no more threads. Join with pthread_join(). */
gboolean sp_thread_start(SpThread *thread, void *(*run)(void *), void *data, GError **error);

/* Whether n threads can be had at once, by starting them: for who was told by a library that
 * something failed, but not what. */
gboolean sp_thread_room(guint n);

G_END_DECLS
#endif
