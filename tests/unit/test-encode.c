/* SPDX-License-Identifier: MIT */
/* test-encode.c -- the encoders against the plain libraries, byte for byte; JPEG's, which
 * chooses coefficients of its own, with no effort.
 *
 * JPEG's reference gives libjpeg scanlines with each chroma sample repeated over the luma
 * samples that it stands for, which libjpeg averages back to the same; its padding and its
 * edges are libjpeg's own, its tables those of jpeg-quant.h. WebP's reference has planes of its
 * own, converted by the formula. Every file made here is audited. A picture with alpha shows a
 * disc. */
#include "encode-fixture.h"
#include "render/alpha.h"
#include "render/jpeg-quant.h"
#include "render/resize.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <webp/decode.h>
#include <webp/encode.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>

/* ---- JPEG ---------------------------------------------------------------------------------
 */

static void
write_scanlines(struct jpeg_compress_struct *cinfo, const SpPicture *picture)
{
    g_autofree guint8 *row = g_malloc((gsize)picture->width * picture->n_planes);
    for (guint y = 0; y < picture->height; y++) {
        for (guint x = 0; x < picture->width; x++)
            for (guint i = 0; i < picture->n_planes; i++) {
                const SpPlane *plane = &picture->planes[i];
                guint sub = i == 0 ? 1 : picture->sub;
                row[x * picture->n_planes + i] =
                    plane->data[plane->stride * (y / sub) + x / sub];
            }
        jpeg_write_scanlines(cinfo, &row, 1);
    }
}

static void
set_tables(struct jpeg_compress_struct *cinfo, int quality, guint sub)
{
    SpJpegQuant quant = sp_jpeg_quant_tables(quality, sub);
    const guint16 *tables[2] = {quant.luma, quant.chroma};
    for (int i = 0; i < 2; i++) {
        unsigned int steps[DCTSIZE2];
        for (guint k = 0; k < DCTSIZE2; k++)
            steps[k] = tables[i][k];
        jpeg_add_quant_table(cinfo, i, steps, 100, TRUE);
    }
}

static GBytes *
plain_jpeg(const SpPicture *picture, int quality)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &n);
    cinfo.image_width = picture->width;
    cinfo.image_height = picture->height;
    cinfo.input_components = (int)picture->n_planes;
    cinfo.in_color_space = picture->n_planes == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&cinfo);
    set_tables(&cinfo, quality, picture->sub);
    if (picture->n_planes == 3)
        cinfo.comp_info[0].h_samp_factor = cinfo.comp_info[0].v_samp_factor = (int)picture->sub;
    cinfo.optimize_coding = TRUE;
    jpeg_start_compress(&cinfo, TRUE);
    write_scanlines(&cinfo, picture);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return g_bytes_new_with_free_func(bytes, n, free, bytes);
}

static void
check_plain_jpeg(SpPicture *picture, int quality)
{
    static const guint efforts[] = {0, 1};
    for (guint i = 0; i < G_N_ELEMENTS(efforts); i++) {
        g_autoptr(GBytes) ours = encode(picture, SP_OUTPUT_JPEG, efforts[i], quality);
        g_autoptr(GBytes) plain = plain_jpeg(picture, quality);
        g_test_message("%u x %u, %u planes, quality %d", picture->width, picture->height,
                       picture->n_planes, quality);
        g_assert_true(g_bytes_equal(ours, plain));
    }
}

static void
test_jpeg_sizes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (PictureKind kind = PICTURE_WAVES; kind <= PICTURE_FLAT; kind++)
            for (guint k = 0; k < G_N_ELEMENTS(shapes); k++) {
                g_auto(SpPicture) picture = {0};
                picture_make(&picture, sizes[i][0], sizes[i][1], shapes[k].sub,
                             shapes[k].n_planes, kind, 0xA5);
                check_plain_jpeg(&picture, 80);
            }
}

static void
test_jpeg_full_chroma(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(SpPicture) picture = {0};
        picture_make(&picture, sizes[i][0], sizes[i][1], 1, 3, PICTURE_NOISE, 0xA5);
        check_plain_jpeg(&picture, 80);
    }
}

static void
test_jpeg_qualities(void)
{
    g_auto(SpPicture) colour = {0}, grey = {0};
    picture_make(&colour, 33, 17, 2, 3, PICTURE_NOISE, 0);
    picture_make(&grey, 33, 17, 1, 1, PICTURE_NOISE, 0);
    for (int quality = 1; quality <= 100; quality++) {
        check_plain_jpeg(&colour, quality);
        check_plain_jpeg(&grey, quality);
    }
}

/* The quantisation steps of a file, both tables. */
static void
read_steps(GBytes *file, guint steps[2][DCTSIZE2])
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, bytes, n);
    jpeg_read_header(&cinfo, TRUE);
    for (guint i = 0; i < 2; i++)
        for (guint k = 0; k < DCTSIZE2; k++)
            steps[i][k] = cinfo.quant_tbl_ptrs[i]->quantval[k];
    jpeg_destroy_decompress(&cinfo);
}

/* Quality is a real number: a higher one never quantises more coarsely, and between two whole
 * ones there are others. */
static void
test_jpeg_real_quality(void)
{
    g_auto(SpPicture) picture = {0};
    picture_make(&picture, 16, 16, 2, 3, PICTURE_NOISE, 0);
    gpointer state = open_state(&picture, SP_OUTPUT_JPEG, 0);
    guint last[2][DCTSIZE2], now[2][DCTSIZE2], changes = 0;
    memset(last, 0xFF, sizeof last);
    for (guint tenths = 10; tenths <= 1000; tenths++) {
        g_autoptr(GBytes) file = encode_with(state, &picture, SP_OUTPUT_JPEG, tenths / 10.0);
        read_steps(file, now);
        for (guint i = 0; i < 2; i++)
            for (guint k = 0; k < DCTSIZE2; k++) {
                g_assert_cmpuint(now[i][k], >=, 1);
                g_assert_cmpuint(now[i][k], <=, MIN(255, last[i][k]));
            }
        changes += memcmp(now, last, sizeof now) != 0;
        memcpy(last, now, sizeof now);
    }
    sp_encoder(SP_OUTPUT_JPEG)->close(state);
    g_assert_cmpuint(changes, >, 600); /* whole qualities alone would be 100 */
}

/* ---- WebP ---------------------------------------------------------------------------------
 */

static guint8
limited_luma(guint8 v)
{
    return (guint8)lround(16 + v * 219 / 255.0);
}

static guint8
limited_chroma(guint8 v)
{
    return (guint8)lround(128 + (v - 128) * 224 / 255.0);
}

static void
copy_limited(guint8 *to, int stride, const SpPlane *plane, guint8 (*limited)(guint8))
{
    for (guint y = 0; y < plane->height; y++)
        for (guint x = 0; x < plane->width; x++)
            to[(gsize)y * (gsize)stride + x] = limited(plane->data[plane->stride * y + x]);
}

static GBytes *
plain_webp(const SpPicture *picture, double quality, guint effort)
{
    WebPConfig config;
    WebPPicture webp;
    WebPMemoryWriter writer;
    g_assert_true(WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, (float)quality));
    gboolean seen_through = picture->alpha && !sp_alpha_is_opaque(picture);
    config.method = (int)(seen_through ? MIN(effort, 5) : effort);
    g_assert_true(WebPPictureInit(&webp));
    webp.colorspace = picture->alpha ? WEBP_YUV420A : WEBP_YUV420;
    webp.width = (int)picture->width;
    webp.height = (int)picture->height;
    g_assert_true(WebPPictureAlloc(&webp));
    for (guint y = 0; y < picture->height && picture->alpha; y++)
        memcpy(webp.a + (gsize)webp.a_stride * y,
               picture->planes[3].data + picture->planes[3].stride * y, picture->width);
    copy_limited(webp.y, webp.y_stride, &picture->planes[0], limited_luma);
    gsize chroma = (gsize)webp.uv_stride * ((picture->height + 1) / 2);
    memset(webp.u, 128, chroma);
    memset(webp.v, 128, chroma);
    if (picture->model == SP_MODEL_YCC) {
        copy_limited(webp.u, webp.uv_stride, &picture->planes[1], limited_chroma);
        copy_limited(webp.v, webp.uv_stride, &picture->planes[2], limited_chroma);
    }
    WebPMemoryWriterInit(&writer);
    webp.writer = WebPMemoryWrite;
    webp.custom_ptr = &writer;
    g_assert_true(WebPEncode(&config, &webp));
    WebPPictureFree(&webp);
    GBytes *file = g_bytes_new(writer.mem, writer.size);
    WebPMemoryWriterClear(&writer);
    return file;
}

static void
test_webp_plain(void)
{
    static const double qualities[] = {1, 45, 62.5, 80, 100};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint n_planes = 1; n_planes <= 3; n_planes += 2)
            for (guint q = 0; q < G_N_ELEMENTS(qualities); q++) {
                g_auto(SpPicture) picture = {0};
                PictureKind kind = (i + q) % 2 ? PICTURE_NOISE : PICTURE_WAVES;
                picture_make(&picture, sizes[i][0], sizes[i][1], 2, n_planes, kind, 0xA5);
                for (guint effort = 0; effort <= 6; effort++) {
                    g_autoptr(GBytes) ours =
                        encode(&picture, SP_OUTPUT_WEBP, effort, qualities[q]);
                    g_autoptr(GBytes) plain = plain_webp(&picture, qualities[q], effort);
                    g_assert_true(g_bytes_equal(ours, plain));
                }
            }
}

/* The tables go both ways: black, white and grey come back as they were. */
static void
test_webp_range(void)
{
    static const guint8 levels[] = {0, 1, 64, 127, 128, 200, 254, 255};
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_auto(SpPicture) picture = {0};
        picture_make(&picture, 16, 16, 1, 1, PICTURE_FLAT, 0);
        memset(picture.planes[0].data, levels[i], picture.planes[0].stride * 16);
        g_autoptr(GBytes) file = encode(&picture, SP_OUTPUT_WEBP, 4, 100);
        int width = 0, height = 0;
        guint8 *rgb = WebPDecodeRGB(g_bytes_get_data(file, NULL), g_bytes_get_size(file),
                                    &width, &height);
        g_assert_nonnull(rgb);
        for (guint k = 0; k < 3; k++) {
            g_assert_cmpint(rgb[k], >=, levels[i] - 2);
            g_assert_cmpint(rgb[k], <=, levels[i] + 2);
        }
        WebPFree(rgb);
    }
}

/* ---- alpha --------------------------------------------------------------------------------
 */

static void
test_webp_alpha_plain(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (guint effort = 0; effort <= 6; effort++) {
            g_auto(SpPicture) picture = {0};
            picture_make_alpha(&picture, sizes[i][0], sizes[i][1], PICTURE_WAVES, 0xA5);
            g_autoptr(GBytes) ours = encode(&picture, SP_OUTPUT_WEBP, effort, 80);
            g_autoptr(GBytes) plain = plain_webp(&picture, 80, effort);
            g_assert_true(g_bytes_equal(ours, plain));
        }
}

/* To be freed by WebPFree(). */
static guint8 *
decode(GBytes *file, const SpPicture *picture)
{
    int width = 0, height = 0;
    guint8 *rgba =
        WebPDecodeRGBA(g_bytes_get_data(file, NULL), g_bytes_get_size(file), &width, &height);
    g_assert_nonnull(rgba);
    g_assert_cmpint(width, ==, (int)picture->width);
    g_assert_cmpint(height, ==, (int)picture->height);
    return rgba;
}

/* Alpha comes back as it was, at any quality. */
static void
test_webp_alpha_is_lossless(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (PictureKind kind = PICTURE_WAVES; kind <= PICTURE_FLAT; kind++)
            for (guint effort = 0; effort <= 6; effort += 3) {
                g_auto(SpPicture) picture = {0};
                picture_make_alpha(&picture, sizes[i][0], sizes[i][1], kind, 0xA5);
                SpPlane *alpha = &picture.planes[3];
                if (kind == PICTURE_NOISE)
                    picture_fill_plane(alpha, 2, PICTURE_NOISE, 0xA5);
                g_autoptr(GBytes) file = encode(&picture, SP_OUTPUT_WEBP, effort, 10);
                guint8 *rgba = decode(file, &picture);
                for (guint y = 0; y < alpha->height; y++)
                    for (guint x = 0; x < alpha->width; x++)
                        g_assert_cmpuint(rgba[4 * (y * alpha->width + x) + 3], ==,
                                         alpha->data[alpha->stride * y + x]);
                WebPFree(rgba);
            }
}

static gboolean
has_chunk(GBytes *file, const char *tag)
{
    gsize n = 0;
    const char *bytes = g_bytes_get_data(file, &n);
    return memmem(bytes, n, tag, strlen(tag)) != NULL;
}

/* Alpha that hides nothing is left out. */
static void
test_webp_alpha_full(void)
{
    g_auto(SpPicture) picture = {0}, opaque = {0};
    picture_make(&opaque, 131, 97, 2, 3, PICTURE_FLAT, 0);
    picture_make_alpha(&picture, 131, 97, PICTURE_FLAT, 0);
    g_autoptr(GBytes) disc = encode(&picture, SP_OUTPUT_WEBP, 2, 80);
    g_assert_true(has_chunk(disc, "VP8X") && has_chunk(disc, "ALPH"));
    for (guint i = 0; i < 3; i++)
        picture_fill_plane(&picture.planes[i], i, PICTURE_FLAT, 0);
    memset(picture.planes[3].data, 255, picture.planes[3].stride * 97);
    for (guint effort = 0; effort <= 6; effort += 2) {
        g_autoptr(GBytes) with = encode(&picture, SP_OUTPUT_WEBP, effort, 80);
        g_autoptr(GBytes) without = encode(&opaque, SP_OUTPUT_WEBP, effort, 80);
        g_assert_true(g_bytes_equal(with, without));
    }
}

/* A picture of which a disc is seen, on its way to a smaller file. Around the disc something
 * else was: of the luma given, or noise. */
static GBytes *
encode_hiding(gboolean noise, guint8 luma, SpPicture *small)
{
    g_auto(SpPicture) large = {0};
    picture_make_alpha(&large, 131, 97, PICTURE_WAVES, 0xA5);
    for (guint y = 0; y < 97; y++)
        for (guint x = 0; x < 131; x++)
            if (picture_is_hidden(&large, 0, x, y))
                large.planes[0].data[large.planes[0].stride * y + x] =
                    noise ? picture_sample(PICTURE_NOISE, 0, x, y) : luma;
    SpRegion all = {0, 0, 131, 97};
    g_assert_true(sp_resize_picture(&large, all, (SpSize){96, 71}, small, NULL));
    return encode(small, SP_OUTPUT_WEBP, 4, 100);
}

/* What was hidden does not come back out of the file, whatever it was. */
static void
test_webp_hides(void)
{
    g_auto(SpPicture) a = {0}, b = {0}, c = {0};
    g_autoptr(GBytes) black = encode_hiding(FALSE, 0, &a);
    g_autoptr(GBytes) grey = encode_hiding(FALSE, 100, &b);
    g_autoptr(GBytes) noise = encode_hiding(TRUE, 0, &c);
    g_assert_true(g_bytes_equal(black, grey));
    g_assert_true(g_bytes_equal(black, noise));
    guint8 *rgba = decode(black, &a);
    guint seen = 0;
    for (guint y = 0; y < 16; y++) /* a corner: far from what is seen */
        for (guint x = 0; x < 16; x++) {
            const guint8 *pixel = rgba + (gsize)4 * (y * 96 + x);
            for (guint i = 0; i < 3; i++)
                g_assert_cmpuint(pixel[i], >=, 250);
            seen += pixel[3];
        }
    g_assert_cmpuint(seen, ==, 0);
    WebPFree(rgba);
}

/* JPEG: what the flattened picture gives. */
static void
test_jpeg_flattens(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (PictureKind kind = PICTURE_WAVES; kind <= PICTURE_FLAT; kind++) {
            g_auto(SpPicture) picture = {0}, flat = {0}, white = {0};
            picture_make_alpha(&picture, sizes[i][0], sizes[i][1], kind, 0xA5);
            g_assert_true(sp_alpha_flatten(&picture, 0x336699, &flat, NULL));
            g_assert_true(sp_alpha_flatten(&picture, 0xFFFFFF, &white, NULL));
            g_autoptr(GBytes) file = encode(&picture, SP_OUTPUT_JPEG, 0, 80);
            g_autoptr(GBytes) of_flat = encode(&flat, SP_OUTPUT_JPEG, 0, 80);
            g_autoptr(GBytes) plain = plain_jpeg(&flat, 80);
            g_autoptr(GBytes) of_white = encode(&white, SP_OUTPUT_JPEG, 0, 80);
            g_assert_true(g_bytes_equal(file, of_flat));
            g_assert_true(g_bytes_equal(file, plain));
            g_assert_cmpint(g_bytes_equal(file, of_white), ==, picture_same(&flat, &white));
        }
}

/* ---- both ---------------------------------------------------------------------------------
 */

/* alpha: of the disc. */
static void
make(SpPicture *picture, gboolean alpha, PictureKind kind, guint8 behind)
{
    if (alpha)
        picture_make_alpha(picture, 131, 97, kind, behind);
    else
        picture_make(picture, 131, 97, 2, 3, kind, behind);
}

/* The same bytes again, from the same state, from another, and whatever lies behind the rows.
 */
static void
check_deterministic(guint32 format, guint effort, gboolean alpha)
{
    static const double qualities[] = {80, 45.5, 99.9, 80, 1, 45.5};
    g_auto(SpPicture) picture = {0}, other = {0};
    make(&picture, alpha, PICTURE_NOISE, 0x00);
    make(&other, alpha, PICTURE_NOISE, 0xFF);
    gpointer state = open_state(&picture, format, effort);
    for (guint q = 0; q < G_N_ELEMENTS(qualities); q++) {
        g_autoptr(GBytes) same = encode_with(state, &picture, format, qualities[q]);
        g_autoptr(GBytes) fresh = encode(&other, format, effort, qualities[q]);
        g_assert_true(g_bytes_equal(same, fresh));
    }
    g_autoptr(GBytes) fine = encode_with(state, &picture, format, 80);
    g_autoptr(GBytes) coarse = encode_with(state, &picture, format, 45.5);
    g_assert_cmpuint(g_bytes_get_size(coarse), <, g_bytes_get_size(fine));
    sp_encoder(format)->close(state);
}

static void
test_deterministic(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (guint effort = 0; effort <= 6; effort += 2)
            for (gboolean alpha = FALSE; alpha <= TRUE; alpha++)
                check_deterministic(format, effort, alpha);
}

/* A picture is only read: encoders side by side may share it. */
static void
test_reads_only(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (gboolean alpha = FALSE; alpha <= TRUE; alpha++) {
            g_auto(SpPicture) picture = {0}, before = {0};
            make(&picture, alpha, PICTURE_NOISE, 0);
            make(&before, alpha, PICTURE_NOISE, 0);
            g_autoptr(GBytes) G_GNUC_UNUSED file = encode(&picture, format, 4, 80);
            g_assert_true(picture_same(&picture, &before));
        }
}

static void
test_opened_and_closed(void)
{
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        g_auto(SpPicture) picture = {0};
        picture_make(&picture, 8, 8, 2, 3, PICTURE_FLAT, 0);
        sp_encoder(format)->close(open_state(&picture, format, 0));
        g_auto(SpPicture) alpha = {0};
        picture_make_alpha(&alpha, 8, 8, PICTURE_FLAT, 0);
        sp_encoder(format)->close(open_state(&alpha, format, 0));
    }
}

static void
test_longest_sides(void)
{
    static const guint longest[][2] = {{SP_HARD_SIDE, 1}, {1, SP_HARD_SIDE}};
    for (guint i = 0; i < G_N_ELEMENTS(longest); i++)
        for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
            g_auto(SpPicture) picture = {0};
            picture_make(&picture, longest[i][0], longest[i][1], 2, 3, PICTURE_WAVES, 0);
            g_autoptr(GBytes) G_GNUC_UNUSED file = encode(&picture, format, 2, 80);
            g_auto(SpPicture) alpha = {0};
            picture_make_alpha(&alpha, longest[i][0], longest[i][1], PICTURE_WAVES, 0);
            g_autoptr(GBytes) G_GNUC_UNUSED other = encode(&alpha, format, 2, 80);
        }
}

/* What an encoder says of its ends is so, in whatever picture. */
static void
test_alike(void)
{
    static const PictureKind kinds[] = {PICTURE_NOISE, PICTURE_WAVES, PICTURE_FLAT};
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++)
        for (guint sub = format == SP_OUTPUT_WEBP ? 2 : 1; sub <= 2; sub++)
            for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
                const SpEncoder *encoder = sp_encoder(format);
                g_auto(SpPicture) picture = {0};
                picture_make(&picture, 131, 97, sub, 3, kinds[i], 0);
                g_autoptr(GBytes) least = encode(&picture, format, 2, 1);
                g_autoptr(GBytes) below =
                    encode(&picture, format, 2, MAX(encoder->alike_below, 1));
                g_autoptr(GBytes) above =
                    encode(&picture, format, 2, encoder->alike_above[sub - 1]);
                g_autoptr(GBytes) most = encode(&picture, format, 2, 100);
                g_assert_true(g_bytes_equal(least, below));
                g_assert_true(g_bytes_equal(most, above));
            }
}

static void
test_pad(void)
{
    g_auto(SpPicture) picture = {0};
    picture_make(&picture, 17, 3, 2, 3, PICTURE_NOISE, 7);
    sp_encode_pad(&picture);
    for (guint i = 0; i < 3; i++) {
        const SpPlane *plane = &picture.planes[i];
        for (guint y = 0; y < plane->height; y++) {
            const guint8 *row = plane->data + plane->stride * y;
            for (guint x = 0; x < (i == 0 ? 32 : 16); x++)
                g_assert_cmpuint(row[x], ==,
                                 picture_sample(PICTURE_NOISE, i, MIN(x, plane->width - 1), y));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encode/jpeg/sizes", test_jpeg_sizes);
    g_test_add_func("/encode/jpeg/full-chroma", test_jpeg_full_chroma);
    g_test_add_func("/encode/jpeg/qualities", test_jpeg_qualities);
    g_test_add_func("/encode/jpeg/real-quality", test_jpeg_real_quality);
    g_test_add_func("/encode/webp/plain", test_webp_plain);
    g_test_add_func("/encode/webp/range", test_webp_range);
    g_test_add_func("/encode/webp/alpha/plain", test_webp_alpha_plain);
    g_test_add_func("/encode/webp/alpha/is-lossless", test_webp_alpha_is_lossless);
    g_test_add_func("/encode/webp/alpha/full", test_webp_alpha_full);
    g_test_add_func("/encode/webp/alpha/hides", test_webp_hides);
    g_test_add_func("/encode/jpeg/flattens", test_jpeg_flattens);
    g_test_add_func("/encode/deterministic", test_deterministic);
    g_test_add_func("/encode/reads-only", test_reads_only);
    g_test_add_func("/encode/opened-and-closed", test_opened_and_closed);
    g_test_add_func("/encode/longest-sides", test_longest_sides);
    g_test_add_func("/encode/pad", test_pad);
    g_test_add_func("/encode/alike", test_alike);
    return g_test_run();
}
