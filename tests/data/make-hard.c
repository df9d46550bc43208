/* SPDX-License-Identifier: MIT */
/* make-hard.c -- pictures that a byte budget has trouble with, each from a number.
 *
 *     make-hard --kind noise|grain|foliage|crowd|screenshot --seed N --size WxH FILE.jpg
 *
 * Noise and grain have no bytes to spare at any quality; foliage is small hard edges all over;
 * a crowd is edges of all sizes, in rows that become smaller to the back; a screenshot is flat,
 * with text, and high. How much of all that there is goes with the seed too. The same options
 * give the same bytes. */
#include "data/canvas.h"
#include "data/options.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* needs stdio.h */
#include <jpeglib.h>

/* An ellipse turned by angle, lighter to its upper left. */
static void
ellipse(Canvas *canvas, float x, float y, float a, float b, float angle, Ink ink)
{
    float s = sinf(angle), k = cosf(angle), reach = fmaxf(a, b);
    for (int row = (int)(y - reach); row <= (int)(y + reach); row++)
        for (int column = (int)(x - reach); column <= (int)(x + reach); column++) {
            float dx = (float)column - x, dy = (float)row - y;
            float u = (dx * k + dy * s) / a, v = (dy * k - dx * s) / b;
            float light = 1 - 0.25F * (dx + dy) / reach;
            if (u * u + v * v <= 1)
                canvas_put(canvas, column, row,
                           (Ink){ink.r * light, ink.g * light, ink.b * light});
        }
}

/* Soft light over all of it. */
static void
sky(Canvas *canvas)
{
    float fx = canvas_uniform(canvas, 2, 7), fy = canvas_uniform(canvas, 2, 7),
          turn = canvas_uniform(canvas, 0, 6);
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            float u = (float)x / (float)canvas->width, v = (float)y / (float)canvas->height;
            float light = 120 + 60 * sinf(fx * u + turn) * cosf(fy * v);
            canvas_put(canvas, x, y, (Ink){light, light + 30 * v, light + 40 * u});
        }
}

/* Added to each pixel: of all channels alike, and of each its own. */
static void
add_noise(Canvas *canvas, float grey, float colour)
{
    for (size_t i = 0; i < (size_t)canvas->width * (size_t)canvas->height; i++) {
        float luma = grey * canvas_normal(canvas);
        uint8_t *to = canvas->samples + i * 3;
        for (int k = 0; k < 3; k++)
            to[k] = (uint8_t)fminf(
                255, fmaxf(0, (float)to[k] + luma + colour * canvas_normal(canvas)));
    }
}

static void
draw_noise(Canvas *canvas)
{
    canvas_box(canvas, 0, 0, canvas->width, canvas->height, canvas_ink(canvas, 90, 160));
    add_noise(canvas, canvas_uniform(canvas, 20, 60), canvas_uniform(canvas, 0, 60));
}

static void
draw_grain(Canvas *canvas)
{
    sky(canvas);
    for (int i = 0; i < 30; i++) {
        float x = canvas_uniform(canvas, 0, (float)canvas->width);
        float y = canvas_uniform(canvas, 0, (float)canvas->height);
        float a = canvas_uniform(canvas, 20, 200), b = canvas_uniform(canvas, 20, 200);
        ellipse(canvas, x, y, a, b, canvas_uniform(canvas, 0, 3), canvas_ink(canvas, 20, 230));
    }
    add_noise(canvas, canvas_uniform(canvas, 5, 22), canvas_uniform(canvas, 0, 5));
}

static void
draw_foliage(Canvas *canvas)
{
    float area = (float)canvas->width * (float)canvas->height;
    float least = canvas_uniform(canvas, 2, 5);
    sky(canvas);
    for (int i = 0; i < (int)(area / 60); i++) {
        float x = canvas_uniform(canvas, 0, (float)canvas->width);
        float y = canvas_uniform(canvas, 0, (float)canvas->height);
        float radius = least / sqrtf(canvas_uniform(canvas, 0.02F, 1));
        float light = canvas_uniform(canvas, 0.3F, 1.1F);
        Ink ink = {light * canvas_uniform(canvas, 40, 140),
                   light * canvas_uniform(canvas, 90, 200),
                   light * canvas_uniform(canvas, 10, 80)};
        ellipse(canvas, x, y, radius, radius / canvas_uniform(canvas, 1.5F, 4),
                canvas_uniform(canvas, 0, 3.2F), ink);
    }
    add_noise(canvas, canvas_uniform(canvas, 0, 4), 1);
}

static void
draw_person(Canvas *canvas, float x, float y, float size)
{
    float skin = canvas_uniform(canvas, 70, 230);
    Ink face = {skin, skin * 0.8F, skin * 0.68F}, hair = canvas_ink(canvas, 10, 90);
    ellipse(canvas, x, y + 1.9F * size, 1.5F * size, 1.2F * size, 0,
            canvas_ink(canvas, 20, 240));
    ellipse(canvas, x, y - 0.15F * size, 0.85F * size, 1.05F * size, 0, hair);
    ellipse(canvas, x, y + 0.1F * size, 0.7F * size, 0.9F * size, 0, face);
    for (int side = -1; side <= 1; side += 2)
        ellipse(canvas, x + 0.28F * size * (float)side, y, 0.1F * size, 0.07F * size, 0,
                (Ink){25, 20, 20});
    ellipse(canvas, x, y + 0.5F * size, 0.25F * size, 0.06F * size, 0, (Ink){150, 60, 60});
}

static void
draw_crowd(Canvas *canvas)
{
    float near = canvas_uniform(canvas, 18, 45);
    sky(canvas);
    for (float y = 0.1F * (float)canvas->height; y < (float)canvas->height + near;) {
        float size = 3 + near * y / (float)canvas->height;
        float x = canvas_uniform(canvas, -size, size);
        while (x < (float)canvas->width + size) {
            draw_person(canvas, x, y + size * canvas_uniform(canvas, -0.5F, 0.5F), size);
            x += size * canvas_uniform(canvas, 1.6F, 3);
        }
        y += size * 1.3F;
    }
    add_noise(canvas, canvas_uniform(canvas, 1, 6), 1);
}

/* Letters of no alphabet: 5 x 7 dots. */
static void
draw_line(Canvas *canvas, int left, int top, int right, int dot, Ink ink)
{
    for (int x = left; x + 6 * dot < right; x += 6 * dot) {
        uint64_t bits = canvas_next(canvas);
        if (bits >> 61 == 0)
            continue;
        for (int i = 0; i < 35; i++)
            if (bits >> i & 1)
                canvas_box(canvas, x + i % 5 * dot, top + i / 5 * dot, dot, dot, ink);
    }
}

static void
draw_paragraph(Canvas *canvas, int top, int height, int dot)
{
    int left = canvas->width / 20;
    Ink ink = canvas_ink(canvas, 0, canvas_uniform(canvas, 40, 160));
    for (int y = top; y + 8 * dot < top + height; y += 11 * dot)
        draw_line(canvas, left, y, canvas->width - left - (int)(canvas_next(canvas) % 200), dot,
                  ink);
}

static void
draw_thumbnails(Canvas *canvas, int top, int height)
{
    for (int left = canvas->width / 20; left < canvas->width; left += height + 20) {
        Ink ink = canvas_ink(canvas, 60, 240);
        canvas_box(canvas, left, top, height, height - 20, ink);
        for (int i = 0; i < 20; i++) {
            float x = (float)left + canvas_uniform(canvas, 20, (float)height - 20);
            ellipse(canvas, x, (float)top + (float)height / 2, canvas_uniform(canvas, 4, 20),
                    canvas_uniform(canvas, 4, 60), 0, canvas_ink(canvas, 0, 255));
        }
    }
}

static void
draw_screenshot(Canvas *canvas)
{
    float dark = canvas_uniform(canvas, 0, 1);
    Ink paper = dark < 0.25F ? (Ink){225, 235, 245} : (Ink){255, 255, 255};
    int most = (int)canvas_uniform(canvas, 1.5F, 4);
    canvas_box(canvas, 0, 0, canvas->width, canvas->height, paper);
    for (int y = 0; y < canvas->height;) {
        int height = (int)canvas_uniform(canvas, 80, 500);
        float what = canvas_uniform(canvas, 0, 1);
        if (what < 0.15F)
            draw_thumbnails(canvas, y, height);
        else if (what < 0.3F)
            canvas_box(canvas, 0, y, canvas->width, height / 2, canvas_ink(canvas, 100, 250));
        else
            draw_paragraph(canvas, y, height, 1 + (int)(canvas_next(canvas) % (uint64_t)most));
        y += height + 30;
    }
}

static const struct {
    const char *word;
    void (*draw)(Canvas *canvas);
} kinds[] = {
    {"noise", draw_noise}, {"grain", draw_grain},           {"foliage", draw_foliage},
    {"crowd", draw_crowd}, {"screenshot", draw_screenshot},
};

static void
write_jpeg(FILE *file, const Canvas *canvas)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = (JDIMENSION)canvas->width;
    jpeg.image_height = (JDIMENSION)canvas->height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 97, TRUE);
    jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < canvas->height; y++) {
        JSAMPROW row = canvas->samples + (size_t)y * (size_t)canvas->width * 3;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
}

static Drawing drawing = {.orientation = 1, .seed = 1};
static const char *kind = "noise", *size = "1024x768";
static const Option known_options[] = {
    {"--kind", NULL, 0, 0, &kind},
    {"--size", NULL, 0, 0, &size},
    {"--seed", &drawing.seed, 0, 1 << 30, NULL},
};

static void
draw(Canvas *canvas)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i].word) == 0) {
            kinds[i].draw(canvas);
            return;
        }
    die("unknown kind", kind);
}

int
main(int argc, char **argv)
{
    const char *path = options_read(known_options, sizeof known_options / sizeof *known_options,
                                    argv + (argc > 0));
    options_set_size(size, &drawing);
    Canvas canvas = canvas_new((int)drawing.width, (int)drawing.height, drawing.seed);
    draw(&canvas);
    FILE *file = options_open(path);
    write_jpeg(file, &canvas);
    canvas_free(&canvas);
    if (fclose(file) != 0)
        die("cannot write", path);
    return 0;
}
