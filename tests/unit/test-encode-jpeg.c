/* SPDX-License-Identifier: MIT */
/* test-encode-jpeg.c -- JPEG's encoder with more effort: against what it is with the least. */
#include "encode-fixture.h"
#include "render/encode-jpeg.h"
#include <math.h>
#include <stdio.h>
/* needs stdio.h */
#include <jpeglib.h>

typedef struct {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    jvirt_barray_ptr *arrays; /* libjpeg's */
} Coefficients;

static void
read_coefficients(GBytes *file, Coefficients *ret)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    ret->cinfo.err = jpeg_std_error(&ret->errors);
    jpeg_create_decompress(&ret->cinfo);
    jpeg_mem_src(&ret->cinfo, bytes, n);
    jpeg_read_header(&ret->cinfo, TRUE);
    ret->arrays = jpeg_read_coefficients(&ret->cinfo);
    g_assert_cmpint((int)ret->errors.num_warnings, ==, 0);
}

/* The sum of squared differences of all coefficients, in samples. */
static double
difference(GBytes *file, GBytes *other, guint sub)
{
    Coefficients a, b;
    double sum = 0;
    read_coefficients(file, &a);
    read_coefficients(other, &b);
    for (int i = 0; i < a.cinfo.num_components; i++) {
        jpeg_component_info *component = &a.cinfo.comp_info[i];
        g_assert_cmpint(component->h_samp_factor, ==, i == 0 && sub == 2 ? 2 : 1);
        for (guint y = 0; y < component->height_in_blocks; y++) {
            JBLOCKARRAY of_a = a.cinfo.mem->access_virt_barray((j_common_ptr)&a.cinfo,
                                                               a.arrays[i], y, 1, FALSE);
            JBLOCKARRAY of_b = b.cinfo.mem->access_virt_barray((j_common_ptr)&b.cinfo,
                                                               b.arrays[i], y, 1, FALSE);
            for (guint k = 0; k < component->width_in_blocks * DCTSIZE2; k++) {
                guint block = k / DCTSIZE2, at = k % DCTSIZE2;
                double d = of_a[0][block][at] - of_b[0][block][at];
                d *= component->quant_table->quantval[at];
                sum += d * d;
            }
        }
    }
    jpeg_destroy_decompress(&a.cinfo);
    jpeg_destroy_decompress(&b.cinfo);
    return sum;
}

static GBytes *
encode_switched(SpPicture *picture, const SpJpegSwitches *switches, double quality)
{
    g_autoptr(GError) error = NULL;
    sp_encode_pad(picture);
    GBytes *file = sp_jpeg_encode(picture, switches, quality, &error);
    g_assert_no_error(error);
    audit(file, picture, SP_OUTPUT_JPEG);
    return file;
}

/* Scans are only another way to write the same. */
static void
check_modes(SpPicture *picture, double quality)
{
    SpJpegSwitches switches = sp_jpeg_switches(4);
    g_autoptr(GBytes) chosen = encode_switched(picture, &switches, quality);
    switches.mode = SP_JPEG_BANDS;
    g_autoptr(GBytes) bands = encode_switched(picture, &switches, quality);
    switches.mode = SP_JPEG_BASELINE;
    g_autoptr(GBytes) baseline = encode_switched(picture, &switches, quality);
    guint sub = picture->n_planes == 1 ? 1 : picture->sub;
    g_assert_cmpfloat(difference(chosen, baseline, sub), ==, 0);
    g_assert_cmpfloat(difference(bands, baseline, sub), ==, 0);
    g_assert_false(g_bytes_equal(bands, baseline));
}

static void
test_jpeg_modes(void)
{
    static const double qualities[] = {5, 50, 85, 100};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (PictureKind kind = PICTURE_WAVES; kind <= PICTURE_FLAT; kind++)
            for (guint k = 0; k < G_N_ELEMENTS(shapes); k++)
                for (guint q = 0; q < G_N_ELEMENTS(qualities); q++) {
                    g_auto(SpPicture) picture = {0};
                    picture_make(&picture, sizes[i][0], sizes[i][1], shapes[k].sub,
                                 shapes[k].n_planes, kind, 0xA5);
                    check_modes(&picture, qualities[q]);
                }
}

/* The more effort, the fewer bytes, for a picture that differs little from the rounded one. */
static void
test_jpeg_efforts(void)
{
    for (guint quality = 30; quality <= 90; quality += 30)
        for (guint k = 0; k < G_N_ELEMENTS(shapes); k++) {
            g_auto(SpPicture) picture = {0};
            picture_make(&picture, 320, 240, shapes[k].sub, shapes[k].n_planes, PICTURE_WAVES,
                         0xA5);
            g_autoptr(GBytes) plain = encode(&picture, SP_OUTPUT_JPEG, 0, quality);
            gsize last = g_bytes_get_size(plain);
            for (guint effort = 2; effort <= 6; effort += 2) {
                g_autoptr(GBytes) file = encode(&picture, SP_OUTPUT_JPEG, effort, quality);
                guint sub = shapes[k].n_planes == 1 ? 1 : shapes[k].sub;
                double n = 320 * 240 * (shapes[k].n_planes == 1 ? 1 : sub == 1 ? 3 : 1.5);
                g_test_message("quality %u, %u planes, sub %u, effort %u: %" G_GSIZE_FORMAT
                               " of %" G_GSIZE_FORMAT " bytes, difference %f",
                               quality, shapes[k].n_planes, shapes[k].sub, effort,
                               g_bytes_get_size(file), last,
                               sqrt(difference(file, plain, sub) / n));
                g_assert_cmpuint(g_bytes_get_size(file), <=, last);
                g_assert_cmpfloat(sqrt(difference(file, plain, sub) / n), <, 6);
                last = g_bytes_get_size(file);
            }
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encode-jpeg/modes", test_jpeg_modes);
    g_test_add_func("/encode-jpeg/efforts", test_jpeg_efforts);
    return g_test_run();
}
