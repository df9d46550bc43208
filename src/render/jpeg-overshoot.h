/* SPDX-License-Identifier: MIT */
/* jpeg-overshoot.h -- blocks that go beyond black and white, where that saves bits and ringing.
 *
 * Decoders clip: what is 255 may as well be sent as more, and 0 as less. An edge that may
 * overshoot needs fewer high frequencies, and its ringing on the clipped side is not seen. */
#ifndef SP_RENDER_JPEG_OVERSHOOT_H
#define SP_RENDER_JPEG_OVERSHOOT_H
#include <glib.h>
G_BEGIN_DECLS

/* block: what sp_jpeg_forward() made of these samples; replaced when some, not all, are black
 * or white. steps: of the quantiser, in rows. rounds: more of them find better ones. */
void sp_jpeg_overshoot(const guint8 *const rows[8], gsize x, const guint16 steps[64],
                       guint rounds, gint16 block[64]);

G_END_DECLS
#endif
