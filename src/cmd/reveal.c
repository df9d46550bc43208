/* SPDX-License-Identifier: MIT */
/* reveal.c -- formats, categories and carriers in words. */
#include "cmd/reveal.h"
#include "cmd/print.h"

char *
sp_reveal_format(const char *word)
{
    if (word == NULL)
        return g_strdup("unknown format");
    if (g_str_equal(word, "webp"))
        return g_strdup("WebP");
    return g_ascii_strup(word, -1);
}

void
sp_reveal_append_slugs(GString *text, guint32 reveals, const char *between)
{
    const char *before = "";
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if ((reveals & (1u << i)) == 0)
            continue;
        g_string_append_printf(text, "%s%s", before, sp_category_slug(i));
        before = between;
    }
}

void
sp_reveal_append_carrier(GString *text, const SpFinding *finding)
{
    g_autofree char *size = sp_print_size(finding->bytes);
    g_autofree char *place = sp_print_escape(finding->place);
    if (finding->count > 1)
        g_string_append_printf(text, "%u x ", finding->count);
    g_string_append_printf(text, "%s%s%s %s", place, place[0] != '\0' ? " " : "",
                           finding->title, size);
}
