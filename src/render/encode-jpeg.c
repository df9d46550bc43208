/* SPDX-License-Identifier: MIT */
/* encode-jpeg.c -- libjpeg's encoder, from planes.
 *
 * A file of ours is SOI, a bare JFIF 1.01, tables, SOF0 or SOF2, scans, EOI: no restart
 * markers, no comment, nothing else (the audit holds it to that). 4:2:0, or grey; optimised
 * Huffman tables; progressive from effort 4 on. It has no alpha: what is transparent shows the
 * variant's background. */
#include "base/error.h"
#include "render/alpha.h"
#include "render/encode.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
/* libjpeg wants stdio.h before it */
#include <jerror.h>
#include <jpeglib.h>

#define PROGRESSIVE_EFFORT 4
#define MCU 16 /* rows of luma, at 4:2:0 */

typedef struct {
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    SpPicture flat;           /* owned; of a picture with alpha */
    const SpPicture *picture; /* borrowed, or flat */
    guint effort;
    double quality;
    unsigned char *bytes; /* owned; malloc()ed by libjpeg */
    unsigned long n;
} State;

static void G_GNUC_NORETURN
on_error(j_common_ptr common)
{
    State *state = common->client_data;
    longjmp(state->out, 1);
}

static void
on_message(j_common_ptr common, int level)
{
    (void)common, (void)level;
}

static void
jpeg_close(gpointer data)
{
    State *state = data;
    jpeg_destroy_compress(&state->cinfo);
    sp_picture_clear(&state->flat);
    free(state->bytes);
    g_free(state);
}

static gboolean
flatten(State *state, guint32 background, GError **error)
{
    if (!state->picture->alpha)
        return TRUE;
    if (!sp_alpha_flatten(state->picture, background, &state->flat, error))
        return FALSE;
    sp_encode_pad(&state->flat);
    state->picture = &state->flat;
    return TRUE;
}

static gpointer
jpeg_open(const SpPicture *picture, const SpVariant *variant, GError **error)
{
    State *state = g_new0(State, 1);
    state->picture = picture;
    state->effort = variant->effort;
    state->cinfo.err = jpeg_std_error(&state->errors);
    state->cinfo.client_data = state;
    state->errors.error_exit = on_error;
    state->errors.emit_message = on_message;
    if (!flatten(state, variant->background, error)) {
        jpeg_close(state);
        return NULL;
    }
    return state;
}

/* libjpeg's quality is a whole number. The tables of ITU-T T.81 annex K scaled as it does, and
 * between two whole numbers by the straight line between their percentages (which libjpeg
 * rounds down below 50): equal at whole ones, and never coarser for a higher quality. */
static void
set_quality(j_compress_ptr cinfo, double quality)
{
    int whole = (int)quality;
    int below = jpeg_quality_scaling(whole), above = jpeg_quality_scaling(whole + 1);
    double percent = below + (quality - whole) * (above - below);
    jpeg_set_linear_quality(cinfo, 100, TRUE); /* the tables themselves */
    for (guint i = 0; i < 2; i++)
        for (guint k = 0; k < DCTSIZE2; k++) {
            UINT16 *step = &cinfo->quant_tbl_ptrs[i]->quantval[k];
            *step = (UINT16)CLAMP((long)((*step * percent + 50) / 100), 1, 255);
        }
}

static void
configure(State *state)
{
    j_compress_ptr cinfo = &state->cinfo;
    cinfo->image_width = state->picture->width;
    cinfo->image_height = state->picture->height;
    cinfo->input_components = (int)state->picture->n_planes;
    cinfo->in_color_space = state->picture->n_planes == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(cinfo); /* 4:2:0, JFIF 1.01, density 1:1 without a unit */
    set_quality(cinfo, state->quality);
    cinfo->raw_data_in = TRUE;
    cinfo->optimize_coding = TRUE;
    if (state->effort >= PROGRESSIVE_EFFORT)
        jpeg_simple_progression(cinfo);
}

/* Rows behind the last one repeat it, as the columns do (sp_encode_pad). */
static void
write_rows(State *state)
{
    JSAMPROW rows[3][MCU];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    const SpPicture *picture = state->picture;
    guint step = picture->n_planes == 1 ? DCTSIZE : MCU;
    while (state->cinfo.next_scanline < state->cinfo.image_height) {
        guint y = state->cinfo.next_scanline;
        for (guint i = 0; i < picture->n_planes; i++) {
            const SpPlane *plane = &picture->planes[i];
            guint n = i == 0 ? step : step / 2, first = i == 0 ? y : y / 2;
            for (guint k = 0; k < n; k++)
                rows[i][k] = plane->data + plane->stride * MIN(first + k, plane->height - 1);
        }
        jpeg_write_raw_data(&state->cinfo, planes, step);
    }
}

static gboolean
compress(State *state)
{
    if (setjmp(state->out) != 0)
        return FALSE;
    jpeg_create_compress(&state->cinfo);
    state->cinfo.client_data = state;
    jpeg_mem_dest(&state->cinfo, &state->bytes, &state->n);
    configure(state);
    jpeg_start_compress(&state->cinfo, TRUE);
    write_rows(state);
    jpeg_finish_compress(&state->cinfo);
    return TRUE;
}

static GBytes *
jpeg_encode(gpointer data, double quality, GError **error)
{
    State *state = data;
    state->quality = quality;
    gboolean done = compress(state);
    char text[JMSG_LENGTH_MAX] = "";
    if (!done)
        state->cinfo.err->format_message((j_common_ptr)&state->cinfo, text);
    jpeg_destroy_compress(&state->cinfo);
    unsigned char *bytes = g_steal_pointer(&state->bytes);
    gsize n = state->n;
    state->n = 0;
    if (done)
        return g_bytes_new_with_free_func(bytes, n, free, bytes);
    /* After an error, bytes may be a buffer that libjpeg has given up for a larger one: only it
     * knows. The process is about to end; what is lost is lost until then. */
    return sp_throw_null(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot encode JPEG: %s", text);
}

const SpEncoder sp_encoder_jpeg = {jpeg_open, jpeg_encode, jpeg_close};
