/* SPDX-License-Identifier: MIT */
/* program.h -- a program is a table of commands. */
#ifndef SP_CMD_PROGRAM_H
#define SP_CMD_PROGRAM_H
#include "cmd/command.h"
G_BEGIN_DECLS

/* Those before the command, but --help; ends as a command's table does. */
extern const SpOption sp_program_options[];

/* Run the command that argv (NULL-terminated, without the program's name) begins with;
 * commands: NULL-terminated. Call sp_print_init() first. */
SpExit sp_program_run(const SpCommand *const *commands, char *const *argv);

G_END_DECLS
#endif
