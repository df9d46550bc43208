/* SPDX-License-Identifier: MIT */
/* rights.h -- descriptors that nobody asked for, with a message. */
#ifndef SP_TESTS_RIGHTS_H
#define SP_TESTS_RIGHTS_H
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>
G_BEGIN_DECLS

#define MOST_RIGHTS 8 /* more than sp_message_send() would send */

/* Send n bytes with standard input n_fds times (1 to MOST_RIGHTS). FALSE with errno. */
static inline gboolean
send_with_descriptors(int socket, gpointer bytes, gsize n, guint n_fds)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(MOST_RIGHTS * sizeof(int))];
    } control = {.room = {0}};
    struct iovec part = {bytes, n};
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
    int *fds = (int *)CMSG_DATA(rights);
    for (guint i = 0; i < n_fds; i++)
        fds[i] = STDIN_FILENO;
    return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

G_END_DECLS
#endif
