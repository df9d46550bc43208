/* SPDX-License-Identifier: MIT */
/* test-png-walk.c -- what a walk of a PNG takes, refuses, tells and leaves in the slim view.
 *
 * Checksums are four letters: the walk keeps them as they stand. But for IEND's. */
#include "container/png.h"

#include <zlib.h>

#include "walk-files.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define CRC "crcs"
#define HEADER(depth, type, interlace)                                                         \
    "\0\0\0\15IHDR\0\0\0\30\0\0\0\20" depth type "\0\0" interlace CRC /* 24 x 16 */
#define IHDR HEADER("\10", "\2", "\0")
#define IHDR_GREY HEADER("\20", "\0", "\0")
#define IHDR_PALETTE HEADER("\2", "\3", "\1")
#define IHDR_ALPHA HEADER("\10", "\6", "\0")
#define PLTE "\0\0\0\6PLTErgbRGB" CRC
#define TRNS_1 "\0\0\0\1tRNSx" CRC
#define TRNS_2 "\0\0\0\2tRNSxy" CRC
#define TRNS_3 "\0\0\0\3tRNSxyz" CRC
#define TRNS_6 "\0\0\0\6tRNSuvwxyz" CRC
#define IDAT "\0\0\0\4IDATdata" CRC
#define IDAT_2 "\0\0\0\5IDATmores" CRC
#define IDAT_EMPTY "\0\0\0\0IDAT" CRC
#define FCTL "\0\0\0\32fcTL\0\0\0\0\0\0\0\30\0\0\0\20\0\0\0\0\0\0\0\0\0\1\0\12\0\0" CRC
#define ACTL "\0\0\0\10acTL\0\0\0\1\0\0\0\0" CRC
#define PHYS "\0\0\0\11pHYs12341234\1" CRC
#define IEND "\0\0\0\0IEND\xae\x42\x60\x82"
#define COMMENT "\0\0\0\3tEXta\0b" CRC
#define EXIF(orientation)                                                                      \
    "\0\0\0\x16"                                                                               \
    "eXIfMM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0" orientation "\0\0" CRC

#define HEAD SIGNATURE IHDR
#define CLEAN HEAD IDAT IDAT_2 IEND
#define SMALL HEAD IDAT IEND

static const WalkTaken taken[] = {
    {"clean", TEXT(CLEAN), TEXT(CLEAN), 0},
    {"empty data chunk", TEXT(HEAD IDAT_EMPTY IDAT IEND), TEXT(HEAD IDAT_EMPTY IDAT IEND), 0},
    {"text", TEXT(HEAD COMMENT IDAT COMMENT IEND), TEXT(SMALL), CARRIER(TEXT)},
    {"compressed text", TEXT(HEAD "\0\0\0\3zTXta\0b" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(TEXT)},
    {"international text", TEXT(HEAD "\0\0\0\0iTXt" CRC IDAT IEND), TEXT(SMALL), CARRIER(TEXT)},
    {"xmp", TEXT(HEAD "\0\0\0\24iTXtXML:com.adobe.xmp\0\0\0" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(TEXT)},
    {"a word like xmp", TEXT(HEAD "\0\0\0\24iTXtXML:com.adobe.xmpp\0\0" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(TEXT)},
    {"raw profile exif", TEXT(HEAD "\0\0\0\30zTXtRaw profile type exif\0\0z" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(TEXT)},
    {"raw profile iptc", TEXT(HEAD "\0\0\0\27zTXtRaw profile type iptc\0\0" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(TEXT)},
    {"exif", TEXT(HEAD EXIF("\6") IDAT IEND), TEXT(SMALL), CARRIER(EXIF)},
    {"time", TEXT(HEAD "\0\0\0\7tIME1234567" CRC IDAT IEND), TEXT(SMALL), CARRIER(TIME)},
    {"provenance", TEXT(HEAD "\0\0\0\2caBXcc" CRC IDAT IEND), TEXT(SMALL), CARRIER(PROVENANCE)},
    {"broken profile", TEXT(HEAD "\0\0\0\2iCCPcc" CRC IDAT IEND), TEXT(SMALL), CARRIER(ICC)},
    {"harmless",
     TEXT(HEAD "\0\0\0\4gAMA\0\0\xb1\x8f" CRC "\0\0\0\1sRGB\0" CRC "\0\0\0\3sBITrgb" CRC
               "\0\0\0\11pHYs12341234\1" CRC "\0\0\0\6bKGD123456" CRC IDAT IEND),
     TEXT(SMALL), 0},
    {"animation",
     TEXT(HEAD "\0\0\0\10acTL\0\0\0\2\0\0\0\0" CRC FCTL IDAT FCTL "\0\0\0\5fdAT1234x" CRC IEND),
     TEXT(SMALL), CARRIER(FRAME)},
    {"private and unknown, critical or not",
     TEXT(HEAD "\0\0\0\1prVwx" CRC "\0\0\0\1ABCDx" CRC IDAT "\0\0\0\1vpAgx" CRC IEND),
     TEXT(SMALL), CARRIER(UNKNOWN)},
    {"makers and programs",
     TEXT(HEAD "\0\0\0\1iDOTx" CRC "\0\0\0\1npTcx" CRC IDAT "\0\0\0\1mkBFx" CRC IEND),
     TEXT(SMALL), CARRIER(MAKER) | CARRIER(PROGRAM)},
    {"harmless, twice", TEXT(HEAD PHYS PHYS IDAT IEND), TEXT(SMALL), CARRIER(UNKNOWN)},
    {"harmless, of no known unit", TEXT(HEAD "\0\0\0\11pHYs12341234s" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(UNKNOWN)},
    {"harmless, too short", TEXT(HEAD "\0\0\0\3gAMAxyz" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(UNKNOWN)},
    {"a background of one colour more", TEXT(HEAD "\0\0\0\2bKGD12" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(UNKNOWN)},
    {"histogram without a palette", TEXT(HEAD "\0\0\0\4hISTwxyz" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(UNKNOWN)},
    {"histogram", TEXT(HEAD PLTE "\0\0\0\4hISTwxyz" CRC IDAT IEND), TEXT(SMALL), 0},
    {"histogram of more colours", TEXT(HEAD PLTE "\0\0\0\6hISTuvwxyz" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(UNKNOWN)},
    {"a frame of no animation", TEXT(HEAD FCTL IDAT IEND), TEXT(SMALL), CARRIER(UNKNOWN)},
    {"a frame too many", TEXT(HEAD ACTL FCTL IDAT FCTL IEND), TEXT(SMALL), CARRIER(UNKNOWN)},
    {"a frame that is text",
     TEXT(HEAD ACTL "\0\0\0\32fcTL1234123412341234123412wwww" CRC IDAT IEND), TEXT(SMALL),
     CARRIER(UNKNOWN)},
    {"harmless, with room for a secret", TEXT(HEAD "\0\0\0\12pHYs123412341s" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(UNKNOWN)},
    {"suggested palette, with its name", TEXT(HEAD "\0\0\0\11sPLTa\0\10rgbaff" CRC IDAT IEND),
     TEXT(SMALL), CARRIER(UNKNOWN)},
    {"data behind another chunk", TEXT(HEAD IDAT COMMENT IDAT_2 IEND), TEXT(SMALL),
     CARRIER(TEXT) | CARRIER(HIDDEN)},
    {"palette", TEXT(SIGNATURE IHDR_PALETTE PLTE TRNS_1 IDAT IEND),
     TEXT(SIGNATURE IHDR_PALETTE PLTE TRNS_1 IDAT IEND), 0},
    {"more transparency than palette", TEXT(SIGNATURE IHDR_PALETTE PLTE TRNS_3 IDAT IEND),
     TEXT(SIGNATURE IHDR_PALETTE PLTE IDAT IEND), CARRIER(UNKNOWN)},
    {"transparency before the palette", TEXT(SIGNATURE IHDR_PALETTE TRNS_1 PLTE IDAT IEND),
     TEXT(SIGNATURE IHDR_PALETTE PLTE IDAT IEND), CARRIER(UNKNOWN)},
    {"late palette", TEXT(SIGNATURE IHDR_PALETTE PLTE IDAT PLTE IEND),
     TEXT(SIGNATURE IHDR_PALETTE PLTE IDAT IEND), CARRIER(UNKNOWN)},
    {"palette of true colour", TEXT(HEAD PLTE IDAT IEND), TEXT(SMALL), 0},
    {"palettes of true colour", TEXT(HEAD PLTE PLTE IDAT IEND), TEXT(SMALL), CARRIER(UNKNOWN)},
    {"palette of grey", TEXT(SIGNATURE IHDR_GREY PLTE TRNS_2 IDAT IEND),
     TEXT(SIGNATURE IHDR_GREY TRNS_2 IDAT IEND), CARRIER(UNKNOWN)},
    {"transparent colour", TEXT(HEAD TRNS_6 TRNS_6 IDAT TRNS_6 IEND),
     TEXT(HEAD TRNS_6 IDAT IEND), CARRIER(UNKNOWN)},
    {"transparent colour of a wrong length", TEXT(HEAD TRNS_3 TRNS_6 IDAT IEND),
     TEXT(HEAD TRNS_6 IDAT IEND), CARRIER(UNKNOWN)},
    {"transparent colour beside alpha", TEXT(SIGNATURE IHDR_ALPHA TRNS_6 IDAT IEND),
     TEXT(SIGNATURE IHDR_ALPHA IDAT IEND), CARRIER(UNKNOWN)},
    {"end with a payload", TEXT(HEAD IDAT "\0\0\0\2IENDxx" CRC), TEXT(SMALL), CARRIER(UNKNOWN)},
    {"end with a wrong checksum", TEXT(HEAD IDAT "\0\0\0\0IENDsecr"), TEXT(SMALL), 0},
    {"trailing text", TEXT(SMALL "text"), TEXT(SMALL), CARRIER(TRAILER)},
    {"trailing data", TEXT(SMALL IDAT IEND), TEXT(SMALL), CARRIER(TRAILER)},
    {"trailing picture", TEXT(SMALL "\0\0" SMALL), TEXT(SMALL), CARRIER(TRAILER)},
    {"trailing gif", TEXT(SMALL "xGIF89a"), TEXT(SMALL), CARRIER(TRAILER)},
    {"trailing jpeg", TEXT(SMALL "\xff\xd8\xff\xe0\0\4zz\xff\xda"), TEXT(SMALL),
     CARRIER(TRAILER)},
    {"end missing", TEXT(HEAD IDAT), TEXT(SMALL), 0, TRUE},
    {"cut in the name of a chunk", TEXT(HEAD IDAT "\0\0\0\0IEN"), TEXT(SMALL), CARRIER(STRAY),
     TRUE},
    {"cut in the end", TEXT(HEAD IDAT "\0\0\0\0IEND\xae"), TEXT(SMALL), 0, TRUE},
    {"cut in late metadata", TEXT(HEAD IDAT "\0\0\x10\0eXIfMM"), TEXT(SMALL), CARRIER(EXIF),
     TRUE},
    {"cut in data that count no more", TEXT(HEAD IDAT COMMENT "\0\0\0\4IDATda"), TEXT(SMALL),
     CARRIER(TEXT) | CARRIER(HIDDEN), TRUE},
    {"zeros in place of the end", TEXT(HEAD IDAT "\0\0\0\0\0\0\0\0\0"), TEXT(SMALL),
     CARRIER(TRAILER)},
    {"rubbish in place of the end", TEXT(HEAD IDAT "\xff\0\0\4IDATdatacrcs"), TEXT(SMALL),
     CARRIER(TRAILER)},
};

static const WalkRefused refused[] = {
    {"nothing", TEXT(""), SP_ERROR_TRUNCATED, "0 bytes"},
    {"in the signature", TEXT("\x89PNG"), SP_ERROR_TRUNCATED, "4 bytes"},
    {"not a png", TEXT("GIF89a..."), SP_ERROR_CORRUPT, "begin", CARRIER(STRAY)},
    {"signature only", TEXT(SIGNATURE), SP_ERROR_TRUNCATED, "before any picture data"},
    {"cut before the data", TEXT(HEAD), SP_ERROR_TRUNCATED, "before any picture data"},
    {"cut in metadata", TEXT(HEAD "\0\0\x10\0eXIfMM"), SP_ERROR_TRUNCATED, "before any",
     CARRIER(EXIF)},
    {"cut in the first data", TEXT(HEAD "\0\0\0\4IDATda"), SP_ERROR_TRUNCATED, "byte 33"},
    {"cut in later data", TEXT(HEAD IDAT "\0\0\0\5IDATmorescrc"), SP_ERROR_TRUNCATED,
     "byte 49"},
    {"end without data", TEXT(HEAD IEND), SP_ERROR_CORRUPT, "before any picture data"},
    {"data first", TEXT(SIGNATURE IDAT), SP_ERROR_CORRUPT, "begin"},
    {"text first", TEXT(SIGNATURE COMMENT IHDR IDAT IEND), SP_ERROR_CORRUPT, "begin",
     CARRIER(TEXT)},
    {"apple's own", TEXT(SIGNATURE "\0\0\0\4CgBI1234" CRC IHDR IDAT IEND), SP_ERROR_UNSUPPORTED,
     "CgBI", CARRIER(UNKNOWN)},
    {"second header", TEXT(HEAD IHDR IDAT IEND), SP_ERROR_CORRUPT, "second header",
     CARRIER(UNKNOWN)},
    {"short header", TEXT(SIGNATURE "\0\0\0\14IHDR\0\0\0\30\0\0\0\20\10\2\0\0" CRC),
     SP_ERROR_CORRUPT, "12 bytes", 0},
    {"no width", TEXT(SIGNATURE "\0\0\0\15IHDR\0\0\0\0\0\0\0\20\10\2\0\0\0" CRC IDAT IEND),
     SP_ERROR_CORRUPT, "0 x 16"},
    {"too high", TEXT(SIGNATURE "\0\0\0\15IHDR\0\0\0\1\x80\0\0\0\10\2\0\0\0" CRC IDAT IEND),
     SP_ERROR_CORRUPT, "1 x 2147483648"},
    {"depth 3", TEXT(SIGNATURE HEADER("\3", "\0", "\0")), SP_ERROR_CORRUPT, "3 bits"},
    {"depth 0", TEXT(SIGNATURE HEADER("\0", "\0", "\0")), SP_ERROR_CORRUPT, "0 bits"},
    {"depth 255", TEXT(SIGNATURE HEADER("\xff", "\0", "\0")), SP_ERROR_CORRUPT, "255 bits"},
    {"palette of 16 bits", TEXT(SIGNATURE HEADER("\20", "\3", "\0")), SP_ERROR_CORRUPT,
     "colour type 3"},
    {"rgb of 4 bits", TEXT(SIGNATURE HEADER("\4", "\2", "\0")), SP_ERROR_CORRUPT,
     "colour type 2"},
    {"colour type 1", TEXT(SIGNATURE HEADER("\10", "\1", "\0")), SP_ERROR_CORRUPT,
     "colour type 1"},
    {"colour type 7", TEXT(SIGNATURE HEADER("\10", "\7", "\0")), SP_ERROR_CORRUPT,
     "colour type 7"},
    {"interlace 2", TEXT(SIGNATURE HEADER("\10", "\2", "\2")), SP_ERROR_CORRUPT, "interlace 2"},
    {"no palette", TEXT(SIGNATURE IHDR_PALETTE IDAT IEND), SP_ERROR_CORRUPT,
     "without a palette"},
    {"second palette", TEXT(SIGNATURE IHDR_PALETTE PLTE PLTE IDAT IEND), SP_ERROR_CORRUPT,
     "second palette", CARRIER(UNKNOWN)},
    {"palette of 7 bytes", TEXT(SIGNATURE IHDR_PALETTE "\0\0\0\7PLTE1234567" CRC IDAT IEND),
     SP_ERROR_CORRUPT, "malformed palette"},
    {"empty palette", TEXT(SIGNATURE IHDR_PALETTE "\0\0\0\0PLTE" CRC IDAT IEND),
     SP_ERROR_CORRUPT, "malformed palette"},
    {"a name of digits", TEXT(HEAD "\0\0\0\0a1bC" CRC IDAT IEND), SP_ERROR_CORRUPT, "no chunk",
     CARRIER(STRAY)},
    {"length of 2^31", TEXT(HEAD "\x80\0\0\0tEXt" CRC IDAT IEND), SP_ERROR_CORRUPT, "no chunk",
     CARRIER(STRAY)},
};

static void
test_taken(void)
{
    assert_taken(sp_png_walk, taken, G_N_ELEMENTS(taken));
}

static void
test_refused(void)
{
    assert_refused(sp_png_walk, refused, G_N_ELEMENTS(refused));
}

/* What the walk tells of the picture. */
static void
test_facts(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint bits, orientation, frames;
        gboolean alpha, streams;
    } cases[] = {
        {TEXT(SMALL), 8, 1, 1, FALSE, TRUE},
        {TEXT(SIGNATURE IHDR_GREY IDAT IEND), 16, 1, 1, FALSE, TRUE},
        {TEXT(SIGNATURE IHDR_GREY TRNS_2 IDAT IEND), 16, 1, 1, TRUE, TRUE},
        {TEXT(SIGNATURE IHDR_PALETTE PLTE IDAT IEND), 8, 1, 1, FALSE, FALSE},
        {TEXT(SIGNATURE IHDR_PALETTE PLTE TRNS_1 IDAT IEND), 8, 1, 1, TRUE, FALSE},
        {TEXT(SIGNATURE IHDR_ALPHA IDAT IEND), 8, 1, 1, TRUE, TRUE},
        {TEXT(SIGNATURE HEADER("\1", "\0", "\1") IDAT IEND), 1, 1, 1, FALSE, FALSE},
        {TEXT(HEAD EXIF("\6") EXIF("\3") IDAT IEND), 8, 6, 1, FALSE, TRUE},
        {TEXT(HEAD IDAT EXIF("\3") IEND), 8, 3, 1, FALSE, TRUE},
        {TEXT(HEAD "\0\0\0\0eXIf" CRC EXIF("\3") IDAT IEND), 8, 1, 1, FALSE, TRUE},
        {TEXT(HEAD "\0\0\0\10acTL\0\0\0\2\0\0\0\0" CRC IDAT IEND), 8, 1, 2, FALSE, TRUE},
        {TEXT(HEAD "\0\0\0\10acTL\xff\0\0\2\0\0\0\0" CRC IDAT IEND), 8, 1, 2, FALSE, TRUE},
        {TEXT(HEAD "\0\0\0\10acTL\0\0\0\0\0\0\0\0" CRC IDAT IEND), 8, 1, 1, FALSE, TRUE},
        {TEXT(HEAD IDAT "\0\0\0\10acTL\0\0\0\2\0\0\0\0" CRC IEND), 8, 1, 1, FALSE, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("case %" G_GSIZE_FORMAT, i);
        walk_copy(sp_png_walk, cases[i].bytes, cases[i].n, &copy, &walk, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(walk.width, ==, 24);
        g_assert_cmpuint(walk.height, ==, 16);
        g_assert_cmpuint(walk.crop.left + walk.crop.top, ==, 0);
        g_assert_cmpuint(walk.crop.width, ==, 24);
        g_assert_cmpuint(walk.crop.height, ==, 16);
        g_assert_cmpuint(walk.bits, ==, cases[i].bits);
        g_assert_cmpuint(walk.orientation, ==, cases[i].orientation);
        g_assert_cmpuint(walk.frames, ==, cases[i].frames);
        g_assert_cmpint(walk.alpha, ==, cases[i].alpha);
        g_assert_cmpint(walk.streams, ==, cases[i].streams);
        g_assert_false(walk.premultiplied);
    }
}

/* A clean file is handed on as it stands, without a copy; so is one with metadata, in a few
 * pieces. A refusal tells the size where it is known. */
static void
test_slices(void)
{
    static const char clean[] = CLEAN;
    static const char text[] = HEAD COMMENT IDAT IDAT_2 IDAT COMMENT IDAT COMMENT IEND;
    static const char cut[] = HEAD "\0\0\0\4IDATda";
    g_auto(SpWalk) walk = {0};
    g_auto(SpWalk) walk2 = {0};
    g_auto(SpWalk) walk3 = {0};

    g_assert_true(
        sp_png_walk((const guint8 *)clean, sizeof clean - 1, NULL, NULL, &walk, NULL));
    g_assert_cmpuint(walk.slim->len, ==, 1);
    g_assert_true(g_array_index(walk.slim, SpSlice, 0).bytes == (const guint8 *)clean);
    g_assert_true(sp_png_walk((const guint8 *)text, sizeof text - 1, NULL, NULL, &walk2, NULL));
    g_assert_cmpuint(walk2.slim->len, ==, 3);
    g_assert_false(sp_png_walk((const guint8 *)cut, sizeof cut - 1, NULL, NULL, &walk3, NULL));
    g_assert_cmpuint(walk3.width, ==, 24);
    g_assert_cmpuint(walk3.height, ==, 16);
}

/* ---- colour --------------------------------------------------------------------------------
 */

#define CICP "\0\0\0\4cICP\11\20\0\1" CRC
#define SRGB "\0\0\0\1sRGB\0" CRC
#define GAMA "\0\0\0\4gAMA\0\0\xb1\x8f" CRC
#define GAMA_0 "\0\0\0\4gAMA\0\0\0\0" CRC
#define CHRM(first)                                                                            \
    "\0\0\0\40cHRM" first "\0\x7a\x26\0\0\x80\x84\0\0\xfa\0\0\0\x80\xe8\0\0\x75\x30\0\0\xea"   \
    "\x60\0\0\x3a\x98\0\0\x17\x70" CRC

static void
walk_colour(const char *bytes, gsize n, SpWalk *ret_walk)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(sp_png_walk((const guint8 *)bytes, n, NULL, NULL, ret_walk, &error));
    g_assert_no_error(error);
}

static void
test_tags(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        gboolean cicp, srgb;
        guint32 gamma;
        gboolean has_chroma;
    } cases[] = {
        {TEXT(HEAD CICP IDAT IEND), TRUE, FALSE, 0, FALSE},
        {TEXT(HEAD "\0\0\0\4cICP\11\20\1\1" CRC CICP IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD "\0\0\0\3cICP\11\20\0" CRC IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD SRGB IDAT IEND), FALSE, TRUE, 0, FALSE},
        {TEXT(HEAD "\0\0\0\1sRGB\4" CRC IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD GAMA GAMA_0 IDAT IEND), FALSE, FALSE, 45455, FALSE},
        {TEXT(HEAD GAMA_0 GAMA IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD CHRM("\0") GAMA IDAT IEND), FALSE, FALSE, 45455, TRUE},
        {TEXT(HEAD CHRM("\x80") IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD PLTE SRGB CICP GAMA IDAT IEND), FALSE, FALSE, 0, FALSE},
        {TEXT(HEAD IDAT SRGB CICP GAMA CHRM("\0") IEND), FALSE, FALSE, 0, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(SpWalk) walk = {0};
        g_test_message("case %" G_GSIZE_FORMAT, i);
        walk_colour(cases[i].bytes, cases[i].n, &walk);
        g_assert_cmpint(walk.colour.cicp.present, ==, cases[i].cicp);
        g_assert_cmpint(walk.colour.srgb, ==, cases[i].srgb);
        g_assert_cmpuint(walk.colour.gamma, ==, cases[i].gamma);
        g_assert_cmpint(walk.colour.has_chroma, ==, cases[i].has_chroma);
        if (cases[i].has_chroma) {
            g_assert_cmpuint(walk.colour.chroma[0], ==, 31270);
            g_assert_cmpuint(walk.colour.chroma[7], ==, 6000);
        }
        if (cases[i].cicp) {
            g_assert_cmpuint(walk.colour.cicp.primaries, ==, 9);
            g_assert_cmpuint(walk.colour.cicp.transfer, ==, 16);
            g_assert_cmpuint(walk.colour.cicp.matrix, ==, 0);
            g_assert_true(walk.colour.cicp.full_range);
        }
    }
}

/* An iCCP chunk of a profile of zeros that says it has `said` bytes and has `has`; n_cut bytes
 * of the stream are missing. */
static void
append_profile(GByteArray *file, guint32 said, gsize has, gsize n_cut)
{
    g_autofree guint8 *profile = g_malloc0(has);
    uLongf n = compressBound(has);
    g_autofree guint8 *packed = g_malloc(n);

    for (guint i = 0; i < 4; i++)
        profile[i] = (guint8)(said >> (24 - 8 * i));
    g_assert_cmpint(compress(packed, &n, profile, has), ==, Z_OK);
    n -= n_cut;
    gsize length = 3 + n;
    guint8 head[] = {(guint8)(length >> 24),
                     (guint8)(length >> 16),
                     (guint8)(length >> 8),
                     (guint8)length,
                     'i',
                     'C',
                     'C',
                     'P',
                     'n',
                     0,
                     0};
    g_byte_array_append(file, head, sizeof head);
    g_byte_array_append(file, packed, (guint)n);
    g_byte_array_append(file, (const guint8 *)CRC, 4);
}

static void
test_profile(void)
{
    static const struct {
        guint32 said;
        gsize has, n_cut, size; /* size 0: none */
    } cases[] = {
        {132, 132, 0, 132},
        {3000, 3000, 0, 3000},
        {3000, 5000, 0, 3000}, /* the rest is not the profile's */
        {3000, 3000, 12, 0},
        {3000, 2999, 0, 0},
        {3000, 100, 0, 0},
        {131, 3000, 0, 0},
        {SP_PNG_PROFILE, SP_PNG_PROFILE, 0, SP_PNG_PROFILE},
        {SP_PNG_PROFILE + 1, SP_PNG_PROFILE + 1, 0, 0},
        {0xFFFFFFFF, 5000, 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_auto(SpWalk) walk = {0};
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_byte_array_append(file, (const guint8 *)TEXT(HEAD));
        append_profile(file, cases[i].said, cases[i].has, cases[i].n_cut);
        append_profile(file, 140, 140, 0); /* never counts */
        g_byte_array_append(file, (const guint8 *)TEXT(IDAT IEND));
        guint64 carriers = 0;
        g_autofree guint8 *copy = NULL;
        g_assert_true(walk_told(sp_png_walk, (const char *)file->data, file->len, &copy,
                                &carriers, &walk, NULL));
        g_assert_cmphex(carriers, ==, CARRIER(ICC));
        gsize size = walk.colour.icc ? g_bytes_get_size(walk.colour.icc) : 0;
        g_assert_cmpuint(size, ==, cases[i].size);
    }
}

/* Profiles that are no zlib stream, or have no name, are none. */
static void
test_profile_head(void)
{
    static const struct {
        const char *bytes;
        gsize n;
    } cases[] = {
        {TEXT(HEAD "\0\0\0\0iCCP" CRC IDAT IEND)},
        {TEXT(HEAD "\0\0\0\2iCCPa\0" CRC IDAT IEND)},
        {TEXT(HEAD "\0\0\0\3iCCPa\0\0" CRC IDAT IEND)},
        {TEXT(HEAD "\0\0\0\3iCCP\0\0\0" CRC IDAT IEND)},
        {TEXT(HEAD "\0\0\0\5iCCPa\0\0xx" CRC IDAT IEND)},
        {TEXT(HEAD "\0\0\0\5iCCPabcde" CRC IDAT IEND)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        walk_copy(sp_png_walk, cases[i].bytes, cases[i].n, &copy, &walk, &error);
        g_assert_no_error(error);
        g_assert_null(walk.colour.icc);
    }
}

/* What is told of a file, in order; content is the payload, of EXIF from "MM" on. */
static void
test_parts(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        gboolean ok;
        const char *parts;
    } cases[] = {
        {TEXT(HEAD COMMENT IDAT IDAT_2 IEND "tail"), TRUE,
         "text:74455874:15:a<00>b trailer:0:4:tail "},
        {TEXT(HEAD "\0\0\0\10eXIfExif\0\0MM" CRC IDAT "\0\0\0\2IENDhi" CRC), TRUE,
         "exif:65584966:20:MM unknown:49454E44:14:hi "},
        {TEXT(HEAD "\0\0\0\3iCCPn\0\0" CRC IDAT "\0\0\0\5fdAT1234x" CRC IEND), TRUE,
         "icc:69434350:15:n<00><00> frame:66644154:17:1234x "},
        {TEXT(HEAD IDAT COMMENT IDAT "\0\0\0\4IDATda"), TRUE,
         "text:74455874:15:a<00>b hidden:49444154:16:data hidden:49444154:10:da "},
        {TEXT(HEAD IDAT "\0\0\1\0tEXtab"), TRUE, "text:74455874:10:ab "},
        {TEXT(HEAD IDAT "\0\0\0\1tEX"), TRUE, "stray:0:7:<00><00><00><01>tEX "},
        {TEXT(HEAD IDAT "\xffno chunk"), TRUE, "trailer:0:9:<ff>no<20>chunk "},
        /* refused, and told to the end */
        {TEXT(HEAD IHDR COMMENT IDAT IEND "tail"), FALSE,
         "unknown:49484452:25:<00><00><00><18><00><00><00><10><08><02><00><00><00> "
         "text:74455874:15:a<00>b trailer:0:4:tail "},
        {TEXT(SIGNATURE "\0\0\0\4CgBI1234" CRC IHDR IDAT COMMENT IEND), FALSE,
         "unknown:43674249:16:1234 text:74455874:15:a<00>b "},
        {TEXT(HEAD COMMENT IEND "tail"), FALSE, "text:74455874:15:a<00>b trailer:0:4:tail "},
        {TEXT(HEAD "\0\0\1\0tEXtab"), FALSE, "text:74455874:10:ab "},
        /* refused, and nobody knows what the rest is */
        {TEXT(HEAD COMMENT "\xffno chunk"), FALSE,
         "text:74455874:15:a<00>b stray:0:9:<ff>no<20>chunk "},
        {TEXT("no png at all"), FALSE, "stray:0:13:no<20>png<20>at<20>all "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_parts(sp_png_walk, cases[i].bytes, cases[i].n, cases[i].ok, cases[i].parts);
}

static void
test_limit(void)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_auto(SpWalk) walk = {0};
    g_autoptr(GError) error = NULL;

    g_byte_array_append(file, (const guint8 *)TEXT(HEAD));
    for (guint i = 0; i < 1u << 20; i++)
        g_byte_array_append(file, (const guint8 *)TEXT(IDAT_EMPTY));
    g_byte_array_append(file, (const guint8 *)TEXT(IDAT IEND));
    g_assert_false(sp_png_walk(file->data, file->len, NULL, NULL, &walk, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_WORK);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/png-walk/taken", test_taken);
    g_test_add_func("/png-walk/refused", test_refused);
    g_test_add_func("/png-walk/facts", test_facts);
    g_test_add_func("/png-walk/slices", test_slices);
    g_test_add_func("/png-walk/tags", test_tags);
    g_test_add_func("/png-walk/profile", test_profile);
    g_test_add_func("/png-walk/profile-head", test_profile_head);
    g_test_add_func("/png-walk/parts", test_parts);
    g_test_add_func("/png-walk/limit", test_limit);
    return g_test_run();
}
