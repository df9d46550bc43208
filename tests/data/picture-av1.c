/* SPDX-License-Identifier: MIT */
/* picture-av1.c -- one AV1 still by libaom, of 8, 10 or 12 bits.
 *
 * Not through libheif: that of Debian 12 aborts on every AVIF of 10 bits. The sequence header
 * is written in its short form for stills, so that av1C can be told from its first bits. */
#include "data/options.h"
#include "data/picture-heif.h"
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>
#include <string.h>

static void
must(int good, const char *what)
{
    if (!good)
        die("libaom cannot", what);
}

static aom_image_t *
make_image(const CodeOptions *o, const Frame *frame)
{
    Ycc planes = ycc_make(o, frame);
    aom_img_fmt_t format = planes.shift ? AOM_IMG_FMT_I420 : AOM_IMG_FMT_I444;
    if (o->bits > 8)
        format |= AOM_IMG_FMT_HIGHBITDEPTH;
    aom_image_t *image = aom_img_alloc(NULL, format, frame->width, frame->height, 16);
    must(image != NULL, "allocate");
    image->bit_depth = (unsigned)o->bits;
    image->monochrome = o->grey;
    image->range = AOM_CR_FULL_RANGE;
    for (int i = 0; i < 3; i++)
        ycc_copy(&planes, i, o->bits > 8, image->planes[i], (size_t)image->stride[i]);
    ycc_free(&planes);
    return image;
}

static void
start(const CodeOptions *o, const Frame *frame, aom_codec_ctx_t *codec)
{
    aom_codec_iface_t *av1 = aom_codec_av1_cx();
    aom_codec_enc_cfg_t config;
    must(!aom_codec_enc_config_default(av1, &config, AOM_USAGE_ALL_INTRA), "start");
    config.g_w = frame->width;
    config.g_h = frame->height;
    config.g_limit = 1;
    config.g_threads = 1;
    config.g_bit_depth = (aom_bit_depth_t)o->bits;
    config.g_input_bit_depth = (unsigned)o->bits;
    config.g_profile = o->bits == 12 ? 2 : o->lossless && !o->grey ? 1 : 0;
    config.monochrome = (unsigned)o->grey;
    config.rc_end_usage = AOM_Q;
    unsigned primaries = 0, transfer = 0;
    picture_code_points(o->space, &primaries, &transfer);
    must(!aom_codec_enc_init(codec, av1, &config,
                             o->bits > 8 ? AOM_CODEC_USE_HIGHBITDEPTH : 0) &&
             !aom_codec_control(codec, AOME_SET_CPUUSED, 8) &&
             !aom_codec_control(codec, AOME_SET_CQ_LEVEL, (100 - o->quality) * 63 / 100) &&
             !aom_codec_control(codec, AV1E_SET_LOSSLESS, o->lossless) &&
             !aom_codec_control(codec, AV1E_SET_COLOR_RANGE, AOM_CR_FULL_RANGE) &&
             !aom_codec_control(codec, AV1E_SET_COLOR_PRIMARIES, (int)primaries) &&
             !aom_codec_control(codec, AV1E_SET_TRANSFER_CHARACTERISTICS, (int)transfer) &&
             !aom_codec_control(codec, AV1E_SET_MATRIX_COEFFICIENTS, code_matrix(o)),
         "be set up");
}

/* Low bits first, seven a byte. */
static size_t
read_leb128(const uint8_t **at)
{
    size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (size_t)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
}

/* The OBUs, but for the temporal delimiter, which must not be there; the sequence header is
 * looked at for av1C (AV1 Codec ISO Media File Format Binding, 2.3). */
static void
take_obus(const CodeOptions *o, const uint8_t *at, size_t n, Coded *coded)
{
    const uint8_t *end = at + n;
    while (at < end) {
        const uint8_t *obu = at++;
        int type = *obu >> 3 & 15;
        size_t size = read_leb128(&at);
        const uint8_t *payload = at;
        at += size;
        if (type != 2)
            put(&coded->data, obu, (size_t)(at - obu));
        if (type != 1)
            continue;
        must((payload[0] & 0x18) == 0x18, "write the short header of stills");
        unsigned profile = payload[0] >> 5;
        unsigned level = (payload[0] & 7u) << 2 | payload[1] >> 6;
        unsigned half = o->lossless && !o->grey ? 0 : 0x0C;
        uint8_t head[4] = {
            0x81, (uint8_t)(profile << 5 | level),
            (uint8_t)((o->bits > 8) << 6 | (o->bits == 12) << 5 | (o->grey != 0) << 4 | half),
            0};
        put(&coded->config, head, 4);
        put(&coded->config, obu, (size_t)(at - obu));
    }
}

Coded
code_av1(const CodeOptions *o, const Frame *frame)
{
    Coded coded = {frame->width, frame->height, {0}, {0}};
    aom_codec_ctx_t codec;
    start(o, frame, &codec);
    aom_image_t *image = make_image(o, frame);
    for (int last = 0; last < 2; last++) { /* the second time says that no more will come */
        must(!aom_codec_encode(&codec, last ? NULL : image, 0, 1, 0), "encode");
        aom_codec_iter_t iter = NULL;
        const aom_codec_cx_pkt_t *packet = NULL;
        while ((packet = aom_codec_get_cx_data(&codec, &iter)) != NULL)
            if (packet->kind == AOM_CODEC_CX_FRAME_PKT)
                take_obus(o, packet->data.frame.buf, packet->data.frame.sz, &coded);
    }
    must(coded.config.n > 0, "write a sequence header");
    aom_img_free(image);
    aom_codec_destroy(&codec);
    return coded;
}
