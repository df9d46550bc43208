/* SPDX-License-Identifier: MIT */
/* test-spawn.c -- a program between two streams: what it has, what it has not, how it ends.
 * The programs are shell scripts. */
#include "base/memfd.h"
#include "sandbox/spawn.h"
#include "storyphoto.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static char *folder;

/* A shell script that is started as the program. */
static char *
make_program(const char *script)
{
    char *path = g_build_filename(folder, "program", NULL);
    g_autofree char *text = g_strconcat("#!/bin/sh\n", script, "\n", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0700), ==, 0);
    return path;
}

/* What script makes of input, and how it ended. */
static char *
filter(const char *script, const char *input, int *ret_signal)
{
    g_autofree char *path = make_program(script);
    g_autoptr(GError) error = NULL;
    int ends[2];
    g_auto(SpFd) output = -1, pidfd = -1;
    static char text[4096];
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_true(sp_spawn_filter(path, ends[0], &output, &pidfd, &error));
    g_assert_no_error(error);
    g_assert_cmpint(close(ends[0]), ==, 0);
    g_assert_true(sp_write_full(ends[1], input, strlen(input)));
    close(ends[1]);
    gssize n = sp_read_full(output, text, sizeof text - 1);
    g_assert_cmpint(n, >=, 0);
    g_assert_true(sp_spawn_reap_signal(pidfd, 10000, ret_signal));
    return g_strndup(text, (gsize)n);
}

static void
test_streams(void)
{
    int number = -1;
    g_autofree char *text = filter("tr a-z A-Z", "from one to the other", &number);
    g_assert_cmpstr(text, ==, "FROM ONE TO THE OTHER");
    g_assert_cmpint(number, ==, 0);
}

/* Nothing else is open: the shell itself has its script at 10 or above. */
static void
test_nothing_else(void)
{
    int number = -1;
    g_auto(SpFd) other = dup(STDERR_FILENO); /* without CLOEXEC */
    g_assert_cmpint(other, >=, 3);
    g_autofree char *text = filter("for i in 3 4 5 6 7 8 9; do [ -e /proc/self/fd/$i ] && "
                                   "echo $i; done; env | grep -c HOME",
                                   "", &number);
    g_assert_cmpstr(text, ==, "0\n");
}

static void
test_signal(void)
{
    int number = -1;
    g_autofree char *text = filter("kill -SEGV $$", "", &number);
    g_assert_cmpint(number, ==, SIGSEGV);
    g_assert_cmpstr(text, ==, "");
    g_free(filter("exit 3", "", &number));
    g_assert_cmpint(number, ==, 0);
}

/* Standard input may be closed in us, and its number another thing's. */
static void
test_low_numbers(void)
{
    int number = -1;
    g_auto(SpFd) kept = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    g_autofree char *text = filter("cat", "low", &number);
    g_assert_cmpint(dup2(kept, STDIN_FILENO), ==, STDIN_FILENO);
    g_assert_cmpstr(text, ==, "low");
}

static void
test_not_there(void)
{
    g_autoptr(GError) error = NULL;
    int output = -1, pidfd = -1;
    g_assert_false(sp_spawn_filter("/nowhere/program", STDIN_FILENO, &output, &pidfd, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
    g_assert_cmpint(output, ==, -1);
    g_assert_cmpint(pidfd, ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("storyphoto-spawn-XXXXXX", NULL);
    g_test_add_func("/spawn/streams", test_streams);
    g_test_add_func("/spawn/nothing-else", test_nothing_else);
    g_test_add_func("/spawn/signal", test_signal);
    g_test_add_func("/spawn/low-numbers", test_low_numbers);
    g_test_add_func("/spawn/not-there", test_not_there);
    int status = g_test_run();
    g_autofree char *program = g_build_filename(folder, "program", NULL);
    g_unlink(program);
    g_rmdir(folder);
    g_free(folder);
    return status;
}
