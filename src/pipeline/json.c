/* SPDX-License-Identifier: MIT */
/* json.c -- members that receipts, inspections and audits have in common. */
#include "pipeline/json.h"
#include <string.h>

void
sp_json_add_text(JsonBuilder *builder, const char *member, const char *text)
{
    if (text == NULL)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, member);
    json_builder_add_string_value(builder, valid);
}

void
sp_json_add_file_name(JsonBuilder *builder, const char *member, const char *name)
{
    sp_json_add_text(builder, member, name);
    if (name == NULL || g_utf8_validate(name, -1, NULL))
        return;
    g_autofree char *exact = g_strconcat(member, "_base64", NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)name, strlen(name));
    sp_json_add_text(builder, exact, base64);
}

void
sp_json_add_count(JsonBuilder *builder, const char *member, guint64 count)
{
    if (count != 0)
        sp_json_add_number(builder, member, count);
}

void
sp_json_add_number(JsonBuilder *builder, const char *member, guint64 number)
{
    json_builder_set_member_name(builder, member);
    json_builder_add_int_value(builder, (gint64)number);
}

void
sp_json_begin_input(JsonBuilder *builder, const char *name, guint64 bytes, const char *format,
                    guint width, guint height)
{
    json_builder_set_member_name(builder, "input");
    json_builder_begin_object(builder);
    sp_json_add_file_name(builder, "name", name);
    sp_json_add_count(builder, "bytes", bytes);
    sp_json_add_text(builder, "format", format);
    sp_json_add_count(builder, "width", width);
    sp_json_add_count(builder, "height", height);
}

void
sp_json_add_categories(JsonBuilder *builder, const char *member, guint32 categories)
{
    json_builder_set_member_name(builder, member);
    json_builder_begin_array(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if ((categories & 1u << i) != 0)
            json_builder_add_string_value(builder, sp_category_slug(i));
    }
    json_builder_end_array(builder);
}

void
sp_json_add_carriers(JsonBuilder *builder, const GArray *carriers)
{
    json_builder_set_member_name(builder, "carriers");
    json_builder_begin_array(builder);
    for (guint i = 0; i < carriers->len; i++) {
        const SpFinding *finding = &g_array_index(carriers, SpFinding, i);
        json_builder_begin_object(builder);
        sp_json_add_text(builder, "carrier", finding->word);
        sp_json_add_text(builder, "place", finding->place[0] == '\0' ? NULL : finding->place);
        sp_json_add_number(builder, "count", finding->count);
        sp_json_add_number(builder, "bytes", finding->bytes);
        sp_json_add_categories(builder, "reveals", finding->reveals);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

/* Only our own codes have words; whatever came through from elsewhere is "internal". */
static int
own_code(const GError *error)
{
    return error->domain == SP_ERROR ? error->code : -1;
}

void
sp_json_add_error(JsonBuilder *builder, const GError *error)
{
    if (error == NULL)
        return;
    json_builder_set_member_name(builder, "error");
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "code", sp_error_word(own_code(error)));
    sp_json_add_text(builder, "message", error->message);
    json_builder_end_object(builder);
}

const char *
sp_json_status(const GError *error)
{
    if (error == NULL)
        return "ok";
    return sp_error_is_refusal(own_code(error)) ? "refused" : "failed";
}

char *
sp_json_finish(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}
