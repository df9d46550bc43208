/* SPDX-License-Identifier: MIT */
/* thumbhash.h -- a picture in at most 25 bytes, to be shown while the real one loads. */
#ifndef SP_RENDER_THUMBHASH_H
#define SP_RENDER_THUMBHASH_H
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_THUMBHASH_MAX 25

/* The ThumbHash (evanw.github.io/thumbhash) of an opaque picture: low frequencies of a cosine
 * transform of luminance and two colour differences. Returns the number of bytes, 5 to 25. */
guint sp_thumbhash(const SpPicture *picture, guint8 ret_hash[SP_THUMBHASH_MAX]);

G_END_DECLS
#endif
