/* SPDX-License-Identifier: MIT */
/* test-report-html.c -- what pages of a report are put together from. */
#include "bulk/report-chart.h"
#include "bulk/report-html.h"
#include "bulk/report-lists.h"
#include <string.h>

#define SPACE "\xe2\x80\xaf"

static void
test_text(void)
{
    static const char *const cases[][2] = {
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"' onload='x' & &amp;", "&quot;&#39; onload=&#39;x&#39; &amp; &amp;amp;"},
        {"\xff\x1b\xe2\x80\xae", "\\xff\\x1b\\u202e"},
        {"写真", "写真"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) html = g_string_new(NULL);
        sp_html_text(html, cases[i][0]);
        g_assert_cmpstr(html->str, ==, cases[i][1]);
    }
    g_autoptr(GString) html = g_string_new(NULL);
    sp_html_path(html, "a/<b>/c.jpg");
    g_assert_cmpstr(html->str, ==, "<bdi>a/<wbr>&lt;b&gt;/<wbr>c.jpg</bdi>");
}

static void
test_url(void)
{
    g_autoptr(GString) html = g_string_new(NULL);
    sp_html_url(html, "../x/", "a b/\"<&'#?%:\xff\n.jpg");
    g_assert_cmpstr(html->str, ==, "../x/a%20b/%22%3C%26%27%23%3F%25%3A%FF%0A.jpg");
    static const char *const cases[][3] = {
        {"/a/report", "/a/public", "./../public/"},
        {"/a/report", "/a/b c/d", "./../b%20c/d/"},
        {"/a/b/c", "/x", "./../../../x/"},
        {"/report", "/reports", "./../reports/"},
        {"/a/r", "/a", "./../"},
        {"/a", "/a/out", "./out/"},
        {"/a", "/a/http:x", "./http%3Ax/"},
        {"/", "/a", "./a/"},
        {"/a", "/", "./../"},
        {"/a", "/a", "./"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = sp_html_reference(cases[i][0], cases[i][1]);
        g_assert_cmpstr(got, ==, cases[i][2]);
    }
}

static void
expect_share(guint64 part, guint64 whole, const char *want)
{
    g_autoptr(GString) html = g_string_new(NULL);
    sp_html_share(html, part, whole);
    g_assert_cmpstr(html->str, ==, want);
}

static void
test_numbers(void)
{
    g_autoptr(GString) html = g_string_new(NULL);
    sp_html_count(html, 0);
    g_string_append_c(html, '|');
    sp_html_count(html, 999);
    g_string_append_c(html, '|');
    sp_html_count(html, 1234567);
    g_string_append_c(html, '|');
    sp_html_counted(html, 1, "photo", "photos");
    g_assert_cmpstr(html->str, ==, "0|999|1" SPACE "234" SPACE "567|1 photo");
    g_string_truncate(html, 0);
    static const guint64 sizes[] = {1, 999, 1000, 999949, 999950, 3200000000, 5000000000000};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        sp_html_size(html, sizes[i]);
        g_string_append_c(html, '|');
    }
    g_assert_cmpstr(html->str, ==,
                    "1" SPACE "byte|999" SPACE "bytes|1.0" SPACE "kB|999.9" SPACE "kB|1.0" SPACE
                    "MB|3.2" SPACE "GB|5.0" SPACE "TB|");
    expect_share(0, 0, "0" SPACE "%");
    expect_share(1, 1000, "&lt;" SPACE "1" SPACE "%");
    expect_share(999, 1000, "&gt;" SPACE "99" SPACE "%");
    expect_share(341, 1000, "34" SPACE "%");
    expect_share(7, 7, "100" SPACE "%");
}

static void
test_pages(void)
{
    static const struct {
        guint page, n;
        const char *want;
    } cases[] = {
        {1, 1, "S [1]"},
        {1, 3, "S [1] 2 3 Next"},
        {2, 3, "S Previous 1 [2] 3 Next"},
        {1, 9, "S [1] 2 3 … 9 Next"},
        {5, 9, "S Previous 1 … 3 4 [5] 6 7 … 9 Next"},
        {3334, 3334, "S Previous 1 … 3332 3333 [3334]"},
    };
    g_autoptr(GRegex) tags = g_regex_new("</?(nav|a|span)[^>]*>", 0, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) html = g_string_new(NULL);
        sp_html_pages(html, "sheet", cases[i].page, cases[i].n);
        g_string_replace(html, "<b aria-current=\"page\">", "[", 0);
        g_string_replace(html, "</b>", "]", 0);
        g_string_replace(html, "Summary", "S", 0);
        g_autofree char *text = g_regex_replace(tags, html->str, -1, 0, "", 0, NULL);
        g_strdelimit(text, "\n", ' ');
        g_assert_cmpstr(g_strstrip(text), ==, cases[i].want);
    }
}

static void
test_colour(void)
{
    g_assert_cmpint(sp_thumbhash_colour(NULL), ==, -1);
    g_assert_cmpint(sp_thumbhash_colour(""), ==, -1);
    g_assert_cmpint(sp_thumbhash_colour("AAAA"), ==, -1);
    /* The sample of evanw.github.io/thumbhash, a sunrise. */
    g_assert_cmphex((guint)sp_thumbhash_colour("1QcSHQRnh493V4dIh4eXh1h4kJUI"), ==, 0x565258);
}

static void
test_chart(void)
{
    SpChart chart;
    sp_chart_init(&chart, 1000);
    sp_chart_add(&chart, 0);
    sp_chart_add(&chart, 999);
    sp_chart_add(&chart, 1000);
    sp_chart_add(&chart, 1499);
    sp_chart_add(&chart, 1500);
    sp_chart_add(&chart, 9999);
    sp_chart_add(&chart, 10000);
    sp_chart_add(&chart, 1e300);
    static const guint64 want[] = {2, 2, 1, 0, 0, 0, 1, 1};
    for (guint i = 0; i < G_N_ELEMENTS(want); i++)
        g_assert_cmpuint(chart.bins[i], ==, want[i]);
    g_assert_cmpuint(chart.bins[SP_CHART_BINS - 1], ==, 1);
    g_assert_cmpuint(chart.n, ==, 8);
}

static void
test_sheet(void)
{
    static const struct {
        guint sides[4], want;
    } cases[] = {
        {{1600, 800, 400, 200}, 400}, {{200, 400, 800}, 400}, {{100, 200}, 200}, {{320}, 320},
        {{2000, 319}, 2000},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpSheetPhoto photo = {0};
        for (guint k = 0; k < 4 && cases[i].sides[k] != 0; k++) {
            SpJournalOutput output = {.path = "x", .width = cases[i].sides[k], .height = 10};
            sp_sheet_consider(&photo, &output);
        }
        g_assert_cmpuint(photo.width, ==, cases[i].want);
        g_free(photo.shown);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-html/text", test_text);
    g_test_add_func("/report-html/url", test_url);
    g_test_add_func("/report-html/numbers", test_numbers);
    g_test_add_func("/report-html/pages", test_pages);
    g_test_add_func("/report-html/colour", test_colour);
    g_test_add_func("/report-html/chart", test_chart);
    g_test_add_func("/report-html/sheet", test_sheet);
    return g_test_run();
}
