/* SPDX-License-Identifier: MIT */
/* help.h -- the text of --help, built from the same tables that the program runs by. */
#ifndef SP_CMD_HELP_H
#define SP_CMD_HELP_H
#include "cmd/command.h"
G_BEGIN_DECLS

/* Both are owned by the caller. */
char *sp_help_top(const SpCommand *const *commands);
char *sp_help_command(const SpCommand *command);

/* All preset keys, one group after the other, for a command's more_help. */
void sp_help_preset_keys(GString *text);

G_END_DECLS
#endif
