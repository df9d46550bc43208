/* SPDX-License-Identifier: MIT */
/* test-due.c -- is an upload done already? A table. */
#include "bulk/due.h"

#define SAME                                                                                   \
    {                                                                                          \
        .size = 10, .mtime_ns = 20, .ctime_ns = 30, .inode = 40                                \
    }
#define NOW                                                                                    \
    {                                                                                          \
        10, 20, 30, 40                                                                         \
    }

static const struct {
    const char *name;
    SpRecord record;
    gboolean none;
    SpFileMark mark;
    const char *checksum, *libraries;
    gboolean is_lost;
    SpDue due;
} cases[] = {
    {"no record", .none = TRUE, .mark = NOW, .due = SP_DUE_NEW},
    {"unchanged", {.mark = SAME}, .mark = NOW, .due = SP_DUE_NOT},
    {"another size", {.mark = SAME}, .mark = {11, 20, 30, 40}, .due = SP_DUE_CHANGED},
    {"a nanosecond later", {.mark = SAME}, .mark = {10, 21, 30, 40}, .due = SP_DUE_CHANGED},
    {"its times were set back",
     {.mark = SAME},
     .mark = {10, 20, 31, 40},
     .due = SP_DUE_CHANGED},
    {"another file", {.mark = SAME}, .mark = {10, 20, 30, 41}, .due = SP_DUE_CHANGED},
    {"the bytes say otherwise",
     {.mark = SAME, .checksum = (char *)"a"},
     .mark = NOW,
     .checksum = "b",
     .due = SP_DUE_CHANGED},
    {"copied",
     {.mark = SAME, .checksum = (char *)"a"},
     .mark = {10, 21, 31, 41},
     .checksum = "a",
     .due = SP_DUE_NOT},
    {"no checksum was taken", {.mark = SAME}, .mark = NOW, .checksum = "a", .due = SP_DUE_NOT},
    {"no checksum was taken, and it was copied",
     {.mark = SAME},
     .mark = {10, 20, 30, 41},
     .checksum = "a",
     .due = SP_DUE_CHANGED},
    {"another recipe",
     {.mark = SAME, .recipe = (char *)"old"},
     .mark = NOW,
     .due = SP_DUE_STALE},
    {"refused, another recipe",
     {.mark = SAME, .recipe = (char *)"old", .outcome = SP_OUTCOME_REFUSED},
     .mark = NOW,
     .due = SP_DUE_STALE},
    {"refused",
     {.mark = SAME, .outcome = SP_OUTCOME_REFUSED},
     .mark = NOW,
     .is_lost = TRUE,
     .due = SP_DUE_REFUSED},
    {"failed", {.mark = SAME, .outcome = SP_OUTCOME_FAILED}, .mark = NOW, .due = SP_DUE_FAILED},
    {"failed, then changed",
     {.mark = SAME, .outcome = SP_OUTCOME_FAILED},
     .mark = {9, 20, 30, 40},
     .due = SP_DUE_CHANGED},
    {"other libraries, nobody asks",
     {.mark = SAME, .libraries = (char *)"a 1"},
     .mark = NOW,
     .due = SP_DUE_NOT},
    {"other libraries",
     {.mark = SAME, .libraries = (char *)"a 1"},
     .mark = NOW,
     .libraries = "a 2",
     .due = SP_DUE_STALE},
    {"the same libraries",
     {.mark = SAME, .libraries = (char *)"a 1"},
     .mark = NOW,
     .libraries = "a 1",
     .due = SP_DUE_NOT},
    {"unknown libraries", {.mark = SAME}, .mark = NOW, .libraries = "a 1", .due = SP_DUE_STALE},
    {"an output is missing", {.mark = SAME}, .mark = NOW, .is_lost = TRUE, .due = SP_DUE_LOST},
};

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpRecord record = cases[i].record;
        if (record.recipe == NULL)
            record.recipe = (char *)"now";
        SpDueAsked asked = {
            .record = cases[i].none ? NULL : &record,
            .mark = cases[i].mark,
            .checksum = cases[i].checksum,
            .recipe = "now",
            .libraries = cases[i].libraries,
            .is_lost = cases[i].is_lost,
        };
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(sp_due_word(sp_due(&asked)), ==, sp_due_word(cases[i].due));
    }
}

static void
test_words(void)
{
    for (guint i = 0; i < SP_DUE_COUNT; i++)
        for (guint k = 0; k < i; k++)
            g_assert_cmpstr(sp_due_word((SpDue)i), !=, sp_due_word((SpDue)k));
    g_assert_true(sp_due_is(SP_DUE_LOST));
    g_assert_false(sp_due_is(SP_DUE_NOT));
    g_assert_false(sp_due_is(SP_DUE_REFUSED));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/due/cases", test_cases);
    g_test_add_func("/due/words", test_words);
    return g_test_run();
}
