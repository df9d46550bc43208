/* SPDX-License-Identifier: MIT */
/* test-lock-calls.c -- every number of a system call, with nothing for arguments: allowed are
 * exactly those that stand here by name, and some fail quietly; the rest ends the child.
 *
 * Whoever allows one call more adds it here, and so says it twice. */
#include "lock-scene.h"
#include <seccomp.h>

#define N_CALLS 512

/* With all arguments 0. */
static const char *const allowed[] = {
    "brk",
    "clock_gettime",
    "close",
    "exit",
    "exit_group",
    "futex",
    "getpid",
    "getrandom",
    "gettid",
    "gettimeofday",
    "munmap",
    "restart_syscall",
    "rseq",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sched_getaffinity",
    "sched_yield",
    "set_robust_list",
    "sysinfo",
};

static const char *const inspector_allowed[] = {"fstat", "pread64"};

/* It reads standard input, which is descriptor 0, and has no threads. */
static const char *const filter_allowed[] = {"read"};
static const char *const filter_lacks[] = {"rseq", "sched_getaffinity", "sched_yield",
                                           "set_robust_list"};

#ifdef SP_SANITIZED
static const char *const sanitized_allowed[] = {"prlimit64", "sigaltstack", "write"};
#endif

/* Allowed with the right arguments alone; test-lock.c has the wrong ones, test-lock-work.c the
 * right ones: clone, mmap, mprotect, poll, prlimit64, recvmsg, sendto, tgkill, write. */

static const struct {
    const char *call;
    int fails_with;
} quiet[] = {
    {"access", ENOENT},        {"clone3", ENOSYS},     {"faccessat", ENOENT},
    {"faccessat2", ENOENT},    {"fcntl", EBADF},       {"ioctl", ENOTTY},
    {"lseek", EBADF},          {"lstat", ENOENT},      {"madvise", EINVAL},
    {"mremap", ENOMEM},        {"newfstatat", ENOENT}, {"open", ENOENT},
    {"openat", ENOENT},        {"openat2", ENOENT},    {"read", EBADF},
    {"readlink", ENOENT},      {"readlinkat", ENOENT}, {"sched_getattr", ENOSYS},
    {"sched_setattr", ENOSYS}, {"stat", ENOENT},       {"statx", ENOENT},
    {"uname", ENOSYS},
#ifndef SP_SANITIZED
    {"write", EBADF},
#endif
    {"writev", EBADF},
};

/* The kernel lets these pass by any filter, since 6.14 and 6.18 (x86), and refuses them to
 * whoever does not come from where it has planted a probe itself. */
static const char *const by_probes_alone[] = {"uretprobe", "uprobe", "call 335", "call 336"};

static long current; /* call, in the child */

static long
make_call(void)
{
    return syscall(current, 0, 0, 0, 0, 0, 0);
}

static gboolean
is_among(const char *name, const char *const *names, guint n)
{
    for (guint i = 0; i < n; i++)
        if (g_str_equal(name, names[i]))
            return TRUE;
    return FALSE;
}

static gboolean
is_allowed(const char *name, SpCallsKind kind)
{
#ifdef SP_SANITIZED
    if (is_among(name, sanitized_allowed, G_N_ELEMENTS(sanitized_allowed)))
        return TRUE;
#endif
    if (kind == SP_CALLS_FILTER &&
        (is_among(name, filter_lacks, G_N_ELEMENTS(filter_lacks)) ||
         is_among(name, filter_allowed, G_N_ELEMENTS(filter_allowed))))
        return is_among(name, filter_allowed, G_N_ELEMENTS(filter_allowed));
    return is_among(name, allowed, G_N_ELEMENTS(allowed)) ||
           (kind == SP_CALLS_INSPECTOR &&
            is_among(name, inspector_allowed, G_N_ELEMENTS(inspector_allowed)));
}

/* 0: not quietly. */
static int
fails_quietly(const char *name, SpCallsKind kind)
{
    if (is_allowed(name, kind))
        return 0;
    for (guint i = 0; i < G_N_ELEMENTS(quiet); i++)
        if (g_str_equal(name, quiet[i].call))
            return quiet[i].fails_with;
    return 0;
}

static gboolean
is_as_it_should(const Ending *ending, const char *name, SpCallsKind kind)
{
    int fail = fails_quietly(name, kind);
    if (fail != 0)
        return exited_with(ending, REFUSED) && atoi(ending->said) == fail;
    if (is_among(name, by_probes_alone, G_N_ELEMENTS(by_probes_alone)))
        return !exited_with(ending, DONE);
    if (!is_allowed(name, kind))
        return was_reported(ending, name);
    if (g_str_equal(name, "rt_sigreturn")) /* to nowhere */
        return !exited_with(ending, DONE); /* a sanitizer makes an exit of the signal */
    if (g_str_has_prefix(name, "exit"))
        return ending->status == 0 && *ending->said == '\0';
    return exited_with(ending, DONE) || exited_with(ending, REFUSED);
}

static void
test_all_calls(gconstpointer data)
{
    SpCallsKind kind = (SpCallsKind)GPOINTER_TO_INT(data);
    for (current = 0; current < N_CALLS; current++) {
        char *known = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)current);
        g_autofree char *name =
            known != NULL ? g_strdup(known) : g_strdup_printf("call %ld", current);
        free(known);
        const Attempt attempt = {.kind = kind, .act = make_call};
        Ending ending = make_attempt(&attempt);
        if (is_as_it_should(&ending, name, kind))
            continue;
        g_autofree char *text = describe(&ending);
        g_test_message("%s: %s", name, text);
        g_test_fail();
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    outside_init();
    g_test_add_data_func("/lock/calls-of-renderer", GINT_TO_POINTER(SP_CALLS_RENDERER),
                         test_all_calls);
    g_test_add_data_func("/lock/calls-of-inspector", GINT_TO_POINTER(SP_CALLS_INSPECTOR),
                         test_all_calls);
    g_test_add_data_func("/lock/calls-of-filter", GINT_TO_POINTER(SP_CALLS_FILTER),
                         test_all_calls);
    int status = g_test_run();
    outside_clear();
    return status;
}
