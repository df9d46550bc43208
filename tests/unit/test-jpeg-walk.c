/* SPDX-License-Identifier: MIT */
/* test-jpeg-walk.c -- what a walk takes, refuses, tells and leaves in the slim view.
 *
 * Files are put together from literals, one marker each; no pixel is ever decoded. One table
 * has what is taken, with the slim view to the byte, one what is refused. Each file of both is
 * also walked cut after every byte, in a block of exactly its size; whatever is told, is told
 * once (data/told.h), and of a slim view nothing but the picture. That slim views decode to the
 * same pixels is tested with the renderer. */
#include "container/jpeg.h"

#include <string.h>

#include "data/told.h"
#include "storyphoto.h"

#define SOI "\xff\xd8"
#define EOI "\xff\xd9"
#define Q16 "qqqqqqqqqqqqqqqq"
#define DQT_OF(place) "\xff\xdb\0\103" place Q16 Q16 Q16 Q16
#define DQT DQT_OF("\0")
#define DHT_OF(place, symbol) "\xff\xc4\0\24" place "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" symbol
#define DHT DHT_OF("\0", "\5")
#define DRI "\xff\xdd\0\4\0\5"
#define SOF "\xff\xc0\0\13\10\0\20\0\30\1\1\x11\0"  /* 24 x 16, one component */
#define SOF2 "\xff\xc2\0\13\10\0\20\0\30\1\1\x11\0" /* the same, progressive */
#define SOF_3 "\xff\xc0\0\21\10\0\20\0\30\3\1\x22\0\2\x11\1\3\x11\1"
#define SOF_4 "\xff\xc0\0\24\10\0\20\0\30\4\1\x11\0\2\x11\0\3\x11\0\4\x11\0"
#define SOS "\xff\xda\0\10\1\1\0\0\77\0"
#define SOS_3 "\xff\xda\0\14\3\1\0\2\0\3\0\0\77\0"
#define SOS_4 "\xff\xda\0\16\4\1\0\2\0\3\0\4\0\0\77\0"
#define DATA                                                                                   \
    "ab\xff\0c\xff\xd0\xff\xd7"                                                                \
    "d\xff\xff\0e" /* stuffed zeros and restart markers are data */
#define COM "\xff\xfe\0\5xyz"
#define APP(n, length, text) "\xff" n "\0" length text
#define JFIF_BARE "\xff\xe0\0\20JFIF\0\1\1\0\0\1\0\1\0\0"
#define JFIF_DPI "\xff\xe0\0\20JFIF\0\1\2\1\0\110\0\110\0\0"
#define ADOBE(transform)                                                                       \
    "\xff\xee\0\16"                                                                            \
    "Adobe\0\x64\0\0\0\0" transform
#define EXIF_6                                                                                 \
    "\xff\xe1\0\36"                                                                            \
    "Exif\0\0MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\6\0\0"
#define EXIF_3                                                                                 \
    "\xff\xe1\0\36"                                                                            \
    "Exif\0\0MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\3\0\0"

#define HEAD SOI DQT SOF
#define PICTURE SOS DATA
#define CLEAN HEAD PICTURE EOI
#define OPEN HEAD PICTURE /* without the end marker */
#define TEXT(text) (text), sizeof(text) - 1

typedef struct {
    const char *name;
    const char *bytes;
    gsize n;
    const char *slim;
    gsize n_slim;
    guint64 carriers; /* what is told: CARRIER() bits */
    gboolean missing_end;
} Taken;

static const Taken taken[] = {
    {"clean", TEXT(CLEAN), TEXT(CLEAN), 0},
    {"comment", TEXT(SOI COM DQT SOF PICTURE EOI), TEXT(CLEAN), CARRIER(COMMENT)},
    {"late comment", TEXT(OPEN COM EOI), TEXT(CLEAN), CARRIER(COMMENT)},
    {"exif", TEXT(SOI EXIF_6 DQT SOF PICTURE EOI), TEXT(CLEAN), CARRIER(EXIF)},
    {"late exif", TEXT(OPEN EXIF_6 EOI), TEXT(CLEAN), CARRIER(EXIF)},
    {"xmp", TEXT(SOI APP("\xe1", "\37", "http://ns.adobe.com/xap/1.0/\0") DQT SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(XMP)},
    {"extended xmp",
     TEXT(SOI APP("\xe1", "\45", "http://ns.adobe.com/xmp/extension/\0") DQT SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(XMP_EXTENDED)},
    {"profile cut short", TEXT(SOI APP("\xe2", "\16", "ICC_PROFILE\0") DQT SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(ICC)},
    {"mpf", TEXT(SOI APP("\xe2", "\6", "MPF\0") DQT SOF PICTURE EOI), TEXT(CLEAN),
     CARRIER(MULTI_PICTURE)},
    {"jumbf", TEXT(SOI APP("\xeb", "\5", "JP\1") DQT SOF PICTURE EOI), TEXT(CLEAN),
     CARRIER(PROVENANCE)},
    {"photoshop", TEXT(SOI APP("\xed", "\20", "Photoshop 3.0\0") DQT SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(PHOTOSHOP)},
    {"jfxx", TEXT(SOI APP("\xe0", "\7", "JFXX\0") DQT SOF PICTURE EOI), TEXT(CLEAN),
     CARRIER(JFIF_THUMBNAIL)},
    {"unknown application", TEXT(SOI APP("\xe5", "\4", "hi") DQT SOF PICTURE EOI), TEXT(CLEAN),
     CARRIER(UNKNOWN)},
    {"metadata shorter than its length", TEXT(SOI "\xff\xe5\0\0" DQT SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"jfif", TEXT(SOI JFIF_DPI DQT SOF PICTURE EOI), TEXT(SOI JFIF_BARE DQT SOF PICTURE EOI),
     0},
    {"jfif with a thumbnail",
     TEXT(SOI "\xff\xe0\0\23JFIF\0\1\1\0\0\1\0\1\1\1rgb" DQT SOF PICTURE EOI),
     TEXT(SOI JFIF_BARE DQT SOF PICTURE EOI), CARRIER(JFIF_THUMBNAIL)},
    {"jfif with bytes behind it",
     TEXT(SOI "\xff\xe0\0\23JFIF\0\1\1\0\0\1\0\1\0\0rgb" DQT SOF PICTURE EOI),
     TEXT(SOI JFIF_BARE DQT SOF PICTURE EOI), CARRIER(UNKNOWN)},
    {"jfif behind the scan", TEXT(OPEN JFIF_BARE EOI), TEXT(CLEAN), 0},
    {"adobe anywhere in the header", TEXT(SOI DQT SOF ADOBE("\0") PICTURE EOI),
     TEXT(SOI ADOBE("\0") DQT SOF PICTURE EOI), 0},
    {"adobe with a secret",
     TEXT(SOI "\xff\xee\0\22"
              "Adobe\1\2\3\4\5\6\0sec!" DQT SOF PICTURE EOI),
     TEXT(SOI ADOBE("\0") DQT SOF PICTURE EOI), CARRIER(UNKNOWN)},
    {"ycbcr by adobe, of a nonsense transform",
     TEXT(SOI ADOBE("\0") ADOBE("\x09") SOF_3 SOS_3 DATA EOI),
     TEXT(SOI ADOBE("\1") SOF_3 SOS_3 DATA EOI), CARRIER(UNKNOWN)},
    {"ycck", TEXT(SOI ADOBE("\2") SOF_4 SOS_4 DATA EOI),
     TEXT(SOI ADOBE("\2") SOF_4 SOS_4 DATA EOI), 0},
    {"rgb", TEXT(SOI ADOBE("\0") SOF_3 SOS_3 DATA EOI),
     TEXT(SOI ADOBE("\0") SOF_3 SOS_3 DATA EOI), 0},
    {"fill bytes", TEXT(SOI "\xff\xff" DQT "\xff" SOF PICTURE "\xff\xff" EOI), TEXT(CLEAN), 0},
    {"stray bytes", TEXT(SOI "stray" DQT "\xff\0x" SOF PICTURE EOI), TEXT(CLEAN),
     CARRIER(STRAY)},
    {"markers without payload", TEXT(SOI "\xff\x01" DQT "\xff\xd3" SOF PICTURE EOI),
     TEXT(CLEAN), CARRIER(STRAY)},
    {"number of lines", TEXT(OPEN "\xff\xdc\0\4\0\20" EOI), TEXT(CLEAN), CARRIER(UNKNOWN)},
    {"trailing text", TEXT(CLEAN "text"), TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailing picture", TEXT(CLEAN "\0\0" CLEAN), TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailing chance bytes", TEXT(CLEAN "\xff\xd8\xff\xe0\0\4zzzz"), TEXT(CLEAN),
     CARRIER(TRAILER)},
    {"trailing video",
     TEXT(CLEAN "xx\0\0\0\x18"
                "ftypmp42\0\0\0\0isommp42"),
     TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailing heic",
     TEXT(CLEAN "xx\0\0\0\x18"
                "ftypheic\0\0\0\0mif1heic"),
     TEXT(CLEAN), CARRIER(TRAILER)},
    {"trailing word", TEXT(CLEAN "ftyp is a word"), TEXT(CLEAN), CARRIER(TRAILER)},
    {"end marker missing", TEXT(OPEN), TEXT(OPEN), 0, TRUE},
    {"cut within the end marker", TEXT(OPEN "\xff"), TEXT(OPEN), 0, TRUE},
    {"cut in late metadata", TEXT(OPEN "\xff\xe1\x10\0Exif"), TEXT(OPEN), CARRIER(UNKNOWN),
     TRUE},
    {"tables between scans", TEXT(SOI DQT SOF2 DHT PICTURE COM DHT DRI PICTURE DHT EOI),
     TEXT(SOI DQT SOF2 DHT PICTURE DHT DRI PICTURE DHT EOI), CARRIER(COMMENT)},
    {"an early end ends it", TEXT(SOI DQT SOF2 PICTURE EOI DHT PICTURE EOI),
     TEXT(SOI DQT SOF2 PICTURE EOI), CARRIER(TRAILER)},
};

static const struct {
    const char *name;
    const char *bytes;
    gsize n;
    int code;         /* SpErrorCode */
    const char *word; /* stands in the message */
    guint64 carriers; /* what is told all the same */
} refused[] = {
    {"nothing", TEXT(""), SP_ERROR_TRUNCATED, "no bytes"},
    {"one byte", TEXT("\xff"), SP_ERROR_TRUNCATED, "one byte", CARRIER(STRAY)},
    {"not a jpeg", TEXT("GIF89a"), SP_ERROR_CORRUPT, "begin", CARRIER(STRAY)},
    {"start only", TEXT(SOI), SP_ERROR_TRUNCATED, "before any picture data"},
    {"cut in metadata", TEXT(SOI "\xff\xe1\x10\0Exif"), SP_ERROR_TRUNCATED, "before any",
     CARRIER(UNKNOWN)},
    {"cut in a length", TEXT(SOI "\xff\xe1\x10"), SP_ERROR_TRUNCATED, "before any",
     CARRIER(UNKNOWN)},
    {"cut in a table", TEXT(SOI "\xff\xdb\0\x43qq"), SP_ERROR_TRUNCATED, "0xDB"},
    {"cut in a late table", TEXT(OPEN "\xff\xc4\0\x43qq"), SP_ERROR_TRUNCATED, "0xC4"},
    {"cut before the data", TEXT(HEAD SOS), SP_ERROR_TRUNCATED, "scan 1"},
    {"cut before the data, in fill", TEXT(HEAD SOS "\xff\xff"), SP_ERROR_TRUNCATED, "scan 1"},
    {"cut before the data, in metadata", TEXT(HEAD SOS "\xff\xe1\x10\0Exif"),
     SP_ERROR_TRUNCATED, "scan 1", CARRIER(UNKNOWN)},
    {"cut before the data of a later scan", TEXT(SOI SOF2 PICTURE SOS), SP_ERROR_TRUNCATED,
     "scan 2"},
    {"end without a picture", TEXT(HEAD EOI), SP_ERROR_CORRUPT, "without a picture"},
    {"second start", TEXT(SOI SOI DQT SOF PICTURE EOI), SP_ERROR_CORRUPT, "0xD8",
     CARRIER(STRAY)},
    {"second start in the data", TEXT(OPEN CLEAN), SP_ERROR_CORRUPT, "0xD8", CARRIER(STRAY)},
    {"second frame", TEXT(HEAD SOF PICTURE EOI), SP_ERROR_CORRUPT, "second frame"},
    {"scan without a frame", TEXT(SOI PICTURE EOI), SP_ERROR_CORRUPT, "without a frame"},
    {"scan behind a whole picture", TEXT(OPEN PICTURE EOI), SP_ERROR_CORRUPT, "complete"},
    {"reserved marker", TEXT(SOI "\xff\x7a\0\2" DQT), SP_ERROR_CORRUPT, "0x7A", CARRIER(STRAY)},
    {"reserved marker in the data", TEXT(OPEN "\xff\x02" EOI), SP_ERROR_CORRUPT, "0x02",
     CARRIER(STRAY)},
    {"JPG0", TEXT(SOI "\xff\xf0\0\2" DQT), SP_ERROR_CORRUPT, "0xF0", CARRIER(STRAY)},
    {"table without length", TEXT(SOI "\xff\xdb\0\1" DQT), SP_ERROR_CORRUPT, "no length",
     CARRIER(STRAY)},
    {"bad restart interval", TEXT(SOI "\xff\xdd\0\3\0" SOF), SP_ERROR_CORRUPT, "restart"},
    {"short frame", TEXT(SOI "\xff\xc0\0\4\10\0"), SP_ERROR_CORRUPT, "wrong length"},
    {"frame of another length", TEXT(SOI "\xff\xc0\0\13\10\0\20\0\30\3\1\x11\0"),
     SP_ERROR_CORRUPT, "wrong length"},
    {"no width", TEXT(SOI "\xff\xc0\0\13\10\0\20\0\0\1\1\x11\0"), SP_ERROR_CORRUPT, "width"},
    {"no components", TEXT(SOI "\xff\xc0\0\10\10\0\20\0\20\0"), SP_ERROR_CORRUPT, "components"},
    {"sampling 0", TEXT(SOI "\xff\xc0\0\13\10\0\20\0\30\1\1\x01\0"), SP_ERROR_CORRUPT, "0x1"},
    {"sampling 5", TEXT(SOI "\xff\xc0\0\13\10\0\20\0\30\1\1\x15\0"), SP_ERROR_CORRUPT, "1x5"},
    {"scan of a wrong length", TEXT(HEAD "\xff\xda\0\7\1\1\0\0\77" DATA EOI), SP_ERROR_CORRUPT,
     "wrong length"},
    {"scan of an unknown component", TEXT(HEAD "\xff\xda\0\10\1\7\0\0\77\0" DATA EOI),
     SP_ERROR_CORRUPT, "unknown component"},
    {"12 bits", TEXT(SOI "\xff\xc1\0\13\14\0\20\0\30\1\1\x11\0"), SP_ERROR_UNSUPPORTED,
     "12 bits"},
    {"height later", TEXT(SOI "\xff\xc0\0\13\10\0\0\0\30\1\1\x11\0"), SP_ERROR_UNSUPPORTED,
     "DNL"},
    {"2 components", TEXT(SOI "\xff\xc0\0\16\10\0\20\0\30\2\1\x11\0\2\x11\0"),
     SP_ERROR_UNSUPPORTED, "2 components"},
    {"lossless", TEXT(SOI "\xff\xc3"), SP_ERROR_UNSUPPORTED, "lossless"},
    {"differential", TEXT(SOI "\xff\xc5"), SP_ERROR_UNSUPPORTED, "hierarchical"},
    {"hierarchical", TEXT(SOI "\xff\xde"), SP_ERROR_UNSUPPORTED, "hierarchical"},
    {"arithmetic", TEXT(SOI "\xff\xc9"), SP_ERROR_UNSUPPORTED, "arithmetic"},
    {"arithmetic lossless", TEXT(SOI "\xff\xcf"), SP_ERROR_UNSUPPORTED, "arithmetic"},
    {"JPEG-LS", TEXT(SOI "\xff\xf7"), SP_ERROR_UNSUPPORTED, "JPEG-LS"},
};

/* Walk a copy of exactly n bytes; *ret_copy owns it and must outlive the walk. *ret_carriers
 * is what is told. */
static gboolean
walk_told(const char *bytes, gsize n, guint8 **ret_copy, guint64 *ret_carriers,
          SpJpegWalk *ret_walk, GError **error)
{
    *ret_copy = n > 0 ? g_memdup2(bytes, n) : g_malloc(1);
    Told told = told_of(*ret_copy, n);
    gboolean ok = sp_jpeg_walk(*ret_copy, n, note_told, &told, ret_walk, error);
    *ret_carriers = told.carriers;
    return ok;
}

static gboolean
walk_copy(const char *bytes, gsize n, guint8 **ret_copy, SpJpegWalk *ret_walk, GError **error)
{
    guint64 carriers = 0;
    return walk_told(bytes, n, ret_copy, &carriers, ret_walk, error);
}

static void
walk_all_cuts(const char *bytes, gsize n)
{
    for (gsize cut = 0; cut < n; cut++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        gboolean ok = walk_copy(bytes, cut, &copy, &walk, &error);
        g_assert_cmpint(ok, ==, error == NULL);
        g_assert_cmpint(ok, ==, walk.slim != NULL);
    }
}

static GBytes *
join_slim(const SpJpegWalk *walk)
{
    g_autoptr(GError) error = NULL;
    GBytes *joined = sp_slim_join(walk->slim, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(joined), ==, sp_slim_size(walk->slim));
    return joined;
}

static void
assert_slim(const void *bytes, gsize n)
{
    g_autofree guint8 *copy = NULL;
    g_auto(SpJpegWalk) walk = {0};
    g_autoptr(GError) error = NULL;
    guint64 carriers = 0;

    walk_told(bytes, n, &copy, &carriers, &walk, &error);
    g_assert_no_error(error);
    g_assert_cmphex(carriers, ==, 0);
    g_autoptr(GBytes) slim = join_slim(&walk);
    g_assert_cmpmem(g_bytes_get_data(slim, NULL), g_bytes_get_size(slim), bytes, n);
}

static void
test_taken(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", taken[i].name);
        guint64 carriers = 0;
        walk_told(taken[i].bytes, taken[i].n, &copy, &carriers, &walk, &error);
        g_assert_no_error(error);
        g_autoptr(GBytes) slim = join_slim(&walk);
        gsize n = 0;
        const void *bytes = g_bytes_get_data(slim, &n);
        g_assert_cmpmem(bytes, n, taken[i].slim, taken[i].n_slim);
        g_assert_cmphex(carriers, ==, taken[i].carriers);
        g_assert_cmpint(walk.missing_end, ==, taken[i].missing_end);
        assert_slim(bytes, n);
        walk_all_cuts(taken[i].bytes, taken[i].n);
    }
}

static void
test_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", refused[i].name);
        guint64 carriers = 0;
        g_assert_false(
            walk_told(refused[i].bytes, refused[i].n, &copy, &carriers, &walk, &error));
        g_assert_error(error, SP_ERROR, refused[i].code);
        g_assert_nonnull(strstr(error->message, refused[i].word));
        g_assert_null(walk.slim);
        g_assert_cmphex(carriers, ==, refused[i].carriers);
        walk_all_cuts(refused[i].bytes, refused[i].n);
    }
}

/* What the walk tells of the picture. */
static void
test_facts(void)
{
    static const char file[] = SOI EXIF_6 EXIF_3 ADOBE("\1") DRI SOF_3 SOS_3 DATA EOI;
    g_autofree guint8 *copy = NULL;
    g_auto(SpJpegWalk) walk = {0};
    g_autoptr(GError) error = NULL;

    walk_copy(file, sizeof file - 1, &copy, &walk, &error);
    g_assert_no_error(error);
    g_assert_cmpint(walk.coding, ==, SP_JPEG_CODING_BASELINE);
    g_assert_cmpuint(walk.width, ==, 24);
    g_assert_cmpuint(walk.height, ==, 16);
    g_assert_cmpuint(walk.n_components, ==, 3);
    g_assert_cmpuint(walk.components[0].h, ==, 2);
    g_assert_cmpuint(walk.components[2].id, ==, 3);
    g_assert_cmpuint(walk.n_scans, ==, 1);
    g_assert_cmpuint(walk.restart_interval, ==, 5);
    g_assert_cmpuint(walk.orientation, ==, 6);
    g_assert_true(walk.has_adobe);
    g_assert_false(walk.has_jfif);
    g_assert_cmpuint(walk.adobe_transform, ==, 1);
    g_assert_cmpstr(sp_jpeg_sampling_word(&walk), ==, "4:2:0");
    g_assert_cmpuint(walk.slim->len, ==, 3); /* SOI, Adobe, all the rest in one */
}

/* EXIF behind the first scan turns nothing, and the first block counts even when it is empty.
 */
static void
test_orientation(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint orientation;
    } cases[] = {
        {TEXT(SOI EXIF_3 DQT SOF PICTURE EOI), 3},
        {TEXT(HEAD EXIF_3 PICTURE EOI), 3},
        {TEXT(OPEN EXIF_3 EOI), 1},
        {TEXT(SOI APP("\xe1", "\10", "Exif\0\0") EXIF_3 DQT SOF PICTURE EOI), 1},
        {TEXT(SOI APP("\xe1", "\6", "Exif") EXIF_3 DQT SOF PICTURE EOI), 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        walk_copy(cases[i].bytes, cases[i].n, &copy, &walk, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(walk.orientation, ==, cases[i].orientation);
    }
}

#define ICC(number, count, text)                                                               \
    "\xff\xe2\0\22"                                                                            \
    "ICC_PROFILE\0" number count text

static void
test_profile(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        const char *icc; /* NULL: none */
    } cases[] = {
        {TEXT(SOI ICC("\1", "\1", "ab") SOF PICTURE EOI), "ab"},
        {TEXT(SOI ICC("\2", "\2", "cd") COM ICC("\1", "\2", "ab") SOF PICTURE EOI), "abcd"},
        {TEXT(SOI ICC("\1", "\2", "ab") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\2", "ab") ICC("\2", "\3", "cd") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\1", "ab") ICC("\1", "\1", "ab") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\0", "\1", "ab") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\2", "\1", "ab") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\1", "ab") ICC("\2", "\1", "cd") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\3", "ab") ICC("\2", "\2", "cd") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\0", "ab") SOF PICTURE EOI), NULL},
        {TEXT(SOI ICC("\1", "\2", "ab") SOF PICTURE ICC("\2", "\2", "cd") EOI), NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("case %" G_GSIZE_FORMAT, i);
        guint64 carriers = 0;
        walk_told(cases[i].bytes, cases[i].n, &copy, &carriers, &walk, &error);
        g_assert_no_error(error);
        g_assert_cmphex(carriers & CARRIER(ICC), !=, 0);
        g_assert_cmpint(walk.colour.icc != NULL, ==, cases[i].icc != NULL);
        if (walk.colour.icc)
            g_assert_cmpmem(g_bytes_get_data(walk.colour.icc, NULL),
                            g_bytes_get_size(walk.colour.icc), cases[i].icc,
                            strlen(cases[i].icc));
    }
}

/* What comes behind the table that is one too many is told, too. */
static void
test_limits(void)
{
    static const char file[] = SOI SOF2 PICTURE PICTURE PICTURE EOI;
    static const char end[] = SOF2 PICTURE COM PICTURE EOI "tail";
    g_autoptr(GByteArray) tables = g_byte_array_new();
    g_autofree guint8 *copy = NULL;
    g_autofree guint8 *copy2 = NULL;
    g_auto(SpJpegWalk) walk = {0};
    g_autoptr(GError) error = NULL;
    guint64 carriers = 0;

    g_assert_true(walk_copy(file, sizeof file - 1, &copy, &walk, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(walk.n_scans, ==, 3);
    sp_jpeg_walk_clear(&walk);

    g_byte_array_append(tables, (const guint8 *)SOI, 2);
    for (guint i = 0; i < 20000; i++)
        g_byte_array_append(tables, (const guint8 *)DQT, sizeof DQT - 1);
    g_byte_array_append(tables, (const guint8 *)end, sizeof end - 1);
    g_assert_false(
        walk_told((const char *)tables->data, tables->len, &copy2, &carriers, &walk, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_TOO_MUCH_WORK);
    g_assert_cmpstr(error->message, ==,
                    "the JPEG has at least 16385 tables and scans, the limit is 16384 (of its "
                    "format)");
    g_assert_cmphex(carriers & ~CARRIER(UNKNOWN), ==, CARRIER(COMMENT) | CARRIER(TRAILER));
}

/* What is told of a file, in order: carrier, kind, bytes in the file, content. */
static void
test_parts(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        gboolean ok;
        const char *parts;
    } cases[] = {
        {TEXT(SOI COM DQT SOF2 PICTURE DHT PICTURE COM EOI "tail"), TRUE,
         "comment:FE:7:xyz comment:FE:7:xyz trailer:0:4:tail "},
        {TEXT(SOI "\xff\xff" COM "\xff" DQT SOF PICTURE "\xff\xff" COM EOI), TRUE,
         "comment:FE:7:xyz comment:FE:7:xyz "},
        {TEXT(SOI "a" COM "bc\xff\0\xff\xd1\xff\x01" DQT "\xff\0" SOF "d\xff\xff" PICTURE
                  "\xff"),
         TRUE,
         "stray:0:1:a comment:FE:7:xyz stray:0:8:bc<ff><00><ff><d1><ff><01> "
         "stray:0:2:<ff><00> stray:0:1:d "},
        {TEXT(OPEN "\xff\xfe\x10\0cut"), TRUE, "comment:FE:7:cut "},
        {TEXT(OPEN "\xff\xfe\x10"), TRUE, "comment:FE:3: "},
        {TEXT(OPEN "\xff\xe1\x10\0Exif\0\0II"), TRUE, "exif:E1:12:II "},
        {TEXT(HEAD SOS "\xff\xe1\x10\0Exif"), FALSE, "unknown:E1:8:Exif "},
        /* refused, and told to the end */
        {TEXT(SOI "\xff\xc9\0\4ab" COM SOS DATA COM EOI "tail"), FALSE,
         "comment:FE:7:xyz comment:FE:7:xyz trailer:0:4:tail "},
        {TEXT(SOI "\xff\xc1\0\13\14\0\20\0\30\1\1\x11\0" SOS DATA COM EOI), FALSE,
         "comment:FE:7:xyz "},
        {TEXT(OPEN PICTURE COM EOI "t"), FALSE, "comment:FE:7:xyz trailer:0:1:t "},
        {TEXT(HEAD COM EOI "tail"), FALSE, "comment:FE:7:xyz trailer:0:4:tail "},
        /* refused, and nobody knows what the rest is */
        {TEXT(SOI COM "\xff\x02" COM), FALSE,
         "comment:FE:7:xyz stray:0:9:<ff><02><ff><fe><00><05>xyz "},
        {TEXT(SOI "\xff\xdb\0\1"
                  "rest"),
         FALSE, "stray:0:8:<ff><db><00><01>rest "},
        {TEXT("no jpeg"), FALSE, "stray:0:7:no<20>jpeg "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_auto(SpJpegWalk) walk = {0};
        const guint8 *bytes = (const guint8 *)cases[i].bytes;
        Told told = told_of(bytes, cases[i].n);
        told.parts = seen;
        g_assert_cmpint(sp_jpeg_walk(bytes, cases[i].n, note_told, &told, &walk, NULL), ==,
                        cases[i].ok);
        g_assert_cmpstr(seen->str, ==, cases[i].parts);
    }
}

/* Room that no scan reads: each of these hides something, or none (FALSE). */
static void
test_hiding_tables(void)
{
    static const struct {
        const char *name;
        const char *bytes;
        gsize n;
        gboolean hides;
    } cases[] = {
        {"the same table twice", TEXT(SOI DQT DQT SOF DHT DHT PICTURE EOI), FALSE},
        {"a grey picture's second table", TEXT(SOI DQT DQT_OF("\1") SOF DHT PICTURE EOI),
         FALSE},
        {"another table for the next scan",
         TEXT(SOI DQT SOF2 DHT PICTURE DHT_OF("\0", "\6") DRI PICTURE EOI), FALSE},
        {"a table that is replaced unread",
         TEXT(SOI DQT SOF DHT_OF("\0", "\6") DHT PICTURE EOI), TRUE},
        {"two replaced in turn", TEXT(SOI DQT SOF DHT DHT_OF("\0", "\6") DHT PICTURE EOI),
         TRUE},
        {"a third table that none reads", TEXT(SOI DQT DQT_OF("\3") SOF PICTURE EOI), TRUE},
        {"third codes that none reads", TEXT(SOI DQT SOF DHT_OF("\x12", "\x41") PICTURE EOI),
         TRUE},
        {"a fifth table", TEXT(SOI DQT_OF("\4") SOF PICTURE EOI), TRUE},
        {"bytes behind a table",
         TEXT(SOI "\xff\xdb\0\105\0" Q16 Q16 Q16 Q16 "xy" SOF PICTURE EOI), TRUE},
        {"an empty table", TEXT(SOI "\xff\xdb\0\2" SOF PICTURE EOI), TRUE},
        {"half a table", TEXT(SOI "\xff\xdb\0\43\0" Q16 Q16 SOF PICTURE EOI), TRUE},
        {"a table of 16 bits",
         TEXT(SOI "\xff\xdb\0\203\x10" Q16 Q16 Q16 Q16 Q16 Q16 Q16 Q16 SOF PICTURE EOI), FALSE},
        {"a symbol that no difference has", TEXT(SOI DQT SOF DHT_OF("\0", "x") PICTURE EOI),
         TRUE},
        {"codes of a third class", TEXT(SOI DQT SOF DHT_OF("\x20", "\1") PICTURE EOI), TRUE},
        {"two codes of one symbol",
         TEXT(SOI DQT SOF "\xff\xc4\0\25\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5\5" PICTURE EOI),
         TRUE},
        {"more codes than a length has",
         TEXT(SOI DQT SOF "\xff\xc4\0\26\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3" PICTURE EOI),
         TRUE},
        {"an interval twice", TEXT(SOI DQT DRI DRI SOF PICTURE EOI), FALSE},
        {"an interval that the next replaces",
         TEXT(SOI DQT "\xff\xdd\0\4hi" DRI SOF PICTURE EOI), TRUE},
        {"a second JFIF", TEXT(SOI JFIF_DPI JFIF_DPI DQT SOF PICTURE EOI), TRUE},
        {"JFIF and Adobe", TEXT(SOI JFIF_DPI ADOBE("\0") DQT SOF PICTURE EOI), FALSE},
        {"a second Adobe", TEXT(SOI ADOBE("\0") ADOBE("\0") DQT SOF PICTURE EOI), TRUE},
        {"Adobe of another transform", TEXT(SOI ADOBE("x") DQT SOF PICTURE EOI), TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree guint8 *copy = NULL;
        g_auto(SpJpegWalk) walk = {0};
        guint64 carriers = 0;
        g_test_message("%s", cases[i].name);
        g_assert_true(walk_told(cases[i].bytes, cases[i].n, &copy, &carriers, &walk, NULL));
        g_assert_cmphex(carriers, ==, cases[i].hides ? CARRIER(UNKNOWN) : 0);
        walk_all_cuts(cases[i].bytes, cases[i].n);
    }
}

static void
test_sampling(void)
{
    static const struct {
        SpJpegComponent luma, cb, cr;
        const char *word;
    } cases[] = {
        {{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, "4:4:4"},
        {{1, 2, 1}, {2, 1, 1}, {3, 1, 1}, "4:2:2"},
        {{1, 2, 2}, {2, 1, 1}, {3, 1, 1}, "4:2:0"},
        {{1, 1, 2}, {2, 1, 1}, {3, 1, 1}, "4:4:0"},
        {{1, 4, 1}, {2, 1, 1}, {3, 1, 1}, "4:1:1"},
        {{1, 4, 2}, {2, 1, 1}, {3, 1, 1}, "4:1:0"},
        {{1, 2, 2}, {2, 2, 2}, {3, 2, 2}, "4:4:4"},
        {{1, 4, 2}, {2, 2, 1}, {3, 2, 1}, "4:2:0"},
        {{1, 3, 1}, {2, 2, 1}, {3, 2, 1}, "unusual sampling"},
        {{1, 2, 2}, {2, 1, 1}, {3, 2, 1}, "unusual sampling"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpJpegWalk walk = {.n_components = 3,
                           .components = {cases[i].luma, cases[i].cb, cases[i].cr}};
        g_assert_cmpstr(sp_jpeg_sampling_word(&walk), ==, cases[i].word);
    }
    g_assert_cmpstr(sp_jpeg_sampling_word(&(SpJpegWalk){.n_components = 1}), ==, "grey");
    g_assert_cmpstr(sp_jpeg_sampling_word(&(SpJpegWalk){.n_components = 4}), ==,
                    "4 components");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jpeg-walk/taken", test_taken);
    g_test_add_func("/jpeg-walk/refused", test_refused);
    g_test_add_func("/jpeg-walk/facts", test_facts);
    g_test_add_func("/jpeg-walk/orientation", test_orientation);
    g_test_add_func("/jpeg-walk/profile", test_profile);
    g_test_add_func("/jpeg-walk/limits", test_limits);
    g_test_add_func("/jpeg-walk/parts", test_parts);
    g_test_add_func("/jpeg-walk/hiding-tables", test_hiding_tables);
    g_test_add_func("/jpeg-walk/sampling", test_sampling);
    return g_test_run();
}
