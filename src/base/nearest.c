/* SPDX-License-Identifier: MIT */
/* nearest.c -- which known word was probably meant, by edit distance.
 *
 * The distance is Damerau and Levenshtein's in its simple form ("optimal string alignment"):
 * swapped neighbours, the commonest slip of the fingers, count one. It works on bytes; what we
 * know is ASCII. Three rows of the matrix on the stack are enough, so long words are never
 * near. A wrong guess is worse than none: the threshold is one edit per three letters. */
#include "base/nearest.h"
#include <string.h>

#define LONGEST 64

static gboolean
same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Edits between a and b, which are at most LONGEST bytes long. */
static guint
distance(const char *a, const char *b)
{
    guint rows[3][LONGEST + 1] = {{0}};
    guint *before = rows[0], *last = rows[1], *row = rows[2];
    gsize n = strlen(b);
    for (gsize j = 0; j <= n; j++)
        last[j] = (guint)j;
    for (gsize i = 1; a[i - 1] != '\0'; i++) {
        row[0] = (guint)i;
        for (gsize j = 1; j <= n; j++) {
            guint change = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
            row[j] = MIN(change, MIN(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
        guint *reuse = before;
        before = last;
        last = row;
        row = reuse;
    }
    return last[n];
}

const char *
sp_nearest(const char *word, const char *const *known)
{
    const char *best = NULL;
    guint best_edits = G_MAXUINT;
    gsize length = strlen(word);
    if (length == 0 || length > LONGEST)
        return NULL;
    for (; *known != NULL; known++) {
        gsize known_length = strlen(*known);
        if (known_length > LONGEST)
            continue;
        guint edits = distance(word, *known);
        if (edits <= MAX(length, known_length) / 3 && edits < best_edits) {
            best = *known;
            best_edits = edits;
        }
    }
    return best;
}

char *
sp_nearest_hint(const char *word, const char *const *known)
{
    const char *near = sp_nearest(word, known);
    if (near != NULL)
        return g_strdup_printf(", did you mean '%s'?", near);
    g_autofree char *all = g_strjoinv(", ", (char **)known);
    return g_strdup_printf(", known are %s", all);
}
