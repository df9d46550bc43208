/* SPDX-License-Identifier: MIT */
/* test-size.c -- numbers as people write them: read strictly, written back shortly. */
#include "base/size.h"

#define REFUSED G_MAXUINT64

static const struct {
    const char *text;
    guint64 bytes;
} sizes[] = {
    {"0", 0},
    {"1", 1},
    {"007", 7},
    {"400000", 400000},
    {"1K", 1024},
    {"64M", 67108864},
    {"64MiB", 67108864},
    {"2KiB", 2048},
    {"1G", 1073741824},
    {"1GiB", 1073741824},
    {"18446744073709551614", G_MAXUINT64 - 1},
    {"17179869183G", 18446744072635809792u},
    {"17179869184G", REFUSED}, /* 2^64 */
    {"18446744073709551616", REFUSED},
    {"99999999999999999999999999M", REFUSED},
    {"", REFUSED},
    {"M", REFUSED},
    {"-1", REFUSED},
    {"+1", REFUSED},
    {" 1", REFUSED},
    {"1 ", REFUSED},
    {"1 M", REFUSED},
    {"1.5M", REFUSED},
    {"1e6", REFUSED},
    {"0x10", REFUSED},
    {"64MB", REFUSED},
    {"64m", REFUSED},
    {"64MM", REFUSED},
    {"64T", REFUSED},
    {"1,000", REFUSED},
    {"nan", REFUSED},
};

static void
test_size_parse(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_test_message("'%s'", sizes[i].text);
        guint64 bytes = 4711;
        gboolean taken = sp_size_parse(sizes[i].text, &bytes);
        g_assert_cmpint(taken, ==, sizes[i].bytes != REFUSED);
        g_assert_cmpuint(bytes, ==, taken ? sizes[i].bytes : 4711);
    }
}

static const struct {
    guint64 bytes;
    const char *text;
} written[] = {
    {0, "0"},           {1, "1"},
    {1000, "1000"},     {1023, "1023"},
    {1024, "1K"},       {1025, "1025"},
    {67108864, "64M"},  {1572864, "1536K"},
    {1073741824, "1G"}, {G_MAXUINT64, "18446744073709551615"},
};

static void
test_size_format(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(written); i++) {
        g_autofree char *text = sp_size_format(written[i].bytes);
        g_assert_cmpstr(text, ==, written[i].text);
        guint64 bytes = 0;
        g_assert_true(sp_size_parse(text, &bytes));
        g_assert_cmpuint(bytes, ==, written[i].bytes);
    }
}

static const struct {
    const char *text;
    gboolean taken;
    double value;
    const char *back;
} reals[] = {
    {"80", TRUE, 80, "80"},
    {"80.0", TRUE, 80, "80"},
    {"100", TRUE, 100, "100"},
    {"3600", TRUE, 3600, "3600"},
    {"0.1", TRUE, 0.1, "0.1"},
    {"0.30000000000000004", TRUE, 0.1 + 0.2, "0.30000000000000004"},
    {"72.125", TRUE, 72.125, "72.125"},
    {"3599.999", TRUE, 3599.999, "3599.999"},
    {"", FALSE, 0, NULL},
    {".", FALSE, 0, NULL},
    {".5", FALSE, 0, NULL},
    {"5.", FALSE, 0, NULL},
    {"1..2", FALSE, 0, NULL},
    {"1.2.3", FALSE, 0, NULL},
    {"1,5", FALSE, 0, NULL},
    {"-1", FALSE, 0, NULL},
    {"+1", FALSE, 0, NULL},
    {" 1", FALSE, 0, NULL},
    {"1 ", FALSE, 0, NULL},
    {"1e2", FALSE, 0, NULL},
    {"0x1p3", FALSE, 0, NULL},
    {"nan", FALSE, 0, NULL},
    {"inf", FALSE, 0, NULL},
    {"80%", FALSE, 0, NULL},
};

static void
test_real(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(reals); i++) {
        g_test_message("'%s'", reals[i].text);
        double value = -1;
        g_assert_cmpint(sp_real_parse(reals[i].text, &value), ==, reals[i].taken);
        g_assert_cmpfloat(value, ==, reals[i].taken ? reals[i].value : -1);
        if (!reals[i].taken)
            continue;
        g_autofree char *back = sp_real_format(value);
        g_assert_cmpstr(back, ==, reals[i].back);
    }
}

/* Whatever value: what is written reads back as the same bits. */
static void
test_real_round_trip(void)
{
    for (int i = 0; i < 20000; i++) {
        double value = i % 2 == 0 ? g_test_rand_double_range(0.001, 100)
                                  : g_test_rand_int_range(100, 3600000) / 1000.0;
        g_autofree char *text = sp_real_format(value);
        double back = -1;
        g_assert_true(sp_real_parse(text, &back));
        g_assert_cmpfloat(back, ==, value);
    }
}

/* ---- the first number of a process, read by several threads at once -----------------------
 */

#define RACERS 4
#define RACES 100 /* without what mends it, one in 200 is lost */

static gint n_ready; /* atomic */

static gpointer
race(gpointer data G_GNUC_UNUSED)
{
    guint64 bytes = 0;
    g_atomic_int_inc(&n_ready);
    while (g_atomic_int_get(&n_ready) < RACERS)
        ;
    return GINT_TO_POINTER(sp_size_parse("64M", &bytes) && bytes == 67108864);
}

/* Nothing may have read a number before, so it is a program of its own. */
static int
run_race(void)
{
    GThread *threads[RACERS];
    gboolean all = TRUE;
    for (guint i = 0; i < RACERS; i++)
        threads[i] = g_thread_new("racer", race, NULL);
    for (guint i = 0; i < RACERS; i++)
        all &= GPOINTER_TO_INT(g_thread_join(threads[i]));
    return all ? 0 : 1;
}

static void
test_first_numbers(void)
{
    char *argv[] = {"/proc/self/exe", "race", NULL};
    for (guint i = 0; i < RACES; i++) {
        g_autoptr(GError) error = NULL;
        int status = -1;
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                     &error);
        g_assert_no_error(error);
        g_assert_cmpint(status, ==, 0);
    }
}

int
main(int argc, char **argv)
{
    if (argc == 2 && g_str_equal(argv[1], "race"))
        return run_race();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/size/first-numbers", test_first_numbers);
    g_test_add_func("/size/parse", test_size_parse);
    g_test_add_func("/size/format", test_size_format);
    g_test_add_func("/real/parse-and-format", test_real);
    g_test_add_func("/real/round-trip", test_real_round_trip);
    return g_test_run();
}
