/* SPDX-License-Identifier: MIT */
/* lines.h -- read lines, or whatever a byte ends, from a descriptor as they come.
 *
 * A line is told as soon as its end has arrived; no more than one read(2) is waited for. The
 * last one needs no end. */
#ifndef SP_BULK_LINES_H
#define SP_BULK_LINES_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpLines SpLines;

typedef struct {
    const char *text; /* borrowed, until the next call; without its end; a NUL is behind it */
    gsize n;          /* bytes; there may be NULs among them */
    gboolean cut;     /* there was more: text is its first max bytes */
} SpLine;

/* fd is borrowed, blocking or not; max: bytes of a line that are kept. */
SpLines *sp_lines_new(int fd, char end, gsize max);
void sp_lines_free(SpLines *lines);
/* Ask stop() ten times a second while there is nothing to read, and before each reading. */
typedef gboolean (*SpLinesStop)(gpointer data);
void sp_lines_set_stop(SpLines *lines, SpLinesStop stop, gpointer data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpLines, sp_lines_free)

/* FALSE at the end, or with SP_ERROR_CANNOT_READ, _IO or (stop) _INTERRUPTED. After that last
 * one it may be called again: nothing is lost. A signal alone ends no waiting. */
gboolean sp_lines_next(SpLines *lines, SpLine *ret_line, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
