/* SPDX-License-Identifier: MIT */
/* test-colour.c -- from profiles to sRGB, held against littleCMS on a picture decoded apart.
 *
 * The figure is that of colour-reference.h, of saturated patches. For each profile it is taken
 * twice: as it is, and with the profile removed from the file; so the test fails when nothing
 * is converted. Profiles are built here; a new one is one line in cases[]. */
#include "colour-reference.h"
#include "render/colour.h"
#include "sample.h"
#include <lcms2.h>

/* ---- profiles -----------------------------------------------------------------------------
 */

typedef enum {
    CURVE_SRGB,       /* parametric */
    CURVE_SRGB_TABLE, /* 1024 points */
    CURVE_GAMMA,
} Curve;

typedef struct {
    Curve curve;
    double gamma;
} Tone;

static double
srgb_to_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static cmsToneCurve *
tone_new(Tone tone)
{
    const double srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    guint16 table[1024];
    for (guint i = 0; i < G_N_ELEMENTS(table); i++)
        table[i] = (guint16)lround(65535 * srgb_to_linear(i / 1023.0));
    switch (tone.curve) {
    case CURVE_SRGB:
        return cmsBuildParametricToneCurve(NULL, 4, srgb);
    case CURVE_SRGB_TABLE:
        return cmsBuildTabulatedToneCurve16(NULL, G_N_ELEMENTS(table), table);
    default:
        return cmsBuildGamma(NULL, tone.gamma);
    }
}

typedef struct {
    double white[2], red[2], green[2], blue[2]; /* CIE 1931 x, y */
} Space;

static const Space srgb = {{.3127, .3290}, {.64, .33}, {.30, .60}, {.15, .06}};
static const Space display_p3 = {{.3127, .3290}, {.680, .320}, {.265, .690}, {.150, .060}};
static const Space adobe_rgb = {{.3127, .3290}, {.64, .33}, {.21, .71}, {.15, .06}};
static const Space prophoto = {
    {.3457, .3585}, {.734699, .265301}, {.159597, .840403}, {.036598, .000105}};

static cmsHPROFILE
matrix_profile(const Space *space, Tone tone, double version)
{
    cmsCIExyY white = {space->white[0], space->white[1], 1};
    cmsCIExyYTRIPLE primaries = {{space->red[0], space->red[1], 1},
                                 {space->green[0], space->green[1], 1},
                                 {space->blue[0], space->blue[1], 1}};
    cmsToneCurve *curve = tone_new(tone);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    cmsSetProfileVersion(profile, version);
    return profile;
}

static cmsHPROFILE
grey_profile(Tone tone, cmsColorSpaceSignature connection)
{
    cmsToneCurve *curve = tone_new(tone);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsSetPCS(profile, connection);
    cmsFreeToneCurve(curve);
    return profile;
}

static GBytes *
saved(cmsHPROFILE profile)
{
    cmsUInt32Number n = 0;
    g_assert_nonnull(profile);
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &n));
    guint8 *bytes = g_malloc(n);
    g_assert_true(cmsSaveProfileToMem(profile, bytes, &n));
    cmsCloseProfile(profile);
    return g_bytes_new_take(bytes, n);
}

/* A scanner's: a table of `points` samples a side to Lab, and nothing else. It is Display P3
 * with less green, and whatever the fourth channel of CMYK would be is left out. */
static cmsInt32Number
fill_table(const cmsUInt16Number in[], cmsUInt16Number out[], void *to_lab)
{
    cmsUInt16Number rgb[3] = {in[0], (guint16)(in[1] * 0.9), in[2]};
    cmsDoTransform(to_lab, rgb, out, 1);
    return TRUE;
}

static cmsHPROFILE
table_profile(guint points, cmsColorSpaceSignature space)
{
    guint channels = space == cmsSigCmykData ? 4 : 3;
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    cmsHPROFILE p3 = matrix_profile(&display_p3, (Tone){CURVE_SRGB}, 4.3);
    cmsHPROFILE lab = cmsCreateLab4Profile(NULL);
    cmsHTRANSFORM to_lab = cmsCreateTransform(p3, TYPE_RGB_16, lab, TYPE_Lab_16,
                                              INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, channels, 3);
    cmsStage *table = cmsStageAllocCLut16bit(NULL, points, channels, 3, NULL);
    g_assert_true(cmsStageSampleCLut16bit(table, fill_table, to_lab, 0));
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, channels, NULL));
    cmsPipelineInsertStage(pipeline, cmsAT_END, table);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
    cmsSetProfileVersion(profile, 4.3);
    cmsSetDeviceClass(profile, cmsSigInputClass);
    cmsSetColorSpace(profile, space);
    cmsSetPCS(profile, cmsSigLabData);
    g_assert_true(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
    cmsPipelineFree(pipeline);
    cmsDeleteTransform(to_lab);
    cmsCloseProfile(p3);
    cmsCloseProfile(lab);
    return profile;
}

typedef enum { MATRIX, TABLE, GREY_XYZ, GREY_LAB } Make;

typedef struct {
    const char *name;
    SpColour colour; /* as it is to be called */
    gboolean converts;
    Make make;
    const Space *space;
    Tone tone;
    double version;
    guint points;    /* of a table */
    gboolean slight; /* so near to sRGB that filters matter as much */
} Case;

static const Case cases[] = {
    {"srgb-v2", SP_COLOUR_SRGB, FALSE, MATRIX, &srgb, {CURVE_SRGB}, 2.1},
    {"srgb-v4", SP_COLOUR_SRGB, FALSE, MATRIX, &srgb, {CURVE_SRGB}, 4.3},
    {"srgb-table-v2", SP_COLOUR_SRGB, FALSE, MATRIX, &srgb, {CURVE_SRGB_TABLE}, 2.1},
    {"srgb-table-v4", SP_COLOUR_SRGB, FALSE, MATRIX, &srgb, {CURVE_SRGB_TABLE}, 4.3},
    {"srgb-grey", SP_COLOUR_GREY, FALSE, GREY_XYZ, .tone = {CURVE_SRGB}},
    {"srgb-grey-table", SP_COLOUR_GREY, FALSE, GREY_XYZ, .tone = {CURVE_SRGB_TABLE}},
    {"p3-v4", SP_COLOUR_DISPLAY_P3, TRUE, MATRIX, &display_p3, {CURVE_SRGB}, 4.3},
    {"p3-v2", SP_COLOUR_DISPLAY_P3, TRUE, MATRIX, &display_p3, {CURVE_SRGB_TABLE}, 2.1},
    {"adobe-rgb",
     SP_COLOUR_ADOBE_RGB,
     TRUE,
     MATRIX,
     &adobe_rgb,
     {CURVE_GAMMA, 563.0 / 256},
     2.1},
    {"p3-gamma", SP_COLOUR_PROFILE, TRUE, MATRIX, &display_p3, {CURVE_GAMMA, 2.6}, 2.1},
    {"prophoto", SP_COLOUR_PROFILE, TRUE, MATRIX, &prophoto, {CURVE_GAMMA, 1.8}, 2.1},
    {"srgb-gamma-2.2",
     SP_COLOUR_PROFILE,
     TRUE,
     MATRIX,
     &srgb,
     {CURVE_GAMMA, 2.2},
     2.1,
     .slight = TRUE},
    {"table", SP_COLOUR_PROFILE, TRUE, TABLE, .points = 17},
    {"table-6-megabytes", SP_COLOUR_PROFILE, TRUE, TABLE, .points = 100},
    {"grey-gamma-1.8", SP_COLOUR_GREY, TRUE, GREY_XYZ, .tone = {CURVE_GAMMA, 1.8}},
    {"grey-gamma-2.2", SP_COLOUR_GREY, TRUE, GREY_XYZ, .tone = {CURVE_GAMMA, 2.2}},
    {"grey-lab", SP_COLOUR_GREY, TRUE, GREY_LAB, .tone = {CURVE_SRGB}},
};

static const Case *
find_case(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        if (g_str_equal(cases[i].name, name))
            return &cases[i];
    g_assert_not_reached();
}

static gboolean
is_grey(const Case *c)
{
    return c->make == GREY_XYZ || c->make == GREY_LAB;
}

static GBytes *
profile_of(const Case *c)
{
    switch (c->make) {
    case MATRIX:
        return saved(matrix_profile(c->space, c->tone, c->version));
    case TABLE:
        return saved(table_profile(c->points, cmsSigRgbData));
    case GREY_XYZ:
        return saved(grey_profile(c->tone, cmsSigXYZData));
    default:
        return saved(grey_profile(c->tone, cmsSigLabData));
    }
}

/* ---- measuring ----------------------------------------------------------------------------
 */

static Sample
sample_of(guint width, guint height, gboolean grey)
{
    Sample sample = {width, height, SAMPLING_420, .kind = SAMPLE_PATCHES, .quality = 95};
    if (grey)
        memset(sample.samplings, 0, sizeof sample.samplings);
    return sample;
}

static void
develop(GBytes *jpeg, guint width, SpDeveloped *developed)
{
    g_autoptr(GError) error = NULL;
    gboolean done = picture_develop(jpeg, width, developed, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

typedef struct {
    double with, without, most;
} Figures;

/* icc: what the reference takes the picture for, whatever the sample's own profile says. */
static Figures
measure(Sample sample, guint width, GBytes *icc, SpColour colour)
{
    gboolean grey = sample.samplings[0][0] == 0;
    g_autoptr(GBytes) tagged = sample_jpeg(&sample);
    sample.icc = NULL;
    sample.adobe_interop = FALSE;
    g_autoptr(GBytes) bare = sample_jpeg(&sample);
    g_auto(SpDeveloped) ours = {0}, unconverted = {0};
    develop(tagged, width, &ours);
    develop(bare, width, &unconverted);
    g_assert_cmpuint(ours.colour, ==, colour);
    g_assert_cmpuint(ours.picture.n_planes, ==, grey ? 1 : 3);
    g_assert_true(grey || ours.picture.sub == 2);
    g_auto(Picture) full = picture_decode(bare, 8);
    g_auto(Picture) upright = picture_turned(&full, sample.orientation);
    g_auto(Picture) expected =
        picture_reduced(&upright, ours.picture.width, ours.picture.height);
    picture_convert(&expected, icc, grey);
    g_auto(Picture) a = picture_of(&ours.picture);
    g_auto(Picture) b = picture_of(&unconverted.picture);
    Figures figures = {picture_difference(&a, &expected), picture_difference(&b, &expected), 0};
    g_test_message("%u x %u to %u, orientation %u: %.3f, unconverted %.3f", sample.width,
                   sample.height, width, sample.orientation, figures.with, figures.without);
    return figures;
}

static void
check(const Case *c, Sample sample, guint width)
{
    g_autoptr(GBytes) icc = profile_of(c);
    sample.icc = icc;
    g_test_message("%s", c->name);
    Figures figures = measure(sample, width, icc, c->colour);
    g_assert_cmpfloat(figures.with, <, 1);
    g_assert_cmpfloat(figures.with, <=, figures.without / (c->slight ? 1 : 3));
}

static gboolean
same_planes(const SpPicture *a, const SpPicture *b)
{
    gboolean same = a->n_planes == b->n_planes && a->sub == b->sub;
    for (guint i = 0; same && i < a->n_planes; i++) {
        const SpPlane *p = &a->planes[i], *q = &b->planes[i];
        same = p->width == q->width && p->height == q->height;
        for (guint y = 0; same && y < p->height; y++)
            same = memcmp(p->data + p->stride * y, q->data + q->stride * y, p->width) == 0;
    }
    return same;
}

/* The planes are those of the same file without a profile. */
static void
check_untouched(GBytes *icc, Sample sample, guint width, SpColour colour)
{
    g_auto(SpDeveloped) ours = {0}, bare = {0};
    sample.icc = icc;
    g_autoptr(GBytes) tagged_file = sample_jpeg(&sample);
    sample.icc = NULL;
    g_autoptr(GBytes) bare_file = sample_jpeg(&sample);
    develop(tagged_file, width, &ours);
    develop(bare_file, width, &bare);
    g_assert_cmpuint(ours.colour, ==, colour);
    g_assert_true(same_planes(&ours.picture, &bare.picture));
}

static void
check_absent(GBytes *icc, guint n_components)
{
    SpColour colour = SP_COLOUR_PROFILE;
    g_autoptr(SpColourConversion) plain = find(icc, FALSE, n_components, &colour);
    g_assert_null(plain);
    g_assert_cmpuint(colour, ==, n_components == 1 ? SP_COLOUR_GREY : SP_COLOUR_SRGB);
    g_autoptr(SpColourConversion) adobe = find(icc, TRUE, n_components, &colour);
    g_assert_cmpuint(colour, ==, n_components == 1 ? SP_COLOUR_GREY : SP_COLOUR_ADOBE_RGB);
    g_assert_true((adobe != NULL) == (n_components == 3));
}

/* ---- tests --------------------------------------------------------------------------------
 */

static void
test_found(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(GBytes) icc = profile_of(&cases[i]);
        g_autoptr(SpColourConversion) conversion =
            find(icc, TRUE, is_grey(&cases[i]) ? 1 : 3, &colour);
        g_test_message("%s", cases[i].name);
        g_assert_cmpuint(colour, ==, cases[i].colour);
        g_assert_true((conversion != NULL) == cases[i].converts);
    }
}

static void
test_srgb_untouched(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) icc = profile_of(&cases[i]);
        if (!cases[i].converts)
            check_untouched(icc, sample_of(333, 217, is_grey(&cases[i])), 100, cases[i].colour);
    }
}

static void
test_converted(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        if (cases[i].converts)
            check(&cases[i], sample_of(1201, 901, is_grey(&cases[i])), 600);
}

/* Without file, filter and subsampling: colours laid side by side, each compared. What is left
 * is the rounding to 8 bits on the way, R'G'B' twice and Y'CbCr once. */
static void
fill_with_colours(SpPicture *picture)
{
    for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++) {
            guint column = x / 17;
            double r = x % 17 * 15.9375, g = column * 15.9375, b = y * 15.9375;
            double luma = 0.299 * r + 0.587 * g + 0.114 * b;
            double values[] = {luma, MIN((b - luma) / 1.772 + 128, 255),
                               MIN((r - luma) / 1.402 + 128, 255)};
            for (guint i = 0; i < 3 && i < picture->n_planes; i++)
                picture->planes[i].data[picture->planes[i].stride * y + x] =
                    (guint8)lround(values[i]);
        }
}

static Figures
compare_samples(const Picture *a, const Picture *expected)
{
    Figures figures = {0};
    gsize n = (gsize)a->width * a->height * 3;
    for (gsize i = 0; i < n; i++) {
        double apart = fabs((double)a->rgb[i] - expected->rgb[i]) * 255;
        figures.most = MAX(figures.most, apart);
        figures.with += apart / (double)n;
    }
    return figures;
}

static void
test_every_colour(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        if (!c->converts)
            continue;
        SpColour colour = SP_COLOUR_COUNT;
        g_auto(SpPicture) picture = {0};
        g_autoptr(GBytes) icc = profile_of(c);
        guint n_planes = is_grey(c) ? 1 : 3;
        g_autoptr(SpColourConversion) conversion = find(icc, FALSE, n_planes, &colour);
        g_assert_true(sp_picture_init(&picture, 289, 17, sp_form_of_jpeg(1, n_planes), NULL));
        fill_with_colours(&picture);
        g_auto(Picture) expected = picture_of(&picture);
        picture_convert(&expected, icc, is_grey(c));
        g_assert_true(sp_colour_convert(conversion, &picture, NULL));
        g_auto(Picture) ours = picture_of(&picture);
        Figures figures = compare_samples(&ours, &expected);
        g_test_message("%s: %.3f, most %.3f", c->name, figures.with, figures.most);
        g_assert_cmpfloat(figures.with, <, 1);
    }
}

static void
test_sizes(void)
{
    static const guint sizes[][3] = {
        {1, 1, 1024},   {2, 1, 1024},     {17, 33, 1024},    {333, 217, 1024},
        {333, 217, 99}, {1025, 767, 512}, {1601, 603, 1024}, {63, 1601, 33},
    };
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        check(find_case("p3-v4"), sample_of(sizes[i][0], sizes[i][1], FALSE), sizes[i][2]);
        check(find_case("adobe-rgb"), sample_of(sizes[i][0], sizes[i][1], FALSE), sizes[i][2]);
        check(find_case("grey-gamma-1.8"), sample_of(sizes[i][0], sizes[i][1], TRUE),
              sizes[i][2]);
    }
}

static void
test_samplings(void)
{
    static const guint samplings[][3][2] = {
        {{1, 1}, {1, 1}, {1, 1}}, {{2, 1}, {1, 1}, {1, 1}}, {{4, 1}, {1, 1}, {1, 1}}};
    for (guint i = 0; i < G_N_ELEMENTS(samplings); i++) {
        Sample sample = sample_of(1001, 751, FALSE);
        memcpy(sample.samplings, samplings[i], sizeof sample.samplings);
        check(find_case("p3-v4"), sample, 400);
        sample.progressive = TRUE;
        check(find_case("adobe-rgb"), sample, 1024);
    }
}

static void
test_orientations(void)
{
    for (guint orientation = 1; orientation <= 8; orientation++) {
        Sample sample = sample_of(801, 603, FALSE), grey = sample_of(333, 217, TRUE);
        sample.orientation = grey.orientation = orientation;
        check(find_case("p3-v4"), sample, 301);
        check(find_case("adobe-rgb"), sample, 1024);
        check(find_case("grey-gamma-1.8"), grey, 101);
    }
}

/* R03 is Adobe RGB, unless there is a profile that can be used. */
static void
test_interop(void)
{
    g_autoptr(GBytes) adobe = profile_of(find_case("adobe-rgb"));
    g_autoptr(GBytes) p3 = profile_of(find_case("p3-v4"));
    g_autoptr(GBytes) srgb_icc = profile_of(find_case("srgb-v2"));
    g_autoptr(GBytes) broken = g_bytes_new_static("no profile", 10);
    Sample sample = sample_of(801, 603, FALSE);
    sample.orientation = 1;
    sample.adobe_interop = TRUE;
    GBytes *const said[] = {NULL, broken, p3};
    for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
        gboolean usable = said[i] == p3;
        sample.icc = said[i];
        Figures figures = measure(sample, 400, usable ? p3 : adobe,
                                  usable ? SP_COLOUR_DISPLAY_P3 : SP_COLOUR_ADOBE_RGB);
        g_assert_cmpfloat(figures.with, <, 1);
        g_assert_cmpfloat(figures.with, <=, figures.without / 3);
    }
    SpColour colour = SP_COLOUR_COUNT;
    g_assert_null(find(srgb_icc, TRUE, 3, &colour));
    g_assert_cmpuint(colour, ==, SP_COLOUR_SRGB);
}

/* Wherever a profile is cut, it counts as absent; or what is missing said nothing of colours
 * (littleCMS reads what tags there are), and then it says the same as the whole one. */
static void
test_truncated(void)
{
    static const char *const names[] = {"p3-v4", "p3-v2", "table", "grey-gamma-2.2"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const Case *c = find_case(names[i]);
        g_autoptr(GBytes) icc = profile_of(c);
        gsize n = g_bytes_get_size(icc), absent = 0, used = 0;
        for (gsize cut = 1; cut < n; cut += cut < 600 ? 1 : 97) {
            g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(icc, NULL), cut);
            g_autoptr(GBytes) part = g_bytes_new_static(copy, cut);
            SpColour colour = SP_COLOUR_COUNT,
                     without = is_grey(c) ? SP_COLOUR_GREY : SP_COLOUR_SRGB;
            g_autoptr(SpColourConversion) found =
                find(part, FALSE, is_grey(c) ? 1 : 3, &colour);
            g_assert_cmpuint(colour, ==, found == NULL ? without : c->colour);
            *(found == NULL ? &absent : &used) += 1;
        }
        g_test_message("%s: absent %zu times, used %zu times", c->name, absent, used);
        g_assert_cmpuint(absent, >, 3 * used);
    }
}

/* Bytes changed at random may leave a profile: it must be used without a fault. */
static void
test_damaged(void)
{
    g_autoptr(GBytes) matrix = profile_of(find_case("p3-v2"));
    g_autoptr(GBytes) table = profile_of(find_case("table"));
    for (guint i = 0; i < 400; i++) {
        GBytes *icc = i % 2 ? matrix : table;
        gsize n = g_bytes_get_size(icc);
        g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(icc, NULL), n);
        for (guint k = 0; k < 6; k++) /* half of them in header and tags */
            copy[g_test_rand_int_range(0, (gint32)(k % 2 ? n : 300))] =
                (guint8)g_test_rand_int_range(0, 256);
        g_autoptr(GBytes) damaged = g_bytes_new_static(copy, n);
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) found = find(damaged, FALSE, 3, &colour);
        g_assert_cmpuint(colour, <, SP_COLOUR_COUNT);
        g_auto(SpPicture) picture = {0};
        g_assert_true(sp_picture_init(&picture, 64, 4, sp_form_of_jpeg(1, 3), NULL));
        for (guint p = 0; p < 3; p++)
            memset(picture.planes[p].data, 99, picture.planes[p].stride * 4);
        g_assert_true(found == NULL || sp_colour_convert(found, &picture, NULL));
    }
}

static GBytes *
with_class(const char *name, cmsProfileClassSignature class)
{
    const Case *c = find_case(name);
    cmsHPROFILE profile = c->make == TABLE ? table_profile(c->points, cmsSigRgbData)
                                           : matrix_profile(c->space, c->tone, c->version);
    cmsSetDeviceClass(profile, class);
    return saved(profile);
}

static void
test_wrong_kind(void)
{
    static const cmsProfileClassSignature classes[] = {cmsSigLinkClass, cmsSigAbstractClass,
                                                       cmsSigNamedColorClass};
    g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
    g_autoptr(GBytes) cmyk = saved(table_profile(5, cmsSigCmykData));
    g_autoptr(GBytes) p3 = profile_of(find_case("p3-v4"));
    g_autoptr(GBytes) grey = profile_of(find_case("grey-gamma-2.2"));
    check_absent(nothing, 3);
    check_absent(nothing, 1);
    check_absent(NULL, 3);
    check_absent(cmyk, 3);
    check_absent(cmyk, 1);
    check_absent(p3, 1);
    check_absent(grey, 3);
    for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
        g_autoptr(GBytes) matrix = with_class("p3-v4", classes[i]);
        g_autoptr(GBytes) table = with_class("table", classes[i]);
        check_absent(matrix, 3);
        check_absent(table, 3);
    }
    check_untouched(cmyk, sample_of(333, 217, FALSE), 100, SP_COLOUR_SRGB);
    check_untouched(p3, sample_of(333, 217, TRUE), 100, SP_COLOUR_GREY);
    check_untouched(grey, sample_of(333, 217, FALSE), 100, SP_COLOUR_SRGB);
}

/* A chroma sample is the mean of its four; of what there is at an odd picture's end. */
static void
test_subsample(void)
{
    g_auto(SpPicture) picture = {0};
    g_assert_true(sp_picture_init(&picture, 5, 3, sp_form_of_jpeg(1, 3), NULL));
    for (guint y = 0; y < 3; y++)
        for (guint x = 0; x < 5; x++)
            for (guint i = 0; i < 3; i++)
                picture.planes[i].data[picture.planes[i].stride * y + x] =
                    (guint8)(10 * i + 8 * x + 40 * y);
    g_assert_true(sp_colour_subsample(&picture, NULL));
    g_assert_cmpuint(picture.sub, ==, 2);
    for (guint i = 1; i < 3; i++) {
        static const guint8 expected[2][3] = {{24, 40, 52}, {84, 100, 112}};
        const SpPlane *plane = &picture.planes[i];
        g_assert_cmpuint(plane->width, ==, 3);
        g_assert_cmpuint(plane->height, ==, 2);
        for (guint y = 0; y < 2; y++)
            for (guint x = 0; x < 3; x++)
                g_assert_cmpuint(plane->data[plane->stride * y + x], ==,
                                 10 * i + expected[y][x]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/colour/found", test_found);
    g_test_add_func("/colour/srgb-untouched", test_srgb_untouched);
    g_test_add_func("/colour/converted", test_converted);
    g_test_add_func("/colour/every-colour", test_every_colour);
    g_test_add_func("/colour/sizes", test_sizes);
    g_test_add_func("/colour/samplings", test_samplings);
    g_test_add_func("/colour/orientations", test_orientations);
    g_test_add_func("/colour/interop", test_interop);
    g_test_add_func("/colour/truncated", test_truncated);
    g_test_add_func("/colour/damaged", test_damaged);
    g_test_add_func("/colour/wrong-kind", test_wrong_kind);
    g_test_add_func("/colour/subsample", test_subsample);
    return g_test_run();
}
