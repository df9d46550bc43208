/* SPDX-License-Identifier: MIT */
/* message.h -- one message with descriptors over a local socket. */
#ifndef SP_SANDBOX_MESSAGE_H
#define SP_SANDBOX_MESSAGE_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_MESSAGE_FDS 3 /* descriptors that come with a message at most */

/* Send n bytes and the descriptors (1 to SP_MESSAGE_FDS, borrowed) as one message, without
 * blocking. 0 or errno. */
int sp_message_send(int socket, gconstpointer bytes, gsize n, const int *fds, guint n_fds);

/* Receive one message of at most size bytes with exactly n_fds descriptors, CLOEXEC, owned by
 * the caller. flags: of recvmsg(). Returns its length; 0 at the end of file; -1 with errno,
 * EBADMSG when it is not like that (no descriptor is left open then). For those who are asked:
 * the supervisor receives no descriptor at all. */
gssize sp_message_receive(int socket, gpointer bytes, gsize size, int flags, int *fds,
                          guint n_fds);

G_END_DECLS
#endif
