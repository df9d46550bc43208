/* SPDX-License-Identifier: MIT */
/* test-message.c -- messages with descriptors: as many as agreed, or none stays open. */
#include "sandbox/message.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static guint
count_descriptors(void)
{
    guint n = 0;
    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* n descriptors must have come, and no other is open. */
static void
take_all(int *fds, guint n, guint before)
{
    g_assert_cmpuint(count_descriptors(), ==, before + n);
    for (guint i = 0; i < SP_MESSAGE_FDS; i++) {
        g_assert_true((fds[i] >= 0) == (i < n));
        if (i < n) {
            g_assert_cmpint(fcntl(fds[i], F_GETFD) & FD_CLOEXEC, !=, 0);
            close(fds[i]);
        }
    }
}

/* Whatever number is sent, only the one that is agreed arrives. */
static void
test_numbers(void)
{
    int pair[2];
    const int fds[SP_MESSAGE_FDS] = {0, 1, 2};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
    guint before = count_descriptors();
    for (guint i = 0; i < SP_MESSAGE_FDS * SP_MESSAGE_FDS; i++) {
        guint sent = 1 + i / SP_MESSAGE_FDS;
        guint wanted = 1 + i % SP_MESSAGE_FDS;
        int came[SP_MESSAGE_FDS] = {-1, -1, -1};
        char text[8];
        g_assert_cmpint(sp_message_send(pair[0], "hello", 5, fds, sent), ==, 0);
        errno = 0;
        gssize n = sp_message_receive(pair[1], text, sizeof text, MSG_DONTWAIT, came, wanted);
        g_assert_cmpint(n, ==, sent == wanted ? 5 : -1);
        g_assert_cmpint(errno, ==, sent == wanted ? 0 : EBADMSG);
        take_all(came, sent == wanted ? sent : 0, before);
    }
    close(pair[0]);
    close(pair[1]);
}

/* More than anybody agreed to, none at all, too long a text. */
static void
test_odd(void)
{
    int pair[2];
    const int fds[8] = {0, 1, 2, 0, 1, 2, 0, 1};
    int came[SP_MESSAGE_FDS];
    char text[4];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
    guint before = count_descriptors();
    for (guint sent = SP_MESSAGE_FDS + 1; sent <= G_N_ELEMENTS(fds); sent++) {
        union {
            struct cmsghdr align;
            char room[CMSG_SPACE(sizeof fds)];
        } control = {.room = {0}};
        struct iovec part = {"x", 1};
        struct msghdr message = {
            .msg_iov = &part,
            .msg_iovlen = 1,
            .msg_control = control.room,
            .msg_controllen = CMSG_SPACE(sent * sizeof(int)),
        };
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sent * sizeof(int));
        memcpy(CMSG_DATA(rights), fds, sent * sizeof(int));
        g_assert_cmpint(sendmsg(pair[0], &message, 0), ==, 1);
        g_assert_cmpint(sp_message_receive(pair[1], text, sizeof text, 0, came, SP_MESSAGE_FDS),
                        ==, -1);
        g_assert_cmpuint(count_descriptors(), ==, before);
    }
    g_assert_cmpint(send(pair[0], "x", 1, 0), ==, 1);
    g_assert_cmpint(sp_message_receive(pair[1], text, sizeof text, 0, came, 1), ==, -1);
    g_assert_cmpint(errno, ==, EBADMSG);
    g_assert_cmpint(sp_message_send(pair[0], "hello", 5, fds, 1), ==, 0);
    g_assert_cmpint(sp_message_receive(pair[1], text, sizeof text, 0, came, 1), ==, -1);
    g_assert_cmpint(errno, ==, EBADMSG);
    g_assert_cmpuint(count_descriptors(), ==, before);
    g_assert_cmpint(sp_message_receive(pair[1], text, sizeof text, MSG_DONTWAIT, came, 1), ==,
                    -1);
    g_assert_cmpint(errno, ==, EAGAIN);
    close(pair[0]);
    g_assert_cmpint(sp_message_receive(pair[1], text, sizeof text, 0, came, 1), ==, 0);
    close(pair[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/numbers", test_numbers);
    g_test_add_func("/message/odd", test_odd);
    return g_test_run();
}
