/* SPDX-License-Identifier: MIT */
/* png-forms.c -- what forms of chunks the specification of PNG knows.
 *
 * Decoders pass over most of these chunks, or over what they do not understand in them; so what
 * has another form than the specification's (third edition, section 11.3; "Extensions to the
 * PNG specification" for oFFs and sTER; ImageMagick's png.c for vpAg, caNv and orNT) may be
 * anything. A chunk of a fixed size is a line in sizes[]. */
#include "container/png-forms.h"

#include "base/bytes.h"

#define FRAME_SIZE 26 /* fcTL */

gboolean
sp_png_depth_fits(guint colour_type, guint depth)
{
    static const guint32 depths[] = {
        [SP_PNG_GREY] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16,
        [SP_PNG_RGB] = 1u << 8 | 1u << 16,
        [SP_PNG_PALETTE] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,
        [SP_PNG_GREY_ALPHA] = 1u << 8 | 1u << 16,
        [SP_PNG_RGB_ALPHA] = 1u << 8 | 1u << 16,
    };
    return colour_type < G_N_ELEMENTS(depths) && depth <= 16 &&
           (depths[colour_type] >> depth & 1) != 0;
}

static const struct {
    char name[5];
    guint8 size; /* bytes */
    guint8 most; /* the last byte is a unit, or an order, up to that */
} sizes[] = {
    {"cICP", 4, 1},   {"sRGB", 1, 3}, {"gAMA", 4, 255},  {"cHRM", 32, 255}, {"acTL", 8, 255},
    {"pHYs", 9, 1},   {"oFFs", 9, 1}, {"sTER", 1, 1},    {"gIFg", 4, 255},  {"mDCV", 24, 255},
    {"cLLI", 8, 255}, {"vpAg", 9, 1}, {"caNv", 16, 255}, {"orNT", 1, 8},
};

/* Bytes of a chunk that has one sample of each channel, or how deep it is; by colour type. */
static gsize
sample_size(guint colour_type, gsize grey, gsize palette)
{
    switch (colour_type) {
    case SP_PNG_GREY:
        return grey;
    case SP_PNG_PALETTE:
        return palette;
    case SP_PNG_GREY_ALPHA:
        return grey == 1 ? 2 : grey;
    case SP_PNG_RGB:
        return 3 * grey;
    default:
        return grey == 1 ? 4 : 3 * grey;
    }
}

/* A frame's number, size, place, time, how it goes and how it comes. */
static gboolean
is_frame(const SpPngContext *context, SpSlice payload)
{
    const guint8 *p = payload.bytes;
    if (payload.n != FRAME_SIZE || context->n_frames_ahead == 0)
        return FALSE;
    guint32 width = sp_get32be(p + 4), height = sp_get32be(p + 8);
    return width > 0 && width <= context->width && height > 0 && height <= context->height &&
           sp_get32be(p + 12) <= context->width - width &&
           sp_get32be(p + 16) <= context->height - height && p[24] <= 2 && p[25] <= 1;
}

gboolean
sp_png_chunk_fits(const SpPngContext *context, guint32 kind, SpSlice payload)
{
    switch (kind) {
    case SP_FOURCC('h', 'I', 'S', 'T'):
        return context->n_colours > 0 && payload.n == 2 * (gsize)context->n_colours;
    case SP_FOURCC('b', 'K', 'G', 'D'):
        return payload.n == sample_size(context->colour_type, 2, 1);
    case SP_FOURCC('s', 'B', 'I', 'T'):
        return payload.n == sample_size(context->colour_type, 1, 3);
    case SP_FOURCC('f', 'c', 'T', 'L'):
        return is_frame(context, payload);
    default:
        break;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        if (sp_get32be((const guint8 *)sizes[i].name) == kind)
            return payload.n == sizes[i].size && payload.bytes[payload.n - 1] <= sizes[i].most;
    }
    return TRUE;
}
