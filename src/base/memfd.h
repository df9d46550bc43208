/* SPDX-License-Identifier: MIT */
/* memfd.h -- sealed anonymous memory, and reading what comes through descriptors. */
#ifndef SP_BASE_MEMFD_H
#define SP_BASE_MEMFD_H
#include <glib.h>
G_BEGIN_DECLS

/* A memfd of exactly size bytes (zeros), CLOEXEC, with SHRINK and GROW sealed. -1 with
 * SP_ERROR_CANNOT_SEAL. The caller closes it. */
int sp_memfd_new(gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An empty memfd to be filled, CLOEXEC. -1 with SP_ERROR_CANNOT_SEAL. */
int sp_memfd_create(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From now on nobody can change it, not even its seals. SP_ERROR_CANNOT_SEAL. */
gboolean sp_memfd_seal(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Copy the regular file fd from its start into a memfd that nobody can change any more. At most
 * max bytes are taken: *ret_size is the number of bytes, and max + 1 or more means "too large"
 * (the copy is then not complete). name is for messages. -1 with SP_ERROR_CANNOT_READ. */
int sp_memfd_copy(int fd, gsize max, const char *name, gsize *ret_size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Add F_SEAL_WRITE; fails with EBUSY (returned) while anybody maps it writable; 0 is success.
 */
int sp_memfd_seal_write(int fd);

/* Read until buffer is full or the end; EINTR and short reads are dealt with. Returns the
 * number of bytes, or -1 with errno. */
gssize sp_read_full(int fd, void *buffer, gsize size);

/* Write all of buffer; FALSE with errno. */
gboolean sp_write_full(int fd, const void *buffer, gsize size);

/* The same to where a reader may be slow, blocking or not: when cancel_fd becomes readable
 * before all is written, FALSE with ECANCELED. */
gboolean sp_write_cancellable(int fd, const void *buffer, gsize size, int cancel_fd);

/* fsync(2), again where a signal interrupts it; FALSE with errno. */
gboolean sp_fd_sync(int fd);

/* Close *fd if it is not negative and make it -1, for g_auto(SpFd) fd = -1. */
typedef int SpFd;
void sp_fd_clear(SpFd *fd);
/* Hand over: returns *fd and makes it -1. */
int sp_fd_steal(SpFd *fd);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpFd, sp_fd_clear)

G_END_DECLS
#endif
