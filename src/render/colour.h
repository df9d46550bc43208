/* SPDX-License-Identifier: MIT */
/* colour.h -- from the upload's colours to sRGB, after the resize.
 *
 * Where the colours come from, in this order: PNG's cICP; the ICC profile; HEIF's nclx; PNG's
 * sRGB chunk; gAMA with cHRM; EXIF's interoperability index R03 (Adobe RGB); else they are
 * sRGB. A profile that is sRGB costs nothing; one that is broken or does not fit the picture's
 * components counts as absent. A nclx that says HDR goes before the ICC profile, which is then
 * for programs without HDR. CMYK without a profile is taken as browsers take it: each of R, G,
 * B is what its ink and black leave of white. PQ and HLG (ITU-R BT.2100) are tone-mapped to the
 * range of a page (hdr.h): white is 203 cd/m2 (BT.2408), what is brighter is rolled off. */
#ifndef SP_RENDER_COLOUR_H
#define SP_RENDER_COLOUR_H
#include "container/walk.h"
#include "render/plane.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* What a decoder gives. */
typedef struct {
    SpForm form;      /* as resized: sub 1 wherever sp_colour_find() gives a conversion;
                         CMYK and YCCK have 8 bits */
    SpCodePoints ycc; /* of a YCC that is not JFIF's, or its luma alone (GREY): matrix and range
                         of its planes, as in ITU-T H.273; not present: BT.601, full range.
                         Nothing else of it counts here, but for matrix 12 */
    guint bits;       /* of a YCC or GREY in 16-bit planes: bits of a sample as coded, 8 to 16,
                         of which chroma's middle hangs a little; 0: 10 */
    gboolean linear;  /* RGB or grey of 16 bits: as sp_linear_row() made them */
} SpColourSource;

/* How to convert. NULL: nothing to do. */
typedef struct SpColourConversion SpColourConversion;

/* Never fails; *ret_colour is what the picture is in, *ret_origin what of its tags says so
 * (ret_origin may be NULL). NULL only for GREY and JFIF's YCC of 8 bits, without alpha. The
 * result is owned by the caller. */
SpColourConversion *sp_colour_find(const SpColourTags *tags, const SpColourSource *source,
                                   SpColour *ret_colour, SpColourOrigin *ret_origin);
void sp_colour_free(SpColourConversion *conversion);

/* Convert the picture, which has the form that was asked for (with alpha: 16 bits, R, G, B or
 * grey, premultiplied) to sRGB of 8 bits: YCC, or GREY where there is neither colour nor alpha;
 * alpha becomes straight. Relative colorimetric intent with black point compensation.
 * SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_colour_convert(const SpColourConversion *conversion, SpPicture *picture,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From sub 1 to sub 2: a chroma sample becomes the mean of the four that it stands for, each
 * weighted by its alpha, as where libjpeg and libwebp are given RGB. On failure the picture is
 * as it was. */
gboolean sp_colour_subsample(SpPicture *picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as a copy, of a YCC at sub 1. */
gboolean sp_colour_subsampled(const SpPicture *picture, SpPicture *ret_picture, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpColourConversion, sp_colour_free)
G_END_DECLS
#endif
