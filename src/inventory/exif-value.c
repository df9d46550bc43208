/* SPDX-License-Identifier: MIT */
/* exif-value.c -- values of EXIF entries as text.
 *
 * The tag matters twice: what Windows writes (XPTitle and its like) is UTF-16, little endian
 * whatever the TIFF is; comments begin with eight bytes that name their coding. */
#include "inventory/exif-value.h"

#include <string.h>

#define TAG_USER_COMMENT 0x9286
#define TAG_GPS_PROCESSING_METHOD 0x001B
#define TAG_GPS_AREA_INFORMATION 0x001C
#define TAG_XP_FIRST 0x9C9B
#define TAG_XP_LAST 0x9C9F
#define TAG_PADDING 0xEA1C
#define CHARSET_SIZE 8

/* The codings of a comment: Exif 2.32, table 9. */
static gboolean
has_charset(const SpTiffEntry *entry)
{
    static const char *const heads[] = {"ASCII\0\0", "UNICODE", "JIS\0\0\0\0",
                                        "\0\0\0\0\0\0\0"};
    if (entry->value.n < CHARSET_SIZE || entry->type != SP_TIFF_UNDEFINED)
        return FALSE;
    if (entry->tag != TAG_USER_COMMENT && entry->tag != TAG_GPS_PROCESSING_METHOD &&
        entry->tag != TAG_GPS_AREA_INFORMATION)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        if (memcmp(entry->value.bytes, heads[i], CHARSET_SIZE - 1) == 0)
            return TRUE;
    }
    return FALSE;
}

static SpSlice
text_of(const SpTiffEntry *entry)
{
    SpSlice text = entry->value;
    /* Windows' padding begins with eight bytes that are the same in every file. */
    gboolean padding = entry->tag == TAG_PADDING && text.n >= CHARSET_SIZE;
    if (padding || has_charset(entry)) {
        text.bytes += CHARSET_SIZE;
        text.n -= CHARSET_SIZE;
    }
    return text;
}

gboolean
sp_exif_value_is_blank(const SpTiffEntry *entry)
{
    switch (entry->type) {
    case SP_TIFF_BYTE:
    case SP_TIFF_UNDEFINED:
        /* One byte that is 0 is a number: of GPSAltitudeRef, of SceneType. */
        return entry->value.n != 1 ? sp_tiff_is_blank(text_of(entry)) : FALSE;
    case SP_TIFF_ASCII:
    case SP_TIFF_UTF8:
        return sp_tiff_is_blank(entry->value);
    default:
        return entry->value.n == 0 || sp_tiff_type_size(entry->type) == 0;
    }
}

static double
number_at(const SpTiff *tiff, guint type, const guint8 *p)
{
    double over = 0, under = 0;
    switch (type) {
    case SP_TIFF_BYTE:
    case SP_TIFF_UNDEFINED:
        return p[0];
    case SP_TIFF_SBYTE:
        return (gint8)p[0];
    case SP_TIFF_SHORT:
        return sp_tiff_get16(tiff, p);
    case SP_TIFF_SSHORT:
        return (gint16)sp_tiff_get16(tiff, p);
    case SP_TIFF_SLONG:
        return (gint32)sp_tiff_get32(tiff, p);
    case SP_TIFF_RATIONAL:
        over = sp_tiff_get32(tiff, p);
        under = sp_tiff_get32(tiff, p + 4);
        return under != 0 ? over / under : 0;
    case SP_TIFF_SRATIONAL:
        over = (gint32)sp_tiff_get32(tiff, p);
        under = (gint32)sp_tiff_get32(tiff, p + 4);
        return under != 0 ? over / under : 0;
    default:
        return sp_tiff_get32(tiff, p);
    }
}

/* IEEE 754 is what the machine has, in the TIFF's byte order. */
static double
real_at(const SpTiff *tiff, guint type, const guint8 *p)
{
    guint32 first = sp_tiff_get32(tiff, p);
    if (type == SP_TIFF_FLOAT) {
        float value = 0;
        memcpy(&value, &first, sizeof value);
        return value;
    }
    guint32 second = sp_tiff_get32(tiff, p + 4);
    guint64 bits =
        tiff->little_endian ? (guint64)second << 32 | first : (guint64)first << 32 | second;
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void
append_numbers(GString *string, const SpTiff *tiff, const SpTiffEntry *entry)
{
    guint size = sp_tiff_type_size(entry->type);
    gsize n = size > 0 ? entry->value.n / size : 0;
    gboolean real = entry->type == SP_TIFF_FLOAT || entry->type == SP_TIFF_DOUBLE;
    for (gsize i = 0; i < MIN(n, SP_EXIF_VALUE_NUMBERS); i++) {
        const guint8 *p = entry->value.bytes + i * size;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        double value = real ? real_at(tiff, entry->type, p) : number_at(tiff, entry->type, p);
        g_ascii_formatd(text, sizeof text, "%.10g", value);
        g_string_append_printf(string, "%s%s", i > 0 ? " " : "", text);
    }
    if (n > SP_EXIF_VALUE_NUMBERS)
        g_string_append(string, " ...");
}

static void
append_utf16(GString *string, SpSlice text, gboolean little_endian)
{
    gsize n = MIN(text.n, SP_EXIF_VALUE_MAX / 3) / 2;
    for (gsize i = 0; i < n; i++) {
        const guint8 *p = text.bytes + 2 * i;
        gunichar c = little_endian ? p[0] | (gunichar)p[1] << 8 : (gunichar)p[0] << 8 | p[1];
        if ((c & 0xFC00) == 0xD800 && i + 1 < n) {
            p += 2;
            gunichar low =
                little_endian ? p[0] | (gunichar)p[1] << 8 : (gunichar)p[0] << 8 | p[1];
            if ((low & 0xFC00) == 0xDC00) {
                c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
                i++;
            }
        }
        g_string_append_unichar(string, c == 0 ? ' ' : (c & ~0x7FFu) == 0xD800 ? 0xFFFD : c);
    }
}

/* Text as far as its first NUL, if there is none but padding behind it; a list of texts
 * (Artist, Copyright: photographer NUL editor) gets spaces between them. */
static void
append_text(GString *string, SpSlice text)
{
    g_string_append_len(string, (const char *)text.bytes,
                        (gssize)MIN(text.n, SP_EXIF_VALUE_MAX));
    for (gsize i = 0; i < string->len; i++) {
        if (string->str[i] == 0)
            string->str[i] = ' ';
    }
}

static gboolean
is_text(SpSlice text)
{
    for (gsize i = 0; i < MIN(text.n, SP_EXIF_VALUE_MAX); i++) {
        guint8 c = text.bytes[i];
        if (c == 0x7F || (c < 0x20 && c != 0 && c != '\t' && c != '\n' && c != '\r'))
            return FALSE;
    }
    return TRUE;
}

static void
append_bytes(GString *string, SpSlice bytes)
{
    for (gsize i = 0; i < MIN(bytes.n, SP_EXIF_VALUE_NUMBERS); i++)
        g_string_append_printf(string, "%02x", bytes.bytes[i]);
    if (bytes.n > SP_EXIF_VALUE_NUMBERS)
        g_string_append(string, " ...");
}

/* In a comment the byte order is the TIFF's by the standard and the writer's in fact: a comment
 * is in letters that have a low number more often than in others. */
static gboolean
guess_little_endian(SpSlice text)
{
    gsize low_first = 0, low_second = 0;
    for (gsize i = 0; i + 1 < MIN(text.n, SP_EXIF_VALUE_MAX); i += 2) {
        low_first += text.bytes[i] == 0;
        low_second += text.bytes[i + 1] == 0;
    }
    return low_second >= low_first;
}

GString *
sp_exif_value(const SpTiff *tiff, const SpTiffEntry *entry)
{
    GString *string = g_string_new(NULL);
    SpSlice text = text_of(entry);
    if (entry->tag >= TAG_XP_FIRST && entry->tag <= TAG_XP_LAST)
        append_utf16(string, text, TRUE);
    else if (has_charset(entry) && entry->value.bytes[0] == 'U')
        append_utf16(string, text, guess_little_endian(text));
    else if (entry->type == SP_TIFF_ASCII || entry->type == SP_TIFF_UTF8 ||
             (entry->type == SP_TIFF_UNDEFINED && text.n > 1 && is_text(text)))
        append_text(string, text);
    else if (entry->type == SP_TIFF_UNDEFINED ||
             (entry->type == SP_TIFF_BYTE && text.n > 4)) /* Canon's ImageUniqueID */
        append_bytes(string, text);
    else
        append_numbers(string, tiff, entry);
    gsize n = string->len;
    while (n > 0 && string->str[n - 1] == ' ')
        n--;
    g_string_truncate(string, MIN(n, SP_EXIF_VALUE_MAX));
    return string;
}
