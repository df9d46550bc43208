/* SPDX-License-Identifier: MIT */
/* child.c -- one upload from bytes to an answer, in a process of its own.
 *
 * The order is the design. First everything that needs the host: ties to the server, limits,
 * the outputs and the input as memory. Then, and only then, the first byte of the upload is
 * looked at. Between the two the lock is closed: from there on nothing is opened, mapped shared
 * or received any more; all that is left is memory, the answer socket and, where the upload
 * comes through one, the pipe, to be read.
 *
 * _exit() at the end: no destructor and no atexit handler of a library runs over whatever state
 * a hostile upload left behind. */
#include "sandbox/child.h"
#include "base/error.h"
#include "sandbox/arrival.h"
#include "sandbox/lock.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

/* Where a child finds its descriptors: above the standard ones, and nothing is above them. */
enum { ANSWER_FD = SP_CHILD_FD, INPUT_FD, OUTPUT_FD, FIRST_UNUSED_FD };

void
sp_child_tie_to_server(pid_t server)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != server)
        _exit(1);
}

/* Close all but our three, the control socket and what belongs to other uploads first of all.
 * The numbers rise and begin above ANSWER_FD, so no dup2() hits one that is still to be moved.
 */
static void
keep_descriptors(SpChildFds fds)
{
    if (fds.answer <= ANSWER_FD || fds.input <= fds.answer || fds.output <= fds.input ||
        dup2(fds.answer, ANSWER_FD) < 0 || dup2(fds.input, INPUT_FD) < 0 ||
        dup2(fds.output, OUTPUT_FD) < 0 || close_range(FIRST_UNUSED_FD, ~0U, 0) < 0)
        _exit(1);
}

gboolean
sp_child_limit_cpu(guint32 seconds)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CPU, &limit) < 0)
        return FALSE;
    limit.rlim_max = MIN(limit.rlim_max, (rlim_t)seconds + 1);
    limit.rlim_cur = MIN(limit.rlim_max, (rlim_t)seconds);
    return setrlimit(RLIMIT_CPU, &limit) == 0;
}

static gboolean
limit_cpu(guint32 timeout_ms, GError **error)
{
    if (sp_child_limit_cpu(timeout_ms / 1000 + (timeout_ms % 1000 != 0)))
        return TRUE;
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot limit a renderer");
}

/* A memfd's whole mapping; *bytes stays NULL when size is 0. */
static gboolean
map(int fd, guint64 size, int protection, int flags, guint8 **bytes, GError **error)
{
    struct stat about;
    if (fstat(fd, &about) < 0 || (guint64)about.st_size < size)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "shared memory is smaller than promised");
    if (size == 0)
        return TRUE;
    void *start = mmap(NULL, size, protection, flags, fd, 0);
    if (start == MAP_FAILED)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot map memory");
    *bytes = start;
    return TRUE;
}

/* Time for work; the kernel counts it, as the server cannot know how much of it was waiting for
 * bytes (sandbox/arrival.c). */
static void
arm_timeout(guint32 timeout_ms)
{
    struct itimerval timer = {
        .it_value = {.tv_sec = timeout_ms / 1000,
                     .tv_usec = (suseconds_t)(timeout_ms % 1000) * 1000},
    };
    if (setitimer(ITIMER_REAL, &timer, NULL) < 0)
        _exit(1);
}

/* The input as a source: all of a file as memory; what there is of a pipe. */
static gboolean
take_input(const SpWireRequest *request, SpArrival *input, GError **error)
{
    if (request->input_is_pipe) {
        arm_timeout(request->limits.timeout_ms);
        return sp_arrival_begin(input, INPUT_FD, request->head, request->n_head,
                                request->limits.max_upload, request->limits.input_timeout_ms,
                                error);
    }
    guint8 *bytes = NULL;
    if (!map(INPUT_FD, request->input_size, PROT_READ, MAP_PRIVATE, &bytes, error))
        return FALSE;
    input->source = sp_source_whole(bytes, (gsize)request->input_size);
    return TRUE;
}

static SpWireAnswer policy; /* filled in but for the call, as a signal handler has to send it */

static void
report_call(const char *call)
{
    sp_wire_say_call(policy.message, call);
    send(ANSWER_FD, &policy, sizeof policy, MSG_NOSIGNAL);
}

/* From here on the upload may be looked at. */
static gboolean
close_lock(const SpWireRequest *request, const SpArrival *input, GError **error)
{
    const SpLockTerms terms = {
        .max_memory = request->limits.max_memory,
        .max_input = input->cap,
        .input = request->input_is_pipe ? INPUT_FD : 0,
        .max_fds = ANSWER_FD + 1,
        .require_landlock = request->limits.require_landlock != 0,
        .report = report_call,
    };
    sp_wire_header_init(&policy.header, SP_WIRE_ANSWER, request->header.id);
    policy.code = SP_ERROR_POLICY;
    if (!request->input_is_pipe)
        close(INPUT_FD);
    close(OUTPUT_FD);
    return sp_lock_close(&terms, error);
}

void
sp_child_run(const SpRenderer *renderer, const SpWireRequest *request, SpChildFds fds,
             pid_t server)
{
    static SpWireAnswer answer;
    g_autoptr(GError) error = NULL;
    guint8 *output = NULL;
    SpArrival input = {.source = {.n = 0}};

    sp_child_tie_to_server(server);
    keep_descriptors(fds);
    if (limit_cpu(request->limits.timeout_ms, &error) &&
        map(OUTPUT_FD, request->output_size, PROT_READ | PROT_WRITE, MAP_SHARED, &output,
            &error) &&
        take_input(request, &input, &error) && close_lock(request, &input, &error))
        renderer->render(request, &input.source, output, &answer);
    else
        sp_wire_answer_error(&answer, error);
    answer.input_bytes = input.source.at_end ? input.source.n : 0;
    sp_wire_header_init(&answer.header, SP_WIRE_ANSWER, request->header.id);

    /* The supervisor seals the outputs as soon as we are gone: nothing may map them then. */
    if (output != NULL)
        munmap(output, (gsize)request->output_size);
    ssize_t sent = send(ANSWER_FD, &answer, sizeof answer, MSG_NOSIGNAL);
    _exit(sent == (ssize_t)sizeof answer ? 0 : 1);
}
