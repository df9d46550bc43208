/* SPDX-License-Identifier: MIT */
/* floor-colour.c -- a photo that is not in sRGB: by way of R, G, B, at the target's size.
 *
 * Chroma is resized to full size for it and averaged once, behind the conversion. */
#include "floor.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* sRGB by its red and its curve, whatever it is called. */
static bool
is_srgb(cmsHPROFILE profile)
{
    const cmsCIEXYZ *red = cmsReadTag(profile, cmsSigRedColorantTag);
    const cmsToneCurve *curve = cmsReadTag(profile, cmsSigRedTRCTag);
    return red != NULL && curve != NULL && fabs(red->X - 0.4361) < 0.003 &&
           fabs(red->Y - 0.2225) < 0.003 &&
           fabs(cmsEvalToneCurveFloat(curve, 0.5F) - 0.2140) < 0.0025;
}

/* NULL: it is sRGB's, or nothing that can be used. */
cmsHTRANSFORM
floor_transform(const uint8_t *icc, unsigned n)
{
    cmsHTRANSFORM transform = NULL;
    cmsHPROFILE profile = cmsOpenProfileFromMem(icc, n), srgb = cmsCreate_sRGBProfile();
    if (profile != NULL && cmsGetColorSpace(profile) == cmsSigRgbData && !is_srgb(profile))
        transform = cmsCreateTransform(profile, TYPE_RGB_8, srgb, TYPE_RGB_8,
                                       INTENT_RELATIVE_COLORIMETRIC,
                                       cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE);
    if (profile != NULL)
        cmsCloseProfile(profile);
    cmsCloseProfile(srgb);
    return transform;
}

/* JFIF's matrix (ITU-T T.871) with 16 bits behind the point. */
#define FIXED(x) ((int)((x)*65536 + 0.5))
#define HALF 32768

static uint8_t
clamp(int v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void
to_rgb(uint8_t *const rows[3], unsigned width, uint8_t *rgb)
{
    for (unsigned x = 0; x < width; x++, rgb += 3) {
        int y = rows[0][x], cb = rows[1][x] - 128, cr = rows[2][x] - 128;
        rgb[0] = clamp(y + ((FIXED(1.402) * cr + HALF) >> 16));
        rgb[1] = clamp(y - ((FIXED(0.344136) * cb + FIXED(0.714136) * cr + HALF) >> 16));
        rgb[2] = clamp(y + ((FIXED(1.772) * cb + HALF) >> 16));
    }
}

/* Rounded a little down: pure red and pure blue would come out at 255.5. */
static uint8_t
to_chroma(int v, int luma, double factor)
{
    int product = (((v << 16) - luma) >> 8) * (int)(factor * 16384);
    return (uint8_t)((product + (128 << 22) + (1 << 21) - 1) >> 22);
}

static void
from_rgb(const uint8_t *rgb, unsigned width, uint8_t *const rows[3])
{
    for (unsigned x = 0; x < width; x++, rgb += 3) {
        int y = FIXED(0.299) * rgb[0] + FIXED(0.587) * rgb[1] + FIXED(0.114) * rgb[2];
        rows[0][x] = (uint8_t)((y + HALF) >> 16);
        rows[1][x] = to_chroma(rgb[2], y, 1 / 1.772);
        rows[2][x] = to_chroma(rgb[0], y, 1 / 1.402);
    }
}

/* The same, to 219 steps of luma above 16 and 224 of chroma. Chroma's shares add up to 0. */
#define LUMA(share) FIXED((share)*219 / 255)
#define CHROMA(share) FIXED((share)*224 / 255)

static void
from_rgb_limited(const uint8_t *rgb, unsigned width, uint8_t *const rows[3])
{
    for (unsigned x = 0; x < width; x++, rgb += 3) {
        int r = rgb[0], g = rgb[1], b = rgb[2];
        int y = LUMA(0.299) * r + LUMA(0.587) * g + LUMA(0.114) * b;
        int cb = CHROMA(0.5) * (b - g) - CHROMA(0.299 / 1.772) * (r - g);
        int cr = CHROMA(0.5) * (r - g) - CHROMA(0.114 / 1.402) * (b - g);
        rows[0][x] = (uint8_t)((y + (16 << 16) + HALF) >> 16);
        rows[1][x] = (uint8_t)((cb + (128 << 16) + HALF) >> 16);
        rows[2][x] = (uint8_t)((cr + (128 << 16) + HALF) >> 16);
    }
}

static void
find_rows(const Picture *picture, unsigned y, uint8_t *rows[3])
{
    for (int i = 0; i < 3; i++)
        rows[i] = picture->planes[i].data + picture->planes[i].stride * y;
}

void
floor_convert(const Picture *picture, cmsHTRANSFORM transform, Picture ranges[N_RANGES])
{
    uint8_t *rgb = floor_memory((size_t)picture->size.width * 3), *rows[3];
    for (unsigned y = 0; y < picture->size.height; y++) {
        find_rows(picture, y, rows);
        to_rgb(rows, picture->size.width, rgb);
        cmsDoTransform(transform, rgb, rgb, picture->size.width);
        find_rows(&ranges[FULL], y, rows);
        from_rgb(rgb, picture->size.width, rows);
        find_rows(&ranges[LIMITED], y, rows);
        from_rgb_limited(rgb, picture->size.width, rows);
    }
    free(rgb);
}

/* Chroma to half size: the mean of four, rounded up and down in turn. */
void
floor_halve(Picture *picture)
{
    Picture small = picture_new(picture->size, 3, 2, 1);
    for (int i = 1; i < 3; i++)
        for (unsigned y = 0; y < small.planes[i].size.height; y++) {
            const Plane *in = &picture->planes[i], *out = &small.planes[i];
            unsigned below = 2 * y + 1 < in->size.height ? 2 * y + 1 : in->size.height - 1;
            const uint8_t *a = in->data + in->stride * 2 * y,
                          *b = in->data + in->stride * below;
            for (unsigned x = 0; x < out->size.width; x++) {
                unsigned l = 2 * x, r = l + 1 < in->size.width ? l + 1 : in->size.width - 1;
                unsigned sum = a[l] + a[r] + b[l] + b[r] + 1 + (x & 1);
                out->data[out->stride * y + x] = (uint8_t)(sum >> 2);
            }
        }
    memcpy(small.planes[0].data, picture->planes[0].data,
           picture->planes[0].stride * picture->size.height);
    picture_replace(picture, small);
}
