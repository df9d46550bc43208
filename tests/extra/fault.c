/* SPDX-License-Identifier: MIT */
/* fault.c -- a library that is loaded before libc into storyphoto-bulk, and makes one system
 * call of it fail, or be its last.
 *
 *     LD_PRELOAD=fault.so FAULT=CALL:KIND:K FAULT_LOG=FILE storyphoto batch ...
 *
 * CALL is a name of calls[] below; its K-th call (from 1, over all threads) is hit. KIND:
 *
 *     ERRNO       EIO, ENOSPC, EINTR, EDQUOT, EROFS: fails, and nothing is done
 *     late-ERRNO  is done all the same, as on a network file system whose answer got lost
 *     ERRNO+      the K-th and all later ones fail
 *     short       (write, pwrite) half of the bytes are written
 *     kill        SIGKILL before the call
 *     after       SIGKILL after it
 *
 * A close is always done: so Linux does it, whatever it says. "hit" is appended to FILE when it
 * happens. What libc calls by itself is not seen, nor what other programs call: renderers are
 * children with other names. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROGRAM "/storyphoto-bulk"

static const struct {
    const char *name;
    int number;
} errnos[] = {
    {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EINTR", EINTR}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
};

typedef enum { NOTHING, FAIL, LATE, SHORT, KILL, AFTER } Kind;

static struct {
    char call[16];
    Kind kind;
    int err;
    int stays;
    int log;
    long k;
    atomic_long n;
    pid_t pid;
} fault = {.log = -1};

static void
read_kind(char *word)
{
    size_t length = strlen(word);
    fault.stays = length > 0 && word[length - 1] == '+';
    if (fault.stays)
        word[length - 1] = '\0';
    fault.kind = strcmp(word, "short") == 0       ? SHORT
                 : strcmp(word, "kill") == 0      ? KILL
                 : strcmp(word, "after") == 0     ? AFTER
                 : strncmp(word, "late-", 5) == 0 ? LATE
                                                  : FAIL;
    if (fault.kind == LATE)
        word += 5;
    for (size_t i = 0; i < sizeof errnos / sizeof errnos[0]; i++)
        if (strcmp(word, errnos[i].name) == 0)
            fault.err = errnos[i].number;
    if (fault.err == 0 && (fault.kind == FAIL || fault.kind == LATE))
        _exit(99);
}

__attribute__((constructor)) static void
prepare(void)
{
    char program[4096] = "", text[64] = "", *rest = NULL;
    const char *told = getenv("FAULT"), *log = getenv("FAULT_LOG");
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    size_t end = sizeof PROGRAM - 1;
    if (told == NULL || log == NULL || n < (ssize_t)end ||
        strcmp(program + n - end, PROGRAM) != 0)
        return;
    strncpy(text, told, sizeof text - 1);
    const char *call = strtok_r(text, ":", &rest);
    char *kind = strtok_r(NULL, ":", &rest);
    const char *k = strtok_r(NULL, ":", &rest);
    if (call == NULL || kind == NULL || k == NULL)
        _exit(99);
    strncpy(fault.call, call, sizeof fault.call - 1);
    read_kind(kind);
    fault.k = strtol(k, NULL, 10);
    fault.pid = getpid();
    fault.log = (int)syscall(SYS_openat, AT_FDCWD, log,
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Whether this call is the one. */
static Kind
met(const char *call)
{
    if (fault.kind == NOTHING || strcmp(call, fault.call) != 0 || getpid() != fault.pid)
        return NOTHING;
    long n = atomic_fetch_add(&fault.n, 1) + 1;
    if (n != fault.k && !(fault.stays && n > fault.k))
        return NOTHING;
    (void)!syscall(SYS_write, fault.log, "hit\n", 4);
    if (fault.kind == KILL)
        kill(fault.pid, SIGKILL);
    return fault.kind;
}

/* What the program is told of a call that was met. */
static long
answer(Kind kind, long result)
{
    if (kind == AFTER)
        kill(fault.pid, SIGKILL);
    if (kind == NOTHING || kind == SHORT)
        return result;
    errno = fault.err;
    return -1;
}

/* Functions of the names that they are given, which ask first.
 * NOLINTBEGIN(bugprone-macro-parentheses) */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ASK(type, call, name, declared, given)                                                 \
    type name declared                                                                         \
    {                                                                                          \
        Kind kind = met(call);                                                                 \
        long result = kind == FAIL ? -1 : (long)REAL(name) given;                              \
        return (type)answer(kind, result);                                                     \
    }

ASK(int, "fsync", fsync, (int fd), (fd))
ASK(int, "fdatasync", fdatasync, (int fd), (fd))
ASK(int, "ftruncate", ftruncate, (int fd, off_t size), (fd, size))
ASK(int, "ftruncate", ftruncate64, (int fd, off64_t size), (fd, size))
ASK(int, "unlinkat", unlinkat, (int at, const char *path, int flags), (at, path, flags))
ASK(int, "unlinkat", unlink, (const char *path), (path))
ASK(int, "mkdirat", mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
ASK(int, "mkdirat", mkdir, (const char *path, mode_t mode), (path, mode))
ASK(int, "linkat", linkat, (int at, const char *path, int to, const char *name, int flags),
    (at, path, to, name, flags))
ASK(int, "renameat", renameat, (int at, const char *path, int to, const char *name),
    (at, path, to, name))
ASK(int, "renameat", rename, (const char *path, const char *name), (path, name))
ASK(int, "renameat", renameat2,
    (int at, const char *path, int to, const char *name, unsigned flags),
    (at, path, to, name, flags))
ASK(ssize_t, "pread", pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
ASK(ssize_t, "pread", pread64, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at))

#define HALF(kind, n) ((kind) == SHORT && (n) > 1 ? (n) / 2 : (n))
#define ASK_WRITE(call, name, declared, given)                                                 \
    ssize_t name declared                                                                      \
    {                                                                                          \
        Kind kind = met(call);                                                                 \
        n = HALF(kind, n);                                                                     \
        long result = kind == FAIL ? -1 : (long)REAL(name) given;                              \
        return (ssize_t)answer(kind, result);                                                  \
    }

ASK_WRITE("write", write, (int fd, const void *from, size_t n), (fd, from, n))
ASK_WRITE("pwrite", pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at))
ASK_WRITE("pwrite", pwrite64, (int fd, const void *from, size_t n, off64_t at),
          (fd, from, n, at))

int
close(int fd)
{
    Kind kind = met("close");
    return (int)answer(kind, REAL(close)(fd));
}

/* ---- open, which has many names ------------------------------------------------------------
 */

static int
open_it(int at, const char *path, int flags, mode_t mode)
{
    Kind kind = met("openat");
    long result = kind == FAIL ? -1 : syscall(SYS_openat, at, path, flags, mode);
    long told = answer(kind, result);
    if (told < 0 && result >= 0)
        REAL(close)((int)result); /* opened, but nobody knows */
    return (int)told;
}

static mode_t
mode_of(int flags, va_list list)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t)
                                                                      : 0;
}

#define ASK_OPEN(name, declared, at)                                                           \
    int name declared                                                                          \
    {                                                                                          \
        va_list list;                                                                          \
        va_start(list, flags);                                                                 \
        mode_t mode = mode_of(flags, list);                                                    \
        va_end(list);                                                                          \
        return open_it(at, path, flags, mode);                                                 \
    }

ASK_OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
ASK_OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
ASK_OPEN(openat, (int at, const char *path, int flags, ...), at)
ASK_OPEN(openat64, (int at, const char *path, int flags, ...), at)

/* What fortified callers call. */
#define ASK_OPEN_2(name, symbol, declared, at)                                                 \
    int name declared __asm__(symbol);                                                         \
    int name declared                                                                          \
    {                                                                                          \
        return open_it(at, path, flags, 0);                                                    \
    }

ASK_OPEN_2(fortified_open, "__open_2", (const char *path, int flags), AT_FDCWD)
ASK_OPEN_2(fortified_open64, "__open64_2", (const char *path, int flags), AT_FDCWD)
ASK_OPEN_2(fortified_openat, "__openat_2", (int at, const char *path, int flags), at)
ASK_OPEN_2(fortified_openat64, "__openat64_2", (int at, const char *path, int flags), at)
/* NOLINTEND(bugprone-macro-parentheses) */
