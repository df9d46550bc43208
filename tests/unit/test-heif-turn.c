/* SPDX-License-Identifier: MIT */
/* test-heif-turn.c -- crop and orientation against a model that moves pixels.
 *
 * The model does to a small picture of numbers what libheif 1.15 does with each property, one
 * after the other. A crop and a turn as the renderer makes it (render/geometry.h) must give the
 * same pixels, for every order of up to four steps. */
#include "container/heif-turn.h"

#include <string.h>

#include "render/geometry.h"
#include "storyphoto.h"

#define MAX_SIDE 8

typedef struct {
    guint width, height;
    guint pixels[MAX_SIDE][MAX_SIDE];
} Picture;

typedef struct {
    guint32 type;
    guint8 payload[32];
    gsize n;
} Step;

#define IROT(quarters)                                                                         \
    {                                                                                          \
        SP_FOURCC('i', 'r', 'o', 't'), {quarters}, 1                                           \
    }
#define IMIR(axis)                                                                             \
    {                                                                                          \
        SP_FOURCC('i', 'm', 'i', 'r'), {axis}, 1                                               \
    }
#define NUMBER(n) 0, 0, 0, (n)
#define MINUS(n) 255, 255, 255, 256 - (n)

static const Step steps[] = {
    IROT(0),
    IROT(1),
    IROT(2),
    IROT(3),
    IMIR(0),
    IMIR(1),
    /* 3 x 2 around the centre, half a pixel off it on both sides */
    {SP_FOURCC('c', 'l', 'a', 'p'),
     {NUMBER(3), NUMBER(1), NUMBER(2), NUMBER(1), MINUS(1), NUMBER(2), NUMBER(1), NUMBER(2)},
     32},
};

static Picture
make_picture(guint width, guint height)
{
    Picture picture = {width, height};
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            picture.pixels[y][x] = 1 + y * MAX_SIDE + x;
    return picture;
}

static Picture
cropped(const Picture *from, SpRect rect)
{
    Picture to = {rect.width, rect.height};
    for (guint y = 0; y < rect.height; y++)
        for (guint x = 0; x < rect.width; x++)
            to.pixels[y][x] = from->pixels[rect.top + y][rect.left + x];
    return to;
}

/* Anticlockwise, as HeifPixelImage::rotate_ccw(). */
static Picture
rotated(const Picture *from)
{
    Picture to = {from->height, from->width};
    for (guint y = 0; y < to.height; y++)
        for (guint x = 0; x < to.width; x++)
            to.pixels[y][x] = from->pixels[x][from->width - 1 - y];
    return to;
}

static Picture
mirrored(const Picture *from, gboolean left_to_right)
{
    Picture to = {from->width, from->height};
    for (guint y = 0; y < to.height; y++)
        for (guint x = 0; x < to.width; x++)
            to.pixels[y][x] = from->pixels[left_to_right ? y : from->height - 1 - y]
                                          [left_to_right ? from->width - 1 - x : x];
    return to;
}

static Picture
transposed(const Picture *from)
{
    Picture to = {from->height, from->width};
    for (guint y = 0; y < to.height; y++)
        for (guint x = 0; x < to.width; x++)
            to.pixels[y][x] = from->pixels[x][y];
    return to;
}

/* The clap above: from -1/2 + (width - 1) / 2 - 1, towards zero, 3 wide; from
 * 1/2 + (height - 1) / 2 - 1/2, to the nearest, 2 high; clipped. */
static SpRect
model_rect(const Picture *picture)
{
    gint left = ((gint)picture->width - 4) / 2, top = (gint)picture->height / 2;
    gint right = MIN(left + 2, (gint)picture->width - 1);
    gint bottom = MIN(top + 1, (gint)picture->height - 1);
    left = MAX(left, 0);
    return (SpRect){(guint)left, (guint)top, (guint)(right - left + 1),
                    (guint)(bottom - top + 1)};
}

static Picture
model_step(const Picture *picture, const Step *step)
{
    Picture now = *picture;
    if (step->type == SP_FOURCC('c', 'l', 'a', 'p'))
        return cropped(picture, model_rect(picture));
    if (step->type == SP_FOURCC('i', 'm', 'i', 'r'))
        return mirrored(picture, step->payload[0]);
    for (guint i = 0; i < step->payload[0]; i++)
        now = rotated(&now);
    return now;
}

/* What the renderer makes of the coded picture. */
static Picture
developed(const Picture *coded, const SpHeifTurn *turn)
{
    SpTurn how = sp_geometry_turn(sp_heif_turn_orientation(turn));
    Picture now = cropped(coded, turn->crop);
    if (how.flip_x)
        now = mirrored(&now, TRUE);
    if (how.flip_y)
        now = mirrored(&now, FALSE);
    return how.transpose ? transposed(&now) : now;
}

static void
check_same(const Picture *expected, const Picture *got, guint order)
{
    gboolean is_same = expected->width == got->width && expected->height == got->height;
    for (guint y = 0; is_same && y < got->height; y++)
        is_same = memcmp(expected->pixels[y], got->pixels[y], got->width * sizeof(guint)) == 0;
    if (!is_same)
        g_error("order %u: %u x %u from %u, expected %u x %u from %u", order, got->width,
                got->height, got->pixels[0][0], expected->width, expected->height,
                expected->pixels[0][0]);
}

/* Four steps, which the digits of order name. */
static void
check_order(const Picture *coded, guint order)
{
    Picture model = *coded;
    SpHeifTurn turn = {.crop = {0, 0, coded->width, coded->height}};
    guint rest = order;
    for (guint i = 0; i < 4; i++, rest /= G_N_ELEMENTS(steps)) {
        const Step *step = &steps[rest % G_N_ELEMENTS(steps)];
        SpSlice payload = {step->payload, step->n};
        model = model_step(&model, step);
        g_assert_true(sp_heif_turn_add(&turn, step->type, payload, NULL));
    }
    Picture result = developed(coded, &turn);
    check_same(&model, &result, order);
}

static void
test_orders(void)
{
    static const guint sides[][2] = {{7, 5}, {4, 8}, {6, 6}};
    const guint n = G_N_ELEMENTS(steps);
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        Picture coded = make_picture(sides[i][0], sides[i][1]);
        for (guint order = 0; order < n * n * n * n; order++)
            check_order(&coded, order);
    }
}

/* How a clap's fractions become pixels: what libheif 1.15.1 makes of them. */
static const struct {
    guint width, height;
    guint32 numbers[8];
    SpRect rect; /* width 0: refused */
} claps[] = {
    {722, 1024, {385, 1, 330, 1, 103, 1, (guint32)-308, 1}, {271, 39, 385, 330}},
    {64, 100, {29, 1, 100, 1, (guint32)-35, 2, 0, 2}, {0, 0, 29, 100}},
    {64, 48, {64, 1, 48, 1, 0, 1, 0, 1}, {0, 0, 64, 48}},
    {64, 48, {31, 1, 31, 1, 0, 1, 0, 1}, {16, 9, 31, 31}},
    {64, 48, {33, 2, 33, 2, 0, 1, 0, 1}, {23, 16, 17, 17}},
    {65, 49, {33, 2, 35, 4, 1, 3, (guint32)-1, 3}, {24, 20, 17, 9}},
    {64, 48, {100, 1, 100, 1, 0, 1, 0, 1}, {0, 0, 64, 48}},
    {64, 48, {32, 1, 24, 1, (guint32)-40, 1, 30, 1}, {0, 42, 8, 6}},
    {64, 48, {32, 1, 24, 1, 48, 1, 0, 1}, {0}},
    {64, 48, {10, 1, 10, 1, 4096, 1, 0, 1}, {0}},
    {64, 48, {0, 1, 24, 1, 0, 1, 0, 1}, {0}},
    {64, 48, {1, 1, 1, 1, (guint32)-63, 2, (guint32)-47, 2}, {0, 0, 1, 1}},
    {64, 48, {1, 1, 1, 1, 63, 2, 47, 2}, {63, 47, 1, 1}},
    {64, 48, {10, 0, 10, 1, 0, 1, 0, 1}, {0}},
    {64, 48, {10, 1, 10, 1, 0, 1, 0, 0}, {0}},
    {64, 48, {0x80000000, 1, 10, 1, 0, 1, 0, 1}, {0}},
    {64, 48, {10, 1, 10, 0x80000000, 0, 1, 0, 1}, {0}},
    {4032, 3024, {403200, 100, 302399, 100, 1, 7, (guint32)-1, 7}, {0, 0, 4032, 3024}},
    {4032, 3024, {1310720, 327, 65537, 65, (guint32)-655, 13, 3, 1000}, {0, 1012, 4014, 1024}},
    {65535, 65535, {65535, 1, 1, 1, 0, 1, 65534, 2}, {0, 65534, 65535, 1}},
};

static void
test_claps(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(claps); i++) {
        guint8 payload[32];
        for (guint k = 0; k < 32; k++)
            payload[k] = (guint8)(claps[i].numbers[k / 4] >> (24 - 8 * (k % 4)));
        SpHeifTurn turn = {.crop = {0, 0, claps[i].width, claps[i].height}};
        SpRect rect = claps[i].rect;
        g_autoptr(GError) error = NULL;
        gboolean is_taken = sp_heif_turn_add(&turn, SP_FOURCC('c', 'l', 'a', 'p'),
                                             (SpSlice){payload, 32}, &error);
        g_assert_cmpint(is_taken, ==, rect.width != 0);
        if (!is_taken) {
            g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
            rect = (SpRect){0, 0, claps[i].width, claps[i].height};
        }
        g_test_message("%" G_GSIZE_FORMAT ": %u,%u %u x %u", i, turn.crop.left, turn.crop.top,
                       turn.crop.width, turn.crop.height);
        g_assert_true(memcmp(&turn.crop, &rect, sizeof rect) == 0);
    }
}

/* Payloads cut short, and properties that turn nothing. */
static void
test_others(void)
{
    static const guint8 payload[32] = {0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1,
                                       0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
    const SpHeifTurn whole = {.crop = {0, 0, 9, 9}};
    SpHeifTurn turn = whole;
    for (gsize n = 0; n < sizeof payload; n++)
        g_assert_false(sp_heif_turn_add(&turn, SP_FOURCC('c', 'l', 'a', 'p'),
                                        (SpSlice){payload, n}, NULL));
    g_assert_false(
        sp_heif_turn_add(&turn, SP_FOURCC('i', 'm', 'i', 'r'), (SpSlice){payload, 0}, NULL));
    g_assert_true(
        sp_heif_turn_add(&turn, SP_FOURCC('p', 'a', 's', 'p'), (SpSlice){payload, 0}, NULL));
    g_assert_true(sp_heif_is_same_turn(&turn, &whole));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/heif-turn/orders", test_orders);
    g_test_add_func("/heif-turn/claps", test_claps);
    g_test_add_func("/heif-turn/others", test_others);
    return g_test_run();
}
