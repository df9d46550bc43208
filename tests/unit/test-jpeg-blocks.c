/* SPDX-License-Identifier: MIT */
/* test-jpeg-blocks.c -- coefficients of baseline JPEGs against those that libjpeg reads.
 *
 * Every kind of table, interval and sampling; the same read in slices, which may end anywhere
 * but between FF and what it stands before; codes that are none. */
#include "render/jpeg-blocks.h"
#include "sample.h"
#include <string.h>

typedef struct {
    const char *name;
    Sample sample;
} Case;

static const Case cases[] = {
    {"4:4:4", {67, 53, SAMPLING(1, 1), SAMPLE_NOISE}},
    {"4:2:2", {131, 35, SAMPLING(2, 1), SAMPLE_NOISE}},
    {"4:2:0", {131, 99, SAMPLING(2, 2), SAMPLE_NOISE}},
    {"4:4:0", {67, 99, SAMPLING(1, 2), SAMPLE_NOISE}},
    {"4:1:1", {131, 35, SAMPLING(4, 1), SAMPLE_NOISE}},
    {"4:1:0", {131, 99, SAMPLING(4, 2), SAMPLE_NOISE}},
    {"grey", {67, 53, .kind = SAMPLE_NOISE}},
    {"smooth", {300, 200, SAMPLING(2, 2)}},
    {"coarse", {300, 200, SAMPLING(2, 2), SAMPLE_NOISE, .quality = 5}},
    {"large", {600, 400, SAMPLING(2, 2), SAMPLE_NOISE, .quality = 97}}, /* windows */
    {"extremes", {300, 200, SAMPLING(2, 2), SAMPLE_EXTREMES, .quality = 100}},
    {"quality 1", {300, 200, SAMPLING(2, 2), SAMPLE_EXTREMES, .quality = 1}},
    {"restart 1", {131, 99, SAMPLING(2, 2), SAMPLE_NOISE, .restart = 1}},
    {"restart 7", {131, 99, SAMPLING(1, 1), .restart = 7}},
    {"restart 100", {600, 400, SAMPLING(2, 2), SAMPLE_EXTREMES, .restart = 100}},
    {"restart beyond", {131, 99, SAMPLING(2, 2), .restart = 1000}},
    {"own tables", {300, 200, SAMPLING(2, 2), SAMPLE_NOISE, .optimised = TRUE}},
    {"own tables, smooth", {300, 200, SAMPLING(2, 2), .optimised = TRUE}},
    {"own tables, extremes", {300, 200, SAMPLING(2, 2), SAMPLE_EXTREMES, .optimised = TRUE}},
    {"one block", {1, 1, .kind = SAMPLE_WAVES}},
};

typedef struct {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    SpJpegDcTable dc[2];
    SpJpegAcTable ac[2];
    SpJpegScan scan;
    GArray *slices; /* owned; of SpSlice */
} Reader;

/* The header is read; rest is what stands behind it. */
static void
reader_init(Reader *reader, GBytes *jpeg, SpSlice *ret_rest)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    cinfo->err = jpeg_std_error(&reader->errors);
    jpeg_create_decompress(cinfo);
    jpeg_mem_src(cinfo, g_bytes_get_data(jpeg, NULL), g_bytes_get_size(jpeg));
    jpeg_read_header(cinfo, TRUE);
    *ret_rest = (SpSlice){cinfo->src->next_input_byte, cinfo->src->bytes_in_buffer};
    for (guint i = 0; i < 2 && cinfo->dc_huff_tbl_ptrs[i] != NULL; i++) {
        const JHUFF_TBL *dc = cinfo->dc_huff_tbl_ptrs[i], *ac = cinfo->ac_huff_tbl_ptrs[i];
        g_assert_true(sp_jpeg_dc_table_init(&reader->dc[i], dc->bits, dc->huffval));
        g_assert_true(sp_jpeg_ac_table_init(&reader->ac[i], ac->bits, ac->huffval));
    }
    reader->scan = (SpJpegScan){.restart_interval = cinfo->restart_interval};
    for (guint i = 0; i < (guint)cinfo->num_components; i++) {
        const jpeg_component_info *info = &cinfo->comp_info[i];
        for (int k = 0; k < info->h_samp_factor * info->v_samp_factor; k++)
            reader->scan.blocks[reader->scan.n_blocks++] = (SpJpegBlockCodes){
                &reader->dc[info->dc_tbl_no], &reader->ac[info->ac_tbl_no], i};
    }
    guint width = 8 * (guint)cinfo->max_h_samp_factor;
    guint height = 8 * (guint)cinfo->max_v_samp_factor;
    reader->scan.n_mcus = (cinfo->image_width + width - 1) / width *
                          ((cinfo->image_height + height - 1) / height);
    reader->slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
}

static void
reader_clear(Reader *reader)
{
    jpeg_destroy_decompress(&reader->cinfo);
    g_array_unref(reader->slices);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

/* Cut rest into pieces of some bytes, or two more, so that none ends with FF. */
static void
slice(Reader *reader, SpSlice rest, gsize piece)
{
    while (rest.n > 0) {
        gsize n = MIN(piece, rest.n);
        while (n < rest.n && rest.bytes[n - 1] == 0xFF)
            n++;
        SpSlice one = {rest.bytes, n};
        g_array_append_val(reader->slices, one);
        rest = sp_slice_behind(rest, n);
    }
    reader->scan.slices = &g_array_index(reader->slices, SpSlice, 0);
    reader->scan.n_slices = reader->slices->len;
}

static gboolean
read_all(const SpJpegScan *scan, guint step, gint16 *ret_blocks, guint8 *ret_lengths)
{
    g_autoptr(SpJpegBlocks) blocks = sp_jpeg_blocks_new(scan);
    for (guint at = 0; at < scan->n_mcus; at += step) {
        guint n = MIN(step, scan->n_mcus - at);
        if (!sp_jpeg_blocks_read(blocks, n, ret_blocks, ret_lengths))
            return FALSE;
        ret_blocks += (gsize)n * scan->n_blocks * SP_JPEG_BLOCK;
        ret_lengths += (gsize)n * scan->n_blocks;
    }
    return sp_jpeg_blocks_end(blocks);
}

/* In a scan's order. libjpeg's blocks behind the edge have what the JPEG has for them. */
static void
compare(Reader *reader, const gint16 *blocks, const guint8 *lengths)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    j_common_ptr common = (j_common_ptr)cinfo;
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(cinfo);
    guint mcus_x = (cinfo->image_width + 8 * (guint)cinfo->max_h_samp_factor - 1) /
                   (8 * (guint)cinfo->max_h_samp_factor);
    for (guint mcu = 0; mcu < reader->scan.n_mcus; mcu++)
        for (int i = 0; i < cinfo->num_components; i++) {
            guint h = (guint)cinfo->comp_info[i].h_samp_factor;
            guint v = (guint)cinfo->comp_info[i].v_samp_factor;
            JBLOCKARRAY rows =
                cinfo->mem->access_virt_barray(common, arrays[i], mcu / mcus_x * v, v, FALSE);
            for (guint k = 0; k < h * v; k++, blocks += SP_JPEG_BLOCK, lengths++) {
                const gint16 *expected = rows[k / h][mcu % mcus_x * h + k % h];
                g_assert_cmpmem(blocks, 128, expected, 128);
                g_assert_cmpuint(*lengths, >=, 1);
                for (guint z = *lengths; z < 64; z++)
                    g_assert_cmpint(blocks[sp_jpeg_zigzag[z]], ==, 0);
            }
        }
    g_assert_cmpint(reader->errors.num_warnings, ==, 0);
}

static void
test_case(gconstpointer data)
{
    static const gsize pieces[] = {G_MAXSIZE, 1000, 7, 1};
    static const guint steps[] = {1, 5, 1000};
    const Case *c = data;
    g_autoptr(GBytes) jpeg = sample_jpeg(&c->sample);
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_auto(Reader) reader = {0};
        SpSlice rest;
        reader_init(&reader, jpeg, &rest);
        slice(&reader, rest, pieces[i]);
        gsize n = (gsize)reader.scan.n_mcus * reader.scan.n_blocks;
        g_autofree gint16 *blocks = g_new(gint16, (n + SP_JPEG_SPARE_BLOCKS) * SP_JPEG_BLOCK);
        g_autofree guint8 *lengths = g_new0(guint8, n);
        g_assert_true(read_all(&reader.scan, steps[i % G_N_ELEMENTS(steps)], blocks, lengths));
        compare(&reader, blocks, lengths);
    }
}

/* ---- tables -------------------------------------------------------------------------------
 */

static void
test_tables(void)
{
    static const struct {
        guint8 counts[17];
        gboolean good;
    } cases_of_counts[] = {
        {{0}, TRUE},
        {{0, 1}, TRUE},
        {{0, 2}, FALSE}, /* 1 is of ones alone */
        {{0, 3}, FALSE},
        {{0, 1, 1}, TRUE},
        {{0, 1, 2}, FALSE},
        {{0, 0, 3}, TRUE},
        {{0, 0, 4}, FALSE},
        {{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, TRUE},
        {{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}, FALSE},
        {{0, 0, 0, 0, 0, 0, 0, 0, 255}, TRUE},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 1}, TRUE},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 2}, FALSE}, /* 257 symbols */
    };
    g_autofree SpJpegDcTable *dc = g_new(SpJpegDcTable, 1);
    g_autofree SpJpegAcTable *ac = g_new(SpJpegAcTable, 1);
    guint8 symbols[256] = {0};
    for (guint i = 0; i < G_N_ELEMENTS(cases_of_counts); i++) {
        const guint8 *counts = cases_of_counts[i].counts;
        g_test_message("counts %u", i);
        g_assert_cmpint(sp_jpeg_dc_table_init(dc, counts, symbols), ==,
                        cases_of_counts[i].good);
        g_assert_cmpint(sp_jpeg_ac_table_init(ac, counts, symbols), ==,
                        cases_of_counts[i].good);
    }
}

/* 16 is too many bits for a difference, whether its code is used or not. */
static void
test_symbols(void)
{
    static const guint8 counts[17] = {0, 1, 1};
    g_autofree SpJpegDcTable *dc = g_new(SpJpegDcTable, 1);
    g_autofree SpJpegAcTable *ac = g_new(SpJpegAcTable, 1);
    guint8 symbols[256] = {0, 15, 255};
    g_assert_true(sp_jpeg_dc_table_init(dc, counts, symbols));
    symbols[1] = 16;
    g_assert_false(sp_jpeg_dc_table_init(dc, counts, symbols));
    g_assert_true(sp_jpeg_ac_table_init(ac, counts, symbols));
}

/* One block, of which both codes are of one bit: 0 is the only one. */
static gboolean
read_one(guint8 dc_symbol, guint8 ac_symbol, const void *bytes, gsize n, gint16 *ret_block,
         guint8 *ret_length)
{
    static const guint8 counts[17] = {0, 1};
    g_autofree SpJpegDcTable *dc = g_new(SpJpegDcTable, 1);
    g_autofree SpJpegAcTable *ac = g_new(SpJpegAcTable, 1);
    guint8 symbols[256] = {dc_symbol};
    g_assert_true(sp_jpeg_dc_table_init(dc, counts, symbols));
    symbols[0] = ac_symbol;
    g_assert_true(sp_jpeg_ac_table_init(ac, counts, symbols));
    SpSlice slice_of_all = {bytes, n};
    SpJpegScan scan = {.n_blocks = 1,
                       .blocks = {{dc, ac, 0}},
                       .n_mcus = 1,
                       .slices = &slice_of_all,
                       .n_slices = 1};
    return read_all(&scan, 1, ret_block, ret_length);
}

static void
test_faults(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        gboolean good;
        guint8 dc, ac;
    } faults[] = {
        {"\x3F\xFF\xD9", 3, TRUE, 0, 0x00}, /* no difference, end of block */
        {"\x00\xFF\xD9", 3, TRUE, 0, 0x00}, /* filled up with zeros, as libjpeg takes it */
        {"\x3F", 1, FALSE, 0, 0x00},        /* no marker */
        {"\x3F\xFF", 2, FALSE, 0, 0x00},    /* half of one */
        {"\xFF\xD9", 2, FALSE, 0, 0x00},    /* no data */
        {"", 0, FALSE, 0, 0x00},
        {"\x3F\xFF\xD0", 3, FALSE, 0, 0x00}, /* another marker */
        {"\x3F\xFF\xFF\xD9", 4, FALSE, 0, 0x00},
        {"\x3F\x00\xFF\xD9", 4, FALSE, 0, 0x00},          /* a byte left over */
        {"\x7F\xFF\xD9", 3, FALSE, 0, 0x00},              /* no such code of AC */
        {"\xBF\xFF\xD9", 3, FALSE, 0, 0x00},              /* nor of DC */
        {"\x3F\xFF\xD9", 3, FALSE, 0, 0x10},              /* 1 zero and no value */
        {"\x00\x00\x00\x00\xFF\xD9", 6, FALSE, 0, 0x0B},  /* 11 bits of AC */
        {"\x00\x00\x00\x00\xFF\xD9", 6, FALSE, 12, 0x00}, /* 12 of DC */
        {"\x07\xFF\xD9", 3, FALSE, 0, 0xF0},     /* 16 zeros, four times: 64 are passed */
        {"\x55\x55\xFF\xD9", 4, FALSE, 0, 0xF1}, /* with values */
    };
    gint16 block[2 * SP_JPEG_BLOCK];
    guint8 length = 0;
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_test_message("fault %u", i);
        g_assert_cmpint(
            read_one(faults[i].dc, faults[i].ac, faults[i].bytes, faults[i].n, block, &length),
            ==, faults[i].good);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/jpeg-blocks/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/jpeg-blocks/tables", test_tables);
    g_test_add_func("/jpeg-blocks/symbols", test_symbols);
    g_test_add_func("/jpeg-blocks/faults", test_faults);
    return g_test_run();
}
