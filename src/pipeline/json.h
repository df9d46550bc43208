/* SPDX-License-Identifier: MIT */
/* json.h -- members that receipts, inspections and audits have in common.
 *
 * What is not known is left out, never null and never an invented 0. Everything that a stranger
 * wrote is made valid UTF-8 here. */
#ifndef SP_PIPELINE_JSON_H
#define SP_PIPELINE_JSON_H
#include "storyphoto.h"
#include <json-glib/json-glib.h>
G_BEGIN_DECLS

/* NULL text: no member. */
void sp_json_add_text(JsonBuilder *builder, const char *member, const char *text);
/* A file's name is bytes. When they are not UTF-8, MEMBER_base64 has them as they are. */
void sp_json_add_file_name(JsonBuilder *builder, const char *member, const char *name);
/* 0 is not known: no member. count: at most G_MAXINT64. */
void sp_json_add_count(JsonBuilder *builder, const char *member, guint64 count);
/* The same of what is known, 0 too. */
void sp_json_add_number(JsonBuilder *builder, const char *member, guint64 number);
/* "input", with what is known of any file; the object stays open for more. format may be NULL,
 * numbers 0: not known. */
void sp_json_begin_input(JsonBuilder *builder, const char *name, guint64 bytes,
                         const char *format, guint width, guint height);
/* The slugs of SpCategory bits, an array. */
void sp_json_add_categories(JsonBuilder *builder, const char *member, guint32 categories);
/* "carriers": an array of SpFinding. */
void sp_json_add_carriers(JsonBuilder *builder, const GArray *carriers);
/* "error" with code and message; NULL: no member. */
void sp_json_add_error(JsonBuilder *builder, const GError *error);
/* "ok", "refused" or "failed"; static. */
const char *sp_json_status(const GError *error);
/* End the outermost object: one line without a newline, owned by the caller. */
char *sp_json_finish(JsonBuilder *builder);

G_END_DECLS
#endif
