/* SPDX-License-Identifier: MIT */
/* sample.c -- ITU-T T.81, written by hand: one table of each kind, of eight codes of four bits.
 *
 * Each block has a new mean and a few coefficients of low frequency, drawn from a fixed seed,
 * so that a decoder has about as many codes to read as in a photo of a phone, five bits a code.
 */
#include "doctor/sample.h"

#define CODES 8
#define CODE_BITS 4
#define COEFFICIENTS 9 /* a block, but for its mean */
#define MCU 16

/* Symbols in the order of their codes. DC: bits of the difference. AC: zeros to skip, and bits.
 */
static const guint8 dc_symbols[CODES] = {0, 1, 2, 3, 4, 5, 6, 7};
static const guint8 ac_symbols[CODES] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x11, 0x12, 0x21};

typedef struct {
    GByteArray *out; /* borrowed */
    guint64 random;
    guint32 bits;
    guint n_bits;
} Writer;

/* splitmix64 (Steele, Lea and Flood, 2014): a number below n, which is at most 2^16. */
static guint
draw(Writer *writer, guint n)
{
    guint64 z = writer->random += G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94D049BB133111EB);
    return (guint)((z >> 48) * n >> 16);
}

/* Behind a byte of ones comes one of zeros (B.1.1.5). */
static void
put_bits(Writer *writer, guint value, guint n)
{
    writer->bits = writer->bits << n | value;
    writer->n_bits += n;
    while (writer->n_bits >= 8) {
        guint8 byte = (guint8)(writer->bits >> (writer->n_bits - 8)), zero = 0;
        g_byte_array_append(writer->out, &byte, 1);
        if (byte == 0xFF)
            g_byte_array_append(writer->out, &zero, 1);
        writer->n_bits -= 8;
    }
}

/* A code, and so many bits of any value behind it. */
static void
put_code(Writer *writer, guint code, guint n)
{
    put_bits(writer, code, CODE_BITS);
    if (n > 0)
        put_bits(writer, draw(writer, 1u << n), n);
}

/* The mean goes back towards the middle, so that it never leaves the range. */
static void
put_block(Writer *writer, int *mean)
{
    guint n = 1 + draw(writer, 6), size = 1u << (n - 1);
    guint magnitude = size + draw(writer, size);
    gboolean down = *mean > 0;
    *mean += down ? -(int)magnitude : (int)magnitude;
    put_bits(writer, n, CODE_BITS);
    put_bits(writer, down ? (1u << n) - 1 - magnitude : magnitude, n);
    guint last = draw(writer, 2 * COEFFICIENTS);
    for (guint i = 0; i < last; i++) {
        guint code = 1 + draw(writer, CODES - 1);
        put_code(writer, code, ac_symbols[code] & 15);
    }
    put_code(writer, 0, 0); /* the rest is zero */
}

static void
put(GByteArray *out, const void *bytes, gsize n)
{
    g_byte_array_append(out, bytes, (guint)n);
}

/* 0xFF, marker, length, the bytes. */
static void
put_segment(GByteArray *out, guint8 marker, const guint8 *bytes, gsize n)
{
    guint8 head[4] = {0xFF, marker, (guint8)((n + 2) >> 8), (guint8)(n + 2)};
    put(out, head, sizeof head);
    put(out, bytes, n);
}

static void
put_table(GByteArray *out, guint8 class_and_number, const guint8 *symbols)
{
    guint8 table[1 + 16 + CODES] = {class_and_number};
    table[CODE_BITS] = CODES;
    for (guint i = 0; i < CODES; i++)
        table[17 + i] = symbols[i];
    put_segment(out, 0xC4, table, sizeof table);
}

static void
put_head(GByteArray *out)
{
    static const guint8 start[] = {0xFF, 0xD8};
    static const guint8 frame[] = {
        8,
        SP_SAMPLE_HEIGHT >> 8,
        SP_SAMPLE_HEIGHT & 255,
        SP_SAMPLE_WIDTH >> 8,
        SP_SAMPLE_WIDTH & 255,
        3,
        1,
        0x22,
        0,
        2,
        0x11,
        0,
        3,
        0x11,
        0,
    };
    static const guint8 scan[] = {3, 1, 0, 2, 0, 3, 0, 0, 63, 0};
    guint8 steps[65] = {0};
    for (guint i = 1; i < sizeof steps; i++)
        steps[i] = 6;
    put(out, start, sizeof start);
    put_segment(out, 0xDB, steps, sizeof steps);
    put_segment(out, 0xC0, frame, sizeof frame);
    put_table(out, 0x00, dc_symbols);
    put_table(out, 0x10, ac_symbols);
    put_segment(out, 0xDA, scan, sizeof scan);
}

GByteArray *
sp_sample_jpeg(void)
{
    static const guint8 end[] = {0xFF, 0xD9};
    GByteArray *out = g_byte_array_new();
    put_head(out);
    Writer writer = {.out = out, .random = 1};
    int means[3] = {0};
    for (guint i = 0; i < SP_SAMPLE_WIDTH / MCU * (SP_SAMPLE_HEIGHT / MCU); i++) {
        for (guint k = 0; k < 4; k++)
            put_block(&writer, &means[0]);
        put_block(&writer, &means[1]);
        put_block(&writer, &means[2]);
    }
    if (writer.n_bits > 0) /* filled up with ones */
        put_bits(&writer, 0xFF >> writer.n_bits, 8 - writer.n_bits);
    put(out, end, sizeof end);
    return out;
}
