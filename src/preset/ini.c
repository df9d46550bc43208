/* SPDX-License-Identifier: MIT */
/* ini.c -- a preset from INI text and back.
 *
 * GKeyFile reads the file, but it is kind: it merges groups and keys that are given twice, and
 * drops translated keys of other languages. A limit that is silently not the one you read in
 * the file is a hole, so check_lines() looks at the text first, and all that is unknown is an
 * error. Values are taken raw, without backslash escapes: what --set takes and what a file
 * takes is the same. What keys there are stands in keys.c. */
#include "preset/ini.h"
#include "base/error.h"
#include "base/nearest.h"
#include "preset/keys.h"
#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* ---- the text, line by line ----------------------------------------------------------------
 */

/* "[group]", or "[group] key" in the group that came before; NULL when line, which loses its
 * value, is neither. */
static char *
line_slot(char *line, const char *group)
{
    gsize length = strlen(line);
    if (line[0] == '[')
        return 1 + strcspn(line + 1, "[]") == length - 1 && line[length - 1] == ']'
                   ? g_strdup(line)
                   : NULL;
    char *equals = strchr(line, '=');
    if (equals == NULL || equals == line || group == NULL)
        return NULL;
    *equals = '\0';
    return g_strdup_printf("%s %s", group, g_strchomp(line));
}

/* Refuse what GKeyFile would take without a word, and name the line of what it would not. */
static gboolean
check_lines(const char *text, const char *path, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *group = NULL; /* borrowed from seen */
    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        if (strlen(line) > SP_INI_MAX_LINE)
            return sp_throw(error, SP_ERROR_BAD_PRESET, "%s: line %u: longer than %d bytes",
                            path, i + 1, SP_INI_MAX_LINE);
        if (line[0] == '\0' || line[0] == '#')
            continue;
        g_autofree char *slot = line_slot(line, group);
        if (slot == NULL)
            return sp_throw(
                error, SP_ERROR_BAD_PRESET,
                "%s: line %u: neither a [group], a 'key = value' in one nor a # comment", path,
                i + 1);
        if (g_hash_table_contains(seen, slot))
            return sp_throw(error, SP_ERROR_BAD_PRESET, "%s: %s: given twice", path, slot);
        if (line[0] == '[')
            group = slot;
        g_hash_table_add(seen, g_steal_pointer(&slot));
    }
    return TRUE;
}

/* ---- groups and keys -----------------------------------------------------------------------
 */

static gboolean
throw_unknown_group(const char *group, const char *path, GError **error)
{
    /* "varaint webp" is near to "variant webp". */
    const char *blank = strchr(group, ' ');
    g_autofree char *variant = g_strconcat("variant", blank != NULL ? blank : " NAME", NULL);
    const char *const known[] = {"preset", "limits", "resize", variant, NULL};
    const char *near = sp_nearest(group, known);
    if (near != NULL)
        return sp_throw(error, SP_ERROR_BAD_PRESET,
                        "%s: [%s]: unknown group, did you mean '%s'?", path, group, near);
    return sp_throw(error, SP_ERROR_BAD_PRESET,
                    "%s: [%s]: unknown group, known are [preset], [limits], [resize] and "
                    "[variant NAME]",
                    path, group);
}

/* A new variant with every default. The other groups' words would be ambiguous in --set. */
static SpVariant *
add_variant(SpPreset *preset, const char *name, const char *path, GError **error)
{
    gsize length = strlen(name);
    SpGroup other = SP_GROUP_VARIANT;
    if (length == 0 || length >= SP_NAME_SIZE || strspn(name, NAME_CHARACTERS) != length ||
        sp_group_find(preset, name, &other) != NULL)
        return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                             "%s: [variant %s]: a variant's name must be 1 to %d of a-z, 0-9 "
                             "and '-', but not 'preset', 'limits' or 'resize'",
                             path, name, SP_NAME_SIZE - 1);
    if (preset->n_variants == SP_MAX_VARIANTS)
        return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                             "%s: [variant %s]: more than %d variants", path, name,
                             SP_MAX_VARIANTS);
    SpVariant *variant = &preset->variants[preset->n_variants++];
    g_strlcpy(variant->name, name, sizeof variant->name);
    sp_key_set_defaults(SP_GROUP_VARIANT, variant);
    return variant;
}

/* What the group's keys fill, and its kind; NULL when there is no such group. */
static gpointer
open_group(SpPreset *preset, const char *group, const char *path, SpGroup *ret_kind,
           GError **error)
{
    gpointer base = sp_group_find(preset, group, ret_kind);
    if (base != NULL)
        return base;
    if (g_str_has_prefix(group, "variant ") || strcmp(group, "variant") == 0) {
        *ret_kind = SP_GROUP_VARIANT;
        const char *name = group + strlen("variant");
        return add_variant(preset, *name == ' ' ? name + 1 : name, path, error);
    }
    throw_unknown_group(group, path, error);
    return NULL;
}

/* Every key without a default must stand in the file. */
static gboolean
check_required(GKeyFile *file, const char *group, SpGroup kind, const char *where,
               GError **error)
{
    gsize n = 0;
    const SpKey *table = sp_key_table(&n);
    for (gsize i = 0; i < n; i++) {
        if (table[i].group != kind || table[i].default_value != NULL ||
            g_key_file_has_key(file, group, table[i].name, NULL))
            continue;
        g_autofree char *demand = sp_key_demand(&table[i]);
        return sp_throw(error, SP_ERROR_BAD_PRESET, "%s%s: is missing, %s", where,
                        table[i].name, demand);
    }
    return TRUE;
}

static gboolean
read_group(SpPreset *preset, GKeyFile *file, const char *group, const char *path,
           GError **error)
{
    SpGroup kind = SP_GROUP_PRESET;
    gpointer base = open_group(preset, group, path, &kind, error);
    if (base == NULL)
        return FALSE;
    g_autofree char *where = g_strdup_printf("%s: [%s] ", path, group);
    g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **name = names; *name != NULL; name++) {
        const SpKey *key = sp_key_find(kind, *name, where, error);
        if (key == NULL)
            return FALSE;
        g_autofree char *value = g_key_file_get_value(file, group, *name, NULL);
        if (!sp_key_parse(key, g_strstrip(value), where, base, error))
            return FALSE;
    }
    return check_required(file, group, kind, where, error);
}

SpPreset *
sp_ini_parse(const char *text, gsize length, const char *path, GError **error)
{
    if (!g_utf8_validate(text, (gssize)length, NULL)) /* a NUL is not valid either */
        return sp_throw_null(error, SP_ERROR_BAD_PRESET, "%s: not UTF-8 text", path);
    if (!check_lines(text, path, error))
        return NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    /* KEEP_TRANSLATIONS: "quality[de]" must be an unknown key, in every locale. */
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, NULL))
        return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                             "%s: a group or key has a character that no name has", path);
    g_autoptr(SpPreset) preset = g_new0(SpPreset, 1);
    sp_key_set_defaults(SP_GROUP_PRESET, preset);
    sp_key_set_defaults(SP_GROUP_LIMITS, &preset->limits);
    sp_key_set_defaults(SP_GROUP_RESIZE, &preset->reduction);
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group != NULL; group++)
        if (!read_group(preset, file, *group, path, error))
            return NULL;
    if (!sp_preset_check(preset, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&preset);
}

/* ---- and back ------------------------------------------------------------------------------
 */

static void
write_keys(GString *ini, SpGroup group, gconstpointer base)
{
    gsize n = 0;
    const SpKey *table = sp_key_table(&n);
    for (gsize i = 0; i < n; i++) {
        if (table[i].group != group)
            continue;
        g_autofree char *value = sp_key_format(&table[i], base);
        g_string_append_printf(ini, "%s =%s%s\n", table[i].name, *value != '\0' ? " " : "",
                               value);
    }
}

char *
sp_preset_to_ini(const SpPreset *preset)
{
    GString *ini = g_string_new("[preset]\n");
    write_keys(ini, SP_GROUP_PRESET, preset);
    g_string_append(ini, "\n[limits]\n");
    write_keys(ini, SP_GROUP_LIMITS, &preset->limits);
    g_string_append(ini, "\n[resize]\n");
    write_keys(ini, SP_GROUP_RESIZE, &preset->reduction);
    for (guint i = 0; i < preset->n_variants; i++) {
        g_string_append_printf(ini, "\n[variant %s]\n", preset->variants[i].name);
        write_keys(ini, SP_GROUP_VARIANT, &preset->variants[i]);
    }
    return g_string_free(ini, FALSE);
}
