/* SPDX-License-Identifier: MIT */
/* args.c -- from a table of options to GOption and back.
 *
 * Everything is taken as raw bytes (G_OPTION_ARG_FILENAME): file names need not be UTF-8, and
 * GOption's own text type would refuse them in the C locale. The program never calls
 * setlocale(), so GOption's messages are English and numbers have a decimal point.
 *
 * A new kind of value is one line in each of the two switches. */
#include "cmd/args.h"
#include "base/nearest.h"
#include <string.h>

#define UNKNOWN "Unknown option "

static GOptionArg
option_arg(SpOptionKind kind)
{
    switch (kind) {
    case SP_OPTION_TEXT:
        return G_OPTION_ARG_FILENAME;
    case SP_OPTION_LIST:
        return G_OPTION_ARG_FILENAME_ARRAY;
    case SP_OPTION_FLAG:
    default:
        return G_OPTION_ARG_NONE;
    }
}

/* "unknown option '--forse', did you mean '--force'?"; other messages in our style. */
static void
reword(const SpOption *table, GError **error)
{
    char *message = (*error)->message;
    if (!g_str_has_prefix(message, UNKNOWN)) {
        message[0] = g_ascii_tolower(message[0]);
        return;
    }
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    for (const SpOption *option = table; option->long_name != NULL; option++)
        g_ptr_array_add(known, g_strconcat("--", option->long_name, NULL));
    g_ptr_array_add(known, g_strdup("--help"));
    g_ptr_array_add(known, NULL);

    g_autofree char *word = g_strdup(message + strlen(UNKNOWN));
    word[strcspn(word, "=")] = '\0';
    g_autofree char *hint = sp_nearest_hint(word, (const char *const *)known->pdata);
    (*error)->message = g_strdup_printf("unknown option '%s'%s", word, hint);
    g_free(message);
}

/* Whether word, as it stands, takes the next word as its value. */
static gboolean
takes_next(const SpOption *table, const char *word)
{
    for (const SpOption *option = table; option->long_name != NULL; option++) {
        const char letter[] = {'-', option->short_name, '\0'};
        if (option->kind == SP_OPTION_FLAG || !g_str_has_prefix(word, "-"))
            continue;
        if ((option->short_name != 0 && g_str_equal(word, letter)) ||
            (g_str_has_prefix(word, "--") && g_str_equal(word + 2, option->long_name)))
            return TRUE;
    }
    return FALSE;
}

/* GOption takes --flag=VALUE for --flag, whatever VALUE says: "--force=no" would force. */
static gboolean
check_flag(const SpOption *table, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    if (!g_str_has_prefix(word, "--") || equals == NULL)
        return TRUE;
    g_autofree char *name = g_strndup(word, (gsize)(equals - word));
    gboolean is_flag = g_str_equal(name, "--help");
    for (const SpOption *option = table; option->long_name != NULL; option++)
        is_flag |= option->kind == SP_OPTION_FLAG && g_str_equal(name + 2, option->long_name);
    if (is_flag)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "option '%s' takes no value", name);
    return !is_flag;
}

/* Whether words behind this one are operands, or with strict somebody else's options. */
static gboolean
ends_options(const char *word, gboolean strict)
{
    gboolean is_operand = word[0] != '-' || word[1] == '\0';
    return g_str_equal(word, "--") || (strict && is_operand);
}

/* What GOption does not see to: "-oDIR" becomes two words, a flag with a value is refused. */
static gboolean
add_words(const SpOption *table, gboolean strict, char *const *words, GStrvBuilder *builder,
          GError **error)
{
    gboolean is_value = FALSE, ended = FALSE;
    for (guint i = 0; words[i] != NULL; i++) {
        const char *word = words[i];
        ended |= !is_value && ends_options(word, strict);
        if (!ended && !is_value && !check_flag(table, word, error))
            return FALSE;
        g_autofree char *letter = g_strndup(word, 2);
        gboolean joined = !ended && !is_value && strlen(word) > 2 && word[1] != '-' &&
                          takes_next(table, letter);
        if (joined)
            g_strv_builder_add(builder, letter);
        g_strv_builder_add(builder, joined ? word + 2 : word);
        is_value = !ended && !is_value && !joined && takes_next(table, word);
    }
    return TRUE;
}

gboolean
sp_args_parse(const SpOption *table, gboolean strict, char *const *words, gpointer values,
              gboolean *ret_help, char ***ret_operands, GError **error)
{
    gboolean help = FALSE;
    g_auto(GStrv) operands = NULL;
    GOptionEntry common[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, NULL},
    };
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (const SpOption *option = table; option->long_name != NULL; option++) {
        GOptionEntry entry = {
            .long_name = option->long_name,
            .short_name = option->short_name,
            .arg = option_arg(option->kind),
            .arg_data = (char *)values + option->offset,
        };
        g_array_append_val(entries, entry);
    }
    g_array_append_vals(entries, common, G_N_ELEMENTS(common));

    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_strict_posix(context, strict);
    g_option_context_add_main_entries(context, (GOptionEntry *)(gpointer)entries->data, NULL);

    /* GOption wants, and skips, a program's name. */
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_strv_builder_add(builder, "storyphoto");
    if (!add_words(table, strict, words, builder, error))
        return FALSE;
    g_auto(GStrv) argv = g_strv_builder_end(builder);
    g_autoptr(GError) local = NULL;
    if (!g_option_context_parse_strv(context, &argv, &local)) {
        reword(table, &local);
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    *ret_help = help;
    *ret_operands = operands != NULL ? g_steal_pointer(&operands) : g_new0(char *, 1);
    return TRUE;
}

void
sp_args_clear(const SpOption *table, gpointer values)
{
    for (const SpOption *option = table; option->long_name != NULL; option++) {
        gpointer value = (char *)values + option->offset;
        switch (option->kind) {
        case SP_OPTION_TEXT:
            g_clear_pointer((char **)value, g_free);
            break;
        case SP_OPTION_LIST:
            g_clear_pointer((char ***)value, g_strfreev);
            break;
        case SP_OPTION_FLAG:
        default:
            break;
        }
    }
}
