/* SPDX-License-Identifier: MIT */
/* geometry.c -- sizes, orientation, and which part of a source plane an output plane covers.
 *
 * Everything here is a table or a formula with a table of cases in tests/unit/test-geometry.c.
 */
#include "render/geometry.h"
#include <math.h>

/* Of the two steps, mirroring comes first. 6, "rotate 90 clockwise to see it upright", is the
 * upside-down picture with rows and columns exchanged. */
static const SpTurn turns[9] = {
    [1] = {FALSE, FALSE, FALSE}, [2] = {TRUE, FALSE, FALSE}, [3] = {TRUE, TRUE, FALSE},
    [4] = {FALSE, TRUE, FALSE},  [5] = {FALSE, FALSE, TRUE}, [6] = {FALSE, TRUE, TRUE},
    [7] = {TRUE, TRUE, TRUE},    [8] = {TRUE, FALSE, TRUE},
};

SpTurn
sp_geometry_turn(guint orientation)
{
    g_return_val_if_fail(orientation >= 1 && orientation <= 8, turns[1]);
    return turns[orientation];
}

SpSize
sp_geometry_turned(SpSize size, SpTurn turn)
{
    return turn.transpose ? (SpSize){size.height, size.width} : size;
}

static guint
scaled(guint side, guint numerator, guint denominator)
{
    return MAX(1, (guint)lround((double)side * numerator / denominator));
}

SpSize
sp_geometry_narrowed(SpSize shape, guint width)
{
    return (SpSize){width, scaled(shape.height, width, shape.width)};
}

/* ---- plans ---------------------------------------------------------------------------------
 */

/* By the logarithm, 2:1 is as far from 1:1 as 1:2 is. NULL when there is no crop; of two that
 * are equally near, the first. */
static const SpAspect *
nearest_aspect(const SpAspectList *crop, SpSize upright)
{
    const SpAspect *nearest = NULL;
    double least = 0;
    for (guint i = 0; i < crop->n; i++) {
        const SpAspect *aspect = &crop->aspects[i];
        double far = fabs(log((double)upright.width * aspect->height /
                              ((double)upright.height * aspect->width)));
        if (nearest != NULL && far >= least)
            continue;
        nearest = aspect;
        least = far;
    }
    return nearest;
}

/* Each product is exact and each quotient rounded once: what is whole comes out whole. */
static SpRegion
cut(SpSize upright, SpSize shape)
{
    double width = upright.width, height = width * shape.height / shape.width;
    if (height > upright.height) {
        height = upright.height;
        width = height * shape.width / shape.height;
    }
    width = MAX(1, width);
    height = MAX(1, height);
    return (SpRegion){(upright.width - width) / 2, (upright.height - height) / 2, width,
                      height};
}

/* The widest up to most; 0 when there is none. */
static guint
widest_up_to(const SpWidthList *widths, guint most)
{
    for (guint i = 0; i < widths->n; i++)
        if (widths->widths[i] <= most)
            return widths->widths[i];
    return 0;
}

static SpSize
fit(SpRegion from, SpSize shape, const SpVariant *variant)
{
    guint most = MIN((guint)floor(from.width), variant->width);
    guint width = widest_up_to(&variant->widths, most);
    SpSize size = sp_geometry_narrowed(shape, width == 0 ? most : width);
    while (size.height > variant->max_height && width > 1) {
        width = widest_up_to(&variant->widths, width - 1);
        if (width > 0)
            size = sp_geometry_narrowed(shape, width);
    }
    if (size.height > variant->max_height) {
        size.height = variant->max_height;
        size.width = MIN(most, scaled(shape.width, size.height, shape.height));
    }
    /* A part that had to be made a pixel wide lacks the height for its aspect. */
    size.height = MIN(size.height, (guint)lround(from.height));
    return size;
}

SpPlan
sp_geometry_plan(SpSize upright, const SpVariant *variant)
{
    const SpAspect *aspect = nearest_aspect(&variant->crop, upright);
    SpSize shape = aspect == NULL ? upright : (SpSize){aspect->width, aspect->height};
    SpRegion from = cut(upright, shape);
    return (SpPlan){from, fit(from, shape, variant), shape};
}

SpSize
sp_geometry_whole(SpSize upright, const SpPlan *plan)
{
    if (sp_geometry_is_all(plan->from, upright))
        return plan->size;
    double scale = plan->size.width / plan->from.width; /* at most 1 */
    return (SpSize){MAX(plan->size.width, (guint)lround(upright.width * scale)),
                    MAX(plan->size.height, (guint)lround(upright.height * scale))};
}

/* Along one side. A part that starts in the middle of a pixel, or of the two that share a
 * sample of chroma, would be resampled without being resized, which costs sharpness. */
static SpSpan
part(double length, guint full, guint finished, guint size)
{
    if (length == full)
        return (SpSpan){0, finished};
    double mapped = MIN(length * finished / full, finished);
    if (fabs(mapped - size) >= 1 || finished < size)
        return (SpSpan){(finished - mapped) / 2, mapped};
    guint left_over = finished - size, start = (left_over + 1) / 4 * 2;
    return (SpSpan){start, size};
}

SpRegion
sp_geometry_part(SpSize upright, SpSize finished, const SpPlan *plan)
{
    SpSpan x = part(plan->from.width, upright.width, finished.width, plan->size.width);
    SpSpan y = part(plan->from.height, upright.height, finished.height, plan->size.height);
    return (SpRegion){x.start, y.start, x.length, y.length};
}

gboolean
sp_geometry_is_all(SpRegion part, SpSize size)
{
    return part.width == size.width && part.height == size.height;
}

guint
sp_geometry_narrower(const SpWidthList *widths, guint width, guint wanted, guint least)
{
    wanted = MIN(MAX(wanted, least), width);
    if (widest_up_to(widths, width) == 0) /* there is none, or it is narrower than all */
        return wanted;
    guint found = widest_up_to(widths, wanted);
    if (found >= least && found > 0)
        return found;
    for (guint i = widths->n; i > 0; i--) /* rising: the next above what is wanted */
        if (widths->widths[i - 1] >= least && widths->widths[i - 1] < width)
            return widths->widths[i - 1];
    return width;
}

/* ---- spans and scales ----------------------------------------------------------------------
 */

SpSpan
sp_geometry_span(guint full, double pitch, guint target, guint sub, gboolean mirrored)
{
    double ratio = (double)full / target; /* pixels of the source a pixel of the output */
    guint covered = (target + sub - 1) / sub * sub;
    double start = mirrored ? ((double)target - covered) * ratio : 0;
    return (SpSpan){start / pitch, covered * ratio / pitch};
}

/* 1.9, not 2: a 4 032 pixel side, the most common there is, is 3.94 times 1 024. */
#define LAST_FACTOR 1.9

guint
sp_geometry_dct_eighths(SpSize coded, SpSize target)
{
    static const guint steps[] = {1, 2, 4}; /* the ones that libjpeg-turbo has SIMD code for */
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        if (coded.width * (steps[i] / 8.0) >= target.width * LAST_FACTOR &&
            coded.height * (steps[i] / 8.0) >= target.height * LAST_FACTOR)
            return steps[i];
    return 8;
}
