/* SPDX-License-Identifier: MIT */
/* test-colour-rows.c -- every matrix, range and width of sample, and alpha, against H.273's
 * equations. The colours are sRGB throughout. */
#include "colour-patches.h"

#define ROUNDING 0.52 /* once to 8 bits, and a little for 16 */

typedef struct {
    guint matrix;
    gboolean full_range;
    guint bytes, bits;
    gboolean jfif; /* nothing to do */
    double red, blue;
} Mix;

static const Mix mixes[] = {
    {2, TRUE, 1, 8, TRUE, .299, .114},      {5, TRUE, 1, 8, TRUE, .299, .114},
    {6, TRUE, 1, 8, TRUE, .299, .114},      {6, FALSE, 1, 8, FALSE, .299, .114},
    {2, FALSE, 1, 8, FALSE, .299, .114},    {5, FALSE, 1, 8, FALSE, .299, .114},
    {1, TRUE, 1, 8, FALSE, .2126, .0722},   {1, FALSE, 1, 8, FALSE, .2126, .0722},
    {9, TRUE, 1, 8, FALSE, .2627, .0593},   {9, FALSE, 1, 8, FALSE, .2627, .0593},
    {4, FALSE, 1, 8, FALSE, .30, .11},      {7, FALSE, 1, 8, FALSE, .212, .087},
    {6, TRUE, 2, 10, FALSE, .299, .114},    {6, FALSE, 2, 10, FALSE, .299, .114},
    {1, TRUE, 2, 10, FALSE, .2126, .0722},  {1, FALSE, 2, 10, FALSE, .2126, .0722},
    {9, FALSE, 2, 10, FALSE, .2627, .0593}, {9, FALSE, 2, 12, FALSE, .2627, .0593},
    {9, TRUE, 2, 12, FALSE, .2627, .0593},  {1, FALSE, 2, 16, FALSE, .2126, .0722},
    {6, TRUE, 2, 8, FALSE, .299, .114},
};

/* A sample of so many bits as a plane has it, 0 to 1: what is in front comes again behind. */
static double
as_stored(guint sample, const Mix *mix)
{
    if (mix->bytes == 1)
        return sample / 255.0;
    guint left = 16 - mix->bits;
    guint v = sample << left | sample >> (mix->bits >= left ? mix->bits - left : 0);
    return (mix->bits == 8 ? sample * 257 : v) / 65535.0;
}

/* H.273, 8.3: E'Y, E'PB, E'PR to samples. */
static guint
quantised(double e, gboolean chroma, const Mix *mix)
{
    double most = (1U << mix->bits) - 1, eighth = 1U << (mix->bits - 8);
    double v = mix->full_range ? e * most + (chroma ? 128 * eighth : 0)
                               : ((chroma ? 224 : 219) * e + (chroma ? 128 : 16)) * eighth;
    return (guint)lround(CLAMP(v, 0, most));
}

/* Back, from the samples: what R', G', B' they say. */
static Colour
unmixed(const guint samples[3], const Mix *mix)
{
    double most = (1U << mix->bits) - 1, eighth = 1U << (mix->bits - 8), e[3];
    for (guint i = 0; i < 3; i++) {
        double middle = i > 0 ? 128 * eighth : mix->full_range ? 0 : 16 * eighth;
        double range = mix->full_range ? most : (i > 0 ? 224 : 219) * eighth;
        e[i] = (samples[i] - middle) / range;
    }
    double r = e[0] + 2 * (1 - mix->red) * e[2], b = e[0] + 2 * (1 - mix->blue) * e[1];
    return (Colour){{r, (e[0] - mix->red * r - mix->blue * b) / (1 - mix->red - mix->blue), b}};
}

static void
make_mix(const Mix *mix, Colour *planes, Colour *expected)
{
    for (guint i = 0; i < PATCHES; i++) {
        Colour rgb = patch_at(i);
        double y =
            mix->red * rgb.v[0] + mix->blue * rgb.v[2] + (1 - mix->red - mix->blue) * rgb.v[1];
        double e[3] = {y, (rgb.v[2] - y) / (2 - 2 * mix->blue),
                       (rgb.v[0] - y) / (2 - 2 * mix->red)};
        guint samples[3];
        for (guint k = 0; k < 3; k++) {
            samples[k] = quantised(e[k], k > 0, mix);
            planes[i].v[k] = as_stored(samples[k], mix);
        }
        expected[i] = unmixed(samples, mix);
    }
}

static void
test_mixes(void)
{
    const SpColourTags tags = {0};
    for (guint i = 0; i < G_N_ELEMENTS(mixes); i++) {
        const Mix *mix = &mixes[i];
        SpColourSource source = {{SP_MODEL_YCC, FALSE, mix->bytes, 1},
                                 {TRUE, 1, 13, mix->matrix, mix->full_range},
                                 mix->bits == 10 ? 0 : mix->bits};
        SpColour colour = SP_COLOUR_COUNT;
        Colour planes[PATCHES], expected[PATCHES];
        g_auto(SpPicture) picture = {0};
        g_autoptr(SpColourConversion) conversion =
            sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, SP_COLOUR_SRGB);
        g_assert_true((conversion == NULL) == mix->jfif);
        make_mix(mix, planes, expected);
        fill(&picture, source.form, planes, NULL, PATCHES);
        if (conversion != NULL)
            g_assert_true(sp_colour_convert(conversion, &picture, NULL));
        check_form(&picture, SP_MODEL_YCC, FALSE);
        double most = most_apart(&picture, expected);
        g_test_message("matrix %u, %s range, %u bits: %.3f", mix->matrix,
                       mix->full_range ? "full" : "limited", mix->bits, most);
        /* where nothing is done, colours that no R, G, B has stay what they are */
        g_assert_cmpfloat(most, <=, mix->jfif ? 1.2 : ROUNDING);
    }
}

/* Without code points: JFIF's. */
static void
test_no_points(void)
{
    const SpColourTags tags = {0};
    for (guint bytes = 1; bytes <= 2; bytes++) {
        SpColourSource source = {{SP_MODEL_YCC, FALSE, bytes, 1}, .bits = bytes == 1 ? 8 : 16};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) conversion =
            sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_true((conversion == NULL) == (bytes == 1));
        const Mix mix = {2, TRUE, bytes, source.bits, FALSE, .299, .114};
        Colour planes[PATCHES], expected[PATCHES];
        g_auto(SpPicture) picture = {0};
        make_mix(&mix, planes, expected);
        fill(&picture, source.form, planes, NULL, PATCHES);
        g_assert_true(conversion == NULL || sp_colour_convert(conversion, &picture, NULL));
        g_assert_cmpfloat(most_apart(&picture, expected), <=, bytes == 1 ? 1.2 : ROUNDING);
    }
}

/* Matrix 0: the planes are G, B, R. Matrix 8: Y, Cg, Co. */
static void
test_other_mixes(void)
{
    const SpColourTags tags = {0};
    for (guint matrix = 0; matrix <= 8; matrix += 8)
        for (guint limited = 0; limited < 2; limited++) {
            SpColourSource source = {
                {SP_MODEL_YCC, FALSE, 2, 1}, {TRUE, 1, 13, matrix, !limited}, 16};
            SpColour colour = SP_COLOUR_COUNT;
            Colour planes[PATCHES], expected[PATCHES];
            g_auto(SpPicture) picture = {0};
            const Mix mix = {.full_range = !limited, .bytes = 2, .bits = 16};
            for (guint i = 0; i < PATCHES; i++) {
                Colour c = expected[i] = patch_at(i);
                double r = c.v[0], g = c.v[1], b = c.v[2];
                double e[2][3] = {
                    {g, b, r},
                    {.25 * r + .5 * g + .25 * b, -.25 * r + .5 * g - .25 * b, .5 * r - .5 * b}};
                for (guint k = 0; k < 3; k++)
                    planes[i].v[k] =
                        quantised(e[matrix / 8][k], matrix == 8 && k > 0, &mix) / 65535.0;
            }
            g_autoptr(SpColourConversion) conversion =
                sp_colour_find(&tags, &source, &colour, NULL);
            fill(&picture, source.form, planes, NULL, PATCHES);
            g_assert_true(sp_colour_convert(conversion, &picture, NULL));
            g_assert_cmpfloat(most_apart(&picture, expected), <=, ROUNDING);
        }
}

typedef struct {
    SpForm form;
    gboolean limited; /* GREY: by the decoder's code points; RGB: by cICP */
    gboolean converts;
} Plain;

static const Plain plains[] = {
    {{SP_MODEL_RGB, FALSE, 1, 1}, FALSE, TRUE},   {{SP_MODEL_RGB, FALSE, 2, 1}, FALSE, TRUE},
    {{SP_MODEL_RGB, FALSE, 1, 1}, TRUE, TRUE},    {{SP_MODEL_RGB, FALSE, 2, 1}, TRUE, TRUE},
    {{SP_MODEL_GREY, FALSE, 1, 1}, FALSE, FALSE}, {{SP_MODEL_GREY, FALSE, 2, 1}, FALSE, TRUE},
    {{SP_MODEL_GREY, FALSE, 1, 1}, TRUE, TRUE},   {{SP_MODEL_GREY, FALSE, 2, 1}, TRUE, TRUE},
    {{SP_MODEL_RGB, TRUE, 2, 1}, FALSE, TRUE},    {{SP_MODEL_GREY, TRUE, 2, 1}, FALSE, TRUE},
    {{SP_MODEL_RGB, TRUE, 2, 1}, TRUE, TRUE},     {{SP_MODEL_GREY, TRUE, 2, 1}, TRUE, TRUE},
};

/* R, G, B and grey of 8 and 16 bits, with alpha (all of it full) and without. */
static void
test_plain(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(plains); i++) {
        const Plain *plain = &plains[i];
        SpForm form = plain->form;
        gboolean grey = form.model == SP_MODEL_GREY;
        SpCodePoints narrow = {TRUE, 1, 13, 0, FALSE};
        SpColourTags tags = {0};
        SpColourSource source = {.form = form};
        SpColour colour = SP_COLOUR_COUNT;
        Colour samples[PATCHES], expected[PATCHES];
        if (plain->limited)
            *(grey ? &source.ycc : &tags.cicp) = narrow;
        for (guint k = 0; k < PATCHES; k++)
            for (guint c = 0; c < 3; c++) {
                guint most = form.bytes == 1 ? 255 : 1023;
                double v = grey ? k / (PATCHES - 1.0) : patch_at(k).v[c];
                double eighth = (most + 1) / 256.0;
                double low = plain->limited ? 16 * eighth : 0;
                double range = plain->limited ? 219 * eighth : most;
                double sample = round(v * range + low);
                samples[k].v[c] = sample / most;
                expected[k].v[c] = (sample - low) / range;
            }
        g_autoptr(SpColourConversion) conversion =
            sp_colour_find(&tags, &source, &colour, NULL);
        g_assert_cmpuint(colour, ==, grey ? SP_COLOUR_GREY : SP_COLOUR_SRGB);
        g_assert_true((conversion != NULL) == plain->converts);
        g_auto(SpPicture) picture = {0};
        fill(&picture, form, samples, NULL, PATCHES);
        g_assert_true(conversion == NULL || sp_colour_convert(conversion, &picture, NULL));
        check_form(&picture, grey && !form.alpha ? SP_MODEL_GREY : SP_MODEL_YCC, form.alpha);
        double most = most_apart(&picture, expected);
        g_test_message("%u: %.3f", i, most);
        g_assert_cmpfloat(most, <=, ROUNDING);
    }
}

/* 8 bits a sample, as R, G, B in planes of 8 and of 16: the same bytes, or by a half. */
static void
test_widths_agree(void)
{
    const SpColourTags tags = {0};
    SpPicture pictures[2] = {{0}, {0}};
    guint different = 0;
    for (guint i = 0; i < 2; i++) {
        SpColourSource source = {.form = {SP_MODEL_RGB, FALSE, i + 1, 1}};
        SpColour colour = SP_COLOUR_COUNT;
        Colour samples[PATCHES];
        for (guint k = 0; k < PATCHES; k++)
            for (guint c = 0; c < 3; c++)
                samples[k].v[c] = round(patch_at(k).v[c] * 255) / 255;
        g_autoptr(SpColourConversion) conversion =
            sp_colour_find(&tags, &source, &colour, NULL);
        fill(&pictures[i], source.form, samples, NULL, PATCHES);
        g_assert_true(sp_colour_convert(conversion, &pictures[i], NULL));
    }
    for (guint p = 0; p < 3; p++)
        for (guint x = 0; x < PATCHES; x++) {
            guint a = pictures[0].planes[p].data[x], b = pictures[1].planes[p].data[x];
            g_assert_cmpuint(MAX(a, b) - MIN(a, b), <=, 1);
            different += a != b;
        }
    g_test_message("%u of %u differ", different, 3 * PATCHES);
    g_assert_cmpuint(different, <, 3 * PATCHES / 20); /* 8 bits have a shorter factor */
    sp_picture_clear(&pictures[0]);
    sp_picture_clear(&pictures[1]);
}

/* ---- alpha --------------------------------------------------------------------------------
 */

static void
check_alpha(SpModel model, GBytes *icc, const SpCodePoints *cicp)
{
    static const guint16 alphas[] = {65535, 65534, 65407, 65406, 32896, 32768, 5000,
                                     257,   129,   128,   127,   1,     0};
    enum { N = 65 }; /* rows of 192 bytes become such of 128 */
    SpColourTags tags = {.icc = icc, .cicp = *cicp};
    SpColourSource source = {.form = {model, TRUE, 2, 1}};
    SpColour colour = SP_COLOUR_COUNT;
    Colour samples[N], straight[N];
    double alpha[N];
    for (guint i = 0; i < N; i++) {
        static const Colour some[] = {
            {{1, 0, 0}}, {{0, 0, 1}}, {{.2, .5, .8}}, {{1, 1, 1}}, {{0, 0, 0}}};
        straight[i] = samples[i] = some[i % G_N_ELEMENTS(some)];
        if (model == SP_MODEL_GREY)
            samples[i].v[1] = samples[i].v[2] = straight[i].v[1] = straight[i].v[2] =
                samples[i].v[0];
        guint step = i / G_N_ELEMENTS(some);
        alpha[i] = alphas[step] / 65535.0;
    }
    g_auto(SpPicture) picture = {0}, opaque = {0};
    g_autoptr(SpColourConversion) conversion = sp_colour_find(&tags, &source, &colour, NULL);
    g_assert_nonnull(conversion);
    fill(&picture, source.form, samples, alpha, N);
    fill(&opaque, source.form, straight, NULL, N);
    g_assert_true(sp_colour_convert(conversion, &picture, NULL));
    g_assert_true(sp_colour_convert(conversion, &opaque, NULL));
    check_form(&picture, SP_MODEL_YCC, TRUE);
    for (guint y = 0; y < ROWS; y++)
        for (guint x = 0; x < N; x++) {
            guint8 v[4], o[4];
            for (guint i = 0; i < 4; i++) {
                v[i] = picture.planes[i].data[picture.planes[i].stride * y + x];
                o[i] = opaque.planes[i].data[opaque.planes[i].stride * y + x];
            }
            g_assert_cmpuint(v[3], ==, (guint)lround(alpha[x] * 255));
            g_assert_cmpuint(o[3], ==, 255);
            if (v[3] == 0) {
                g_assert_cmpuint(v[0], ==, 255);
                g_assert_cmpuint(v[1], ==, 128);
                g_assert_cmpuint(v[2], ==, 128);
            }
            /* premultiplied by a small alpha, little of the colour is left */
            for (guint i = 0; alpha[x] > 0.05 && i < 3; i++)
                g_assert_cmpint(abs(v[i] - o[i]), <=, 1);
        }
}

static void
test_alpha(void)
{
    static const SpCodePoints none = {0}, p3 = {TRUE, 12, 13, 0, TRUE},
                              pq = {TRUE, 9, 16, 0, TRUE};
    g_autoptr(GBytes) icc = profile_bytes(space_profile(space_p3, curve_srgb()));
    for (guint i = 0; i < 2; i++) {
        SpModel model = i == 0 ? SP_MODEL_RGB : SP_MODEL_GREY;
        check_alpha(model, NULL, &none);
        check_alpha(model, icc, &none);
        check_alpha(model, NULL, &p3);
        check_alpha(model, NULL, &pq);
    }
}

/* Weighed by alpha; where that is full, the bytes are those of a picture without. */
static void
test_subsample_with_alpha(void)
{
    static const guint8 colours[15] = {10, 200, 30, 40,  50, 61, 72, 83,
                                       94, 105, 7,  250, 90, 12, 33};
    static const guint8 alphas[15] = {255, 0, 255, 255, 0,   255, 0, 10,
                                      245, 0, 0,   0,   128, 127, 1};
    static const guint8 opaque[15] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255};
    const guint8 *const cases[] = {alphas, opaque};
    for (guint c = 0; c < 2; c++) {
        g_auto(SpPicture) picture = {0}, bare = {0};
        SpForm form = {SP_MODEL_YCC, TRUE, 1, 1}, without = {SP_MODEL_YCC, FALSE, 1, 1};
        g_assert_true(sp_picture_init(&picture, 5, 3, form, NULL));
        g_assert_true(sp_picture_init(&bare, 5, 3, without, NULL));
        for (guint i = 0; i < 15; i++)
            for (guint p = 0; p < 4; p++) {
                guint8 v = p == 3 ? cases[c][i] : p == 2 ? 255 - colours[i] : colours[i];
                picture.planes[p].data[picture.planes[p].stride * (i / 5) + i % 5] = v;
                if (p < 3)
                    bare.planes[p].data[bare.planes[p].stride * (i / 5) + i % 5] = v;
            }
        g_assert_true(sp_colour_subsample(&picture, NULL));
        g_assert_true(sp_colour_subsample(&bare, NULL));
        g_assert_cmpuint(picture.sub, ==, 2);
        g_assert_cmpuint(picture.planes[3].width, ==, 5);
        for (guint i = 0; i < 6; i++) {
            guint x = i % 3, y = i / 3;
            guint found = picture.planes[1].data[picture.planes[1].stride * y + x];
            double sum = 0, weight = 0;
            for (guint k = 0; k < 4; k++) {
                guint at = MIN(2 * y + k / 2, 2) * 5 + MIN(2 * x + k % 2, 4);
                sum += (double)cases[c][at] * colours[at];
                weight += cases[c][at];
            }
            g_assert_cmpfloat(fabs(found - (weight == 0 ? 128 : sum / weight)), <=, 0.5);
            if (c == 1)
                g_assert_cmpuint(found, ==, bare.planes[1].data[bare.planes[1].stride * y + x]);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/colour-rows/mixes", test_mixes);
    g_test_add_func("/colour-rows/no-points", test_no_points);
    g_test_add_func("/colour-rows/other-mixes", test_other_mixes);
    g_test_add_func("/colour-rows/plain", test_plain);
    g_test_add_func("/colour-rows/widths-agree", test_widths_agree);
    g_test_add_func("/colour-rows/alpha", test_alpha);
    g_test_add_func("/colour-rows/subsample-with-alpha", test_subsample_with_alpha);
    return g_test_run();
}
