/* SPDX-License-Identifier: MIT */
/* libraries.h -- which libraries, in which versions, shape what a renderer makes. */
#ifndef SP_RENDER_LIBRARIES_H
#define SP_RENDER_LIBRARIES_H
#include <glib.h>
G_BEGIN_DECLS

/* Of those that every renderer has: "libjpeg-turbo 2.1.5, zimg 3.0.4, libwebp 1.2.4, lcms2
 * 2.14". Versions are those that run, but for libjpeg-turbo's: it has no call that tells it
 * (before 3.0), so it is the one that this was built with.
 *
 * A distribution's patch ("+deb12u2") does not show, and shall not: it mends what hostile
 * uploads do to a library, and everything that was ever published would count as stale. Left
 * out is what has only one right answer: zlib, PNG, the decoders of HEVC and AV1 within
 * libheif. Owned by the caller. */
char *sp_render_libraries(void);

/* Those, and more behind them; more may be NULL. Owned by the caller. */
char *sp_render_libraries_with(const char *more);

G_END_DECLS
#endif
