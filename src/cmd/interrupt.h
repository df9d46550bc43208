/* SPDX-License-Identifier: MIT */
/* interrupt.h -- SIGINT and SIGTERM end a run in order; a second one ends it at once. */
#ifndef SP_CMD_INTERRUPT_H
#define SP_CMD_INTERRUPT_H
#include "storyphoto.h"
G_BEGIN_DECLS

/* From now on SIGINT, SIGTERM and SIGHUP cancel session. A signal that was ignored when the
 * program started (nohup) stays ignored. Undo with NULL before session is freed. */
void sp_interrupt_attach(SpSession *session);

/* The same signals are noted and cancel nothing: what is begun is finished. Returns a
 * descriptor that is readable once one came, for waits that must end then; the program's own.
 * -1 where there is none to be had. */
int sp_interrupt_note(void);

/* TRUE once a signal came. */
gboolean sp_interrupt_seen(void);

G_END_DECLS
#endif
