/* SPDX-License-Identifier: MIT */
/* curves.c -- of pictures, the spectrum and the bytes over quality: what the constants in
 * src/render/spectrum.c are fitted to, by bench/fit-spectrum.pl.
 *
 *     curves FILE.jpg... >curves.tsv
 *
 * The files are pictures as they are encoded: at 4:2:0, of their last size, and best made by
 * storyphoto itself, at quality 100:
 *     storyphoto process --to jpeg --set jpeg.quality=100 --set jpeg.min-quality=100
 *                        --set jpeg.max-bytes=16000000 --set jpeg.width=480 ...
 * A line a file and format: name, format, blocks in all, blocks looked at, the bins of luma and
 * of chroma, and quality:bytes from 40 on in steps of 4. */
#include "preset/preset.h"
#include "render/encode.h"
#include "render/spectrum.h"
#include <stdio.h>
#include <string.h>
/* needs stdio.h */
#include <jpeglib.h>

#define MCU 16

/* Rows of the JPEG's own planes, as many as there are of each. */
static void
take_rows(j_decompress_ptr jpeg, SpPicture *picture, guint8 *buffer, gsize row)
{
    JSAMPROW rows[3][MCU];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    for (guint i = 0; i < 3 * MCU; i++)
        rows[i / MCU][i % MCU] = buffer + i * row;
    guint y = jpeg->output_scanline, n = picture->n_planes == 1 ? DCTSIZE : MCU;
    jpeg_read_raw_data(jpeg, planes, n);
    for (guint i = 0; i < picture->n_planes; i++) {
        SpPlane *plane = &picture->planes[i];
        guint pitch = i == 0 ? 1 : 2;
        for (guint k = 0; k < n / pitch && y / pitch + k < plane->height; k++)
            memcpy(plane->data + plane->stride * (y / pitch + k), rows[i][k], plane->width);
    }
}

/* Errors of libjpeg end the tool. */
static gboolean
load(const char *path, SpPicture *picture)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return FALSE;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_stdio_src(&jpeg, file);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.raw_data_out = TRUE;
    jpeg_start_decompress(&jpeg);
    SpForm form = sp_form_of_jpeg(2, (guint)jpeg.num_components);
    gboolean done = sp_picture_init(picture, jpeg.image_width, jpeg.image_height, form, NULL);
    gsize row = jpeg.image_width + (gsize)2 * MCU;
    g_autofree guint8 *buffer = g_malloc(row * 3 * MCU);
    while (done && jpeg.output_scanline < jpeg.output_height)
        take_rows(&jpeg, picture, buffer, row);
    jpeg_destroy_decompress(&jpeg);
    fclose(file);
    return done;
}

static void
print_bins(const guint32 *bins)
{
    for (guint i = 0; i < SP_SPECTRUM_BINS; i++)
        printf("%s%u", i == 0 ? "\t" : " ", bins[i]);
}

static void
print_curve(const char *name, const SpPicture *picture, guint32 format)
{
    SpSpectrum spectrum;
    SpVariant variant = {.format = format, .effort = 2};
    const SpEncoder *encoder = sp_encoder(format);
    gpointer state = encoder->open(picture, &variant, NULL);
    sp_spectrum_measure(picture, format, &spectrum);
    printf("%s\t%s\t%g\t%u", name, sp_output_format_word(format), spectrum.in_all,
           spectrum.blocks);
    print_bins(spectrum.bins[0]);
    print_bins(spectrum.bins[1]);
    for (guint quality = 40; quality <= 96; quality += 4) {
        g_autoptr(GBytes) bytes = encoder->encode(state, quality, NULL);
        if (bytes != NULL)
            printf("\t%u:%" G_GSIZE_FORMAT, quality, g_bytes_get_size(bytes));
    }
    printf("\n");
    encoder->close(state);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        g_auto(SpPicture) picture = {0};
        if (!load(argv[i], &picture))
            return 1;
        sp_encode_pad(&picture);
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
            print_curve(argv[i], &picture, format);
    }
    return 0;
}
