/* SPDX-License-Identifier: MIT */
/* inspector.c -- many files through one sealed child, as the supervisor sees it.
 *
 * Nothing that comes over the wall is believed, as in client.c. A session is a child of the
 * inspector's fork server with two sockets: over one go a file and its inspection, strictly in
 * turn, the other is the server's, to say how the child ended, and ours, to have it ended by
 * hanging up. Whatever is not as it must be ends the session; the next file gets another one.
 *
 * A message that belongs to an earlier file shows here as the fault of the next one. So who
 * lies is treated like who crashes: the file is asked about once more, in a fresh process,
 * whose first file it is. What a process that was taken over by one file says of later ones
 * cannot be told from the truth; that is the price of not forking, and why a single file that
 * somebody asks about gets a process of its own. */
#include "sandbox/inspector.h"
#include "base/error.h"
#include "sandbox/message.h"
#include "sandbox/sandbox.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define LIFE_CPU_SECONDS                                                                       \
    3600                  /* of a process: SP_INSPECTOR_FILES that take nearly a second each */
#define CRASHES 2         /* a crash or a lie is tried once more in a fresh process */
#define LOSSES 8          /* processes that may be lost without any fault of this file */
#define LAST_WORDS_MS 300 /* how long the server may take to say how a child ended */

struct SpInspectorProcess {
    SpSandbox *sandbox;   /* borrowed */
    SpPoolServer *server; /* a use of it is owned; NULL: no session is open */
    SpFd answer, files;   /* owned */
    guint64 session_id;
    guint n_files; /* that this session was given */
    SpWireInspection inspection;
};

typedef struct {
    int fd; /* borrowed */
    SpWireFileRequest request;
    guint32 timeout_ms;
    gint64 deadline; /* monotonic microseconds */
} Question;

/* How one attempt ended. But for DONE the error is set and the session is not fit for use. */
typedef enum {
    OUTCOME_DONE,
    OUTCOME_FAILED,
    OUTCOME_CRASHED, /* or lied: it may have been this file */
    OUTCOME_LOST,    /* it ended before it saw this file, or for another's sake */
} Outcome;

static void
close_session(SpInspectorProcess *process)
{
    sp_fd_clear(&process->files);
    sp_fd_clear(&process->answer); /* a child that does not leave by itself is ended */
    if (process->server != NULL)
        sp_pool_release(process->sandbox->pool, g_steal_pointer(&process->server));
}

static void
start_clock(Question *question)
{
    question->deadline = g_get_monotonic_time() + (gint64)question->timeout_ms * 1000;
}

static Outcome
interrupted(GError **error)
{
    sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    return OUTCOME_FAILED;
}

/* hear() and open_session() see to it that the child, or its server, ends. */
static Outcome
late(const Question *question, GError **error)
{
    sp_throw(error, SP_ERROR_BUSY, "not done within %u ms", question->timeout_ms);
    return OUTCOME_FAILED;
}

static Outcome
nobody(GError **error)
{
    sp_throw(error, SP_ERROR_CANNOT_SEAL, "no inspector stays to be asked");
    return OUTCOME_LOST;
}

/* One message with descriptors, whole. */
static Outcome
send_message(const SpInspectorProcess *process, int socket, gconstpointer bytes, gsize n,
             const int *fds, guint n_fds, const Question *question, GError **error)
{
    for (;;) {
        int err = sp_message_send(socket, bytes, n, fds, n_fds);
        if (err == 0)
            return OUTCOME_DONE;
        if (err == EPIPE || err == ECONNRESET || err == ECONNREFUSED || err == ENOTCONN)
            return nobody(error);
        if (err != EAGAIN && err != EINTR) {
            sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, err, "cannot ask the inspector");
            return OUTCOME_FAILED;
        }
        SpWait wait = sp_pool_wait(socket, POLLOUT, process->server->pidfd,
                                   process->sandbox->cancel, question->deadline);
        if (wait == SP_WAIT_CANCELLED)
            return interrupted(error);
        if (wait == SP_WAIT_LATE)
            return late(question, error);
        if (wait == SP_WAIT_ENDED) /* and somebody else keeps its socket open, full */
            return nobody(error);
    }
}

static gboolean
make_pair(SpFd *ours, SpFd *theirs, GError **error)
{
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make a socket");
    *ours = pair[0];
    *theirs = pair[1];
    return TRUE;
}

static Outcome
open_session(SpInspectorProcess *process, Question *question, GError **error)
{
    g_auto(SpFd) answer = -1;
    g_auto(SpFd) files = -1;
    SpPool *pool = process->sandbox->pool;
    process->server = sp_pool_acquire(pool, SP_RENDERER_INSPECT, error);
    if (process->server == NULL || !make_pair(&process->answer, &answer, error) ||
        !make_pair(&process->files, &files, error))
        return OUTCOME_FAILED;
    start_clock(question);
    SpWireSession session = {.cpu_seconds = LIFE_CPU_SECONDS};
    process->session_id = sp_sandbox_next_id(process->sandbox);
    process->n_files = 0;
    sp_wire_header_init(&session.header, SP_WIRE_SESSION, process->session_id);
    const int fds[] = {answer, files};
    Outcome outcome = send_message(process, process->server->control, &session, sizeof session,
                                   fds, G_N_ELEMENTS(fds), question, error);
    if (outcome == OUTCOME_LOST || g_get_monotonic_time() >= question->deadline)
        sp_pool_kill(pool, process->server); /* it takes no requests any more */
    return outcome;
}

/* How the child ended, when the server says so in time: FALSE when it does not. */
static gboolean
hear_ended(const SpInspectorProcess *process, SpWireEnded *ended)
{
    struct {
        SpWireEnded ended;
        guint8 room[16]; /* shows a message that is too long */
    } message;
    gint64 deadline = g_get_monotonic_time() + (gint64)LAST_WORDS_MS * 1000;
    SpWait wait = sp_pool_wait(process->answer, POLLIN, process->server->pidfd,
                               process->sandbox->cancel, deadline);
    if (wait != SP_WAIT_READY)
        return FALSE;
    ssize_t n = recv(process->answer, &message, sizeof message, MSG_DONTWAIT);
    if (n <= 0 || !sp_wire_check_header(&message.ended.header, (gsize)n, SP_WIRE_ENDED,
                                        sizeof message.ended, process->session_id, NULL))
        return FALSE;
    *ended = message.ended;
    return TRUE;
}

/* Tried what it must not do, but maybe for an earlier file's sake: then this one is asked about
 * once more, in a process whose first file it is. */
static Outcome
broke_out(const SpInspectorProcess *process)
{
    sp_pool_retire(process->sandbox->pool, process->server);
    return process->n_files > 1 ? OUTCOME_CRASHED : OUTCOME_FAILED;
}

/* The child has hung up, or is gone with its server. */
static Outcome
gone(SpInspectorProcess *process, GError **error)
{
    SpWireEnded ended = {.status = 0};
    gboolean told = hear_ended(process, &ended);
    if (told && ended.status == SP_WIRE_NO_PROCESS) {
        sp_throw(error, SP_ERROR_BUSY, "cannot start a process");
        return OUTCOME_FAILED;
    }
    if (!told && g_atomic_int_get(&process->server->killed)) {
        sp_throw(error, SP_ERROR_BUSY, "the inspector was ended for another's sake");
        return OUTCOME_LOST;
    }
    sp_pool_retire(process->sandbox->pool, process->server);
    int number = told && WIFSIGNALED(ended.status) ? WTERMSIG(ended.status) : 0;
    if (number == SIGSYS) { /* the lock's last word */
        sp_throw(error, SP_ERROR_POLICY, SP_WIRE_BROKE_OUT);
        return broke_out(process);
    }
    const char *name = number != 0 ? sigabbrev_np(number) : NULL;
    if (number == SIGXCPU)
        sp_throw(error, SP_ERROR_TOO_MUCH_WORK, "used up its processor time");
    else if (number == SIGKILL)
        sp_throw(error, SP_ERROR_BUSY, SP_WIRE_KILLED);
    else if (name != NULL)
        sp_throw(error, SP_ERROR_DECODER_CRASHED, "the inspector crashed twice: SIG%s", name);
    else
        sp_throw(error, SP_ERROR_DECODER_CRASHED, "the inspector crashed twice: %s",
                 told ? "it left" : "it hung up");
    return OUTCOME_CRASHED;
}

/* The child has not answered in time: have it ended. A server that then does not say that it
 * did is itself stopped or stuck, and every further file would wait for it in vain. Those who
 * share it try again in another one. */
static void
hang_up(SpInspectorProcess *process)
{
    SpWireEnded ended;
    (void)shutdown(process->answer, SHUT_WR); /* the server still has our ear */
    if (!hear_ended(process, &ended))
        sp_pool_kill(process->sandbox->pool, process->server);
}

/* Not what it must be: this child and its server are asked no more. */
static Outcome
distrusted(const SpInspectorProcess *process)
{
    sp_pool_retire(process->sandbox->pool, process->server);
    return OUTCOME_CRASHED;
}

/* Receive the answer to a question, and check it. */
static Outcome
hear(SpInspectorProcess *process, const Question *question, GError **error)
{
    for (;;) {
        SpWait wait = sp_pool_wait(process->files, POLLIN, process->server->pidfd,
                                   process->sandbox->cancel, question->deadline);
        if (wait == SP_WAIT_CANCELLED)
            return interrupted(error);
        if (wait == SP_WAIT_LATE) {
            hang_up(process);
            return late(question, error);
        }
        struct iovec part = {&process->inspection, sizeof process->inspection};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1}; /* no control buffer */
        ssize_t n = recvmsg(process->files, &message, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN) && wait != SP_WAIT_ENDED)
            continue;
        if (n <= 0)
            return gone(process, error);
        if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
            sp_throw(error, SP_ERROR_PROTOCOL, "message is %s",
                     (message.msg_flags & MSG_TRUNC) != 0 ? "too long"
                                                          : "sent with descriptors");
            return distrusted(process);
        }
        if (!sp_wire_check_inspection(&question->request, &process->inspection, (gsize)n,
                                      error))
            return distrusted(process);
        if (process->inspection.code == SP_ERROR_POLICY) {
            sp_throw(error, SP_ERROR_POLICY, "%s", process->inspection.message);
            return broke_out(process);
        }
        return OUTCOME_DONE;
    }
}

/* One attempt, in the process that is there or in a fresh one. */
static Outcome
attempt(SpInspectorProcess *process, Question *question, GError **error)
{
    if (process->n_files >= SP_INSPECTOR_FILES)
        close_session(process);
    Outcome outcome = OUTCOME_DONE;
    if (process->server == NULL)
        outcome = open_session(process, question, error);
    if (outcome == OUTCOME_DONE) {
        gboolean is_first = process->n_files++ == 0;
        start_clock(question);
        sp_wire_header_init(&question->request.header, SP_WIRE_FILE,
                            sp_sandbox_next_id(process->sandbox));
        outcome = send_message(process, process->files, &question->request,
                               sizeof question->request, &question->fd, 1, question, error);
        /* A fresh one that does not even stay for its first file is no loss by chance: whether
         * that shows now or while we wait for its answer is the scheduler's whim. */
        if (outcome == OUTCOME_LOST && is_first) {
            g_clear_error(error);
            outcome = gone(process, error);
        }
    }
    if (outcome == OUTCOME_DONE)
        outcome = hear(process, question, error);
    if (outcome != OUTCOME_DONE)
        close_session(process);
    return outcome;
}

gboolean
sp_inspector_process_ask(SpInspectorProcess *process, int fd, guint64 size, gboolean values,
                         guint32 timeout_ms, const SpWireInspection **ret_inspection,
                         GError **error)
{
    Question question = {
        .fd = fd,
        .request = {.size = size, .values = values ? 1 : 0},
        .timeout_ms = timeout_ms,
    };
    guint crashes = 0;
    guint losses = 0;
    if (process->sandbox->cancel < 0)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "cannot make an event descriptor");
    for (;;) {
        g_autoptr(GError) why = NULL;
        Outcome outcome = attempt(process, &question, &why);
        if (outcome == OUTCOME_DONE) {
            *ret_inspection = &process->inspection;
            return TRUE;
        }
        crashes += outcome == OUTCOME_CRASHED;
        losses += outcome == OUTCOME_LOST;
        if (outcome == OUTCOME_FAILED || crashes == CRASHES || losses == LOSSES) {
            g_propagate_error(error, g_steal_pointer(&why));
            return FALSE;
        }
    }
}

SpInspectorProcess *
sp_inspector_process_new(SpSandbox *sandbox)
{
    SpInspectorProcess *process = g_new0(SpInspectorProcess, 1);
    process->sandbox = sandbox;
    process->answer = -1;
    process->files = -1;
    return process;
}

void
sp_inspector_process_free(SpInspectorProcess *process)
{
    if (process == NULL)
        return;
    close_session(process);
    g_free(process);
}
