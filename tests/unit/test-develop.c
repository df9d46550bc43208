/* SPDX-License-Identifier: MIT */
/* test-develop.c -- the planar lane against a reference that turns first.
 *
 * The lane resizes in coded orientation and turns the small planes. The reference decodes the
 * same raw planes, turns them at full size, and resizes what is then upright; where the picture
 * lies in a turned plane is worked out here from its size alone. Orientations 1 to 4 must agree
 * to the byte. 5 to 8 as well on smooth pictures; on noise the two passes of a resize clip in
 * another order. The last tests turn the reference wrongly, and shift its chroma, and expect to
 * see it. */
#include "base/error.h"
#include "render/develop.h"
#include "render/limited.h"
#include "render/resize.h"
#include "render/turn.h"
#include "sample.h"
#include <math.h>

/* ---- the reference ------------------------------------------------------------------------
 */

typedef struct {
    SpPlane planes[3];
    double pitch[3][2];
    guint n_planes;
} Raw;

static void
raw_clear(Raw *raw)
{
    for (guint i = 0; i < 3; i++)
        sp_plane_clear(&raw->planes[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Raw, raw_clear)

static void
raw_rows(struct jpeg_decompress_struct *cinfo, Raw *raw)
{
    guint done = 0;
    while (cinfo->output_scanline < cinfo->output_height) {
        JSAMPROW rows[3][64];
        JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
        g_autofree JSAMPLE *spare = g_malloc(70000);
        for (guint i = 0; i < raw->n_planes; i++) {
            jpeg_component_info *c = &cinfo->comp_info[i];
            guint step = (guint)(c->v_samp_factor * c->DCT_scaled_size);
            for (guint k = 0; k < step; k++) {
                guint y = done * step + k;
                rows[i][k] = y < raw->planes[i].height
                                 ? raw->planes[i].data + raw->planes[i].stride * y
                                 : spare;
            }
        }
        jpeg_read_raw_data(cinfo, planes,
                           (JDIMENSION)(cinfo->max_v_samp_factor * cinfo->min_DCT_scaled_size));
        done++;
    }
}

static void
raw_decode(GBytes *jpeg, guint eighths, Raw *raw)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, g_bytes_get_data(jpeg, NULL), g_bytes_get_size(jpeg));
    jpeg_read_header(&cinfo, TRUE);
    cinfo.scale_num = eighths;
    cinfo.scale_denom = 8;
    cinfo.out_color_space = cinfo.jpeg_color_space;
    cinfo.raw_data_out = TRUE;
    jpeg_start_decompress(&cinfo);
    raw->n_planes = (guint)cinfo.num_components;
    for (guint i = 0; i < raw->n_planes; i++) {
        jpeg_component_info *c = &cinfo.comp_info[i];
        g_assert_true(sp_plane_init(&raw->planes[i],
                                    c->width_in_blocks * (guint)c->DCT_scaled_size,
                                    c->downsampled_height, 1, NULL));
        raw->planes[i].width = c->downsampled_width;
        raw->pitch[i][0] =
            cinfo.max_h_samp_factor / (double)c->h_samp_factor * 8 / c->DCT_scaled_size;
        raw->pitch[i][1] =
            cinfo.max_v_samp_factor / (double)c->v_samp_factor * 8 / c->DCT_scaled_size;
    }
    raw_rows(&cinfo, raw);
    jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);
}

/* Turn one plane by the definition of the tag, sample by sample: where 0th row and 0th column
 * of the stored picture lie (CIPA DC-008 table of orientation). */
static void
turn_plane(const SpPlane *from, guint orientation, SpPlane *to)
{
    gboolean swap = orientation >= 5;
    guint w = from->width, h = from->height;
    g_assert_true(sp_plane_init(to, swap ? h : w, swap ? w : h, 1, NULL));
    for (guint y = 0; y < h; y++)
        for (guint x = 0; x < w; x++) {
            guint rx = w - 1 - x, ry = h - 1 - y;
            guint to_x[9] = {0, x, rx, rx, x, y, ry, ry, y};
            guint to_y[9] = {0, y, y, ry, ry, x, x, rx, rx};
            to->data[to->stride * to_y[orientation] + to_x[orientation]] =
                from->data[from->stride * y + x];
        }
}

/* What the output covers of a turned plane of n samples, in which the picture's side of `full`
 * pixels is flush left, or flush right when its old left edge is there now. */
static SpSpan
reference_span(guint n, guint full, double pitch, guint target, guint sub, gboolean flush_right)
{
    double start = flush_right ? n - full / pitch : 0;
    guint samples = (target + sub - 1) / sub;
    return (SpSpan){start, samples * sub * ((double)full / target) / pitch};
}

/* What has its chroma at full size is resized so. */
static gboolean
is_full(const Sample *sample)
{
    const guint(*s)[2] = sample->samplings;
    return memcmp(s[1], s[0], sizeof *s) == 0 && memcmp(s[2], s[0], sizeof *s) == 0;
}

/* shift: of chroma, in samples of the source plane. */
static void
reference(const Sample *sample, const Raw *raw, guint orientation, SpSize target, double shift,
          SpPicture *ret)
{
    static const gboolean right[9] = {0, 0, 1, 1, 0, 0, 1, 1, 0};
    static const gboolean bottom[9] = {0, 0, 0, 1, 1, 0, 0, 1, 1};
    gboolean swap = orientation >= 5;
    guint full_w = swap ? sample->height : sample->width;
    guint full_h = swap ? sample->width : sample->height;
    guint chroma = is_full(sample) ? 1 : 2;
    SpForm form = sp_form_of_jpeg(chroma, raw->n_planes);
    form.bytes = 2;
    g_assert_true(sp_picture_init(ret, target.width, target.height, form, NULL));
    for (guint i = 0; i < raw->n_planes; i++) {
        guint sub = i == 0 ? 1 : chroma;
        g_auto(SpPlane) turned = {0};
        turn_plane(&raw->planes[i], orientation, &turned);
        SpSpan x = reference_span(turned.width, full_w, raw->pitch[i][swap], target.width, sub,
                                  right[orientation]);
        SpSpan y = reference_span(turned.height, full_h, raw->pitch[i][!swap], target.height,
                                  sub, bottom[orientation]);
        x.start += i > 0 ? shift : 0;
        g_assert_true(sp_resize_plane(&turned, x, y, &ret->planes[i], NULL));
    }
    g_assert_true(sp_limited_round(ret, NULL));
    g_assert_true(sp_colour_subsample(ret, NULL));
}

/* ---- comparing ----------------------------------------------------------------------------
 */

typedef struct {
    guint most;
    double mean;
} Difference;

static Difference
difference(const SpPicture *a, const SpPicture *b)
{
    Difference d = {0, 0};
    double sum = 0, n = 0;
    g_assert_cmpuint(a->n_planes, ==, b->n_planes);
    for (guint i = 0; i < 2 * a->n_planes; i++) {
        gboolean limited = i >= a->n_planes;
        const SpPlane *p = limited ? &a->limited[i - a->n_planes] : &a->planes[i];
        const SpPlane *q = limited ? &b->limited[i - a->n_planes] : &b->planes[i];
        g_assert_cmpuint(p->width, ==, q->width);
        g_assert_cmpuint(p->height, ==, q->height);
        for (guint y = 0; y < p->height; y++)
            for (guint x = 0; x < p->width; x++) {
                int v = abs(p->data[p->stride * y + x] - q->data[q->stride * y + x]);
                d.most = MAX(d.most, (guint)v);
                sum += v;
                n++;
            }
    }
    d.mean = sum / n;
    return d;
}

static SpWireRequest *
request_new(guint width)
{
    SpWireRequest *request = g_new0(SpWireRequest, 1);
    request->n_variants = 1;
    request->threads = 1;
    request->limits.max_pixels = 250000000;
    request->limits.max_scans = 100;
    request->limits.max_memory = 512 << 20;
    request->variants[0].width = width;
    request->variants[0].max_height = SP_HARD_SIDE;
    return request;
}

static void
develop(GBytes *jpeg, guint width, SpDeveloped *developed)
{
    g_autofree SpWireRequest *request = request_new(width);
    g_autoptr(GError) error = NULL;
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    SpSource source = sp_source_whole(bytes, n);
    gboolean done = sp_develop_jpeg(&source, request, developed, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static guint
eighths_of(const Sample *sample, guint orientation, SpSize target)
{
    SpSize coded = {sample->width, sample->height};
    return sp_geometry_dct_eighths(coded,
                                   sp_geometry_turned(target, sp_geometry_turn(orientation)));
}

/* Against the reference turned as by `turned`, its chroma shifted. */
static Difference
compare(Sample sample, guint orientation, guint width, guint turned, double shift)
{
    sample.orientation = orientation;
    g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
    g_auto(SpDeveloped) developed = {0};
    develop(jpeg, width, &developed);
    g_assert_cmpuint(developed.orientation, ==, orientation);
    g_assert_true(sp_colour_subsample(&developed.picture, NULL)); /* which may need more */
    SpSize target = {developed.picture.width, developed.picture.height};
    g_assert_cmpuint(target.width, <=, width);
    g_auto(Raw) raw = {0};
    raw_decode(jpeg, eighths_of(&sample, orientation, target), &raw);
    g_auto(SpPicture) expected = {0};
    reference(&sample, &raw, turned, target, shift, &expected);
    return difference(&developed.picture, &expected);
}

/* What orientations 5 to 8 may differ by. */
static const struct {
    guint most;
    double mean;
} allowed[] = {
    [SAMPLE_WAVES] = {1, 0.02},
    [SAMPLE_WAVES_X] = {0, 0},
    [SAMPLE_WAVES_Y] = {0, 0},
    [SAMPLE_NOISE] = {255, 0.1},
};

static void
check(Sample sample, guint width)
{
    for (guint orientation = 1; orientation <= 8; orientation++) {
        Difference d = compare(sample, orientation, width, orientation, 0);
        g_assert_cmpuint(d.most, <=, orientation <= 4 ? 0 : allowed[sample.kind].most);
        g_assert_cmpfloat(d.mean, <=, allowed[sample.kind].mean);
    }
}

/* ---- tests --------------------------------------------------------------------------------
 */

static const guint sides[] = {1, 2, 3, 15, 16, 17, 1023, 1024, 1025};

static void
test_sizes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++)
        for (guint k = 0; k < G_N_ELEMENTS(sides); k++) {
            Sample sample = {sides[i], sides[k], SAMPLING_420};
            gboolean both_large = sides[i] > 1000 && sides[k] > 1000;
            if (both_large && k != (i + 1) % 3 + 6) /* one partner each is enough */
                continue;
            check(sample, 1024);
        }
}

static void
test_reductions(void)
{
    static const guint sizes[][3] = {
        {333, 217, 100}, {640, 480, 101}, {1023, 767, 128},  {999, 1001, 64},
        {1601, 63, 33},  {63, 1601, 33},  {1025, 1023, 511},
    };
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (SampleKind kind = SAMPLE_WAVES; kind <= SAMPLE_NOISE; kind++) {
            Sample sample = {sizes[i][0], sizes[i][1], SAMPLING_420, .kind = kind};
            check(sample, sizes[i][2]);
        }
}

static void
test_samplings(void)
{
    static const guint samplings[][3][2] = {
        {{0, 0}, {0, 0}, {0, 0}}, {{1, 1}, {1, 1}, {1, 1}}, {{2, 1}, {1, 1}, {1, 1}},
        {{1, 2}, {1, 1}, {1, 1}}, {{4, 1}, {1, 1}, {1, 1}}, {{4, 2}, {1, 1}, {1, 1}},
        {{2, 2}, {2, 1}, {1, 2}}, {{1, 1}, {2, 2}, {2, 2}}, {{2, 2}, {2, 2}, {1, 1}},
        {{3, 1}, {1, 1}, {1, 1}}, {{1, 4}, {1, 1}, {1, 1}},
    };
    static const guint sizes[][3] = {{257, 131, 1024}, {515, 387, 100}, {37, 53, 20}};
    for (guint i = 0; i < G_N_ELEMENTS(samplings); i++)
        for (guint k = 0; k < G_N_ELEMENTS(sizes); k++) {
            Sample sample = {.width = sizes[k][0], .height = sizes[k][1]};
            memcpy(sample.samplings, samplings[i], sizeof sample.samplings);
            check(sample, sizes[k][2]);
            sample.progressive = TRUE;
            check(sample, sizes[k][2]);
        }
}

/* The comparison above must be able to fail. */
static void
test_sees_wrong_turn(void)
{
    Sample sample = {333, 333, SAMPLING_420};
    for (guint is = 1; is <= 8; is++)
        for (guint said = 1; said <= 8; said++)
            if (is != said)
                g_assert_cmpfloat(compare(sample, is, 100, said, 0).mean, >, 1);
}

static void
test_sees_shifted_chroma(void)
{
    Sample sample = {333, 217, SAMPLING_420, .kind = SAMPLE_NOISE};
    for (guint orientation = 1; orientation <= 8; orientation++) {
        g_assert_cmpfloat(compare(sample, orientation, 100, orientation, 0.5).mean, >, 0.3);
        g_assert_cmpfloat(compare(sample, orientation, 100, orientation, -0.5).mean, >, 0.3);
    }
}

static void
test_portable_code(void)
{
    static const guint sizes[][3] = {{1999, 1501, 1024}, {333, 217, 100}, {17, 15, 1024}};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Sample sample = {sizes[i][0], sizes[i][1], SAMPLING_420, .kind = SAMPLE_NOISE,
                         .orientation = 6};
        g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
        g_auto(SpDeveloped) native = {0}, portable = {0};
        develop(jpeg, sizes[i][2], &native);
        sp_resize_set_portable(TRUE);
        develop(jpeg, sizes[i][2], &portable);
        sp_resize_set_portable(FALSE);
        g_assert_cmpuint(difference(&native.picture, &portable.picture).most, ==, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/develop/sizes", test_sizes);
    g_test_add_func("/develop/reductions", test_reductions);
    g_test_add_func("/develop/samplings", test_samplings);
    g_test_add_func("/develop/sees-wrong-turn", test_sees_wrong_turn);
    g_test_add_func("/develop/sees-shifted-chroma", test_sees_shifted_chroma);
    g_test_add_func("/develop/portable-code", test_portable_code);
    return g_test_run();
}
