/* SPDX-License-Identifier: MIT */
/* client.c -- one upload through one sealed child, as the supervisor sees it.
 *
 * Nothing that comes over the wall is believed. A job has a socketpair and output memory of its
 * own; it hears at most two messages, an answer and the server's `ended`, received without a
 * control buffer (no descriptor can arrive) into a buffer larger than either; a third, a
 * second answer, a long or a forged one ends the job. Only when the child has ended are the
 * outputs sealed, and only when the seal holds are they anybody's business. Whoever stays
 * silent meets the server's deadline, and a server that stays silent meets ours.
 *
 * Sending needs no lock: a message on a SOCK_SEQPACKET socket is one piece, whoever else sends.
 * Nothing here blocks without watching cancel, the server's end and a deadline. */
#include "sandbox/client.h"
#include "base/error.h"
#include "base/rlimits.h"
#include "sandbox/message.h"
#include "sandbox/sandbox.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 5000 /* what the server may be late with `ended`, at its own deadline */
#define CRASHES 2     /* a crash is tried once more in a fresh server */
#define LOSSES 8      /* servers that may be lost without any fault of this upload */
#define SEAL_TRIES 6  /* 1 + 2 + 4 + 8 + 16 ms between them */

/* How one attempt ended. */
typedef enum {
    OUTCOME_DONE,
    OUTCOME_REFUSED, /* the renderer says no: an answer, and the error is set from it */
    OUTCOME_FAILED,  /* the error is set */
    OUTCOME_CRASHED, /* the child, or the server with it */
    OUTCOME_LOST,    /* the server ended through no fault of this upload */
} Outcome;

typedef struct {
    SpSandbox *sandbox;     /* borrowed */
    SpWireRequest *request; /* borrowed */
    int input;              /* borrowed */
    SpPoolServer *server;   /* a use of it is owned */
    SpFd answer_fd, output; /* owned */
    gint64 deadline;        /* monotonic microseconds */
    gboolean sent, answered;
    SpWireAnswer answer;
    SpWireEnded ended;
    char why[64];    /* of a crash, for the message */
    gboolean killed; /* by nobody of ours */
} Job;

static void
job_clear(Job *job)
{
    if (job->server != NULL)
        sp_pool_release(job->sandbox->pool, g_steal_pointer(&job->server));
    sp_fd_clear(&job->answer_fd);
    sp_fd_clear(&job->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static Outcome
interrupted(GError **error)
{
    sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    return OUTCOME_FAILED;
}

/* A server that did what it must not do gets no further jobs. */
static Outcome
distrusted(Job *job)
{
    sp_pool_retire(job->sandbox->pool, job->server);
    return OUTCOME_FAILED;
}

/* The server did not keep its own deadline: it hangs, is stopped, or starved. */
static Outcome
late(Job *job, GError **error)
{
    sp_pool_kill(job->sandbox->pool, job->server);
    sp_throw(error, SP_ERROR_BUSY, "the renderer did not end within its time");
    return OUTCOME_FAILED;
}

/* It looks at nothing of an upload: who kills it is the host, short of memory perhaps. Whether
 * the host's own reaping was first is not known. */
static gboolean
was_killed(const SpPoolServer *server)
{
    struct pollfd end = {.fd = server->pidfd, .events = POLLIN};
    siginfo_t info = {0};
    return poll(&end, 1, GRACE_MS) > 0 &&
           waitid(P_PIDFD, (id_t)server->pidfd, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_code == CLD_KILLED && info.si_status == SIGKILL;
}

/* The server is gone without a word on this job. */
static Outcome
gone(Job *job)
{
    if (g_atomic_int_get(&job->server->killed))
        return OUTCOME_LOST;
    job->killed = was_killed(job->server);
    sp_pool_retire(job->sandbox->pool, job->server);
    g_strlcpy(job->why, "its server ended", sizeof job->why);
    return OUTCOME_CRASHED;
}

/* Outputs, answer socket and request for a new attempt. *ret_theirs is owned by the caller. */
static gboolean
prepare(Job *job, int *ret_theirs, GError **error)
{
    SpWireRequest *request = job->request;
    request->output_size = sp_wire_output_size(request->variants, request->n_variants);
    sp_wire_header_init(&request->header, SP_WIRE_REQUEST, sp_sandbox_next_id(job->sandbox));
    job->output = sp_memfd_new((gsize)request->output_size, error);
    if (job->output < 0)
        return FALSE;
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make a socket");
    job->answer_fd = pair[0];
    *ret_theirs = pair[1];
    gint64 ms = (gint64)request->limits.timeout_ms + job->sandbox->grace_ms;
    if (request->input_is_pipe)
        ms += request->limits.input_timeout_ms;
    job->deadline = g_get_monotonic_time() + ms * 1000;
    return TRUE;
}

/* One try to send the request. 0 or errno. */
static int
send_once(const Job *job, int theirs)
{
    int fds[] = {theirs, job->input, job->output};
    return sp_message_send(job->server->control, job->request, sizeof *job->request, fds,
                           G_N_ELEMENTS(fds));
}

/* OUTCOME_DONE when the server has the request, OUTCOME_LOST when it never took it. */
static Outcome
send_request(Job *job, int theirs, GError **error)
{
    for (;;) {
        int err = send_once(job, theirs);
        if (err == 0) {
            job->sent = TRUE;
            return OUTCOME_DONE;
        }
        if (err == EPIPE || err == ECONNRESET || err == ECONNREFUSED || err == ENOTCONN) {
            sp_pool_kill(job->sandbox->pool, job->server); /* it takes no requests any more */
            return OUTCOME_LOST;
        }
        if (err != EAGAIN && err != EINTR) {
            sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, err, "cannot ask the renderer");
            return OUTCOME_FAILED;
        }
        SpWait wait = sp_pool_wait(job->server->control, POLLOUT, job->server->pidfd,
                                   job->sandbox->cancel, job->deadline);
        if (wait == SP_WAIT_CANCELLED)
            return interrupted(error);
        if (wait == SP_WAIT_LATE)
            return late(job, error);
        if (wait == SP_WAIT_ENDED) { /* and somebody else keeps its socket open, full */
            sp_pool_retire(job->sandbox->pool, job->server);
            return OUTCOME_LOST;
        }
    }
}

/* One message into the job. FALSE with SP_ERROR_PROTOCOL when it is not what it must be. */
static gboolean
take_message(Job *job, gconstpointer bytes, gsize n, int flags, GError **error)
{
    const SpWireHeader *header = bytes;
    guint64 id = job->request->header.id;
    if ((flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "message is %s",
                        (flags & MSG_TRUNC) != 0 ? "too long" : "sent with descriptors");
    if (n >= sizeof *header && header->kind == SP_WIRE_ENDED) {
        if (!sp_wire_check_header(header, n, SP_WIRE_ENDED, sizeof job->ended, id, error))
            return FALSE;
        memcpy(&job->ended, bytes, sizeof job->ended);
        return TRUE;
    }
    if (job->answered)
        return sp_throw(error, SP_ERROR_PROTOCOL, "a second answer");
    if (!sp_wire_check_header(header, n, SP_WIRE_ANSWER, sizeof job->answer, id, error))
        return FALSE;
    memcpy(&job->answer, bytes, sizeof job->answer);
    job->answered = TRUE;
    return TRUE;
}

/* Receive until the server says how the child ended: then OUTCOME_DONE. */
static Outcome
listen_to(Job *job, GError **error)
{
    while (job->ended.header.kind != SP_WIRE_ENDED) {
        SpWait wait = sp_pool_wait(job->answer_fd, POLLIN, job->server->pidfd,
                                   job->sandbox->cancel, job->deadline);
        if (wait == SP_WAIT_CANCELLED)
            return interrupted(error);
        if (wait == SP_WAIT_LATE)
            return late(job, error);
        union {
            SpWireHeader align;
            guint8 room[sizeof(SpWireAnswer) + sizeof(SpWireHeader)]; /* more than any */
        } buffer;
        struct iovec part = {&buffer, sizeof buffer};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1}; /* no control buffer */
        ssize_t n = recvmsg(job->answer_fd, &message, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN) && wait != SP_WAIT_ENDED)
            continue;
        if (n <= 0)
            return gone(job);
        if (!take_message(job, &buffer, (gsize)n, message.msg_flags, error))
            return distrusted(job);
    }
    return OUTCOME_DONE;
}

/* Nobody may be able to write the outputs any more when they are looked at. That the seal fails
 * at first can be innocent: a `ps` that reads /proc/PID keeps the memory of a process alive for
 * a moment after its end. */
static Outcome
seal_outputs(Job *job, GError **error)
{
    int err = sp_memfd_seal_write(job->output);
    for (guint i = 1; err == EBUSY && i < SEAL_TRIES; i++) {
        g_usleep(1000ul << (i - 1));
        err = sp_memfd_seal_write(job->output);
    }
    if (err == 0)
        return OUTCOME_DONE;
    sp_pool_kill(job->sandbox->pool, job->server);
    sp_throw_errno(error, SP_ERROR_POLICY, err, "a renderer keeps its outputs open");
    return OUTCOME_FAILED;
}

/* What a child's end means when it did not exit with 0 after one answer. */
static Outcome
judge_end(Job *job, GError **error)
{
    int status = job->ended.status;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number == SIGXCPU && sp_rlimits_cpu_ms() < job->request->limits.timeout_ms) {
        sp_throw(error, SP_ERROR_BUSY,
                 "not done in %" G_GUINT64_FORMAT
                 " ms of work, and this process may do no more: "
                 "raise that limit (ulimit -t, in a unit LimitCPU=)",
                 sp_rlimits_cpu_ms());
        return OUTCOME_FAILED;
    }
    if (number == SIGXCPU) {
        sp_throw(error, SP_ERROR_TOO_MUCH_WORK, "not done in %u ms of work (limits.timeout)",
                 job->request->limits.timeout_ms);
        return OUTCOME_FAILED;
    }
    if (job->ended.timed_out != 0 || number == SIGALRM) {
        sp_throw(error, SP_ERROR_BUSY, "not done within %u ms (limits.timeout)",
                 job->request->limits.timeout_ms);
        return OUTCOME_FAILED;
    }
    if (number == SIGSYS) { /* the lock's last word; not tried again */
        sp_throw(error, SP_ERROR_POLICY, SP_WIRE_BROKE_OUT);
        return distrusted(job);
    }
    job->killed = number == SIGKILL;
    const char *name = number != 0 ? sigabbrev_np(number) : NULL;
    if (name != NULL)
        g_snprintf(job->why, sizeof job->why, "SIG%s", name);
    else
        g_snprintf(job->why, sizeof job->why, "status 0x%x", (guint)status);
    sp_pool_retire(job->sandbox->pool, job->server);
    if (!job->answered)
        return OUTCOME_CRASHED;
    sp_throw(error, SP_ERROR_PROTOCOL, "the renderer answered, then ended with %s", job->why);
    return OUTCOME_FAILED;
}

/* The child has ended: is its answer one? */
static Outcome
judge(Job *job, GError **error)
{
    if (!job->answered || job->ended.status != 0 || job->ended.timed_out != 0)
        return judge_end(job, error);
    Outcome sealed = seal_outputs(job, error);
    if (sealed != OUTCOME_DONE)
        return sealed;
    if (!sp_wire_check_answer(job->request, &job->answer, error))
        return distrusted(job);
    if (job->answer.code == SP_ERROR_NONE)
        return OUTCOME_DONE;
    sp_throw(error, (SpErrorCode)job->answer.code, "%s", job->answer.message);
    if (job->answer.code == SP_ERROR_POLICY)
        sp_pool_retire(job->sandbox->pool, job->server);
    return OUTCOME_REFUSED;
}

/* One attempt in one child. */
static Outcome
attempt(Job *job, SpRendererKind kind, GError **error)
{
    g_auto(SpFd) theirs = -1;
    job->server = sp_pool_acquire(job->sandbox->pool, kind, error);
    if (job->server == NULL || !prepare(job, &theirs, error))
        return OUTCOME_FAILED;
    Outcome outcome = send_request(job, theirs, error);
    sp_fd_clear(&theirs); /* or the end of the server would be no end of file */
    if (outcome == OUTCOME_DONE)
        outcome = listen_to(job, error);
    if (outcome == OUTCOME_DONE && job->sandbox->witness != NULL)
        job->sandbox->witness(&job->ended, job->sandbox->witness_data);
    if (outcome == OUTCOME_DONE)
        outcome = judge(job, error);
    return outcome;
}

/* After a crash or a loss: TRUE when the upload deserves another attempt; else error is set. */
static gboolean
try_again(const Job *job, Outcome outcome, guint crashes, guint losses, GError **error)
{
    gboolean spent = job->sent && job->request->input_is_pipe;
    if (outcome == OUTCOME_CRASHED) {
        if (crashes < CRASHES && !spent)
            return TRUE;
        if (job->killed)
            return sp_throw(error, SP_ERROR_BUSY, SP_WIRE_KILLED);
        return sp_throw(error, SP_ERROR_DECODER_CRASHED, "the renderer crashed%s: %s",
                        spent ? ", and a pipe cannot be read again" : " twice", job->why);
    }
    if (losses < LOSSES && !spent)
        return TRUE;
    if (!job->sent)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "no renderer stays to be asked");
    return sp_throw(error, SP_ERROR_BUSY, "the renderer was ended for another's sake");
}

gboolean
sp_sandbox_render(SpSandbox *sandbox, SpRendererKind kind, SpWireRequest *request, int input_fd,
                  SpWireAnswer *ret_answer, int *ret_output_fd,
                  char ret_libraries[SP_WIRE_LIBRARIES], GError **error)
{
    memset(ret_answer, 0, sizeof *ret_answer);
    if (sandbox->cancel < 0)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "cannot make an event descriptor");
    guint crashes = 0;
    guint losses = 0;
    for (;;) {
        g_auto(Job) job = {
            .sandbox = sandbox,
            .request = request,
            .input = input_fd,
            .answer_fd = -1,
            .output = -1,
        };
        Outcome outcome = attempt(&job, kind, error);
        if (outcome == OUTCOME_DONE)
            *ret_output_fd = sp_fd_steal(&job.output);
        if (outcome == OUTCOME_DONE && ret_libraries != NULL)
            g_strlcpy(ret_libraries, job.server->libraries, SP_WIRE_LIBRARIES);
        if (outcome == OUTCOME_DONE || outcome == OUTCOME_REFUSED)
            *ret_answer = job.answer;
        if (outcome == OUTCOME_DONE)
            return TRUE;
        if (outcome == OUTCOME_REFUSED || outcome == OUTCOME_FAILED)
            return FALSE;
        crashes += outcome == OUTCOME_CRASHED;
        losses += outcome == OUTCOME_LOST;
        if (!try_again(&job, outcome, crashes, losses, error))
            return FALSE;
    }
}

gboolean
sp_sandbox_libraries(SpSandbox *sandbox, SpRendererKind kind,
                     char ret_libraries[SP_WIRE_LIBRARIES], GError **error)
{
    if (sandbox->cancel < 0)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "cannot make an event descriptor");
    SpPoolServer *server = sp_pool_acquire(sandbox->pool, kind, error);
    if (server == NULL)
        return FALSE;
    g_strlcpy(ret_libraries, server->libraries, SP_WIRE_LIBRARIES);
    sp_pool_release(sandbox->pool, server);
    return TRUE;
}

void
sp_sandbox_expect(SpSandbox *sandbox, SpRendererKind kind)
{
    sp_pool_expect(sandbox->pool, kind);
}

void
sp_sandbox_last(SpSandbox *sandbox)
{
    sp_pool_last(sandbox->pool);
}

SpSandbox *
sp_sandbox_new(void)
{
    SpSandbox *sandbox = g_new0(SpSandbox, 1);
    sandbox->cancel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sandbox->pool = sp_pool_new(sandbox->cancel);
    sandbox->grace_ms = GRACE_MS;
    return sandbox;
}

void
sp_sandbox_free(SpSandbox *sandbox)
{
    if (sandbox == NULL)
        return;
    sp_pool_free(sandbox->pool);
    sp_fd_clear(&sandbox->cancel);
    g_free(sandbox);
}

void
sp_sandbox_cancel(SpSandbox *sandbox)
{
    int err = errno;
    guint64 one = 1;
    ssize_t n = write(sandbox->cancel, &one, sizeof one);
    (void)n; /* EAGAIN: cancelled very often already */
    errno = err;
}

void
sp_sandbox_set_program(SpSandbox *sandbox, SpRendererKind kind, const char *path)
{
    sp_pool_set_program(sandbox->pool, kind, path);
}

void
sp_sandbox_set_patience(SpSandbox *sandbox, guint hello_ms, guint grace_ms)
{
    sp_pool_set_hello(sandbox->pool, hello_ms);
    sandbox->grace_ms = grace_ms;
}

void
sp_sandbox_set_witness(SpSandbox *sandbox, SpSandboxWitness witness, gpointer data)
{
    sandbox->witness = witness;
    sandbox->witness_data = data;
}
