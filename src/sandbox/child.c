/* SPDX-License-Identifier: MIT */
/* child.c -- one upload from bytes to an answer, in a process of its own.
 *
 * The order is the design. First everything that needs the host: ties to the server, limits,
 * the outputs and the input as memory, a pipe read to its end. Then, and only then, the first
 * byte of the upload is looked at. Between the two the lock is closed: from there on nothing
 * is opened, mapped shared or received any more; all that is left is memory and the answer
 * socket.
 *
 * _exit() at the end: no destructor and no atexit handler of a library runs over whatever state
 * a hostile upload left behind. */
#include "sandbox/child.h"
#include "base/error.h"
#include "sandbox/lock.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define FIRST_ROOM ((gsize)1 << 20) /* bytes mapped for a pipe at first; doubled as needed */

/* Where a child finds its descriptors: above the standard ones, and nothing is above them. */
enum { ANSWER_FD = SP_CHILD_FD, INPUT_FD, OUTPUT_FD, FIRST_UNUSED_FD };

typedef struct {
    guint8 *bytes; /* mapped; NULL while there are none */
    gsize n, room;
} Upload;

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

/* Room for at least one byte more, at most cap in all. */
static gboolean
grow(Upload *upload, gsize cap, GError **error)
{
    if (upload->n < upload->room)
        return TRUE;
    gsize room = MIN(MAX(upload->room * 2, FIRST_ROOM), cap);
    void *start =
        upload->bytes == NULL
            ? mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            : mremap(upload->bytes, upload->room, room, MREMAP_MAYMOVE);
    if (start == MAP_FAILED)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                              "cannot hold %" G_GSIZE_FORMAT " bytes of upload", upload->n);
    upload->bytes = start;
    upload->room = room;
    return TRUE;
}

/* Wait for bytes or the end of a pipe; the sender has until deadline for all of them. It has
 * what intake left of the limit, which we do not know. */
static gboolean
await_bytes(gint64 deadline, gsize n, GError **error)
{
    struct pollfd input = {.fd = INPUT_FD, .events = POLLIN};
    for (;;) {
        gint64 left_us = deadline - g_get_monotonic_time();
        int ready = left_us <= 0 ? 0 : poll(&input, 1, (int)((left_us + 999) / 1000));
        if (ready > 0)
            return TRUE;
        if (left_us <= 0)
            return sp_throw(error, SP_ERROR_INPUT_TIMEOUT,
                            "the sender is not done after %" G_GSIZE_FORMAT
                            " bytes (limits.input-timeout)",
                            n);
        if (ready < 0 && errno != EINTR)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot wait for the upload");
    }
}

/* Everything up to the end of the pipe, behind what intake has read of it already. */
static gboolean
read_pipe(const SpWireRequest *request, Upload *upload, GError **error)
{
    const SpLimits *limits = &request->limits;
    gsize cap = (gsize)limits->max_upload + 1;
    gint64 deadline = g_get_monotonic_time() + (gint64)limits->input_timeout_ms * 1000;
    if (!grow(upload, cap, error))
        return FALSE;
    upload->n = MIN(request->n_head, upload->room);
    if (upload->n > 0)
        memcpy(upload->bytes, request->head, upload->n);
    while (upload->n < cap) {
        if (!await_bytes(deadline, upload->n, error) || !grow(upload, cap, error))
            return FALSE;
        ssize_t n = read(INPUT_FD, upload->bytes + upload->n, upload->room - upload->n);
        if (n == 0)
            return TRUE;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read the upload");
        upload->n += n > 0 ? (gsize)n : 0;
    }
    return sp_throw(error, SP_ERROR_TOO_LARGE,
                    "the upload has at least %" G_GSIZE_FORMAT
                    " bytes, the limit is %" G_GUINT64_FORMAT " (limits.max-upload)",
                    upload->n, limits->max_upload);
}

/* Time runs from the last byte on. The server cannot know when that was; the kernel does. */
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

/* The input as memory, wherever it comes from. */
static gboolean
take_input(const SpWireRequest *request, Upload *upload, GError **error)
{
    if (request->input_is_pipe) {
        if (!read_pipe(request, upload, error))
            return FALSE;
        arm_timeout(request->limits.timeout_ms);
        return TRUE;
    }
    upload->n = (gsize)request->input_size;
    return map(INPUT_FD, request->input_size, PROT_READ, MAP_PRIVATE, &upload->bytes, error);
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
close_lock(const SpWireRequest *request, GError **error)
{
    const SpLockTerms terms = {
        .max_memory = request->limits.max_memory,
        .max_fds = ANSWER_FD + 1,
        .require_landlock = request->limits.require_landlock != 0,
        .report = report_call,
    };
    sp_wire_header_init(&policy.header, SP_WIRE_ANSWER, request->header.id);
    policy.code = SP_ERROR_POLICY;
    close(INPUT_FD);
    close(OUTPUT_FD);
    return sp_lock_close(&terms, error);
}

void
sp_child_run(const SpRenderer *renderer, const SpWireRequest *request, SpChildFds fds,
             pid_t server)
{
    static SpWireAnswer answer;
    static const guint8 nothing[1];
    g_autoptr(GError) error = NULL;
    guint8 *output = NULL;
    Upload upload = {NULL, 0, 0};

    sp_child_tie_to_server(server);
    keep_descriptors(fds);
    if (limit_cpu(request->limits.timeout_ms, &error) &&
        map(OUTPUT_FD, request->output_size, PROT_READ | PROT_WRITE, MAP_SHARED, &output,
            &error) &&
        take_input(request, &upload, &error) && close_lock(request, &error)) {
        renderer->render(request, upload.bytes != NULL ? upload.bytes : nothing, upload.n,
                         output, &answer);
    } else {
        sp_wire_answer_error(&answer, error);
    }
    answer.input_bytes = upload.n;
    sp_wire_header_init(&answer.header, SP_WIRE_ANSWER, request->header.id);

    /* The supervisor seals the outputs as soon as we are gone: nothing may map them then. */
    if (output != NULL)
        munmap(output, (gsize)request->output_size);
    ssize_t sent = send(ANSWER_FD, &answer, sizeof answer, MSG_NOSIGNAL);
    _exit(sent == (ssize_t)sizeof answer ? 0 : 1);
}
