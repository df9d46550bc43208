/* SPDX-License-Identifier: MIT */
/* turn.h -- turn finished planes upright. */
#ifndef SP_RENDER_TURN_H
#define SP_RENDER_TURN_H
#include "render/geometry.h"
#include "render/plane.h"
G_BEGIN_DECLS

/* Turn all planes of *picture, of 8 bits. Exact: every sample moves, none changes. On failure
 * the picture is as it was; SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_turn(SpPicture *picture, SpTurn turn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
