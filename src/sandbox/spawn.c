/* SPDX-License-Identifier: MIT */
/* spawn.c -- starting a renderer from inside somebody else's process.
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
    int control, null;
    int failed; /* written by the child: errno of what went wrong, 0 when it runs */
} Plan;

static int IN_HOST_MEMORY
become_renderer(void *data)
{
    Plan *plan = data;
    /* All bytes 0 are SIG_DFL with no flags, and an empty mask. libc's sigaction() would leave
     * out its own two signals. */
    static const long zeros[16];
    for (int i = 1; i <= N_SIGNALS; i++)
        syscall(SYS_rt_sigaction, i, zeros, NULL, SIGSET_BYTES);
    syscall(SYS_setsid); /* Ctrl-C is for the supervisor, which ends us in its own way */
    gboolean ready = syscall(SYS_dup3, plan->null, STDIN_FILENO, 0) >= 0 &&
                     syscall(SYS_dup3, plan->null, STDOUT_FILENO, 0) >= 0 &&
#ifndef SP_SANITIZED /* a sanitizer must be able to report */
                     syscall(SYS_dup3, plan->null, STDERR_FILENO, 0) >= 0 &&
#endif
                     syscall(SYS_dup3, plan->control, SP_WIRE_CONTROL_FD, 0) >= 0 &&
                     syscall(SYS_close_range, SP_WIRE_CONTROL_FD + 1, ~0U, 0) >= 0 &&
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
    int pid = clone(become_renderer, (char *)stack + CHILD_STACK,
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
    return fcntl(fd, F_DUPFD_CLOEXEC, SP_WIRE_CONTROL_FD + 1);
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
    g_auto(SpFd) null = open("/dev/null", O_RDWR | O_CLOEXEC);
    g_auto(SpFd) null_high = null < 0 ? -1 : lift(null);
    if (control < 0 || null_high < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                              "cannot open what a renderer needs");
    g_autofree char *name = g_path_get_basename(path);
    char *argv[] = {name, (char *)argument, NULL};
    g_autoptr(GPtrArray) env = make_environment();
    Plan plan = {path, argv, (char *const *)env->pdata, control, null_high, 0};
    g_auto(SpFd) pidfd = launch(&plan);
    if (pidfd < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot start a process");
    if (plan.failed != 0) {
        sp_spawn_reap(pidfd, -1);
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, plan.failed,
                              "cannot start renderer '%s'", path);
    }
    *ret_control = sp_fd_steal(&ours);
    *ret_pidfd = sp_fd_steal(&pidfd);
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
    siginfo_t info;
    waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG); /* ECHILD: the host was first */
    return TRUE;
}
