/* SPDX-License-Identifier: MIT */
/* test-limited.c -- limited planes: rounded once, and with their picture wherever it goes.
 *
 * Where a picture is changed as a whole, its limited planes are made the same as its others
 * first: then they must be the same behind it too. */
#include "picture.h"
#include "preset/preset.h"
#include "render/colour-rows.h"
#include "render/colour.h"
#include "render/encode.h"
#include "render/limited.h"
#include "render/resize.h"
#include "render/turn.h"
#include <math.h>

/* ---- the values ---------------------------------------------------------------------------
 */

static double
luma_at(double share)
{
    return 16 + share * 219;
}

static double
chroma_at(double share)
{
    return 128 + share * 224;
}

/* Every sample of 16 bits there is. */
static void
test_round(void)
{
    g_auto(SpPicture) picture = {0};
    SpForm form = {.model = SP_MODEL_YCC, .bytes = 2, .sub = 1};
    g_assert_true(sp_picture_init(&picture, 256, 256, form, NULL));
    for (guint i = 0; i < 3; i++)
        for (guint v = 0; v < 65536; v++) {
            SpPlane *plane = &picture.planes[i];
            ((guint16 *)(gpointer)(plane->data + plane->stride * (v / 256)))[v % 256] =
                (guint16)v;
        }
    g_assert_true(sp_limited_round(&picture, NULL));
    g_assert_true(sp_picture_form(&picture).limited);
    for (guint i = 0; i < 3; i++)
        for (guint v = 0; v < 65536; v++) {
            const SpPlane *plane = &picture.planes[i], *limited = &picture.limited[i];
            double exact = i == 0 ? luma_at(v / 65535.0) : chroma_at((v - 32896.0) / 65535);
            g_assert_cmpuint(plane->bytes, ==, 1);
            g_assert_cmpint(plane->data[plane->stride * (v / 256) + v % 256], ==,
                            (int)floor(v / 257.0 + 0.5));
            g_assert_cmpint(limited->data[limited->stride * (v / 256) + v % 256], ==,
                            (int)floor(exact + 0.5));
        }
}

/* off: what a sample may be off by, besides rounding. */
static void
check_colour(double r, double g, double b, double off, const guint8 *limited)
{
    double y = 0.299 * r + 0.587 * g + 0.114 * b;
    g_assert_cmpfloat(fabs(limited[0] - luma_at(y)), <=, 0.5 + off);
    g_assert_cmpfloat(fabs(limited[1] - chroma_at((b - y) / 1.772)), <=, 0.5 + off);
    g_assert_cmpfloat(fabs(limited[2] - chroma_at((r - y) / 1.402)), <=, 0.5 + off);
    if (r == g && g == b)
        g_assert_true(limited[1] == 128 && limited[2] == 128);
}

static void
test_rows(void)
{
    for (guint r = 0; r <= 255; r += 5)
        for (guint g = 0; g <= 255; g += 5)
            for (guint b = 0; b <= 255; b += 5) {
                guint8 narrow[3] = {(guint8)r, (guint8)g, (guint8)b}, to[3], grey = 0;
                guint16 wide[3] = {(guint16)(r * 257 - (r > 0 ? r / 2 : 0)), (guint16)(g * 257),
                                   (guint16)(b * 257)};
                sp_narrow_to_limited(narrow, 1, &to[0], &to[1], &to[2]);
                check_colour(r / 255.0, g / 255.0, b / 255.0, 0.005, to);
                sp_wide_to_limited(wide, 1, &to[0], &to[1], &to[2]);
                check_colour(wide[0] / 65535.0, wide[1] / 65535.0, wide[2] / 65535.0, 0.02, to);
                sp_wide_to_limited_grey(wide, 3, 1, &grey);
                g_assert_cmpfloat(fabs(grey - luma_at(wide[0] / 65535.0)), <=, 0.5);
            }
}

/* ---- with the picture -----------------------------------------------------------------------
 */

static void
copy_plane(const SpPlane *from, SpPlane *to)
{
    for (guint y = 0; y < from->height; y++)
        memcpy(to->data + to->stride * y, from->data + from->stride * y, from->width);
}

/* n_planes: 4 with alpha. */
static void
make(SpPicture *picture, guint sub, guint n_planes)
{
    if (n_planes == 4)
        picture_make_alpha(picture, 61, 47, PICTURE_NOISE, 1);
    else
        picture_make(picture, 61, 47, sub, n_planes, PICTURE_NOISE, 1);
    for (guint i = 0; i < MIN(n_planes, 3); i++) {
        const SpPlane *plane = &picture->planes[i];
        g_assert_true(
            sp_plane_init(&picture->limited[i], plane->width, plane->height, 1, NULL));
        copy_plane(plane, &picture->limited[i]);
    }
}

/* White is another in each range: of what is invisible, luma alone differs. */
static void
check_same(const SpPicture *picture, guint n)
{
    for (guint i = 0; i < n; i++) {
        const SpPlane *a = &picture->planes[i], *b = &picture->limited[i];
        g_assert_true(a->width == b->width && a->height == b->height);
        for (guint y = 0; y < a->height; y++)
            for (guint x = 0; x < a->width; x++) {
                guint8 v = a->data[a->stride * y + x], w = b->data[b->stride * y + x];
                gboolean hidden =
                    picture->alpha && i == 0 &&
                    picture->planes[3].data[picture->planes[3].stride * y + x] == 0;
                g_assert_cmpuint(w, ==, hidden ? SP_LIMITED_WHITE : v);
            }
    }
}

static void
test_goes_along(void)
{
    static const guint kinds[][2] = {{1, 1}, {2, 3}, {1, 3}, {2, 4}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        guint n_planes = kinds[i][1], n = MIN(n_planes, 3);
        g_auto(SpPicture) picture = {0}, part = {0}, small = {0};
        make(&picture, kinds[i][0], n_planes);
        g_assert_true(sp_turn(&picture, sp_geometry_turn(6), NULL));
        if (n_planes < 4)
            check_same(&picture, n);
        g_assert_true(sp_colour_subsample(&picture, NULL));
        if (n_planes < 4)
            check_same(&picture, n);
        g_assert_true(sp_resize_picture(&picture, (SpRegion){2, 4, 40, 50}, (SpSize){40, 50},
                                        &part, NULL));
        if (n_planes < 4)
            check_same(&part, n);
        g_assert_true(sp_resize_picture(&picture, (SpRegion){0, 0, 47, 61}, (SpSize){30, 39},
                                        &small, NULL));
        check_same(&small, n);
        sp_picture_unlimit(&small);
        g_assert_false(sp_picture_form(&small).limited);
    }
}

static GBytes *
encode(SpPicture *picture)
{
    SpVariant variant = {.format = SP_OUTPUT_WEBP, .effort = 2};
    const SpEncoder *encoder = sp_encoder(SP_OUTPUT_WEBP);
    sp_encode_pad(picture);
    gpointer state = encoder->open(picture, &variant, NULL);
    g_assert_nonnull(state);
    GBytes *file = encoder->encode(state, 70, NULL);
    g_assert_nonnull(file);
    encoder->close(state);
    return file;
}

/* The encoder takes them, and makes the same where there are none. */
static void
test_encoded(void)
{
    for (guint n_planes = 1; n_planes <= 4; n_planes += n_planes == 1 ? 2 : 1) {
        g_auto(SpPicture) picture = {0}, bare = {0};
        make(&picture, 2, n_planes);
        make(&bare, 2, n_planes);
        sp_picture_unlimit(&bare);
        for (guint i = 0; i < MIN(n_planes, 3); i++)
            sp_limited_plane(&picture.planes[i], i > 0, &picture.limited[i]);
        g_autoptr(GBytes) a = encode(&picture), b = encode(&bare);
        g_assert_true(g_bytes_equal(a, b));
        picture.limited[0].data[picture.limited[0].stride * 23 + 30] ^= 0x40;
        g_autoptr(GBytes) c = encode(&picture);
        g_assert_false(g_bytes_equal(a, c));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limited/round", test_round);
    g_test_add_func("/limited/rows", test_rows);
    g_test_add_func("/limited/goes-along", test_goes_along);
    g_test_add_func("/limited/encoded", test_encoded);
    return g_test_run();
}
