/* SPDX-License-Identifier: MIT */
/* test-lines.c -- lines as they come: however they are cut into reads, and while nothing comes.
 */
#include "base/error.h"
#include "base/memfd.h"
#include "bulk/lines.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MOST 10

/* "a|bb|+ccc" with a plus before what was cut. */
static char *
read_all(int fd, char end)
{
    g_autoptr(SpLines) lines = sp_lines_new(fd, end, MOST);
    g_autoptr(GError) error = NULL;
    GString *got = g_string_new(NULL);
    SpLine line;
    while (sp_lines_next(lines, &line, &error)) {
        g_assert_cmpuint(line.n, <=, MOST);
        g_assert_cmpint(line.text[line.n], ==, '\0');
        g_string_append_printf(got, "%s%s|", line.cut ? "+" : "", line.text);
    }
    g_assert_no_error(error);
    g_assert_false(sp_lines_next(lines, &line, &error));
    return g_string_free(got, FALSE);
}

typedef struct {
    int fd;
    const char *text;
    gsize n, step;
} Writer;

static gpointer
write_slowly(gpointer data)
{
    const Writer *writer = data;
    for (gsize at = 0; at < writer->n; at += writer->step) {
        gsize n = MIN(writer->step, writer->n - at);
        g_assert_true(sp_write_full(writer->fd, writer->text + at, n));
        if (writer->step < 10)
            g_usleep(200);
    }
    close(writer->fd);
    return NULL;
}

static void
test_table(void)
{
    static const struct {
        const char *text;
        gsize n;
        char end;
        const char *want;
    } cases[] = {
#define TEXT(text) (text), sizeof(text) - 1
        {TEXT(""), '\n', ""},
        {TEXT("a"), '\n', "a|"},
        {TEXT("a\n"), '\n', "a|"},
        {TEXT("\n"), '\n', "|"},
        {TEXT("\n\na\n\n"), '\n', "||a||"},
        {TEXT("a\nb b\r\nc"), '\n', "a|b b\r|c|"},
        {TEXT("a\nb\0c\0"), '\0', "a\nb|c|"},
        {TEXT("1234567890\n12345678901\n1"), '\n', "1234567890|+1234567890|1|"},
        {TEXT("1234567890123456789012345678901234567890"), '\n', "+1234567890|"},
        {TEXT("1234567890123456789012345678901234567890\n"), '\n', "+1234567890|"},
#undef TEXT
    };
    static const gsize steps[] = {1, 3, 1000};
    for (gsize i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(steps); i++) {
        gsize at = i / G_N_ELEMENTS(steps);
        int ends[2];
        g_assert_cmpint(pipe2(ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
        Writer writer = {ends[1], cases[at].text, cases[at].n, steps[i % G_N_ELEMENTS(steps)]};
        GThread *thread = g_thread_new("writer", write_slowly, &writer);
        g_autofree char *got = read_all(ends[0], cases[at].end);
        g_thread_join(thread);
        close(ends[0]);
        g_assert_cmpstr(got, ==, cases[at].want);
    }
}

/* More than one buffer full, and a NUL in a line. */
static void
test_many(void)
{
    const guint n = 100000;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(text, "%u\n", i);
    g_string_append_len(text, "a\0b\n", 4);
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    Writer writer = {ends[1], text->str, text->len, 70001};
    GThread *thread = g_thread_new("writer", write_slowly, &writer);
    g_autoptr(SpLines) lines = sp_lines_new(ends[0], '\n', MOST);
    SpLine line;
    for (guint i = 0; i < n; i++) {
        g_assert_true(sp_lines_next(lines, &line, NULL));
        g_assert_cmpuint(g_ascii_strtoull(line.text, NULL, 10), ==, i);
    }
    g_assert_true(sp_lines_next(lines, &line, NULL));
    g_assert_cmpmem(line.text, line.n, "a\0b", 3);
    g_assert_false(sp_lines_next(lines, &line, NULL));
    g_thread_join(thread);
    close(ends[0]);
}

static gint asked;

static gboolean
stop_at_third(gpointer data)
{
    (void)data;
    return g_atomic_int_add(&asked, 1) >= 2;
}

/* A sender that sends half a line and waits: we are not held up, and lose nothing. */
static void
test_stop(void)
{
    int ends[2];
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    g_autoptr(SpLines) lines = sp_lines_new(ends[0], '\n', MOST);
    SpLine line;
    sp_lines_set_stop(lines, stop_at_third, NULL);
    g_assert_true(sp_write_full(ends[1], "ab", 2));
    g_assert_false(sp_lines_next(lines, &line, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_INTERRUPTED);
    g_assert_true(sp_write_full(ends[1], "c\nd", 3));
    close(ends[1]);
    sp_lines_set_stop(lines, NULL, NULL);
    g_assert_true(sp_lines_next(lines, &line, NULL));
    g_assert_cmpstr(line.text, ==, "abc");
    g_assert_true(sp_lines_next(lines, &line, NULL));
    g_assert_cmpstr(line.text, ==, "d");
    close(ends[0]);
}

static void
ignore(int number)
{
    (void)number;
}

static gpointer
disturb(gpointer data)
{
    const Writer *writer = data;
    pthread_t *reader = (pthread_t *)writer->text;
    for (guint i = 0; i < 20; i++) {
        pthread_kill(*reader, SIGUSR1);
        g_usleep(2000);
    }
    g_assert_true(sp_write_full(writer->fd, "a\n", 2));
    close(writer->fd);
    return NULL;
}

static void
test_signal(void)
{
    struct sigaction action = {.sa_handler = ignore}; /* without SA_RESTART */
    g_assert_cmpint(sigaction(SIGUSR1, &action, NULL), ==, 0);
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    pthread_t self = pthread_self();
    Writer writer = {.fd = ends[1], .text = (const char *)&self};
    GThread *thread = g_thread_new("disturb", disturb, &writer);
    g_autofree char *got = read_all(ends[0], '\n');
    g_thread_join(thread);
    close(ends[0]);
    g_assert_cmpstr(got, ==, "a|");
}

static void
test_unreadable(void)
{
    g_auto(SpFd) fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr(SpLines) lines = sp_lines_new(fd, '\n', MOST);
    g_autoptr(GError) error = NULL;
    SpLine line;
    g_assert_false(sp_lines_next(lines, &line, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines/table", test_table);
    g_test_add_func("/lines/many", test_many);
    g_test_add_func("/lines/stop", test_stop);
    g_test_add_func("/lines/signal", test_signal);
    g_test_add_func("/lines/unreadable", test_unreadable);
    return g_test_run();
}
