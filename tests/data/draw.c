/* SPDX-License-Identifier: MIT */
/* draw.c -- the house, the arrow, the patches and the corners.
 *
 * Shapes are rows of two tables; the sky and the meadow behind them are smooth, so that a wrong
 * curve or a band shows. A pixel depends on nothing but its place: it may be asked for in any
 * order, and any size costs no memory. */
#include "data/draw.h"
#include "data/tiff.h"
#include <math.h>

/* ---- the picture ---------------------------------------------------------------------------
 * u and v run from 0 to 1 over the upright picture. */

typedef struct {
    double left, top, right, bottom;
    Colour colour;
} Box;

static const Box boxes[] = {
    {0.00, 0.00, 0.08, 0.08, {220, 30, 30}},   {0.92, 0.00, 1.00, 0.08, {30, 160, 50}},
    {0.00, 0.92, 0.08, 1.00, {30, 60, 200}},   {0.92, 0.92, 1.00, 1.00, {240, 210, 40}},
    {0.15, 0.50, 0.45, 0.78, {200, 170, 130}}, {0.20, 0.56, 0.27, 0.64, {150, 200, 230}},
    {0.34, 0.60, 0.41, 0.78, {110, 60, 30}},   {0.69, 0.40, 0.75, 0.74, {40, 40, 40}},
    {0.20, 0.84, 0.30, 0.90, {255, 0, 0}},     {0.30, 0.84, 0.40, 0.90, {0, 255, 0}},
    {0.40, 0.84, 0.50, 0.90, {0, 0, 255}},     {0.50, 0.84, 0.60, 0.90, {128, 128, 128}},
    {0.60, 0.84, 0.70, 0.90, {255, 255, 255}}, {0.70, 0.84, 0.80, 0.90, {224, 172, 140}},
};

/* A triangle that points up: its tip, its base line and half the length of the base. */
typedef struct {
    double tip_u, tip_v, base_v, half;
    Colour colour;
} Tip;

static const Tip tips[] = {
    {0.30, 0.34, 0.50, 0.19, {170, 50, 40}}, /* the roof */
    {0.72, 0.22, 0.42, 0.11, {40, 40, 40}},  /* the arrow */
};

static Colour
background(double u, double v)
{
    double wave = 0.62 + 0.03 * sin(u * 9.0);
    if (v > wave) {
        double t = (v - wave) / (1.0 - wave);
        return (Colour){90 + 50 * t, 150 - 40 * t, 60 + 10 * sin(u * 40.0)};
    }
    double t = v / wave;
    double sun = exp(-((u - 0.52) * (u - 0.52) + (v - 0.16) * (v - 0.16)) * 120.0);
    return (Colour){90 + 110 * t + 55 * sun, 150 + 65 * t + 30 * sun, 225 + 15 * t - 60 * sun};
}

static Colour
paint(double u, double v)
{
    Colour colour = background(u, v);
    for (size_t i = 0; i < COUNT(tips); i++) {
        const Tip *tip = &tips[i];
        double reach = tip->half * (v - tip->tip_v) / (tip->base_v - tip->tip_v);
        if (v >= tip->tip_v && v < tip->base_v && fabs(u - tip->tip_u) <= reach)
            colour = tip->colour;
    }
    for (size_t i = 0; i < COUNT(boxes); i++) {
        const Box *box = &boxes[i];
        if (u >= box->left && u < box->right && v >= box->top && v < box->bottom)
            colour = box->colour;
    }
    return colour;
}

/* A cheap hash of the place, so that noise does not depend on the order of drawing. */
static double
grain(unsigned x, unsigned y, unsigned seed)
{
    uint32_t k = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
    k = (k ^ k >> 15) * 0x2C1B3C6Du;
    k = (k ^ k >> 12) * 0x297A2D39u;
    return (double)((k ^ k >> 15) & 0xFFFF) / 32767.5 - 1.0;
}

/* ---- turning -------------------------------------------------------------------------------
 * EXIF orientation as three switches: the stored picture is the upright one, mirrored along x,
 * mirrored along y, then transposed. */

static const struct {
    int flip_x, flip_y, swap;
} turns[9] = {
    [1] = {0, 0, 0}, [2] = {1, 0, 0}, [3] = {1, 1, 0}, [4] = {0, 1, 0},
    [5] = {0, 0, 1}, [6] = {1, 0, 1}, [7] = {1, 1, 1}, [8] = {0, 1, 1},
};

Colour
draw_at(const Drawing *d, unsigned stored_x, unsigned stored_y)
{
    int swap = turns[d->orientation].swap;
    unsigned x = swap ? stored_y : stored_x;
    unsigned y = swap ? stored_x : stored_y;
    x = turns[d->orientation].flip_x ? d->width - 1 - x : x;
    y = turns[d->orientation].flip_y ? d->height - 1 - y : y;
    double noise = d->noise * grain(x, y, (unsigned)d->seed);
    Colour colour = paint((x + 0.5) / d->width, (y + 0.5) / d->height);
    return (Colour){colour.r + noise, colour.g + noise, colour.b + noise};
}

unsigned
draw_stored_width(const Drawing *d)
{
    return turns[d->orientation].swap ? d->height : d->width;
}

unsigned
draw_stored_height(const Drawing *d)
{
    return turns[d->orientation].swap ? d->width : d->height;
}
