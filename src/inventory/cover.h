/* SPDX-License-Identifier: MIT */
/* cover.h -- which bytes of a block some reader has taken, and what the others are.
 *
 * A TIFF structure is held together by offsets: bytes that none leads to are in the file all
 * the same. So a reader marks what it reads, and asks at the end what is left. */
#ifndef SP_INVENTORY_COVER_H
#define SP_INVENTORY_COVER_H
#include "container/walk.h"
G_BEGIN_DECLS

/* Spans that are kept: of more, those that come later count as left over. Real files have some
 * hundred; a hostile one may have one for each of its entries. */
#define SP_COVER_SPANS 8192

/* So many bytes left over are something: writers leave a few of old values behind. */
#define SP_COVER_LEFTOVER 16

typedef struct {
    GArray *spans; /* owned; NULL: none yet */
} SpCover;

typedef struct {
    gsize n;         /* bytes that are neither covered nor blank */
    SpSlice first;   /* the first gap that has such, from the first such byte on */
    SpSlice picture; /* from the first start of a JPEG in them to the end of that gap */
} SpLeftover;

void sp_cover_clear(SpCover *cover);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpCover, sp_cover_clear)

/* n bytes from that offset on are read; may lie outside of the block, in any order. */
void sp_cover_add(SpCover *cover, gsize at, gsize n);

/* What of content is not covered; slices are borrowed from it, and empty without one. */
SpLeftover sp_cover_leftover(SpCover *cover, SpSlice content);

G_END_DECLS
#endif
