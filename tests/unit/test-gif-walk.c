/* SPDX-License-Identifier: MIT */
/* test-gif-walk.c -- what a walk of a GIF takes, refuses, tells and leaves in the slim view. */
#include "container/gif.h"

#include "walk-files.h"

#define SCREEN(width, height, flags) "GIF89a" width "\0" height "\0" flags "\0\0"
#define TABLE "rgbRGBxyzXYZ" /* four colours */
#define HEAD SCREEN("\4", "\2", "\xf1") TABLE
#define HEAD_BARE SCREEN("\4", "\2", "\x70")
#define IMAGE(left, top, width, height, flags)                                                 \
    "," left "\0" top "\0" width "\0" height "\0" flags
#define WHOLE IMAGE("\0", "\0", "\4", "\2", "\0")
#define LOCAL IMAGE("\0", "\0", "\4", "\2", "\x81") "lllmmmnnnooo"
#define CODES "\x44\x34\x86\5"          /* 8 pixels: 0 1 2 3 0 1 2 3 */
#define DATA "\2\4" CODES "\0"          /* in one block */
#define DATA_2 "\2\1\x44\3\x34\x86\5\0" /* in two */
#define DATA_4 "\2\3\x44\2\5\0"         /* 4 pixels: 0 1 1 0 */
#define DATA_7 "\2\4\x44\x34\x26\5\0"   /* one pixel less */
#define CONTROL(flags, index) "!\xf9\4" flags "\0\0" index "\0"
#define CONTROL_TIMED(flags, index) "!\xf9\4" flags "\x0a\0" index "\0"
#define COMMENT "!\xfe\5hello\0"
#define LOOP                                                                                   \
    "!\xff\x0b"                                                                                \
    "NETSCAPE2.0\3\1\0\0\0"
#define APPLICATION(name) "!\xff\x0b" name "\2ab\0"

#define CLEAN HEAD WHOLE DATA ";"
#define OPEN HEAD WHOLE DATA

static const WalkTaken taken[] = {
    {"clean", TEXT(CLEAN), TEXT(CLEAN), 0},
    {"old", TEXT("GIF87a\4\0\2\0\xf1\0\0" TABLE WHOLE DATA ";"), TEXT(CLEAN), 0},
    {"screen with secrets", TEXT("GIF89a\4\0\2\0\x89\3\x31" TABLE WHOLE DATA ";"), TEXT(CLEAN),
     0},
    {"two blocks of data", TEXT(HEAD WHOLE DATA_2 ";"), TEXT(HEAD WHOLE DATA_2 ";"), 0},
    {"no colours", TEXT(HEAD_BARE WHOLE DATA ";"), TEXT(HEAD_BARE WHOLE DATA ";"), 0},
    {"colours of its own", TEXT(HEAD_BARE LOCAL DATA ";"), TEXT(HEAD_BARE LOCAL DATA ";"), 0},
    {"colours twice", TEXT(HEAD LOCAL DATA ";"), TEXT(HEAD_BARE LOCAL DATA ";"), 0},
    {"interlaced and sorted", TEXT(HEAD IMAGE("\0", "\0", "\4", "\2", "\x78") DATA ";"),
     TEXT(HEAD IMAGE("\0", "\0", "\4", "\2", "\x40") DATA ";"), 0},
    {"transparent", TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"),
     TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"), 0},
    {"transparent and timed", TEXT(HEAD CONTROL_TIMED("\x0b", "\3") WHOLE DATA ";"),
     TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"), 0},
    {"timed", TEXT(HEAD CONTROL_TIMED("\4", "\3") WHOLE DATA ";"), TEXT(CLEAN), 0},
    {"transparent colour that no pixel has", TEXT(HEAD CONTROL("\1", "\7") WHOLE DATA ";"),
     TEXT(CLEAN), 0},
    {"two controls", TEXT(HEAD CONTROL("\1", "\3") CONTROL("\1", "\2") WHOLE DATA ";"),
     TEXT(HEAD CONTROL("\1", "\2") WHOLE DATA ";"), CARRIER(UNKNOWN)},
    {"second control without transparency",
     TEXT(HEAD CONTROL("\1", "\3") CONTROL("\0", "\2") WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(UNKNOWN)},
    {"a loop twice", TEXT(HEAD LOOP LOOP WHOLE DATA ";"), TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"a loop of four bytes", TEXT(HEAD "!\xff\x0bNETSCAPE2.0\4text\0" WHOLE DATA ";"),
     TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"control with more in it", TEXT(HEAD "!\xf9\4\1\0\0\3\2ab\0" WHOLE DATA ";"),
     TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"), CARRIER(UNKNOWN)},
    {"empty control", TEXT(HEAD "!\xf9\0" WHOLE DATA ";"), TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"comments", TEXT(HEAD COMMENT WHOLE DATA COMMENT ";"), TEXT(CLEAN), CARRIER(COMMENT)},
    {"plain text",
     TEXT(HEAD "!\1\x0c"
               "123412341234\2hi\0" WHOLE DATA ";"),
     TEXT(CLEAN), CARRIER(COMMENT)},
    {"loop", TEXT(HEAD LOOP WHOLE DATA ";"), TEXT(CLEAN), 0},
    {"loop with a secret",
     TEXT(HEAD "!\xff\x0b"
               "NETSCAPE2.0\6secret\5fives\0" WHOLE DATA ";"),
     TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"xmp", TEXT(HEAD APPLICATION("XMP DataXMP") WHOLE DATA ";"), TEXT(CLEAN), CARRIER(XMP)},
    {"profile", TEXT(HEAD APPLICATION("ICCRGBG1012") WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(ICC)},
    {"iptc", TEXT(HEAD APPLICATION("MGKIPTC0000") WHOLE DATA ";"), TEXT(CLEAN), CARRIER(IPTC)},
    {"provenance", TEXT(HEAD APPLICATION("C2PA_GIF\1\0\0") WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(PROVENANCE)},
    {"unknown application", TEXT(HEAD APPLICATION("SECRETS 1.0") WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(UNKNOWN)},
    {"unknown extension", TEXT(HEAD "!\x42\2ab\0" WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(UNKNOWN)},
    {"further frames", TEXT(OPEN CONTROL("\1", "\1") WHOLE DATA LOCAL DATA ";"), TEXT(CLEAN),
     CARRIER(FRAME)},
    {"part of the screen", TEXT(HEAD IMAGE("\2", "\0", "\2", "\2", "\0") DATA_4 ";"),
     TEXT(HEAD CONTROL("\1", "\xff") IMAGE("\2", "\0", "\2", "\2", "\0") DATA_4 ";"), 0},
    {"part of the screen, transparent",
     TEXT(HEAD CONTROL("\1", "\1") IMAGE("\2", "\0", "\2", "\2", "\0") DATA_4 ";"),
     TEXT(HEAD CONTROL("\1", "\1") IMAGE("\2", "\0", "\2", "\2", "\0") DATA_4 ";"), 0},
    {"no screen",
     TEXT(SCREEN("\0", "\2", "\xf1") TABLE IMAGE("\5", "\7", "\4", "\2", "\0") DATA ";"),
     TEXT(CLEAN), 0},
    {"more than the screen", TEXT(SCREEN("\2", "\1", "\xf1") TABLE WHOLE DATA ";"), TEXT(CLEAN),
     CARRIER(HIDDEN)},
    {"over the edge of the screen", TEXT(HEAD IMAGE("\3", "\1", "\2", "\2", "\0") DATA_4 ";"),
     TEXT(SCREEN("\5", "\3", "\xf1") TABLE CONTROL("\1", "\xff")
              IMAGE("\3", "\1", "\2", "\2", "\0") DATA_4 ";"),
     CARRIER(HIDDEN)},
    {"trailing text", TEXT(CLEAN "text"), TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailing picture", TEXT(CLEAN CLEAN), TEXT(CLEAN), CARRIER(TRAILER)},
    {"no block behind the picture", TEXT(OPEN "\0\0;"), TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailer missing", TEXT(OPEN), TEXT(CLEAN), 0, TRUE},
    {"terminator missing", TEXT(HEAD WHOLE "\2\4" CODES), TEXT(CLEAN), 0, TRUE},
    {"cut in a late comment", TEXT(OPEN "!\xfe\5he"), TEXT(CLEAN), CARRIER(COMMENT), TRUE},
    {"cut in a further frame", TEXT(OPEN WHOLE "\2\4\x44"), TEXT(CLEAN), CARRIER(FRAME), TRUE},
    {"cut in a further descriptor", TEXT(OPEN ",\0"), TEXT(CLEAN), CARRIER(FRAME), TRUE},
    {"more data than pixels", TEXT(HEAD IMAGE("\0", "\0", "\3", "\2", "\0") DATA ";"),
     TEXT(HEAD CONTROL("\1", "\xff") IMAGE("\0", "\0", "\3", "\2", "\0") DATA ";"), 0},
    {"slack in the last block", TEXT(HEAD WHOLE "\2\7" CODES "hid\0;"), TEXT(CLEAN),
     CARRIER(STRAY)},
    {"slack in blocks of its own", TEXT(HEAD WHOLE "\2\4" CODES "\3hid\2en\0;"), TEXT(CLEAN),
     CARRIER(STRAY)},
    {"slack in both", TEXT(HEAD WHOLE "\2\1\x44\5\x34\x86\5hi\2en\0;"),
     TEXT(HEAD WHOLE "\2\1\x44\3\x34\x86\5\0;"), CARRIER(STRAY)},
    {"slack of zeros", TEXT(HEAD WHOLE "\2\6" CODES "\0\0\1\0\0;"),
     TEXT(HEAD WHOLE "\2\6" CODES "\0\0\1\0\0;"), 0},
    {"slack that the file cuts", TEXT(HEAD WHOLE "\2\4" CODES "\3hid"), TEXT(CLEAN),
     CARRIER(STRAY), TRUE},
};

static const WalkRefused refused[] = {
    {"nothing", TEXT(""), SP_ERROR_TRUNCATED, "0 bytes"},
    {"not a gif", TEXT("GIF99a\4\0\2\0\0\0\0;"), SP_ERROR_CORRUPT, "begin", CARRIER(STRAY)},
    {"head only", TEXT(HEAD), SP_ERROR_TRUNCATED, "before any"},
    {"cut in the table", TEXT(SCREEN("\4", "\2", "\xf1") "rgb"), SP_ERROR_TRUNCATED,
     "before any"},
    {"no frame", TEXT(HEAD ";"), SP_ERROR_CORRUPT, "without a picture"},
    {"no block", TEXT(HEAD "\0" WHOLE DATA ";"), SP_ERROR_CORRUPT, "no block at byte 25",
     CARRIER(STRAY)},
    {"cut in a comment", TEXT(HEAD "!\xfe\5he"), SP_ERROR_TRUNCATED, "before any",
     CARRIER(COMMENT)},
    {"cut in the descriptor", TEXT(HEAD ",\0\0"), SP_ERROR_TRUNCATED, "before any"},
    {"cut before the data", TEXT(HEAD WHOLE), SP_ERROR_TRUNCATED, "byte 25"},
    {"cut in a local table", TEXT(HEAD IMAGE("\0", "\0", "\4", "\2", "\x81") "lll"),
     SP_ERROR_TRUNCATED, "byte 25"},
    {"cut before the codes", TEXT(HEAD WHOLE "\2"), SP_ERROR_TRUNCATED, "too early"},
    {"cut in the codes", TEXT(HEAD WHOLE "\2\4\x44\x34"), SP_ERROR_TRUNCATED,
     "run past the end"},
    {"cut between blocks", TEXT(HEAD WHOLE "\2\1\x44"), SP_ERROR_TRUNCATED, "too early"},
    {"a pixel is missing", TEXT(HEAD WHOLE DATA_7 ";"), SP_ERROR_CORRUPT, "too early"},
    {"all pixels are missing", TEXT(HEAD WHOLE "\2\0;"), SP_ERROR_CORRUPT, "too early"},
    {"code that means nothing", TEXT(HEAD WHOLE "\2\2\xfc\xff\0;"), SP_ERROR_CORRUPT,
     "bad code"},
    {"codes of 13 bits", TEXT(HEAD WHOLE "\x0c\4" CODES "\0;"), SP_ERROR_CORRUPT, "bad code"},
    {"frame without pixels", TEXT(HEAD IMAGE("\0", "\0", "\0", "\2", "\0") DATA ";"),
     SP_ERROR_CORRUPT, "0 x 2"},
    {"frame outside the screen", TEXT(HEAD IMAGE("\4", "\0", "\2", "\2", "\0") DATA_4 ";"),
     SP_ERROR_CORRUPT, "at 4, 0", CARRIER(HIDDEN)},
    {"frame that reaches too far",
     TEXT("GIF89a\xff\xff\2\0\x70\0\0,\1\0\0\0\xff\xff\1\0\0" DATA ";"), SP_ERROR_CORRUPT,
     "reaches to 65536", CARRIER(HIDDEN)},
};

static void
test_taken(void)
{
    assert_taken(sp_gif_walk, taken, G_N_ELEMENTS(taken));
}

static void
test_refused(void)
{
    assert_refused(sp_gif_walk, refused, G_N_ELEMENTS(refused));
}

/* What the walk tells of the picture. */
static void
test_facts(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint width, height, crop_width, crop_height;
        gboolean alpha;
        guint frames;
    } cases[] = {
        {TEXT(CLEAN), 4, 2, 4, 2, FALSE, 1},
        {TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"), 4, 2, 4, 2, TRUE, 1},
        {TEXT(HEAD CONTROL("\1", "\7") WHOLE DATA ";"), 4, 2, 4, 2, FALSE, 1},
        {TEXT(HEAD IMAGE("\2", "\0", "\2", "\2", "\0") DATA_4 ";"), 4, 2, 4, 2, TRUE, 1},
        {TEXT(SCREEN("\0", "\0", "\xf1") TABLE WHOLE DATA ";"), 4, 2, 4, 2, FALSE, 1},
        {TEXT(SCREEN("\2", "\1", "\xf1") TABLE WHOLE DATA ";"), 4, 2, 2, 1, FALSE, 1},
        {TEXT(HEAD IMAGE("\3", "\1", "\2", "\2", "\0") DATA_4 ";"), 5, 3, 4, 2, TRUE, 1},
        {TEXT(OPEN WHOLE DATA IMAGE("\x50", "\x50", "\4", "\2", "\0") DATA ";"), 4, 2, 4, 2,
         FALSE, 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("case %" G_GSIZE_FORMAT, i);
        walk_copy(sp_gif_walk, cases[i].bytes, cases[i].n, &copy, &walk, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(walk.width, ==, cases[i].width);
        g_assert_cmpuint(walk.height, ==, cases[i].height);
        g_assert_cmpuint(walk.crop.left + walk.crop.top, ==, 0);
        g_assert_cmpuint(walk.crop.width, ==, cases[i].crop_width);
        g_assert_cmpuint(walk.crop.height, ==, cases[i].crop_height);
        g_assert_cmpint(walk.alpha, ==, cases[i].alpha);
        g_assert_cmpuint(walk.frames, ==, cases[i].frames);
        g_assert_cmpuint(walk.bits, ==, 8);
        g_assert_cmpuint(walk.orientation, ==, 1);
        g_assert_false(walk.streams);
    }
}

/* Plain files are handed on as they stand, without a copy. A refusal tells the size where it is
 * known. */
static void
test_slices(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint n_slices;
    } cases[] = {
        {TEXT(CLEAN), 1},
        {TEXT(HEAD CONTROL("\1", "\3") WHOLE DATA ";"), 1},
        {TEXT(HEAD_BARE LOCAL DATA ";"), 1},
        {TEXT(HEAD COMMENT WHOLE DATA ";"), 2},
        {TEXT(OPEN COMMENT ";"), 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(SpWalk) walk = {0};
        g_assert_true(
            sp_gif_walk((const guint8 *)cases[i].bytes, cases[i].n, NULL, NULL, &walk, NULL));
        g_assert_cmpuint(walk.slim->len, ==, cases[i].n_slices);
        g_assert_null(walk.made);
    }
    static const char cut[] = HEAD WHOLE "\2\4\x44";
    g_auto(SpWalk) walk = {0};
    g_assert_false(sp_gif_walk((const guint8 *)cut, sizeof cut - 1, NULL, NULL, &walk, NULL));
    g_assert_cmpuint(walk.width, ==, 4);
    g_assert_cmpuint(walk.height, ==, 2);
}

#define FRAME_PART "frame:2C:17:<00><00><00><00><04><00><02><00><00><02><04>D4<86><05><00> "

/* What is told of a file, in order; content is what stands in the sub-blocks, of frames all
 * behind the separator. */
static void
test_parts(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        gboolean ok;
        const char *parts;
    } cases[] = {
        {TEXT(HEAD COMMENT CONTROL("\1", "\3") WHOLE DATA WHOLE DATA ";tail"), TRUE,
         "comment:FE:9:hello " FRAME_PART "trailer:0:4:tail "},
        {TEXT(HEAD "!\xfe\2he\3llo\0!\xfe\0" WHOLE DATA ";"), TRUE,
         "comment:FE:10:he<03>llo comment:FE:3: "},
        {TEXT(HEAD "!\1\x0c"
                   "123412341234\2hi\0!\1\2hi\0" WHOLE DATA ";"),
         TRUE, "comment:1:19:hi comment:1:6:hi "},
        {TEXT(HEAD APPLICATION("ICCRGBG1012") APPLICATION("XMP DataXMP") WHOLE DATA ";"), TRUE,
         "icc:FF:18:ab xmp:FF:18:ab "},
        {TEXT(HEAD APPLICATION("SECRETS 1.0") "!\x42\1x\0" WHOLE DATA ";"), TRUE,
         "unknown:FF:18:<0b>SECRETS<20>1.0<02>ab unknown:42:5:<01>x "},
        {TEXT(HEAD WHOLE "\2\1\x44\5\x34\x86\5hi\2en\0" COMMENT ";"), TRUE,
         "stray:0:5:hi<02>en comment:FE:9:hello "},
        {TEXT(OPEN "!\xfe\5he"), TRUE, "comment:FE:5:he "},
        {TEXT(OPEN "!\xfe"), TRUE, "comment:FE:2: "},
        {TEXT(OPEN "!"), TRUE, "unknown:0:1: "},
        {TEXT(OPEN ",abc"), TRUE, "frame:2C:4:abc "},
        {TEXT(OPEN "rest"), TRUE, "trailer:0:4:rest "},
        /* refused, and told to the end */
        {TEXT(HEAD WHOLE DATA_7 COMMENT WHOLE DATA ";tail"), FALSE,
         "comment:FE:9:hello " FRAME_PART "trailer:0:4:tail "},
        {TEXT(HEAD COMMENT ";tail"), FALSE, "comment:FE:9:hello trailer:0:4:tail "},
        {TEXT(HEAD "!\xfe\5he"), FALSE, "comment:FE:5:he "},
        {TEXT(HEAD IMAGE("\4", "\0", "\2", "\2", "\0") DATA_4 COMMENT), FALSE,
         "hidden:2C:16:<04><00><00><00><02><00><02><00><00><02><03>D<02><05><00> "
         "comment:FE:9:hello "},
        /* refused, and nobody knows what the rest is */
        {TEXT(HEAD COMMENT "rest"), FALSE, "comment:FE:9:hello stray:0:4:rest "},
        {TEXT("no gif"), FALSE, "stray:0:6:no<20>gif "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_parts(sp_gif_walk, cases[i].bytes, cases[i].n, cases[i].ok, cases[i].parts);
}

/* A packet of XMP stands there without sub-blocks, before a trailer that leads to its end. */
static void
test_packet(void)
{
    static const char packet[] = "<x:xmpmeta>\xc3\xa4</x:xmpmeta>";
    g_autoptr(GByteArray) file = g_byte_array_new();

    g_byte_array_append(file, (const guint8 *)TEXT(HEAD "!\xff\x0b"
                                                        "XMP DataXMP"));
    g_byte_array_append(file, (const guint8 *)TEXT(packet));
    g_byte_array_append(file, (const guint8 *)"\1", 1);
    for (guint i = 256; i-- > 0;)
        g_byte_array_append(file, &(guint8){(guint8)i}, 1);
    g_byte_array_append(file, (const guint8 *)TEXT("\0" WHOLE DATA ";"));
    assert_parts(sp_gif_walk, (const char *)file->data, file->len, TRUE,
                 "xmp:FF:297:<x:xmpmeta><c3><a4></x:xmpmeta> ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gif-walk/taken", test_taken);
    g_test_add_func("/gif-walk/refused", test_refused);
    g_test_add_func("/gif-walk/facts", test_facts);
    g_test_add_func("/gif-walk/slices", test_slices);
    g_test_add_func("/gif-walk/parts", test_parts);
    g_test_add_func("/gif-walk/packet", test_packet);
    return g_test_run();
}
