/* SPDX-License-Identifier: MIT */
/* print.c -- the only file that writes to standard output and standard error.
 *
 * File names and messages come from strangers: nothing of them reaches a terminal unescaped.
 * Standard output is written at once and each time checked, because a result that nobody got
 * is no success; standard error is best effort. */
#include "cmd/print.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/memfd.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static gboolean was_closed[3];

void
sp_print_init(void)
{
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The lowest free number is the one that is missing. */
        was_closed[fd] = TRUE;
        if (open("/dev/null", O_RDWR | O_NOCTTY) != fd) /* NOLINT: inherited on purpose */
            _exit(74);
    }
    /* A reader that left and a file beyond `ulimit -f` are errors to tell, not ends. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

gboolean
sp_print_stdin_was_closed(void)
{
    return was_closed[STDIN_FILENO];
}

static gboolean
cannot_write(int err, GError **error)
{
    return sp_throw(error, SP_ERROR_IO, "cannot write to standard output: %s", g_strerror(err));
}

gboolean
sp_print_check_stdout(GError **error)
{
    if (was_closed[STDOUT_FILENO])
        return sp_throw(error, SP_ERROR_IO, "cannot write to standard output: it is closed");
    return TRUE;
}

gboolean
sp_print_stdout(const char *text, GError **error)
{
    if (!sp_print_check_stdout(error))
        return FALSE;
    return sp_write_full(STDOUT_FILENO, text, strlen(text)) || cannot_write(errno, error);
}

void
sp_print_stderr(const char *text)
{
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    (void)!sp_write_full(STDERR_FILENO, line, strlen(line));
}

void
sp_print_stderr_raw(const char *text)
{
    (void)!sp_write_full(STDERR_FILENO, text, strlen(text));
}

void
sp_complain(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *text = g_strdup_vprintf(format, ap);
    va_end(ap);
    g_autofree char *escaped = sp_print_escape(text);
    g_autofree char *line = g_strconcat("storyphoto: ", escaped, NULL);
    sp_print_stderr(line);
}

void
sp_complain_usage(const char *command, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *text = g_strdup_vprintf(format, ap);
    va_end(ap);
    sp_complain("%s", text);
    sp_complain("see 'storyphoto %s%s--help'", command != NULL ? command : "",
                command != NULL ? " " : "");
}

char *
sp_print_escape(const char *text)
{
    return sp_escape(text);
}

void
sp_print_pad(GString *line, const char *text, glong width)
{
    g_string_append(line, text);
    for (glong n = g_utf8_strlen(text, -1); n < width; n++)
        g_string_append_c(line, ' ');
}

char *
sp_print_size(guint64 bytes)
{
    if (bytes < 1000)
        return g_strdup_printf("%" G_GUINT64_FORMAT " bytes", bytes);
    if (bytes < 999950)
        return g_strdup_printf("%.1f kB", (double)bytes / 1e3);
    if (bytes < G_GUINT64_CONSTANT(999950000))
        return g_strdup_printf("%.1f MB", (double)bytes / 1e6);
    return g_strdup_printf("%.1f GB", (double)bytes / 1e9);
}

char *
sp_print_count(guint64 n)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, n);
    gsize left = strlen(digits);
    GString *text = g_string_new(NULL);
    for (const char *digit = digits; *digit != '\0'; digit++, left--) {
        if (text->len > 0 && left % 3 == 0)
            g_string_append_c(text, ' ');
        g_string_append_c(text, *digit);
    }
    return g_string_free(text, FALSE);
}

char *
sp_print_duration(guint64 seconds)
{
    if (seconds < 60)
        return g_strdup_printf("%u s", (guint)seconds);
    if (seconds < 3600)
        return g_strdup_printf("%u min %u s", (guint)(seconds / 60), (guint)(seconds % 60));
    return g_strdup_printf("%" G_GUINT64_FORMAT " h %u min", seconds / 3600,
                           (guint)(seconds % 3600 / 60));
}
