/* SPDX-License-Identifier: MIT */
/* inspection-json.c -- an inspection's one line of JSON; never a value.
 *
 * `schema`, `status`, `input` and `version` are always there; `reveals` and `carriers` too when
 * status is "ok", otherwise only as far as something was found: an empty list is a promise. */
#include "pipeline/json.h"

#define SCHEMA "storyphoto.inspection/1"

char *
sp_inspection_to_json(const SpInspection *inspection)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_text(builder, "status", sp_json_status(inspection->error));
    sp_json_begin_input(builder, inspection->input_name, inspection->input_bytes,
                        inspection->input_format, inspection->width, inspection->height);
    json_builder_end_object(builder);
    if (inspection->error == NULL || inspection->reveals != 0)
        sp_json_add_categories(builder, "reveals", inspection->reveals);
    if (inspection->error == NULL || inspection->carriers->len != 0)
        sp_json_add_carriers(builder, inspection->carriers);
    sp_json_add_text(builder, "version", sp_version());
    sp_json_add_error(builder, inspection->error);
    return sp_json_finish(builder);
}
