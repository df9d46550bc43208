/* SPDX-License-Identifier: MIT */
/* errors.c -- `storyphoto errors`: what to say to the person who has sent a photo, for each
 * error code and for each thing that was removed. */
#include "cmd/command.h"
#include "cmd/exit.h"
#include "cmd/print.h"
#include "storyphoto.h"

#define LONGEST 15 /* "too-many-pixels" */

typedef struct {
    char *language; /* owned */
    gboolean json;
} Values;

static const char *const usage[] = {
    "errors [--lang LANGUAGE] [--json]",
    NULL,
};

static const SpOption options[] = {
    {0, "lang", SP_OPTION_TEXT, G_STRUCT_OFFSET(Values, language), "LANGUAGE",
     "in this language: en, unless given, or es"},
    {0, "json", SP_OPTION_FLAG, G_STRUCT_OFFSET(Values, json), NULL,
     "one object on one line, to look the words of receipts up in"},
    {0},
};

/* NULL when it has been said that there is none. */
static const char *
language_of(const Values *values)
{
    const char *wanted = values->language != NULL ? values->language : sp_languages()[0];
    const char *language = sp_language_find(wanted);
    if (language != NULL)
        return language;
    g_autofree char *known = g_strjoinv(", ", (char **)sp_languages());
    sp_complain_usage("errors", "there are no sentences in '%s', only in %s", wanted, known);
    return NULL;
}

static void
add_line(GString *text, const char *word, const char *sentence)
{
    sp_print_pad(text, word, LONGEST);
    g_string_append_printf(text, "  %s\n", sentence);
}

static char *
list(const char *language)
{
    GString *text = g_string_new(NULL);
    for (int code = SP_ERROR_NONE + 1; code < SP_ERROR_LAST; code++)
        add_line(text, sp_error_word(code), sp_error_sentence(code, language));
    add_line(text, sp_error_word(-1), sp_error_sentence(-1, language));
    g_string_append_c(text, '\n');
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        add_line(text, sp_category_slug(i), sp_category_sentence(i, language));
    return g_string_free(text, FALSE);
}

static SpExit
run(gconstpointer data, char *const *operands)
{
    const Values *values = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    if (operands[0] != NULL) {
        sp_complain_usage("errors", "errors takes no argument, not '%s'", operands[0]);
        return SP_EXIT_USAGE;
    }
    const char *language = language_of(values);
    if (language == NULL)
        return SP_EXIT_USAGE;
    if (values->json) {
        g_autofree char *line = sp_sentences_to_json(language);
        text = g_strconcat(line, "\n", NULL);
    } else {
        text = list(language);
    }
    if (sp_print_stdout(text, &error))
        return SP_EXIT_OK;
    return sp_exit_complain(error);
}

const SpCommand sp_command_errors = {
    .name = "errors",
    .usage = usage,
    .summary = "what to say to the person whose photo it is, for each error code",
    .description =
        "A kind sentence for each error code of a receipt, and one for each thing that was\n"
        "removed: for the page that answers the person who has sent the photo.\n",
    .options = options,
    .values_size = sizeof(Values),
    .run = run,
};
