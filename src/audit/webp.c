/* SPDX-License-Identifier: MIT */
/* webp.c -- the grammar of a published WebP, byte by byte.
 *
 *     RIFF  WEBP  ( `VP8 ` | VP8L | VP8X(alpha only)  ALPH  `VP8 ` )
 *
 * after the WebP container specification, the VP8L bitstream specification and, for `VP8 `,
 * RFC 6386 (sections 7, 9.1 to 9.5 and 19.2). No chunk is ever skipped: the one that is not
 * expected ends the audit. How many token partitions a VP8 frame has stands in its bool-coded
 * header, so that header is decoded as far as that number, and no further.
 *
 * Not proved: that a partition, a VP8L stream or compressed alpha ends where its last symbol
 * does. That needs the pixels decoded. A new layout is one line in `layouts`. */
#include "audit/audit.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

#define CHUNK_HEADER 8
#define RIFF_HEADER 12
#define VP8_FRAME_HEADER 10
#define VP8_MAX_PROFILE 3
#define VP8L_HEADER 5
#define VP8X_FLAG_ALPHA 0x10

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n;
    gsize at; /* the next byte to be read; never over n */

    gsize start;        /* where the chunk that was read last begins */
    const guint8 *body; /* borrowed */
    gsize n_body;
} Reader;

/* ---- chunks --------------------------------------------------------------------------- */

/* "chunk 'EXIF' at byte 12": the whole message for what stands where it must not. */
static gboolean
refuse_chunk(const Reader *r, GError **error)
{
    char tag[5] = "";

    for (guint i = 0; i < 4; i++)
        tag[i] = (char)(g_ascii_isprint(r->bytes[r->at + i]) ? r->bytes[r->at + i] : '?');
    return sp_throw(error, SP_ERROR_AUDIT, "chunk '%s' at byte %" G_GSIZE_FORMAT, tag, r->at);
}

static gboolean
expect_header(const Reader *r, GError **error)
{
    if (r->n - r->at < CHUNK_HEADER)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "file ends at byte %" G_GSIZE_FORMAT ", where a chunk must be", r->n);
    return TRUE;
}

/* Read the chunk at r->at, which must be tag, with its padding. */
static gboolean
next_chunk(Reader *r, const char *tag, GError **error)
{
    if (!expect_header(r, error))
        return FALSE;
    if (memcmp(r->bytes + r->at, tag, 4) != 0)
        return refuse_chunk(r, error);

    gsize size = sp_get32le(r->bytes + r->at + 4), left = r->n - r->at - CHUNK_HEADER;
    gsize padding = size & 1;
    if (size > left || padding > left - size)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'%s' at byte %" G_GSIZE_FORMAT " has %" G_GSIZE_FORMAT
                        " bytes, %" G_GSIZE_FORMAT " are left",
                        tag, r->at, size, left);
    r->start = r->at;
    r->body = r->bytes + r->at + CHUNK_HEADER;
    r->n_body = size;
    r->at += CHUNK_HEADER + size + padding;
    if (padding != 0 && r->bytes[r->at - 1] != 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "padding at byte %" G_GSIZE_FORMAT " is 0x%02x, not 0", r->at - 1,
                        r->bytes[r->at - 1]);
    return TRUE;
}

static gboolean
check_size(const Reader *r, const char *tag, guint width, guint height,
           const SpAuditPromise *promise, GError **error)
{
    if (width != promise->width || height != promise->height)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'%s' at byte %" G_GSIZE_FORMAT " says %ux%u, promised is %ux%u", tag,
                        r->start, width, height, promise->width, promise->height);
    return TRUE;
}

static gboolean
check_riff(Reader *r, GError **error)
{
    if (r->n < RIFF_HEADER)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "file ends at byte %" G_GSIZE_FORMAT ", within the RIFF header", r->n);
    if (memcmp(r->bytes, "RIFF", 4) != 0 || memcmp(r->bytes + 8, "WEBP", 4) != 0)
        return sp_throw(error, SP_ERROR_AUDIT, "no RIFF header of a WebP at byte 0");
    if (sp_get32le(r->bytes + 4) != r->n - CHUNK_HEADER)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "RIFF at byte 0 has %" G_GUINT32_FORMAT
                        " bytes, the file has %" G_GSIZE_FORMAT " behind its header",
                        sp_get32le(r->bytes + 4), r->n - CHUNK_HEADER);
    r->at = RIFF_HEADER;
    return TRUE;
}

/* ---- VP8: the bool-coded frame header ------------------------------------------------- */

/* RFC 6386 section 7, one bit at a time: the window is the top byte of the RFC's value. */
typedef struct {
    const guint8 *p; /* borrowed */
    gsize n_bits, next_bit;
    guint window, range;
    gboolean past_end;
} BoolDecoder;

static guint
next_bit(BoolDecoder *d)
{
    if (d->next_bit == d->n_bits) {
        d->past_end = TRUE;
        return 0;
    }
    guint bit = d->p[d->next_bit / 8] >> (7 - d->next_bit % 8) & 1;
    d->next_bit++;
    return bit;
}

static BoolDecoder
bool_decoder(const guint8 *p, gsize n)
{
    BoolDecoder d = {.p = p, .n_bits = 8 * n, .range = 255};

    for (guint i = 0; i < 8; i++)
        d.window = d.window << 1 | next_bit(&d);
    return d;
}

/* A flag at even odds, the only probability that the frame header uses. */
static gboolean
read_flag(BoolDecoder *d)
{
    guint split = 1 + (((d->range - 1) * 128) >> 8);
    gboolean flag = d->window >= split;

    if (flag) {
        d->range -= split;
        d->window -= split;
    } else {
        d->range = split;
    }
    while (d->range < 128) {
        d->range <<= 1;
        d->window = d->window << 1 | next_bit(d);
    }
    return flag;
}

static guint
read_literal(BoolDecoder *d, guint n_bits)
{
    guint value = 0;

    while (n_bits-- > 0)
        value = value << 1 | (read_flag(d) ? 1 : 0);
    return value;
}

/* n times a flag and, where it is set, n_bits bits. */
static void
skip_optional(BoolDecoder *d, guint n, guint n_bits)
{
    for (guint i = 0; i < n; i++) {
        if (read_flag(d))
            (void)read_literal(d, n_bits);
    }
}

/* Section 9.3. */
static void
skip_segmentation(BoolDecoder *d)
{
    if (!read_flag(d))
        return;
    gboolean update_map = read_flag(d), update_data = read_flag(d);
    if (update_data) {
        (void)read_flag(d);         /* absolute or delta */
        skip_optional(d, 4, 7 + 1); /* quantizer and sign */
        skip_optional(d, 4, 6 + 1); /* loop filter level and sign */
    }
    if (update_map)
        skip_optional(d, 3, 8); /* probabilities */
}

/* Section 9.4: filter type, level, sharpness, deltas. */
static void
skip_loop_filter(BoolDecoder *d)
{
    (void)read_literal(d, 1 + 6 + 3);
    if (read_flag(d) && read_flag(d))   /* deltas are used, and updated */
        skip_optional(d, 4 + 4, 6 + 1); /* by reference frame, by mode */
}

/* The number of token partitions, 1 to 8; 0 when the header is cut or of a reserved colour
 * space. p: the first partition. */
static guint
count_partitions(const guint8 *p, gsize n)
{
    BoolDecoder d = bool_decoder(p, n);

    gboolean reserved_colour = read_flag(&d);
    (void)read_flag(&d); /* clamping: either is legal */
    skip_segmentation(&d);
    skip_loop_filter(&d);
    guint partitions = 1u << read_literal(&d, 2);
    return reserved_colour || d.past_end ? 0 : partitions;
}

/* ---- VP8 ------------------------------------------------------------------------------ */

/* The sizes of all partitions but the last stand before them, three bytes each (section 9.5);
 * the last one is what remains, so it must be something. data: what follows the first one. */
static gboolean
check_partitions(const Reader *r, const guint8 *data, gsize n, guint partitions, GError **error)
{
    gsize table = 3 * (gsize)(partitions - 1);

    if (n < table)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT " ends before its partition sizes",
                        r->start);
    gsize left = n - table;
    for (guint i = 0; i + 1 < partitions; i++) {
        gsize size = sp_get24le(data + 3 * (gsize)i);
        if (size == 0 || size > left)
            return sp_throw(error, SP_ERROR_AUDIT,
                            "'VP8 ' at byte %" G_GSIZE_FORMAT
                            ": partition %u of %u has %" G_GSIZE_FORMAT
                            " bytes, %" G_GSIZE_FORMAT " are left",
                            r->start, i + 1, partitions, size, left);
        left -= size;
    }
    if (left == 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT ": partition %u of %u is empty",
                        r->start, partitions, partitions);
    return TRUE;
}

static gboolean
check_vp8(Reader *r, const SpAuditPromise *promise, GError **error)
{
    static const guint8 start_code[] = {0x9d, 0x01, 0x2a};

    if (!next_chunk(r, "VP8 ", error))
        return FALSE;
    if (r->n_body < VP8_FRAME_HEADER || memcmp(r->body + 3, start_code, 3) != 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT " has no key frame's header",
                        r->start);
    guint tag = sp_get24le(r->body);
    if ((tag & 1) != 0 || (tag >> 1 & 7) > VP8_MAX_PROFILE || (tag >> 4 & 1) == 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT " is no shown key frame of profile 0 "
                        "to 3",
                        r->start);
    /* The two bits above each size ask for an upscaling: they must be 0, so they count as size.
     */
    if (!check_size(r, "VP8 ", sp_get16le(r->body + 6), sp_get16le(r->body + 8), promise,
                    error))
        return FALSE;
    gsize first = tag >> 5, left = r->n_body - VP8_FRAME_HEADER;
    if (first > left)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT
                        ": its first partition has %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT
                        " are left",
                        r->start, first, left);
    guint partitions = count_partitions(r->body + VP8_FRAME_HEADER, first);
    if (partitions == 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8 ' at byte %" G_GSIZE_FORMAT " has no valid frame header",
                        r->start);
    return check_partitions(r, r->body + VP8_FRAME_HEADER + first, left - first, partitions,
                            error);
}

/* ---- VP8L, and VP8X with alpha -------------------------------------------------------- */

static gboolean
check_vp8l(Reader *r, const SpAuditPromise *promise, GError **error)
{
    if (!next_chunk(r, "VP8L", error))
        return FALSE;
    if (r->n_body <= VP8L_HEADER || r->body[0] != 0x2f)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8L' at byte %" G_GSIZE_FORMAT " has no header", r->start);
    /* 14 bits of width - 1, 14 of height - 1, alpha is used (either is legal), 3 of version. */
    guint32 header = sp_get32le(r->body + 1);
    if (header >> 29 != 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8L' at byte %" G_GSIZE_FORMAT " has version %u", r->start,
                        header >> 29);
    return check_size(r, "VP8L", (header & 0x3fff) + 1, (header >> 14 & 0x3fff) + 1, promise,
                      error);
}

/* One byte: reserved, preprocessing, filtering, compression, two bits each; then the plane. */
static gboolean
check_alph(Reader *r, const SpAuditPromise *promise, GError **error)
{
    if (!next_chunk(r, "ALPH", error))
        return FALSE;
    if (r->n_body < 2)
        return sp_throw(error, SP_ERROR_AUDIT, "'ALPH' at byte %" G_GSIZE_FORMAT " is empty",
                        r->start);
    guint reserved = r->body[0] >> 6, preprocessing = r->body[0] >> 4 & 3;
    guint compression = r->body[0] & 3;
    if (reserved != 0 || preprocessing > 1 || compression > 1)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'ALPH' at byte %" G_GSIZE_FORMAT " has flags 0x%02x", r->start,
                        r->body[0]);
    guint64 plane = (guint64)promise->width * promise->height;
    if (compression == 0 && r->n_body - 1 != plane)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'ALPH' at byte %" G_GSIZE_FORMAT " has %" G_GSIZE_FORMAT
                        " bytes of raw alpha for %" G_GUINT64_FORMAT " pixels",
                        r->start, r->n_body - 1, plane);
    return TRUE;
}

static gboolean
check_vp8x(Reader *r, const SpAuditPromise *promise, GError **error)
{
    if (!next_chunk(r, "VP8X", error))
        return FALSE;
    if (r->n_body != 10)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8X' at byte %" G_GSIZE_FORMAT " has %" G_GSIZE_FORMAT
                        " bytes, not 10",
                        r->start, r->n_body);
    /* The flags and the 24 reserved bits behind them, as one number. */
    if (sp_get32le(r->body) != VP8X_FLAG_ALPHA)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "'VP8X' at byte %" G_GSIZE_FORMAT " has flags 0x%08x, not alpha alone",
                        r->start, sp_get32le(r->body));
    return check_size(r, "VP8X", sp_get24le(r->body + 4) + 1, sp_get24le(r->body + 7) + 1,
                      promise, error) &&
           check_alph(r, promise, error) && check_vp8(r, promise, error);
}

/* ---- the file ------------------------------------------------------------------------- */

static const struct {
    const char *tag; /* of the first chunk */
    gboolean (*check)(Reader *r, const SpAuditPromise *promise, GError **error);
} layouts[] = {
    {"VP8 ", check_vp8},
    {"VP8L", check_vp8l},
    {"VP8X", check_vp8x},
};

static gboolean
check_picture(Reader *r, const SpAuditPromise *promise, GError **error)
{
    if (!expect_header(r, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++) {
        if (memcmp(r->bytes + r->at, layouts[i].tag, 4) == 0)
            return layouts[i].check(r, promise, error);
    }
    return refuse_chunk(r, error);
}

gboolean
sp_audit_webp(const guint8 *bytes, gsize n, const SpAuditPromise *promise, GError **error)
{
    Reader r = {.bytes = bytes, .n = n, .body = bytes};

    if (promise->components != 3)
        return sp_throw(error, SP_ERROR_AUDIT, "promised are %u components in a WebP",
                        promise->components);
    if (!check_riff(&r, error) || !check_picture(&r, promise, error))
        return FALSE;
    if (r.at != r.n && r.n - r.at >= CHUNK_HEADER)
        return refuse_chunk(&r, error);
    if (r.at != r.n)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "%" G_GSIZE_FORMAT " bytes after the picture at byte %" G_GSIZE_FORMAT,
                        r.n - r.at, r.at);
    return TRUE;
}
