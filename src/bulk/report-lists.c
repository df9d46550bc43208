/* SPDX-License-Identifier: MIT */
/* report-lists.c -- a figure a published photo, a row a photo that is not. */
#include "bulk/report-lists.h"
#include "bulk/report-html.h"
#include <math.h>

/* ---- contact sheets ------------------------------------------------------------------------
 */

#define SHARP 320 /* pixels of the longer side: a tile on a screen with two a point */

static void
clear_photo(gpointer data)
{
    SpSheetPhoto *photo = data;
    g_free(photo->path);
    g_free(photo->shown);
}

GArray *
sp_sheet_new(void)
{
    GArray *photos = g_array_new(FALSE, FALSE, sizeof(SpSheetPhoto));
    g_array_set_clear_func(photos, clear_photo);
    return photos;
}

void
sp_sheet_add(GArray *photos, const SpJournalRow *row)
{
    SpSheetPhoto photo = {
        .id = row->id,
        .path = g_strdup(row->path),
        .colour = sp_thumbhash_colour(row->thumbhash),
    };
    g_array_append_val(photos, photo);
}

void
sp_sheet_consider(SpSheetPhoto *photo, const SpJournalOutput *output)
{
    guint shown = MAX(photo->width, photo->height), other = MAX(output->width, output->height);
    gboolean better = shown < SHARP ? other > shown : other >= SHARP && other < shown;
    if (photo->shown != NULL && !better)
        return;
    g_free(photo->shown);
    photo->shown = g_strdup(output->path);
    photo->width = output->width;
    photo->height = output->height;
}

static void
append_picture(GString *html, const SpSheetPhoto *photo, const char *base)
{
    g_string_append(html, "<a href=\"");
    sp_html_url(html, base, photo->shown);
    g_string_append(html, "\"><img loading=\"lazy\" decoding=\"async\" src=\"");
    sp_html_url(html, base, photo->shown);
    g_string_append_printf(html, "\" width=\"%u\" height=\"%u\" alt=\"Published, %u by %u\"",
                           photo->width, photo->height, photo->width, photo->height);
    if (photo->colour >= 0)
        g_string_append_printf(html, " style=\"background:#%06x\"", (guint)photo->colour);
    g_string_append(html, "></a>");
}

void
sp_sheet_append(GString *html, const GArray *photos, guint n, const char *base)
{
    sp_html_filter(html, "sheet");
    g_string_append(html, "<ul class=\"sheet\" id=\"sheet\">\n");
    for (guint i = 0; i < MIN(n, photos->len); i++) {
        const SpSheetPhoto *photo = &g_array_index(photos, SpSheetPhoto, i);
        g_string_append(html, "<li><figure>");
        if (photo->shown != NULL)
            append_picture(html, photo, base);
        g_string_append(html, "<figcaption>");
        sp_html_path(html, photo->path);
        g_string_append(html, "</figcaption></figure></li>\n");
    }
    g_string_append(html, "</ul>\n");
}

/* evanw.github.io/thumbhash: 6 bits each of luminance, yellow-blue and red-green. */
gint32
sp_thumbhash_colour(const char *thumbhash)
{
    gsize n = 0;
    if (thumbhash == NULL)
        return -1;
    g_autofree guint8 *hash = g_base64_decode(thumbhash, &n);
    if (n < 5)
        return -1;
    guint bits = hash[0] | (guint)hash[1] << 8 | (guint)hash[2] << 16;
    double l = (bits & 63) / 63.0, p = (bits >> 6 & 63) / 31.5 - 1;
    double q = (bits >> 12 & 63) / 31.5 - 1, b = l - 2.0 / 3 * p;
    double rgb[] = {(3 * l - b + q) / 2, (3 * l - b + q) / 2 - q, b};
    gint32 colour = 0;
    for (guint i = 0; i < G_N_ELEMENTS(rgb); i++)
        colour = colour << 8 | (gint32)lround(255 * CLAMP(rgb[i], 0, 1));
    return colour;
}

/* ---- what was not published ----------------------------------------------------------------
 */

const char *
sp_refused_word(int code)
{
    return sp_error_word(code != SP_ERROR_NONE ? code : -1);
}

void
sp_refused_begin(GString *html)
{
    sp_html_filter(html, "refused");
    g_string_append(html,
                    "<table class=\"sortable\"><caption class=\"unseen\">Photos that were not "
                    "published</caption>\n<thead><tr>"
                    "<th scope=\"col\" data-sort=\"photo\">Photo</th>"
                    "<th scope=\"col\" data-sort=\"outcome\">Outcome</th>"
                    "<th scope=\"col\" data-sort=\"reason\">Reason</th>"
                    "<th scope=\"col\" data-sort=\"bytes\" class=\"n\">Size</th>"
                    "</tr></thead>\n<tbody id=\"refused\">\n");
}

void
sp_refused_row(GString *html, const SpJournalRow *row)
{
    g_string_append(html, "<tr><td>");
    sp_html_path(html, row->path);
    g_string_append_printf(html, "</td><td>%s</td><td><b>%s</b>",
                           row->outcome == SP_OUTCOME_REFUSED ? "refused" : "failed",
                           sp_refused_word(row->code));
    if (row->message != NULL) {
        g_string_append(html, " <small>");
        sp_html_text(html, row->message);
        g_string_append(html, "</small>");
    }
    g_string_append_printf(html, "</td><td class=\"n\" data-value=\"%" G_GUINT64_FORMAT "\">",
                           row->bytes);
    sp_html_size(html, row->bytes);
    g_string_append(html, "</td></tr>\n");
}

void
sp_refused_end(GString *html)
{
    g_string_append(html, "</tbody></table>\n");
}
