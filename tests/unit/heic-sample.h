/* SPDX-License-Identifier: MIT */
/* heic-sample.h -- HEICs made by libheif, and what is in them by another decoder: libde265,
 * which gives the samples as they are coded (libheif takes them to RGB and back), or libheif.
 */
#ifndef SP_TESTS_HEIC_SAMPLE_H
#define SP_TESTS_HEIC_SAMPLE_H
#include "container/heif.h"
#include <libde265/de265.h>
#include <libheif/heif.h>
#include <math.h>

typedef struct {
    guint width, height;
    enum heif_chroma chroma;
    guint bits;
    guint seed;         /* another picture of the same kind */
    const char *slices; /* of the coded picture; NULL: one */
    gboolean alpha;
} HeicSample;

static const enum heif_channel heic_channels[] = {heif_channel_Y, heif_channel_Cb,
                                                  heif_channel_Cr, heif_channel_Alpha};

static inline void
heic_ok(struct heif_error error)
{
    g_assert_cmpstr(error.message, ==, "Success");
}

/* Waves with a little noise upon them, nowhere out of the range of R, G and B. */
static inline guint
heic_value(const HeicSample *sample, guint plane, guint x, guint y)
{
    guint32 noise = (x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ (sample->seed + plane) * 0xC2B2AE3Du);
    noise = (noise ^ noise >> 15) * 0x2C1B3C6Du >> 24;
    double phase = sample->seed * 1.7 + plane * 2.1;
    double high = plane == 1 || plane == 2 ? 0.06 : 0.12;
    double v = 0.5 + high * (sin(x / 29.0 + phase) + cos(y / 23.0 - phase)) +
               (noise / 255.0 - 0.5) / 12;
    return (guint)lround(v * ((1 << sample->bits) - 1));
}

static inline void
heic_fill(struct heif_image *image, const HeicSample *sample, guint plane)
{
    enum heif_channel channel = heic_channels[plane];
    gboolean half = plane == 1 || plane == 2;
    gboolean half_x = half && sample->chroma != heif_chroma_444;
    gboolean half_y = half && sample->chroma == heif_chroma_420;
    guint width = half_x ? (sample->width + 1) / 2 : sample->width;
    guint height = half_y ? (sample->height + 1) / 2 : sample->height;
    heic_ok(heif_image_add_plane(image, channel, (int)width, (int)height, (int)sample->bits));
    int stride = 0;
    guint8 *rows = heif_image_get_plane(image, channel, &stride);
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++) {
            guint v = heic_value(sample, plane, x, y);
            if (sample->bits > 8)
                ((guint16 *)(void *)(rows + (gsize)y * (gsize)stride))[x] = (guint16)v;
            else
                rows[(gsize)y * (gsize)stride + x] = (guint8)v;
        }
}

static inline struct heif_image *
heic_image(const HeicSample *sample)
{
    gboolean grey = sample->chroma == heif_chroma_monochrome;
    struct heif_image *image = NULL;
    heic_ok(heif_image_create((int)sample->width, (int)sample->height,
                              grey ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
                              sample->chroma, &image));
    for (guint i = 0; i < (grey ? 1 : 3); i++)
        heic_fill(image, sample, i);
    if (sample->alpha)
        heic_fill(image, sample, 3);
    return image;
}

static inline struct heif_error
heic_write(struct heif_context *context, const void *bytes, size_t n, void *data)
{
    (void)context;
    g_byte_array_append(data, bytes, (guint)n);
    return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified, "Success"};
}

/* Owned by the caller. */
static inline GByteArray *
heic_make(const HeicSample *sample)
{
    GByteArray *file = g_byte_array_new();
    struct heif_writer writer = {1, heic_write};
    struct heif_context *context = heif_context_alloc();
    struct heif_encoder *encoder = NULL;
    heic_ok(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
    heic_ok(heif_encoder_set_lossy_quality(encoder, 70));
    const char *chroma = sample->chroma == heif_chroma_444   ? "444"
                         : sample->chroma == heif_chroma_422 ? "422"
                                                             : "420";
    heic_ok(heif_encoder_set_parameter_string(encoder, "chroma", chroma));
    heic_ok(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
    if (sample->slices != NULL)
        heic_ok(heif_encoder_set_parameter_string(encoder, "x265:slices", sample->slices));
    struct heif_image *image = heic_image(sample);
    heic_ok(heif_context_encode_image(context, image, encoder, NULL, NULL));
    heic_ok(heif_context_write(context, &writer, file));
    heif_image_release(image);
    heif_encoder_release(encoder);
    heif_context_free(context);
    return file;
}

/* As libheif shows it: upright, R, G, B; owned by the caller. */
static inline struct heif_image *
heic_read(const GByteArray *file)
{
    struct heif_context *context = heif_context_alloc();
    struct heif_image_handle *handle = NULL;
    struct heif_image *image = NULL;
    heic_ok(heif_context_read_from_memory_without_copy(context, file->data, file->len, NULL));
    heic_ok(heif_context_get_primary_image_handle(context, &handle));
    heic_ok(heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                              NULL));
    heif_image_handle_release(handle);
    heif_context_free(context);
    return image;
}

static inline void
heic_walk(const GByteArray *file, SpHeifWalk *walk)
{
    g_autoptr(GError) error = NULL;
    gboolean walked = sp_heif_walk(file->data, file->len, NULL, NULL, walk, &error);
    g_assert_no_error(error);
    g_assert_true(walked);
}

/* ---- libde265 -----------------------------------------------------------------------------
 */

static inline void
heic_push_units(de265_decoder_context *decoder, const guint8 *bytes, gsize n, guint length_size)
{
    while (n > 0) {
        gsize length = 0;
        for (guint i = 0; i < length_size; i++)
            length = length << 8 | bytes[i];
        g_assert_cmpuint(length_size + length, <=, n);
        g_assert_cmpint(de265_push_NAL(decoder, bytes + length_size, (int)length, 0, NULL), ==,
                        DE265_OK);
        bytes += length_size + length;
        n -= length_size + length;
    }
}

/* libheif's records have arrays of one parameter set each, and lengths of 4 bytes. */
static inline void
heic_push_record(de265_decoder_context *decoder, SpSlice record)
{
    const guint8 *at = record.bytes + 23;
    for (guint i = record.bytes[22]; i > 0; i--) {
        gsize n = 2 + (gsize)(at[3] << 8 | at[4]);
        heic_push_units(decoder, at + 3, n, 2);
        at += 3 + n;
    }
}

/* Free the decoder (de265_free_decoder()) to free the picture. */
static inline const struct de265_image *
heic_decode(de265_decoder_context *decoder, SpSlice record, SpSlice item)
{
    heic_push_record(decoder, record);
    heic_push_units(decoder, item.bytes, item.n, 4);
    g_assert_cmpint(de265_flush_data(decoder), ==, DE265_OK);
    const struct de265_image *image = NULL;
    for (int more = 1; more != 0 && image == NULL;) {
        g_assert_cmpint(de265_decode(decoder, &more), ==, DE265_OK);
        image = de265_get_next_picture(decoder);
    }
    g_assert_nonnull(image);
    return image;
}
#endif
