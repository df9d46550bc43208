/* SPDX-License-Identifier: MIT */
/* test-alpha.c -- what alpha does to colours, and what is left of them. */
#include "picture.h"
#include "render/alpha.h"

/* ---- rows ---------------------------------------------------------------------------------
 */

static void
test_rows(void)
{
    static const guint16 alphas[] = {0, 1, 2, 255, 257, 32767, 32768, 65534, 65535};
    static const guint16 colours[] = {0, 1, 257, 32768, 40000, 65534, 65535};
    for (guint i = 0; i < G_N_ELEMENTS(alphas); i++)
        for (guint k = 0; k < G_N_ELEMENTS(colours); k++) {
            guint16 a[2] = {alphas[i], 65535}, r[2] = {colours[k], colours[k]},
                    g[2] = {65535, 0}, b[2] = {0, 65535};
            guint16 *const rows[SP_MAX_PLANES] = {r, g, b, a};
            sp_alpha_premultiply_row(rows, 3, 2);
            g_assert_cmpuint(r[0], ==, lround(colours[k] * (alphas[i] / 65535.0)));
            g_assert_cmpuint(r[1], ==, colours[k]);
            g_assert_cmpuint(g[0], ==, alphas[i]);
            g_assert_cmpuint(b[0], ==, 0);
            sp_alpha_unpremultiply_row(rows, 3, 2);
            double step = alphas[i] == 0 ? 0 : 0.5 * 65535.0 / alphas[i] + 0.5;
            g_assert_cmpfloat(fabs((double)r[0] - (alphas[i] == 0 ? 65535 : colours[k])), <=,
                              step);
            g_assert_cmpuint(r[1], ==, colours[k]);
            g_assert_cmpuint(g[0], ==, 65535);
            g_assert_cmpuint(b[0], ==, alphas[i] == 0 ? 65535 : 0);
            g_assert_cmpuint(a[0], ==, alphas[i]);
        }
}

/* Two different colours under alpha 0 are a picture that is hidden, one colour is none; and
 * what lies in another row counts as well. */
static void
test_hidden(void)
{
    static const struct {
        guint16 grey[4], alpha[4];
        gboolean any, hides;
    } cases[] = {
        {{1, 2, 3, 4}, {1, 2, 65535, 1}, FALSE, FALSE},
        {{1, 2, 3, 4}, {0, 1, 1, 1}, TRUE, FALSE},
        {{7, 2, 7, 7}, {0, 65535, 0, 0}, TRUE, FALSE},
        {{7, 2, 7, 8}, {0, 65535, 0, 0}, TRUE, TRUE},
        {{0, 0, 0, 65535}, {0, 0, 0, 0}, TRUE, TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint n = 1; n <= 4; n += 3) { /* in one row, in four */
            SpAlphaHidden hidden = {0};
            for (guint x = 0; x < 4; x += 4 / n) {
                guint16 grey[4], alpha[4];
                memcpy(grey, cases[i].grey + x, 4 / n * sizeof *grey);
                memcpy(alpha, cases[i].alpha + x, 4 / n * sizeof *alpha);
                guint16 *const rows[SP_MAX_PLANES] = {grey, alpha};
                sp_alpha_note_hidden(&hidden, rows, 1, 4 / n);
            }
            g_assert_cmpint(hidden.any, ==, cases[i].any);
            g_assert_cmpint(hidden.hides, ==, cases[i].hides);
        }
}

/* What a resize has made brighter than alpha allows is cut off, not wrapped round. */
static void
test_rows_over(void)
{
    guint16 grey[2] = {40000, 65535}, alpha[2] = {20000, 1};
    guint16 *const rows[SP_MAX_PLANES] = {grey, alpha};
    sp_alpha_unpremultiply_row(rows, 1, 2);
    g_assert_cmpuint(grey[0], ==, 65535);
    g_assert_cmpuint(grey[1], ==, 65535);
}

/* ---- pictures -----------------------------------------------------------------------------
 */

static void
test_opaque(void)
{
    for (guint bytes = 1; bytes <= 2; bytes++) {
        g_auto(SpPicture) picture = {0};
        SpForm form = {SP_MODEL_RGB, TRUE, bytes, 1};
        g_assert_true(sp_picture_init(&picture, 67, 5, form, NULL));
        SpPlane *alpha = &picture.planes[3];
        memset(alpha->data, 0, alpha->stride * 5); /* behind the rows too */
        for (guint y = 0; y < 5; y++)
            memset(alpha->data + alpha->stride * y, 0xFF, (gsize)67 * bytes);
        g_assert_true(sp_alpha_is_opaque(&picture));
        for (guint i = 0; i < 67 * bytes; i++) {
            guint8 *byte = alpha->data + alpha->stride * (i % 5) + i;
            *byte = 0xFE;
            g_assert_false(sp_alpha_is_opaque(&picture));
            *byte = 0xFF;
        }
        sp_alpha_drop(&picture);
        g_assert_false(picture.alpha);
        g_assert_cmpuint(picture.n_planes, ==, 3);
        g_assert_null(picture.planes[3].data);
        g_assert_false(sp_alpha_is_opaque(&picture)); /* there is none */
        sp_alpha_drop(&picture);
        g_assert_cmpuint(picture.n_planes, ==, 3);
    }
}

/* ---- flattening ---------------------------------------------------------------------------
 */

static const struct {
    guint32 rgb;
    guint8 ycc[3];
} backgrounds[] = {
    {0xFFFFFF, {255, 128, 128}}, {0x000000, {0, 128, 128}},  {0xFF0000, {76, 85, 255}},
    {0x00FF00, {150, 44, 21}},   {0x0000FF, {29, 255, 107}}, {0x808080, {128, 128, 128}},
    {0x336699, {93, 162, 98}},
};

static void
flatten(const SpPicture *picture, guint32 background, SpPicture *flat)
{
    g_autoptr(GError) error = NULL;
    gboolean done = sp_alpha_flatten(picture, background, flat, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(flat->width, ==, picture->width);
    g_assert_cmpuint(flat->height, ==, picture->height);
    g_assert_cmpuint(flat->n_planes, ==, 3);
    g_assert_cmpuint(flat->sub, ==, 2);
    g_assert_false(flat->alpha);
}

/* Opaque samples to the byte, invisible ones the background and nothing else. */
static void
test_flatten_ends(void)
{
    static const guint sizes[][2] = {{1, 1}, {1, 2}, {3, 1}, {64, 48}, {65, 47}, {131, 97}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint b = 0; b < G_N_ELEMENTS(backgrounds); b++) {
            g_auto(SpPicture) picture = {0}, flat = {0};
            picture_make_alpha(&picture, sizes[i][0], sizes[i][1], PICTURE_NOISE, 0xA5);
            flatten(&picture, backgrounds[b].rgb, &flat);
            for (guint k = 0; k < 3; k++)
                for (guint y = 0; y < flat.planes[k].height; y++)
                    for (guint x = 0; x < flat.planes[k].width; x++) {
                        guint8 found = flat.planes[k].data[flat.planes[k].stride * y + x];
                        guint a = sp_alpha_of_sample(&picture.planes[3], k == 0 ? 1 : 2, x, y);
                        if (a == SP_ALPHA_FOUR)
                            g_assert_cmpuint(found, ==, picture_sample(PICTURE_NOISE, k, x, y));
                        if (picture_is_hidden(&picture, k, x, y))
                            g_assert_cmpuint(found, ==, backgrounds[b].ycc[k]);
                        g_assert_cmpint(picture_is_hidden(&picture, k, x, y), ==, a == 0);
                    }
        }
}

/* Every colour on every background at every alpha, against real numbers. */
static void
test_flatten_rounds(void)
{
    g_auto(SpPicture) picture = {0};
    SpForm form = {SP_MODEL_YCC, TRUE, 1, 2};
    g_assert_true(sp_picture_init(&picture, 256, 256, form, NULL));
    for (guint i = 1; i < 3; i++)
        memset(picture.planes[i].data, 128, picture.planes[i].stride * 128);
    for (guint y = 0; y < 256; y++)
        for (guint x = 0; x < 256; x++) {
            picture.planes[0].data[picture.planes[0].stride * y + x] = (guint8)x;
            picture.planes[3].data[picture.planes[3].stride * y + x] = (guint8)y;
        }
    for (guint b = 0; b < G_N_ELEMENTS(backgrounds); b++) {
        g_auto(SpPicture) flat = {0};
        flatten(&picture, backgrounds[b].rgb, &flat);
        for (guint y = 0; y < 256; y++)
            for (guint x = 0; x < 256; x++) {
                double a = y / 255.0, want = x * a + backgrounds[b].ycc[0] * (1 - a);
                g_assert_cmpuint(flat.planes[0].data[flat.planes[0].stride * y + x], ==,
                                 lround(want));
            }
    }
}

/* JFIF's matrix, without rounding. */
static void
to_ycc(const double rgb[3], double ycc[3])
{
    ycc[0] = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    ycc[1] = 128 + (rgb[2] - ycc[0]) / 1.772;
    ycc[2] = 128 + (rgb[0] - ycc[0]) / 1.402;
}

/* R'G'B'A of a pixel; alpha has long ramps. */
static void
pixel(guint x, guint y, double rgb[3], double *ret_alpha)
{
    for (guint i = 0; i < 3; i++)
        rgb[i] = picture_sample(PICTURE_NOISE, i, x, y);
    *ret_alpha = picture_sample((x / 8 + y / 8) % 2 ? PICTURE_NOISE : PICTURE_WAVES, 1, x, y);
}

/* Chroma that is weighted by alpha, then flattened, is the chroma of the flattened pixels:
 * R'G'B' mixed pixel by pixel and only then averaged. */
static void
test_flatten_is_mixing(void)
{
    enum { WIDTH = 48, HEIGHT = 32 };
    static double want[2][HEIGHT / 2][WIDTH / 2], sums[2][HEIGHT / 2][WIDTH / 2];
    static double weights[HEIGHT / 2][WIDTH / 2];
    g_auto(SpPicture) picture = {0}, flat = {0};
    SpForm form = {SP_MODEL_YCC, TRUE, 1, 2};
    g_assert_true(sp_picture_init(&picture, WIDTH, HEIGHT, form, NULL));
    const double bg[3] = {0x33, 0x66, 0x99};
    for (guint y = 0; y < HEIGHT; y++)
        for (guint x = 0; x < WIDTH; x++) {
            double rgb[3], mixed[3], ycc[3], a = 0;
            pixel(x, y, rgb, &a);
            to_ycc(rgb, ycc);
            picture.planes[0].data[picture.planes[0].stride * y + x] = (guint8)lround(ycc[0]);
            picture.planes[3].data[picture.planes[3].stride * y + x] = (guint8)a;
            weights[y / 2][x / 2] += a;
            for (guint i = 0; i < 2; i++)
                sums[i][y / 2][x / 2] += ycc[i + 1] * a;
            for (guint i = 0; i < 3; i++)
                mixed[i] = rgb[i] * a / 255 + bg[i] * (1 - a / 255);
            to_ycc(mixed, ycc);
            for (guint i = 0; i < 2; i++)
                want[i][y / 2][x / 2] += ycc[i + 1] / 4;
        }
    for (guint i = 0; i < 2; i++)
        for (guint y = 0; y < HEIGHT / 2; y++)
            for (guint x = 0; x < WIDTH / 2; x++)
                picture.planes[i + 1].data[picture.planes[i + 1].stride * y + x] =
                    (guint8)CLAMP(lround(sums[i][y][x] / MAX(1, weights[y][x])), 0, 255);
    flatten(&picture, 0x336699, &flat);
    for (guint i = 0; i < 2; i++)
        for (guint y = 0; y < HEIGHT / 2; y++)
            for (guint x = 0; x < WIDTH / 2; x++) {
                double found = flat.planes[i + 1].data[flat.planes[i + 1].stride * y + x];
                g_assert_cmpfloat(fabs(found - want[i][y][x]), <=, 1.5); /* rounded thrice */
            }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alpha/rows", test_rows);
    g_test_add_func("/alpha/rows-over", test_rows_over);
    g_test_add_func("/alpha/hidden", test_hidden);
    g_test_add_func("/alpha/opaque", test_opaque);
    g_test_add_func("/alpha/flatten/ends", test_flatten_ends);
    g_test_add_func("/alpha/flatten/rounds", test_flatten_rounds);
    g_test_add_func("/alpha/flatten/is-mixing", test_flatten_is_mixing);
    return g_test_run();
}
