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
sp_geometry_narrowed(SpSize size, guint width)
{
    return (SpSize){width, scaled(size.height, width, size.width)};
}

SpSize
sp_geometry_target(SpSize upright, const SpVariant *variant)
{
    SpSize target = upright;
    if (target.width > variant->width)
        target = sp_geometry_narrowed(upright, variant->width);
    if (target.height > variant->max_height)
        target = (SpSize){scaled(upright.width, variant->max_height, upright.height),
                          variant->max_height};
    return target;
}

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
