/* SPDX-License-Identifier: MIT */
/* make-photo.c -- a photo that is nobody's, and is as much work as a real one.
 *
 *     make-photo --size WxH --seed N [--sampling 420|422|444] [--quality Q] [--progressive]
 *                [--profile p3] [--orientation 1..8] FILE.jpg
 *
 * What a codec has to do depends on the statistics of a picture, not on what it shows. So this
 * is the "dead leaves" model of natural images (Lee, Mumford and Huang, 2001): ellipses whose
 * radii follow a power of -3 lie upon each other, each with a colour, a slope and a texture of
 * spectrum 1 / f, a few large calm ones in front as sky and walls are; then a lens, and noise
 * as a camera's smoothing leaves it. What is near has like light and like texture, so that busy
 * and empty blocks come in regions, as in a photo.
 *
 * Checked against 16 photos of cameras, phones and a drone, 8 to 24 megapixels. Median, and
 * from least to most; at equal sums of the luma quantisation table where that counts:
 *
 *                                        real                    photos.txt
 *     bits a pixel                       1.48  0.50 to 3.29      1.46  0.94 to 1.86
 *       of phones' (table sum 437/441)   1.95  1.44 to 2.25      1.69  1.49 to 1.86
 *     coefficients, not 0, a luma block  15.3  3.3 to 29.8       14.6  10.1 to 18.3
 *       of those in the low 4 x 4         9.0  3.2 to 14.6        8.8  6.8 to 9.8
 *       tenth, half, nine tenths of blocks have at most
 *       (phones)                         4 / 12 / 48             1 / 7 / 44
 *     the same, a chroma block            3.5  0.0 to 5.5         3.0  1.9 to 4.0
 *     baseline at 4/8, ms a megapixel     1.7  0.9 to 3.2         1.8  1.3 to 2.0
 *       Huffman decoding's share         0.82  0.75 to 0.86      0.84  0.80 to 0.86
 *     WebP / JPEG, bytes at q80, 1024    0.73  0.43 to 0.99      0.77  0.65 to 0.84
 *     the floor's shares: decode         0.49  0.39 to 0.71      0.44  0.37 to 0.65
 *       resize                           0.12  0.07 to 0.20      0.11  0.06 to 0.21
 *       WebP                             0.28  0.18 to 0.42      0.32  0.21 to 0.41
 *       JPEG                             0.04  0.03 to 0.06      0.05  0.03 to 0.06
 *
 * Huffman decoding is what a decode at 1/8 takes, where nothing else is done. A real set
 * spreads wider: it has pictures of nearly nothing (0.5 bits a pixel) and of nothing but leaves
 * (3.3).
 *
 * The same options give the same bytes. */
#include "data/options.h"
#include "data/secrets.h"
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* needs stdio.h */
#include <jpeglib.h>

enum {
    LEAVES = 8000,
    TILE = 512,  /* samples a side of a texture, which repeats; a power of two */
    LEVELS = 7,  /* of texture: each lacks one more of the finest octaves */
    OCTAVES = 8, /* of the finest texture: down to TILE >> OCTAVES samples a side */
    MARGIN = 2,  /* columns and rows beside the picture, for the lens */
};

typedef struct {
    float luma, slope_x, slope_y; /* slopes: a pixel */
    float blue, red;              /* less 128 */
    float texture;                /* amplitude */
    float tint;                   /* chroma's share of the texture */
    const float *tile;            /* borrowed */
    unsigned left, top;           /* where in the tile the leaf lies */
    float x, y;                   /* the middle */
} Leaf;

typedef struct {
    unsigned width, height; /* with margins */
    uint16_t *label;        /* owned; of each pixel its leaf */
    Leaf leaves[LEAVES];
    float tiles[LEVELS][TILE * TILE];
    float grain[2][TILE][TILE]; /* the sensor's noise: of luma, of chroma */
    float noise;
    uint64_t random;
} Scene;

/* ---- chance
 * ----------------------------------------------------------------------------------
 */

/* splitmix64 (Steele, Lea and Flood, 2014). */
static uint64_t
next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static float
uniform(Scene *scene, float least, float most)
{
    return least + (most - least) * (float)(next(&scene->random) >> 40) / (1 << 24);
}

/* Mean 0, deviation 1: four numbers of 16 bits, added. */
static float
normal(Scene *scene)
{
    uint64_t bits = next(&scene->random);
    float sum = 0;
    for (int i = 0; i < 4; i++, bits >>= 16)
        sum += (float)(bits & 0xFFFF) / 65536 - 0.5F;
    return sum * 1.7320508F;
}

/* ---- textures
 * --------------------------------------------------------------------------------
 */

/* White noise of `side` samples, drawn up to TILE by straight lines, is added. */
static void
add_octave(Scene *scene, unsigned side, float weight, float *tile)
{
    static float white[TILE * TILE];
    unsigned step = TILE / side;
    for (unsigned i = 0; i < side * side; i++)
        white[i] = normal(scene);
    for (unsigned y = 0; y < TILE; y++)
        for (unsigned x = 0; x < TILE; x++) {
            unsigned x0 = x / step, y0 = y / step;
            unsigned x1 = (x0 + 1) % side, y1 = (y0 + 1) % side;
            float u = (float)(x % step) / (float)step, v = (float)(y % step) / (float)step;
            u *= u * (3 - 2 * u); /* no kinks */
            v *= v * (3 - 2 * v);
            float upper = white[y0 * side + x0] * (1 - u) + white[y0 * side + x1] * u;
            float lower = white[y1 * side + x0] * (1 - u) + white[y1 * side + x1] * u;
            tile[y * TILE + x] += weight * (upper * (1 - v) + lower * v);
        }
}

/* As much in each octave: the amplitude spectrum of natural pictures, 1 / f. */
static void
make_textures(Scene *scene)
{
    for (int level = LEVELS - 1; level >= 0; level--) {
        float *tile = scene->tiles[level];
        if (level < LEVELS - 1)
            memcpy(tile, scene->tiles[level + 1], sizeof scene->tiles[level]);
        unsigned last = level == LEVELS - 1 ? OCTAVES : (unsigned)level;
        for (unsigned octave = (unsigned)level; octave <= last; octave++)
            add_octave(scene, TILE >> octave,
                       octave == 0   ? 2
                       : octave == 1 ? 1.2F
                                     : 0.6F,
                       tile);
    }
}

/* White noise through a small window, as demosaicing and a camera's smoothing leave it: in
 * chroma a wider one. Deviation 1. */
static void
make_grain(Scene *scene, float (*grain)[TILE], unsigned window)
{
    static float white[TILE * TILE];
    for (unsigned i = 0; i < TILE * TILE; i++)
        white[i] = normal(scene);
    for (unsigned y = 0; y < TILE; y++)
        for (unsigned x = 0; x < TILE; x++) {
            float sum = 0;
            for (unsigned k = 0; k < window * window; k++)
                sum += white[(y + k / window) % TILE * TILE + (x + k % window) % TILE];
            grain[y][x] = sum / (float)window;
        }
}

/* ---- leaves
 * ----------------------------------------------------------------------------------
 */

/* An ellipse, turned: a x^2 + 2 b x y + c y^2 <= 1. */
static void
paint(Scene *scene, uint16_t label, float radius)
{
    const Leaf *leaf = &scene->leaves[label];
    float stretch = uniform(scene, 1, 2), angle = uniform(scene, 0, (float)M_PI);
    float p = 1 / (radius * stretch), q = stretch / radius, s = sinf(angle), k = cosf(angle);
    float a = p * p * k * k + q * q * s * s, b = (p * p - q * q) * s * k,
          c = p * p * s * s + q * q * k * k;
    float reach = sqrtf(a / (a * c - b * b));
    int top = (int)fmaxf(0, ceilf(leaf->y - reach));
    int end = (int)fminf((float)scene->height, leaf->y + reach);
    for (int row = top; row < end; row++) {
        float y = (float)row - leaf->y, root = b * b * y * y - a * (c * y * y - 1);
        if (root < 0)
            continue;
        float half = sqrtf(root) / a, middle = leaf->x - b * y / a;
        int left = (int)fmaxf(0, ceilf(middle - half));
        int right = (int)fminf((float)scene->width, middle + half);
        uint16_t *to = scene->label + (size_t)row * scene->width;
        for (int x = left; x < right; x++)
            to[x] = label;
    }
}

static void
grow_leaf(Scene *scene, Leaf *leaf, float radius, float busy)
{
    const float *light = scene->tiles[LEVELS - 1]; /* what is near has like colours */
    leaf->x = uniform(scene, 0, (float)scene->width);
    leaf->y = uniform(scene, 0, (float)scene->height);
    unsigned u = (unsigned)(leaf->x / (float)scene->width * TILE / 2);
    unsigned v = (unsigned)(leaf->y / (float)scene->height * TILE / 2);
    float lit = light[(v % TILE) * TILE + u % TILE];
    float near = 1.1F * light[((v + TILE / 2) % TILE) * TILE + u % TILE]; /* so has texture */
    leaf->luma = 110 + 60 * lit + 18 * normal(scene);
    leaf->slope_x = 20 * normal(scene) / radius;
    leaf->slope_y = 20 * normal(scene) / radius;
    leaf->blue = -11 * lit + 6 * normal(scene);
    leaf->red = 8 * lit + 6 * normal(scene);
    leaf->texture = busy * expf(near + 0.7F * normal(scene));
    leaf->tint = 0.1F * normal(scene);
    leaf->tile = scene->tiles[next(&scene->random) % 3];
    leaf->left = (unsigned)next(&scene->random);
    leaf->top = (unsigned)next(&scene->random);
}

/* From back to front. Radii by a power of -3: each octave of them covers as much (Lee, Mumford
 * and Huang, "Occlusion models for natural images", 2001). The last and largest are calm: sky,
 * walls, what is out of focus. */
static void
make_leaves(Scene *scene)
{
    float side = (float)(scene->width > scene->height ? scene->width : scene->height);
    float least = side / 200, most = side / 3;
    float busy = uniform(scene, 7, 9);
    unsigned calm = 2 + (unsigned)uniform(scene, 0, 7);
    for (unsigned i = 0; i < LEAVES; i++) {
        bool is_calm = i == 0 || i + calm >= LEAVES;
        float share = uniform(scene, 0, 1);
        float radius = least / sqrtf(1 - share * (1 - least * least / (most * most)));
        if (is_calm)
            radius = side * uniform(scene, 0.08F, 0.3F);
        Leaf *leaf = &scene->leaves[i];
        grow_leaf(scene, leaf, radius, busy);
        if (is_calm) {
            leaf->texture = uniform(scene, 4, 20);
            leaf->tile = scene->tiles[LEVELS - 2 + next(&scene->random) % 2];
        }
        if (i > 0) /* the first is everywhere */
            paint(scene, (uint16_t)i, radius);
    }
}

/* ---- rows
 * ------------------------------------------------------------------------------------
 */

/* As the light falls: luma, and chroma less 128. */
static void
light_row(const Scene *scene, unsigned y, float *rows[3])
{
    const uint16_t *label = scene->label + (size_t)y * scene->width;
    for (unsigned x = 0; x < scene->width; x++) {
        const Leaf *leaf = &scene->leaves[label[x]];
        unsigned at = (y + leaf->top) % TILE * TILE + (x + leaf->left) % TILE;
        float texture = leaf->texture * leaf->tile[at];
        rows[0][x] = leaf->luma + leaf->slope_x * ((float)x - leaf->x) +
                     leaf->slope_y * ((float)y - leaf->y) + texture;
        rows[1][x] = leaf->blue - leaf->tint * texture;
        rows[2][x] = leaf->red + leaf->tint * texture;
    }
}

/* The lens: 1 LENS 1 in both directions. */
#define LENS 8
static void
blur_row(float *const lines[3], unsigned width, float *to)
{
    float before = 0, now = 0;
    for (unsigned x = 0; x < width; x++) {
        float after = lines[0][x] + LENS * lines[1][x] + lines[2][x];
        if (x > 0)
            to[x - 1] = (before + LENS * now + after) / ((LENS + 2) * (LENS + 2));
        before = now;
        now = after;
    }
}

static uint8_t
to_byte(float value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5F);
}

/* The sensor, with more noise in the light, and its tone curve. */
static void
expose_row(const Scene *scene, unsigned y, float *const rows[3], uint8_t *to)
{
    const float *luma = scene->grain[0][y % TILE];
    const float *blue = scene->grain[1][y % TILE];
    const float *red = scene->grain[1][(y + TILE / 2) % TILE];
    for (unsigned x = MARGIN; x < scene->width - MARGIN; x++, to += 3) {
        unsigned at = x % TILE;
        float value = rows[0][x], bright = value < 0 ? 0 : value > 255 ? 255 : value;
        float noise = scene->noise * (0.5F + bright / 255);
        to[0] = to_byte(value + noise * luma[at]);
        to[1] = to_byte(128 + rows[1][x] + noise / 2 * blue[at]);
        to[2] = to_byte(128 + rows[2][x] + noise / 2 * red[at]);
    }
}

/* ---- the file
 * --------------------------------------------------------------------------------
 */

static struct {
    Drawing drawing; /* its size, orientation and seed */
    int quality, progressive;
    const char *size, *sampling, *profile;
} given = {.drawing = {.orientation = 1, .seed = 1},
           .quality = 90,
           .size = "4032x3024",
           .sampling = "420"};

static void
set_up(struct jpeg_compress_struct *jpeg)
{
    const char *sampling = given.sampling;
    bool whole = strcmp(sampling, "444") == 0, half = strcmp(sampling, "422") == 0;
    if (!whole && !half && strcmp(sampling, "420") != 0)
        die("unknown sampling", sampling);
    jpeg->image_width = draw_stored_width(&given.drawing);
    jpeg->image_height = draw_stored_height(&given.drawing);
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_YCbCr;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, given.quality, TRUE);
    jpeg->comp_info[0].h_samp_factor = whole ? 1 : 2;
    jpeg->comp_info[0].v_samp_factor = whole || half ? 1 : 2;
    jpeg->write_JFIF_header = given.drawing.orientation == 1;
    if (given.progressive)
        jpeg_simple_progression(jpeg);
}

static void
write_metadata(struct jpeg_compress_struct *jpeg)
{
    Secrets secrets = {.orientation = given.drawing.orientation, .canary = ""};
    Buffer tiff = make_tiff(&secrets, &(Buffer){0}), exif = {0};
    put(&exif, "Exif\0", 6);
    put(&exif, tiff.bytes, tiff.n);
    if (given.drawing.orientation != 1)
        jpeg_write_marker(jpeg, JPEG_APP0 + 1, exif.bytes, (unsigned)exif.n);
    free(tiff.bytes);
    free(exif.bytes);
    if (given.profile == NULL)
        return;
    cmsHPROFILE profile = make_profile(given.profile);
    if (profile == NULL)
        die("unknown profile", given.profile);
    Buffer icc = make_profile_bytes(profile);
    jpeg_write_icc_profile(jpeg, icc.bytes, (unsigned)icc.n);
    cmsCloseProfile(profile);
    free(icc.bytes);
}

static void *
memory(size_t n)
{
    void *bytes = calloc(n, 1);
    if (bytes == NULL)
        die("no memory for", given.size);
    return bytes;
}

/* A line of each plane more than the picture has, above and below, for the lens. */
static void
write_rows(struct jpeg_compress_struct *jpeg, const Scene *scene)
{
    float *lines[3][3], *blurred[3];
    uint8_t *row = memory((size_t)scene->width * 3);
    for (int i = 0; i < 9; i++)
        lines[i / 3][i % 3] = memory(scene->width * sizeof(float));
    for (int i = 0; i < 3; i++)
        blurred[i] = memory(scene->width * sizeof(float));
    for (unsigned y = 0; y < scene->height; y++) {
        float *newest[3];
        for (int i = 0; i < 3; i++) {
            newest[i] = lines[i][0];
            lines[i][0] = lines[i][1];
            lines[i][1] = lines[i][2];
            lines[i][2] = newest[i];
        }
        light_row(scene, y, newest);
        if (y < 2 * MARGIN)
            continue;
        for (int i = 0; i < 3; i++)
            blur_row(lines[i], scene->width, blurred[i]);
        expose_row(scene, y, blurred, row);
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    free(row);
    for (int i = 0; i < 9; i++)
        free(lines[i / 3][i % 3]);
    for (int i = 0; i < 3; i++)
        free(blurred[i]);
}

static void
write_photo(FILE *file, const Scene *scene)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    set_up(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    write_metadata(&jpeg);
    write_rows(&jpeg, scene);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
}

static const Option known_options[] = {
    {"--size", NULL, 0, 0, &given.size},
    {"--sampling", NULL, 0, 0, &given.sampling},
    {"--profile", NULL, 0, 0, &given.profile},
    {"--orientation", &given.drawing.orientation, 1, 8, NULL},
    {"--quality", &given.quality, 1, 100, NULL},
    {"--seed", &given.drawing.seed, 0, 1 << 30, NULL},
    {"--progressive", &given.progressive, 1, 1, NULL},
};

int
main(int argc, char **argv)
{
    const char *path = options_read(known_options, COUNT(known_options), argv + (argc > 0));
    options_set_size(given.size, &given.drawing);
    Scene *scene = memory(sizeof *scene);
    scene->random = (uint64_t)given.drawing.seed;
    scene->width = draw_stored_width(&given.drawing) + 2 * MARGIN;
    scene->height = draw_stored_height(&given.drawing) + 2 * MARGIN;
    scene->label = memory((size_t)scene->width * scene->height * sizeof *scene->label);
    make_textures(scene);
    make_grain(scene, scene->grain[0], 2);
    make_grain(scene, scene->grain[1], 4);
    scene->noise = uniform(scene, 0.2F, 0.7F);
    make_leaves(scene);
    FILE *file = options_open(path);
    write_photo(file, scene);
    free(scene->label);
    free(scene);
    if (fclose(file) != 0)
        die("cannot write", path);
    return 0;
}
