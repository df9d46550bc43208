/* SPDX-License-Identifier: MIT */
/* print.h -- everything that people read: escaped, sized, on the right stream. */
#ifndef SP_CMD_PRINT_H
#define SP_CMD_PRINT_H
#include <glib.h>
G_BEGIN_DECLS

/* Call first of all: descriptors 0 to 2 are open afterwards, on /dev/null where they were
 * closed, so that no file of ours becomes somebody's standard output. Ignores SIGPIPE
 * and SIGXFSZ: what they tell comes as EPIPE and EFBIG. */
void sp_print_init(void);
gboolean sp_print_stdin_was_closed(void);

/* SP_ERROR_IO when standard output was closed at the start; asks before any work is done. */
gboolean sp_print_check_stdout(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Write text to standard output, all of it, now. SP_ERROR_IO, "cannot write to standard
 * output: ...", whatever the reason: full, closed or nobody reads. */
gboolean sp_print_stdout(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* text and a newline to standard error as they are; what fails there has nowhere to be told. */
void sp_print_stderr(const char *text);

/* text as it is, without a newline: what a terminal is told to do. */
void sp_print_stderr_raw(const char *text);

/* "storyphoto: ", the message escaped, a newline, to standard error. */
void sp_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The same, and a second line that says whose --help to read; command NULL is the program's. */
void sp_complain_usage(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* sp_escape() of base/escape.h: nothing of a stranger reaches a terminal without it. Owned by
 * the caller. */
char *sp_print_escape(const char *text);

/* Append text and fill up with spaces to width characters. */
void sp_print_pad(GString *line, const char *text, glong width);

/* "512 bytes", "96.1 kB", "3.2 MB", "1.7 GB": powers of 1000, as presets count. Owned by the
 * caller, as the next two. */
char *sp_print_size(guint64 bytes);
/* "7", "9 980": in groups of three. */
char *sp_print_count(guint64 n);
/* "12 s", "5 min 3 s", "2 h 10 min". */
char *sp_print_duration(guint64 seconds);

G_END_DECLS
#endif
