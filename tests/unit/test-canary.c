/* SPDX-License-Identifier: MIT */
/* test-canary.c -- the self-test's search finds each form wherever it lies, and nothing else.
 */
#include "selftest/bytes.h"
#include "selftest/canary.h"
#include <string.h>

typedef struct {
    SpCanary canary;
    SpSearch *search;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    gboolean done = sp_canary_init(&fixture->canary, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    fixture->search = sp_search_new(fixture->canary.letters, fixture->canary.block);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void)data;
    sp_search_free(fixture->search);
}

static void
put_noise(GByteArray *out, guint32 seed, gsize n)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < n; i++)
        sp_put_be(out, 1, g_rand_int(rand) & 0xFF);
}

static guint
search(const Fixture *fixture, const GByteArray *bytes)
{
    /* Of exactly that size, so that a read behind the end is seen. */
    g_autofree guint8 *copy = g_memdup2(bytes->data, bytes->len);
    return sp_search(fixture->search, copy, bytes->len);
}

static void
test_forms(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < SP_FORM_COUNT; i++) {
        for (guint before = 0; before < 5; before++) {
            g_autoptr(GByteArray) bytes = g_byte_array_new();
            put_noise(bytes, before, before);
            sp_canary_put(&fixture->canary, 1u << i, bytes);
            g_assert_cmphex(search(fixture, bytes), ==, 1u << i);
            put_noise(bytes, i, 3);
            g_assert_cmphex(search(fixture, bytes), ==, 1u << i);
        }
    }
}

static void
test_all_forms(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    put_noise(bytes, 1, 5000);
    sp_canary_put(&fixture->canary, SP_FORM_ALL, bytes);
    put_noise(bytes, 2, 5000);
    g_assert_cmphex(search(fixture, bytes), ==, SP_FORM_ALL);
}

/* The letters as a part of a longer text that is coded as a whole. */
static void
test_base64_within(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint before = 0; before < 7; before++) {
        g_autofree char *text =
            g_strdup_printf("%.*s%s!", (int)before, "sent by", fixture->canary.letters);
        g_autofree char *coded = g_base64_encode((const guchar *)text, strlen(text));
        guint found = sp_search(fixture->search, (const guint8 *)coded, strlen(coded));
        g_assert_cmphex(found, ==, SP_FORM_BASE64);
    }
}

static void
test_cases(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autofree char *lower = g_ascii_strdown(fixture->canary.letters, -1);
    g_autofree char *upper = g_ascii_strup(fixture->canary.letters, -1);
    const char *const texts[] = {lower, upper};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GByteArray) hex = g_byte_array_new();
        guint found = sp_search(fixture->search, (const guint8 *)texts[i], strlen(texts[i]));
        g_assert_cmphex(found, ==, SP_FORM_RAW);
        for (const char *p = fixture->canary.letters; *p != '\0'; p++) {
            char pair[3];
            g_snprintf(pair, sizeof pair, i == 0 ? "%02x" : "%02X", (guint)*p);
            sp_put_text(hex, pair);
        }
        g_assert_cmphex(search(fixture, hex), ==, SP_FORM_HEX);
    }
}

/* Any six bytes of the block are enough; five are not. */
static void
test_windows(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint at = 0; at + 6 <= SP_CANARY_BLOCK; at++) {
        guint found = sp_search(fixture->search, fixture->canary.block + at, 6);
        g_assert_cmphex(found, ==, SP_FORM_BLOCK);
        g_assert_cmphex(sp_search(fixture->search, fixture->canary.block + at, 5), ==, 0);
    }
}

/* Whatever form lies in a zlib stream, at the end of a large one, is found as deflated. */
static void
test_inflated(Fixture *fixture, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < SP_FORM_COUNT; i++) {
        g_autoptr(GByteArray) plain = g_byte_array_new();
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        if (1u << i == SP_FORM_DEFLATED)
            continue; /* one level deep */
        for (guint k = 0; k < 100000; k++)
            sp_put_be(plain, 1, 'a' + k % 7);
        sp_canary_put(&fixture->canary, 1u << i, plain);
        put_noise(bytes, i, 11);
        sp_put_deflated(bytes, plain->data, plain->len);
        g_assert_true((search(fixture, bytes) & SP_FORM_DEFLATED) != 0);
    }
}

/* A stream that is cut is read up to there. */
static void
test_cut_stream(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    for (guint k = 0; k < 4; k++)
        sp_canary_put(&fixture->canary, SP_FORM_RAW, plain);
    put_noise(plain, 5, 4000);
    sp_put_deflated(bytes, plain->data, plain->len);
    g_byte_array_set_size(bytes, 2000);
    g_assert_true((search(fixture, bytes) & (SP_FORM_DEFLATED | SP_FORM_RAW)) != 0);
}

static void
test_nothing(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    put_noise(bytes, 7, 1 << 20);
    g_assert_cmphex(search(fixture, bytes), ==, 0);
    g_assert_cmphex(sp_search(fixture->search, NULL, 0), ==, 0);
    SpCanary other;
    g_assert_true(sp_canary_init(&other, NULL));
    g_byte_array_set_size(bytes, 0);
    sp_canary_put(&other, SP_FORM_ALL, bytes);
    g_assert_cmphex(search(fixture, bytes), ==, 0);
}

static void
test_without_block(Fixture *fixture, gconstpointer data)
{
    (void)data;
    g_autoptr(SpSearch) letters = sp_search_new(fixture->canary.letters, NULL);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    sp_canary_put(&fixture->canary, SP_FORM_ALL, bytes);
    g_assert_cmphex(sp_search(letters, bytes->data, bytes->len), ==,
                    SP_FORM_ALL & ~SP_FORM_BLOCK);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer data);
    } tests[] = {
        {"/canary/forms", test_forms},
        {"/canary/all-forms", test_all_forms},
        {"/canary/base64-within", test_base64_within},
        {"/canary/cases", test_cases},
        {"/canary/windows", test_windows},
        {"/canary/inflated", test_inflated},
        {"/canary/cut-stream", test_cut_stream},
        {"/canary/nothing", test_nothing},
        {"/canary/without-block", test_without_block},
    };
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
