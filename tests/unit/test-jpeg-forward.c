/* SPDX-License-Identifier: MIT */
/* test-jpeg-forward.c -- the forward DCT and its inverse against the sums of cosines that
 * define them (ITU-T T.81, A.3.3). That the first is libjpeg's to the bit, test-encode.c says.
 */
#include "render/jpeg-forward.h"
#include <math.h>

/* The basis function of frequency u at sample x. */
static double
wave(guint u, guint x)
{
    return (u == 0 ? sqrt(0.125) : 0.5) * cos((2 * x + 1) * u * G_PI / 16);
}

/* forward: from samples to coefficients; else back. */
static void
by_definition(const double in[64], gboolean forward, double out[64])
{
    for (guint i = 0; i < 64; i++) {
        out[i] = 0;
        for (guint k = 0; k < 64; k++) {
            guint u = forward ? i : k, x = forward ? k : i;
            out[i] += in[k] * wave(u % 8, x % 8) * wave(u / 8, x / 8);
        }
    }
}

static gint
random_sample(GRand *rand, guint kind, gint most)
{
    if (kind == 0)
        return g_rand_int_range(rand, -most, most + 1);
    return g_rand_boolean(rand) ? most : -most;
}

static void
assert_near(const gint16 *found, const double expected[64], double scale, double most)
{
    for (guint i = 0; i < 64; i++)
        g_assert_cmpfloat(fabs(found[i] - scale * expected[i]), <=, most);
}

static void
test_forward(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);
    for (guint n = 0; n < 1000; n++) {
        guint8 samples[8][16];
        const guint8 *rows[8];
        double in[64], out[64];
        gint16 found[64];
        for (guint y = 0; y < 8; y++) {
            rows[y] = samples[y];
            for (guint x = 0; x < 16; x++)
                samples[y][x] =
                    (guint8)(128 + CLAMP(random_sample(rand, n % 2, 128), -128, 127));
            for (guint x = 0; x < 8; x++)
                in[8 * y + x] = samples[y][x + 5] - 128;
        }
        sp_jpeg_forward(rows, 5, found);
        by_definition(in, TRUE, out);
        assert_near(found, out, SP_JPEG_ONE, 2);
    }
}

static void
test_wide(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    for (guint n = 0; n < 1000; n++) {
        gint16 samples[64], found[64], back[64];
        double in[64], out[64], again[64];
        for (guint i = 0; i < 64; i++)
            in[i] = samples[i] = (gint16)random_sample(rand, n % 2, 255);
        sp_jpeg_forward_wide(samples, found);
        by_definition(in, TRUE, out);
        assert_near(found, out, SP_JPEG_ONE, 3);
        for (guint i = 0; i < 64; i++)
            out[i] = (double)found[i] / SP_JPEG_ONE;
        by_definition(out, FALSE, again);
        sp_jpeg_inverse_wide(found, back);
        assert_near(back, again, 1, 1.2);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-forward/forward", test_forward);
    g_test_add_func("/jpeg-forward/wide", test_wide);
    return g_test_run();
}
