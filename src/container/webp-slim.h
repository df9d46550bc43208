/* SPDX-License-Identifier: MIT */
/* webp-slim.h -- the slim view of a WebP; for webp.c. */
#ifndef SP_CONTAINER_WEBP_SLIM_H
#define SP_CONTAINER_WEBP_SLIM_H
#include "container/walk.h"
G_BEGIN_DECLS

/* RFC 9649, sections 2.3 to 2.7: bytes. */
#define SP_WEBP_RIFF_HEAD 12
#define SP_WEBP_CHUNK_HEAD 8
#define SP_WEBP_VP8X_SIZE 10
#define SP_WEBP_ANIM_SIZE 6
#define SP_WEBP_ANMF_SIZE 16 /* before the frame's own chunks */
/* libwebp's MAX_CHUNK_PAYLOAD */
#define SP_WEBP_MAX_RIFF (G_MAXUINT32 - SP_WEBP_CHUNK_HEAD - 1)

/* VP8X's: section 2.7.1. */
#define SP_WEBP_FLAG_ANIMATION 0x02
#define SP_WEBP_FLAG_ALPHA 0x10

typedef struct {
    guint32 kind;
    gsize from;            /* of its name */
    const guint8 *payload; /* borrowed */
    gsize n;
} SpWebpChunk;

/* What of a file is its first frame. */
typedef struct {
    const guint8 *bytes; /* borrowed; the file's */
    gsize n;
    SpWebpChunk alpha, image; /* of the frame; kind 0 while there is none */
    SpRect frame;             /* on the canvas */
    gboolean is_transparent;  /* the frame has alpha */
} SpWebpPicture;

/* A chunk's payload and its padding. */
static inline gsize
sp_webp_padded(gsize n)
{
    return n + (n & 1);
}

/* Set slim, made and alpha of walk, whose width and height are the canvas. The picture has an
 * image that lies on it. Error: SP_ERROR_CORRUPT (more bytes than a RIFF may have). */
gboolean sp_webp_slim(const SpWebpPicture *picture, SpWalk *walk, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
