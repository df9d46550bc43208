/* SPDX-License-Identifier: MIT */
/* hevc-codec.c -- one coded picture of a HEIC through libavcodec.
 *
 * The decoder gets the parameter sets of the record and the slices of one picture, and has no
 * threads, no hardware and nothing to say: what goes wrong is its error number.
 *
 * libavcodec does not tell when a picture is not whole. Where slices end too early, the frame
 * shows what its buffer held before; so each block of 16 x 16 is marked before decoding, and a
 * mark that is still there afterwards means that the block never came. Where the data of a
 * slice ends too early, the entropy decoder goes on with zeros, which say "as expected" for
 * ever; so a tail of ones is put behind each slice. A whole slice says itself where it ends,
 * and the tail is never read. To one that is cut, or whose damage leads over its end, ones are
 * the least expected and soon mean the end of the slice (ITU-T H.265, 9.3.4.3.5: the topmost
 * part of the range): then marks are left. What is cut within the last block alone passes. */
#include "render/hevc-codec.h"
#include "base/error.h"
#include "container/hevc.h"
#include <libavcodec/avcodec.h>
#include <libavutil/cpu.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#define BLOCK 16          /* the smallest coding tree block: it comes whole or not at all */
#define TAIL 8192         /* bytes; half of it was enough for all that was tried */
#define LENGTH_SIZE 4     /* bytes of a unit's length, as fed */
#define LENGTH_SIZE_AT 21 /* where hvcC says it, less one, in two bits */
#define WINDOW_MOST 63    /* coded pixels outside the conformance window, along a side */

struct SpHevcCodec {
    SpHevcConfig config;
    SpHevcFormat format;
    AVCodecContext *context; /* owned */
    AVPacket *packet;        /* owned */
    AVFrame *frame;          /* owned; the last picture */
    GArray *slices;          /* owned; of SpSlice: of the picture that is being decoded */
};

/* ---- marks ------------------------------------------------------------------------------- */

/* In 16-bit samples, values that no depth below 16 has. */
static const guint8 mark[8] = {0x01, 0xFE, 0x35, 0xEB, 0x02, 0xF1, 0x10, 0xFD};

/* Of the luma block at x, y: in its middle, where no filter of a neighbour's edge comes, or as
 * near to it as the last block is wide. */
static guint8 *
mark_at(const SpHevcFormat *format, const AVFrame *frame, guint x, guint y)
{
    guint column = MIN(x + 4, format->coded_width - 8);
    guint row = MIN(y + 8, format->coded_height - 1);
    return frame->data[0] + (gssize)row * frame->linesize[0] + (gsize)column * format->bytes;
}

static int
get_marked_buffer(AVCodecContext *context, AVFrame *frame, int flags)
{
    const SpHevcCodec *codec = context->opaque;
    const SpHevcFormat *format = &codec->format;
    if (frame->width != (int)format->coded_width ||
        frame->height != (int)format->coded_height || frame->format != context->pix_fmt)
        return AVERROR_INVALIDDATA;
    int err = avcodec_default_get_buffer2(context, frame, flags);
    for (guint y = 0; err >= 0 && y < format->coded_height; y += BLOCK)
        for (guint x = 0; x < format->coded_width; x += BLOCK)
            memcpy(mark_at(format, frame, x, y), mark, sizeof mark);
    return err;
}

static gboolean
every_block_came(const SpHevcFormat *format, const AVFrame *frame)
{
    for (guint y = 0; y < format->coded_height; y += BLOCK)
        for (guint x = 0; x < format->coded_width; x += BLOCK)
            if (memcmp(mark_at(format, frame, x, y), mark, sizeof mark) == 0)
                return FALSE;
    return TRUE;
}

/* ---- life cycle -------------------------------------------------------------------------- */

static gboolean
throw_libavcodec(GError **error, int err, SpErrorCode code, const char *doing)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(err, text, sizeof text);
    if (err == AVERROR(ENOMEM))
        code = SP_ERROR_TOO_MUCH_MEMORY;
    else if (err == AVERROR_PATCHWELCOME)
        code = SP_ERROR_UNAVAILABLE;
    return sp_throw(error, code, "cannot %s: %s", doing, text);
}

static gboolean
throw_memory(GError **error)
{
    return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for an HEVC decoder");
}

static gboolean
open_context(SpHevcCodec *codec, SpSlice record, GError **error)
{
    const AVCodec *hevc = avcodec_find_decoder(AV_CODEC_ID_HEVC);
    if (hevc == NULL)
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "libavcodec has no HEVC decoder");
    AVCodecContext *context = codec->context = avcodec_alloc_context3(hevc);
    codec->packet = av_packet_alloc();
    codec->frame = av_frame_alloc();
    if (context == NULL || codec->packet == NULL || codec->frame == NULL ||
        record.n > G_MAXINT - AV_INPUT_BUFFER_PADDING_SIZE)
        return throw_memory(error);
    context->extradata = av_mallocz(record.n + AV_INPUT_BUFFER_PADDING_SIZE);
    if (context->extradata == NULL)
        return throw_memory(error);
    memcpy(context->extradata, record.bytes, record.n);
    context->extradata[LENGTH_SIZE_AT] |= LENGTH_SIZE - 1;
    context->extradata_size = (int)record.n;
    context->thread_count = 1;
    context->thread_type = 0;
    context->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
    context->error_concealment = 0;
    context->apply_cropping = 0;
    context->opaque = codec;
    context->get_buffer2 = get_marked_buffer;
    int err = avcodec_open2(context, hevc, NULL);
    return err >= 0 ||
           throw_libavcodec(error, err, SP_ERROR_UNAVAILABLE, "use the HEVC's parameter sets");
}

/* Planar Y, or Y, Cb, Cr; one or two bytes a sample. */
static gboolean
read_samples(SpHevcFormat *format, const AVPixFmtDescriptor *about)
{
    const guint64 never = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_ALPHA |
                          AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM |
                          AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BE;
    if (about == NULL || (about->flags & never) != 0 ||
        (about->nb_components != 1 && about->nb_components != 3))
        return FALSE;
    format->n_planes = about->nb_components;
    format->bits = (guint)about->comp[0].depth;
    format->bytes = format->bits > 8 ? 2 : 1;
    format->shift_x = about->log2_chroma_w;
    format->shift_y = about->log2_chroma_h;
    for (guint i = 0; i < format->n_planes; i++) {
        const AVComponentDescriptor *component = &about->comp[i];
        if (component->plane != (int)i || component->offset != 0 || component->shift != 0 ||
            component->depth != (int)format->bits || component->step != (int)format->bytes)
            return FALSE;
    }
    return format->bits >= 8 && format->bits <= 16;
}

/* libavcodec has read the parameter sets. Its numbers for colours are those of ITU-T H.273. */
static gboolean
read_format(SpHevcFormat *format, const AVCodecContext *context)
{
    format->width = (guint)MAX(0, context->width);
    format->height = (guint)MAX(0, context->height);
    format->coded_width = (guint)MAX(0, context->coded_width);
    format->coded_height = (guint)MAX(0, context->coded_height);
    format->ycc = (SpCodePoints){
        .present = TRUE,
        .primaries = context->color_primaries,
        .transfer = context->color_trc,
        .matrix = context->colorspace,
        .full_range = context->color_range == AVCOL_RANGE_JPEG,
    };
    return format->width > 0 && format->height > 0 && format->coded_width >= 8 &&
           format->coded_height >= 8 && format->coded_width - format->width <= WINDOW_MOST &&
           format->coded_height - format->height <= WINDOW_MOST &&
           read_samples(format, av_pix_fmt_desc_get(context->pix_fmt));
}

SpHevcCodec *
sp_hevc_codec_new(SpSlice record, GError **error)
{
    g_autoptr(SpHevcCodec) codec = g_new0(SpHevcCodec, 1);
    g_autoptr(GError) reading = NULL;
    codec->slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    if (!sp_hevc_config_read(record, &codec->config, &reading))
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE, "%s", reading->message);
    if (codec->config.n_sps != 1)
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE,
                             "the HEVC has %u sequence parameter sets", codec->config.n_sps);
    if (!open_context(codec, record, error))
        return NULL;
    if (!read_format(&codec->format, codec->context))
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE,
                             "the HEVC's pictures are of a kind that is not known");
    return g_steal_pointer(&codec);
}

void
sp_hevc_codec_free(SpHevcCodec *codec)
{
    if (codec == NULL)
        return;
    g_array_unref(codec->slices);
    av_frame_free(&codec->frame);
    av_packet_free(&codec->packet);
    avcodec_free_context(&codec->context);
    g_free(codec);
}

const SpHevcFormat *
sp_hevc_codec_format(const SpHevcCodec *codec)
{
    return &codec->format;
}

/* The frame, and tables of blocks: of each 4 x 4, 12 bytes of motion (unused) and some 4 of
 * filters and modes; 2 MiB are the context's own. */
guint64
sp_hevc_codec_memory(const SpHevcFormat *format)
{
    guint64 pixels = (guint64)format->coded_width * format->coded_height;
    guint64 chroma =
        format->n_planes == 1 ? 0 : 2 * (pixels >> format->shift_x >> format->shift_y);
    return (pixels + chroma) * format->bytes + pixels * 5 / 4 + ((guint64)2 << 20);
}

char *
sp_hevc_libraries(void)
{
    unsigned version = avcodec_version();
    return g_strdup_printf("libavcodec %u.%u.%u", AV_VERSION_MAJOR(version),
                           AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
}

void
sp_hevc_warm_up(void)
{
    av_log_set_level(AV_LOG_QUIET);
    av_get_cpu_flags();
    AVCodecContext *context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_HEVC));
    if (context != NULL)
        avcodec_open2(context, NULL, NULL);
    avcodec_free_context(&context);
}

/* ---- a picture --------------------------------------------------------------------------- */

static void
put_length(guint8 *to, gsize n)
{
    for (guint i = 0; i < LENGTH_SIZE; i++)
        to[i] = (guint8)(n >> 8 * (LENGTH_SIZE - 1 - i));
}

static gsize
packet_size(const GArray *slices)
{
    gsize n = slices->len * (gsize)(LENGTH_SIZE + TAIL);
    for (guint i = 0; i < slices->len; i++)
        n += g_array_index(slices, SpSlice, i).n;
    return n;
}

gsize
sp_hevc_codec_packet(const SpHevcCodec *codec, SpSlice item)
{
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    gboolean found = sp_hevc_find_slices(item, &codec->config, slices, NULL);
    return found ? packet_size(slices) : 0;
}

static gboolean
fill_packet(SpHevcCodec *codec, SpSlice item, GError **error)
{
    GArray *slices = codec->slices;
    g_array_set_size(slices, 0);
    if (!sp_hevc_find_slices(item, &codec->config, slices, error))
        return FALSE;
    gsize n = packet_size(slices);
    if (n > G_MAXINT - AV_INPUT_BUFFER_PADDING_SIZE || av_new_packet(codec->packet, (int)n) < 0)
        return throw_memory(error);
    guint8 *to = codec->packet->data;
    for (guint i = 0; i < slices->len; i++) {
        SpSlice slice = g_array_index(slices, SpSlice, i);
        put_length(to, slice.n + TAIL);
        memcpy(to + LENGTH_SIZE, slice.bytes, slice.n);
        memset(to + LENGTH_SIZE + slice.n, 0xFF, TAIL);
        to += LENGTH_SIZE + slice.n + TAIL;
    }
    return TRUE;
}

/* One packet, one frame; flushed, so that it comes at once and no later one refers to it. */
static int
run_packet(SpHevcCodec *codec)
{
    int err = avcodec_send_packet(codec->context, codec->packet);
    if (err >= 0)
        err = avcodec_send_packet(codec->context, NULL);
    if (err >= 0)
        err = avcodec_receive_frame(codec->context, codec->frame);
    avcodec_flush_buffers(codec->context);
    return err;
}

static gboolean
check_frame(const SpHevcCodec *codec, GError **error)
{
    const SpHevcFormat *format = &codec->format;
    const AVFrame *frame = codec->frame;
    gboolean as_agreed =
        frame->format == codec->context->pix_fmt && frame->width == (int)format->coded_width &&
        frame->height == (int)format->coded_height &&
        frame->crop_left + frame->crop_right == format->coded_width - format->width &&
        frame->crop_top + frame->crop_bottom == format->coded_height - format->height;
    if (!as_agreed || frame->decode_error_flags != 0 || frame->flags & AV_FRAME_FLAG_CORRUPT)
        return sp_throw(error, SP_ERROR_CORRUPT, "the HEVC picture is damaged");
    return every_block_came(format, frame) ||
           sp_throw(error, SP_ERROR_CORRUPT, "parts of the HEVC picture never come");
}

gboolean
sp_hevc_codec_decode(SpHevcCodec *codec, SpSlice item, GError **error)
{
    av_frame_unref(codec->frame);
    gboolean filled = fill_packet(codec, item, error);
    int err = filled ? run_packet(codec) : 0;
    av_packet_unref(codec->packet);
    if (!filled)
        return FALSE;
    if (err < 0)
        return throw_libavcodec(error, err, SP_ERROR_CORRUPT, "decode the HEVC picture");
    return check_frame(codec, error);
}

/* The upper bits once more below, so that full becomes 65 535. */
static void
widen_row(const guint8 *from, guint n, guint bits, guint8 *to)
{
    const guint16 *in = (const guint16 *)(const void *)from;
    guint16 *out = (guint16 *)(void *)to;
    guint up = 16 - bits, down = 2 * bits - 16;
    for (guint i = 0; i < n; i++)
        out[i] = (guint16)(in[i] << up | in[i] >> down);
}

void
sp_hevc_codec_copy(const SpHevcCodec *codec, guint plane, guint n, guint n_rows, guint8 *to,
                   gsize stride)
{
    const AVFrame *frame = codec->frame;
    const SpHevcFormat *format = &codec->format;
    guint shift_x = plane == 0 ? 0 : format->shift_x,
          shift_y = plane == 0 ? 0 : format->shift_y;
    const guint8 *from = frame->data[plane] +
                         (gssize)(frame->crop_top >> shift_y) * frame->linesize[plane] +
                         (frame->crop_left >> shift_x) * format->bytes;
    for (guint y = 0; y < n_rows; y++, from += frame->linesize[plane], to += stride)
        if (format->bytes == 1)
            memcpy(to, from, n);
        else
            widen_row(from, n, format->bits, to);
}
