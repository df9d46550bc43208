/* SPDX-License-Identifier: MIT */
/* sharpen.c -- a light unsharp mask on luma.
 *
 * The blur is [1 2 1] along both sides, a Gauss of 0.7 pixels: what screens show of an edge at
 * their own resolution. A wider one would draw halos that can be seen. What differs from its
 * blur by less than a level is noise or a gradient, and stays: a sky that is sharpened costs
 * bytes and shows bands.
 *
 * In whole numbers, and without a branch a sample: vectors of 16 bits where the compiler makes
 * them, and the same bytes everywhere. */
#include "render/sharpen.h"
#include "base/error.h"
#include <string.h>

#define CORE 16 /* sixteenths of a level that are no detail */
#define SHARE 8 /* of the neighbours' range: how far beyond them an edge may go */

/* Three rows as they were, above, here and below, each with a sample repeated at either end;
 * and what stands in their columns. */
typedef struct {
    gsize width;
    guint8 *rows[3];    /* of width + 2 */
    guint8 *low, *high; /* of the three, of width + 2 */
    guint16 *sums;      /* 1 2 1, of width + 2 */
} Rows;

static void
fill_row(const SpPlane *plane, guint y, guint8 *row)
{
    memcpy(row + 1, plane->data + plane->stride * y, plane->width);
    row[0] = row[1];
    row[plane->width + 1] = row[plane->width];
}

static void
sum_columns(const guint8 *restrict above, const guint8 *restrict here,
            const guint8 *restrict below, gsize n, guint16 *restrict sums, guint8 *restrict low,
            guint8 *restrict high)
{
    for (gsize x = 0; x < n; x++) {
        sums[x] = (guint16)(above[x] + 2 * here[x] + below[x]);
        guint8 least = MIN(above[x], below[x]), most = MAX(above[x], below[x]);
        low[x] = MIN(least, here[x]);
        high[x] = MAX(most, here[x]);
    }
}

/* The pointers are to the row's first sample, one before it may be read. gain: 1024 is 100 %,
 * of which detail, in sixteenths, takes its product's upper half: what all processors can
 * multiply in 16 bits. */
static void
sharpen_row(const guint8 *restrict here, const guint16 *restrict sums,
            const guint8 *restrict low, const guint8 *restrict high, gint16 gain, gsize width,
            guint8 *restrict to)
{
    for (gsize x = 0; x < width; x++) {
        gint16 v = here[x + 1];
        gint16 blurred = (gint16)(sums[x] + 2 * sums[x + 1] + sums[x + 2]);
        gint16 detail = (gint16)(16 * v - blurred);
        gint16 above = (gint16)(detail - CORE), below = (gint16)(detail + CORE);
        detail = (gint16)(MAX(above, (gint16)0) + MIN(below, (gint16)0));
        gint16 twice = (gint16)(((gint16)(8 * detail) * gain) >> 16);
        gint16 sharp = (gint16)(v + ((twice + 1) >> 1));
        guint8 least = MIN(MIN(low[x], low[x + 1]), low[x + 2]);
        guint8 most = MAX(MAX(high[x], high[x + 1]), high[x + 2]);
        gint16 beyond = (gint16)((most - least) / SHARE);
        gint16 floor = (gint16)(least - beyond), ceiling = (gint16)(most + beyond);
        floor = MAX(floor, (gint16)0);
        ceiling = MIN(ceiling, (gint16)255);
        sharp = MAX(sharp, floor);
        to[x] = (guint8)MIN(sharp, ceiling);
    }
}

/* What has a neighbour that is invisible gets its sample back: the colour there is none. */
static void
restore_edges(const SpPlane *alpha, guint y, const guint8 *here, guint8 *to)
{
    const guint8 *rows[3] = {
        alpha->data + alpha->stride * (y > 0 ? y - 1 : 0),
        alpha->data + alpha->stride * y,
        alpha->data + alpha->stride * MIN(y + 1, alpha->height - 1),
    };
    for (guint x = 0; x < alpha->width; x++) {
        guint left = x > 0 ? x - 1 : 0, right = MIN(x + 1, alpha->width - 1);
        gboolean all = TRUE;
        for (guint i = 0; i < 3; i++)
            all = all && rows[i][left] != 0 && rows[i][x] != 0 && rows[i][right] != 0;
        if (!all)
            to[x] = here[x + 1];
    }
}

/* alpha: NULL where all is opaque. */
static void
sharpen(SpPlane *luma, const SpPlane *alpha, gint16 gain, Rows *rows)
{
    fill_row(luma, 0, rows->rows[1]);
    memcpy(rows->rows[0], rows->rows[1], rows->width + 2);
    for (guint y = 0; y < luma->height; y++) {
        guint8 *to = luma->data + luma->stride * y;
        fill_row(luma, MIN(y + 1, luma->height - 1), rows->rows[2]);
        sum_columns(rows->rows[0], rows->rows[1], rows->rows[2], rows->width + 2, rows->sums,
                    rows->low, rows->high);
        sharpen_row(rows->rows[1], rows->sums, rows->low, rows->high, gain, rows->width, to);
        if (alpha != NULL)
            restore_edges(alpha, y, rows->rows[1], to);
        guint8 *first = rows->rows[0];
        rows->rows[0] = rows->rows[1];
        rows->rows[1] = rows->rows[2];
        rows->rows[2] = first;
    }
}

gboolean
sp_sharpen(SpPicture *picture, guint percent, GError **error)
{
    gsize width = picture->planes[0].width, n = width + 2;
    g_return_val_if_fail(picture->planes[0].bytes == 1 && percent <= 100, FALSE);
    g_autofree guint8 *bytes = g_try_malloc(5 * n);
    g_autofree guint16 *sums = g_try_malloc(n * sizeof *sums);
    if (bytes == NULL || sums == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory to sharpen");
    Rows rows = {
        .width = width,
        .rows = {bytes, bytes + n, bytes + 2 * n},
        .low = bytes + 3 * n,
        .high = bytes + 4 * n,
        .sums = sums,
    };
    const SpPlane *alpha = picture->alpha ? &picture->planes[picture->n_planes - 1] : NULL;
    gint16 gain = (gint16)(percent * 256 / 100 * 4);
    sharpen(&picture->planes[0], alpha, gain, &rows);
    if (sp_picture_form(picture).limited)
        sharpen(&picture->limited[0], alpha, gain, &rows);
    return TRUE;
}
