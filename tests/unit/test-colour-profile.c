/* SPDX-License-Identifier: MIT */
/* test-colour-profile.c -- what says what the colours are: each source by its colours, and
 * which of several is believed. */
#include "colour-patches.h"

/* ---- the order ----------------------------------------------------------------------------
 */

#define P3                                                                                     \
    {                                                                                          \
        TRUE, 12, 13, 0, TRUE                                                                  \
    }
#define REC2020                                                                                \
    {                                                                                          \
        TRUE, 9, 1, 9, TRUE                                                                    \
    }
#define PQ                                                                                     \
    {                                                                                          \
        TRUE, 9, 16, 9, TRUE                                                                   \
    }
#define HLG                                                                                    \
    {                                                                                          \
        TRUE, 9, 18, 0, TRUE                                                                   \
    }
#define UNSPECIFIED                                                                            \
    {                                                                                          \
        TRUE, 2, 2, 0, TRUE                                                                    \
    }
#define CHROMA_ADOBE                                                                           \
    {                                                                                          \
        31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000                                  \
    }

typedef enum { NO_ICC, ICC_GAMMA, ICC_SRGB, ICC_BROKEN, ICC_GREY } Icc;

typedef struct {
    const char *name;
    Icc icc;
    SpColourTags tags;
    SpColour colour;
    gboolean converts;
} Order;

static const Order orders[] = {
    {"nothing", NO_ICC, {.gamma = 0}, SP_COLOUR_SRGB, FALSE},
    {"cicp before all",
     ICC_GAMMA,
     {.cicp = P3, .nclx = REC2020, .srgb = TRUE, .gamma = 55556, .adobe_rgb = TRUE},
     SP_COLOUR_DISPLAY_P3,
     TRUE},
    {"cicp with a matrix is not valid", ICC_GAMMA, {.cicp = REC2020}, SP_COLOUR_PROFILE, TRUE},
    {"cicp that says nothing", ICC_GAMMA, {.cicp = UNSPECIFIED}, SP_COLOUR_PROFILE, TRUE},
    {"cicp is sRGB", ICC_GAMMA, {.cicp = {TRUE, 1, 13, 0, TRUE}}, SP_COLOUR_SRGB, FALSE},
    {"cicp is HLG", ICC_GAMMA, {.cicp = HLG}, SP_COLOUR_HLG, TRUE},
    {"icc before nclx",
     ICC_GAMMA,
     {.nclx = REC2020, .srgb = TRUE, .gamma = 45455, .adobe_rgb = TRUE},
     SP_COLOUR_PROFILE,
     TRUE},
    {"icc is sRGB",
     ICC_SRGB,
     {.nclx = REC2020, .gamma = 55556, .adobe_rgb = TRUE},
     SP_COLOUR_SRGB,
     FALSE},
    {"nclx of HDR before icc", ICC_GAMMA, {.nclx = PQ}, SP_COLOUR_PQ, TRUE},
    {"broken icc", ICC_BROKEN, {.nclx = REC2020}, SP_COLOUR_REC2020, TRUE},
    {"icc of grey", ICC_GREY, {.adobe_rgb = TRUE}, SP_COLOUR_ADOBE_RGB, TRUE},
    {"nclx before the rest",
     NO_ICC,
     {.nclx = P3, .srgb = TRUE, .gamma = 55556, .adobe_rgb = TRUE},
     SP_COLOUR_DISPLAY_P3,
     TRUE},
    {"nclx is 709",
     NO_ICC,
     {.nclx = {TRUE, 1, 1, 1, TRUE}, .adobe_rgb = TRUE},
     SP_COLOUR_SRGB,
     FALSE},
    {"nclx that says nothing",
     NO_ICC,
     {.nclx = UNSPECIFIED, .adobe_rgb = TRUE},
     SP_COLOUR_ADOBE_RGB,
     TRUE},
    {"nclx that is not there",
     NO_ICC,
     {.nclx = {FALSE, 9, 16, 9, TRUE}, .cicp = {FALSE, 9, 16, 0, TRUE}},
     SP_COLOUR_SRGB,
     FALSE},
    {"sRGB chunk before gAMA",
     NO_ICC,
     {.srgb = TRUE, .gamma = 55556, .adobe_rgb = TRUE},
     SP_COLOUR_SRGB,
     FALSE},
    {"gAMA before R03", NO_ICC, {.gamma = 55556, .adobe_rgb = TRUE}, SP_COLOUR_PROFILE, TRUE},
    {"gAMA of sRGB", NO_ICC, {.gamma = 45455, .adobe_rgb = TRUE}, SP_COLOUR_SRGB, FALSE},
    {"gAMA of an older sRGB", NO_ICC, {.gamma = 45000}, SP_COLOUR_SRGB, FALSE},
    {"gAMA with sRGB's cHRM",
     NO_ICC,
     {.gamma = 45455,
      .has_chroma = TRUE,
      .chroma = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000}},
     SP_COLOUR_SRGB,
     FALSE},
    {"gAMA with Adobe's cHRM",
     NO_ICC,
     {.gamma = 45455, .has_chroma = TRUE, .chroma = CHROMA_ADOBE},
     SP_COLOUR_ADOBE_RGB,
     TRUE},
    {"cHRM alone", NO_ICC, {.has_chroma = TRUE, .chroma = CHROMA_ADOBE}, SP_COLOUR_SRGB, FALSE},
    {"gAMA of nonsense", NO_ICC, {.gamma = 1, .adobe_rgb = TRUE}, SP_COLOUR_ADOBE_RGB, TRUE},
    {"gAMA of much nonsense", NO_ICC, {.gamma = G_MAXUINT32}, SP_COLOUR_SRGB, FALSE},
    {"cHRM of zeros", NO_ICC, {.gamma = 45455, .has_chroma = TRUE}, SP_COLOUR_SRGB, FALSE},
    {"cHRM in one line",
     NO_ICC,
     {.gamma = 45455,
      .has_chroma = TRUE,
      .chroma = {30000, 30000, 10000, 10000, 20000, 20000, 50000, 50000}},
     SP_COLOUR_SRGB,
     FALSE},
    {"cHRM with white outside",
     NO_ICC,
     {.gamma = 45455,
      .has_chroma = TRUE,
      .chroma = {90000, 5000, 64000, 33000, 30000, 60000, 15000, 6000}},
     SP_COLOUR_SRGB,
     FALSE},
    {"cHRM that is huge",
     NO_ICC,
     {.gamma = 45455,
      .has_chroma = TRUE,
      .chroma = {G_MAXUINT32, 1, G_MAXUINT32, 2, 3, G_MAXUINT32, 4, 5}},
     SP_COLOUR_SRGB,
     FALSE},
    {"R03", NO_ICC, {.adobe_rgb = TRUE}, SP_COLOUR_ADOBE_RGB, TRUE},
};

static GBytes *
icc_of(Icc icc)
{
    cmsHPROFILE profile = NULL;
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.6);
    switch (icc) {
    case NO_ICC:
        break;
    case ICC_BROKEN:
        cmsFreeToneCurve(curve);
        return g_bytes_new_static("not a profile", 13);
    case ICC_GAMMA:
        return profile_bytes(space_profile(space_p3, curve));
    case ICC_SRGB:
        profile = space_profile(space_bt709, curve_srgb());
        break;
    default:
        profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    }
    cmsFreeToneCurve(curve);
    return profile == NULL ? NULL : profile_bytes(profile);
}

static void
test_order(gconstpointer data)
{
    const Order *order = data;
    g_autoptr(GBytes) icc = icc_of(order->icc);
    SpColourTags tags = order->tags;
    tags.icc = icc;
    for (guint i = 0; i < 4; i++) {
        SpColourSource source = {
            .form = {i < 2 ? SP_MODEL_YCC : SP_MODEL_RGB, FALSE, 1 + i % 2, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, order->colour);
        /* what is not finished is converted in any case */
        g_assert_true((found != NULL) == (order->converts || i > 0));
        g_auto(SpPicture) picture = {0};
        Colour samples[2] = {{{1, 0.5, 0.5}}, {{0, 1, 0.25}}};
        fill(&picture, source.form, samples, NULL, 2);
        g_assert_true(found == NULL || sp_colour_convert(found, &picture, NULL));
        check_form(&picture, SP_MODEL_YCC, FALSE);
    }
}

/* And what said so. */
static void
test_origin(void)
{
    static const struct {
        SpColourTags tags;
        Icc icc;
        SpColourOrigin origin;
    } cases[] = {
        {{.cicp = P3, .nclx = PQ}, ICC_GAMMA, SP_ORIGIN_CICP},
        {{.cicp = REC2020, .nclx = PQ}, ICC_GAMMA, SP_ORIGIN_NCLX},
        {{.nclx = P3, .srgb = TRUE}, ICC_GAMMA, SP_ORIGIN_ICC},
        {{.gamma = 45455}, ICC_SRGB, SP_ORIGIN_ICC},
        {{.nclx = P3, .srgb = TRUE}, ICC_BROKEN, SP_ORIGIN_NCLX},
        {{.srgb = TRUE, .gamma = 55556}, ICC_BROKEN, SP_ORIGIN_SRGB},
        {{.gamma = 55556, .adobe_rgb = TRUE}, ICC_GREY, SP_ORIGIN_GAMMA},
        {{.has_chroma = TRUE, .adobe_rgb = TRUE}, NO_ICC, SP_ORIGIN_EXIF},
        {{.nclx = UNSPECIFIED}, ICC_BROKEN, SP_ORIGIN_NOTHING},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) icc = icc_of(cases[i].icc);
        SpColourTags tags = cases[i].tags;
        tags.icc = icc;
        SpColourSource source = {.form = {SP_MODEL_RGB, FALSE, 1, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        SpColourOrigin origin = SP_ORIGIN_COUNT;
        sp_colour_free(sp_colour_find(&tags, &source, &colour, &origin));
        g_assert_cmpuint(origin, ==, cases[i].origin);
    }
}

/* Nothing but a profile of CMYK says anything of CMYK. */
static void
test_cmyk(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(GBytes) icc = icc_of(orders[i].icc);
        SpColourTags tags = orders[i].tags;
        tags.icc = icc;
        SpColourSource source = {.form = {SP_MODEL_CMYK, FALSE, 1, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, SP_COLOUR_CMYK);
        g_auto(SpPicture) picture = {0};
        g_assert_true(sp_picture_init(&picture, 4, 2, source.form, NULL));
        for (guint p = 0; p < 4; p++)
            memset(picture.planes[p].data, p == 0 ? 0 : 255, picture.planes[p].stride * 2);
        g_assert_true(sp_colour_convert(found, &picture, NULL));
        Colour cyan = shown(&picture, 1, 1);
        g_assert_cmpfloat(fabs(cyan.v[0]) + fabs(cyan.v[1] - 255) + fabs(cyan.v[2] - 255), <,
                          4);
    }
}

/* ---- what they mean -------------------------------------------------------------------------
 */

typedef struct {
    const char *name;
    SpColourTags tags;
    SpColour colour;
    Space space;
    double gamma; /* 0: sRGB's curve */
} Meaning;

#define C .310, .316
#define D65 .3127, .3290
#define POINTS(primaries, transfer)                                                            \
    {                                                                                          \
        .nclx = { TRUE, primaries, transfer, 6, TRUE }                                         \
    }

static const Meaning meanings[] = {
    {"470M", POINTS(4, 4), SP_COLOUR_PROFILE, {C, .67, .33, .21, .71, .14, .08}, 2.2},
    {"470BG", POINTS(5, 5), SP_COLOUR_PROFILE, {D65, .64, .33, .29, .60, .15, .06}, 2.8},
    {"601", POINTS(6, 6), SP_COLOUR_PROFILE, {D65, .63, .34, .31, .595, .155, .07}, 0},
    {"240M", POINTS(7, 7), SP_COLOUR_PROFILE, {D65, .63, .34, .31, .595, .155, .07}, 0},
    {"film", POINTS(8, 13), SP_COLOUR_PROFILE, {C, .681, .319, .243, .692, .145, .049}, 0},
    {"2020", POINTS(9, 14), SP_COLOUR_REC2020, {D65, .708, .292, .17, .797, .131, .046}, 0},
    {"2020 12 bits",
     POINTS(9, 15),
     SP_COLOUR_REC2020,
     {D65, .708, .292, .17, .797, .131, .046},
     0},
    {"XYZ", POINTS(10, 17), SP_COLOUR_PROFILE, {1 / 3.0, 1 / 3.0, 1, 0, 0, 1, 0, 0}, 2.6},
    {"DCI P3",
     POINTS(11, 17),
     SP_COLOUR_PROFILE,
     {.314, .351, .68, .32, .265, .69, .15, .06},
     2.6},
    {"Display P3",
     POINTS(12, 13),
     SP_COLOUR_DISPLAY_P3,
     {D65, .68, .32, .265, .69, .15, .06},
     0},
    {"EBU 3213", POINTS(22, 1), SP_COLOUR_PROFILE, {D65, .63, .34, .295, .605, .155, .077}, 0},
    {"linear", POINTS(1, 8), SP_COLOUR_PROFILE, {D65, .64, .33, .30, .60, .15, .06}, 1},
    {"unspecified primaries",
     POINTS(2, 4),
     SP_COLOUR_PROFILE,
     {D65, .64, .33, .30, .60, .15, .06},
     2.2},
    {"unspecified curve",
     POINTS(9, 2),
     SP_COLOUR_REC2020,
     {D65, .708, .292, .17, .797, .131, .046},
     0},
    {"no such primaries",
     POINTS(255, 8),
     SP_COLOUR_PROFILE,
     {D65, .64, .33, .30, .60, .15, .06},
     1},
    {"reserved primaries",
     POINTS(3, 8),
     SP_COLOUR_PROFILE,
     {D65, .64, .33, .30, .60, .15, .06},
     1},
    {"gAMA 1.8", {.gamma = 55556}, SP_COLOUR_PROFILE, {D65, .64, .33, .30, .60, .15, .06}, 1.8},
    {"gAMA 1", {.gamma = 100000}, SP_COLOUR_PROFILE, {D65, .64, .33, .30, .60, .15, .06}, 1},
    {"gAMA and a wide cHRM",
     {.gamma = 55556,
      .has_chroma = TRUE,
      .chroma = {34570, 35850, 73470, 26527, 15960, 84040, 3660, 11}},
     SP_COLOUR_PROFILE,
     {.3457, .3585, .7347, .26527, .1596, .8404, .0366, .00011},
     1.8},
    {"gAMA 2.2 and P3's cHRM",
     {.gamma = 45455,
      .has_chroma = TRUE,
      .chroma = {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000}},
     SP_COLOUR_PROFILE,
     {D65, .68, .32, .265, .69, .15, .06},
     100000.0 / 45455},
    {"R03",
     {.adobe_rgb = TRUE},
     SP_COLOUR_ADOBE_RGB,
     {D65, .64, .33, .21, .71, .15, .06},
     563.0 / 256},
};

static void
test_meaning(gconstpointer data)
{
    const Meaning *meaning = data;
    /* 8 bits: rounded to R, G, B twice on the way, and a bit more by littleCMS */
    static const double allowed[] = {1.1, 0.55};
    for (guint bytes = 1; bytes <= 2; bytes++) {
        SpColourSource source = {.form = {SP_MODEL_RGB, FALSE, bytes, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        Colour samples[PATCHES], expected[PATCHES];
        for (guint i = 0; i < PATCHES; i++)
            for (guint k = 0; k < 3; k++)
                samples[i].v[k] = expected[i].v[k] = round(patch_at(i).v[k] * 255) / 255;
        g_autoptr(SpColourConversion) found =
            sp_colour_find(&meaning->tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, meaning->colour);
        cmsToneCurve *curve =
            meaning->gamma == 0 ? curve_srgb() : cmsBuildGamma(NULL, meaning->gamma);
        reference_convert(space_profile(meaning->space, curve), FALSE, expected, PATCHES);
        g_auto(SpPicture) picture = {0};
        fill(&picture, source.form, samples, NULL, PATCHES);
        g_assert_true(sp_colour_convert(found, &picture, NULL));
        double most = most_apart(&picture, expected);
        g_test_message("%u bits: %.3f", bytes * 8, most);
        g_assert_cmpfloat(most, <=, allowed[bytes - 1]);
    }
}

/* Grey has no primaries: the curve alone. */
static void
test_grey(void)
{
    static const struct {
        SpColourTags tags;
        double gamma; /* 0: plain */
    } greys[] = {
        {{.gamma = 55556}, 1.8},
        {{.gamma = 45455}, 0},
        {POINTS(9, 4), 2.2},
        {POINTS(9, 13), 0},
        {{.cicp = {TRUE, 12, 8, 0, TRUE}}, 1},
        {{.gamma = 55556, .has_chroma = TRUE, .chroma = CHROMA_ADOBE}, 1.8},
        {{.adobe_rgb = TRUE}, 0},
    };
    for (guint i = 0; i < 2 * G_N_ELEMENTS(greys); i++) {
        double gamma = greys[i / 2].gamma;
        SpColourSource source = {.form = {SP_MODEL_GREY, FALSE, 1 + i % 2, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        Colour samples[256], expected[256];
        for (guint k = 0; k < 256; k++) {
            samples[k] = (Colour){{k / 255.0, 0, 0}};
            double v = gamma == 0 ? k / 255.0 : reference_from_linear(pow(k / 255.0, gamma));
            expected[k] = (Colour){{v, v, v}};
        }
        g_autoptr(SpColourConversion) found =
            sp_colour_find(&greys[i / 2].tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, SP_COLOUR_GREY);
        g_assert_true((found != NULL) == (gamma != 0 || source.form.bytes == 2));
        g_auto(SpPicture) picture = {0};
        fill(&picture, source.form, samples, NULL, 256);
        g_assert_true(found == NULL || sp_colour_convert(found, &picture, NULL));
        check_form(&picture, SP_MODEL_GREY, FALSE);
        double most = most_apart(&picture, expected);
        g_test_message("gamma %.1f, %u bits: %.3f", gamma, 8 * source.form.bytes, most);
        g_assert_cmpfloat(most, <=, 0.6);
    }
}

/* ---- profiles -------------------------------------------------------------------------------
 */

/* A grey picture takes the one curve of an RGB profile; not one of three. */
static void
test_grey_with_rgb_profile(void)
{
    cmsToneCurve *same = cmsBuildGamma(NULL, 1.8), *other = cmsBuildGamma(NULL, 2.4);
    cmsToneCurve *three[3] = {same, same, other};
    cmsCIExyY white = {.3127, .3290, 1};
    cmsCIExyYTRIPLE primaries = {{.68, .32, 1}, {.265, .69, 1}, {.15, .06, 1}};
    g_autoptr(GBytes) uneven = profile_bytes(cmsCreateRGBProfile(&white, &primaries, three));
    cmsFreeToneCurve(other);
    g_autoptr(GBytes) even = profile_bytes(space_profile(space_p3, same));
    SpColourSource source = {.form = {SP_MODEL_GREY, FALSE, 1, 1}};
    SpColour colour = SP_COLOUR_COUNT;
    SpColourTags tags = {.icc = uneven};
    g_assert_null(sp_colour_find(&tags, &source, &colour, NULL));
    tags.icc = even;
    g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
    g_assert_nonnull(found);
    g_assert_cmpuint(colour, ==, SP_COLOUR_GREY);
    Colour samples[9], expected[9];
    for (guint i = 0; i < 9; i++) {
        double v = round(i / 8.0 * 255) / 255;
        samples[i] = expected[i] = (Colour){{v, v, v}};
    }
    g_autoptr(GBytes) again = g_bytes_ref(even);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(again, &n);
    reference_convert(cmsOpenProfileFromMem(bytes, (guint32)n), FALSE, expected, 9);
    g_auto(SpPicture) picture = {0};
    fill(&picture, source.form, samples, NULL, 9);
    g_assert_true(sp_colour_convert(found, &picture, NULL));
    g_assert_cmpfloat(most_apart(&picture, expected), <=, 1);
}

/* 16 bits through the profiles of files, with a matrix of our own. */
static void
test_profiles_of_16_bits(void)
{
    static const Space *const spaces[] = {&space_p3, &space_adobe, &space_prophoto,
                                          &space_bt2020};
    static const double gammas[] = {0, 1, 1.8, 2.4};
    for (guint i = 0; i < G_N_ELEMENTS(spaces) * G_N_ELEMENTS(gammas); i++) {
        double gamma = gammas[i % G_N_ELEMENTS(gammas)];
        cmsToneCurve *curve = gamma == 0 ? curve_srgb() : cmsBuildGamma(NULL, gamma);
        cmsHPROFILE profile = space_profile(*spaces[i / G_N_ELEMENTS(gammas)], curve);
        g_autoptr(GBytes) icc = profile_bytes(profile);
        SpColourTags tags = {.icc = icc};
        SpColourSource source = {.form = {SP_MODEL_RGB, FALSE, 2, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        Colour samples[PATCHES], expected[PATCHES];
        for (guint k = 0; k < PATCHES; k++)
            samples[k] = expected[k] = patch_at(k);
        gsize n = 0;
        const void *bytes = g_bytes_get_data(icc, &n);
        reference_convert(cmsOpenProfileFromMem(bytes, (guint32)n), FALSE, expected, PATCHES);
        g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
        g_auto(SpPicture) picture = {0};
        fill(&picture, source.form, samples, NULL, PATCHES);
        g_assert_true(sp_colour_convert(found, &picture, NULL));
        double most = most_apart(&picture, expected);
        g_test_message("%u: %.3f", i, most);
        g_assert_cmpfloat(most, <=, 0.6);
    }
}

/* Bytes changed at random may leave a profile: it must be used without a fault, in 16 bits. */
static void
test_damaged(void)
{
    g_autoptr(GBytes) rgb = profile_bytes(space_profile(space_p3, cmsBuildGamma(NULL, 2.4)));
    g_autoptr(GBytes) grey = icc_of(ICC_GREY);
    for (guint i = 0; i < 600; i++) {
        GBytes *icc = i % 2 ? rgb : grey;
        gsize n = g_bytes_get_size(icc);
        g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(icc, NULL), n);
        for (guint k = 0; k < 6; k++)
            copy[g_test_rand_int_range(k % 2 ? 128 : 0, (gint32)n)] =
                (guint8)g_test_rand_int_range(0, 256);
        g_autoptr(GBytes) damaged = g_bytes_new_static(copy, n);
        SpColourTags tags = {.icc = damaged};
        SpColourSource source = {
            .form = {i % 4 < 2 ? SP_MODEL_RGB : SP_MODEL_GREY, i % 8 < 4, 2, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, <, SP_COLOUR_COUNT);
        Colour samples[9];
        for (guint k = 0; k < 9; k++)
            samples[k] = (Colour){{k / 8.0, 0.5, 1 - k / 8.0}};
        g_auto(SpPicture) picture = {0};
        fill(&picture, source.form, samples, NULL, 9);
        g_assert_true(sp_colour_convert(found, &picture, NULL));
    }
}

/* A profile of ICC.1 4.4 that says by code points that it is HDR. */
static void
test_profile_with_points(void)
{
    static const guint8 transfers[] = {16, 18, 13};
    static const SpColour colours[] = {SP_COLOUR_PQ, SP_COLOUR_HLG, SP_COLOUR_PROFILE};
    for (guint i = 0; i < 3; i++) {
        guint8 tag[12] = {'c', 'i', 'c', 'p', 0, 0, 0, 0, 9, transfers[i], 0, 1};
        cmsHPROFILE profile = space_profile(space_bt2020, cmsBuildGamma(NULL, 2.4));
        g_assert_true(cmsWriteRawTag(profile, (cmsTagSignature)SP_FOURCC('c', 'i', 'c', 'p'),
                                     tag, sizeof tag));
        g_autoptr(GBytes) icc = profile_bytes(profile);
        SpColourTags tags = {.icc = icc};
        SpColourSource source = {.form = {SP_MODEL_YCC, FALSE, 1, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) found = sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_nonnull(found);
        g_assert_cmpuint(colour, ==, colours[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autofree char *path = g_strdup_printf("/colour-profile/order/%s", orders[i].name);
        g_test_add_data_func(path, &orders[i], test_order);
    }
    for (guint i = 0; i < G_N_ELEMENTS(meanings); i++) {
        g_autofree char *path = g_strdup_printf("/colour-profile/means/%s", meanings[i].name);
        g_test_add_data_func(path, &meanings[i], test_meaning);
    }
    g_test_add_func("/colour-profile/origin", test_origin);
    g_test_add_func("/colour-profile/cmyk", test_cmyk);
    g_test_add_func("/colour-profile/grey", test_grey);
    g_test_add_func("/colour-profile/grey-with-rgb-profile", test_grey_with_rgb_profile);
    g_test_add_func("/colour-profile/16-bits", test_profiles_of_16_bits);
    g_test_add_func("/colour-profile/damaged", test_damaged);
    g_test_add_func("/colour-profile/with-points", test_profile_with_points);
    return g_test_run();
}
