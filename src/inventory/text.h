/* SPDX-License-Identifier: MIT */
/* text.h -- what the readers of text share: what is blank, and what is UTF-8. */
#ifndef SP_INVENTORY_TEXT_H
#define SP_INVENTORY_TEXT_H
#include "container/walk.h"
G_BEGIN_DECLS

/* Most bytes of one part that a search looks at. */
#define SP_TEXT_SEARCHED ((gsize)4 * 1024 * 1024)

/* Only spaces, controls and NULs, or nothing at all: it reveals nothing. */
gboolean sp_text_is_blank(SpSlice text);
/* All of text behind its first n bytes is blank: a reader that stops there misses nothing. */
gboolean sp_text_ends_blank(SpSlice text, gsize n);
/* Blank, or without a digit other than 0, as "0000:00:00 00:00:00" is: a date that was never
 * set. */
gboolean sp_text_is_no_date(SpSlice text);
/* text without the blank bytes at both of its ends; borrowed from it. */
SpSlice sp_text_trim(SpSlice text);
/* Does all of it read that? */
gboolean sp_text_equals(SpSlice text, const char *word);
/* Where word begins in text, or NULL; n is the word's length, 1 or more. */
const guint8 *sp_text_find(SpSlice text, const char *word, gsize n);

/* The first SP_TEXT_SEARCHED bytes of text as UTF-8: from UTF-16 or UTF-32 of either order, by
 * a mark at its start (Unicode 15, section 23.8) or by where the zeros stand around its first
 * character, which is '<' or a space. *ret_owned is new, owned by the caller, or NULL where
 * text is taken as it is (without its mark). An empty slice when there is no memory. */
SpSlice sp_text_to_utf8(SpSlice text, guint8 **ret_owned);

G_END_DECLS
#endif
