/* SPDX-License-Identifier: MIT */
/* audit-json.c -- an audit as lines of JSON.
 *
 * The rules are those of receipts: what is not known is left out, never null; an empty list of
 * reveals is a promise, made only of what was read to its end. A file's name is bytes: when it
 * is not UTF-8, path_base64 has it as it is. */
#include "bulk/audit-json.h"
#include "pipeline/json.h"

#define SCHEMA "storyphoto.audit/1"

/* A number that is known, 0 too. */
static void
add_number(JsonBuilder *builder, const char *member, guint64 number)
{
    json_builder_set_member_name(builder, member);
    json_builder_add_int_value(builder, (gint64)number);
}

static void
add_carriers(JsonBuilder *builder, const GArray *findings)
{
    json_builder_set_member_name(builder, "carriers");
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = &g_array_index(findings, SpFinding, i);
        json_builder_begin_object(builder);
        sp_json_add_text(builder, "carrier", finding->word);
        sp_json_add_text(builder, "place", finding->place[0] == '\0' ? NULL : finding->place);
        add_number(builder, "count", finding->count);
        add_number(builder, "bytes", finding->bytes);
        sp_json_add_categories(builder, "reveals", finding->reveals);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_inspection(JsonBuilder *builder, const SpInspection *inspection)
{
    sp_json_add_text(builder, "format", inspection->input_format);
    sp_json_add_count(builder, "bytes", inspection->input_bytes);
    if (inspection->error != NULL && inspection->reveals == 0)
        return;
    sp_json_add_categories(builder, "reveals", inspection->reveals);
    add_carriers(builder, inspection->carriers);
}

static char *
finish(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
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
    return finish(builder);
}

/* ---- the summary ---------------------------------------------------------------------------
 */

static void
add_verdicts(JsonBuilder *builder, const SpAuditTally *tally)
{
    for (guint i = 0; i < SP_VERDICT_COUNT; i++)
        add_number(builder, sp_verdict_word(i), tally->verdicts[i]);
    json_builder_set_member_name(builder, "reasons");
    json_builder_begin_object(builder);
    for (guint i = SP_SKIP_NONE + 1; i < SP_SKIP_COUNT; i++)
        if (tally->skips[i] != 0)
            add_number(builder, sp_skip_word(i), tally->skips[i]);
    json_builder_end_object(builder);
}

static void
add_sums(JsonBuilder *builder, const SpAuditTally *tally)
{
    json_builder_set_member_name(builder, "reveals");
    json_builder_begin_object(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if (tally->reveals[i] != 0)
            add_number(builder, sp_category_slug(i), tally->reveals[i]);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "carriers");
    json_builder_begin_array(builder);
    for (guint i = 0; i < tally->carriers->len; i++) {
        const SpTallyCarrier *carrier = &g_array_index(tally->carriers, SpTallyCarrier, i);
        json_builder_begin_object(builder);
        sp_json_add_text(builder, "carrier", carrier->word);
        add_number(builder, "files", carrier->files);
        add_number(builder, "count", carrier->count);
        add_number(builder, "bytes", carrier->bytes);
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
    add_number(builder, "files", tally->files);
    add_number(builder, "folders", folders);
    add_number(builder, "bytes", tally->bytes);
    add_verdicts(builder, tally);
    add_sums(builder, tally);
    json_builder_end_object(builder);
    sp_json_add_text(builder, "sandbox", sp_sandbox_posture());
    sp_json_add_text(builder, "version", sp_version());
    return finish(builder);
}
