/* SPDX-License-Identifier: MIT */
/* gif.h -- walk a GIF: blocks, and the slim view of the first frame.
 *
 * CompuServe GIF89a. The slim view is header, screen descriptor, colour tables, the first
 * frame's graphic control and picture data, and the trailer. A first frame that leaves its
 * screen makes width and height larger than the screen, and crop is the screen. One that does
 * not cover it is transparent around; a decoder that gives less than width and height (libnsgif
 * does, for screens of over 2048 pixels and some sizes of monitors) left out what is
 * transparent to its right and below. That no pixel is missing is certain. */
#ifndef SP_CONTAINER_GIF_H
#define SP_CONTAINER_GIF_H
#include "container/walk.h"
G_BEGIN_DECLS

/* An SpWalkFunc. */
gboolean sp_gif_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data,
                     SpWalk *ret_walk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
