/* SPDX-License-Identifier: MIT */
/* test-jpeg-overshoot.c -- blocks that go beyond black and white. */
#include "render/jpeg-forward.h"
#include "render/jpeg-overshoot.h"
#include <string.h>

typedef struct {
    guint8 samples[8][8];
    const guint8 *rows[8];
    guint16 steps[64];
    gint16 block[64];
} Case;

/* black, white: how many rows at the upper and the lower end are. */
static void
case_init(Case *c, guint8 between, guint black, guint white, guint16 step)
{
    for (guint y = 0; y < 8; y++) {
        c->rows[y] = c->samples[y];
        memset(c->samples[y], y < black ? 0 : y + white >= 8 ? 255 : between, 8);
    }
    for (guint i = 0; i < 64; i++)
        c->steps[i] = step;
    sp_jpeg_forward(c->rows, 0, c->block);
}

static guint
changed(Case *c, guint rounds)
{
    gint16 before[64];
    memcpy(before, c->block, sizeof before);
    sp_jpeg_overshoot(c->rows, 0, c->steps, rounds, c->block);
    return memcmp(before, c->block, sizeof before) != 0;
}

static void
test_left_alone(void)
{
    static const struct {
        guint8 between;
        guint black, white, rounds;
    } cases[] = {{128, 0, 0, 6}, {254, 0, 0, 6}, {1, 0, 0, 6},  {0, 8, 0, 6},
                 {0, 0, 8, 6},   {0, 4, 4, 6},   {100, 0, 4, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c;
        case_init(&c, cases[i].between, cases[i].black, cases[i].white, 20);
        g_assert_cmpuint(changed(&c, cases[i].rounds), ==, 0);
    }
}

/* Coefficients that would not be rounded to 0. */
static guint
n_large(const Case *c)
{
    guint n = 0;
    for (guint i = 0; i < 64; i++)
        n += ABS(c->block[i]) >= SP_JPEG_ONE * c->steps[i] / 2;
    return n;
}

/* Strokes on white, or on black. */
static void
draw(Case *c, GRand *rand)
{
    gboolean is_white = g_rand_boolean(rand);
    case_init(c, 0, is_white ? 0 : 8, is_white ? 8 : 0, 20);
    for (guint y = 0; y < 8; y++)
        memset(c->samples[y], is_white ? 255 : 0, 8);
    guint x = (guint)g_rand_int_range(rand, 0, 8), slope = (guint)g_rand_int_range(rand, 1, 5);
    for (guint y = 0; y < 8; y++)
        c->samples[y][(x + y / slope) % 8] = (guint8)g_rand_int_range(rand, 40, 200);
    sp_jpeg_forward(c->rows, 0, c->block);
}

/* What decoders clip is as it was, but for rounding. */
static void
assert_clipped(const Case *c)
{
    gint16 samples[64];
    sp_jpeg_inverse_wide(c->block, samples);
    for (guint i = 0; i < 64; i++) {
        gint v = samples[i] + 128;
        g_assert_cmpint(v, >=, -66);
        g_assert_cmpint(v, <=, 255 + 66);
        g_assert_cmpint(ABS(CLAMP(v, 0, 255) - c->samples[i / 8][i % 8]), <=, 1);
    }
}

/* There is less to be sent. */
static void
test_clipped(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(255);
    for (guint rounds = 3; rounds <= 6; rounds++) {
        guint before = 0, after = 0;
        for (guint n = 0; n < 500; n++) {
            Case c;
            draw(&c, rand);
            before += n_large(&c);
            g_assert_cmpuint(changed(&c, rounds), ==, 1);
            after += n_large(&c);
            assert_clipped(&c);
        }
        g_test_message("%u rounds: %u coefficients of %u", rounds, after, before);
        g_assert_cmpuint(after, <, before - before / 10);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-overshoot/left-alone", test_left_alone);
    g_test_add_func("/jpeg-overshoot/clipped", test_clipped);
    return g_test_run();
}
