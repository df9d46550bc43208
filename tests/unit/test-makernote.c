/* SPDX-License-Identifier: MIT */
/* test-makernote.c -- makers' notes: found by how they begin, read by table, in both orders.
 *
 * A note stands in an EXIF block as it does in a photo, and is read through sp_read_exif(). */
#include "exif-fixture.h"
#include "inventory/short-names.h"

enum { BYTE = 1, ASCII, SHORT, LONG, UNDEFINED = 7 };
enum { NOTE_AT = 100 };

/* EXIF with Make in IFD0 and, in the Exif directory, a maker's note of n bytes at NOTE_AT. */
static Block
start(gboolean little, const char *make, guint32 n)
{
    Block block = block_new(little);
    put(&block, 2, 2);
    put_entry(&block, 0x010F, ASCII, 32, 56, 4);
    put_entry(&block, 0x8769, LONG, 1, 38, 4);
    put(&block, 0, 4);
    put(&block, 1, 2);
    put_entry(&block, 0x927C, UNDEFINED, n, NOTE_AT, 4);
    put(&block, 0, 4);
    g_byte_array_set_size(block.bytes, NOTE_AT);
    memset(block.bytes->data + 56, 0, NOTE_AT - 56);
    memcpy(block.bytes->data + 56, make, strlen(make));
    return block;
}

static void
finish(Block *block)
{
    guint32 n = block->bytes->len - NOTE_AT;
    Block count = {block->little, g_byte_array_new()};
    put(&count, n, 4);
    memcpy(block->bytes->data + 38 + 2 + 4, count.bytes->data, 4);
    block_clear(&count);
}

/* What the note's row reveals; unread: whether nobody could read it. */
static guint32
reveals(const Block *block, gboolean *unread)
{
    g_autoptr(SpInventory) inventory = read_exif(block->bytes->data, block->bytes->len, NULL);
    const SpInventoryRow *row = find_carrier(inventory, SP_CARRIER_MAKERNOTE);
    const SpInventoryRow *other = find_carrier(inventory, SP_CARRIER_MAKERNOTE_UNREAD);
    g_assert_true(row == NULL || other == NULL);
    *unread = other != NULL;
    return row != NULL ? row->reveals : other != NULL ? other->reveals : 0;
}

/* Where a value that stands apart is counted from. */
typedef enum { FROM_TIFF, FROM_NOTE, FROM_10 } Base;

/* A directory with one tag of a value that stands apart behind it. */
static const struct {
    const char *make, *prefix;
    guint prefix_n;
    Base base;
    guint tag, type;
    guint32 more;      /* than DEVICE */
    const char *value; /* 8 bytes */
} notes[] = {
    {"Apple", "Apple iOS\0\0\1MM", 14, FROM_NOTE, 0x0011, ASCII, SERIAL, "UUID-UU"},
    {"Apple", "Apple iOS\0\0\1MM", 14, FROM_NOTE, 0x0003, UNDEFINED, SERIAL, "bplist0"},
    {"Apple", "Apple iOS\0\0\1MM", 14, FROM_NOTE, 0x0008, ASCII, 0, "1 2 3 4"},
    {"Canon", "", 0, FROM_TIFF, 0x0009, ASCII, PERSON, "someone"},
    {"Canon", "", 0, FROM_TIFF, 0x0009, ASCII, 0, "\0omeone"},
    {"Canon", "", 0, FROM_TIFF, 0x0096, ASCII, SERIAL, "AB12345"},
    {"Canon", "", 0, FROM_TIFF, 0x0028, UNDEFINED, 0, "\0\0\0\0\0\0\0"},
    {"CASIO", "QVC\0\0\0", 6, FROM_TIFF, 0x2000, UNDEFINED, THUMBNAIL, "\xFF\xD8 jpeg"},
    {"CASIO COMPUTER", "", 0, FROM_TIFF, 0x0015, ASCII, 0, "0312261"},
    {"FUJIFILM", "FUJIFILM\x0C\0\0\0", 12, FROM_NOTE, 0x0010, ASCII, SERIAL, "FPX 123"},
    {"EASTMAN KODAK", "II*\0\x08\0\0\0", 8, FROM_NOTE, 0x0001, ASCII, 0, "setting"},
    {"LEICA", "LEICA\0\0\0", 8, FROM_TIFF, 0x0025, ASCII, SERIAL, "F990708"},
    {"Leica Camera AG", "LEICA\0\1\0", 8, FROM_NOTE, 0x0305, ASCII, SERIAL, "1234567"},
    {"Minolta Co., Ltd.", "", 0, FROM_TIFF, 0x0081, UNDEFINED, THUMBNAIL, "\xFF\xD8 jpeg"},
    {"motorola", "MOT\0\0\0\0\0", 8, FROM_NOTE, 0x5501, ASCII, SERIAL, "NX0A3S0"},
    {"NIKON CORPORATION", "Nikon\0\2\x10\0\0II*\0\x08\0\0\0", 18, FROM_10, 0x001D, ASCII,
     SERIAL, "2002558"},
    {"NIKON CORPORATION", "Nikon\0\2\x10\0\0II*\0\x08\0\0\0", 18, FROM_10, 0x0E01, UNDEFINED,
     SOFTWARE, "editing"},
    {"NIKON", "", 0, FROM_TIFF, 0x00A0, ASCII, SERIAL, "No= 123"},
    {"OLYMPUS CORPORATION", "OLYMP\0\1\0", 8, FROM_TIFF, 0x0404, ASCII, SERIAL, "C905000"},
    {"OLYMPUS", "OLYMPUS\0II\3\0", 12, FROM_NOTE, 0x0100, UNDEFINED, THUMBNAIL,
     "\xFF\xD8 jpeg"},
    {"OM", "OM SYSTEM\0\0\0II\4\0", 16, FROM_NOTE, 0x0405, ASCII, 0, "firmwar"},
    {"Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x0066, ASCII, PERSON, "a child"},
    {"Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x006D, ASCII, LOCATION, "a place"},
    {"Panasonic", "Panasonic\0\0\0", 12, FROM_TIFF, 0x0065, ASCII, COMMENT, "a title"},
    {"PENTAX", "AOC\0MM", 6, FROM_TIFF, 0x0229, ASCII, SERIAL, "1234567"},
    {"PENTAX", "PENTAX \0MM", 10, FROM_NOTE, 0x022E, ASCII, PERSON, "someone"},
    {"Asahi Optical", "", 0, FROM_TIFF, 0x0229, ASCII, 0, "another"},
    {"RICOH", "Ricoh\0\0\0", 8, FROM_TIFF, 0x0005, UNDEFINED, SERIAL, "1234567"},
    {"SAMSUNG", "", 0, FROM_NOTE, 0xA002, ASCII, SERIAL, "1234567"},
    {"SANYO Electric", "SANYO\0\1\0", 8, FROM_TIFF, 0x0100, UNDEFINED, THUMBNAIL,
     "\xFF\xD8 jpeg"},
    {"SIGMA", "SIGMA\0\0\0\1\0", 10, FROM_TIFF, 0x0002, ASCII, SERIAL, "9060011"},
    {"SONY", "SONY DSC \0\0\0", 12, FROM_TIFF, 0x9050, UNDEFINED, SERIAL, "ciphers"},
    {"SONY", "SONY DSC \0\0\0", 12, FROM_TIFF, 0xB027, ASCII, 0, "a lens!"},
};

static void
put_note(Block *block, gsize i, guint shift)
{
    const guint32 bases[] = {0, NOTE_AT, NOTE_AT + 10};
    put_bytes(block, notes[i].prefix, notes[i].prefix_n);
    put(block, 2, 2);
    guint32 behind = block->bytes->len + 24 + 4;
    put_entry(block, 0x7FF0, SHORT, 1, 1, 2);
    put_entry(block, notes[i].tag, notes[i].type, 8, behind - bases[notes[i].base] + shift, 4);
    put(block, 0, 4);
    put_bytes(block, notes[i].value, 8);
}

static void
test_makers(void)
{
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(notes); i++) {
        gsize k = i / 2;
        g_auto(Block) block = start(i % 2 == 0, notes[k].make, 0);
        if (g_str_has_prefix(notes[k].prefix, "FUJI"))
            block.little = TRUE; /* Fujifilm's is, in any TIFF */
        put_note(&block, k, 0);
        block.little = i % 2 == 0;
        finish(&block);
        gboolean unread = FALSE;
        guint32 found = reveals(&block, &unread);
        if (unread || found != (DEVICE | notes[k].more))
            g_test_message("case %u: %s", (guint)k, notes[k].make);
        g_assert_false(unread);
        g_assert_cmphex(found, ==, DEVICE | notes[k].more);
        cut_everywhere(&block);
    }
}

/* A program moved the note by 40 bytes, or wrote the TIFF in the other byte order. */
static void
test_moved(void)
{
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(notes); i++) {
        gsize k = i / 2;
        gboolean turned = i % 2 == 0;
        if (g_str_has_prefix(notes[k].prefix, "FUJI"))
            continue;
        g_auto(Block) block = start(TRUE, notes[k].make, 0);
        block.little = !turned;
        put_note(&block, k, turned ? 0 : 4000);
        block.little = TRUE;
        finish(&block);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, DEVICE | notes[k].more);
        g_assert_false(unread);
    }
}

/* Records: at fixed places, without directory, or in a value. */
static void
test_records(void)
{
    static const struct {
        const char *make, *prefix;
        guint prefix_n;
        guint at; /* where "1234" stands */
        guint32 more;
    } records[] = {
        {"EASTMAN KODAK COMPANY", "KDK INFO", 8, 0x18, TIME},
        {"EASTMAN KODAK COMPANY", "KDK0100 ", 8, 0x30, 0},
        {"Hewlett-Packard", "IIII\4\0", 6, 0x5C, SERIAL},
        {"Hewlett-Packard", "IIII\6\0", 6, 0x14, TIME},
        {"RECONYX", "RECONYXUF\0", 10, 0x4B, SERIAL},
        {"DJI", "[ae_dbg_info:1]", 15, 0x30, SERIAL},
        {"Google", "com.google.android.GoogleCamera", 31, 0x30, SOFTWARE},
        {"JVC", "VER:0100", 8, 0x30, 0},
        {"RICOH", "Rev0113", 7, 0x30, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        guint8 note[200] = {0};
        memcpy(note, records[i].prefix, records[i].prefix_n);
        memcpy(note + records[i].at, "1234", 4);
        g_auto(Block) block = start(i % 2 == 0, records[i].make, sizeof note);
        put_bytes(&block, note, sizeof note);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, DEVICE | records[i].more);
        g_assert_false(unread);
        cut_everywhere(&block);
    }
}

/* Minolta's settings lie in a value, in big endian whatever the note is; 0x20 there is a number
 * and no space. */
static void
test_inner_record(void)
{
    for (guint filled = 0; filled < 3; filled++) {
        static const guint at[] = {84, 108, 40};
        static const guint32 more[] = {TIME, SERIAL, 0};
        guint8 settings[112] = {0};
        settings[at[filled] + 3] = 0x20;
        g_auto(Block) block = start(TRUE, "Minolta Co., Ltd.", 0);
        put(&block, 1, 2);
        put_entry(&block, 0x0003, UNDEFINED, sizeof settings, NOTE_AT + 18, 4);
        put(&block, 0, 4);
        put_bytes(&block, settings, sizeof settings);
        finish(&block);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, DEVICE | more[filled]);
    }
}

/* Nintendo's record: when, and the console's number. */
static void
test_nintendo(void)
{
    for (guint filled = 0; filled < 3; filled++) {
        static const guint at[] = {8, 24, 40};
        static const guint32 more[] = {TIME, SERIAL, 0};
        guint8 info[48] = {0};
        info[at[filled]] = 0x7F;
        g_auto(Block) block = start(TRUE, "Nintendo", 0);
        put(&block, 1, 2);
        put_entry(&block, 0x1101, UNDEFINED, sizeof info, NOTE_AT + 18, 4);
        put(&block, 0, 4);
        put_bytes(&block, info, sizeof info);
        finish(&block);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, DEVICE | more[filled]);
        g_assert_false(unread);
    }
}

/* Olympus' serial numbers stand in a directory of their own, by pointer or within the value. */
static void
test_inner_directory(void)
{
    for (guint i = 0; i < 4; i++) {
        gboolean pointer = i / 2 == 0;
        g_auto(Block) block = start(i % 2 == 0, "OLYMPUS", 0);
        put_bytes(&block, "OLYMPUS\0II\3\0", 12);
        put(&block, 1, 2);
        put_entry(&block, 0x2010, pointer ? LONG : UNDEFINED, pointer ? 1 : 26, 30, 4);
        put(&block, 0, 4);
        put(&block, 1, 2);
        put_entry(&block, 0x0101, ASCII, 8, 48, 4);
        put(&block, 0, 4);
        put_bytes(&block, "C905000", 8);
        finish(&block);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, DEVICE | SERIAL);
        cut_everywhere(&block);
    }
}

/* Many pointers to one large directory, and one to the note itself. */
static void
test_circles(void)
{
    g_auto(Block) block = start(TRUE, "OLYMPUS", 0);
    put_bytes(&block, "OLYMPUS\0II\3\0", 12);
    put(&block, 1000, 2);
    for (guint i = 0; i < 1000; i++)
        put_entry(&block, i % 2 == 0 ? 0x2010 : 0x2020, LONG, 1, 12, 4);
    finish(&block);
    gboolean unread = FALSE;
    g_assert_cmphex(reveals(&block, &unread), ==, DEVICE);
    g_assert_false(unread);
}

static void
test_unread(void)
{
    static const struct {
        const char *make, *note;
        guint n;
        guint32 reveals;
    } cases[] = {
        {"Unheard-of", "any bytes at all", 16, DEVICE | SERIAL},
        {"Google", "HDRP\2\xEF\x64\x35\x6D\x5E", 10, DEVICE | SERIAL},
        {"Canon", "\xFF\xFF\1\0\3\0\0\0\0\0\0\0", 12, DEVICE | SERIAL},   /* 65 535 entries */
        {"Canon", "\1\0\1\0\x63\0\1\0\0\0\0\0\0\0", 14, DEVICE | SERIAL}, /* no such type */
        {"Canon", "\0\0\0\0\0\0\0\0 ", 9, 0},
        {"FUJIFILM", "FUJIFILM\xFF\xFF\xFF\xFF", 12, DEVICE | SERIAL},
        {"FUJIFILM", "FUJIFILM\x0C", 9, DEVICE | SERIAL},
        {"", "Apple iOS\0\0\1MM", 14, DEVICE | SERIAL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Block) block = start(TRUE, cases[i].make, cases[i].n);
        put_bytes(&block, cases[i].note, cases[i].n);
        gboolean unread = FALSE;
        g_assert_cmphex(reveals(&block, &unread), ==, cases[i].reveals);
        g_assert_true(unread == (cases[i].reveals != 0));
        cut_everywhere(&block);
    }
}

static void
test_values(void)
{
    g_auto(Block) block = start(FALSE, "Canon", 0);
    g_autoptr(GString) text = g_string_new(NULL);
    put(&block, 2, 2);
    put_entry(&block, 0x0009, ASCII, 8, NOTE_AT + 30, 4);
    put_entry(&block, 0x000C, LONG, 1, 660102539, 4);
    put(&block, 0, 4);
    put_bytes(&block, "someone", 8);
    finish(&block);
    g_autoptr(SpInventory) inventory = read_exif(block.bytes->data, block.bytes->len, text);
    g_assert_cmpstr(text->str, ==,
                    "4 Make=Canon\n16 OwnerName=someone\n8 SerialNumber=660102539\n");
    /* What the note says is the note's, not the EXIF's. */
    g_assert_cmphex(find_carrier(inventory, SP_CARRIER_EXIF)->reveals, ==, DEVICE);
    g_assert_cmphex(sp_inventory_reveals(inventory), ==, DEVICE | PERSON | SERIAL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/makernote/makers", test_makers);
    g_test_add_func("/makernote/moved", test_moved);
    g_test_add_func("/makernote/records", test_records);
    g_test_add_func("/makernote/inner-record", test_inner_record);
    g_test_add_func("/makernote/nintendo", test_nintendo);
    g_test_add_func("/makernote/inner-directory", test_inner_directory);
    g_test_add_func("/makernote/circles", test_circles);
    g_test_add_func("/makernote/unread", test_unread);
    g_test_add_func("/makernote/values", test_values);
    return g_test_run();
}
