/* SPDX-License-Identifier: MIT */
/* report-summary.c -- numbers first, then what they are of. */
#include "bulk/report-summary.h"
#include "bulk/report-html.h"
#include "bulk/report-lists.h"
#include <stdlib.h>

/* ---- counting ------------------------------------------------------------------------------
 */

void
sp_summary_init(SpSummary *summary)
{
    *summary = (SpSummary){0};
    sp_chart_init(&summary->megapixels, 0.01);
    sp_chart_init(&summary->bytes_in, 1000);
    sp_chart_init(&summary->bytes_out, 1000);
    sp_chart_init(&summary->seconds, 0.001);
}

void
sp_summary_clear(SpSummary *summary)
{
    for (guint i = 0; i < SP_SUMMARY_FORMATS; i++)
        g_clear_pointer(&summary->formats[i], g_free);
}

static void
add_format(SpSummary *summary, const char *word)
{
    for (guint i = 0; i < SP_SUMMARY_FORMATS; i++) {
        if (summary->formats[i] == NULL)
            summary->formats[i] = g_strdup(word);
        if (g_str_equal(summary->formats[i], word)) {
            summary->n_formats[i]++;
            return;
        }
    }
}

void
sp_summary_add(SpSummary *summary, const SpJournalRow *row)
{
    if (row->width != 0 && row->height != 0)
        sp_chart_add(&summary->megapixels, (double)row->width * row->height / 1e6);
    if (row->bytes != 0)
        sp_chart_add(&summary->bytes_in, (double)row->bytes);
    if (row->outcome == SP_OUTCOME_OK)
        sp_chart_add(&summary->seconds, (double)row->milliseconds / 1e3);
    if (row->format != NULL)
        add_format(summary, row->format);
}

typedef struct {
    guint64 n;
    guint i;
} Ranked;

static int
compare_ranked(const void *first, const void *second)
{
    const Ranked *a = first, *b = second;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->i < b->i ? -1 : 1;
}

/* Those of n counts that are not 0, the largest first; returns how many they are. */
static guint
rank(const guint64 *counts, guint n, Ranked *ret_ranked)
{
    guint n_ranked = 0;
    for (guint i = 0; i < n; i++) {
        if (counts[i] > 0)
            ret_ranked[n_ranked++] = (Ranked){counts[i], i};
    }
    qsort(ret_ranked, n_ranked, sizeof *ret_ranked, compare_ranked);
    return n_ranked;
}

/* ---- tiles ---------------------------------------------------------------------------------
 */

static void
begin_tile(GString *html, const char *name)
{
    g_string_append_printf(html, "<div><dt>%s</dt><dd>", name);
}

static void
tile_of_photos(GString *html, const char *name, guint64 n, guint64 of)
{
    begin_tile(html, name);
    sp_html_count(html, n);
    g_string_append(html, "</dd><dd>");
    sp_html_share(html, n, of);
    g_string_append(html, "</dd></div>\n");
}

static void
append_tiles(GString *html, const SpJournalTotals *totals)
{
    g_string_append(html, "<dl class=\"tiles\">\n");
    begin_tile(html, "Photos");
    sp_html_count(html, totals->inputs);
    g_string_append(html, "</dd></div>\n");
    tile_of_photos(html, "Published", totals->outcomes[SP_OUTCOME_OK], totals->inputs);
    tile_of_photos(html, "Refused", totals->outcomes[SP_OUTCOME_REFUSED], totals->inputs);
    tile_of_photos(html, "Failed", totals->outcomes[SP_OUTCOME_FAILED], totals->inputs);
    begin_tile(html, "Bytes before");
    sp_html_size(html, totals->bytes_in);
    g_string_append(html, "</dd><dd>of those published</dd></div>\n");
    begin_tile(html, "Bytes after");
    sp_html_size(html, totals->bytes_out);
    g_string_append(html, "</dd><dd>");
    sp_html_share(html, totals->bytes_out, totals->bytes_in);
    g_string_append(html, ", in ");
    sp_html_counted(html, totals->outputs, "file", "files");
    g_string_append(html, "</dd></div>\n</dl>\n");
}

/* Old files may be the very reason why a photo was changed: a face that is blurred now. */
static void
append_superseded(GString *html, guint64 n)
{
    if (n == 0)
        return;
    g_string_append(html, "<p class=\"note\"><b>");
    sp_html_counted(html, n, "superseded file is", "superseded files are");
    g_string_append(html, " still published.</b> They were made of photos that have changed or "
                          "are gone; <code>--prune</code> deletes what no photo has any "
                          "more.</p>\n");
}

static void
append_folders(GString *html, const char *source, const char *output)
{
    if (source == NULL || output == NULL)
        return;
    g_string_append(html, "<p class=\"from\">From ");
    sp_html_path(html, source);
    g_string_append(html, " to ");
    sp_html_path(html, output);
    g_string_append(html, "</p>\n");
}

/* ---- what was taken out --------------------------------------------------------------------
 */

static void
begin_table(GString *html, const char *of, const char *what, gboolean words)
{
    g_string_append_printf(html,
                           "<table class=\"bars\"><caption class=\"unseen\">%s</caption>\n"
                           "<thead><tr><th scope=\"col\">%s</th>",
                           of, what);
    if (words)
        g_string_append(html, "<th scope=\"col\">Outcome</th>");
    g_string_append(html, "<th scope=\"col\" class=\"n\">Photos</th>"
                          "<th scope=\"col\" class=\"n\">Share</th><td></td></tr></thead>\n"
                          "<tbody>\n");
}

static void
end_row(GString *html, guint64 n, guint64 of)
{
    g_string_append(html, "<td class=\"n\">");
    sp_html_count(html, n);
    g_string_append(html, "</td><td class=\"n\">");
    sp_html_share(html, n, of);
    g_string_append(html, "</td><td>");
    sp_html_bar(html, n, of);
    g_string_append(html, "</td></tr>\n");
}

static void
append_removed_table(GString *html, const guint64 *removed, guint64 n_published)
{
    begin_table(html, "What published photos revealed", "What they told", FALSE);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if (removed[i] == 0)
            continue;
        const char *words = sp_category_words(i);
        g_string_append_printf(html, "<tr><th scope=\"row\">%c%s</th>",
                               g_ascii_toupper(words[0]), words + 1);
        end_row(html, removed[i], n_published);
    }
    g_string_append(html, "</tbody></table>\n");
}

static void
append_removed(GString *html, const SpJournalTotals *totals)
{
    guint64 n = totals->outcomes[SP_OUTCOME_OK], sum = 0;
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        sum += totals->removed[i];
    if (n == 0)
        return;
    g_string_append(
        html, "<section id=\"removed\">\n<h2>What was taken out</h2>\n<p class=\"lead\">");
    sp_html_count(html, totals->removed[0]); /* location */
    g_string_append(html, " of ");
    sp_html_counted(html, n, "photo", "photos");
    g_string_append(html, " said where they were taken. Nothing of what follows is in the "
                          "published files.</p>\n");
    if (sum > 0)
        append_removed_table(html, totals->removed, n);
    g_string_append(html, "</section>\n");
}

/* ---- why not -------------------------------------------------------------------------------
 */

static const char *const reasons[SP_ERROR_LAST] = {
    [SP_ERROR_NONE] = "what happened is not known",
    [SP_ERROR_EMPTY] = "no bytes at all",
    [SP_ERROR_NOT_AN_IMAGE] = "no picture format that is known",
    [SP_ERROR_UNSUPPORTED] = "a format or coding that is never taken",
    [SP_ERROR_TRUNCATED] = "picture data is missing at the end",
    [SP_ERROR_CORRUPT] = "the file is damaged",
    [SP_ERROR_TOO_LARGE] = "more bytes than the preset takes",
    [SP_ERROR_TOO_MANY_PIXELS] = "more pixels than the preset takes",
    [SP_ERROR_TOO_MUCH_MEMORY] = "would need more memory than the preset grants",
    [SP_ERROR_TOO_MUCH_WORK] = "used up its time",
    [SP_ERROR_CANNOT_FIT] = "fits the limits of the preset at no quality",
    [SP_ERROR_DECODER_CRASHED] = "the sealed decoder died on it",
    [SP_ERROR_CANNOT_READ] = "the file could not be opened or read",
    [SP_ERROR_UNAVAILABLE] = "this host lacks the decoder",
    [SP_ERROR_AUDIT] = "a result was not what it must be, and was not published",
    [SP_ERROR_POLICY] = "the sealed decoder did what it must not do",
    [SP_ERROR_PROTOCOL] = "the sealed decoder's answer made no sense",
    [SP_ERROR_CANNOT_SEAL] = "this host could not seal a decoder",
    [SP_ERROR_CANNOT_WRITE] = "the output could not be written",
    [SP_ERROR_EXISTS] = "the name is taken by another file",
    [SP_ERROR_NO_SPACE] = "the disk or the quota was full",
    [SP_ERROR_IO] = "the disk failed",
    [SP_ERROR_BUSY] = "not done in time, or the host was short of something",
    [SP_ERROR_INPUT_TIMEOUT] = "the bytes stopped coming",
    [SP_ERROR_INTERRUPTED] = "the run was stopped",
    [SP_ERROR_BAD_PRESET] = "the preset cannot be used",
};

static void
append_reasons(GString *html, const SpJournalTotals *totals)
{
    guint64 bad = totals->outcomes[SP_OUTCOME_REFUSED] + totals->outcomes[SP_OUTCOME_FAILED];
    if (bad == 0)
        return;
    g_string_append(html, "<section id=\"reasons\">\n<h2>Why photos were not published</h2>\n"
                          "<p>A refused photo is refused again as long as it has the same "
                          "bytes. A failed one is tried again by the next run; what an "
                          "earlier run published of it stays until then.</p>\n");
    begin_table(html, "Reasons of refusals and failures", "Reason", TRUE);
    Ranked codes[SP_ERROR_LAST];
    guint n = rank(totals->codes, SP_ERROR_LAST, codes);
    for (guint i = 0; i < n; i++) {
        int code = (int)codes[i].i;
        g_string_append_printf(
            html, "<tr><th scope=\"row\">%s <small>%s</small></th><td>%s</td>",
            sp_refused_word(code), reasons[code] != NULL ? reasons[code] : "",
            sp_error_is_refusal(code) ? "refused" : "failed");
        end_row(html, codes[i].n, bad);
    }
    g_string_append(html, "</tbody></table>\n</section>\n");
}

/* ---- charts --------------------------------------------------------------------------------
 */

static void
append_three_digits(GString *html, double value, const char *unit)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, value < 100 ? "%.3g" : "%.0f", value);
    g_string_append_printf(html, "%s\xe2\x80\xaf%s", number, unit);
}

static void
label_bytes(GString *html, double value)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    guint i = 0;
    for (value /= 1e3; value >= 999.5 && i + 1 < G_N_ELEMENTS(units); i++)
        value /= 1e3;
    append_three_digits(html, value, units[i]);
}

static void
label_megapixels(GString *html, double value)
{
    append_three_digits(html, value, "MP");
}

static void
label_seconds(GString *html, double value)
{
    if (value < 0.9995)
        append_three_digits(html, 1e3 * value, "ms");
    else
        append_three_digits(html, value, "s");
}

static void
append_formats(GString *html, const SpSummary *summary)
{
    Ranked ranked[SP_SUMMARY_FORMATS];
    guint n = rank(summary->n_formats, SP_SUMMARY_FORMATS, ranked);
    guint64 sum = 0;
    for (guint i = 0; i < n; i++)
        sum += ranked[i].n;
    if (n == 0)
        return;
    g_string_append(html, "<figure class=\"chart\">\n<figcaption><b>Formats they came in</b>"
                          "</figcaption>\n");
    begin_table(html, "Formats of the photos", "Format", FALSE);
    for (guint i = 0; i < n; i++) {
        g_string_append(html, "<tr><th scope=\"row\">");
        sp_html_text(html, summary->formats[ranked[i].i]);
        g_string_append(html, "</th>");
        end_row(html, ranked[i].n, sum);
    }
    g_string_append(html, "</tbody></table>\n</figure>\n");
}

static void
append_charts(GString *html, const SpSummary *summary)
{
    g_string_append(
        html, "<section id=\"charts\">\n<h2>Sizes and times</h2>\n<div class=\"charts\">\n");
    sp_chart_append(html, &summary->bytes_out, "Published files", "files", label_bytes);
    sp_chart_append(html, &summary->bytes_in, "Photos as they came", "photos", label_bytes);
    sp_chart_append(html, &summary->megapixels, "Pixels as they came", "photos",
                    label_megapixels);
    sp_chart_append(html, &summary->seconds, "Time for one photo", "photos", label_seconds);
    append_formats(html, summary);
    g_string_append(html, "</div>\n</section>\n");
}

void
sp_summary_append(GString *html, const SpSummary *summary, const SpJournalTotals *totals,
                  const char *source, const char *output)
{
    append_folders(html, source, output);
    append_tiles(html, totals);
    append_superseded(html, totals->superseded);
    append_removed(html, totals);
    append_reasons(html, totals);
    if (totals->inputs > 0)
        append_charts(html, summary);
}
