/* SPDX-License-Identifier: MIT */
/* test-sandbox-life.c -- servers that come and go, many threads, and hosts with habits of their
 * own: what the supervisor must survive and must not change. */
#include "sandbox-fixture.h"
#include "sandbox/server.h"
#include <signal.h>
#include <sys/prctl.h>

/* ---- servers ------------------------------------------------------------------------------
 */

/* One server serves many, is replaced in the end, and nothing is left behind. */
static void
test_many_jobs(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    guint before = count_descriptors();
    gint32 server = job.ret_server;
    guint changes = 0;
    for (guint i = 0; i < 300; i++) {
        expect_success(&job);
        changes += job.ret_server != server;
        server = job.ret_server;
    }
    g_assert_cmpuint(changes, ==, 1);
    /* One that is leaving may still have its pidfd open. */
    g_assert_cmpuint(count_descriptors(), <=, before + 1);
    scene_clear(&scene);
}

/* A server that dies between two jobs costs nothing, not even a pipe. */
static void
test_server_dies_idle(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox, .pipe = TRUE};
    for (guint i = 0; i < 10; i++) {
        expect_success(&job);
        g_assert_cmpint(kill(job.ret_server, SIGKILL), ==, 0);
        if (i % 2 == 0) { /* surely dead, not dying */
            siginfo_t info;
            waitid(P_PID, (id_t)job.ret_server, &info, WEXITED | WNOWAIT);
        }
        if (i % 2 != 0)
            job.pipe = FALSE; /* may have been sent to the dying one */
        expect_success(&job);
        job.pipe = TRUE;
    }
    scene_clear(&scene);
}

/* The second attempt at what crashed is in another server; what broke the lock has no second
 * attempt, and the server no further job. */
static void
test_fresh_server(void)
{
    static const struct {
        const char *name;
        SpErrorCode code;
    } lies[] = {{"crash-second", SP_ERROR_NONE}, {"forbidden-call-second", SP_ERROR_POLICY}};
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        Scene scene;
        scene_init(&scene, lies[i].name);
        Job job = {.sandbox = scene.sandbox};
        expect_success(&job);
        gint32 first = job.ret_server;
        if (lies[i].code == SP_ERROR_NONE) {
            expect_success(&job);
            g_assert_cmpuint(job.answer.header.id, ==, 3); /* 2 had crashed */
        } else {
            expect_error(&job, lies[i].code);
            expect_success(&job);
            g_assert_cmpuint(job.answer.header.id, ==, 3);
        }
        g_assert_cmpint(job.ret_server, !=, first);
        expect_success(&job);
        g_assert_cmpuint(job.answer.header.id, ==, 4);
        scene_clear(&scene);
    }
}

typedef struct {
    Job job;
    guint n;
    gboolean interrupted; /* what is expected */
} Worker;

static void *
work(void *data)
{
    Worker *worker = data;
    for (guint i = 0; i < worker->n; i++) {
        if (worker->interrupted)
            expect_error(&worker->job, SP_ERROR_INTERRUPTED);
        else
            expect_success(&worker->job);
    }
    return NULL;
}

static void
start_workers(GThread **threads, Worker *workers, guint n_workers, Worker like)
{
    for (guint i = 0; i < n_workers; i++) {
        workers[i] = like;
        workers[i].job.pipe = i % 2 != 0 && like.job.pipe;
        threads[i] = g_thread_new("worker", work, &workers[i]);
    }
}

static void
join_workers(GThread **threads, guint n_workers)
{
    for (guint i = 0; i < n_workers; i++)
        g_thread_join(threads[i]);
}

static void
test_threads(void)
{
    Scene scene;
    GThread *threads[8];
    Worker workers[8];
    scene_init(&scene, "honest");
    Worker like = {.job = {.sandbox = scene.sandbox, .pipe = TRUE}, .n = 50};
    start_workers(threads, workers, 8, like);
    join_workers(threads, 8);
    scene_clear(&scene);
}

/* More jobs at once than one server takes: a second one starts. */
static void
test_full_server(void)
{
    enum { N = SP_SERVER_CHILDREN + 6 };
    Scene scene;
    GThread *threads[N];
    Worker workers[N];
    scene_init(&scene, "slow");
    Worker like = {.job = {.sandbox = scene.sandbox}, .n = 1};
    start_workers(threads, workers, N, like);
    join_workers(threads, N);
    g_autoptr(GHashTable) servers = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < N; i++)
        g_hash_table_add(servers, GINT_TO_POINTER(workers[i].job.ret_server));
    g_assert_cmpuint(g_hash_table_size(servers), ==, 2);
    scene_clear(&scene);
}

/* The server dies under running jobs: each is done again in a fresh one. */
static void
test_server_killed(void)
{
    Scene scene;
    GThread *threads[4];
    Worker workers[4];
    scene_init(&scene, "slow");
    Job first = {.sandbox = scene.sandbox};
    expect_success(&first);
    Worker like = {.job = {.sandbox = scene.sandbox}, .n = 2};
    start_workers(threads, workers, 4, like);
    g_usleep(100000);
    g_assert_cmpint(kill(first.ret_server, SIGKILL), ==, 0);
    join_workers(threads, 4);
    for (guint i = 0; i < 4; i++)
        g_assert_cmpint(workers[i].job.ret_server, !=, first.ret_server);
    scene_clear(&scene);
}

/* The children of a server that is killed die with it. As a subreaper we inherit them. */
static void
test_orphans(void)
{
    Scene scene;
    scene_init(&scene, "kill-server");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    Job job = {.sandbox = scene.sandbox};
    expect_error(&job, SP_ERROR_BUSY);
    sp_sandbox_free(g_steal_pointer(&scene.sandbox));
    gint64 start = g_get_monotonic_time();
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        g_usleep(1000);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    scene_clear(&scene);
}

/* A server with all its children, when the supervisor is gone: end of file ends it. */
static void
test_server_outlives_nobody(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, NULL); /* hangs up */
    siginfo_t info;
    g_assert_cmpint(waitid(P_PID, (id_t)job.ret_server, &info, WEXITED | WNOWAIT), ==, 0);
    g_assert_cmpint(info.si_code, ==, CLD_EXITED); /* by itself */
    g_assert_cmpint(info.si_status, ==, 0);
    scene_clear(&scene);
    g_assert_cmpint(kill(job.ret_server, 0), <, 0);
}

/* ---- the host -----------------------------------------------------------------------------
 */

/* Whatever the host does with its signals, descriptors and environment stays with it. */
static void
test_clean_child(void)
{
    Scene scene;
    scene_init(&scene, "check-child");
    g_auto(SpFd) leak = open("/", O_RDONLY | O_DIRECTORY);
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    sigset_t after;
    sigprocmask(SIG_SETMASK, &before, &after);
    for (int i = 1; i < SIGRTMIN; i++)
        g_assert_cmpint(sigismember(&all, i) == 1 && i != SIGKILL && i != SIGSTOP, ==,
                        sigismember(&after, i));
    g_assert_true(signal(SIGUSR2, SIG_DFL) == SIG_IGN);
    signal(SIGPIPE, SIG_DFL);
    sp_fd_clear(&leak);
    scene_clear(&scene);
}

static SpSandbox *to_cancel;

static void
on_signal(int number G_GNUC_UNUSED)
{
    sp_sandbox_cancel(to_cancel); /* NOLINT(bugprone-signal-handler): made for it */
}

/* From a signal handler, while children hang and one pipe stalls. */
static void
test_cancel(void)
{
    Scene scene;
    GThread *threads[4];
    Worker workers[4];
    scene_init(&scene, "hang");
    Worker like = {
        .job = {.sandbox = scene.sandbox, .pipe = TRUE, .timeout_ms = 600000},
        .n = 3,
        .interrupted = TRUE,
    };
    start_workers(threads, workers, 4, like);
    g_usleep(200000);
    to_cancel = scene.sandbox;
    signal(SIGUSR1, on_signal);
    gint64 start = g_get_monotonic_time();
    raise(SIGUSR1);
    join_workers(threads, 4);
    g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
    /* The server goes on, its children do not. */
    pid_t server = 0;
    g_assert_cmpuint(list_children(getpid(), &server, 1), ==, 1);
    while (list_children(server, NULL, 0) > 0) {
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        g_usleep(1000);
    }
    signal(SIGUSR1, SIG_DFL);
    scene_clear(&scene);
}

/* A server that never says hello cannot keep a cancelled job. */
static void
test_cancel_start(void)
{
    Scene scene;
    GThread *threads[2];
    Worker workers[2];
    scene_init(&scene, "no-hello");
    Worker like = {.job = {.sandbox = scene.sandbox}, .n = 1, .interrupted = TRUE};
    start_workers(threads, workers, 2, like);
    g_usleep(100000);
    sp_sandbox_cancel(scene.sandbox);
    join_workers(threads, 2);
    scene_clear(&scene);
}

static gint reaping;

static void *
reap_everything(void *data G_GNUC_UNUSED)
{
    while (g_atomic_int_get(&reaping)) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        g_usleep(100);
    }
    return NULL;
}

/* A host that takes every child away, and one that lets the kernel do it. */
static void
test_host_reaps(void)
{
    for (guint i = 0; i < 2; i++) {
        Scene scene;
        GThread *reaper = NULL;
        scene_init(&scene, "honest");
        g_atomic_int_set(&reaping, TRUE);
        if (i == 0)
            reaper = g_thread_new("reaper", reap_everything, NULL);
        else
            signal(SIGCHLD, SIG_IGN);
        Job job = {.sandbox = scene.sandbox};
        for (guint j = 0; j < 5; j++) {
            expect_success(&job);
            g_assert_cmpint(kill(job.ret_server, SIGKILL), ==, 0);
            expect_success(&job);
            sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, "/nonexistent/render");
            expect_error(&job, SP_ERROR_CANNOT_SEAL);
            sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.path);
        }
        g_atomic_int_set(&reaping, FALSE);
        if (reaper != NULL)
            g_thread_join(reaper);
        scene_clear(&scene);
        signal(SIGCHLD, SIG_DFL);
    }
}

/* A host that closed its standard descriptors: ours must not land on what the child fills. */
static void
test_host_without_stdio(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    close(STDIN_FILENO);
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    sp_sandbox_free(scene.sandbox);
    if (saved >= 0) {
        g_assert_cmpint(dup2(saved, STDIN_FILENO), ==, STDIN_FILENO);
        close(saved);
    }
    scene.sandbox = NULL;
    scene_clear(&scene);
}

/* What is expected starts once, and is used; what died meanwhile is replaced. */
static void
test_expected(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG);
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG);
    pid_t server = find_server();
    expect_success(&job);
    g_assert_cmpint(job.ret_server, ==, server);
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG);
    g_assert_cmpint(find_server(), ==, server);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.path);
    await_children(getpid(), NULL, 0);
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG);
    g_assert_cmpint(kill(find_server(), SIGKILL), ==, 0);
    expect_success(&job);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, "/nonexistent");
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG);
    expect_error(&job, SP_ERROR_CANNOT_SEAL);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.path);
    sp_sandbox_expect(scene.sandbox, SP_RENDERER_JPEG); /* and nothing comes */
    scene_clear(&scene);
}

/* Nobody waits for the sandbox's end: the server leaves behind its last job. */
static void
test_last(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    gint32 server = job.ret_server;
    sp_sandbox_last(scene.sandbox);
    expect_success(&job);
    g_assert_cmpint(job.ret_server, ==, server);
    await_children(getpid(), NULL, 0);
    expect_success(&job); /* comes nevertheless */
    await_children(getpid(), NULL, 0);
    scene_clear(&scene);
}

static void
test_unused(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    sp_sandbox_free(NULL);
    scene_clear(&scene); /* no process was ever started */
    g_assert_nonnull(strstr(sp_sandbox_posture(), "seccomp"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_liar();
    g_test_add_func("/sandbox-life/many-jobs", test_many_jobs);
    g_test_add_func("/sandbox-life/server-dies-idle", test_server_dies_idle);
    g_test_add_func("/sandbox-life/fresh-server", test_fresh_server);
    g_test_add_func("/sandbox-life/threads", test_threads);
    g_test_add_func("/sandbox-life/full-server", test_full_server);
    g_test_add_func("/sandbox-life/server-killed", test_server_killed);
    g_test_add_func("/sandbox-life/orphans", test_orphans);
    g_test_add_func("/sandbox-life/server-outlives-nobody", test_server_outlives_nobody);
    g_test_add_func("/sandbox-life/clean-child", test_clean_child);
    g_test_add_func("/sandbox-life/cancel", test_cancel);
    g_test_add_func("/sandbox-life/cancel-start", test_cancel_start);
    g_test_add_func("/sandbox-life/host-reaps", test_host_reaps);
    g_test_add_func("/sandbox-life/host-without-stdio", test_host_without_stdio);
    g_test_add_func("/sandbox-life/expected", test_expected);
    g_test_add_func("/sandbox-life/last", test_last);
    g_test_add_func("/sandbox-life/unused", test_unused);
    int status = g_test_run();
    remove_folder();
    return status;
}
