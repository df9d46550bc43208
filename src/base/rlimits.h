/* SPDX-License-Identifier: MIT */
/* rlimits.h -- what whoever started this process has allowed it, for what is said when that was
 * too little. */
#ifndef SP_BASE_RLIMITS_H
#define SP_BASE_RLIMITS_H
#include <glib.h>
G_BEGIN_DECLS

/* Bytes of a file, in force now; G_MAXUINT64 when there is no limit. */
guint64 sp_rlimits_file_bytes(void);
/* Milliseconds of work that no process we start may exceed; G_MAXUINT64 when there is no limit.
 */
guint64 sp_rlimits_cpu_ms(void);

/* What a program that did not even start may have lacked, to put behind a message: "" or
 * "; are its limits too low (ulimit -t is 0)?". Owned by the caller. */
char *sp_rlimits_suspects(void);

G_END_DECLS
#endif
