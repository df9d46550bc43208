/* SPDX-License-Identifier: MIT */
/* calls.c -- the system calls that a locked child may make, by seccomp.
 *
 * Three classes. What the work takes is allowed, narrowed by its arguments: memory without
 * code and shared with nobody, threads but no processes, one socket. What libraries ask for in
 * passing, and do without, fails quietly, as if the thing were not there. Everything else
 * raises SIGSYS, and the supervisor is told which call it was: the default, so that a call that
 * a kernel gets next year is forbidden too.
 *
 * libseccomp makes the filter, once, in the fork server; only the child's own number, without
 * which no abort() can be told from an attack on others, is put in by the child, and what it
 * takes to read an upload that still arrives.
 *
 * Numbers are compared in all their 64 bits, and only by what is allowed: the kernel takes most
 * arguments for 32 bits, and whoever forbids one value forgets those that look like it.
 *
 * A library that needs a new call, after a test has named it: a line in the first table where
 * it can do no harm, else one in the second. */
#include "sandbox/calls.h"
#include "base/error.h"
#include "base/memfd.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define N_NAMES 512 /* calls have lower numbers, as yet */

/* Stand in the tables, and in the filter until it is used, for what is not known before. The
 * high half of a number is never that of a process, nor of a descriptor. */
#define OWN_PID 0x70000001u
#define SOCKET 0x70000002u
/* And for what there is only with a pipe to read; of a child without one they stay, and the
 * kernel knows no such descriptor, number of descriptors, or timer. */
#define INPUT 0x70000003u
#define ONE_INPUT 0x70000004u
#define WORK_TIMER 0x70000005u

/* What may be asked beside. Not MAP_LOCKED nor MAP_HUGETLB: the host has little of those. */
#define ANONYMOUS_MEMORY                                                                       \
    {                                                                                          \
        3, SCMP_CMP_MASKED_EQ, ~(guint64)(MAP_FIXED | MAP_NORESERVE | MAP_STACK),              \
            MAP_PRIVATE | MAP_ANONYMOUS                                                        \
    }
#define FUTEX_FLAGS ((guint64)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))

#define RENDERER (1u << SP_CALLS_RENDERER)
#define INSPECTOR (1u << SP_CALLS_INSPECTOR)
#define FILTER (1u << SP_CALLS_FILTER)
#define BOTH (RENDERER | INSPECTOR)
#define ALL (BOTH | FILTER)

#define CLONE_THREAD_FLAGS /* what pthread_create() asks for, exactly */                       \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

typedef struct {
    int number;
    guint kinds;
    guint n; /* of arguments that are compared */
    struct scmp_arg_cmp arguments[3];
} Allowed;

struct SpCalls {
    struct sock_filter *code; /* owned */
    guint n;
    char *names[N_NAMES]; /* owned */
};

/* clang-format off */
static const Allowed allowed[] = {
    /* memory: private, without a file, never executable, and to be written as long as it is
     * there: else it would not count against its limit */
    {SCMP_SYS(brk), ALL, 0, {{0}}},
    {SCMP_SYS(mmap), ALL, 2, {{2, SCMP_CMP_EQ, PROT_READ | PROT_WRITE, 0}, ANONYMOUS_MEMORY}},
    {SCMP_SYS(mmap), ALL, 2, {{2, SCMP_CMP_EQ, PROT_NONE, 0}, ANONYMOUS_MEMORY}},
    {SCMP_SYS(mprotect), ALL, 1, {{2, SCMP_CMP_EQ, PROT_READ | PROT_WRITE, 0}}},
    {SCMP_SYS(munmap), ALL, 0, {{0}}},
    {SCMP_SYS(madvise), ALL, 1, {{2, SCMP_CMP_EQ, MADV_DONTNEED, 0}}},
    {SCMP_SYS(madvise), ALL, 1, {{2, SCMP_CMP_EQ, MADV_FREE, 0}}},
    {SCMP_SYS(madvise), ALL, 1, {{2, SCMP_CMP_EQ, MADV_HUGEPAGE, 0}}}, /* malloc(), see spawn.c */
    /* threads */
    {SCMP_SYS(clone), BOTH, 1, {{0, SCMP_CMP_EQ, CLONE_THREAD_FLAGS, 0}}},
    {SCMP_SYS(futex), ALL, 1, {
        {1, SCMP_CMP_MASKED_EQ, ~FUTEX_FLAGS & ~(guint64)FUTEX_WAKE, FUTEX_WAIT}}},
    {SCMP_SYS(futex), ALL, 1, {{1, SCMP_CMP_MASKED_EQ, ~FUTEX_FLAGS, FUTEX_WAIT_BITSET}}},
    {SCMP_SYS(set_robust_list), BOTH, 0, {{0}}},
    {SCMP_SYS(rseq), BOTH, 0, {{0}}},
    {SCMP_SYS(sched_yield), BOTH, 0, {{0}}},
    {SCMP_SYS(sched_getaffinity), BOTH, 0, {{0}}}, /* of a thread; whose, none of us can say */
    {SCMP_SYS(exit), ALL, 0, {{0}}},
    {SCMP_SYS(exit_group), ALL, 0, {{0}}},
    /* signals: abort(), and the handler of SIGSYS stays ours */
    {SCMP_SYS(tgkill), ALL, 1, {{0, SCMP_CMP_EQ, OWN_PID, 0}}},
    {SCMP_SYS(rt_sigaction), ALL, 1, {{0, SCMP_CMP_LT, SIGSYS, 0}}},
    {SCMP_SYS(rt_sigaction), ALL, 1, {{0, SCMP_CMP_MASKED_EQ, ~(guint64)31, 32}}},
    {SCMP_SYS(rt_sigprocmask), ALL, 0, {{0}}},
    {SCMP_SYS(rt_sigreturn), ALL, 0, {{0}}},
    {SCMP_SYS(restart_syscall), ALL, 0, {{0}}},
    /* who and when */
    {SCMP_SYS(getpid), ALL, 0, {{0}}},
    {SCMP_SYS(gettid), ALL, 0, {{0}}},
    {SCMP_SYS(clock_gettime), ALL, 1, {{0, SCMP_CMP_LE, CLOCK_TAI, 0}}}, /* not a process's */
    {SCMP_SYS(gettimeofday), ALL, 0, {{0}}},
    {SCMP_SYS(getrandom), ALL, 0, {{0}}},
    {SCMP_SYS(sysinfo), ALL, 0, {{0}}}, /* qsort() believes what it says even when it fails */
    /* sp_lock_expect() */
    {SCMP_SYS(prlimit64), BOTH, 2, {
        {0, SCMP_CMP_EQ, 0, 0}, {1, SCMP_CMP_EQ, RLIMIT_DATA, 0}}},
    /* the answer; addressed to nobody but the other end */
    {SCMP_SYS(sendto), BOTH, 3, {
        {0, SCMP_CMP_EQ, SOCKET, 0}, {3, SCMP_CMP_EQ, MSG_NOSIGNAL, 0}, {4, SCMP_CMP_EQ, 0, 0}}},
    /* the input, where it is a pipe; sandbox/arrival.c */
    {SCMP_SYS(read), RENDERER, 1, {{0, SCMP_CMP_EQ, INPUT, 0}}},
    {SCMP_SYS(poll), RENDERER, 1, {{1, SCMP_CMP_EQ, ONE_INPUT, 0}}},
    {SCMP_SYS(ppoll), RENDERER, 2, {{1, SCMP_CMP_EQ, ONE_INPUT, 0}, {3, SCMP_CMP_EQ, 0, 0}}},
    {SCMP_SYS(setitimer), RENDERER, 1, {{0, SCMP_CMP_EQ, WORK_TIMER, 0}}},
    /* from one stream to another */
    {SCMP_SYS(read), FILTER, 1, {{0, SCMP_CMP_EQ, STDIN_FILENO, 0}}},
    {SCMP_SYS(poll), FILTER, 1, {{1, SCMP_CMP_EQ, 1, 0}}},
    {SCMP_SYS(ppoll), FILTER, 2, {{1, SCMP_CMP_EQ, 1, 0}, {3, SCMP_CMP_EQ, 0, 0}}},
#ifndef SP_SANITIZED
    {SCMP_SYS(write), FILTER, 1, {{0, SCMP_CMP_EQ, SOCKET, 0}}},
#endif
    /* files, one at a time */
    {SCMP_SYS(close), ALL, 0, {{0}}},
    {SCMP_SYS(recvmsg), INSPECTOR, 1, {{0, SCMP_CMP_EQ, SOCKET, 0}}},
    {SCMP_SYS(fstat), INSPECTOR, 0, {{0}}},
    {SCMP_SYS(pread64), INSPECTOR, 0, {{0}}},
#ifdef SP_SANITIZED /* what their reports take */
    {SCMP_SYS(write), ALL, 0, {{0}}},
    {SCMP_SYS(sigaltstack), ALL, 0, {{0}}},
    {SCMP_SYS(prlimit64), ALL, 2, {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_EQ, 0, 0}}},
#endif
};

/* fail: the errno that says so. kinds: 0 is all. */
static const struct {
    int number, fail;
    guint kinds;
} refused[] = {
    {SCMP_SYS(open), ENOENT}, {SCMP_SYS(openat), ENOENT}, {SCMP_SYS(openat2), ENOENT},
    {SCMP_SYS(stat), ENOENT}, {SCMP_SYS(lstat), ENOENT}, {SCMP_SYS(newfstatat), ENOENT},
    {SCMP_SYS(statx), ENOENT}, {SCMP_SYS(access), ENOENT}, {SCMP_SYS(faccessat), ENOENT},
    {SCMP_SYS(faccessat2), ENOENT}, {SCMP_SYS(readlink), ENOENT},
    {SCMP_SYS(readlinkat), ENOENT},
    {SCMP_SYS(lseek), EBADF}, {SCMP_SYS(fcntl), EBADF},
#ifndef SP_SANITIZED
    {SCMP_SYS(write), EBADF, BOTH},
#endif
    {SCMP_SYS(writev), EBADF}, {SCMP_SYS(ioctl), ENOTTY},
    {SCMP_SYS(mremap), ENOMEM}, /* then realloc() copies */
    {SCMP_SYS(uname), ENOSYS}, {SCMP_SYS(clone3), ENOSYS}, /* then libc takes clone() */
    {SCMP_SYS(sched_getattr), ENOSYS}, {SCMP_SYS(sched_setattr), ENOSYS},
};
/* clang-format on */

/* ---- making it ---------------------------------------------------------------------------
 */

static int
allow(scmp_filter_ctx filter, const Allowed *call, int socket)
{
    struct scmp_arg_cmp arguments[G_N_ELEMENTS(call->arguments)];
    for (guint i = 0; i < call->n; i++) {
        arguments[i] = call->arguments[i];
        if (arguments[i].datum_a == SOCKET)
            arguments[i].datum_a = (guint64)socket;
    }
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, call->n, arguments);
}

static gboolean
concerns(guint kinds, SpCallsKind kind)
{
    return kinds == 0 || (kinds & (1u << kind)) != 0;
}

/* By one argument. Threads are named in passing; the rest of prctl() raises SIGSYS. Advice on
 * memory is but advice: what is not allowed above is not known here. What is not the input is
 * no open file. */
static int
refuse_some(scmp_filter_ctx filter, SpCallsKind kind, int socket)
{
    const struct {
        int number, fail;
        struct scmp_arg_cmp argument;
        guint kinds; /* 0 is all */
    } some[] = {
        {SCMP_SYS(read), EBADF, {0, SCMP_CMP_NE, INPUT, 0}, BOTH},
        {SCMP_SYS(read), EBADF, {0, SCMP_CMP_NE, STDIN_FILENO, 0}, FILTER},
#ifndef SP_SANITIZED
        {SCMP_SYS(write), EBADF, {0, SCMP_CMP_NE, (guint64)socket, 0}, FILTER},
#endif
        {SCMP_SYS(prctl), EINVAL, {0, SCMP_CMP_EQ, PR_SET_NAME, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_LT, MADV_DONTNEED, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_EQ, MADV_REMOVE, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_EQ, MADV_DONTFORK, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_EQ, MADV_DOFORK, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_EQ, MADV_MERGEABLE, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_EQ, MADV_UNMERGEABLE, 0}},
        {SCMP_SYS(madvise), EINVAL, {2, SCMP_CMP_GT, MADV_HUGEPAGE, 0}},
    };
    int err = 0;
    (void)socket;
    for (guint i = 0; err == 0 && i < G_N_ELEMENTS(some); i++)
        if (concerns(some[i].kinds, kind))
            err = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((guint32)some[i].fail),
                                         some[i].number, 1, &some[i].argument);
    return err;
}

/* 0 or a negative errno. Calls of another architecture's numbering end the process at once. */
static int
fill(scmp_filter_ctx filter, SpCallsKind kind, int socket)
{
    int err = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (err == 0) /* a tree: the kernel runs the filter once for each number as it takes it */
        err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (guint i = 0; err == 0 && i < G_N_ELEMENTS(allowed); i++)
        if ((allowed[i].kinds & (1u << kind)) != 0)
            err = allow(filter, &allowed[i], socket);
    for (guint i = 0; err == 0 && i < G_N_ELEMENTS(refused); i++) {
        guint32 action = SCMP_ACT_ERRNO((guint32)refused[i].fail);
        if (concerns(refused[i].kinds, kind))
            err = seccomp_rule_add_array(filter, action, refused[i].number, 0, NULL);
    }
    return err != 0 ? err : refuse_some(filter, kind, socket);
}

/* The program of filter, by way of a file in memory: libseccomp 2.5 gives it out no other way.
 */
static gboolean
take_code(scmp_filter_ctx filter, SpCalls *calls, GError **error)
{
    g_auto(SpFd) fd = memfd_create("filter", MFD_CLOEXEC);
    int err = fd < 0 ? errno : -seccomp_export_bpf(filter, fd);
    off_t size = err == 0 ? lseek(fd, 0, SEEK_END) : -1;
    if (size > 0) {
        calls->n = (guint)size / sizeof *calls->code;
        calls->code = g_new0(struct sock_filter, calls->n);
        if (pread(fd, calls->code, (gsize)size, 0) == size)
            return TRUE;
    }
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, err != 0 ? err : errno,
                          "cannot make a filter of calls");
}

SpCalls *
sp_calls_new(SpCallsKind kind, int socket, GError **error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    if (filter == NULL)
        return sp_throw_null(error, SP_ERROR_CANNOT_SEAL, "cannot make a filter of calls");
    g_autoptr(SpCalls) calls = g_new0(SpCalls, 1);
    int err = fill(filter, kind, socket);
    gboolean made = err == 0 ? take_code(filter, calls, error)
                             : sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, -err,
                                              "cannot filter system calls (seccomp)");
    seccomp_release(filter);
    for (int i = 0; i < N_NAMES; i++) {
        calls->names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
        if (calls->names[i] == NULL) /* younger than libseccomp */
            calls->names[i] = g_strdup_printf("call %d", i);
    }
    return made ? g_steal_pointer(&calls) : NULL;
}

void
sp_calls_free(SpCalls *calls)
{
    if (calls == NULL)
        return;
    for (guint i = 0; i < N_NAMES; i++)
        free(calls->names[i]); /* malloc() by libseccomp, and by GLib */
    g_free(calls->code);
    g_free(calls);
}

/* ---- using it ----------------------------------------------------------------------------
 */

static void
fill_in(SpCalls *calls, guint32 placeholder, guint32 value)
{
    for (guint i = 0; i < calls->n; i++)
        if (BPF_CLASS(calls->code[i].code) == BPF_JMP && calls->code[i].k == placeholder)
            calls->code[i].k = value;
}

gboolean
sp_calls_restrict(SpCalls *calls, int input, GError **error)
{
    fill_in(calls, OWN_PID, (guint32)getpid());
    if (input >= 0) {
        fill_in(calls, INPUT, (guint32)input);
        fill_in(calls, ONE_INPUT, 1);
        fill_in(calls, WORK_TIMER, ITIMER_REAL);
    }
    struct sock_fprog program = {(unsigned short)calls->n, calls->code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ||
           sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                          "cannot filter system calls (seccomp)");
}

const char *
sp_calls_name(const SpCalls *calls, int number)
{
    gboolean known = number >= 0 && number < N_NAMES;
    return known ? calls->names[number] : "unknown call";
}
