/* SPDX-License-Identifier: MIT */
/* colour-patches.h -- colours side by side, converted, and what they should have become.
 *
 * Samples and results are in floating point, 0 to 1; the formulas are the standards', written
 * anew. A finished colour is compared as Y, Cb, Cr, where it was rounded once: half a level. */
#ifndef SP_TESTS_COLOUR_PATCHES_H
#define SP_TESTS_COLOUR_PATCHES_H
#include "render/alpha.h"
#include "render/colour.h"
#include <glib.h>
#include <lcms2.h>
#include <math.h>
#include <string.h>

#define PATCHES 729 /* 9 x 9 x 9: 0, 1/8, ... of each sample */
#define ROWS 3      /* of the same: rows must not disturb each other */

typedef struct {
    double v[3];
} Colour;

static inline Colour
patch_at(guint i)
{
    return (Colour){{i % 9 / 8.0, i / 9 % 9 / 8.0, i / 81 / 8.0}};
}

/* ---- formulas -----------------------------------------------------------------------------
 */

static inline double
reference_to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static inline double
reference_from_linear(double v)
{
    v = CLAMP(v, 0, 1);
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* What the finished planes hold of R', G', B': T.871, 0 to 255. */
static inline Colour
finished(Colour rgb)
{
    double r = CLAMP(rgb.v[0], 0, 1), g = CLAMP(rgb.v[1], 0, 1), b = CLAMP(rgb.v[2], 0, 1);
    double y = 0.299 * r + 0.587 * g + 0.114 * b;
    return (Colour){{255 * y, MIN(255 * (b - y) / 1.772 + 128, 255),
                     MIN(255 * (r - y) / 1.402 + 128, 255)}};
}

/* R', G', B' of a finished pixel, 0 to 255. */
static inline Colour
shown(const SpPicture *picture, guint x, guint y)
{
    double v[3] = {0, 128, 128};
    for (guint i = 0; i < (picture->model == SP_MODEL_GREY ? 1 : 3); i++)
        v[i] = picture->planes[i].data[picture->planes[i].stride * y + x];
    return (Colour){{v[0] + 1.402 * (v[2] - 128),
                     v[0] - 0.344136 * (v[1] - 128) - 0.714136 * (v[2] - 128),
                     v[0] + 1.772 * (v[1] - 128)}};
}

/* x, y of white, red, green, blue. */
typedef double Space[8];

static const Space space_bt709 = {.3127, .3290, .64, .33, .30, .60, .15, .06};
static const Space space_p3 = {.3127, .3290, .680, .320, .265, .690, .150, .060};
static const Space space_bt2020 = {.3127, .3290, .708, .292, .170, .797, .131, .046};
static const Space space_adobe = {.3127, .3290, .64, .33, .21, .71, .15, .06};
static const Space space_prophoto = {.3457,   .3585,   .734699, .265301,
                                     .159597, .840403, .036598, .000105};

static inline cmsHPROFILE
space_profile(const Space s, cmsToneCurve *curve)
{
    cmsCIExyY white = {s[0], s[1], 1};
    cmsCIExyYTRIPLE primaries = {{s[2], s[3], 1}, {s[4], s[5], 1}, {s[6], s[7], 1}};
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    g_assert_nonnull(profile);
    cmsFreeToneCurve(curve);
    return profile;
}

static inline cmsToneCurve *
curve_srgb(void)
{
    const double srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(NULL, 4, srgb);
}

static inline GBytes *
profile_bytes(cmsHPROFILE profile)
{
    cmsUInt32Number n = 0;
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &n));
    guint8 *bytes = g_malloc(n);
    g_assert_true(cmsSaveProfileToMem(profile, bytes, &n));
    cmsCloseProfile(profile);
    return g_bytes_new_take(bytes, n);
}

/* littleCMS in floating point, unoptimised. Takes the profile. */
static inline void
reference_convert(cmsHPROFILE from, gboolean grey, Colour *colours, guint n)
{
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, grey ? TYPE_GRAY_DBL : TYPE_RGB_DBL, to,
                                                 TYPE_RGB_DBL, INTENT_RELATIVE_COLORIMETRIC,
                                                 cmsFLAGS_BLACKPOINTCOMPENSATION |
                                                     cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
    g_assert_nonnull(transform);
    for (guint i = 0; i < n; i++)
        cmsDoTransform(transform, colours[i].v, colours[i].v, 1);
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
}

/* ---- pictures -----------------------------------------------------------------------------
 */

static inline void
put(SpPicture *picture, guint plane, guint x, guint y, double v)
{
    SpPlane *p = &picture->planes[plane];
    guint8 *row = p->data + p->stride * y;
    if (p->bytes == 1)
        row[x] = (guint8)lround(CLAMP(v, 0, 1) * 255);
    else
        ((guint16 *)(gpointer)row)[x] = (guint16)lround(CLAMP(v, 0, 1) * 65535);
}

/* n colours a row, ROWS rows. alpha: of each; NULL: full. The picture is premultiplied. */
static inline void
fill(SpPicture *picture, SpForm form, const Colour *colours, const double *alpha, guint n)
{
    guint channels = sp_model_planes(form.model);
    g_assert_true(sp_picture_init(picture, n, ROWS, form, NULL));
    for (guint y = 0; y < ROWS; y++)
        for (guint x = 0; x < n; x++) {
            double a = alpha == NULL ? 1 : alpha[x];
            for (guint i = 0; i < channels; i++)
                put(picture, i, x, y, colours[x].v[i] * (form.alpha ? a : 1));
            if (form.alpha)
                put(picture, channels, x, y, a);
        }
}

/* Is the picture finished, but for chroma's size? */
static inline void
check_form(const SpPicture *picture, SpModel model, gboolean alpha)
{
    g_assert_cmpuint(picture->model, ==, model);
    g_assert_cmpint(picture->alpha, ==, alpha);
    g_assert_cmpuint(picture->n_planes, ==, sp_model_planes(model) + alpha);
    g_assert_cmpuint(picture->sub, ==, 1);
    for (guint i = 0; i < picture->n_planes; i++) {
        g_assert_cmpuint(picture->planes[i].bytes, ==, 1);
        g_assert_cmpuint(picture->planes[i].width, ==, picture->width);
        g_assert_cmpuint(picture->planes[i].stride % SP_PLANE_ALIGN, ==, 0);
        g_assert_cmpuint(picture->planes[i].stride, >=, picture->width);
    }
}

/* The largest difference of Y, Cb, Cr from what is expected of R', G', B'. */
static inline double
most_apart(const SpPicture *picture, const Colour *expected)
{
    double most = 0;
    guint planes = picture->model == SP_MODEL_GREY ? 1 : 3;
    for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++) {
            Colour wanted = finished(expected[x]);
            for (guint i = 0; i < planes; i++) {
                const SpPlane *plane = &picture->planes[i];
                double v = plane->data[plane->stride * y + x];
                g_assert_false(isnan(wanted.v[i]));
                most = MAX(most, fabs(v - wanted.v[i]));
            }
        }
    return most;
}
#endif
