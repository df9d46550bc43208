/* SPDX-License-Identifier: MIT */
/* readback.h -- one of our own files as planes again, to see what its encoder has lost. */
#ifndef SP_RENDER_READBACK_H
#define SP_RENDER_READBACK_H
#include "render/plane.h"
G_BEGIN_DECLS

/* file: what an encoder of format (SpOutputFormat) has just made here; nothing else may be read
 * by this. *ret_picture is in full range like a finished one (plane.h), without alpha, its
 * chroma as the file has it. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_readback(GBytes *file, guint32 format, SpPicture *ret_picture, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
