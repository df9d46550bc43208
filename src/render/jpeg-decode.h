/* SPDX-License-Identifier: MIT */
/* jpeg-decode.h -- libjpeg over a slim view: raw planes into a feed.
 *
 * Which of libjpeg's warnings mean that the picture is not whole is decided here (DESIGN:
 * missing picture data and corrupt entropy data are refused; a missing end marker after the
 * last block and stray bytes are not). What another decoder may take is asked here as well. */
#ifndef SP_RENDER_JPEG_DECODE_H
#define SP_RENDER_JPEG_DECODE_H
#include "container/jpeg.h"
#include "render/feed.h"
#include "render/jpeg-baseline.h"
#include "render/linear.h"
G_BEGIN_DECLS

typedef struct SpJpegDecoder SpJpegDecoder;

typedef enum {
    SP_JPEG_MORE, /* the slim view is longer, or its last slice */
    SP_JPEG_ALL,  /* that was all */
    SP_JPEG_LOST, /* there is more, or was to be, that nobody will decode: give up */
} SpJpegNext;

/* Wait for more of the slim view. Never moves what stands in it. */
typedef SpJpegNext (*SpJpegMore)(gpointer data);

/* Reads the header, which must be there; walk is borrowed and must outlive the decoder. With
 * more NULL the slim view is whole; else it grows while the decoder reads, and the rest of walk
 * with it. Errors: SP_ERROR_CORRUPT, SP_ERROR_TRUNCATED (also of what is given up),
 * SP_ERROR_UNSUPPORTED. */
SpJpegDecoder *sp_jpeg_decoder_new(const SpJpegWalk *walk, SpJpegMore more, gpointer data,
                                   GError **error);
void sp_jpeg_decoder_free(SpJpegDecoder *decoder);
SpModel sp_jpeg_decoder_model(const SpJpegDecoder *decoder);

/* Choose the DCT's scale, 1 to 8 eighths, and say what planes will come. */
gboolean sp_jpeg_decoder_scale(SpJpegDecoder *decoder, guint eighths, SpFeedShape *shape,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Instead of that: R, G, B or grey of 16 bits in linear light, at full size. linear is borrowed
 * until it has run. Not for what sp_jpeg_decoder_can_be_linear() says FALSE of: inks, and
 * planes whose sizes have no whole ratios. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_jpeg_decoder_can_be_linear(const SpJpegDecoder *decoder);
gboolean sp_jpeg_decoder_linear(SpJpegDecoder *decoder, const SpLinear *linear,
                                SpFeedShape *shape, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What may decode it instead, as far as its header tells: all of the upload must be there, and
 * the scale be chosen. NULL when nothing may. It leaves the decoder as it is, and borrows from
 * it. Owned by the caller. */
SpJpegBaseline *sp_jpeg_decoder_baseline(const SpJpegDecoder *decoder);

/* Decode every row into the feed, or as many as it wants: why it wants no more is told by
 * sp_feed_finish(). Errors as above, SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_jpeg_decoder_run(SpJpegDecoder *decoder, SpFeed *feed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Bytes that libjpeg will hold for this file: all coefficients unless it streams. */
guint64 sp_jpeg_decoder_memory(const SpJpegWalk *walk);
/* And besides, where it gives R, G and B. */
guint64 sp_jpeg_decoder_linear_memory(const SpJpegWalk *walk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJpegDecoder, sp_jpeg_decoder_free)
G_END_DECLS
#endif
