/* SPDX-License-Identifier: MIT */
/* program.c -- run a table of commands: find the one that is meant, parse its words, run it.
 *
 * Options before the command are the program's (--help, --version), those behind it the
 * command's. */
#include "cmd/program.h"
#include "base/nearest.h"
#include "cmd/help.h"
#include "cmd/print.h"
#include "storyphoto.h"
#include <stddef.h>

typedef struct {
    gboolean version;
} Values;

const SpOption sp_program_options[] = {
    {0, "version", SP_OPTION_FLAG, offsetof(Values, version), NULL, "show the version"},
    {0},
};

static SpExit
show(const char *text)
{
    g_autoptr(GError) error = NULL;
    return sp_print_stdout(text, &error) ? SP_EXIT_OK : sp_exit_complain(error);
}

static SpExit
show_version(void)
{
    g_autofree char *text =
        g_strdup_printf("storyphoto %s\nsandbox: %s\n", sp_version(), sp_sandbox_posture());
    return show(text);
}

static SpExit
unknown_command(const SpCommand *const *commands, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; commands[i] != NULL; i++)
        g_ptr_array_add(names, (gpointer)commands[i]->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = sp_nearest_hint(name, (const char *const *)names->pdata);
    sp_complain_usage(NULL, "unknown command '%s'%s", name, hint);
    return SP_EXIT_USAGE;
}

static SpExit
run_parsed(const SpCommand *command, gconstpointer values, gboolean help, char *const *operands)
{
    if (help) {
        g_autofree char *text = sp_help_command(command);
        return show(text);
    }
    guint n = g_strv_length((char **)operands);
    if (n < command->min_operands) {
        sp_complain_usage(command->name, n == 0 ? "no %s given" : "only one of %s given",
                          command->operand);
        return SP_EXIT_USAGE;
    }
    if (command->max_operands > 0 && n > command->max_operands) {
        sp_complain_usage(command->name, "more than %u %s given", command->max_operands,
                          command->operand);
        return SP_EXIT_USAGE;
    }
    return command->run(values, operands);
}

static SpExit
run_command(const SpCommand *command, char *const *words)
{
    g_autofree gpointer values = g_malloc0(command->values_size);
    g_auto(GStrv) operands = NULL;
    g_autoptr(GError) error = NULL;
    gboolean help = FALSE;
    if (!sp_args_parse(command->options, FALSE, words, values, &help, &operands, &error)) {
        sp_complain_usage(command->name, "%s", error->message);
        return SP_EXIT_USAGE;
    }
    SpExit code = run_parsed(command, values, help, operands);
    sp_args_clear(command->options, values);
    return code;
}

SpExit
sp_program_run(const SpCommand *const *commands, char *const *argv)
{
    Values values = {0};
    gboolean help = FALSE;
    g_auto(GStrv) words = NULL;
    g_autoptr(GError) error = NULL;
    if (!sp_args_parse(sp_program_options, TRUE, argv, &values, &help, &words, &error)) {
        sp_complain_usage(NULL, "%s", error->message);
        return SP_EXIT_USAGE;
    }
    if (help) {
        g_autofree char *text = sp_help_top(commands);
        return show(text);
    }
    if (values.version)
        return show_version();
    if (words[0] == NULL) {
        sp_complain_usage(NULL, "no command given");
        return SP_EXIT_USAGE;
    }
    for (guint i = 0; commands[i] != NULL; i++) {
        if (g_str_equal(words[0], commands[i]->name))
            return run_command(commands[i], words + 1);
    }
    return unknown_command(commands, words[0]);
}
