/* SPDX-License-Identifier: MIT */
/* encode-jpeg.c -- JPEG's encoder: coefficients of ours, codes of libjpeg's.
 *
 * A file of ours is SOI, a bare JFIF 1.01, tables, SOF0 or SOF2, scans, EOI: no restart
 * markers, no comment, nothing else (the audit holds it to that). 4:2:0 or 4:4:4, as
 * the picture is, or grey; optimised Huffman tables. It has no alpha: what is transparent shows
 * the variant's background.
 *
 * Every block is transformed twice: once, of some rows of blocks, to learn what symbols will
 * cost, and once to choose its coefficients. libjpeg gets them as jpegtran's are: it counts,
 * makes its tables and writes. With the lowest effort the file is libjpeg's own, byte for byte.
 */
#include "render/encode-jpeg.h"
#include "base/error.h"
#include "render/alpha.h"
#include "render/jpeg-forward.h"
#include "render/jpeg-overshoot.h"
#include "render/jpeg-quant.h"
#include "render/jpeg-quantise.h"
#include "render/jpeg-scans.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
/* libjpeg wants stdio.h before it */
#include <jerror.h>
#include <jpeglib.h>

#define MOST_CHANNELS 3

/* A plane, on its way to coefficients. */
typedef struct {
    const SpPlane *plane;           /* borrowed */
    jpeg_component_info *component; /* borrowed; libjpeg's */
    guint width, height;            /* in blocks */
    SpJpegSteps steps;
    SpJpegCounts counts;
    SpJpegRates rates;
    SpJpegScanCounts scans;
} Channel;

typedef struct {
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    SpPicture flat;           /* owned; of a picture with alpha */
    const SpPicture *picture; /* borrowed, or flat */
    SpJpegSwitches switches;
    double quality;
    Channel channels[MOST_CHANNELS];
    jvirt_barray_ptr arrays[MOST_CHANNELS]; /* libjpeg's */
    jpeg_scan_info scans[SP_JPEG_MOST_SCANS];
    unsigned char *bytes; /* owned; malloc()ed by libjpeg */
    unsigned long n;
} State;

SpJpegSwitches
sp_jpeg_switches(guint effort)
{
    if (effort < 2)
        return (SpJpegSwitches){.mode = SP_JPEG_BASELINE};
    if (effort < 4)
        return (SpJpegSwitches){SP_JPEG_BANDS, .counted = 4, .overshoots = 3, 14, 8};
    return (SpJpegSwitches){SP_JPEG_CHOSEN, .counted = 1, .overshoots = 6, 14, 63};
}

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

static State *
state_new(const SpPicture *picture)
{
    State *state = g_new0(State, 1);
    state->picture = picture;
    state->cinfo.err = jpeg_std_error(&state->errors);
    state->errors.error_exit = on_error;
    state->errors.emit_message = on_message;
    return state;
}

static gpointer
jpeg_open(const SpPicture *picture, const SpVariant *variant, GError **error)
{
    State *state = state_new(picture);
    state->switches = sp_jpeg_switches(variant->effort);
    if (!flatten(state, variant->background, error)) {
        jpeg_close(state);
        return NULL;
    }
    return state;
}

static void
set_tables(j_compress_ptr cinfo, double quality, guint sub)
{
    SpJpegQuant quant = sp_jpeg_quant_tables(quality, sub);
    for (guint i = 0; i < DCTSIZE2; i++) {
        cinfo->quant_tbl_ptrs[0]->quantval[i] = quant.luma[i];
        cinfo->quant_tbl_ptrs[1]->quantval[i] = quant.chroma[i];
    }
}

static void
configure(State *state)
{
    j_compress_ptr cinfo = &state->cinfo;
    guint sub = state->picture->n_planes == 1 ? 1 : state->picture->sub;
    cinfo->image_width = state->picture->width;
    cinfo->image_height = state->picture->height;
    cinfo->input_components = (int)state->picture->n_planes;
    cinfo->in_color_space = state->picture->n_planes == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(cinfo); /* 4:2:0, JFIF 1.01, density 1:1 without a unit */
    cinfo->comp_info[0].h_samp_factor = cinfo->comp_info[0].v_samp_factor = (int)sub;
    set_tables(cinfo, state->quality, sub);
    cinfo->optimize_coding = TRUE;
}

/* ---- coefficients --------------------------------------------------------------------------
 */

/* libjpeg wants whole MCUs; what lies behind a plane's own blocks it makes up by itself. */
static void
set_up_channel(State *state, guint i)
{
    Channel *channel = &state->channels[i];
    j_compress_ptr cinfo = &state->cinfo;
    jpeg_component_info *component = &cinfo->comp_info[i];
    component->quant_table = cinfo->quant_tbl_ptrs[component->quant_tbl_no];
    *channel = (Channel){.plane = &state->picture->planes[i], .component = component};
    channel->width = (channel->plane->width + DCTSIZE - 1) / DCTSIZE;
    channel->height = (channel->plane->height + DCTSIZE - 1) / DCTSIZE;
    sp_jpeg_steps_init(&channel->steps, component->quant_table->quantval);
    guint across = (guint)component->h_samp_factor, down = (guint)component->v_samp_factor;
    state->arrays[i] =
        cinfo->mem->request_virt_barray((j_common_ptr)cinfo, JPOOL_IMAGE, FALSE,
                                        (channel->width + across - 1) / across * across,
                                        (channel->height + down - 1) / down * down, down);
}

/* Rows behind the last one repeat it, as the columns do (sp_encode_pad). */
static void
find_rows(const Channel *channel, guint y, const guint8 *rows[DCTSIZE])
{
    const SpPlane *plane = channel->plane;
    for (guint i = 0; i < DCTSIZE; i++)
        rows[i] = plane->data + plane->stride * MIN(DCTSIZE * y + i, plane->height - 1);
}

static void
transform(const State *state, const Channel *channel, const guint8 *const *rows, guint x,
          gint16 *ret_block)
{
    sp_jpeg_forward(rows, (gsize)DCTSIZE * x, ret_block);
    sp_jpeg_overshoot(rows, (gsize)DCTSIZE * x, channel->component->quant_table->quantval,
                      state->switches.overshoots, ret_block);
}

static void
count(State *state, Channel *channel)
{
    const guint8 *rows[DCTSIZE];
    gint16 block[DCTSIZE2];
    for (guint y = 0; y < channel->height; y += state->switches.counted) {
        find_rows(channel, y, rows);
        for (guint x = 0; x < channel->width; x++) {
            transform(state, channel, rows, x, block);
            sp_jpeg_count(block, &channel->steps, &channel->counts);
        }
    }
}

/* Both planes of chroma have one Huffman table in one scan, and nearly one in two. */
static void
learn(State *state)
{
    Channel *channels = state->channels;
    guint n = state->picture->n_planes;
    for (guint i = 0; i < n; i++)
        count(state, &channels[i]);
    for (guint i = 0; i < SP_JPEG_SYMBOLS && n == MOST_CHANNELS; i++)
        channels[1].counts.symbols[i] += channels[2].counts.symbols[i];
    for (guint i = 0; i < n; i++)
        sp_jpeg_rates_init(&channels[i].rates, &channels[MIN(i, 1)].counts);
}

static void
quantise(const State *state, const Channel *channel, const gint16 *block, gint16 *ret_levels)
{
    SpJpegTrade trade = {state->switches.worth, state->switches.look_back};
    if (state->switches.counted == 0)
        sp_jpeg_round(block, &channel->steps, ret_levels);
    else
        sp_jpeg_choose(block, &channel->steps, &channel->rates, &trade, ret_levels);
}

static void
fill_row(State *state, Channel *channel, guint y, JBLOCKROW to)
{
    const guint8 *rows[DCTSIZE];
    gint16 block[DCTSIZE2];
    find_rows(channel, y, rows);
    for (guint x = 0; x < channel->width; x++) {
        transform(state, channel, rows, x, block);
        quantise(state, channel, block, to[x]);
        if (state->switches.mode == SP_JPEG_CHOSEN)
            sp_jpeg_scans_count(&channel->scans, to[x]);
    }
}

/* All rows of an MCU at once: libjpeg knows by that which of them there are. */
static void
fill(State *state, guint i)
{
    Channel *channel = &state->channels[i];
    j_common_ptr common = (j_common_ptr)&state->cinfo;
    guint down = (guint)channel->component->v_samp_factor;
    for (guint y = 0; y < channel->height; y += down) {
        JBLOCKARRAY rows =
            common->mem->access_virt_barray(common, state->arrays[i], y, down, TRUE);
        for (guint k = 0; k < down && y + k < channel->height; k++)
            fill_row(state, channel, y + k, rows[k]);
    }
}

static void
set_scans(State *state)
{
    SpJpegScanChoice choices[MOST_CHANNELS] = {0};
    guint n = state->picture->n_planes;
    if (state->switches.mode == SP_JPEG_BASELINE)
        return;
    for (guint i = 0; i < n && state->switches.mode == SP_JPEG_CHOSEN; i++)
        choices[i] = sp_jpeg_scans_choose(&state->channels[i].scans);
    state->cinfo.num_scans = sp_jpeg_scans_write(choices, n, state->scans);
    state->cinfo.scan_info = state->scans;
}

static gboolean
compress(State *state)
{
    j_compress_ptr cinfo = &state->cinfo;
    if (setjmp(state->out) != 0)
        return FALSE;
    jpeg_create_compress(cinfo);
    cinfo->client_data = state;
    jpeg_mem_dest(cinfo, &state->bytes, &state->n);
    configure(state);
    for (guint i = 0; i < state->picture->n_planes; i++)
        set_up_channel(state, i);
    cinfo->mem->realize_virt_arrays((j_common_ptr)cinfo);
    if (state->switches.counted > 0)
        learn(state);
    for (guint i = 0; i < state->picture->n_planes; i++)
        fill(state, i);
    set_scans(state);
    jpeg_write_coefficients(cinfo, state->arrays);
    jpeg_finish_compress(cinfo);
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

GBytes *
sp_jpeg_encode(const SpPicture *picture, const SpJpegSwitches *switches, double quality,
               GError **error)
{
    State *state = state_new(picture);
    state->switches = *switches;
    GBytes *file = jpeg_encode(state, quality, error);
    jpeg_close(state);
    return file;
}

/* All steps are 255; all are 1. */
const SpEncoder sp_encoder_jpeg = {jpeg_open, jpeg_encode, jpeg_close, 1.5, {99.875, 99.375}};
