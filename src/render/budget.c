/* SPDX-License-Identifier: MIT */
/* budget.c -- find the quality whose file fits a byte budget, in few encodes.
 *
 * The picture's spectrum says how the logarithm of a file's size goes with quality; the first
 * trial says how high that curve lies, each further one corrects its slope. The next quality is
 * where the curve meets the aim, just under the limit. The search keeps the best that fits, and
 * ends when that fills the budget, when the bracket is too narrow to matter, or when it has
 * taken enough encodes. What clearly fits at no quality is not tried at all, unless there is
 * nothing else left to give up. */
#include "render/budget.h"
#include <math.h>

#define FILL 0.97         /* good enough: this share of the limit is used */
#define FILL_LATE 0.95    /* and that after three encodes, where the curve is not smooth */
#define FILL_SMALLER 0.94 /* at a size that was chosen for it: the rest bought few pixels */
#define SAFE 0.96         /* the aim when the encodes run out and none fits yet */
#define CLEAR 0.15   /* above the limit, of the logarithm: four times the error of one trial */
#define CLEARER 0.05 /* and of two trials */
#define STEP 0.125   /* qualities are whole eighths: the last bits of a logarithm do not show */
#define FLAT 0.03    /* see is_narrow() */
#define NARROW 0.5   /* points of quality: a smaller difference is not seen */
#define WIDE 50      /* points of quality to choose from: one encode more is allowed for them */
#define POOR 0.9     /* where less than this share of the limit is used */
#define SIDES 1.7    /* bytes go with this power of the sides: small pictures are denser */
#define SCALE_NOISE 0.005 /* how little a slope of two near trials counts, see line_near() */

/* The curve as it is known near some trial. */
typedef struct {
    double bytes; /* its logarithm there */
    double known; /* the spectrum's */
    double scale; /* how much steeper than the spectrum's it is */
} Line;

void
sp_budget_init(SpBudget *budget, gsize max_bytes, double quality, double min_quality)
{
    *budget = (SpBudget){
        .max_bytes = max_bytes,
        .quality = quality,
        .min_quality = MIN(min_quality, quality),
        .alike_above = G_MAXDOUBLE,
    };
}

static double
fill(const SpBudget *budget)
{
    if (budget->n_trials < budget->encodes)
        return FILL_SMALLER;
    return budget->n_trials < 3 ? FILL : FILL_LATE;
}

/* The middle of what is good enough. */
static double
aim(const SpBudget *budget)
{
    double least = budget->n_trials < budget->encodes ? FILL_SMALLER : FILL;
    return (least + 1) / 2;
}

static double
known(const SpSpectrum *spectrum, double quality)
{
    static const SpSpectrum nothing = {0};
    return sp_spectrum_bytes(spectrum != NULL ? spectrum : &nothing, quality);
}

static double
log_bytes(gsize bytes)
{
    return log((double)MAX(bytes, 1));
}

/* The number of the trial that is nearest to bytes, a logarithm; other than that one. */
static guint
nearest(const SpBudget *budget, double bytes, guint other)
{
    guint found = other == 0 ? 1 : 0;
    for (guint i = 0; i < budget->n_trials; i++)
        if (i != other && fabs(log_bytes(budget->trials[i].bytes) - bytes) <
                              fabs(log_bytes(budget->trials[found].bytes) - bytes))
            found = i;
    return found;
}

/* The scale is the ratio of the slopes between the two nearest trials. Files differ by half a
 * percent from any smooth curve, scales by a tenth from 1: trials that are near each other say
 * little, and are weighed accordingly. */
static Line
line_near(const SpBudget *budget, const SpSpectrum *spectrum, double bytes)
{
    if (budget->n_trials == 0)
        return (Line){budget->offset, 0, 1};
    const SpBudgetTrial *trial = &budget->trials[nearest(budget, bytes, G_MAXUINT)];
    Line line = {log_bytes(trial->bytes), known(spectrum, trial->quality), 1};
    if (budget->n_trials == 1)
        return line;
    const SpBudgetTrial *other =
        &budget->trials[nearest(budget, bytes, (guint)(trial - budget->trials))];
    double rise = log_bytes(other->bytes) - line.bytes;
    double run = known(spectrum, other->quality) - line.known;
    line.scale = (rise * run + SCALE_NOISE) / (run * run + SCALE_NOISE);
    line.scale = CLAMP(line.scale, 0.25, 4);
    return line;
}

static double
follow(const Line *line, const SpSpectrum *spectrum, double quality)
{
    return line->bytes + line->scale * (known(spectrum, quality) - line->known);
}

double
sp_budget_predict(const SpBudget *budget, const SpSpectrum *spectrum, double quality)
{
    /* Where that lies is not known before the line is; its own limit is near enough. */
    Line line = line_near(budget, spectrum, log_bytes(budget->max_bytes));
    return follow(&line, spectrum, quality);
}

/* The quality at which the file has so many bytes; at least min-quality, at most quality. */
static double
solve(const SpBudget *budget, const SpSpectrum *spectrum, double share)
{
    double bytes = log(share * (double)budget->max_bytes);
    Line line = line_near(budget, spectrum, bytes);
    double low = budget->min_quality, high = budget->quality;
    for (guint i = 0; i < 12; i++) {
        double middle = (low + high) / 2;
        if (follow(&line, spectrum, middle) > bytes)
            high = middle;
        else
            low = middle;
    }
    return floor((low + high) / 2 / STEP + 0.5) * STEP;
}

gboolean
sp_budget_is_lost(const SpBudget *budget, const SpSpectrum *spectrum)
{
    if (budget->fits || !budget->has_over)
        return FALSE;
    if (budget->over_quality <= MAX(budget->min_quality, budget->alike_below))
        return TRUE;
    double above =
        sp_budget_predict(budget, spectrum, budget->min_quality) - log_bytes(budget->max_bytes);
    return !budget->is_last && above > (budget->n_trials == 1 ? CLEAR : CLEARER);
}

/* The bracket: what gives the same file as its ends is no less known. */
static double
highest_fit(const SpBudget *budget)
{
    return MAX(budget->best_quality, budget->alike_below);
}

static double
lowest_over(const SpBudget *budget)
{
    return MIN(budget->over_quality, budget->alike_above);
}

/* WebP's quantiser has 128 steps, of up to 8 % of the bytes each where a picture is of one
 * texture: where a smooth curve would have less than FLAT between what fits and what does not,
 * there is nothing in between. */
static gboolean
is_narrow(const SpBudget *budget, const SpSpectrum *spectrum)
{
    double fits = highest_fit(budget), over = lowest_over(budget);
    return over - fits < NARROW || known(spectrum, over) - known(spectrum, fits) < FLAT;
}

/* Far below the quality that was tried first, no curve is known well. */
static gboolean
is_wide(const SpBudget *budget)
{
    return budget->quality - budget->min_quality > WIDE;
}

static guint
most_encodes(const SpBudget *budget)
{
    gboolean is_poor = (double)budget->best_bytes < POOR * (double)budget->max_bytes;
    return budget->n_trials < budget->encodes || (is_wide(budget) && is_poor)
               ? SP_BUDGET_MOST_IN_ALL
               : SP_BUDGET_MOST;
}

static gboolean
is_over(const SpBudget *budget, const SpSpectrum *spectrum)
{
    if (!budget->fits)
        return sp_budget_is_lost(budget, spectrum);
    return highest_fit(budget) >= MIN(budget->quality, budget->alike_above) ||
           budget->encodes >= most_encodes(budget) ||
           (double)budget->best_bytes >= fill(budget) * (double)budget->max_bytes ||
           (budget->has_over && is_narrow(budget, spectrum));
}

/* Nothing fits yet; at the last, min-quality itself is tried. */
static double
step_down(const SpBudget *budget, const SpSpectrum *spectrum)
{
    gboolean is_late = budget->n_trials + 1 >= SP_BUDGET_MOST;
    double next = solve(budget, spectrum, is_late ? SAFE : aim(budget));
    next = MIN(next, lowest_over(budget) - NARROW);
    gboolean is_low = next < MAX(budget->min_quality, budget->alike_below) + NARROW;
    gboolean is_last = budget->n_trials >= SP_BUDGET_MOST ||
                       (is_wide(budget) && budget->encodes + 1 >= SP_BUDGET_MOST_IN_ALL);
    return is_low || is_last ? budget->min_quality : next;
}

/* Between what fits and what does not, or what the quality may be. In a wide range, curves have
 * been wrong by then: the last encode is more likely to fit in the middle. */
static double
step_between(const SpBudget *budget, const SpSpectrum *spectrum)
{
    double next = solve(budget, spectrum, aim(budget));
    if (!budget->has_over) {
        next = MAX(next, highest_fit(budget) + NARROW);
        return next > budget->quality - NARROW ? budget->quality : next;
    }
    double fits = highest_fit(budget), over = lowest_over(budget);
    double margin = MAX((over - fits) / 8, STEP);
    if (is_wide(budget) && budget->encodes + 1 >= SP_BUDGET_MOST_IN_ALL)
        next = MIN(next, floor((over + fits) / 2 / STEP) * STEP);
    return CLAMP(next, fits + margin, over - margin);
}

gboolean
sp_budget_next(const SpBudget *budget, const SpSpectrum *spectrum, double *ret_quality)
{
    if (is_over(budget, spectrum))
        return FALSE;
    if (budget->encodes == 0)
        *ret_quality = budget->quality;
    else if (budget->n_trials == 0)
        *ret_quality =
            CLAMP(solve(budget, spectrum, aim(budget)), budget->min_quality, budget->quality);
    else if (budget->fits)
        *ret_quality = step_between(budget, spectrum);
    else
        *ret_quality = step_down(budget, spectrum);
    return TRUE;
}

void
sp_budget_report(SpBudget *budget, double quality, gsize bytes)
{
    budget->encodes++;
    g_return_if_fail(budget->n_trials < G_N_ELEMENTS(budget->trials));
    budget->trials[budget->n_trials++] = (SpBudgetTrial){quality, bytes};
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
sp_budget_shrink(const SpBudget *budget, const SpSpectrum *spectrum)
{
    double middle = (budget->quality + budget->min_quality) / 2;
    double bytes = sp_budget_predict(budget, spectrum, middle);
    return exp((log(FILL * (double)budget->max_bytes) - bytes) / SIDES);
}

void
sp_budget_restart(SpBudget *budget, const SpSpectrum *last)
{
    SpBudget next;
    double middle = (budget->quality + budget->min_quality) / 2;
    sp_budget_init(&next, budget->max_bytes, budget->quality, budget->min_quality);
    next.encodes = budget->encodes;
    next.is_last = budget->is_last;
    next.alike_below = budget->alike_below;
    next.alike_above = budget->alike_above;
    next.offset = sp_budget_predict(budget, last, middle) - known(last, middle);
    *budget = next;
}
