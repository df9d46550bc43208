/* SPDX-License-Identifier: MIT */
/* child.h -- the process that sees one upload. */
#ifndef SP_SANDBOX_CHILD_H
#define SP_SANDBOX_CHILD_H
#include "sandbox/server.h"
#include <sys/types.h>
G_BEGIN_DECLS

/* The descriptors of a request, in the order in which they came and of rising number. */
typedef struct {
    int answer, input, output;
} SpChildFds;

/* Never returns: renders one upload in a process just forked by server, answers, exits. */
void sp_child_run(const SpRenderer *renderer, const SpWireRequest *request, SpChildFds fds,
                  pid_t server) G_GNUC_NORETURN;

G_END_DECLS
#endif
