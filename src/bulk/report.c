/* SPDX-License-Identifier: MIT */
/* report.c -- the journal is read once, row by row: sheets and lists are written as their pages
 * are full, and the index, which counts and shows the first of everything, at the end.
 *
 * So what is in memory is one page, whatever the batch. A page that nothing links to any more
 * is removed last. */
#include "bulk/report.h"
#include "base/error.h"
#include "bulk/report-folder.h"
#include "bulk/report-html.h"
#include "bulk/report-lists.h"
#include "bulk/report-summary.h"
#include <errno.h>
#include <stdlib.h>

#define SHEET_PHOTOS 300 /* of one page */
#define SHEET_FIRST 60   /* of them, on the index; if there are no more, there are no sheets */
#define LIST_ROWS 1000
#define LIST_FIRST 200

typedef struct {
    SpJournal *journal;     /* borrowed */
    SpReportFolder *folder; /* owned */
    char *base;             /* owned; the reference of the output folder, with a '/' */
    SpJournalTotals totals;
    SpSummary summary;
    guint n_sheets, n_lists;           /* pages */
    GString *first_sheet, *first_list; /* owned; what the index shows */
    /* The page of refused and failed ones that is being written. */
    GString *list; /* owned; its rows */
    guint list_page, list_rows;
    GError *error; /* owned; of a function that is called by the journal */
} Report;

static void
report_clear(Report *report)
{
    sp_report_folder_free(report->folder);
    g_free(report->base);
    sp_summary_clear(&report->summary);
    g_string_free(report->first_sheet, TRUE);
    g_string_free(report->first_list, TRUE);
    g_string_free(report->list, TRUE);
    g_clear_error(&report->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, report_clear)

static gboolean
put_page(Report *report, const char *stem, guint page, const GString *html, GError **error)
{
    g_autofree char *name = g_strdup_printf("%s-%u.html", stem, page);
    return sp_report_folder_put(report->folder, name, html, error);
}

/* ---- contact sheets ------------------------------------------------------------------------
 */

typedef struct {
    Report *report;
    GArray *photos;
} Sheet;

static gboolean
add_photo(const SpJournalRow *row, gpointer data)
{
    Sheet *sheet = data;
    sp_summary_add(&sheet->report->summary, row);
    sp_sheet_add(sheet->photos, row);
    return TRUE;
}

typedef struct {
    Report *report;
    SpSheetPhoto *photo;
} Outputs;

static gboolean
add_output(const SpJournalOutput *output, gpointer data)
{
    Outputs *outputs = data;
    sp_chart_add(&outputs->report->summary.bytes_out, (double)output->bytes);
    sp_sheet_consider(outputs->photo, output);
    return TRUE;
}

static gboolean
write_sheet(Report *report, const GArray *photos, guint page, GError **error)
{
    g_autofree char *title =
        g_strdup_printf("Published photos, sheet %u of %u", page, report->n_sheets);
    g_autoptr(GString) html = g_string_sized_new((gsize)1 << 18);
    sp_html_begin(html, title);
    sp_html_pages(html, "sheet", page, report->n_sheets);
    sp_sheet_append(html, photos, photos->len, report->base);
    sp_html_pages(html, "sheet", page, report->n_sheets);
    sp_html_end(html);
    return put_page(report, "sheet", page, html, error);
}

static gboolean
take_sheet(Report *report, GArray *photos, guint page, GError **error)
{
    for (guint i = 0; i < photos->len; i++) {
        Outputs outputs = {report, &g_array_index(photos, SpSheetPhoto, i)};
        if (!sp_journal_outputs(report->journal, outputs.photo->id, add_output, &outputs,
                                error))
            return FALSE;
    }
    if (page == 1)
        sp_sheet_append(report->first_sheet, photos, SHEET_FIRST, report->base);
    return report->n_sheets == 0 || write_sheet(report, photos, page, error);
}

static gboolean
take_published(Report *report, GError **error)
{
    g_autofree char *after = NULL;
    for (guint page = 1;; page++) {
        g_autoptr(GArray) photos = sp_sheet_new();
        Sheet sheet = {report, photos};
        if (!sp_journal_rows(report->journal, SP_OUTCOME_OK, after, SHEET_PHOTOS, add_photo,
                             &sheet, error))
            return FALSE;
        if (photos->len == 0)
            return TRUE;
        if (!take_sheet(report, photos, page, error))
            return FALSE;
        g_free(after);
        after = g_strdup(g_array_index(photos, SpSheetPhoto, photos->len - 1).path);
    }
}

/* ---- refused and failed --------------------------------------------------------------------
 */

static gboolean
write_list(Report *report, GError **error)
{
    g_autofree char *title =
        g_strdup_printf("Not published, page %u of %u", report->list_page, report->n_lists);
    g_autoptr(GString) html = g_string_sized_new((gsize)1 << 18);
    sp_html_begin(html, title);
    sp_html_pages(html, "refused", report->list_page, report->n_lists);
    sp_refused_begin(html);
    g_string_append_len(html, report->list->str, (gssize)report->list->len);
    sp_refused_end(html);
    sp_html_pages(html, "refused", report->list_page, report->n_lists);
    sp_html_end(html);
    return put_page(report, "refused", report->list_page, html, error);
}

static gboolean
flush_list(Report *report, GError **error)
{
    if (report->list_rows > 0 && report->n_lists > 0 && !write_list(report, error))
        return FALSE;
    g_string_truncate(report->list, 0);
    report->list_rows = 0;
    report->list_page++;
    return TRUE;
}

static gboolean
add_refused(const SpJournalRow *row, gpointer data)
{
    Report *report = data;
    sp_summary_add(&report->summary, row);
    sp_refused_row(report->list, row);
    report->list_rows++;
    if (report->list_page == 1 && report->list_rows <= LIST_FIRST)
        sp_refused_row(report->first_list, row);
    return report->list_rows < LIST_ROWS || flush_list(report, &report->error);
}

static gboolean
take_refused(Report *report, GError **error)
{
    static const SpOutcome outcomes[] = {SP_OUTCOME_REFUSED, SP_OUTCOME_FAILED};
    report->list_page = 1;
    for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (!sp_journal_rows(report->journal, outcomes[i], NULL, 0, add_refused, report, error))
            return FALSE;
        if (report->error != NULL) {
            g_propagate_error(error, g_steal_pointer(&report->error));
            return FALSE;
        }
    }
    return flush_list(report, error);
}

/* ---- the index -----------------------------------------------------------------------------
 */

/* "The first 60 of 9 980", and where they all are. */
static void
append_more(GString *html, guint n_shown, guint64 n, const char *stem, guint n_pages)
{
    if (n_pages == 0)
        return;
    g_string_append_printf(html, "<p>The first %u of ", n_shown);
    sp_html_counted(html, n, "photo", "photos");
    g_string_append_printf(html, ". <a href=\"%s-1.html\">See all of them</a>, on ", stem);
    sp_html_counted(html, n_pages, "page", "pages");
    g_string_append(html, ".</p>\n");
}

static guint64
n_refused(const Report *report)
{
    const guint64 *outcomes = report->totals.outcomes;
    return outcomes[SP_OUTCOME_REFUSED] + outcomes[SP_OUTCOME_FAILED];
}

static void
append_links(GString *html, const Report *report)
{
    g_string_append(html, "<nav aria-label=\"On this page\">\n");
    if (report->totals.outcomes[SP_OUTCOME_OK] > 0)
        g_string_append(html, "<a href=\"#removed\">What was taken out</a>\n");
    if (n_refused(report) > 0)
        g_string_append(html, "<a href=\"#reasons\">Why photos were not published</a>\n");
    if (report->totals.inputs > 0)
        g_string_append(html, "<a href=\"#charts\">Sizes and times</a>\n");
    if (report->totals.outcomes[SP_OUTCOME_OK] > 0)
        g_string_append(html, "<a href=\"#published\">Published photos</a>\n");
    if (n_refused(report) > 0)
        g_string_append(html, "<a href=\"#not-published\">Not published</a>\n");
    g_string_append(html, "</nav>\n");
}

static void
append_lists(GString *html, const Report *report)
{
    guint64 n = report->totals.outcomes[SP_OUTCOME_OK];
    if (n > 0) {
        g_string_append(html, "<section id=\"published\">\n<h2>Published photos</h2>\n");
        append_more(html, SHEET_FIRST, n, "sheet", report->n_sheets);
        g_string_append_len(html, report->first_sheet->str, (gssize)report->first_sheet->len);
        g_string_append(html, "</section>\n");
    }
    if (n_refused(report) > 0) {
        g_string_append(html, "<section id=\"not-published\">\n<h2>Not published</h2>\n");
        append_more(html, LIST_FIRST, n_refused(report), "refused", report->n_lists);
        sp_refused_begin(html);
        g_string_append_len(html, report->first_list->str, (gssize)report->first_list->len);
        sp_refused_end(html);
        g_string_append(html, "</section>\n");
    }
}

static void
append_foot(GString *html)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *shown = g_date_time_format(now, "%Y-%m-%d %H:%M UTC");
    g_autofree char *machine = g_date_time_format(now, "%Y-%m-%dT%H:%MZ");
    g_string_append_printf(html,
                           "<footer><p>Written by storyphoto %s on <time datetime=\"%s\">%s"
                           "</time>. This page names the files that people sent: it is not "
                           "to be published.</p></footer>\n",
                           sp_version(), machine, shown);
}

static gboolean
write_index(Report *report, GError **error)
{
    g_autofree char *source = sp_journal_get(report->journal, "source");
    g_autofree char *output = sp_journal_get(report->journal, "output");
    g_autoptr(GString) html = g_string_sized_new((gsize)1 << 18);
    sp_html_begin(html, "Batch report");
    append_links(html, report);
    sp_summary_append(html, &report->summary, &report->totals, source, output);
    append_lists(html, report);
    append_foot(html);
    sp_html_end(html);
    return sp_report_folder_put(report->folder, "index.html", html, error);
}

/* ---- all of it -----------------------------------------------------------------------------
 */

static guint
pages(guint64 n, guint first, guint of_a_page)
{
    return n <= first ? 0 : (guint)((n + of_a_page - 1) / of_a_page);
}

static gboolean
find_base(Report *report, const char *output, GError **error)
{
    g_autofree char *resolved = realpath(output, NULL);
    if (resolved == NULL)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot resolve '%s'",
                              output);
    report->base = sp_html_reference(sp_report_folder_path(report->folder), resolved);
    return TRUE;
}

static gboolean
write_all(Report *report, GError **error)
{
    report->n_sheets = pages(report->totals.outcomes[SP_OUTCOME_OK], SHEET_FIRST, SHEET_PHOTOS);
    report->n_lists = pages(n_refused(report), LIST_FIRST, LIST_ROWS);
    return take_published(report, error) && take_refused(report, error) &&
           write_index(report, error) &&
           sp_report_folder_sweep(report->folder, "sheet", report->n_sheets, error) &&
           sp_report_folder_sweep(report->folder, "refused", report->n_lists, error);
}

gboolean
sp_report_write(SpJournal *journal, const char *folder, const char *output, GError **error)
{
    g_auto(Report) report = {
        .journal = journal,
        .first_sheet = g_string_new(NULL),
        .first_list = g_string_new(NULL),
        .list = g_string_new(NULL),
    };
    sp_summary_init(&report.summary);
    report.folder = sp_report_folder_open(folder, error);
    return report.folder != NULL && find_base(&report, output, error) &&
           sp_journal_totals(journal, &report.totals, error) && write_all(&report, error);
}
