/* SPDX-License-Identifier: MIT */
/* readback.c -- one of our own files as planes again, to see what its encoder has lost.
 *
 * Decoded by the libraries that browsers use, as they do by default but for the conversion to
 * RGB and the upsampling of chroma, which lose nothing that a quality could change. */
#include "render/readback.h"
#include "base/error.h"
#include "preset/preset.h"
#include <setjmp.h>
#include <stdio.h>
#include <webp/decode.h>
/* libjpeg wants stdio.h before it */
#include <jerror.h>
#include <jpeglib.h>

#define MCU 16 /* rows of luma, at most */

/* ---- JPEG ----------------------------------------------------------------------------------
 */

typedef struct {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    SpPicture *picture; /* borrowed */
    guint8 *rows;       /* owned: MCU rows of each plane, as wide as its blocks */
    GError *error;      /* owned */
} Jpeg;

static void G_GNUC_NORETURN
on_error(j_common_ptr common)
{
    Jpeg *jpeg = common->client_data;
    longjmp(jpeg->out, 1);
}

static void
on_message(j_common_ptr common, int level)
{
    (void)common, (void)level;
}

/* Of what libjpeg gives, which is whole blocks, as much as there is of each plane. */
static void
take_rows(Jpeg *jpeg, gsize width)
{
    JSAMPROW rows[3][MCU];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    struct jpeg_decompress_struct *cinfo = &jpeg->cinfo;
    for (guint i = 0; i < 3 * MCU; i++)
        rows[i / MCU][i % MCU] = jpeg->rows + i * width;
    guint y = cinfo->output_scanline, n = (guint)cinfo->max_v_samp_factor * DCTSIZE;
    jpeg_read_raw_data(cinfo, planes, n);
    for (guint i = 0; i < jpeg->picture->n_planes; i++) {
        SpPlane *plane = &jpeg->picture->planes[i];
        guint pitch = i == 0 ? 1 : jpeg->picture->sub;
        for (guint k = 0; k < n / pitch && y / pitch + k < plane->height; k++)
            memcpy(plane->data + plane->stride * (y / pitch + k), rows[i][k], plane->width);
    }
}

static gboolean
decompress(Jpeg *jpeg, GBytes *file)
{
    struct jpeg_decompress_struct *cinfo = &jpeg->cinfo;
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    if (setjmp(jpeg->out) != 0)
        return FALSE;
    jpeg_create_decompress(cinfo);
    cinfo->client_data = jpeg;
    jpeg_mem_src(cinfo, bytes, n);
    jpeg_read_header(cinfo, TRUE);
    cinfo->raw_data_out = TRUE;
    jpeg_start_decompress(cinfo);
    SpForm form =
        sp_form_of_jpeg((guint)cinfo->max_v_samp_factor, (guint)cinfo->num_components);
    if (!sp_picture_init(jpeg->picture, cinfo->image_width, cinfo->image_height, form,
                         &jpeg->error))
        return FALSE;
    gsize width = cinfo->image_width + (gsize)2 * MCU;
    jpeg->rows = g_try_malloc(width * 3 * MCU);
    while (jpeg->rows != NULL && cinfo->output_scanline < cinfo->output_height)
        take_rows(jpeg, width);
    return jpeg->rows != NULL;
}

static gboolean
read_jpeg(GBytes *file, SpPicture *picture, GError **error)
{
    Jpeg jpeg = {.picture = picture};
    jpeg.cinfo.err = jpeg_std_error(&jpeg.errors);
    jpeg.cinfo.client_data = &jpeg;
    jpeg.errors.error_exit = on_error;
    jpeg.errors.emit_message = on_message;
    gboolean done = decompress(&jpeg, file);
    jpeg_destroy_decompress(&jpeg.cinfo);
    g_free(jpeg.rows);
    if (done)
        return TRUE;
    if (jpeg.error == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot read a JPEG back");
    g_propagate_error(error, jpeg.error);
    return FALSE;
}

/* ---- WebP ----------------------------------------------------------------------------------
 */

/* From limited range, rounded: luma (v - 16) * 255 / 219, chroma 128 + (v - 128) * 255 / 224;
 * what lies outside is clipped, as on a screen. All fits into 16 bits, of which compilers make
 * vectors (-O3). */
static void
expand_row(guint8 *row, guint width, gboolean is_chroma)
{
    const guint8 most = is_chroma ? 240 : 235;
    const guint16 range = is_chroma ? 224 : 219;
    for (guint x = 0; x < width; x++) {
        guint16 value = (guint16)(CLAMP(row[x], 16, most) - 16);
        row[x] = (guint8)((guint16)(value * 255 + range / 2) / range);
    }
}

static gboolean
read_webp(GBytes *file, SpPicture *picture, GError **error)
{
    WebPDecoderConfig config;
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    if (!WebPInitDecoderConfig(&config) ||
        WebPGetFeatures(bytes, n, &config.input) != VP8_STATUS_OK)
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "libwebp is of another version");
    SpForm form = {SP_MODEL_YCC, FALSE, 1, 2};
    guint width = (guint)config.input.width, height = (guint)config.input.height;
    if (!sp_picture_init(picture, width, height, form, error))
        return FALSE;
    const SpPlane *planes = picture->planes;
    config.output.colorspace = MODE_YUV;
    config.output.is_external_memory = 1;
    config.output.u.YUVA = (WebPYUVABuffer){
        .y = planes[0].data,
        .u = planes[1].data,
        .v = planes[2].data,
        .y_stride = (int)planes[0].stride,
        .u_stride = (int)planes[1].stride,
        .v_stride = (int)planes[2].stride,
        .y_size = planes[0].stride * planes[0].height,
        .u_size = planes[1].stride * planes[1].height,
        .v_size = planes[2].stride * planes[2].height,
    };
    if (WebPDecode(bytes, n, &config) != VP8_STATUS_OK)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "cannot read a WebP back");
    for (guint i = 0; i < 3; i++)
        for (guint y = 0; y < planes[i].height; y++)
            expand_row(planes[i].data + planes[i].stride * y, planes[i].width, i > 0);
    return TRUE;
}

gboolean
sp_readback(GBytes *file, guint32 format, SpPicture *ret_picture, GError **error)
{
    g_auto(SpPicture) picture = {0};
    if (format == SP_OUTPUT_JPEG ? !read_jpeg(file, &picture, error)
                                 : !read_webp(file, &picture, error))
        return FALSE;
    *ret_picture = sp_picture_steal(&picture);
    return TRUE;
}
