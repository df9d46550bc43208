/* SPDX-License-Identifier: MIT */
/* audit-json.c -- an audit as lines of JSON.
 *
 * The rules are those of receipts: what is not known is left out, never null; an empty list of
 * reveals is a promise, made only of what was read to its end. A file's name is bytes: when it
 * is not UTF-8, path_base64 has it as it is. */
#include "bulk/audit-json.h"
#include "pipeline/json.h"

#define SCHEMA "storyphoto.audit/1"

static void
add_inspection(JsonBuilder *builder, const SpInspection *inspection)
{
    sp_json_add_text(builder, "format", inspection->input_format);
    sp_json_add_count(builder, "bytes", inspection->input_bytes);
    if (inspection->error != NULL && inspection->reveals == 0)
        return;
    sp_json_add_categories(builder, "reveals", inspection->reveals);
    sp_json_add_carriers(builder, inspection->carriers);
}

char *
sp_audited_to_json(const SpAudited *audited)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_file_name(builder, "path", audited->path);
    sp_json_add_text(builder, "status", sp_verdict_word(audited->verdict));
    sp_json_add_text(builder, "reason", sp_skip_word(audited->reason));
    if (audited->inspection != NULL)
        add_inspection(builder, audited->inspection);
    sp_json_add_error(builder, sp_audited_error(audited));
    return sp_json_finish(builder);
}

/* ---- the summary ---------------------------------------------------------------------------
 */

static void
add_verdicts(JsonBuilder *builder, const SpAuditTally *tally)
{
    for (guint i = 0; i < SP_VERDICT_COUNT; i++)
        sp_json_add_number(builder, sp_verdict_word(i), tally->verdicts[i]);
    json_builder_set_member_name(builder, "reasons");
    json_builder_begin_object(builder);
    for (guint i = SP_SKIP_NONE + 1; i < SP_SKIP_COUNT; i++)
        if (tally->skips[i] != 0)
            sp_json_add_number(builder, sp_skip_word(i), tally->skips[i]);
    json_builder_end_object(builder);
}

static void
add_sums(JsonBuilder *builder, const SpAuditTally *tally)
{
    json_builder_set_member_name(builder, "reveals");
    json_builder_begin_object(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if (tally->reveals[i] != 0)
            sp_json_add_number(builder, sp_category_slug(i), tally->reveals[i]);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "carriers");
    json_builder_begin_array(builder);
    for (guint i = 0; i < tally->carriers->len; i++) {
        const SpTallyCarrier *carrier = &g_array_index(tally->carriers, SpTallyCarrier, i);
        json_builder_begin_object(builder);
        sp_json_add_text(builder, "carrier", carrier->word);
        sp_json_add_number(builder, "files", carrier->files);
        sp_json_add_number(builder, "count", carrier->count);
        sp_json_add_number(builder, "bytes", carrier->bytes);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

char *
sp_audit_tally_to_json(const SpAuditTally *tally, guint64 folders, gboolean complete)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    json_builder_set_member_name(builder, "summary");
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "complete");
    json_builder_add_boolean_value(builder, complete);
    sp_json_add_number(builder, "files", tally->files);
    sp_json_add_number(builder, "folders", folders);
    sp_json_add_number(builder, "bytes", tally->bytes);
    add_verdicts(builder, tally);
    add_sums(builder, tally);
    json_builder_end_object(builder);
    sp_json_add_text(builder, "sandbox", sp_sandbox_posture());
    sp_json_add_text(builder, "version", sp_version());
    return sp_json_finish(builder);
}
