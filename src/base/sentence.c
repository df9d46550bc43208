/* SPDX-License-Identifier: MIT */
/* sentence.c -- what to say to the person who has sent a photo.
 *
 * sentences.ini has every sentence in every language; it is read once, when the first one is
 * wanted. A new language is its lines in that file: which there are is read from there, and the
 * tests want all of its sentences. Sentences are interned, so callers own nothing. */
#include "base/sentence.h"
#include "storyphoto.h"
#include <string.h>

#define GROUP_ERRORS "errors"
#define GROUP_REMOVED "removed"
#define FIRST "empty" /* what has this sentence is a language */

static GKeyFile *
sentences(void)
{
    static GKeyFile *file = NULL;
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        g_autoptr(GError) error = NULL;
        file = g_key_file_new();
        if (!g_key_file_load_from_data(file, sp_sentences_text, strlen(sp_sentences_text),
                                       G_KEY_FILE_KEEP_TRANSLATIONS, &error))
            g_error("sentences.ini: %s", error->message); /* it is compiled in */
        g_once_init_leave(&once, 1);
    }
    return file;
}

/* "empty[es]" to "es", new; NULL for any other key. */
static char *
language_of(const char *key)
{
    gsize n = strlen(FIRST "[");
    if (strncmp(key, FIRST "[", n) != 0 || !g_str_has_suffix(key, "]"))
        return NULL;
    return g_strndup(key + n, strlen(key) - n - 1);
}

const char *const *
sp_languages(void)
{
    static char **languages = NULL;
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        g_autoptr(GStrvBuilder) found = g_strv_builder_new();
        g_auto(GStrv) keys = g_key_file_get_keys(sentences(), GROUP_ERRORS, NULL, NULL);
        g_strv_builder_add(found, "en");
        for (char **key = keys; *key != NULL; key++) {
            g_autofree char *language = language_of(*key);
            if (language != NULL)
                g_strv_builder_add(found, language);
        }
        languages = g_strv_builder_end(found);
        g_once_init_leave(&once, 1);
    }
    return (const char *const *)languages;
}

const char *
sp_language_find(const char *tag)
{
    gsize n = strcspn(tag, "-_.@");
    for (const char *const *language = sp_languages(); *language != NULL; language++)
        if (strlen(*language) == n && g_ascii_strncasecmp(*language, tag, n) == 0)
            return *language;
    return NULL;
}

static const char *
sentence(const char *group, const char *key, const char *language)
{
    const char *known = language != NULL ? sp_language_find(language) : NULL;
    g_autofree char *text = g_key_file_get_locale_string(sentences(), group, key,
                                                         known != NULL ? known : "C", NULL);
    return text != NULL ? g_intern_string(text) : NULL;
}

const char *
sp_error_sentence(int code, const char *language)
{
    return sentence(GROUP_ERRORS, sp_error_word(code), language);
}

const char *
sp_category_sentence(guint index, const char *language)
{
    return sentence(GROUP_REMOVED, sp_category_slug(index), language);
}
