/* SPDX-License-Identifier: MIT */
/* test-opsin.c -- tones and colours as SSIMULACRA2 sees them: against its own formulas. */
#include "picture.h"
#include "render/opsin.h"

typedef struct {
    const char *name;
    guint8 planes[3];
    double rgb[3]; /* what they are in sRGB, 0 to 255 */
} Case;

static const Case cases[] = {
    {"black", {0, 128, 128}, {0, 0, 0}},          {"white", {255, 128, 128}, {255, 255, 255}},
    {"grey", {100, 128, 128}, {100, 100, 100}},   {"red", {76, 85, 255}, {254, 0, 0}},
    {"green", {150, 44, 21}, {0, 255, 1}},        {"blue", {29, 255, 107}, {0, 0, 254}},
    {"beyond", {255, 255, 255}, {255, 120, 255}},
};

static double
light_of(double level)
{
    double value = level / 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double
root_of(double light)
{
    return cbrt(light + 0.0037930734) - cbrt(0.0037930734);
}

static void
assert_all(const SpPlane *plane, double value)
{
    for (guint y = 0; y < plane->height; y++)
        for (guint x = 0; x < plane->width; x++) {
            const guint16 *row =
                (const guint16 *)(const void *)(plane->data + plane->stride * y);
            g_assert_cmpfloat(fabs(row[x] - value * SP_OPSIN_ONE), <=, 10);
        }
}

/* Of one colour, all sizes have it: of either sampling. */
static void
test_colours(void)
{
    for (guint i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const Case *one = &cases[i / 2];
        g_auto(SpPicture) picture = {0};
        g_auto(SpOpsin) opsin = {0};
        double r = light_of(one->rgb[0]), g = light_of(one->rgb[1]), b = light_of(one->rgb[2]);
        double l = root_of(0.3 * r + 0.622 * g + 0.078 * b);
        double m = root_of(0.23 * r + 0.692 * g + 0.078 * b);
        double s = root_of(0.24342 * r + 0.20477 * g + 0.55181 * b);
        picture_make(&picture, 53, 37, 1 + i % 2, 3, PICTURE_FLAT, 0);
        for (guint k = 0; k < 3; k++)
            memset(picture.planes[k].data, one->planes[k],
                   picture.planes[k].stride * picture.planes[k].height);
        g_test_message("%s", one->name);
        g_assert_true(sp_opsin_init(&opsin, &picture, NULL));
        for (guint k = 0; k < SP_OPSIN_SIZES; k++) {
            g_assert_cmpuint(opsin.y[k].width, ==, 53 >> (k + 1));
            g_assert_cmpuint(opsin.y[k].height, ==, 37 >> (k + 1));
            assert_all(&opsin.y[k], (l + m) / 2);
        }
        assert_all(&opsin.x, 7 * (l - m) + 0.42);
        assert_all(&opsin.b, s - (l + m) / 2 + 0.55);
        if (one->planes[1] == 128 && one->planes[2] == 128)
            g_assert_cmpfloat(
                fabs(sp_opsin_of_grey()[one->planes[0]] - (l + m) / 2 * SP_OPSIN_ONE), <=, 2);
    }
}

/* Smaller sizes are averages of light: a lattice of black and white is as bright as 188. */
static void
test_light(void)
{
    g_auto(SpPicture) picture = {0};
    g_auto(SpOpsin) opsin = {0};
    picture_make(&picture, 64, 32, 2, 1, PICTURE_FLAT, 0);
    for (guint y = 0; y < 32; y++)
        for (guint x = 0; x < 64; x++)
            picture.planes[0].data[picture.planes[0].stride * y + x] = (x + y) % 2 ? 255 : 0;
    g_assert_true(sp_opsin_init(&opsin, &picture, NULL));
    for (guint k = 0; k < SP_OPSIN_SIZES; k++)
        assert_all(&opsin.y[k], root_of(0.5));
}

/* Of nothing there is nothing. */
static void
test_small(void)
{
    static const guint sides[][2] = {{1, 1}, {1, 40}, {40, 1}, {3, 3}};
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_auto(SpPicture) picture = {0};
        g_auto(SpOpsin) opsin = {0};
        picture_make(&picture, sides[i][0], sides[i][1], 2, 3, PICTURE_NOISE, 0);
        g_assert_true(sp_opsin_init(&opsin, &picture, NULL));
        g_assert_null(opsin.y[SP_OPSIN_QUARTER].data);
        g_assert_null(opsin.b.data);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/opsin/colours", test_colours);
    g_test_add_func("/opsin/light", test_light);
    g_test_add_func("/opsin/small", test_small);
    return g_test_run();
}
