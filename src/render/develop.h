/* SPDX-License-Identifier: MIT */
/* develop.h -- from an upload's bytes to a finished picture: upright, sRGB, resized.
 *
 * A lane is one way of doing that, for the formats that it knows. */
#ifndef SP_RENDER_DEVELOP_H
#define SP_RENDER_DEVELOP_H
#include "base/source.h"
#include "inventory/inventory.h"
#include "render/colour.h"
#include "render/geometry.h"
#include "render/plane.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* What a lane found and made. Filled as far as it came, on failure too: a refusal still says
 * how large the picture is and what it carried. */
typedef struct {
    guint width, height; /* as coded; 0 when not known */
    guint orientation;   /* 1 to 8; 0 when not known */
    SpColour colour;
    SpColourOrigin origin;  /* of the colour */
    SpSize decoded;         /* as the decoder gave it, not turned yet; 0 when not known */
    guint32 removed;        /* SpCategory bits that pixels tell; the rest is in inventory */
    SpInventory *inventory; /* borrowed; what the walk tells its parts to; may be NULL */
    SpSize upright;         /* what is meant to be seen, upright, at full size */
    SpPicture picture;      /* owned; finished (plane.h); large enough for every variant */
    SpPicture plain;        /* owned; the same at sub 2, for variants that do not ask for 4:4:4;
                               empty where picture is for all */
    gboolean is_worth;      /* sp_chroma_is_worth(), of picture */
    double halved;          /* SpFinished.halved (sized.h) */
    gboolean is_stretched;  /* picture's chroma is finer than the upload's, because a variant
                               asks  for it: plain, where it is needed, is another development */
    gboolean is_plain; /* that one: set by whoever calls the lane; chroma at sub 2 at once */
} SpDeveloped;

void sp_developed_clear(SpDeveloped *developed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpDeveloped, sp_developed_clear)

/* A lane. It waits for as much of the upload as it needs: for all of it, unless it
 * refuses what the header says. That comes first, before anything that stands behind the header
 * is found, so that a file is refused with the same words; of a file, though, all is told. Of a
 * source that has failed (base/source.h) anything may be said, or FALSE without an error. */
typedef gboolean (*SpDevelopFunc)(SpSource *upload, const SpWireRequest *request,
                                  SpDeveloped *developed, GError **error);

/* The planar lane: scaled raw planes as libjpeg makes them, resized as they come. Never whole
 * in memory where the file is baseline; nowhere RGB but for a profile that is not sRGB. Decodes
 * what is there while the rest arrives; what is all there, by a decoder of ours if it can. */
gboolean sp_develop_jpeg(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The lane of all other formats: the walk's slim view through libvips' loaders, raw rows of R,
 * G, B or grey and alpha, resized as they come. Needs sp_vips_start(). */
gboolean sp_develop_vips(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* HEIC over libavcodec: tiles side by side, planes straight to the resize.
 * SP_ERROR_UNAVAILABLE: not a picture that this lane knows; libheif may. */
gboolean sp_develop_hevc(SpSource *upload, const SpWireRequest *request, SpDeveloped *developed,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- for lanes ----------------------------------------------------------------------------
 */

/* The size to resize to, in coded orientation: large enough for every variant, those too that
 * show a part only. coded: what is meant to be seen, at full size; its upright size is noted in
 * developed. */
SpSize sp_develop_target(const SpWireRequest *request, SpSize coded, SpTurn turn,
                         SpDeveloped *developed);

/* Is the picture to be resized in linear light (linear.h)? model and colour are its own. */
gboolean sp_develop_is_linear(const SpWireRequest *request, SpModel model, SpColour colour);

/* Pixels a sample that chroma is to be resized to, along a side, where planes are resized as
 * they are coded: 1 where the upload has it as fine (is_full), whatever variants there are, and
 * where one asks for more than there is, as *developed notes; else 2. */
guint sp_develop_sub(const SpWireRequest *request, gboolean is_full, SpDeveloped *developed);

/* What is done to a resized picture, developed->picture, whatever the lane: colours, turn,
 * chroma at half size unless the picture or a variant needs it in full; an alpha plane that
 * hides nothing is dropped. conversion may be NULL. */
gboolean sp_develop_finish(SpDeveloped *developed, const SpColourConversion *conversion,
                           SpTurn turn, const SpWireRequest *request, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
