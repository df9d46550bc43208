/* SPDX-License-Identifier: MIT */
/* lines.c -- read lines as they come.
 *
 * The caller's stop() is asked, rather than EINTR believed: a signal may well be taken by
 * another thread than the one that waits here. */
#include "bulk/lines.h"
#include "base/error.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536
#define STOP_MS 100

struct SpLines {
    int fd; /* borrowed */
    char end;
    gsize max;
    SpLinesStop stop; /* NULL: wait for ever */
    gpointer data;    /* borrowed; stop's */
    GString *line;    /* that is being collected */
    gboolean begun;   /* line is: a byte of it, or its end, was read */
    gboolean cut;
    gsize at, n; /* of buffer: what is not taken yet */
    char buffer[CHUNK];
};

SpLines *
sp_lines_new(int fd, char end, gsize max)
{
    SpLines *lines = g_new0(SpLines, 1);
    lines->fd = fd;
    lines->end = end;
    lines->max = max;
    lines->line = g_string_new(NULL);
    return lines;
}

void
sp_lines_free(SpLines *lines)
{
    if (lines == NULL)
        return;
    g_string_free(lines->line, TRUE);
    g_free(lines);
}

void
sp_lines_set_stop(SpLines *lines, SpLinesStop stop, gpointer data)
{
    lines->stop = stop;
    lines->data = data;
}

/* Read once more into the empty buffer; at the end it stays so. */
static gboolean
fill(SpLines *lines, GError **error)
{
    for (;;) {
        struct pollfd input = {lines->fd, POLLIN, 0};
        if (lines->stop != NULL && lines->stop(lines->data))
            return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
        int ready = poll(&input, 1, lines->stop != NULL ? STOP_MS : -1);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t n = read(lines->fd, lines->buffer, sizeof lines->buffer);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read the list");
        lines->at = 0;
        lines->n = (gsize)n;
        return TRUE;
    }
}

/* Move what belongs to the line from the buffer to it; TRUE when it is complete. */
static gboolean
collect(SpLines *lines)
{
    const char *from = lines->buffer + lines->at;
    gsize left = lines->n - lines->at;
    const char *end = memchr(from, lines->end, left);
    gsize taken = end != NULL ? (gsize)(end - from) : left;
    gsize kept = MIN(taken, lines->max - lines->line->len);
    g_string_append_len(lines->line, from, (gssize)kept);
    lines->cut |= kept < taken;
    lines->begun = TRUE;
    lines->at += taken + (end != NULL ? 1 : 0);
    return end != NULL;
}

gboolean
sp_lines_next(SpLines *lines, SpLine *ret_line, GError **error)
{
    gboolean complete = FALSE;
    if (!lines->begun) {
        g_string_truncate(lines->line, 0);
        lines->cut = FALSE;
    }
    while (!complete) {
        if (lines->at == lines->n && !fill(lines, error))
            return FALSE;
        if (lines->n == 0) /* the end, that of a last line, too */
            break;
        complete = collect(lines);
    }
    if (!lines->begun)
        return FALSE;
    lines->begun = FALSE;
    *ret_line = (SpLine){lines->line->str, lines->line->len, lines->cut};
    return TRUE;
}
