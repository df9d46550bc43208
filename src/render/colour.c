/* SPDX-License-Identifier: MIT */
/* colour.c -- from other colours to sRGB, by littleCMS.
 *
 * A row at a time, at the target's size: Y'CbCr -> R'G'B', littleCMS, and back. littleCMS is
 * given chunky 8-bit samples, for which it has fast code: a matrix profile costs 7 ns a pixel,
 * 15 on planes, and 160 without that code (cmsFLAGS_NOOPTIMIZE).
 *
 * Relative colorimetric with black point compensation is what photo editors convert with. To
 * matrix profiles, which cameras and phones embed, it makes no difference: they have one
 * rendering for all intents, and their black is black.
 *
 * A space that receipts shall call by its name is one more line in known[]. */
#include "render/colour.h"
#include "base/error.h"
#include <lcms2.h>
#include <math.h>

struct SpColourConversion {
    cmsHTRANSFORM transform; /* owned; NULL: the colours are sRGB's, only the model is not */
    SpModel model;
};

/* ---- recognising ----------------------------------------------------------------------------
 */

/* IEC 61966-2-1 */
static double
srgb_to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

#define ADOBE_GAMMA                                                                            \
    (563.0 / 256) /* Adobe RGB (1998) Color Image Encoding, 2005-05, 4.3.1.2                   \
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

/* With Lab as connection space, a grey curve leads to L* and not to linear light. */
static gboolean
grey_is_plain(cmsHPROFILE profile)
{
    return !cmsIsTag(profile, cmsSigAToB0Tag) && cmsGetPCS(profile) == cmsSigXYZData &&
           curve_matches(cmsReadTag(profile, cmsSigGrayTRCTag), srgb_to_linear);
}

/* Device links, abstract and named-colour profiles say nothing of a picture's colours. */
static gboolean
fits(cmsHPROFILE profile, SpModel model)
{
    static const cmsColorSpaceSignature spaces[SP_MODEL_COUNT] = {
        [SP_MODEL_GREY] = cmsSigGrayData, [SP_MODEL_YCC] = cmsSigRgbData,
        [SP_MODEL_RGB] = cmsSigRgbData,   [SP_MODEL_CMYK] = cmsSigCmykData,
        [SP_MODEL_YCCK] = cmsSigCmykData,
    };
    cmsProfileClassSignature class = cmsGetDeviceClass(profile);
    return cmsGetColorSpace(profile) == spaces[model] &&
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

static gboolean
has_black(SpModel model)
{
    return model == SP_MODEL_CMYK || model == SP_MODEL_YCCK;
}

/* Chunky, as the rows are made: TYPE_CMYK_8_REV has full for no ink. */
static guint32
input_format(SpModel model)
{
    return model == SP_MODEL_GREY ? TYPE_GRAY_8
           : has_black(model)     ? TYPE_CMYK_8_REV
                                  : TYPE_RGB_8;
}

/* NULL without memory, and for a profile that littleCMS cannot use after all. */
static cmsHTRANSFORM
transform_new(cmsHPROFILE source, SpModel model)
{
    gboolean grey = model == SP_MODEL_GREY;
    cmsHPROFILE target = grey ? grey_target() : cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = NULL;
    if (source != NULL && target != NULL)
        transform = cmsCreateTransform(
            source, input_format(model), target, grey ? TYPE_GRAY_8 : TYPE_RGB_8,
            INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE);
    if (target != NULL)
        cmsCloseProfile(target);
    return transform;
}

/* FALSE when the profile counts as absent; *ret_transform is NULL for one that is sRGB. */
static gboolean
from_profile(GBytes *icc, SpModel model, SpColour *ret_colour, cmsHTRANSFORM *ret_transform)
{
    gsize n = 0;
    const void *bytes = g_bytes_get_data(icc, &n);
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)n);
    if (profile == NULL)
        return FALSE;
    gboolean used = fits(profile, model);
    if (used) {
        gboolean grey = model == SP_MODEL_GREY;
        SpColour colour = grey               ? SP_COLOUR_GREY
                          : has_black(model) ? SP_COLOUR_CMYK
                                             : recognise(profile);
        gboolean plain = grey ? grey_is_plain(profile) : colour == SP_COLOUR_SRGB;
        cmsHTRANSFORM transform = plain ? NULL : transform_new(profile, model);
        used = plain || transform != NULL;
        if (used) {
            *ret_colour = colour;
            *ret_transform = transform;
        }
    }
    cmsCloseProfile(profile);
    return used;
}

static cmsHTRANSFORM
from_adobe_rgb(SpModel model)
{
    cmsHPROFILE adobe = adobe_rgb();
    cmsHTRANSFORM transform = transform_new(adobe, model);
    if (adobe != NULL)
        cmsCloseProfile(adobe);
    return transform;
}

SpColourConversion *
sp_colour_find(const SpColourTags *tags, const SpColourSource *source, SpColour *ret_colour)
{
    SpModel model = source->form.model;
    cmsHTRANSFORM transform = NULL;
    if (tags->icc == NULL || !from_profile(tags->icc, model, ret_colour, &transform)) {
        *ret_colour = model == SP_MODEL_GREY ? SP_COLOUR_GREY
                      : has_black(model)     ? SP_COLOUR_CMYK
                                             : SP_COLOUR_SRGB;
        if (*ret_colour == SP_COLOUR_SRGB && tags->adobe_rgb) {
            *ret_colour = SP_COLOUR_ADOBE_RGB;
            transform = from_adobe_rgb(model);
        }
    }
    gboolean finished = model == SP_MODEL_GREY || model == SP_MODEL_YCC;
    if (transform == NULL && finished)
        return NULL;
    SpColourConversion *conversion = g_new0(SpColourConversion, 1);
    conversion->transform = transform;
    conversion->model = model;
    return conversion;
}

void
sp_colour_free(SpColourConversion *conversion)
{
    if (conversion != NULL && conversion->transform != NULL)
        cmsDeleteTransform(conversion->transform);
    g_free(conversion);
}

/* ---- pixels -------------------------------------------------------------------------------
 */

/* Y'CbCr as in ITU-T T.871 (JFIF), clause 7, with 16 bits behind the point. */
#define FIXED(x) ((int)((x)*65536 + 0.5))
#define HALF 32768

static inline guint8
clamp(int v)
{
    return (guint8)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void
row_to_rgb(const guint8 *restrict luma, const guint8 *restrict blue, const guint8 *restrict red,
           guint width, guint8 *restrict rgb)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        int y = luma[x], cb = blue[x] - 128, cr = red[x] - 128;
        int r = y + ((FIXED(1.402) * cr + HALF) >> 16);
        int g = y - ((FIXED(0.344136) * cb + FIXED(0.714136) * cr + HALF) >> 16);
        int b = y + ((FIXED(1.772) * cb + HALF) >> 16);
        gboolean outside = ((r | g | b) & ~255) != 0; /* seldom, and told ahead */
        rgb[0] = outside ? clamp(r) : (guint8)r;
        rgb[1] = outside ? clamp(g) : (guint8)g;
        rgb[2] = outside ? clamp(b) : (guint8)b;
    }
}

/* v less luma, which has 16 bits behind the point; factor has 14, the product 22. Half a step
 * short of a half, since pure red and pure blue would come out at 255.5. */
static inline guint8
chroma(int v, int luma, double factor)
{
    int product = (((v << 16) - luma) >> 8) * (int)(factor * 16384);
    return (guint8)((product + (128 << 22) + (1 << 21) - 1) >> 22);
}

static void
row_from_rgb(const guint8 *restrict rgb, guint width, guint8 *restrict luma,
             guint8 *restrict blue, guint8 *restrict red)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        int y = FIXED(0.299) * rgb[0] + FIXED(0.587) * rgb[1] + FIXED(0.114) * rgb[2];
        luma[x] = (guint8)((y + HALF) >> 16);
        blue[x] = chroma(rgb[2], y, 1 / 1.772);
        red[x] = chroma(rgb[0], y, 1 / 1.402);
    }
}

/* R, G, B, packed at the row's front, to C, M, Y, K: as libjpeg turns YCCK to CMYK, C is what R
 * lacks. From the end on, so that nothing is written over before it is read. */
static void
row_add_black(const guint8 *black, guint width, guint8 *chunky)
{
    for (guint x = width; x-- > 0;) {
        chunky[4 * x + 3] = black[x];
        for (guint i = 3; i-- > 0;)
            chunky[4 * x + i] = 255 - chunky[3 * x + i];
    }
}

/* A row of any colour model as littleCMS takes it. */
static void
row_to_chunky(SpModel model, guint8 *const rows[SP_MAX_PLANES], guint width, guint8 *chunky)
{
    guint n = sp_model_planes(model);
    if (model == SP_MODEL_YCC || model == SP_MODEL_YCCK)
        row_to_rgb(rows[0], rows[1], rows[2], width, chunky);
    else
        for (guint x = 0; x < width; x++)
            for (guint i = 0; i < n; i++)
                chunky[n * x + i] = rows[i][x];
    if (model == SP_MODEL_YCCK)
        row_add_black(rows[3], width, chunky);
}

/* CMYK that no profile describes; full is no ink. */
static void
row_ink_to_rgb(guint8 *chunky, guint width)
{
    for (guint x = 0; x < width; x++)
        for (guint i = 0; i < 3; i++)
            chunky[3 * x + i] =
                (guint8)((chunky[4 * x + i] * (guint)chunky[4 * x + 3] + 127) / 255);
}

static gboolean
convert_colour(const SpColourConversion *conversion, SpPicture *picture, GError **error)
{
    SpPlane *planes = picture->planes;
    guint n = sp_model_planes(conversion->model);
    g_autofree guint8 *chunky = g_try_malloc((gsize)picture->width * SP_MAX_PLANES * 2);
    if (chunky == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory to convert colours");
    for (guint y = 0; y < picture->height; y++) {
        guint8 *rows[SP_MAX_PLANES]; /* those behind the model's are never read */
        guint8 *rgb = chunky;
        for (guint i = 0; i < SP_MAX_PLANES; i++)
            rows[i] = planes[MIN(i, n - 1)].data + planes[MIN(i, n - 1)].stride * y;
        row_to_chunky(conversion->model, rows, picture->width, chunky);
        if (conversion->transform != NULL) {
            rgb = n == 4 ? chunky + (gsize)picture->width * SP_MAX_PLANES : chunky;
            cmsDoTransform(conversion->transform, chunky, rgb, picture->width);
        } else if (n == 4) {
            row_ink_to_rgb(chunky, picture->width);
        }
        row_from_rgb(rgb, picture->width, rows[0], rows[1], rows[2]);
    }
    for (guint i = 3; i < n; i++)
        sp_plane_clear(&planes[i]);
    picture->model = SP_MODEL_YCC;
    picture->n_planes = 3;
    return TRUE;
}

gboolean
sp_colour_convert(const SpColourConversion *conversion, SpPicture *picture, GError **error)
{
    g_return_val_if_fail(picture->model == conversion->model, FALSE);
    if (conversion->model != SP_MODEL_GREY) {
        g_return_val_if_fail(picture->sub == 1, FALSE);
        return convert_colour(conversion, picture, error);
    }
    const SpPlane *plane = &picture->planes[0];
    for (guint y = 0; y < plane->height; y++) {
        guint8 *row = plane->data + plane->stride * y;
        cmsDoTransform(conversion->transform, row, row, plane->width);
    }
    return TRUE;
}

/* The last column or row of an odd side stands for itself alone. Rounded up and down in turn,
 * so that the mean stays. */
static void
average_fours(const SpPlane *in, SpPlane *out)
{
    for (guint y = 0; y < out->height; y++) {
        const guint8 *upper = in->data + in->stride * 2 * y;
        const guint8 *lower = in->data + in->stride * MIN(2 * y + 1, in->height - 1);
        guint8 *to = out->data + out->stride * y;
        for (guint x = 0; x < out->width; x++) {
            guint left = 2 * x, right = MIN(left + 1, in->width - 1);
            guint sum = upper[left] + upper[right] + lower[left] + lower[right];
            to[x] = (guint8)((sum + 1 + (x & 1)) >> 2);
        }
    }
}

gboolean
sp_colour_subsample(SpPicture *picture, GError **error)
{
    if (picture->model != SP_MODEL_YCC || picture->sub == 2)
        return TRUE;
    g_auto(SpPicture) halves = {0};
    SpForm three = {SP_MODEL_YCC, FALSE, 1, 1}; /* the third is not used */
    if (!sp_picture_init(&halves, sp_plane_samples(picture->width, 1, 2),
                         sp_plane_samples(picture->height, 1, 2), three, error))
        return FALSE;
    for (guint i = 0; i < 2; i++) {
        SpPlane *plane = &picture->planes[i + 1];
        average_fours(plane, &halves.planes[i]);
        sp_plane_clear(plane);
        *plane = halves.planes[i];
        halves.planes[i] = (SpPlane){0};
    }
    picture->sub = 2;
    return TRUE;
}
