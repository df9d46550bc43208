/* SPDX-License-Identifier: MIT */
/* exit.h -- exit codes, and which error leads to which. */
#ifndef SP_CMD_EXIT_H
#define SP_CMD_EXIT_H
#include <glib.h>
G_BEGIN_DECLS

/* Where sysexits.h has a number for it, it is that number; the enum is our own because the
 * meanings are ours. They are a promise to scripts: never renumber. */
typedef enum {
    SP_EXIT_OK = 0,
    SP_EXIT_SOME = 1,
    SP_EXIT_USAGE = 64,
    SP_EXIT_REFUSED = 65,
    SP_EXIT_CANNOT_READ = 66,
    SP_EXIT_UNAVAILABLE = 69,
    SP_EXIT_BUG = 70,
    SP_EXIT_CANNOT_SEAL = 71,
    SP_EXIT_CANNOT_WRITE = 73,
    SP_EXIT_IO = 74,
    SP_EXIT_AGAIN = 75,
    SP_EXIT_BAD_PRESET = 78,
} SpExit;

/* The exit code of one error; NULL is SP_EXIT_OK, what is not ours is SP_EXIT_BUG. */
SpExit sp_exit_code(const GError *error);

/* Tell error on standard error and return its exit code. */
SpExit sp_exit_complain(const GError *error);

/* The exit code of what ended a run of many uploads: no upload is at fault, so what is damaged
 * or of another version is a journal or a tar, which cannot be read. */
SpExit sp_exit_code_of_run(const GError *error);

/* One line a code for --help, appended to text. */
void sp_exit_help(GString *text);

G_END_DECLS
#endif
