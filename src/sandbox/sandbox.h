/* SPDX-License-Identifier: MIT */
/* sandbox.h -- what a sandbox holds, for this folder. */
#ifndef SP_SANDBOX_SANDBOX_H
#define SP_SANDBOX_SANDBOX_H
#include "sandbox/pool.h"
#include <stdatomic.h>
G_BEGIN_DECLS

struct SpSandbox {
    SpPool *pool; /* owned */
    SpFd cancel;  /* owned; an eventfd: once written, readable for ever */
    guint grace_ms;
    SpSandboxWitness witness; /* NULL, but in tests */
    gpointer witness_data;    /* borrowed */
    _Atomic guint64 last_id;
};

/* Of a request; from 1 on, never twice in one sandbox. */
static inline guint64
sp_sandbox_next_id(SpSandbox *sandbox)
{
    return atomic_fetch_add(&sandbox->last_id, 1) + 1;
}

G_END_DECLS
#endif
