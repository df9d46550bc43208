/* SPDX-License-Identifier: MIT */
/* calls.h -- the system calls that a locked child may make, by seccomp. */
#ifndef SP_SANDBOX_CALLS_H
#define SP_SANDBOX_CALLS_H
#include <glib.h>
G_BEGIN_DECLS

/* Who is locked; the others have calls that this one does not need. */
typedef enum {
    SP_CALLS_RENDERER,  /* memory, threads, one message out; and a pipe to read, if any */
    SP_CALLS_INSPECTOR, /* and messages in, with a file to read in each */
    SP_CALLS_FILTER, /* memory; standard input to read, and socket, which is a pipe, to write */
} SpCallsKind;

typedef struct SpCalls SpCalls; /* a filter, made in the fork server and used in its children */

/* New, owned by the caller; NULL with SP_ERROR_CANNOT_SEAL. socket is the only descriptor that
 * may be sent to (by an inspector received from, by a filter written to). */
SpCalls *sp_calls_new(SpCallsKind kind, int socket, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_calls_free(SpCalls *calls);

/* From here on the calling process makes those calls alone; of others, some fail as if the
 * thing asked for were not there, and all the rest raise SIGSYS. A renderer may read the
 * descriptor input, unless it is -1, wait for it, and stop its timer meanwhile. Needs
 * no_new_privs and a process of one thread. Holds for ever. SP_ERROR_CANNOT_SEAL. */
gboolean sp_calls_restrict(SpCalls *calls, int input, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "openat", "call 462", or "unknown call"; owned by calls. Fit for a signal handler. */
const char *sp_calls_name(const SpCalls *calls, int number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpCalls, sp_calls_free)

G_END_DECLS
#endif
