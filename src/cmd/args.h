/* SPDX-License-Identifier: MIT */
/* args.h -- a command's options as a table: parsed from it, and shown in --help from it. */
#ifndef SP_CMD_ARGS_H
#define SP_CMD_ARGS_H
#include <glib.h>
G_BEGIN_DECLS

typedef enum {
    SP_OPTION_FLAG, /* gboolean */
    SP_OPTION_TEXT, /* char *: owned, raw bytes, NULL when not given; the last one counts */
    SP_OPTION_LIST, /* char **: owned, raw bytes, NULL when not given */
} SpOptionKind;

/* One option. A table of them ends with long_name NULL. */
typedef struct {
    char short_name; /* 0 is none */
    const char *long_name;
    SpOptionKind kind;
    gsize offset;      /* of its value in the command's struct of values */
    const char *value; /* "DIR" in the help; NULL for a flag */
    const char *help;
} SpOption;

/* Parse words (NULL-terminated, without the program's name) into values, a struct zeroed by the
 * caller. --help is known without being in the table. strict: stop at the first operand.
 * On success *ret_operands is new and owned by the caller, never NULL, and values must be
 * cleared with sp_args_clear(). On failure (G_OPTION_ERROR) values stay zeroed. A flag with
 * a value (--json=no) is a failure. */
gboolean sp_args_parse(const SpOption *table, gboolean strict, char *const *words,
                       gpointer values, gboolean *ret_help, char ***ret_operands,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_args_clear(const SpOption *table, gpointer values);

G_END_DECLS
#endif
