/* SPDX-License-Identifier: MIT */
/* light.h -- R'G'B' of 16 bits to sRGB, by way of linear light.
 *
 * For profiles of curves and a matrix. littleCMS has fast code for them only where samples have
 * 8 bits: with 16 it either asks every step anew (170 ns a pixel) or puts a coarse table in
 * their place, which is wrong by up to 25 of 255 where colours are saturated.
 *
 * A curve is a table of 4096 steps, straight in between: off by less than 1/100 of a level of 8
 * bits, for every curve that occurs here. */
#ifndef SP_RENDER_LIGHT_H
#define SP_RENDER_LIGHT_H
#include <glib.h>
G_BEGIN_DECLS

/* ---- a pixel: R, G, B and one that is not used
 * -----------------------------------------------
 *
 * As a vector of the compiler's: clipping component by component would be six branches, which
 * cost more than all the rest where the picture is noisy. */

typedef float SpFour __attribute__((vector_size(16)));
typedef gint32 SpFourInts __attribute__((vector_size(16)));

/* To 0 to most; a NaN becomes 0. */
static inline SpFour
sp_four_clip(SpFour v, float most)
{
    const SpFour zero = {0, 0, 0, 0}, top = {most, most, most, most};
    v = (SpFour)((SpFourInts)v & (SpFourInts)(v > zero));
    SpFourInts less = (SpFourInts)(v < top);
    return (SpFour)(((SpFourInts)v & less) | ((SpFourInts)top & ~less));
}

/* Samples of 16 bits; v within 0 and 65 535. */
static inline void
sp_four_store(SpFour v, guint16 *rgb)
{
    SpFourInts rounded = __builtin_convertvector(v + 0.5F, SpFourInts);
    for (guint i = 0; i < 3; i++)
        rgb[i] = (guint16)rounded[i];
}

/* Columns and what is added: column[0] * a + column[1] * b + column[2] * c + offset. */
typedef struct {
    SpFour column[3], offset;
} SpMatrix;

/* Without offset. */
void sp_matrix_init(SpMatrix *matrix, const double rows[3][3]);

static inline SpFour
sp_matrix_apply(const SpMatrix *matrix, float a, float b, float c)
{
    return matrix->column[0] * a + matrix->column[1] * b + matrix->column[2] * c +
           matrix->offset;
}

/* ---- a function over 0 to 1 -----------------------------------------------------------------
 */

#define SP_TABLE_STEPS 4096

typedef struct {
    float at[SP_TABLE_STEPS + 2]; /* [i]: at i / SP_TABLE_STEPS; the last again, so that 1 needs
                                     no case of its own */
} SpTable;

typedef double (*SpTableFunc)(double v, gconstpointer data);
void sp_table_init(SpTable *table, SpTableFunc f, gconstpointer data);

static inline float
sp_table_at(const SpTable *table, float x)
{
    float place = x * SP_TABLE_STEPS;
    gint32 i = (gint32)place;
    return table->at[i] + (table->at[i + 1] - table->at[i]) * (place - (float)i);
}

/* Of a sample of 16 bits. */
static inline float
sp_table_of(const SpTable *table, guint16 v)
{
    return sp_table_at(table, (float)v * (1 / 65535.0F));
}

/* Of each component, which is clipped, to samples of 16 bits. */
static inline void
sp_table_store(const SpTable *table, SpFour x, guint16 *rgb)
{
    SpFour place = sp_four_clip(x, 1) * SP_TABLE_STEPS;
    SpFourInts left = __builtin_convertvector(place, SpFourInts);
    SpFour part = place - __builtin_convertvector(left, SpFour);
    const float *a = table->at + left[0], *b = table->at + left[1], *c = table->at + left[2];
    SpFour low = {a[0], b[0], c[0], 0}, high = {a[1], b[1], c[1], 0};
    sp_four_store((low + (high - low) * part) * 65535, rgb);
}

/* The curve of IEC 61966-2-1 in both directions, 0 to 1. data is not used. */
double sp_srgb_to_linear(double v, gconstpointer data);
double sp_srgb_from_linear(double v, gconstpointer data);

typedef struct {
    SpMatrix matrix;   /* to the linear light of sRGB */
    SpTable curves[3]; /* to linear light, of R, G, B */
    SpTable to_srgb;
} SpLight;

/* rgb is chunky. What lies outside sRGB is clipped, component by component, as littleCMS does.
 */
void sp_light_row(const SpLight *light, guint16 *rgb, guint width);
/* The table alone, of n samples. */
void sp_table_row(const SpTable *table, guint16 *samples, gsize n);

G_END_DECLS
#endif
