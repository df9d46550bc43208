/* SPDX-License-Identifier: MIT */
/* png.c -- walk a PNG as bytes, and leave of it what a decoder needs.
 *
 * It reads as libpng reads, so that the slim view has the same pixels: a chunk out of its place
 * is no chunk, of colour and transparency chunks the first one counts, the picture data are the
 * first unbroken run of IDAT. Where libpng gives up before the picture (no header, a second
 * one, a palette picture without a palette, a name that is none), so does the walk; behind the
 * picture data nothing can fail it any more. An unknown critical chunk, which libpng refuses,
 * is left out.
 *
 * Kept chunks keep their checksum: that it is right is for the decoder to say, as is whether
 * the data are all there. The slim view is a few slices only, however many chunks there are: no
 * IDAT stands apart from the run.
 *
 * What a name means is a line in meanings[]; what stands in none is unknown. Handlers see whole
 * payloads only. Behind its first fault the walk goes on, but only for what it tells: each step
 * moves on or ends it. The orientation is eXIf's alone. Before eXIf came, ImageMagick and
 * exiftool put EXIF into text ("Raw profile type exif"): no browser turns a picture by that,
 * and the two differ in what they do with it when they turn one themselves, so it is text here.
 */
#include "container/png.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "container/exif.h"
#include "container/png-forms.h"
#include "container/png-profile.h"

#define SIGNATURE_SIZE 8
#define CHUNK_HEAD 8      /* length and name */
#define CHUNK_OVERHEAD 12 /* and a checksum behind the payload */
#define MAX_LENGTH 0x7FFFFFFFu
#define FRAME_SIZE (CHUNK_OVERHEAD + 26) /* fcTL: an animation has one a frame */
#define KIND_IDAT SP_FOURCC('I', 'D', 'A', 'T')

/* Chunks of one file. Screenshots have some hundred; 8 KiB a chunk makes some 8 000 of a large
 * upload. */
#define MAX_CHUNKS (1u << 20)

typedef enum {
    BEFORE_DATA,
    IN_DATA,
    AFTER_DATA,
} Phase;

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n, at;
    SpPartFunc part;
    gpointer data;
    SpWalk *walk; /* borrowed; what is filled in */
    Phase phase;
    gboolean at_end;
    SpCarrier carrier; /* of the chunk in hand; a handler may know better than its name */
    guint n_chunks;
    gboolean has_header, has_palette, has_transparency, has_animation, has_exif;
    guint colour_type;
    guint n_colours; /* of PLTE, in a palette picture */
    SpPngContext context;
    guint64 seen; /* one bit a line of meanings[] */
} Walker;

typedef struct {
    guint32 kind;
    gsize from, to;        /* with length, name and checksum */
    const guint8 *payload; /* borrowed */
    gsize n;
} Chunk;

typedef gboolean (*Handler)(Walker *walker, const Chunk *chunk, GError **error);

static gboolean
keep(Walker *walker, const Chunk *chunk)
{
    sp_slim_add(walker->walk->slim, walker->bytes + chunk->from, chunk->to - chunk->from);
    return TRUE;
}

/* Left out where it may not stand, or twice, or malformed: as if it were unknown. */
static gboolean
leave_out(Walker *walker)
{
    walker->carrier = SP_CARRIER_UNKNOWN;
    return TRUE;
}

/* Some put the six bytes in front that EXIF has in a JPEG. */
static void
tell(const Walker *walker, SpCarrier carrier, const Chunk *chunk)
{
    gboolean is_jpeg_like =
        carrier == SP_CARRIER_EXIF && chunk->n >= 6 && memcmp(chunk->payload, "Exif\0", 6) == 0;
    gsize skip = is_jpeg_like ? 6 : 0;
    sp_part_tell(walker->part, walker->data, carrier, chunk->kind,
                 (SpSlice){chunk->payload + skip, chunk->n - skip}, chunk->to - chunk->from);
}

/* Tell all that is left, which is no chunk. */
static void
tell_rest(Walker *walker, SpCarrier carrier)
{
    gsize from = walker->at;
    walker->at = walker->n;
    if (from < walker->n)
        tell(walker, carrier,
             &(Chunk){0, from, walker->n, walker->bytes + from, walker->n - from});
}

/* ---- what is kept --------------------------------------------------------------------------
 */

static gboolean
read_header(Walker *walker, const Chunk *chunk, GError **error)
{
    SpWalk *walk = walker->walk;
    const guint8 *p = chunk->payload;

    if (walker->has_header)
        return sp_throw(error, SP_ERROR_CORRUPT, "second header at byte %" G_GSIZE_FORMAT,
                        chunk->from);
    if (chunk->n != 13)
        return sp_throw(error, SP_ERROR_CORRUPT, "header of %" G_GSIZE_FORMAT " bytes, not 13",
                        chunk->n);
    if (sp_get32be(p) < 1 || sp_get32be(p) > MAX_LENGTH || sp_get32be(p + 4) < 1 ||
        sp_get32be(p + 4) > MAX_LENGTH)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "header says %" G_GUINT32_FORMAT " x %" G_GUINT32_FORMAT " pixels",
                        sp_get32be(p), sp_get32be(p + 4));
    if (!sp_png_depth_fits(p[9], p[8]))
        return sp_throw(error, SP_ERROR_CORRUPT, "header says colour type %u with %u bits",
                        p[9], p[8]);
    if (p[10] != 0 || p[11] != 0 || p[12] > 1)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "header says compression %u, filter %u, interlace %u", p[10], p[11],
                        p[12]);
    walker->has_header = TRUE;
    walker->colour_type = p[9];
    walk->width = sp_get32be(p);
    walk->height = sp_get32be(p + 4);
    walk->crop = (SpRect){0, 0, walk->width, walk->height};
    walker->context = (SpPngContext){p[9], walk->width, walk->height, 0, 0};
    walk->bits = p[9] == SP_PNG_PALETTE ? 8 : p[8]; /* a palette's colours have 8, always */
    walk->alpha = p[9] == SP_PNG_GREY_ALPHA || p[9] == SP_PNG_RGB_ALPHA;
    walk->streams = p[12] == 0;
    return keep(walker, chunk);
}

/* In a picture of true colour a palette is advice to a screen of few colours: no decoder needs
 * it. Grey has none. */
static gboolean
read_palette(Walker *walker, const Chunk *chunk, GError **error)
{
    gboolean is_late = walker->phase != BEFORE_DATA;
    gboolean is_second = walker->has_palette;

    walker->has_palette = TRUE;
    walker->context.n_colours = (guint)MIN(chunk->n, 768) / 3;
    if (walker->colour_type == SP_PNG_RGB || walker->colour_type == SP_PNG_RGB_ALPHA)
        return is_late || is_second ? leave_out(walker) : TRUE;
    if (walker->colour_type != SP_PNG_PALETTE || is_late)
        return leave_out(walker);
    if (is_second || chunk->n == 0 || chunk->n > 768 || chunk->n % 3 != 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "%s palette at byte %" G_GSIZE_FORMAT,
                        is_second ? "second" : "malformed", chunk->from);
    walker->n_colours = (guint)chunk->n / 3;
    return keep(walker, chunk);
}

static gboolean
read_transparency(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    gboolean fits = FALSE;

    if (walker->colour_type == SP_PNG_GREY)
        fits = chunk->n == 2;
    else if (walker->colour_type == SP_PNG_RGB)
        fits = chunk->n == 6;
    else if (walker->colour_type == SP_PNG_PALETTE)
        fits = chunk->n >= 1 && chunk->n <= walker->n_colours;
    if (!fits || walker->has_transparency || walker->phase != BEFORE_DATA)
        return leave_out(walker);
    walker->has_transparency = TRUE;
    walker->walk->alpha = TRUE;
    return keep(walker, chunk);
}

/* libpng reads no IDAT behind another chunk; what stands there may be the rest of a picture
 * that was cropped. */
static gboolean
read_data(Walker *walker, const Chunk *chunk, GError **error)
{
    if (walker->phase == AFTER_DATA) {
        walker->carrier = SP_CARRIER_HIDDEN;
        return TRUE;
    }
    if (walker->colour_type == SP_PNG_PALETTE && !walker->has_palette)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "palette picture without a palette before byte %" G_GSIZE_FORMAT,
                        chunk->from);
    walker->phase = IN_DATA;
    return keep(walker, chunk);
}

/* ---- tags ----------------------------------------------------------------------------------
 */

static gboolean
read_profile(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    walker->walk->colour.icc = sp_png_profile(chunk->payload, chunk->n);
    return TRUE;
}

/* The matrix of a PNG is that of RGB; libpng drops a chunk that says another. */
static gboolean
read_code_points(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    const guint8 *p = chunk->payload;

    if (chunk->n == 4 && p[2] == 0 && p[3] <= 1)
        walker->walk->colour.cicp = (SpCodePoints){TRUE, p[0], p[1], p[2], p[3] == 1};
    return TRUE;
}

static gboolean
read_srgb(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    walker->walk->colour.srgb = chunk->n == 1 && chunk->payload[0] <= 3; /* the intent */
    return TRUE;
}

static gboolean
read_gamma(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    guint32 gamma = chunk->n == 4 ? sp_get32be(chunk->payload) : 0;

    if (gamma >= 16 && gamma <= 625000000) /* png_set_gAMA's range */
        walker->walk->colour.gamma = gamma;
    return TRUE;
}

static gboolean
read_chroma(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    SpColourTags *colour = &walker->walk->colour;

    if (chunk->n != sizeof colour->chroma)
        return TRUE;
    colour->has_chroma = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(colour->chroma); i++) {
        colour->chroma[i] = sp_get32be(chunk->payload + 4 * (gsize)i);
        colour->has_chroma &= colour->chroma[i] <= MAX_LENGTH;
    }
    return TRUE;
}

/* The first one, wherever it stands. */
static gboolean
read_exif(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    if (walker->has_exif)
        return TRUE;
    SpExifLook look = sp_exif_look(chunk->payload, chunk->n);
    walker->has_exif = TRUE;
    walker->walk->orientation = look.orientation;
    walker->walk->colour.adobe_rgb = look.adobe_rgb;
    return TRUE;
}

/* How many frames there are said to be; more than there can be is not believed. */
static gboolean
read_animation(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    if (chunk->n != 8 || walker->has_animation || walker->phase != BEFORE_DATA)
        return leave_out(walker);
    gsize fit = MIN(walker->n / FRAME_SIZE, MAX_CHUNKS);
    walker->has_animation = TRUE;
    walker->walk->frames = MAX(1, MIN(sp_get32be(chunk->payload), (guint)fit));
    walker->context.n_frames_ahead = walker->walk->frames;
    return TRUE;
}

/* Whether it fits is known already (png-forms.c). */
static gboolean
read_frame(Walker *walker, const Chunk *chunk G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    if (walker->context.n_frames_ahead > 0)
        walker->context.n_frames_ahead--;
    return TRUE;
}

/* ---- the walk ------------------------------------------------------------------------------
 */

static const guint8 end_chunk[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};

static gboolean
finish(Walker *walker, GError **error)
{
    walker->at_end = TRUE;
    if (walker->phase == BEFORE_DATA)
        return sp_throw(error, walker->walk->cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT,
                        "ends at byte %" G_GSIZE_FORMAT ", before any picture data",
                        walker->at);
    return TRUE;
}

/* An end with a payload or a wrong checksum is not kept as it stands; the walk may not be told
 * apart by it, so the end is a chunk of our own in that case. */
static gboolean
read_end(Walker *walker, const Chunk *chunk, GError **error)
{
    const guint8 *end = walker->bytes + chunk->from;
    gsize n = chunk->to - chunk->from;

    if (!finish(walker, error))
        return FALSE;
    gboolean is_plain = n == sizeof end_chunk && memcmp(end, end_chunk, n) == 0;
    sp_slim_add(walker->walk->slim, is_plain ? end : end_chunk, sizeof end_chunk);
    return TRUE;
}

typedef struct {
    char name[5];
    Handler handler; /* NULL: left out, and nothing to read */
    SpCarrier carrier;
    guint most; /* bytes in which a SP_CARRIER_PICTURE has no room for anything else */
    gboolean tags_colour; /* the first one counts, and only before PLTE and IDAT */
} Meaning;

static const Meaning meanings[] = {
    {"IHDR", read_header, SP_CARRIER_PICTURE, 13},
    {"PLTE", read_palette, SP_CARRIER_PICTURE, 768},
    {"tRNS", read_transparency, SP_CARRIER_PICTURE, 256},
    {"IDAT", read_data, SP_CARRIER_PICTURE, MAX_LENGTH},
    {"IEND", read_end, SP_CARRIER_PICTURE, 0},
    {"cICP", read_code_points, SP_CARRIER_PICTURE, 4, TRUE},
    {"iCCP", read_profile, SP_CARRIER_ICC, 0, TRUE},
    {"sRGB", read_srgb, SP_CARRIER_PICTURE, 1, TRUE},
    {"gAMA", read_gamma, SP_CARRIER_PICTURE, 4, TRUE},
    {"cHRM", read_chroma, SP_CARRIER_PICTURE, 32, TRUE},
    {"tEXt", NULL, SP_CARRIER_TEXT},
    {"zTXt", NULL, SP_CARRIER_TEXT},
    {"iTXt", NULL, SP_CARRIER_TEXT},
    {"tXMP", NULL, SP_CARRIER_XMP}, /* before iTXt was agreed on */
    {"eXIf", read_exif, SP_CARRIER_EXIF},
    {"tIME", NULL, SP_CARRIER_TIME},
    {"acTL", read_animation, SP_CARRIER_PICTURE, 8},
    {"fcTL", read_frame, SP_CARRIER_PICTURE, 26}, /* where and how long: the frame is fdAT */
    {"fdAT", NULL, SP_CARRIER_FRAME},
    {"caBX", NULL, SP_CARRIER_PROVENANCE}, /* C2PA */
    {"dSIG", NULL, SP_CARRIER_PROVENANCE},
    {"gIFt", NULL, SP_CARRIER_COMMENT}, /* a GIF's plain text */
    {"gIFx", NULL, SP_CARRIER_PROGRAM}, /* a GIF's application extension */
    {"iDOT", NULL, SP_CARRIER_MAKER},   /* Apple's screenshots */
    {"npTc", NULL, SP_CARRIER_PROGRAM}, /* Android's nine-patch */
    {"npLb", NULL, SP_CARRIER_PROGRAM},
    {"npOl", NULL, SP_CARRIER_PROGRAM},
    {"mkBF", NULL, SP_CARRIER_PROGRAM}, /* Fireworks */
    {"mkBS", NULL, SP_CARRIER_PROGRAM},
    {"mkBT", NULL, SP_CARRIER_PROGRAM},
    {"mkTS", NULL, SP_CARRIER_PROGRAM},
    {"prVW", NULL, SP_CARRIER_PROGRAM},
    {"msOG", NULL, SP_CARRIER_PROGRAM},    /* Microsoft Office */
    {"fRAc", NULL, SP_CARRIER_PROGRAM},    /* fractals */
    {"pHYs", NULL, SP_CARRIER_PICTURE, 9}, /* harmless, from here on */
    {"sBIT", NULL, SP_CARRIER_PICTURE, 4},
    {"bKGD", NULL, SP_CARRIER_PICTURE, 6},
    {"hIST", NULL, SP_CARRIER_PICTURE, 512},
    {"sPLT", NULL, SP_CARRIER_UNKNOWN}, /* a palette, under a name that is free text */
    {"oFFs", NULL, SP_CARRIER_PICTURE, 9},
    {"sTER", NULL, SP_CARRIER_PICTURE, 1},
    {"gIFg", NULL, SP_CARRIER_PICTURE, 4},
    {"mDCV", NULL, SP_CARRIER_PICTURE, 24},
    {"cLLI", NULL, SP_CARRIER_PICTURE, 8},
    {"vpAg", NULL, SP_CARRIER_PICTURE, 9}, /* ImageMagick: canvas */
    {"caNv", NULL, SP_CARRIER_PICTURE, 16},
    {"orNT", NULL, SP_CARRIER_PICTURE, 1},
};

G_STATIC_ASSERT(G_N_ELEMENTS(meanings) <= 64); /* Walker.seen */

/* NULL for a name that is in no table. */
static const Meaning *
find_meaning(guint32 kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (sp_get32be((const guint8 *)meanings[i].name) == kind)
            return &meanings[i];
    }
    return NULL;
}

/* By name and length. */
static SpCarrier
find_carrier(const Meaning *meaning, const Chunk *chunk)
{
    if (meaning == NULL || (meaning->carrier == SP_CARRIER_PICTURE && chunk->n > meaning->most))
        return SP_CARRIER_UNKNOWN;
    return meaning->carrier;
}

/* Part of the picture, that may stand there once only, and in one form. */
static gboolean
is_amiss(const Walker *walker, const Meaning *meaning, const Chunk *chunk, gboolean is_seen)
{
    gboolean is_many = chunk->kind == KIND_IDAT || chunk->kind == SP_FOURCC('f', 'c', 'T', 'L');
    SpSlice payload = {chunk->payload, chunk->n};
    return meaning->carrier == SP_CARRIER_PICTURE &&
           ((is_seen && !is_many) ||
            !sp_png_chunk_fits(&walker->context, chunk->kind, payload));
}

static gboolean
handle(Walker *walker, const Chunk *chunk, GError **error)
{
    const Meaning *meaning = find_meaning(chunk->kind);

    walker->carrier = find_carrier(meaning, chunk);
    if (meaning == NULL)
        return TRUE;
    guint64 bit = (guint64)1 << (meaning - meanings);
    gboolean is_seen = (walker->seen & bit) != 0;
    walker->seen |= bit;
    if (is_amiss(walker, meaning, chunk, is_seen))
        walker->carrier = SP_CARRIER_UNKNOWN;
    if (meaning->handler == NULL || (meaning->tags_colour && (is_seen || walker->has_palette ||
                                                              walker->phase != BEFORE_DATA)))
        return TRUE;
    return meaning->handler(walker, chunk, error);
}

/* What is there of a last chunk that the file cuts, its head perhaps not all. */
static void
tell_cut(const Walker *walker)
{
    const guint8 *p = walker->bytes + walker->at;
    gsize left = walker->n - walker->at;
    Chunk chunk = {0, walker->at, walker->n, p, left};
    SpCarrier carrier = SP_CARRIER_STRAY;

    if (left >= CHUNK_HEAD) {
        chunk.kind = sp_get32be(p + 4);
        chunk.payload = p + CHUNK_HEAD;
        chunk.n = MIN(sp_get32be(p), left - CHUNK_HEAD);
        carrier = find_carrier(find_meaning(chunk.kind), &chunk);
    }
    if (chunk.kind == KIND_IDAT && walker->phase == AFTER_DATA)
        carrier = SP_CARRIER_HIDDEN;
    if (left > 0)
        tell(walker, carrier, &chunk);
}

/* The file ends in or before the chunk of that kind; 0 when not even its name is there. */
static gboolean
end_cut(Walker *walker, guint32 kind, GError **error)
{
    walker->at_end = TRUE;
    walker->walk->cut = TRUE;
    tell_cut(walker);
    if (kind == KIND_IDAT && walker->phase != AFTER_DATA)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "picture data at byte %" G_GSIZE_FORMAT " run past the end",
                        walker->at);
    if (!finish(walker, error))
        return FALSE;
    sp_slim_add(walker->walk->slim, end_chunk, sizeof end_chunk);
    return TRUE;
}

/* No chunk stands here. Behind the picture data that is rubbish in place of the end. */
static gboolean
end_in_rubbish(Walker *walker, GError **error)
{
    walker->at_end = TRUE;
    if (walker->phase == BEFORE_DATA) {
        sp_throw(error, SP_ERROR_CORRUPT, "no chunk at byte %" G_GSIZE_FORMAT, walker->at);
        tell_rest(walker, SP_CARRIER_STRAY);
        return FALSE;
    }
    sp_slim_add(walker->walk->slim, end_chunk, sizeof end_chunk);
    return TRUE;
}

static gboolean
is_name(guint32 kind)
{
    for (guint shift = 0; shift < 32; shift += 8) {
        if (!g_ascii_isalpha((char)(kind >> shift & 0xFF)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_first(const Walker *walker, guint32 kind, GError **error)
{
    if (walker->has_header || kind == SP_FOURCC('I', 'H', 'D', 'R'))
        return TRUE;
    if (kind == SP_FOURCC('C', 'g', 'B', 'I'))
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "PNG of Apple's private kind (CgBI) is not supported");
    return sp_throw(error, SP_ERROR_CORRUPT, "does not begin with a header");
}

/* One chunk. */
static gboolean
step(Walker *walker, GError **error)
{
    const guint8 *p = walker->bytes + walker->at;
    gsize left = walker->n - walker->at;

    if (left < CHUNK_HEAD)
        return end_cut(walker, 0, error);
    guint32 length = sp_get32be(p);
    guint32 kind = sp_get32be(p + 4);
    if (length > MAX_LENGTH || !is_name(kind))
        return end_in_rubbish(walker, error);
    gboolean ok = check_first(walker, kind, error);
    if (left < CHUNK_OVERHEAD || length > left - CHUNK_OVERHEAD)
        return end_cut(walker, kind, ok ? error : NULL) && ok;
    if (++walker->n_chunks > MAX_CHUNKS && ok)
        ok = sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                      "the PNG has at least %u chunks, the limit is %u (of its format)",
                      walker->n_chunks, MAX_CHUNKS);
    Chunk chunk = {kind, walker->at, walker->at + CHUNK_OVERHEAD + length, p + CHUNK_HEAD,
                   length};
    if (walker->phase == IN_DATA && kind != KIND_IDAT)
        walker->phase = AFTER_DATA;
    walker->at = chunk.to;
    ok = handle(walker, &chunk, ok ? error : NULL) && ok;
    tell(walker, walker->carrier, &chunk);
    return ok;
}

/* All steps, and what stands behind the end. FALSE with the first error. */
static gboolean
walk_all(Walker *walker, GError **error)
{
    static const guint8 signature[SIGNATURE_SIZE] = "\x89PNG\r\n\x1a\n";
    gboolean ok = TRUE;

    if (walker->n > 0 &&
        memcmp(walker->bytes, signature, MIN(walker->n, SIGNATURE_SIZE)) != 0) {
        tell_rest(walker, SP_CARRIER_STRAY);
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a PNG");
    }
    if (walker->n < SIGNATURE_SIZE)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends after %" G_GSIZE_FORMAT " bytes",
                        walker->n);
    sp_slim_add(walker->walk->slim, walker->bytes, SIGNATURE_SIZE);
    walker->at = SIGNATURE_SIZE;
    while (!walker->at_end) {
        if (!step(walker, ok ? error : NULL))
            ok = FALSE;
    }
    if (!walker->walk->cut)
        tell_rest(walker, SP_CARRIER_TRAILER);
    return ok;
}

gboolean
sp_png_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
            GError **error)
{
    g_auto(SpWalk) walk = {.orientation = 1, .frames = 1};
    Walker walker = {
        .bytes = bytes,
        .n = n,
        .part = part,
        .data = data,
        .walk = &walk,
    };

    walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    if (!walk_all(&walker, error)) {
        *ret_walk = (SpWalk){
            .width = walk.width,
            .height = walk.height,
            .bits = walk.bits,
            .streams = walk.streams,
        };
        return FALSE;
    }
    *ret_walk = walk;
    walk = (SpWalk){0};
    return TRUE;
}
