/* SPDX-License-Identifier: MIT */
/* heif-layer.h -- a coded item or a grid of them: properties and data; for heif*.c. */
#ifndef SP_CONTAINER_HEIF_LAYER_H
#define SP_CONTAINER_HEIF_LAYER_H
#include "container/heif-meta.h"
#include "container/heif-turn.h"
G_BEGIN_DECLS

#define SP_HEIF_PIXI 4 /* channels that a picture may have */

/* What the properties of an item say; what one says twice, the first one says. */
typedef struct {
    guint width, height; /* ispe; 0 and 0 without it */
    SpSlice config;      /* payload of hvcC or av1C, whichever fits the item's type */
    SpCodePoints nclx;
    SpSlice icc; /* n 0 without one */
    guint n_pixi;
    guint8 pixi[SP_HEIF_PIXI]; /* bits a channel */
    gboolean is_alpha;         /* auxC says so */
} SpHeifTraits;

/* An item whose data a decoder reads. */
typedef struct {
    guint32 id;
    SpHeifTraits traits;
    SpSlice data;
} SpHeifCoded;

/* The colours, or the transparency: one coded picture, or a grid of them. */
typedef struct {
    guint32 coding; /* hvc1, av01 */
    guint width, height;
    gboolean is_grid;
    guint columns, rows;
    gboolean hides_tiles; /* a grid: whole tiles lie outside of it */
    SpHeifTraits traits;  /* the grid's own, else those of the coded item */
    GArray *coded;        /* owned; of SpHeifCoded: each item once, in order of its first use */
    GArray *tiles;        /* owned; of guint: places in coded, row by row */
} SpHeifLayer;

/* Who asks, and what he may still spend. */
typedef struct {
    SpHeifMeta *meta; /* borrowed */
    GPtrArray *made;  /* borrowed; takes the GBytes of data that lies in pieces */
    gsize n_may_join; /* bytes of such data that may still be put together */
} SpHeifSource;

SpHeifTraits sp_heif_traits(const SpHeifMeta *meta, guint32 id);
/* Add all transformations of an item to turn. */
gboolean sp_heif_add_turns(const SpHeifMeta *meta, guint32 id, SpHeifTurn *turn, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Bits a sample, of a payload of hvcC or av1C; 0 when it is too short. */
guint sp_heif_config_bits(guint32 coding, SpSlice config);
/* Does it say monochrome? FALSE when it is too short. */
gboolean sp_heif_config_is_grey(guint32 coding, SpSlice config);

/* The item of that number, borrowed; NULL with an error when it is not there, or encrypted. */
SpHeifItem *sp_heif_find_item(const SpHeifMeta *meta, guint32 id, GError **error);

void sp_heif_layer_init(SpHeifLayer *layer);
void sp_heif_layer_clear(SpHeifLayer *layer);
/* Read the coded item or the grid of that number into a layer that was initialised. A coded
 * item without a size has the layer's width and height. Items that are needed become is_kept.
 * On failure width, height and hides_tiles may be set. */
gboolean sp_heif_layer_read(SpHeifSource *source, guint32 id, SpHeifLayer *layer,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For a grid that no item describes: one more tile; and, when all are there, whether they fit
 * together. */
gboolean sp_heif_layer_add_tile(SpHeifSource *source, SpHeifLayer *layer, guint32 id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_heif_layer_check(const SpHeifSource *source, SpHeifLayer *layer, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
