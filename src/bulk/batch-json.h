/* SPDX-License-Identifier: MIT */
/* batch-json.h -- a batch as lines of JSON, schema storyphoto.batch/1. What became of an upload
 * is told by its receipt, a line of its own. */
#ifndef SP_BULK_BATCH_JSON_H
#define SP_BULK_BATCH_JSON_H
#include "bulk/batch.h"
G_BEGIN_DECLS

/* One object without a newline, owned by the caller. "due" (a photo of a dry run), "skipped",
 * "unread" or "pruned", with path and why; not for what has a receipt, nor for ticks. */
char *sp_batch_event_to_json(const SpBatchEvent *event);
/* event: "start", "progress" or "end"; now_us is monotonic. error: why it is not complete, or
 * NULL. */
char *sp_batch_totals_to_json(const SpBatchTotals *totals, const char *event, gint64 now_us,
                              const GError *error);

G_END_DECLS
#endif
