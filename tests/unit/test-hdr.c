/* SPDX-License-Identifier: MIT */
/* test-hdr.c -- PQ and HLG come out as a good picture for a page.
 *
 * Light goes the standards' way to a coded sample (ST 2084, BT.2100: written anew, in the other
 * direction), and must come out as what hdr.h says. */
#include "colour-patches.h"
#include "render/hdr.h"

#define WHITE 203.0

/* ---- formulas -----------------------------------------------------------------------------
 */

/* ST 2084, 5.2 */
static double
pq_of(double nits)
{
    double y = pow(nits / 10000, 0.1593017578125);
    return pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), 78.84375);
}

/* BT.2100, table 5 */
static double
hlg_of(double e)
{
    return e <= 1 / 12.0 ? sqrt(3 * e) : 0.17883277 * log(12 * e - 0.28466892) + 0.55991073;
}

typedef struct {
    guint transfer, primaries;
} Kind;

static const Kind pq = {16, 9}, hlg = {18, 9}, pq_p3 = {16, 12}, pq_709 = {16, 1},
                  hlg_709 = {18, 1};

static void
luminance_of(const Kind *kind, double ret[3])
{
    static const double shares[3][3] = {
        {.2627, .6780, .0593}, {.2290, .6917, .0793}, {.2126, .7152, .0722}};
    memcpy(ret,
           shares[kind->primaries == 9    ? 0
                  : kind->primaries == 12 ? 1
                                          : 2],
           sizeof shares[0]);
}

/* From light on the display, in cd/m2, linear R, G, B of the primaries. */
static Colour
coded(const Kind *kind, Colour nits)
{
    double y = 0, shares[3];
    luminance_of(kind, shares);
    for (guint i = 0; i < 3; i++)
        y += shares[i] * nits.v[i] / 1000;
    Colour out;
    for (guint i = 0; i < 3; i++) {
        double scene = y == 0 ? 0 : nits.v[i] / 1000 * pow(y, 1 / 1.2 - 1);
        out.v[i] = kind->transfer == 16 ? pq_of(nits.v[i]) : hlg_of(scene);
    }
    return out;
}

static Colour
grey_of(double nits)
{
    return (Colour){{nits, nits, nits}};
}

/* n colours of nits each, through sp_colour_convert(). model: RGB, GREY, or YCC by BT.2020 of
 * limited range. */
static void
render(const Kind *kind, SpModel model, guint bytes, const Colour *nits, guint n,
       SpPicture *picture)
{
    SpColourTags tags = {.nclx = {TRUE, kind->primaries, kind->transfer, 9, FALSE}};
    SpColourSource source = {.form = {model, FALSE, bytes, 1}};
    SpColour colour = SP_COLOUR_COUNT;
    g_autofree Colour *samples = g_new0(Colour, n);
    for (guint i = 0; i < n; i++) {
        Colour c = samples[i] = coded(kind, nits[i]);
        double y = .2627 * c.v[0] + .6780 * c.v[1] + .0593 * c.v[2];
        double e[3] = {y, (c.v[2] - y) / 1.8814, (c.v[0] - y) / 1.4746};
        if (model == SP_MODEL_YCC)
            for (guint k = 0; k < 3; k++)
                samples[i].v[k] = (k == 0 ? 64 + 876 * e[0] : 512 + 896 * e[k]) / 1023;
    }
    source.ycc = tags.nclx;
    source.ycc.present = model == SP_MODEL_YCC;
    g_autoptr(SpColourConversion) conversion = sp_colour_find(&tags, &source, &colour, NULL);
    g_assert_nonnull(conversion);
    g_assert_cmpuint(colour, ==, kind->transfer == 16 ? SP_COLOUR_PQ : SP_COLOUR_HLG);
    fill(picture, source.form, samples, NULL, n);
    g_assert_true(sp_colour_convert(conversion, picture, NULL));
    check_form(picture, model == SP_MODEL_GREY ? SP_MODEL_GREY : SP_MODEL_YCC, FALSE);
}

/* ---- what stays as it is --------------------------------------------------------------------
 */

typedef struct {
    const Kind *kind;
    SpModel model;
    guint bytes;
    double allowed;
} Way;

/* 8 bits are coarse for PQ: a step is one in a hundred of light. */
static const Way ways[] = {
    {&pq, SP_MODEL_RGB, 2, 0.6},    {&hlg, SP_MODEL_RGB, 2, 0.6},
    {&pq, SP_MODEL_YCC, 2, 0.6},    {&hlg, SP_MODEL_YCC, 2, 0.6},
    {&pq, SP_MODEL_GREY, 2, 0.6},   {&hlg, SP_MODEL_GREY, 2, 0.6},
    {&pq_p3, SP_MODEL_RGB, 2, 0.6}, {&pq_709, SP_MODEL_RGB, 2, 0.6},
    {&pq, SP_MODEL_RGB, 1, 3},      {&hlg, SP_MODEL_RGB, 1, 2},
};

/* A picture with nothing brighter than white: sRGB's curve alone, 203 cd/m2 is 255. */
static void
test_no_brighter_than_white(void)
{
    static const double parts[] = {0, 0.001, 0.01, 0.05, 0.1, 0.18, 0.3, 0.5, 0.7, 0.9, 1};
    enum { N = G_N_ELEMENTS(parts) };
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        Colour nits[N], expected[N];
        g_auto(SpPicture) picture = {0};
        for (guint k = 0; k < N; k++) {
            nits[k] = grey_of(parts[k] * WHITE);
            expected[k] = grey_of(reference_from_linear(parts[k]));
        }
        render(ways[i].kind, ways[i].model, ways[i].bytes, nits, N, &picture);
        double most = most_apart(&picture, expected);
        g_test_message("%u: %.3f", i, most);
        g_assert_cmpfloat(most, <=, ways[i].allowed);
        g_assert_cmpuint(picture.planes[0].data[N - 1], >=, ways[i].bytes == 2 ? 255 : 253);
    }
}

/* Colours of sRGB, dark or bright up to white, come out as they are, whatever they came in. */
static void
test_colours_of_srgb(void)
{
    /* IEC 61966-2-1 to ITU-R BT.2020, linear: ITU-R BT.2087, M2 */
    static const double m[3][3] = {
        {.6274, .3293, .0433}, {.0691, .9195, .0114}, {.0164, .0880, .8956}};
    const Kind *const kinds[] = {&pq, &hlg, &pq_709, &hlg_709};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Colour nits[PATCHES], expected[PATCHES];
        g_auto(SpPicture) picture = {0};
        for (guint k = 0; k < PATCHES; k++) {
            Colour linear = expected[k] = patch_at(k);
            for (guint c = 0; c < 3; c++)
                linear.v[c] = WHITE * reference_to_linear(linear.v[c]);
            nits[k] = linear;
            for (guint c = 0; kinds[i]->primaries == 9 && c < 3; c++)
                nits[k].v[c] =
                    m[c][0] * linear.v[0] + m[c][1] * linear.v[1] + m[c][2] * linear.v[2];
        }
        render(kinds[i], SP_MODEL_RGB, 2, nits, PATCHES, &picture);
        double most = most_apart(&picture, expected);
        g_test_message("%u: %.3f", i, most);
        g_assert_cmpfloat(most, <=, 1); /* the matrix has four digits */
    }
}

/* ---- what is brighter -----------------------------------------------------------------------
 */

/* A ramp from black to the peak: rises everywhere, neutral, its peak is white; the lower half
 * of white's light is untouched, white itself not dimmed below 224; 18 % grey is where it was.
 */
static void
check_ramp(const Kind *kind, double peak)
{
    enum { N = 2000 };
    g_autofree Colour *nits = g_new(Colour, N);
    g_auto(SpPicture) picture = {0};
    double before = 0, at_white = 0, untouched = 0;
    for (guint i = 0; i < N; i++)
        nits[i] = grey_of(peak * pow(i / (N - 1.0), 2));
    render(kind, SP_MODEL_RGB, 2, nits, N, &picture);
    for (guint i = 0; i < N; i++) {
        Colour c = shown(&picture, i, 1);
        g_assert_cmpfloat(fabs(c.v[0] - c.v[1]), <=, 1);
        g_assert_cmpfloat(fabs(c.v[2] - c.v[1]), <=, 1);
        g_assert_cmpfloat(c.v[1], >=, before);
        before = c.v[1];
        double part = nits[i].v[0] / WHITE;
        if (part <= 1)
            at_white = c.v[1];
        if (part <= 0.5)
            untouched = MAX(untouched, fabs(c.v[1] - 255 * reference_from_linear(part)));
    }
    g_test_message("peak %.0f: white is %.0f, the lower half off by %.2f", peak, at_white,
                   untouched);
    g_assert_cmpfloat(before, >=, 254);
    g_assert_cmpfloat(at_white, >=, 224);
    g_assert_cmpfloat(untouched, <=, 0.6);
    if (peak > 1.5 * WHITE) /* room was made */
        g_assert_cmpfloat(at_white, <=, 245);
}

static void
test_ramps(void)
{
    static const double peaks[] = {203, 205, 240, 400, 1000, 4000, 10000};
    for (guint i = 0; i < G_N_ELEMENTS(peaks); i++) {
        check_ramp(&pq, peaks[i]);
        if (peaks[i] <= 1000)
            check_ramp(&hlg, peaks[i]);
    }
    Colour dark = grey_of(100); /* not made brighter */
    g_auto(SpPicture) picture = {0};
    render(&pq, SP_MODEL_RGB, 2, &dark, 1, &picture);
    g_assert_cmpfloat(
        fabs(shown(&picture, 0, 0).v[1] - 255 * reference_from_linear(100 / WHITE)), <=, 0.6);
}

/* The brightest pixels of a picture, if they are few, do not dim all others. */
static void
test_glint(void)
{
    enum { N = 3000 };
    g_autofree Colour *nits = g_new(Colour, N);
    for (guint few = 0; few < 2; few++) {
        g_auto(SpPicture) picture = {0};
        for (guint i = 0; i < N; i++)
            nits[i] = grey_of(i < (few ? 2 : 30) ? 4000 : WHITE);
        render(&pq, SP_MODEL_RGB, 2, nits, N, &picture);
        double white = shown(&picture, N - 1, 0).v[1];
        g_test_message("white is %.0f", white);
        g_assert_true(few ? white >= 254 : white <= 245);
        g_assert_cmpfloat(shown(&picture, 0, 0).v[1], >=, 254);
    }
}

/* What cannot be seen does not count as light: under alpha 0, anything may stand. */
static void
test_hidden_light(void)
{
    enum { N = 40 };
    SpColourTags tags = {.cicp = {TRUE, 9, 16, 0, TRUE}};
    SpColourSource source = {.form = {SP_MODEL_RGB, TRUE, 2, 1}};
    SpColour colour = SP_COLOUR_COUNT;
    Colour samples[N];
    double alpha[N];
    for (guint i = 0; i < N; i++) {
        samples[i] = coded(&pq, grey_of(i % 2 ? 10000 : WHITE));
        alpha[i] = i % 2 ? 100 / 65535.0 : 1;
    }
    g_auto(SpPicture) picture = {0};
    g_autoptr(SpColourConversion) conversion = sp_colour_find(&tags, &source, &colour, NULL);
    fill(&picture, source.form, samples, alpha, N);
    g_assert_true(sp_colour_convert(conversion, &picture, NULL));
    check_form(&picture, SP_MODEL_YCC, TRUE);
    for (guint i = 0; i < N; i++) {
        g_assert_cmpuint(picture.planes[0].data[i], ==, 255);
        g_assert_cmpuint(picture.planes[1].data[i], ==, 128);
        g_assert_cmpuint(picture.planes[3].data[i], ==, i % 2 ? 0 : 255);
    }
}

/* ---- colours ------------------------------------------------------------------------------
 */

/* Degrees, of R, G, B on the wheel of HSV. */
static double
hue_of(Colour c)
{
    double most = MAX(MAX(c.v[0], c.v[1]), c.v[2]), least = MIN(MIN(c.v[0], c.v[1]), c.v[2]);
    double range = most - least;
    double sixth = most == c.v[0]   ? (c.v[1] - c.v[2]) / range
                   : most == c.v[1] ? 2 + (c.v[2] - c.v[0]) / range
                                    : 4 + (c.v[0] - c.v[1]) / range;
    return fmod(sixth * 60 + 360, 360);
}

/* BT.2020's own primaries and mixtures, which no sRGB screen can show, stay at every brightness
 * near the hue that sRGB's have (its green is yellower). Clipped by component, bright orange
 * would turn yellow. */
static void
test_saturated(void)
{
    static const struct {
        Colour rgb;
        double hue, allowed;
    } some[] = {
        {{{1, 0, 0}}, 0, 17},   {{{1, 1, 0}}, 60, 5},   {{{0, 1, 0}}, 120, 36},
        {{{0, 1, 1}}, 180, 5},  {{{0, 0, 1}}, 240, 17}, {{{1, 0, 1}}, 300, 12},
        {{{1, .5, 0}}, 40, 12},
    };
    static const double levels[] = {5, 50, 203, 500, 1000};
    enum { N = G_N_ELEMENTS(levels) };
    const Kind *const kinds[] = {&pq, &hlg};
    for (guint k = 0; k < 2; k++)
        for (guint i = 0; i < G_N_ELEMENTS(some); i++) {
            Colour nits[N];
            g_auto(SpPicture) picture = {0};
            for (guint l = 0; l < N; l++)
                for (guint c = 0; c < 3; c++) /* HLG's display has less for a single primary */
                    nits[l].v[c] = levels[l] * (k == 1 ? 0.5 : 1) * some[i].rgb.v[c];
            render(kinds[k], SP_MODEL_RGB, 2, nits, N, &picture);
            double before = 0;
            for (guint l = 0; l < N; l++) {
                Colour c = shown(&picture, l, 0);
                double apart = fabs(hue_of(c) - some[i].hue), light = 0;
                for (guint n = 0; n < 3; n++)
                    light = MAX(light, c.v[n]);
                g_test_message("%.0f at %.0f: %.0f %.0f %.0f, hue %.1f", some[i].hue, levels[l],
                               c.v[0], c.v[1], c.v[2], hue_of(c));
                g_assert_cmpfloat(MIN(apart, 360 - apart), <=, some[i].allowed);
                g_assert_cmpfloat(light, >=, before - 1);
                before = light;
            }
        }
}

/* Whatever stands in the file: within range, brightness of all from black to white. */
static void
test_anything(void)
{
    static const guint codes[] = {0, 1, 2, 4, 8, 9, 12, 255};
    for (guint i = 0; i < G_N_ELEMENTS(codes) * 2; i++) {
        SpColourTags tags = {.nclx = {TRUE, codes[i / 2], i % 2 ? 16 : 18, 9, i % 3 == 0}};
        SpColourSource source = {.form = {SP_MODEL_YCC, FALSE, 2, 1}, .ycc = tags.nclx};
        SpColour colour = SP_COLOUR_COUNT;
        g_autoptr(SpColourConversion) conversion =
            sp_colour_find(&tags, &source, &colour, NULL);
        Colour samples[PATCHES];
        for (guint k = 0; k < PATCHES; k++)
            samples[k] = patch_at(k);
        g_auto(SpPicture) picture = {0};
        fill(&picture, source.form, samples, NULL, PATCHES);
        g_assert_true(sp_colour_convert(conversion, &picture, NULL));
        g_assert_cmpuint(picture.planes[0].data[0], <=, 80); /* Y = 0, but chroma of -0.5 */
        for (guint k = 0; k < PATCHES; k++) {
            Colour c = shown(&picture, k, 2);
            for (guint n = 0; n < 3; n++)
                g_assert_true(c.v[n] >= -2 && c.v[n] <= 257);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hdr/no-brighter-than-white", test_no_brighter_than_white);
    g_test_add_func("/hdr/colours-of-srgb", test_colours_of_srgb);
    g_test_add_func("/hdr/ramps", test_ramps);
    g_test_add_func("/hdr/glint", test_glint);
    g_test_add_func("/hdr/hidden-light", test_hidden_light);
    g_test_add_func("/hdr/saturated", test_saturated);
    g_test_add_func("/hdr/anything", test_anything);
    return g_test_run();
}
