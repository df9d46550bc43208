/* SPDX-License-Identifier: MIT */
/* sharpen.h -- a light unsharp mask on luma, for a picture that was made smaller. */
#ifndef SP_RENDER_SHARPEN_H
#define SP_RENDER_SHARPEN_H
#include "render/plane.h"
G_BEGIN_DECLS

/* Sharpen the finished picture's luma in place, before it is padded. percent: 1 to 100, of what
 * the picture differs from itself behind a blur of 3 x 3. Nothing goes further beyond its
 * neighbours than an eighth of their range: no ringing; beside what is invisible all stays.
 * SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_sharpen(SpPicture *picture, guint percent, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
