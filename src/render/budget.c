/* SPDX-License-Identifier: MIT */
/* budget.c -- find the quality whose file fits a byte budget, in few encodes.
 *
 * The logarithm of a file's size is nearly a straight line over quality, in short stretches.
 * From the first trial on, each next quality is where the line through what is known meets the
 * target; the line's slope is a guess until two trials are there. The search keeps the best
 * that fits, and ends when that fills the budget, or when the bracket is too narrow to matter.
 */
#include "render/budget.h"
#include <math.h>

#define FILL 0.97 /* good enough: this share of the limit is used */
#define AIM 0.985 /* where the line is followed to */
#define FIRST_SLOPE                                                                            \
    0.03           /* of ln(bytes) a point of quality; between 40 and 80, both encoders        \
                    */
#define NARROW 0.5 /* points of quality: a smaller difference is not seen */
#define MOST_ENCODES 6

void
sp_budget_init(SpBudget *budget, gsize max_bytes, double quality, double min_quality)
{
    *budget = (SpBudget){
        .max_bytes = max_bytes,
        .quality = quality,
        .min_quality = MIN(min_quality, quality),
    };
}

static gboolean
is_over(const SpBudget *budget)
{
    if (budget->encodes == 0)
        return FALSE;
    if (!budget->has_over)
        return TRUE; /* the preset's own quality fits */
    if (!budget->fits)
        return budget->over_quality <= budget->min_quality ||
               budget->encodes >= MOST_ENCODES + 2;
    return (double)budget->best_bytes >= FILL * (double)budget->max_bytes ||
           budget->over_quality - budget->best_quality < NARROW ||
           budget->encodes >= MOST_ENCODES;
}

static double
slope(const SpBudget *budget)
{
    double q0 = budget->fits ? budget->best_quality : budget->quality;
    gsize b0 = budget->fits ? budget->best_bytes : budget->first_bytes;
    double dq = budget->over_quality - q0;
    double known = dq == 0 ? 0 : log((double)budget->over_bytes / (double)MAX(b0, 1)) / dq;
    return known > FIRST_SLOPE / 10 ? known : FIRST_SLOPE;
}

/* Going down without a bracket, the line is too flat at first: it is followed a bit further
 * each time, and the last step is min-quality itself. */
static double
step_down(const SpBudget *budget, double predicted)
{
    double least = 1.0 + budget->encodes;
    double next = MIN(predicted, budget->over_quality - least);
    gboolean last = next < budget->min_quality + 1 || budget->encodes + 1 >= MOST_ENCODES;
    return last ? budget->min_quality : next;
}

gboolean
sp_budget_next(const SpBudget *budget, double *ret_quality)
{
    if (is_over(budget))
        return FALSE;
    if (budget->encodes == 0) {
        *ret_quality = budget->quality;
        return TRUE;
    }
    double aim = log(AIM * (double)budget->max_bytes / (double)budget->over_bytes);
    double predicted = budget->over_quality + aim / slope(budget);
    if (!budget->fits) {
        *ret_quality = step_down(budget, predicted);
        return TRUE;
    }
    double margin = (budget->over_quality - budget->best_quality) / 8;
    *ret_quality =
        CLAMP(predicted, budget->best_quality + margin, budget->over_quality - margin);
    return TRUE;
}

void
sp_budget_report(SpBudget *budget, double quality, gsize bytes)
{
    if (budget->encodes++ == 0)
        budget->first_bytes = bytes;
    if (bytes > budget->max_bytes) {
        if (!budget->has_over || quality < budget->over_quality) {
            budget->over_quality = quality;
            budget->over_bytes = bytes;
        }
        budget->has_over = TRUE;
    } else if (!budget->fits || quality > budget->best_quality) {
        budget->best_quality = quality;
        budget->best_bytes = bytes;
        budget->fits = TRUE;
    }
}

double
sp_budget_shrink(const SpBudget *budget)
{
    /* In the middle of two qualities, the geometric mean of their sizes; a file's size is about
     * proportional to its pixels. */
    double middle = sqrt((double)budget->first_bytes * (double)budget->over_bytes);
    return MIN(0.95, sqrt(AIM * (double)budget->max_bytes / middle));
}
