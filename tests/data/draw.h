/* SPDX-License-Identifier: MIT */
/* draw.h -- the picture of the test uploads: one that the eye can judge, whatever its format.
 *
 * A house under a sky, an arrow that points up, a strip of colour patches and a different
 * colour in each corner (red top left, green top right, blue bottom left, yellow bottom right),
 * so that turning, mirroring, colour and cropping all show. */
#ifndef SP_TESTS_DRAW_H
#define SP_TESTS_DRAW_H

typedef struct {
    double r, g, b; /* sRGB, 0 to 255 and, for the noise, a little beyond */
} Colour;

typedef struct {
    unsigned width, height; /* of the upright picture */
    int orientation;        /* 1 to 8: how it lies in the file, as EXIF has it */
    int noise, seed;
} Drawing;

/* As it lies in the file. */
unsigned draw_stored_width(const Drawing *d);
unsigned draw_stored_height(const Drawing *d);
Colour draw_at(const Drawing *d, unsigned stored_x, unsigned stored_y);

#endif
