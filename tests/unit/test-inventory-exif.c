/* SPDX-License-Identifier: MIT */
/* test-inventory-exif.c -- what EXIF reveals, tag by tag, and out of broken structures.
 *
 * Each block is built in both byte orders and cut after every byte. */
#include "container/tiff.h"
#include "exif-fixture.h"
#include "inventory/short-names.h"
#include <time.h>

enum { BYTE = 1, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 7, SLONG = 9, SRATIONAL };

/* One tag in IFD0, or in the directory that the tag `within` leads to. */
typedef struct {
    guint within, tag, type;
    guint32 count;
    const char *value; /* of more than four bytes: count bytes; else numbers in `number` */
    guint32 number;
    guint32 reveals;
} Case;

static const Case cases[] = {
    {0, 0x010F, ASCII, 6, "Maker\0", 0, DEVICE},
    {0, 0x0110, ASCII, 6, "Model\0", 0, DEVICE},
    {0, 0x0131, ASCII, 8, "program\0", 0, SOFTWARE},
    {0, 0x000B, ASCII, 8, "program\0", 0, SOFTWARE},
    {0, 0x013C, ASCII, 8, "mycomp.\0", 0, DEVICE},
    {0, 0x013B, ASCII, 8, "someone\0", 0, PERSON},
    {0, 0x8298, ASCII, 9, "\0someone\0", 0, PERSON}, /* no photographer, an editor */
    {0, 0x0132, ASCII, 20, "2020:01:02 03:04:05\0", 0, TIME},
    {0, 0x010E, ASCII, 8, "a house\0", 0, COMMENT},
    {0, 0x0112, SHORT, 1, NULL, 6, 0},
    {0, 0x011A, RATIONAL, 1, "\0\0\0\x48\0\0\0\1", 0, 0},
    {0, 0x9C9D, BYTE, 8, "m\0e\0\0\0\0\0", 0, PERSON},
    {0, 0x9C9B, BYTE, 8, "t\0t\0\0\0\0\0", 0, COMMENT},
    {0, 0xC62F, ASCII, 8, "1234567\0", 0, SERIAL},
    {0, 0xC614, ASCII, 8, "Maker X\0", 0, DEVICE},
    {0, 0xC6F0, ASCII, 8, "DNG tag\0", 0, DEVICE},
    {0, 0xC4A5, UNDEFINED, 8, "PrintIM\0", 0, DEVICE},
    {0, 0xFE4D, ASCII, 8, "RAW 1.0\0", 0, SOFTWARE},
    {0, 0xEA1C, UNDEFINED, 12, "\x1C\xEA\0\0\0\x08\0\0\0\0\0\0", 0, 0},
    {0, 0xEA1C, UNDEFINED, 12, "\x1C\xEA\0\0\0\x08\0\0leak", 0, UNKNOWN},
    {0, 0xBEEF, ASCII, 8, "private\0", 0, UNKNOWN},
    {0, 0xBEEF, LONG, 1, NULL, 0, 0},
    {0, 0xBEEF, LONG, 1, NULL, 7, UNKNOWN},
    {0, 0x0128, ASCII, 17, "resolution unit!\0", 0, UNKNOWN}, /* harmless, but too long */
    {0, 0x0111, ASCII, 20, "offsets that are no.", 0, UNKNOWN},
    {0, 0x0117, LONG, 5, "sizes that are none.", 0, UNKNOWN},
    {0, 0x0117, LONG, 5, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0, 0},
    {0x8769, 0xA001, UNDEFINED, 20, "in what colours it is", 0, UNKNOWN},
    {0, 0xBEEF, 99, 1, NULL, 7, UNKNOWN}, /* no such type */
    {0, 0x0112, 99, 0, NULL, 0, 0},
    {0x8769, 0x9003, ASCII, 20, "2020:01:02 03:04:05\0", 0, TIME},
    {0, 0x0132, ASCII, 20, "0000:00:00 00:00:00\0", 0, 0}, /* the clock was never set */
    {0x8769, 0x9290, ASCII, 3, NULL, 0x31320000, TIME},
    {0x8769, 0x9011, ASCII, 7, "+01:00\0", 0, TIME},
    {0x8769, 0x829A, RATIONAL, 1, "\0\0\0\1\0\0\0\x3C", 0, DEVICE},
    {0x8769, 0x9209, SHORT, 1, NULL, 0, DEVICE}, /* no flash is a setting too */
    {0x8769, 0xA301, UNDEFINED, 1, NULL, 0, DEVICE},
    {0x8769, 0xA420, ASCII, 33, "0123456789abcdef0123456789abcdef\0", 0, SERIAL},
    {0x8769, 0xA430, ASCII, 8, "someone\0", 0, PERSON},
    {0x8769, 0xA431, ASCII, 8, "1234567\0", 0, SERIAL},
    {0x8769, 0xA434, ASCII, 8, "50mm 12\0", 0, DEVICE},
    {0x8769, 0xA435, ASCII, 8, "1234567\0", 0, SERIAL},
    {0x8769, 0xA437, 129, 8, "someone\0", 0, PERSON},
    {0x8769, 0x9286, UNDEFINED, 13, "ASCII\0\0\0hello", 0, COMMENT},
    {0x8769, 0x9286, UNDEFINED, 13, "UNICODE\0h\0i\0\0", 0, COMMENT},
    {0x8769, 0xA002, LONG, 1, NULL, 4000, 0},
    {0x8769, 0xA001, SHORT, 1, NULL, 1, 0},
    {0xA005, 0x0001, ASCII, 4, NULL, 0x52393800, 0}, /* R98 */
    {0xA005, 0x0001, ASCII, 4, NULL, 0x61626300, UNKNOWN},
    {0x8825, 0x0000, BYTE, 4, NULL, 0x02020000, 0},
    {0x8825, 0x0001, ASCII, 2, NULL, 0x4E000000, LOCATION},
    {0x8825, 0x0002, RATIONAL, 3, "\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\3\0\0\0\1", 0,
     LOCATION},
    {0x8825, 0x0005, BYTE, 1, NULL, 0, LOCATION},
    {0x8825, 0x001B, UNDEFINED, 11, "ASCII\0\0\0GPS", 0, LOCATION},
    {0x8825, 0x001D, ASCII, 11, "2020:01:02\0", 0, LOCATION | TIME},
    /* What is blank. */
    {0, 0x010E, ASCII, 8, "        ", 0, 0},
    {0, 0x013B, ASCII, 8, "\0\0\0\0\0\0\0\0", 0, 0},
    {0, 0x8298, ASCII, 1, NULL, 0, 0},
    {0, 0x9C9C, BYTE, 6, " \0 \0\0\0", 0, 0},
    {0x8769, 0x9286, UNDEFINED, 8, "ASCII\0\0\0", 0, 0},
    {0x8769, 0x9286, UNDEFINED, 12, "UNICODE\0 \0 \0", 0, 0},
    {0x8769, 0x9286, UNDEFINED, 12, "\0\0\0\0\0\0\0\0    ", 0, 0},
    {0x8769, 0xA435, ASCII, 0, NULL, 0x31313131, 0},
};

static void
put_case(Block *block, const Case *test)
{
    static const guint sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8};
    guint size = test->type < G_N_ELEMENTS(sizes) ? sizes[test->type] : 1;
    if (test->within != 0) {
        put(block, 1, 2);
        put_entry(block, test->within, LONG, 1, 26, 4);
        put(block, 0, 4);
    }
    put(block, 1, 2);
    guint32 behind = block->bytes->len + 12 + 4;
    if (test->value != NULL) {
        put_entry(block, test->tag, test->type, test->count, behind, 4);
    } else if (size == 1) { /* four bytes in the order of the literal */
        Block big = {FALSE, block->bytes};
        put(block, test->tag, 2);
        put(block, test->type, 2);
        put(block, test->count, 4);
        put(&big, test->number, 4);
    } else {
        put_entry(block, test->tag, test->type, test->count, test->number, size);
    }
    put(block, 0, 4);
    if (test->value != NULL)
        put_bytes(block, test->value, (gsize)test->count * size);
}

static void
test_tags(void)
{
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const Case *test = &cases[i / 2];
        g_auto(Block) block = block_new(i % 2 == 0);
        put_case(&block, test);
        g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
        if (sp_inventory_reveals(inventory) != test->reveals)
            g_test_message("case %u, tag 0x%04X", (guint)(i / 2), test->tag);
        g_assert_cmphex(sp_inventory_reveals(inventory), ==, test->reveals);
        cut_everywhere(&block);
    }
}

static void
test_values(void)
{
    static const struct {
        Case test;
        const char *text;
    } values[] = {
        {{0, 0x010F, ASCII, 8, "Maker \0\0", 0, 0}, "4 Make=Maker\n"},
        {{0, 0x9C9D, BYTE, 8, "m\0\xE9\0\x3D\xD8\x00\xDE", 0, 0}, "16 XPAuthor=mé😀\n"},
        {{0, 0xBEEF, LONG, 1, NULL, 7, 0}, "16384 Exif 0xbeef=7\n"},
        {{0, 0xC6F0, ASCII, 8, "DNG tag\0", 0, 0}, "4 DNG 0xc6f0=DNG tag\n"},
        {{0, 0xC4A5, UNDEFINED, 5, "\1\2\3\4\5", 0, 0}, "4 PrintIM=0102030405\n"},
        {{0x8769, 0x9286, UNDEFINED, 13, "ASCII\0\0\0hello", 0, 0}, "64 UserComment=hello\n"},
        {{0x8769, 0x9286, UNDEFINED, 12, "UNICODE\0h\0i\0", 0, 0}, "64 UserComment=hi\n"},
        {{0x8769, 0x9286, UNDEFINED, 12, "UNICODE\0\0h\0i", 0, 0}, "64 UserComment=hi\n"},
        {{0x8769, 0x9209, SHORT, 1, NULL, 16, 0}, "4 Flash=16\n"},
        {{0x8825, 0x0001, ASCII, 2, NULL, 0x4E000000, 0}, "1 GPSLatitudeRef=N\n"},
        {{0x8825, 0x001D, ASCII, 11, "2020:01:02\0", 0, 0},
         "1 GPSDateStamp=2020:01:02\n2 GPSDateStamp=2020:01:02\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_auto(Block) block = block_new(TRUE);
        g_autoptr(GString) text = g_string_new(NULL);
        put_case(&block, &values[i].test);
        g_autoptr(SpInventory) G_GNUC_UNUSED inventory =
            read_exif(block.bytes->data, block.bytes->len, text);
        g_assert_cmpstr(text->str, ==, values[i].text);
    }
}

static void
test_numbers(void)
{
    g_auto(Block) block = block_new(FALSE);
    g_autoptr(GString) text = g_string_new(NULL);
    put(&block, 1, 2);
    put_entry(&block, 0x8825, LONG, 1, 26, 4);
    put(&block, 0, 4);
    put(&block, 2, 2);
    put_entry(&block, 0x0002, RATIONAL, 3, 56, 4);
    put_entry(&block, 0x0004, SRATIONAL, 2, 80, 4);
    put(&block, 0, 4);
    for (guint i = 0; i < 3; i++) {
        put(&block, 10 * i + 5, 4);
        put(&block, i, 4); /* over 0 first */
    }
    for (guint i = 0; i < 2; i++) {
        put(&block, (guint32)-3, 4);
        put(&block, 2, 4);
    }
    g_autoptr(SpInventory) G_GNUC_UNUSED inventory =
        read_exif(block.bytes->data, block.bytes->len, text);
    g_assert_cmpstr(text->str, ==, "1 GPSLatitude=0 15 12.5\n1 GPSLongitude=-1.5 -1.5\n");
}

/* A thumbnail in IFD1, and blocks of other kinds in tags of IFD0. */
static void
test_parts(void)
{
    for (guint i = 0; i < 2; i++) {
        g_auto(Block) block = block_new(i == 0);
        put(&block, 4, 2); /* entries from 10, the next directory at 62 */
        put_entry(&block, 0x02BC, BYTE, 5, 92, 4);
        put_entry(&block, 0x83BB, LONG, 2, 92, 4);
        put_entry(&block, 0x8649, BYTE, 6, 92, 4);
        put_entry(&block, 0x8773, UNDEFINED, 7, 92, 4);
        put(&block, 62, 4);
        put(&block, 2, 2);
        put_entry(&block, 0x0201, LONG, 1, 92, 4);
        put_entry(&block, 0x0202, LONG, 1, 8, 4);
        put(&block, 0, 4);
        put_bytes(&block, "12345678", 8);
        g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
        static const struct {
            SpCarrier carrier;
            guint64 n;
        } parts[] = {
            {SP_CARRIER_XMP, 5}, {SP_CARRIER_IPTC, 8},           {SP_CARRIER_PHOTOSHOP, 6},
            {SP_CARRIER_ICC, 7}, {SP_CARRIER_EXIF_THUMBNAIL, 8},
        };
        for (gsize k = 0; k < G_N_ELEMENTS(parts); k++) {
            const SpInventoryRow *row = find_carrier(inventory, parts[k].carrier);
            g_assert_nonnull(row);
            g_assert_cmpuint(row->n_bytes, ==, parts[k].n);
            g_assert_cmpuint(row->count, ==, 1);
        }
        cut_everywhere(&block);
    }
}

/* Directories that lead to themselves and to each other, and counts that no file can hold. */
static void
test_loops(void)
{
    for (guint i = 0; i < 2; i++) {
        g_auto(Block) block = block_new(i == 0);
        put(&block, 6, 2);
        put_entry(&block, 0x010E, ASCII, G_MAXUINT32, 8, 4);
        put_entry(&block, 0x010F, 12, G_MAXUINT32, 8, 4);
        put_entry(&block, 0x8769, LONG, 1, 8, 4);
        put_entry(&block, 0x8825, LONG, 1, 86, 4);
        put_entry(&block, 0x014A, LONG, G_MAXUINT32, 0, 4);
        put_entry(&block, 0x8773, UNDEFINED, 8, G_MAXUINT32, 4);
        put(&block, 8, 4);
        put(&block, 0xFFFF, 2); /* at 86: more entries than there are bytes */
        for (guint k = 0; k < 20; k++)
            put_entry(&block, 0x8825, LONG, 1, 8 + k, 4);
        g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
        g_assert_true((sp_inventory_reveals(inventory) & COMMENT) != 0); /* cut, yet there */
        cut_everywhere(&block);
    }
}

/* What libexif does not look at: beyond 64 KiB, further directories, SubIFDs. */
static void
test_far(void)
{
    g_auto(Block) block = block_new(TRUE);
    put(&block, 2, 2);
    put_entry(&block, 0x013B, ASCII, 8, 100000, 4);
    put_entry(&block, 0x014A, LONG, 1, 100008, 4);
    put(&block, 38, 4);
    for (guint i = 0; i < 2; i++) { /* IFD1 at 38 and IFD2 at 56 */
        put(&block, 1, 2);
        put_entry(&block, i == 0 ? 0x0131 : 0x010F, ASCII, 4, 0x61616161, 4);
        put(&block, i == 0 ? 56 : 0, 4);
    }
    guint n = block.bytes->len;
    g_byte_array_set_size(block.bytes, 100000);
    memset(block.bytes->data + n, 0, 100000 - n);
    put_bytes(&block, "someone", 8);
    put(&block, 1, 2);
    put_entry(&block, 0xC62F, ASCII, 4, 0x31313131, 4);
    put(&block, 0, 4);
    g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, PERSON | SOFTWARE | DEVICE | SERIAL);

    /* Of more than a mebibyte, the first is read; a blank rest says nothing. */
    n = block.bytes->len;
    g_byte_array_set_size(block.bytes, 3 * 1024 * 1024);
    memset(block.bytes->data + n, 1, block.bytes->len - n);
    g_autoptr(SpInventory) large = read_exif(block.bytes->data, block.bytes->len, NULL);
    g_assert_cmphex(sp_inventory_reveals(large), ==,
                    PERSON | SOFTWARE | DEVICE | SERIAL | UNKNOWN);
    memset(block.bytes->data + n, 0, block.bytes->len - n);
    g_autoptr(SpInventory) blank = read_exif(block.bytes->data, block.bytes->len, NULL);
    g_assert_cmphex(sp_inventory_reveals(blank), ==, PERSON | SOFTWARE | DEVICE | SERIAL);
}

/* Thousands of entries that all have the same mebibyte, in directories that overlap: neither
 * libexif nor the readers of blocks get to copy or read it for each. */
static void
test_heavy(void)
{
    static const guint tags[] = {0x010E, 0x9286, 0x02BC, 0x927C};
    for (gsize k = 0; k < G_N_ELEMENTS(tags); k++) {
        g_auto(Block) block = block_new(TRUE);
        put(&block, 5000, 2);
        put_entry(&block, 0x010F, ASCII, 4, 0x6B61704F, 4);
        put_entry(&block, 0x014A, LONG, 16, 8 + 2 + 24, 4); /* what follows it, as offsets */
        for (guint i = 2; i < 5000; i++)
            put_entry(&block, tags[k], UNDEFINED, 60000 + i, i % 2 == 0 ? 8 : 1000, 4);
        put(&block, 0, 4);
        guint n = block.bytes->len;
        g_byte_array_set_size(block.bytes, 1024 * 1024);
        memset(block.bytes->data + n, 0, block.bytes->len - n);
        gint64 from = g_get_monotonic_time();
        g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
        g_test_message("tag 0x%04X: %u ms", tags[k],
                       (guint)((g_get_monotonic_time() - from) / 1000));
        g_assert_true((sp_inventory_reveals(inventory) & DEVICE) != 0);
        const SpInventoryRow *row = find_carrier(inventory, SP_CARRIER_XMP);
        g_assert_true(row == NULL || row->count == 16);
        row = find_carrier(inventory, SP_CARRIER_MAKERNOTE_UNREAD);
        g_assert_true(row == NULL || row->count == 2);
        if (tags[k] == 0x02BC || tags[k] == 0x927C)
            g_assert_true((sp_inventory_reveals(inventory) & UNKNOWN) != 0);
    }
}

static void
test_broken(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint32 reveals;
    } blocks[] = {
        {"", 0, 0},
        {"\0\0  \0", 5, 0},
        {"hello", 5, UNKNOWN},
        {"II*\0", 4, UNKNOWN},
        {"II+\0\x08\0\0\0", 8, UNKNOWN}, /* BigTIFF */
        {"II*\0\x08\0\0\0\0\0\0\0\0\0", 14, 0},
        {"II*\0\x08\0\0\0\0\0\0\0\0\0leak", 18, UNKNOWN},
        {"II*\0\xFF\xFF\xFF\xFFleak", 12, UNKNOWN},
        {"Exif\0\0", 6, 0},
        {"Exif\0\0leak", 10, UNKNOWN},
        {"Exif\0\0II*\0\x08\0\0\0\1\0\x0F\1\2\0\4\0\0\0make\0\0\0\0", 32, DEVICE},
        {"MM\0*\0\0\0\x08\0\0\0\0\0\0", 14, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
        g_autoptr(SpInventory) inventory =
            read_exif((const guint8 *)blocks[i].bytes, blocks[i].n, NULL);
        g_assert_cmphex(sp_inventory_reveals(inventory), ==, blocks[i].reveals);
    }
}

/* What no pointer leads to, behind a directory with an orientation alone. */
static void
test_leftover(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint32 reveals;
    } rests[] = {
#define REST(text) (text), sizeof(text) - 1
        {REST("\0\0\0\0  \0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0},
        {REST("fifteen bytes.."), 0},
        {REST("more than fifteen bytes"), UNKNOWN},
        {REST("2020:01:02 03:04:05"), UNKNOWN},
        {REST("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), 0},
        {REST("\0\0\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1 picture data"),
         UNKNOWN | SP_CATEGORY_THUMBNAIL},
#undef REST
    };
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(rests); i++) {
        g_auto(Block) block = block_new(i % 2 == 0);
        put(&block, 1, 2);
        put_entry(&block, 0x0112, SHORT, 1, 1, 2);
        put(&block, 0, 4);
        put_bytes(&block, rests[i / 2].bytes, rests[i / 2].n);
        g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, NULL);
        g_assert_cmphex(sp_inventory_reveals(inventory), ==, rests[i / 2].reveals);
        cut_everywhere(&block);
    }
    /* A thumbnail that has no length, and more directories than are read. */
    g_auto(Block) cut = block_new(TRUE);
    put(&cut, 1, 2);
    put_entry(&cut, 0x0201, LONG, 1, 26, 4);
    put(&cut, 0, 4);
    put_bytes(&cut, "\xFF\xD8\xFF\xE0 this is a picture", 23);
    g_autoptr(SpInventory) inventory = read_exif(cut.bytes->data, cut.bytes->len, NULL);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, UNKNOWN | SP_CATEGORY_THUMBNAIL);
    g_auto(Block) chain = block_new(TRUE);
    for (guint i = 1; i <= 17; i++) {
        g_autoptr(SpInventory) some = read_exif(chain.bytes->data, chain.bytes->len, NULL);
        g_assert_cmphex(sp_inventory_reveals(some), ==, 0);
        put(&chain, 1, 2);
        put_entry(&chain, 0x0112, SHORT, 1, 1, 2);
        put(&chain, i < 17 ? 8 + 18 * i : 0, 4);
    }
    g_autoptr(SpInventory) all = read_exif(chain.bytes->data, chain.bytes->len, NULL);
    g_assert_cmphex(sp_inventory_reveals(all), ==, UNKNOWN);
}

/* One block after the other, each with 1 000 entries that have the same 16 KiB of nothing as
 * their value: as many are read as the allowance of a file has room for. */
static void
test_many(void)
{
    enum { ENTRIES = SP_TIFF_ENTRIES, BLANK = 16384, SIZE = 8 + 2 + ENTRIES * 12 + 4 + BLANK };
    static const guint8 entry[12] = {0xEF, 0xBE, UNDEFINED, 0, 0, BLANK >> 8 & 0xFF,
                                     0,    0,    0,         0, 0, 0};
    g_autofree guint8 *bytes = g_malloc0(SIZE);
    g_autoptr(SpInventory) inventory = sp_inventory_new();
    SpPart part = {SP_CARRIER_EXIF, 0, {bytes, SIZE}, SIZE};

    memcpy(bytes, "II*\0\x08\0\0\0", 8);
    bytes[8] = ENTRIES & 0xFF;
    bytes[9] = ENTRIES >> 8;
    for (gsize i = 0; i < ENTRIES; i++) {
        guint8 *at = bytes + 10 + 12 * i;
        memcpy(at, entry, sizeof entry);
        at[8] = (SIZE - BLANK) & 0xFF;
        at[9] = (SIZE - BLANK) >> 8 & 0xFF;
    }
    sp_inventory_add(&part, inventory);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, 0);
    clock_t start = clock();
    for (guint i = 0; i < 1000; i++)
        sp_inventory_add(&part, inventory);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, UNKNOWN);
    g_assert_cmpint(clock() - start, <,
                    20 * CLOCKS_PER_SEC); /* of CPU; minutes, if quadratic */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory-exif/tags", test_tags);
    g_test_add_func("/inventory-exif/values", test_values);
    g_test_add_func("/inventory-exif/numbers", test_numbers);
    g_test_add_func("/inventory-exif/parts", test_parts);
    g_test_add_func("/inventory-exif/loops", test_loops);
    g_test_add_func("/inventory-exif/far", test_far);
    g_test_add_func("/inventory-exif/heavy", test_heavy);
    g_test_add_func("/inventory-exif/leftover", test_leftover);
    g_test_add_func("/inventory-exif/many", test_many);
    g_test_add_func("/inventory-exif/broken", test_broken);
    return g_test_run();
}
