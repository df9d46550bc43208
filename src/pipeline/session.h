/* SPDX-License-Identifier: MIT */
/* session.h -- what a session holds, for this folder and for tests. */
#ifndef SP_PIPELINE_SESSION_H
#define SP_PIPELINE_SESSION_H
#include "pipeline/claims.h"
#include "sandbox/client.h"
G_BEGIN_DECLS

struct SpSession {
    SpSandbox *sandbox; /* owned */
    int cancel_fd;      /* owned; an eventfd, readable once cancelled */
    SpClaims *claims;   /* owned; stems of the sets that are being named now */
    gint guessed;       /* atomic: a renderer was started before anything was known */
};

G_END_DECLS
#endif
