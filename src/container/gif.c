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
 * pixels has. (There is none when 256 colours are in use.) Sub-blocks that go on behind the
 * last pixel are left out, the one that it ends in is shortened. A further kind of application
 * block is a line in applications[].
 *
 * Behind its first fault the walk goes on, but only for what it tells: each step moves on or
 * ends it. What is told of sub-blocks is one range of bytes, without the first length; the
 * lengths of further ones, one in 256 bytes, stand in it. */
#include "container/gif.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "container/gif-lzw.h"

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
    SpSlice table;        /* the global colour table; bytes NULL when there is none */
    guint table_bits;     /* of it, as the flags have it */
    guint n_frames;       /* also one that the file cuts */
    gboolean has_control; /* before the next frame */
    guint seen;           /* a bit for each of applications[] that is part of the picture */
    gboolean is_keyed;    /* the last graphic control named a transparent colour */
    guint8 transparent;   /* that colour */
} Walker;

/* The first frame. */
typedef struct {
    gsize from; /* of its descriptor */
    guint left, top, width, height;
    guint flags;
    SpSlice table;  /* local; bytes NULL when there is none */
    SpSlice blocks; /* size of codes and sub-blocks, with the terminator if any */
    gboolean has_terminator;
    gboolean is_hidden; /* some of it lies outside of the screen */
    gsize n_slack;      /* bytes of blocks behind the end code, without the terminator */
    gsize slack_block;  /* of the sub-block that it begins in: of its length, in blocks */
} Frame;

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

/* Tell the bytes from `from` to `to`, with their content. */
static void
tell(const Walker *walker, SpCarrier carrier, guint32 kind, gsize from, gsize to,
     SpSlice content)
{
    if (to > from)
        sp_part_tell(walker->part, walker->data, carrier, kind, content, to - from);
}

/* Tell all that is left, which is no block. */
static void
tell_rest(Walker *walker, SpCarrier carrier)
{
    gsize from = walker->at;
    walker->at = walker->n;
    tell(walker, carrier, 0, from, walker->n,
         (SpSlice){walker->bytes + from, walker->n - from});
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

#define MAGIC_SIZE 257 /* behind XMP: 1, 255, 254 and so on to 0; then the terminator */

static const struct {
    char name[12]; /* identifier and authentication code, behind their length of 11 */
    SpCarrier carrier;
} applications[] = {
    {"NETSCAPE2.0", SP_CARRIER_PICTURE}, /* how often it is shown, and how much to buffer */
    {"ANIMEXTS1.0", SP_CARRIER_PICTURE},   {"XMP DataXMP", SP_CARRIER_XMP},
    {"ICCRGBG1012", SP_CARRIER_ICC},       {"MGKIPTC0000", SP_CARRIER_IPTC}, /* ImageMagick's */
    {"MGK8BIM0000", SP_CARRIER_PHOTOSHOP}, {"C2PA_GIF\1\0\0", SP_CARRIER_PROVENANCE},
    {"ADOBE:IR1.0", SP_CARRIER_PROGRAM}, /* ImageReady */
    {"MIDICTRLJon", SP_CARRIER_PROGRAM},   {"MIDISONGDm7", SP_CARRIER_PROGRAM},
};

/* What stands in the first sub-block and those behind it. */
static SpSlice
skip_length(SpSlice blocks)
{
    gsize skip = MIN(1, blocks.n);
    return (SpSlice){blocks.bytes + skip, blocks.n - skip};
}

/* XMP specification, part 3, 1.1.2: the packet stands there as it is, in no sub-blocks; the
 * magic trailer leads those who skip sub-blocks to the terminator. Some write sub-blocks. */
static SpSlice
find_packet(SpSlice blocks)
{
    if (blocks.n < MAGIC_SIZE)
        return skip_length(blocks);
    SpSlice packet = {blocks.bytes, blocks.n - MAGIC_SIZE};
    return memcmp(packet.bytes + packet.n, "\1\xff\xfe", 3) == 0 ? packet : skip_length(blocks);
}

/* One sub-block of 3 or 5 bytes: how often, or how much to buffer. */
static gboolean
is_loop(SpSlice blocks)
{
    gsize n = blocks.n > 0 ? blocks.bytes[0] : 0;
    return (n == 3 || n == 5) && blocks.n == n + 1;
}

static SpCarrier
read_application(Walker *walker, SpSlice payload, SpSlice *ret_content)
{
    *ret_content = payload;
    if (payload.n < 12 || payload.bytes[0] != 11)
        return SP_CARRIER_UNKNOWN;
    for (gsize i = 0; i < G_N_ELEMENTS(applications); i++) {
        SpSlice blocks = {payload.bytes + 12, payload.n - 12};
        SpCarrier carrier = applications[i].carrier;
        if (memcmp(payload.bytes + 1, applications[i].name, 11) != 0)
            continue;
        if (carrier == SP_CARRIER_PICTURE && (walker->seen >> i & 1 || !is_loop(blocks)))
            return SP_CARRIER_UNKNOWN;
        walker->seen |= 1u << i;
        *ret_content = carrier == SP_CARRIER_XMP ? find_packet(blocks) : skip_length(blocks);
        return carrier;
    }
    return SP_CARRIER_UNKNOWN;
}

/* Decoders take the last one before a frame, even behind a plain text that it was meant for. */
static SpCarrier
read_control(Walker *walker, const guint8 *payload, gsize n)
{
    if (n >= 5 && payload[0] >= 4 && walker->n_frames == 0) {
        walker->is_keyed = (payload[1] & FLAG_TRANSPARENT) != 0;
        walker->transparent = payload[4];
    }
    gboolean is_first = !walker->has_control;
    walker->has_control = TRUE;
    return is_first && n == 5 && payload[0] == 4 ? SP_CARRIER_PICTURE : SP_CARRIER_UNKNOWN;
}

/* payload: sub-blocks with their lengths, without the terminator. */
static SpCarrier
read_payload(Walker *walker, guint label, SpSlice payload, SpSlice *ret_content)
{
    *ret_content = payload;
    switch (label) {
    case LABEL_CONTROL:
        return read_control(walker, payload.bytes, payload.n);
    case 0xFF:
        return read_application(walker, payload, ret_content);
    case 0xFE:
        *ret_content = skip_length(payload);
        return SP_CARRIER_COMMENT;
    case 0x01: { /* plain text: behind where it stands and how, in 12 bytes */
        gsize n_head = payload.n > 13 ? 13 : 0;
        walker->has_control = FALSE; /* that one was for the text */
        *ret_content = skip_length((SpSlice){payload.bytes + n_head, payload.n - n_head});
        return SP_CARRIER_COMMENT;
    }
    default:
        return SP_CARRIER_UNKNOWN;
    }
}

/* The file is over, or what follows is no block. Behind the first frame that may be. */
static gboolean
end_early(Walker *walker, gboolean is_cut, GError **error)
{
    walker->at_end = TRUE;
    walker->walk->cut |= is_cut;
    if (walker->n_frames > 0)
        return TRUE;
    sp_throw(error, is_cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT,
             is_cut ? "ends after %" G_GSIZE_FORMAT " bytes, before any picture data"
                    : "no block at byte %" G_GSIZE_FORMAT,
             is_cut ? walker->n : walker->at);
    if (!is_cut)
        tell_rest(walker, SP_CARRIER_STRAY);
    return FALSE;
}

/* What the file cuts off is told as far as it goes. */
static gboolean
read_extension(Walker *walker, GError **error)
{
    gsize from = walker->at, payload_at = MIN(from + 2, walker->n);
    gsize terminator = find_terminator(walker, payload_at);
    gboolean is_cut = terminator >= walker->n;
    guint label = payload_at - from == 2 ? walker->bytes[from + 1] : 0;
    gsize end = MIN(terminator, walker->n);
    SpSlice content = {0};

    SpCarrier carrier = read_payload(
        walker, label, (SpSlice){walker->bytes + payload_at, end - payload_at}, &content);
    walker->at = is_cut ? walker->n : terminator + 1;
    tell(walker, carrier, label, from, walker->at, content);
    return !is_cut || end_early(walker, TRUE, error);
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
    walk->crop = (SpRect){0, 0, walk->width, walk->height};
    frame->is_hidden =
        frame->left + frame->width > walk->width || frame->top + frame->height > walk->height;
    if (frame->left >= walk->width || frame->top >= walk->height)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "first frame at %u, %u, outside of the screen of %u x %u pixels",
                        frame->left, frame->top, walk->width, walk->height);
    guint width = MAX(walk->width, frame->left + frame->width);
    guint height = MAX(walk->height, frame->top + frame->height);
    if (width > G_MAXUINT16 || height > G_MAXUINT16)
        return sp_throw(error, SP_ERROR_CORRUPT, "first frame reaches to %u, %u", width,
                        height);
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

/* Keep the sub-blocks up to the end code, without a terminator. */
static void
keep_without_slack(Walker *walker, const Frame *frame)
{
    SpSlice blocks = frame->blocks;
    gsize end = blocks.n - (frame->has_terminator ? 1 : 0) - frame->n_slack;
    gsize n_block = end - frame->slack_block; /* with its length: 2 to 256 */
    guint8 block[256];

    memcpy(block, blocks.bytes + frame->slack_block, n_block);
    block[0] = (guint8)(n_block - 1);
    sp_slim_add(walker->walk->slim, blocks.bytes, frame->slack_block);
    keep_made(walker, block, n_block,
              (gsize)(blocks.bytes - walker->bytes) + frame->slack_block);
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

    if (frame->n_slack > 0) {
        keep_without_slack(walker, frame);
        sp_slim_add(walk->slim, ends, 2);
        return;
    }
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
    if (lzw.has_slack) {
        frame->n_slack = frame->blocks.n - lzw.n_data - (frame->has_terminator ? 1 : 0);
        frame->slack_block = lzw.block_at;
    }
    gboolean is_part = frame->width != walk->width || frame->height != walk->height;
    gboolean is_keyed = choose_transparent(walker, is_part, lzw.used);
    walk->alpha = is_part || is_keyed;
    walk->slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    make_slim(walker, frame, is_keyed);
    return TRUE;
}

/* ---- frames --------------------------------------------------------------------------------
 */

/* The frame whose descriptor stands at walker->at; *ret_frame is filled only if it has any
 * data. Returns where its terminator stands; when there is none: walker->n if the file ends
 * between two sub-blocks, else more. */
static gsize
find_frame(const Walker *walker, Frame *ret_frame)
{
    const guint8 *p = walker->bytes + walker->at;
    gsize left = walker->n - walker->at;
    guint flags = left < DESCRIPTOR_SIZE ? 0 : p[9];
    gsize n_head = DESCRIPTOR_SIZE + table_size(flags);
    gsize data_at = walker->at + n_head;

    if (left <= n_head)
        return G_MAXSIZE;
    gsize terminator = find_terminator(walker, data_at + 1);
    gboolean has_terminator = terminator < walker->n;
    *ret_frame = (Frame){
        .from = walker->at,
        .left = sp_get16le(p + 1),
        .top = sp_get16le(p + 3),
        .width = sp_get16le(p + 5),
        .height = sp_get16le(p + 7),
        .flags = flags,
        .table = {n_head > DESCRIPTOR_SIZE ? p + DESCRIPTOR_SIZE : NULL, table_size(flags)},
        .blocks = {walker->bytes + data_at,
                   MIN(terminator, walker->n) - data_at + (has_terminator ? 1 : 0)},
        .has_terminator = has_terminator,
    };
    return terminator;
}

/* The first frame, which ends at the terminator. */
static gboolean
read_first_frame(Walker *walker, Frame *frame, gsize terminator, GError **error)
{
    if (walker->n - walker->at < DESCRIPTOR_SIZE)
        return end_early(walker, TRUE, error);
    if (terminator > walker->n)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "picture data at byte %" G_GSIZE_FORMAT " run past the end",
                        walker->at);
    return take_frame(walker, frame, error);
}

/* A frame that is not the first is stepped over. */
static gboolean
read_frame(Walker *walker, GError **error)
{
    Frame frame = {0};
    gsize from = walker->at;
    gsize terminator = find_frame(walker, &frame);
    gsize to = terminator < walker->n ? terminator + 1 : walker->n;
    gboolean is_first = walker->n_frames == 0;
    gboolean ok = !is_first || read_first_frame(walker, &frame, terminator, error);

    gsize slack_to = to - (frame.has_terminator ? 1 : 0), slack_at = slack_to - frame.n_slack;
    gsize content_to = frame.n_slack > 0 ? slack_at : to;
    SpCarrier first = frame.is_hidden ? SP_CARRIER_HIDDEN : SP_CARRIER_PICTURE;
    sp_part_tell(walker->part, walker->data, is_first ? first : SP_CARRIER_FRAME, SEPARATOR,
                 (SpSlice){walker->bytes + from + 1, content_to - from - 1},
                 to - from - frame.n_slack);
    tell(walker, SP_CARRIER_STRAY, 0, slack_at, slack_to,
         (SpSlice){walker->bytes + slack_at, frame.n_slack});
    walker->has_control = FALSE;
    walker->n_frames++; /* also one that is refused: no other takes its place */
    walker->at = to;
    if (!is_first && terminator >= walker->n)
        return end_early(walker, TRUE, NULL);
    return ok;
}

/* ---- the walk ------------------------------------------------------------------------------
 */

/* Header, screen and global colour table. */
static gboolean
read_head(Walker *walker, GError **error)
{
    const guint8 *p = walker->bytes;
    gsize n_magic = MIN(walker->n, 6);

    if (n_magic > 0 && memcmp(p, "GIF87a", n_magic) != 0 && memcmp(p, "GIF89a", n_magic) != 0) {
        tell_rest(walker, SP_CARRIER_STRAY);
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a GIF");
    }
    if (walker->n < HEAD_SIZE)
        return end_early(walker, TRUE, error);
    walker->walk->width = sp_get16le(p + 6);
    walker->walk->height = sp_get16le(p + 8);
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
        return read_extension(walker, error);
    case SEPARATOR:
        return read_frame(walker, error);
    case TRAILER:
        walker->at_end = TRUE;
        walker->at++;
        return walker->n_frames > 0 ||
               sp_throw(error, SP_ERROR_CORRUPT,
                        "ends without a picture at byte %" G_GSIZE_FORMAT, walker->at - 1);
    default:
        return end_early(walker, FALSE, error);
    }
}

/* All steps, and what stands behind the end. FALSE with the first error. */
static gboolean
walk_all(Walker *walker, GError **error)
{
    gboolean ok = read_head(walker, error);

    if (!ok)
        return FALSE;
    while (!walker->at_end) {
        if (!step(walker, ok ? error : NULL))
            ok = FALSE;
    }
    if (!walker->walk->cut)
        tell_rest(walker, SP_CARRIER_TRAILER);
    return ok;
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

    if (!walk_all(&walker, error)) {
        *ret_walk = (SpWalk){.width = walk.width, .height = walk.height};
        return FALSE;
    }
    walk.frames = walker.n_frames;
    *ret_walk = walk;
    walk = (SpWalk){0};
    return TRUE;
}
