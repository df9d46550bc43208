/* SPDX-License-Identifier: MIT */
/* test-sandbox-shortage.c -- a host that has no more to give: descriptors, processes. That is
 * said as what it is, `busy`; no renderer is blamed, nothing is left behind, and as soon as
 * there is room again the next job works. */
#include "sandbox-fixture.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The least limit below which n numbers are free. */
static rlim_t
limit_for(guint n)
{
    int limit = 0;
    for (guint n_free = 0; n_free < n || fcntl(limit, F_GETFD) >= 0; limit++)
        n_free += fcntl(limit, F_GETFD) < 0;
    return (rlim_t)limit;
}

/* With so many descriptors as are open, and n more. */
static gboolean
run_with_descriptors(Scene *scene, guint n, GError **error)
{
    Job job = {.sandbox = scene->sandbox};
    SpWireRequest request;
    g_auto(SpFd) writer = -1;
    g_auto(SpFd) output = -1;
    g_auto(SpFd) input = open_input(&job, &request, &writer);
    struct rlimit before;
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &before), ==, 0);
    struct rlimit few = {limit_for(n), before.rlim_max};
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
    gboolean done = sp_sandbox_render(scene->sandbox, SP_RENDERER_JPEG, &request, input,
                                      &job.answer, &output, NULL, error);
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
    return done;
}

/* From none that is free to enough: busy, and once it works it works with more, too. */
static void
test_few_descriptors(void)
{
    guint n_busy = 0;
    guint n_done = 0;
    for (guint n = 0; n < 16; n++) {
        Scene scene;
        scene_init(&scene, "honest");
        g_autoptr(GError) error = NULL;
        if (run_with_descriptors(&scene, n, &error)) {
            n_done++;
        } else {
            g_assert_error(error, SP_ERROR, SP_ERROR_BUSY);
            g_assert_nonnull(strstr(error->message, g_strerror(EMFILE)));
            g_assert_cmpuint(n_done, ==, 0);
            n_busy++;
        }
        Job job = {.sandbox = scene.sandbox};
        expect_success(&job);
        scene_clear(&scene);
    }
    g_assert_cmpuint(n_busy, >=, 3);
    g_assert_cmpuint(n_done, >=, 3);
}

/* The same with a server that runs already: it needs fewer, and is not blamed. */
static void
test_few_descriptors_later(void)
{
    Scene scene;
    scene_init(&scene, "honest");
    Job job = {.sandbox = scene.sandbox};
    expect_success(&job);
    gint32 server = job.ret_server;
    guint n_busy = 0;
    for (guint n = 0; n < 6; n++) {
        g_autoptr(GError) error = NULL;
        if (!run_with_descriptors(&scene, n, &error)) {
            g_assert_error(error, SP_ERROR, SP_ERROR_BUSY);
            n_busy++;
        }
    }
    g_assert_cmpuint(n_busy, ==, 3); /* outputs, and both ends of a socket */
    expect_success(&job);
    g_assert_cmpint(job.ret_server, ==, server);
    scene_clear(&scene);
}

/* A process of that user that does nothing. */
static pid_t
start_sleeper(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG,
              SIGKILL); /* a test that fails leaves nobody who holds its output */
        close_range(STDOUT_FILENO, ~0U, 0);
        for (;;)
            pause();
    }
    g_assert_cmpint(pid, >, 0);
    return pid;
}

static void
end_sleeper(pid_t pid)
{
    g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

/* A user with three processes: us, a server, a child. As long as others have two of them there
 * is no server, with one of them no child. */
static void
be_short_of_processes(uid_t user)
{
    const struct rlimit three = {3, 3};
    if (setresgid(user, user, user) < 0 || setresuid(user, user, user) < 0 ||
        access(liar, X_OK) < 0) /* below root's home, for example */
        _exit(77);
    prctl(PR_SET_DUMPABLE, 1); /* or our own /proc were not ours */
    g_assert_cmpint(setrlimit(RLIMIT_NPROC, &three), ==, 0);
    pid_t first = start_sleeper();
    pid_t second = start_sleeper();
    Scene scene;
    scene.descriptors = count_descriptors();
    scene.path = link_liar("honest");
    scene.sandbox = sp_sandbox_new();
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_JPEG, scene.path);
    sp_sandbox_set_program(scene.sandbox, SP_RENDERER_INSPECT, scene.path);
    Job job = {.sandbox = scene.sandbox};
    expect_error(&job, SP_ERROR_BUSY);
    g_assert_cmpuint(list_children(getpid(), NULL, 0), ==, 2);
    end_sleeper(first);
    expect_error(&job, SP_ERROR_BUSY);
    g_assert_cmpuint(list_children(getpid(), NULL, 0), ==, 2); /* one of them is the server */
    expect_error(&job, SP_ERROR_BUSY);
    end_sleeper(second);
    expect_success(&job);
    g_assert_cmpint(find_server(), ==, job.ret_server);
    sp_sandbox_free(scene.sandbox);
    g_assert_cmpuint(count_descriptors(), ==, scene.descriptors);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_free(scene.path);
}

static void
test_few_processes(void)
{
    if (geteuid() != 0) {
        g_test_skip("only root may be another user");
        return;
    }
    g_autofree char *honest G_GNUC_UNUSED = link_liar("honest"); /* as long as we may */
    g_assert_cmpint(g_chmod(folder, 0755), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
        be_short_of_processes(100000 + (uid_t)getpid() % 100000); /* nobody else's */
        _exit(0);
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    if (status == W_EXITCODE(77, 0))
        g_test_skip("there are no other users here, or none who may run the liar");
    else
        g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    find_liar();
    g_test_add_func("/sandbox-shortage/few-descriptors", test_few_descriptors);
    g_test_add_func("/sandbox-shortage/few-descriptors-later", test_few_descriptors_later);
    g_test_add_func("/sandbox-shortage/few-processes", test_few_processes);
    int status = g_test_run();
    remove_folder();
    return status;
}
