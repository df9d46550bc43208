/* SPDX-License-Identifier: MIT */
/* likeness.c -- how much a file looks like the picture that it was made from.
 *
 * Each plane is cut into blocks of 4 x 4 samples, two samples off the encoders' own grids, so
 * that half of the blocks lie across their borders. All sums are whole numbers, in any order
 * the same; what becomes of a block is one division or root at a time, which no compiler may
 * change, and a whole number again. */
#include "render/likeness.h"
#include <math.h>
#include <string.h>

#define SIDE 4
#define OFFSET 2
#define ONE 65536         /* of a block's loss */
#define STEADY 14976      /* SSIM's second constant, (0.03 * 255)^2, in 256ths */
#define STEADY_MEAN 65025 /* (255)^2: means count little, as in SSIMULACRA2 */
#define DETAIL 1024 /* 16 times the deviation at which detail that is lost is half of it */
#define CHUNK 1024  /* columns at a time */

/* By bench/fit-likeness.pl; in the order of Term. The exponent and the factor 10 are
 * SSIMULACRA2's own. */
enum { TERM_DETAIL, TERM_FULL, TERM_HALF, TERM_QUARTER, TERM_QUARTER_MEAN, TERM_CHROMA };
static const double weights[SP_LIKENESS_TERMS] = {50.4, 9.3, 4.7, 91.4, 320.3, 13.3};
#define EXPONENT 0.6276336467831387

/* What a plane has lost, summed over its blocks. */
typedef struct {
    guint64 n;
    guint64 structure;   /* of ONE */
    guint64 structure_4; /* of ONE^4 / 2^28 */
    guint64 detail_4;
} Loss;

/* Sums over SIDE rows, column by column. */
typedef struct {
    guint32 a[CHUNK], b[CHUNK], aa[CHUNK], bb[CHUNK], ab[CHUNK];
} Columns;

static void
add_row(Columns *columns, const guint8 *restrict a, const guint8 *restrict b, guint n)
{
    for (guint x = 0; x < n; x++) {
        guint16 p = a[x], q = b[x];
        columns->a[x] += p;
        columns->b[x] += q;
        columns->aa[x] += (guint16)(p * p);
        columns->bb[x] += (guint16)(q * q);
        columns->ab[x] += (guint16)(p * q);
    }
}

static inline guint32
four(const guint32 *columns)
{
    return columns[0] + columns[1] + columns[2] + columns[3];
}

static inline guint64
fourth_power(guint64 loss)
{
    guint64 square = loss * loss >> 14;
    return square * square;
}

/* columns: of one block. */
static inline void
judge(Loss *loss, const Columns *columns, guint x, gboolean with_detail)
{
    gint32 a = (gint32)four(columns->a + x), b = (gint32)four(columns->b + x);
    gint32 var_a = 16 * (gint32)four(columns->aa + x) - a * a;
    gint32 var_b = 16 * (gint32)four(columns->bb + x) - b * b;
    gint32 both = 16 * (gint32)four(columns->ab + x) - a * b;
    double ratio = ((double)ONE * (2 * both + STEADY)) / (var_a + var_b + STEADY);
    gint64 mean = ONE - ((gint64)(a - b) * (a - b) * (ONE / 256) / STEADY_MEAN);
    gint64 lost = ONE - mean * (gint64)ratio / ONE;
    guint64 structure = (guint64)CLAMP(lost, 0, ONE);
    loss->n++;
    loss->structure += structure;
    loss->structure_4 += fourth_power(structure);
    if (!with_detail || var_b >= var_a)
        return;
    double was = sqrt((double)var_a), is = sqrt((double)var_b);
    loss->detail_4 += fourth_power((guint64)(((was - is) * ONE) / (was + DETAIL)));
}

/* Over what both planes have; their sizes may differ by one. */
static void
compare(const SpPlane *a, const SpPlane *b, gboolean with_detail, Loss *loss)
{
    guint width = MIN(a->width, b->width), height = MIN(a->height, b->height);
    Columns columns;
    memset(loss, 0, sizeof *loss);
    for (guint y = OFFSET; y + SIDE <= height; y += SIDE)
        for (guint x = OFFSET; x + SIDE <= width; x += CHUNK) {
            guint n = MIN(width - x, CHUNK) / SIDE * SIDE;
            memset(&columns, 0, sizeof columns);
            for (guint i = 0; i < SIDE; i++)
                add_row(&columns, a->data + a->stride * (y + i) + x,
                        b->data + b->stride * (y + i) + x, n);
            for (guint i = 0; i < n; i += SIDE)
                judge(loss, &columns, i, with_detail);
        }
}

/* ---- smaller planes ------------------------------------------------------------------------
 */

static void
halve_row(const guint8 *restrict upper, const guint8 *restrict lower, guint n,
          guint8 *restrict half)
{
    for (guint x = 0; x < n; x++) {
        guint16 sum = (guint16)(upper[2 * x] + upper[2 * x + 1] + lower[2 * x]);
        half[x] = (guint8)((guint16)(sum + lower[2 * x + 1] + 2) >> 2);
    }
}

/* An odd last row or column is left out; of nothing else, one sample stays. */
static gboolean
halve(const SpPlane *plane, SpPlane *ret_half, GError **error)
{
    guint width = MAX(plane->width / 2, 1), height = MAX(plane->height / 2, 1);
    if (!sp_plane_init(ret_half, width, height, 1, error))
        return FALSE;
    if (plane->width < 2 || plane->height < 2) {
        memset(ret_half->data, 0, ret_half->stride * height); /* smaller than a block */
        return TRUE;
    }
    for (guint y = 0; y < height; y++) {
        const guint8 *row = plane->data + plane->stride * 2 * y;
        halve_row(row, row + plane->stride, width, ret_half->data + ret_half->stride * y);
    }
    return TRUE;
}

static gboolean
quarter_chroma(const SpPicture *picture, guint index, SpPlane *ret_plane, GError **error)
{
    const SpPlane *plane = &picture->planes[index];
    g_auto(SpPlane) half = {0};
    if (picture->sub == 2)
        return halve(plane, ret_plane, error);
    return halve(plane, &half, error) && halve(&half, ret_plane, error);
}

gboolean
sp_likeness_init(SpLikeness *likeness, const SpPicture *picture, GError **error)
{
    g_auto(SpLikeness) made = {.picture = picture};
    if (!halve(&picture->planes[0], &made.luma[0], error) ||
        !halve(&made.luma[0], &made.luma[1], error))
        return FALSE;
    for (guint i = 0; i < 2 && picture->model == SP_MODEL_YCC; i++)
        if (!quarter_chroma(picture, 1 + i, &made.chroma[i], error))
            return FALSE;
    *likeness = made;
    memset(&made, 0, sizeof made);
    return TRUE;
}

void
sp_likeness_clear(SpLikeness *likeness)
{
    for (guint i = 0; i < 2; i++) {
        sp_plane_clear(&likeness->luma[i]);
        sp_plane_clear(&likeness->chroma[i]);
    }
    likeness->picture = NULL;
}

/* ---- the score -----------------------------------------------------------------------------
 */

static double
mean_4(guint64 sum, guint64 n)
{
    double mean = n == 0 ? 0 : (double)sum / (double)n;
    return sqrt(sqrt(mean * 268435456.0)) / ONE; /* 2^28 */
}

static double
mean_1(guint64 sum, guint64 n)
{
    return n == 0 ? 0 : (double)sum / (double)n / ONE;
}

gboolean
sp_likeness_terms(const SpLikeness *likeness, const SpPicture *shown, double *ret_terms,
                  GError **error)
{
    g_auto(SpLikeness) other = {0};
    Loss loss;
    if (!sp_likeness_init(&other, shown, error))
        return FALSE;
    compare(&likeness->picture->planes[0], &shown->planes[0], TRUE, &loss);
    ret_terms[TERM_DETAIL] = mean_4(loss.detail_4, loss.n);
    ret_terms[TERM_FULL] = mean_4(loss.structure_4, loss.n);
    compare(&likeness->luma[0], &other.luma[0], FALSE, &loss);
    ret_terms[TERM_HALF] = mean_4(loss.structure_4, loss.n);
    compare(&likeness->luma[1], &other.luma[1], FALSE, &loss);
    ret_terms[TERM_QUARTER] = mean_4(loss.structure_4, loss.n);
    ret_terms[TERM_QUARTER_MEAN] = mean_1(loss.structure, loss.n);
    ret_terms[TERM_CHROMA] = 0;
    for (guint i = 0; i < 2; i++) {
        if (likeness->chroma[i].data == NULL || other.chroma[i].data == NULL)
            continue;
        compare(&likeness->chroma[i], &other.chroma[i], FALSE, &loss);
        ret_terms[TERM_CHROMA] += mean_4(loss.structure_4, loss.n);
    }
    return TRUE;
}

gboolean
sp_likeness_measure(const SpLikeness *likeness, const SpPicture *shown, double *ret_score,
                    GError **error)
{
    double terms[SP_LIKENESS_TERMS], sum = 0;
    if (!sp_likeness_terms(likeness, shown, terms, error))
        return FALSE;
    for (guint i = 0; i < SP_LIKENESS_TERMS; i++)
        sum += weights[i] * terms[i];
    *ret_score = floor((100 - 10 * pow(sum, EXPONENT)) * 64 + 0.5) / 64;
    return TRUE;
}
