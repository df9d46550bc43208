/* SPDX-License-Identifier: MIT */
/* child.h -- the process that sees one upload, and the one that inspects many. */
#ifndef SP_SANDBOX_CHILD_H
#define SP_SANDBOX_CHILD_H
#include "sandbox/server.h"
#include <sys/types.h>
G_BEGIN_DECLS

/* Of the one socket that a locked child speaks through. */
#define SP_CHILD_FD 3

/* The descriptors of a request, in the order in which they came and of rising number. Of a
 * session input is the files socket, and output -1. */
typedef struct {
    int answer, input, output;
} SpChildFds;

/* Never returns: renders one upload in a process just forked by server, answers, exits. */
void sp_child_run(const SpRenderer *renderer, const SpWireRequest *request, SpChildFds fds,
                  pid_t server) G_GNUC_NORETURN;

/* Never returns: inspects what comes over the files socket, until it is hung up. Keeps nothing
 * else open, the answer socket neither: so it cannot speak for its server. */
void sp_child_inspect(const SpRenderer *renderer, const SpWireSession *session, int files,
                      pid_t server) G_GNUC_NORETURN;

/* ---- for both of them ---------------------------------------------------------------------
 */

/* Die with the server; it may have died before we asked for that. */
void sp_child_tie_to_server(pid_t server);

/* The kernel's own clock for work: SIGXCPU at the limit, SIGKILL one second later for a
 * process that ignores it. A limit that we inherited is never raised. FALSE with errno. */
gboolean sp_child_limit_cpu(guint32 seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
