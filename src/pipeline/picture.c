/* SPDX-License-Identifier: MIT */
/* picture.c -- the <picture> element that a page can take as it is.
 *
 * Two languages are nested here, and each has its own escape: a name becomes a URL (RFC 3986:
 * all but the unreserved characters percent-encoded, so no comma or space can end a URL inside
 * srcset), the URL becomes an attribute (HTML: & < > " '). With names = source the name is a
 * stranger's: it must never reach the HTML on another way than url_of(). */
#include "pipeline/receipt.h"
#include <string.h>

/* The published name behind base_url, escaped for both; owned by the caller. */
static char *
url_of(const SpOutput *output, const char *base_url)
{
    const char *slash = strrchr(output->path, '/');
    const char *name = slash == NULL ? output->path : slash + 1;
    g_autofree char *encoded = g_uri_escape_bytes((const guint8 *)name, strlen(name), NULL);
    g_autofree char *url = g_strconcat(base_url, encoded, NULL);
    return g_markup_escape_text(url, -1);
}

/* base_url is the site's own and stays as it is, but for what no URL may hold and what would
 * end one in srcset: spaces and control characters. "" stays "": URLs relative to the page. */
static char *
clean_base(const char *base_url)
{
    g_autofree char *valid = g_utf8_make_valid(base_url == NULL ? "" : base_url, -1);
    GString *clean = g_string_new(NULL);
    for (const char *p = valid; *p != '\0'; p++) {
        guchar c = (guchar)*p;
        if (c <= ' ' || c == 0x7f)
            g_string_append_printf(clean, "%%%02X", c);
        else
            g_string_append_c(clean, *p);
    }
    if (clean->len > 0 && clean->str[clean->len - 1] != '/')
        g_string_append_c(clean, '/');
    return g_string_free(clean, FALSE);
}

/* Where names follow; owned by the caller. */
static char *
base_of(const char *base_url, const char *below)
{
    char *base = clean_base(base_url);
    if (below == NULL)
        return base;
    g_autofree char *outer = base;
    g_autofree char *encoded = g_uri_escape_bytes((const guint8 *)below, strlen(below), "/");
    return g_strconcat(outer, encoded, "/", NULL);
}

static const SpOutput *
output_at(const GPtrArray *outputs, guint index)
{
    return g_ptr_array_index(outputs, index);
}

static gboolean
is_format(const SpOutput *output, const char *format)
{
    return strcmp(output->format, format) == 0;
}

/* Whether no output before index has its format (with of_width: its format and width). */
static gboolean
is_first(const GPtrArray *outputs, guint index, gboolean of_width)
{
    const SpOutput *output = output_at(outputs, index);
    for (guint i = 0; i < index; i++) {
        const SpOutput *before = output_at(outputs, i);
        if (is_format(before, output->format) && (!of_width || before->width == output->width))
            return FALSE;
    }
    return TRUE;
}

static const SpOutput *
widest(const GPtrArray *outputs, const char *format)
{
    const SpOutput *found = NULL;
    for (guint i = 0; i < outputs->len; i++) {
        const SpOutput *output = output_at(outputs, i);
        if (is_format(output, format) && (found == NULL || output->width > found->width))
            found = output;
    }
    return found;
}

/* Two sizes of a small upload may come out equally wide (nothing is enlarged), and srcset must
 * not name a width twice: the first is taken. */
static guint
count_widths(const GPtrArray *outputs, const char *format)
{
    guint n = 0;
    for (guint i = 0; i < outputs->len; i++)
        n += is_format(output_at(outputs, i), format) && is_first(outputs, i, TRUE);
    return n;
}

/* What goes into every URL's place and every sizes attribute, escaped. */
typedef struct {
    char *base;  /* owned */
    char *sizes; /* owned; NULL: by the widest file */
} Page;

static void
page_clear(Page *page)
{
    g_free(page->base);
    g_free(page->sizes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

/* ` srcset="..." sizes="..."` with the width of each; for a format of several sizes. */
static void
append_sizes(GString *html, const GPtrArray *outputs, const char *format, const Page *page)
{
    const char *between = "";
    g_string_append(html, " srcset=\"");
    for (guint i = 0; i < outputs->len; i++) {
        const SpOutput *output = output_at(outputs, i);
        if (!is_format(output, format) || !is_first(outputs, i, TRUE))
            continue;
        g_autofree char *url = url_of(output, page->base);
        g_string_append_printf(html, "%s%s %uw", between, url, output->width);
        between = ", ";
    }
    guint most = widest(outputs, format)->width;
    if (page->sizes != NULL)
        g_string_append_printf(html, "\" sizes=\"%s\"", page->sizes);
    else
        g_string_append_printf(html, "\" sizes=\"(max-width: %upx) 100vw, %upx\"", most, most);
}

static void
append_source(GString *html, const GPtrArray *outputs, const char *format, const Page *page)
{
    g_string_append_printf(html, "<source type=\"image/%s\"", format);
    if (count_widths(outputs, format) > 1) {
        append_sizes(html, outputs, format, page);
    } else {
        g_autofree char *url = url_of(widest(outputs, format), page->base);
        g_string_append_printf(html, " srcset=\"%s\"", url);
    }
    g_string_append_c(html, '>');
}

static void
append_img(GString *html, const GPtrArray *outputs, const char *format, const Page *page)
{
    const SpOutput *output = widest(outputs, format);
    g_autofree char *url = url_of(output, page->base);
    g_string_append_printf(html, "<img src=\"%s\"", url);
    if (count_widths(outputs, format) > 1)
        append_sizes(html, outputs, format, page);
    g_string_append_printf(html,
                           " width=\"%u\" height=\"%u\" alt=\"\" loading=\"lazy\""
                           " decoding=\"async\">",
                           output->width, output->height);
}

/* What every browser shows: JPEG, or else the last format of the preset. */
static const char *
plain_format(const GPtrArray *outputs)
{
    const char *jpeg = sp_output_format_word(SP_OUTPUT_JPEG);
    if (widest(outputs, jpeg) != NULL)
        return jpeg;
    return output_at(outputs, outputs->len - 1)->format;
}

char *
sp_receipt_picture(const GPtrArray *outputs, const char *base_url, const char *below,
                   const char *sizes)
{
    if (outputs->len == 0)
        return NULL;
    g_auto(Page) page = {.base = base_of(base_url, below)};
    if (sizes != NULL && *sizes != '\0')
        page.sizes = g_markup_escape_text(sizes, -1);
    const char *plain = plain_format(outputs);
    GString *html = g_string_new("<picture>");
    for (guint i = 0; i < outputs->len; i++) {
        const char *format = output_at(outputs, i)->format;
        if (!is_format(output_at(outputs, i), plain) && is_first(outputs, i, FALSE))
            append_source(html, outputs, format, &page);
    }
    append_img(html, outputs, plain, &page);
    g_string_append(html, "</picture>");
    return g_string_free(html, FALSE);
}
