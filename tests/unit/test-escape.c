/* SPDX-License-Identifier: MIT */
/* test-escape.c -- what a stranger wrote is shown, and cannot move, hide or turn anything. */
#include "base/escape.h"

static void
test_escape(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"IMG_0001.jpg", "IMG_0001.jpg"},
        {"Überblick 写真.jpg", "Überblick 写真.jpg"},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"C:\\x", "C:\\\\x"},
        {"\x1b[31m\x7f", "\\x1b[31m\\x7f"},
        {"\xc2\x9b", "\\u009b"},
        {"gpj.\xe2\x80\xae"
         "exe",
         "gpj.\\u202eexe"},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
        {"\xf3\xa0\x80\x81", "\\U000e0001"},
        {"\xff\xfe.jpg", "\\xff\\xfe.jpg"},
        {"cut \xe5\x86", "cut \\xe5\\x86"},
        {"e\xcc\x81", "e\xcc\x81"}, /* an accent on its letter */
        {"/\xcc\x81", "/\\u0301"},  /* and one that would sit on what is ours */
        {"<b>\"&'", "<b>\"&'"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = sp_escape(cases[i].text);
        g_assert_cmpstr(got, ==, cases[i].want);
        g_assert_true(g_utf8_validate(got, -1, NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/escape/table", test_escape);
    return g_test_run();
}
