/* SPDX-License-Identifier: MIT */
/* heif.h -- walk a HEIC or AVIF: items, properties, and the slim view of the primary picture.
 *
 * ISO/IEC 23008-12 (HEIF), 14496-12 (boxes), 23000-22 (MIAF), the AVIF specification. The slim
 * view is a file of its own, written anew: ftyp, meta and mdat with the primary item, through
 * `grid` and `iden` derivations to the coded items, its alpha auxiliary (and what that derives
 * from), and of their properties ispe, hvcC, av1C, colr (nclx), pixi, auxC (alpha's).
 * Thumbnails, other auxiliaries (depth, mattes, gain maps), hidden and further pictures,
 * metadata, tracks and boxes of vendors are not in it, so no decoder ever sees them. Extents
 * are resolved, whether they lie in idat or in the file. Item numbers are given anew, from 1.
 *
 * clap, irot and imir are not in the slim view either: they become SpWalk.crop and
 * SpWalk.orientation, in whatever order the file applies them, and are carried out once, on the
 * small planes, as EXIF's orientation is for other formats. (An EXIF orientation in a HEIF file
 * says nothing: HEIF, 6.2.) An ICC profile goes to the tags alone. */
#ifndef SP_CONTAINER_HEIF_H
#define SP_CONTAINER_HEIF_H
#include "container/walk.h"
G_BEGIN_DECLS

#define SP_HEIF_TILES 4096 /* coded items of a picture; phones have 48 to some 200 */

typedef struct {
    SpWalk walk;
    guint32 coding;      /* SP_FOURCC of the coded items: hvc1, av01 */
    guint columns, rows; /* of the grid; 1 and 1 when the primary item is coded itself */
    guint tile_width, tile_height; /* as coded (ispe) */
    SpSlice config; /* payload of hvcC or av1C of the tiles; bytes NULL when they differ */
    GArray *tiles;  /* owned; of SpSlice: the coded bytes of each tile, row by row */
} SpHeifWalk;

/* As an SpWalkFunc, with more to tell. Cleared by sp_heif_walk_clear(). */
gboolean sp_heif_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data,
                      SpHeifWalk *ret_walk, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_heif_walk_clear(SpHeifWalk *walk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpHeifWalk, sp_heif_walk_clear)

G_END_DECLS
#endif
