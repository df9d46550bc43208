/* SPDX-License-Identifier: MIT */
/* debian-version.c -- deb-version(7): "[epoch:]upstream[-revision]".
 *
 * Of both parts: what is no digit is compared first, letters before all else and '~' before
 * even the end; then digits as a number; and so on in turns. */
#include "doctor/debian-version.h"
#include <stdlib.h>
#include <string.h>

static int
order(char c)
{
    if (c == '~')
        return -1;
    if (c == '\0' || g_ascii_isdigit(c))
        return 0;
    return g_ascii_isalpha(c) ? c : c + 256;
}

/* *at moves behind what is no digit. */
static int
compare_words(const char **a, const char **b)
{
    while ((**a != '\0' && !g_ascii_isdigit(**a)) || (**b != '\0' && !g_ascii_isdigit(**b))) {
        int difference = order(**a) - order(**b);
        if (difference != 0)
            return difference;
        (*a)++, (*b)++;
    }
    return 0;
}

/* The same of digits; numbers of any length. */
static int
compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    gsize n = strspn(*a, "0123456789"), m = strspn(*b, "0123456789");
    if (n != m)
        return n < m ? -1 : 1;
    int difference = strncmp(*a, *b, n);
    *a += n;
    *b += n;
    return difference;
}

static int
compare_part(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        int difference = compare_words(&a, &b);
        if (difference == 0)
            difference = compare_numbers(&a, &b);
        if (difference != 0)
            return difference;
    }
    return 0;
}

typedef struct {
    char *text; /* owned; upstream and revision lie in it */
    long epoch;
    const char *upstream, *revision;
} Version;

static void
version_init(Version *version, const char *text)
{
    *version = (Version){.text = g_strdup(text), .revision = ""};
    char *colon = strchr(version->text, ':'), *hyphen = strrchr(version->text, '-');
    version->epoch = colon != NULL ? strtol(version->text, NULL, 10) : 0;
    version->upstream = colon != NULL ? colon + 1 : version->text;
    if (hyphen == NULL)
        return;
    *hyphen = '\0';
    version->revision = hyphen + 1;
}

int
sp_debian_version_compare(const char *a, const char *b)
{
    Version one, other;
    version_init(&one, a);
    version_init(&other, b);
    int difference = one.epoch < other.epoch ? -1 : one.epoch > other.epoch;
    if (difference == 0)
        difference = compare_part(one.upstream, other.upstream);
    if (difference == 0)
        difference = compare_part(one.revision, other.revision);
    g_free(one.text);
    g_free(other.text);
    return difference;
}
