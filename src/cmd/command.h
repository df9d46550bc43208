/* SPDX-License-Identifier: MIT */
/* command.h -- what a command is: one constant struct, as in tmux.
 *
 * A new command is one file with its struct, one line here and one in main.c's table (or, with
 * libraries that no single upload should pay for, in main-bulk.c's). */
#ifndef SP_CMD_COMMAND_H
#define SP_CMD_COMMAND_H
#include "cmd/args.h"
#include "cmd/exit.h"
G_BEGIN_DECLS

typedef struct {
    const char *name;
    const char *const *usage; /* what stands behind "storyphoto ", NULL-terminated */
    const char *summary;      /* one line, lower case, no full stop */
    const char *description;  /* lines for its --help, each with its newline */
    const SpOption *options;
    gsize values_size; /* of the struct that the options' offsets are in; 0 without options */
    guint min_operands, max_operands; /* max 0: any number */
    const char *operand;              /* "PHOTO", for messages */
    void (*more_help)(GString *text); /* appends to its --help; may be NULL */
    /* values are parsed, operands counted; both are borrowed. Returns an exit code. */
    SpExit (*run)(gconstpointer values, char *const *operands);
} SpCommand;

extern const SpCommand sp_command_process;
extern const SpCommand sp_command_inspect;
extern const SpCommand sp_command_audit;
extern const SpCommand sp_command_presets;
extern const SpCommand sp_command_errors;
extern const SpCommand sp_command_doctor;
extern const SpCommand sp_command_selftest;
/* storyphoto-bulk's */
extern const SpCommand sp_command_batch;
extern const SpCommand sp_command_stream;
extern const SpCommand sp_command_journal;

G_END_DECLS
#endif
