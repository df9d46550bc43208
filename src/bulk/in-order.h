/* SPDX-License-Identifier: MIT */
/* in-order.h -- many jobs on threads, their results one after the other.
 *
 * Jobs are numbered as they are taken. Each has a slot, a struct of the caller's, in a window
 * of them: it is taken and worked on by one thread, and given in the order of the numbers, from
 * the calling thread. So what is told is in the order of what was asked, while a slow job holds
 * up no more than a window of others, and no more of them than that are in memory. */
#ifndef SP_BULK_IN_ORDER_H
#define SP_BULK_IN_ORDER_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_IN_ORDER_THREADS 64 /* no more are started */

/* Functions are called with data; a slot is one thread's at a time. */
typedef struct {
    const char *name; /* of the threads */
    guint threads;    /* 1: no thread is started, all is done in the calling one; 0: as many as
                         there are cores; no more than the host has to give are started */
    guint window;     /* at least 1: so many jobs are taken and not given yet, at most */
    gsize slot_size;  /* bytes */
    gpointer data;    /* for the functions */

    /* Fill in slot, which is all 0, with the next job; by one thread at a time. FALSE when
     * there is none, or, with error, to end the run; slot is untouched then. */
    gboolean (*take)(gpointer slot, gpointer data, GError **error);
    /* Do it. FALSE with error for what would befall every further job too: the run ends, this
     * job and those after it are not given. tool: see tool_new; else NULL. */
    gboolean (*work)(gpointer slot, gpointer tool, gpointer data, GError **error);
    /* Tell what came of it; from the calling thread, in order. FALSE ends the run. */
    gboolean (*give)(gpointer slot, gpointer data);
    /* Free what slot owns: called once for each job that was taken, given or not. */
    void (*drop)(gpointer slot);

    /* From the calling thread, after each tick_ms in which nothing was to be given; a thread is
     * started for the jobs then, even a single one. May be NULL. */
    void (*tick)(gpointer data);
    guint tick_ms;

    /* Of jobs with one key each waits until the one before is done: what take() made of slot,
     * NULL for a job that waits for none. May be NULL. */
    const char *(*key)(gconstpointer slot);
    /* A thing that each thread has for itself. May both be NULL. */
    gpointer (*tool_new)(gpointer data);
    void (*tool_free)(gpointer tool);
} SpInOrder;

/* Take, work and give until take() has no more. TRUE when all were given; FALSE with the first
 * error of take() or work(), or, when give() ended it, with error as it was. Jobs that are
 * being worked on then come to their end; whoever is in a hurry makes them. */
gboolean sp_in_order_run(const SpInOrder *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
