/* SPDX-License-Identifier: MIT */
/* text.c -- what is blank, and what is UTF-8.
 *
 * Own conversion, because iconv loads its modules from disk, and a sealed process opens
 * nothing. */
#include "inventory/text.h"

#include <string.h>

static gboolean
is_blank(guint8 byte)
{
    return byte <= ' ' || byte == 0x7F;
}

gboolean
sp_text_is_blank(SpSlice text)
{
    for (gsize i = 0; i < text.n; i++) {
        if (!is_blank(text.bytes[i]))
            return FALSE;
    }
    return TRUE;
}

gboolean
sp_text_ends_blank(SpSlice text, gsize n)
{
    return sp_text_is_blank(sp_slice_behind(text, MIN(n, text.n)));
}

gboolean
sp_text_is_no_date(SpSlice text)
{
    for (gsize i = 0; i < text.n; i++) {
        guint8 byte = text.bytes[i];
        if (byte > '0' && byte != ':' && byte != 'T' && byte != 'Z')
            return FALSE;
    }
    return TRUE;
}

SpSlice
sp_text_trim(SpSlice text)
{
    while (text.n > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.n--;
    }
    while (text.n > 0 && is_blank(text.bytes[text.n - 1]))
        text.n--;
    return text;
}

gboolean
sp_text_equals(SpSlice text, const char *word)
{
    gsize n = strlen(word);
    return text.n == n && (n == 0 || memcmp(text.bytes, word, n) == 0);
}

const guint8 *
sp_text_find(SpSlice text, const char *word, gsize n)
{
    return text.n < n ? NULL : memmem(text.bytes, text.n, word, n);
}

/* ---- UTF-8 ---------------------------------------------------------------------------------
 */

typedef struct {
    guint unit; /* bytes: 1, 2 or 4 */
    gboolean little;
    guint mark; /* bytes of the mark at the start */
} Coding;

static const struct {
    const char *start; /* '?' is any byte but 0 */
    guint n;
    Coding coding;
} codings[] = {
    {"\xEF\xBB\xBF", 3, {1, FALSE, 3}}, {"\xFF\xFE\0\0", 4, {4, TRUE, 4}},
    {"\0\0\xFE\xFF", 4, {4, FALSE, 4}}, {"\xFF\xFE", 2, {2, TRUE, 2}},
    {"\xFE\xFF", 2, {2, FALSE, 2}},     {"?\0\0\0", 4, {4, TRUE, 0}},
    {"\0\0\0?", 4, {4, FALSE, 0}},      {"?\0?\0", 4, {2, TRUE, 0}},
    {"\0?\0?", 4, {2, FALSE, 0}},
};

static gboolean
starts_like(SpSlice text, const char *start, guint n)
{
    if (text.n < n)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        if (start[i] == '?' ? text.bytes[i] == 0 : text.bytes[i] != (guint8)start[i])
            return FALSE;
    }
    return TRUE;
}

static Coding
find_coding(SpSlice text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codings); i++) {
        if (starts_like(text, codings[i].start, codings[i].n))
            return codings[i].coding;
    }
    return (Coding){1, FALSE, 0};
}

static guint32
get_unit(const guint8 *p, const Coding *coding)
{
    guint32 value = 0;
    for (guint i = 0; i < coding->unit; i++)
        value = value << 8 | p[coding->little ? coding->unit - 1 - i : i];
    return value;
}

/* The character at *at, which moves behind it; what is none is U+FFFD. */
static gunichar
next_character(SpSlice text, const Coding *coding, gsize *at)
{
    guint32 first = get_unit(text.bytes + *at, coding);
    *at += coding->unit;
    if (coding->unit == 2 && first >= 0xD800 && first < 0xDC00 && text.n - *at >= 2) {
        guint32 second = get_unit(text.bytes + *at, coding);
        if (second >= 0xDC00 && second < 0xE000) {
            *at += 2;
            return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    return first > 0x10FFFF || (first >= 0xD800 && first < 0xE000) ? 0xFFFD : first;
}

SpSlice
sp_text_to_utf8(SpSlice text, guint8 **ret_owned)
{
    *ret_owned = NULL;
    text.n = MIN(text.n, SP_TEXT_SEARCHED);
    if (text.n == 0)
        return text;
    Coding coding = find_coding(text);
    text.bytes += coding.mark;
    text.n -= coding.mark;
    if (coding.unit == 1)
        return text;
    /* Two bytes become three at most, four become four. */
    gsize room = text.n / 2 * 3 + 8;
    guint8 *made = g_try_malloc(room);
    if (made == NULL)
        return (SpSlice){NULL, 0};
    gsize n = 0;
    for (gsize at = 0; text.n - at >= coding.unit;) {
        char utf8[6];
        gint length = g_unichar_to_utf8(next_character(text, &coding, &at), utf8);
        memcpy(made + n, utf8, (gsize)length);
        n += (gsize)length;
    }
    *ret_owned = made;
    return (SpSlice){made, n};
}
