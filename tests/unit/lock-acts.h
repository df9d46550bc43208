/* SPDX-License-Identifier: MIT */
/* lock-acts.h -- the ways out of a lock that take more than one call.
 *
 * Each returns as a system call does: -1 with errno when it was refused. */
#ifndef SP_TESTS_LOCK_ACTS_H
#define SP_TESTS_LOCK_ACTS_H
#include "lock-scene.h"
#include <sched.h>
#include <sys/syscall.h>

#define PROBE_MEMORY ((gsize)64 << 20) /* the limit that probes have, beyond SP_LOCK_SLACK */
#define MUCH_MEMORY (4 * (PROBE_MEMORY + SP_LOCK_SLACK))
#define PIECE ((gsize)8 << 20)

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define THREAD_FLAGS /* pthread_create()'s */                                                  \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static guint8 probe_room[65536] __attribute__((aligned(4096)));
static const guint8 probe_zeros[4096];
static char *const no_strings[] = {NULL};
/* A path, and one where nothing is. */
static char probe_file[200], probe_new[200], probe_memory[64];

/* ---- descriptors --------------------------------------------------------------------------
 */

/* close() is allowed, and says what is open. */
static long
close_others(void)
{
    for (int fd = ANSWER_FD + 1; fd < 1024; fd++)
        if (close(fd) == 0)
            return fd;
    errno = EBADF;
    return -1;
}

static long
read_all(void)
{
    for (int fd = ANSWER_FD + 1; fd < 1024; fd++)
        if (syscall(SYS_read, fd, probe_room, 1) >= 0)
            return fd;
    errno = EBADF;
    return -1;
}

static long
make_socket(void)
{
    return socket((int)outside.nth, SOCK_DGRAM, 0);
}

static long
connect_to(int family, const void *address, gsize n)
{
    int fd = socket(family, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, address, (socklen_t)n);
}

static long
connect_path(void)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    g_strlcpy(path.sun_path, outside.path_socket, sizeof path.sun_path);
    return connect_to(AF_UNIX, &path, sizeof path);
}

static long
connect_abstract(void)
{
    return connect_to(AF_UNIX, &outside.abstract, sizeof outside.abstract);
}

static long
connect_tcp(void)
{
    struct sockaddr_in tcp = {AF_INET, outside.port, {htonl(INADDR_LOOPBACK)}, {0}};
    return connect_to(AF_INET, &tcp, sizeof tcp);
}

static long
bind_tcp(void)
{
    struct sockaddr_in tcp = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {0}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&tcp, sizeof tcp);
}

static long
receive_message(void)
{
    struct iovec part = {probe_room, 100};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    return recvmsg(ANSWER_FD, &message, MSG_DONTWAIT);
}

static long
send_descriptor(void)
{
    const int fd = STDIN_FILENO;
    errno = sp_message_send(ANSWER_FD, probe_room, 1, &fd, 1);
    return errno == 0 ? 0 : -1;
}

/* The control socket, another child's answer socket, whatever there might be. */
static long
send_elsewhere(void)
{
    static const int fds[] = {0, 1, 2, 4, 5, 6, 20, 1023, -1};
    return send(fds[outside.nth], "x", 1, MSG_NOSIGNAL);
}

/* ---- processes ----------------------------------------------------------------------------
 */

static long
signal_by_pidfd(void)
{
    long fd = syscall(SYS_pidfd_open, outside.sibling, 0);
    return fd < 0 ? -1 : syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}

/* How much processor time another process has had: a clock of its own. */
static long
read_clock_of_parent(void)
{
    struct timespec time;
    return syscall(SYS_clock_gettime, (clockid_t)(~(unsigned)outside.parent << 3 | 2), &time);
}

static long
fork_off(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid < 0 ? -1 : waitpid(pid, NULL, 0);
}

static long
clone_3(void)
{
    struct {
        guint64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } wanted = {.exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &wanted, sizeof wanted);
    if (pid == 0)
        syscall(SYS_exit_group, 0);
    return pid;
}

static long
execute_memory(void)
{
    int fd = memfd_create("x", 0);
    return fd < 0 ? -1 : syscall(SYS_execveat, fd, "", no_strings, no_strings, AT_EMPTY_PATH);
}

#ifdef __x86_64__
static long
call_in_32_bits(void)
{
    long ret = 20; /* getpid() there */
    __asm__ volatile("int $0x80" : "+a"(ret) : : "memory", "r8", "r9", "r10", "r11");
    return ret;
}
#endif

/* ---- memory -------------------------------------------------------------------------------
 */

static void *
map_piece(int protection)
{
    return mmap(NULL, PIECE, protection, ANONYMOUS, -1, 0);
}

static long
take_memory(void)
{
    for (gsize n = 0; n < MUCH_MEMORY; n += PIECE) {
        void *piece = map_piece(PROT_READ | PROT_WRITE);
        if (piece == MAP_FAILED)
            return -1;
        memset(piece, 1, PIECE);
    }
    return 0;
}

static long
take_break(void)
{
    for (gsize n = 0; n < MUCH_MEMORY; n += PIECE)
        if (sbrk((intptr_t)PIECE) == (void *)-1)
            return -1;
    return 0;
}

/* What may not be written does not count, though it is full. */
static long
fill_and_protect(int protection)
{
    for (gsize n = 0; n < MUCH_MEMORY; n += PIECE) {
        void *piece = map_piece(PROT_READ | PROT_WRITE);
        if (piece == MAP_FAILED)
            return -1;
        memset(piece, 1, PIECE);
        if (mprotect(piece, PIECE, protection) != 0)
            return -1;
    }
    return 0;
}

static long
wash_memory(void)
{
    return fill_and_protect(PROT_READ);
}

static long
hide_memory(void)
{
    return fill_and_protect(PROT_NONE);
}

/* The main stack counts by a limit of its own, which is looked at only as it grows by itself.
 */
static long
stretch_stack(void)
{
    volatile guint8 room[16 * PAGE];
    room[0] = 1;
    guintptr page = ((guintptr)room + 8 * PAGE) & ~(guintptr)(PAGE - 1);
    void *moved = mremap((void *)page, PAGE, MUCH_MEMORY, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED)
        return -1;
    memset(moved, 1, MUCH_MEMORY);
    return 0;
}

static long
protect_shared(void)
{
    return mprotect(outside.shared, PAGE, PROT_READ | PROT_EXEC);
}

/* A second mapping of the outputs. */
static long
duplicate_shared(void)
{
    void *again = mremap(outside.shared, 0, PAGE, MREMAP_MAYMOVE);
    return again == MAP_FAILED ? -1 : 0;
}

static long
find_shared_again(void)
{
    if (munmap(outside.shared, SHARED_BYTES) != 0)
        return 0;
    return duplicate_shared();
}

/* ---- limits and signals -------------------------------------------------------------------
 */

static long
soft_above_hard(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_max == 0)
        return 0;
    limit.rlim_cur = limit.rlim_max;
    limit.rlim_max--;
    return setrlimit(RLIMIT_DATA, &limit);
}

static long
take_over_sigsys(void)
{
    return signal(SIGSYS, SIG_IGN) == SIG_ERR ? -1 : 0;
}

static long
call_with_sigsys_blocked(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    return socket(AF_INET, SOCK_STREAM, 0);
}

#endif
