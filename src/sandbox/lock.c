/* SPDX-License-Identifier: MIT */
/* lock.c -- the lock, part by part, in the order that DESIGN calls the design.
 *
 * Limits of the kernel, no new privileges, Landlock, seccomp; each would do for most attacks,
 * and each has seen holes. Required are all but Landlock, which a kernel may not have; where it
 * is there and fails, nothing is rendered.
 *
 * Limits come first, since seccomp forbids to set them; that of descriptors after Landlock,
 * which needs some. Under sanitizers there is none of memory or threads: theirs would count. */
#include "sandbox/lock.h"
#include "base/error.h"
#include "sandbox/landlock.h"
#include <errno.h>
#include <link.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEASURE ((guint64)64 << 10) /* bytes; how closely memory is measured */
#define MORE_THREADS 2048 /* and processes, than there are on the whole host as we lock */
#define STACK_BYTES ((guint64)8 << 20) /* the main thread's: what is usual */

static struct {
    GError *unready; /* owned; why no child can be locked */
    SpCalls *calls;  /* owned */
    void (*report)(const char *call);
    guint64 data; /* bytes of RLIMIT_DATA's kind; of the server, then when the lock closed, with
                     what the input may take yet */
    gboolean limited;  /* memory is */
    gboolean expected; /* sp_lock_expect() was called */
} lock;

/* ---- limits ------------------------------------------------------------------------------
 */

static gboolean
set_limit(__rlimit_resource_t resource, guint64 value, GError **error)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) == 0) {
        limit.rlim_max = MIN(limit.rlim_max, value);
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(resource, &limit) == 0)
            return TRUE;
    }
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot limit a process");
}

#ifdef SP_SANITIZED

static gboolean
limit_memory(const SpLockTerms *terms G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

gboolean
sp_lock_expect(guint64 memory G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

static gboolean
limit_threads(GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

static void
measure_server(void)
{
}

#else

static gboolean
set_soft_data(guint64 bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0)
        return FALSE;
    limit.rlim_cur = MIN(bytes, limit.rlim_max);
    return setrlimit(RLIMIT_DATA, &limit) == 0;
}

/* Could so many bytes be mapped now, whatever limits there are? Nothing is touched. */
static gboolean
memory_fits(guint64 bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start != MAP_FAILED && munmap(start, bytes) == 0;
}

/* What counts against RLIMIT_DATA now, give or take MEASURE: the lowest limit that lets one
 * page more be mapped. So no /proc is needed. At least *bytes, from where it looks upwards: in
 * a child, what its server has. */
static gboolean
measure_data(guint64 *bytes)
{
    guint64 low = *bytes, step = MEASURE, page = (guint64)getpagesize();
    for (;; low += step, step *= 2) {
        if (step > MEASURE << 30 || !set_soft_data(low + step))
            return FALSE;
        if (memory_fits(page))
            break;
    }
    while (step > MEASURE) {
        step /= 2;
        if (!set_soft_data(low + step))
            return FALSE;
        if (!memory_fits(page))
            low += step;
    }
    *bytes = low + MEASURE;
    return TRUE;
}

/* So that a child need not look so far. */
static void
measure_server(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) == 0) {
        (void)!measure_data(&lock.data);
        (void)!setrlimit(RLIMIT_DATA, &limit);
    }
}

/* A limit that we were started with (or memory that the host has not) is not the upload's
 * fault: a decoder would call it too large, or corrupt. */
static gboolean
short_of_memory(GError **error)
{
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, ENOMEM,
                          "this host gives a renderer too little memory");
}

static gboolean
limit_memory(const SpLockTerms *terms, GError **error)
{
    if (!set_limit(RLIMIT_STACK, STACK_BYTES, error)) /* counts apart, and may be without */
        return FALSE;
    if (terms->max_memory == 0)
        return TRUE;
    if (!measure_data(&lock.data))
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot limit memory");
    lock.limited = TRUE;
    lock.data += terms->max_input;
    return set_limit(RLIMIT_DATA, lock.data + terms->max_memory + SP_LOCK_SLACK, error) &&
           (memory_fits(SP_LOCK_SLACK) || short_of_memory(error));
}

gboolean
sp_lock_expect(guint64 memory, GError **error)
{
    if (!lock.limited)
        return TRUE;
    /* Later, part of it is taken already. */
    if (!lock.expected && memory > 0 && !memory_fits(memory))
        return short_of_memory(error);
    lock.expected = TRUE;
    guint64 limit = lock.data + memory + SP_LOCK_SLACK;
    struct rlimit most;
    if (getrlimit(RLIMIT_DATA, &most) == 0 && most.rlim_max < limit)
        return short_of_memory(error);
    (void)set_soft_data(limit);
    return TRUE;
}

static int
leave(void *data G_GNUC_UNUSED)
{
    return 0;
}

/* Is there room for one process more? It runs in our memory, and costs but a few calls. */
static gboolean
process_fits(void)
{
    static char stack[4096] __attribute__((aligned(16)));
    pid_t pid = clone(leave, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

/* Threads are no memory of ours, but a host has only so many numbers for them. All that our
 * user has count; what the kernel tells is the sum over all users, and of that 16 bits. So
 * where the limit that follows leaves no room, it is not set. root has none. */
static gboolean
limit_threads(GError **error)
{
    struct sysinfo about;
    struct rlimit before;
    if (geteuid() == 0)
        return TRUE;
    if (sysinfo(&about) != 0 || getrlimit(RLIMIT_NPROC, &before) != 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot limit threads");
    struct rlimit limit = before;
    limit.rlim_cur = MIN(limit.rlim_cur, (rlim_t)about.procs + MORE_THREADS);
    if (setrlimit(RLIMIT_NPROC, &limit) == 0 && process_fits())
        return set_limit(RLIMIT_NPROC, limit.rlim_cur, error);
    (void)!setrlimit(RLIMIT_NPROC, &before);
    return TRUE;
}
#endif

/* ---- in the fork server ------------------------------------------------------------------
 */

/* A root without capabilities can still do whatever files let their owner do; but raise no
 * limit and trace nobody. */
static gboolean
drop_capabilities(GError **error)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0 ||
           sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot drop capabilities");
}

/* Where a loaded library lies, others may: modules, and what they need. */
static int
add_folder(struct dl_phdr_info *info, gsize size G_GNUC_UNUSED, void *data)
{
    g_autofree char *path = realpath(info->dlpi_name, NULL); /* "" is the program */
    g_autofree char *folder = path != NULL ? g_path_get_dirname(path) : NULL;
    if (folder != NULL && strcmp(folder, "/") != 0 &&
        !g_ptr_array_find_with_equal_func(data, folder, g_str_equal, NULL))
        g_ptr_array_add(data, g_steal_pointer(&folder));
    return 0;
}

static GPtrArray *
list_readable(void)
{
    static const char *const usual[] = {
        "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache",
#ifdef SP_SANITIZED /* they look for their thread's stack */
        "/proc",
#endif
    };
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(usual); i++)
        g_ptr_array_add(paths, g_strdup(usual[i]));
    dl_iterate_phdr(add_folder, paths);
    g_ptr_array_add(paths, NULL);
    return paths;
}

/* Of threads that libraries start: each stack counts as memory, used or not. */
static void
set_default_stack(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SP_LOCK_THREAD_STACK);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

void
sp_lock_server(void)
{
    set_default_stack();
    g_autoptr(GPtrArray) readable = list_readable();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        sp_throw_errno(&lock.unready, SP_ERROR_CANNOT_SEAL, errno, "cannot give up privileges");
    else if (drop_capabilities(&lock.unready) && sp_landlock_abi() > 0)
        (void)!sp_landlock_restrict((const char *const *)readable->pdata, &lock.unready);
}

void
sp_lock_prepare(SpCallsKind kind, int socket)
{
    if (lock.unready == NULL)
        lock.calls = sp_calls_new(kind, socket, &lock.unready);
    measure_server();
}

/* ---- in the child ------------------------------------------------------------------------
 */

/* Threads of a decoder do the same at the same time: there is one report. */
static void
on_forbidden_call(int number G_GNUC_UNUSED, siginfo_t *info, void *context G_GNUC_UNUSED)
{
    static atomic_flag reported = ATOMIC_FLAG_INIT;
    while (atomic_flag_test_and_set(&reported))
        sched_yield(); /* until the first one ends us all */
    lock.report(sp_calls_name(lock.calls, info->si_syscall));
    _exit(0);
}

static gboolean
catch_forbidden_calls(void (*report)(const char *call), GError **error)
{
    lock.report = report;
    struct sigaction action = {.sa_sigaction = on_forbidden_call, .sa_flags = SA_SIGINFO};
    sigfillset(&action.sa_mask);
    return sigaction(SIGSYS, &action, NULL) == 0 ||
           sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot watch for calls");
}

static gboolean
give_up_privileges(GError **error)
{
    return (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
            prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) ||
           sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot give up privileges");
}

static gboolean
close_landlock(gboolean required, GError **error)
{
    static const char *const nothing[] = {NULL};
    if (sp_landlock_abi() > 0)
        return sp_landlock_restrict(nothing, error);
    return !required || sp_throw(error, SP_ERROR_CANNOT_SEAL,
                                 "this kernel has no Landlock (limits.require-landlock)");
}

gboolean
sp_lock_close(const SpLockTerms *terms, GError **error)
{
    g_return_val_if_fail(lock.unready != NULL || lock.calls != NULL, FALSE);
    if (lock.unready != NULL) {
        g_propagate_error(error, g_error_copy(lock.unready));
        return FALSE;
    }
    return limit_threads(error) && limit_memory(terms, error) &&
           set_limit(RLIMIT_FSIZE, 0, error) && set_limit(RLIMIT_CORE, 0, error) &&
           give_up_privileges(error) && close_landlock(terms->require_landlock, error) &&
           set_limit(RLIMIT_NOFILE, terms->max_fds, error) &&
           catch_forbidden_calls(terms->report, error) &&
           sp_calls_restrict(lock.calls, terms->input > 0 ? terms->input : -1, error);
}
