/* SPDX-License-Identifier: MIT */
/* spawn.c -- starting a sealed program from inside somebody else's process.
 *
 * The host may have any number of threads, reap every child that it sees, or ignore SIGCHLD:
 * then a pid may mean another process before fork() has even returned here. So the pidfd must
 * come from the same call as the process: clone() with CLONE_PIDFD. With it go CLONE_VM and
 * CLONE_VFORK, as in glibc's posix_spawn(): nothing of the host's memory is copied, the calling
 * thread sleeps until the exec, no lock can be found held by a thread that is not there, and a
 * failed exec is told through memory. (posix_spawn() itself gives no pidfd.)
 *
 * The price: until the exec the child runs in the host's memory. It makes system calls, and
 * those directly: no libc function that remembers anything, no GLib, no allocation, no handler
 * of the host's (all signals are blocked until every one has its default action). */
#include "sandbox/spawn.h"
#include "base/error.h"
#include "base/memfd.h"
#include "sandbox/wire.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_STACK ((gsize)64 * 1024)
#define MOST_FDS (SP_WIRE_CONTROL_FD + 1)
#define N_SIGNALS 64                 /* the kernel's _NSIG */
#define SIGSET_BYTES (N_SIGNALS / 8) /* what rt_sig*() want as sigsetsize */

#ifdef SP_SANITIZED
/* The thread sanitizer wraps clone() as if it always copied memory, and then would forbid the
 * host to start threads. libc's other name for it is not wrapped. */
int __clone(int (*run)(void *), void *stack, int flags, void *data, ...); /* NOLINT */
#define clone __clone
#endif

/* Sanitizers know one stack a thread; the child's is another. */
#define IN_HOST_MEMORY __attribute__((no_sanitize("address", "thread", "undefined")))

typedef struct {
    const char *path;
    char *const *argv;
    char *const *envp;
    int fds[MOST_FDS]; /* what becomes descriptor 0, 1, ...; above all of these, or -1: it stays
                        */
    int n_fds;         /* nothing else is open */
    int failed;        /* written by the child: errno of what went wrong, 0 when it runs */
} Plan;

static int IN_HOST_MEMORY
become_program(void *data)
{
    Plan *plan = data;
    /* All bytes 0 are SIG_DFL with no flags, and an empty mask. libc's sigaction() would leave
     * out its own two signals. */
    static const long zeros[16];
    for (int i = 1; i <= N_SIGNALS; i++)
        syscall(SYS_rt_sigaction, i, zeros, NULL, SIGSET_BYTES);
    syscall(SYS_setsid); /* Ctrl-C is for the supervisor, which ends us in its own way */
    gboolean ready = TRUE;
    for (int i = 0; ready && i < plan->n_fds; i++)
        ready = plan->fds[i] < 0 || syscall(SYS_dup3, plan->fds[i], i, 0) >= 0;
    ready = ready && syscall(SYS_close_range, plan->n_fds, ~0U, 0) >= 0 &&
            syscall(SYS_rt_sigprocmask, SIG_SETMASK, zeros, NULL, SIGSET_BYTES) >= 0;
    if (ready)
        execve(plan->path, plan->argv, plan->envp);
    plan->failed = errno;
    return 127; /* clone() ends the process with it; even _exit() may be somebody's wrapper */
}

/* The process, with all signals blocked in this thread meanwhile. Returns a pidfd, or -1 with
 * errno. */
static int
launch(Plan *plan)
{
    void *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return -1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int pidfd = -1;
    int pid = clone(become_program, (char *)stack + CHILD_STACK,
                    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, plan, &pidfd);
    int err = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, CHILD_STACK);
    errno = err;
    return pid < 0 ? -1 : pidfd;
}

/* A copy of fd that lies above the numbers that the child fills. */
static int
lift(int fd)
{
    return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, MOST_FDS);
}

static int
open_null(void)
{
    g_auto(SpFd) null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return lift(null);
}

/* The renderer's environment: nothing of the host's, and two settings of our own that make its
 * children cheaper. Functions are looked up once, in the server, and not by each child anew;
 * and a child's heap grows in large steps, and in huge pages where the kernel has them: each
 * small page would be one more fault. What malloc() takes ahead of need is within
 * SP_LOCK_SLACK. (Measured by `make seal-cost`: a third of what a child costs.) */
static GPtrArray *
make_environment(void)
{
    static const char *const ours[] = {
        "LD_BIND_NOW=1",
        "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:"
        "glibc.malloc.top_pad=8388608:glibc.malloc.mmap_threshold=4194304",
    };
    GPtrArray *env = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
        g_ptr_array_add(env, g_strdup(ours[i]));
#ifdef SP_SANITIZED
    static const char *const kept[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                                       "TSAN_OPTIONS"};
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
        const char *value = g_getenv(kept[i]);
        if (value != NULL)
            g_ptr_array_add(env, g_strdup_printf("%s=%s", kept[i], value));
    }
#endif
    g_ptr_array_add(env, NULL);
    return env;
}

/* Run the program with these descriptors, n_fds of them. Returns a pidfd, or -1. */
static int
start(const char *path, const char *argument, const int *fds, int n_fds, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    char *argv[] = {name, (char *)argument, NULL};
    g_autoptr(GPtrArray) env = make_environment();
    Plan plan = {.path = path, .argv = argv, .envp = (char *const *)env->pdata, .n_fds = n_fds};
    memcpy(plan.fds, fds, sizeof *fds * (gsize)n_fds);
    g_auto(SpFd) pidfd = launch(&plan);
    if (pidfd < 0) {
        sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot start a process");
        return -1;
    }
    if (plan.failed != 0) {
        sp_spawn_reap(pidfd, -1);
        sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, plan.failed, "cannot start renderer '%s'",
                       path);
        return -1;
    }
    return sp_fd_steal(&pidfd);
}

#ifdef SP_SANITIZED
#define STDERR_OF(null) (-1) /* a sanitizer must be able to report */
#else
#define STDERR_OF(null) (null)
#endif

static gboolean
cannot_open(GError **error)
{
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                          "cannot open what a renderer needs");
}

gboolean
sp_spawn(const char *path, const char *argument, int *ret_control, int *ret_pidfd,
         GError **error)
{
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make a socket");
    g_auto(SpFd) ours = pair[0];
    g_auto(SpFd) theirs = pair[1];
    g_auto(SpFd) control = lift(theirs);
    g_auto(SpFd) null = open_null();
    if (control < 0 || null < 0)
        return cannot_open(error);
    const int fds[] = {null, null, STDERR_OF(null), control};
    G_STATIC_ASSERT(G_N_ELEMENTS(fds) == SP_WIRE_CONTROL_FD + 1);
    int pidfd = start(path, argument, fds, G_N_ELEMENTS(fds), error);
    if (pidfd < 0)
        return FALSE;
    *ret_control = sp_fd_steal(&ours);
    *ret_pidfd = pidfd;
    return TRUE;
}

gboolean
sp_spawn_filter(const char *path, int input, int *ret_output, int *ret_pidfd, GError **error)
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make a pipe");
    g_auto(SpFd) ours = ends[0];
    g_auto(SpFd) theirs = ends[1];
    g_auto(SpFd) output = lift(theirs);
    g_auto(SpFd) input_high = lift(input);
    g_auto(SpFd) null = open_null();
    if (output < 0 || input_high < 0 || null < 0)
        return cannot_open(error);
    const int fds[] = {input_high, output, STDERR_OF(null)};
    int pidfd = start(path, NULL, fds, G_N_ELEMENTS(fds), error);
    if (pidfd < 0)
        return FALSE;
    *ret_output = sp_fd_steal(&ours);
    *ret_pidfd = pidfd;
    return TRUE;
}

void
sp_spawn_kill(int pidfd)
{
    pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
}

gboolean
sp_spawn_reap(int pidfd, int timeout_ms)
{
    int number = 0;
    return sp_spawn_reap_signal(pidfd, timeout_ms, &number);
}

gboolean
sp_spawn_reap_signal(int pidfd, int timeout_ms, int *ret_signal)
{
    struct pollfd end = {.fd = pidfd, .events = POLLIN};
    gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
    gint64 left_us = 0;
    int ready = 0;
    do { /* with signals without end, too */
        left_us = MAX(deadline - g_get_monotonic_time(), 0);
        ready = poll(&end, 1, timeout_ms < 0 ? -1 : (int)((left_us + 999) / 1000));
    } while (ready < 0 && errno == EINTR && (timeout_ms < 0 || left_us > 0));
    if (ready <= 0)
        return FALSE;
    siginfo_t info = {.si_code = CLD_EXITED};
    waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG); /* ECHILD: the host was first */
    *ret_signal = info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED ? info.si_status : 0;
    return TRUE;
}
