/* SPDX-License-Identifier: MIT */
/* thumbhash.h -- a picture in at most 25 bytes, to be shown while the real one loads. */
#ifndef SP_RENDER_THUMBHASH_H
#define SP_RENDER_THUMBHASH_H
#include "render/plane.h"
G_BEGIN_DECLS

#define SP_THUMBHASH_MAX 25

/* The ThumbHash (evanw.github.io/thumbhash) of a finished picture: low frequencies of a cosine
 * transform of luminance and two colour differences. One with alpha is seen on white: a page
 * shows the hash where JPEG and WebP will be, and what is behind it then is the page's. *ret_n:
 * the number of bytes, 5 to 25; the rest are 0. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_thumbhash(const SpPicture *picture, guint8 ret_hash[SP_THUMBHASH_MAX], guint *ret_n,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
