/* SPDX-License-Identifier: MIT */
/* batch-text.h -- a batch in words. All are owned by the caller. */
#ifndef SP_CMD_BATCH_TEXT_H
#define SP_CMD_BATCH_TEXT_H
#include "bulk/batch.h"
G_BEGIN_DECLS

/* What a run came to; dry: what it would do. Several lines, each with its newline. */
char *sp_batch_text_summary(const SpBatchTotals *totals, gint64 now_us, gboolean dry,
                            gboolean pruning);

/* What to do about what ended a run; static, or NULL. */
const char *sp_batch_text_advice(const GError *error);

G_END_DECLS
#endif
