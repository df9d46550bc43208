/* SPDX-License-Identifier: MIT */
/* variants.c -- from the finished picture to every variant within its budget.
 *
 * The variants that want one size of one part of the picture are a group: what a budget takes
 * from one of them in dimensions it takes from all, so that the formats of a size stay
 * interchangeable in a <picture>. What is wanted is planned for the upright picture, whose
 * sides are exact, and carried over to the finished one. */
#include "render/variants.h"
#include "base/error.h"
#include "render/budget.h"
#include "render/chroma.h"
#include "render/encode.h"
#include "render/geometry.h"
#include "render/sight.h"
#include "render/spectrum.h"
#include "render/thread.h"
#include <math.h>
#include <string.h>

#define MOST_SIZES 12 /* sizes tried for one group; each is at most 0.95 of the one before */
#define LEAST_STEP 0.95
#define WORTH_GROWING 0.94 /* of a width that was too much: less is worth another size */
#define WASTE 0.9     /* of the limit: less, at the best quality, and a size is too small */
#define LAST_AIM 0.94 /* of the limit: the last size is not put right any more */
/* A size found by prediction is put right, still without an encode, when the file would fit at
 * a quality far from the middle; of the logarithm of the sides. */
#define OFF_THE_MIDDLE 0.06
#define MOST_CORRECTIONS 2

/* One variant: its search runs in a thread of its own where there are cores. */
typedef struct {
    const SpVariant *variant; /* borrowed */
    const SpPicture *picture; /* borrowed */
    SpMade *made;             /* borrowed */
    guint index;              /* of the variant, in the request */
    SpSight sight;
    SpBudget budget;
    double quality; /* asked for in this round */
    gsize bytes;    /* and what came of it */
    double score;   /* its likeness; negative: it was not looked at */
    GError *error;  /* owned */
    SpThread thread;
} Trial;

typedef struct {
    SpSized sized;
    SpSize size;
    SpSize shape;                             /* what size keeps the ratio of */
    const SpWidthList *widths;                /* borrowed: to choose size from */
    gboolean is_measured[SP_OUTPUT_COUNT][2]; /* at sub 1, at sub 2 */
    SpSpectrum spectra[SP_OUTPUT_COUNT][2];
    guint failed;                  /* the width that was too much; 0: the first size is good */
    gsize failed_bytes;            /* of the smallest file there */
    guint good;                    /* a width that left too much of the limit, or 0 */
    const Trial *forced;           /* borrowed: of trials; what it was too much for */
    SpWireTrace *trace;            /* borrowed; NULL: nobody asked */
    gboolean is_last_try;          /* at this size; spare is what there is else */
    SpMade spare[SP_MAX_VARIANTS]; /* owned; of trials */
    guint n;
    Trial trials[SP_MAX_VARIANTS];
} Group;

void
sp_made_clear(SpMade *made)
{
    g_clear_pointer(&made->bytes, g_bytes_unref);
}

/* ---- one size: rounds of one encode each ---------------------------------------------------
 * All variants of a group go in step, so that none is encoded often at a size that another
 * cannot keep. */

/* bytes: of so many; not wanted where those are too many. */
static void
keep(Trial *trial, GBytes *bytes, gsize n)
{
    SpMade *made = trial->made;
    trial->bytes = n;
    trial->score = -1;
    sp_budget_report(&trial->budget, trial->quality, n);
    made->encodes = trial->budget.encodes;
    if (!trial->budget.fits || trial->budget.best_quality != trial->quality)
        return;
    sp_made_clear(made);
    made->bytes = g_bytes_ref(bytes);
    made->quality = trial->quality;
    made->width = trial->picture->width;
    made->height = trial->picture->height;
}

static void
look(Trial *trial, GBytes *bytes)
{
    trial->bytes = g_bytes_get_size(bytes);
    (void)!sp_sight_look(&trial->sight, trial->picture, trial->variant, bytes, trial->quality,
                         &trial->score, &trial->error);
}

static void *
run_trial(void *data)
{
    Trial *trial = data;
    const SpEncoder *encoder = sp_encoder(trial->variant->format);
    gpointer state = encoder->open(trial->picture, trial->variant, &trial->error);
    if (state == NULL)
        return NULL;
    g_autoptr(GBytes) bytes = encoder->encode(state, trial->quality, &trial->error);
    encoder->close(state);
    if (bytes != NULL && !trial->sight.is_over)
        look(trial, bytes);
    else if (bytes != NULL)
        keep(trial, bytes, g_bytes_get_size(bytes));
    return NULL;
}

/* The last trial runs in this thread. */
static void
run_trials(Trial **trials, guint n, guint threads)
{
    gboolean started[SP_MAX_VARIANTS] = {FALSE};
    for (guint i = 0; i < n; i++) {
        gboolean aside = threads > 1 && i + 1 < n;
        started[i] = aside && sp_thread_start(&trials[i]->thread, run_trial, trials[i], NULL);
        if (!started[i])
            run_trial(trials[i]);
    }
    for (guint i = 0; i < n; i++)
        if (started[i])
            pthread_join(trials[i]->thread, NULL);
}

static void
tell_of_encode(SpWireTrace *trace, const Trial *trial)
{
    const SpPicture *picture = trial->picture;
    gboolean full = picture->model == SP_MODEL_YCC && picture->sub == 1;
    sp_trace_add(trace, &(SpWireStep){.kind = SP_STEP_ENCODE,
                                      .variant = trial->index,
                                      .width = picture->width,
                                      .height = picture->height,
                                      .flags = (full ? SP_WIRE_STEP_FULL_CHROMA : 0) |
                                               (trial->score >= 0 ? SP_WIRE_STEP_SCORED : 0),
                                      .bytes = trial->bytes,
                                      .quality = trial->quality,
                                      .score = trial->score,
                                      .wanted = sp_aim_wanted(&trial->sight.aim)});
}

/* When all threads are back, so that the order is always the same. */
static void
tell_of_encodes(SpWireTrace *trace, Trial *const *trials, guint n)
{
    for (guint i = 0; i < n; i++)
        if (trials[i]->error == NULL)
            tell_of_encode(trace, trials[i]);
}

static void
know_alike(Trial *trial)
{
    const SpEncoder *encoder = sp_encoder(trial->variant->format);
    trial->budget.alike_below = encoder->alike_below;
    trial->budget.alike_above = encoder->alike_above[trial->picture->sub == 1 ? 0 : 1];
}

/* The quality is chosen, and is the one to try first from now on: what has been tried tells the
 * budget how large files are. What looks better than is wanted is forgotten. */
static void
end_sight(Trial *trial)
{
    const SpAim *aim = &trial->sight.aim;
    const SpVariant *variant = trial->variant;
    double chosen = aim->trials[aim->best].quality;
    gboolean is_last = trial->budget.is_last;
    sp_budget_init(&trial->budget, variant->max_bytes, chosen, variant->min_quality);
    trial->budget.is_last = is_last;
    know_alike(trial);
    for (guint i = 0; i < aim->n; i++) {
        trial->quality = aim->trials[i].quality;
        if (trial->quality <= chosen || aim->trials[i].bytes > variant->max_bytes)
            keep(trial, trial->sight.files[i], aim->trials[i].bytes);
        else
            trial->made->encodes = ++trial->budget.encodes;
    }
    sp_sight_close(&trial->sight);
    trial->sight.is_over = TRUE;
}

/* Choose qualities, of all variants that want it. */
static gboolean
run_sights(Group *group, guint threads, GError **error)
{
    for (guint n = 1; n > 0;) {
        Trial *asked[SP_MAX_VARIANTS];
        n = 0;
        for (guint i = 0; i < group->n; i++) {
            Trial *trial = &group->trials[i];
            if (trial->sight.is_over)
                continue;
            if (sp_aim_next(&trial->sight.aim, &trial->quality))
                asked[n++] = trial;
            else
                end_sight(trial);
        }
        run_trials(asked, n, threads);
        tell_of_encodes(group->trace, asked, n);
        for (guint i = 0; i < n; i++)
            if (asked[i]->error != NULL) {
                g_propagate_error(error, g_steal_pointer(&asked[i]->error));
                return FALSE;
            }
    }
    return TRUE;
}

/* Measured when it is first wanted: most pictures fit at once. */
static const SpSpectrum *
spectrum_for(Group *group, const Trial *trial)
{
    guint32 format = trial->variant->format;
    guint at = trial->picture->sub == 1 ? 0 : 1;
    if (!group->is_measured[format][at])
        sp_spectrum_measure(trial->picture, format, &group->spectra[format][at]);
    group->is_measured[format][at] = TRUE;
    return &group->spectra[format][at];
}

/* FALSE when there was nothing to encode. */
static gboolean
run_round(Group *group, guint threads)
{
    Trial *asked[SP_MAX_VARIANTS];
    guint n = 0;
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        const SpBudget *budget = &trial->budget;
        if (budget->fits && budget->best_quality >= budget->quality)
            continue;
        const SpSpectrum *spectrum = budget->encodes > 0 ? spectrum_for(group, trial) : NULL;
        if (sp_budget_next(budget, spectrum, &trial->quality))
            asked[n++] = trial;
    }
    run_trials(asked, n, threads);
    tell_of_encodes(group->trace, asked, n);
    return n > 0;
}

/* FALSE when a trial failed. *ret_worst: of those that cannot fit at this size, the one that
 * must shrink most; NULL when all may fit. */
static gboolean
judge(Group *group, const Trial **ret_worst, GError **error)
{
    double least = 0;
    *ret_worst = NULL;
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        if (trial->error != NULL) {
            g_propagate_error(error, g_steal_pointer(&trial->error));
            return FALSE;
        }
        if (trial->budget.fits || !trial->budget.has_over)
            continue;
        const SpSpectrum *spectrum = spectrum_for(group, trial);
        if (!sp_budget_is_lost(&trial->budget, spectrum))
            continue;
        double factor = sp_budget_shrink(&trial->budget, spectrum);
        if (*ret_worst == NULL || factor < least) {
            least = factor;
            *ret_worst = trial;
        }
    }
    return TRUE;
}

/* ---- from one size to the next ------------------------------------------------------------
 */

/* min-width binds the budget only: a narrower source loses quality, never width. */
static guint
narrower(const Group *group, double wanted)
{
    guint least = 1;
    for (guint i = 0; i < group->n; i++)
        least = MAX(least, group->trials[i].variant->min_width);
    return sp_geometry_narrower(group->widths, group->size.width, (guint)wanted, least);
}

static gboolean
one_asks(const Group *group)
{
    gboolean asks = FALSE;
    for (guint i = 0; i < group->n; i++)
        asks |= sp_chroma_is_asked(group->trials[i].variant);
    return asks;
}

static gboolean
set_up_size(Group *group, GError **error)
{
    if (!sp_sized_make(&group->sized, group->size, one_asks(group), error))
        return FALSE;
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        trial->picture = sp_sized_for(&group->sized, trial->variant, error);
        if (trial->picture == NULL)
            return FALSE;
        know_alike(trial);
    }
    memset(group->is_measured, 0, sizeof group->is_measured);
    gboolean is_last = narrower(group, 0) == group->size.width;
    for (guint i = 0; i < group->n; i++)
        group->trials[i].budget.is_last = is_last;
    return TRUE;
}

/* A width whose file nearly fills the limit, by those of the width that was good and of the one
 * that was too much, of one quality: logarithms of bytes go with those of widths. */
static double
between(const Group *group)
{
    const SpBudget *budget = &group->forced->budget;
    double bytes = (double)MAX(budget->best_bytes, 1);
    double power =
        log((double)group->failed_bytes / bytes) / log((double)group->failed / group->good);
    return group->good * exp(log(LAST_AIM * (double)budget->max_bytes / bytes) / power);
}

/* Go on with a size at which group->forced fits in the middle of its qualities, by what is
 * known of the last size: all formats together. What it is at the new size, its spectrum there
 * tells better than a power of the sides. */
static gboolean
change_size(Group *group, GError **error)
{
    double most = LEAST_STEP * group->failed, least = group->good / LEAST_STEP;
    if (group->good == group->size.width) /* was too small: no further than halfway back */
        most = MIN(most, sqrt((double)group->good * group->failed));
    double wanted = group->size.width * sp_budget_shrink(&group->forced->budget,
                                                         spectrum_for(group, group->forced));
    if (group->is_last_try)
        wanted = between(group);
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        sp_budget_restart(&trial->budget, spectrum_for(group, trial));
        sp_made_clear(trial->made);
    }
    for (guint i = 0; i <= MOST_CORRECTIONS; i++) {
        guint last = group->size.width;
        group->size.width = group->failed; /* what it must be narrower than */
        guint width = narrower(group, MIN(MAX(wanted, least), most));
        group->size = sp_geometry_narrowed(group->shape, width);
        if (i > 0 && width == last)
            break;
        if (!set_up_size(group, error))
            return FALSE;
        if (group->is_last_try)
            break;
        double off =
            sp_budget_shrink(&group->forced->budget, spectrum_for(group, group->forced));
        if (fabs(log(off)) < OFF_THE_MIDDLE)
            break;
        wanted = off * width;
    }
    return TRUE;
}

/* Does it leave much of its limit, at any quality? Known before the best one is tried. */
static gboolean
is_wasteful(Group *group, const Trial *trial)
{
    const SpBudget *budget = &trial->budget;
    if (!budget->fits || budget->has_over)
        return FALSE;
    return sp_budget_predict(budget, spectrum_for(group, trial), budget->quality) <
           log(WASTE * (double)budget->max_bytes);
}

/* Encodes that must be left to try a larger size: one more for when it is too large. Not where
 * quality is fixed, and nothing but the size can fill the limit. */
static guint
encodes_to_grow(const Trial *forced)
{
    return forced->budget.min_quality < forced->budget.quality ? 2 : 1;
}

/* Has too much been given up, for all formats? */
static gboolean
may_grow(Group *group)
{
    const Trial *forced = group->forced;
    if (forced == NULL || group->is_last_try ||
        forced->budget.encodes + encodes_to_grow(forced) > SP_BUDGET_MOST_IN_ALL ||
        group->size.width >= (guint)(WORTH_GROWING * group->failed))
        return FALSE;
    for (guint i = 0; i < group->n; i++)
        if (!is_wasteful(group, &group->trials[i]))
            return FALSE;
    return TRUE;
}

static gboolean
start_sights(Group *group, GError **error)
{
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        double most = 100;
        trial->sight.is_over = trial->variant->quality > SP_QUALITY_AUTO;
        if (!trial->sight.is_over &&
            !sp_sized_likeness(&group->sized, trial->picture, &most, error))
            return FALSE;
        sp_sight_open(&trial->sight, trial->picture, most, trial->variant);
    }
    return TRUE;
}

static gboolean
refuse(const Group *group, const Trial *worst, GError **error)
{
    return sp_throw(error, SP_ERROR_CANNOT_FIT,
                    "%s needs %" G_GSIZE_FORMAT
                    " bytes at %u x %u and quality %g, the limit is %u",
                    worst->variant->name, worst->budget.over_bytes, group->size.width,
                    group->size.height, worst->budget.over_quality, worst->variant->max_bytes);
}

static void
tell_of_size(const Group *group, SpStepKind kind)
{
    sp_trace_add(group->trace, &(SpWireStep){.kind = kind,
                                             .variant = group->forced->index,
                                             .width = group->size.width,
                                             .height = group->size.height});
}

/* Remember what there is, where no encode will be left to come back to it. */
static void
prepare_growth(Group *group)
{
    group->good = group->size.width;
    group->is_last_try = group->forced->budget.encodes + 1 >= SP_BUDGET_MOST_IN_ALL;
    for (guint i = 0; group->is_last_try && i < group->n; i++) {
        group->spare[i] = *group->trials[i].made;
        *group->trials[i].made = (SpMade){0};
    }
}

/* TRUE: the last try has failed, and what was made before it is what there is. */
static gboolean
falls_back(Group *group)
{
    gboolean fits = TRUE;
    for (guint i = 0; i < group->n; i++)
        fits &= group->trials[i].budget.fits;
    if (!group->is_last_try || fits)
        return FALSE;
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        sp_made_clear(trial->made);
        *trial->made = group->spare[i];
        trial->made->encodes = trial->budget.encodes;
        group->spare[i] = (SpMade){0};
    }
    return TRUE;
}

static gboolean
make_group(Group *group, guint threads, GError **error)
{
    if (!set_up_size(group, error) || !start_sights(group, error) ||
        !run_sights(group, threads, error))
        return FALSE;
    for (guint sizes = 1; sizes <= MOST_SIZES;) {
        const Trial *worst = NULL;
        gboolean went_on = run_round(group, threads);
        if (!judge(group, &worst, error))
            return FALSE;
        if (falls_back(group))
            return TRUE;
        gboolean is_good = worst == NULL && !may_grow(group);
        if (is_good && went_on)
            continue;
        if (is_good)
            return TRUE;
        if (worst != NULL && worst->budget.is_last)
            return refuse(group, worst, error);
        if (worst == NULL) {
            prepare_growth(group);
        } else {
            group->failed = group->size.width;
            group->failed_bytes = worst->budget.over_bytes;
            group->forced = worst;
        }
        if (!change_size(group, error))
            return FALSE;
        tell_of_size(group, worst != NULL ? SP_STEP_SHRINK : SP_STEP_GROW);
        sizes++;
    }
    return sp_throw(error, SP_ERROR_CANNOT_FIT, "no size fits in %u attempts", MOST_SIZES);
}

static void
group_clear(Group *group)
{
    sp_sized_clear(&group->sized);
    for (guint i = 0; i < group->n; i++) {
        sp_sight_close(&group->trials[i].sight);
        g_clear_error(&group->trials[i].error); /* of a further one that failed */
        sp_made_clear(&group->spare[i]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Group, group_clear)

/* Plans are for one picture: what is the same was calculated from the same. */
static gboolean
is_together(const SpWireRequest *request, const SpPlan *plans, guint i, guint k)
{
    const SpPlan *a = &plans[i], *b = &plans[k];
    const SpWidthList *widths = &request->variants[i].widths;
    return a->size.width == b->size.width && a->size.height == b->size.height &&
           a->from.width == b->from.width && a->from.height == b->from.height &&
           memcmp(widths, &request->variants[k].widths, sizeof *widths) == 0;
}

static void
add_trial(Group *group, const SpVariant *variant, guint index, SpMade *made)
{
    Trial *trial = &group->trials[group->n++];
    *trial = (Trial){.variant = variant, .made = made, .index = index};
    sp_budget_init(&trial->budget, variant->max_bytes, variant->quality, variant->min_quality);
}

/* All variants from number `first` on that belong together with it. */
static void
collect(Group *group, guint first, const SpPlan *plans, const SpWireRequest *request,
        SpMade *made)
{
    *group =
        (Group){.size = plans[first].size,
                .sized = {.wide = plans[first].from.width, .reduction = request->reduction},
                .widths = &request->variants[first].widths};
    for (guint i = first; i < request->n_variants; i++)
        if (is_together(request, plans, first, i))
            add_trial(group, &request->variants[i], i, &made[i]);
}

/* Does a variant before this one belong together with it? Then they were made together.
 * (Returning early is not only shorter: clang 14 at -O2 folds the first comparison of a loop
 * that goes on to TRUE.) */
static gboolean
is_made(const SpWireRequest *request, const SpPlan *plans, guint index)
{
    for (guint i = 0; i < index; i++)
        if (is_together(request, plans, i, index))
            return TRUE;
    return FALSE;
}

gboolean
sp_variants_make(const SpFinished *finished, const SpWireRequest *request, SpMade *made,
                 SpWireTrace *trace, GError **error)
{
    SpPlan plans[SP_MAX_VARIANTS];
    SpSize upright = finished->upright;
    SpSize size = {finished->picture->width, finished->picture->height};
    for (guint i = 0; i < request->n_variants; i++)
        plans[i] = sp_geometry_plan(upright, &request->variants[i]);
    for (guint i = 0; i < request->n_variants; i++) {
        if (is_made(request, plans, i))
            continue;
        g_auto(Group) group = {0};
        collect(&group, i, plans, request, made);
        group.trace = trace;
        group.sized.finished = finished;
        group.sized.from = sp_geometry_part(upright, size, &plans[i]);
        group.shape = request->variants[i].crop.n == 0 ? size : plans[i].shape;
        if (!make_group(&group, request->threads, error))
            return FALSE;
    }
    return TRUE;
}
