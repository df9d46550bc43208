/* SPDX-License-Identifier: MIT */
/* test-limits.c -- what a job may cost to finish and encode, by what is made from it, and the
 * limits' messages. The refusals themselves stand in test-render.c. */
#include "base/error.h"
#include "render/limits.h"

static const SpColourTags no_tags;

static guint64
job(const SpWireRequest *request, guint side, gboolean alpha)
{
    SpSize size = {side, side};
    return sp_limits_job_bytes(request, &no_tags, size, size, alpha);
}

/* n variants of that format and effort, as large as the picture. */
static void
request_init(SpWireRequest *request, guint n, guint32 format, guint32 effort)
{
    *request = (SpWireRequest){.threads = 2, .n_variants = n};
    for (guint i = 0; i < n; i++)
        request->variants[i] = (SpVariant){.format = format,
                                           .quality = 80,
                                           .effort = effort,
                                           .width = SP_HARD_SIDE,
                                           .max_height = SP_HARD_SIDE,
                                           .max_bytes = 1000};
}

/* Bytes a pixel, from two pictures: what every job takes is in both. */
static void
test_a_pixel(void)
{
    static const struct {
        guint n;
        guint32 format, effort;
        guint threads;
        gboolean alpha;
        guint a_pixel;
    } cases[] = {
        {1, SP_OUTPUT_JPEG, 6, 2, FALSE, 22},  {1, SP_OUTPUT_JPEG, 6, 2, TRUE, 27},
        {1, SP_OUTPUT_WEBP, 0, 2, FALSE, 34},  {1, SP_OUTPUT_WEBP, 2, 2, FALSE, 26},
        {1, SP_OUTPUT_WEBP, 3, 2, FALSE, 46},  {1, SP_OUTPUT_WEBP, 2, 2, TRUE, 61},
        {8, SP_OUTPUT_WEBP, 4, 2, FALSE, 263}, /* at once */
        {8, SP_OUTPUT_WEBP, 4, 1, FALSE, 46},  /* one after the other */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpWireRequest request;
        request_init(&request, cases[i].n, cases[i].format, cases[i].effort);
        request.threads = cases[i].threads;
        guint64 small = job(&request, 1000, cases[i].alpha);
        guint64 large = job(&request, 2000, cases[i].alpha);
        g_assert_cmpuint(large - small, ==, (guint64)cases[i].a_pixel * 3000000);
    }
}

/* Of chroma in full, if one may have it; where only some ask for it, the picture is kept a
 * second time. */
static void
test_full_chroma(void)
{
    static const struct {
        guint32 format, chroma;
        gboolean alpha;
        guint a_pixel;
    } cases[] = {
        {SP_OUTPUT_JPEG, SP_CHROMA_420, FALSE, 22},  {SP_OUTPUT_JPEG, SP_CHROMA_444, FALSE, 28},
        {SP_OUTPUT_JPEG, SP_CHROMA_AUTO, FALSE, 28}, {SP_OUTPUT_JPEG, SP_CHROMA_AUTO, TRUE, 33},
        {SP_OUTPUT_WEBP, SP_CHROMA_AUTO, FALSE, 26},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpWireRequest request;
        request_init(&request, 1, cases[i].format, 2);
        request.variants[0].chroma = cases[i].chroma;
        guint64 small = job(&request, 1000, cases[i].alpha);
        guint64 large = job(&request, 2000, cases[i].alpha);
        g_assert_cmpuint(large - small, ==, (guint64)cases[i].a_pixel * 3000000);
    }
    SpWireRequest request;
    request_init(&request, 2, SP_OUTPUT_JPEG, 2);
    request.threads = 1;
    guint64 none = job(&request, 1000, FALSE);
    request.variants[0].chroma = SP_CHROMA_AUTO;
    guint64 may = job(&request, 1000, FALSE);
    request.variants[0].chroma = SP_CHROMA_444;
    guint64 one = job(&request, 1000, FALSE);
    request.variants[1].chroma = SP_CHROMA_444;
    guint64 all = job(&request, 1000, FALSE);
    g_assert_cmpuint(may, ==, none + 6000000); /* to encode it */
    g_assert_cmpuint(one, ==, may + 3000000);
    g_assert_cmpuint(all, ==, may);
}

/* To choose a quality takes the picture twice, and what a file is read back into. */
static void
test_auto(void)
{
    static const struct {
        guint32 format;
        gboolean alpha;
        guint a_pixel;
    } cases[] = {
        {SP_OUTPUT_JPEG, FALSE, 28}, {SP_OUTPUT_JPEG, TRUE, 31}, {SP_OUTPUT_WEBP, TRUE, 65}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpWireRequest request;
        request_init(&request, 1, cases[i].format, 2);
        request.variants[0].quality = SP_QUALITY_AUTO;
        guint64 small = job(&request, 1000, cases[i].alpha);
        guint64 large = job(&request, 2000, cases[i].alpha);
        g_assert_cmpuint(large - small, ==, (guint64)cases[i].a_pixel * 3000000);
    }
}

/* Variants of several sizes are made one size after the other. */
static void
test_groups(void)
{
    SpWireRequest request, one;
    request_init(&request, 3, SP_OUTPUT_WEBP, 2);
    request_init(&one, 1, SP_OUTPUT_WEBP, 2);
    request.variants[1].width = 500;
    request.variants[2].width = 250;
    g_assert_cmpuint(job(&request, 1000, FALSE), ==, job(&one, 1000, FALSE) + 2000);
}

static void
test_profile(void)
{
    SpWireRequest request;
    SpLimits limits = {.max_profile = 1000};
    SpColourTags tags = {.icc = g_bytes_new_static("0", 1)};
    SpSize size = {100, 100};
    request_init(&request, 1, SP_OUTPUT_JPEG, 2);
    g_assert_cmpuint(sp_limits_job_bytes(&request, &tags, size, size, FALSE), >,
                     job(&request, 100, FALSE));
    sp_limits_check_profile(&limits, &tags);
    g_assert_nonnull(tags.icc);
    limits.max_profile = 0;
    sp_limits_check_profile(&limits, &tags);
    g_assert_null(tags.icc);
    sp_limits_check_profile(&limits, &tags);
}

static void
test_count(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(sp_limits_check_count(7, 7, "scans", "max-scans", &error));
    g_assert_no_error(error);
    g_assert_false(sp_limits_check_count(8, 7, "scans", "max-scans", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_WORK);
    g_assert_cmpstr(error->message, ==,
                    "the picture has 8 scans, the limit is 7 (limits.max-scans)");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/a-pixel", test_a_pixel);
    g_test_add_func("/limits/full-chroma", test_full_chroma);
    g_test_add_func("/limits/auto", test_auto);
    g_test_add_func("/limits/groups", test_groups);
    g_test_add_func("/limits/profile", test_profile);
    g_test_add_func("/limits/count", test_count);
    return g_test_run();
}
