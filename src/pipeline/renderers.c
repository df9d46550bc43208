/* SPDX-License-Identifier: MIT */
/* renderers.c -- one table: a new format is one line here. */
#include "pipeline/renderers.h"

static const SpRenderers table[SP_FORMAT_COUNT] = {
    [SP_FORMAT_JPEG] = {"jpeg", 1, {SP_RENDERER_JPEG}},
    [SP_FORMAT_PNG] = {"png", 1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_WEBP] = {"webp", 1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_GIF] = {"gif", 1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_HEIC] = {"heic", 2, {SP_RENDERER_HEVC, SP_RENDERER_HEIF}},
    [SP_FORMAT_AVIF] = {"avif", 1, {SP_RENDERER_HEIF}},
};

const SpRenderers *
sp_renderers_of(SpFormat format)
{
    g_return_val_if_fail((guint)format < SP_FORMAT_COUNT, &table[0]);
    return &table[format];
}

const SpRenderers *
sp_renderers_find(const char *word)
{
    for (guint i = 0; i < SP_FORMAT_COUNT; i++) {
        if (g_str_equal(table[i].format, word))
            return &table[i];
    }
    return NULL;
}
