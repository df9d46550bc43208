/* SPDX-License-Identifier: MIT */
/* png-profile.h -- the ICC profile of a PNG; for png.c. */
#ifndef SP_CONTAINER_PNG_PROFILE_H
#define SP_CONTAINER_PNG_PROFILE_H
#include <glib.h>
G_BEGIN_DECLS

/* The profile in the payload of an iCCP chunk (less than 2^31 bytes), whole as it says itself,
 * at most SP_PNG_PROFILE bytes (png.h); new and owned by the caller. NULL when there is none.
 */
GBytes *sp_png_profile(const guint8 *payload, gsize n);

G_END_DECLS
#endif
