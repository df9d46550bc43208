/* SPDX-License-Identifier: MIT */
/* journal-json.h -- what a journal comes to as JSON, schema storyphoto.journal/1. */
#ifndef SP_BULK_JOURNAL_JSON_H
#define SP_BULK_JOURNAL_JSON_H
#include "bulk/journal.h"
G_BEGIN_DECLS

/* One object without a newline, owned by the caller. totals are the journal's. */
char *sp_journal_to_json(SpJournal *journal, const SpJournalTotals *totals);

G_END_DECLS
#endif
