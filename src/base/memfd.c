/* SPDX-License-Identifier: MIT */
/* memfd.c -- sealed anonymous memory.
 *
 * The seals are what makes it safe to look at memory that a renderer could write: SHRINK and
 * GROW before it is sent (no SIGBUS in the supervisor), WRITE before it is read. */
#include "base/memfd.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

gboolean
sp_fd_sync(int fd)
{
    int result = 0;
    do
        result = fsync(fd);
    while (result < 0 && errno == EINTR);
    return result == 0;
}

void
sp_fd_clear(SpFd *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int
sp_fd_steal(SpFd *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

int
sp_memfd_create(GError **error)
{
    int fd = memfd_create("storyphoto", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make sealed memory");
    return fd;
}

int
sp_memfd_new(gsize size, GError **error)
{
    g_auto(SpFd) fd = sp_memfd_create(error);
    if (fd < 0)
        return -1;
    if (ftruncate(fd, (off_t)size) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0) {
        sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot seal memory");
        return -1;
    }
    return sp_fd_steal(&fd);
}

/* sendfile(2) from a file to a memfd copies inside the kernel; it stops at end of file, so a
 * file that shrinks meanwhile is merely shorter. */
static gboolean
copy_bytes(int from, int to, gsize max, const char *name, gsize *ret_size, GError **error)
{
    off_t offset = 0;
    while ((gsize)offset <= max) {
        ssize_t n = sendfile(to, from, &offset, max + 1 - (gsize)offset);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot copy '%s' into sealed memory", name);
    }
    *ret_size = (gsize)offset;
    return TRUE;
}

gboolean
sp_memfd_seal(int fd, GError **error)
{
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot seal memory");
    return TRUE;
}

int
sp_memfd_copy(int fd, gsize max, const char *name, gsize *ret_size, GError **error)
{
    g_auto(SpFd) copy = sp_memfd_create(error);
    if (copy < 0)
        return -1;
    gsize size = 0;
    if (!copy_bytes(fd, copy, max, name, &size, error))
        return -1;
    if (!sp_memfd_seal(copy, error))
        return -1;
    *ret_size = size;
    return sp_fd_steal(&copy);
}

int
sp_memfd_seal_write(int fd)
{
    return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) < 0 ? errno : 0;
}

gssize
sp_read_full(int fd, void *buffer, gsize size)
{
    gsize done = 0;
    while (done < size) {
        ssize_t n = read(fd, (char *)buffer + done, size - done);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (gsize)n : 0;
    }
    return (gssize)done;
}

gboolean
sp_write_full(int fd, const void *buffer, gsize size)
{
    gsize done = 0;
    while (done < size) {
        ssize_t n = write(fd, (const char *)buffer + done, size - done);
        struct pollfd room = {fd, POLLOUT, 0};
        if (n < 0 && errno == EAGAIN && poll(&room, 1, -1) >= 0)
            continue;
        if (n < 0 && errno != EINTR)
            return FALSE;
        done += n > 0 ? (gsize)n : 0;
    }
    return TRUE;
}

/* A pipe that nobody reads is never writable: then only cancelling ends the wait. */
static gboolean
wait_for_room(int fd, int cancel_fd)
{
    struct pollfd fds[2] = {{fd, POLLOUT, 0}, {cancel_fd, POLLIN, 0}};
    while (poll(fds, 2, -1) < 0) /* a signal's handler has had its say by now: poll again */
        if (errno != EINTR)
            return FALSE;
    if (fds[1].revents != 0)
        errno = ECANCELED;
    return fds[1].revents == 0;
}

gboolean
sp_write_cancellable(int fd, const void *buffer, gsize size, int cancel_fd)
{
    gsize done = 0;
    while (done < size) {
        if (!wait_for_room(fd, cancel_fd))
            return FALSE;
        /* No more than a pipe has room for when poll() says so: the rest could block for ever.
         */
        ssize_t n = write(fd, (const char *)buffer + done, MIN(size - done, PIPE_BUF));
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return FALSE;
        done += n > 0 ? (gsize)n : 0;
    }
    return TRUE;
}
