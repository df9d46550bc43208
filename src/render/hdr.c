/* SPDX-License-Identifier: MIT */
/* hdr.c -- PQ and HLG on a page that has no more than white.
 *
 * Light is counted in units of white: 1 is 203 cd/m2. */
#include "render/hdr.h"
#include "render/light.h"
#include <math.h>

#define WHITE 203.0 /* cd/m2, ITU-R BT.2408, 2.2 */

struct SpHdr {
    SpHdrCurve curve;
    SpMatrix matrix;
    SpTable to_linear, to_srgb;
    SpTable display; /* of HLG: the gain by the fourth root of luminance */
};

/* SMPTE ST 2084, 5.1 */
static double
from_pq(double v, gconstpointer data G_GNUC_UNUSED)
{
    const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128,
                 c3 = 2392.0 / 128;
    double p = pow(v, 1 / m2);
    return 10000 / WHITE * pow(MAX(p - c1, 0) / (c2 - c3 * p), 1 / m1);
}

/* BT.2100, table 5: to the light of the scene, 0 to 1. */
static double
from_hlg(double v, gconstpointer data G_GNUC_UNUSED)
{
    const double a = 0.17883277, b = 0.28466892, c = 0.55991073;
    return v <= 0.5 ? v * v / 3 : (exp((v - c) / a) + b) / 12;
}

/* What the display shows of the scene: BT.2100, table 5, with L_W = 1000 and gamma = 1.2. By
 * the fourth root of luminance, with which a table goes straight enough. */
static double
display_gain(double root, gconstpointer data G_GNUC_UNUSED)
{
    return 1000 / WHITE * pow(root, 4 * 0.2);
}

SpHdr *
sp_hdr_new(SpHdrCurve curve, const double matrix[3][3])
{
    SpHdr *hdr = g_new0(SpHdr, 1);
    hdr->curve = curve;
    sp_table_init(&hdr->to_linear, curve == SP_HDR_PQ ? from_pq : from_hlg, NULL);
    sp_table_init(&hdr->to_srgb, sp_srgb_from_linear, NULL);
    sp_table_init(&hdr->display, display_gain, NULL);
    sp_matrix_init(&hdr->matrix, matrix);
    return hdr;
}

void
sp_hdr_free(SpHdr *hdr)
{
    g_free(hdr);
}

/* One pixel as sRGB's linear light, nowhere negative. The largest component. */
static inline float
pixel_light(const SpHdr *hdr, const guint16 *rgb, SpFour *ret_light)
{
    SpFour light = sp_matrix_apply(&hdr->matrix, sp_table_of(&hdr->to_linear, rgb[0]),
                                   sp_table_of(&hdr->to_linear, rgb[1]),
                                   sp_table_of(&hdr->to_linear, rgb[2]));
    /* of sRGB's primaries: the matrix has kept it what it was */
    float luminance = 0.2126F * light[0] + 0.7152F * light[1] + 0.0722F * light[2];
    luminance = MAX(luminance, 0.0F);
    float least = MIN(MIN(light[0], light[1]), light[2]);
    if (least < 0)
        light = luminance + (light - luminance) * (luminance / (luminance - least));
    if (hdr->curve == SP_HDR_HLG)
        light *= sp_table_at(&hdr->display, sqrtf(sqrtf(MIN(luminance, 1.0F))));
    *ret_light = light;
    return MAX(MAX(light[0], light[1]), light[2]);
}

/* A bin is 1/80 of white; the last holds what is brighter than 52 times white, which PQ's 10
 * 000 cd/m2 are not. */
#define BINS_TO_WHITE 80

void
sp_hdr_measure_row(const SpHdr *hdr, const guint16 *rgb, guint width, SpHdrPeak *peak)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        SpFour light;
        float largest = pixel_light(hdr, rgb, &light);
        if (largest > 1) {
            float bin = (largest - 1) * BINS_TO_WHITE;
            peak->brighter[(guint)MIN(bin, (float)G_N_ELEMENTS(peak->brighter) - 1)]++;
        }
    }
    peak->n += width;
}

/* White of 10 bits may be off by half a step, which is one in a hundred: 2 in a hundred are
 * not worth that white be dimmed for. */
#define TOLERANCE 1.02F

float
sp_hdr_peak(const SpHdrPeak *peak)
{
    guint64 seen = 0;
    guint bin = G_N_ELEMENTS(peak->brighter);
    while (bin > 0 && (seen += peak->brighter[bin - 1]) <= peak->n / 1000)
        bin--;
    float found = 1 + (float)bin / BINS_TO_WHITE;
    return MAX(found / TOLERANCE, 1.0F);
}

#define KNEE 0.5F /* of white's light: 188 of 255 */

/* By how much to dim a pixel with this largest component. */
static inline float
dimming(float largest, float peak)
{
    if (largest <= KNEE)
        return 1;
    float above = (largest - KNEE) / (1 - KNEE), most = (peak - KNEE) / (1 - KNEE);
    float rolled = above * (1 + above / (most * most)) / (1 + above);
    return (KNEE + (1 - KNEE) * MIN(rolled, 1.0F)) / largest;
}

void
sp_hdr_row(const SpHdr *hdr, float peak, guint16 *rgb, guint width)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        SpFour light;
        float gain = dimming(pixel_light(hdr, rgb, &light), peak);
        sp_table_store(&hdr->to_srgb, light * gain, rgb);
    }
}
