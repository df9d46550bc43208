/* SPDX-License-Identifier: MIT */
/* picture-heif.h -- a HEIF file from items, and coded pictures for them. */
#ifndef SP_TESTS_PICTURE_HEIF_H
#define SP_TESTS_PICTURE_HEIF_H
#include "data/picture.h"

/* ---- coded pictures (picture-ycc.c, -hevc.c, -av1.c)
 * -------------------------------------------------------
 */

typedef struct {
    unsigned width, height;
    Buffer data, config; /* config: the payload of hvcC or av1C */
} Coded;

/* width and height must be even for HEVC. space gives the matrix; grey: monochrome, of alpha
 * when alpha is set, else of luma. */
typedef struct {
    int bits, grey, alpha, lossless, quality;
    const char *space;
} CodeOptions;

/* Full range; planes are owned. Chroma of half the sides, but where it is lossless. */
typedef struct {
    unsigned shift, width[3], height[3];
    uint16_t *planes[3];
} Ycc;

Ycc ycc_make(const CodeOptions *o, const Frame *frame);
/* One plane into an encoder's; wide: samples of 16 bits. */
void ycc_copy(const Ycc *planes, int i, int wide, void *rows, size_t stride);
void ycc_free(Ycc *planes);
/* H.273's number of the matrix. */
int code_matrix(const CodeOptions *o);

/* What is in the result is the caller's. */
Coded code_hevc(const CodeOptions *o, const Frame *frame);
Coded code_av1(const CodeOptions *o, const Frame *frame);

/* ---- items (picture-items.c) ---------------------------------------------------------------
 */

#define MAX_PROPERTIES 10
#define MAX_REFERENCES 512

/* Whole boxes; essential is a bit a property. */
typedef struct {
    char type[5];
    unsigned id; /* by items_add() */
    int hidden, in_idat;
    Buffer data;
    const char *content_type, *uri; /* of mime and uri items */
    Buffer properties[MAX_PROPERTIES];
    unsigned n_properties, essential;
    char reference[5]; /* one kind an item */
    unsigned n_references, references[MAX_REFERENCES];
} Item;

typedef struct {
    Item *items; /* owned, with what is in them */
    unsigned n;
} Items;

/* A new item, borrowed until the next is added. */
Item *items_add(Items *items, const char *type);
void item_add_property(Item *item, const char *type, int essential, const void *payload,
                       size_t n);
void item_refer(Item *item, const char *type, unsigned to);

/* The first item added is the primary one. Frees what is in items. */
Buffer items_write(Items *items, const char *brand);

/* A box: its place is what box_end() wants. */
size_t box_begin(Buffer *b, const char *type);
size_t box_begin_full(Buffer *b, const char *type, unsigned version, unsigned flags);
void box_end(Buffer *b, size_t begin);

#endif
