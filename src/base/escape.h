/* SPDX-License-Identifier: MIT */
/* escape.h -- names and messages of strangers, so that they can be shown. */
#ifndef SP_BASE_ESCAPE_H
#define SP_BASE_ESCAPE_H
#include <glib.h>
G_BEGIN_DECLS

/* A copy that is shown as it is, on a terminal and on a page: control and invisible characters,
 * combining marks that follow no letter, bytes that are not UTF-8 and the backslash itself are
 * escaped (\n \t \r \\ \x1b \u202e \U000e0001). Valid UTF-8, owned by the caller. What HTML or
 * JSON escape is left as it is. */
char *sp_escape(const char *text);

G_END_DECLS
#endif
