/* SPDX-License-Identifier: MIT */
/* hevc-codec.h -- one coded picture of a HEIC through libavcodec: the only file that speaks to
 * it.
 *
 * A codec decodes one picture after the other (tiles of a grid), in the thread that calls it.
 * A picture that is not whole is an error: nothing is ever made up. */
#ifndef SP_RENDER_HEVC_CODEC_H
#define SP_RENDER_HEVC_CODEC_H
#include "container/walk.h"
G_BEGIN_DECLS

/* What its pictures are, by the sequence parameter set. */
typedef struct {
    guint width, height;             /* within the conformance window */
    guint coded_width, coded_height; /* without it */
    guint n_planes;                  /* Y, or Y, Cb, Cr: 1 or 3 */
    guint shift_x, shift_y;          /* of the subsampling of chroma, as powers of two */
    guint bits;                      /* a sample: 8 to 16 */
    guint bytes;                     /* a sample as copied: 1 or 2 */
    SpCodePoints ycc;
} SpHevcFormat;

typedef struct SpHevcCodec SpHevcCodec;

/* record: an hvcC's payload, copied. Decodes nothing. Errors: SP_ERROR_UNAVAILABLE (parameter
 * sets that make no sense to it, or more than one that pictures could choose from),
 * SP_ERROR_TOO_MUCH_MEMORY. */
SpHevcCodec *sp_hevc_codec_new(SpSlice record, GError **error);
void sp_hevc_codec_free(SpHevcCodec *codec);
const SpHevcFormat *sp_hevc_codec_format(const SpHevcCodec *codec);

/* Bytes that a codec holds while it decodes pictures of that format. */
guint64 sp_hevc_codec_memory(const SpHevcFormat *format);
/* Bytes that an item takes while it is decoded, besides; 0 where it makes no sense. */
gsize sp_hevc_codec_packet(const SpHevcCodec *codec, SpSlice item);

/* Decode an item. Its picture stays until the next one. Errors: SP_ERROR_TRUNCATED (the item
 * ends within a unit), SP_ERROR_CORRUPT, SP_ERROR_UNAVAILABLE (units that do not belong into an
 * item of type hvc1), SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_hevc_codec_decode(SpHevcCodec *codec, SpSlice item, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Copy the first n_rows rows of n samples of a plane of that picture. Samples of more than 8
 * bits are made 16 bits wide: 65 535 is full. */
void sp_hevc_codec_copy(const SpHevcCodec *codec, guint plane, guint n, guint n_rows,
                        guint8 *to, gsize stride);

/* "libavcodec 59.37.100": the version that runs. Owned by the caller. */
char *sp_hevc_libraries(void);

/* Load what libavcodec loads once, and silence it; no image operation. */
void sp_hevc_warm_up(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHevcCodec, sp_hevc_codec_free)
G_END_DECLS
#endif
