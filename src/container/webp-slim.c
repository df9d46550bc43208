/* SPDX-License-Identifier: MIT */
/* webp-slim.c -- the slim view of a WebP.
 *
 * A head of our own (RIFF, VP8X, and ANIM and ANMF for a frame that does not cover its canvas),
 * then the chunks of the frame as they stand. Where the head is the file's own to the byte, the
 * file's is taken, so that a plain file is one slice. */
#include "container/webp-slim.h"

#include <string.h>

#include "base/error.h"

#define FLAG_NO_BLEND 0x02 /* ANMF's: RFC 9649, section 2.7.1.1 */

static void
put24(guint8 *p, guint value)
{
    p[0] = value & 0xFF;
    p[1] = value >> 8 & 0xFF;
    p[2] = value >> 16 & 0xFF;
}

static void
put32(guint8 *p, guint32 value)
{
    put24(p, value & 0xFFFFFF);
    p[3] = (guint8)(value >> 24);
}

/* A chunk as it stands; its padding is a zero, whatever it was. */
static void
keep(const SpWebpPicture *picture, GArray *slim, const SpWebpChunk *chunk)
{
    static const guint8 zero = 0;

    if (chunk->kind == 0)
        return;
    sp_slim_add(slim, picture->bytes + chunk->from, SP_WEBP_CHUNK_HEAD + chunk->n);
    if ((chunk->n & 1) != 0) {
        gsize at = chunk->from + SP_WEBP_CHUNK_HEAD + chunk->n;
        gboolean is_plain = at < picture->n && picture->bytes[at] == 0;
        sp_slim_add(slim, is_plain ? picture->bytes + at : &zero, 1);
    }
}

static guint8 *
put_chunk(guint8 *p, const char *name, gsize n)
{
    memcpy(p, name, 4);
    put32(p + 4, (guint32)n);
    return p + SP_WEBP_CHUNK_HEAD;
}

/* VP8X; for a frame that does not cover the canvas also ANIM (a background of nothing, shown
 * once) and the head of ANMF. Returns the end of what it wrote. */
static guint8 *
put_canvas(const SpWalk *walk, const SpRect *frame, guint8 *p, gboolean is_part, gsize n_frame)
{
    p = put_chunk(p, "VP8X", SP_WEBP_VP8X_SIZE);
    memset(p, 0, SP_WEBP_VP8X_SIZE);
    p[0] = is_part ? SP_WEBP_FLAG_ALPHA | SP_WEBP_FLAG_ANIMATION : SP_WEBP_FLAG_ALPHA;
    put24(p + 4, walk->width - 1);
    put24(p + 7, walk->height - 1);
    p += SP_WEBP_VP8X_SIZE;
    if (!is_part)
        return p;
    p = put_chunk(p, "ANIM", SP_WEBP_ANIM_SIZE);
    memset(p, 0, SP_WEBP_ANIM_SIZE);
    p[4] = 1;
    p = put_chunk(p + SP_WEBP_ANIM_SIZE, "ANMF", SP_WEBP_ANMF_SIZE + n_frame);
    memset(p, 0, SP_WEBP_ANMF_SIZE);
    put24(p, frame->left / 2);
    put24(p + 3, frame->top / 2);
    put24(p + 6, frame->width - 1);
    put24(p + 9, frame->height - 1);
    p[15] = FLAG_NO_BLEND;
    return p + SP_WEBP_ANMF_SIZE;
}

gboolean
sp_webp_slim(const SpWebpPicture *picture, SpWalk *walk, GError **error)
{
    guint8 head[SP_WEBP_RIFF_HEAD + 3 * SP_WEBP_CHUNK_HEAD + SP_WEBP_VP8X_SIZE +
                SP_WEBP_ANIM_SIZE + SP_WEBP_ANMF_SIZE] = "RIFF";
    const SpWebpChunk *alpha = &picture->alpha, *image = &picture->image;
    gboolean is_part =
        picture->frame.width != walk->width || picture->frame.height != walk->height;
    gsize n_frame = SP_WEBP_CHUNK_HEAD + sp_webp_padded(image->n);
    guint8 *p = head + SP_WEBP_RIFF_HEAD;

    if (alpha->kind != 0)
        n_frame += SP_WEBP_CHUNK_HEAD + sp_webp_padded(alpha->n);
    if (is_part || alpha->kind != 0)
        p = put_canvas(walk, &picture->frame, p, is_part, n_frame);
    gsize n_head = (gsize)(p - head);
    gsize n_riff = n_head - SP_WEBP_CHUNK_HEAD + n_frame;
    if (n_riff > SP_WEBP_MAX_RIFF)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "picture data of %" G_GSIZE_FORMAT " bytes are too many for a WebP",
                        n_frame);
    put32(head + 4, (guint32)n_riff);
    memcpy(head + 8, "WEBP", 4);

    walk->slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    const SpWebpChunk *first = alpha->kind != 0 ? alpha : image;
    if (first->from == n_head && memcmp(picture->bytes, head, n_head) == 0) {
        sp_slim_add(walk->slim, picture->bytes, n_head);
    } else {
        GBytes *made = g_bytes_new(head, n_head);
        walk->made = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
        g_ptr_array_add(walk->made, made);
        sp_slim_add(walk->slim, g_bytes_get_data(made, NULL), n_head);
    }
    keep(picture, walk->slim, alpha);
    keep(picture, walk->slim, image);
    walk->alpha = is_part || picture->is_transparent;
    return TRUE;
}
