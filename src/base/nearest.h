/* SPDX-License-Identifier: MIT */
/* nearest.h -- which known word was probably meant. */
#ifndef SP_BASE_NEAREST_H
#define SP_BASE_NEAREST_H
#include <glib.h>
G_BEGIN_DECLS

/* The word of known (NULL-terminated) with the fewest edits from word: letters added, left out,
 * changed, or two neighbours swapped; upper and lower case are the same. The first of equals.
 * NULL when none is within one edit per three letters. Borrowed from known. */
const char *sp_nearest(const char *word, const char *const *known);

/* What to put behind "unknown thing": ", did you mean 'x'?", or, when nothing is near,
 * ", known are a, b, c". New, owned by the caller. */
char *sp_nearest_hint(const char *word, const char *const *known);

G_END_DECLS
#endif
