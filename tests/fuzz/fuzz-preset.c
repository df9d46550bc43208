/* SPDX-License-Identifier: MIT */
/* fuzz-preset.c -- any text as a preset and as assignments of --set.
 *
 * Before the first NUL stands a preset, nothing for the built-in one; behind it, each ended by
 * a NUL, what --set is given. A preset that is taken is written out and read back as the same;
 * an assignment that is refused has changed nothing. */
/* words: preset */
/* lines: src/preset/%.c */
#include "preset/ini.h"
#include "preset/keys.h"
#include <string.h>

#define ASSIGNMENTS 8 /* that one input makes: more find nothing new */

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static SpPreset *
read_preset(const char *text, gsize n)
{
    g_autoptr(GError) error = NULL;
    SpPreset *preset =
        n == 0 ? sp_preset_load("story", &error) : sp_ini_parse(text, n, "x.ini", &error);
    g_assert((preset != NULL) == (error == NULL));
    g_assert(error == NULL || g_utf8_validate(error->message, -1, NULL));
    return preset;
}

/* Every key by itself: a key that is not written at all would come back as its default. */
static void
check_same(SpGroup group, gconstpointer a, gconstpointer b)
{
    gsize n = 0;
    const SpKey *table = sp_key_table(&n);
    for (gsize i = 0; i < n; i++) {
        if (table[i].group != group)
            continue;
        g_autofree char *a_value = sp_key_format(&table[i], a);
        g_autofree char *b_value = sp_key_format(&table[i], b);
        g_assert_cmpstr(a_value, ==, b_value);
    }
}

/* What it is as text, and that this text says the same. */
static void
check_written(const SpPreset *preset)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *written = sp_preset_to_ini(preset);
    g_autoptr(SpPreset) again = sp_ini_parse(written, strlen(written), "again.ini", &error);
    if (again == NULL)
        g_error("what was written cannot be read: %s", error->message);
    g_autofree char *rewritten = sp_preset_to_ini(again);
    g_assert_cmpstr(written, ==, rewritten);
    g_assert(preset->n_variants == again->n_variants);
    for (guint i = 0; i < preset->n_variants; i++)
        check_same(SP_GROUP_VARIANT, &preset->variants[i], &again->variants[i]);
    check_same(SP_GROUP_LIMITS, &preset->limits, &again->limits);
    check_same(SP_GROUP_RESIZE, &preset->reduction, &again->reduction);
}

static void
assign(SpPreset *preset, const char *assignment)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = sp_preset_to_ini(preset);
    if (sp_preset_set(preset, assignment, &error)) {
        g_assert(error == NULL);
        return;
    }
    g_autofree char *after = sp_preset_to_ini(preset);
    g_assert(error != NULL && g_utf8_validate(error->message, -1, NULL));
    g_assert_cmpstr(before, ==, after);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    /* A block of its own, with the NUL that both readers are promised. */
    g_autofree char *text = g_malloc(n + 1);
    memcpy(text, bytes, n);
    text[n] = '\0';
    gsize at = strlen(text);
    g_autoptr(SpPreset) preset = read_preset(text, at);
    if (preset == NULL)
        return 0;
    check_written(preset);
    for (guint i = 0; i < ASSIGNMENTS && ++at < n; i++) {
        assign(preset, text + at);
        at += strlen(text + at);
    }
    if (sp_preset_check(preset, NULL))
        check_written(preset);
    return 0;
}
