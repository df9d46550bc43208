/* SPDX-License-Identifier: MIT */
/* light.c -- R'G'B' of 16 bits to sRGB, by way of linear light. */
#include "render/light.h"
#include <math.h>

#define FULL 65535.0F

void
sp_table_init(SpTable *table, SpTableFunc f, gconstpointer data)
{
    for (guint i = 0; i <= SP_TABLE_STEPS; i++)
        table->at[i] = (float)f((double)i / SP_TABLE_STEPS, data);
}

double
sp_srgb_to_linear(double v, gconstpointer data G_GNUC_UNUSED)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double
sp_srgb_from_linear(double v, gconstpointer data G_GNUC_UNUSED)
{
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* Of nothing that could be NaN: a NaN becomes 0. */
static inline float
clip(float x)
{
    return x > 0 ? (x < 1 ? x : 1) : 0;
}

void
sp_light_row(const SpLight *light, guint16 *rgb, guint width)
{
    const float(*m)[3] = light->matrix;
    for (guint x = 0; x < width; x++, rgb += 3) {
        float r = sp_table_at(&light->curves[0], (float)rgb[0] / FULL);
        float g = sp_table_at(&light->curves[1], (float)rgb[1] / FULL);
        float b = sp_table_at(&light->curves[2], (float)rgb[2] / FULL);
        for (guint i = 0; i < 3; i++) {
            float v = clip(m[i][0] * r + m[i][1] * g + m[i][2] * b);
            rgb[i] = (guint16)(sp_table_at(&light->to_srgb, v) * FULL + 0.5F);
        }
    }
}

void
sp_table_row(const SpTable *table, guint16 *samples, gsize n)
{
    for (gsize i = 0; i < n; i++)
        samples[i] =
            (guint16)(clip(sp_table_at(table, (float)samples[i] / FULL)) * FULL + 0.5F);
}
