/* SPDX-License-Identifier: MIT */
/* test-resize.c -- a finished picture, or a part of it, at another size.
 *
 * Where each sample must come from is said by gradients: of a plane that rises by the same step
 * from pixel to pixel, each value is a place. */
#include "picture.h"
#include "render/alpha.h"
#include "render/resize.h"

#define WIDTH 61
#define HEIGHT 47

static void
resize(const SpPicture *in, SpRegion from, SpSize size, SpPicture *out)
{
    g_autoptr(GError) error = NULL;
    gboolean done = sp_resize_picture(in, from, size, out, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(out->width, ==, size.width);
    g_assert_cmpuint(out->height, ==, size.height);
    g_assert_cmpuint(out->sub, ==, in->sub);
    g_assert_cmpuint(out->n_planes, ==, in->n_planes);
    g_assert_cmpint(out->alpha, ==, in->alpha);
    g_assert_cmpint((int)out->model, ==, (int)in->model);
}

static guint
pitch_of(const SpPicture *picture, guint index)
{
    return index == 1 || index == 2 ? picture->sub : 1;
}

/* ---- parts that are copied ----------------------------------------------------------------
 */

static void
check_copy(const SpPicture *in, guint left, guint top, guint width, guint height)
{
    g_auto(SpPicture) out = {0};
    resize(in, (SpRegion){left, top, width, height}, (SpSize){width, height}, &out);
    for (guint i = 0; i < in->n_planes; i++) {
        const SpPlane *from = &in->planes[i], *to = &out.planes[i];
        guint x0 = left / pitch_of(in, i), y0 = top / pitch_of(in, i);
        for (guint y = 0; y < to->height; y++)
            g_assert_cmpmem(to->data + to->stride * y, to->width,
                            from->data + from->stride * (y0 + y) + x0, to->width);
    }
}

static void
test_copies(void)
{
    static const guint parts[][4] = {
        {0, 0, WIDTH, HEIGHT}, {0, 0, 1, 1},    {WIDTH - 1, HEIGHT - 1, 1, 1},
        {2, 4, 20, 30},        {2, 4, 21, 31},  {60, 0, 1, 47},
        {4, 40, 56, 7},        {30, 46, 31, 1},
    };
    g_auto(SpPicture) colour = {0}, alpha = {0}, grey = {0};
    picture_make(&colour, WIDTH, HEIGHT, 2, 3, PICTURE_NOISE, 0xA5);
    picture_make_alpha(&alpha, WIDTH, HEIGHT, PICTURE_NOISE, 0xA5);
    picture_make(&grey, WIDTH, HEIGHT, 1, 1, PICTURE_NOISE, 0xA5);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        const guint *part = parts[i];
        check_copy(&colour, part[0], part[1], part[2], part[3]);
        check_copy(&alpha, part[0], part[1], part[2], part[3]);
        check_copy(&grey, part[0], part[1], part[2], part[3]);
    }
    check_copy(&grey, 3, 5, 7, 9); /* where there is no chroma, odd is as good */
}

/* What is copied is what a resize would have given; from odd places luma still is. */
static void
test_copy_is_like_a_resize(void)
{
    g_auto(SpPicture) in = {0};
    picture_make(&in, WIDTH, HEIGHT, 2, 3, PICTURE_NOISE, 0xA5);
    for (guint left = 0; left < 4; left++) {
        g_auto(SpPicture) out = {0};
        g_auto(SpPlane) plain = {0};
        SpSpan x = {left, 20}, y = {8, 10};
        g_assert_true(sp_plane_init(&plain, 20, 10, 1, NULL));
        g_assert_true(sp_resize_plane(&in.planes[0], x, y, &plain, NULL));
        resize(&in, (SpRegion){left, 8, 20, 10}, (SpSize){20, 10}, &out);
        g_assert_true(picture_same_plane(&out.planes[0], &plain));
        for (guint row = 0; row < 10; row++)
            g_assert_cmpmem(plain.data + plain.stride * row, 20,
                            in.planes[0].data + in.planes[0].stride * (8 + row) + left, 20);
    }
}

/* ---- parts that are resized ---------------------------------------------------------------
 */

/* The whole picture: each plane by the span that the decoder's feed uses too. */
static void
test_whole(void)
{
    static const SpSize sizes[] = {{30, 23}, {31, 24}, {1, 1}, {61, 20}, {20, 47}, {60, 46}};
    for (guint n_planes = 1; n_planes <= 3; n_planes += 2)
        for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
            g_auto(SpPicture) in = {0}, out = {0};
            picture_make(&in, WIDTH, HEIGHT, 2, n_planes, PICTURE_NOISE, 0xA5);
            resize(&in, (SpRegion){0, 0, WIDTH, HEIGHT}, sizes[i], &out);
            for (guint k = 0; k < n_planes; k++) {
                guint sub = pitch_of(&in, k);
                SpSpan x = sp_geometry_span(WIDTH, sub, sizes[i].width, sub, FALSE);
                SpSpan y = sp_geometry_span(HEIGHT, sub, sizes[i].height, sub, FALSE);
                g_auto(SpPlane) plain = {0};
                g_assert_true(
                    sp_plane_init(&plain, out.planes[k].width, out.planes[k].height, 1, NULL));
                g_assert_true(sp_resize_plane(&in.planes[k], x, y, &plain, NULL));
                g_assert_true(picture_same_plane(&out.planes[k], &plain));
            }
        }
}

/* Brightness of the gradient at a place along it, in pixels; their centres at 0.5, 1.5... */
static double
gradient(double at)
{
    return 5 + 4 * at;
}

/* All planes rise along x, or along y. */
static void
fill_gradient(SpPicture *picture, gboolean along_x)
{
    for (guint i = 0; i < picture->n_planes; i++) {
        SpPlane *plane = &picture->planes[i];
        guint pitch = pitch_of(picture, i);
        for (guint y = 0; y < plane->height; y++)
            for (guint x = 0; x < plane->width; x++) {
                double at = ((along_x ? x : y) + 0.5) * pitch;
                plane->data[plane->stride * y + x] =
                    picture->alpha && i == 3 ? 255 : (guint8)lround(gradient(at));
            }
    }
}

/* Away from the picture's own edges, which repeat. */
static void
check_place(guint found, double at, double reach, guint side)
{
    if (at - reach < 0 || at + reach > side)
        return;
    g_assert_cmpfloat(fabs(found - gradient(at)), <=, 1);
}

static void
check_gradient(const SpPicture *in, gboolean along_x, double start, double length, guint target)
{
    g_auto(SpPicture) out = {0};
    guint side = along_x ? in->width : in->height;
    SpRegion from =
        along_x ? (SpRegion){start, 3, length, 20} : (SpRegion){3, start, 20, length};
    SpSize size = along_x ? (SpSize){target, 12} : (SpSize){12, target};
    resize(in, from, size, &out);
    for (guint i = 0; i < 3; i++) {
        const SpPlane *plane = &out.planes[i];
        guint pitch = pitch_of(in, i);
        double ratio = length / target, reach = 4 * pitch * MAX(1, ratio);
        for (guint y = 0; y < plane->height; y++)
            for (guint x = 0; x < plane->width; x++)
                check_place(plane->data[plane->stride * y + x],
                            start + ((along_x ? x : y) + 0.5) * pitch * ratio, reach, side);
    }
}

static void
test_places(void)
{
    static const struct {
        double start, length;
        guint target;
    } cases[] = {
        {0, 60, 30}, {1, 58, 29},   {1, 45, 45},  {3, 50, 25},   {7, 40, 40},
        {7, 41, 41}, {5, 33, 21},   {11, 39, 38}, {0.5, 44, 44}, {13.25, 33.5, 17},
        {1, 59, 59}, {2.5, 40, 39}, {9, 1, 1},    {31, 3, 2},    {21, 20, 33},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (gboolean along_x = FALSE; along_x <= TRUE; along_x++) {
            g_auto(SpPicture) plain = {0}, alpha = {0};
            g_test_message("case %u, %s", i, along_x ? "along x" : "along y");
            picture_make(&plain, WIDTH, WIDTH, 2, 3, PICTURE_FLAT, 0xA5);
            picture_make_alpha(&alpha, WIDTH, WIDTH, PICTURE_FLAT, 0xA5);
            fill_gradient(&plain, along_x);
            fill_gradient(&alpha, along_x);
            check_gradient(&plain, along_x, cases[i].start, cases[i].length, cases[i].target);
            check_gradient(&alpha, along_x, cases[i].start, cases[i].length, cases[i].target);
        }
}

/* ---- alpha --------------------------------------------------------------------------------
 */

#define RED_Y 76
#define RED_CB 85
#define RED_CR 255
static const guint8 red[3] = {RED_Y, RED_CB, RED_CR}, white[3] = {255, 128, 128};

static void
make_red_disc(SpPicture *picture, guint width, guint height)
{
    picture_make_alpha(picture, width, height, PICTURE_FLAT, 0xA5);
    for (guint i = 0; i < 3; i++)
        memset(picture->planes[i].data, red[i],
               picture->planes[i].stride * picture->planes[i].height);
    picture_hide(picture);
}

/* Every sample that is seen is red, and what is not is white. An alpha of 4 and less is where
 * Lanczos rings beside the edge, in other places of chroma than of luma: there the colour may
 * be anything that adds no more than 2 to what is seen. */
static void
check_all_red(const SpPicture *out)
{
    guint edge = 0;
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < out->planes[i].height; y++)
            for (guint x = 0; x < out->planes[i].width; x++) {
                guint8 v = out->planes[i].data[out->planes[i].stride * y + x];
                gboolean hidden = picture_is_hidden(out, i, x, y);
                guint a = sp_alpha_of_sample(&out->planes[3], pitch_of(out, i), x, y);
                int far = abs(v - (hidden ? white : red)[i]);
                g_assert_cmpint(far, <=, hidden ? 0 : a > 4 * 4 ? 1 : 127);
                g_assert_cmpfloat(far * (double)a / SP_ALPHA_FOUR, <=, 2);
            }
    for (guint y = 0; y < out->height; y++)
        for (guint x = 0; x < out->width; x++) {
            guint8 a = out->planes[3].data[out->planes[3].stride * y + x];
            edge += a > 0 && a < 255;
        }
    g_assert_cmpuint(edge, >, 10); /* or nothing was tried */
}

/* On a background it is what alpha says, from red to that, with nothing else between. */
static void
check_on(const SpPicture *out, guint32 background, const guint8 ycc[3])
{
    g_auto(SpPicture) flat = {0};
    g_assert_true(sp_alpha_flatten(out, background, &flat, NULL));
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < flat.planes[i].height; y++)
            for (guint x = 0; x < flat.planes[i].width; x++) {
                guint a = sp_alpha_of_sample(&out->planes[3], pitch_of(out, i), x, y);
                double want = ycc[i] + (red[i] - ycc[i]) * (double)a / SP_ALPHA_FOUR;
                double found = flat.planes[i].data[flat.planes[i].stride * y + x];
                g_assert_cmpfloat(fabs(found - want), <=, 1.5);
            }
}

static void
test_no_fringe(void)
{
    static const guint8 black[3] = {0, 128, 128};
    static const SpSize sizes[] = {{150, 151}, {64, 64}, {37, 41}, {99, 30}, {201, 199}};
    g_auto(SpPicture) in = {0};
    make_red_disc(&in, 201, 203);
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(SpPicture) whole = {0}, part = {0};
        g_auto(SpPlane) alpha = {0};
        resize(&in, (SpRegion){0, 0, 201, 203}, sizes[i], &whole);
        resize(&in, (SpRegion){11, 7.5, 171, 160}, sizes[i], &part);
        check_all_red(&whole);
        check_all_red(&part);
        check_on(&whole, 0xFFFFFF, white);
        check_on(&whole, 0x000000, black);
        check_on(&part, 0xFFFFFF, white);
        /* Alpha itself is resized as any plane is. */
        g_assert_true(sp_plane_init(&alpha, sizes[i].width, sizes[i].height, 1, NULL));
        g_assert_true(
            sp_resize_plane(&in.planes[3], (SpSpan){0, 201}, (SpSpan){0, 203}, &alpha, NULL));
        for (guint y = 0; y < alpha.height; y++)
            for (guint x = 0; x < alpha.width; x++)
                g_assert_cmpint(abs(whole.planes[3].data[whole.planes[3].stride * y + x] -
                                    alpha.data[alpha.stride * y + x]),
                                <=, 1);
    }
}

/* Beside a hard edge Lanczos goes over and under; colours inside stay what they were. */
static void
test_hard_edge(void)
{
    g_auto(SpPicture) in = {0}, out = {0};
    make_red_disc(&in, 200, 200);
    for (guint y = 0; y < 200; y++)
        for (guint x = 0; x < 200; x++) {
            guint8 *a = &in.planes[3].data[in.planes[3].stride * y + x];
            *a = *a < 128 ? 0 : 255;
        }
    picture_hide(&in);
    resize(&in, (SpRegion){0, 0, 200, 200}, (SpSize){77, 77}, &out);
    check_all_red(&out);
}

/* What lies under alpha 0 has no part in anything. */
static void
test_hidden_is_lost(void)
{
    g_auto(SpPicture) clean = {0}, secret = {0}, of_clean = {0}, of_secret = {0}, hidden = {0};
    SpRegion all = {0, 0, 131, 97};
    SpSize size = {66, 49};
    picture_make_alpha(&clean, 131, 97, PICTURE_WAVES, 0x00);
    picture_make_alpha(&secret, 131, 97, PICTURE_WAVES, 0xFF);
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < secret.planes[i].height; y++)
            for (guint x = 0; x < secret.planes[i].width; x++)
                if (picture_is_hidden(&secret, i, x, y))
                    secret.planes[i].data[secret.planes[i].stride * y + x] =
                        picture_sample(PICTURE_NOISE, i, x, y);
    g_assert_false(picture_same(&clean, &secret));
    resize(&clean, all, size, &of_clean);
    resize(&secret, all, size, &of_secret);
    g_assert_true(picture_same(&of_clean, &of_secret));
    resize(&secret, all, size, &hidden);
    picture_hide(&hidden);
    g_assert_true(picture_same(&of_secret, &hidden)); /* and white is what is there */
}

/* Alpha that is full everywhere makes no difference. */
static void
test_full_alpha(void)
{
    g_auto(SpPicture) plain = {0}, full = {0}, of_plain = {0}, of_full = {0};
    SpRegion from = {1, 3, 120.5, 90};
    picture_make(&plain, 131, 97, 2, 3, PICTURE_WAVES, 0x00);
    picture_make_alpha(&full, 131, 97, PICTURE_FLAT, 0xA5);
    memset(full.planes[3].data, 255, full.planes[3].stride * 97);
    for (guint i = 0; i < 3; i++)
        picture_fill_plane(&full.planes[i], i, PICTURE_WAVES, 0xA5);
    resize(&plain, from, (SpSize){81, 53}, &of_plain);
    resize(&full, from, (SpSize){81, 53}, &of_full);
    g_assert_true(sp_alpha_is_opaque(&of_full));
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < of_full.planes[i].height; y++)
            for (guint x = 0; x < of_full.planes[i].width; x++) {
                gsize at = of_full.planes[i].stride * y + x;
                g_assert_cmpint(abs(of_full.planes[i].data[at] - of_plain.planes[i].data[at]),
                                <=, 1);
            }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resize/copies", test_copies);
    g_test_add_func("/resize/copy-is-like-a-resize", test_copy_is_like_a_resize);
    g_test_add_func("/resize/whole", test_whole);
    g_test_add_func("/resize/places", test_places);
    g_test_add_func("/resize/alpha/no-fringe", test_no_fringe);
    g_test_add_func("/resize/alpha/hard-edge", test_hard_edge);
    g_test_add_func("/resize/alpha/hidden-is-lost", test_hidden_is_lost);
    g_test_add_func("/resize/alpha/full", test_full_alpha);
    return g_test_run();
}
