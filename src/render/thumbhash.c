/* SPDX-License-Identifier: MIT */
/* thumbhash.c -- ThumbHash: format by Evan Wallace, evanw.github.io/thumbhash.
 *
 * Layout, least significant bits first: 6 bits L's mean, 6 P's, 6 Q's, 5 L's scale, 1 alpha
 * (never set here); then 3 bits of L's shorter count, 6 P's scale, 6 Q's scale, 1 landscape;
 * then 4 bits for each further coefficient. L = (r + g + b) / 3, P = (r + g) / 2 - b, Q = r -
 * g, all 0 to 1. */
#include "render/thumbhash.h"
#include "render/alpha.h"
#include <math.h>

#define MOST_SAMPLES 32 /* a side; seven cosines need no more */
#define MOST_COUNT 7    /* coefficients a side, of L */
#define MOST_AC 40

typedef struct {
    guint width, height;
    double samples[MOST_SAMPLES * MOST_SAMPLES];
} Channel;

typedef struct {
    double dc, scale;
    guint n;
    double ac[MOST_AC];
} Coefficients;

typedef double Waves[MOST_COUNT][MOST_SAMPLES];

/* The mean of the plane's samples that fall into cell (x, y) of a width x height grid. */
static double
cell_mean(const SpPlane *plane, guint x, guint y, guint width, guint height)
{
    guint x0 = x * plane->width / width, x1 = MAX(x0 + 1, (x + 1) * plane->width / width);
    guint y0 = y * plane->height / height, y1 = MAX(y0 + 1, (y + 1) * plane->height / height);
    guint sum = 0; /* no plane has more than 2^24 samples a cell */
    for (guint j = y0; j < y1; j++) {
        const guint8 *row = plane->data + plane->stride * j;
        for (guint i = x0; i < x1; i++)
            sum += row[i];
    }
    return (double)sum / ((double)(x1 - x0) * (y1 - y0));
}

/* JFIF's inverse matrix, clipped, to L, P, Q. */
static void
set_pixel(Channel lpq[3], guint at, double y, double cb, double cr)
{
    double r = CLAMP((y + 1.402 * (cr - 128)) / 255, 0, 1);
    double g = CLAMP((y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128)) / 255, 0, 1);
    double b = CLAMP((y + 1.772 * (cb - 128)) / 255, 0, 1);
    lpq[0].samples[at] = (r + g + b) / 3;
    lpq[1].samples[at] = (r + g) / 2 - b;
    lpq[2].samples[at] = r - g;
}

static void
sample(const SpPicture *picture, Channel lpq[3])
{
    const SpPlane *planes = picture->planes;
    guint width = MIN(MOST_SAMPLES, planes[picture->n_planes - 1].width);
    guint height = MIN(MOST_SAMPLES, planes[picture->n_planes - 1].height);
    for (guint i = 0; i < 3; i++) {
        lpq[i].width = width;
        lpq[i].height = height;
    }
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++) {
            double v[3] = {0, 128, 128};
            for (guint i = 0; i < picture->n_planes; i++)
                v[i] = cell_mean(&planes[i], x, y, width, height);
            set_pixel(lpq, y * width + x, v[0], v[1], v[2]);
        }
}

/* Of each frequency, its cosine at each of n samples: once a channel, not once a sample. */
static void
fill_waves(Waves waves, guint n_waves, guint n)
{
    for (guint c = 0; c < n_waves; c++)
        for (guint i = 0; i < n; i++)
            waves[c][i] = cos(G_PI / n * c * (i + 0.5));
}

static double
coefficient(const Channel *channel, const double along_x[MOST_SAMPLES],
            const double along_y[MOST_SAMPLES])
{
    double sum = 0;
    for (guint y = 0; y < channel->height; y++) {
        const double *row = channel->samples + (gsize)y * channel->width;
        for (guint x = 0; x < channel->width; x++)
            sum += row[x] * along_y[y] * along_x[x];
    }
    return sum / ((double)channel->width * channel->height);
}

/* The triangle of low frequencies below the diagonal of nx by ny. */
static void
transform(const Channel *channel, guint nx, guint ny, Coefficients *ret)
{
    Waves along_x, along_y;
    fill_waves(along_x, nx, channel->width);
    fill_waves(along_y, ny, channel->height);
    *ret = (Coefficients){0};
    for (guint cy = 0; cy < ny; cy++)
        for (guint cx = 0; cx * ny < nx * (ny - cy); cx++) {
            double f = coefficient(channel, along_x[cx], along_y[cy]);
            if (cx == 0 && cy == 0)
                ret->dc = f;
            else
                ret->ac[ret->n++] = f;
            if (cx != 0 || cy != 0)
                ret->scale = MAX(ret->scale, fabs(f));
        }
    for (guint i = 0; i < ret->n && ret->scale > 0; i++)
        ret->ac[i] = 0.5 + 0.5 / ret->scale * ret->ac[i];
}

static guint32
level(double v, guint most)
{
    return (guint32)CLAMP(lround(v * most), 0, (long)most);
}

static guint
hash_opaque(const SpPicture *picture, guint8 ret_hash[SP_THUMBHASH_MAX])
{
    Channel lpq[3];
    Coefficients c[3];
    sample(picture, lpq);
    double longer = MAX(picture->width, picture->height);
    guint lx = (guint)MAX(1, lround(MOST_COUNT * picture->width / longer));
    guint ly = (guint)MAX(1, lround(MOST_COUNT * picture->height / longer));
    gboolean landscape = picture->width > picture->height;
    transform(&lpq[0], MAX(3, lx), MAX(3, ly), &c[0]);
    transform(&lpq[1], 3, 3, &c[1]);
    transform(&lpq[2], 3, 3, &c[2]);
    guint32 first = level(c[0].dc, 63) | level(0.5 + 0.5 * c[1].dc, 63) << 6 |
                    level(0.5 + 0.5 * c[2].dc, 63) << 12 | level(c[0].scale, 31) << 18;
    guint32 second = (landscape ? ly : lx) | level(c[1].scale, 63) << 3 |
                     level(c[2].scale, 63) << 9 | (guint32)landscape << 15;
    memset(ret_hash, 0, SP_THUMBHASH_MAX);
    for (guint i = 0; i < 3; i++)
        ret_hash[i] = (guint8)(first >> (8 * i));
    for (guint i = 0; i < 2; i++)
        ret_hash[3 + i] = (guint8)(second >> (8 * i));
    guint nibble = 0;
    for (guint i = 0; i < 3; i++)
        for (guint k = 0; k < c[i].n; k++, nibble++)
            ret_hash[5 + nibble / 2] |= (guint8)(level(c[i].ac[k], 15) << (nibble % 2 * 4));
    return 5 + (nibble + 1) / 2;
}

gboolean
sp_thumbhash(const SpPicture *picture, guint8 ret_hash[SP_THUMBHASH_MAX], guint *ret_n,
             GError **error)
{
    g_auto(SpPicture) flat = {0};
    if (picture->alpha && !sp_alpha_flatten(picture, SP_ALPHA_WHITE, &flat, error))
        return FALSE;
    *ret_n = hash_opaque(picture->alpha ? &flat : picture, ret_hash);
    return TRUE;
}
