/* SPDX-License-Identifier: MIT */
/* elsewhere.h -- commands that another program of ours runs. */
#ifndef SP_CMD_ELSEWHERE_H
#define SP_CMD_ELSEWHERE_H
#include "cmd/command.h"
G_BEGIN_DECLS

/* For two tables: that of storyphoto, whose --help lists them, and their own. */
#define SP_SUMMARY_BATCH "a folder of uploads in, its published files out; may be resumed"
#define SP_SUMMARY_STREAM "uploads in through a pipe, one after the other, results out"
#define SP_SUMMARY_JOURNAL "what batches have done: show it, join those of several machines"

/* If argv[1] is one of commands (NULL-terminated), become storyphoto-bulk with the same words.
 * It must be the first thing a program does: descriptors and signals are passed on as they are.
 * Returns only when nothing was to be done (FALSE), or when it could not be: the failure is
 * told, and *ret_code the exit code. */
gboolean sp_elsewhere_exec(const SpCommand *const *commands, char **argv, int *ret_code);

G_END_DECLS
#endif
