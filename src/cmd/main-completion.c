/* SPDX-License-Identifier: MIT */
/* main-completion.c -- write-completion bash|zsh|fish: what a shell must know to complete.
 *
 * A tool of the build, not installed. It writes the commands, options, keys and presets from
 * the tables that the program runs by; how a shell completes with them stands in
 * packaging/completion/, which names none of them. What completes an option's value is chosen
 * there by the word that --help has for it ("DIR", "PRESET", "N"), and so is that of an
 * operand, by its word in the usage. A new shell is a line in `shells` and its file there. */
#include "cmd/completion.h"
#include "cmd/print.h"
#include "cmd/program.h"
#include "storyphoto.h"
#include <string.h>

static const SpOption help_option = {
    'h', "help", SP_OPTION_FLAG, 0, NULL, "show this help",
};

/* ---- what the tables say -------------------------------------------------------------------
 */

typedef void (*EachOption)(GString *text, const char *command, const SpOption *option);

/* Of one command or, with NULL, of the program. */
static void
each_option(GString *text, const SpCommand *command, EachOption append)
{
    const SpOption *option = command != NULL ? command->options : sp_program_options;
    const char *name = command != NULL ? command->name : "";
    for (; option->long_name != NULL; option++)
        append(text, name, option);
    append(text, name, &help_option);
}

static gboolean
takes_value(const SpCommand *command, const char *word)
{
    for (const SpOption *option = command->options; option->long_name != NULL; option++)
        if (g_str_has_prefix(word, "--") && g_str_equal(word + 2, option->long_name))
            return option->value != NULL;
    return FALSE;
}

/* "FILE|DIR..." or "[CODE]": the words in it that are not there yet. */
static void
add_operand(GPtrArray *operands, const char *word)
{
    g_autofree char *plain = g_strdup(word);
    plain[strcspn(plain, ".]")] = '\0';
    g_auto(GStrv) parts = g_strsplit(plain + (*plain == '['), "|", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        gboolean is_new = *parts[i] != '\0' && !g_str_equal(parts[i], "OPTION");
        for (guint j = 0; is_new && j < operands->len; j++)
            is_new = !g_str_equal(g_ptr_array_index(operands, j), parts[i]);
        if (is_new)
            g_ptr_array_add(operands, g_strdup(parts[i]));
    }
}

/* What one line of usage names beside options and redirections. */
static void
add_operands(GPtrArray *operands, const SpCommand *command, const char *usage)
{
    g_auto(GStrv) words = g_strsplit(usage, " ", -1);
    gboolean in_option = FALSE;
    for (guint i = 1; words[0] != NULL && words[i] != NULL; i++) {
        const char *word = words[i];
        in_option |= g_str_has_prefix(word, "[-");
        if (!in_option && strchr("-<>|", *word) == NULL &&
            !(*words[i - 1] == '-' && takes_value(command, words[i - 1])))
            add_operand(operands, word);
        in_option &= strchr(word, ']') == NULL;
    }
}

/* Blank-separated; owned by the caller. A word in small letters stands for itself. */
static char *
operands_of(const SpCommand *command)
{
    g_autoptr(GPtrArray) operands = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; command->usage[i] != NULL; i++)
        add_operands(operands, command, command->usage[i]);
    g_ptr_array_add(operands, NULL);
    return g_strjoinv(" ", (char **)operands->pdata);
}

/* "opaque random source" of the range "opaque, random, source", and nothing of "1 to 16". Owned
 * by the caller. */
static char *
words_of(const SpPresetKey *key)
{
    g_auto(GStrv) words = g_strsplit(key->range, ", ", -1);
    if (g_strv_length(words) < 2)
        return g_strdup("");
    for (guint i = 0; words[i] != NULL; i++)
        if (strspn(words[i], "abcdefghijklmnopqrstuvwxyz-") != strlen(words[i]))
            return g_strdup("");
    return g_strjoinv(" ", words);
}

/* ---- bash ----------------------------------------------------------------------------------
 */

static void
bash_option(GString *text, const char *command, const SpOption *option)
{
    const char letter[] = {'-', option->short_name, '\0'};
    g_string_append_printf(text, "%s\t--%s\t%s\t%s\n", *command != '\0' ? command : "-",
                           option->long_name, option->short_name != 0 ? letter : "--",
                           option->value != NULL ? option->value : "-");
}

static void
append_presets(GString *text, const char *separator)
{
    const char *const *names = sp_preset_list();
    for (guint i = 0; names[i] != NULL; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? separator : "", names[i]);
}

/* The same in bash and zsh: each key a line, "variant.format webp jpeg". */
static void
append_keys(GString *text)
{
    gsize n = 0;
    const SpPresetKey *keys = sp_preset_keys(&n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *words = words_of(&keys[i]);
        g_string_append_printf(text, "%s.%s%s%s\n", keys[i].group, keys[i].name,
                               *words != '\0' ? " " : "", words);
    }
}

static void
write_bash(GString *text)
{
    const SpCommand *const *commands = sp_completion_commands;
    g_string_append(text, "# bash completion for storyphoto; made from its tables.\n"
                          "_storyphoto_commands='");
    for (guint i = 0; commands[i] != NULL; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", commands[i]->name);
    g_string_append(text, "'\n_storyphoto_presets='");
    append_presets(text, " ");
    g_string_append(text, "'\n_storyphoto_keys='");
    append_keys(text);
    g_string_append(text, "'\n_storyphoto_operands='");
    for (guint i = 0; commands[i] != NULL; i++) {
        g_autofree char *operands = operands_of(commands[i]);
        g_string_append_printf(text, "%s %s\n", commands[i]->name, operands);
    }
    g_string_append(text, "'\n_storyphoto_options='");
    each_option(text, NULL, bash_option);
    for (guint i = 0; commands[i] != NULL; i++)
        each_option(text, commands[i], bash_option);
    g_string_append(text, "'\n");
}

/* ---- zsh -----------------------------------------------------------------------------------
 */

/* For the text in a spec of _arguments, itself between single quotes. */
static void
append_escaped(GString *text, const char *words, const char *special)
{
    for (; *words != '\0'; words++) {
        if (*words == '\'')
            g_string_append(text, "'\\'");
        else if (strchr(special, *words) != NULL)
            g_string_append_c(text, '\\');
        g_string_append_c(text, *words);
    }
}

static void
zsh_option(GString *text, const char *command, const SpOption *option)
{
    gboolean once = option->kind != SP_OPTION_LIST;
    char letter = option->short_name;
    (void)command;
    g_string_append(text, " \\\n        '");
    if (!once)
        g_string_append(text, "*");
    else if (letter != 0)
        g_string_append_printf(text, "(-%c --%s)", letter, option->long_name);
    if (letter != 0)
        g_string_append_printf(text, "'{-%c%s,--%s%s}'", letter, option->value ? "+" : "",
                               option->long_name, option->value ? "=" : "");
    else
        g_string_append_printf(text, "--%s%s", option->long_name, option->value ? "=" : "");
    g_string_append_c(text, '[');
    append_escaped(text, option->help, "[]:\\");
    g_string_append_c(text, ']');
    if (option->value != NULL)
        g_string_append_printf(text, ":%s:{_storyphoto_value \"%s\"}", option->value,
                               option->value);
    g_string_append_c(text, '\'');
}

static void
zsh_arguments(GString *text, const SpCommand *command)
{
    g_autofree char *operands = operands_of(command);
    g_string_append_printf(text, "    %s)\n        _arguments -s -S", command->name);
    each_option(text, command, zsh_option);
    if (*operands != '\0')
        g_string_append_printf(text, " \\\n        '*:%s:{_storyphoto_operand %s}'", operands,
                               operands);
    g_string_append(text, "\n        ;;\n");
}

static void
write_zsh(GString *text)
{
    const SpCommand *const *commands = sp_completion_commands;
    g_string_append(text, "#compdef storyphoto\n# Made from storyphoto's tables.\n"
                          "_storyphoto_commands=(\n");
    for (guint i = 0; commands[i] != NULL; i++) {
        g_string_append_printf(text, "    '%s:", commands[i]->name);
        append_escaped(text, commands[i]->summary, "");
        g_string_append(text, "'\n");
    }
    g_string_append(text, ")\n_storyphoto_presets=(");
    append_presets(text, " ");
    g_string_append(text, ")\n_storyphoto_keys='");
    append_keys(text);
    g_string_append(text, "'\n_storyphoto_arguments() {\n    case $1 in\n");
    for (guint i = 0; commands[i] != NULL; i++)
        zsh_arguments(text, commands[i]);
    g_string_append(text, "    '')\n        _arguments -S");
    each_option(text, NULL, zsh_option);
    g_string_append(text, "\n        ;;\n    esac\n}\n");
}

/* ---- fish ----------------------------------------------------------------------------------
 */

static void
fish_quote(GString *text, const char *words)
{
    g_string_append(text, " '");
    for (; *words != '\0'; words++) {
        if (*words == '\'' || *words == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *words);
    }
    g_string_append_c(text, '\'');
}

static void
fish_option(GString *text, const char *command, const SpOption *option)
{
    g_string_append_printf(text, "complete -c storyphoto -n '__storyphoto_in %s'", command);
    if (option->short_name != 0)
        g_string_append_printf(text, " -s %c", option->short_name);
    g_string_append_printf(text, " -l %s", option->long_name);
    if (option->value != NULL)
        g_string_append_printf(text, " -x -a '(__storyphoto_value \"%s\")'", option->value);
    g_string_append(text, " -d");
    fish_quote(text, option->help);
    g_string_append_c(text, '\n');
}

static void
fish_command(GString *text, const SpCommand *command)
{
    g_autofree char *operands = operands_of(command);
    g_string_append_printf(text, "complete -c storyphoto -n '__storyphoto_in' -a %s -d",
                           command->name);
    fish_quote(text, command->summary);
    g_string_append_c(text, '\n');
    each_option(text, command, fish_option);
    if (*operands != '\0')
        g_string_append_printf(text,
                               "complete -c storyphoto -n '__storyphoto_in %s' "
                               "-a '(__storyphoto_operand %s)'\n",
                               command->name, operands);
}

static void
write_fish(GString *text)
{
    gsize n = 0;
    const SpPresetKey *keys = sp_preset_keys(&n);
    g_string_append(text, "# Below this line: made from storyphoto's tables.\n"
                          "set -g __storyphoto_commands");
    for (guint i = 0; sp_completion_commands[i] != NULL; i++)
        g_string_append_printf(text, " %s", sp_completion_commands[i]->name);
    g_string_append(text, "\nset -g __storyphoto_presets ");
    append_presets(text, " ");
    g_string_append(text, "\nset -g __storyphoto_keys");
    for (gsize i = 0; i < n; i++) {
        g_autofree char *words = words_of(&keys[i]);
        g_autofree char *line =
            g_strdup_printf("%s.%s%s%s", keys[i].group, keys[i].name, *words ? " " : "", words);
        fish_quote(text, line);
    }
    g_string_append(text, "\ncomplete -c storyphoto -f\n");
    each_option(text, NULL, fish_option);
    for (guint i = 0; sp_completion_commands[i] != NULL; i++)
        fish_command(text, sp_completion_commands[i]);
}

/* ---- the program ---------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    void (*write)(GString *text);
} shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};

int
main(int argc, char **argv)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    sp_print_init();
    for (guint i = 0; argc == 2 && i < G_N_ELEMENTS(shells); i++)
        if (g_str_equal(argv[1], shells[i].name))
            shells[i].write(text);
    if (text->len == 0) {
        sp_complain("usage: write-completion bash|zsh|fish");
        return SP_EXIT_USAGE;
    }
    return (int)(sp_print_stdout(text->str, &error) ? SP_EXIT_OK : sp_exit_complain(error));
}
