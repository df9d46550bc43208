/* SPDX-License-Identifier: MIT */
/* test-sentence.c -- every word of a receipt has a sentence in every language, and each is one
 * that can be put on a page as it is. */
#include "base/sentence.h"
#include "storyphoto.h"
#include <string.h>

/* Longer ones are not read. */
#define MOST_CHARACTERS 170

static void
check_sentence(const char *language, const char *word, const char *text)
{
    g_test_message("%s: %s", language, word);
    g_assert_nonnull(text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(text, -1), >, 10);
    g_assert_cmpint(g_utf8_strlen(text, -1), <=, MOST_CHARACTERS);
    g_assert_true(g_str_has_suffix(text, "."));
    g_assert_null(strpbrk(text, "<>&{}%\"\\\n"));
}

static const char *
sentence_of(guint index, const char *language, const char **ret_word)
{
    if (index < SP_ERROR_LAST) { /* number 0 is "internal" */
        int code = index == 0 ? -1 : (int)index;
        *ret_word = sp_error_word(code);
        return sp_error_sentence(code, language);
    }
    *ret_word = sp_category_slug(index - SP_ERROR_LAST);
    return sp_category_sentence(index - SP_ERROR_LAST, language);
}

/* A sentence that is not translated comes in English. */
static void
test_all(void)
{
    for (const char *const *language = sp_languages(); *language != NULL; language++)
        for (guint i = 0; i < SP_ERROR_LAST + SP_CATEGORY_COUNT; i++) {
            const char *word = NULL, *text = sentence_of(i, *language, &word);
            check_sentence(*language, word, text);
            if (strcmp(*language, "en") != 0)
                g_assert_cmpstr(text, !=, sentence_of(i, "en", &word));
        }
}

static void
test_languages(void)
{
    g_assert_cmpstr(sp_languages()[0], ==, "en");
    g_assert_true(g_strv_contains(sp_languages(), "es"));
    static const char *const spanish[] = {"es", "ES", "es-MX", "es_ES.UTF-8", "es@euro"};
    for (guint i = 0; i < G_N_ELEMENTS(spanish); i++)
        g_assert_cmpstr(sp_language_find(spanish[i]), ==, "es");
    static const char *const none[] = {"", "e", "est", "tlh", "-es"};
    for (guint i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_null(sp_language_find(none[i]));
}

static void
test_unknown_is_english(void)
{
    const char *english = sp_error_sentence(SP_ERROR_EMPTY, "en");
    g_assert_cmpstr(sp_error_sentence(SP_ERROR_EMPTY, NULL), ==, english);
    g_assert_cmpstr(sp_error_sentence(SP_ERROR_EMPTY, "tlh"), ==, english);
    g_assert_null(sp_error_sentence(SP_ERROR_NONE, "en"));
    g_assert_cmpstr(sp_error_sentence(SP_ERROR_LAST, "en"), ==, sp_error_sentence(-1, "en"));
}

/* What stands in the file and has no word is a slip. */
static void
test_no_more(void)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_assert_true(g_key_file_load_from_data(file, sp_sentences_text, strlen(sp_sentences_text),
                                            G_KEY_FILE_KEEP_TRANSLATIONS, NULL));
    gsize in_all = 0, n = 0, languages = g_strv_length((char **)sp_languages());
    for (guint i = 0; i < 2; i++) {
        g_strfreev(g_key_file_get_keys(file, i == 0 ? "errors" : "removed", &n, NULL));
        in_all += n;
    }
    g_assert_cmpuint(in_all, ==, languages * (SP_ERROR_LAST + SP_CATEGORY_COUNT));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentence/all", test_all);
    g_test_add_func("/sentence/languages", test_languages);
    g_test_add_func("/sentence/unknown-is-english", test_unknown_is_english);
    g_test_add_func("/sentence/no-more", test_no_more);
    return g_test_run();
}
