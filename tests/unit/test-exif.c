/* SPDX-License-Identifier: MIT */
/* test-exif.c -- orientation and Adobe RGB out of good and bad TIFF structures.
 *
 * Blocks are built in both byte orders from one description, so each case runs twice; each is
 * also cut after every byte, where a sanitizer watches for reads past the end. */
#include "container/exif.h"

#define R03 0x52303300u /* "R03" and a NUL, as bytes in a row */

typedef struct {
    gboolean little;
    guint8 bytes[256];
    gsize n;
} Block;

static void
put(Block *block, guint32 value, guint size)
{
    for (guint i = 0; i < size; i++) {
        guint shift = 8 * (block->little ? i : size - 1 - i);
        block->bytes[block->n++] = (guint8)(value >> shift);
    }
}

static void
start(Block *block, gboolean little, guint32 ifd0)
{
    *block = (Block){.little = little};
    put(block, little ? 0x4949 : 0x4D4D, 2); /* "II" or "MM" */
    put(block, 42, 2);
    put(block, ifd0, 4);
}

/* One entry whose value stands left in its four bytes, size bytes wide. */
static void
put_entry(Block *block, guint tag, guint type, guint32 count, guint32 value, guint size)
{
    put(block, tag, 2);
    put(block, type, 2);
    put(block, count, 4);
    put(block, value, size);
    block->n += 4 - size;
}

static SpExifLook
look(const Block *block, gsize n)
{
    g_autoptr(GBytes) copy = g_bytes_new(block->bytes, n);
    return sp_exif_look(g_bytes_get_data(copy, NULL), n);
}

static const struct {
    guint tag, type, count, value, size;
    guint orientation;
} orientations[] = {
    {0x112, 3, 1, 1, 2, 1},          {0x112, 3, 1, 2, 2, 2}, {0x112, 3, 1, 3, 2, 3},
    {0x112, 3, 1, 6, 2, 6},          {0x112, 3, 1, 8, 2, 8}, {0x112, 3, 1, 0, 2, 1},
    {0x112, 3, 1, 9, 2, 1},          {0x112, 4, 1, 6, 4, 6}, {0x112, 1, 1, 6, 1, 6},
    {0x112, 3, 0, 6, 2, 1},          {0x112, 3, 2, 6, 2, 1}, {0x112, 2, 1, 6, 1, 1},
    {0x112, 4, 1, 0x10006, 4, 1},    {0x113, 3, 1, 6, 2, 1}, {0x112, 99, 1, 6, 2, 1},
    {0x112, 3, 0xFFFFFFFF, 6, 2, 1},
};

static void
test_orientation(void)
{
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(orientations); i++) {
        Block block;
        start(&block, i % 2 == 0, 8);
        put(&block, 2, 2);
        put_entry(&block, 0x10F, 2, 4, 0, 4);
        put_entry(&block, orientations[i / 2].tag, orientations[i / 2].type,
                  orientations[i / 2].count, orientations[i / 2].value,
                  orientations[i / 2].size);
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_assert_cmpuint(look(&block, block.n).orientation, ==,
                         orientations[i / 2].orientation);
        for (gsize n = 0; n < block.n; n++)
            g_assert_cmpuint(look(&block, n).orientation, ==, 1);
    }
}

/* IFD0 at 8, ExifIFD at 26, InteropIFD at 44; any pointer may be bent. */
static void
build_interop(Block *block, gboolean little, guint exif, guint interop, guint count,
              guint32 index)
{
    start(block, little, 8);
    put(block, 1, 2);
    put_entry(block, 0x8769, 4, 1, exif, 4);
    put(block, 0, 4);
    put(block, 1, 2);
    put_entry(block, 0xA005, 4, 1, interop, 4);
    put(block, 0, 4);
    put(block, 1, 2);
    put_entry(block, 1, 2, count, little ? GUINT32_SWAP_LE_BE(index) : index, 4);
}

static void
test_interop(void)
{
    static const struct {
        guint exif, interop, count;
        guint32 index;
        gboolean adobe;
    } cases[] = {
        {26, 44, 4, R03, TRUE},          {26, 44, 3, R03, TRUE},
        {26, 44, 4, 0x52393800, FALSE}, /* R98: sRGB */
        {26, 44, 5, R03, FALSE},         {26, 44, 0, R03, FALSE},
        {26, 26, 4, R03, FALSE}, /* a loop */
        {8, 44, 4, R03, FALSE},          {0, 44, 4, R03, FALSE},
        {26, 0, 4, R03, FALSE},          {26, 0xFFFFFFFF, 4, R03, FALSE},
        {0xFFFFFFFE, 44, 4, R03, FALSE},
    };
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        Block block;
        build_interop(&block, i % 2 == 0, cases[i / 2].exif, cases[i / 2].interop,
                      cases[i / 2].count, cases[i / 2].index);
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(look(&block, block.n).adobe_rgb, ==, cases[i / 2].adobe);
        for (gsize n = 0; n < block.n; n++)
            g_assert_false(look(&block, n).adobe_rgb);
    }
}

/* Directories that lie: too many entries, outside, no TIFF at all. */
static void
test_lies(void)
{
    static const guint32 offsets[] = {0, 1, 7, 21, 22, 100, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF};
    Block block;

    for (gsize i = 0; i < G_N_ELEMENTS(offsets); i++) {
        start(&block, TRUE, offsets[i]);
        block.n += 14;
        g_assert_cmpuint(look(&block, block.n).orientation, ==, 1);
    }
    start(&block, FALSE, 8);
    put(&block, 0xFFFF, 2);
    put_entry(&block, 0x112, 3, 1, 5, 2);
    g_assert_cmpuint(look(&block, block.n).orientation, ==, 5);
    block.bytes[3] = 43;
    g_assert_cmpuint(look(&block, block.n).orientation, ==, 1);
    block.bytes[3] = 42;
    block.bytes[0] = 'I';
    g_assert_cmpuint(look(&block, block.n).orientation, ==, 1);
}

/* Of two orientations the first counts; IFD1, the thumbnail's, never does. */
static void
test_first_counts(void)
{
    Block block;

    start(&block, TRUE, 8);
    put(&block, 2, 2);
    put_entry(&block, 0x112, 3, 1, 3, 2);
    put_entry(&block, 0x112, 3, 1, 6, 2);
    g_assert_cmpuint(look(&block, block.n).orientation, ==, 3);

    start(&block, TRUE, 8);
    put(&block, 0, 2);
    put(&block, 14, 4);
    put(&block, 1, 2);
    put_entry(&block, 0x112, 3, 1, 6, 2);
    g_assert_cmpuint(look(&block, block.n).orientation, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exif/orientation", test_orientation);
    g_test_add_func("/exif/interop", test_interop);
    g_test_add_func("/exif/lies", test_lies);
    g_test_add_func("/exif/first-counts", test_first_counts);
    return g_test_run();
}
