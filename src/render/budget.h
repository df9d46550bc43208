/* SPDX-License-Identifier: MIT */
/* budget.h -- find the quality whose file fits a byte budget, in few encodes.
 *
 * Pure arithmetic, apart from the encoders: the caller encodes at the quality that it is told,
 * says how many bytes came out, and asks again.
 *
 *     sp_budget_init(&budget, max_bytes, quality, min_quality);
 *     while (sp_budget_next(&budget, spectrum, &q))
 *         sp_budget_report(&budget, q, bytes_at(q));
 *     budget.fits ? budget.best_quality : sp_budget_shrink(...)
 *
 * A caller that shrinks the picture goes on with sp_budget_restart(), and the search with what
 * it knows of the larger one. */
#ifndef SP_RENDER_BUDGET_H
#define SP_RENDER_BUDGET_H
#include "render/spectrum.h"
G_BEGIN_DECLS

/* Encodes, of one size and where there were larger ones before, or a wide range of qualities to
 * choose from; more only to fit at all. */
#define SP_BUDGET_MOST 4
#define SP_BUDGET_MOST_IN_ALL 5

typedef struct {
    double quality;
    gsize bytes;
} SpBudgetTrial;

typedef struct {
    gsize max_bytes;
    double quality, min_quality;
    /* Qualities that give the same file: all up to the one, all from the other on (encode.h);
     * the caller may set them. None is tried beside another. */
    double alike_below, alike_above;
    guint encodes;    /* of all sizes */
    gboolean is_last; /* no smaller size is to be had: nothing is given up by prediction */
    double offset;    /* of the logarithm of bytes above the spectrum, from the size before */
    /* At this size: */
    gboolean fits; /* best_* are valid */
    double best_quality;
    gsize best_bytes;
    gboolean has_over; /* tried, and too large: the lowest quality of those */
    double over_quality;
    gsize over_bytes;
    guint n_trials;
    SpBudgetTrial trials[SP_BUDGET_MOST + 2]; /* the latest */
} SpBudget;

/* quality: tried first, never exceeded. min_quality: at most quality. */
void sp_budget_init(SpBudget *budget, gsize max_bytes, double quality, double min_quality);

/* spectrum, here and below: of the picture that is encoded. It is not looked at until the first
 * file of all is too large, and may be NULL until then.
 *
 * FALSE when the search is over; else *ret_quality is to be tried. */
gboolean sp_budget_next(const SpBudget *budget, const SpSpectrum *spectrum,
                        double *ret_quality);
void sp_budget_report(SpBudget *budget, double quality, gsize bytes);

/* Is it known, or as good as known, that nothing fits at this size? sp_budget_next() is FALSE
 * then. */
gboolean sp_budget_is_lost(const SpBudget *budget, const SpSpectrum *spectrum);

/* The logarithm of the bytes at quality, by all that is known; there must be a trial. */
double sp_budget_predict(const SpBudget *budget, const SpSpectrum *spectrum, double quality);

/* By what factor both sides must change so that the file fits at the middle between
 * min-quality and quality. */
double sp_budget_shrink(const SpBudget *budget, const SpSpectrum *spectrum);

/* Start again with a picture of another size: last is the spectrum of the one before. */
void sp_budget_restart(SpBudget *budget, const SpSpectrum *last);

G_END_DECLS
#endif
