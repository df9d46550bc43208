/* SPDX-License-Identifier: MIT */
/* webp.h -- walk a WebP: RIFF chunks, and the slim view of the first frame.
 *
 * RFC 9649. The slim view of a still picture is VP8X (only the alpha flag), ALPH, `VP8 ` or
 * `VP8L`; an animation's first frame comes as a still picture where it covers the canvas, else
 * as an animation of one frame, so that the canvas is respected. */
#ifndef SP_CONTAINER_WEBP_H
#define SP_CONTAINER_WEBP_H
#include "container/walk.h"
G_BEGIN_DECLS

/* An SpWalkFunc. */
gboolean sp_webp_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data,
                      SpWalk *ret_walk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
