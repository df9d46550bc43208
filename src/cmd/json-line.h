/* SPDX-License-Identifier: MIT */
/* json-line.h -- lines of JSON that a command makes by itself. */
#ifndef SP_CMD_JSON_LINE_H
#define SP_CMD_JSON_LINE_H
#include <json-glib/json-glib.h>
G_BEGIN_DECLS

/* text is made valid UTF-8; NULL is left out. */
void sp_json_line_add(JsonBuilder *builder, const char *member, const char *text);

/* End the object: it and a newline; owned by the caller. */
char *sp_json_line_finish(JsonBuilder *builder);

G_END_DECLS
#endif
