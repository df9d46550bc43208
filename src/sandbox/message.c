/* SPDX-License-Identifier: MIT */
/* message.c -- SCM_RIGHTS (unix(7)) with a fixed number of descriptors a message. */
#include "sandbox/message.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union {
    struct cmsghdr align;
    char room[CMSG_SPACE(SP_MESSAGE_FDS * sizeof(int))];
} Control;

int
sp_message_send(int socket, gconstpointer bytes, gsize n, const int *fds, guint n_fds)
{
    g_return_val_if_fail(n_fds >= 1 && n_fds <= SP_MESSAGE_FDS, EINVAL);
    Control control = {.room = {0}};
    struct iovec part = {(gpointer)bytes, n};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.room,
        .msg_controllen = CMSG_SPACE(n_fds * sizeof(int)),
    };
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
    memcpy(CMSG_DATA(rights), fds, n_fds * sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? errno : 0;
}

#define ROOM ((sizeof(Control) - CMSG_LEN(0)) / sizeof(int)) /* padding has room as well */

/* Those that came with a message into fds, ROOM of them; returns their number. */
static guint
take_fds(struct msghdr *message, int *fds)
{
    struct cmsghdr *part = CMSG_FIRSTHDR(message);
    if (part == NULL || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS ||
        part->cmsg_len < CMSG_LEN(0))
        return 0;
    gsize n = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    n = MIN(n, ROOM);
    memcpy(fds, CMSG_DATA(part), n * sizeof(int));
    return (guint)n;
}

gssize
sp_message_receive(int socket, gpointer bytes, gsize size, int flags, int *fds, guint n_fds)
{
    Control control;
    struct iovec part = {bytes, size};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.room,
        .msg_controllen = sizeof control.room,
    };
    int came[ROOM];
    gssize n = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    if (n < 0)
        return -1;
    guint n_came = take_fds(&message, came);
    if (n == 0 && n_came == 0)
        return 0;
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 && n_came == n_fds) {
        memcpy(fds, came, n_fds * sizeof(int));
        return n;
    }
    for (guint i = 0; i < n_came; i++)
        close(came[i]);
    errno = EBADMSG;
    return -1;
}
