/* SPDX-License-Identifier: MIT */
/* report-chart.h -- histograms, counted a value at a time and drawn as SVG in the page. */
#ifndef SP_BULK_REPORT_CHART_H
#define SP_BULK_REPORT_CHART_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_CHART_BINS 62

/* Bins grow by steps of 1, 1.5, 2, 3, 5, 7, 10 from first on: below the first bin all that is
 * less, in the last all that is more. */
typedef struct {
    double edges[SP_CHART_BINS]; /* where each begins */
    guint64 n, bins[SP_CHART_BINS];
    double sum, most;
} SpChart;

/* first: the least value that is told apart from smaller ones. */
void sp_chart_init(SpChart *chart, double first);
void sp_chart_add(SpChart *chart, double value);

/* Appends a value with its unit, of an edge or a mean. */
typedef void (*SpChartLabel)(GString *html, double value);

/* A figure: title, picture, a line with mean and maximum, and the numbers as a table that can
 * be opened. of: "photos". Nothing at all when nothing was counted. */
void sp_chart_append(GString *html, const SpChart *chart, const char *title, const char *of,
                     SpChartLabel label);

G_END_DECLS
#endif
