/* SPDX-License-Identifier: MIT */
/* budget.h -- find the quality whose file fits a byte budget, in few encodes.
 *
 * Pure arithmetic, apart from the encoders: the caller encodes at the quality that it is told,
 * says how many bytes came out, and asks again.
 *
 *     sp_budget_init(&budget, max_bytes, quality, min_quality);
 *     while (sp_budget_next(&budget, &q))
 *         sp_budget_report(&budget, q, bytes_at(q));
 *     budget.fits ? budget.best_quality : sp_budget_shrink(...)
 */
#ifndef SP_RENDER_BUDGET_H
#define SP_RENDER_BUDGET_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
    gsize max_bytes;
    double quality, min_quality;
    guint encodes;
    gboolean fits; /* best_* are valid */
    double best_quality;
    gsize best_bytes;
    /* Tried, and too large: the lowest quality of those. */
    gboolean has_over;
    double over_quality;
    gsize over_bytes;
    gsize first_bytes; /* at quality, the first trial */
} SpBudget;

/* quality: tried first, never exceeded. min_quality: at most quality. */
void sp_budget_init(SpBudget *budget, gsize max_bytes, double quality, double min_quality);

/* FALSE when the search is over; else *ret_quality is to be tried. */
gboolean sp_budget_next(const SpBudget *budget, double *ret_quality);
void sp_budget_report(SpBudget *budget, double quality, gsize bytes);

/* After a search that does not fit: by what factor (below 1) both sides must shrink so that the
 * file fits at about the middle between min-quality and quality. */
double sp_budget_shrink(const SpBudget *budget);

G_END_DECLS
#endif
