/* SPDX-License-Identifier: MIT */
/* progress.h -- how far a batch is: one line, on a terminal always the same one. */
#ifndef SP_CMD_PROGRESS_H
#define SP_CMD_PROGRESS_H
#include "bulk/batch.h"
G_BEGIN_DECLS

/* "[######----] 3 412 of 9 980, 27.5/s, 5 min 3 s left, 3 refused, 4.1 GB in, 0.8 GB out".
 * width: columns; what does not fit is left out from the end, the bar first of all, and never
 * is a number cut. 0: any width, and no bar. now_us is monotonic. Owned by the caller. */
char *sp_progress_line(const SpBatchTotals *totals, gint64 now_us, guint width);

typedef struct {
    gboolean is_terminal; /* standard error */
    gboolean is_quiet;    /* shows nothing */
    gboolean is_shown;    /* a line stands there now */
    gint64 next_us;       /* monotonic */
} SpProgress;

void sp_progress_init(SpProgress *progress, gboolean is_quiet);
/* Show it if it is time to: ten times a second on a terminal, elsewhere every ten seconds. */
void sp_progress_show(SpProgress *progress, const SpBatchTotals *totals);
/* Take the line away, before anything else is printed and at the end. */
void sp_progress_hide(SpProgress *progress);

G_END_DECLS
#endif
