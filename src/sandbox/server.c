/* SPDX-License-Identifier: MIT */
/* server.c -- the fork server: codecs loaded once, one forked child an upload.
 *
 * One thread and one poll(). It forks, and it ends what it forked: at the wall deadline, when
 * the supervisor hangs up an answer socket, when control ends. It parses nothing of an upload,
 * reads nothing that a child could have written, and sends without ever blocking; so a child
 * that was taken over finds nothing here to push against. A request that makes no sense cannot
 * come from our supervisor: exit.
 *
 * Nothing here may allocate an image, run an image operation or start a thread: the children
 * are forks of this process (after an operation of libvips, or with a thread, they hang). */
#include "sandbox/server.h"
#include "base/rlimits.h"
#include "sandbox/child.h"
#include "sandbox/lock.h"
#include "sandbox/message.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_ENDED = 0, EXIT_HOST = 1, EXIT_PROTOCOL = 2 };

enum { RENDER_FDS = 3, SESSION_FDS = 2 };

#define NEVER G_MAXINT64
#define POLL_CONTROL 0 /* then two entries a child: its pidfd and its answer socket */
#define POLL_PIDFD(i) (1 + 2 * (i))
#define POLL_ANSWER(i) (2 + 2 * (i))

typedef struct {
    pid_t pid;
    int pidfd;
    int answer; /* our end of it: `ended` goes here, and a hang-up says "cancelled" */
    guint64 id;
    gint64 deadline; /* monotonic microseconds; NEVER for a session, or once it is killed */
    guint32 timeout_ms;
    gboolean timed_out, killed;
} Child;

typedef struct {
    const SpRenderer *renderer;
    pid_t pid; /* our own */
    Child children[SP_SERVER_CHILDREN];
    guint n;
    union {
        SpWireHeader header;
        SpWireRequest request;
        SpWireSession session;
    } message; /* the one being taken */
} Server;

static GLogWriterOutput
say_nothing(GLogLevelFlags level G_GNUC_UNUSED, const GLogField *fields G_GNUC_UNUSED,
            gsize n_fields G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    return G_LOG_WRITER_HANDLED;
}

/* Without it no child could be kept, and each would look like a host short of processes. */
static gboolean
has_pidfd_open(void)
{
    int pidfd = pidfd_open(getpid(), 0);
    return pidfd >= 0 && close(pidfd) == 0;
}

/* What holds for the server and every child. GLib's own writer opens and asks things that a
 * locked child may not. */
static gboolean
settle_down(void)
{
    g_log_set_writer_func(say_nothing, NULL, NULL);
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           clearenv() == 0 && chdir("/") == 0 && has_pidfd_open();
}

static gboolean
say_hello(const SpRenderer *renderer)
{
    g_autofree char *libraries = renderer->libraries != NULL ? renderer->libraries() : NULL;
    SpWireHello hello;
    sp_wire_hello_init(&hello, libraries);
    return send(SP_WIRE_CONTROL_FD, &hello, sizeof hello, MSG_NOSIGNAL) ==
           (ssize_t)sizeof hello;
}

/* A message from control into server->message. 1, 0 when there was none after all, -1 when it
 * makes no sense. */
static int
receive(Server *server, SpChildFds *fds)
{
    int numbers[SP_MESSAGE_FDS] = {-1, -1, -1};
    gboolean renders = server->renderer->render != NULL;
    gssize n = sp_message_receive(SP_WIRE_CONTROL_FD, &server->message, sizeof server->message,
                                  MSG_DONTWAIT, numbers, renders ? RENDER_FDS : SESSION_FDS);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (renders ? !sp_wire_check_request(&server->message.request, (gsize)n, NULL)
                : !sp_wire_check_session(&server->message.session, (gsize)n, NULL))
        return -1;
    *fds = (SpChildFds){numbers[0], numbers[1], numbers[2]};
    return 1;
}

/* Say that there is no process: the host is short of them right now. */
static void
refuse(const Server *server, int answer_fd)
{
    guint64 id = server->message.header.id;
    SpWireAnswer answer = {.code = SP_ERROR_BUSY, .message = "cannot start a process"};
    SpWireEnded ended = {.status = server->renderer->render != NULL ? 0 : SP_WIRE_NO_PROCESS};
    sp_wire_header_init(&answer.header, SP_WIRE_ANSWER, id);
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, id);
    if (server->renderer->render != NULL)
        send(answer_fd, &answer, sizeof answer, MSG_NOSIGNAL | MSG_DONTWAIT);
    send(answer_fd, &ended, sizeof ended, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(answer_fd);
}

static void G_GNUC_NORETURN
become_child(const Server *server, SpChildFds fds)
{
    if (server->renderer->render != NULL)
        sp_child_run(server->renderer, &server->message.request, fds, server->pid);
    sp_child_inspect(server->renderer, &server->message.session, fds.input, server->pid);
}

/* Of a session, the time of each file is the supervisor's to watch: it hangs up. */
static void
set_deadline(const Server *server, Child *child)
{
    child->deadline = NEVER;
    if (server->renderer->render == NULL)
        return;
    const SpLimits *limits = &server->message.request.limits;
    gint64 ms = limits->timeout_ms;
    if (server->message.request.input_is_pipe)
        ms += limits->input_timeout_ms;
    child->timeout_ms = limits->timeout_ms;
    child->deadline = g_get_monotonic_time() + ms * 1000;
}

static void
start_child(Server *server, SpChildFds fds)
{
    pid_t pid = fork();
    if (pid == 0)
        become_child(server, fds);
    close(fds.input);
    if (fds.output >= 0)
        close(fds.output);
    /* Nobody else reaps here, so the number still means our child, alive or not. */
    int pidfd = pid < 0 ? -1 : pidfd_open(pid, 0);
    if (pidfd < 0) {
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
        refuse(server, fds.answer);
        return;
    }
    Child *child = &server->children[server->n++];
    *child = (Child){
        .pid = pid,
        .pidfd = pidfd,
        .answer = fds.answer,
        .id = server->message.header.id,
    };
    set_deadline(server, child);
}

static gint64
cpu_ms_of(const struct rusage *usage)
{
    return ((gint64)usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
           (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

/* Was it stopped although it had the processor nearly all of its time? Then more time would not
 * help: that is too much work, and not a busy host. SIGKILL may be the hard CPU limit, too;
 * that of whoever started us may be lower than ours. */
static gboolean
was_working(const Child *child, int status, gint64 cpu_ms)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    guint64 most = child->timeout_ms;
    if (number == SIGKILL)
        most = MIN(most, sp_rlimits_cpu_ms());
    return (number == SIGKILL || number == SIGALRM) && child->timeout_ms != 0 &&
           cpu_ms >= (gint64)(most * 7 / 8);
}

/* Reap child number i, tell the supervisor how it ended, forget it. */
static void
finish(Server *server, guint i)
{
    Child *child = &server->children[i];
    SpWireEnded ended = {.timed_out = child->timed_out ? 1 : 0};
    struct rusage usage = {0};
    int status = 0;
    while (wait4(child->pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    gint64 cpu_ms = cpu_ms_of(&usage);
    if (was_working(child, status, cpu_ms)) {
        status = W_EXITCODE(0, SIGXCPU);
        ended.timed_out = 0;
    }
    ended.status = status;
    ended.cpu_ms = (guint32)CLAMP(cpu_ms, 0, G_MAXUINT32);
    ended.peak_kib = (guint32)CLAMP(usage.ru_maxrss, 0, G_MAXUINT32);
    sp_wire_header_init(&ended.header, SP_WIRE_ENDED, child->id);
    /* Fails when a flood of answers fills the socket or nobody listens: nothing is lost. */
    send(child->answer, &ended, sizeof ended, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(child->answer);
    close(child->pidfd);
    *child = server->children[--server->n];
}

static void
stop(Child *child)
{
    kill(child->pid, SIGKILL); /* not reaped yet, so the number is its own */
    child->deadline = NEVER;
    child->killed = TRUE; /* its hang-up has been dealt with */
}

/* What poll() said of the children. Downwards: finish() moves the last one to i. */
static void
tend_children(Server *server, const struct pollfd *set)
{
    gint64 now = g_get_monotonic_time();
    for (guint i = server->n; i-- > 0;) {
        Child *child = &server->children[i];
        if (set[POLL_PIDFD(i)].revents != 0) {
            finish(server, i);
        } else if (set[POLL_ANSWER(i)].revents != 0) {
            stop(child);
        } else if (now >= child->deadline) {
            child->timed_out = TRUE;
            stop(child);
        }
    }
}

/* Fill set and wait. FALSE when poll() itself fails. */
static gboolean
wait_for_events(const Server *server, struct pollfd *set)
{
    gint64 first = NEVER;
    short wanted = server->n < SP_SERVER_CHILDREN ? POLLIN : 0;
    set[POLL_CONTROL] = (struct pollfd){.fd = SP_WIRE_CONTROL_FD, .events = wanted};
    for (guint i = 0; i < server->n; i++) {
        const Child *child = &server->children[i];
        set[POLL_PIDFD(i)] = (struct pollfd){.fd = child->pidfd, .events = POLLIN};
        set[POLL_ANSWER(i)] = (struct pollfd){
            .fd = child->killed ? -1 : child->answer,
            .events = POLLRDHUP, /* it may still listen for `ended` */
        };
        first = MIN(first, child->deadline);
    }
    int timeout = -1;
    if (first != NEVER) {
        gint64 left_ms = (MAX(first - g_get_monotonic_time(), 0) + 999) / 1000;
        timeout = (int)MIN(left_ms, G_MAXINT);
    }
    return poll(set, POLL_PIDFD(server->n), timeout) >= 0 || errno == EINTR;
}

/* Until the supervisor hangs up. Returns an exit status. */
static int
serve(Server *server)
{
    struct pollfd set[POLL_PIDFD(SP_SERVER_CHILDREN)];
    for (;;) {
        memset(set, 0, sizeof set);
        if (!wait_for_events(server, set))
            return EXIT_HOST;
        tend_children(server, set);
        if ((set[POLL_CONTROL].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
            return EXIT_ENDED;
        if ((set[POLL_CONTROL].revents & POLLIN) == 0)
            continue;
        SpChildFds fds;
        int got = receive(server, &fds);
        if (got < 0)
            return EXIT_PROTOCOL;
        if (got > 0)
            start_child(server, fds);
    }
}

int
sp_server_run(const SpRenderer *renderer)
{
    if (!settle_down())
        return EXIT_HOST;
    sp_lock_server();
    if (renderer->warm_up != NULL)
        renderer->warm_up();
    sp_lock_prepare(renderer->render != NULL ? SP_CALLS_RENDERER : SP_CALLS_INSPECTOR,
                    SP_CHILD_FD);
    if (!say_hello(renderer))
        return EXIT_HOST;
    Server *server = g_new0(Server, 1);
    server->renderer = renderer;
    server->pid = getpid();
    int status = serve(server);
    for (guint i = 0; i < server->n; i++)
        stop(&server->children[i]);
    while (server->n > 0)
        finish(server, server->n - 1);
    g_free(server);
    return status;
}
