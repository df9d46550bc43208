/* SPDX-License-Identifier: MIT */
/* picture-ycc.c -- what HEVC and AV1 code: planes of luma and chroma, full range.
 *
 * By our own hand for both, so that the matrix is the one that colr tells. */
#include "data/options.h"
#include "data/picture-heif.h"

static uint16_t
to_level(double value, int bits)
{
    double most = (double)((1u << bits) - 1), level = value * most + 0.5;
    return (uint16_t)(level < 0 ? 0 : level > most ? most : level);
}

/* By the luma weights of BT.601 or BT.2020. */
static void
to_ycc(const CodeOptions *o, const uint16_t *s, double ycc[3])
{
    double red = code_matrix(o) == 9 ? 0.2627 : 0.299;
    double blue = code_matrix(o) == 9 ? 0.0593 : 0.114;
    double r = s[0] / 65535.0, g = s[1] / 65535.0, b = s[2] / 65535.0;
    ycc[0] = red * r + (1 - red - blue) * g + blue * b;
    ycc[1] = (b - ycc[0]) / (2 - 2 * blue);
    ycc[2] = (r - ycc[0]) / (2 - 2 * red);
}

int
code_matrix(const CodeOptions *o)
{
    unsigned primaries = 0, transfer = 0;
    picture_code_points(o->space, &primaries, &transfer);
    return primaries == 9 ? 9 : 6;
}

/* A chroma sample is the mean of the pixels that share it. */
static void
set_chroma(const CodeOptions *o, const Frame *frame, const Ycc *planes, unsigned x, unsigned y)
{
    unsigned step = 1u << planes->shift;
    double sum[3] = {0}, n = 0;
    for (unsigned fy = y * step; fy < (y + 1) * step && fy < frame->height; fy++)
        for (unsigned fx = x * step; fx < (x + 1) * step && fx < frame->width; fx++, n++) {
            double ycc[3];
            to_ycc(o, SAMPLES(frame, fx, fy), ycc);
            sum[1] += ycc[1];
            sum[2] += ycc[2];
        }
    double half = (double)(1u << (o->bits - 1)) / (double)((1u << o->bits) - 1);
    for (int i = 1; i < 3; i++)
        planes->planes[i][(size_t)y * planes->width[i] + x] =
            to_level(half + (o->grey ? 0 : sum[i] / n), o->bits);
}

Ycc
ycc_make(const CodeOptions *o, const Frame *frame)
{
    Ycc planes = {.shift = o->lossless && !o->grey ? 0 : 1};
    unsigned shift = planes.shift;
    for (int i = 0; i < 3; i++) {
        planes.width[i] = i == 0 ? frame->width : (frame->width + shift) >> shift;
        planes.height[i] = i == 0 ? frame->height : (frame->height + shift) >> shift;
        planes.planes[i] =
            calloc((size_t)planes.width[i] * planes.height[i], sizeof *planes.planes[i]);
        if (planes.planes[i] == NULL)
            die("no memory for", "planes");
    }
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            const uint16_t *s = SAMPLES(frame, x, y);
            double ycc[3] = {(o->alpha ? s[3] : frame_luma(s)) / 65535.0};
            if (!o->grey)
                to_ycc(o, s, ycc);
            planes.planes[0][(size_t)y * frame->width + x] = to_level(ycc[0], o->bits);
        }
    for (unsigned y = 0; y < planes.height[1]; y++)
        for (unsigned x = 0; x < planes.width[1]; x++)
            set_chroma(o, frame, &planes, x, y);
    return planes;
}

void
ycc_copy(const Ycc *planes, int i, int wide, void *rows, size_t stride)
{
    for (unsigned y = 0; y < planes->height[i]; y++) {
        uint8_t *row = (uint8_t *)rows + stride * y;
        for (unsigned x = 0; x < planes->width[i]; x++) {
            uint16_t level = planes->planes[i][(size_t)y * planes->width[i] + x];
            if (wide)
                ((uint16_t *)(void *)row)[x] = level;
            else
                row[x] = (uint8_t)level;
        }
    }
}

void
ycc_free(Ycc *planes)
{
    for (int i = 0; i < 3; i++)
        free(planes->planes[i]);
}
