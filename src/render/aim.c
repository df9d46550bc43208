/* SPDX-License-Identifier: MIT */
/* aim.c -- find the quality at which the file looks as it should, in few encodes.
 *
 * The first quality is the one at which pictures look as wanted in the mean. From what the file
 * looks like there, the mean curve says where this picture does: what it is short of 100 is as
 * many times the mean's at one quality as at another. There is a band in which nothing is done,
 * since a difference in it is not seen and the likeness is not more exact; what is outside of
 * it is pulled halfway into it.
 *
 * At the same quality hard pictures look worse than easy ones, and each further point costs
 * them more bytes, which the mean is made of. So what is wanted bends a little: a
 * picture that takes many bytes may look a little worse, one that takes few a little better.
 */
#include "render/aim.h"
#include "preset/preset.h"
#include <math.h>

#define BAND 0.5     /* points */
#define LATE 1.0     /* and what is worth a third encode */
#define LEAST 0.5    /* short of 100: nearer is the same */
#define BEND 6.0     /* points for e times the bytes */
#define TYPICAL 0.09 /* bytes a pixel at a likeness of TYPICAL_TARGET */
#define TYPICAL_TARGET 75
#define GROWTH 0.05 /* of the logarithm of bytes a point */
#define STEP 0.125  /* qualities are whole eighths: the last bits of a root do not show */

/* By bench/fit-likeness.pl: the mean likeness of 24 photos over quality, straight lines between
 * the knots and beyond them. leeway: as much as leaves the spread of SSIMULACRA2 at half of
 * what one quality for all has; of WebP, which spreads little then, none. */
#define N_KNOTS 10
typedef struct {
    double leeway;            /* points */
    double knots[N_KNOTS][2]; /* QUALITY, LIKENESS; both rise */
} Curve;
enum { QUALITY, LIKENESS };

static const Curve curves[SP_OUTPUT_COUNT] = {
    [SP_OUTPUT_WEBP] = {0.0,
                        {{1, 2},
                         {10, 29},
                         {25, 46.4},
                         {40, 56.6},
                         {58, 64.4},
                         {66, 67.1},
                         {74, 69.5},
                         {80, 73.5},
                         {86, 77.9},
                         {92, 82.3}}},
    [SP_OUTPUT_JPEG] = {1.75,
                        {{1, -62},
                         {10, -7},
                         {25, 36.3},
                         {40, 51.4},
                         {58, 63.8},
                         {66, 67.9},
                         {74, 72.9},
                         {80, 77.1},
                         {86, 81.9},
                         {92, 87.2}}},
};

void
sp_aim_init(SpAim *aim, guint32 format, double target, guint64 pixels, gsize max_bytes,
            double min_quality, double max_quality)
{
    *aim = (SpAim){
        .format = format,
        .target = target,
        .pixels = (double)pixels,
        .max_bytes = max_bytes,
        .min_quality = MIN(min_quality, max_quality),
        .max_quality = max_quality,
    };
}

/* What the mean curve has on the other axis where it is `at` on this one. */
static double
follow(guint32 format, guint axis, double at)
{
    const double(*knots)[2] = curves[format].knots;
    guint i = 1;
    while (i + 1 < N_KNOTS && at > knots[i][axis])
        i++;
    double low = knots[i - 1][axis], high = knots[i][axis];
    double from = knots[i - 1][!axis], to = knots[i][!axis];
    return from + (at - low) / (high - low) * (to - from);
}

/* How much a likeness is short of 100, as a logarithm. */
static double
shortness(double likeness)
{
    return log(MAX(100 - likeness, LEAST));
}

static double
mean_shortness(guint32 format, double quality)
{
    return shortness(follow(format, QUALITY, quality));
}

static double
mean_quality(guint32 format, double a_shortness)
{
    return follow(format, LIKENESS, 100 - exp(a_shortness));
}

double
sp_aim_wanted(const SpAim *aim)
{
    if (aim->n == 0)
        return aim->target;
    const SpAimTrial *first = &aim->trials[0];
    double at_target = log((double)MAX(first->bytes, 1) / MAX(aim->pixels, 1)) +
                       GROWTH * (TYPICAL_TARGET - first->likeness);
    double leeway = curves[aim->format].leeway;
    double bend = BEND * (log(TYPICAL) - at_target);
    return aim->target + CLAMP(bend, -leeway, leeway);
}

/* How far beyond what is wanted; negative when it is worse. */
static double
beyond(const SpAim *aim, const SpAimTrial *trial)
{
    return trial->likeness - sp_aim_wanted(aim);
}

/* How steep this picture's curve is, against the mean one; from the last two trials. */
static double
steepness(const SpAim *aim)
{
    if (aim->n < 2)
        return 1;
    const SpAimTrial *a = &aim->trials[aim->n - 2], *b = &aim->trials[aim->n - 1];
    double mean =
        mean_shortness(aim->format, b->quality) - mean_shortness(aim->format, a->quality);
    if (fabs(mean) < 0.02)
        return 1;
    return CLAMP((shortness(b->likeness) - shortness(a->likeness)) / mean, 0.4, 2.5);
}

/* Between the nearest that look too poor and too good, by a straight line over the mean curve.
 * FALSE when all are on one side. */
static gboolean
between(const SpAim *aim, double *ret_quality)
{
    const SpAimTrial *poor = NULL, *good = NULL;
    for (guint i = 0; i < aim->n; i++) {
        const SpAimTrial *trial = &aim->trials[i];
        if (beyond(aim, trial) < 0 && (poor == NULL || trial->quality > poor->quality))
            poor = trial;
        if (beyond(aim, trial) >= 0 && (good == NULL || trial->quality < good->quality))
            good = trial;
    }
    if (poor == NULL || good == NULL || poor->quality >= good->quality)
        return FALSE;
    double low = mean_shortness(aim->format, poor->quality);
    double high = mean_shortness(aim->format, good->quality);
    double of_poor = shortness(poor->likeness), of_good = shortness(good->likeness);
    double part = (of_poor - shortness(sp_aim_wanted(aim))) / MAX(of_poor - of_good, 1e-6);
    *ret_quality = mean_quality(aim->format, low + part * (high - low));
    return TRUE;
}

static double
corrected(const SpAim *aim)
{
    double quality = 0;
    if (between(aim, &quality))
        return quality;
    const SpAimTrial *best = &aim->trials[aim->best];
    double near = sp_aim_wanted(aim) + (beyond(aim, best) > 0 ? BAND / 2 : -BAND / 2);
    double step = shortness(near) - shortness(best->likeness);
    double mean = mean_shortness(aim->format, best->quality);
    return mean_quality(aim->format, mean + step / steepness(aim));
}

static gboolean
is_good(const SpAim *aim)
{
    const SpAimTrial *best = &aim->trials[aim->best];
    double off = beyond(aim, best);
    if (aim->n >= SP_AIM_MOST || fabs(off) <= (aim->n == 1 ? BAND : LATE))
        return TRUE;
    return off < 0 ? best->quality >= aim->max_quality || best->bytes > aim->max_bytes
                   : best->quality <= aim->min_quality;
}

gboolean
sp_aim_next(const SpAim *aim, double *ret_quality)
{
    if (aim->n > 0 && is_good(aim))
        return FALSE;
    double quality =
        aim->n == 0 ? mean_quality(aim->format, shortness(aim->target)) : corrected(aim);
    quality = floor(quality / STEP + 0.5) * STEP;
    quality = CLAMP(quality, aim->min_quality, aim->max_quality);
    for (guint i = 0; i < aim->n; i++)
        if (fabs(aim->trials[i].quality - quality) < STEP)
            return FALSE;
    *ret_quality = quality;
    return TRUE;
}

void
sp_aim_report(SpAim *aim, double quality, double likeness, gsize bytes)
{
    g_return_if_fail(aim->n < SP_AIM_MOST);
    aim->trials[aim->n] = (SpAimTrial){quality, likeness, bytes};
    aim->n++;
    for (guint i = 0; i < aim->n; i++)
        if (fabs(beyond(aim, &aim->trials[i])) < fabs(beyond(aim, &aim->trials[aim->best])))
            aim->best = i;
}
