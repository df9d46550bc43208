/* SPDX-License-Identifier: MIT */
/* progress.c -- one line that says how far a batch is.
 *
 * On a terminal it is written over itself: a carriage return, the new text, and what the old
 * one had more is erased behind it, in one write, so that it does not flicker. The window's
 * width is asked each time; a line that fills it to the last column would wrap. */
#include "cmd/progress.h"
#include "cmd/print.h"
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERMINAL_USEC 100000
#define LOG_USEC 10000000
#define DEFAULT_WIDTH 80
#define LEAST_BAR 10
#define MOST_BAR 40

/* ---- what is known -------------------------------------------------------------------------
 */

static guint64
tried(const SpBatchTotals *totals)
{
    guint64 n = totals->unread;
    for (guint i = 0; i < SP_OUTCOME_COUNT; i++)
        n += totals->done[i];
    return n;
}

static guint64
passed(const SpBatchTotals *totals)
{
    return totals->due[SP_DUE_NOT] + totals->due[SP_DUE_REFUSED];
}

/* Inputs that are dealt with: tried, or done before. */
static guint64
dealt_with(const SpBatchTotals *totals)
{
    return tried(totals) + passed(totals);
}

/* Those that are not, less what the journal has that was not met yet: done before, most likely.
 */
static guint64
still_to_do(const SpBatchTotals *totals)
{
    guint64 left = totals->expected - MIN(totals->expected, dealt_with(totals));
    guint64 recorded = totals->recorded - MIN(totals->recorded, passed(totals));
    return left - MIN(left, recorded);
}

static double
a_second(const SpBatchTotals *totals, gint64 now_us)
{
    double seconds = (double)(now_us - totals->started_us) / G_USEC_PER_SEC;
    return seconds > 0 ? (double)tried(totals) / seconds : 0;
}

/* ---- the line ------------------------------------------------------------------------------
 */

/* Append ", " and text if both fit; text is freed. */
static void
append_part(GString *line, char *text, guint width)
{
    gsize n = line->len + (line->len > 0 ? 2 : 0) + strlen(text);
    if (width == 0 || n <= width)
        g_string_append_printf(line, "%s%s", line->len > 0 ? ", " : "", text);
    g_free(text);
}

static char *
say_count(const SpBatchTotals *totals)
{
    g_autofree char *done = sp_print_count(dealt_with(totals));
    if (totals->expected == 0)
        return g_strdup_printf("%s photos", done);
    g_autofree char *all = sp_print_count(MAX(totals->expected, dealt_with(totals)));
    return g_strdup_printf("%s of %s", done, all);
}

static char *
say_left(const SpBatchTotals *totals, double rate)
{
    g_autofree char *left = sp_print_duration((guint64)((double)still_to_do(totals) / rate));
    return g_strdup_printf("%s left", left);
}

static char *
say_bad(const SpBatchTotals *totals, SpOutcome outcome, const char *word)
{
    g_autofree char *n = sp_print_count(totals->done[outcome]);
    return g_strdup_printf("%s %s", n, word);
}

static char *
say_bytes(const SpBatchTotals *totals)
{
    g_autofree char *in = sp_print_size(totals->bytes_in);
    g_autofree char *out = sp_print_size(totals->bytes_out);
    return g_strdup_printf("%s in, %s out", in, out);
}

/* In front of line, as wide as there is room. */
static void
prepend_bar(GString *line, const SpBatchTotals *totals, guint width)
{
    if (totals->expected == 0 || width < line->len + LEAST_BAR + 3)
        return;
    guint columns = (guint)MIN(width - line->len - 3, MOST_BAR);
    double share = (double)dealt_with(totals) / (double)totals->expected;
    guint full = (guint)(MIN(share, 1) * columns);
    g_autoptr(GString) bar = g_string_new("[");
    for (guint i = 0; i < columns; i++)
        g_string_append_c(bar, i < full ? '#' : '-');
    g_string_append(bar, "] ");
    g_string_prepend(line, bar->str);
}

char *
sp_progress_line(const SpBatchTotals *totals, gint64 now_us, guint width)
{
    GString *line = g_string_new(NULL);
    double rate = a_second(totals, now_us);
    append_part(line, say_count(totals), width);
    append_part(line, g_strdup_printf("%.1f/s", rate), width);
    if (totals->expected > 0 && rate > 0)
        append_part(line, say_left(totals, rate), width);
    if (totals->done[SP_OUTCOME_REFUSED] > 0)
        append_part(line, say_bad(totals, SP_OUTCOME_REFUSED, "refused"), width);
    if (totals->done[SP_OUTCOME_FAILED] > 0)
        append_part(line, say_bad(totals, SP_OUTCOME_FAILED, "failed"), width);
    append_part(line, say_bytes(totals), width);
    if (width > 0)
        prepend_bar(line, totals, width);
    return g_string_free(line, FALSE);
}

/* ---- on the screen -------------------------------------------------------------------------
 */

void
sp_progress_init(SpProgress *progress, gboolean is_quiet)
{
    *progress = (SpProgress){.is_terminal = isatty(STDERR_FILENO) != 0, .is_quiet = is_quiet};
    if (!progress->is_terminal)
        progress->next_us = g_get_monotonic_time() + LOG_USEC;
}

static guint
window_width(void)
{
    struct winsize size = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
        return DEFAULT_WIDTH - 1;
    return size.ws_col - 1u;
}

void
sp_progress_show(SpProgress *progress, const SpBatchTotals *totals)
{
    gint64 now = g_get_monotonic_time();
    if (progress->is_quiet || now < progress->next_us)
        return;
    progress->next_us = now + (progress->is_terminal ? TERMINAL_USEC : LOG_USEC);
    if (!progress->is_terminal) {
        g_autofree char *line = sp_progress_line(totals, now, 0);
        sp_print_stderr(line);
        return;
    }
    g_autofree char *line = sp_progress_line(totals, now, window_width());
    g_autofree char *raw = g_strconcat("\r", line, "\033[K", NULL);
    sp_print_stderr_raw(raw);
    progress->is_shown = TRUE;
}

void
sp_progress_hide(SpProgress *progress)
{
    if (progress->is_shown)
        sp_print_stderr_raw("\r\033[K");
    progress->is_shown = FALSE;
}
