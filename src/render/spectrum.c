/* SPDX-License-Identifier: MIT */
/* spectrum.c -- how much an encoder has to write at any quality, without encoding.
 *
 * JPEG: the transform of 8 x 8 samples, each coefficient in units of its step at quality 50
 * (jpeg-quant.h). WebP: that of 4 x 4 samples, all in units of a sample; what prediction
 * takes away is left out, for where it works little is written. Coefficients of the lowest
 * frequency do not count.
 *
 * All integers up to the histogram, so that machines agree on it. */
#include "render/spectrum.h"
#include "preset/preset.h"
#include "render/jpeg-quant.h"
#include <math.h>
#include <string.h>

#define ENOUGH 2048 /* blocks to look at; of a small picture all */
#define UNIT 16     /* bins are of sixteenths: of a sample; of a sixteenth of JPEG's steps */

/* Bytes are proportional to
 *     luma + chroma * CHROMA's + a_block * blocks,
 * luma and chroma the sum over all coefficients above a threshold of 1 + slope * log2(how far
 * above), and places times the bits that it takes to say of each coefficient whether it is. The
 * threshold is the quantiser's step times 2^offset, of chroma 2^chroma_offset more.
 *
 * Fitted by bench/fit-spectrum.pl to the curves of 31 uploads at 480, 700 and 1 024 pixels:
 * photos of cameras and phones, bench/make-photo's, and make-hard's from seed 101 on. Of 40
 * others at 1 024, half of the predictions over 16 points of quality below 80 are off by less
 * than 0.8 % for JPEG and 1.2 % for WebP, nine tenths by less than 2.2 and 7.5 %; with the mean
 * slope of all instead, half by 3 to 4 %. */
typedef struct {
    double offset, slope, chroma, a_block, chroma_offset, places;
} Model;
static const Model models[SP_OUTPUT_COUNT] = {
    [SP_OUTPUT_WEBP] = {-2.3, 1.075, 0.601, 1.275, -0.95, 0.1},
    [SP_OUTPUT_JPEG] = {-0.65, 0.4, 1.048, 1.188, -0.275, 0.107},
};

#define LEAST_SLOPE 0.001 /* of the logarithm, a point of quality: so that it always rises */
/* Where nothing is known; of the logarithm of a block's bytes. */
#define TYPICAL_SLOPE 0.02 /* between 45 and 80, of both formats */
#define TYPICAL 1.5

/* ---- the transform ------------------------------------------------------------------------
 */

/* Cosines, times 128. */
static const gint16 cosines_8[8][8] = {
    {45, 45, 45, 45, 45, 45, 45, 45},     {63, 53, 36, 12, -12, -36, -53, -63},
    {59, 24, -24, -59, -59, -24, 24, 59}, {53, -12, -63, -36, 36, 63, 12, -53},
    {45, -45, -45, 45, 45, -45, -45, 45}, {36, -63, 12, 53, -53, -12, 63, -36},
    {24, -59, 59, -24, -24, 59, -59, 24}, {12, -36, 53, -63, 63, -53, 36, -12},
};
static const gint16 cosines_4[4][4] = {
    {64, 64, 64, 64}, {84, 35, -35, -84}, {64, -64, -64, 64}, {35, -84, 84, -35}};

/* magnitude: in sixteenths. Each octave in four equal parts; below 4 nothing is ever coded. */
static inline void
count(guint32 *bins, guint32 magnitude)
{
    if (magnitude < 4)
        return;
    guint octave = 31u - (guint)__builtin_clz(magnitude);
    bins[(octave - 2) * 4 + (magnitude >> (octave - 2) & 3)]++;
}

/* side samples a side; cosines: side x side; units: of each coefficient; NULL for a sample's.
 */
static inline void
transform(const SpPlane *plane, guint left, guint top, guint side, const gint16 *cosines,
          const guint8 *units, guint32 *bins)
{
    gint32 rows[8][8];
    for (guint y = 0; y < side; y++) {
        const guint8 *from = plane->data + plane->stride * (top + y) + left;
        for (guint u = 0; u < side; u++) {
            gint32 sum = 0;
            for (guint x = 0; x < side; x++)
                sum += from[x] * cosines[u * side + x];
            rows[y][u] = sum;
        }
    }
    for (guint v = 0; v < side; v++)
        for (guint u = v == 0; u < side; u++) {
            gint32 sum = 0;
            for (guint y = 0; y < side; y++)
                sum += rows[y][u] * cosines[v * side + y];
            guint32 magnitude = (guint32)ABS(sum) >> 10; /* 128 * 128 / UNIT */
            count(bins, units == NULL ? magnitude : magnitude * UNIT / units[v * 8 + u]);
        }
}

static void
look_at(const SpPlane *plane, guint left, guint top, const guint8 *units, guint32 *bins)
{
    if (units != NULL) {
        transform(plane, left, top, 8, &cosines_8[0][0], units, bins);
        return;
    }
    for (guint i = 0; i < 4; i++)
        transform(plane, left + i % 2 * 4, top + i / 2 * 4, 4, &cosines_4[0][0], NULL, bins);
}

/* One of `every` blocks, scattered. Returns how many those were. */
static guint32
sample(const SpPlane *plane, guint every, const guint8 *units, guint32 *bins)
{
    guint32 index = 0, n = 0;
    for (guint y = 0; y + 8 <= plane->height; y += 8)
        for (guint x = 0; x + 8 <= plane->width; x += 8) {
            if ((index++ * 0x9E3779B1u >> 12) % every != 0)
                continue;
            look_at(plane, x, y, units, bins);
            n++;
        }
    return n;
}

void
sp_spectrum_measure(const SpPicture *picture, guint32 format, SpSpectrum *ret_spectrum)
{
    SpSpectrum spectrum = {.format = format, .sub = picture->sub};
    guint n_planes = picture->n_planes - (picture->alpha ? 1 : 0);
    spectrum.in_all = picture->width / 8.0 * picture->height / 8.0;
    guint every = (guint)MAX(1, spectrum.in_all / ENOUGH);
    for (guint i = 0; i < n_planes; i++) {
        const guint8 *units =
            format == SP_OUTPUT_JPEG ? sp_jpeg_quant_base(i > 0, picture->sub) : NULL;
        guint32 n = sample(&picture->planes[i], every, units, spectrum.bins[i > 0]);
        if (i == 0)
            spectrum.blocks = n;
    }
    *ret_spectrum = spectrum;
}

/* ---- what that is in bytes ----------------------------------------------------------------
 */

/* libwebp's index of 0 to 127 (quant_enc.c, QualityToCompression) and, in straight lines, its
 * steps at each (kAcTable). */
static double
webp_step(double quality)
{
    static const double knots[][2] = {{0, 4},     {54, 58},   {83, 116},
                                      {102, 173}, {116, 229}, {127, 284}};
    double linear = quality < 75 ? quality / 150 : quality / 50 - 1;
    double index = 127 * (1 - cbrt(CLAMP(linear, 0, 1)));
    guint i = 1;
    while (i + 1 < G_N_ELEMENTS(knots) && index > knots[i][0])
        i++;
    double share = (index - knots[i - 1][0]) / (knots[i][0] - knots[i - 1][0]);
    return knots[i - 1][1] + share * (knots[i][1] - knots[i - 1][1]);
}

/* In sixteenths of the tables' own, as libjpeg scales them. */
static double
jpeg_step(double quality)
{
    double percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    return MAX(percent, 1) * 16 / 100;
}

static double
bin_edge(guint index)
{
    return ldexp(1 + index % 4 / 4.0, (int)(index / 4) + 2) / UNIT;
}

static double
entropy(double share)
{
    if (share <= 0 || share >= 1)
        return 0;
    return -share * log2(share) - (1 - share) * log2(1 - share);
}

/* n: coefficients in all. A bin that the threshold lies in counts in part. */
static double
sum_above(const guint32 *bins, double n, double threshold, const Model *model)
{
    double above = 0, bits = 0;
    for (guint i = SP_SPECTRUM_BINS; i > 0; i--) {
        double low = bin_edge(i - 1), high = bin_edge(i);
        if (high <= threshold)
            break;
        double part = bins[i - 1] * MIN(1, (high - threshold) / (high - low));
        double middle = (MAX(low, threshold) + high) / 2;
        above += part;
        bits += part * log2(middle / threshold);
    }
    return above + model->slope * bits + model->places * n * entropy(above / n);
}

double
sp_spectrum_bytes(const SpSpectrum *spectrum, double quality)
{
    double in_all = MAX(spectrum->in_all, 1.0 / 64);
    if (spectrum->blocks == 0)
        return log(in_all) + TYPICAL + TYPICAL_SLOPE * quality;
    const Model *model = &models[spectrum->format];
    gboolean is_jpeg = spectrum->format == SP_OUTPUT_JPEG;
    double threshold =
        (is_jpeg ? jpeg_step(quality) : webp_step(quality)) * exp2(model->offset);
    double n = spectrum->blocks * (is_jpeg ? 63.0 : 60.0);
    double n_chroma = spectrum->sub == 1 ? 2 * n : n / 2;
    double luma = sum_above(spectrum->bins[0], n, threshold, model);
    double chroma =
        sum_above(spectrum->bins[1], n_chroma, threshold * exp2(model->chroma_offset), model);
    double a_block = (luma + model->chroma * chroma) / spectrum->blocks + model->a_block;
    return log(a_block * in_all) + LEAST_SLOPE * quality;
}
