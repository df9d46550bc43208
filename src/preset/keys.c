/* SPDX-License-Identifier: MIT */
/* keys.c -- the one table of keys: name, type, place, range, default and help.
 *
 * The INI reader and writer, --set and --help all walk it, and a test holds the man page to it;
 * none of them knows a key by name. A new key is one line here and its field in preset.h.
 * Defaults are written as in a file and read by the same code, so they cannot be out of range
 * unnoticed (test-preset.c walks them). Ranges that only make sense together belong to
 * sp_preset_check(). */
#include "preset/keys.h"
#include "base/error.h"
#include "base/nearest.h"
#include <string.h>

#define IN(type, field) G_STRUCT_OFFSET(type, field), G_SIZEOF_MEMBER(type, field)
#define MIB 1048576.0

static const char *
names_word(guint32 value)
{
    static const char *const words[] = {"opaque", "random", "source"};
    return words[value];
}

static const char *
chroma_word(guint32 value)
{
    static const char *const words[SP_CHROMA_COUNT] = {"420", "444", "auto"};
    return words[value];
}

static const char *
yes_or_no(guint32 value)
{
    return value != 0 ? "yes" : "no";
}

/* max-bytes takes no unit: "400K" would be 409 600, and the promise says 400 000. max-pixels
 * ends where the formats' own guard does: a larger one would have no effect. */
/* clang-format off */
static const SpKey table[] = {
    {SP_GROUP_PRESET, "description", SP_KEY_TEXT, IN(SpPreset, description), 0, 200, NULL,
     "", "what the preset is for, in one line"},
    {SP_GROUP_PRESET, "sizes", SP_KEY_TEXT, IN(SpPreset, sizes), 0, 300, NULL,
     "", "the sizes attribute in the picture's HTML; empty: as wide as the widest file"},
    {SP_GROUP_PRESET, "names", SP_KEY_ENUM, IN(SpPreset, names), 0, SP_NAMES_SOURCE, names_word,
     "opaque", "how files are named: by a hash of the outputs, by random bits, or after the source"},

    {SP_GROUP_LIMITS, "max-upload", SP_KEY_SIZE, IN(SpLimits, max_upload), 1, 1024 * MIB, NULL,
     "64M", "refuse an upload of more bytes"},
    {SP_GROUP_LIMITS, "max-pixels", SP_KEY_UNSIGNED, IN(SpLimits, max_pixels), 1, 250e6, NULL,
     "250000000", "refuse a picture of more pixels; some formats have lower limits of their own"},
    {SP_GROUP_LIMITS, "max-memory", SP_KEY_SIZE, IN(SpLimits, max_memory), 16 * MIB, 16384 * MIB, NULL,
     "512M", "refuse a picture that needs more memory to process"},
    {SP_GROUP_LIMITS, "max-scans", SP_KEY_UNSIGNED, IN(SpLimits, max_scans), 1, 10000, NULL,
     "100", "refuse a JPEG of more scans; a progressive one of a camera has about 12"},
    {SP_GROUP_LIMITS, "max-frames", SP_KEY_UNSIGNED, IN(SpLimits, max_frames), 1, 1e6, NULL,
     "10000", "refuse an animation of more frames, of which only the first is shown"},
    {SP_GROUP_LIMITS, "max-profile", SP_KEY_SIZE, IN(SpLimits, max_profile), 1, 16 * MIB, NULL,
     "16M", "ignore a colour profile of more bytes: the picture is taken as if it had none"},
    {SP_GROUP_LIMITS, "timeout", SP_KEY_DURATION, IN(SpLimits, timeout_ms), 0.1, 3600, NULL,
     "20", "give up a picture after so many seconds, of wall time or of CPU time"},
    {SP_GROUP_LIMITS, "input-timeout", SP_KEY_DURATION, IN(SpLimits, input_timeout_ms), 0.1, 3600, NULL,
     "300", "give up an upload that takes more seconds to arrive through a pipe"},
    {SP_GROUP_LIMITS, "require-landlock", SP_KEY_ENUM, IN(SpLimits, require_landlock), 0, 1, yes_or_no,
     "no", "refuse to work where the kernel has no Landlock"},

    {SP_GROUP_RESIZE, "linear-light", SP_KEY_ENUM, IN(SpReduction, linear_light), 0, 1, yes_or_no,
     "no", "average light when a picture is made smaller; fine patterns keep their brightness"},
    {SP_GROUP_RESIZE, "sharpen", SP_KEY_UNSIGNED, IN(SpReduction, sharpen), 0, 100, NULL,
     "0", "sharpen what was made smaller, by so many percent"},

    {SP_GROUP_VARIANT, "format", SP_KEY_ENUM, IN(SpVariant, format), 0, SP_OUTPUT_COUNT - 1,
     sp_output_format_word, NULL, "the format to write"},
    {SP_GROUP_VARIANT, "width", SP_KEY_UNSIGNED, IN(SpVariant, width), 1, SP_HARD_SIDE, NULL,
     "1024", "the greatest width in pixels; a narrower picture is never enlarged"},
    {SP_GROUP_VARIANT, "widths", SP_KEY_WIDTHS, IN(SpVariant, widths), 1, SP_HARD_SIDE, NULL,
     "any", "the only widths there may be; a picture narrower than all keeps its own"},
    {SP_GROUP_VARIANT, "crop", SP_KEY_ASPECTS, IN(SpVariant, crop), 1, 100, NULL,
     "none", "cut to the nearest of these ratios of width to height, about the centre"},
    {SP_GROUP_VARIANT, "max-height", SP_KEY_UNSIGNED, IN(SpVariant, max_height), 1, SP_HARD_SIDE, NULL,
     "8192", "the greatest height in pixels"},
    {SP_GROUP_VARIANT, "max-bytes", SP_KEY_BYTES, IN(SpVariant, max_bytes), 1000, 16e6, NULL,
     "400000", "the greatest size of the file in bytes"},
    {SP_GROUP_VARIANT, "quality", SP_KEY_QUALITY, IN(SpVariant, quality), 1, 100, NULL,
     "80", "the quality to try first, on the scale of the format's encoder, never exceeded; auto: by target"},
    {SP_GROUP_VARIANT, "target", SP_KEY_REAL, IN(SpVariant, target), 30, 90, NULL,
     "75", "what quality = auto aims at, on the scale of SSIMULACRA2"},
    {SP_GROUP_VARIANT, "min-quality", SP_KEY_REAL, IN(SpVariant, min_quality), 1, 100, NULL,
     "45", "go no lower with the quality to keep to max-bytes"},
    {SP_GROUP_VARIANT, "min-width", SP_KEY_UNSIGNED, IN(SpVariant, min_width), 1, SP_HARD_SIDE, NULL,
     "480", "go no narrower to keep to max-bytes"},
    {SP_GROUP_VARIANT, "effort", SP_KEY_UNSIGNED, IN(SpVariant, effort), 0, 6, NULL,
     "2", "time to spend for smaller files: the method of WebP; JPEG is progressive from 2 on"},
    {SP_GROUP_VARIANT, "chroma", SP_KEY_ENUM, IN(SpVariant, chroma), 0, SP_CHROMA_COUNT - 1, chroma_word,
     "auto", "a JPEG's colours at half the size (420) or in full (444); auto: as the picture needs"},
    {SP_GROUP_VARIANT, "suffix", SP_KEY_SUFFIX, IN(SpVariant, suffix), 0, SP_NAME_SIZE - 1, NULL,
     "", "put between the stem of the file's name and its extension"},
    {SP_GROUP_VARIANT, "background", SP_KEY_COLOUR, IN(SpVariant, background), 0, 0xFFFFFF, NULL,
     "white", "what JPEG shows where the picture is transparent"},
};
/* clang-format on */

const SpKey *
sp_key_table(gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS(table);
    return table;
}

const char *
sp_group_word(SpGroup group)
{
    static const char *const words[SP_GROUP_COUNT] = {"preset", "limits", "resize", "variant"};
    return words[group];
}

gpointer
sp_group_find(SpPreset *preset, const char *word, SpGroup *ret_group)
{
    const gpointer bases[SP_GROUP_VARIANT] = {
        [SP_GROUP_PRESET] = preset,
        [SP_GROUP_LIMITS] = &preset->limits,
        [SP_GROUP_RESIZE] = &preset->reduction,
    };
    for (SpGroup group = 0; group < SP_GROUP_VARIANT; group++)
        if (strcmp(sp_group_word(group), word) == 0) {
            *ret_group = group;
            return bases[group];
        }
    return NULL;
}

const SpKey *
sp_key_find(SpGroup group, const char *name, const char *where, GError **error)
{
    const char *known[G_N_ELEMENTS(table) + 1] = {NULL};
    gsize n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].group != group)
            continue;
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
        known[n++] = table[i].name;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i].name, name) == 0)
            return sp_throw_null(error, SP_ERROR_BAD_PRESET, "%s%s: is a key of [%s%s]", where,
                                 name, sp_group_word(table[i].group),
                                 table[i].group == SP_GROUP_VARIANT ? " NAME" : "");
    g_autofree char *hint = sp_nearest_hint(name, known);
    return sp_throw_null(error, SP_ERROR_BAD_PRESET, "%s%s: unknown key%s", where, name, hint);
}

void
sp_key_set_defaults(SpGroup group, gpointer base)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].group != group || table[i].default_value == NULL)
            continue;
        gboolean fits = sp_key_parse(&table[i], table[i].default_value, "", base, NULL);
        g_return_if_fail(fits);
    }
}

const SpPresetKey *
sp_preset_keys(gsize *ret_n)
{
    static SpPresetKey keys[G_N_ELEMENTS(table)];
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
            keys[i] = (SpPresetKey){
                .group = sp_group_word(table[i].group),
                .name = table[i].name,
                .range = sp_key_range(&table[i]),
                .default_value = table[i].default_value != NULL ? table[i].default_value : "",
                .help = table[i].help,
            };
        g_once_init_leave(&once, 1);
    }
    *ret_n = G_N_ELEMENTS(keys);
    return keys;
}
