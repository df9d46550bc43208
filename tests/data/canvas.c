/* SPDX-License-Identifier: MIT */
#include "data/canvas.h"
#include "data/options.h"
#include <math.h>
#include <stdlib.h>

Canvas
canvas_new(int width, int height, int seed)
{
    Canvas canvas = {width, height, NULL, (uint64_t)seed};
    size_t pixels = (size_t)width * (size_t)height;
    canvas.samples = pixels > 0 ? calloc(pixels, 3) : NULL;
    if (canvas.samples == NULL)
        die("no memory for", "the picture");
    return canvas;
}

void
canvas_free(Canvas *canvas)
{
    free(canvas->samples);
}

/* splitmix64 (Steele, Lea and Flood, 2014). */
uint64_t
canvas_next(Canvas *canvas)
{
    uint64_t z = canvas->random += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

float
canvas_uniform(Canvas *canvas, float least, float most)
{
    return least + (most - least) * (float)(canvas_next(canvas) >> 40) / (1 << 24);
}

float
canvas_normal(Canvas *canvas)
{
    float sum = 0;
    for (int i = 0; i < 4; i++)
        sum += canvas_uniform(canvas, -0.5F, 0.5F);
    return sum * 1.7320508F;
}

Ink
canvas_ink(Canvas *canvas, float least, float most)
{
    float r = canvas_uniform(canvas, least, most), g = canvas_uniform(canvas, least, most);
    return (Ink){r, g, canvas_uniform(canvas, least, most)};
}

void
canvas_put(Canvas *canvas, int x, int y, Ink ink)
{
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
        return;
    uint8_t *to = canvas->samples + ((size_t)y * (size_t)canvas->width + (size_t)x) * 3;
    to[0] = (uint8_t)fminf(255, fmaxf(0, ink.r));
    to[1] = (uint8_t)fminf(255, fmaxf(0, ink.g));
    to[2] = (uint8_t)fminf(255, fmaxf(0, ink.b));
}

void
canvas_box(Canvas *canvas, int left, int top, int width, int height, Ink ink)
{
    for (int y = top; y < top + height; y++)
        for (int x = left; x < left + width; x++)
            canvas_put(canvas, x, y, ink);
}
