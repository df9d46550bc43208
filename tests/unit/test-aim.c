/* SPDX-License-Identifier: MIT */
/* test-aim.c -- the search for a likeness, against encoders that are formulas. */
#include "preset/preset.h"
#include "render/aim.h"
#include <math.h>

#define PIXELS 786432

typedef struct {
    const char *name;
    double at_80, slope; /* of the likeness: that at quality 80, and a point of quality */
    double a_pixel;      /* bytes at quality 80 */
} Encoder;

static double
likeness_at(const Encoder *encoder, double quality)
{
    return MIN(encoder->at_80 + encoder->slope * (quality - 80), 100);
}

static gsize
bytes_at(const Encoder *encoder, double quality)
{
    return (gsize)(encoder->a_pixel * PIXELS * exp(0.03 * (quality - 80)));
}

/* The trial that was chosen. Whatever the encoder does, the search ends, keeps to its range,
 * tries nothing twice and keeps the one that is nearest to what is wanted. */
static SpAimTrial
run(SpAim *aim, const Encoder *encoder, guint32 format, double target)
{
    double quality = 0;
    sp_aim_init(aim, format, target, PIXELS, 400000, 45, SP_QUALITY_AUTO_MOST);
    while (sp_aim_next(aim, &quality)) {
        g_assert_cmpfloat(quality, >=, 45);
        g_assert_cmpfloat(quality, <=, SP_QUALITY_AUTO_MOST);
        g_assert_cmpfloat(quality * 8, ==, floor(quality * 8));
        for (guint i = 0; i < aim->n; i++)
            g_assert_cmpfloat(aim->trials[i].quality, !=, quality);
        sp_aim_report(aim, quality, likeness_at(encoder, quality), bytes_at(encoder, quality));
        g_assert_cmpuint(aim->n, <=, SP_AIM_MOST);
    }
    double best = fabs(aim->trials[aim->best].likeness - sp_aim_wanted(aim));
    for (guint i = 0; i < aim->n; i++)
        g_assert_cmpfloat(fabs(aim->trials[i].likeness - sp_aim_wanted(aim)), >=, best);
    return aim->trials[aim->best];
}

/* Near what is wanted, of pictures hard and easy, of curves steep and flat. */
static void
test_comes_near(void)
{
    double sum = 0;
    guint n = 0;
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (guint at_80 = 66; at_80 <= 86; at_80 += 2)
            for (guint slope = 5; slope <= 10; slope++)
                for (guint target = 70; target <= 80; target += 5) {
                    Encoder encoder = {"kind", at_80, slope / 10.0, 0.09};
                    SpAim aim;
                    SpAimTrial best = run(&aim, &encoder, format, target);
                    double reach = likeness_at(&encoder, SP_QUALITY_AUTO_MOST);
                    double least = likeness_at(&encoder, 45);
                    double wanted = CLAMP(sp_aim_wanted(&aim), least, reach);
                    double error = fabs(best.likeness - wanted);
                    g_assert_cmpfloat(error, <=, 6);
                    sum += error;
                    n++;
                    g_assert_cmpfloat(fabs(sp_aim_wanted(&aim) - target), <=, 1.75);
                }
    g_assert_cmpfloat(sum / n, <=, 1);
}

/* Curves are steep at low qualities: what is wanted there is met too, and less is never dearer.
 */
static void
test_low_targets(void)
{
    static const double shown[SP_OUTPUT_COUNT][6] = {{5, 30, 47, 58, 66, 76},
                                                     {-60, 0, 37, 51, 63, 76}};
    static const double at[6] = {1, 10, 25, 40, 58, 80};
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (int shift = -6; shift <= 6; shift += 3) {
            double last = 0;
            for (guint target = 30; target <= 70; target += 5) {
                SpAim aim;
                double quality = 0;
                sp_aim_init(&aim, format, target, PIXELS, 400000, 1, SP_QUALITY_AUTO_MOST);
                while (sp_aim_next(&aim, &quality)) {
                    guint i = 1;
                    while (i < 5 && quality > at[i])
                        i++;
                    double part = (quality - at[i - 1]) / (at[i] - at[i - 1]);
                    double from = shown[format][i - 1], to = shown[format][i];
                    sp_aim_report(&aim, quality, from + part * (to - from) + shift,
                                  (gsize)(70000 * exp(0.03 * (quality - 80))));
                }
                const SpAimTrial *best = &aim.trials[aim.best];
                g_test_message("%u, %d, target %u: quality %g, %g", format, shift, target,
                               best->quality, best->likeness);
                g_assert_cmpfloat(fabs(best->likeness - sp_aim_wanted(&aim)), <=, 4);
                g_assert_cmpfloat(best->quality, >=, last);
                last = best->quality;
            }
        }
}

/* The mean picture needs one encode, one that is a little off two. */
static void
test_few_encodes(void)
{
    static const Encoder mean[] = {{"webp", 73.5, 0.7, 0.0841}, {"jpeg", 77.1, 0.7, 0.095}};
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (int off = -4; off <= 4; off += 2) {
            Encoder encoder = mean[format];
            SpAim aim;
            encoder.at_80 += off;
            run(&aim, &encoder, format, 75);
            g_assert_cmpuint(aim.n, ==, off == 0 ? 1 : 2);
        }
}

/* Where bytes are dear, a little less is wanted; where they are cheap, a little more. */
static void
test_bends(void)
{
    static const double leeways[SP_OUTPUT_COUNT] = {0, 1.75};
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        double last = 75 + leeways[format];
        for (guint i = 1; i < 50; i++) {
            double a_pixel = 0.01 * pow(1.1, i);
            Encoder encoder = {"", 76, 0.7, a_pixel};
            SpAim aim;
            run(&aim, &encoder, format, 75);
            double wanted = sp_aim_wanted(&aim);
            if (a_pixel < 0.04)
                g_assert_cmpfloat(wanted, ==, 75 + leeways[format]);
            if (a_pixel > 0.2)
                g_assert_cmpfloat(wanted, ==, 75 - leeways[format]);
            g_assert_cmpfloat(wanted, <=, last);
            last = wanted;
        }
    }
}

static void
test_no_further(void)
{
    Encoder poor = {"never good", 20, 0.1, 0.02}, good = {"always good", 99, 0.01, 0.02};
    Encoder large = {"too large, and not good", 50, 0.5, 2}, odd = {"falls", 60, -0.5, 0.09};
    SpAim aim;
    g_assert_cmpfloat(run(&aim, &poor, SP_OUTPUT_JPEG, 75).quality, ==, SP_QUALITY_AUTO_MOST);
    g_assert_cmpfloat(run(&aim, &good, SP_OUTPUT_JPEG, 75).quality, ==, 45);
    run(&aim, &large, SP_OUTPUT_JPEG, 75);
    g_assert_cmpuint(aim.n, ==, 1);
    run(&aim, &odd, SP_OUTPUT_WEBP, 75);
    sp_aim_init(&aim, SP_OUTPUT_WEBP, 75, PIXELS, 400000, 60, 60);
    double quality = 0;
    g_assert_true(sp_aim_next(&aim, &quality));
    g_assert_cmpfloat(quality, ==, 60);
    sp_aim_report(&aim, 60, 50, 1000);
    g_assert_false(sp_aim_next(&aim, &quality));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/aim/comes-near", test_comes_near);
    g_test_add_func("/aim/low-targets", test_low_targets);
    g_test_add_func("/aim/few-encodes", test_few_encodes);
    g_test_add_func("/aim/bends", test_bends);
    g_test_add_func("/aim/no-further", test_no_further);
    return g_test_run();
}
