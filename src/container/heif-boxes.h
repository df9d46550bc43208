/* SPDX-License-Identifier: MIT */
/* heif-boxes.h -- boxes and numbers of ISO/IEC 14496-12: of HEIF files and of videos.
 *
 * Nothing is copied: slices point into the file. Nothing is read that is not there. */
#ifndef SP_CONTAINER_HEIF_BOXES_H
#define SP_CONTAINER_HEIF_BOXES_H
#include "container/walk.h"
G_BEGIN_DECLS

typedef struct {
    guint32 type;
    SpSlice payload; /* behind size and type; uuid: with its 16 bytes; clipped when cut */
    gsize n_bytes;   /* all of it that is there: size and type, too */
    gboolean cut;    /* it says that it goes on behind what there is */
} SpHeifBox;

/* Take the next box off rest. FALSE, and rest as it was, when none begins there: at the end,
 * with too few bytes for a header, or with a size less than its own header. */
gboolean sp_heif_next_box(SpSlice *rest, SpHeifBox *ret_box);

typedef struct {
    SpSlice rest;    /* not read yet */
    gboolean failed; /* more was asked for than there was; from then on all numbers are 0 */
} SpHeifReader;

/* A big-endian number of 0 to 8 bytes. */
guint64 sp_heif_read(SpHeifReader *reader, guint size);
/* Are they all zero? Of no bytes, too. */
gboolean sp_heif_is_zero(SpSlice bytes);

/* n bytes unread; NULL when there are not so many. */
const guint8 *sp_heif_skip(SpHeifReader *reader, gsize n);
/* Text up to a NUL, which is skipped, or to the end. */
SpSlice sp_heif_read_text(SpHeifReader *reader);

G_END_DECLS
#endif
