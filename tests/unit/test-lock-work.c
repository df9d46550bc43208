/* SPDX-License-Identifier: MIT */
/* test-lock-work.c -- what still works behind the lock, how a locked child ends, and that there
 * is no half lock: where a part of it fails, the child is not locked and says so. */
#include "lock-scene.h"
#include "sandbox/wire.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#define MIB ((gsize)1 << 20)
#define MEMORY (64 * MIB) /* the limit; beyond it there is SP_LOCK_SLACK */

static long
fail(void)
{
    errno = 0;
    return -1;
}

/* As in a fork server. */
static GLogWriterOutput
say_nothing(GLogLevelFlags level G_GNUC_UNUSED, const GLogField *fields G_GNUC_UNUSED,
            gsize n_fields G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    return G_LOG_WRITER_HANDLED;
}

/* ---- work ---------------------------------------------------------------------------------
 */

static void *
work(void *data)
{
    for (guint i = 0; i < 100; i++) {
        gsize n = 1 + i * 5000;
        guint8 *bytes = g_malloc(n);
        memset(bytes, 1, n);
        bytes = g_realloc(bytes, 2 * n);
        *(gsize *)data += bytes[n - 1];
        g_free(bytes);
    }
    return data;
}

static long
start_threads(void)
{
    gsize sums[16] = {0};
    pthread_t threads[16];
    for (guint again = 0; again < 2; again++) {
        for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
            if (pthread_create(&threads[i], NULL, work, &sums[i]) != 0)
                return fail();
        for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
            if (pthread_join(threads[i], NULL) != 0)
                return fail();
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        if (sums[i] != 200)
            return fail();
    return 0;
}

static GMutex mutex;
static GCond condition;
static guint waiting;

static gpointer
wait_for_word(gpointer data)
{
    g_mutex_lock(&mutex);
    waiting++;
    g_cond_broadcast(&condition);
    gint64 end = g_get_monotonic_time() + 10 * (gint64)G_USEC_PER_SEC;
    while (waiting < 5)
        if (!g_cond_wait_until(&condition, &mutex, end))
            break;
    g_mutex_unlock(&mutex);
    return data;
}

static long
use_glib(void)
{
    GThread *threads[4];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("named", wait_for_word, NULL);
    g_thread_yield();
    g_mutex_lock(&mutex);
    waiting++;
    g_cond_broadcast(&condition);
    g_mutex_unlock(&mutex);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_autofree char *text = g_strdup_printf("%u %f", g_random_int(), g_random_double());
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    return waiting == 5 && *text != '\0' && g_get_num_processors() >= 1 && now != NULL ? 0
                                                                                       : fail();
}

static int
compare(const void *a, const void *b)
{
    return (*(const guint32 *)a > *(const guint32 *)b) -
           (*(const guint32 *)a < *(const guint32 *)b);
}

static long
sort_much(void)
{
    gsize n = 1 << 20;
    guint32 *numbers = malloc(n * sizeof *numbers);
    if (numbers == NULL)
        return fail();
    for (gsize i = 0; i < n; i++)
        numbers[i] = (guint32)(i * 2654435761u);
    qsort(numbers, n, sizeof *numbers, compare);
    long done = numbers[0] <= numbers[n - 1] ? 0 : fail();
    free(numbers);
    return done;
}

static long
send_answer(void)
{
    static SpWireAnswer answer;
    return send(ANSWER_FD, &answer, sizeof answer, MSG_NOSIGNAL) == sizeof answer ? 0 : fail();
}

static long
write_output(void)
{
    memset(outside.shared, 1, SHARED_BYTES);
    return munmap(outside.shared, SHARED_BYTES);
}

#ifndef SP_SANITIZED
static gboolean
has(gsize n)
{
    guint8 *volatile bytes = malloc(n); /* or a compiler may leave it out */
    gboolean had = bytes != NULL;
    if (had)
        memset(bytes, 1, n);
    free(bytes);
    return had;
}

/* In large pieces and in small ones, up to the limit and not far beyond, softly. */
static long
use_up_memory(void)
{
    gsize limit = MEMORY + SP_LOCK_SLACK;
    if (!has(limit - 2 * MIB) || has(limit + 2 * MIB))
        return fail();
    gsize n = 0;
    void *volatile piece = NULL;
    while ((piece = malloc(1000)) != NULL)
        n += 1000;
    return n > limit - 8 * MIB && n < limit + 2 * MIB ? 0 : fail();
}

static void *
sleep_on(void *data)
{
    static int zero;
    for (;;)
        syscall(SYS_futex, &zero, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    return data;
}

/* They end: there is memory for many more. root knows no such limit. */
static long
start_many_threads(void)
{
    guint n = 0;
    pthread_t thread = 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    while (n < 6000 && pthread_create(&thread, &attributes, sleep_on, NULL) == 0)
        n++;
    return n < 100 || n == 6000 ? fail() : 0;
}

static long
expect_less(void)
{
    if (!has(SP_LOCK_SLACK + 4 * MIB))
        return fail();
    if (!sp_lock_expect(0, NULL))
        return fail();
    return has(SP_LOCK_SLACK + 4 * MIB) || !has(SP_LOCK_SLACK - 4 * MIB) ? fail() : 0;
}

static long
run_out(void)
{
    g_log_set_writer_func(say_nothing, NULL, NULL);
    g_malloc(MEMORY + SP_LOCK_SLACK + MIB);
    return 0;
}

static long
recurse(volatile guint8 *before)
{
    volatile guint8 room[PAGE];
    room[0] = *before;
    return *before == 1 ? 0 : recurse(room) + room[0];
}

static long
overflow_stack(void)
{
    guint8 zero = 0;
    return recurse(&zero);
}
#endif

/* ---- ends ---------------------------------------------------------------------------------
 */

static long
call_abort(void)
{
    abort();
}

static long
call_g_error(void)
{
    g_log_set_writer_func(say_nothing, NULL, NULL);
    g_error("%s", "as promised");
    return 0;
}

static long
fault(void)
{
    signal(SIGSEGV, SIG_DFL); /* past the sanitizers */
    raise(SIGSEGV);
    return 0;
}

static void *
call_forbidden(void *data)
{
    syscall(SYS_getppid);
    return data;
}

/* Its handler finds room even on the smallest stack. */
static long
call_in_thread(void)
{
    pthread_attr_t attributes;
    pthread_t thread = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, MAX(PTHREAD_STACK_MIN, 16384));
    if (pthread_create(&thread, &attributes, call_forbidden, NULL) == 0)
        pthread_join(thread, NULL);
    return 0;
}

static atomic_uint ready;

static void *
call_together(void *data)
{
    atomic_fetch_add(&ready, 1);
    while (atomic_load(&ready) < 8)
        sched_yield();
    return call_forbidden(data);
}

static long
call_in_threads(void)
{
    pthread_t threads[8];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        if (pthread_create(&threads[i], NULL, call_together, NULL) != 0)
            return fail();
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
    return 0;
}

typedef struct {
    const char *name;
    long (*act)(void);
    const char *call; /* that is reported */
    int signal;       /* that ends it; 0 and no call: it works */
    guint more;       /* often tried, beyond four times */
} Case;

static const Case cases[] = {
    {"threads", start_threads},
    {"glib", use_glib},
    {"sort", sort_much},
    {"send", send_answer},
    {"output", write_output},
    {"abort", call_abort, NULL, SIGABRT},
    {"g_error", call_g_error, NULL, SIGTRAP},
    {"fault", fault, NULL, SIGSEGV},
    {"call-in-thread", call_in_thread, "getppid"},
    {"call-in-threads", call_in_threads, "getppid", 0, 40},
#ifndef SP_SANITIZED
    {"memory", use_up_memory},
    {"expect", expect_less},
    {"many-threads", start_many_threads},
    {"out-of-memory", run_out, NULL, SIGTRAP},
    {"stack-overflow", overflow_stack, NULL, SIGSEGV},
#endif
};

static void
assert_good(gboolean good, const Ending *ending)
{
    g_autofree char *text = describe(ending);
    if (!good)
        g_error("%s", text);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
#ifndef SP_SANITIZED
    if (c->act == start_many_threads && geteuid() == 0) {
        g_test_skip("root has as many as there are");
        return;
    }
#endif
    for (guint i = 0; i < 4 + c->more; i++) {
        const Attempt attempt = {
            .wall = i % 2 == 0 ? WALL_LOCK : WALL_NO_LANDLOCK,
            .kind = i / 2 % 2 == 0 ? SP_CALLS_RENDERER : SP_CALLS_INSPECTOR,
            .terms = {.max_memory = MEMORY},
            .act = c->act,
        };
        Ending ending = make_attempt(&attempt);
        if (c->call != NULL)
            assert_good(was_reported(&ending, c->call), &ending);
        else if (c->signal == 0)
            assert_good(exited_with(&ending, DONE), &ending);
        else
            assert_good(WIFSIGNALED(ending.status) && WTERMSIG(ending.status) == c->signal,
                        &ending);
    }
}

/* ---- no half lock -------------------------------------------------------------------------
 */

static long
be_there(void)
{
    return 0;
}

static const struct {
    const char *name, *message; /* how it begins */
    Attempt attempt;
    gboolean landlock; /* for kernels that have it */
} halves[] = {
    {"landlock-fails",
     "cannot lock with Landlock: ",
     {.child_lacks = {CALL_LANDLOCK_SELF, ANY_ARGUMENT, EPERM}},
     TRUE},
    {"landlock-fails-in-server",
     "cannot lock with Landlock: ",
     {.lacks = {{CALL_LANDLOCK_SELF, ANY_ARGUMENT, EPERM}}},
     TRUE},
    {"landlock-required",
     "this kernel has no Landlock (limits.require-landlock)",
     {.wall = WALL_NO_LANDLOCK, .terms = {.require_landlock = TRUE}},
     FALSE},
    {"seccomp-fails",
     "cannot filter system calls (seccomp): ",
     {.lacks = {{SYS_prctl, PR_SET_SECCOMP, EINVAL}}},
     FALSE},
    {"seccomp-fails-in-child",
     "cannot filter system calls (seccomp): ",
     {.child_lacks = {SYS_prctl, PR_SET_SECCOMP, EINVAL}},
     FALSE},
    {"no-filter",
     "cannot make a filter of calls: ",
     {.lacks = {{SYS_memfd_create, ANY_ARGUMENT, EPERM}}},
     FALSE},
    {"limits-fail",
     "cannot limit ",
     {.child_lacks = {SYS_prlimit64, ANY_ARGUMENT, EPERM}},
     FALSE},
    {"privileges-stay",
     "cannot give up privileges: ",
     {.child_lacks = {SYS_prctl, PR_SET_DUMPABLE, EPERM}},
     FALSE},
    {"capabilities-stay",
     "cannot drop capabilities: ",
     {.lacks = {{SYS_capset, ANY_ARGUMENT, EPERM}}},
     FALSE},
    {"handler-fails",
     "cannot watch for calls: ",
     {.child_lacks = {SYS_rt_sigaction, SIGSYS, EPERM}},
     FALSE},
};

static void
test_half(gconstpointer data)
{
    guint i = GPOINTER_TO_UINT(data);
    if (halves[i].landlock && sp_landlock_abi() == 0) {
        g_test_skip("this kernel has no Landlock");
        return;
    }
    Attempt attempt = halves[i].attempt;
    attempt.act = be_there;
    attempt.terms.max_memory = MEMORY;
    Ending ending = make_attempt(&attempt);
    assert_good(exited_with(&ending, UNSEALED) &&
                    g_str_has_prefix(ending.said, halves[i].message),
                &ending);
}

/* The same without that lack: else the lines above would prove nothing. */
static void
test_whole(void)
{
    const Attempt attempt = {
        .terms = {.max_memory = MEMORY, .require_landlock = sp_landlock_abi() > 0},
        .act = be_there};
    Ending ending = make_attempt(&attempt);
    assert_good(exited_with(&ending, DONE), &ending);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    outside_init();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/lock/work/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    for (guint i = 0; i < G_N_ELEMENTS(halves); i++) {
        g_autofree char *path = g_strdup_printf("/lock/half/%s", halves[i].name);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_half);
    }
    g_test_add_func("/lock/whole", test_whole);
    int status = g_test_run();
    outside_clear();
    return status;
}
