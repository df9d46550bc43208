/* SPDX-License-Identifier: MIT */
/* colour-profile.c -- what the tags of an upload say of its colours.
 *
 * Whatever says it, it becomes a profile of littleCMS: that of a file, or one built from
 * chromaticities and a curve. So a space has one name (recognise()), wherever it was named.
 *
 * A space that receipts shall call by its name is one more line in known[]; a source is one
 * more in sp_colour_sources[]. */
#include "render/colour-profile.h"
#include "render/light.h"
#include <math.h>
#include <string.h>

void
sp_meaning_clear(SpMeaning *meaning)
{
    if (meaning->profile != NULL)
        cmsCloseProfile(meaning->profile);
    *meaning = (SpMeaning){0};
}

/* ---- recognising ----------------------------------------------------------------------------
 */

#define ADOBE_GAMMA                                                                            \
    (563.0 / 256) /* Adobe RGB (1998) Color Image Encoding, 2005-05, 4.3.1.2                   \
                   */

static double
adobe_to_linear(double v, gconstpointer data G_GNUC_UNUSED)
{
    return pow(v, ADOBE_GAMMA);
}

/* Colorants as XYZ adapted to D50: ICC.1 profiles of sRGB, Display P3, Adobe RGB (1998); ITU-R
 * BT.2020's primaries. */
static const struct {
    SpColour colour;
    SpTableFunc to_linear;
    double xyz[3][3];
} known[] = {
    {SP_COLOUR_SRGB,
     sp_srgb_to_linear,
     {{.4361, .2225, .0139}, {.3851, .7169, .0971}, {.1431, .0606, .7141}}},
    {SP_COLOUR_DISPLAY_P3,
     sp_srgb_to_linear,
     {{.5151, .2412, -.0011}, {.2920, .6922, .0419}, {.1571, .0666, .7841}}},
    {SP_COLOUR_ADOBE_RGB,
     adobe_to_linear,
     {{.6097, .3111, .0195}, {.2053, .6257, .0609}, {.1492, .0632, .7446}}},
    {SP_COLOUR_REC2020,
     sp_srgb_to_linear,
     {{.6735, .2790, -.0019}, {.1657, .6754, .0300}, {.1251, .0456, .7970}}},
};
#define XYZ_TOLERANCE 0.003    /* the profiles in the wild differ by a third of that */
#define CURVE_TOLERANCE 0.0025 /* of linear light: a curve of 2.2 is not sRGB's */

static const cmsTagSignature colorants[3] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                             cmsSigBlueColorantTag};
static const cmsTagSignature curves[3] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};

static gboolean
colorants_match(cmsHPROFILE profile, const double xyz[3][3])
{
    for (guint i = 0; i < 3; i++) {
        const cmsCIEXYZ *found = cmsReadTag(profile, colorants[i]);
        if (found == NULL || fabs(found->X - xyz[i][0]) > XYZ_TOLERANCE ||
            fabs(found->Y - xyz[i][1]) > XYZ_TOLERANCE ||
            fabs(found->Z - xyz[i][2]) > XYZ_TOLERANCE)
            return FALSE;
    }
    return TRUE;
}

/* to_linear as a function of data: sRGB's and Adobe's, or another curve (sp_curve_at()). */
static gboolean
curve_matches(const cmsToneCurve *curve, SpTableFunc to_linear, gconstpointer data)
{
    for (guint i = 0; curve != NULL && i <= 16; i++) {
        double v = i / 16.0;
        if (fabs(cmsEvalToneCurveFloat(curve, (float)v) - to_linear(v, data)) > CURVE_TOLERANCE)
            return FALSE;
    }
    return curve != NULL;
}

static gboolean
curves_match(cmsHPROFILE profile, SpTableFunc to_linear, gconstpointer data)
{
    for (guint i = 0; i < 3; i++)
        if (!curve_matches(cmsReadTag(profile, curves[i]), to_linear, data))
            return FALSE;
    return TRUE;
}

/* A table stands above matrix and curves, whatever those say. */
static gboolean
has_table(cmsHPROFILE profile)
{
    static const cmsTagSignature tables[] = {cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigDToB0Tag,
                                             cmsSigDToB1Tag};
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        if (cmsIsTag(profile, tables[i]))
            return TRUE;
    return FALSE;
}

static SpColour
recognise(cmsHPROFILE profile)
{
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        if (!has_table(profile) && colorants_match(profile, known[i].xyz) &&
            curves_match(profile, known[i].to_linear, NULL))
            return known[i].colour;
    return SP_COLOUR_PROFILE;
}

/* With Lab as connection space, a grey curve leads to L* and not to linear light. */
static gboolean
grey_is_plain(cmsHPROFILE profile)
{
    return !has_table(profile) && cmsGetPCS(profile) == cmsSigXYZData &&
           curve_matches(cmsReadTag(profile, cmsSigGrayTRCTag), sp_srgb_to_linear, NULL);
}

static gboolean
has_black(SpModel model)
{
    return model == SP_MODEL_CMYK || model == SP_MODEL_YCCK;
}

/* Takes profile, which fits the model. */
static SpMeaning
meaning_of(cmsHPROFILE profile, SpModel model)
{
    gboolean grey = model == SP_MODEL_GREY;
    SpMeaning meaning = {.profile = profile};
    meaning.colour = grey               ? SP_COLOUR_GREY
                     : has_black(model) ? SP_COLOUR_CMYK
                                        : recognise(profile);
    gboolean plain = grey ? grey_is_plain(profile) : meaning.colour == SP_COLOUR_SRGB;
    if (plain)
        cmsCloseProfile(g_steal_pointer(&meaning.profile));
    return meaning;
}

/* ---- building -----------------------------------------------------------------------------
 */

static cmsToneCurve *
srgb_curve(void)
{
    const double parameters[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(NULL, 4, parameters);
}

/* D50 is the white of the connection space: no other would be adapted to it. */
static cmsHPROFILE
grey_profile(const cmsToneCurve *curve)
{
    return cmsCreateGrayProfile(cmsD50_xyY(), curve);
}

cmsHPROFILE
sp_profile_srgb_grey(void)
{
    cmsToneCurve *curve = srgb_curve();
    cmsHPROFILE profile = grey_profile(curve);
    cmsFreeToneCurve(curve);
    return profile;
}

/* x, y of white, red, green, blue: as in PNG's cHRM. */
typedef double Chroma[8];

static const Chroma bt709 = {.3127, .3290, .64, .33, .30, .60, .15, .06};

/* Do the primaries span something, with white well inside? Else there is no matrix, or one with
 * huge numbers. */
static gboolean
makes_sense(const Chroma c)
{
    const double *white = c, *corner[3] = {c + 2, c + 4, c + 6};
    for (guint i = 0; i < 8; i += 2)
        if (!(c[i] >= 0 && c[i + 1] >= 0 && c[i] + c[i + 1] <= 1.0001))
            return FALSE;
    for (guint i = 0; i < 3; i++) {
        const double *p = corner[i], *q = corner[(i + 1) % 3];
        double side = (q[0] - p[0]) * (white[1] - p[1]) - (q[1] - p[1]) * (white[0] - p[0]);
        if (side < 0.005) /* twice the area of white with two of them; sRGB's: 0.05 to 0.09 */
            return FALSE;
    }
    return white[1] > 0.05;
}

/* Takes the curve. For grey, which has no primaries, the curve alone. NULL without memory. */
static cmsHPROFILE
build(const Chroma c, cmsToneCurve *curve, SpModel model)
{
    const cmsCIExyY white = {c[0], c[1], 1};
    const cmsCIExyYTRIPLE primaries = {{c[2], c[3], 1}, {c[4], c[5], 1}, {c[6], c[7], 1}};
    cmsToneCurve *three[3] = {curve, curve, curve};
    cmsHPROFILE profile = model == SP_MODEL_GREY
                              ? grey_profile(curve)
                              : cmsCreateRGBProfile(&white, &primaries, three);
    cmsFreeToneCurve(curve);
    return profile;
}

static gboolean
built(const Chroma chroma, cmsToneCurve *curve, SpModel model, SpMeaning *ret_meaning)
{
    if (curve == NULL)
        return FALSE;
    cmsHPROFILE profile = build(chroma, curve, model);
    if (profile == NULL)
        return FALSE;
    *ret_meaning = meaning_of(profile, model);
    return TRUE;
}

/* ---- code points --------------------------------------------------------------------------
 */

#define WHITE_C .310, .316
#define WHITE_D65 .3127, .3290

/* ITU-T H.273, table 2. What it does not define and what is unspecified: BT.709's. */
static const double *
primaries_of(guint code)
{
    static const Chroma defined[] = {
        [4] = {WHITE_C, .67, .33, .21, .71, .14, .08},
        [5] = {WHITE_D65, .64, .33, .29, .60, .15, .06},
        [6] = {WHITE_D65, .630, .340, .310, .595, .155, .070},
        [7] = {WHITE_D65, .630, .340, .310, .595, .155, .070},
        [8] = {WHITE_C, .681, .319, .243, .692, .145, .049},
        [9] = {WHITE_D65, .708, .292, .170, .797, .131, .046},
        [10] = {1.0 / 3, 1.0 / 3, 1, 0, 0, 1, 0, 0},
        [11] = {.314, .351, .680, .320, .265, .690, .150, .060},
        [12] = {WHITE_D65, .680, .320, .265, .690, .150, .060},
        [22] = {WHITE_D65, .630, .340, .295, .605, .155, .077},
    };
    return code < G_N_ELEMENTS(defined) && defined[code][0] > 0 ? defined[code] : bt709;
}

/* H.273, table 3, for stills. BT.709's curve and its kin (1, 6, 14, 15, ...) say how a camera
 * codes the light, not how a screen shows it: such pictures are made to look right on a screen
 * that does not convert them, and browsers and libheif show them as sRGB. NULL without memory.
 */
static cmsToneCurve *
curve_of(guint transfer)
{
    switch (transfer) {
    case 4:
        return cmsBuildGamma(NULL, 2.2);
    case 5:
        return cmsBuildGamma(NULL, 2.8);
    case 8:
        return cmsBuildGamma(NULL, 1);
    case 17: /* SMPTE ST 428-1; full is white here */
        return cmsBuildGamma(NULL, 2.6);
    default:
        return srgb_curve();
    }
}

#define UNSPECIFIED 2

static SpHdrCurve
hdr_of(guint transfer)
{
    return transfer == 16 ? SP_HDR_PQ : transfer == 18 ? SP_HDR_HLG : SP_HDR_NONE;
}

/* The picture is HDR: primaries and linear light. */
static gboolean
hdr_meaning(const SpCodePoints *points, SpMeaning *ret_meaning)
{
    SpHdrCurve hdr = hdr_of(points->transfer);
    guint code = points->primaries == UNSPECIFIED ? 9 : points->primaries;
    cmsToneCurve *linear = cmsBuildGamma(NULL, 1);
    cmsHPROFILE profile =
        linear == NULL ? NULL : build(primaries_of(code), linear, SP_MODEL_RGB);
    if (profile == NULL)
        return FALSE;
    *ret_meaning = (SpMeaning){.profile = profile,
                               .hdr = hdr,
                               .colour = hdr == SP_HDR_PQ ? SP_COLOUR_PQ : SP_COLOUR_HLG};
    return TRUE;
}

static gboolean
from_points(const SpCodePoints *points, SpModel model, SpMeaning *ret_meaning)
{
    if (!points->present || has_black(model))
        return FALSE;
    if (hdr_of(points->transfer) != SP_HDR_NONE)
        return hdr_meaning(points, ret_meaning);
    if (points->primaries == UNSPECIFIED && points->transfer == UNSPECIFIED)
        return FALSE;
    return built(primaries_of(points->primaries), curve_of(points->transfer), model,
                 ret_meaning);
}

/* ---- sources ------------------------------------------------------------------------------
 */

/* PNG's samples are R, G, B: with another matrix, the chunk is not valid. */
static gboolean
from_cicp(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    if (tags->cicp.matrix != 0 || !from_points(&tags->cicp, model, ret_meaning))
        return FALSE;
    ret_meaning->limited = !tags->cicp.full_range;
    return TRUE;
}

/* The profile that stands beside PQ or HLG in a HEIF file is for programs that know nothing of
 * HDR: littleCMS has no way from it to a white of 203 cd/m2. */
static gboolean
from_nclx_hdr(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    return hdr_of(tags->nclx.transfer) != SP_HDR_NONE &&
           from_points(&tags->nclx, model, ret_meaning);
}

/* Profiles of ICC.1:2022 (4.4) say by code points, beside their tables, that they are HDR. */
static gboolean
profile_hdr(cmsHPROFILE profile, SpMeaning *ret_meaning)
{
    guint8 tag[12]; /* "cicp", four of zeros, primaries, transfer, matrix, range */
    if (cmsReadRawTag(profile, (cmsTagSignature)SP_FOURCC('c', 'i', 'c', 'p'), tag,
                      sizeof tag) != sizeof tag ||
        memcmp(tag, "cicp", 4) != 0)
        return FALSE;
    SpCodePoints points = {.present = TRUE, .primaries = tag[8], .transfer = tag[9]};
    return hdr_of(points.transfer) != SP_HDR_NONE && hdr_meaning(&points, ret_meaning);
}

/* Device links, abstract and named-colour profiles say nothing of a picture's colours. */
static gboolean
is_of_a_picture(cmsHPROFILE profile)
{
    cmsProfileClassSignature class = cmsGetDeviceClass(profile);
    return class == cmsSigInputClass || class == cmsSigDisplayClass ||
           class == cmsSigOutputClass || class == cmsSigColorSpaceClass;
}

double
sp_curve_at(double v, gconstpointer curve)
{
    return cmsEvalToneCurveFloat(curve, (float)v);
}

/* Grey JPEGs with an RGB profile occur. What is neutral goes through the curves alone: where
 * they are one, it is grey's, and Chrome takes it as that. NULL: it is not. */
static cmsHPROFILE
grey_of_rgb(cmsHPROFILE profile)
{
    const cmsToneCurve *curve = cmsReadTag(profile, cmsSigGreenTRCTag);
    if (curve == NULL || has_table(profile) || !curves_match(profile, sp_curve_at, curve))
        return NULL;
    return grey_profile(curve);
}

/* As one for the model, or NULL. Takes profile. */
static cmsHPROFILE
fitted(cmsHPROFILE profile, SpModel model)
{
    static const cmsColorSpaceSignature spaces[SP_MODEL_COUNT] = {
        [SP_MODEL_GREY] = cmsSigGrayData, [SP_MODEL_YCC] = cmsSigRgbData,
        [SP_MODEL_RGB] = cmsSigRgbData,   [SP_MODEL_CMYK] = cmsSigCmykData,
        [SP_MODEL_YCCK] = cmsSigCmykData,
    };
    cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    if (space == spaces[model])
        return profile;
    cmsHPROFILE grey = NULL;
    if (model == SP_MODEL_GREY && space == cmsSigRgbData)
        grey = grey_of_rgb(profile);
    cmsCloseProfile(profile);
    return grey;
}

static gboolean
from_icc(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    gsize n = 0;
    const void *bytes = tags->icc == NULL ? NULL : g_bytes_get_data(tags->icc, &n);
    cmsHPROFILE profile = bytes == NULL ? NULL : cmsOpenProfileFromMem(bytes, (guint32)n);
    if (profile == NULL)
        return FALSE;
    gboolean hdr = !has_black(model) && cmsGetColorSpace(profile) == cmsSigRgbData &&
                   profile_hdr(profile, ret_meaning);
    if (hdr || !is_of_a_picture(profile)) {
        cmsCloseProfile(profile);
        return hdr;
    }
    profile = fitted(profile, model);
    if (profile == NULL)
        return FALSE;
    *ret_meaning = meaning_of(profile, model);
    return TRUE;
}

static gboolean
from_nclx(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    return from_points(&tags->nclx, model, ret_meaning);
}

/* What nothing is known of, too. */
static gboolean
plain(const SpColourTags *tags G_GNUC_UNUSED, SpModel model, SpMeaning *ret_meaning)
{
    *ret_meaning = (SpMeaning){.colour = model == SP_MODEL_GREY ? SP_COLOUR_GREY
                                         : has_black(model)     ? SP_COLOUR_CMYK
                                                                : SP_COLOUR_SRGB};
    return TRUE;
}

static gboolean
from_srgb_chunk(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    return tags->srgb && !has_black(model) && plain(tags, model, ret_meaning);
}

/* gAMA says 1 / 2.2 (45455, or 45000) where an encoder means sRGB and its chunk was not there
 * yet or got lost; the PNG specification itself asks for 45455 beside it. The two curves differ
 * in the dark, and there sRGB is what was meant. Other primaries say that it was not sRGB, and
 * the number is taken at its word. A cHRM alone says nothing without a curve. */
static gboolean
from_gamma(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    Chroma chroma;
    double gamma = tags->gamma == 0 ? 0 : 1e5 / tags->gamma;
    if (gamma < 0.2 || gamma > 5 || has_black(model))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(chroma); i++)
        chroma[i] = tags->chroma[i] / 1e5;
    gboolean named = tags->has_chroma && makes_sense(chroma), other = FALSE;
    for (guint i = 0; named && i < G_N_ELEMENTS(chroma); i++)
        other |= fabs(chroma[i] - bt709[i]) > 0.005;
    gboolean srgb = tags->gamma >= 45000 && tags->gamma <= 45999 && !other;
    return built(other ? chroma : bt709, srgb ? srgb_curve() : cmsBuildGamma(NULL, gamma),
                 model, ret_meaning);
}

/* Adobe RGB (1998) Color Image Encoding, version 2005-05: primaries, D65. */
static gboolean
from_interop(const SpColourTags *tags, SpModel model, SpMeaning *ret_meaning)
{
    static const Chroma adobe = {WHITE_D65, .64, .33, .21, .71, .15, .06};
    return tags->adobe_rgb && model != SP_MODEL_GREY && !has_black(model) &&
           built(adobe, cmsBuildGamma(NULL, ADOBE_GAMMA), model, ret_meaning);
}

const SpColourTeller sp_colour_sources[] = {
    {from_cicp, SP_ORIGIN_CICP},
    {from_nclx_hdr, SP_ORIGIN_NCLX},
    {from_icc, SP_ORIGIN_ICC},
    {from_nclx, SP_ORIGIN_NCLX},
    {from_srgb_chunk, SP_ORIGIN_SRGB},
    {from_gamma, SP_ORIGIN_GAMMA},
    {from_interop, SP_ORIGIN_EXIF},
    {plain, SP_ORIGIN_NOTHING},
    {NULL},
};

/* ---- for conversions ----------------------------------------------------------------------
 */

/* Columns: the colorants. */
static gboolean
read_matrix(cmsHPROFILE profile, double ret_matrix[3][3])
{
    for (guint i = 0; i < 3; i++) {
        const cmsCIEXYZ *xyz = cmsReadTag(profile, colorants[i]);
        if (xyz == NULL || cmsReadTag(profile, curves[i]) == NULL)
            return FALSE;
        ret_matrix[0][i] = xyz->X;
        ret_matrix[1][i] = xyz->Y;
        ret_matrix[2][i] = xyz->Z;
    }
    return TRUE;
}

/* By cofactors; sRGB's own is far from singular. */
static void
invert(const double m[3][3], double ret_inverse[3][3])
{
    for (guint i = 0; i < 3; i++)
        for (guint k = 0; k < 3; k++) {
            guint a = (k + 1) % 3, b = (k + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
            ret_inverse[i][k] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
        }
    double determinant = 0;
    for (guint i = 0; i < 3; i++)
        determinant += m[0][i] * ret_inverse[i][0];
    for (guint i = 0; i < 9; i++)
        ret_inverse[i / 3][i % 3] /= determinant;
}

gboolean
sp_profile_matrix(cmsHPROFILE profile, double ret_matrix[3][3])
{
    double from[3][3], srgb[3][3], to[3][3];
    if (cmsGetColorSpace(profile) != cmsSigRgbData || cmsGetPCS(profile) != cmsSigXYZData ||
        has_table(profile) || !read_matrix(profile, from))
        return FALSE;
    cmsHPROFILE target = cmsCreate_sRGBProfile();
    gboolean read = target != NULL && read_matrix(target, srgb);
    if (target != NULL)
        cmsCloseProfile(target);
    if (!read)
        return FALSE;
    invert(srgb, to);
    for (guint i = 0; i < 3; i++)
        for (guint k = 0; k < 3; k++)
            ret_matrix[i][k] =
                to[i][0] * from[0][k] + to[i][1] * from[1][k] + to[i][2] * from[2][k];
    return TRUE;
}
