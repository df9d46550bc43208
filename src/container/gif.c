/* SPDX-License-Identifier: MIT */
/* gif.c -- walk a GIF as bytes, and leave of it what a decoder needs.
 *
 * Blocks are skipped by their sub-blocks, whatever they are. Of the first frame the codes are
 * read for their lengths, because no decoder tells when pixels are missing (gif-lzw.c).
 *
 * The slim view says what it says in one way: a head of our own with the colour table that the
 * frame uses, a graphic control only where something is transparent, the frame's descriptor
 * without what decides nothing, its data as they stand, the end. Where such a piece is in the
 * file to the byte, the file's is taken, so that a plain file is one slice.
 *
 * Two things are not as the file has them. A screen of no pixels becomes the first frame, as in
 * browsers. A first frame that leaves its screen makes decoders enlarge the canvas (libnsgif,
 * browsers), each in its own way: the slim view's screen is enlarged already, and SpWalk.crop
 * is the screen that the file named, so that nothing outside of it is ever shown.
 *
 * libnsgif gives a canvas without alpha, black where nothing was drawn, unless a frame has a
 * transparent colour. So a first frame that does not cover its screen gets one that none of its
 * pixels has. (There is none when 256 colours are in use.) A further kind of block is a line in
 * extensions[], of application blocks in applications[]. */
#include "container/gif.h"

#include <string.h>

#include "base/error.h"
#include "container/gif-lzw.h"
#include "container/trailing.h"

/* GIF89a, sections 17 to 27. */
#define HEAD_SIZE 13
#define DESCRIPTOR_SIZE 10
#define CONTROL_SIZE 8
#define INTRODUCER 0x21
#define SEPARATOR 0x2C
#define TRAILER 0x3B
#define LABEL_CONTROL 0xF9
#define FLAG_TABLE 0x80
#define FLAG_INTERLACED 0x40
#define FLAG_TRANSPARENT 0x01
#define RESOLUTION 0x70 /* of the source, in bits less 1: says nothing */

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n, at;
    SpPartFunc part;
    gpointer data;
    SpWalk *walk; /* borrowed; what is filled in */
    gboolean at_end;
    SpSlice table;      /* the global colour table; bytes NULL when there is none */
    guint table_bits;   /* of it, as the flags have it */
    guint n_frames;     /* also one that the file cuts */
    gboolean is_keyed;  /* the last graphic control named a transparent colour */
    guint8 transparent; /* that colour */
} Walker;

/* The first frame. */
typedef struct {
    gsize from; /* of its descriptor */
    guint left, top, width, height;
    guint flags;
    SpSlice table;  /* local; bytes NULL when there is none */
    SpSlice blocks; /* size of codes and sub-blocks, with the terminator if any */
    gboolean has_terminator;
} Frame;

static guint
get16(const guint8 *p)
{
    return p[0] | (guint)p[1] << 8;
}

static void
put16(guint8 *p, guint value)
{
    p[0] = value & 0xFF;
    p[1] = value >> 8 & 0xFF;
}

static gsize
table_size(guint flags)
{
    return (flags & FLAG_TABLE) != 0 ? (gsize)6 << (flags & 7) : 0;
}

static void
tell(const Walker *walker, guint32 kind, gsize from, gsize to)
{
    sp_part_tell(walker->part, walker->data, SP_CARRIER_UNKNOWN, kind,
                 (SpSlice){walker->bytes + from, to - from}, to - from);
}

/* Where the terminator of the sub-blocks from at on stands. When the file ends before it:
 * walker->n where it ends between two of them, more where it ends within one. */
static gsize
find_terminator(const Walker *walker, gsize at)
{
    while (at < walker->n && walker->bytes[at] != 0)
        at += (gsize)walker->bytes[at] + 1;
    return at;
}

/* ---- extensions ----------------------------------------------------------------------------
 */

static const struct {
    char name[12]; /* identifier and authentication code, behind their length of 11 */
    guint32 bits;  /* SpCategory */
    gsize max;     /* bytes of sub-blocks that it may have and still be what it is */
} applications[] = {
    {"NETSCAPE2.0", 0, 10}, /* how often it is shown, and how much to buffer */
    {"ANIMEXTS1.0", 0, 10},
    {"XMP DataXMP", SP_CATEGORY_XMP, G_MAXSIZE},
    {"ICCRGBG1012", SP_CATEGORY_PROFILE, G_MAXSIZE},
    {"MGKIPTC0000", SP_CATEGORY_IPTC, G_MAXSIZE}, /* ImageMagick's */
    {"MGK8BIM0000", SP_CATEGORY_IPTC, G_MAXSIZE},
    {"C2PA_GIF\1\0\0", SP_CATEGORY_PROVENANCE, G_MAXSIZE},
};

static guint32
application_bits(const guint8 *payload, gsize n)
{
    for (gsize i = 0; i < G_N_ELEMENTS(applications); i++) {
        if (n >= 12 && payload[0] == 11 && memcmp(payload + 1, applications[i].name, 11) == 0 &&
            n - 12 <= applications[i].max)
            return applications[i].bits;
    }
    return SP_CATEGORY_UNKNOWN;
}

/* Decoders take the last one before a frame, even behind a plain text that it was meant for. */
static guint32
read_control(Walker *walker, const guint8 *payload, gsize n)
{
    if (n >= 5 && payload[0] >= 4 && walker->n_frames == 0) {
        walker->is_keyed = (payload[1] & FLAG_TRANSPARENT) != 0;
        walker->transparent = payload[4];
    }
    return n == 5 ? 0 : SP_CATEGORY_UNKNOWN;
}

static guint32
extension_bits(Walker *walker, guint label, const guint8 *payload, gsize n)
{
    switch (label) {
    case LABEL_CONTROL:
        return read_control(walker, payload, n);
    case 0xFF:
        return application_bits(payload, n);
    case 0xFE:
    case 0x01: /* plain text */
        return SP_CATEGORY_COMMENT;
    default:
        return SP_CATEGORY_UNKNOWN;
    }
}

/* The file is over, or what follows is no block. Behind the first frame that may be. */
static gboolean
end_early(Walker *walker, gboolean is_cut, GError **error)
{
    if (walker->n_frames == 0)
        return sp_throw(error, is_cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT,
                        is_cut ? "ends after %" G_GSIZE_FORMAT " bytes, before any picture data"
                               : "no block at byte %" G_GSIZE_FORMAT,
                        is_cut ? walker->n : walker->at);
    walker->walk->cut |= is_cut;
    walker->at_end = TRUE;
    return TRUE;
}

static gboolean
read_extension(Walker *walker, GError **error)
{
    gsize from = walker->at + 2;
    gsize to = find_terminator(walker, from);

    if (to >= walker->n)
        return end_early(walker, TRUE, error);
    guint label = walker->bytes[from - 1];
    tell(walker, label, from, to);
    walker->walk->removed |= extension_bits(walker, label, walker->bytes + from, to - from);
    walker->at = to + 1;
    return TRUE;
}

/* ---- the first frame -----------------------------------------------------------------------
 */

/* The canvas of a decoder, and the part of it that the file calls its screen. */
static gboolean
place_frame(Walker *walker, Frame *frame, GError **error)
{
    SpWalk *walk = walker->walk;

    if (frame->width == 0 || frame->height == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "frame of %u x %u pixels", frame->width,
                        frame->height);
    if (walk->width == 0 || walk->height == 0) {
        walk->width = frame->width;
        walk->height = frame->height;
        frame->left = frame->top = 0;
    }
    if (frame->left >= walk->width || frame->top >= walk->height)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "first frame at %u, %u, outside of the screen of %u x %u pixels",
                        frame->left, frame->top, walk->width, walk->height);
    guint width = MAX(walk->width, frame->left + frame->width);
    guint height = MAX(walk->height, frame->top + frame->height);
    if (width > G_MAXUINT16 || height > G_MAXUINT16)
        return sp_throw(error, SP_ERROR_CORRUPT, "first frame reaches to %u, %u", width,
                        height);
    walk->crop = (SpRect){0, 0, walk->width, walk->height};
    if (width != walk->width || height != walk->height)
        walk->removed |= SP_CATEGORY_HIDDEN_PIXELS;
    walk->width = width;
    walk->height = height;
    return TRUE;
}

/* The colour that is to be transparent, if any: the file's where a pixel has it; one that no
 * pixel has where the frame leaves something of the canvas free. */
static gboolean
choose_transparent(Walker *walker, gboolean is_part, const gboolean *used)
{
    if (walker->is_keyed && used[walker->transparent])
        return TRUE;
    if (!is_part || walker->is_keyed)
        return is_part;
    for (guint i = 256; i-- > 0;) {
        if (!used[i]) {
            walker->transparent = (guint8)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Keep n bytes that we wrote; the file's, where they stand at from, too. */
static void
keep_made(Walker *walker, const guint8 *made, gsize n, gsize from)
{
    SpWalk *walk = walker->walk;

    if (n <= walker->n - from && memcmp(walker->bytes + from, made, n) == 0) {
        sp_slim_add(walk->slim, walker->bytes + from, n);
        return;
    }
    if (walk->made == NULL)
        walk->made = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    GBytes *copy = g_bytes_new(made, n);
    g_ptr_array_add(walk->made, copy);
    sp_slim_add(walk->slim, g_bytes_get_data(copy, NULL), n);
}

static void
make_slim(Walker *walker, const Frame *frame, gboolean is_keyed)
{
    static const guint8 ends[] = {0, TRAILER};
    guint8 head[HEAD_SIZE] = "GIF89a";
    guint8 before[CONTROL_SIZE + DESCRIPTOR_SIZE] = {INTRODUCER, LABEL_CONTROL, 4,
                                                     FLAG_TRANSPARENT};
    guint8 *p = is_keyed ? before + CONTROL_SIZE : before;
    SpWalk *walk = walker->walk;
    gboolean is_local = frame->table.bytes != NULL;

    put16(head + 6, walk->width);
    put16(head + 8, walk->height);
    head[10] = RESOLUTION;
    if (!is_local && walker->table.bytes != NULL)
        head[10] |= FLAG_TABLE | walker->table_bits;
    keep_made(walker, head, HEAD_SIZE, 0);
    if (!is_local && walker->table.bytes != NULL)
        sp_slim_add(walk->slim, walker->table.bytes, walker->table.n);

    if (is_keyed)
        before[6] = walker->transparent;
    p[0] = SEPARATOR;
    put16(p + 1, frame->left);
    put16(p + 3, frame->top);
    put16(p + 5, frame->width);
    put16(p + 7, frame->height);
    p[9] = frame->flags & FLAG_INTERLACED;
    if (is_local)
        p[9] |= FLAG_TABLE | (frame->flags & 7);
    gsize n_before = (gsize)(p + DESCRIPTOR_SIZE - before);
    gsize end = frame->from + DESCRIPTOR_SIZE;
    keep_made(walker, before, n_before, end - n_before); /* end is over HEAD_SIZE */
    if (is_local)
        sp_slim_add(walk->slim, frame->table.bytes, frame->table.n);

    const guint8 *after = frame->blocks.bytes + frame->blocks.n;
    gboolean has_trailer = after < walker->bytes + walker->n && *after == TRAILER;
    sp_slim_add(walk->slim, frame->blocks.bytes, frame->blocks.n);
    if (!frame->has_terminator)
        sp_slim_add(walk->slim, ends, 2);
    else
        sp_slim_add(walk->slim, has_trailer ? after : ends + 1, 1);
}

static gboolean
take_frame(Walker *walker, Frame *frame, GError **error)
{
    SpWalk *walk = walker->walk;
    SpGifLzw lzw = {0};

    if (!place_frame(walker, frame, error))
        return FALSE;
    sp_gif_lzw_scan(frame->blocks.bytes, frame->blocks.n, (guint64)frame->width * frame->height,
                    &lzw);
    if (lzw.verdict == SP_GIF_LZW_BAD)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "bad code in the picture data at byte %" G_GSIZE_FORMAT, frame->from);
    if (lzw.verdict == SP_GIF_LZW_SHORT)
        return sp_throw(error, frame->has_terminator ? SP_ERROR_CORRUPT : SP_ERROR_TRUNCATED,
                        "picture data at byte %" G_GSIZE_FORMAT " end too early", frame->from);
    gboolean is_part = frame->width != walk->width || frame->height != walk->height;
    gboolean is_keyed = choose_transparent(walker, is_part, lzw.used);
    walk->alpha = is_part || is_keyed;
    walk->slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    make_slim(walker, frame, is_keyed);
    return TRUE;
}

/* ---- frames --------------------------------------------------------------------------------
 */

/* A frame that is not the first is stepped over. */
static gboolean
step_over(Walker *walker, gsize terminator, GError **error)
{
    walker->n_frames++;
    walker->walk->removed |= SP_CATEGORY_FURTHER_FRAMES;
    if (terminator >= walker->n)
        return end_early(walker, TRUE, error);
    walker->at = terminator + 1;
    return TRUE;
}

static gboolean
read_frame(Walker *walker, GError **error)
{
    const guint8 *p = walker->bytes + walker->at;
    gsize left = walker->n - walker->at;
    guint flags = left < DESCRIPTOR_SIZE ? 0 : p[9];
    gsize n_head = DESCRIPTOR_SIZE + table_size(flags);
    gsize data_at = walker->at + n_head;
    gsize terminator = left > n_head ? find_terminator(walker, data_at + 1) : G_MAXSIZE;

    if (terminator < walker->n)
        tell(walker, SEPARATOR, walker->at + 1, terminator);
    if (walker->n_frames > 0)
        return step_over(walker, terminator, error);
    if (left < DESCRIPTOR_SIZE)
        return end_early(walker, TRUE, error);
    if (terminator > walker->n)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "picture data at byte %" G_GSIZE_FORMAT " run past the end",
                        walker->at);
    gboolean has_terminator = terminator < walker->n;
    Frame frame = {
        .from = walker->at,
        .left = get16(p + 1),
        .top = get16(p + 3),
        .width = get16(p + 5),
        .height = get16(p + 7),
        .flags = flags,
        .table = {n_head > DESCRIPTOR_SIZE ? p + DESCRIPTOR_SIZE : NULL, table_size(flags)},
        .blocks = {walker->bytes + data_at, terminator - data_at + (has_terminator ? 1 : 0)},
        .has_terminator = has_terminator,
    };
    if (!take_frame(walker, &frame, error))
        return FALSE;
    walker->n_frames = 1;
    walker->at = terminator + (has_terminator ? 1 : 0);
    return TRUE;
}

/* ---- the walk ------------------------------------------------------------------------------
 */

/* Header, screen and global colour table. */
static gboolean
read_head(Walker *walker, GError **error)
{
    const guint8 *p = walker->bytes;
    gsize n_magic = MIN(walker->n, 6);

    if (n_magic > 0 && memcmp(p, "GIF87a", n_magic) != 0 && memcmp(p, "GIF89a", n_magic) != 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a GIF");
    if (walker->n < HEAD_SIZE)
        return end_early(walker, TRUE, error);
    walker->walk->width = get16(p + 6);
    walker->walk->height = get16(p + 8);
    gsize n_table = table_size(p[10]);
    if (n_table > walker->n - HEAD_SIZE)
        return end_early(walker, TRUE, error);
    if (n_table > 0)
        walker->table = (SpSlice){p + HEAD_SIZE, n_table};
    walker->table_bits = p[10] & 7;
    walker->at = HEAD_SIZE + n_table;
    return TRUE;
}

/* One block. A byte that begins none ends a GIF, as in browsers. */
static gboolean
step(Walker *walker, GError **error)
{
    if (walker->at == walker->n)
        return end_early(walker, TRUE, error);
    switch (walker->bytes[walker->at]) {
    case INTRODUCER:
        return walker->n - walker->at > 2 ? read_extension(walker, error)
                                          : end_early(walker, TRUE, error);
    case SEPARATOR:
        return read_frame(walker, error);
    case TRAILER:
        if (walker->n_frames == 0)
            return sp_throw(error, SP_ERROR_CORRUPT,
                            "ends without a picture at byte %" G_GSIZE_FORMAT, walker->at);
        walker->at++;
        walker->at_end = TRUE;
        return TRUE;
    default:
        return end_early(walker, FALSE, error);
    }
}

static void
read_trailing(Walker *walker)
{
    if (walker->walk->cut || walker->at == walker->n)
        return;
    walker->walk->removed |=
        sp_trailing_bits(walker->bytes + walker->at, walker->n - walker->at);
    tell(walker, 0, walker->at, walker->n);
}

gboolean
sp_gif_walk(const guint8 *bytes, gsize n, SpPartFunc part, gpointer data, SpWalk *ret_walk,
            GError **error)
{
    g_auto(SpWalk) walk = {.orientation = 1, .bits = 8};
    Walker walker = {
        .bytes = bytes,
        .n = n,
        .part = part,
        .data = data,
        .walk = &walk,
    };
    gboolean ok = read_head(&walker, error);

    while (ok && !walker.at_end)
        ok = step(&walker, error);
    if (!ok) {
        *ret_walk = (SpWalk){.width = walk.width, .height = walk.height};
        return FALSE;
    }
    read_trailing(&walker);
    walk.frames = walker.n_frames;
    *ret_walk = walk;
    walk = (SpWalk){0};
    return TRUE;
}
