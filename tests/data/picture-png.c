/* SPDX-License-Identifier: MIT */
/* picture-png.c -- PNG by hand: every colour type and depth, both interlacings, all filters.
 *
 * W3C PNG, third edition. Row y has filter y % 5, so that each is seen. */
#include "data/options.h"
#include "data/picture.h"
#include <string.h>
#include <zlib.h>

enum { GREY = 0, RGB = 2, PALETTE = 3, WITH_ALPHA = 4 };

typedef struct {
    const Options *o;
    int type, bits, channels;
    size_t n_palette;
    uint8_t palette[4 * 256];
} Png;

static void
put_chunk(Buffer *file, const char *name, const void *bytes, size_t n)
{
    put_be(file, (uint32_t)n, 4);
    size_t from = file->n;
    put(file, name, 4);
    put(file, bytes, n);
    put_be(file, (uint32_t)crc32(0, file->bytes + from, (uInt)(n + 4)), 4);
}

static Buffer
deflated(const Buffer *plain)
{
    uLongf n = compressBound(plain->n);
    Buffer packed = {malloc(n), 0, n};
    if (packed.bytes == NULL || compress2(packed.bytes, &n, plain->bytes, plain->n, 6) != Z_OK)
        die("cannot compress", "a chunk");
    packed.n = n;
    return packed;
}

/* ---- pixels --------------------------------------------------------------------------------
 */

/* The key colour of tRNS is magenta, in grey it is black; what is like it by chance is not. */
static void
apply_key(const Png *png, const uint16_t *samples, unsigned *level)
{
    const unsigned key[3] = {png->type == GREY ? 0 : (1u << png->bits) - 1, 0,
                             (1u << png->bits) - 1};
    int channels = png->channels, hidden = samples[3] < 32768;
    if (hidden)
        memcpy(level, key, (size_t)channels * sizeof *level);
    else if (memcmp(level, key, (size_t)channels * sizeof *level) == 0)
        level[0] ^= 1;
}

static void
levels_of(const Png *png, const uint16_t *samples, unsigned level[4])
{
    int colours = png->type & RGB ? 3 : 1;
    if (png->type == PALETTE) {
        level[0] = palette_find(png->palette, png->n_palette, samples);
        return;
    }
    for (int i = 0; i < colours; i++)
        level[i] = frame_level(png->type & RGB ? samples[i] : frame_luma(samples), png->bits);
    if (png->type & WITH_ALPHA)
        level[colours] = frame_level(samples[3], png->bits);
    else if (png->o->alpha != ALPHA_NONE)
        apply_key(png, samples, level);
}

/* Pixels left, left + step, ... of one row, packed to bytes. Returns their number. */
static size_t
pack_row(const Png *png, const Frame *frame, unsigned y, unsigned left, unsigned step,
         uint8_t *row)
{
    size_t bit = 0;
    for (unsigned x = left; x < frame->width; x += step) {
        unsigned level[4] = {0};
        levels_of(png, SAMPLES(frame, x, y), level);
        for (int i = 0; i < png->channels; i++, bit += (size_t)png->bits) {
            uint8_t *at = row + bit / 8;
            if (png->bits == 16) {
                at[0] = (uint8_t)(level[i] >> 8);
                at[1] = (uint8_t)level[i];
            } else {
                if (bit % 8 == 0)
                    *at = 0;
                *at |= (uint8_t)(level[i] << (8 - png->bits - (int)(bit % 8)));
            }
        }
    }
    return (bit + 7) / 8;
}

static int
paeth(int a, int b, int c)
{
    int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

static void
put_filtered(Buffer *plain, int filter, const uint8_t *row, const uint8_t *above, size_t n,
             size_t pixel)
{
    put(plain, &(uint8_t){(uint8_t)filter}, 1);
    for (size_t i = 0; i < n; i++) {
        int a = i < pixel ? 0 : row[i - pixel], b = above[i];
        int c = i < pixel ? 0 : above[i - pixel];
        const int guess[5] = {0, a, b, (a + b) / 2, paeth(a, b, c)};
        put(plain, &(uint8_t){(uint8_t)(row[i] - guess[filter])}, 1);
    }
}

typedef struct {
    unsigned left, top, step_x, step_y;
} Pass;

static void
put_pass(const Png *png, const Frame *frame, const Pass *pass, Buffer *plain)
{
    size_t room = (size_t)frame->width * 8 + 1;
    uint8_t *row = calloc(room, 1), *above = calloc(room, 1);
    if (row == NULL || above == NULL)
        die("no memory for", "rows");
    size_t pixel = (size_t)(png->bits * png->channels + 7) / 8;
    int filter = 0;
    for (unsigned y = pass->top; y < frame->height; y += pass->step_y) {
        size_t n = pack_row(png, frame, y, pass->left, pass->step_x, row);
        if (n > 0)
            put_filtered(plain, filter++ % 5, row, above, n, pixel);
        uint8_t *old = above;
        above = row;
        row = old;
    }
    free(row);
    free(above);
}

/* The zlib stream of a frame. */
static Buffer
picture_data(const Png *png, const Frame *frame)
{
    static const Pass whole = {0, 0, 1, 1};
    static const Pass adam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                 {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    Buffer plain = {0};
    if (!png->o->interlace)
        put_pass(png, frame, &whole, &plain);
    for (size_t i = 0; png->o->interlace && i < COUNT(adam7); i++)
        put_pass(png, frame, &adam7[i], &plain);
    Buffer packed = deflated(&plain);
    free(plain.bytes);
    return packed;
}

/* ---- chunks --------------------------------------------------------------------------------
 */

static void
put_header(const Png *png, const Frame *frame, Buffer *file)
{
    Buffer header = {0};
    put_be(&header, frame->width, 4);
    put_be(&header, frame->height, 4);
    put(&header,
        (uint8_t[]){(uint8_t)png->bits, (uint8_t)png->type, 0, 0, png->o->interlace != 0}, 5);
    put_chunk(file, "IHDR", header.bytes, header.n);
    free(header.bytes);
}

static void
put_gama(const char *space, Buffer *file)
{
    static const struct {
        const char *name;
        uint32_t gamma, chroma[8];
    } known[] = {
        {"srgb", 45455, {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000}},
        {"p3", 45455, {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000}},
        {"adobe", 45470, {31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000}},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(known[i].name, space) != 0)
            continue;
        Buffer chunk = {0};
        put_be(&chunk, known[i].gamma, 4);
        for (int k = 0; k < 8; k++)
            put_be(&chunk, known[i].chroma[k], 4);
        put_chunk(file, "gAMA", chunk.bytes, 4);
        put_chunk(file, "cHRM", chunk.bytes + 4, 32);
        free(chunk.bytes);
        return;
    }
    die("no gAMA for", space);
}

static void
put_colour(const Options *o, Buffer *file)
{
    Buffer profile = picture_profile(o);
    if (profile.n > 0) {
        Buffer packed = deflated(&profile), chunk = {0};
        put(&chunk, o->canary, strlen(o->canary) > 79 ? 79 : strlen(o->canary));
        put(&chunk, "\0", 2); /* the end of the name; compression 0 */
        put(&chunk, packed.bytes, packed.n);
        put_chunk(file, "iCCP", chunk.bytes, chunk.n);
        free(chunk.bytes);
        free(packed.bytes);
    }
    free(profile.bytes);
    if (o->cicp != NULL) {
        unsigned primaries = 0, transfer = 0;
        picture_code_points(o->cicp, &primaries, &transfer);
        put_chunk(file, "cICP", (uint8_t[]){(uint8_t)primaries, (uint8_t)transfer, 0, 1}, 4);
    }
    if (o->gama != NULL)
        put_gama(o->gama, file);
    if (o->srgb)
        put_chunk(file, "sRGB", "\0", 1);
}

static void
put_text(const Options *o, Buffer *file)
{
    Buffer chunk = {0}, exif = picture_exif(o), xmp = picture_xmp(o);
    if (exif.n > 0)
        put_chunk(file, "eXIf", exif.bytes, exif.n);
    if (o->comment) {
        put(&chunk, "Comment", 8);
        put(&chunk, o->canary, strlen(o->canary));
        put_chunk(file, "tEXt", chunk.bytes, chunk.n);
        put_chunk(file, "tIME", "\7\350\5\21\22\52\7", 7);
    }
    if (xmp.n > 0) {
        static const char keyword[] = "XML:com.adobe.xmp\0\0\0\0";
        chunk.n = 0;
        put(&chunk, keyword, sizeof keyword); /* four NULs, and the text's own */
        put(&chunk, xmp.bytes, xmp.n);
        put_chunk(file, "iTXt", chunk.bytes, chunk.n);
    }
    if (o->unknown)
        put_chunk(file, "prIv", o->canary, strlen(o->canary));
    free(chunk.bytes);
    free(exif.bytes);
    free(xmp.bytes);
}

static void
put_palette(const Png *png, Buffer *file)
{
    Buffer colours = {0}, alphas = {0};
    for (size_t i = 0; i < png->n_palette; i++) {
        put(&colours, png->palette + 4 * i, 3);
        put(&alphas, png->palette + 4 * i + 3, 1);
    }
    uint8_t most = png->bits == 16 ? 255 : (uint8_t)((1u << png->bits) - 1);
    uint8_t top = png->bits == 16 ? 255 : 0;
    if (png->type == PALETTE) {
        put_chunk(file, "PLTE", colours.bytes, colours.n);
        if (png->o->alpha != ALPHA_NONE)
            put_chunk(file, "tRNS", alphas.bytes, alphas.n);
    } else if (png->type == RGB && png->o->alpha != ALPHA_NONE) {
        put_chunk(file, "tRNS", (uint8_t[]){top, most, 0, 0, top, most}, 6);
    } else if (png->type == GREY && png->o->alpha != ALPHA_NONE) {
        put_chunk(file, "tRNS", "\0", 2);
    }
    free(colours.bytes);
    free(alphas.bytes);
}

/* ---- animation -----------------------------------------------------------------------------
 */

static void
put_frame_control(const Frame *frame, uint32_t number, Buffer *file)
{
    Buffer chunk = {0};
    put_be(&chunk, number, 4);
    put_be(&chunk, frame->width, 4);
    put_be(&chunk, frame->height, 4);
    put_be(&chunk, 0, 4);
    put_be(&chunk, 0, 4);
    put(&chunk, (uint8_t[]){0, 1, 0, 10, 0, 0}, 6); /* a tenth of a second */
    put_chunk(file, "fcTL", chunk.bytes, chunk.n);
    free(chunk.bytes);
}

static void
put_later_frames(const Png *png, const Frame *frame, Buffer *file)
{
    Frame later = frame_magenta(frame->width, frame->height);
    Buffer data = picture_data(png, &later), chunk = {0};
    for (int i = 1; i < png->o->frames; i++) {
        put_frame_control(frame, (uint32_t)(2 * i - 1), file);
        chunk.n = 0;
        put_be(&chunk, (uint32_t)(2 * i), 4);
        put(&chunk, data.bytes, data.n);
        put_chunk(file, "fdAT", chunk.bytes, chunk.n);
    }
    free(chunk.bytes);
    free(data.bytes);
    free(later.samples);
}

Buffer
write_png(const Options *o, const Frame *frame)
{
    Png png = {.o = o, .bits = o->bits, .type = o->grey ? GREY : RGB};
    if (o->palette)
        png.type = PALETTE;
    else if (o->alpha != ALPHA_NONE && o->bits >= 8 && !o->key)
        png.type |= WITH_ALPHA;
    png.channels = png.type == PALETTE ? 1 : (png.type & RGB ? 3 : 1) + png.type / WITH_ALPHA;
    png.n_palette = o->palette ? palette_make(o->bits, png.palette) : 0;
    Buffer file = {0}, data = picture_data(&png, frame);
    put(&file, "\211PNG\r\n\032\n", 8);
    put_header(&png, frame, &file);
    put_colour(o, &file);
    put_palette(&png, &file);
    put_text(o, &file);
    if (o->frames > 1) {
        put_chunk(&file, "acTL",
                  (uint8_t[]){0, 0, (uint8_t)(o->frames >> 8), (uint8_t)o->frames, 0, 0, 0, 0},
                  8);
        put_frame_control(frame, 0, &file);
    }
    /* Two IDAT, as most writers have several. */
    put_chunk(&file, "IDAT", data.bytes, data.n / 2);
    put_chunk(&file, "IDAT", data.bytes + data.n / 2, data.n - data.n / 2);
    put_later_frames(&png, frame, &file);
    put_chunk(&file, "IEND", NULL, 0);
    free(data.bytes);
    return file;
}
