/* SPDX-License-Identifier: MIT */
/* lock-scene.h -- one attempt behind a wall, and how it ended.
 *
 * The test forks a server, which does what a fork server does; the server forks a child, which
 * does what children do before they look at an upload, and then makes the attempt. It may be
 * refused, may end the child, or may succeed, and the child is not asked to judge that in any
 * other way than by its exit status. Outside there is what an attacker would like to have: a
 * file, a parent, a sibling, listening sockets. */
#ifndef SP_TESTS_LOCK_SCENE_H
#define SP_TESTS_LOCK_SCENE_H
#include "base/error.h"
#include "data/without.h"
#include "sandbox/landlock.h"
#include "sandbox/lock.h"
#include "sandbox/message.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_FD 3 /* as in child.c */
#define INPUT_FD 4
#define PAGE ((gsize)4096)
#define SHARED_BYTES (4 * PAGE)

/* ---- what is outside ----------------------------------------------------------------------
 */

static struct {
    pid_t parent, sibling, group;
    char *folder, *file, *path_socket; /* owned; a file that anybody may read and write */
    struct sockaddr_un abstract;
    in_port_t port; /* of TCP, on the loopback, in network order */
    int output;     /* a memfd like that of an upload's outputs */
    long secret;    /* in everybody's memory at the same place */
    /* in the child */
    guint8 *shared; /* the output, mapped */
    guint nth;      /* of a probe's several */
} outside = {.secret = 0x5EC12E7};

static inline int
listen_at(int family, const void *address, gsize n)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(bind(fd, address, (socklen_t)n), ==, 0);
    g_assert_cmpint(listen(fd, 1000), ==, 0);
    return fd;
}

static inline pid_t
start_sibling(void)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* no module of the kernel's helps */
    for (;;)
        pause();
}

/* The listening sockets stay open, with numbers that children must not find. */
static inline void
outside_init(void)
{
    outside.parent = getpid();
    outside.group = getpgrp();
    (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    outside.folder = g_dir_make_tmp("storyphoto-lock-XXXXXX", NULL);
    outside.file = g_build_filename(outside.folder, "file", NULL);
    outside.path_socket = g_build_filename(outside.folder, "socket", NULL);
    g_assert_true(g_file_set_contents(outside.file, "a secret", -1, NULL));
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    g_strlcpy(path.sun_path, outside.path_socket, sizeof path.sun_path);
    listen_at(AF_UNIX, &path, sizeof path);
    outside.abstract.sun_family = AF_UNIX;
    g_snprintf(outside.abstract.sun_path + 1, 60, "storyphoto-lock-%d", getpid());
    listen_at(AF_UNIX, &outside.abstract, sizeof outside.abstract);
    struct sockaddr_in tcp = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof tcp;
    int fd = listen_at(AF_INET, &tcp, sizeof tcp);
    g_assert_cmpint(getsockname(fd, &tcp, &n), ==, 0);
    outside.port = tcp.sin_port;
    outside.output = memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    g_assert_cmpint(ftruncate(outside.output, (off_t)SHARED_BYTES), ==, 0);
    outside.sibling = start_sibling();
}

static inline void
outside_clear(void)
{
    kill(outside.sibling, SIGKILL);
    waitpid(outside.sibling, NULL, 0);
    g_unlink(outside.file);
    g_unlink(outside.path_socket);
    g_rmdir(outside.folder);
    g_free(outside.file);
    g_free(outside.path_socket);
    g_free(outside.folder);
}

/* ---- an attempt ---------------------------------------------------------------------------
 */

typedef enum {
    WALL_LOCK,        /* as on this kernel */
    WALL_NO_LANDLOCK, /* the lock, where the kernel has no Landlock */
    WALL_LANDLOCK,    /* that alone */
    WALL_NONE,
} Wall;

/* Exit statuses of a child. */
enum { REFUSED = 40, DONE, UNSEALED, BROKEN };

typedef struct {
    Wall wall;
    SpCallsKind kind;
    SpLockTerms terms; /* report is ours */
    gboolean has_pipe; /* at INPUT_FD, with a byte in it; of a kind that could be written to */
    Lack lacks[2];     /* by the kernel, from the start; call 0: nothing */
    Lack child_lacks;  /* from right before the lock */
    /* As a system call: -1 with errno when it was refused; else it is done. */
    long (*act)(void);
} Attempt;

typedef struct {
    int status;    /* of the child, as waitpid() has it */
    char said[80]; /* errno, the forbidden call's name, or why there is no lock */
    gboolean said_more;
} Ending;

static gboolean says_by_write; /* in the child: what it is locks it out of send() */

static inline void
say(const char *text)
{
    if (says_by_write)
        (void)!write(ANSWER_FD, text, strlen(text));
    else
        send(ANSWER_FD, text, strlen(text), MSG_NOSIGNAL);
}

static inline gboolean
close_wall(const Attempt *attempt, GError **error)
{
    static const char *const nothing[] = {NULL};
    SpLockTerms terms = attempt->terms;
    terms.report = say;
    terms.max_fds = terms.max_fds != 0 ? terms.max_fds : ANSWER_FD + 1;
    if (attempt->wall == WALL_LANDLOCK)
        return sp_landlock_restrict(nothing, error);
    return attempt->wall == WALL_NONE || sp_lock_close(&terms, error);
}

static inline gboolean
open_pipe(void)
{
    int ends[2];
    char path[32];
    if (pipe(ends) != 0)
        return FALSE;
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int both = open(path, O_RDWR);
    return both >= 0 && write(both, "x", 1) == 1 && dup2(both, INPUT_FD) == INPUT_FD;
}

static inline void G_GNUC_NORETURN
be_child(const Attempt *attempt, int answer)
{
    g_autoptr(GError) error = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    says_by_write = attempt->kind == SP_CALLS_FILTER;
    outside.shared =
        mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, outside.output, 0);
    if (outside.shared == MAP_FAILED || dup2(answer, ANSWER_FD) < 0 ||
        (attempt->has_pipe && !open_pipe()) ||
        close_range(ANSWER_FD + 1 + (attempt->has_pipe ? 1 : 0), ~0U, 0) < 0)
        _exit(BROKEN);
    alarm(60);
    if (attempt->child_lacks.call != 0 && do_without(attempt->child_lacks) != 0)
        _exit(BROKEN);
    if (!close_wall(attempt, &error)) {
        say(error->message);
        _exit(error->code == SP_ERROR_CANNOT_SEAL ? UNSEALED : BROKEN);
    }
    errno = 0;
    if (attempt->act() != -1)
        _exit(DONE);
    char number[16];
    g_snprintf(number, sizeof number, "%d", errno);
    say(number);
    _exit(REFUSED);
}

static inline void
lose(const Attempt *attempt)
{
    if (attempt->wall == WALL_NO_LANDLOCK && do_without(LACKS_LANDLOCK) != 0)
        _exit(BROKEN);
    for (guint i = 0; i < G_N_ELEMENTS(attempt->lacks); i++)
        if (attempt->lacks[i].call != 0 && do_without(attempt->lacks[i]) != 0)
            _exit(BROKEN);
}

/* Writes the status of its child to result. */
static inline void G_GNUC_NORETURN
be_server(const Attempt *attempt, int answer, int result)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < ANSWER_FD; fd++)
#ifdef SP_SANITIZED /* they report there */
        if (fd != STDERR_FILENO)
#endif
            dup2(null, fd);
    gboolean locks = attempt->wall == WALL_LOCK || attempt->wall == WALL_NO_LANDLOCK;
    lose(attempt);
    if (locks)
        sp_lock_server();
    else
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (locks)
        sp_lock_prepare(attempt->kind, ANSWER_FD);
    pid_t child = fork();
    if (child == 0)
        be_child(attempt, answer);
    int status = 0;
    waitpid(child, &status, 0);
    _exit(write(result, &status, sizeof status) == sizeof status ? 0 : BROKEN);
}

static inline Ending
make_attempt(const Attempt *attempt)
{
    Ending ending = {.status = 0};
    int pair[2], pipes[2], status = 0;
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
    g_assert_cmpint(pipe2(pipes, O_CLOEXEC), ==, 0);
    pid_t server = fork();
    if (server == 0)
        be_server(attempt, pair[1], pipes[1]);
    close(pair[1]);
    close(pipes[1]);
    ssize_t n = recv(pair[0], ending.said, sizeof ending.said - 1, 0);
    ending.said[MAX(n, 0)] = '\0';
    if (n > 0) { /* the rest: it may say one thing */
        char more[80];
        while (recv(pair[0], more, sizeof more, 0) > 0)
            ending.said_more = TRUE;
    }
    g_assert_cmpint(read(pipes[0], &ending.status, sizeof ending.status), ==,
                    sizeof ending.status);
    waitpid(server, &status, 0);
    g_assert_cmpint(status, ==, 0);
    close(pair[0]);
    close(pipes[0]);
    return ending;
}

static inline gboolean
exited_with(const Ending *ending, int code)
{
    return WIFEXITED(ending->status) && WEXITSTATUS(ending->status) == code;
}

/* A forbidden call, reported by its name: that is what a handler says before it leaves. */
static inline gboolean
was_reported(const Ending *ending, const char *call)
{
    return exited_with(ending, 0) && !ending->said_more && g_str_equal(ending->said, call);
}

static inline char *
describe(const Ending *ending)
{
    return g_strdup_printf(
        "status 0x%x (40 refused, 41 done, 42 no lock, 43 broken), said '%s'",
        (guint)ending->status, ending->said);
}

/* Of the attempt `name`, made `where`: "behind the lock". */
static inline void
complain_unless(gboolean good, const char *name, const char *where, const Ending *ending)
{
    if (good)
        return;
    g_autofree char *text = describe(ending);
    g_test_message("%s, %s: %s", name, where, text);
    g_test_fail();
}

#endif
