/* SPDX-License-Identifier: MIT */
/* spawn.h -- start a sealed program, and end it, by a descriptor that can never mean another.
 */
#ifndef SP_SANDBOX_SPAWN_H
#define SP_SANDBOX_SPAWN_H
#include <glib.h>
G_BEGIN_DECLS

/* Start the program at path, with that argument or NULL for none, with a socket on
 * SP_WIRE_CONTROL_FD, /dev/null as its standard descriptors, nothing else open, none of our
 * environment and no signal blocked or ignored. Both descriptors are owned by the caller: its
 * end of the socket (SOCK_SEQPACKET) and a pidfd. SP_ERROR_CANNOT_SEAL, or _BUSY when the host
 * has no process or descriptor to give right now. Thread-safe. */
gboolean sp_spawn(const char *path, const char *argument, int *ret_control, int *ret_pidfd,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a program that reads one stream and writes another: input, which stays the
 * caller's, is its standard input; *ret_output is the end of a pipe that its standard output is
 * the other end of. */
gboolean sp_spawn_filter(const char *path, int input, int *ret_output, int *ret_pidfd,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

void sp_spawn_kill(int pidfd);

/* Wait up to timeout_ms for the end and take the zombie away, if the host has not done so
 * already. FALSE when it still runs. */
gboolean sp_spawn_reap(int pidfd, int timeout_ms);
/* The same; *ret_signal is what ended it, 0 when it left by itself or nobody knows. */
gboolean sp_spawn_reap_signal(int pidfd, int timeout_ms, int *ret_signal);

G_END_DECLS
#endif
