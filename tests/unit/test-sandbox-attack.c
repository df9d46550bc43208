/* SPDX-License-Identifier: MIT */
/* test-sandbox-attack.c -- what is done to the supervisor and its servers from outside, while
 * ten jobs run: stopped and killed processes, storms of signals. Each job ends with the code
 * that it must have, the next one works, and nothing is left behind (scene_clear). */
#include "sandbox-fixture.h"
#include "sandbox/inspector.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>

#define WORKERS 10
#define MANY 60 /* more than a socket has room for */

/* ---- ten at once --------------------------------------------------------------------------
 */

typedef struct {
    Job job;
    guint n;                /* jobs */
    SpErrorCode allowed[2]; /* beside success; SP_ERROR_NONE: success alone */
    guint n_failed;
} Worker;

static void *
work(void *data)
{
    Worker *worker = data;
    for (guint i = 0; i < worker->n; i++) {
        g_autoptr(GError) error = NULL;
        if (run_job(&worker->job, &error))
            continue;
        worker->n_failed++;
        if (!g_error_matches(error, SP_ERROR, (int)worker->allowed[0]) &&
            !g_error_matches(error, SP_ERROR, (int)worker->allowed[1]))
            g_assert_no_error(error);
    }
    return NULL;
}

typedef struct {
    guint n;
    GThread *threads[MANY];
    Worker workers[MANY];
} Crowd;

static void
crowd_start(Crowd *crowd, guint n, Worker like)
{
    crowd->n = n;
    for (guint i = 0; i < n; i++) {
        crowd->workers[i] = like;
        crowd->workers[i].job.pipe = i % 2 != 0 && like.job.pipe;
        crowd->threads[i] = g_thread_new("worker", work, &crowd->workers[i]);
    }
}

/* How many jobs failed. */
static guint
crowd_join(Crowd *crowd)
{
    guint n_failed = 0;
    for (guint i = 0; i < crowd->n; i++) {
        g_thread_join(crowd->threads[i]);
        n_failed += crowd->workers[i].n_failed;
    }
    return n_failed;
}

/* ---- stopped ------------------------------------------------------------------------------
 */

/* An idle server that is stopped costs one upload its time; the next has another server. */
static void
expect_fresh_server(const Scene *scene, pid_t before)
{
    sp_sandbox_set_patience(scene->sandbox, 10000, 5000);
    Job job = {.sandbox = scene->sandbox};
    expect_success(&job);
    g_assert_cmpint(job.ret_server, !=, before);
    g_assert_cmpint(find_server(), ==, job.ret_server);
}

static void
test_stopped_idle(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    pid_t server = job.ret_server;
    g_assert_cmpint(kill(server, SIGSTOP), ==, 0);
    sp_sandbox_set_patience(scene.sandbox, 10000, 200);
    job.timeout_ms = 200;
    expect_error(&job, SP_ERROR_BUSY);
    expect_fresh_server(&scene, server);
    scene_clear(&scene);
}

/* Nobody waits longer than for one deadline after the other, and then for a fresh server. */
static void
test_stopped_busy(void)
{
    Scene scene;
    Crowd crowd;
    scene_init(&scene, "slow");
    sp_sandbox_set_patience(scene.sandbox, 10000, 500);
    Worker like = {
        .job = {.sandbox = scene.sandbox, .timeout_ms = 2000},
        .n = 1,
        .allowed = {SP_ERROR_BUSY},
    };
    crowd_start(&crowd, WORKERS, like);
    pid_t server = find_server();
    pid_t children[WORKERS];
    await_children(server, children, WORKERS);
    g_assert_cmpint(kill(server, SIGSTOP), ==, 0);
    g_assert_cmpuint(crowd_join(&crowd), >=, 1);
    expect_fresh_server(&scene, server);
    scene_clear(&scene);
}

/* Children that are stopped are ended in time by their server, which goes on. */
static void
test_stopped_children(void)
{
    Scene scene;
    Crowd crowd;
    scene_init(&scene, "hang");
    Worker like = {
        .job = {.sandbox = scene.sandbox, .timeout_ms = 1000},
        .n = 1,
        .allowed = {SP_ERROR_BUSY},
    };
    crowd_start(&crowd, WORKERS, like);
    pid_t server = find_server();
    pid_t children[WORKERS];
    await_children(server, children, WORKERS);
    for (guint i = 0; i < WORKERS; i++)
        g_assert_cmpint(kill(children[i], SIGSTOP), ==, 0);
    g_assert_cmpuint(crowd_join(&crowd), ==, WORKERS);
    await_children(server, NULL, 0);
    g_assert_cmpint(find_server(), ==, server);
    scene_clear(&scene);
}

/* ---- killed -------------------------------------------------------------------------------
 */

/* Reap whatever came to us as a subreaper, until there is nothing. */
static void
await_no_child(void)
{
    gint64 start = g_get_monotonic_time();
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        g_usleep(1000);
    }
}

/* All ten jobs of a server that is killed are done in the next one. Of the old one's children
 * none lives on, and we, to whom orphans come, see no other zombie than theirs. */
static void
test_killed_busy(void)
{
    Scene scene;
    Crowd crowd;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    scene_init(&scene, "slow");
    Worker like = {.job = {.sandbox = scene.sandbox}, .n = 1};
    crowd_start(&crowd, WORKERS, like);
    pid_t server = find_server();
    await_children(server, NULL, WORKERS);
    g_assert_cmpint(kill(server, SIGKILL), ==, 0);
    g_assert_cmpuint(crowd_join(&crowd), ==, 0);
    for (guint i = 0; i < WORKERS; i++)
        g_assert_cmpint(crowd.workers[i].job.ret_server, !=, server);
    sp_sandbox_free(g_steal_pointer(&scene.sandbox));
    await_no_child();
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    scene_clear(&scene);
}

/* Of a process that is ours, or will be when its parent is gone. */
static void
await_end(pid_t pid, siginfo_t *ret_info)
{
    gint64 start = g_get_monotonic_time();
    do {
        g_usleep(1000);
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        ret_info->si_pid = 0;
    } while (waitid(P_PID, (id_t)pid, ret_info, WEXITED | WNOHANG) != 0 ||
             ret_info->si_pid == 0);
}

/* Children that hang die with their server at once: by no deadline, and not because somebody
 * hangs up. */
static void
test_killed_with_children(void)
{
    Scene scene;
    Crowd crowd;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    scene_init(&scene, "hang");
    Worker like = {
        .job = {.sandbox = scene.sandbox, .timeout_ms = 600000},
        .n = 1,
        .allowed = {SP_ERROR_INTERRUPTED},
    };
    crowd_start(&crowd, WORKERS, like);
    pid_t server = find_server();
    pid_t children[WORKERS];
    await_children(server, children, WORKERS);
    g_assert_cmpint(kill(server, SIGKILL), ==, 0);
    for (guint i = 0; i < WORKERS; i++) {
        siginfo_t info;
        await_end(children[i], &info);
        if (info.si_code == CLD_EXITED) /* so young that it found itself an orphan */
            g_assert_cmpint(info.si_status, ==, 1);
        else
            g_assert_cmpint(info.si_status, ==, SIGKILL);
    }
    sp_sandbox_cancel(scene.sandbox);
    g_assert_cmpuint(crowd_join(&crowd), ==, WORKERS);
    sp_sandbox_free(g_steal_pointer(&scene.sandbox));
    await_no_child();
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    scene_clear(&scene);
}

static void *
kill_receiver(void *data)
{
    pid_t child = 0;
    (void)data;
    await_children(find_server(), &child, 1);
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    return NULL;
}

/* A child that is killed while it receives: the pipe is lost, but nothing else. */
static void
test_killed_receiving(void)
{
    Scene scene;
    SpWireRequest request;
    int ends[2];
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox, .pipe = TRUE};
    fill_request(&job, 0, &request);
    request.limits.input_timeout_ms = 600000;
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    GThread *killer = g_thread_new("killer", kill_receiver, NULL);
    g_autoptr(GError) error = NULL;
    int output = -1;
    g_assert_false(sp_sandbox_render(scene.sandbox, SP_RENDERER_JPEG, &request, ends[0],
                                     &job.answer, &output, NULL, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BUSY);
    g_assert_cmpstr(error->message, ==, SP_WIRE_KILLED);
    g_thread_join(killer);
    close(ends[0]);
    close(ends[1]);
    expect_success(&job);
    scene_clear(&scene);
}

/* A server that is gone, but whose socket another process keeps open and never empties. */
static void
test_undead(void)
{
    Scene scene;
    Crowd crowd;
    scene_init(&scene, "undead");
    Worker like = {
        .job = {.sandbox = scene.sandbox},
        .n = 2,
        .allowed = {SP_ERROR_DECODER_CRASHED, SP_ERROR_CANNOT_SEAL}, /* had it got the job? */
    };
    crowd_start(&crowd, MANY, like);
    g_assert_cmpuint(crowd_join(&crowd), ==, (guint64)MANY * like.n);
    scene_clear(&scene);
}

/* ---- signals ------------------------------------------------------------------------------
 */

static gint storming;
static gint n_signals;

static void
on_signal(int number G_GNUC_UNUSED)
{
    g_atomic_int_inc(&n_signals);
}

/* SIGUSR1 for every thread of ours, all the time; with a timer's SIGALRM beside it. Ends by
 * itself when somebody seems to wait for its end. */
static void *
storm(void *data G_GNUC_UNUSED)
{
    gint64 start = g_get_monotonic_time();
    while (g_atomic_int_get(&storming) && g_get_monotonic_time() - start < LONG_US) {
        g_autoptr(GDir) dir = g_dir_open("/proc/self/task", 0, NULL);
        const char *name = NULL;
        while ((name = g_dir_read_name(dir)) != NULL)
            syscall(SYS_tgkill, getpid(), (int)g_ascii_strtoll(name, NULL, 10), SIGUSR1);
        g_usleep(200);
    }
    const struct itimerval never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &never, NULL);
    return GINT_TO_POINTER(g_atomic_int_get(&storming)); /* TRUE: it was given up */
}

static GThread *
storm_start(void)
{
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    g_atomic_int_set(&n_signals, 0);
    g_atomic_int_set(&storming, TRUE);
    const struct itimerval often = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &often, NULL);
    return g_thread_new("storm", storm, NULL);
}

static void
storm_end(GThread *thread)
{
    g_atomic_int_set(&storming, FALSE);
    g_assert_null(g_thread_join(thread));
    signal(SIGUSR1, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    g_assert_cmpint(g_atomic_int_get(&n_signals), >, 100);
}

static void
ask_in_storm(SpSandbox *sandbox)
{
    g_autofree char *path = link_liar("inspect-honest");
    g_autoptr(GError) error = NULL;
    g_auto(SpFd) file = sp_memfd_new(1000, &error);
    g_assert_no_error(error);
    sp_sandbox_set_program(sandbox, SP_RENDERER_INSPECT, path);
    for (guint i = 0; i < 5; i++) {
        g_autoptr(SpInspectorProcess) process = sp_inspector_process_new(sandbox);
        for (guint j = 0; j < 20; j++) {
            const SpWireInspection *inspection = NULL;
            gboolean done =
                sp_inspector_process_ask(process, file, 1000, TRUE, 60000, &inspection, &error);
            g_assert_no_error(error);
            g_assert_true(done);
        }
    }
    sp_sandbox_set_program(sandbox, SP_RENDERER_INSPECT, NULL);
}

/* Ten jobs, files and pipes, and an inspector, while every system call is interrupted. */
static void
test_storm(void)
{
    static const char *const names[] = {"honest", "crash-second", "slow"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        Scene scene;
        Crowd crowd;
        scene_init(&scene, names[i]);
        GThread *thread = storm_start();
        Worker like = {.job = {.sandbox = scene.sandbox, .pipe = i == 0}, .n = i == 0 ? 30 : 3};
        crowd_start(&crowd, WORKERS, like);
        ask_in_storm(scene.sandbox);
        g_assert_cmpuint(crowd_join(&crowd), ==, 0);
        sp_sandbox_free(g_steal_pointer(&scene.sandbox));
        storm_end(thread);
        scene_clear(&scene);
    }
}

/* A server that does not leave by itself is ended in time, however often we are woken. */
static void
test_storm_at_the_end(void)
{
    Scene scene;
    scene_init(&scene, "never-listen");
    sp_sandbox_set_patience(scene.sandbox, 10000, 100);
    Job job = {.sandbox = scene.sandbox, .timeout_ms = 100};
    GThread *thread = storm_start();
    expect_error(&job, SP_ERROR_BUSY);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.honest);
    job.timeout_ms = 0;
    expect_success(&job);
    g_assert_cmpint(kill(job.ret_server, SIGSTOP), ==, 0);
    sp_sandbox_free(g_steal_pointer(&scene.sandbox));
    storm_end(thread);
    scene_clear(&scene);
}

/* A host that has SIGPIPE end it: we write to nobody who is gone. */
static void
test_sigpipe(void)
{
    static const struct {
        const char *name;
        SpErrorCode code;
    } lies[] = {
        {"deaf", SP_ERROR_CANNOT_SEAL},
        {"leave-at-request", SP_ERROR_DECODER_CRASHED},
        {"closed", SP_ERROR_DECODER_CRASHED},
    };
    signal(SIGPIPE, SIG_DFL);
    for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
        Scene scene;
        scene_init(&scene, lies[i].name);
        Job job = {.sandbox = scene.sandbox};
        expect_error(&job, lies[i].code);
        sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.honest);
        expect_success(&job);
        g_assert_cmpint(kill(job.ret_server, SIGKILL), ==, 0);
        expect_success(&job);
        scene_clear(&scene);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_liar();
    g_test_add_func("/sandbox-attack/stopped-idle", test_stopped_idle);
    g_test_add_func("/sandbox-attack/stopped-busy", test_stopped_busy);
    g_test_add_func("/sandbox-attack/stopped-children", test_stopped_children);
    g_test_add_func("/sandbox-attack/killed-busy", test_killed_busy);
    g_test_add_func("/sandbox-attack/killed-with-children", test_killed_with_children);
    g_test_add_func("/sandbox-attack/killed-receiving", test_killed_receiving);
    g_test_add_func("/sandbox-attack/undead", test_undead);
    g_test_add_func("/sandbox-attack/storm", test_storm);
    g_test_add_func("/sandbox-attack/storm-at-the-end", test_storm_at_the_end);
    g_test_add_func("/sandbox-attack/sigpipe", test_sigpipe);
    int status = g_test_run();
    remove_folder();
    return status;
}
