/* SPDX-License-Identifier: MIT */
/* inspector.h -- the supervisor's side of a sealed process that inspects one file after the
 * other. */
#ifndef SP_SANDBOX_INSPECTOR_H
#define SP_SANDBOX_INSPECTOR_H
#include "sandbox/client.h"
G_BEGIN_DECLS

#define SP_INSPECTOR_FILES                                                                     \
    4096 /* then a fresh process: what one of them did to it has an end */

/* Used by one thread at a time; a sandbox may have many. */
typedef struct SpInspectorProcess SpInspectorProcess;

/* No process is started yet. The sandbox is borrowed and must outlive it. Never NULL. */
SpInspectorProcess *sp_inspector_process_new(SpSandbox *sandbox);
/* Ends the process, if there is one. NULL is taken. */
void sp_inspector_process_free(SpInspectorProcess *process);

/* What the first size bytes of fd reveal. fd: a regular file or memfd, read only; stays the
 * caller's. timeout_ms: from when the process has it. A process that crashes or lies is given
 * up, and the file tried once more in a fresh one.
 *
 * On success *ret_inspection is checked (sp_wire_check_inspection), which says nothing of its
 * truth, and borrowed until the next call; its code may be a refusal of the file. Errors:
 * SP_ERROR_DECODER_CRASHED, _PROTOCOL (twice each), _POLICY (the process tried what it must
 * not do, and this was its first file), _TOO_MUCH_WORK (used up a fresh process's CPU time),
 * _BUSY (not done in time, or the host has no process to give), _CANNOT_SEAL,
 * _INTERRUPTED. */
gboolean sp_inspector_process_ask(SpInspectorProcess *process, int fd, guint64 size,
                                  gboolean values, guint32 timeout_ms,
                                  const SpWireInspection **ret_inspection, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpInspectorProcess, sp_inspector_process_free)
G_END_DECLS
#endif
