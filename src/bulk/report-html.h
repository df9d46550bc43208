/* SPDX-License-Identifier: MIT */
/* report-html.h -- what the pages of a report are put together from.
 *
 * Nothing that came from outside reaches a page but through sp_html_text() and sp_html_url().
 * Pages are valid UTF-8, ask no network for anything (their policy forbids it), and are
 * complete without their script. */
#ifndef SP_BULK_REPORT_HTML_H
#define SP_BULK_REPORT_HTML_H
#include <glib.h>
G_BEGIN_DECLS

/* What each page begins with: a file that does not is none of ours. */
#define SP_HTML_MARK "<!doctype html>\n<!-- storyphoto report -->\n"

/* Made from report.css and report.js by the Makefile. */
extern const char sp_report_css[], sp_report_js[];

/* Any bytes, as text or as the value of an attribute in quotes: what is not to be shown is
 * spelled out by sp_escape(), then what HTML takes for its own. */
void sp_html_text(GString *html, const char *text);
/* The same of a path, for the eye: a line may end behind each of its slashes. */
void sp_html_path(GString *html, const char *path);
/* A path of any bytes below base, which is a reference already, for an attribute. */
void sp_html_url(GString *html, const char *base, const char *path);
/* The path of folder below here as a reference that ends in a '/': "../a%20b/". Both are
 * absolute and resolved. Owned by the caller. */
char *sp_html_reference(const char *here, const char *folder);

/* "9 980", with narrow spaces that do not break. */
void sp_html_count(GString *html, guint64 n);
/* "1 photo", "9 980 photos". */
void sp_html_counted(GString *html, guint64 n, const char *one, const char *many);
/* "512 bytes", "96.1 kB", "3.2 GB": powers of 1000. */
void sp_html_size(GString *html, guint64 bytes);
/* "34 %"; what is not all is never called 100, what is not nothing never 0. */
void sp_html_share(GString *html, guint64 part, guint64 whole);
/* A bar of that share, for the eye alone: the number stands beside it. */
void sp_html_bar(GString *html, guint64 part, guint64 whole);

/* The head, and <main> with title as its heading. title: our own words. */
void sp_html_begin(GString *html, const char *title);
void sp_html_end(GString *html);
/* Links among n pages called STEM-1.html to STEM-n.html, of which this is number page; above
 * them all is index.html. */
void sp_html_pages(GString *html, const char *stem, guint page, guint n);
/* Where the script puts a box that filters what the element of that id lists. */
void sp_html_filter(GString *html, const char *id);

G_END_DECLS
#endif
