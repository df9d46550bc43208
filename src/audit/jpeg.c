/* SPDX-License-Identifier: MIT */
/* jpeg.c -- the grammar of a published JPEG, byte by byte (ITU-T T.81 annexes B, C and G).
 *
 *     SOI  APP0(JFIF 1.01, no density, no thumbnail)  DQT{1,3}  SOF0|SOF2
 *     (DHT*  SOS  entropy data)+  EOI
 *
 * It is narrower than the standard: what libjpeg writes for our encoder and nothing else. One
 * table a segment, lengths exact, every table referenced, and no coefficient sent twice or left
 * out: whatever a decoder would ignore is a place to hide something. There is no rule for what
 * is refused, only rules for what is expected; so to allow more, add to the rule that expects
 * it.
 *
 * Not proved: that the entropy data end with the last block, and that the bits that fill their
 * last byte are ones. Both need the Huffman codes decoded, the refinement scans with all
 * coefficients in memory; this is a reader that allocates nothing. */
#include "audit/audit.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

#define MAX_COMPONENTS 3
#define COEFFICIENTS 64
#define NOT_SENT (-1)
#define MAX_SHIFT 10       /* libjpeg's limit for Ah and Al at 8 bits (jcmaster.c MAX_AH_AL) */
#define MAX_SCAN_BLOCKS 10 /* T.81 B.2.3: blocks of an interleaved MCU */
#define MAX_DC_SIZE 11     /* T.81 table F.1: magnitude categories at 8 bits */
#define MAX_AC_SIZE 10     /* T.81 table F.2 */

enum {
    MARKER_SOF0 = 0xc0,
    MARKER_SOF2 = 0xc2,
    MARKER_DHT = 0xc4,
    MARKER_SOI = 0xd8,
    MARKER_EOI = 0xd9,
    MARKER_SOS = 0xda,
    MARKER_DQT = 0xdb,
    MARKER_APP0 = 0xe0,
};

/* T.81 spells the table classes of DHT as 0 and 1. */
enum { CLASS_DC = 0, CLASS_AC = 1, CLASS_COUNT };

typedef struct {
    guint h, v; /* sampling factors, 1 to 4 */
    /* The Al of each coefficient's last scan; NOT_SENT before its first; 0 is complete. */
    gint8 shift[COEFFICIENTS];
} Component;

typedef struct {
    gsize at; /* where its DHT stands; 0 is not defined */
    gboolean used;
} HuffmanTable;

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n;
    gsize at; /* the next byte to be read; never over n */

    guint marker;       /* of the segment that was read last */
    gsize start;        /* where its 0xff stands */
    const guint8 *body; /* borrowed; its bytes behind the length */
    gsize n_body;

    gsize quant_at[4]; /* where each table's DQT stands; 0 is not defined */
    gboolean progressive;
    guint n_components;
    Component components[MAX_COMPONENTS];
    HuffmanTable tables[CLASS_COUNT][4];
} Reader;

/* What one SOS says. */
typedef struct {
    guint n_components;
    guint first, last; /* Ss, Se: the band of coefficients */
    guint high, low;   /* Ah, Al: the bits below which nothing was, and is now, sent */
} Scan;

/* ---- markers -------------------------------------------------------------------------- */

/* "APP1 at byte 20": the whole message for what stands where it must not. */
static gboolean
refuse_marker(const Reader *r, GError **error)
{
    static const struct {
        const char *name;
        guint8 first, last;
        gboolean numbered;
    } names[] = {
        /* A range stands behind what lies within it and has a name of its own. */
        {"DHT", 0xc4, 0xc4},       {"JPG", 0xc8, 0xc8},       {"DAC", 0xcc, 0xcc},
        {"SOF", 0xc0, 0xcf, TRUE}, {"RST", 0xd0, 0xd7, TRUE}, {"SOI", 0xd8, 0xd8},
        {"EOI", 0xd9, 0xd9},       {"SOS", 0xda, 0xda},       {"DQT", 0xdb, 0xdb},
        {"DNL", 0xdc, 0xdc},       {"DRI", 0xdd, 0xdd},       {"DHP", 0xde, 0xde},
        {"EXP", 0xdf, 0xdf},       {"APP", 0xe0, 0xef, TRUE}, {"COM", 0xfe, 0xfe},
        {"fill byte", 0xff, 0xff},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (r->marker < names[i].first || r->marker > names[i].last)
            continue;
        if (names[i].numbered)
            return sp_throw(error, SP_ERROR_AUDIT, "%s%u at byte %" G_GSIZE_FORMAT,
                            names[i].name, r->marker - names[i].first, r->start);
        return sp_throw(error, SP_ERROR_AUDIT, "%s at byte %" G_GSIZE_FORMAT, names[i].name,
                        r->start);
    }
    return sp_throw(error, SP_ERROR_AUDIT, "marker 0x%02x at byte %" G_GSIZE_FORMAT, r->marker,
                    r->start);
}

static gboolean
refuse_cut(const Reader *r, const char *where, GError **error)
{
    return sp_throw(error, SP_ERROR_AUDIT, "file ends at byte %" G_GSIZE_FORMAT ", %s", r->n,
                    where);
}

/* Read the two bytes of a marker into r->marker and r->start. */
static gboolean
next_marker(Reader *r, GError **error)
{
    if (r->n - r->at < 2)
        return refuse_cut(r, "where a marker must be", error);
    if (r->bytes[r->at] != 0xff)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "0x%02x at byte %" G_GSIZE_FORMAT ", where a marker must be",
                        r->bytes[r->at], r->at);
    r->start = r->at;
    r->marker = r->bytes[r->at + 1];
    r->at += 2;
    return TRUE;
}

/* Read the length and the body that belong to r->marker. name is for messages. */
static gboolean
next_body(Reader *r, const char *name, GError **error)
{
    if (r->n - r->at < 2)
        return refuse_cut(r, "within a segment's length", error);
    gsize length = sp_get16be(r->bytes + r->at);
    if (length < 2 || length > r->n - r->at)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "%s at byte %" G_GSIZE_FORMAT " has length %" G_GSIZE_FORMAT
                        ", %" G_GSIZE_FORMAT " bytes are left",
                        name, r->start, length, r->n - r->at);
    r->body = r->bytes + r->at + 2;
    r->n_body = length - 2;
    r->at += length;
    return TRUE;
}

static gboolean
expect_body(Reader *r, const char *name, gsize n_body, GError **error)
{
    if (!next_body(r, name, error))
        return FALSE;
    if (r->n_body != n_body)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "%s at byte %" G_GSIZE_FORMAT " has length %" G_GSIZE_FORMAT
                        ", not %" G_GSIZE_FORMAT,
                        name, r->start, r->n_body + 2, n_body + 2);
    return TRUE;
}

/* ---- before the scans ----------------------------------------------------------------- */

static gboolean
read_start(Reader *r, GError **error)
{
    /* Version 1.01, no unit, density 1:1, thumbnail 0x0: what libjpeg writes by itself. */
    static const guint8 jfif[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};

    if (!next_marker(r, error))
        return FALSE;
    if (r->marker != MARKER_SOI)
        return refuse_marker(r, error);
    if (!next_marker(r, error))
        return FALSE;
    if (r->marker != MARKER_APP0)
        return refuse_marker(r, error);
    if (!expect_body(r, "APP0", sizeof jfif, error))
        return FALSE;
    for (gsize i = 0; i < sizeof jfif; i++) {
        if (r->body[i] != jfif[i])
            return sp_throw(error, SP_ERROR_AUDIT,
                            "APP0 at byte %" G_GSIZE_FORMAT
                            " is no bare JFIF 1.01 header: byte %" G_GSIZE_FORMAT " is 0x%02x",
                            r->start, r->start + 4 + i, r->body[i]);
    }
    return TRUE;
}

/* That there are at most three needs no count: each is used by a component (read_sof). */
static gboolean
read_dqt(Reader *r, GError **error)
{
    /* First the length: a 16-bit table or a second table in the segment makes it another. */
    if (!expect_body(r, "DQT", 1 + COEFFICIENTS, error))
        return FALSE;
    guint id = r->body[0];
    if (id >= G_N_ELEMENTS(r->quant_at))
        return sp_throw(error, SP_ERROR_AUDIT,
                        "DQT at byte %" G_GSIZE_FORMAT " has precision and id 0x%02x", r->start,
                        id);
    if (r->quant_at[id] != 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "DQT at byte %" G_GSIZE_FORMAT " defines table %u again", r->start, id);
    if (memchr(r->body + 1, 0, COEFFICIENTS) != NULL)
        return sp_throw(error, SP_ERROR_AUDIT, "DQT at byte %" G_GSIZE_FORMAT " has a zero",
                        r->start);
    r->quant_at[id] = r->start;
    return TRUE;
}

/* The three bytes of component number index; sets its bit in *quant_used. */
static gboolean
read_component(Reader *r, guint index, guint *quant_used, GError **error)
{
    const guint8 *p = r->body + 6 + 3 * (gsize)index;
    Component *component = &r->components[index];
    guint h = p[1] >> 4, v = p[1] & 15, quant = p[2];
    /* One component alone has nothing to be sampled against. */
    guint max = r->n_components == 1 ? 1 : 4;

    if (p[0] != index + 1)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOF at byte %" G_GSIZE_FORMAT " calls component %u %u", r->start,
                        index + 1, p[0]);
    if (h < 1 || h > max || v < 1 || v > max)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOF at byte %" G_GSIZE_FORMAT " samples component %u %ux%u", r->start,
                        index + 1, h, v);
    if (quant >= G_N_ELEMENTS(r->quant_at) || r->quant_at[quant] == 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOF at byte %" G_GSIZE_FORMAT " uses quantisation table %u, not there",
                        r->start, quant);
    component->h = h;
    component->v = v;
    for (guint k = 0; k < COEFFICIENTS; k++)
        component->shift[k] = NOT_SENT;
    *quant_used |= 1u << quant;
    return TRUE;
}

static gboolean
read_sof(Reader *r, const SpAuditPromise *promise, GError **error)
{
    guint quant_used = 0;

    r->progressive = r->marker == MARKER_SOF2;
    r->n_components = promise->components;
    if (!expect_body(r, "SOF", 6 + 3 * (gsize)r->n_components, error))
        return FALSE;
    if (r->body[0] != 8 || r->body[5] != r->n_components)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOF at byte %" G_GSIZE_FORMAT
                        " has %u components of %u bits, promised "
                        "are %u of 8",
                        r->start, r->body[5], r->body[0], r->n_components);
    guint height = sp_get16be(r->body + 1), width = sp_get16be(r->body + 3);
    if (width != promise->width || height != promise->height)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOF at byte %" G_GSIZE_FORMAT " says %ux%u, promised is %ux%u",
                        r->start, width, height, promise->width, promise->height);
    for (guint i = 0; i < r->n_components; i++) {
        if (!read_component(r, i, &quant_used, error))
            return FALSE;
    }
    for (guint id = 0; id < G_N_ELEMENTS(r->quant_at); id++) {
        if (r->quant_at[id] != 0 && (quant_used & 1u << id) == 0)
            return sp_throw(error, SP_ERROR_AUDIT,
                            "DQT at byte %" G_GSIZE_FORMAT " is used by no component",
                            r->quant_at[id]);
    }
    return TRUE;
}

static gboolean
read_frame(Reader *r, const SpAuditPromise *promise, GError **error)
{
    for (;;) {
        if (!next_marker(r, error))
            return FALSE;
        if (r->marker == MARKER_SOF0 || r->marker == MARKER_SOF2)
            return read_sof(r, promise, error);
        if (r->marker != MARKER_DQT)
            return refuse_marker(r, error);
        if (!read_dqt(r, error))
            return FALSE;
    }
}

/* ---- Huffman tables ------------------------------------------------------------------- */

/* TRUE when codes of these lengths exist (T.81 annex C) and none is all ones (K.2). Returns
 * their number in *ret_n. */
static gboolean
code_counts_valid(const guint8 counts[16], guint *ret_n)
{
    guint next = 0, n = 0;

    for (guint length = 1; length <= 16; length++) {
        next = 2 * next + counts[length - 1];
        n += counts[length - 1];
        if (next > (1u << length) - 1)
            return FALSE;
    }
    *ret_n = n;
    return n > 0;
}

/* A symbol that an encoder of 8-bit samples can write (T.81 F.1.2, G.1.2). */
static gboolean
symbol_valid(guint class, guint symbol, gboolean progressive)
{
    guint run = symbol >> 4, size = symbol & 15;

    if (class == CLASS_DC)
        return symbol <= MAX_DC_SIZE;
    if (size == 0 && !progressive) /* end of block, sixteen zeros; EOBn is progressive's */
        return run == 0 || run == 15;
    return size <= MAX_AC_SIZE;
}

static gboolean
check_symbols(const Reader *r, guint class, guint n, GError **error)
{
    gboolean seen[256] = {FALSE};

    for (guint i = 0; i < n; i++) {
        guint symbol = r->body[17 + i];
        if (seen[symbol] || !symbol_valid(class, symbol, r->progressive))
            return sp_throw(error, SP_ERROR_AUDIT,
                            "DHT at byte %" G_GSIZE_FORMAT " has symbol 0x%02x %s", r->start,
                            symbol, seen[symbol] ? "twice" : "that means nothing");
        seen[symbol] = TRUE;
    }
    return TRUE;
}

static gboolean
refuse_unused(const HuffmanTable *table, GError **error)
{
    return sp_throw(error, SP_ERROR_AUDIT, "DHT at byte %" G_GSIZE_FORMAT " is used by no scan",
                    table->at);
}

static gboolean
read_dht(Reader *r, GError **error)
{
    guint n = 0;

    if (!next_body(r, "DHT", error))
        return FALSE;
    if (r->n_body < 17 || !code_counts_valid(r->body + 1, &n) || r->n_body != 17 + (gsize)n)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "DHT at byte %" G_GSIZE_FORMAT " has length %" G_GSIZE_FORMAT
                        " and is not one table of prefix codes",
                        r->start, r->n_body + 2);
    guint class = r->body[0] >> 4, id = r->body[0] & 15;
    if (class >= CLASS_COUNT || id > (r->progressive ? 3 : 1))
        return sp_throw(error, SP_ERROR_AUDIT,
                        "DHT at byte %" G_GSIZE_FORMAT " has class and id 0x%02x", r->start,
                        r->body[0]);
    if (!check_symbols(r, class, n, error))
        return FALSE;
    HuffmanTable *table = &r->tables[class][id];
    if (table->at != 0 && !table->used)
        return refuse_unused(table, error);
    table->at = r->start;
    table->used = FALSE;
    return TRUE;
}

/* ---- scans ---------------------------------------------------------------------------- */

/* Note that a scan decodes with this table; with needed FALSE the id must be libjpeg's 0. */
static gboolean
use_table(Reader *r, guint class, guint id, gboolean needed, GError **error)
{
    gboolean known = id < G_N_ELEMENTS(r->tables[class]) && r->tables[class][id].at != 0;

    if (needed ? !known : id != 0)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT " names %s table %u, which %s", r->start,
                        class == CLASS_DC ? "DC" : "AC", id,
                        needed ? "is not there" : "it does not need");
    if (needed)
        r->tables[class][id].used = TRUE;
    return TRUE;
}

/* One band of one bit range, legal for the coding (T.81 table B.3, G.1.1.1). */
static gboolean
scan_shape_valid(const Reader *r, const Scan *scan)
{
    if (!r->progressive)
        return scan->first == 0 && scan->last == 63 && scan->high == 0 && scan->low == 0;
    if (scan->low > MAX_SHIFT || (scan->high != 0 && scan->high != scan->low + 1))
        return FALSE;
    if (scan->first == 0) /* DC alone, may be interleaved */
        return scan->last == 0;
    return scan->first <= scan->last && scan->last < COEFFICIENTS && scan->n_components == 1;
}

/* Each coefficient is sent once and then refined bit by bit, AC never before DC. */
static gboolean
advance(Reader *r, Component *component, const Scan *scan, GError **error)
{
    gint expected = scan->high == 0 ? NOT_SENT : (gint)scan->high;

    if (scan->first > 0 && component->shift[0] == NOT_SENT)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT " sends AC before DC", r->start);
    for (guint k = scan->first; k <= scan->last; k++) {
        if (component->shift[k] != expected)
            return sp_throw(error, SP_ERROR_AUDIT,
                            "SOS at byte %" G_GSIZE_FORMAT
                            " sends bits %u to %u of coefficient %u out of turn",
                            r->start, scan->high, scan->low, k);
        component->shift[k] = (gint8)scan->low;
    }
    return TRUE;
}

static gboolean
read_scan_component(Reader *r, const Scan *scan, const guint8 *p, guint *last_id, guint *blocks,
                    GError **error)
{
    guint id = p[0];

    if (id <= *last_id || id > r->n_components)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT " names component %u after %u", r->start,
                        id, *last_id);
    *last_id = id;
    Component *component = &r->components[id - 1];
    *blocks += component->h * component->v;
    gboolean needs_dc = scan->first == 0 && scan->high == 0, needs_ac = scan->last > 0;
    return use_table(r, CLASS_DC, p[1] >> 4, needs_dc, error) &&
           use_table(r, CLASS_AC, p[1] & 15, needs_ac, error) &&
           advance(r, component, scan, error);
}

static gboolean
read_sos(Reader *r, GError **error)
{
    guint last_id = 0, blocks = 0;

    if (!next_body(r, "SOS", error))
        return FALSE;
    guint n = r->n_body > 0 ? r->body[0] : 0;
    if (n < 1 || n > r->n_components || r->n_body != 4 + 2 * (gsize)n)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT " has length %" G_GSIZE_FORMAT
                        " and %u components",
                        r->start, r->n_body + 2, n);
    const guint8 *shape = r->body + 1 + 2 * (gsize)n;
    Scan scan = {n, shape[0], shape[1], shape[2] >> 4, shape[2] & 15};
    if (!scan_shape_valid(r, &scan))
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT
                        " sends bits %u to %u of coefficients %u "
                        "to %u",
                        r->start, scan.high, scan.low, scan.first, scan.last);
    for (guint i = 0; i < n; i++) {
        if (!read_scan_component(r, &scan, r->body + 1 + 2 * (gsize)i, &last_id, &blocks,
                                 error))
            return FALSE;
    }
    if (n > 1 && blocks > MAX_SCAN_BLOCKS)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "SOS at byte %" G_GSIZE_FORMAT " interleaves %u blocks", r->start,
                        blocks);
    return TRUE;
}

/* Up to the marker behind it. Inside, 0xff is followed by 0 and nothing else. */
static gboolean
skip_entropy(Reader *r, GError **error)
{
    gsize start = r->at;

    for (;;) {
        const guint8 *ff = memchr(r->bytes + r->at, 0xff, r->n - r->at);
        if (ff == NULL || (gsize)(ff - r->bytes) + 1 == r->n)
            return refuse_cut(r, "within entropy data", error);
        r->at = (gsize)(ff - r->bytes);
        if (ff[1] != 0)
            break;
        r->at += 2;
    }
    if (r->at == start)
        return sp_throw(error, SP_ERROR_AUDIT, "no entropy data at byte %" G_GSIZE_FORMAT,
                        start);
    return TRUE;
}

/* EOI is the last byte, the picture is whole (so there was a scan), and no table is left over.
 */
static gboolean
check_end(const Reader *r, GError **error)
{
    if (r->at != r->n)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "%" G_GSIZE_FORMAT " bytes after EOI at byte %" G_GSIZE_FORMAT,
                        r->n - r->at, r->at);
    for (guint i = 0; i < r->n_components; i++) {
        for (guint k = 0; k < COEFFICIENTS; k++) {
            if (r->components[i].shift[k] != 0)
                return sp_throw(error, SP_ERROR_AUDIT,
                                "EOI at byte %" G_GSIZE_FORMAT
                                " before coefficient %u of component %u is complete",
                                r->start, k, i + 1);
        }
    }
    for (guint i = 0; i < CLASS_COUNT * G_N_ELEMENTS(r->tables[0]); i++) {
        const HuffmanTable *table = &r->tables[i / 4][i % 4];
        if (table->at != 0 && !table->used)
            return refuse_unused(table, error);
    }
    return TRUE;
}

static gboolean
read_scans(Reader *r, GError **error)
{
    for (;;) {
        if (!next_marker(r, error))
            return FALSE;
        switch (r->marker) {
        case MARKER_DHT:
            if (!read_dht(r, error))
                return FALSE;
            break;
        case MARKER_SOS:
            if (!read_sos(r, error) || !skip_entropy(r, error))
                return FALSE;
            break;
        case MARKER_EOI:
            return check_end(r, error);
        default:
            return refuse_marker(r, error);
        }
    }
}

gboolean
sp_audit_jpeg(const guint8 *bytes, gsize n, const SpAuditPromise *promise, GError **error)
{
    Reader r = {.bytes = bytes, .n = n, .body = bytes};

    if (promise->components != 1 && promise->components != MAX_COMPONENTS)
        return sp_throw(error, SP_ERROR_AUDIT, "promised are %u components in a JPEG",
                        promise->components);
    return read_start(&r, error) && read_frame(&r, promise, error) && read_scans(&r, error);
}
