/* SPDX-License-Identifier: MIT */
/* batch-json.c -- events and totals of a batch as JSON; the rules are those of receipts. */
#include "bulk/batch-json.h"
#include "pipeline/json.h"

#define SCHEMA "storyphoto.batch/1"

static const char *
skip_word(SpTreeKind kind)
{
    return kind == SP_TREE_LINK ? "link" : kind == SP_TREE_SPECIAL ? "special" : "excluded";
}

static JsonBuilder *
begin(const char *event)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    sp_json_add_text(builder, "event", event);
    return builder;
}

char *
sp_batch_event_to_json(const SpBatchEvent *event)
{
    static const char *const words[] = {
        [SP_BATCH_PHOTO] = "due",
        [SP_BATCH_SKIPPED] = "skipped",
        [SP_BATCH_UNREAD] = "unread",
        [SP_BATCH_PRUNED] = "pruned",
    };
    g_return_val_if_fail(event->kind < G_N_ELEMENTS(words), NULL);
    g_autoptr(JsonBuilder) builder = begin(words[event->kind]);
    sp_json_add_file_name(builder, "path", event->path);
    if (event->kind == SP_BATCH_PHOTO)
        sp_json_add_text(builder, "due", sp_due_word(event->due));
    if (event->kind == SP_BATCH_SKIPPED)
        sp_json_add_text(builder, "reason", skip_word(event->skipped));
    sp_json_add_error(builder, event->error);
    return sp_json_finish(builder);
}

/* ---- totals --------------------------------------------------------------------------------
 */

static void
begin_member(JsonBuilder *builder, const char *member)
{
    json_builder_set_member_name(builder, member);
    json_builder_begin_object(builder);
}

static void
add_due(JsonBuilder *builder, const SpBatchTotals *totals)
{
    begin_member(builder, "due");
    for (guint i = 0; i < SP_DUE_COUNT; i++)
        if (sp_due_is((SpDue)i) && totals->due[i] != 0)
            sp_json_add_number(builder, sp_due_word((SpDue)i), totals->due[i]);
    json_builder_end_object(builder);
    sp_json_add_number(builder, "unchanged",
                       totals->due[SP_DUE_NOT] + totals->due[SP_DUE_REFUSED]);
}

static void
add_done(JsonBuilder *builder, const SpBatchTotals *totals)
{
    sp_json_add_number(builder, "published", totals->done[SP_OUTCOME_OK]);
    sp_json_add_number(builder, "refused", totals->done[SP_OUTCOME_REFUSED]);
    sp_json_add_number(builder, "failed", totals->done[SP_OUTCOME_FAILED]);
    begin_member(builder, "codes");
    for (int i = 0; i < SP_ERROR_LAST; i++)
        if (totals->codes[i] != 0)
            sp_json_add_number(builder, sp_error_word(i), totals->codes[i]);
    json_builder_end_object(builder);
    begin_member(builder, "removed");
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if (totals->removed[i] != 0)
            sp_json_add_number(builder, sp_category_slug(i), totals->removed[i]);
    json_builder_end_object(builder);
}

char *
sp_batch_totals_to_json(const SpBatchTotals *totals, const char *event, gint64 now_us,
                        const GError *error)
{
    g_autoptr(JsonBuilder) builder = begin(event);
    sp_json_add_count(builder, "expected", totals->expected);
    sp_json_add_number(builder, "seen", totals->seen);
    add_due(builder, totals);
    add_done(builder, totals);
    sp_json_add_number(builder, "skipped", totals->skipped);
    sp_json_add_number(builder, "unread", totals->unread);
    sp_json_add_number(builder, "bytes_in", totals->bytes_in);
    sp_json_add_number(builder, "bytes_out", totals->bytes_out);
    sp_json_add_number(builder, "gone", totals->gone);
    sp_json_add_number(builder, "superseded", totals->superseded);
    sp_json_add_number(builder, "pruned", totals->pruned);
    sp_json_add_number(builder, "left", totals->left);
    sp_json_add_number(builder, "milliseconds", (guint64)(now_us - totals->started_us) / 1000);
    sp_json_add_error(builder, error);
    return sp_json_finish(builder);
}
