/* SPDX-License-Identifier: MIT */
/* jpeg.h -- walk a JPEG as bytes: what is in it, and the slim view for the decoder.
 *
 * ITU-T T.81 annex B. One callback a segment; no pixel is decoded. The slim view is the list of
 * byte ranges that a decoder needs (SOI, DQT, DHT, DRI, SOF, SOS with its entropy data, EOI,
 * Adobe's 12 bytes, a bare JFIF where there was one): metadata, comments, fill bytes, stray
 * bytes between segments and trailers are not in it, so no decoder ever sees them. */
#ifndef SP_CONTAINER_JPEG_H
#define SP_CONTAINER_JPEG_H
#include "base/source.h"
#include "container/walk.h"
G_BEGIN_DECLS

typedef enum {
    SP_JPEG_CODING_BASELINE,    /* SOF0, SOF1 with 8 bits */
    SP_JPEG_CODING_PROGRESSIVE, /* SOF2 with 8 bits */
} SpJpegCoding;

typedef struct {
    guint8 id, h, v; /* sampling factors, 1 to 4 */
} SpJpegComponent;

typedef struct {
    SpJpegCoding coding;
    guint width, height; /* 1 to 65 535 */
    guint n_components;  /* 1, 3 or 4 (2 is refused) */
    SpJpegComponent components[4];
    guint n_scans;
    gboolean streams;       /* the first scan is all of a baseline picture: rows come in order.
                               Else a decoder waits for the last scan, and holds all of it */
    guint restart_interval; /* MCUs of the first scan; 0 is none */
    gboolean has_jfif, has_adobe;
    guint adobe_transform; /* 0 unknown or RGB/CMYK, 1 YCbCr, 2 YCCK: as libjpeg takes it */
    guint orientation;     /* 1 to 8, of the first EXIF */
    SpColourTags colour;   /* owned; the profile and R03 */
    GArray *slim;          /* owned; of SpSlice, in file order */
    gboolean filled; /* FF stands before a stuffed FF 00 in a scan's data: what libjpeg-turbo
                        makes of that depends on where its buffers end, as its fast
                        decoder gives up in the middle of a block */
    gboolean missing_end; /* the last scan ran to the end of the file with no EOI: the decoder
                             tells whether picture data is missing */
} SpJpegWalk;

/* Walk all of bytes. segment may be NULL; kinds are markers, 0xC0 to 0xFE, and 0 for stray
 * bytes and what stands behind EOI. Of a scan the header is told; SOI, EOI and fill bytes are
 * not. On success *ret_walk must be cleared by sp_jpeg_walk_clear(). Errors: SP_ERROR_TRUNCATED
 * (ends before the first scan's data), SP_ERROR_CORRUPT (segments make no sense),
 * SP_ERROR_UNSUPPORTED (lossless, arithmetic, hierarchical, 12-bit, 2 components: by name),
 * SP_ERROR_TOO_MUCH_WORK (more than 16 384 tables and scans; how many scans are decoded is for
 * who decodes to say). Of a JPEG that is refused, all parts are told as well; where the
 * structure makes no sense, the rest is one stray part.
 */
gboolean sp_jpeg_walk(const guint8 *bytes, gsize n, SpPartFunc segment, gpointer data,
                      SpJpegWalk *ret_walk, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_jpeg_walk_clear(SpJpegWalk *walk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpJpegWalk, sp_jpeg_walk_clear)

/* ---- while the bytes arrive ---------------------------------------------------------------
 */

typedef struct SpJpegWalker SpJpegWalker;

/* A walk of what source gives, to be done in steps. source is borrowed, and must outlive the
 * walker and what it found. */
SpJpegWalker *sp_jpeg_walker_new(SpSource *source, SpPartFunc segment, gpointer data);
void sp_jpeg_walker_free(SpJpegWalker *walker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJpegWalker, sp_jpeg_walker_free)

/* What has been found so far; borrowed, and filled in as the walk goes on. */
SpJpegWalk *sp_jpeg_walker_found(SpJpegWalker *walker);

/* Walk to the end of the first scan's header, and wait for no byte behind it. TRUE when it is
 * there: what was found is final then, but for n_scans, missing_end, and slim, which grows. */
gboolean sp_jpeg_walker_header(SpJpegWalker *walker);

/* Go on a little, and wait for what that takes. FALSE at the end, or at a fault. */
gboolean sp_jpeg_walker_step(SpJpegWalker *walker);

/* Go on to the end of the source, behind a fault as well. FALSE with the first fault, as
 * sp_jpeg_walk(); what was found of the header stays. */
gboolean sp_jpeg_walker_finish(SpJpegWalker *walker, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "4:2:0", "grey", "4 components": for messages; static. */
const char *sp_jpeg_sampling_word(const SpJpegWalk *walk);

G_END_DECLS
#endif
