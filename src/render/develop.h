/* SPDX-License-Identifier: MIT */
/* develop.h -- from an upload's bytes to a finished picture: upright, sRGB, resized.
 *
 * A lane is one way of doing that, for the formats that it knows. There is one so far: */
#ifndef SP_RENDER_DEVELOP_H
#define SP_RENDER_DEVELOP_H
#include "render/plane.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

/* What a lane found and made. Filled as far as it came, on failure too: a refusal still says
 * how large the picture is and what it carried. */
typedef struct {
    guint width, height; /* as coded; 0 when not known */
    guint orientation;   /* 1 to 8; 0 when not known */
    SpColour colour;
    guint32 removed;   /* SpRemoved bits */
    SpPicture picture; /* owned; upright, sub 2 or grey; as large as the largest variant */
} SpDeveloped;

void sp_developed_clear(SpDeveloped *developed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpDeveloped, sp_developed_clear)

/* The planar lane: libjpeg's scaled raw planes, resized as they come. Never whole in memory
 * where the file is baseline; nowhere RGB but for a profile that is not sRGB. */
gboolean sp_develop_jpeg(const guint8 *bytes, gsize n, const SpWireRequest *request,
                         SpDeveloped *developed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
