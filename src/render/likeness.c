/* SPDX-License-Identifier: MIT */
/* likeness.c -- how much a file looks like the picture that it was made from.
 *
 * SSIMULACRA2 looks at each pixel's surroundings through a Gaussian window of 1.5 pixels'
 * deviation. Here a plane is cut into cells of 2 x 2 samples, and a window is 3 x 3 cells, of
 * weights 1 2 1 both ways, which has the same deviation; there is one about each cell, so a
 * quarter as many. The sums in it are whole numbers. What becomes of them is arithmetic of
 * one operation at a time (the Makefile forbids to fuse them), and what windows lose is
 * added up in the order of the source: no compiler may change either. */
#include "render/likeness.h"
#include <math.h>
#include <string.h>

#define ONE ((float)SP_OPSIN_ONE)
#define STEADY (0.0009F * ONE * ONE) /* SSIM's second constant, as SSIMULACRA2 has it */
#define STRIP 256                    /* windows at a time */
#define CELLS (STRIP + 2)
#define SAMPLES ((gsize)2 * CELLS)

/* SSIMULACRA2's own, in the order of Term, as is what becomes of their sum. Of what it weighs
 * these are nine tenths; fitted to files they came out the same and predicted no better. */
enum {
    TERM_FULL,        /* structure of Y, the worst places, at full size */
    TERM_LOST,        /* its detail that is lost, the worst places */
    TERM_HALF,        /* structure, the worst places, at a half */
    TERM_QUARTER,     /* at a quarter */
    TERM_QUARTER_ALL, /* and the mean */
    TERM_EIGHTH,
    TERM_EIGHTH_ALL,
    TERM_ADDED,   /* edges of Y that were not there, the worst places, at a sixteenth */
    TERM_ADDED_X, /* of X, at a quarter */
    TERM_ADDED_B, /* of B, at a sixteenth */
    TERM_B_ALL,   /* structure of B, the mean, at a sixteenth */
};
static const double weights[SP_LIKENESS_TERMS] = {
    7.466890,   17.445834, 6.683678,  19.213238,  225.205153, 24.433010,
    176.393176, 44.835625, 11.441173, 171.266726, 95.108050,
};
#define SCALE 0.9562382616834844
#define LINEAR 2.326765642916932
#define SQUARE 0.020884521182843837
#define CUBE 6.248496625763138e-05
#define EXPONENT 0.6276336467831387

/* Sums over a plane's windows; edges are of its samples. */
typedef struct {
    guint64 n;
    double structure, structure_4; /* of the first and the fourth powers */
    double added_4, lost_4;
} Loss;

/* A row of cells of both pictures, and what it was made of. */
typedef struct {
    gint32 a[CELLS], b[CELLS];          /* sums */
    gint32 squares[CELLS], both[CELLS]; /* of a^2 + b^2, and of a b */
    guint16 of_a[2][SAMPLES], of_b[2][SAMPLES];
} Band;

/* Means and (co)variances about each cell. */
typedef struct {
    float a[STRIP], b[STRIP], variances[STRIP], covariance[STRIP];
} Windows;

static void
take_row(const SpPlane *plane, guint y, gsize x, gsize n, guint16 *samples)
{
    const guint8 *row = plane->data + plane->stride * y;
    const guint16 *grey = sp_opsin_of_grey();
    if (plane->bytes == 2)
        memcpy(samples, row + 2 * x, 2 * n);
    else
        for (gsize i = 0; i < n; i++)
            samples[i] = grey[row[x + i]];
}

static void
pair(const gint32 *columns, gsize n_cells, gint32 *cells)
{
    for (gsize i = 0; i < n_cells; i++)
        cells[i] = columns[2 * i] + columns[2 * i + 1];
}

/* To 1 2 1 of neighbours; two less than before. */
static void
widen(gint32 *cells, gsize n_cells)
{
    for (gsize i = 0; i + 2 < n_cells; i++)
        cells[i] = cells[i] + 2 * cells[i + 1] + cells[i + 2];
}

static void
fill_band(Band *band, gsize n_cells)
{
    gint32 a[SAMPLES], b[SAMPLES], squares[SAMPLES], both[SAMPLES];
    for (gsize i = 0; i < 2 * n_cells; i++) {
        gint32 p = band->of_a[0][i], q = band->of_a[1][i];
        gint32 r = band->of_b[0][i], s = band->of_b[1][i];
        a[i] = p + q;
        b[i] = r + s;
        squares[i] = p * p + q * q + r * r + s * s;
        both[i] = p * r + q * s;
    }
    pair(a, n_cells, band->a);
    pair(b, n_cells, band->b);
    pair(squares, n_cells, band->squares);
    pair(both, n_cells, band->both);
    widen(band->a, n_cells);
    widen(band->b, n_cells);
    widen(band->squares, n_cells);
    widen(band->both, n_cells);
}

/* All are below 2^31: samples are below SP_OPSIN_ONE, and weights are 64 in all. */
static void
mean_of(const gint32 *above, const gint32 *here, const gint32 *below, gsize n, float *mean)
{
    for (gsize i = 0; i < n; i++)
        mean[i] = (float)(above[i] + 2 * here[i] + below[i]) * (1.0F / 64);
}

static void
open_windows(Windows *windows, const Band *above, const Band *here, const Band *below, gsize n)
{
    mean_of(above->a, here->a, below->a, n, windows->a);
    mean_of(above->b, here->b, below->b, n, windows->b);
    mean_of(above->squares, here->squares, below->squares, n, windows->variances);
    mean_of(above->both, here->both, below->both, n, windows->covariance);
    for (gsize i = 0; i < n; i++) {
        float a = windows->a[i], b = windows->b[i];
        windows->variances[i] -= a * a + b * b;
        windows->covariance[i] -= a * b;
    }
}

/* Or 0; without a branch, so that compilers make vectors of it. */
static inline float
positive(float x)
{
    return (x + fabsf(x)) / 2;
}

static inline float
fourth_power(float x)
{
    float square = x * x;
    return square * square;
}

static void
judge_structure(Loss *loss, const Windows *windows, gsize n)
{
    float lost[STRIP];
    for (gsize i = 0; i < n; i++) {
        float between = (windows->a[i] - windows->b[i]) * (1 / ONE);
        float like = (2 * windows->covariance[i] + STEADY) / (windows->variances[i] + STEADY);
        lost[i] = positive(1 - (1 - between * between) * like);
    }
    for (gsize i = 0; i < n; i++) {
        loss->structure += (double)lost[i];
        loss->structure_4 += (double)fourth_power(lost[i]);
    }
    loss->n += n;
}

/* How far a sample lies from what surrounds it, in b more than in a, of that in a. */
static inline float
change_of(guint16 a, guint16 b, float around_a, float around_b)
{
    float was = fabsf((float)a - around_a), is = fabsf((float)b - around_b);
    return (is - was) / (ONE + was);
}

/* The samples of a band's cells behind the first. */
static void
judge_edges(Loss *loss, const Band *band, const Windows *windows, gsize n)
{
    float added[STRIP], lost[STRIP];
    const guint16 *a[2] = {band->of_a[0] + 2, band->of_a[1] + 2};
    const guint16 *b[2] = {band->of_b[0] + 2, band->of_b[1] + 2};
    for (gsize i = 0; i < n; i++) {
        float around_a = windows->a[i], around_b = windows->b[i];
        float p = change_of(a[0][2 * i], b[0][2 * i], around_a, around_b);
        float q = change_of(a[0][2 * i + 1], b[0][2 * i + 1], around_a, around_b);
        float r = change_of(a[1][2 * i], b[1][2 * i], around_a, around_b);
        float s = change_of(a[1][2 * i + 1], b[1][2 * i + 1], around_a, around_b);
        added[i] = fourth_power(positive(p)) + fourth_power(positive(q)) +
                   fourth_power(positive(r)) + fourth_power(positive(s));
        lost[i] = fourth_power(positive(-p)) + fourth_power(positive(-q)) +
                  fourth_power(positive(-r)) + fourth_power(positive(-s));
    }
    for (gsize i = 0; i < n; i++) {
        loss->added_4 += (double)added[i];
        loss->lost_4 += (double)lost[i];
    }
}

/* All windows from cell `left` on that a strip has room for. */
static inline void
compare_strip(Loss *loss, const SpPlane *a, const SpPlane *b, gsize left, gsize n_cells,
              gboolean with_edges)
{
    Band bands[3];
    Windows windows;
    for (guint y = 0; y < a->height / 2; y++) {
        Band *band = &bands[y % 3];
        for (guint i = 0; i < 2; i++) {
            take_row(a, 2 * y + i, 2 * left, 2 * n_cells, band->of_a[i]);
            take_row(b, 2 * y + i, 2 * left, 2 * n_cells, band->of_b[i]);
        }
        fill_band(band, n_cells);
        if (y < 2)
            continue;
        const Band *here = &bands[(y + 2) % 3];
        open_windows(&windows, &bands[(y + 1) % 3], here, band, n_cells - 2);
        judge_structure(loss, &windows, n_cells - 2);
        if (with_edges)
            judge_edges(loss, here, &windows, n_cells - 2);
    }
}

/* a, b: of the same size. */
static Loss
compare(const SpPlane *a, const SpPlane *b, gboolean with_edges)
{
    Loss loss = {0};
    gsize n_cells = a->width / 2;
    for (gsize left = 0; left + 2 < n_cells; left += STRIP)
        compare_strip(&loss, a, b, left, MIN(n_cells - left, CELLS), with_edges);
    return loss;
}

/* ---- the score -----------------------------------------------------------------------------
 */

gboolean
sp_likeness_init(SpLikeness *likeness, const SpPicture *picture, GError **error)
{
    SpOpsin opsin;
    if (!sp_opsin_init(&opsin, picture, error))
        return FALSE;
    *likeness = (SpLikeness){picture, opsin};
    return TRUE;
}

void
sp_likeness_clear(SpLikeness *likeness)
{
    sp_opsin_clear(&likeness->opsin);
    likeness->picture = NULL;
}

static double
mean(double sum, guint64 n)
{
    return n == 0 ? 0 : sum / (double)n;
}

static double
mean_4(double sum_4, guint64 n)
{
    return sqrt(sqrt(mean(sum_4, n)));
}

gboolean
sp_likeness_terms(const SpLikeness *likeness, const SpPicture *shown, double *ret_terms,
                  GError **error)
{
    g_auto(SpOpsin) other = {0};
    const SpOpsin *opsin = &likeness->opsin;
    if (!sp_opsin_init(&other, shown, error))
        return FALSE;
    Loss full = compare(&likeness->picture->planes[0], &shown->planes[0], TRUE);
    Loss half = compare(&opsin->y[SP_OPSIN_HALF], &other.y[SP_OPSIN_HALF], FALSE);
    Loss quarter = compare(&opsin->y[SP_OPSIN_QUARTER], &other.y[SP_OPSIN_QUARTER], FALSE);
    Loss eighth = compare(&opsin->y[SP_OPSIN_EIGHTH], &other.y[SP_OPSIN_EIGHTH], FALSE);
    Loss least = compare(&opsin->y[SP_OPSIN_SIXTEENTH], &other.y[SP_OPSIN_SIXTEENTH], TRUE);
    Loss x = compare(&opsin->x, &other.x, TRUE), b = compare(&opsin->b, &other.b, TRUE);
    ret_terms[TERM_FULL] = mean_4(full.structure_4, full.n);
    ret_terms[TERM_LOST] = mean_4(full.lost_4, 4 * full.n);
    ret_terms[TERM_HALF] = mean_4(half.structure_4, half.n);
    ret_terms[TERM_QUARTER] = mean_4(quarter.structure_4, quarter.n);
    ret_terms[TERM_QUARTER_ALL] = mean(quarter.structure, quarter.n);
    ret_terms[TERM_EIGHTH] = mean_4(eighth.structure_4, eighth.n);
    ret_terms[TERM_EIGHTH_ALL] = mean(eighth.structure, eighth.n);
    ret_terms[TERM_ADDED] = mean_4(least.added_4, 4 * least.n);
    ret_terms[TERM_ADDED_X] = mean_4(x.added_4, 4 * x.n);
    ret_terms[TERM_ADDED_B] = mean_4(b.added_4, 4 * b.n);
    ret_terms[TERM_B_ALL] = mean(b.structure, b.n);
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
    sum *= SCALE;
    double distance = ((CUBE * sum - SQUARE) * sum + LINEAR) * sum;
    *ret_score = floor((100 - 10 * pow(distance, EXPONENT)) * 64 + 0.5) / 64;
    return TRUE;
}

static double
distance_of(double score)
{
    return pow(MAX(100 - score, 0) / 10, 1 / EXPONENT);
}

double
sp_likeness_beside(double target, double most)
{
    double left = distance_of(target) - distance_of(most);
    if (left <= 0)
        return target;
    return MIN(100 - 10 * pow(left, EXPONENT), target + SP_LIKENESS_MORE);
}
