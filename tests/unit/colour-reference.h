/* SPDX-License-Identifier: MIT */
/* colour-reference.h -- what a picture's colours should come out as, by another way.
 *
 * libjpeg decodes to R'G'B', the picture is turned by the definition of the tag, averaged down
 * by area, and converted by littleCMS in floating point, unoptimised. Ours is what
 * sp_develop_jpeg() hands to the encoders. Both are compared as means of blocks of 16 x 16
 * pixels, in which filters and chroma's half size hardly show and colours do. */
#ifndef SP_TESTS_COLOUR_REFERENCE_H
#define SP_TESTS_COLOUR_REFERENCE_H
#include "render/colour.h"
#include "render/develop.h"
#include <glib.h>
#include <lcms2.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>

/* ---- the reference: R'G'B' in floating point, 0 to 1 --------------------------------------
 */

typedef struct {
    guint width, height;
    float *rgb; /* owned */
} Picture;

static inline void
picture_clear(Picture *picture)
{
    g_free(picture->rgb);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Picture, picture_clear)

static inline Picture
picture_new(guint width, guint height)
{
    return (Picture){width, height, g_new0(float, (gsize)width *height * 3)};
}

static inline float *
at(const Picture *picture, guint x, guint y)
{
    return picture->rgb + ((gsize)y * picture->width + x) * 3;
}

static inline Picture
picture_decode(GBytes *jpeg, guint eighths)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, g_bytes_get_data(jpeg, NULL), g_bytes_get_size(jpeg));
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_RGB;
    cinfo.scale_num = eighths;
    cinfo.scale_denom = 8;
    jpeg_start_decompress(&cinfo);
    Picture picture = picture_new(cinfo.output_width, cinfo.output_height);
    g_autofree JSAMPLE *row = g_malloc((gsize)picture.width * 3);
    while (cinfo.output_scanline < cinfo.output_height) {
        float *to = at(&picture, 0, cinfo.output_scanline);
        jpeg_read_scanlines(&cinfo, &row, 1);
        for (guint i = 0; i < picture.width * 3; i++)
            to[i] = (float)row[i] / 255;
    }
    jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);
    return picture;
}

/* By the definition of the tag: where 0th row and 0th column lie (CIPA DC-008). */
static inline Picture
picture_turned(const Picture *from, guint orientation)
{
    guint w = from->width, h = from->height;
    Picture to = picture_new(orientation >= 5 ? h : w, orientation >= 5 ? w : h);
    for (guint y = 0; y < h; y++)
        for (guint x = 0; x < w; x++) {
            guint rx = w - 1 - x, ry = h - 1 - y;
            guint to_x[9] = {x, x, rx, rx, x, y, ry, ry, y};
            guint to_y[9] = {y, y, y, ry, ry, x, x, rx, rx};
            memcpy(at(&to, to_x[orientation], to_y[orientation]), at(from, x, y),
                   3 * sizeof(float));
        }
    return to;
}

static inline void
mean_of_area(const Picture *from, double left, double top, double right, double bottom,
             float *ret)
{
    double sum[3] = {0}, area = 0;
    for (guint y = (guint)top; y < from->height && y < bottom; y++)
        for (guint x = (guint)left; x < from->width && x < right; x++) {
            double part =
                (MIN(right, x + 1) - MAX(left, x)) * (MIN(bottom, y + 1) - MAX(top, y));
            for (guint i = 0; i < 3; i++)
                sum[i] += part * at(from, x, y)[i];
            area += part;
        }
    for (guint i = 0; i < 3; i++)
        ret[i] = (float)(sum[i] / area);
}

static inline Picture
picture_reduced(const Picture *from, guint width, guint height)
{
    Picture to = picture_new(width, height);
    double by_x = (double)from->width / width, by_y = (double)from->height / height;
    for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
            mean_of_area(from, x * by_x, y * by_y, (x + 1) * by_x, (y + 1) * by_y,
                         at(&to, x, y));
    return to;
}

static inline void
picture_convert(Picture *picture, GBytes *icc, gboolean grey)
{
    gsize n = (gsize)picture->width * picture->height, size = 0;
    const void *bytes = g_bytes_get_data(icc, &size);
    cmsHPROFILE from = cmsOpenProfileFromMem(bytes, (guint32)size);
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(
        from, grey ? TYPE_GRAY_FLT : TYPE_RGB_FLT, to, TYPE_RGB_FLT,
        INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE);
    g_assert_nonnull(transform);
    for (gsize i = 0; i < n; i++) {
        float *pixel = picture->rgb + 3 * i;
        float result[3];
        cmsDoTransform(transform, pixel, result, 1);
        for (guint k = 0; k < 3; k++)
            pixel[k] = CLAMP(result[k], 0, 1);
    }
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
}

/* ---- ours ---------------------------------------------------------------------------------
 */

static inline gboolean
picture_develop_by(SpDevelopFunc lane, GBytes *file, guint width, SpDeveloped *developed,
                   GError **error)
{
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    request->n_variants = 1;
    request->threads = 1;
    request->limits.max_pixels = 250000000;
    request->limits.max_scans = request->limits.max_frames = 100;
    request->limits.max_profile = 16 << 20;
    request->limits.max_memory = (guint64)4 << 30;
    request->variants[0].width = width;
    request->variants[0].max_height = SP_HARD_SIDE;
    SpSource source = sp_source_whole(bytes, n);
    return lane(&source, request, developed, error) &&
           sp_colour_subsample(&developed->picture, error); /* which may need more */
}

static inline gboolean
picture_develop(GBytes *jpeg, guint width, SpDeveloped *developed, GError **error)
{
    return picture_develop_by(sp_develop_jpeg, jpeg, width, developed, error);
}

static inline double
sample_at(const SpPicture *picture, guint index, guint x, guint y)
{
    guint sub = index == 0 ? 1 : picture->sub;
    const SpPlane *plane = &picture->planes[index];
    gsize row = y / sub, column = x / sub;
    return plane->data[plane->stride * row + column];
}

/* T.871 in floating point */
static inline Picture
picture_of(const SpPicture *picture)
{
    Picture to = picture_new(picture->width, picture->height);
    gboolean grey = picture->n_planes == 1;
    for (guint y = 0; y < to.height; y++)
        for (guint x = 0; x < to.width; x++) {
            double luma = sample_at(picture, 0, x, y);
            double cb = grey ? 0 : sample_at(picture, 1, x, y) - 128;
            double cr = grey ? 0 : sample_at(picture, 2, x, y) - 128;
            double rgb[3] = {luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr,
                             luma + 1.772 * cb};
            for (guint i = 0; i < 3; i++)
                at(&to, x, y)[i] = (float)(CLAMP(rgb[i], 0, 255) / 255);
        }
    return to;
}

/* ---- comparing ----------------------------------------------------------------------------
 */

#define BLOCK 16

/* Does the component touch 0 or 1 in a block? Then what lay outside was cut off, and it matters
 * whether that was done before the samples were averaged or behind it. */
static inline gboolean
is_clipped(const Picture *picture, guint left, guint top, guint component)
{
    for (guint y = top; y < MIN(top + BLOCK, picture->height); y++)
        for (guint x = left; x < MIN(left + BLOCK, picture->width); x++) {
            float v = at(picture, x, y)[component];
            if (v < 0.5F / 255 || v > 254.5F / 255)
                return TRUE;
        }
    return FALSE;
}

/* How far apart the means of two pictures' blocks are, over blocks and components, of 255. */
typedef struct {
    double mean, most;
    double most_inside; /* of those that neither picture clips */
} Difference;

static inline Difference
picture_differences(const Picture *a, const Picture *b)
{
    double sum = 0, n = 0, most = 0, most_inside = 0;
    g_assert_cmpuint(a->width, ==, b->width);
    g_assert_cmpuint(a->height, ==, b->height);
    for (guint y = 0; y < a->height; y += BLOCK)
        for (guint x = 0; x < a->width; x += BLOCK) {
            float p[3], q[3];
            mean_of_area(a, x, y, x + BLOCK, y + BLOCK, p);
            mean_of_area(b, x, y, x + BLOCK, y + BLOCK, q);
            for (guint i = 0; i < 3; i++) {
                double apart = fabs((double)p[i] - q[i]) * 255;
                sum += apart;
                most = MAX(most, apart);
                if (apart > most_inside && !is_clipped(a, x, y, i) && !is_clipped(b, x, y, i))
                    most_inside = apart;
            }
            n += 3;
        }
    return (Difference){sum / n, most, most_inside};
}

static inline double
picture_difference(const Picture *a, const Picture *b)
{
    return picture_differences(a, b).mean;
}

/* What the colours of a JPEG with one or three components are. Owned by the caller. */
static inline SpColourConversion *
find(GBytes *icc, gboolean adobe_rgb, guint n_components, SpColour *ret_colour)
{
    SpColourTags tags = {.icc = icc, .adobe_rgb = adobe_rgb};
    SpColourSource source = {.form = {.model = n_components == 1 ? SP_MODEL_GREY : SP_MODEL_YCC,
                                      .bytes = 1,
                                      .sub = 1}};
    return sp_colour_find(&tags, &source, ret_colour, NULL);
}
#endif
