/* SPDX-License-Identifier: MIT */
/* colour.c -- profiles by littleCMS, matrices by zimg.
 *
 * Y'CbCr -> R'G'B' and back are zimg's (BT.601, full range); what lies between is littleCMS's,
 * on chunky 8-bit samples, for which it has fast code: a matrix profile costs 7 ns a pixel, 160
 * without that code (cmsFLAGS_NOOPTIMIZE), and 15 on planes. All at the target's size.
 *
 * Relative colorimetric with black point compensation is what photo editors convert with. To
 * matrix profiles, which cameras and phones embed, it makes no difference: they have one
 * rendering for all intents, and their black is black.
 *
 * A space that receipts shall call by its name is one more line in known[]. */
#include "render/colour.h"
#include "base/error.h"
#include "render/resize.h"
#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <zimg.h>

struct SpColourConversion {
    cmsHTRANSFORM transform; /* owned */
    gboolean grey;
};

/* ---- recognising ----------------------------------------------------------------------------
 */

/* IEC 61966-2-1 */
static double
srgb_to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

#define ADOBE_GAMMA (563.0 / 256) /* Adobe RGB (1998) Color Image Encoding, 2005-05, 4.3.1.2   \
                                   */

static double
adobe_to_linear(double v)
{
    return pow(v, ADOBE_GAMMA);
}

/* Colorants as XYZ adapted to D50: ICC.1 profiles of sRGB, Display P3, Adobe RGB (1998). */
static const struct {
    SpColour colour;
    double (*to_linear)(double);
    double xyz[3][3];
} known[] = {
    {SP_COLOUR_SRGB,
     srgb_to_linear,
     {{.4361, .2225, .0139}, {.3851, .7169, .0971}, {.1431, .0606, .7141}}},
    {SP_COLOUR_DISPLAY_P3,
     srgb_to_linear,
     {{.5151, .2412, -.0011}, {.2920, .6922, .0419}, {.1571, .0666, .7841}}},
    {SP_COLOUR_ADOBE_RGB,
     adobe_to_linear,
     {{.6097, .3111, .0195}, {.2053, .6257, .0609}, {.1492, .0632, .7446}}},
};
#define XYZ_TOLERANCE 0.003    /* the profiles in the wild differ by a third of that */
#define CURVE_TOLERANCE 0.0025 /* of linear light: a curve of 2.2 is not sRGB's */

static gboolean
colorants_match(cmsHPROFILE profile, const double xyz[3][3])
{
    static const cmsTagSignature tags[3] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                            cmsSigBlueColorantTag};
    for (guint i = 0; i < 3; i++) {
        const cmsCIEXYZ *found = cmsReadTag(profile, tags[i]);
        if (found == NULL || fabs(found->X - xyz[i][0]) > XYZ_TOLERANCE ||
            fabs(found->Y - xyz[i][1]) > XYZ_TOLERANCE ||
            fabs(found->Z - xyz[i][2]) > XYZ_TOLERANCE)
            return FALSE;
    }
    return TRUE;
}

static gboolean
curve_matches(const cmsToneCurve *curve, double (*to_linear)(double))
{
    for (guint i = 0; curve != NULL && i <= 16; i++) {
        double v = i / 16.0;
        if (fabs(cmsEvalToneCurveFloat(curve, (float)v) - to_linear(v)) > CURVE_TOLERANCE)
            return FALSE;
    }
    return curve != NULL;
}

static gboolean
curves_match(cmsHPROFILE profile, double (*to_linear)(double))
{
    return curve_matches(cmsReadTag(profile, cmsSigRedTRCTag), to_linear) &&
           curve_matches(cmsReadTag(profile, cmsSigGreenTRCTag), to_linear) &&
           curve_matches(cmsReadTag(profile, cmsSigBlueTRCTag), to_linear);
}

/* A table stands above matrix and curves, whatever those say. */
static SpColour
recognise(cmsHPROFILE profile)
{
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        if (!cmsIsTag(profile, cmsSigAToB0Tag) && colorants_match(profile, known[i].xyz) &&
            curves_match(profile, known[i].to_linear))
            return known[i].colour;
    return SP_COLOUR_PROFILE;
}

/* Device links, abstract and named-colour profiles say nothing of a picture's colours. */
static gboolean
fits(cmsHPROFILE profile, guint n_components)
{
    cmsProfileClassSignature class = cmsGetDeviceClass(profile);
    return cmsGetColorSpace(profile) == (n_components == 1 ? cmsSigGrayData : cmsSigRgbData) &&
           (class == cmsSigInputClass || class == cmsSigDisplayClass ||
            class == cmsSigOutputClass || class == cmsSigColorSpaceClass);
}

/* ---- conversions
 * ------------------------------------------------------------------------------ */

static cmsToneCurve *
srgb_curve(void)
{
    const double parameters[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(NULL, 4, parameters);
}

static cmsHPROFILE
grey_target(void)
{
    cmsToneCurve *curve = srgb_curve();
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsFreeToneCurve(curve);
    return profile;
}

/* Adobe RGB (1998) Color Image Encoding, version 2005-05: primaries, D65. */
static cmsHPROFILE
adobe_rgb(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, ADOBE_GAMMA);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    return profile;
}

/* source may be NULL, when there was no memory for it. */
static SpColourConversion *
conversion_new(cmsHPROFILE source, gboolean grey)
{
    cmsHPROFILE target = grey ? grey_target() : cmsCreate_sRGBProfile();
    guint32 format = grey ? TYPE_GRAY_8 : TYPE_RGB_8;
    cmsHTRANSFORM transform = NULL;
    if (source != NULL && target != NULL)
        transform =
            cmsCreateTransform(source, format, target, format, INTENT_RELATIVE_COLORIMETRIC,
                               cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE);
    if (target != NULL)
        cmsCloseProfile(target);
    if (transform == NULL)
        return NULL;
    SpColourConversion *conversion = g_new0(SpColourConversion, 1);
    conversion->transform = transform;
    conversion->grey = grey;
    return conversion;
}

/* *ret_known is FALSE when the profile counts as absent. */
static SpColourConversion *
from_profile(GBytes *icc, guint n_components, SpColour *ret_colour, gboolean *ret_known)
{
    gsize n = 0;
    const void *bytes = g_bytes_get_data(icc, &n);
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)n);
    *ret_known = FALSE;
    if (profile == NULL)
        return NULL;
    SpColourConversion *conversion = NULL;
    if (fits(profile, n_components)) {
        gboolean grey = n_components == 1;
        SpColour colour = grey ? SP_COLOUR_GREY : recognise(profile);
        gboolean plain =
            grey ? curve_matches(cmsReadTag(profile, cmsSigGrayTRCTag), srgb_to_linear)
                 : colour == SP_COLOUR_SRGB;
        if (!plain)
            conversion = conversion_new(profile, grey);
        *ret_known = plain || conversion != NULL;
        *ret_colour = colour;
    }
    cmsCloseProfile(profile);
    return conversion;
}

SpColourConversion *
sp_colour_find(GBytes *icc, gboolean exif_adobe_rgb, guint n_components, SpColour *ret_colour)
{
    SpColour colour = SP_COLOUR_SRGB;
    gboolean known_profile = FALSE;
    SpColourConversion *conversion =
        icc == NULL ? NULL : from_profile(icc, n_components, &colour, &known_profile);
    if (known_profile) {
        *ret_colour = colour;
        return conversion;
    }
    *ret_colour = n_components == 1 ? SP_COLOUR_GREY : SP_COLOUR_SRGB;
    if (!exif_adobe_rgb || n_components == 1)
        return NULL;
    *ret_colour = SP_COLOUR_ADOBE_RGB;
    cmsHPROFILE adobe = adobe_rgb();
    conversion = conversion_new(adobe, FALSE);
    if (adobe != NULL)
        cmsCloseProfile(adobe);
    return conversion;
}

void
sp_colour_free(SpColourConversion *conversion)
{
    if (conversion != NULL)
        cmsDeleteTransform(conversion->transform);
    g_free(conversion);
}

/* ---- pixels
 * ----------------------------------------------------------------------------------- */

static void
format_init(zimg_image_format *format, const SpPicture *picture, gboolean rgb)
{
    zimg_image_format_default(format, ZIMG_API_VERSION);
    format->width = picture->width;
    format->height = picture->height;
    format->pixel_type = ZIMG_PIXEL_BYTE;
    format->depth = 8;
    format->color_family = rgb ? ZIMG_COLOR_RGB : ZIMG_COLOR_YUV;
    format->matrix_coefficients = rgb ? ZIMG_MATRIX_RGB : ZIMG_MATRIX_BT470_BG;
    format->pixel_range = ZIMG_RANGE_FULL;
}

static void
buffer_init(zimg_image_buffer *buffer, const SpPicture *picture)
{
    *buffer = (zimg_image_buffer){.version = ZIMG_API_VERSION};
    for (guint i = 0; i < 3; i++) {
        buffer->plane[i].data = picture->planes[i].data;
        buffer->plane[i].stride = (ptrdiff_t)picture->planes[i].stride;
        buffer->plane[i].mask = ZIMG_BUFFER_MAX;
    }
}

/* in and out have the same size, three planes each at 4:4:4. */
static gboolean
apply_matrix(const SpPicture *in, gboolean in_rgb, SpPicture *out, GError **error)
{
    zimg_image_format from, to;
    format_init(&from, in, in_rgb);
    format_init(&to, out, !in_rgb);
    zimg_filter_graph *graph = zimg_filter_graph_build(&from, &to, NULL);
    size_t size = 0;
    void *tmp = NULL;
    gboolean done = FALSE;
    if (graph != NULL && zimg_filter_graph_get_tmp_size(graph, &size) == ZIMG_ERROR_SUCCESS &&
        posix_memalign(&tmp, SP_PLANE_ALIGN, MAX(size, 1)) == 0) {
        zimg_image_buffer source, target;
        buffer_init(&source, in);
        buffer_init(&target, out);
        zimg_image_buffer_const constant = {.version = ZIMG_API_VERSION};
        for (guint i = 0; i < 3; i++) {
            constant.plane[i].data = source.plane[i].data;
            constant.plane[i].stride = source.plane[i].stride;
            constant.plane[i].mask = source.plane[i].mask;
        }
        done = zimg_filter_graph_process(graph, &constant, &target, tmp, NULL, NULL, NULL,
                                         NULL) == ZIMG_ERROR_SUCCESS;
    }
    free(tmp);
    zimg_filter_graph_free(graph);
    return done || sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot convert colours");
}

/* A row is made chunky, converted, and put back: littleCMS takes planes too, at twice the time.
 */
static gboolean
convert_rgb(const SpColourConversion *conversion, SpPicture *rgb)
{
    guint width = rgb->width;
    g_autofree guint8 *row = g_try_malloc((gsize)width * 3);
    if (row == NULL)
        return FALSE;
    for (guint y = 0; y < rgb->height; y++) {
        guint8 *red = rgb->planes[0].data + rgb->planes[0].stride * y;
        guint8 *green = rgb->planes[1].data + rgb->planes[1].stride * y;
        guint8 *blue = rgb->planes[2].data + rgb->planes[2].stride * y;
        for (guint x = 0; x < width; x++) {
            row[3 * x] = red[x];
            row[3 * x + 1] = green[x];
            row[3 * x + 2] = blue[x];
        }
        cmsDoTransform(conversion->transform, row, row, width);
        for (guint x = 0; x < width; x++) {
            red[x] = row[3 * x];
            green[x] = row[3 * x + 1];
            blue[x] = row[3 * x + 2];
        }
    }
    return TRUE;
}

gboolean
sp_colour_convert(const SpColourConversion *conversion, SpPicture *picture, GError **error)
{
    SpPlane *grey = &picture->planes[0];
    if (conversion->grey) {
        for (guint y = 0; y < grey->height; y++) {
            guint8 *row = grey->data + grey->stride * y;
            cmsDoTransform(conversion->transform, row, row, grey->width);
        }
        return TRUE;
    }
    g_return_val_if_fail(picture->sub == 1 && picture->n_planes == 3, FALSE);
    g_auto(SpPicture) rgb = {0};
    if (!sp_picture_init(&rgb, picture->width, picture->height, 1, 3, error) ||
        !apply_matrix(picture, FALSE, &rgb, error))
        return FALSE;
    if (!convert_rgb(conversion, &rgb))
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot convert colours");
    return apply_matrix(&rgb, TRUE, picture, error);
}

/* Lanczos, not an average of four: what comes out is, to a fifteenth of a step in the mean,
 * what resizing chroma to this size at once would have given. Both planes share the graph:
 * building it costs more than running it. */
gboolean
sp_colour_subsample(SpPicture *picture, GError **error)
{
    if (picture->n_planes < 3 || picture->sub == 2)
        return TRUE;
    guint width = picture->width, height = picture->height;
    SpResizeShape shape = {
        .in_width = width,
        .in_height = height,
        .out_width = sp_plane_samples(width, 1, 2),
        .out_height = sp_plane_samples(height, 1, 2),
        .x = sp_geometry_span(width, 1, width, 2, FALSE),
        .y = sp_geometry_span(height, 1, height, 2, FALSE),
    };
    g_autoptr(SpResizer) resizer = sp_resizer_new(&shape, error);
    g_auto(SpPicture) halves = {.n_planes = 2};
    for (guint i = 0; i < 2; i++) {
        const SpPlane *plane = &picture->planes[i + 1];
        if (resizer == NULL ||
            !sp_plane_init(&halves.planes[i], shape.out_width, shape.out_height, error) ||
            !sp_resizer_run(resizer, plane->data, plane->stride, G_MAXUINT, &halves.planes[i],
                            NULL, NULL, error))
            return FALSE;
    }
    for (guint i = 0; i < 2; i++) {
        sp_plane_clear(&picture->planes[i + 1]);
        picture->planes[i + 1] = halves.planes[i];
        halves.planes[i] = (SpPlane){0};
    }
    picture->sub = 2;
    return TRUE;
}
