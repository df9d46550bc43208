/* SPDX-License-Identifier: MIT */
/* opsin.c -- a picture's tones and colours as SSIMULACRA2 sees them, at several sizes.
 *
 * At full size, where the time goes, a pixel is three look-ups and a sum: its chroma is the
 * nearest sample's, and its light is added to that of its three neighbours at once. Cube roots
 * are taken of the smaller sizes only, out of a table too. All is whole numbers. */
#include "render/opsin.h"
#include <math.h>

/* ---- tables --------------------------------------------------------------------------------
 */

#define FULL 65535 /* of light */
#define BEYOND 256 /* how far R, G and B may lie outside of their range */
#define N_ROOTS 4096
#define ROOT 32768        /* of a root */
#define BIAS 0.0037930734 /* XYB's own: what a cone takes in where it is dark */

typedef struct {
    guint16 light[BEYOND + 256 + BEYOND]; /* of sRGB's 0 to 255, clipped */
    gint16 red[256], blue[256];           /* what Cr adds to R, and Cb to B */
    gint32 green_cb[256], green_cr[256];  /* in 65536ths */
    guint16 roots[N_ROOTS + 2];
    guint16 grey[256];
} Tables;

static guint
root_of(const Tables *tables, guint light)
{
    guint step = (FULL + 1) / N_ROOTS, i = light / step;
    guint low = tables->roots[i], high = tables->roots[i + 1];
    return low + (high - low) * (light % step) / step;
}

static double
light_of(int level)
{
    double value = CLAMP(level, 0, 255) / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static void
fill(Tables *tables)
{
    for (int i = 0; i < BEYOND + 256 + BEYOND; i++)
        tables->light[i] = (guint16)lrint(light_of(i - BEYOND) * FULL);
    for (guint i = 0; i < N_ROOTS + 2; i++) {
        double root = cbrt((double)i / N_ROOTS + BIAS) - cbrt(BIAS);
        tables->roots[i] = (guint16)lrint(root * ROOT);
    }
    for (int i = 0; i < 256; i++) {
        tables->red[i] = (gint16)lrint(1.402 * (i - 128));
        tables->blue[i] = (gint16)lrint(1.772 * (i - 128));
        tables->green_cb[i] = (gint32)lrint(-0.344136 * 65536 * (i - 128));
        tables->green_cr[i] = (gint32)lrint(-0.714136 * 65536 * (i - 128));
        guint root = root_of(tables, tables->light[BEYOND + i]);
        tables->grey[i] = (guint16)(root * SP_OPSIN_ONE / ROOT);
    }
}

static const Tables *
get_tables(void)
{
    static Tables tables;
    static gsize is_filled = 0;
    if (g_once_init_enter(&is_filled)) {
        fill(&tables);
        g_once_init_leave(&is_filled, 1);
    }
    return &tables;
}

const guint16 *
sp_opsin_of_grey(void)
{
    return get_tables()->grey;
}

/* ---- light ---------------------------------------------------------------------------------
 * A picture of R, G and B, of FULL. */

/* What a pair of chroma samples makes of luma: where in tables->light R, G and B begin. */
typedef struct {
    const guint16 *red, *green, *blue;
} Hue;

static inline Hue
hue_of(const Tables *tables, guint8 cb, guint8 cr)
{
    const guint16 *light = tables->light + BEYOND;
    gint32 green = tables->green_cb[cb] + tables->green_cr[cr] + (BEYOND * 65536 + 32768);
    return (Hue){light + tables->red[cr], tables->light + green / 65536,
                 light + tables->blue[cb]};
}

static inline guint16
four(const guint16 *light, const guint8 *upper, const guint8 *lower)
{
    guint sum = light[upper[0]] + light[upper[1]] + light[lower[0]] + light[lower[1]];
    return (guint16)((sum + 2) / 4);
}

/* Four pixels each, with a chroma sample of their own. */
static void
light_row_full(const Tables *tables, const SpPicture *picture, guint y, const SpPicture *half)
{
    const guint8 *rows[3][2];
    for (guint i = 0; i < 6; i++)
        rows[i / 2][i % 2] =
            picture->planes[i / 2].data + picture->planes[i / 2].stride * (2 * y + i % 2);
    for (gsize x = 0; x < half->planes[0].width; x++) {
        guint sum[3] = {2, 2, 2};
        for (guint i = 0; i < 4; i++) {
            gsize at = 2 * x + i % 2;
            guint8 luma = rows[0][i / 2][at];
            Hue hue = hue_of(tables, rows[1][i / 2][at], rows[2][i / 2][at]);
            sum[0] += hue.red[luma];
            sum[1] += hue.green[luma];
            sum[2] += hue.blue[luma];
        }
        for (guint i = 0; i < 3; i++)
            sp_plane_row16(&half->planes[i], y)[x] = (guint16)(sum[i] / 4);
    }
}

/* Four pixels share a chroma sample, or have none. */
static void
light_row(const Tables *tables, const SpPicture *picture, guint y, const SpPicture *half)
{
    gboolean is_grey = picture->model == SP_MODEL_GREY;
    const SpPlane *planes = picture->planes;
    const guint8 *upper = planes[0].data + planes[0].stride * 2 * y;
    const guint8 *lower = upper + planes[0].stride;
    const guint8 *cb = is_grey ? NULL : planes[1].data + planes[1].stride * y;
    const guint8 *cr = is_grey ? NULL : planes[2].data + planes[2].stride * y;
    guint16 *red = sp_plane_row16(&half->planes[0], y),
            *green = sp_plane_row16(&half->planes[1], y);
    guint16 *blue = sp_plane_row16(&half->planes[2], y);
    for (gsize x = 0; x < half->planes[0].width; x++) {
        Hue hue = is_grey ? hue_of(tables, 128, 128) : hue_of(tables, cb[x], cr[x]);
        red[x] = four(hue.red, upper + 2 * x, lower + 2 * x);
        green[x] = four(hue.green, upper + 2 * x, lower + 2 * x);
        blue[x] = four(hue.blue, upper + 2 * x, lower + 2 * x);
    }
}

static void
halve_row(const guint16 *upper, const guint16 *lower, guint n, guint16 *half)
{
    for (gsize x = 0; x < n; x++) {
        guint sum = (guint)upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
        half[x] = (guint16)((sum + 2) / 4);
    }
}

/* *light becomes half as large, in its own place. */
static void
halve(SpPicture *light)
{
    for (guint i = 0; i < 3; i++) {
        SpPlane *plane = &light->planes[i];
        plane->width /= 2;
        plane->height /= 2;
        for (guint y = 0; y < plane->height; y++) {
            guint16 *row = sp_plane_row16(plane, y);
            halve_row(sp_plane_row16(plane, 2 * y), sp_plane_row16(plane, 2 * y + 1),
                      plane->width, row);
        }
    }
}

/* ---- colours -------------------------------------------------------------------------------
 */

/* What the cones take in, in 65536ths of R, G and B: XYB's own. */
static const guint cones[3][3] = {
    {19661, 40763, 5112},
    {15073, 45351, 5112},
    {15953, 13420, 36163},
};

static guint
cone(const Tables *tables, guint index, guint red, guint green, guint blue)
{
    const guint *part = cones[index];
    guint64 light = (guint64)part[0] * red + (guint64)part[1] * green + (guint64)part[2] * blue;
    return root_of(tables, (guint)(light / 65536));
}

/* x and b: NULL or a row. All are positive, as in SSIMULACRA2, X after it is made 14 times as
 * large. */
static void
colour_row(const Tables *tables, const SpPicture *light, guint row, guint16 *y, guint16 *x,
           guint16 *b)
{
    const guint unit = ROOT / SP_OPSIN_ONE;
    const guint16 *red = sp_plane_row16(&light->planes[0], row);
    const guint16 *green = sp_plane_row16(&light->planes[1], row);
    const guint16 *blue = sp_plane_row16(&light->planes[2], row);
    for (guint i = 0; i < light->planes[0].width; i++) {
        guint l = cone(tables, 0, red[i], green[i], blue[i]);
        guint m = cone(tables, 1, red[i], green[i], blue[i]);
        y[i] = (guint16)((l + m) / (2 * unit));
        if (x != NULL)
            x[i] = (guint16)((ROOT * 42 / 100 + 7 * l - 7 * m) / unit);
        if (b != NULL) {
            guint s = cone(tables, 2, red[i], green[i], blue[i]);
            b[i] = (guint16)((ROOT * 55 / 100 + s - (l + m) / 2) / unit);
        }
    }
}

static gboolean
make_colours(SpOpsin *opsin, guint size, const SpPicture *light, GError **error)
{
    const Tables *tables = get_tables();
    guint width = light->planes[0].width, height = light->planes[0].height;
    gboolean with_x = size == SP_OPSIN_QUARTER, with_b = size == SP_OPSIN_SIXTEENTH;
    if (width == 0 || height == 0)
        return TRUE;
    if (!sp_plane_init(&opsin->y[size], width, height, 2, error) ||
        (with_x && !sp_plane_init(&opsin->x, width, height, 2, error)) ||
        (with_b && !sp_plane_init(&opsin->b, width, height, 2, error)))
        return FALSE;
    for (guint y = 0; y < height; y++)
        colour_row(tables, light, y, sp_plane_row16(&opsin->y[size], y),
                   with_x ? sp_plane_row16(&opsin->x, y) : NULL,
                   with_b ? sp_plane_row16(&opsin->b, y) : NULL);
    return TRUE;
}

gboolean
sp_opsin_init(SpOpsin *opsin, const SpPicture *picture, GError **error)
{
    const Tables *tables = get_tables();
    gboolean is_full = picture->model != SP_MODEL_GREY && picture->sub == 1;
    guint width = picture->width / 2, height = picture->height / 2;
    g_auto(SpOpsin) made = {0};
    const SpForm form = {.model = SP_MODEL_RGB, .bytes = 2, .sub = 1};
    g_auto(SpPicture) light = {0};
    if (width > 0 && height > 0 && !sp_picture_init(&light, width, height, form, error))
        return FALSE;
    for (guint y = 0; y < light.planes[0].height; y++)
        (is_full ? light_row_full : light_row)(tables, picture, y, &light);
    for (guint size = 0; size < SP_OPSIN_SIZES; size++) {
        if (!make_colours(&made, size, &light, error))
            return FALSE;
        halve(&light);
    }
    *opsin = made;
    made = (SpOpsin){0};
    return TRUE;
}

void
sp_opsin_clear(SpOpsin *opsin)
{
    for (guint i = 0; i < SP_OPSIN_SIZES; i++)
        sp_plane_clear(&opsin->y[i]);
    sp_plane_clear(&opsin->x);
    sp_plane_clear(&opsin->b);
}
