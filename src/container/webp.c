/* SPDX-License-Identifier: MIT */
/* webp.c -- walk a WebP as bytes, and leave of it what a decoder needs.
 *
 * It reads as libwebp reads (dec/webp_dec.c, demux/demux.c), so that the slim view has the same
 * pixels: a still picture is the first `VP8 ` or VP8L behind an ALPH, an animation's are those
 * of its first ANMF; which of the two a file is, VP8X alone says. It is more lenient where that
 * costs nothing: chunks out of order are left out, not fatal.
 *
 * The slim view is built when all is read (webp-slim.c).
 *
 * A profile counts if VP8X says that there is one, as in browsers. EXIF counts whether or not
 * VP8X says so: those who forget the flag still mean the orientation. Two frames of one file
 * are never composed: the first is drawn on nothing, so its blending and disposal mean nothing
 * and are written plain. What a name means is a line in meanings[].
 *
 * Behind its first fault the walk goes on, but only for what it tells. */
#include "container/webp.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "container/exif.h"
#include "container/webp-slim.h"

#define RIFF_HEAD SP_WEBP_RIFF_HEAD
#define CHUNK_HEAD SP_WEBP_CHUNK_HEAD
#define VP8X_SIZE SP_WEBP_VP8X_SIZE
#define ANIM_SIZE SP_WEBP_ANIM_SIZE
#define ANMF_SIZE SP_WEBP_ANMF_SIZE
#define MAX_PROFILE ((gsize)4 << 20)

/* RFC 9649, section 2.7.1. */
#define FLAG_PROFILE 0x20
#define FLAGS_RESERVED 0xC1

#define KIND_VP8 SP_FOURCC('V', 'P', '8', ' ')
#define KIND_VP8L SP_FOURCC('V', 'P', '8', 'L')
#define KIND_VP8X SP_FOURCC('V', 'P', '8', 'X')
#define KIND_ALPH SP_FOURCC('A', 'L', 'P', 'H')
#define KIND_ANMF SP_FOURCC('A', 'N', 'M', 'F')

typedef SpWebpChunk Chunk;

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n, at;
    gsize end; /* of the RIFF chunk, or of the file */
    SpPartFunc part;
    gpointer data;
    SpWalk *walk;        /* borrowed; what is filled in */
    SpCarrier carrier;   /* of the chunk in hand; a handler may know better than its name */
    gboolean is_told;    /* a handler has told the chunk in hand by itself */
    gboolean has_canvas; /* VP8X was first */
    guint flags;         /* of VP8X */
    gboolean has_profile, has_exif, has_repetitions;
    guint n_frames; /* ANMF chunks */
    SpWebpPicture picture;
    guint32 alpha_of; /* the kind of picture behind the first ALPH; 0 before that is seen */
} Walker;

typedef gboolean (*Handler)(Walker *walker, const Chunk *chunk, GError **error);

typedef struct {
    char name[5];
    SpCarrier carrier;
    Handler handler; /* NULL: left out, and nothing to read */
} Meaning;

static SpCarrier find_carrier(guint32 kind);

static gboolean
is_animation(const Walker *walker)
{
    return (walker->flags & SP_WEBP_FLAG_ANIMATION) != 0;
}

/* Read the chunk at `at`; FALSE when it does not end by end. */
static gboolean
read_chunk(const guint8 *bytes, gsize at, gsize end, Chunk *ret_chunk)
{
    const guint8 *p = bytes + at;

    if (end - at < CHUNK_HEAD || sp_get32le(p + 4) > end - at - CHUNK_HEAD)
        return FALSE;
    *ret_chunk =
        (Chunk){SP_FOURCC(p[0], p[1], p[2], p[3]), at, p + CHUNK_HEAD, sp_get32le(p + 4)};
    return TRUE;
}

static gsize
chunk_end(const Chunk *chunk, gsize end)
{
    return MIN(chunk->from + CHUNK_HEAD + sp_webp_padded(chunk->n), end);
}

/* ---- what is told --------------------------------------------------------------------------
 */

/* Tell n bytes at `at` that are no chunk. */
static void
tell_bytes(const Walker *walker, SpCarrier carrier, guint32 kind, gsize at, gsize n)
{
    if (n > 0)
        sp_part_tell(walker->part, walker->data, carrier, kind,
                     (SpSlice){walker->bytes + at, n}, n);
}

/* Is this EXIF with the six bytes in front that it has in a JPEG? */
static gboolean
has_jpeg_head(const Chunk *chunk)
{
    return chunk->n >= 6 && memcmp(chunk->payload, "Exif\0", 6) == 0;
}

/* Tell a chunk that ends by end, and its padding when that is not zero. */
static void
tell(const Walker *walker, SpCarrier carrier, const Chunk *chunk, gsize end)
{
    gsize pad_at = chunk->from + CHUNK_HEAD + chunk->n;
    gsize n_pad = chunk_end(chunk, end) - pad_at;
    gboolean is_secret = n_pad > 0 && walker->bytes[pad_at] != 0;
    gsize skip = carrier == SP_CARRIER_EXIF && has_jpeg_head(chunk) ? 6 : 0;

    sp_part_tell(walker->part, walker->data, carrier, chunk->kind,
                 (SpSlice){chunk->payload + skip, chunk->n - skip},
                 CHUNK_HEAD + chunk->n + (is_secret ? 0 : n_pad));
    if (is_secret)
        tell_bytes(walker, SP_CARRIER_PADDING, chunk->kind, pad_at, 1);
}

/* ---- the picture ---------------------------------------------------------------------------
 */

/* RFC 6386, section 9.1: what libwebp's VP8GetInfo() asks of a frame. */
static gboolean
read_vp8(const Chunk *chunk, guint *ret_width, guint *ret_height)
{
    const guint8 *p = chunk->payload;

    if (chunk->n < 10 || memcmp(p + 3, "\x9d\x01\x2a", 3) != 0)
        return FALSE;
    guint bits = sp_get24le(p);
    guint width = sp_get16le(p + 6) & 0x3FFF, height = sp_get16le(p + 8) & 0x3FFF;
    gboolean is_key = (bits & 1) == 0, is_shown = (bits >> 4 & 1) != 0;
    if (!is_key || (bits >> 1 & 7) > 3 || !is_shown || bits >> 5 >= chunk->n || width == 0 ||
        height == 0)
        return FALSE;
    *ret_width = width;
    *ret_height = height;
    return TRUE;
}

/* RFC 9649, section 3.4. */
static gboolean
read_vp8l(const Chunk *chunk, guint *ret_width, guint *ret_height, gboolean *ret_alpha)
{
    const guint8 *p = chunk->payload;

    if (chunk->n < 5 || p[0] != 0x2F || p[4] >> 5 != 0)
        return FALSE;
    guint32 bits = sp_get32le(p + 1);
    *ret_width = (bits & 0x3FFF) + 1;
    *ret_height = (bits >> 14 & 0x3FFF) + 1;
    *ret_alpha = (bits >> 28 & 1) != 0;
    return TRUE;
}

/* Take the frame's picture at this place of the canvas. ALPH is for `VP8 ` alone. */
static gboolean
take_image(Walker *walker, const Chunk *chunk, guint left, guint top, GError **error)
{
    SpWalk *walk = walker->walk;
    guint width = 0, height = 0;
    gboolean has_alpha = FALSE;
    gboolean ok = chunk->kind == KIND_VP8 ? read_vp8(chunk, &width, &height)
                                          : read_vp8l(chunk, &width, &height, &has_alpha);

    if (!ok)
        return sp_throw(error, SP_ERROR_CORRUPT, "no frame header at byte %" G_GSIZE_FORMAT,
                        chunk->from);
    if (chunk->kind == KIND_VP8L)
        walker->picture.alpha = (Chunk){0};
    if (!walker->has_canvas) {
        walk->width = width;
        walk->height = height;
    }
    gboolean fits = is_animation(walker)
                        ? left <= walk->width && top <= walk->height &&
                              width <= walk->width - left && height <= walk->height - top
                        : width == walk->width && height == walk->height;
    if (!fits)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "frame of %u x %u pixels at %u, %u on a canvas of %u x %u", width,
                        height, left, top, walk->width, walk->height);
    walker->picture.image = *chunk;
    walker->picture.frame = (SpRect){left, top, width, height};
    walker->picture.is_transparent = has_alpha || walker->picture.alpha.kind != 0;
    return TRUE;
}

/* ---- chunks --------------------------------------------------------------------------------
 */

static gboolean
leave_out(Walker *walker, SpCarrier carrier)
{
    walker->carrier = carrier;
    return TRUE;
}

static gboolean
read_canvas(Walker *walker, const Chunk *chunk, GError **error)
{
    SpWalk *walk = walker->walk;

    if (chunk->from != RIFF_HEAD || chunk->n < VP8X_SIZE)
        return sp_throw(error, SP_ERROR_CORRUPT, "%s 'VP8X' at byte %" G_GSIZE_FORMAT,
                        chunk->n < VP8X_SIZE ? "short" : "misplaced", chunk->from);
    guint width = sp_get24le(chunk->payload + 4) + 1,
          height = sp_get24le(chunk->payload + 7) + 1;
    if ((guint64)width * height > G_MAXUINT32)
        return sp_throw(error, SP_ERROR_CORRUPT, "canvas of %u x %u pixels", width, height);
    walk->width = width;
    walk->height = height;
    walker->has_canvas = TRUE;
    walker->flags = chunk->payload[0];
    gboolean is_plain = chunk->n == VP8X_SIZE && (walker->flags & FLAGS_RESERVED) == 0 &&
                        sp_get24le(chunk->payload + 1) == 0;
    return is_plain || leave_out(walker, SP_CARRIER_UNKNOWN);
}

/* Background and repetitions: nothing of a first frame, and of a still picture even less. */
static gboolean
read_animation(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    gboolean is_plain =
        chunk->n == ANIM_SIZE && is_animation(walker) && !walker->has_repetitions;
    walker->has_repetitions = TRUE;
    return is_plain || leave_out(walker, SP_CARRIER_UNKNOWN);
}

/* Is the first picture behind the first ALPH lossless? Then no ALPH before it is anybody's. It
 * is looked for once. */
static gboolean
is_before_lossless(Walker *walker, const Chunk *alpha, gsize end)
{
    gsize at = chunk_end(alpha, end);
    Chunk next = {0};

    for (; walker->alpha_of == 0 && at < end && read_chunk(walker->bytes, at, end, &next);
         at = chunk_end(&next, end)) {
        if (next.kind == KIND_VP8 || next.kind == KIND_VP8L)
            walker->alpha_of = next.kind;
    }
    if (walker->alpha_of == 0)
        walker->alpha_of = KIND_VP8;
    return walker->alpha_of == KIND_VP8L;
}

static gboolean
read_alpha(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    if (!walker->has_canvas || is_animation(walker) || walker->picture.image.kind != 0 ||
        walker->picture.alpha.kind != 0 || is_before_lossless(walker, chunk, walker->end))
        return leave_out(walker, SP_CARRIER_UNKNOWN);
    walker->picture.alpha = *chunk;
    /* libwebp takes one that VP8X does not speak of; nobody writes that. */
    return (walker->flags & SP_WEBP_FLAG_ALPHA) != 0 || leave_out(walker, SP_CARRIER_UNKNOWN);
}

static gboolean
read_still(Walker *walker, const Chunk *chunk, GError **error)
{
    if (is_animation(walker) || walker->picture.image.kind != 0)
        return leave_out(walker, SP_CARRIER_SECOND_PICTURE);
    return take_image(walker, chunk, 0, 0, error);
}

/* Of a chunk within the first frame that is not the frame's picture. */
static SpCarrier
find_inner_carrier(guint32 kind)
{
    if (kind == KIND_VP8 || kind == KIND_VP8L)
        return SP_CARRIER_SECOND_PICTURE;
    SpCarrier carrier = find_carrier(kind);
    gboolean is_misplaced = carrier == SP_CARRIER_PICTURE || carrier == SP_CARRIER_FRAME;
    return is_misplaced ? SP_CARRIER_UNKNOWN : carrier;
}

/* The chunks of a frame at left, top, from `at` on up to end. */
static gboolean
read_inner(Walker *walker, gsize at, gsize end, const SpRect *place, GError **error)
{
    Chunk inner = {0};
    gboolean ok = TRUE;

    for (; at < end && read_chunk(walker->bytes, at, end, &inner);
         at = chunk_end(&inner, end)) {
        gboolean has_image = walker->picture.image.kind != 0;
        SpCarrier carrier = SP_CARRIER_PICTURE;
        if ((inner.kind == KIND_VP8 || inner.kind == KIND_VP8L) && !has_image)
            ok = take_image(walker, &inner, place->left, place->top, ok ? error : NULL) && ok;
        else if (inner.kind == KIND_ALPH && !has_image && walker->picture.alpha.kind == 0 &&
                 !is_before_lossless(walker, &inner, end))
            walker->picture.alpha = inner;
        else
            carrier = find_inner_carrier(inner.kind);
        tell(walker, carrier, &inner, end);
    }
    tell_bytes(walker, SP_CARRIER_STRAY, 0, at, end - at); /* what stands there is no chunk */
    return ok;
}

/* The first frame of an animation: its header, ALPH, then `VP8 ` or VP8L. Width and height are
 * those of the picture, as libwebp takes them. */
static gboolean
read_first_frame(Walker *walker, const Chunk *chunk, GError **error)
{
    gsize at = chunk->from + CHUNK_HEAD + ANMF_SIZE;
    gsize end = chunk->from + CHUNK_HEAD + chunk->n;

    if (chunk->n < ANMF_SIZE)
        return sp_throw(error, SP_ERROR_CORRUPT, "short frame at byte %" G_GSIZE_FORMAT,
                        chunk->from);
    SpRect place = {2 * sp_get24le(chunk->payload), 2 * sp_get24le(chunk->payload + 3), 0, 0};
    walker->is_told = TRUE;
    tell(walker, SP_CARRIER_PICTURE,
         &(Chunk){chunk->kind, chunk->from, chunk->payload, ANMF_SIZE}, at);
    if (!read_inner(walker, at, end, &place, error))
        return FALSE;
    if (walker->picture.image.kind == 0)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "frame without a picture at byte %" G_GSIZE_FORMAT, chunk->from);
    return TRUE;
}

static gboolean
read_frame(Walker *walker, const Chunk *chunk, GError **error)
{
    gsize pad_at = chunk->from + CHUNK_HEAD + chunk->n;

    walker->n_frames++;
    if (!is_animation(walker) || walker->n_frames > 1)
        return leave_out(walker, SP_CARRIER_FRAME);
    gboolean ok = read_first_frame(walker, chunk, error);
    gboolean has_padding = walker->is_told && chunk_end(chunk, walker->end) > pad_at;
    if (has_padding && walker->bytes[pad_at] != 0)
        tell_bytes(walker, SP_CARRIER_PADDING, chunk->kind, pad_at, 1);
    return ok;
}

static gboolean
read_profile(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    gboolean is_first = !walker->has_profile;

    walker->has_profile = TRUE;
    if ((walker->flags & FLAG_PROFILE) == 0 || !is_first || chunk->n < 1 ||
        chunk->n > MAX_PROFILE)
        return TRUE;
    guint8 *copy = g_try_malloc(chunk->n);
    if (copy != NULL) {
        memcpy(copy, chunk->payload, chunk->n);
        walker->walk->colour.icc = g_bytes_new_take(copy, chunk->n);
    }
    return TRUE;
}

/* Some put the six bytes in front that EXIF has in a JPEG. */
static gboolean
read_exif(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    gsize n_head = has_jpeg_head(chunk) ? 6 : 0;

    if (walker->has_exif)
        return TRUE;
    SpExifLook look = sp_exif_look(chunk->payload + n_head, chunk->n - n_head);
    walker->has_exif = TRUE;
    walker->walk->orientation = look.orientation;
    walker->walk->colour.adobe_rgb = look.adobe_rgb;
    return TRUE;
}

/* ---- the walk ------------------------------------------------------------------------------
 */

static const Meaning meanings[] = {
    {"VP8X", SP_CARRIER_PICTURE, read_canvas},
    {"ALPH", SP_CARRIER_PICTURE, read_alpha},
    {"VP8 ", SP_CARRIER_PICTURE, read_still},
    {"VP8L", SP_CARRIER_PICTURE, read_still},
    {"ANMF", SP_CARRIER_FRAME, read_frame},
    {"ANIM", SP_CARRIER_PICTURE, read_animation},
    {"ICCP", SP_CARRIER_ICC, read_profile},
    {"EXIF", SP_CARRIER_EXIF, read_exif},
    {"XMP ", SP_CARRIER_XMP, NULL},
    {"C2PA", SP_CARRIER_PROVENANCE, NULL},
};

static const Meaning *
find_meaning(guint32 kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        const char *name = meanings[i].name;
        if (SP_FOURCC(name[0], name[1], name[2], name[3]) == kind)
            return &meanings[i];
    }
    return NULL;
}

static SpCarrier
find_carrier(guint32 kind)
{
    const Meaning *meaning = find_meaning(kind);
    return meaning == NULL ? SP_CARRIER_UNKNOWN : meaning->carrier;
}

static gboolean
handle(Walker *walker, const Chunk *chunk, GError **error)
{
    const Meaning *meaning = find_meaning(chunk->kind);

    walker->is_told = FALSE;
    walker->carrier = meaning == NULL ? SP_CARRIER_UNKNOWN : meaning->carrier;
    gboolean ok =
        meaning == NULL || meaning->handler == NULL || meaning->handler(walker, chunk, error);
    if (!walker->is_told)
        tell(walker, walker->carrier, chunk, walker->end);
    return ok;
}

/* What is there of a last chunk that does not end by walker->end. When the file is not cut, its
 * length is a lie, and so may be its name. */
static void
tell_cut(const Walker *walker)
{
    const guint8 *p = walker->bytes + walker->at;
    gsize left = walker->end - walker->at;

    if (!walker->walk->cut || left < CHUNK_HEAD) {
        tell_bytes(walker, SP_CARRIER_STRAY, 0, walker->at, left);
        return;
    }
    Chunk chunk = {SP_FOURCC(p[0], p[1], p[2], p[3]), walker->at, p + CHUNK_HEAD,
                   left - CHUNK_HEAD};
    SpCarrier carrier = find_carrier(chunk.kind);
    gboolean is_first = walker->picture.image.kind == 0;
    if (chunk.kind == KIND_ANMF && is_first && is_animation(walker))
        carrier = SP_CARRIER_PICTURE;
    if ((chunk.kind == KIND_VP8 || chunk.kind == KIND_VP8L) && !is_first)
        carrier = SP_CARRIER_SECOND_PICTURE;
    tell(walker, carrier, &chunk, walker->end);
}

/* Of a picture that is cut the size may be there all the same, for who asks how large it is. */
static void
note_size(Walker *walker)
{
    const guint8 *p = walker->bytes + walker->at;
    SpWalk *walk = walker->walk;
    gboolean has_alpha = FALSE;

    if (walker->has_canvas || walker->picture.image.kind != 0 ||
        walker->end - walker->at < CHUNK_HEAD + 10)
        return;
    Chunk chunk = {SP_FOURCC(p[0], p[1], p[2], p[3]), walker->at, p + CHUNK_HEAD,
                   sp_get32le(p + 4)};
    if (chunk.kind == KIND_VP8)
        (void)read_vp8(&chunk, &walk->width, &walk->height);
    else if (chunk.kind == KIND_VP8L)
        (void)read_vp8l(&chunk, &walk->width, &walk->height, &has_alpha);
}

/* No whole chunk stands at walker->at: the file is cut there, or its sizes disagree. Behind the
 * picture that is no matter. */
static gboolean
end_amiss(Walker *walker, GError **error)
{
    SpErrorCode code = walker->walk->cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT;
    gsize at = walker->at;

    tell_cut(walker);
    note_size(walker);
    walker->at = walker->end;
    if (walker->picture.image.kind == 0)
        return sp_throw(
            error, code,
            "ends in the chunk at byte %" G_GSIZE_FORMAT ", before the picture is there", at);
    return TRUE;
}

static gboolean
walk_chunks(Walker *walker, GError **error)
{
    gboolean ok = TRUE;

    while (walker->at < walker->end) {
        Chunk chunk = {0};
        if (!read_chunk(walker->bytes, walker->at, walker->end, &chunk))
            return end_amiss(walker, ok ? error : NULL) && ok;
        ok = handle(walker, &chunk, ok ? error : NULL) && ok;
        walker->at = chunk_end(&chunk, walker->end);
    }
    if (ok && walker->picture.image.kind == 0)
        return sp_throw(error, walker->walk->cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT,
                        "ends at byte %" G_GSIZE_FORMAT " without a picture", walker->end);
    return ok;
}

/* The RIFF chunk: everything there is, or less. */
static gboolean
read_riff(Walker *walker, GError **error)
{
    const guint8 *p = walker->bytes;

    if (walker->n < RIFF_HEAD)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends after %" G_GSIZE_FORMAT " bytes",
                        walker->n);
    if (memcmp(p, "RIFF", 4) != 0 || memcmp(p + 8, "WEBP", 4) != 0) {
        tell_bytes(walker, SP_CARRIER_STRAY, 0, 0, walker->n);
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a WebP");
    }
    guint32 size = sp_get32le(p + 4);
    if (size >= RIFF_HEAD && size <= SP_WEBP_MAX_RIFF) {
        gsize end = (gsize)size + CHUNK_HEAD;
        walker->walk->cut = end > walker->n;
        walker->end = MIN(end, walker->n);
        return TRUE;
    }
    tell_bytes(walker, SP_CARRIER_STRAY, 0, RIFF_HEAD, walker->n - RIFF_HEAD);
    return sp_throw(error, SP_ERROR_CORRUPT, "RIFF of %" G_GUINT32_FORMAT " bytes", size);
}

static void
tell_trailer(const Walker *walker)
{
    const guint8 *rest = walker->bytes + walker->end;
    gsize n = walker->n - walker->end;

    if (n == 1 && (walker->end & 1) != 0 && rest[0] == 0)
        return; /* the padding of RIFF itself */
    tell_bytes(walker, SP_CARRIER_TRAILER, 0, walker->end, n);
}

static gboolean
walk_all(Walker *walker, GError **error)
{
    if (!read_riff(walker, error))
        return FALSE;
    gboolean ok = walk_chunks(walker, error);
    tell_trailer(walker);
    return ok && sp_webp_slim(&walker->picture, walker->walk, error);
}

gboolean
sp_webp_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
             GError **error)
{
    g_auto(SpWalk) walk = {.orientation = 1, .bits = 8, .frames = 1};
    Walker walker = {
        .bytes = bytes,
        .n = n,
        .at = RIFF_HEAD,
        .part = part,
        .data = data,
        .walk = &walk,
        .picture = {.bytes = bytes, .n = n},
    };

    if (!walk_all(&walker, error)) {
        *ret_walk = (SpWalk){.width = walk.width, .height = walk.height};
        return FALSE;
    }
    walk.crop = (SpRect){0, 0, walk.width, walk.height};
    if (is_animation(&walker))
        walk.frames = walker.n_frames;
    *ret_walk = walk;
    walk = (SpWalk){0};
    return TRUE;
}
