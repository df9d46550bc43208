/* SPDX-License-Identifier: MIT */
/* test-claims.c -- a name is one thread's at a time, and other names wait for nobody. */
#include "pipeline/claims.h"

#define THREADS 8
#define TURNS 300

static SpClaims *claims;
static gint holders[2];
static guint turns[2]; /* changed by who holds the name */

static gpointer
take_turns(gpointer data)
{
    guint which = GPOINTER_TO_UINT(data) % 2;
    for (guint i = 0; i < TURNS; i++) {
        g_autofree char *name = g_strdup(which == 0 ? "zero" : "one");
        sp_claims_take(claims, name);
        g_assert_cmpint(g_atomic_int_add(&holders[which], 1), ==, 0);
        turns[which]++;
        if (i % 50 == 0)
            g_usleep(100);
        g_atomic_int_add(&holders[which], -1);
        sp_claims_release(claims, name);
    }
    return NULL;
}

static void
test_threads(void)
{
    GThread *threads[THREADS];
    claims = sp_claims_new();
    for (guint i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("test", take_turns, GUINT_TO_POINTER(i));
    for (guint i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
    g_assert_cmpuint(turns[0], ==, TURNS * THREADS / 2);
    g_assert_cmpuint(turns[1], ==, TURNS * THREADS / 2);
    sp_claims_free(claims);
}

static gpointer
take_other(gpointer data)
{
    sp_claims_take(data, "other");
    sp_claims_release(data, "other");
    return NULL;
}

/* While one is held another is taken and given back. */
static void
test_apart(void)
{
    SpClaims *two = sp_claims_new();
    sp_claims_take(two, "name");
    g_thread_join(g_thread_new("test", take_other, two));
    sp_claims_release(two, "name");
    sp_claims_free(two);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/claims/threads", test_threads);
    g_test_add_func("/claims/apart", test_apart);
    return g_test_run();
}
