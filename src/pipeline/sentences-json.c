/* SPDX-License-Identifier: MIT */
/* sentences-json.c -- all sentences of one language as a line of JSON, for a form to look up
 * the words and slugs of a receipt in. */
#include "pipeline/json.h"

#define SCHEMA "storyphoto.sentences/1"
#define NO_CODE (-1) /* "internal", which a receipt may say, too */

static void
add_error(JsonBuilder *builder, int code, const char *language)
{
    sp_json_add_text(builder, sp_error_word(code), sp_error_sentence(code, language));
}

char *
sp_sentences_to_json(const char *language)
{
    const char *known = language != NULL ? sp_language_find(language) : NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_text(builder, "language", known != NULL ? known : sp_languages()[0]);
    json_builder_set_member_name(builder, "errors");
    json_builder_begin_object(builder);
    for (int code = SP_ERROR_NONE + 1; code < SP_ERROR_LAST; code++)
        add_error(builder, code, known);
    add_error(builder, NO_CODE, known);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "removed");
    json_builder_begin_object(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        sp_json_add_text(builder, sp_category_slug(i), sp_category_sentence(i, known));
    json_builder_end_object(builder);
    return sp_json_finish(builder);
}
