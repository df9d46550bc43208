/* SPDX-License-Identifier: MIT */
/* in-order.c -- workers, and a ring of slots between them and the calling thread.
 *
 * Each worker takes the next job (one at a time: taking has a lock of its own), works on it in
 * its slot, and notes that it is done. The ring is indexed by the job's number; the calling
 * thread gives what is done from its start. A worker whose job would lie outside the window
 * waits before it takes it.
 *
 * What ends a run early (an error, give()) closes the window; workers then stop at their next
 * turn. */
#include "bulk/in-order.h"
#include <string.h>

typedef struct {
    const SpInOrder *order; /* borrowed */
    GMutex taking;          /* held while the next job is taken; above lock */
    guint8 *slots;          /* owned; a ring, each slot its taker's, worker's or giver's */

    GMutex lock; /* all below */
    GCond room, news, turn;
    gboolean room_awaited, news_awaited, turn_awaited; /* nobody is called who does not wait */
    gboolean *done; /* owned; a ring: worked on with success, not given yet */
    guint64 n_taken, n_given;
    gboolean at_end; /* there are no more jobs to take */
    gboolean closed;
    GError *error; /* owned; the first reason to close */
} Run;

static gpointer
slot_of(const Run *run, guint64 number)
{
    return run->slots + (number % run->order->window) * run->order->slot_size;
}

static gboolean *
done_of(const Run *run, guint64 number)
{
    return &run->done[number % run->order->window];
}

/* lock is held. why: owned by the callee, NULL without a reason; the first one counts. */
static void
close_window(Run *run, GError *why)
{
    if (!run->closed && why != NULL)
        run->error = why;
    else
        g_clear_error(&why);
    run->closed = TRUE;
    g_cond_broadcast(&run->room);
    g_cond_broadcast(&run->news);
    g_cond_broadcast(&run->turn);
}

/* ---- the workers ---------------------------------------------------------------------------
 */

/* FALSE when there is no more to do. */
static gboolean
wait_for_room(Run *run)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    while (!run->closed && !run->at_end && run->n_taken - run->n_given == run->order->window) {
        run->room_awaited = TRUE;
        g_cond_wait(&run->room, &run->lock);
    }
    run->room_awaited = FALSE;
    return !run->closed && !run->at_end;
}

/* The next job, in the slot of *ret_number; FALSE when there is none, or no need. */
static gboolean
take(Run *run, guint64 *ret_number)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED taking = g_mutex_locker_new(&run->taking);
    if (!wait_for_room(run))
        return FALSE;
    guint64 number = run->n_taken; /* changes below only */
    GError *why = NULL;
    memset(slot_of(run, number), 0, run->order->slot_size);
    gboolean found = run->order->take(slot_of(run, number), run->order->data, &why);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    if (found) {
        *ret_number = run->n_taken++;
        return TRUE;
    }
    run->at_end = TRUE;
    if (why != NULL)
        close_window(run, why);
    else
        g_cond_broadcast(&run->news);
    return FALSE;
}

/* Is a job with number's key before it, and not done? lock is held. */
static gboolean
is_held_up(const Run *run, guint64 number)
{
    const char *key = run->order->key(slot_of(run, number));
    for (guint64 i = run->n_given; key != NULL && i < number; i++) {
        if (!*done_of(run, i) && g_strcmp0(run->order->key(slot_of(run, i)), key) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Wait for those with number's key. They have workers already, and the first of them waits for
 * nobody. FALSE when there is no need any more. */
static gboolean
wait_for_turn(Run *run, guint64 number)
{
    if (run->order->key == NULL)
        return TRUE;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    while (!run->closed && is_held_up(run, number)) {
        run->turn_awaited = TRUE;
        g_cond_wait(&run->turn, &run->lock);
    }
    return !run->closed;
}

static void
put(Run *run, guint64 number)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    *done_of(run, number) = TRUE;
    if (number == run->n_given && run->news_awaited)
        g_cond_signal(&run->news);
    if (run->turn_awaited)
        g_cond_broadcast(&run->turn);
    run->turn_awaited = FALSE; /* who must wait on says so again */
}

static void
fail(Run *run, GError *why)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    close_window(run, why);
}

static gpointer
tool_new(const SpInOrder *order)
{
    return order->tool_new != NULL ? order->tool_new(order->data) : NULL;
}

static void
tool_free(const SpInOrder *order, gpointer tool)
{
    if (tool != NULL)
        order->tool_free(tool);
}

static gpointer
work(gpointer data)
{
    Run *run = data;
    gpointer tool = tool_new(run->order);
    guint64 number = 0;
    while (take(run, &number) && wait_for_turn(run, number)) {
        GError *why = NULL;
        if (run->order->work(slot_of(run, number), tool, run->order->data, &why))
            put(run, number);
        else
            fail(run, why);
    }
    tool_free(run->order, tool);
    return NULL;
}

/* ---- the calling thread --------------------------------------------------------------------
 */

/* Wait for news. lock is held, but for the tick. */
static void
await_news(Run *run)
{
    const SpInOrder *order = run->order;
    run->news_awaited = TRUE;
    if (order->tick == NULL) {
        g_cond_wait(&run->news, &run->lock);
        return;
    }
    gint64 until = g_get_monotonic_time() + (gint64)order->tick_ms * 1000;
    if (g_cond_wait_until(&run->news, &run->lock, until))
        return;
    g_mutex_unlock(&run->lock);
    order->tick(order->data);
    g_mutex_lock(&run->lock);
}

/* Wait until the next in order is done; FALSE when none will be any more. */
static gboolean
await_next(Run *run)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    while (!*done_of(run, run->n_given) && !run->closed &&
           !(run->at_end && run->n_given == run->n_taken))
        await_news(run);
    run->news_awaited = FALSE;
    return *done_of(run, run->n_given);
}

/* Its slot is empty again: room for another. */
static void
free_next(Run *run)
{
    run->order->drop(slot_of(run, run->n_given)); /* which nobody else changes */
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    *done_of(run, run->n_given) = FALSE;
    run->n_given++;
    if (run->room_awaited)
        g_cond_signal(&run->room);
}

/* FALSE when give() ended it. */
static gboolean
give_all(Run *run)
{
    while (await_next(run)) {
        gboolean go_on = run->order->give(slot_of(run, run->n_given), run->order->data);
        free_next(run);
        if (go_on)
            continue;
        fail(run, NULL);
        return FALSE;
    }
    return TRUE;
}

static Run *
run_new(const SpInOrder *order)
{
    Run *run = g_new0(Run, 1);
    run->order = order;
    run->slots = g_malloc0_n(order->window, order->slot_size);
    run->done = g_new0(gboolean, order->window);
    g_mutex_init(&run->taking);
    g_mutex_init(&run->lock);
    g_cond_init(&run->room);
    g_cond_init(&run->news);
    g_cond_init(&run->turn);
    return run;
}

static void
run_free(Run *run)
{
    for (; run->n_given < run->n_taken; run->n_given++)
        run->order->drop(slot_of(run, run->n_given));
    g_free(run->slots);
    g_free(run->done);
    g_mutex_clear(&run->taking);
    g_mutex_clear(&run->lock);
    g_cond_clear(&run->room);
    g_cond_clear(&run->news);
    g_cond_clear(&run->turn);
    g_clear_error(&run->error);
    g_free(run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* As many workers as were asked for, or as the host has to give; returns their number. */
static guint
start_workers(Run *run, GThread *threads[SP_IN_ORDER_THREADS])
{
    guint wanted = run->order->threads != 0 ? run->order->threads : g_get_num_processors();
    guint n = 0;
    gboolean alone = wanted <= 1 && run->order->tick == NULL;
    while (!alone && n < MIN(wanted, SP_IN_ORDER_THREADS) &&
           (threads[n] = g_thread_try_new(run->order->name, work, run, NULL)) != NULL)
        n++;
    return n;
}

/* One job after the other, without a thread. TRUE when all were given. */
static gboolean
run_alone(const SpInOrder *order, gpointer tool, GError **error)
{
    g_autofree gpointer slot = g_malloc(order->slot_size);
    for (;;) {
        GError *why = NULL;
        memset(slot, 0, order->slot_size);
        if (!order->take(slot, order->data, &why)) {
            if (why != NULL)
                g_propagate_error(error, why);
            return why == NULL;
        }
        gboolean go_on =
            order->work(slot, tool, order->data, error) && order->give(slot, order->data);
        order->drop(slot);
        if (!go_on)
            return FALSE;
    }
}

gboolean
sp_in_order_run(const SpInOrder *order, GError **error)
{
    g_return_val_if_fail(order->window > 0 && order->slot_size > 0, FALSE);
    g_autoptr(Run) run = run_new(order);
    GThread *threads[SP_IN_ORDER_THREADS];
    guint n = start_workers(run, threads);
    if (n == 0) {
        gpointer tool = tool_new(order);
        gboolean all = run_alone(order, tool, error);
        tool_free(order, tool);
        return all;
    }
    gboolean told = give_all(run);
    for (guint i = 0; i < n; i++)
        g_thread_join(threads[i]);
    if (run->error == NULL)
        return told;
    g_propagate_error(error, g_steal_pointer(&run->error));
    return FALSE;
}
