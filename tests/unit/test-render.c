/* SPDX-License-Identifier: MIT */
/* test-render.c -- from an upload's bytes to an answer: what is made, what is the same, what a
 * limit says. Uploads that are damaged stand in test-render-damage.c. */
#include "container/jpeg.h"
#include "render-fixture.h"

/* ---- what is made -------------------------------------------------------------------------
 */

static void
test_made(void)
{
    static const struct {
        Sample sample;
        guint width, height, components;
        SpColour colour;
    } cases[] = {
        {{96, 72, SAMPLING_420}, 64, 48, 3, SP_COLOUR_SRGB},
        {{96, 72, SAMPLING_420, .orientation = 6}, 64, 85, 3, SP_COLOUR_SRGB},
        {{96, 72, SAMPLING_420, .orientation = 3, .progressive = TRUE},
         64,
         48,
         3,
         SP_COLOUR_SRGB},
        {{96, 72, .kind = SAMPLE_NOISE}, 64, 48, 1, SP_COLOUR_GREY},
        {{96, 72, SAMPLING_420, .orientation = 1, .adobe_interop = TRUE},
         64,
         48,
         3,
         SP_COLOUR_ADOBE_RGB},
        {{1, 1, SAMPLING_420}, 1, 1, 3, SP_COLOUR_SRGB},
        {{1, 1}, 1, 1, 1, SP_COLOUR_GREY},
        {{17, 33, SAMPLING_420, .restart = 1}, 17, 33, 3, SP_COLOUR_SRGB},
        {{1, 2000, SAMPLING_420}, 1, 2000, 3, SP_COLOUR_SRGB},
        {{2000, 1, SAMPLING_420}, 64, 1, 3, SP_COLOUR_SRGB},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Render) render = render_new();
        g_autoptr(GByteArray) jpeg = render_sample(&cases[i].sample);
        g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_NONE);
        const SpWireAnswer *answer = &render->answer;
        g_assert_cmpuint(answer->width, ==, cases[i].sample.width);
        g_assert_cmpuint(answer->height, ==, cases[i].sample.height);
        g_assert_cmpuint(answer->orientation, ==, MAX(1, cases[i].sample.orientation));
        g_assert_cmpuint(answer->colour, ==, cases[i].colour);
        g_assert_cmpuint(answer->n_thumbhash, >=, 5);
        for (guint k = 0; k < 2; k++) {
            g_assert_cmpuint(answer->files[k].width, ==, cases[i].width);
            g_assert_cmpuint(answer->files[k].height, ==, cases[i].height);
            g_assert_cmpfloat(answer->files[k].quality, ==, 80);
        }
        g_assert_cmpuint(answer->files[SP_OUTPUT_WEBP].components, ==, 3);
        g_assert_cmpuint(answer->files[SP_OUTPUT_JPEG].components, ==, cases[i].components);
    }
}

/* All the way through the lane, turned ones too: the shape of a crop, and a hash of that shape.
 * Its fourth byte has 7 times the shorter side by the longer, rounded, and which one is longer
 * stands in the highest bit of the fifth: what a screen of 19.5:9 has is what is to be hidden.
 */
static void
test_crop(void)
{
    static const struct {
        Sample sample;
        guint width, height, count;
        gboolean landscape;
    } cases[] = {
        {{117, 253, SAMPLING_420}, 64, 114, 4, FALSE},
        {{253, 117, SAMPLING_420, .orientation = 6}, 64, 114, 4, FALSE},
        {{117, 253, SAMPLING_420, .orientation = 8}, 64, 36, 4, TRUE},
        {{253, 117, .kind = SAMPLE_NOISE}, 64, 36, 4, TRUE},
        {{9, 16, SAMPLING_420}, 9, 16, 4, FALSE},
        {{1, 1, SAMPLING_420}, 1, 1, 7, FALSE},
        {{1, 2000, SAMPLING_420}, 1, 2, 4, FALSE},
        {{2000, 1, SAMPLING_420}, 1, 1, 7, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_autoptr(Render) render = render_new();
        for (guint k = 0; k < 2; k++)
            render->request.variants[k].crop = (SpAspectList){2, {{16, 9}, {9, 16}}};
        g_autoptr(GByteArray) jpeg = render_sample(&cases[i].sample);
        g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_NONE);
        const SpWireAnswer *answer = &render->answer;
        for (guint k = 0; k < 2; k++) {
            g_assert_cmpuint(answer->files[k].width, ==, cases[i].width);
            g_assert_cmpuint(answer->files[k].height, ==, cases[i].height);
        }
        g_assert_cmpuint(answer->thumbhash[3] & 7, ==, cases[i].count);
        g_assert_cmpint(answer->thumbhash[4] >> 7, ==, cases[i].landscape);
    }
}

/* A refusal says what is known of the upload all the same. */
static void
test_refusal_says_what_is_known(void)
{
    Sample sample = {96, 72, SAMPLING_420, .orientation = 6};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    g_autoptr(Render) render = render_new();
    render_insert(jpeg, 2, "\xFF\xFE\0\x09secret!", 11);
    render->request.limits.max_pixels = 10;
    g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_TOO_MANY_PIXELS);
    g_assert_cmpuint(render->answer.width, ==, 96);
    g_assert_cmpuint(render->answer.height, ==, 72);
    g_assert_cmpuint(render->answer.orientation, ==, 6);
    g_assert_cmpuint(render->answer.removed, ==, SP_CATEGORY_COMMENT);
    g_assert_cmpuint(render_run(render, "GIF89a", 6), ==, SP_ERROR_CORRUPT);
    g_assert_cmpuint(render->answer.width, ==, 0);
    g_assert_cmpuint(render->answer.orientation, ==, 0);
}

/* The outputs are never written beyond what was agreed. */
static void
test_output_too_small(void)
{
    Sample sample = {96, 72, SAMPLING_420};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    g_autoptr(Render) whole = render_new(), small = render_new();
    g_assert_cmpuint(render_array(whole, jpeg), ==, SP_ERROR_NONE);
    gsize sum = whole->answer.files[0].length + whole->answer.files[1].length;
    small->request.output_size = sum;
    g_assert_cmpuint(render_array(small, jpeg), ==, SP_ERROR_NONE);
    small->request.output_size = sum - 1;
    g_assert_cmpuint(render_array(small, jpeg), ==, SP_ERROR_CANNOT_FIT);
    small->request.output_size = 1;
    g_assert_cmpuint(render_array(small, jpeg), ==, SP_ERROR_CANNOT_FIT);
}

/* ---- what is the same ---------------------------------------------------------------------
 */

static void
test_deterministic(void)
{
    static const Sample samples[] = {
        {400, 300, SAMPLING_420, .kind = SAMPLE_NOISE},
        {401, 299, SAMPLING_420, .progressive = TRUE, .orientation = 8},
        {333, 217, {{1, 1}, {1, 1}, {1, 1}}, .orientation = 5, .adobe_interop = TRUE},
        {97, 1001, .kind = SAMPLE_NOISE},
    };
    static const guint threads[] = {1, 1, 2, 4, 16};
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        g_autoptr(Render) first = render_new();
        for (guint k = 0; k < G_N_ELEMENTS(threads); k++) {
            g_autoptr(Render) again = render_new();
            again->request.threads = threads[k];
            for (guint v = 0; v < 2; v++) {
                again->request.variants[v].width = 200;
                again->request.variants[v].max_bytes = 8000;
            }
            g_assert_cmpuint(render_array(again, jpeg), ==, SP_ERROR_NONE);
            if (k == 0) {
                render_free(first);
                first = g_steal_pointer(&again);
                continue;
            }
            g_assert_true(render_same(first, again));
        }
    }
}

/* What may be put into an upload at byte `at` without a change of a pixel (at 0: the end). */
static const struct {
    gsize at;
    const char *bytes;
    gsize n;
    guint32 removed;
} metadata[] = {
    {2,
     "\xFF\xE1\0\36"
     "Exif\0\0MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\1\0\0",
     32, 0}, /* the way up alone */
    {2,
     "\xFF\xE1\0\x22"
     "Exif\0\0MM\0*\0\0\0\10\0\1\1\x3B\0\2\0\0\0\4Bob\0\0\0\0\0",
     36, SP_CATEGORY_PERSON}, /* Artist */
    {2, "\xFF\xE1\0\x23http://ns.adobe.com/xap/1.0/\0<x/>", 37, 0},
    {2, "\xFF\xE1\0\x39http://ns.adobe.com/xap/1.0/\0<x photoshop:City=\"Oslo\"/>", 59,
     SP_CATEGORY_LOCATION},
    {2, "\xFF\xFE\0\x09secret!", 11, SP_CATEGORY_COMMENT},
    {2,
     "\xFF\xE5\0\x06"
     "abcd",
     8, SP_CATEGORY_UNKNOWN},
    {2, "\xFF\xED\0\x12Photoshop 3.0\0xx", 20, SP_CATEGORY_SOFTWARE | SP_CATEGORY_UNKNOWN},
    {2, "\xFF\xE2\0\x08MPF\0xx", 10, SP_CATEGORY_SECOND_PICTURE},
    {2, "\xFF\xE2\0\x14ICC_PROFILE\0\1\1junk", 22, SP_CATEGORY_PROFILE},
    {2, "\xFF\xFF\xFF", 3, 0}, /* fill */
    {2, "stray", 5, SP_CATEGORY_UNKNOWN},
    {0, "trailing bytes", 14, SP_CATEGORY_TRAILING},
    {0, "\xFF\xD8\xFF\xD9", 4, SP_CATEGORY_TRAILING},
};

static GByteArray *
copy(const GByteArray *bytes)
{
    return g_byte_array_append(g_byte_array_new(), bytes->data, bytes->len);
}

/* The upload without a marker that a picture does not need. */
static GByteArray *
bare_twin(const GByteArray *jpeg)
{
    GByteArray *twin = copy(jpeg);
    for (guint marker = 0xE0; marker <= 0xFE; marker++) {
        gsize at = 0;
        while ((at = render_find(twin, (guint8)marker, 0)) < twin->len) {
            guint n = 2u + (guint)(twin->data[at + 2] << 8 | twin->data[at + 3]);
            g_byte_array_remove_range(twin, (guint)at, n);
        }
    }
    return twin;
}

/* With any metadata, with all of it, and with none at all: the same bytes come out. */
static void
check_metadata(const Sample *sample)
{
    g_autoptr(GByteArray) plain = render_sample(sample);
    g_autoptr(GByteArray) all = copy(plain), bare = bare_twin(plain);
    g_autoptr(Render) expected = render_new(), found = render_new();
    g_assert_cmpuint(bare->len, <, plain->len); /* JFIF at least */
    g_assert_cmpuint(render_array(expected, plain), ==, SP_ERROR_NONE);
    g_assert_cmpuint(render_array(found, bare), ==, SP_ERROR_NONE);
    g_assert_true(render_same(expected, found));
    g_assert_cmpuint(found->answer.removed, ==, 0);
    guint32 removed = 0;
    for (guint i = 0; i < G_N_ELEMENTS(metadata); i++) {
        g_autoptr(GByteArray) one = copy(plain);
        gsize at = metadata[i].at;
        render_insert(one, at ? at : one->len, metadata[i].bytes, metadata[i].n);
        g_test_message("metadata %u", i);
        g_assert_cmpuint(render_array(found, one), ==, SP_ERROR_NONE);
        g_assert_true(render_same(expected, found));
        g_assert_cmphex(found->answer.removed & ~SP_CATEGORY_SECOND_PICTURE, ==,
                        metadata[i].removed & ~SP_CATEGORY_SECOND_PICTURE);
        render_insert(all, at ? at : all->len, metadata[i].bytes, metadata[i].n);
        removed |= metadata[i].removed;
    }
    g_assert_cmpuint(render_array(found, all), ==, SP_ERROR_NONE);
    g_assert_true(render_same(expected, found));
    g_assert_cmphex(found->answer.removed & removed, ==, removed);
}

static void
test_metadata(void)
{
    static const Sample samples[] = {
        {96, 72, SAMPLING_420},
        {97, 71, SAMPLING_420, .progressive = TRUE},
        {96, 72, .kind = SAMPLE_WAVES},
    };
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
        check_metadata(&samples[i]);
}

/* Metadata larger than any picture costs neither memory nor a limit of the picture. */
static void
test_much_metadata(void)
{
    Sample sample = {96, 72, SAMPLING_420};
    g_autoptr(GByteArray) plain = render_sample(&sample), much = copy(plain);
    g_autofree guint8 *comment = g_malloc0(65537);
    memcpy(comment, "\xFF\xFE\xFF\xFF", 4);
    for (guint i = 0; i < 100; i++)
        render_insert(much, 2, comment, 65537);
    g_autoptr(Render) expected = render_new(), found = render_new();
    g_assert_cmpuint(render_array(expected, plain), ==, SP_ERROR_NONE);
    found->request.limits.max_memory = 16 << 20;
    g_assert_cmpuint(render_array(found, much), ==, SP_ERROR_NONE);
    g_assert_true(render_same(expected, found));
}

/* The comparison must be able to fail. */
static void
test_sees_other_pixels(void)
{
    Sample sample = {96, 72, SAMPLING_420}, turned = sample, other = sample;
    turned.orientation = 2;
    other.quality = 89;
    g_autoptr(GByteArray) a = render_sample(&sample), b = render_sample(&turned);
    g_autoptr(GByteArray) c = render_sample(&other);
    g_autoptr(Render) one = render_new(), two = render_new();
    render_array(one, a);
    render_array(two, b);
    g_assert_false(render_same(one, two));
    render_array(two, c);
    g_assert_false(render_same(one, two));
}

/* ---- limits -------------------------------------------------------------------------------
 */

/* The code, and the words that must stand in the message: a number and the limit that bound. */
static void
check_refused(Render *render, const GByteArray *jpeg, guint32 code, const char *const *words)
{
    g_assert_cmpuint(render_array(render, jpeg), ==, code);
    for (guint i = 0; words[i] != NULL; i++)
        if (strstr(render->answer.message, words[i]) == NULL)
            g_error("'%s' is not in '%s'", words[i], render->answer.message);
}

static void
test_limits(void)
{
    static const struct {
        Sample sample;
        SpLimits limits; /* 0: as usual */
        guint32 code;
        const char *words[3];
    } cases[] = {
        {{1000, 700, SAMPLING_420},
         {.max_pixels = 699999},
         SP_ERROR_TOO_MANY_PIXELS,
         {"700000 pixels", "limit is 699999 (limits.max-pixels)"}},
        {{1000, 700, SAMPLING_420},
         {.max_pixels = 300000},
         SP_ERROR_TOO_MANY_PIXELS,
         {"700000 pixels", "limit is 300000 (limits.max-pixels)"}},
        {{1000, 700, SAMPLING_420}, {.max_pixels = 700000}, SP_ERROR_NONE, {NULL}},
        {{1000, 700, SAMPLING_420}, {.max_memory = 12 << 20}, SP_ERROR_NONE, {NULL}},
        {{1000, 700, SAMPLING_420, .progressive = TRUE},
         {.max_memory = 10 << 20},
         SP_ERROR_TOO_MUCH_MEMORY,
         {"11.2 MiB", "limit is 10.0 MiB (limits.max-memory)"}},
        {{1000, 700, SAMPLING_420, .progressive = TRUE},
         {.max_memory = 16 << 20},
         SP_ERROR_NONE,
         {NULL}},
        {{100, 70, SAMPLING_420},
         {.max_upload = 400},
         SP_ERROR_TOO_LARGE,
         {"bytes", "limit is 400 (limits.max-upload)"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Render) render = render_new();
        g_autoptr(GByteArray) jpeg = render_sample(&cases[i].sample);
        SpLimits *limits = &render->request.limits;
        limits->max_pixels = cases[i].limits.max_pixels ?: limits->max_pixels;
        limits->max_memory = cases[i].limits.max_memory ?: limits->max_memory;
        limits->max_upload = cases[i].limits.max_upload ?: limits->max_upload;
        check_refused(render, jpeg, cases[i].code, cases[i].words);
    }
}

static void
test_exact_upload(void)
{
    Sample sample = {100, 70, SAMPLING_420};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    g_autoptr(Render) render = render_new();
    render->request.limits.max_upload = jpeg->len;
    g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_NONE);
    render->request.limits.max_upload = jpeg->len - 1;
    g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_TOO_LARGE);
}

/* A frame header is believed before anything is allocated for it. */
static void
test_huge_headers(void)
{
    static const struct {
        guint width, height;
        gboolean progressive;
        guint32 code;
        const char *words[3];
    } cases[] = {
        {65000, 65000, FALSE, SP_ERROR_TOO_MANY_PIXELS, {"4225000000", "limit is 250000000 "}},
        {65000,
         65000,
         TRUE,
         SP_ERROR_TOO_MANY_PIXELS,
         {"4225000000", "limit is 100000000 (of its format)"}},
        {12000, 10000, TRUE, SP_ERROR_TOO_MANY_PIXELS, {"120000000", "limit is 100000000 (of"}},
        {65501, 1, FALSE, SP_ERROR_TOO_MANY_PIXELS, {"65501 x 1", "limit is 65500"}},
        {1, 65535, FALSE, SP_ERROR_TOO_MANY_PIXELS, {"1 x 65535", "limit is 65500"}},
        {12000, 8000, TRUE, SP_ERROR_TOO_MUCH_MEMORY, {"MiB", "limit is 100.0 MiB"}},
        {15000, 15000, FALSE, SP_ERROR_TRUNCATED, {"truncated after 0 %"}},
        {65500, 96, FALSE, SP_ERROR_TRUNCATED, {"truncated after"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Sample sample = {96, 72, SAMPLING_420, .progressive = cases[i].progressive};
        g_autoptr(GByteArray) jpeg = render_sample(&sample);
        guint8 *frame = jpeg->data + render_find(jpeg, cases[i].progressive ? 0xC2 : 0xC0, 0);
        frame[5] = (guint8)(cases[i].height >> 8);
        frame[6] = (guint8)cases[i].height;
        frame[7] = (guint8)(cases[i].width >> 8);
        frame[8] = (guint8)cases[i].width;
        g_autoptr(Render) render = render_new();
        render->request.limits.max_memory = 100 << 20;
        check_refused(render, jpeg, cases[i].code, cases[i].words);
    }
}

/* One scan of one component of three: libjpeg would hold all of such a picture, although it has
 * one scan only. It is refused for what is missing, before that. */
static void
test_one_scan_of_three(void)
{
    static const guint8 scan[] = {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0};
    for (gboolean progressive = FALSE; progressive <= TRUE; progressive++) {
        Sample sample = {96, 72, SAMPLING_420, .progressive = progressive};
        g_autoptr(GByteArray) jpeg = render_sample(&sample);
        gsize at = render_find(jpeg, 0xDA, 0);
        g_byte_array_set_size(jpeg, (guint)render_scan_end(jpeg, at + 14));
        g_byte_array_remove_range(jpeg, (guint)at, 14);
        render_insert(jpeg, at, scan, sizeof scan);
        g_byte_array_append(jpeg, (const guint8 *)"\xFF\xD9", 2);
        guint8 *frame = jpeg->data + render_find(jpeg, progressive ? 0xC2 : 0xC0, 0);
        frame[5] = frame[7] = 9000 >> 8;
        frame[6] = frame[8] = 9000 & 255;
        g_autoptr(Render) render = render_new();
        const char *words[] = {"truncated after scan 1", "never come", NULL};
        check_refused(render, jpeg, SP_ERROR_TRUNCATED, words);
    }
}

/* As many scans as the limit says, and one more. The answer knows the picture's size all the
 * same. */
static void
test_many_scans(void)
{
    Sample sample = {96, 72, SAMPLING_420, .progressive = TRUE};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    g_autoptr(Render) render = render_new();
    g_auto(SpJpegWalk) walk = {0};
    g_assert_true(sp_jpeg_walk(jpeg->data, jpeg->len, NULL, NULL, &walk, NULL));
    guint most = walk.n_scans;
    render->request.limits.max_scans = most;
    g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_NONE);
    gsize at = render_find(jpeg, 0xDA, 1), end = render_scan_end(jpeg, at + 10);
    g_autofree guint8 *scan = g_memdup2(jpeg->data + at, end - at);
    render_insert(jpeg, end, scan, end - at);
    g_assert_cmpuint(render_array(render, jpeg), ==, SP_ERROR_TOO_MUCH_WORK);
    g_autofree char *message = g_strdup_printf(
        "the picture has %u scans, the limit is %u (limits.max-scans)", most + 1, most);
    g_assert_cmpstr(render->answer.message, ==, message);
    g_assert_cmpuint(render->answer.width, ==, 96);
}

static void
test_cannot_fit(void)
{
    Sample sample = {400, 300, SAMPLING_420, .kind = SAMPLE_NOISE};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    g_autoptr(Render) render = render_new();
    SpVariant *variant = &render->request.variants[SP_OUTPUT_JPEG];
    variant->width = variant->min_width = 300;
    variant->max_bytes = 5000;
    const char *words[] = {"jpeg needs", "300 x 225", "limit is 5000", NULL};
    check_refused(render, jpeg, SP_ERROR_CANNOT_FIT, words);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_render_warm_up();
    g_test_add_func("/render/made", test_made);
    g_test_add_func("/render/crop", test_crop);
    g_test_add_func("/render/refusal-says-what-is-known", test_refusal_says_what_is_known);
    g_test_add_func("/render/output-too-small", test_output_too_small);
    g_test_add_func("/render/deterministic", test_deterministic);
    g_test_add_func("/render/metadata", test_metadata);
    g_test_add_func("/render/much-metadata", test_much_metadata);
    g_test_add_func("/render/sees-other-pixels", test_sees_other_pixels);
    g_test_add_func("/render/limits", test_limits);
    g_test_add_func("/render/exact-upload", test_exact_upload);
    g_test_add_func("/render/huge-headers", test_huge_headers);
    g_test_add_func("/render/one-scan-of-three", test_one_scan_of_three);
    g_test_add_func("/render/many-scans", test_many_scans);
    g_test_add_func("/render/cannot-fit", test_cannot_fit);
    return g_test_run();
}
