/* SPDX-License-Identifier: MIT */
/* test-lock-input.c -- what a locked child may do with a pipe that its upload comes through:
 * wait for it and read it, and nothing else; and nothing of that without one.
 *
 * The pipe is one that could be written to: a named one may be opened so. */
#include "lock-scene.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>

#define QUIET NULL /* fails as if the thing were not there */
#define MAY "may"
#define AT(object) ((long)&(object))

static char room[64];
static struct pollfd polled[2] = {{INPUT_FD, POLLIN, 0}, {ANSWER_FD, POLLIN, 0}};
static const struct iovec part = {room, 1};
static const struct itimerval no_timer;

typedef struct {
    const char *name;
    const char *call;         /* that is reported; QUIET, MAY */
    const char *call_without; /* the same where the pipe is there but not the input */
    long number;
    long arguments[6];
} Use;

/* clang-format off */
static const Use uses[] = {
    {"read", MAY, QUIET, SYS_read, {INPUT_FD, AT(room), 9}},
    {"read-other", QUIET, QUIET, SYS_read, {0, AT(room), 9}},
    {"read-answer", QUIET, QUIET, SYS_read, {ANSWER_FD, AT(room), 9}},
    {"read-high-half", QUIET, QUIET, SYS_read, {INPUT_FD | 1L << 32, AT(room), 9}},
    {"read-placeholder", QUIET, QUIET, SYS_read, {0x70000003, AT(room), 9}},
    {"readv", "readv", "readv", SYS_readv, {INPUT_FD, AT(part), 1}},
    {"pread64", "pread64", "pread64", SYS_pread64, {INPUT_FD, AT(room), 1, 0}},
    {"recvfrom", "recvfrom", "recvfrom", SYS_recvfrom, {INPUT_FD, AT(room), 1, 0}},
#ifndef SP_SANITIZED
    {"write", QUIET, QUIET, SYS_write, {INPUT_FD, AT(room), 1}},
#endif
    {"writev", QUIET, QUIET, SYS_writev, {INPUT_FD, AT(part), 1}},
    {"pwrite64", "pwrite64", "pwrite64", SYS_pwrite64, {INPUT_FD, AT(room), 1, 0}},
    {"sendto", "sendto", "sendto", SYS_sendto, {INPUT_FD, AT(room), 1, MSG_NOSIGNAL}},
    {"splice", "splice", "splice", SYS_splice, {INPUT_FD, 0, INPUT_FD, 0, 1, 0}},
    {"tee", "tee", "tee", SYS_tee, {INPUT_FD, INPUT_FD, 1, 0}},
    {"vmsplice", "vmsplice", "vmsplice", SYS_vmsplice, {INPUT_FD, AT(part), 1, 0}},
    {"dup", "dup", "dup", SYS_dup, {INPUT_FD}},
    {"fcntl-size", QUIET, QUIET, SYS_fcntl, {INPUT_FD, F_SETPIPE_SZ, 1 << 20}},
    {"fcntl-flags", QUIET, QUIET, SYS_fcntl, {INPUT_FD, F_SETFL, O_ASYNC}},
    {"ioctl", QUIET, QUIET, SYS_ioctl, {INPUT_FD, FIONREAD, AT(room)}},
    {"lseek", QUIET, QUIET, SYS_lseek, {INPUT_FD, 0, SEEK_SET}},
#ifdef __x86_64__
    {"poll", MAY, "poll", SYS_poll, {AT(polled), 1, 0}},
    {"poll-many", "poll", "poll", SYS_poll, {AT(polled), 2, 0}},
    {"poll-none", "poll", "poll", SYS_poll, {0, 0, 0}},
#endif
    {"ppoll", MAY, "ppoll", SYS_ppoll, {AT(polled), 1, AT(no_timer), 0, 8}},
    {"ppoll-mask", "ppoll", "ppoll", SYS_ppoll, {AT(polled), 1, AT(no_timer), AT(room), 8}},
    {"setitimer", MAY, "setitimer", SYS_setitimer, {ITIMER_REAL, AT(no_timer), AT(room)}},
    {"setitimer-other", "setitimer", "setitimer", SYS_setitimer,
     {ITIMER_PROF, AT(no_timer), AT(room)}},
};
/* clang-format on */

static const Use *current; /* in the child */

static long
act(void)
{
    const long *a = current->arguments;
    return syscall(current->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void
expect(const Ending *ending, const char *call, const char *where)
{
    gboolean good = call == QUIET            ? exited_with(ending, REFUSED)
                    : g_str_equal(call, MAY) ? exited_with(ending, DONE)
                                             : was_reported(ending, call);
    complain_unless(good, current->name, where, ending);
}

static void
test_use(gconstpointer data)
{
    current = data;
    Attempt attempt = {
        .terms = {.max_memory = 64 << 20, .max_input = PAGE, .input = INPUT_FD},
        .has_pipe = TRUE,
        .act = act,
    };
    Ending ending = make_attempt(&attempt);
    expect(&ending, current->call, "with a pipe");
    attempt.terms.input = 0;
    ending = make_attempt(&attempt);
    expect(&ending, current->call_without, "with a pipe that is not the input");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    outside_init();
    for (guint i = 0; i < G_N_ELEMENTS(uses); i++) {
        g_autofree char *path = g_strdup_printf("/lock-input/%s", uses[i].name);
        g_test_add_data_func(path, &uses[i], test_use);
    }
    int status = g_test_run();
    outside_clear();
    return status;
}
