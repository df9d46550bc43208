/* SPDX-License-Identifier: MIT */
/* hevc-decode.h -- the tiles of a HEIC coded in HEVC, side by side: planes into a feed. */
#ifndef SP_RENDER_HEVC_DECODE_H
#define SP_RENDER_HEVC_DECODE_H
#include "container/heif.h"
#include "render/feed.h"
#include "render/hevc-codec.h"
G_BEGIN_DECLS

#define SP_HEVC_THREADS 4 /* the most tiles of a picture that are decoded at once */

typedef struct SpHevcDecoder SpHevcDecoder;

/* Reads the parameter sets, decodes nothing. walk is borrowed and must outlive the decoder; it
 * has columns * rows tiles, which cover it. threads: 1 or more. Errors: SP_ERROR_UNAVAILABLE
 * (nothing for this decoder: libheif may know better), SP_ERROR_TOO_MUCH_MEMORY. */
SpHevcDecoder *sp_hevc_decoder_new(const SpHeifWalk *walk, guint threads, GError **error);
void sp_hevc_decoder_free(SpHevcDecoder *decoder);
/* Of each tile. */
const SpHevcFormat *sp_hevc_decoder_format(const SpHevcDecoder *decoder);
/* Bytes that decoding will hold. */
guint64 sp_hevc_decoder_memory(const SpHevcDecoder *decoder);

/* Say what planes will come: those of the crop. */
void sp_hevc_decoder_shape(const SpHevcDecoder *decoder, SpFeedShape *shape);

/* Decode every tile into the feed, or as many as it wants (as sp_jpeg_decoder_run()); once.
 * Errors: SP_ERROR_TRUNCATED, SP_ERROR_CORRUPT, SP_ERROR_UNAVAILABLE, SP_ERROR_TOO_MUCH_MEMORY,
 * SP_ERROR_BUSY. Of several broken tiles the first is told. */
gboolean sp_hevc_decoder_run(SpHevcDecoder *decoder, SpFeed *feed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHevcDecoder, sp_hevc_decoder_free)
G_END_DECLS
#endif
