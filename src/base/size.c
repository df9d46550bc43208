/* SPDX-License-Identifier: MIT */
/* size.c -- numbers as people write them: bytes with a unit, and decimal fractions.
 *
 * Everything goes through GLib's g_ascii_ functions, so that a locale with a decimal comma
 * changes nothing. These must not grow lenient: a limit that is read differently from what its
 * writer meant is a hole. A further unit is one line of the table. */
#include "base/size.h"
#include <string.h>

/* Largest first; of one size, what sp_size_format() writes first. */
static const struct {
    const char *suffix;
    guint64 factor;
} units[] = {
    {"G", 1 << 30}, {"GiB", 1 << 30}, {"M", 1 << 20}, {"MiB", 1 << 20},
    {"K", 1 << 10}, {"KiB", 1 << 10}, {"", 1},
};

gboolean
sp_unsigned_parse(const char *text, guint base, guint64 min, guint64 max, guint64 *ret_value)
{
    /* GLib makes its C locale at the first use. A thread that waits for another one to make it
     * has the errno of its wait, which the call below (GLib 2.74) takes for a bad number. */
    (void)g_ascii_strtoull("0", NULL, 10);
    return g_ascii_string_to_unsigned(text, base, min, max, ret_value, NULL);
}

gboolean
sp_size_parse(const char *text, guint64 *ret_bytes)
{
    gsize digits = strspn(text, "0123456789");
    g_autofree char *number = g_strndup(text, digits);
    guint64 value = 0;
    if (!sp_unsigned_parse(number, 10, 0, G_MAXUINT64, &value))
        return FALSE;
    gsize i = 0;
    while (i < G_N_ELEMENTS(units) && strcmp(text + digits, units[i].suffix) != 0)
        i++;
    if (i == G_N_ELEMENTS(units) || !g_uint64_checked_mul(&value, value, units[i].factor))
        return FALSE;
    *ret_bytes = value;
    return TRUE;
}

char *
sp_size_format(guint64 bytes)
{
    gsize i = 0;
    while (bytes == 0 ? units[i].factor > 1 : bytes % units[i].factor != 0)
        i++;
    return g_strdup_printf("%" G_GUINT64_FORMAT "%s", bytes / units[i].factor, units[i].suffix);
}

gboolean
sp_real_parse(const char *text, double *ret_value)
{
    gsize length = strlen(text);
    if (length == 0 || strspn(text, "0123456789.") != length || !g_ascii_isdigit(text[0]) ||
        !g_ascii_isdigit(text[length - 1]))
        return FALSE;
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);
    if (*end != '\0')
        return FALSE;
    *ret_value = value;
    return TRUE;
}

char *
sp_real_format(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "";
    /* %.17g always reads back as the same double, but writes 0.1 as 0.10000000000000001. Fewer
     * than 6 digits would turn 100 into 1e+02. */
    for (int digits = 6; digits <= 17; digits++) {
        char format[] = "%.00g";
        format[2] = (char)('0' + digits / 10);
        format[3] = (char)('0' + digits % 10);
        g_ascii_formatd(text, sizeof text, format, value);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
    return g_strdup(text);
}
