/* SPDX-License-Identifier: MIT */
/* presets.c -- `storyphoto presets`: list the presets, show one, check a file.
 *
 * Showing is checking: what is shown has been read, range-checked and written back by the same
 * table that `process` uses, with the defaults filled in. */
#include "cmd/command.h"
#include "cmd/exit.h"
#include "cmd/print.h"
#include "storyphoto.h"
#include <string.h>

static const char *const usage[] = {
    "presets",
    "presets NAME|FILE",
    NULL,
};

static const SpOption options[] = {{0}};

static char *
list(GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *const *names = sp_preset_list();
    glong widest = 0;
    for (guint i = 0; names[i] != NULL; i++)
        widest = MAX(widest, (glong)strlen(names[i]));
    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(SpPreset) preset = sp_preset_load(names[i], error);
        if (preset == NULL)
            return NULL;
        g_autofree char *description = sp_print_escape(sp_preset_description(preset));
        sp_print_pad(text, names[i], widest);
        g_string_append_printf(text, "  %s\n", description);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
show(const char *name_or_path, GError **error)
{
    g_autoptr(SpPreset) preset = sp_preset_load(name_or_path, error);
    return preset != NULL ? sp_preset_to_ini(preset) : NULL;
}

static SpExit
run(gconstpointer values, char *const *operands)
{
    (void)values;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = operands[0] != NULL ? show(operands[0], &error) : list(&error);
    if (text != NULL && sp_print_stdout(text, &error))
        return SP_EXIT_OK;
    return sp_exit_complain(error);
}

const SpCommand sp_command_presets = {
    .name = "presets",
    .usage = usage,
    .summary = "list the presets, show one, check a preset file",
    .description =
        "Without an argument: the names of the presets that are built in.\n"
        "With one: the whole preset as an INI file, every key with its value. A file\n"
        "that cannot be used is an error that names the line or the key.\n"
        "storyphoto-presets(5) says how to write one.\n",
    .options = options,
    .max_operands = 1,
    .operand = "NAME|FILE",
    .run = run,
};
