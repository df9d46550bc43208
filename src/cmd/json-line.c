/* SPDX-License-Identifier: MIT */
/* json-line.c -- lines of JSON that a command makes by itself. */
#include "cmd/json-line.h"

void
sp_json_line_add(JsonBuilder *builder, const char *member, const char *text)
{
    if (text == NULL)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, member);
    json_builder_add_string_value(builder, valid);
}

char *
sp_json_line_finish(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *json = json_to_string(root, FALSE);
    return g_strconcat(json, "\n", NULL);
}
