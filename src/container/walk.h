/* SPDX-License-Identifier: MIT */
/* walk.h -- what every walker finds in an upload, whatever its container.
 *
 * A walker reads a file as bytes: it tells each part to a callback, notes what is to be left
 * out, and gives the *slim view*: what a decoder needs of the file and nothing else. No pixel
 * is decoded, nothing is inflated (but a PNG's profile, within bounds), nothing is allocated by
 * a number that the file names. */
#ifndef SP_CONTAINER_WALK_H
#define SP_CONTAINER_WALK_H
#include "base/carrier.h"
G_BEGIN_DECLS

/* A range of bytes that outlives the walk: of the upload, of static storage, or of SpWalk.made.
 */
typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n;
} SpSlice;

/* What of it stands behind its first n bytes; nothing when it has no more. */
static inline SpSlice
sp_slice_behind(SpSlice slice, gsize n)
{
    n = MIN(n, slice.n);
    return (SpSlice){n > 0 ? slice.bytes + n : slice.bytes, slice.n - n};
}

#define SP_FOURCC(a, b, c, d)                                                                  \
    ((guint32)(a) << 24 | (guint32)(b) << 16 | (guint32)(c) << 8 | (guint32)(d))

/* A part of a file: what it is, what it is called, what stands in it. */
typedef struct {
    SpCarrier carrier; /* by its name and form alone; nobody has read it yet */
    guint32 kind;      /* the container's own name: a JPEG marker (0xC0 to 0xFE), a GIF label,
                          four characters (SP_FOURCC) of a PNG or RIFF chunk, of a HEIF box,
                          item or property; 0 for what has none: stray bytes, a trailer */
    SpSlice content;   /* what a reader reads (carrier.h): without length, name, checksum and
                          what names the block within its own payload; may be empty */
    guint64 n_bytes;   /* what it takes in the file, all of that included */
} SpPart;

/* Called for each part of a file, in file order where the container has one, for the
 * inventory. part and its content are borrowed for the call. What a walker cannot make sense
 * of is told as well: nothing in a file is passed over in silence, but for the picture's own
 * data, which may be told as SP_CARRIER_PICTURE or not at all. Parts do not overlap; what the
 * file cuts short is told with what there is of it. When the walk fails, what stands behind the
 * fault is told, too: an inventory wants to know what a picture carries that nobody can show.
 */
typedef void (*SpPartFunc)(const SpPart *part, gpointer data);

/* ITU-T H.273 code points: PNG's cICP chunk, HEIF's colr box of type nclx, a decoder's own. */
typedef struct {
    gboolean present;
    guint primaries, transfer, matrix;
    gboolean full_range;
} SpCodePoints;

/* Everything in a file that says what its colours mean. Which of them is believed is decided by
 * render/colour.h. */
typedef struct {
    SpCodePoints cicp; /* PNG's */
    GBytes *icc;       /* owned; whole, not looked into; NULL when absent or incomplete */
    SpCodePoints nclx; /* HEIF's */
    gboolean srgb;     /* PNG's sRGB chunk */
    guint32 gamma;     /* PNG's gAMA, times 100 000; 0 is absent */
    gboolean has_chroma;
    guint32 chroma[8];  /* PNG's cHRM, times 100 000: white x, y, red x, y, green, blue */
    gboolean adobe_rgb; /* EXIF's interoperability index is R03 */
} SpColourTags;

void sp_colour_tags_clear(SpColourTags *tags);

/* A part of a picture, in pixels. */
typedef struct {
    guint left, top, width, height;
} SpRect;

/* What the walkers of PNG, WebP, GIF and HEIF give. (JPEG's has more to tell: jpeg.h) */
typedef struct {
    guint width, height; /* of the picture as coded (canvas, grid), before turning: 1 or more */
    SpRect crop;         /* what of it is meant to be seen: all, but for HEIF's clap */
    guint orientation;   /* 1 to 8, of the cropped picture: the first EXIF's; HEIF: of irot and
                            imir together, which are not in the slim view */
    guint bits;          /* a sample: 1 to 16 */
    gboolean grey;       /* HEIF: one channel is coded, though a decoder may give three alike */
    gboolean alpha;      /* there may be transparency: alpha channel, tRNS, alpha item */
    gboolean premultiplied; /* HEIF: the colours are multiplied by alpha already */
    gboolean streams;       /* a decoder gives rows in order and holds but a few */
    gboolean cut; /* the file ends before its format says so: a decoder that finds data missing
                     means `truncated`, else `corrupt` */
    gboolean tiled; /* HEIF: the picture, or its alpha, is a grid of pictures */
    guint frames;   /* in the file, 1 or more; the slim view has the first */
    SpColourTags colour;
    GArray *slim;    /* owned; of SpSlice, in order: a file of the same format */
    GPtrArray *made; /* owned; of GBytes that slices point into; NULL when there are none */
} SpWalk;

/* Tell a part, when there is somebody to tell: func may be NULL. */
void sp_part_tell(SpPartFunc func, gpointer data, SpCarrier carrier, guint32 kind,
                  SpSlice content, guint64 n_bytes);

void sp_walk_clear(SpWalk *walk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpWalk, sp_walk_clear)

/* A walker. part may be NULL. On failure *ret_walk needs no clearing, but width and height may
 * be set, for the receipt, and what the header says with them: bits, streams. Errors:
 * SP_ERROR_TRUNCATED (ends before the first picture data), SP_ERROR_CORRUPT (the structure
 * makes no sense), SP_ERROR_UNSUPPORTED (a coding that is never taken, by name),
 * SP_ERROR_TOO_MUCH_WORK (more parts than any real file has). What is broken in metadata is no
 * error. */
typedef gboolean (*SpWalkFunc)(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data,
                               SpWalk *ret_walk, GError **error);

/* Append bytes to the slim view; a slice that goes on where the last one ends is merged. */
void sp_slim_add(GArray *slim, const void *bytes, gsize n);
/* Sum of the slices. */
gsize sp_slim_size(const GArray *slim);
/* Bytes that the walk itself holds for its slices. */
gsize sp_walk_made_size(const SpWalk *walk);
/* The slim view in one piece: borrowed (a static or upload's range, no copy) where it is one
 * slice, else new. NULL with SP_ERROR_TOO_MUCH_MEMORY. Owned by the caller; the walk and the
 * upload must outlive it. */
GBytes *sp_slim_join(const GArray *slim, GError **error);

G_END_DECLS
#endif
