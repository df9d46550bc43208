/* SPDX-License-Identifier: MIT */
/* sandbox-fixture.h -- a sandbox among renderers that are tests/liars/liar.c by other names.
 *
 * A job is one small upload; what the honest liar makes of it is known to the byte. A scene is
 * a sandbox and a liar; at its end no descriptor and no process may be left over. */
#ifndef SP_TESTS_SANDBOX_FIXTURE_H
#define SP_TESTS_SANDBOX_FIXTURE_H
#include "base/error.h"
#include "base/memfd.h"
#include "sandbox/client.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define VARIANT_BYTES 3000
#define UPLOAD "an upload!"
#define LONG_US (60 * (gint64)G_USEC_PER_SEC) /* who takes longer hangs */

static char *folder; /* of the links */
static char *liar;   /* the program itself */

/* ---- one job ------------------------------------------------------------------------------
 */

typedef struct {
    SpSandbox *sandbox; /* borrowed */
    guint timeout_ms;   /* 0: plenty */
    gboolean pipe;
    gboolean stalled;    /* the pipe's writer never closes it */
    guint head;          /* bytes of a pipe that intake has read; 0: one */
    const char *upload;  /* NULL is UPLOAD */
    guint64 max_upload;  /* 0: plenty */
    guint64 max_memory;  /* 0: 512 MiB */
    gint32 ret_server;   /* its pid, as the honest renderer tells it */
    SpWireAnswer answer; /* as returned */
} Job;

static inline void
fill_request(const Job *job, gsize n, SpWireRequest *request)
{
    memset(request, 0, sizeof *request);
    request->n_variants = 2;
    request->threads = 1;
    request->limits = (SpLimits){
        .max_upload = job->max_upload != 0 ? job->max_upload : 1 << 20,
        .timeout_ms = job->timeout_ms != 0 ? job->timeout_ms : 20000,
        .input_timeout_ms = job->stalled ? 200 : 600000,
        .max_memory = job->max_memory != 0 ? job->max_memory : 512 << 20,
        .max_scans = 1,
        .max_frames = 1,
    };
    for (guint i = 0; i < 2; i++)
        request->variants[i] = (SpVariant){
            .width = 100, .max_height = 100, .max_bytes = VARIANT_BYTES, .quality = 80};
    request->input_is_pipe = job->pipe ? 1 : 0;
    request->input_size = job->pipe ? 0 : n;
}

/* The input of a job: a memfd, or a pipe of which intake has read the first byte. */
static int
open_input(const Job *job, SpWireRequest *request, SpFd *writer)
{
    g_autoptr(GError) error = NULL;
    const char *upload = job->upload != NULL ? job->upload : UPLOAD;
    gsize n = strlen(upload);
    fill_request(job, n, request);
    if (job->pipe) {
        int ends[2];
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
        *writer = ends[1];
        request->n_head = (guint32)MIN(job->head != 0 ? job->head : 1, n);
        memcpy(request->head, upload, request->n_head);
        g_assert_true(sp_write_full(*writer, upload + request->n_head, n - request->n_head));
        if (!job->stalled)
            sp_fd_clear(writer);
        return ends[0];
    }
    int fd = sp_memfd_new(n, &error);
    g_assert_no_error(error);
    g_assert_true(sp_write_full(fd, upload, n));
    g_assert_cmpint(sp_memfd_seal_write(fd), ==, 0);
    return fd;
}

/* What an honest renderer made must be there, and sealed. */
static void
check_outputs(Job *job, int output)
{
    const SpWireAnswer *answer = &job->answer;
    const char *upload = job->upload != NULL ? job->upload : UPLOAD;
    gsize n = strlen(upload);
    g_assert_cmpuint(answer->n_files, ==, 2);
    g_assert_cmpuint(answer->input_bytes, ==, n);
    g_assert_cmpuint(answer->thumbhash[0], ==, n > 0 ? (guint8)upload[n - 1] : 0);
    memcpy(&job->ret_server, answer->thumbhash + 1, sizeof job->ret_server);
    for (guint i = 0; i < answer->n_files; i++) {
        guint8 bytes[VARIANT_BYTES / 2];
        const SpWireFile *file = &answer->files[i];
        g_assert_cmpuint(file->length, ==, sizeof bytes);
        g_assert_cmpint(pread(output, bytes, sizeof bytes, (off_t)file->offset), ==,
                        sizeof bytes);
        for (guint j = 0; j < sizeof bytes; j++)
            g_assert_cmpuint(bytes[j], ==, i + 1);
    }
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
    g_assert_cmpint(fcntl(output, F_GET_SEALS) & seals, ==, seals);
    g_assert_cmpint(pwrite(output, "x", 1, 0), <, 0);
}

static inline gboolean
run_job(Job *job, GError **error)
{
    SpWireRequest request;
    g_auto(SpFd) writer = -1;
    g_auto(SpFd) input = open_input(job, &request, &writer);
    g_auto(SpFd) output = -1;
    memset(&job->answer, 0xEE, sizeof job->answer);
    if (!sp_sandbox_render(job->sandbox, SP_RENDERER_JPEG, &request, input, &job->answer,
                           &output, NULL, error)) {
        g_assert_cmpint(output, ==, -1);
        return FALSE;
    }
    check_outputs(job, output);
    return TRUE;
}

static inline void
expect_success(Job *job)
{
    g_autoptr(GError) error = NULL;
    gboolean done = run_job(job, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static inline void
expect_error(Job *job, SpErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(run_job(job, &error));
    g_assert_error(error, SP_ERROR, (int)code);
    if (job->answer.header.kind == 0) { /* no answer of the renderer's is the cause */
        static const SpWireAnswer zeros;
        g_assert_cmpmem(&job->answer, sizeof zeros, &zeros, sizeof zeros);
    }
}

/* ---- the scene ----------------------------------------------------------------------------
 */

/* The path of the liar of that name. */
static char *
link_liar(const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        g_assert_cmpint(symlink(liar, path), ==, 0);
    return path;
}

static guint
count_descriptors(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* How many children that process has, zombies left out, and the first n of their pids. */
static inline guint
list_children(pid_t parent, pid_t *pids, guint n)
{
    g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
    const char *name = NULL;
    guint found = 0;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "stat", NULL);
        g_autofree char *stat = NULL;
        if (!g_ascii_isdigit(*name) || !g_file_get_contents(path, &stat, NULL, NULL))
            continue;
        const char *rest = strrchr(stat, ')'); /* then " STATE PPID ..." */
        if (rest == NULL || strlen(rest) <= 4 || rest[2] == 'Z' ||
            g_ascii_strtoll(rest + 3, NULL, 10) != parent)
            continue;
        if (found < n)
            pids[found] = (pid_t)g_ascii_strtoll(name, NULL, 10);
        found++;
    }
    return found;
}

/* Wait until that process has n children. pids: room for theirs, or NULL. */
static inline void
await_children(pid_t parent, pid_t *pids, guint n)
{
    gint64 start = g_get_monotonic_time();
    while (list_children(parent, pids, pids != NULL ? n : 0) != n) {
        g_assert_cmpint(g_get_monotonic_time() - start, <, LONG_US);
        g_usleep(1000);
    }
}

/* Our one server. */
static inline pid_t
find_server(void)
{
    pid_t server = 0;
    await_children(getpid(), &server, 1);
    return server;
}

typedef struct {
    SpSandbox *sandbox; /* owned */
    char *path;         /* owned */
    char *honest;       /* owned */
    guint descriptors;
} Scene;

static inline void
scene_init(Scene *scene, const char *name)
{
    scene->descriptors = count_descriptors();
    scene->path = link_liar(name);
    scene->honest = link_liar("honest");
    scene->sandbox = sp_sandbox_new();
    sp_sandbox_set_program(scene->sandbox, SP_RENDERER_JPEG, scene->path);
}

static inline void
scene_clear(Scene *scene)
{
    sp_sandbox_free(scene->sandbox);
    g_assert_cmpuint(count_descriptors(), ==, scene->descriptors);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
    g_free(scene->path);
    g_free(scene->honest);
}

/* The program that all names are links to. */
static inline void
find_program(const char *name)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *unit = g_path_get_dirname(self);
    g_autofree char *tests = g_path_get_dirname(unit);
    liar = g_build_filename(tests, name, NULL);
    if (!g_file_test(liar, G_FILE_TEST_IS_EXECUTABLE))
        g_error("'%s' must be built first", liar);
    folder = g_dir_make_tmp("storyphoto-liars-XXXXXX", NULL);
    g_assert_nonnull(folder);
}

static inline void
find_liar(void)
{
    find_program("liar");
}

static inline void
remove_folder(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
    g_free(liar);
}

#endif
