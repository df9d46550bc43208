/* SPDX-License-Identifier: MIT */
/* test-jpeg-idct.c -- inverse DCTs of all sizes against libjpeg's own.
 *
 * Coefficients are written as a JPEG, which libjpeg decodes at a scale: what it makes of each
 * block is what ours must make of it, unless ours says that a number was too large. */
#include "render/jpeg-blocks.h"
#include "render/jpeg-idct.h"
#include <stdio.h>
#include <stdlib.h>
/* needs stdio.h */
#include <jpeglib.h>
#include <string.h>

#define BLOCKS_X 40
#define BLOCKS_Y 25
#define BLOCKS 1000 /* in all */

typedef struct {
    guint16 quant[64];
    gint16 blocks[BLOCKS][64];
} Coefficients;

typedef struct {
    const char *name;
    guint most_length; /* coefficients in zigzag order */
    guint share;       /* of 100 that are not 0 */
    guint most;        /* of one, multiplied */
    guint quant;
    gboolean is_extreme; /* nothing between */
} Case;

static const Case cases[] = {
    {"flat", 1, 100, 1100, 1},
    {"three", 3, 100, 700, 1},
    {"few", 10, 100, 500, 2},
    {"few and large", 10, 100, 2000, 255},
    {"sparse", 64, 10, 900, 3},
    {"dense", 64, 100, 200, 1},
    {"coarse", 64, 100, 1100, 255},
    {"large", 64, 50, 1023, 1},
    {"larger", 64, 100, 4000, 16},
    {"extreme", 64, 100, 1023, 1, TRUE},
    {"out of range", 64, 100, 1023 * 255, 255, TRUE},
    {"out of range, few", 10, 100, 1023 * 40, 40, TRUE},
};

/* A JPEG takes 10 bits, and 11 for the difference of the first ones. */
static void
draw(const Case *c, Coefficients *to)
{
    int most = (int)MIN(c->most / c->quant, 1023);
    for (guint i = 0; i < 64; i++)
        to->quant[i] = (guint16)c->quant;
    memset(to->blocks, 0, sizeof to->blocks);
    for (guint n = 0; n < BLOCKS; n++) {
        guint length = (guint)g_test_rand_int_range(1, (gint32)c->most_length + 1);
        for (guint k = 0; k < length; k++) {
            if ((guint)g_test_rand_int_range(0, 100) >= c->share)
                continue;
            int v = c->is_extreme ? (g_test_rand_bit() ? most : -most)
                                  : g_test_rand_int_range(-most, most + 1);
            to->blocks[n][sp_jpeg_zigzag[k]] = (gint16)v;
        }
    }
}

static void
configure(struct jpeg_compress_struct *cinfo, const Coefficients *from)
{
    guint quant[64];
    cinfo->image_width = BLOCKS_X * 8;
    cinfo->image_height = BLOCKS_Y * 8;
    cinfo->input_components = 1;
    cinfo->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(cinfo);
    for (guint i = 0; i < 64; i++)
        quant[i] = from->quant[i];
    jpeg_add_quant_table(cinfo, 0, quant, 100, TRUE);
    cinfo->optimize_coding = TRUE; /* the usual tables have no code for all of this */
}

static GBytes *
write_jpeg(const Coefficients *from)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &n);
    configure(&cinfo, from);
    j_common_ptr common = (j_common_ptr)&cinfo;
    jvirt_barray_ptr array =
        cinfo.mem->request_virt_barray(common, JPOOL_IMAGE, TRUE, BLOCKS_X, BLOCKS_Y, 1);
    jpeg_write_coefficients(&cinfo, &array);
    for (guint y = 0; y < BLOCKS_Y; y++) {
        JBLOCKARRAY rows = cinfo.mem->access_virt_barray(common, array, y, 1, TRUE);
        memcpy(rows[0], from->blocks[(gsize)y * BLOCKS_X], sizeof(JBLOCK) * BLOCKS_X);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return g_bytes_new_with_free_func(bytes, n, free, bytes);
}

/* At size samples a block; rows one behind the other. */
static guint8 *
decode(GBytes *jpeg, guint size)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    gsize width = (gsize)BLOCKS_X * size;
    guint8 *samples = g_malloc0(width * BLOCKS_Y * size);
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, g_bytes_get_data(jpeg, NULL), g_bytes_get_size(jpeg));
    jpeg_read_header(&cinfo, TRUE);
    cinfo.scale_num = size;
    cinfo.scale_denom = 8;
    jpeg_start_decompress(&cinfo);
    while (cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW row = samples + cinfo.output_scanline * width;
        jpeg_read_scanlines(&cinfo, &row, 1);
    }
    g_assert_cmpint(errors.num_warnings, ==, 0);
    jpeg_destroy_decompress(&cinfo);
    return samples;
}

static guint
block_length(const gint16 *block)
{
    guint length = 64;
    while (length > 1 && block[sp_jpeg_zigzag[length - 1]] == 0)
        length--;
    return length;
}

/* A block that is said to end later than it does is no other block. */
static void
check_block(const gint16 *block, const SpJpegFactors *factors, guint size,
            const guint8 *expected, guint *taken)
{
    gsize width = (gsize)BLOCKS_X * size;
    for (guint length = block_length(block); length <= 64; length += 21) {
        guint8 samples[8][16];
        guint8 *rows[8];
        memset(samples, 0xA5, sizeof samples);
        for (guint i = 0; i < 8; i++)
            rows[i] = samples[i];
        if (sp_jpeg_idct_of(size)(block, length, factors, rows, 3) != 0)
            continue;
        *taken += 1;
        for (guint i = 0; i < 8; i++) {
            gboolean inside = i < size;
            if (inside)
                g_assert_cmpmem(samples[i] + 3, size, expected + i * width, size);
            for (guint x = 0; x < 16; x++)
                if (!inside || x < 3 || x >= 3 + size)
                    g_assert_cmphex(samples[i][x], ==, 0xA5);
        }
    }
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree Coefficients *drawn = g_new(Coefficients, 1);
    draw(c, drawn);
    g_autoptr(GBytes) jpeg = write_jpeg(drawn);
    SpJpegFactors factors;
    g_assert_true(sp_jpeg_factors_init(&factors, drawn->quant));
    for (guint size = 1; size <= 8; size *= 2) {
        g_autofree guint8 *expected = decode(jpeg, size);
        guint taken = 0;
        for (guint n = 0; n < BLOCKS; n++) {
            gsize at = n / BLOCKS_X * size * BLOCKS_X * size + n % BLOCKS_X * size;
            check_block(drawn->blocks[n], &factors, size, expected + at, &taken);
        }
        g_test_message("%s, size %u: %u taken", c->name, size, taken);
        if (c->most <= 1100 && !c->is_extreme)
            g_assert_cmpuint(taken, >=, BLOCKS);
    }
}

/* What a picture becomes, however coarse, is never too large. */
static void
test_range(void)
{
    SpJpegFactors factors;
    guint16 quant[64];
    gint16 block[64] = {0};
    guint8 samples[8][8];
    guint8 *rows[8];
    for (guint i = 0; i < 8; i++)
        rows[i] = samples[i];
    for (guint q = 1; q <= 255; q++) {
        for (guint i = 0; i < 64; i++)
            quant[i] = (guint16)q;
        g_assert_true(sp_jpeg_factors_init(&factors, quant));
        block[0] = (gint16)(1024 / q);
        block[9] = (gint16) - (1100 / q);
        for (guint size = 1; size <= 8; size *= 2)
            g_assert_cmpuint(sp_jpeg_idct_of(size)(block, 64, &factors, rows, 0), ==, 0);
        block[0] = (gint16)(16383 / q + 1);
        for (guint size = 1; size <= 8; size *= 2)
            g_assert_cmpuint(sp_jpeg_idct_of(size)(block, 64, &factors, rows, 0), !=, 0);
    }
    quant[63] = 256;
    g_assert_false(sp_jpeg_factors_init(&factors, quant));
    g_assert_null(sp_jpeg_idct_of(3));
    g_assert_null(sp_jpeg_idct_of(16));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/jpeg-idct/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/jpeg-idct/range", test_range);
    return g_test_run();
}
