/* SPDX-License-Identifier: MIT */
/* test-progress.c -- the line that says how far a batch is: what it says, and that it fits. */
#include "cmd/progress.h"
#include <string.h>

#define SECOND ((gint64)G_USEC_PER_SEC)

static SpBatchTotals
halfway(void)
{
    SpBatchTotals totals = {
        .seen = 5000,
        .expected = 10000,
        .recorded = 2000,
        .bytes_in = 4100000000u,
        .bytes_out = 800000000u,
        .started_us = 7 * SECOND,
    };
    totals.due[SP_DUE_NOT] = 1000;
    totals.due[SP_DUE_NEW] = 4000;
    totals.done[SP_OUTCOME_OK] = 3990;
    totals.done[SP_OUTCOME_REFUSED] = 7;
    totals.done[SP_OUTCOME_FAILED] = 3;
    return totals;
}

/* 4 000 in 100 seconds: 40 a second. 5 000 are left, 1 000 of them known from before. */
static void
test_says(void)
{
    SpBatchTotals totals = halfway();
    g_autofree char *line = sp_progress_line(&totals, 107 * SECOND, 0);
    g_assert_cmpstr(line, ==,
                    "5 000 of 10 000, 40.0/s, 1 min 40 s left, 7 refused, 3 failed, "
                    "4.1 GB in, 800.0 MB out");
    totals.expected = 0;
    g_autofree char *blind = sp_progress_line(&totals, 107 * SECOND, 0);
    g_assert_true(g_str_has_prefix(blind, "5 000 photos, 40.0/s, 7 refused"));
}

static void
test_bar(void)
{
    SpBatchTotals totals = halfway();
    g_autofree char *line = sp_progress_line(&totals, 107 * SECOND, 200);
    g_assert_true(
        g_str_has_prefix(line, "[####################--------------------] 5 000 of 10 000"));
    totals.due[SP_DUE_NOT] = 9000; /* files that came meanwhile */
    g_autofree char *over = sp_progress_line(&totals, 107 * SECOND, 200);
    g_assert_true(
        g_str_has_prefix(over, "[########################################] 13 000 of 13 000"));
}

static void
test_fits(void)
{
    SpBatchTotals totals = halfway();
    for (guint width = 20; width < 200; width++) {
        g_autofree char *line = sp_progress_line(&totals, 107 * SECOND, width);
        g_assert_cmpuint(strlen(line), <=, width);
        g_assert_nonnull(strstr(line, "5 000 of 10 000"));
    }
    g_autofree char *narrow = sp_progress_line(&totals, 107 * SECOND, 3);
    g_assert_cmpstr(narrow, ==, "");
}

static void
test_start(void)
{
    SpBatchTotals totals = {.started_us = SECOND};
    g_autofree char *line = sp_progress_line(&totals, SECOND, 80);
    g_assert_cmpstr(line, ==, "0 photos, 0.0/s, 0 bytes in, 0 bytes out");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/says", test_says);
    g_test_add_func("/progress/bar", test_bar);
    g_test_add_func("/progress/fits", test_fits);
    g_test_add_func("/progress/start", test_start);
    return g_test_run();
}
