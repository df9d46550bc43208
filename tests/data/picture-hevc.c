/* SPDX-License-Identifier: MIT */
/* picture-hevc.c -- HEVC by libheif's encoder: the coded bytes and their configuration, taken
 * out of the file that libheif makes. */
#include "data/options.h"
#include "data/picture-heif.h"
#include <libheif/heif.h>
#include <string.h>

static void
must(struct heif_error error)
{
    if (error.code != heif_error_Ok)
        die("libheif:", error.message);
}

static struct heif_image *
make_image(const CodeOptions *o, const Frame *frame)
{
    static const enum heif_channel channels[] = {heif_channel_Y, heif_channel_Cb,
                                                 heif_channel_Cr};
    Ycc planes = ycc_make(o, frame);
    struct heif_image *image = NULL;
    enum heif_chroma chroma = o->grey        ? heif_chroma_monochrome
                              : planes.shift ? heif_chroma_420
                                             : heif_chroma_444;
    must(heif_image_create((int)frame->width, (int)frame->height,
                           o->grey ? heif_colorspace_monochrome : heif_colorspace_YCbCr, chroma,
                           &image));
    for (int i = 0; i < (o->grey ? 1 : 3); i++) {
        int stride = 0;
        must(heif_image_add_plane(image, channels[i], (int)planes.width[i],
                                  (int)planes.height[i], o->bits));
        uint8_t *rows = heif_image_get_plane(image, channels[i], &stride);
        ycc_copy(&planes, i, o->bits > 8, rows, (size_t)stride);
    }
    ycc_free(&planes);
    return image;
}

static struct heif_error
take(struct heif_context *context, const void *bytes, size_t n, void *file)
{
    (void)context;
    put(file, bytes, n);
    return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified, "good"};
}

/* The payload of the first box of that name: libheif's file holds one picture, so there is one,
 * and mdat is the whole of its data. */
static Buffer
payload_of(const Buffer *file, const char *type)
{
    Buffer payload = {0};
    for (size_t at = 4; at + 4 <= file->n; at++) {
        if (memcmp(file->bytes + at, type, 4) != 0)
            continue;
        const uint8_t *size = file->bytes + at - 4;
        size_t n =
            (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        if (n >= 8 && at - 4 + n <= file->n) {
            put(&payload, file->bytes + at + 4, n - 8);
            return payload;
        }
    }
    die("libheif wrote no", type);
}

/* The same for the image and for what is made of it, so that nothing is converted. */
static struct heif_color_profile_nclx *
make_nclx(const CodeOptions *o)
{
    struct heif_color_profile_nclx *nclx = heif_nclx_color_profile_alloc();
    unsigned primaries = 0, transfer = 0;
    picture_code_points(o->space, &primaries, &transfer);
    nclx->color_primaries = (enum heif_color_primaries)primaries;
    nclx->transfer_characteristics = (enum heif_transfer_characteristics)transfer;
    nclx->matrix_coefficients = (enum heif_matrix_coefficients)code_matrix(o);
    nclx->full_range_flag = 1;
    return nclx;
}

Coded
code_hevc(const CodeOptions *o, const Frame *frame)
{
    struct heif_context *context = heif_context_alloc();
    struct heif_encoder *encoder = NULL;
    must(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
    must(heif_encoder_set_lossy_quality(encoder, o->quality));
    must(heif_encoder_set_lossless(encoder, o->lossless));
    must(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
    if (o->lossless && !o->grey)
        must(heif_encoder_set_parameter_string(encoder, "chroma", "444"));
    struct heif_encoding_options *options = heif_encoding_options_alloc();
    options->macOS_compatibility_workaround = 0; /* no grid around it */
    options->output_nclx_profile = make_nclx(o);
    struct heif_image *image = make_image(o, frame);
    must(heif_image_set_nclx_color_profile(image, options->output_nclx_profile));
    must(heif_context_encode_image(context, image, encoder, options, NULL));
    struct heif_writer writer = {1, take};
    Buffer file = {0};
    must(heif_context_write(context, &writer, &file));
    heif_nclx_color_profile_free(options->output_nclx_profile);
    heif_encoding_options_free(options);
    heif_image_release(image);
    heif_encoder_release(encoder);
    heif_context_free(context);
    Coded coded = {frame->width, frame->height, payload_of(&file, "mdat"),
                   payload_of(&file, "hvcC")};
    free(file.bytes);
    return coded;
}
