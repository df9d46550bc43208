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
 * payloads only. The orientation is eXIf's alone. Before eXIf came, ImageMagick and exiftool
 * put EXIF into text ("Raw profile type exif"): no browser turns a picture by that, and the two
 * differ in what they do with it when they turn one themselves, so it is text here. */
#include "container/png.h"

#include <string.h>
#include <zlib.h>

#include "base/error.h"
#include "container/exif.h"
#include "container/trailing.h"

#define SIGNATURE_SIZE 8
#define CHUNK_HEAD 8      /* length and name */
#define CHUNK_OVERHEAD 12 /* and a checksum behind the payload */
#define MAX_LENGTH 0x7FFFFFFFu
#define FRAME_SIZE (CHUNK_OVERHEAD + 26) /* fcTL: an animation has one a frame */
#define PROFILE_HEAD 132u                /* ICC.1:2022, 7.2: header and number of tags */

/* Chunks of one file. Screenshots have some hundred; 8 KiB a chunk makes some 8 000 of a large
 * upload. */
#define MAX_CHUNKS (1u << 20)

/* Table 11.1 of the specification. */
enum {
    TYPE_GREY = 0,
    TYPE_RGB = 2,
    TYPE_PALETTE = 3,
    TYPE_GREY_ALPHA = 4,
    TYPE_RGB_ALPHA = 6,
};

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
    guint n_chunks;
    gboolean has_header, has_palette, has_transparency, has_animation, has_exif;
    guint colour_type;
    guint n_colours;   /* of PLTE */
    guint32 seen_tags; /* one bit a line of meanings[] */
} Walker;

typedef struct {
    guint32 kind;
    gsize from, to;        /* with length, name and checksum */
    const guint8 *payload; /* borrowed */
    gsize n;
} Chunk;

typedef gboolean (*Handler)(Walker *walker, const Chunk *chunk, GError **error);

static guint32
get32(const guint8 *p)
{
    return SP_FOURCC(p[0], p[1], p[2], p[3]);
}

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
    walker->walk->removed |= SP_CATEGORY_UNKNOWN;
    return TRUE;
}

/* ---- what is kept --------------------------------------------------------------------------
 */

/* Sample depths of a colour type, as a set of bits: table 11.1 again. */
static gboolean
depth_fits(guint colour_type, guint depth)
{
    static const guint32 depths[] = {
        [TYPE_GREY] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16,
        [TYPE_RGB] = 1u << 8 | 1u << 16,
        [TYPE_PALETTE] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,
        [TYPE_GREY_ALPHA] = 1u << 8 | 1u << 16,
        [TYPE_RGB_ALPHA] = 1u << 8 | 1u << 16,
    };
    return colour_type < G_N_ELEMENTS(depths) && depth <= 16 &&
           (depths[colour_type] >> depth & 1) != 0;
}

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
    if (get32(p) < 1 || get32(p) > MAX_LENGTH || get32(p + 4) < 1 || get32(p + 4) > MAX_LENGTH)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "header says %" G_GUINT32_FORMAT " x %" G_GUINT32_FORMAT " pixels",
                        get32(p), get32(p + 4));
    if (!depth_fits(p[9], p[8]))
        return sp_throw(error, SP_ERROR_CORRUPT, "header says colour type %u with %u bits",
                        p[9], p[8]);
    if (p[10] != 0 || p[11] != 0 || p[12] > 1)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "header says compression %u, filter %u, interlace %u", p[10], p[11],
                        p[12]);
    walker->has_header = TRUE;
    walker->colour_type = p[9];
    walk->width = get32(p);
    walk->height = get32(p + 4);
    walk->crop = (SpRect){0, 0, walk->width, walk->height};
    walk->bits = p[9] == TYPE_PALETTE ? 8 : p[8]; /* a palette's colours have 8, always */
    walk->alpha = p[9] == TYPE_GREY_ALPHA || p[9] == TYPE_RGB_ALPHA;
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
    if (walker->colour_type == TYPE_RGB || walker->colour_type == TYPE_RGB_ALPHA)
        return TRUE;
    if (walker->colour_type != TYPE_PALETTE || is_late)
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

    if (walker->colour_type == TYPE_GREY)
        fits = chunk->n == 2;
    else if (walker->colour_type == TYPE_RGB)
        fits = chunk->n == 6;
    else if (walker->colour_type == TYPE_PALETTE)
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
    if (walker->phase == AFTER_DATA)
        return leave_out(walker);
    if (walker->colour_type == TYPE_PALETTE && !walker->has_palette)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "palette picture without a palette before byte %" G_GSIZE_FORMAT,
                        chunk->from);
    walker->phase = IN_DATA;
    return keep(walker, chunk);
}

/* ---- tags ----------------------------------------------------------------------------------
 */

static gboolean
inflate_exactly(z_stream *stream, guint8 *to, guint n)
{
    stream->next_out = to;
    stream->avail_out = n;
    (void)inflate(stream, Z_NO_FLUSH); /* all the input is there: it stops only when it must */
    return stream->avail_out == 0;
}

/* As many bytes as the profile says it has; what may follow in the stream is left alone. */
static GBytes *
inflate_profile(z_stream *stream)
{
    guint8 head[PROFILE_HEAD];

    if (!inflate_exactly(stream, head, PROFILE_HEAD))
        return NULL;
    guint32 size = get32(head);
    if (size < PROFILE_HEAD || size > SP_PNG_PROFILE)
        return NULL;
    g_autofree guint8 *profile = g_try_malloc(size);
    if (profile == NULL)
        return NULL;
    memcpy(profile, head, PROFILE_HEAD);
    if (!inflate_exactly(stream, profile + PROFILE_HEAD, size - PROFILE_HEAD))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&profile), size);
}

/* A name of 1 to 79 bytes, NUL, method 0, then a zlib stream. */
static gboolean
read_profile(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    const guint8 *nul = memchr(chunk->payload, 0, MIN(chunk->n, 80));
    gsize n_head = nul ? (gsize)(nul - chunk->payload) + 2 : 0;

    if (n_head < 3 || n_head > chunk->n || nul[1] != 0)
        return TRUE;
    z_stream stream = {
        .next_in = (Bytef *)(chunk->payload + n_head),
        .avail_in = (uInt)(chunk->n - n_head), /* a chunk has less than 2^31 */
    };
    if (inflateInit(&stream) != Z_OK)
        return TRUE;
    walker->walk->colour.icc = inflate_profile(&stream);
    (void)inflateEnd(&stream);
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
    guint32 gamma = chunk->n == 4 ? get32(chunk->payload) : 0;

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
        colour->chroma[i] = get32(chunk->payload + 4 * (gsize)i);
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
    walker->walk->frames = MAX(1, MIN(get32(chunk->payload), (guint)fit));
    return TRUE;
}

/* ---- text ----------------------------------------------------------------------------------
 */

/* Keywords of tEXt, zTXt and iTXt that hold other things than text. */
static const struct {
    const char *keyword;
    guint32 bits;
} texts[] = {
    {"XML:com.adobe.xmp", SP_CATEGORY_XMP},
    {"Raw profile type xmp", SP_CATEGORY_XMP},
    {"Raw profile type exif", SP_CATEGORY_EXIF},
    {"Raw profile type APP1", SP_CATEGORY_EXIF},
    {"Raw profile type iptc", SP_CATEGORY_IPTC},
    {"Raw profile type 8bim", SP_CATEGORY_IPTC},
    {"Raw profile type icc", SP_CATEGORY_PROFILE},
    {"Raw profile type icm", SP_CATEGORY_PROFILE},
};

static gboolean
read_text(Walker *walker, const Chunk *chunk, GError **error G_GNUC_UNUSED)
{
    guint32 bits = SP_CATEGORY_COMMENT;

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        gsize n = strlen(texts[i].keyword) + 1;
        if (chunk->n >= n && memcmp(chunk->payload, texts[i].keyword, n) == 0)
            bits = texts[i].bits;
    }
    walker->walk->removed |= bits;
    return TRUE;
}

/* ---- the walk ------------------------------------------------------------------------------
 */

static const guint8 end_chunk[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};

static gboolean
finish(Walker *walker, GError **error)
{
    if (walker->phase == BEFORE_DATA)
        return sp_throw(error, walker->walk->cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT,
                        "ends at byte %" G_GSIZE_FORMAT ", before any picture data",
                        walker->at);
    walker->at_end = TRUE;
    return TRUE;
}

/* An end with a payload or a wrong checksum is not kept as it stands; the walk may not be told
 * apart by it, so the end is a chunk of our own in that case. */
static gboolean
read_end(Walker *walker, const Chunk *chunk, GError **error)
{
    const guint8 *end = walker->bytes + chunk->from;
    gsize n = chunk->to - chunk->from;
    const guint8 *rest = walker->bytes + chunk->to;
    gsize n_rest = walker->n - chunk->to;

    if (!finish(walker, error))
        return FALSE;
    gboolean is_plain = n == sizeof end_chunk && memcmp(end, end_chunk, n) == 0;
    sp_slim_add(walker->walk->slim, is_plain ? end : end_chunk, sizeof end_chunk);
    if (chunk->n > 0)
        walker->walk->removed |= SP_CATEGORY_UNKNOWN;
    if (n_rest > 0) {
        walker->walk->removed |= sp_trailing_bits(rest, n_rest);
        sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, 0, (SpSlice){rest, n_rest},
                     n_rest);
    }
    return TRUE;
}

typedef struct {
    char name[5];
    Handler handler;      /* NULL: left out, and nothing to read */
    guint32 bits;         /* SpCategory; 0 is harmless: numbers about the picture itself */
    gboolean tags_colour; /* the first one counts, and only before PLTE and IDAT */
} Meaning;

static const Meaning meanings[] = {
    {"IHDR", read_header},
    {"PLTE", read_palette},
    {"tRNS", read_transparency},
    {"IDAT", read_data},
    {"IEND", read_end},
    {"cICP", read_code_points, 0, TRUE},
    {"iCCP", read_profile, SP_CATEGORY_PROFILE, TRUE},
    {"sRGB", read_srgb, 0, TRUE},
    {"gAMA", read_gamma, 0, TRUE},
    {"cHRM", read_chroma, 0, TRUE},
    {"tEXt", read_text},
    {"zTXt", read_text},
    {"iTXt", read_text},
    {"eXIf", read_exif, SP_CATEGORY_EXIF},
    {"tIME", NULL, SP_CATEGORY_TIME},
    {"acTL", read_animation},
    {"fcTL", NULL}, /* where and how long: the frame itself is fdAT, or the picture */
    {"fdAT", NULL, SP_CATEGORY_FURTHER_FRAMES},
    {"caBX", NULL, SP_CATEGORY_PROVENANCE}, /* C2PA */
    {"pHYs", NULL},                         /* harmless, from here on */
    {"sBIT", NULL},
    {"bKGD", NULL},
    {"hIST", NULL},
    {"sPLT", NULL},
    {"oFFs", NULL},
    {"mDCV", NULL},
    {"cLLI", NULL},
};
G_STATIC_ASSERT(G_N_ELEMENTS(meanings) <= 32); /* Walker.seen_tags */

static gboolean
handle(Walker *walker, const Chunk *chunk, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(meanings); i++) {
        const Meaning *meaning = &meanings[i];
        if (get32((const guint8 *)meaning->name) != chunk->kind)
            continue;
        walker->walk->removed |= meaning->bits;
        if (meaning->tags_colour) {
            gboolean is_seen = (walker->seen_tags >> i & 1) != 0;
            walker->seen_tags |= 1u << i;
            if (is_seen || walker->has_palette || walker->phase != BEFORE_DATA)
                return TRUE;
        }
        return meaning->handler == NULL || meaning->handler(walker, chunk, error);
    }
    return leave_out(walker);
}

/* The file ends in or before the chunk of that kind; 0 when not even its name is there. */
static gboolean
end_cut(Walker *walker, guint32 kind, GError **error)
{
    if (kind == SP_FOURCC('I', 'D', 'A', 'T') && walker->phase != AFTER_DATA)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "picture data at byte %" G_GSIZE_FORMAT " run past the end",
                        walker->at);
    walker->walk->cut = TRUE;
    if (!finish(walker, error))
        return FALSE;
    sp_slim_add(walker->walk->slim, end_chunk, sizeof end_chunk);
    return TRUE;
}

/* No chunk stands here. Behind the picture data that is rubbish in place of the end. */
static gboolean
end_in_rubbish(Walker *walker, GError **error)
{
    const guint8 *rest = walker->bytes + walker->at;
    gsize n = walker->n - walker->at;

    if (walker->phase == BEFORE_DATA)
        return sp_throw(error, SP_ERROR_CORRUPT, "no chunk at byte %" G_GSIZE_FORMAT,
                        walker->at);
    walker->at_end = TRUE;
    walker->walk->removed |= sp_trailing_bits(rest, n);
    sp_slim_add(walker->walk->slim, end_chunk, sizeof end_chunk);
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, 0, (SpSlice){rest, n}, n);
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
    guint32 length = get32(p);
    guint32 kind = get32(p + 4);
    if (length > MAX_LENGTH || !is_name(kind))
        return end_in_rubbish(walker, error);
    if (!check_first(walker, kind, error))
        return FALSE;
    if (left < CHUNK_OVERHEAD || length > left - CHUNK_OVERHEAD)
        return end_cut(walker, kind, error);
    if (++walker->n_chunks > MAX_CHUNKS)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK, "more than %u chunks in one PNG",
                        MAX_CHUNKS);
    Chunk chunk = {kind, walker->at, walker->at + CHUNK_OVERHEAD + length, p + CHUNK_HEAD,
                   length};
    if (walker->phase == IN_DATA && kind != SP_FOURCC('I', 'D', 'A', 'T'))
        walker->phase = AFTER_DATA;
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, kind,
                 (SpSlice){chunk.payload, chunk.n}, chunk.n + CHUNK_OVERHEAD);
    walker->at = chunk.to;
    return handle(walker, &chunk, error);
}

gboolean
sp_png_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
            GError **error)
{
    static const guint8 signature[SIGNATURE_SIZE] = "\x89PNG\r\n\x1a\n";
    g_auto(SpWalk) walk = {.orientation = 1, .frames = 1};
    Walker walker = {
        .bytes = bytes,
        .n = n,
        .at = SIGNATURE_SIZE,
        .part = part,
        .data = data,
        .walk = &walk,
    };

    if (n > 0 && memcmp(bytes, signature, MIN(n, SIGNATURE_SIZE)) != 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a PNG");
    if (n < SIGNATURE_SIZE)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends after %" G_GSIZE_FORMAT " bytes", n);
    walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    sp_slim_add(walk.slim, bytes, SIGNATURE_SIZE);
    while (!walker.at_end) {
        if (!step(&walker, error)) {
            *ret_walk = (SpWalk){.width = walk.width, .height = walk.height};
            return FALSE;
        }
    }
    *ret_walk = walk;
    walk = (SpWalk){0};
    return TRUE;
}
