/* SPDX-License-Identifier: MIT */
/* preset.c -- the life of a preset: load it by name or from a file, change it, check it, copy
 * it.
 *
 * Built-in presets are compiled in (builtin.h) and read by the same code as files, so they are
 * examples too. This file knows no key by name but in sp_preset_check(), which says what single
 * keys cannot: how they go together. A new rule of that kind is one function there. */
#include "base/error.h"
#include "base/memfd.h"
#include "base/nearest.h"
#include "base/size.h"
#include "preset/builtin.h"
#include "preset/ini.h"
#include "preset/keys.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* ---- load, copy, free ----------------------------------------------------------------------
 */

/* A regular file and nothing else. O_NONBLOCK, because opening a named pipe would wait for a
 * writer; for regular files it means nothing. */
static int
open_file(const char *path, const char *shown, GError **error)
{
    g_auto(SpFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st = {0};
    gboolean is_socket = fd < 0 && errno == ENXIO; /* what Linux says of one */
    if (!is_socket && (fd < 0 || fstat(fd, &st) < 0)) {
        sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot open preset '%s'", shown);
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        sp_throw(error, SP_ERROR_CANNOT_READ, "cannot open preset '%s': is not a file", shown);
        return -1;
    }
    return sp_fd_steal(&fd);
}

static SpPreset *
load_file(const char *path, GError **error)
{
    g_autofree char *shown = g_filename_display_name(path);
    g_auto(SpFd) fd = open_file(path, shown, error);
    if (fd < 0)
        return NULL;
    g_autofree char *text = g_malloc0(SP_INI_MAX_FILE + 2); /* one more to see, and a NUL */
    gssize length = sp_read_full(fd, text, SP_INI_MAX_FILE + 1);
    if (length < 0) /* an EIO too: /proc/self/mem says it, and no disk has failed */
        return sp_throw_null(error, SP_ERROR_CANNOT_READ, "cannot read preset '%s': %s", shown,
                             g_strerror(errno));
    if (length > SP_INI_MAX_FILE)
        return sp_throw_null(error, SP_ERROR_BAD_PRESET, "%s: larger than %d KiB", shown,
                             SP_INI_MAX_FILE / 1024);
    SpPreset *preset = sp_ini_parse(text, (gsize)length, shown, error);
    if (preset == NULL)
        return NULL;
    /* The name goes into receipts: not the folders of this host. */
    preset->name = g_filename_display_basename(path);
    if (g_str_has_suffix(preset->name, ".ini"))
        preset->name[strlen(preset->name) - strlen(".ini")] = '\0';
    return preset;
}

static SpPreset *
load_builtin(const char *name, GError **error)
{
    for (gsize i = 0; sp_builtin_names[i] != NULL; i++) {
        if (strcmp(sp_builtin_names[i], name) != 0)
            continue;
        g_autofree char *path = g_strdup_printf("presets/%s.ini", name);
        const char *text = sp_builtin_texts[i];
        SpPreset *preset = sp_ini_parse(text, strlen(text), path, error);
        if (preset != NULL)
            preset->name = g_strdup(name);
        return preset;
    }
    g_autofree char *all = g_strjoinv(", ", (char **)sp_builtin_names);
    if (g_file_test(name, G_FILE_TEST_IS_REGULAR))
        return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                             "unknown preset '%s', for a file write './%s'; known are %s", name,
                             name, all);
    const char *near = sp_nearest(name, sp_builtin_names);
    if (near != NULL)
        return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                             "unknown preset '%s', did you mean '%s'? known are %s", name, near,
                             all);
    return sp_throw_null(error, SP_ERROR_BAD_PRESET, "unknown preset '%s', known are %s", name,
                         all);
}

SpPreset *
sp_preset_load(const char *name_or_path, GError **error)
{
    gboolean is_path =
        strchr(name_or_path, '/') != NULL || g_str_has_suffix(name_or_path, ".ini");
    return is_path ? load_file(name_or_path, error) : load_builtin(name_or_path, error);
}

SpPreset *
sp_preset_copy(const SpPreset *preset)
{
    SpPreset *copy = g_memdup2(preset, sizeof *preset);
    copy->name = g_strdup(preset->name);
    copy->description = g_strdup(preset->description);
    copy->sizes = g_strdup(preset->sizes);
    return copy;
}

void
sp_preset_free(SpPreset *preset)
{
    if (preset == NULL)
        return;
    g_free(preset->name);
    g_free(preset->description);
    g_free(preset->sizes);
    g_free(preset);
}

const char *const *
sp_preset_list(void)
{
    return sp_builtin_names;
}

const char *
sp_preset_description(const SpPreset *preset)
{
    return preset->description;
}

gboolean
sp_preset_names_by_source(const SpPreset *preset)
{
    return preset->names == SP_NAMES_SOURCE;
}

/* ---- find and set --------------------------------------------------------------------------
 */

static gint
variant_index(const SpPreset *preset, const char *name)
{
    for (guint i = 0; i < preset->n_variants; i++)
        if (strcmp(preset->variants[i].name, name) == 0)
            return (gint)i;
    return -1;
}

const SpVariant *
sp_preset_find_variant(const SpPreset *preset, const char *name, GError **error)
{
    gint index = variant_index(preset, name);
    if (index >= 0)
        return &preset->variants[index];
    const char *names[SP_MAX_VARIANTS + 1] = {NULL};
    for (guint i = 0; i < preset->n_variants; i++)
        names[i] = preset->variants[i].name;
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    return sp_throw_null(error, SP_ERROR_BAD_PRESET,
                         "no variant '%s' in preset '%s', known are %s", name, preset->name,
                         all);
}

gboolean
sp_preset_has_variant(const SpPreset *preset, const char *name, GError **error)
{
    return sp_preset_find_variant(preset, name, error) != NULL;
}

/* What the keys of group NAME fill, and its kind; NULL when there is no such group. */
static gpointer
find_group(SpPreset *preset, const char *group, SpGroup *ret_kind, GError **error)
{
    const char *known[SP_GROUP_VARIANT + SP_MAX_VARIANTS + 1] = {NULL};
    gint index = variant_index(preset, group);
    *ret_kind = SP_GROUP_VARIANT;
    if (index >= 0)
        return &preset->variants[index];
    gpointer base = sp_group_find(preset, group, ret_kind);
    if (base != NULL)
        return base;
    for (SpGroup i = 0; i < SP_GROUP_VARIANT; i++)
        known[i] = sp_group_word(i);
    for (guint i = 0; i < preset->n_variants; i++)
        known[SP_GROUP_VARIANT + i] = preset->variants[i].name;
    g_autofree char *hint = sp_nearest_hint(group, known);
    return sp_throw_null(error, SP_ERROR_BAD_PRESET, "%s: unknown name%s", group, hint);
}

gboolean
sp_preset_set(SpPreset *preset, const char *assignment, GError **error)
{
    if (strlen(assignment) > SP_INI_MAX_LINE || !g_utf8_validate(assignment, -1, NULL))
        return sp_throw(error, SP_ERROR_BAD_PRESET,
                        "an assignment must be UTF-8 text of at most %d bytes",
                        SP_INI_MAX_LINE);
    g_autofree char *group = g_strdup(assignment);
    char *equals = strchr(group, '=');
    if (equals != NULL)
        *equals = '\0';
    char *dot = strchr(group, '.');
    if (equals == NULL || dot == NULL)
        return sp_throw(error, SP_ERROR_BAD_PRESET,
                        "'%s': must be NAME.KEY=VALUE, as webp.width=640", assignment);
    *dot = '\0';
    SpGroup kind = SP_GROUP_PRESET;
    gpointer base = find_group(preset, g_strstrip(group), &kind, error);
    if (base == NULL)
        return FALSE;
    g_autofree char *where = g_strconcat(group, ".", NULL);
    const SpKey *key = sp_key_find(kind, g_strstrip(dot + 1), where, error);
    return key != NULL && sp_key_parse(key, g_strstrip(equals + 1), where, base, error);
}

/* ---- check ---------------------------------------------------------------------------------
 */

static gboolean
check_quality(const SpVariant *variant, GError **error)
{
    gboolean is_auto = variant->quality <= SP_QUALITY_AUTO;
    double most = is_auto ? SP_QUALITY_AUTO_MOST : variant->quality;
    if (variant->min_quality <= most)
        return TRUE;
    SpVariant usual = {0};
    sp_key_set_defaults(SP_GROUP_VARIANT, &usual);
    g_autofree char *quality = sp_real_format(most);
    g_autofree char *min_quality = sp_real_format(variant->min_quality);
    return sp_throw(error, SP_ERROR_BAD_PRESET,
                    "[variant %s] min-quality = %s%s: must be at most %s%s", variant->name,
                    min_quality,
                    variant->min_quality == usual.min_quality ? " (its default)" : "",
                    is_auto ? "what auto chooses, " : "quality, which is ", quality);
}

/* A width that is never made is a mistake, and the reader of the file would not see it. */
static gboolean
check_widths(const SpVariant *variant, GError **error)
{
    guint32 widest = variant->widths.n == 0 ? 0 : variant->widths.widths[0];
    if (widest <= variant->width)
        return TRUE;
    SpVariant usual = {0};
    sp_key_set_defaults(SP_GROUP_VARIANT, &usual);
    return sp_throw(error, SP_ERROR_BAD_PRESET,
                    "[variant %s] widths: %u must be at most width, which is %u%s",
                    variant->name, widest, variant->width,
                    variant->width == usual.width ? " (its default)" : "");
}

/* RFC 6386: the frame has but one kind of chroma. */
static gboolean
check_chroma(const SpVariant *variant, GError **error)
{
    if (variant->format != SP_OUTPUT_WEBP || variant->chroma != SP_CHROMA_444)
        return TRUE;
    return sp_throw(error, SP_ERROR_BAD_PRESET,
                    "[variant %s] chroma = 444: must be 420 or auto, WebP has no other",
                    variant->name);
}

/* Two variants of one upload share the stem: the rest of their names must differ. */
static gboolean
check_names(const SpVariant *a, const SpVariant *b, GError **error)
{
    if (strcmp(a->suffix, b->suffix) != 0 || strcmp(sp_output_format_extension(a->format),
                                                    sp_output_format_extension(b->format)) != 0)
        return TRUE;
    return sp_throw(error, SP_ERROR_BAD_PRESET,
                    "[variant %s] suffix: gives the file names of [variant %s] (*%s%s), make "
                    "them differ",
                    b->name, a->name, b->suffix, sp_output_format_extension(b->format));
}

gboolean
sp_preset_check(const SpPreset *preset, GError **error)
{
    if (preset->n_variants == 0)
        return sp_throw(error, SP_ERROR_BAD_PRESET, "no [variant NAME]: nothing to make");
    for (guint i = 0; i < preset->n_variants; i++) {
        const SpVariant *variant = &preset->variants[i];
        if (!check_quality(variant, error) || !check_widths(variant, error) ||
            !check_chroma(variant, error))
            return FALSE;
        for (guint j = 0; j < i; j++)
            if (!check_names(&preset->variants[j], variant, error))
                return FALSE;
    }
    return TRUE;
}
