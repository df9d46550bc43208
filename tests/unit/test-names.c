/* SPDX-License-Identifier: MIT */
/* test-names.c -- names say nothing of the sender, and are the same for the same outputs. */
#include "base/error.h"
#include "pipeline/names.h"
#include <string.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const guint8 key[SP_NAMES_KEY_BYTES] = "0123456789abcdefghijklmnopqrstu";

/* printf %s HASH... | sha256sum | xxd -r -p | base32 | tr A-Z a-z | cut -c1-26 */
static void
test_opaque(void)
{
    static const struct {
        const char *hashes[2];
        guint n;
        const char *stem;
    } cases[] = {
        {{HASH_A, HASH_B}, 2, "7ig27p2d6h2vdzjwgu7j2guufk"},
        {{HASH_B, HASH_A}, 2, "qw6yi7yhfinhylikasluc3anqi"},
        {{HASH_A}, 1, "77qfj7t24dfw3rs4hl43mhksbh"},
    };
    static const char *const sources[] = {NULL, "IMG_1.JPG", ""};
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(sources); i++) {
        guint c = i % G_N_ELEMENTS(cases);
        g_autoptr(GError) error = NULL;
        const SpNameBasis basis = {.hashes = cases[c].hashes,
                                   .n_hashes = cases[c].n,
                                   .source_name = sources[i / G_N_ELEMENTS(cases)],
                                   .key = i % 2 == 0 ? key : NULL};
        g_autofree char *stem = sp_name_stem(SP_NAMES_OPAQUE, &basis, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(stem, ==, cases[c].stem);
    }
}

/* Each letter of the alphabet comes up, and no stem twice: 64 of 130 bits. */
static void
test_random(void)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < 64; i++) {
        g_autoptr(GError) error = NULL;
        char *stem = sp_name_stem(SP_NAMES_RANDOM, &(SpNameBasis){.key = NULL}, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(strlen(stem), ==, SP_STEM_CHARS);
        g_assert_cmpuint(strspn(stem, alphabet), ==, SP_STEM_CHARS);
        g_string_append(all, stem);
        g_assert_true(g_hash_table_add(seen, stem));
    }
    for (const char *p = alphabet; *p != '\0'; p++)
        g_assert_nonnull(strchr(all->str, *p));
}

/* With a key: printf '%s\0%s' NAME HASH... | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY
 * -binary | base32 | tr A-Z a-z | cut -c1-26, where KEY is that of `key` or zeros. */
static void
test_keyed(void)
{
    static const guint8 zeros[SP_NAMES_KEY_BYTES];
    static const struct {
        const guint8 *key;
        const char *source;
        const char *hashes[2];
        guint n;
        const char *stem;
    } cases[] = {
        {key, "a/IMG_1.JPG", {HASH_A, HASH_B}, 2, "7bujabtovtg2lkotfeyz4jv27m"},
        {key, "a/IMG_1.JPG", {HASH_B, HASH_A}, 2, "cf45y5jewql4gde22xcvja5csq"},
        {key, "b/IMG_1.JPG", {HASH_A, HASH_B}, 2, "vbhr233qrlkqkm2xobkune2h4e"},
        {zeros, "a/IMG_1.JPG", {HASH_A, HASH_B}, 2, "3esbtexe4iaic2id4yumkk34i6"},
        {key, "\xff\n", {HASH_A}, 1, "qusaopogiqywg4nlbjd3nkcgay"},
        {key, NULL, {HASH_A}, 1, "7xj3qct4zc3gtoylwr4gyfe4bk"},
        {key, "", {HASH_A}, 1, "7xj3qct4zc3gtoylwr4gyfe4bk"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const SpNameBasis basis = {cases[i].hashes, cases[i].n, cases[i].source, cases[i].key};
        g_autofree char *stem = sp_name_stem(SP_NAMES_RANDOM, &basis, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(stem, ==, cases[i].stem);
    }
}

static void
test_source(void)
{
    static const struct {
        const char *source;
        const char *stem; /* NULL: refused */
    } cases[] = {
        {"IMG_1.JPG", "IMG_1.JPG"},
        {"/home/x/IMG_1.JPG", "IMG_1.JPG"},
        {"../../etc/passwd", "passwd"},
        {"a b\n\"<\xff>.jpg", "a b\n\"<\xff>.jpg"},
        {"noextension", "noextension"},
        {"...", "..."},
        {"-", "-"},
        {NULL, NULL},
        {"", NULL},
        {".", NULL},
        {"..", NULL},
        {"a/..", NULL},
        {"a/.", NULL},
        {"a/", NULL},
        {"/", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const SpNameBasis basis = {.source_name = cases[i].source};
        g_autofree char *stem = sp_name_stem(SP_NAMES_SOURCE, &basis, &error);
        g_assert_cmpstr(stem, ==, cases[i].stem);
        if (cases[i].stem == NULL)
            g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
        else
            g_assert_no_error(error);
    }
}

static void
test_file(void)
{
    static const struct {
        const char *stem;
        SpVariant variant;
        const char *name;
    } cases[] = {
        {"stem", {.format = SP_OUTPUT_WEBP}, "stem.webp"},
        {"stem", {.format = SP_OUTPUT_JPEG}, "stem.jpg"},
        {"stem", {.format = SP_OUTPUT_JPEG, .suffix = "-small"}, "stem-small.jpg"},
        {"IMG_1.JPG", {.format = SP_OUTPUT_WEBP}, "IMG_1.JPG.webp"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = sp_name_file(cases[i].stem, &cases[i].variant);
        g_assert_cmpstr(name, ==, cases[i].name);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/opaque", test_opaque);
    g_test_add_func("/names/random", test_random);
    g_test_add_func("/names/keyed", test_keyed);
    g_test_add_func("/names/source", test_source);
    g_test_add_func("/names/file", test_file);
    return g_test_run();
}
