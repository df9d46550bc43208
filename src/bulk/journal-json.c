/* SPDX-License-Identifier: MIT */
/* journal-json.c -- a journal's sums as a line of JSON.
 *
 * The rules are those of receipts: what is not known is left out. Numbers are counted, so 0 is
 * said; of codes and categories only those that occur. Names of inputs are not told here. */
#include "bulk/journal-json.h"
#include "pipeline/json.h"

#define SCHEMA "storyphoto.journal/1"

static void
add_word(JsonBuilder *builder, SpJournal *journal, const char *name)
{
    g_autofree char *value = sp_journal_get(journal, name);
    if (value != NULL)
        sp_json_add_file_name(builder, name, value);
}

static void
add_codes(JsonBuilder *builder, const SpJournalTotals *totals)
{
    json_builder_set_member_name(builder, "errors");
    json_builder_begin_object(builder);
    for (int i = 0; i < SP_ERROR_LAST; i++)
        if (totals->codes[i] != 0)
            sp_json_add_number(builder, sp_error_word(i), totals->codes[i]);
    json_builder_end_object(builder);
}

static void
add_removed(JsonBuilder *builder, const SpJournalTotals *totals)
{
    json_builder_set_member_name(builder, "removed");
    json_builder_begin_object(builder);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if (totals->removed[i] != 0)
            sp_json_add_number(builder, sp_category_slug(i), totals->removed[i]);
    json_builder_end_object(builder);
}

char *
sp_journal_to_json(SpJournal *journal, const SpJournalTotals *totals)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    sp_json_add_text(builder, "schema", SCHEMA);
    add_word(builder, journal, "source");
    add_word(builder, journal, "output");
    sp_json_add_number(builder, "inputs", totals->inputs);
    sp_json_add_number(builder, "ok", totals->outcomes[SP_OUTCOME_OK]);
    sp_json_add_number(builder, "refused", totals->outcomes[SP_OUTCOME_REFUSED]);
    sp_json_add_number(builder, "failed", totals->outcomes[SP_OUTCOME_FAILED]);
    add_codes(builder, totals);
    add_removed(builder, totals);
    sp_json_add_number(builder, "bytes_in", totals->bytes_in);
    sp_json_add_number(builder, "bytes_out", totals->bytes_out);
    sp_json_add_number(builder, "outputs", totals->outputs);
    sp_json_add_number(builder, "superseded", totals->superseded);
    sp_json_add_text(builder, "version", sp_version());
    return sp_json_finish(builder);
}
