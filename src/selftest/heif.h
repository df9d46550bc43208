/* SPDX-License-Identifier: MIT */
/* heif.h -- a HEIC or AVIF from items, so that each of its boxes can be filled.
 *
 * ISO/IEC 23008-12 and 14496-12. Each item has properties of its own, shared with none; the
 * first one is the primary item. */
#ifndef SP_SELFTEST_HEIF_H
#define SP_SELFTEST_HEIF_H
#include "selftest/slot.h"
G_BEGIN_DECLS

#define SP_HEIF_SIDE 64

typedef struct {
    char type[5];
    gboolean hidden, in_idat;
    GByteArray *data;             /* owned */
    const char *name;             /* borrowed; NULL is empty */
    const char *mime, *uri;       /* borrowed; of such items */
    GPtrArray *properties;        /* owned; of GByteArray: whole boxes */
    guint32 essential;            /* a bit a property */
    const char *reference;        /* borrowed; its type, NULL is none */
    guint refers_to[4], n_refers; /* items, from 1 on */
} SpHeifItem;

typedef struct {
    const char *coding;                  /* borrowed; "hevc" or "av1" */
    GPtrArray *items;                    /* owned; of SpHeifItem */
    GByteArray *brands;                  /* owned; behind the usual ones, four bytes each */
    GByteArray *handler, *meta, *unused; /* owned; hdlr's name; boxes in meta; properties that
                                            no item has */
    GByteArray *before, *behind; /* owned; whole boxes before meta, or anything behind all */
    GByteArray *idat_slack, *mdat_slack; /* owned; behind what items point to */
} SpHeif;

/* A file of the maker's format with that picture and nothing else, yet to be written. */
void sp_heif_init(SpHeif *heif, const char *coding, SpPictureKind picture);
/* Append the file and free what is in heif. */
void sp_heif_write(SpHeif *heif, GByteArray *out);

/* The new item is borrowed from heif. */
SpHeifItem *sp_heif_add(SpHeif *heif, const char *type);
/* A coded picture that pictures*.c has under the coding's name and suffix: "_magenta". */
SpHeifItem *sp_heif_add_coded(SpHeif *heif, const char *suffix, guint width, guint height);
void sp_heif_add_property(SpHeifItem *item, const char *type, gboolean essential,
                          gconstpointer payload, gsize n);
void sp_heif_refer(SpHeifItem *item, const char *type, guint to);

G_END_DECLS
#endif
