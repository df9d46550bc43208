/* SPDX-License-Identifier: MIT */
/* test-nearest.c -- slips of the fingers find their word, other words find nothing. */
#include "base/nearest.h"
#include <string.h>

static const char *const known[] = {
    "quality",   "min-quality", "width", "min-width", "max-height",
    "max-bytes", "effort",      "set",   NULL,
};

static const struct {
    const char *word, *nearest;
} cases[] = {
    {"quality", "quality"},
    {"qualty", "quality"},         /* left out */
    {"qualitty", "quality"},       /* added */
    {"qualiti", "quality"},        /* changed */
    {"qaulity", "quality"},        /* swapped */
    {"QUALITY", "quality"},        /* case is no edit */
    {"uqality", "quality"},        /* swapped at the start */
    {"qualiyt", "quality"},        /* swapped at the end */
    {"qlty", NULL},                /* three of seven are too many */
    {"minquality", "min-quality"}, /* nearer than "quality" */
    {"min_width", "min-width"},
    {"mx-byte", "max-bytes"},
    {"widht", "width"}, /* one swap, not two changes: of five letters only one may differ */
    {"withd", NULL},
    {"wtdih", NULL},
    {"sett", "set"},
    {"st", "set"},
    {"s", NULL},
    {"", NULL},
    {"-", NULL},
    {"location", NULL},
    {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL},
};

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("'%s'", cases[i].word);
        g_assert_cmpstr(sp_nearest(cases[i].word, known), ==, cases[i].nearest);
    }
}

static void
test_first_of_equals(void)
{
    const char *const equals[] = {"bat", "cat", "hat", NULL};
    g_assert_true(sp_nearest("rat", equals) == equals[0]);
    g_assert_true(sp_nearest("hat", equals) == equals[2]);
}

/* The rows are of fixed length: the longest word fits, a longer one is never near. */
static void
test_long(void)
{
    g_autofree char *longest = g_strnfill(64, 'x');
    g_autofree char *longer = g_strnfill(65, 'x');
    g_autofree char *huge = g_strnfill(100000, 'x');
    const char *const all[] = {huge, longer, longest, NULL};
    const char *const only_longer[] = {longer, NULL};
    g_assert_true(sp_nearest(longest, all) == longest);
    g_assert_null(sp_nearest(longest, only_longer));
    g_assert_null(sp_nearest(longer, all));
    g_assert_null(sp_nearest(huge, all));
    longest[63] = 'y';
    g_autofree char *copy = g_strnfill(64, 'x');
    g_assert_true(sp_nearest(copy, all) == longest);
}

static void
test_nothing_known(void)
{
    const char *const none[] = {NULL};
    g_assert_null(sp_nearest("word", none));
}

static void
test_hint(void)
{
    const char *const few[] = {"best", "story", NULL};
    g_autofree char *near = sp_nearest_hint("stroy", few);
    g_assert_cmpstr(near, ==, ", did you mean 'story'?");
    g_autofree char *far = sp_nearest_hint("archive", few);
    g_assert_cmpstr(far, ==, ", known are best, story");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nearest/cases", test_cases);
    g_test_add_func("/nearest/first-of-equals", test_first_of_equals);
    g_test_add_func("/nearest/long", test_long);
    g_test_add_func("/nearest/nothing-known", test_nothing_known);
    g_test_add_func("/nearest/hint", test_hint);
    return g_test_run();
}
