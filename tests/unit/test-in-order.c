/* SPDX-License-Identifier: MIT */
/* test-in-order.c -- jobs on threads: each once, told in order, within the window, to the end
 * or to where it is ended; and all that is made is freed. */
#include "base/error.h"
#include "bulk/in-order.h"
#include <string.h>

#define MOST_JOBS 1000
#define NEVER G_MAXUINT

/* ---- a run of numbers ----------------------------------------------------------------------
 */

typedef struct {
    guint n_jobs, stop_after, fail_take, fail_work; /* NEVER: not */
    guint threads, window;
    gboolean by_key;  /* job i has key i % 3, but for 2: none */
    guint slow_every; /* each so many-th job is slow; 0: none */
    GThread *caller;
    /* below: what came of it, by atomic operations */
    gint n_taken, n_worked, n_given, n_dropped, n_tools, at_work, most_at_work;
    gint taking, working[2];
    gint last[2]; /* of a key: the job that was done last */
} Case;

typedef struct {
    guint number;
    const char *key;
    char *made; /* owned */
} Slot;

static gboolean
take(gpointer data, gpointer case_data, GError **error)
{
    Case *c = case_data;
    Slot *slot = data;
    g_assert_cmpint(g_atomic_int_add(&c->taking, 1), ==, 0); /* one at a time */
    g_assert_cmpuint(slot->number, ==, 0);
    g_assert_null(slot->made);
    guint number = (guint)c->n_taken;
    gboolean failed = number == c->fail_take;
    gboolean found = !failed && number < c->n_jobs;
    if (failed)
        sp_throw(error, SP_ERROR_IO, "take %u", number);
    if (found) {
        static const char *const keys[] = {"zero", "one", NULL};
        g_atomic_int_inc(&c->n_taken);
        slot->number = number;
        slot->key = keys[number % 3];
        g_assert_cmpuint(number - (guint)g_atomic_int_get(&c->n_given), <=, c->window);
    }
    g_atomic_int_add(&c->taking, -1);
    return found;
}

static const char *
key_of(gconstpointer data)
{
    return ((const Slot *)data)->key;
}

static void
note_at_work(Case *c)
{
    gint now = g_atomic_int_add(&c->at_work, 1) + 1;
    gint most = g_atomic_int_get(&c->most_at_work);
    while (now > most && !g_atomic_int_compare_and_exchange(&c->most_at_work, most, now))
        most = g_atomic_int_get(&c->most_at_work);
}

static gboolean
work(gpointer data, gpointer tool, gpointer case_data, GError **error)
{
    Case *c = case_data;
    Slot *slot = data;
    g_assert_nonnull(tool);
    gint *mine = tool;
    *mine += 1; /* nobody else's: the thread sanitizer would see it */
    note_at_work(c);
    guint key = slot->number % 3;
    gboolean keyed = c->by_key && slot->key != NULL;
    if (keyed)
        g_assert_cmpint(g_atomic_int_add(&c->working[key], 1), ==, 0);
    if (c->slow_every != 0 && slot->number % c->slow_every == 0)
        g_usleep(3000);
    slot->made = g_strdup_printf("%u", slot->number);
    if (keyed) {
        g_assert_cmpint(c->last[key], <, (gint)slot->number); /* in order */
        c->last[key] = (gint)slot->number;
        g_atomic_int_add(&c->working[key], -1);
    }
    g_atomic_int_inc(&c->n_worked);
    g_atomic_int_add(&c->at_work, -1);
    return slot->number != c->fail_work ||
           sp_throw(error, SP_ERROR_CANNOT_SEAL, "work %u", slot->number);
}

static gboolean
give(gpointer data, gpointer case_data)
{
    Case *c = case_data;
    const Slot *slot = data;
    g_assert_true(g_thread_self() == c->caller);
    g_assert_cmpuint(slot->number, ==, (guint)c->n_given); /* in order */
    g_autofree char *want = g_strdup_printf("%u", slot->number);
    g_assert_cmpstr(slot->made, ==, want);
    return (guint)g_atomic_int_add(&c->n_given, 1) + 1 != c->stop_after;
}

static gint n_dropped;

static void
drop(gpointer data)
{
    Slot *slot = data;
    g_clear_pointer(&slot->made, g_free);
    g_atomic_int_inc(&n_dropped);
}

static gpointer
tool_new(gpointer case_data)
{
    Case *c = case_data;
    g_atomic_int_inc(&c->n_tools);
    return g_new0(gint, 1);
}

static gboolean
run(Case *c, GError **error)
{
    SpInOrder order = {
        .name = "test",
        .threads = c->threads,
        .window = c->window,
        .slot_size = sizeof(Slot),
        .data = c,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
        .key = c->by_key ? key_of : NULL,
        .tool_new = tool_new,
        .tool_free = g_free,
    };
    c->caller = g_thread_self();
    c->last[0] = c->last[1] = -1;
    g_atomic_int_set(&n_dropped, 0);
    gboolean all = sp_in_order_run(&order, error);
    g_assert_cmpint(g_atomic_int_get(&n_dropped), ==, c->n_taken);
    g_assert_cmpint(c->at_work, ==, 0);
    return all;
}

/* Each number of threads with each window: 1 thread is none at all. */
typedef void (*Check)(Case *c);

static void
with_all(const Case *like, Check check)
{
    static const guint threads[] = {0, 1, 2, 7, 1000}, windows[] = {1, 2, 5, 128};
    for (guint i = 0; i < G_N_ELEMENTS(threads) * G_N_ELEMENTS(windows); i++) {
        Case c = *like;
        c.threads = threads[i / G_N_ELEMENTS(windows)];
        c.window = windows[i % G_N_ELEMENTS(windows)];
        check(&c);
    }
}

static const Case plain = {
    .n_jobs = 300, .stop_after = NEVER, .fail_take = NEVER, .fail_work = NEVER};

/* ---- tests ---------------------------------------------------------------------------------
 */

static void
check_all_given(Case *c)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(run(c, &error));
    g_assert_no_error(error);
    g_assert_cmpuint((guint)c->n_given, ==, c->n_jobs);
    g_assert_cmpuint((guint)c->n_worked, ==, c->n_jobs);
    g_assert_cmpint(c->n_tools, >=, 1);
    g_assert_cmpint(c->n_tools, <=, SP_IN_ORDER_THREADS);
    g_assert_cmpuint((guint)c->most_at_work, <=, c->window);
    if (c->threads == 1)
        g_assert_cmpint(c->n_tools, ==, 1);
}

static void
test_order(void)
{
    Case slow = plain, none = plain, one = plain;
    slow.slow_every = 37;
    none.n_jobs = 0;
    one.n_jobs = 1;
    with_all(&plain, check_all_given);
    with_all(&slow, check_all_given);
    with_all(&none, check_all_given);
    with_all(&one, check_all_given);
}

/* Of one key one is done after the other. */
static void
test_key(void)
{
    Case c = plain;
    c.by_key = TRUE;
    c.slow_every = 10;
    with_all(&c, check_all_given);
}

static void
check_stopped(Case *c)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(run(c, &error));
    g_assert_no_error(error);
    g_assert_cmpint(c->n_given, ==, 5);
    g_assert_cmpuint((guint)c->n_taken, <=, 5 + c->window);
}

static void
test_stopped(void)
{
    Case c = plain;
    c.stop_after = 5;
    with_all(&c, check_stopped);
    c.by_key = TRUE;
    with_all(&c, check_stopped);
}

/* Those before it are given in order or not at all, those behind it never. */
static void
check_failed_work(Case *c)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(run(c, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
    g_assert_cmpstr(error->message, ==, "work 40");
    g_assert_cmpint(c->n_given, <=, 40);
    g_assert_cmpuint((guint)c->n_taken, <=, 41 + c->window + SP_IN_ORDER_THREADS);
}

static void
check_failed_take(Case *c)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(run(c, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_IO);
    g_assert_cmpint(c->n_taken, ==, 40);
    g_assert_cmpint(c->n_given, <=, 40);
}

static void
test_failed(void)
{
    Case c = plain;
    c.fail_work = 40;
    with_all(&c, check_failed_work);
    c.by_key = TRUE;
    with_all(&c, check_failed_work);
    Case cancelled = plain;
    cancelled.fail_take = 40;
    with_all(&cancelled, check_failed_take);
}

/* Two that meet: they could not, one after the other. */
static GMutex meeting;
static GCond arrived;
static guint n_arrived;

static gboolean
meet(gpointer data, gpointer tool, gpointer case_data, GError **error)
{
    gint64 end = g_get_monotonic_time() + 60 * (gint64)G_USEC_PER_SEC;
    g_mutex_lock(&meeting);
    n_arrived++;
    g_cond_broadcast(&arrived);
    while (n_arrived < 2 && g_cond_wait_until(&arrived, &meeting, end))
        ;
    g_assert_cmpuint(n_arrived, ==, 2);
    g_mutex_unlock(&meeting);
    return work(data, tool, case_data, error);
}

static void
test_side_by_side(void)
{
    Case c = plain;
    c.n_jobs = 2;
    SpInOrder order = {.name = "test",
                       .threads = 2,
                       .window = 2,
                       .slot_size = sizeof(Slot),
                       .data = &c,
                       .take = take,
                       .work = meet,
                       .give = give,
                       .drop = drop,
                       .tool_new = tool_new,
                       .tool_free = g_free};
    c.window = 2;
    c.caller = g_thread_self();
    g_autoptr(GError) error = NULL;
    g_assert_true(sp_in_order_run(&order, &error));
    g_assert_cmpint(c.n_given, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/in-order/order", test_order);
    g_test_add_func("/in-order/key", test_key);
    g_test_add_func("/in-order/stopped", test_stopped);
    g_test_add_func("/in-order/failed", test_failed);
    g_test_add_func("/in-order/side-by-side", test_side_by_side);
    return g_test_run();
}
