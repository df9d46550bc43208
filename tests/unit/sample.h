/* SPDX-License-Identifier: MIT */
/* sample.h -- JPEGs for tests, made in memory: any size, sampling, orientation, profile. */
#ifndef SP_TESTS_SAMPLE_H
#define SP_TESTS_SAMPLE_H
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>

typedef enum {
    SAMPLE_WAVES,   /* smooth in both directions */
    SAMPLE_WAVES_X, /* smooth, all rows equal */
    SAMPLE_WAVES_Y, /* smooth, all columns equal */
    SAMPLE_NOISE,
    SAMPLE_EXTREMES, /* noise of 0 and 255 alone */
    SAMPLE_PATCHES,  /* squares of saturated colours, the pure ones among them */
} SampleKind;

typedef struct {
    guint width, height;
    guint samplings[3][2]; /* h, v of Y, Cb, Cr; Y's 0: grey */
    SampleKind kind;
    gboolean progressive;
    guint orientation;      /* 0: no EXIF */
    gboolean adobe_interop; /* EXIF says R03 */
    GBytes *icc;            /* or NULL */
    int quality;            /* 0: 90 */
    guint restart;          /* MCUs between restart markers; 0: none */
    gboolean optimised;     /* Huffman tables of its own */
} Sample;

/* Its sampling where luma has h x v samples for each of the others'. */
#define SAMPLING(h, v)                                                                         \
    {                                                                                          \
        {h, v}, {1, 1},                                                                        \
        {                                                                                      \
            1, 1                                                                               \
        }                                                                                      \
    }

#define SAMPLING_420 SAMPLING(2, 2)

#define SAMPLE_PATCH 160 /* pixels a side */

/* The R'G'B' of a patch: each of 0, 64, 128, 192 and 255, in an order that leaps. */
static inline void
sample_patch(guint x, guint y, double ret[3])
{
    guint n = (x / SAMPLE_PATCH * 37 + y / SAMPLE_PATCH * 59 + 33) % 125;
    guint steps[3] = {n % 5, n / 5 % 5, n / 25};
    for (guint i = 0; i < 3; i++)
        ret[i] = MIN(steps[i] * 64, 255);
}

static inline void
sample_patch_pixel(guint x, guint y, JSAMPLE *ret)
{
    double c[3];
    sample_patch(x, y, c);
    double luma = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
    ret[0] = (JSAMPLE)(luma + 0.5);
    ret[1] = (JSAMPLE)MIN((c[2] - luma) / 1.772 + 128.5, 255);
    ret[2] = (JSAMPLE)MIN((c[0] - luma) / 1.402 + 128.5, 255);
}

/* Six waves, -1 to 1, of another period (in pixels) and phase each; one period is kept. */
static inline double
sample_wave(guint at, guint index)
{
    static const guint periods[6] = {97, 61, 71, 113, 131, 83};
    static double kept[6][131];
    static gboolean filled;
    for (guint i = 0; i < 6 && !filled; i++)
        for (guint k = 0; k < periods[i]; k++)
            kept[i][k] = sin(k * 2 * G_PI / periods[i] + i);
    filled = TRUE;
    return kept[index][at % periods[index]];
}

/* Y'CbCr of pixel (x, y). Waves with another period and phase for each component, so that a
 * wrong turn, a swapped plane or a shifted sample shows. */
static inline void
sample_pixel(const Sample *sample, guint x, guint y, JSAMPLE *ret)
{
    if (sample->kind == SAMPLE_PATCHES) {
        sample_patch_pixel(x, y, ret);
        return;
    }
    for (guint i = 0; i < 3; i++) {
        double wave = (sample->kind == SAMPLE_WAVES_Y ? 0 : sample_wave(x, 2 * i)) +
                      (sample->kind == SAMPLE_WAVES_X ? 0 : sample_wave(y, 2 * i + 1));
        ret[i] = (JSAMPLE)(128 + 50 * wave);
        if (sample->kind == SAMPLE_NOISE)
            ret[i] = (JSAMPLE)g_test_rand_int_range(16, 240);
        if (sample->kind == SAMPLE_EXTREMES)
            ret[i] = g_test_rand_bit() ? 255 : 0;
    }
}

static inline void
sample_configure(struct jpeg_compress_struct *cinfo, const Sample *sample)
{
    gboolean grey = sample->samplings[0][0] == 0;
    cinfo->image_width = sample->width;
    cinfo->image_height = sample->height;
    cinfo->input_components = grey ? 1 : 3;
    cinfo->in_color_space = grey ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(cinfo);
    jpeg_set_quality(cinfo, sample->quality != 0 ? sample->quality : 90, TRUE);
    for (guint i = 0; i < 3 && !grey; i++) {
        cinfo->comp_info[i].h_samp_factor = (int)sample->samplings[i][0];
        cinfo->comp_info[i].v_samp_factor = (int)sample->samplings[i][1];
    }
    cinfo->restart_interval = sample->restart;
    cinfo->optimize_coding = sample->optimised;
    if (sample->progressive)
        jpeg_simple_progression(cinfo);
}

/* Big-endian TIFF: IFD0 with orientation (and an Exif IFD that leads to an Interop IFD). */
static inline void
sample_exif(struct jpeg_compress_struct *cinfo, const Sample *sample)
{
    /* clang-format off */
    static const guint8 template[] = {
        'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
        /* 8: IFD0, two entries */
        0, 2, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38,
        0, 0, 0, 0,
        /* 38: Exif IFD, one entry */
        0, 1, 0xA0, 0x05, 0, 4, 0, 0, 0, 1, 0, 0, 0, 56, 0, 0, 0, 0,
        /* 56: Interop IFD, one entry */
        0, 1, 0, 1, 0, 2, 0, 0, 0, 4, 'R', '9', '8', 0, 0, 0, 0, 0,
    };
    /* clang-format on */
    guint8 exif[sizeof template];
    memcpy(exif, template, sizeof exif);
    exif[6 + 8 + 2 + 9] = (guint8)sample->orientation;
    if (sample->adobe_interop)
        memcpy(exif + 6 + 56 + 2 + 8, "R03", 3);
    jpeg_write_marker(cinfo, JPEG_APP0 + 1, exif, sizeof exif);
}

static inline GBytes *
sample_jpeg(const Sample *sample)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &n);
    sample_configure(&cinfo, sample);
    jpeg_start_compress(&cinfo, TRUE);
    if (sample->orientation != 0)
        sample_exif(&cinfo, sample);
    if (sample->icc != NULL)
        jpeg_write_icc_profile(&cinfo, g_bytes_get_data(sample->icc, NULL),
                               (unsigned)g_bytes_get_size(sample->icc));
    g_autofree JSAMPLE *row = g_malloc((gsize)sample->width * 3);
    for (guint y = 0; y < sample->height; y++) {
        for (guint x = 0; x < sample->width; x++) {
            JSAMPLE pixel[3] = {0};
            sample_pixel(sample, x, y, pixel);
            for (int i = 0; i < cinfo.input_components; i++)
                row[x * (guint)cinfo.input_components + (guint)i] = pixel[i];
        }
        jpeg_write_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return g_bytes_new_with_free_func(bytes, n, free, bytes);
}
#endif
