/* SPDX-License-Identifier: MIT */
/* picture-gif.c -- GIF by hand: both versions, interlaced, transparent, animated.
 *
 * CompuServe GIF89a. The palette has 256 entries; the last one is magenta and, in a transparent
 * picture, the one that is not seen. Later frames cover the canvas, in the same entry. */
#include "data/options.h"
#include "data/picture.h"
#include <string.h>

#define LAST ((size_t)255)

/* ---- LZW -----------------------------------------------------------------------------------
 * Codes grow from 9 to 12 bits, low bits first, in blocks of at most 255 bytes. */

enum { CLEAR = 256, END = 257, FIRST_FREE = 258, CODES = 4096 };

typedef struct {
    Buffer packed;
    uint32_t bits;
    unsigned n_bits, width, next;
    uint16_t (*longer)[256]; /* longer[code][byte]: the code of both together, 0 is none */
} Lzw;

static void
put_code(Lzw *lzw, unsigned code)
{
    lzw->bits |= (uint32_t)code << lzw->n_bits;
    lzw->n_bits += lzw->width;
    for (; lzw->n_bits >= 8; lzw->n_bits -= 8, lzw->bits >>= 8)
        put_le(&lzw->packed, lzw->bits & 255, 1);
}

static void
start_table(Lzw *lzw)
{
    put_code(lzw, CLEAR);
    memset(lzw->longer, 0, CODES * sizeof *lzw->longer);
    lzw->next = FIRST_FREE;
    lzw->width = 9;
}

static Buffer
compress_bytes(const Buffer *plain)
{
    Lzw lzw = {.width = 9, .longer = malloc(CODES * sizeof *lzw.longer)};
    if (lzw.longer == NULL)
        die("no memory for", "the table");
    start_table(&lzw);
    unsigned code = plain->bytes[0];
    for (size_t i = 1; i < plain->n; i++) {
        uint16_t *longer = &lzw.longer[code][plain->bytes[i]];
        if (*longer != 0) {
            code = *longer;
            continue;
        }
        put_code(&lzw, code);
        code = plain->bytes[i];
        if (lzw.next == CODES) {
            start_table(&lzw);
            continue;
        }
        if (lzw.next == 1u << lzw.width)
            lzw.width++;
        *longer = (uint16_t)lzw.next++;
    }
    put_code(&lzw, code);
    put_code(&lzw, END);
    if (lzw.n_bits > 0)
        put_le(&lzw.packed, lzw.bits & 255, 1);
    free(lzw.longer);
    return lzw.packed;
}

static void
put_blocks(Buffer *file, const void *bytes, size_t n)
{
    for (size_t at = 0; at < n; at += 255) {
        size_t part = n - at < 255 ? n - at : 255;
        put_le(file, (uint32_t)part, 1);
        put(file, (const uint8_t *)bytes + at, part);
    }
    put_le(file, 0, 1);
}

/* ---- blocks --------------------------------------------------------------------------------
 */

static void
put_control(const Options *o, Buffer *file)
{
    uint8_t flags = 1 << 2; /* leave the frame in place */
    flags |= o->alpha != ALPHA_NONE;
    put(file, (uint8_t[]){0x21, 0xF9, 4, flags, 10, 0, (uint8_t)LAST, 0}, 8);
}

static Buffer
indices_of(const Options *o, const Frame *frame, const uint8_t *palette, size_t n)
{
    static const struct {
        unsigned from, step;
    } passes[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}, {0, 1}};
    Buffer indices = {0};
    size_t first = o->interlace ? 0 : 4, end = o->interlace ? 4 : 5;
    for (size_t i = first; i < end; i++)
        for (unsigned y = passes[i].from; y < frame->height; y += passes[i].step)
            for (unsigned x = 0; x < frame->width; x++) {
                uint16_t samples[4];
                memcpy(samples, SAMPLES(frame, x, y), sizeof samples);
                samples[3] = samples[3] < 32768 ? 0 : 65535; /* there is no half here */
                put_le(&indices, palette_find(palette, n, samples), 1);
            }
    return indices;
}

static void
put_picture(const Options *o, unsigned offset, const Frame *frame, const Buffer *indices,
            Buffer *file)
{
    if (!o->gif87)
        put_control(o, file);
    put_le(file, 0x2C, 1);
    put_le(file, offset, 2);
    put_le(file, offset, 2);
    put_le(file, frame->width, 2);
    put_le(file, frame->height, 2);
    put_le(file, o->interlace ? 0x40 : 0, 1);
    put_le(file, 8, 1); /* bits of the first codes, less one */
    Buffer packed = compress_bytes(indices);
    put_blocks(file, packed.bytes, packed.n);
    free(packed.bytes);
}

static void
put_extensions(const Options *o, Buffer *file)
{
    if (o->frames > 1) {
        put(file, "\x21\xFF\x0BNETSCAPE2.0\3\1\0\0", 18);
        put_le(file, 0, 1);
    }
    if (o->comment) {
        put(file, "\x21\xFE", 2);
        put_blocks(file, o->canary, strlen(o->canary));
    }
    if (o->unknown) {
        put(file, "\x21\xFF\x0BSTORYPIC1.0", 14);
        put_blocks(file, o->canary, strlen(o->canary));
    }
    Buffer xmp = picture_xmp(o);
    if (xmp.n > 0) {
        /* As Adobe has it: not in blocks, but plain, and a slide of 258 bytes behind it. */
        put(file, "\x21\xFF\x0BXMP DataXMP", 14);
        put(file, xmp.bytes, xmp.n);
        put_le(file, 1, 1);
        for (unsigned i = 256; i-- > 0;)
            put_le(file, i, 1);
        put_le(file, 0, 1);
    }
    free(xmp.bytes);
}

Buffer
write_gif(const Options *o, const Frame *frame)
{
    uint8_t palette[4 * 256] = {0};
    size_t n = palette_make(8, palette);
    /* The entry that nothing sees must be the last. */
    memmove(palette + 4 * LAST, palette + 4 * (n - 1), 4);
    unsigned canvas = (unsigned)o->canvas;
    Buffer file = {0};
    put(&file, o->gif87 ? "GIF87a" : "GIF89a", 6);
    put_le(&file, frame->width + 2 * canvas, 2);
    put_le(&file, frame->height + 2 * canvas, 2);
    put(&file, (uint8_t[]){0xF7, (uint8_t)LAST, 0},
        3); /* background: magenta, and of no account */
    for (size_t i = 0; i <= LAST; i++)
        put(&file, palette + 4 * i, 3);
    if (!o->gif87)
        put_extensions(o, &file);
    Buffer indices = indices_of(o, frame, palette, n);
    for (size_t i = 0; i < indices.n; i++)
        if (indices.bytes[i] == n - 1)
            indices.bytes[i] = (uint8_t)LAST;
    put_picture(o, canvas, frame, &indices, &file);
    Frame later = {frame->width + 2 * canvas, frame->height + 2 * canvas, NULL};
    indices.n = 0;
    for (size_t i = 0; i < (size_t)later.width * later.height; i++)
        put_le(&indices, LAST, 1);
    Options opaque = *o;
    opaque.alpha = ALPHA_NONE;
    for (int i = 1; i < o->frames; i++)
        put_picture(&opaque, 0, &later, &indices, &file);
    put_le(&file, 0x3B, 1);
    free(indices.bytes);
    return file;
}
