/* SPDX-License-Identifier: MIT */
/* encode.c -- the table of encoders. */
#include "render/encode.h"

static const SpEncoder *const encoders[SP_OUTPUT_COUNT] = {
    [SP_OUTPUT_WEBP] = &sp_encoder_webp,
    [SP_OUTPUT_JPEG] = &sp_encoder_jpeg,
};

const SpEncoder *
sp_encoder(guint32 format)
{
    g_return_val_if_fail(format < SP_OUTPUT_COUNT, NULL);
    return encoders[format];
}

/* Strides are multiples of SP_PLANE_ALIGN, so there is room. */
void
sp_encode_pad(SpPicture *picture)
{
    for (guint i = 0; i < picture->n_planes; i++) {
        SpPlane *plane = &picture->planes[i];
        guint padded = (plane->width + 15) & ~15u;
        for (guint y = 0; y < plane->height; y++) {
            guint8 *row = plane->data + plane->stride * y;
            memset(row + plane->width, row[plane->width - 1], padded - plane->width);
        }
    }
}
