/* SPDX-License-Identifier: MIT */
/* report-html.c -- escaping, numbers for people, and what all pages have around them. */
#include "bulk/report-html.h"
#include "base/escape.h"
#include <string.h>

#define THIN_SPACE "\xe2\x80\xaf" /* U+202F, which does not break */

/* ---- what came from outside ----------------------------------------------------------------
 */

void
sp_html_text(GString *html, const char *text)
{
    g_autofree char *shown = sp_escape(text);
    for (const char *p = shown; *p != '\0'; p++) {
        switch (*p) {
        case '&':
            g_string_append(html, "&amp;");
            break;
        case '<':
            g_string_append(html, "&lt;");
            break;
        case '>':
            g_string_append(html, "&gt;");
            break;
        case '"':
            g_string_append(html, "&quot;");
            break;
        case '\'':
            g_string_append(html, "&#39;");
            break;
        default:
            g_string_append_c(html, *p);
        }
    }
}

void
sp_html_path(GString *html, const char *path)
{
    g_string_append(html, "<bdi>");
    for (;;) {
        const char *slash = strchr(path, '/');
        if (slash == NULL || slash[1] == '\0')
            break;
        g_autofree char *folder = g_strndup(path, (gsize)(slash + 1 - path));
        sp_html_text(html, folder);
        g_string_append(html, "<wbr>");
        path = slash + 1;
    }
    sp_html_text(html, path);
    g_string_append(html, "</bdi>");
}

/* RFC 3986: what is unreserved, and the slash between components; all else in hexadecimal. So
 * nothing is left that HTML would have to escape. */
void
sp_html_url(GString *html, const char *base, const char *path)
{
    g_string_append(html, base);
    for (const char *p = path; *p != '\0'; p++) {
        if (g_ascii_isalnum(*p) || strchr("-._~/", *p) != NULL)
            g_string_append_c(html, *p);
        else
            g_string_append_printf(html, "%%%02X", (guint8)*p);
    }
}

/* The length of what two absolute paths have in common, in whole components. */
static gsize
common_folders(const char *a, const char *b)
{
    gsize n = 0;
    for (gsize i = 0;; i++) {
        gboolean a_ends = a[i] == '\0' || a[i] == '/', b_ends = b[i] == '\0' || b[i] == '/';
        if (a_ends && b_ends)
            n = i;
        if (a[i] != b[i] || a[i] == '\0')
            return n;
    }
}

char *
sp_html_reference(const char *here, const char *folder)
{
    GString *url = g_string_new("./");
    gsize n = common_folders(here, folder);
    gboolean between = TRUE;
    for (const char *p = here + n; *p != '\0'; p++) {
        if (*p != '/' && between)
            g_string_append(url, "../");
        between = *p == '/';
    }
    const char *below = folder + n;
    below += strspn(below, "/");
    sp_html_url(url, "", below);
    if (url->str[url->len - 1] != '/')
        g_string_append_c(url, '/');
    return g_string_free(url, FALSE);
}

/* ---- numbers -------------------------------------------------------------------------------
 */

void
sp_html_count(GString *html, guint64 n)
{
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, n);
    gsize left = strlen(digits);
    for (const char *p = digits; *p != '\0'; p++, left--) {
        if (p != digits && left % 3 == 0)
            g_string_append(html, THIN_SPACE);
        g_string_append_c(html, *p);
    }
}

void
sp_html_counted(GString *html, guint64 n, const char *one, const char *many)
{
    sp_html_count(html, n);
    g_string_append_printf(html, " %s", n == 1 ? one : many);
}

void
sp_html_size(GString *html, guint64 bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    if (bytes < 1000) {
        g_string_append_printf(html, "%u" THIN_SPACE "byte%s", (guint)bytes,
                               bytes == 1 ? "" : "s");
        return;
    }
    double size = (double)bytes / 1e3;
    guint i = 0;
    for (; size >= 999.95 && i + 1 < G_N_ELEMENTS(units); i++)
        size /= 1e3;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.1f", size);
    g_string_append_printf(html, "%s" THIN_SPACE "%s", number, units[i]);
}

void
sp_html_share(GString *html, guint64 part, guint64 whole)
{
    double share = whole == 0 ? 0 : 100 * (double)part / (double)whole;
    if (part > 0 && share < 1)
        g_string_append(html, "&lt;" THIN_SPACE "1");
    else if (part < whole && share > 99)
        g_string_append(html, "&gt;" THIN_SPACE "99");
    else
        g_string_append_printf(html, "%u", (guint)(share + 0.5));
    g_string_append(html, THIN_SPACE "%");
}

void
sp_html_bar(GString *html, guint64 part, guint64 whole)
{
    double share = whole == 0 ? 0 : (double)part / (double)whole;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.2f", 100 * MIN(share, 1));
    g_string_append_printf(html, "<span class=\"bar\"><i style=\"width:%s%%\"></i></span>",
                           number);
}

/* ---- around a page -------------------------------------------------------------------------
 */

/* A script that is not ours does not run, wherever it may have come from. Styles are inline:
 * bars have their lengths there, pictures the colour that waits for them. 'self' is where the
 * report is looked at over HTTP. */
static void
append_policy(GString *html)
{
    guint8 digest[32];
    gsize n = sizeof digest;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)sp_report_js, (gssize)strlen(sp_report_js));
    g_checksum_get_digest(checksum, digest, &n);
    g_autofree char *hash = g_base64_encode(digest, n);
    g_string_append_printf(html,
                           "<meta http-equiv=\"Content-Security-Policy\" content=\""
                           "default-src 'none'; base-uri 'none'; form-action 'none'; "
                           "img-src 'self' file:; style-src 'unsafe-inline'; "
                           "script-src 'sha256-%s'\">\n",
                           hash);
}

void
sp_html_begin(GString *html, const char *title)
{
    g_string_append(html,
                    SP_HTML_MARK "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    append_policy(html);
    g_string_append(html, "<meta name=\"viewport\" content=\"width=device-width\">\n"
                          "<meta name=\"color-scheme\" content=\"light dark\">\n"
                          "<meta name=\"referrer\" content=\"no-referrer\">\n"
                          "<meta name=\"robots\" content=\"noindex\">\n");
    g_string_append_printf(html, "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n",
                           title, sp_report_css);
    g_string_append_printf(html, "<main>\n<h1>%s</h1>\n", title);
}

void
sp_html_end(GString *html)
{
    g_string_append_printf(html, "</main>\n<script>%s</script>\n</body>\n</html>\n",
                           sp_report_js);
}

static void
append_page(GString *html, const char *stem, guint page, guint at)
{
    if (page == at)
        g_string_append_printf(html, "<b aria-current=\"page\">%u</b>\n", page);
    else
        g_string_append_printf(html, "<a href=\"%s-%u.html\">%u</a>\n", stem, page, page);
}

void
sp_html_pages(GString *html, const char *stem, guint page, guint n)
{
    g_string_append(html, "<nav aria-label=\"Pages\">\n<a href=\"index.html\">Summary</a>\n");
    if (page > 1)
        g_string_append_printf(html, "<a href=\"%s-%u.html\" rel=\"prev\">Previous</a>\n", stem,
                               page - 1);
    for (guint i = 1; i <= n; i++) {
        gboolean near = i + 2 >= page && i <= page + 2;
        if (near || i == 1 || i == n)
            append_page(html, stem, i, page);
        else if (i == 2 || i == page + 3)
            g_string_append(html, "<span>…</span>\n");
        else /* on to the next that is shown */
            i = i < page ? page - 3 : n - 1;
    }
    if (page < n)
        g_string_append_printf(html, "<a href=\"%s-%u.html\" rel=\"next\">Next</a>\n", stem,
                               page + 1);
    g_string_append(html, "</nav>\n");
}

void
sp_html_filter(GString *html, const char *id)
{
    g_string_append_printf(html,
                           "<p class=\"filter\" hidden><label>Filter <input "
                           "type=\"search\" data-for=\"%s\" autocomplete=\"off\" "
                           "spellcheck=\"false\"></label> <output></output></p>\n",
                           id);
}
