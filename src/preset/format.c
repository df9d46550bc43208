/* SPDX-License-Identifier: MIT */
/* format.c -- the table of output formats: their word and their file extension. */
#include "preset/preset.h"

static const struct {
    const char *word, *extension;
} formats[SP_OUTPUT_COUNT] = {
    [SP_OUTPUT_WEBP] = {"webp", ".webp"},
    [SP_OUTPUT_JPEG] = {"jpeg", ".jpg"},
};

const char *
sp_output_format_word(guint32 format)
{
    g_return_val_if_fail(format < SP_OUTPUT_COUNT, "");
    return formats[format].word;
}

const char *
sp_output_format_extension(guint32 format)
{
    g_return_val_if_fail(format < SP_OUTPUT_COUNT, "");
    return formats[format].extension;
}
