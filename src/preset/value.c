/* SPDX-License-Identifier: MIT */
/* value.c -- how each type of key is read, written and described.
 *
 * One line of `types` a type: parse() stores a value and returns FALSE, the field untouched,
 * when it is not allowed; format() writes it so that parse() reads the same bits back; range()
 * says what is allowed. The message is put together in one place, sp_key_parse(). Nothing here
 * knows a key by name or depends on the locale. A new type is one SpKeyType and one line here.
 */
#include "base/error.h"
#include "base/size.h"
#include "preset/keys.h"
#include <math.h>
#include <string.h>

#define SUFFIX_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* ---- whole numbers -------------------------------------------------------------------------
 */

/* Fields are 4 or 8 bytes wide; max in the table keeps a value from being cut. */
static void
store_unsigned(const SpKey *key, guint64 value, gpointer field)
{
    if (key->size == sizeof(guint64))
        *(guint64 *)field = value;
    else
        *(guint32 *)field = (guint32)value;
}

static guint64
fetch_unsigned(const SpKey *key, gconstpointer field)
{
    return key->size == sizeof(guint64) ? *(const guint64 *)field : *(const guint32 *)field;
}

static gboolean
parse_unsigned(const SpKey *key, const char *text, gpointer field)
{
    guint64 value = 0;
    if (!sp_unsigned_parse(text, 10, (guint64)key->min, (guint64)key->max, &value))
        return FALSE;
    store_unsigned(key, value, field);
    return TRUE;
}

static char *
format_unsigned(const SpKey *key, gconstpointer field)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, fetch_unsigned(key, field));
}

static char *
range_unsigned(const SpKey *key)
{
    return g_strdup_printf("%.0f to %.0f", key->min, key->max);
}

static char *
range_bytes(const SpKey *key)
{
    return g_strdup_printf("%.0f to %.0f bytes", key->min, key->max);
}

static gboolean
is_whole(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* Digits and at most one word: which units there are, the range says. */
static gboolean
is_size(const char *text)
{
    gsize digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    return digits > 0 && unit[strspn(unit, G_CSET_A_2_Z G_CSET_a_2_z)] == '\0';
}

static gboolean
parse_size(const SpKey *key, const char *text, gpointer field)
{
    guint64 value = 0;
    if (!sp_size_parse(text, &value) || value < (guint64)key->min || value > (guint64)key->max)
        return FALSE;
    store_unsigned(key, value, field);
    return TRUE;
}

static char *
format_size(const SpKey *key, gconstpointer field)
{
    return sp_size_format(fetch_unsigned(key, field));
}

static char *
range_size(const SpKey *key)
{
    g_autofree char *min = sp_size_format((guint64)key->min);
    g_autofree char *max = sp_size_format((guint64)key->max);
    return g_strdup_printf("%s to %s bytes (K, M, G: powers of 1024)", min, max);
}

/* ---- fractions -----------------------------------------------------------------------------
 */

static gboolean
parse_real(const SpKey *key, const char *text, gpointer field)
{
    double value = 0;
    if (!sp_real_parse(text, &value) || value < key->min || value > key->max)
        return FALSE;
    *(double *)field = value;
    return TRUE;
}

static char *
format_real(const SpKey *key, gconstpointer field)
{
    (void)key;
    return sp_real_format(*(const double *)field);
}

static char *
range_real(const SpKey *key)
{
    g_autofree char *min = sp_real_format(key->min);
    g_autofree char *max = sp_real_format(key->max);
    return g_strdup_printf("%s to %s", min, max);
}

static gboolean
is_real(const char *text)
{
    double value = 0;
    return sp_real_parse(text, &value);
}

static gboolean
parse_quality(const SpKey *key, const char *text, gpointer field)
{
    if (strcmp(text, "auto") != 0)
        return parse_real(key, text, field);
    *(double *)field = SP_QUALITY_AUTO;
    return TRUE;
}

static char *
format_quality(const SpKey *key, gconstpointer field)
{
    return *(const double *)field > SP_QUALITY_AUTO ? format_real(key, field)
                                                    : g_strdup("auto");
}

static char *
range_quality(const SpKey *key)
{
    g_autofree char *range = range_real(key);
    return g_strconcat(range, ", or auto", NULL);
}

static gboolean
parse_duration(const SpKey *key, const char *text, gpointer field)
{
    double seconds = 0;
    if (!parse_real(key, text, &seconds))
        return FALSE;
    *(guint32 *)field = (guint32)lround(seconds * 1000);
    return TRUE;
}

static char *
format_duration(const SpKey *key, gconstpointer field)
{
    (void)key;
    return sp_real_format(*(const guint32 *)field / 1000.0);
}

static char *
range_duration(const SpKey *key)
{
    g_autofree char *range = range_real(key);
    return g_strconcat(range, " seconds", NULL);
}

/* ---- words and text ------------------------------------------------------------------------
 */

static gboolean
parse_enum(const SpKey *key, const char *text, gpointer field)
{
    for (guint32 i = 0; i <= (guint32)key->max; i++) {
        if (strcmp(text, key->word(i)) != 0)
            continue;
        store_unsigned(key, i, field);
        return TRUE;
    }
    return FALSE;
}

static char *
format_enum(const SpKey *key, gconstpointer field)
{
    return g_strdup(key->word((guint32)fetch_unsigned(key, field)));
}

static char *
range_enum(const SpKey *key)
{
    GString *words = g_string_new(key->word(0));
    for (guint32 i = 1; i <= (guint32)key->max; i++)
        g_string_append_printf(words, ", %s", key->word(i));
    return g_string_free(words, FALSE);
}

static gboolean
parse_suffix(const SpKey *key, const char *text, gpointer field)
{
    gsize length = strlen(text);
    if (length > (gsize)key->max || strspn(text, SUFFIX_CHARACTERS) != length)
        return FALSE;
    char *suffix = field;
    g_strlcpy(suffix, text, key->size);
    /* It crosses the wall: no byte of an older value may stay. */
    for (gsize i = length; i < key->size; i++)
        suffix[i] = '\0';
    return TRUE;
}

static char *
format_suffix(const SpKey *key, gconstpointer field)
{
    return g_strndup(field, key->size);
}

static char *
range_suffix(const SpKey *key)
{
    return g_strdup_printf("up to %.0f of A-Z, a-z, 0-9, '.', '_' and '-'", key->max);
}

static gboolean
parse_text(const SpKey *key, const char *text, gpointer field)
{
    if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > (glong)key->max)
        return FALSE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return FALSE;
    char *copy = g_strdup(text);
    g_free(*(char **)field);
    *(char **)field = copy;
    return TRUE;
}

static char *
format_text(const SpKey *key, gconstpointer field)
{
    (void)key;
    return g_strdup(*(char *const *)field);
}

static char *
range_text(const SpKey *key)
{
    return g_strdup_printf("up to %.0f printable characters", key->max);
}

/* ---- lists ---------------------------------------------------------------------------------
 * Numbers with blanks between, or one word for the empty list. What lies behind the last is
 * zero: lists cross the wall. */

/* Whole numbers, n of them with colons between, each within the key's range. */
static gboolean
parse_numbers(const SpKey *key, const char *word, guint n, guint32 *ret_numbers)
{
    g_auto(GStrv) parts = g_strsplit(word, ":", 3);
    if (g_strv_length(parts) != n)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        guint64 number = 0;
        if (!sp_unsigned_parse(parts[i], 10, (guint64)key->min, (guint64)key->max, &number))
            return FALSE;
        ret_numbers[i] = (guint32)number;
    }
    return TRUE;
}

/* The words of a list, none for the word `empty`; blanks may stand in a row. NULL where there
 * is nothing, or more than `most`. */
static char **
split_list(const char *text, const char *empty, guint most)
{
    gboolean is_empty = strcmp(text, empty) == 0;
    if (is_empty)
        text = "";
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = text + strspn(text, " \t"); *p != '\0'; p += strspn(p, " \t")) {
        gsize n = strcspn(p, " \t");
        g_ptr_array_add(words, g_strndup(p, n));
        p += n;
    }
    if (words->len > most || (words->len == 0) != is_empty)
        return NULL;
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

static gboolean
parse_aspects(const SpKey *key, const char *text, gpointer field)
{
    SpAspectList list = {0};
    g_auto(GStrv) words = split_list(text, "none", SP_MAX_CROPS);
    if (words == NULL)
        return FALSE;
    for (; words[list.n] != NULL; list.n++) {
        guint32 sides[2] = {0};
        if (!parse_numbers(key, words[list.n], 2, sides))
            return FALSE;
        list.aspects[list.n] = (SpAspect){sides[0], sides[1]};
    }
    *(SpAspectList *)field = list;
    return TRUE;
}

static char *
format_aspects(const SpKey *key, gconstpointer field)
{
    (void)key;
    const SpAspectList *list = field;
    GString *text = g_string_new(list->n == 0 ? "none" : NULL);
    for (guint i = 0; i < list->n; i++)
        g_string_append_printf(text, "%s%u:%u", i == 0 ? "" : " ", list->aspects[i].width,
                               list->aspects[i].height);
    return g_string_free(text, FALSE);
}

static char *
range_aspects(const SpKey *key)
{
    return g_strdup_printf("none, or up to %d of W:H with blanks between, W and H %.0f to %.0f",
                           SP_MAX_CROPS, key->min, key->max);
}

/* Of another order it is refused, not sorted: it may be a list of something else. */
static gboolean
parse_widths(const SpKey *key, const char *text, gpointer field)
{
    SpWidthList list = {0};
    g_auto(GStrv) words = split_list(text, "any", SP_MAX_CLASSES);
    if (words == NULL)
        return FALSE;
    for (; words[list.n] != NULL; list.n++) {
        guint32 *width = &list.widths[list.n];
        if (!parse_numbers(key, words[list.n], 1, width) || (list.n > 0 && *width >= width[-1]))
            return FALSE;
    }
    *(SpWidthList *)field = list;
    return TRUE;
}

static char *
format_widths(const SpKey *key, gconstpointer field)
{
    (void)key;
    const SpWidthList *list = field;
    GString *text = g_string_new(list->n == 0 ? "any" : NULL);
    for (guint i = 0; i < list->n; i++)
        g_string_append_printf(text, "%s%u", i == 0 ? "" : " ", list->widths[i]);
    return g_string_free(text, FALSE);
}

static char *
range_widths(const SpKey *key)
{
    return g_strdup_printf("any, or up to %d of %.0f to %.0f with blanks between, widest first",
                           SP_MAX_CLASSES, key->min, key->max);
}

/* ---- colours -------------------------------------------------------------------------------
 */

static const struct {
    const char *word;
    guint32 colour;
} colours[] = {
    {"white", 0xFFFFFF},
    {"black", 0x000000},
};

static gboolean
parse_colour(const SpKey *key, const char *text, gpointer field)
{
    guint64 value = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(colours); i++) {
        if (strcmp(text, colours[i].word) != 0)
            continue;
        store_unsigned(key, colours[i].colour, field);
        return TRUE;
    }
    if (text[0] != '#' || strlen(text) != strlen("#rrggbb") ||
        !sp_unsigned_parse(text + 1, 16, (guint64)key->min, (guint64)key->max, &value))
        return FALSE;
    store_unsigned(key, value, field);
    return TRUE;
}

static char *
format_colour(const SpKey *key, gconstpointer field)
{
    guint64 value = fetch_unsigned(key, field);
    for (gsize i = 0; i < G_N_ELEMENTS(colours); i++)
        if (value == colours[i].colour)
            return g_strdup(colours[i].word);
    return g_strdup_printf("#%06" G_GINT64_MODIFIER "x", value);
}

static char *
range_colour(const SpKey *key)
{
    (void)key;
    return g_strdup("white, black or #rrggbb");
}

/* ---- the table -----------------------------------------------------------------------------
 */

static const struct {
    gboolean (*parse)(const SpKey *key, const char *text, gpointer field);
    char *(*format)(const SpKey *key, gconstpointer field);
    char *(*range)(const SpKey *key);
    const char *demand; /* put before the range in messages */
    /* Whether a text that parse() refuses has the right form, and what it is not if it has not;
     * NULL: the range says it all. */
    gboolean (*has_form)(const char *text);
    const char *form;
} types[SP_KEY_TYPE_COUNT] = {
    [SP_KEY_UNSIGNED] = {parse_unsigned, format_unsigned, range_unsigned, "must be ", is_whole,
                         "a whole number"},
    [SP_KEY_BYTES] = {parse_unsigned, format_unsigned, range_bytes, "must be ", is_whole,
                      "a plain number of bytes"},
    [SP_KEY_SIZE] = {parse_size, format_size, range_size, "must be ", is_size,
                     "a number of bytes"},
    [SP_KEY_REAL] = {parse_real, format_real, range_real, "must be ", is_real, "a number"},
    [SP_KEY_QUALITY] = {parse_quality, format_quality, range_quality, "must be ", is_real,
                        "a number"},
    [SP_KEY_DURATION] = {parse_duration, format_duration, range_duration, "must be ", is_real,
                         "a number"},
    [SP_KEY_ENUM] = {parse_enum, format_enum, range_enum, "must be one of "},
    [SP_KEY_ASPECTS] = {parse_aspects, format_aspects, range_aspects, "must be "},
    [SP_KEY_WIDTHS] = {parse_widths, format_widths, range_widths, "must be "},
    [SP_KEY_SUFFIX] = {parse_suffix, format_suffix, range_suffix, "must be "},
    [SP_KEY_TEXT] = {parse_text, format_text, range_text, "must be "},
    [SP_KEY_COLOUR] = {parse_colour, format_colour, range_colour, "must be "},
};

gboolean
sp_key_parse(const SpKey *key, const char *text, const char *where, gpointer base,
             GError **error)
{
    if (types[key->type].parse(key, text, (char *)base + key->offset))
        return TRUE;
    g_autofree char *demand = sp_key_demand(key);
    if (*text == '\0')
        return sp_throw(error, SP_ERROR_BAD_PRESET, "%s%s: is empty, %s", where, key->name,
                        demand);
    if (types[key->type].has_form != NULL && !types[key->type].has_form(text))
        return sp_throw(error, SP_ERROR_BAD_PRESET, "%s%s = %s: is not %s, %s", where,
                        key->name, text, types[key->type].form, demand);
    return sp_throw(error, SP_ERROR_BAD_PRESET, "%s%s = %s: %s", where, key->name, text,
                    demand);
}

char *
sp_key_format(const SpKey *key, gconstpointer base)
{
    return types[key->type].format(key, (const char *)base + key->offset);
}

char *
sp_key_range(const SpKey *key)
{
    return types[key->type].range(key);
}

char *
sp_key_demand(const SpKey *key)
{
    g_autofree char *range = sp_key_range(key);
    return g_strconcat(types[key->type].demand, range, NULL);
}
