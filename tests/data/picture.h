/* SPDX-License-Identifier: MIT */
/* picture.h -- what make-picture knows of its picture, and one writer a format. */
#ifndef SP_TESTS_PICTURE_H
#define SP_TESTS_PICTURE_H
#include "data/draw.h"
#include "data/secrets.h"

typedef enum {
    ALPHA_NONE,
    ALPHA_FULL, /* there, and opaque everywhere */
    ALPHA_BALL, /* a ball with a soft rim; right beside the rim, magenta under alpha 0 */
    ALPHA_MOAT, /* the same, with some way between the rim and the magenta: for lossy codes */
} Alpha;

typedef struct {
    Drawing drawing;
    int bits, grey, palette, key, interlace, flat, lossless, quality;
    Alpha alpha;
    int bare; /* under alpha 0 is what was drawn, not magenta */
    /* Colour: what the samples are (space), and what the file says of them. Each is the name of
     * a space; NULL is nothing said. */
    const char *space, *icc, *cicp, *nclx, *gama;
    int srgb;
    /* What is hidden. */
    int exif, exif_orientation, gps, serial, xmp, comment, unknown, trailer;
    const char *canary;
    /* Other pictures, all magenta. */
    int frames, thumbnail, second, auxiliaries;
    /* Shape: a canvas that is larger than the first frame, a picture larger than its clap, a
     * picture of tiles. In pixels. */
    int canvas, clap, tile;
    int gif87;
} Options;

/* Samples in the order R, G, B, A, 65 535 is full; as the picture lies in the file. */
typedef struct {
    unsigned width, height;
    uint16_t *samples; /* owned */
} Frame;

#define SAMPLES(frame, x, y) ((frame)->samples + 4 * ((size_t)(y) * (frame)->width + (x)))

Frame frame_draw(const Options *o);
Frame frame_magenta(unsigned width, unsigned height);
/* A sample of so many bits. */
unsigned frame_level(uint16_t sample, int bits);
/* BT.709 luma of R, G, B. */
uint16_t frame_luma(const uint16_t *samples);

/* A palette: 4 * n bytes R, G, B, A. For 8 bits: the picture's own colours, a cube of
 * 6 * 6 * 6, then one that is half transparent and one that is not seen (magenta). */
size_t palette_make(int bits, uint8_t *rgba);
/* The entry for a pixel. */
uint8_t palette_find(const uint8_t *rgba, size_t n, const uint16_t *samples);

/* EXIF from "II" on; empty when there is none. */
Buffer picture_exif(const Options *o);
Buffer picture_xmp(const Options *o);
Buffer picture_profile(const Options *o);
/* ITU-T H.273 numbers of a space: primaries, transfer. */
void picture_code_points(const char *space, unsigned *primaries, unsigned *transfer);

static inline void
put_be(Buffer *b, uint32_t value, size_t n)
{
    for (size_t i = n; i-- > 0;)
        put(b, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
}

/* The writers; the buffer is the caller's. */
Buffer write_png(const Options *o, const Frame *frame);
Buffer write_webp(const Options *o, const Frame *frame);
Buffer write_gif(const Options *o, const Frame *frame);
Buffer write_heic(const Options *o, const Frame *frame);
Buffer write_avif(const Options *o, const Frame *frame);

#endif
