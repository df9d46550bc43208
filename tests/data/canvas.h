/* SPDX-License-Identifier: MIT */
/* canvas.h -- what make-hard and make-graphic draw on: RGB, and chance from a number. */
#ifndef SP_TESTS_CANVAS_H
#define SP_TESTS_CANVAS_H
#include <stdint.h>

typedef struct {
    int width, height;
    uint8_t *samples; /* owned; RGB */
    uint64_t random;
} Canvas;

typedef struct {
    float r, g, b; /* 0 to 255; what is beyond is cut off */
} Ink;

/* Black. Ends the tool when there is no memory. */
Canvas canvas_new(int width, int height, int seed);
void canvas_free(Canvas *canvas);

uint64_t canvas_next(Canvas *canvas);
float canvas_uniform(Canvas *canvas, float least, float most);
/* Mean 0, deviation 1: four uniform numbers, added. */
float canvas_normal(Canvas *canvas);
Ink canvas_ink(Canvas *canvas, float least, float most);

/* What lies outside is not drawn. */
void canvas_put(Canvas *canvas, int x, int y, Ink ink);
void canvas_box(Canvas *canvas, int left, int top, int width, int height, Ink ink);

#endif
