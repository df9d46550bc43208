/* SPDX-License-Identifier: MIT */
/* floor.h -- what the two files of the floor share: planes, and colours other than sRGB. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H
#include <lcms2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    unsigned width, height;
} Size;

typedef struct {
    uint8_t *data; /* owned */
    size_t stride;
    Size size;
    double pitch_x, pitch_y; /* pixels of the coded photo from a sample to the next */
} Plane;

typedef struct {
    Plane planes[3];
    int n;
    Size size; /* of luma, or of the photo at full size */
} Picture;

/* n bytes, as zimg wants them aligned; free()d by the caller. Ends the program when there are
 * none. */
void *floor_memory(size_t n);

enum { FULL, LIMITED, N_RANGES }; /* JPEG's samples, WebP's */

/* n: 1 of grey, or 3. Chroma at 1 / sub; of grey it is neutral, and only WebP wants it. bytes:
 * a sample. */
Picture picture_new(Size size, int n, unsigned sub, unsigned bytes);
/* Takes `with`. */
void picture_replace(Picture *picture, Picture with);

/* From the profile to sRGB, R, G, B of 8 bits; owned by the caller. NULL: the profile is
 * sRGB's, or cannot be used. */
cmsHTRANSFORM floor_transform(const uint8_t *icc, unsigned n);
/* Into both ranges; all have chroma at full size. */
void floor_convert(const Picture *picture, cmsHTRANSFORM transform, Picture ranges[N_RANGES]);
/* Chroma from full size to half. */
void floor_halve(Picture *picture);

#endif
