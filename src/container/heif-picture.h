/* SPDX-License-Identifier: MIT */
/* heif-picture.h -- from the primary item to coded pictures, and what they say; for heif*.c. */
#ifndef SP_CONTAINER_HEIF_PICTURE_H
#define SP_CONTAINER_HEIF_PICTURE_H
#include "container/heif-layer.h"
G_BEGIN_DECLS

typedef struct {
    SpHeifLayer colour, alpha; /* alpha.coded NULL: opaque */
    gboolean premultiplied;
    SpHeifTurn turn;
    SpCodePoints nclx; /* of the primary item, else of what it is made from */
    SpSlice icc;       /* likewise; borrowed */
} SpHeifPicture;

/* Resolve the primary item of meta. Items that are needed become is_kept, and the primary item
 * and those that stand for it get SP_HEIF_ROLE_PICTURE. made: takes the
 * GBytes of data that lies in pieces, n_may_join bytes at most. On failure width, height and
 * hides_tiles of ret_picture->colour may be set; nothing needs clearing. */
gboolean sp_heif_picture(SpHeifMeta *meta, gsize n_may_join, GPtrArray *made,
                         SpHeifPicture *ret_picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_heif_picture_clear(SpHeifPicture *picture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpHeifPicture, sp_heif_picture_clear)

G_END_DECLS
#endif
