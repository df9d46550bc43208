/* SPDX-License-Identifier: MIT */
/* test-turn.c -- every sample moves to where the tag says, and none changes. */
#include "picture.h"
#include "render/turn.h"

static const guint sizes[][2] = {{1, 1},   {1, 2},   {2, 1},   {3, 2},   {17, 33},
                                 {64, 32}, {65, 33}, {1, 100}, {100, 1}, {131, 257}};

/* Where 0th row and 0th column of the stored picture are seen (CIPA DC-008). */
static void
check_plane(const SpPlane *from, const SpPlane *to, guint orientation)
{
    guint w = from->width, h = from->height;
    g_assert_cmpuint(to->width, ==, orientation >= 5 ? h : w);
    g_assert_cmpuint(to->height, ==, orientation >= 5 ? w : h);
    for (guint y = 0; y < h; y++)
        for (guint x = 0; x < w; x++) {
            guint rx = w - 1 - x, ry = h - 1 - y;
            guint to_x[9] = {0, x, rx, rx, x, y, ry, ry, y};
            guint to_y[9] = {0, y, y, ry, ry, x, x, rx, rx};
            guint8 seen = to->data[to->stride * to_y[orientation] + to_x[orientation]];
            g_assert_cmpuint(seen, ==, from->data[from->stride * y + x]);
        }
}

/* n_planes 4: with alpha. */
static void
make(SpPicture *picture, guint width, guint height, guint sub, guint n_planes, guint8 behind)
{
    if (n_planes == 4)
        picture_make_alpha(picture, width, height, PICTURE_NOISE, behind);
    else
        picture_make(picture, width, height, sub, n_planes, PICTURE_NOISE, behind);
}

static void
check(guint width, guint height, guint sub, guint n_planes, guint orientation)
{
    g_auto(SpPicture) before = {0}, after = {0};
    make(&before, width, height, sub, n_planes, 1);
    make(&after, width, height, sub, n_planes, 2);
    g_autoptr(GError) error = NULL;
    g_assert_true(sp_turn(&after, sp_geometry_turn(orientation), &error));
    g_assert_no_error(error);
    g_assert_cmpuint(after.width, ==, orientation >= 5 ? height : width);
    g_assert_cmpuint(after.height, ==, orientation >= 5 ? width : height);
    g_assert_cmpuint(after.sub, ==, sub);
    g_assert_cmpuint(after.n_planes, ==, n_planes);
    g_assert_cmpint(after.alpha, ==, n_planes == 4);
    for (guint i = 0; i < n_planes; i++)
        check_plane(&before.planes[i], &after.planes[i], orientation);
}

static void
test_turns(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint orientation = 1; orientation <= 8; orientation++) {
            check(sizes[i][0], sizes[i][1], 2, 3, orientation);
            check(sizes[i][0], sizes[i][1], 1, 3, orientation);
            check(sizes[i][0], sizes[i][1], 1, 1, orientation);
            check(sizes[i][0], sizes[i][1], 2, 4, orientation);
        }
}

/* All turns but 6 and 8 undo themselves; those two undo each other. */
static void
test_back(void)
{
    static const guint back[9] = {0, 1, 2, 3, 4, 5, 8, 7, 6};
    for (guint orientation = 1; orientation <= 8; orientation++) {
        g_auto(SpPicture) before = {0}, after = {0};
        picture_make(&before, 67, 41, 2, 3, PICTURE_NOISE, 0);
        picture_make(&after, 67, 41, 2, 3, PICTURE_NOISE, 0);
        g_assert_true(sp_turn(&after, sp_geometry_turn(orientation), NULL));
        g_assert_cmpint(picture_same(&before, &after), ==, orientation == 1);
        g_assert_true(sp_turn(&after, sp_geometry_turn(back[orientation]), NULL));
        g_assert_true(picture_same(&before, &after));
    }
}

static void
test_upright_costs_nothing(void)
{
    g_auto(SpPicture) picture = {0};
    picture_make(&picture, 10, 10, 2, 3, PICTURE_NOISE, 0);
    const guint8 *data = picture.planes[0].data;
    g_assert_true(sp_turn(&picture, sp_geometry_turn(1), NULL));
    g_assert_true(picture.planes[0].data == data);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/turn/turns", test_turns);
    g_test_add_func("/turn/back", test_back);
    g_test_add_func("/turn/upright-costs-nothing", test_upright_costs_nothing);
    return g_test_run();
}
