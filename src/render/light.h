/* SPDX-License-Identifier: MIT */
/* light.h -- R'G'B' of 16 bits to sRGB, by way of linear light.
 *
 * For profiles of curves and a matrix. littleCMS has fast code for them only where samples have
 * 8 bits: with 16 it either asks every step anew (170 ns a pixel) or puts a coarse table in
 * their place, which is wrong by up to 25 of 255 where colours are saturated.
 *
 * A function over 0 to 1 is a table of 4096 steps, straight in between: off by less than 1/100
 * of a level of 8 bits, for every curve that occurs here. */
#ifndef SP_RENDER_LIGHT_H
#define SP_RENDER_LIGHT_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_TABLE_STEPS 4096

typedef struct {
    float at[SP_TABLE_STEPS + 1]; /* [i]: at i / SP_TABLE_STEPS */
} SpTable;

typedef double (*SpTableFunc)(double v, gconstpointer data);
void sp_table_init(SpTable *table, SpTableFunc f, gconstpointer data);

/* x: 0 to 1 */
static inline float
sp_table_at(const SpTable *table, float x)
{
    float place = x * SP_TABLE_STEPS;
    gint32 i = (gint32)place;
    i = i < SP_TABLE_STEPS ? i : SP_TABLE_STEPS - 1;
    float left = table->at[i];
    return left + (table->at[i + 1] - left) * (place - (float)i);
}

/* The curve of IEC 61966-2-1 in both directions, 0 to 1. data is not used. */
double sp_srgb_to_linear(double v, gconstpointer data);
double sp_srgb_from_linear(double v, gconstpointer data);

typedef struct {
    SpTable curves[3];  /* to linear light, of R, G, B */
    float matrix[3][3]; /* to the linear light of sRGB, by rows */
    SpTable to_srgb;
} SpLight;

/* rgb is chunky. What lies outside sRGB is clipped, component by component, as littleCMS does.
 */
void sp_light_row(const SpLight *light, guint16 *rgb, guint width);
/* The table alone, of n samples. */
void sp_table_row(const SpTable *table, guint16 *samples, gsize n);

G_END_DECLS
#endif
