/* SPDX-License-Identifier: MIT */
/* test-jpeg-baseline.c -- planes without libjpeg: the same ones, or a bet that is lost.
 *
 * Of every JPEG without a fault the bet is won, in one thread and in two, at each scale. Of one
 * that is cut or altered at any byte it may be lost or won: where it is won, libjpeg alone has
 * no complaint, and the same picture (baseline.h). */
#include "data/baseline.h"
#include "render-fixture.h"

typedef struct {
    const char *name;
    Sample sample;
} Case;

static const Case cases[] = {
    {"4:4:4", {67, 53, SAMPLING(1, 1), SAMPLE_NOISE}},
    {"4:2:2", {131, 35, SAMPLING(2, 1), SAMPLE_NOISE}},
    {"4:2:0", {131, 99, SAMPLING(2, 2), SAMPLE_NOISE}},
    {"4:4:0", {67, 99, SAMPLING(1, 2), SAMPLE_NOISE}},
    {"4:1:1", {131, 35, SAMPLING(4, 1), SAMPLE_NOISE}},
    {"4:1:0", {131, 99, SAMPLING(4, 2), SAMPLE_NOISE}},
    {"unlike", {131, 99, {{2, 2}, {2, 1}, {1, 2}}, SAMPLE_NOISE}},
    {"grey", {67, 53, .kind = SAMPLE_NOISE}},
    {"wide", {3000, 33, SAMPLING(2, 2), SAMPLE_NOISE}}, /* many slots a row */
    {"high", {33, 3000, SAMPLING(2, 2), SAMPLE_NOISE}}, /* more rows than a feed's ring */
    {"large", {2000, 1500, SAMPLING(2, 2)}},            /* more slots than a ring */
    {"extremes", {200, 150, SAMPLING(2, 2), SAMPLE_EXTREMES, .quality = 100}},
    {"restart", {131, 99, SAMPLING(2, 2), SAMPLE_NOISE, .restart = 5}},
    {"own tables", {200, 150, SAMPLING(2, 2), SAMPLE_NOISE, .optimised = TRUE}},
    {"one pixel", {1, 1, SAMPLING(2, 2)}},
    {"one grey pixel", {1, 1}},
};

static void
walk_of(GBytes *jpeg, SpJpegWalk *ret_walk)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    g_autoptr(GError) error = NULL;
    gboolean walked = sp_jpeg_walk(bytes, n, NULL, NULL, ret_walk, &error);
    g_assert_no_error(error);
    g_assert_true(walked);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GBytes) jpeg = sample_jpeg(&c->sample);
    g_auto(SpJpegWalk) walk = {0};
    walk_of(jpeg, &walk);
    for (guint eighths = 1; eighths <= 8; eighths *= 2)
        for (guint threads = 1; threads <= 2; threads++)
            g_assert_cmpint(baseline_check(&walk, eighths, threads), ==, BASELINE_WON);
}

/* Every quality has tables of its own, and the bet is won for the worst picture there is. */
static void
test_qualities(void)
{
    for (int quality = 1; quality <= 100; quality++) {
        Sample sample = {64, 64, SAMPLING(1, 1), SAMPLE_EXTREMES, .quality = quality};
        g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
        g_auto(SpJpegWalk) walk = {0};
        walk_of(jpeg, &walk);
        for (guint eighths = 1; eighths <= 8; eighths *= 2)
            g_assert_cmpint(baseline_check(&walk, eighths, 1), ==, BASELINE_WON);
    }
}

static void
test_not_taken(void)
{
    static const Sample others[] = {
        {64, 48, SAMPLING(2, 2), .progressive = TRUE},
        {60, 48, {{3, 1}, {1, 1}, {1, 1}}}, /* chroma comes in a size of its own */
    };
    g_auto(SpJpegWalk) walk = {0};
    g_autoptr(GBytes) jpeg = sample_jpeg(&others[0]);
    walk_of(jpeg, &walk);
    g_assert_cmpint(baseline_check(&walk, 4, 1), ==, BASELINE_NONE);
    for (guint eighths = 1; eighths <= 8; eighths++) {
        g_autoptr(GBytes) odd = sample_jpeg(&others[1]);
        g_auto(SpJpegWalk) odd_walk = {0};
        walk_of(odd, &odd_walk);
        g_assert_cmpint(baseline_check(&odd_walk, eighths, 1), !=, BASELINE_LOST);
    }
}

/* ---- damage -------------------------------------------------------------------------------
 */

static const Sample damaged[] = {
    {48, 40, SAMPLING(2, 2), SAMPLE_NOISE, .quality = 60},
    {48, 40, SAMPLING(2, 1), SAMPLE_NOISE, .quality = 95, .restart = 2},
    {40, 40, .optimised = TRUE},
};

static BaselineBet
check_bytes(const guint8 *bytes, gsize n, guint threads)
{
    g_auto(SpJpegWalk) walk = {0};
    g_autofree guint8 *exact = g_memdup2(bytes, n);
    return sp_jpeg_walk(exact, n, NULL, NULL, &walk, NULL) ? baseline_check(&walk, 4, threads)
                                                           : BASELINE_NONE;
}

static void
test_cut(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(damaged); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&damaged[i]);
        gsize data = render_data(jpeg);
        g_assert_cmpint(check_bytes(jpeg->data, jpeg->len, 1), ==, BASELINE_WON);
        for (gsize n = data; n < jpeg->len; n++) {
            g_assert_cmpint(check_bytes(jpeg->data, n, 1), !=, BASELINE_WON);
            if (n >= jpeg->len - 2)
                continue;
            /* and with an end behind it */
            g_autoptr(GByteArray) ended = g_byte_array_new();
            g_byte_array_append(ended, jpeg->data, (guint)n);
            g_byte_array_append(ended, (const guint8 *)"\xFF\xD9", 2);
            g_assert_cmpint(check_bytes(ended->data, ended->len, 1 + n % 2), !=, BASELINE_WON);
        }
    }
}

static void
test_flipped(void)
{
    guint won = 0, lost = 0;
    for (guint i = 0; i < G_N_ELEMENTS(damaged); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&damaged[i]);
        for (gsize bit = 16; bit < (gsize)jpeg->len * 8; bit += 5) {
            jpeg->data[bit / 8] ^= (guint8)(1 << bit % 8);
            BaselineBet bet = check_bytes(jpeg->data, jpeg->len, 1 + bit / 8 % 2);
            won += bet == BASELINE_WON;
            lost += bet == BASELINE_LOST;
            jpeg->data[bit / 8] ^= (guint8)(1 << bit % 8);
        }
    }
    g_test_message("%u won, %u lost", won, lost);
    g_assert_cmpuint(won, >, 0);
    g_assert_cmpuint(lost, >, 0);
}

/* All the way: a picture large enough for a bet, and with a fault near its end, gets libjpeg's
 * answer; one without a fault, the files that a pipe gets. */
static void
test_render(void)
{
    Sample sample = {800, 600, SAMPLING(2, 2), SAMPLE_NOISE};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    for (guint32 threads = 1; threads <= 2; threads++) {
        g_autoptr(Render) render = render_new();
        render->request.threads = threads;
        g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_NONE);
        g_autoptr(Render) cut = render_new();
        cut->request.threads = threads;
        g_assert_cmpuint(render_run(cut, jpeg->data, jpeg->len - 100), ==, SP_ERROR_TRUNCATED);
        g_assert_cmpstr(cut->answer.message, ==, "truncated after 97 % of the picture");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_render_warm_up();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/jpeg-baseline/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/jpeg-baseline/qualities", test_qualities);
    g_test_add_func("/jpeg-baseline/not-taken", test_not_taken);
    g_test_add_func("/jpeg-baseline/cut", test_cut);
    g_test_add_func("/jpeg-baseline/flipped", test_flipped);
    g_test_add_func("/jpeg-baseline/render", test_render);
    return g_test_run();
}
