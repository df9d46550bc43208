/* SPDX-License-Identifier: MIT */
/* png.h -- walk a PNG: chunks, and the slim view of IHDR, PLTE, tRNS, IDAT, IEND.
 *
 * W3C PNG, third edition. The colour chunks (cICP, iCCP, sRGB, gAMA, cHRM) are read into tags
 * and left out: a decoder need not see them. iCCP's profile is inflated, to SP_PNG_PROFILE
 * bytes at most. Animations (acTL, fcTL, fdAT) become their default picture. Checksums of what
 * is left out are nobody's matter. A missing IEND is put there. */
#ifndef SP_CONTAINER_PNG_H
#define SP_CONTAINER_PNG_H
#include "container/walk.h"
G_BEGIN_DECLS

#define SP_PNG_PROFILE                                                                         \
    ((gsize)4 << 20) /* bytes of an inflated profile; a larger one is none                     \
                      */

/* An SpWalkFunc. */
gboolean sp_png_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data,
                     SpWalk *ret_walk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
