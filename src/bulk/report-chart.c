/* SPDX-License-Identifier: MIT */
/* report-chart.c -- sizes, pixels and times spread over powers of ten: the bins do, too. */
#include "bulk/report-chart.h"
#include "bulk/report-html.h"

/* Of the drawing, in its own units, which are about pixels. */
#define WIDTH 360.0
#define HEIGHT 150.0
#define MARGIN 6.0
#define TOP 18.0 /* the number on the highest bar stands above it */
#define BASE 128.0

/* What is drawn: bins from to to, both included. */
typedef struct {
    guint from, to;
    guint64 highest;
    guint at; /* the bin that is highest */
} Range;

void
sp_chart_init(SpChart *chart, double first)
{
    static const double steps[] = {1, 1.5, 2, 3, 5, 7};
    *chart = (SpChart){0};
    double tens = first;
    for (guint i = 1; i < SP_CHART_BINS; i++) {
        guint step = (i - 1) % G_N_ELEMENTS(steps);
        chart->edges[i] = tens * steps[step];
        tens *= step + 1 == G_N_ELEMENTS(steps) ? 10 : 1;
    }
}

void
sp_chart_add(SpChart *chart, double value)
{
    guint i = 0;
    while (i + 1 < SP_CHART_BINS && value >= chart->edges[i + 1])
        i++;
    chart->bins[i]++;
    chart->n++;
    chart->sum += value;
    chart->most = MAX(chart->most, value);
}

static Range
find_range(const SpChart *chart)
{
    Range range = {.from = SP_CHART_BINS - 1};
    for (guint i = 0; i < SP_CHART_BINS; i++) {
        if (chart->bins[i] == 0)
            continue;
        range.from = MIN(range.from, i);
        range.to = i;
        if (chart->bins[i] > range.highest) {
            range.highest = chart->bins[i];
            range.at = i;
        }
    }
    /* A bar alone tells more with room beside it. */
    range.from -= range.from > 0 ? 1 : 0;
    range.to += range.to + 1 < SP_CHART_BINS ? 1 : 0;
    return range;
}

static void
append_number(GString *html, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(html, g_ascii_formatd(number, sizeof number, "%.1f", value));
}

static void
append_bin(GString *html, const SpChart *chart, guint i, SpChartLabel label)
{
    if (i > 0)
        label(html, chart->edges[i]);
    else
        g_string_append(html, "less");
    if (i + 1 == SP_CHART_BINS) {
        g_string_append(html, " and more");
        return;
    }
    g_string_append(html, i > 0 ? " to " : " than ");
    label(html, chart->edges[i + 1]);
}

static void
append_bar(GString *html, const SpChart *chart, const Range *range, guint i, SpChartLabel label)
{
    double step = (WIDTH - 2 * MARGIN) / (range->to - range->from + 1);
    double x = MARGIN + step * (i - range->from);
    /* What is there is seen, be it one of a million. */
    double height = MAX(1.5, (BASE - TOP) * (double)chart->bins[i] / (double)range->highest);
    g_string_append(html, "<rect x=\"");
    append_number(html, x + 0.5);
    g_string_append(html, "\" y=\"");
    append_number(html, BASE - height);
    g_string_append(html, "\" width=\"");
    append_number(html, step - 1);
    g_string_append(html, "\" height=\"");
    append_number(html, height);
    g_string_append(html, "\"><title>");
    append_bin(html, chart, i, label);
    g_string_append(html, ": ");
    sp_html_count(html, chart->bins[i]);
    g_string_append(html, "</title></rect>\n");
    if (i != range->at)
        return;
    g_string_append(html, "<text x=\"");
    append_number(html, CLAMP(x + step / 2, 24, WIDTH - 24));
    g_string_append(html, "\" y=\"");
    append_number(html, TOP - 6);
    g_string_append(html, "\">");
    sp_html_count(html, chart->bins[i]);
    g_string_append(html, "</text>\n");
}

/* Whether there is room for a label where bin i begins: at 1, 2, 5, or fewer of them. */
static gboolean
has_label(const Range *range, guint i)
{
    guint n = range->to - range->from + 1, step = (i - 1) % 6;
    if (i == 0 || i == range->from)
        return FALSE;
    if (n <= 6)
        return TRUE;
    if (n <= 13)
        return step % 2 == 0;
    return n <= 22 ? step % 3 == 0 : step == 0;
}

static void
append_axis(GString *html, const SpChart *chart, const Range *range, SpChartLabel label)
{
    double step = (WIDTH - 2 * MARGIN) / (range->to - range->from + 1);
    g_string_append(html, "<path d=\"M0 128.5H360\"/>\n");
    for (guint i = range->from; i <= range->to; i++) {
        if (!has_label(range, i))
            continue;
        double x = MARGIN + step * (i - range->from);
        g_string_append(html, "<path d=\"M");
        append_number(html, x);
        g_string_append(html, " 128v4\"/><text x=\"");
        append_number(html, CLAMP(x, 26, WIDTH - 26));
        g_string_append(html, "\" y=\"145\">");
        label(html, chart->edges[i]);
        g_string_append(html, "</text>\n");
    }
}

static void
append_drawing(GString *html, const SpChart *chart, const char *title, const char *of,
               SpChartLabel label)
{
    Range range = find_range(chart);
    g_string_append_printf(html,
                           "<svg viewBox=\"0 0 360 150\" role=\"img\" aria-label=\""
                           "%s, a histogram; the largest group of %s, ",
                           title, of);
    sp_html_count(html, range.highest);
    g_string_append(html, ", has ");
    append_bin(html, chart, range.at, label);
    g_string_append(html, "; all numbers are in the table that follows\">\n");
    for (guint i = range.from; i <= range.to; i++) {
        if (chart->bins[i] > 0)
            append_bar(html, chart, &range, i, label);
    }
    append_axis(html, chart, &range, label);
    g_string_append(html, "</svg>\n");
}

static void
append_table(GString *html, const SpChart *chart, const char *title, const char *of,
             SpChartLabel label)
{
    g_string_append_printf(html,
                           "<details><summary>Numbers</summary>\n<table><caption "
                           "class=\"unseen\">%s</caption>\n<thead><tr><th scope=\"col\">From, "
                           "to</th><th scope=\"col\" class=\"n\">%c%s</th></tr></thead><tbody>",
                           title, g_ascii_toupper(of[0]), of + 1);
    for (guint i = 0; i < SP_CHART_BINS; i++) {
        if (chart->bins[i] == 0)
            continue;
        g_string_append(html, "\n<tr><td>");
        append_bin(html, chart, i, label);
        g_string_append(html, "</td><td class=\"n\">");
        sp_html_count(html, chart->bins[i]);
        g_string_append(html, "</td></tr>");
    }
    g_string_append(html, "</tbody></table></details>\n");
}

void
sp_chart_append(GString *html, const SpChart *chart, const char *title, const char *of,
                SpChartLabel label)
{
    if (chart->n == 0)
        return;
    g_string_append_printf(html, "<figure class=\"chart\">\n<figcaption><b>%s</b> ", title);
    g_string_append(html, "<span>mean ");
    label(html, chart->sum / (double)chart->n);
    g_string_append(html, ", at most ");
    label(html, chart->most);
    g_string_append(html, "</span></figcaption>\n");
    append_drawing(html, chart, title, of, label);
    append_table(html, chart, title, of, label);
    g_string_append(html, "</figure>\n");
}
