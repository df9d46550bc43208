/* SPDX-License-Identifier: MIT */
/* test-preset-load.c -- the built-in presets, loading by name and from files, and the table of
 * keys. */
#include "preset-fixture.h"
#include "preset/builtin.h"
#include "preset/keys.h"
#include <glib/gstdio.h>

/* ---- built-in presets, loading -------------------------------------------------------------
 */

static void
test_builtins(void)
{
    const char *const *names = sp_preset_list();
    g_assert_true(g_strv_contains(names, "story"));
    g_assert_true(g_strv_contains(names, "best"));
    g_assert_true(g_strv_contains(names, "responsive"));
    g_assert_true(g_strv_contains(names, "card"));
    g_assert_true(g_strv_contains(names, "anonymous"));
    for (gsize i = 0; names[i] != NULL; i++) {
        g_test_message("%s", names[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPreset) preset = load(names[i]);
        g_assert_cmpstr(preset->name, ==, names[i]);
        g_assert_cmpstr(sp_preset_description(preset), !=, "");
        g_autofree char *ini = sp_preset_to_ini(preset);
        g_autoptr(SpPreset) again = parse(ini, &error);
        g_assert_no_error(error);
        assert_same(preset, again);
        g_autofree char *ini_again = sp_preset_to_ini(again);
        g_assert_cmpstr(ini, ==, ini_again);
    }
}

static void
test_promises(void)
{
    static const struct {
        const char *name;
        guint efforts[2];
    } cases[] = {{"story", {2, 2}}, {"best", {5, 4}}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SpPreset) preset = load(cases[i].name);
        g_assert_cmpuint(preset->names, ==, SP_NAMES_OPAQUE);
        g_assert_cmpuint(preset->n_variants, ==, 2);
        g_assert_cmpstr(preset->variants[0].name, ==, "webp");
        g_assert_cmpstr(preset->variants[1].name, ==, "jpeg");
        for (guint32 j = 0; j < 2; j++) {
            g_assert_cmpuint(preset->variants[j].format, ==, j);
            g_assert_cmpuint(preset->variants[j].width, ==, 1024);
            g_assert_cmpuint(preset->variants[j].max_bytes, ==, 400000);
            g_assert_cmpuint(preset->variants[j].effort, ==, cases[i].efforts[j]);
            g_assert_cmpstr(preset->variants[j].suffix, ==, "");
        }
    }
}

/* What `responsive`, `card` and `anonymous` are for, in the words of their keys. */
static void
test_promises_of_shape(void)
{
    g_autoptr(SpPreset) responsive = load("responsive");
    static const guint widths[] = {480, 768, 1024};
    g_assert_cmpuint(responsive->n_variants, ==, 6);
    g_assert_cmpstr(responsive->sizes, !=, "");
    for (guint i = 0; i < 6; i++) {
        const SpVariant *variant = &responsive->variants[i];
        g_autofree char *suffix = g_strdup_printf("-%u", widths[i % 3]);
        g_assert_cmpuint(variant->format, ==, i / 3);
        g_assert_cmpuint(variant->width, ==, widths[i % 3]);
        g_assert_cmpuint(variant->min_width, <=, variant->width);
        g_assert_cmpstr(variant->suffix, ==, suffix);
    }
    g_autoptr(SpPreset) card = load("card");
    g_assert_cmpuint(card->n_variants, ==, 2);
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpuint(card->variants[i].width, ==, 640);
        g_assert_cmpuint(card->variants[i].crop.n, ==, 1);
        g_assert_cmpuint(card->variants[i].crop.aspects[0].width, ==, 16);
        g_assert_cmpuint(card->variants[i].crop.aspects[0].height, ==, 9);
    }
    g_autoptr(SpPreset) anonymous = load("anonymous"), story = load("story");
    g_assert_cmpuint(anonymous->names, ==, SP_NAMES_RANDOM);
    g_assert_cmpuint(anonymous->n_variants, ==, 2);
    for (guint i = 0; i < 2; i++) {
        SpVariant *variant = &anonymous->variants[i];
        g_assert_cmpuint(variant->crop.n, ==, 5);
        g_assert_cmpuint(variant->widths.n, ==, 8);
        memset(&variant->crop, 0, sizeof variant->crop);
        memset(&variant->widths, 0, sizeof variant->widths);
        g_assert_cmpmem(variant, sizeof *variant, &story->variants[i], sizeof *variant);
    }
}

/* What is compiled in is the file, byte for byte: quotes and backslashes too. */
static void
test_embedding(void)
{
    for (gsize i = 0; sp_builtin_names[i] != NULL; i++) {
        g_autofree char *path = g_strdup_printf("presets/%s.ini", sp_builtin_names[i]);
        g_autofree char *text = NULL;
        if (!g_file_get_contents(path, &text, NULL, NULL)) {
            g_test_skip("not run in the source folder");
            return;
        }
        g_assert_cmpstr(text, ==, sp_builtin_texts[i]);
    }
    g_assert_null(sp_builtin_texts[g_strv_length((char **)sp_builtin_names)]);
}

static void
test_copy_and_find(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = load("story");
    g_autoptr(SpPreset) copy = sp_preset_copy(preset);
    assert_same(preset, copy);
    g_assert_cmpstr(preset->name, ==, copy->name);
    set(copy, "preset.description=other");
    g_assert_cmpstr(preset->description, !=, "other");
    g_assert_null(sp_preset_find_variant(preset, "web", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_assert_cmpstr(error->message, ==,
                    "no variant 'web' in preset 'story', known are webp, jpeg");
    sp_preset_free(NULL);
}

#define ALL "anonymous, best, card, responsive, story"

static void
test_unknown_names(void)
{
    static const struct {
        const char *name, *message;
    } cases[] = {
        {"stroy", "unknown preset 'stroy', did you mean 'story'? known are " ALL},
        {"archive", "unknown preset 'archive', known are " ALL},
        {"", "unknown preset '', known are " ALL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(sp_preset_load(cases[i].name, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void
test_load_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("test-preset-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(folder, "mine.ini", NULL);
    g_autofree char *missing = g_strdup_printf("cannot open preset '%s': No such file or "
                                               "directory",
                                               path);
    g_assert_null(sp_preset_load(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_assert_cmpstr(error->message, ==, missing);
    g_clear_error(&error);
    g_assert_null(sp_preset_load("no-such-file.ini", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_clear_error(&error);
    g_assert_null(sp_preset_load(folder, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
    g_clear_error(&error);

    /* 64 KiB to the byte is taken, one byte more is not. */
    g_autoptr(GString) text = g_string_new(VARIANT);
    while (text->len < SP_INI_MAX_FILE)
        g_string_append_c(text, text->len % 100 == 0 ? '\n' : text->len % 100 == 1 ? '#' : 'x');
    g_string_overwrite(text, strlen(VARIANT), "#");
    g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, &error));
    g_autoptr(SpPreset) preset = sp_preset_load(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(preset->name, ==, "mine");
    g_string_append_c(text, '\n');
    g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, &error));
    g_assert_null(sp_preset_load(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_assert_true(g_str_has_suffix(error->message, "mine.ini: larger than 64 KiB"));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

/* ---- the table -----------------------------------------------------------------------------
 */

/* Every default is inside its own range and is what to_ini writes for it. */
static void
test_key_table(void)
{
    gsize n = 0, n_public = 0;
    const SpKey *table = sp_key_table(&n);
    const SpPresetKey *keys = sp_preset_keys(&n_public);
    g_assert_cmpuint(n, ==, n_public);
    g_autoptr(SpPreset) preset = load("story");
    gpointer bases[SP_GROUP_COUNT] = {preset, &preset->limits, &preset->reduction,
                                      &preset->variants[0]};
    for (gsize i = 0; i < n; i++) {
        g_test_message("%s %s", keys[i].group, keys[i].name);
        g_autoptr(GError) error = NULL;
        g_assert_cmpstr(keys[i].group, ==, sp_group_word(table[i].group));
        g_assert_true(sp_key_find(table[i].group, keys[i].name, "", &error) == &table[i]);
        g_assert_cmpstr(keys[i].range, !=, "");
        g_assert_true(g_ascii_islower(keys[i].help[0]));
        g_assert_false(g_str_has_suffix(keys[i].help, "."));
        if (table[i].default_value == NULL) {
            g_assert_cmpstr(keys[i].default_value, ==, "");
            continue;
        }
        gpointer base = bases[table[i].group];
        g_assert_true(sp_key_parse(&table[i], keys[i].default_value, "", base, &error));
        g_assert_no_error(error);
        g_autofree char *written = sp_key_format(&table[i], base);
        g_assert_cmpstr(written, ==, keys[i].default_value);
    }
}

/* Variants and limits cross the wall as they are: no byte of an older value, none of the
 * heap's. */
static void
test_every_byte_is_known(void)
{
    g_autoptr(SpPreset) preset = load("story");
    g_autoptr(SpPreset) fresh = load("story");
    set(preset, "webp.suffix=a-long-suffix");
    set(preset, "webp.suffix=b");
    set(fresh, "webp.suffix=b");
    assert_same(preset, fresh);
    set(preset, "webp.suffix=");
    set(preset, "webp.crop=4:3 1:1");
    set(preset, "webp.crop=none");
    set(preset, "webp.widths=9 8 7");
    set(preset, "webp.widths=any");
    g_autofree SpVariant *expected = g_new0(SpVariant, 1);
    g_strlcpy(expected->name, "webp", sizeof expected->name);
    expected->width = 1024;
    expected->max_height = 8192;
    expected->max_bytes = 400000;
    expected->min_width = 480;
    expected->quality = 80;
    expected->target = 75;
    expected->min_quality = 45;
    expected->effort = 2;
    expected->background = 0xFFFFFF;
    expected->chroma = SP_CHROMA_AUTO;
    g_assert_cmpmem(&preset->variants[0], sizeof *expected, expected, sizeof *expected);
    const guint8 *end = (const guint8 *)(preset->variants + SP_MAX_VARIANTS);
    for (const guint8 *p = (const guint8 *)&preset->variants[2]; p < end; p++)
        g_assert_cmpuint(*p, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/preset-load/builtins", test_builtins);
    g_test_add_func("/preset-load/promises", test_promises);
    g_test_add_func("/preset-load/promises-of-shape", test_promises_of_shape);
    g_test_add_func("/preset-load/embedding", test_embedding);
    g_test_add_func("/preset-load/copy-and-find", test_copy_and_find);
    g_test_add_func("/preset-load/unknown-names", test_unknown_names);
    g_test_add_func("/preset-load/load-file", test_load_file);
    g_test_add_func("/preset-load/key-table", test_key_table);
    g_test_add_func("/preset-load/every-byte-is-known", test_every_byte_is_known);
    return g_test_run();
}
