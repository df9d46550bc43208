/* SPDX-License-Identifier: MIT */
/* inspection-json.c -- an inspection's one line of JSON; never a value.
 *
 * `schema`, `status`, `input` and `version` are always there; `reveals` and `carriers` too when
 * status is "ok", otherwise only as far as something was found: an empty list is a promise. */
#include "pipeline/json.h"

#define SCHEMA "storyphoto.inspection/1"

static void
add_input(JsonBuilder *builder, const SpInspection *inspection)
{
    json_builder_set_member_name(builder, "input");
    json_builder_begin_object(builder);
    sp_json_add_file_name(builder, "name", inspection->input_name);
    sp_json_add_count(builder, "bytes", inspection->input_bytes);
    sp_json_add_text(builder, "format", inspection->input_format);
    sp_json_add_count(builder, "width", inspection->width);
    sp_json_add_count(builder, "height", inspection->height);
    json_builder_end_object(builder);
}

char *
sp_inspection_to_json(const SpInspection *inspection)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_text(builder, "status", sp_json_status(inspection->error));
    add_input(builder, inspection);
    if (inspection->error == NULL || inspection->reveals != 0)
        sp_json_add_categories(builder, "reveals", inspection->reveals);
    if (inspection->error == NULL || inspection->carriers->len != 0)
        sp_json_add_carriers(builder, inspection->carriers);
    sp_json_add_text(builder, "version", sp_version());
    sp_json_add_error(builder, inspection->error);
    return sp_json_finish(builder);
}
