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
#include "render/encode.h"
#include "render/geometry.h"
#include "render/resize.h"
#include "render/thread.h"
#include <string.h>

#define MOST_SIZES 12 /* sizes tried for one group; each is at most 0.95 of the one before */

/* One variant at one size: its search runs in a thread of its own where there are cores. */
typedef struct {
    const SpVariant *variant; /* borrowed */
    const SpPicture *picture; /* borrowed */
    SpMade *made;             /* borrowed */
    SpBudget budget;
    GError *error; /* owned */
    SpThread thread;
} Trial;

typedef struct {
    SpRegion from; /* of the finished picture */
    SpSize size;
    SpSize shape;              /* what size keeps the ratio of */
    const SpWidthList *widths; /* borrowed: to choose size from */
    guint n;
    Trial trials[SP_MAX_VARIANTS];
} Group;

void
sp_made_clear(SpMade *made)
{
    g_clear_pointer(&made->bytes, g_bytes_unref);
}

static void
search(Trial *trial, const SpEncoder *encoder, gpointer state)
{
    const SpVariant *variant = trial->variant;
    SpMade *made = trial->made;
    double quality = 0;
    sp_budget_init(&trial->budget, variant->max_bytes, variant->quality, variant->min_quality);
    while (sp_budget_next(&trial->budget, &quality)) {
        g_autoptr(GBytes) bytes = encoder->encode(state, quality, &trial->error);
        if (bytes == NULL)
            return;
        made->encodes++;
        sp_budget_report(&trial->budget, quality, g_bytes_get_size(bytes));
        if (!trial->budget.fits || trial->budget.best_quality != quality)
            continue;
        sp_made_clear(made);
        made->bytes = g_steal_pointer(&bytes);
        made->quality = quality;
        made->width = trial->picture->width;
        made->height = trial->picture->height;
    }
}

static void *
run_trial(void *data)
{
    Trial *trial = data;
    const SpEncoder *encoder = sp_encoder(trial->variant->format);
    sp_made_clear(trial->made);
    gpointer state = encoder->open(trial->picture, trial->variant, &trial->error);
    if (state == NULL)
        return NULL;
    search(trial, encoder, state);
    encoder->close(state);
    return NULL;
}

/* The last trial runs in this thread. */
static void
run_group(Group *group, guint threads)
{
    gboolean started[SP_MAX_VARIANTS] = {FALSE};
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        gboolean aside = threads > 1 && i + 1 < group->n;
        started[i] = aside && sp_thread_start(&trial->thread, run_trial, trial, NULL);
        if (!started[i])
            run_trial(trial);
    }
    for (guint i = 0; i < group->n; i++)
        if (started[i])
            pthread_join(group->trials[i].thread, NULL);
}

/* FALSE when a trial failed; *ret_factor is 1 when all fit, else what the sides shrink by. */
static gboolean
judge(Group *group, double *ret_factor, const Trial **ret_worst, GError **error)
{
    *ret_factor = 1;
    for (guint i = 0; i < group->n; i++) {
        Trial *trial = &group->trials[i];
        if (trial->error != NULL) {
            g_propagate_error(error, g_steal_pointer(&trial->error));
            return FALSE;
        }
        double factor = trial->budget.fits ? 1 : sp_budget_shrink(&trial->budget);
        if (factor < *ret_factor) {
            *ret_factor = factor;
            *ret_worst = trial;
        }
    }
    return TRUE;
}

/* min-width binds the budget only: a narrower source loses quality, never width. */
static guint
narrower(const Group *group, double factor)
{
    guint least = 1;
    for (guint i = 0; i < group->n; i++)
        least = MAX(least, group->trials[i].variant->min_width);
    guint wanted = (guint)(group->size.width * factor);
    return sp_geometry_narrower(group->widths, group->size.width, wanted, least);
}

/* Without a copy where the whole of it is wanted as it is: resized stays empty then. */
static gboolean
cut_and_resize(const Group *group, SpPicture *finished, SpPicture *resized,
               SpPicture **ret_picture, GError **error)
{
    *ret_picture = finished;
    if (sp_geometry_is_all(group->from, group->size) &&
        sp_geometry_is_all(group->from, (SpSize){finished->width, finished->height}))
        return TRUE;
    *ret_picture = resized;
    return sp_resize_picture(finished, group->from, group->size, resized, error);
}

static gboolean
make_group(Group *group, SpPicture *finished, guint threads, GError **error)
{
    for (guint tries = 0; tries < MOST_SIZES; tries++) {
        g_auto(SpPicture) resized = {0};
        SpPicture *picture = NULL;
        if (!cut_and_resize(group, finished, &resized, &picture, error))
            return FALSE;
        sp_encode_pad(picture);
        for (guint i = 0; i < group->n; i++)
            group->trials[i].picture = picture;
        run_group(group, threads);
        double factor = 1;
        const Trial *worst = NULL;
        if (!judge(group, &factor, &worst, error))
            return FALSE;
        if (worst == NULL)
            return TRUE;
        guint width = narrower(group, factor);
        if (width == group->size.width)
            return sp_throw(
                error, SP_ERROR_CANNOT_FIT,
                "%s needs %" G_GSIZE_FORMAT " bytes at %u x %u and quality %g, the limit is %u",
                worst->variant->name, worst->budget.over_bytes, group->size.width,
                group->size.height, worst->budget.over_quality, worst->variant->max_bytes);
        group->size = sp_geometry_narrowed(group->shape, width);
    }
    return sp_throw(error, SP_ERROR_CANNOT_FIT, "no size fits in %u attempts", MOST_SIZES);
}

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

/* All variants from number `first` on that belong together with it. */
static void
collect(Group *group, guint first, const SpPlan *plans, const SpWireRequest *request,
        SpMade *made)
{
    *group = (Group){.size = plans[first].size, .widths = &request->variants[first].widths};
    for (guint i = first; i < request->n_variants; i++)
        if (is_together(request, plans, first, i))
            group->trials[group->n++] =
                (Trial){.variant = &request->variants[i], .made = &made[i]};
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
sp_variants_make(SpPicture *picture, SpSize upright, const SpWireRequest *request, SpMade *made,
                 GError **error)
{
    SpPlan plans[SP_MAX_VARIANTS];
    SpSize finished = {picture->width, picture->height};
    for (guint i = 0; i < request->n_variants; i++)
        plans[i] = sp_geometry_plan(upright, &request->variants[i]);
    for (guint i = 0; i < request->n_variants; i++) {
        Group group;
        if (is_made(request, plans, i))
            continue;
        collect(&group, i, plans, request, made);
        group.from = sp_geometry_part(upright, finished, &plans[i]);
        group.shape = request->variants[i].crop.n == 0 ? finished : plans[i].shape;
        if (!make_group(&group, picture, request->threads, error))
            return FALSE;
    }
    return TRUE;
}
