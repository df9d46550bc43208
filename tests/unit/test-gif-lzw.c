/* SPDX-License-Identifier: MIT */
/* test-gif-lzw.c -- pixels are counted, and their colours found, in what an encoder made.
 *
 * The encoder is a plain one of GIF89a, appendix F: a table of runs by prefix and colour, a
 * clear code when it is full, or, where asked, never. */
#include "container/gif-lzw.h"

#include <string.h>

#define MAX_CODES 4096

typedef struct {
    GByteArray *out;
    guint32 bits;
    guint n_bits;
} Writer;

static void
put_code(Writer *writer, guint code, guint size)
{
    writer->bits |= code << writer->n_bits;
    writer->n_bits += size;
    while (writer->n_bits >= 8) {
        guint8 byte = writer->bits & 0xFF;
        g_byte_array_append(writer->out, &byte, 1);
        writer->bits >>= 8;
        writer->n_bits -= 8;
    }
}

/* How many bits the decoder reads when the encoder's next free code is n_codes: its table is
 * one entry behind. */
static guint
size_of(guint n_codes)
{
    guint size = 1;
    while (size < 12 && 1u << size < n_codes)
        size++;
    return size;
}

/* The codes, without sub-blocks. */
static GByteArray *
encode_codes(const guint8 *pixels, gsize n, guint min_bits, gboolean may_clear)
{
    g_autofree guint16 *table = g_malloc0(sizeof(guint16) * MAX_CODES * 256);
    Writer writer = {.out = g_byte_array_new()};
    guint clear = 1u << min_bits, n_codes = clear + 2, run = pixels[0];

    put_code(&writer, clear, min_bits + 1);
    for (gsize i = 1; i < n; i++) {
        guint16 *entry = &table[run * 256 + pixels[i]];
        if (*entry != 0) {
            run = *entry;
            continue;
        }
        put_code(&writer, run, MAX(min_bits + 1, size_of(n_codes)));
        if (n_codes < MAX_CODES) {
            *entry = (guint16)n_codes++;
        } else if (may_clear) {
            put_code(&writer, clear, 12);
            memset(table, 0, sizeof(guint16) * MAX_CODES * 256);
            n_codes = clear + 2;
        }
        run = pixels[i];
    }
    put_code(&writer, run, MAX(min_bits + 1, size_of(n_codes)));
    n_codes = MIN(n_codes + 1, MAX_CODES);
    put_code(&writer, clear + 1, MAX(min_bits + 1, size_of(n_codes)));
    put_code(&writer, 0, 7); /* fill the last byte */
    return writer.out;
}

/* Size of codes, sub-blocks of at most n_block bytes, terminator. */
static GByteArray *
encode(const guint8 *pixels, gsize n, guint min_bits, gboolean may_clear, guint n_block)
{
    g_autoptr(GByteArray) codes = encode_codes(pixels, n, min_bits, may_clear);
    GByteArray *data = g_byte_array_new();
    guint8 byte = (guint8)min_bits;

    g_byte_array_append(data, &byte, 1);
    for (guint at = 0; at < codes->len; at += byte) {
        byte = (guint8)MIN(codes->len - at, n_block);
        g_byte_array_append(data, &byte, 1);
        g_byte_array_append(data, codes->data + at, byte);
    }
    byte = 0;
    g_byte_array_append(data, &byte, 1);
    return data;
}

static const struct {
    gsize n;
    guint min_bits, colours, block;
    gboolean may_clear;
    guint noise; /* one pixel of so many is a new colour; 1: all are */
} cases[] = {
    {1, 2, 1, 255, TRUE, 1},           {2, 2, 4, 1, TRUE, 1},
    {1000, 2, 4, 1, TRUE, 1},          {1000, 3, 5, 7, TRUE, 3},
    {20000, 8, 256, 255, TRUE, 1},     {20000, 8, 200, 254, FALSE, 1},
    {300000, 4, 16, 255, TRUE, 5},     {300000, 7, 100, 255, FALSE, 9},
    {9000000, 8, 3, 255, TRUE, 90000},
};

static guint8 *
draw(gsize n, guint colours, guint noise, gboolean *used)
{
    guint8 *pixels = g_malloc(n);
    guint32 seed = 1;
    guint8 colour = 0;

    for (gsize i = 0; i < n; i++) {
        seed = seed * 1664525 + 1013904223;
        if ((seed >> 8) % noise == 0)
            colour = (guint8)((seed >> 16) % colours);
        pixels[i] = colour;
        used[colour] = TRUE;
    }
    return pixels;
}

static void
test_counts(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gboolean used[256] = {0};
        gsize n = cases[i].n;
        SpGifLzw lzw = {0};
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_autofree guint8 *pixels = draw(n, cases[i].colours, cases[i].noise, used);
        g_autoptr(GByteArray) data =
            encode(pixels, n, cases[i].min_bits, cases[i].may_clear, cases[i].block);
        sp_gif_lzw_scan(data->data, data->len, n, &lzw);
        g_assert_cmpint(lzw.verdict, ==, SP_GIF_LZW_WHOLE);
        g_assert_cmpmem(lzw.used, sizeof lzw.used, used, sizeof used);
        sp_gif_lzw_scan(data->data, data->len, n + 1, &lzw);
        g_assert_cmpint(lzw.verdict, ==, SP_GIF_LZW_SHORT);
        g_assert_cmpmem(lzw.used, sizeof lzw.used, used, sizeof used);
        /* the end code is not needed, but the last pixel's is */
        sp_gif_lzw_scan(data->data, data->len / 2, n, &lzw);
        g_assert_cmpint(lzw.verdict, ==, SP_GIF_LZW_SHORT);
    }
}

/* Colours of pixels that are not asked for do not count. */
static void
test_colours(void)
{
    static const guint8 pixels[] = {0, 1, 2, 3};
    g_autoptr(GByteArray) data = encode(pixels, 4, 2, TRUE, 255);
    SpGifLzw lzw = {0};

    sp_gif_lzw_scan(data->data, data->len, 2, &lzw);
    g_assert_cmpint(lzw.verdict, ==, SP_GIF_LZW_WHOLE);
    g_assert_true(lzw.used[0] && lzw.used[1]);
    g_assert_false(lzw.used[2] || lzw.used[3]);
}

/* Codes by hand: 3 bits each at first, clear is 4, end 5, the first run 6. */
static void
test_codes(void)
{
    static const struct {
        guint codes[5], n;
        SpGifLzwVerdict verdict; /* for 3 pixels */
    } hand[] = {
        {{4, 1, 1, 1}, 4, SP_GIF_LZW_WHOLE},
        {{1, 1, 1}, 3, SP_GIF_LZW_WHOLE},    /* no clear code at first */
        {{4, 4, 1, 6}, 4, SP_GIF_LZW_WHOLE}, /* a run of the code before it and itself */
        {{4, 1, 1, 5}, 4, SP_GIF_LZW_SHORT},
        {{4, 5}, 2, SP_GIF_LZW_SHORT},
        {{4, 6}, 2, SP_GIF_LZW_BAD},       /* a run before there is any */
        {{4, 1, 7}, 3, SP_GIF_LZW_BAD},    /* one that is not there yet */
        {{4, 1, 4, 6}, 4, SP_GIF_LZW_BAD}, /* one that was cleared */
        {{4, 1, 4, 1, 6}, 5, SP_GIF_LZW_WHOLE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(hand); i++) {
        Writer writer = {.out = g_byte_array_new()};
        SpGifLzw lzw = {0};
        static const guint8 head[] = {2, 0};
        g_byte_array_append(writer.out, head, sizeof head);
        for (guint k = 0; k < hand[i].n; k++)
            put_code(&writer, hand[i].codes[k], 3);
        put_code(&writer, 0, 7);
        writer.out->data[1] = (guint8)(writer.out->len - 2);
        g_test_message("case %" G_GSIZE_FORMAT, i);
        sp_gif_lzw_scan(writer.out->data, writer.out->len, 3, &lzw);
        g_assert_cmpint(lzw.verdict, ==, hand[i].verdict);
        g_byte_array_unref(writer.out);
    }
}

/* Blocks that are missing, empty, or longer than what is there. */
static void
test_blocks(void)
{
    static const struct {
        guint8 data[5];
        gsize n;
        SpGifLzwVerdict verdict;
    } blocks[] = {
        {{2}, 0, SP_GIF_LZW_SHORT},
        {{2}, 1, SP_GIF_LZW_SHORT},
        {{2, 0}, 2, SP_GIF_LZW_SHORT},
        {{2, 9, 0x44}, 3, SP_GIF_LZW_SHORT},
        {{12, 1, 0x44, 0}, 4, SP_GIF_LZW_BAD},
        {{255, 1, 0x44, 0}, 4, SP_GIF_LZW_BAD},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
        g_autofree guint8 *copy = g_malloc(MAX(blocks[i].n, 1));
        SpGifLzw lzw = {0};
        memcpy(copy, blocks[i].data, blocks[i].n);
        sp_gif_lzw_scan(copy, blocks[i].n, 100, &lzw);
        g_assert_cmpint(lzw.verdict, ==, blocks[i].verdict);
    }
}

/* Where the end code right behind the pixels ends, and what stands behind it; codes as above,
 * for 3 pixels, each of 3 bits. */
static void
test_slack(void)
{
    static const struct {
        guint8 data[12];
        guint n, n_data, block_at; /* 0: no end code */
        gboolean has_slack;
    } rests[] = {
        /* 4 1 1 1, then 5: 1100 1001 0010 01 and 101 */
        {{2, 2, 0x4C, 0x52, 0}, 5, 4, 1, FALSE},
        {{2, 2, 0x4C, 0x52}, 4, 4, 1, FALSE},
        {{2, 3, 0x4C, 0x52, 0, 0}, 6, 4, 1, FALSE},
        {{2, 3, 0x4C, 0x52, 7, 0}, 6, 4, 1, TRUE},
        {{2, 1, 0x4C, 1, 0x52, 1, 9, 0}, 8, 5, 3, TRUE},
        {{2, 1, 0x4C, 2, 0x52, 0, 1, 9, 0}, 9, 5, 3, TRUE},
        {{2, 2, 0x4C, 0x52, 0, 9}, 6, 4, 1, FALSE}, /* behind the terminator */
        /* a clear code before the end; a further pixel in its place: 4 1 1 1 4, 5 or 1 */
        {{2, 3, 0x4C, 0x42, 5, 0}, 6, 5, 1, FALSE},
        {{2, 3, 0x4C, 0x42, 1, 0}, 6, 0, 0, FALSE},
        {{2, 2, 0x4C, 0x02, 0}, 5, 0, 0, FALSE}, /* a pixel, too */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rests); i++) {
        SpGifLzw lzw = {0};
        g_test_message("case %" G_GSIZE_FORMAT, i);
        sp_gif_lzw_scan(rests[i].data, rests[i].n, 3, &lzw);
        g_assert_cmpint(lzw.verdict, ==, SP_GIF_LZW_WHOLE);
        g_assert_cmpuint(lzw.n_data, ==, rests[i].n_data);
        g_assert_cmpuint(lzw.block_at, ==, rests[i].block_at);
        g_assert_cmpint(lzw.has_slack, ==, rests[i].has_slack);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gif-lzw/counts", test_counts);
    g_test_add_func("/gif-lzw/colours", test_colours);
    g_test_add_func("/gif-lzw/codes", test_codes);
    g_test_add_func("/gif-lzw/blocks", test_blocks);
    g_test_add_func("/gif-lzw/slack", test_slack);
    return g_test_run();
}
