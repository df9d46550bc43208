/* SPDX-License-Identifier: MIT */
/* heif-turn.h -- clap, irot and imir, in any order, as one crop and one orientation.
 *
 * ISO/IEC 23008-12, 6.5: each of them changes what the ones before it made. So after every step
 * this holds: what is to be seen is the crop of the coded picture, mirrored left to right when
 * flip_x, top to bottom when flip_y, and then with rows and columns exchanged when transpose.
 */
#ifndef SP_CONTAINER_HEIF_TURN_H
#define SP_CONTAINER_HEIF_TURN_H
#include "container/walk.h"
G_BEGIN_DECLS

typedef struct {
    SpRect crop; /* in pixels of the coded picture; at first all of it */
    gboolean flip_x, flip_y, transpose;
} SpHeifTurn;

/* One more step, of a property of that type; payload is the property's. Other types than the
 * three change nothing. The error is SP_ERROR_CORRUPT; turn is unchanged then. */
gboolean sp_heif_turn_add(SpHeifTurn *turn, guint32 type, SpSlice payload, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Of the cropped picture: 1 to 8, as EXIF has it. */
guint sp_heif_turn_orientation(const SpHeifTurn *turn);

gboolean sp_heif_is_same_turn(const SpHeifTurn *a, const SpHeifTurn *b);

G_END_DECLS
#endif
