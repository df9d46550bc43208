/* SPDX-License-Identifier: MIT */
/* colour.h -- from the upload's colours to sRGB, after the resize.
 *
 * Where the colours come from, in this order: the ICC profile; EXIF's interoperability index
 * R03 (Adobe RGB); else they are sRGB. A profile that is sRGB costs nothing; one that is broken
 * or does not fit the picture's components counts as absent. CMYK without a profile is taken as
 * browsers take it: each of R, G, B is what its ink and black leave of white. */
#ifndef SP_RENDER_COLOUR_H
#define SP_RENDER_COLOUR_H
#include "container/walk.h"
#include "render/plane.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* How to convert. NULL: nothing to do. */
typedef struct SpColourConversion SpColourConversion;

/* model: of the picture as decoded. Never fails; *ret_colour is what the picture is in. NULL
 * only for GREY and YCC. The result is owned by the caller. */
SpColourConversion *sp_colour_find(const SpColourTags *tags, SpModel model,
                                   SpColour *ret_colour);
void sp_colour_free(SpColourConversion *conversion);

/* Convert the picture of 8 bits, which has the model that was asked for, to YCC or grey in
 * sRGB: relative colorimetric intent with black point compensation. Colour pictures must have
 * sub 1. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_colour_convert(const SpColourConversion *conversion, SpPicture *picture,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From sub 1 to sub 2: a chroma sample becomes the mean of the four that it stands for, as
 * where libjpeg and libwebp are given RGB. On failure the picture is as it was. */
gboolean sp_colour_subsample(SpPicture *picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpColourConversion, sp_colour_free)
G_END_DECLS
#endif
