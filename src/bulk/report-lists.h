/* SPDX-License-Identifier: MIT */
/* report-lists.h -- the long parts of a report: pictures, and photos that were not published.
 */
#ifndef SP_BULK_REPORT_LISTS_H
#define SP_BULK_REPORT_LISTS_H
#include "bulk/journal.h"
G_BEGIN_DECLS

/* One photo on a contact sheet, and that output of it which is shown there. */
typedef struct {
    gint64 id;
    char *path;          /* owned; of the input */
    char *shown;         /* owned; of the output; NULL: there is none */
    guint width, height; /* of the output */
    gint32 colour;       /* 0xRRGGBB, about what it looks like; -1: not known */
} SpSheetPhoto;

/* An array of SpSheetPhoto that owns what is in them. */
GArray *sp_sheet_new(void);
void sp_sheet_add(GArray *photos, const SpJournalRow *row);
/* Take output for this photo if it suits the sheet better than what is shown so far: the
 * smallest that is sharp there. */
void sp_sheet_consider(SpSheetPhoto *photo, const SpJournalOutput *output);
/* The first n of them as a list. base: the reference of the output folder. */
void sp_sheet_append(GString *html, const GArray *photos, guint n, const char *base);

/* The mean colour that a ThumbHash (base64) tells, 0xRRGGBB; -1: it is none. */
gint32 sp_thumbhash_colour(const char *thumbhash);

/* sp_error_word(), for one that the journal does not know (SP_ERROR_NONE), too. */
const char *sp_refused_word(int code);
/* A table of refused and failed rows: its head, one row, its end. */
void sp_refused_begin(GString *html);
void sp_refused_row(GString *html, const SpJournalRow *row);
void sp_refused_end(GString *html);

G_END_DECLS
#endif
