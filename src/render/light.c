/* SPDX-License-Identifier: MIT */
/* light.c -- R'G'B' of 16 bits to sRGB, by way of linear light. */
#include "render/light.h"
#include <math.h>

void
sp_table_init(SpTable *table, SpTableFunc f, gconstpointer data)
{
    for (guint i = 0; i <= SP_TABLE_STEPS; i++)
        table->at[i] = (float)f((double)i / SP_TABLE_STEPS, data);
    table->at[SP_TABLE_STEPS + 1] = table->at[SP_TABLE_STEPS];
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

void
sp_matrix_init(SpMatrix *matrix, const double rows[3][3])
{
    *matrix = (SpMatrix){0};
    for (guint i = 0; i < 3; i++)
        for (guint k = 0; k < 3; k++)
            matrix->column[k][i] = (float)rows[i][k];
}

void
sp_light_row(const SpLight *light, guint16 *rgb, guint width)
{
    for (guint x = 0; x < width; x++, rgb += 3) {
        float r = sp_table_of(&light->curves[0], rgb[0]);
        float g = sp_table_of(&light->curves[1], rgb[1]);
        float b = sp_table_of(&light->curves[2], rgb[2]);
        sp_table_store(&light->to_srgb, sp_matrix_apply(&light->matrix, r, g, b), rgb);
    }
}

void
sp_table_row(const SpTable *table, guint16 *samples, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        float v = sp_table_of(table, samples[i]);
        samples[i] = (guint16)(MIN(MAX(v, 0.0F), 1.0F) * 65535 + 0.5F);
    }
}
