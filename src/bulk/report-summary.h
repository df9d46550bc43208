/* SPDX-License-Identifier: MIT */
/* report-summary.h -- what a batch comes to: the upper half of a report's index. */
#ifndef SP_BULK_REPORT_SUMMARY_H
#define SP_BULK_REPORT_SUMMARY_H
#include "bulk/journal.h"
#include "bulk/report-chart.h"
G_BEGIN_DECLS

#define SP_SUMMARY_FORMATS 16 /* what we read are fewer */

/* What totals do not say, from all rows. */
typedef struct {
    SpChart megapixels, bytes_in, bytes_out, seconds; /* bytes_out: of each output */
    char *formats[SP_SUMMARY_FORMATS];                /* owned; "jpeg" */
    guint64 n_formats[SP_SUMMARY_FORMATS];
} SpSummary;

void sp_summary_init(SpSummary *summary);
void sp_summary_clear(SpSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpSummary, sp_summary_clear)
/* A row of any outcome. */
void sp_summary_add(SpSummary *summary, const SpJournalRow *row);

/* Tiles of numbers; what was taken out; why photos were not published; charts. source and
 * output, for the eye, may be NULL. */
void sp_summary_append(GString *html, const SpSummary *summary, const SpJournalTotals *totals,
                       const char *source, const char *output);

G_END_DECLS
#endif
