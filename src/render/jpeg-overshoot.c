/* SPDX-License-Identifier: MIT */
/* jpeg-overshoot.c -- blocks that go beyond black and white.
 *
 * Clipped samples are known only to be beyond something. What is missing in a sparse spectrum
 * is found by iterated thresholding (Guleryuz, "Nonlinear approximation based image recovery
 * using adaptive sparse reconstructions", 2006): leave out the small coefficients, take from
 * what is left the samples that are not known, begin again with a lower threshold. */
#include "render/jpeg-overshoot.h"
#include "render/jpeg-forward.h"
#include "render/jpeg-vector.h"
#include <string.h>

#define FAR 64 /* samples: nothing goes further beyond */
/* Thresholds, in eighths of the quantiser's steps; the last are for few rounds as for many. */
static const guint8 thresholds[] = {24, 17, 12, 8, 6, 4};
#define MOST_ROUNDS G_N_ELEMENTS(thresholds)

typedef struct {
    Half least[8], most[8]; /* what each sample may be; the same where it is not clipped */
} Bounds;

/* FALSE when nothing is clipped, or everything. */
static gboolean
find_bounds(const guint8 *const rows[8], gsize x, Bounds *bounds)
{
    Half any = {0}, all = ~(Half){0};
    for (guint i = 0; i < 8; i++) {
        Bytes row = {0};
        memcpy(&row, rows[i] + x, 8);
        Half v = (Half)LOW_BYTES(row, (Bytes){0});
        Half is_white = (Half)(v == 255), is_black = (Half)(v == 0);
        bounds->least[i] = v - 128 - (is_black & FAR);
        bounds->most[i] = v - 128 + (is_white & FAR);
        any |= is_white | is_black;
        all &= is_white | is_black;
    }
    return marked(any, ~all) > 0xFF && marked(any, (Half){0}) != 0;
}

static void
threshold(gint16 block[64], const guint16 steps[64], guint eighths)
{
    for (gsize i = 0; i < 8; i++) {
        Half v, step;
        memcpy(&v, block + 8 * i, sizeof v);
        memcpy(&step, steps + 8 * i, sizeof step);
        step *= (gint16)eighths; /* an eighth of a step is a step of SP_JPEG_ONE */
        v &= (Half)(v >= step) | (Half)(v <= -step);
        memcpy(block + 8 * i, &v, sizeof v);
    }
}

static void
clamp(gint16 samples[64], const Bounds *bounds)
{
    for (gsize i = 0; i < 8; i++) {
        Half v;
        memcpy(&v, samples + 8 * i, sizeof v);
        Half under = (Half)(v < bounds->least[i]), over = (Half)(v > bounds->most[i]);
        v = (under & bounds->least[i]) | (over & bounds->most[i]) | (v & ~(under | over));
        memcpy(samples + 8 * i, &v, sizeof v);
    }
}

void
sp_jpeg_overshoot(const guint8 *const rows[8], gsize x, const guint16 steps[64], guint rounds,
                  gint16 block[64])
{
    Bounds bounds;
    if (rounds == 0 || !find_bounds(rows, x, &bounds))
        return;
    for (guint i = MOST_ROUNDS - MIN(rounds, MOST_ROUNDS); i < MOST_ROUNDS; i++) {
        gint16 samples[64];
        threshold(block, steps, thresholds[i]);
        sp_jpeg_inverse_wide(block, samples);
        clamp(samples, &bounds);
        sp_jpeg_forward_wide(samples, block);
    }
}
