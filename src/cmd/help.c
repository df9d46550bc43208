/* SPDX-License-Identifier: MIT */
/* help.c -- --help, from the tables of commands, options, preset keys and exit codes.
 *
 * It holds no text about a single command: that stands in the command's own file. */
#include "cmd/help.h"
#include "cmd/exit.h"
#include "cmd/print.h"
#include "storyphoto.h"

static void
append_usage(GString *text, const char *const *usage)
{
    for (guint i = 0; usage[i] != NULL; i++)
        g_string_append_printf(text, "%s storyphoto %s\n", i == 0 ? "usage:" : "      ",
                               usage[i]);
}

static void
append_option(GString *text, const SpOption *option)
{
    g_autofree char *letter = option->short_name != 0
                                  ? g_strdup_printf("-%c, ", option->short_name)
                                  : g_strdup("    ");
    g_autofree char *left =
        g_strdup_printf("%s--%s%s%s", letter, option->long_name, option->value ? " " : "",
                        option->value ? option->value : "");
    g_string_append(text, "  ");
    sp_print_pad(text, left, 26);
    g_string_append_printf(text, "%s\n", option->help);
}

static void
append_options(GString *text, const SpOption *options)
{
    static const SpOption help = {
        'h', "help", SP_OPTION_FLAG, 0, NULL, "show this help",
    };
    g_string_append(text, "\noptions:\n");
    for (const SpOption *option = options; option->long_name != NULL; option++)
        append_option(text, option);
    append_option(text, &help);
}

char *
sp_help_top(const SpCommand *const *commands)
{
    static const char *const usage[] = {
        "COMMAND [OPTION]... [ARGUMENT]...",
        "COMMAND --help",
        "--version",
        NULL,
    };
    GString *text = g_string_new("storyphoto turns an uploaded photo into what a website may "
                                 "safely publish\n\n");
    append_usage(text, usage);
    g_string_append(text, "\ncommands:\n");
    for (guint i = 0; commands[i] != NULL; i++) {
        g_string_append(text, "  ");
        sp_print_pad(text, commands[i]->name, 10);
        g_string_append_printf(text, "%s\n", commands[i]->summary);
    }
    sp_exit_help(text);
    return g_string_free(text, FALSE);
}

char *
sp_help_command(const SpCommand *command)
{
    GString *text = g_string_new(NULL);
    append_usage(text, command->usage);
    g_string_append_printf(text, "\n%s", command->description);
    append_options(text, command->options);
    if (command->more_help != NULL)
        command->more_help(text);
    return g_string_free(text, FALSE);
}

void
sp_help_preset_keys(GString *text)
{
    gsize n = 0;
    const SpPresetKey *keys = sp_preset_keys(&n);
    const char *group = "";
    for (gsize i = 0; i < n; i++) {
        const SpPresetKey *key = &keys[i];
        if (!g_str_equal(group, key->group))
            g_string_append_printf(text, "\nkeys of [%s%s], for a preset file and --set:\n",
                                   key->group,
                                   g_str_equal(key->group, "variant") ? " NAME" : "");
        group = key->group;
        g_string_append(text, "  ");
        sp_print_pad(text, key->name, 14);
        g_string_append_printf(text, "  %s%s%s\n%18s%s\n", key->range,
                               *key->default_value != '\0' ? "; default " : "",
                               key->default_value, "", key->help);
    }
    g_string_append(text, "\nWhat each key means, and what it costs, stands in "
                          "storyphoto-presets(5).\n");
}
