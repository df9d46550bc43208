/* SPDX-License-Identifier: MIT */
/* preset-fixture.h -- reading presets in tests, and comparing two. */
#ifndef SP_TESTS_PRESET_FIXTURE_H
#define SP_TESTS_PRESET_FIXTURE_H
#include "base/error.h"
#include "preset/ini.h"
#include <string.h>

#define VARIANT "[variant webp]\nformat = webp\n"

static inline SpPreset *
parse(const char *text, GError **error)
{
    return sp_ini_parse(text, strlen(text), "x.ini", error);
}

static inline SpPreset *
load(const char *name)
{
    g_autoptr(GError) error = NULL;
    SpPreset *preset = sp_preset_load(name, &error);
    g_assert_no_error(error);
    g_assert_nonnull(preset);
    return preset;
}

/* Every byte that is no pointer. */
static inline void
assert_same(const SpPreset *a, const SpPreset *b)
{
    g_assert_cmpstr(a->description, ==, b->description);
    g_assert_cmpstr(a->sizes, ==, b->sizes);
    g_assert_cmpuint(a->names, ==, b->names);
    g_assert_cmpmem(&a->limits, sizeof a->limits, &b->limits, sizeof b->limits);
    g_assert_cmpuint(a->n_variants, ==, b->n_variants);
    g_assert_cmpmem(a->variants, sizeof a->variants, b->variants, sizeof b->variants);
}

static inline void
set(SpPreset *preset, const char *assignment)
{
    g_autoptr(GError) error = NULL;
    gboolean taken = sp_preset_set(preset, assignment, &error);
    g_assert_no_error(error);
    g_assert_true(taken);
}

#endif
