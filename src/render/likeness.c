/* SPDX-License-Identifier: MIT */
/* likeness.c -- how much a file looks like the picture that it was made from.
 *
 * Each plane is cut into blocks of 4 x 4 or 8 x 8 samples, two samples off the encoders' own
 * grids, so that blocks lie across their borders. All sums are whole numbers, in any order
 * the same; what becomes of a block is one division or root at a time, which no compiler may
 * change, and a whole number again. */
#include "render/likeness.h"
#include <math.h>
#include <string.h>

#define OFFSET 2          /* samples: of the first block */
#define ONE 65536         /* of a block's loss */
#define STEADY 14976      /* SSIM's second constant, (0.03 * 255)^2, in 256ths */
#define STEADY_MEAN 65025 /* 255^2: means count little, as in SSIMULACRA2 */
#define DETAIL 1024       /* 16 times the deviation at which half of lost detail is lost */
#define CHUNK 1024        /* columns at a time */

/* By bench/fit-likeness.pl. The exponent and the factor 10 are SSIMULACRA2's own. */
enum {
    TERM_LOST,    /* detail, at full size */
    TERM_FULL,    /* structure, at full size */
    TERM_HALF,    /* at a half */
    TERM_ADDED,   /* detail that was not there, at a half */
    TERM_QUARTER, /* structure, at a quarter, in larger blocks */
    TERM_CHROMA,  /* at a quarter */
    TERM_COLOURS, /* chroma at an eighth, in larger blocks */
};
static const double weights[SP_LIKENESS_TERMS] = {23.2, 9.0, 17.0, 243.8, 400.0, 7.9, 27.5};
#define EXPONENT 0.6276336467831387

/* Sums over a plane's blocks. */
typedef struct {
    guint64 n;
    guint64 structure;   /* of ONE */
    guint64 structure_2; /* of ONE^2 */
    guint64 structure_4; /* of ONE^4 / 2^28 */
    guint64 lost_4;      /* of ONE^4 / 2^28 */
    guint64 added;       /* of ONE */
} Loss;

/* Sums over the rows of a block, column by column. */
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

static inline gint32
sum(const guint32 *columns, guint side)
{
    guint32 all = 0;
    for (guint i = 0; i < side; i++)
        all += columns[i];
    return (gint32)all;
}

static inline guint64
fourth_power(guint64 loss)
{
    guint64 square = loss * loss >> 14;
    return square * square;
}

/* Variances in 256ths. */
static void
judge_detail(Loss *loss, gint32 var_a, gint32 var_b)
{
    double was = sqrt((double)var_a), is = sqrt((double)var_b);
    double change = ((is - was) * ONE) / (was + DETAIL);
    if (is > was)
        loss->added += (guint64)change;
    else
        loss->lost_4 += fourth_power((guint64)-change);
}

/* The block of side x side from column x on. */
static inline void
judge(Loss *loss, const Columns *columns, guint x, guint side, gboolean with_detail)
{
    gint32 n = (gint32)(side * side), scale = n * n / 256;
    gint32 a = sum(columns->a + x, side), b = sum(columns->b + x, side);
    /* NOLINTBEGIN(clang-analyzer-core.UndefinedBinaryOperatorResult): columns are all set */
    gint32 var_a = (n * sum(columns->aa + x, side) - a * a) / scale;
    gint32 var_b = (n * sum(columns->bb + x, side) - b * b) / scale;
    gint32 both = (n * sum(columns->ab + x, side) - a * b) / scale;
    /* NOLINTEND(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    double ratio = ((double)ONE * (2 * both + STEADY)) / (var_a + var_b + STEADY);
    gint64 between = (gint64)(a - b) * (a - b) / scale; /* the means, in 256ths */
    gint64 loss_here = ONE - (ONE - between * (ONE / 256) / STEADY_MEAN) * (gint64)ratio / ONE;
    guint64 structure = (guint64)CLAMP(loss_here, 0, ONE);
    loss->n++;
    loss->structure += structure;
    loss->structure_2 += structure * structure;
    loss->structure_4 += fourth_power(structure);
    if (with_detail)
        judge_detail(loss, var_a, var_b);
}

/* Over what both planes have; their sizes may differ by one. side: 4 or 8. */
static inline Loss
compare(const SpPlane *a, const SpPlane *b, guint side, gboolean with_detail)
{
    guint width = MIN(a->width, b->width), height = MIN(a->height, b->height);
    Loss loss = {0};
    for (guint y = OFFSET; y + side <= height; y += side)
        for (guint x = OFFSET; x + side <= width; x += CHUNK) {
            guint n = MIN(width - x, CHUNK) / side * side;
            Columns columns = {0};
            for (guint i = 0; i < side; i++)
                add_row(&columns, a->data + a->stride * (y + i) + x,
                        b->data + b->stride * (y + i) + x, n);
            for (guint i = 0; i < n; i += side)
                judge(&loss, &columns, i, side, with_detail);
        }
    return loss;
}

/* Constants at the call: compilers make a loop of each. */
static Loss
compare_detail(const SpPlane *a, const SpPlane *b)
{
    return compare(a, b, 4, TRUE);
}

static Loss
compare_small(const SpPlane *a, const SpPlane *b)
{
    return compare(a, b, 4, FALSE);
}

static Loss
compare_large(const SpPlane *a, const SpPlane *b)
{
    return compare(a, b, 8, FALSE);
}

/* ---- smaller planes ------------------------------------------------------------------------
 */

static void
halve_row(const guint8 *restrict upper, const guint8 *restrict lower, guint n,
          guint8 *restrict half)
{
    for (gsize x = 0; x < n; x++) {
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
        if (!quarter_chroma(picture, 1 + i, &made.chroma[i][0], error) ||
            !halve(&made.chroma[i][0], &made.chroma[i][1], error))
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
        sp_plane_clear(&likeness->chroma[i][0]);
        sp_plane_clear(&likeness->chroma[i][1]);
    }
    likeness->picture = NULL;
}

/* ---- the score -----------------------------------------------------------------------------
 */

static double
mean_4(guint64 sum_4, guint64 n)
{
    double mean = n == 0 ? 0 : (double)sum_4 / (double)n;
    return sqrt(sqrt(mean * 268435456.0)) / ONE; /* 2^28 */
}

static double
mean_1(guint64 sum_1, guint64 n)
{
    return n == 0 ? 0 : (double)sum_1 / (double)n / ONE;
}

gboolean
sp_likeness_terms(const SpLikeness *likeness, const SpPicture *shown, double *ret_terms,
                  GError **error)
{
    g_auto(SpLikeness) other = {0};
    if (!sp_likeness_init(&other, shown, error))
        return FALSE;
    Loss full = compare_detail(&likeness->picture->planes[0], &shown->planes[0]);
    Loss half = compare_detail(&likeness->luma[0], &other.luma[0]);
    Loss quarter = compare_large(&likeness->luma[1], &other.luma[1]);
    ret_terms[TERM_LOST] = mean_4(full.lost_4, full.n);
    ret_terms[TERM_FULL] = mean_4(full.structure_4, full.n);
    ret_terms[TERM_HALF] = mean_4(half.structure_4, half.n);
    ret_terms[TERM_ADDED] = mean_1(half.added, half.n);
    ret_terms[TERM_QUARTER] = sqrt(mean_1(quarter.structure_2, quarter.n) / ONE);
    ret_terms[TERM_CHROMA] = ret_terms[TERM_COLOURS] = 0;
    for (guint i = 0; i < 2; i++) {
        if (likeness->chroma[i][0].data == NULL || other.chroma[i][0].data == NULL)
            continue;
        Loss chroma = compare_small(&likeness->chroma[i][0], &other.chroma[i][0]);
        Loss colours = compare_large(&likeness->chroma[i][1], &other.chroma[i][1]);
        ret_terms[TERM_CHROMA] += mean_4(chroma.structure_4, chroma.n);
        ret_terms[TERM_COLOURS] += mean_1(colours.structure, colours.n);
    }
    return TRUE;
}

gboolean
sp_likeness_measure(const SpLikeness *likeness, const SpPicture *shown, double *ret_score,
                    GError **error)
{
    double terms[SP_LIKENESS_TERMS], distance = 0;
    if (!sp_likeness_terms(likeness, shown, terms, error))
        return FALSE;
    for (guint i = 0; i < SP_LIKENESS_TERMS; i++)
        distance += weights[i] * terms[i];
    *ret_score = floor((100 - 10 * pow(distance, EXPONENT)) * 64 + 0.5) / 64;
    return TRUE;
}
