/* SPDX-License-Identifier: MIT */
/* escape.c -- what is not to be shown is spelled out. */
#include "base/escape.h"

static void
append_escaped(GString *out, gunichar c)
{
    static const char named[] = "\nn\tt\rr\\\\";
    for (const char *p = named; *p != '\0'; p += 2) {
        if (c == (gunichar)*p) {
            g_string_append_printf(out, "\\%c", p[1]);
            return;
        }
    }
    if (c < 0x80)
        g_string_append_printf(out, "\\x%02x", c);
    else if (c <= 0xFFFF)
        g_string_append_printf(out, "\\u%04x", c);
    else
        g_string_append_printf(out, "\\U%08x", c);
}

/* Not shown are, whatever g_unichar_isprint() says, separators of lines and paragraphs, and a
 * mark without a letter before it: it would sit on what is ours. */
static gboolean
is_shown(gunichar c, gunichar before)
{
    if (c == '\\' || c == 0x2028 || c == 0x2029 || !g_unichar_isprint(c))
        return FALSE;
    return !g_unichar_ismark(c) || before >= 0x80 || g_ascii_isalnum((char)before);
}

char *
sp_escape(const char *text)
{
    GString *out = g_string_new(NULL);
    gunichar before = 0; /* the last one, if it is shown */
    while (*text != '\0') {
        gunichar c = g_utf8_get_char_validated(text, -1);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(out, "\\x%02x", (guint8)*text);
            text++;
            before = 0;
            continue;
        }
        gboolean shown = is_shown(c, before);
        if (shown)
            g_string_append_unichar(out, c);
        else
            append_escaped(out, c);
        before = shown ? c : 0;
        text = g_utf8_next_char(text);
    }
    return g_string_free(out, FALSE);
}
