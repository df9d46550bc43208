/* SPDX-License-Identifier: MIT */
/* test-webp-walk.c -- what a walk of a WebP takes, refuses, tells and leaves in the slim view.
 *
 * The tables have what stands behind "WEBP"; the RIFF head is put before it. */
#include "container/webp.h"

#include "walk-files.h"

#define CHUNK(name, n, payload) name n "\0\0\0" payload
#define VP8_PAYLOAD(tag, width) tag "\0\0\x9d\x01\x2a" width "\0\20\0"
#define VP8 CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x30", "\30") "ab") /* 24 x 16 */
#define VP8_ODD CHUNK("VP8 ", "\13", VP8_PAYLOAD("\x30", "\30") "a")
#define VP8_SMALL CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x30", "\10") "ab") /* 8 x 16 */
#define VP8L CHUNK("VP8L", "\6", "\x2f\x17\xc0\x03\x00l")
#define VP8L_ALPHA CHUNK("VP8L", "\6", "\x2f\x17\xc0\x03\x10l")
#define VP8X(flags) CHUNK("VP8X", "\12", flags "\0\0\0\x17\0\0\x0f\0\0")
#define ALPH CHUNK("ALPH", "\3", "\1aa\0")
#define ICCP CHUNK("ICCP", "\4", "prof")
#define EXIF_PAYLOAD(orientation) "MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0" orientation "\0\0"
#define EXIF(orientation) CHUNK("EXIF", "\x16", EXIF_PAYLOAD(orientation))
#define XMP CHUNK("XMP ", "\3", "xmp\0")
#define ANIM CHUNK("ANIM", "\6", "\xff\xff\xff\xff\0\0")
#define ANIM_PLAIN CHUNK("ANIM", "\6", "\0\0\0\0\1\0")
/* at left, 24 x 16 or 8 x 16, for 100 ms */
#define ANMF_HEAD(left, width, time, flags)                                                    \
    left "\0\0\0\0\0" width "\0\0\x0f\0\0" time "\0\0" flags
#define ANMF CHUNK("ANMF", "\x24", ANMF_HEAD("\0", "\x17", "\x64", "\1") VP8)
#define ANMF_ALPHA CHUNK("ANMF", "\x30", ANMF_HEAD("\0", "\x17", "\x64", "\0") ALPH VP8)
#define ANMF_PART CHUNK("ANMF", "\x24", ANMF_HEAD("\4", "\7", "\x64", "\1") VP8_SMALL)
#define ANMF_PART_PLAIN CHUNK("ANMF", "\x24", ANMF_HEAD("\4", "\7", "\0", "\2") VP8_SMALL)

static const struct {
    const char *name;
    const char *body;
    gsize n;
    const char *slim;
    gsize n_slim;
    guint64 carriers; /* what is told: CARRIER() bits */
    int less;         /* bytes at the end that RIFF does not count; below 0: that are missing */
} taken[] = {
    {"lossy", TEXT(VP8), TEXT(VP8), 0},
    {"lossless", TEXT(VP8L), TEXT(VP8L), 0},
    {"odd", TEXT(VP8_ODD "\0"), TEXT(VP8_ODD "\0"), 0},
    {"secret padding", TEXT(VP8_ODD "s"), TEXT(VP8_ODD "\0"), CARRIER(PADDING)},
    {"no padding", TEXT(VP8_ODD), TEXT(VP8_ODD "\0"), 0},
    {"needless canvas", TEXT(VP8X("\0") VP8), TEXT(VP8), 0},
    {"canvas with secrets", TEXT(CHUNK("VP8X", "\14", "\0sec\x17\0\0\x0f\0\0re") VP8),
     TEXT(VP8), CARRIER(UNKNOWN)},
    {"canvas with a reserved bit", TEXT(VP8X("\1") VP8), TEXT(VP8), CARRIER(UNKNOWN)},
    {"canvas with a reserved byte", TEXT(CHUNK("VP8X", "\12", "\0\0s\0\x17\0\0\x0f\0\0") VP8),
     TEXT(VP8), CARRIER(UNKNOWN)},
    {"alpha", TEXT(VP8X("\x10") ALPH VP8), TEXT(VP8X("\x10") ALPH VP8), 0},
    {"alpha without its flag", TEXT(VP8X("\0") ALPH VP8), TEXT(VP8X("\x10") ALPH VP8),
     CARRIER(UNKNOWN)},
    {"head of an animation, twice", TEXT(VP8X("\2") ANIM ANIM ANMF), TEXT(VP8),
     CARRIER(UNKNOWN)},
    {"head of an animation that is none", TEXT(VP8X("\0") ANIM VP8), TEXT(VP8),
     CARRIER(UNKNOWN)},
    {"alpha flag alone", TEXT(VP8X("\x10") VP8), TEXT(VP8), 0},
    {"second alpha", TEXT(VP8X("\x10") ALPH ALPH VP8), TEXT(VP8X("\x10") ALPH VP8),
     CARRIER(UNKNOWN)},
    {"late alpha", TEXT(VP8X("\x10") VP8 ALPH), TEXT(VP8), CARRIER(UNKNOWN)},
    {"alpha without a canvas", TEXT(ALPH VP8), TEXT(VP8), CARRIER(UNKNOWN)},
    {"alpha beside lossless", TEXT(VP8X("\x10") ALPH VP8L_ALPHA), TEXT(VP8L_ALPHA),
     CARRIER(UNKNOWN)},
    {"profile", TEXT(VP8X("\x20") ICCP VP8), TEXT(VP8), CARRIER(ICC)},
    {"exif and xmp", TEXT(VP8X("\x0c") VP8 EXIF("\6") XMP), TEXT(VP8),
     CARRIER(EXIF) | CARRIER(XMP)},
    {"exif in a simple file", TEXT(VP8 EXIF("\6")), TEXT(VP8), CARRIER(EXIF)},
    {"unknown", TEXT(VP8X("\0") CHUNK("HIDE", "\2", "hi") VP8), TEXT(VP8), CARRIER(UNKNOWN)},
    {"provenance", TEXT(VP8X("\0") VP8 CHUNK("C2PA", "\2", "hi")), TEXT(VP8),
     CARRIER(PROVENANCE)},
    {"second picture", TEXT(VP8X("\0") VP8 VP8L), TEXT(VP8), CARRIER(SECOND_PICTURE)},
    {"no chunk at the end", TEXT(VP8 "1234567"), TEXT(VP8), CARRIER(STRAY)},
    {"late chunk past the end of RIFF", TEXT(VP8 "EXIF\xff\0\0\0x"), TEXT(VP8), CARRIER(STRAY)},
    {"animation", TEXT(VP8X("\2") ANIM ANMF ANMF), TEXT(VP8), CARRIER(FRAME)},
    {"animation of one frame", TEXT(VP8X("\2") ANIM ANMF), TEXT(VP8), 0},
    {"animation with alpha", TEXT(VP8X("\x12") ANIM ANMF_ALPHA ANMF),
     TEXT(VP8X("\x10") ALPH VP8), CARRIER(FRAME)},
    {"animation without its head", TEXT(VP8X("\2") ANMF), TEXT(VP8), 0},
    {"frame on a part of the canvas", TEXT(VP8X("\2") ANIM ANMF_PART ANMF),
     TEXT(VP8X("\x12") ANIM_PLAIN ANMF_PART_PLAIN), CARRIER(FRAME)},
    {"the same, plain", TEXT(VP8X("\x12") ANIM_PLAIN ANMF_PART_PLAIN),
     TEXT(VP8X("\x12") ANIM_PLAIN ANMF_PART_PLAIN), 0},
    {"secrets within a frame",
     TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\x36",
                                ANMF_HEAD("\0", "\x17", "\0", "\0") CHUNK("HIDE", "\1", "h\0")
                                    VP8 CHUNK("HIDE", "\0", ""))),
     TEXT(VP8), CARRIER(UNKNOWN)},
    {"frames without the flag", TEXT(VP8X("\0") ANIM ANMF VP8L), TEXT(VP8L),
     CARRIER(FRAME) | CARRIER(UNKNOWN)},
    {"still beside frames", TEXT(VP8X("\2") ANIM VP8L ALPH ANMF), TEXT(VP8),
     CARRIER(SECOND_PICTURE) | CARRIER(UNKNOWN)},
    {"trailing text", TEXT(VP8 "text"), TEXT(VP8), CARRIER(TRAILER), 4},
    {"trailing picture", TEXT(VP8 "RIFF\0\0\0\0WEBP" VP8), TEXT(VP8), CARRIER(TRAILER), 32},
    {"padding of all", TEXT(VP8_ODD "\0"), TEXT(VP8_ODD "\0"), 0, 1},
    {"secret padding of all", TEXT(VP8_ODD "s"), TEXT(VP8_ODD "\0"), CARRIER(TRAILER), 1},
    {"cut behind the picture", TEXT(VP8), TEXT(VP8), 0, -8},
    {"cut in the padding", TEXT(VP8_ODD), TEXT(VP8_ODD "\0"), 0, -1},
    {"cut in late metadata", TEXT(VP8 "EXIF\xff\0\0\0x"), TEXT(VP8), CARRIER(EXIF), -255},
};

static const struct {
    const char *name;
    const char *body;
    gsize n;
    int code; /* SpErrorCode */
    const char *word;
    gssize less;
    guint64 carriers; /* what is told all the same */
} refused[] = {
    {"nothing in it", TEXT(""), SP_ERROR_CORRUPT, "RIFF of 4"},
    {"no picture", TEXT(VP8X("\0") XMP), SP_ERROR_CORRUPT, "without a picture", 0,
     CARRIER(XMP)},
    {"no picture, cut", TEXT(VP8X("\0") XMP), SP_ERROR_TRUNCATED, "without a picture", -1,
     CARRIER(XMP)},
    {"cut in the picture", TEXT(CHUNK("VP8 ", "\x0f", VP8_PAYLOAD("\x30", "\30") "ab")),
     SP_ERROR_TRUNCATED, "byte 12", -100},
    {"picture past the end of RIFF",
     TEXT(CHUNK("VP8 ", "\x0f", VP8_PAYLOAD("\x30", "\30") "ab")), SP_ERROR_CORRUPT, "byte 12",
     0, CARRIER(STRAY)},
    {"cut in early metadata", TEXT(VP8X("\0") "EXIF\xff\0\0\0x"), SP_ERROR_TRUNCATED, "byte 30",
     -300, CARRIER(EXIF)},
    {"cut in the first frame", TEXT(VP8X("\2") ANIM "ANMF\x24\0\0\0" VP8), SP_ERROR_TRUNCATED,
     "byte 44", -16},
    {"length of 2^32 - 1", TEXT("VP8 \xff\xff\xff\xff" VP8), SP_ERROR_CORRUPT, "byte 12", 0,
     CARRIER(STRAY)},
    {"second canvas", TEXT(VP8X("\0") VP8X("\0") VP8), SP_ERROR_CORRUPT, "misplaced"},
    {"short canvas", TEXT(CHUNK("VP8X", "\10", "\0\0\0\0\x17\0\0\x0f") VP8), SP_ERROR_CORRUPT,
     "short"},
    {"too large a canvas", TEXT(CHUNK("VP8X", "\12", "\0\0\0\0\xff\xff\xff\xff\xff\0") VP8),
     SP_ERROR_CORRUPT, "canvas of 16777216 x"},
    {"another size than the canvas", TEXT(VP8X("\0") VP8_SMALL), SP_ERROR_CORRUPT,
     "frame of 8 x 16"},
    {"frame outside the canvas",
     TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\x24", ANMF_HEAD("\x0a", "\7", "\0", "\0") VP8_SMALL)),
     SP_ERROR_CORRUPT, "at 20, 0"},
    {"frame far outside the canvas",
     TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\x24",
                                "\xff\xff\xff\xff\xff\xff\7\0\0\x0f\0\0\0\0\0\0" VP8_SMALL)),
     SP_ERROR_CORRUPT, "at 33554430, 33554430"},
    {"short frame", TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\4", "abcd")), SP_ERROR_CORRUPT,
     "short frame", 0, CARRIER(FRAME)},
    {"frame without a picture",
     TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\x10", ANMF_HEAD("\0", "\7", "\0", "\0"))),
     SP_ERROR_CORRUPT, "without a picture"},
    {"picture past the end of its frame",
     TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\x22", ANMF_HEAD("\0", "\7", "\0", "\0") VP8_SMALL)),
     SP_ERROR_CORRUPT, "without a picture", 0, CARRIER(STRAY)},
    {"no key frame", TEXT(CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x31", "\30") "ab")),
     SP_ERROR_CORRUPT, "no frame header"},
    {"profile 4", TEXT(CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x38", "\30") "ab")), SP_ERROR_CORRUPT,
     "no frame header"},
    {"not shown", TEXT(CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x20", "\30") "ab")), SP_ERROR_CORRUPT,
     "no frame header"},
    {"partition past the end", TEXT(CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x90\1", "") "\30ab")),
     SP_ERROR_CORRUPT, "no frame header", 0, CARRIER(STRAY)},
    {"no width", TEXT(CHUNK("VP8 ", "\14", VP8_PAYLOAD("\x30", "\0") "ab")), SP_ERROR_CORRUPT,
     "no frame header"},
    {"short picture", TEXT(CHUNK("VP8 ", "\6", "\x30\0\0\x9d\x01\x2a")), SP_ERROR_CORRUPT,
     "no frame header"},
    {"no lossless signature", TEXT(CHUNK("VP8L", "\6", "\x2e\x17\xc0\x03\0l")),
     SP_ERROR_CORRUPT, "no frame header"},
    {"lossless of version 1", TEXT(CHUNK("VP8L", "\6", "\x2f\x17\xc0\x03\x20l")),
     SP_ERROR_CORRUPT, "no frame header"},
    {"short lossless", TEXT(CHUNK("VP8L", "\4", "\x2f\x17\xc0\x03")), SP_ERROR_CORRUPT,
     "no frame header"},
};

/* RIFF, a size that is `less` than what there is, WEBP, body. */
static GByteArray *
wrap(const char *body, gsize n, gssize less)
{
    GByteArray *file = g_byte_array_new();
    guint32 size = (guint32)((gssize)n + 4 - less);
    guint8 head[12] = {'R', 'I', 'F', 'F'};

    for (guint i = 0; i < 4; i++)
        head[4 + i] = (guint8)(size >> (8 * i));
    memcpy(head + 8, "WEBP", 4);
    g_byte_array_append(file, head, sizeof head);
    g_byte_array_append(file, (const guint8 *)body, (guint)n);
    return file;
}

static void
test_taken(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autoptr(GByteArray) file = wrap(taken[i].body, taken[i].n, taken[i].less);
        g_autoptr(GByteArray) slim = wrap(taken[i].slim, taken[i].n_slim, 0);
        WalkTaken one = {
            taken[i].name,     (const char *)file->data,
            file->len,         (const char *)slim->data,
            slim->len,         taken[i].carriers,
            taken[i].less < 0,
        };
        assert_taken(sp_webp_walk, &one, 1);
    }
}

static void
test_refused(void)
{
    static const WalkRefused heads[] = {
        {"nothing", TEXT(""), SP_ERROR_TRUNCATED, "0 bytes"},
        {"in the head", TEXT("RIFF\x20\0\0\0WEB"), SP_ERROR_TRUNCATED, "11 bytes"},
        {"head only", TEXT("RIFF\x20\0\0\0WEBP"), SP_ERROR_TRUNCATED, "without a picture"},
        {"not a webp", TEXT("RIFF\x20\0\0\0AVI LIST"), SP_ERROR_CORRUPT, "begin",
         CARRIER(STRAY)},
        {"endless RIFF", TEXT("RIFF\xff\xff\xff\xffWEBP" VP8), SP_ERROR_CORRUPT, "RIFF of",
         CARRIER(STRAY)},
    };

    assert_refused(sp_webp_walk, heads, G_N_ELEMENTS(heads));
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GByteArray) file = wrap(refused[i].body, refused[i].n, refused[i].less);
        WalkRefused one = {
            refused[i].name, (const char *)file->data, file->len,
            refused[i].code, refused[i].word,          refused[i].carriers,
        };
        assert_refused(sp_webp_walk, &one, 1);
    }
}

/* What the walk tells of the picture. */
static void
test_facts(void)
{
    static const struct {
        const char *body;
        gsize n;
        guint orientation, frames;
        gboolean alpha;
        const char *icc; /* NULL: none */
    } cases[] = {
        {TEXT(VP8), 1, 1, FALSE, NULL},
        {TEXT(VP8L), 1, 1, FALSE, NULL},
        {TEXT(VP8L_ALPHA), 1, 1, TRUE, NULL},
        {TEXT(VP8X("\x10") ALPH VP8), 1, 1, TRUE, NULL},
        {TEXT(VP8X("\x10") VP8), 1, 1, FALSE, NULL},
        {TEXT(VP8X("\x20") ICCP VP8), 1, 1, FALSE, "prof"},
        {TEXT(VP8X("\x20") VP8 ICCP), 1, 1, FALSE, "prof"},
        {TEXT(VP8X("\x20") CHUNK("ICCP", "\0", "") ICCP VP8), 1, 1, FALSE, NULL},
        {TEXT(VP8X("\0") ICCP VP8), 1, 1, FALSE, NULL},
        {TEXT(ICCP VP8), 1, 1, FALSE, NULL},
        {TEXT(VP8X("\x08") VP8 EXIF("\6")), 6, 1, FALSE, NULL},
        {TEXT(VP8X("\0") VP8 EXIF("\6") EXIF("\3")), 6, 1, FALSE, NULL},
        {TEXT(VP8 CHUNK("EXIF", "\x1c", "Exif\0\0" EXIF_PAYLOAD("\3"))), 3, 1, FALSE, NULL},
        {TEXT(VP8 CHUNK("EXIF", "\0", "") EXIF("\3")), 1, 1, FALSE, NULL},
        {TEXT(VP8X("\2") ANIM ANMF ANMF ANMF_PART), 1, 3, FALSE, NULL},
        {TEXT(VP8X("\2") ANIM ANMF_PART ANMF), 1, 2, TRUE, NULL},
        {TEXT(VP8X("\2") ANIM ANMF_ALPHA), 1, 1, TRUE, NULL},
        {TEXT(VP8X("\0") ANIM ANMF ANMF VP8), 1, 1, FALSE, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = wrap(cases[i].body, cases[i].n, 0);
        g_auto(SpWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_assert_true(sp_webp_walk(file->data, file->len, NULL, NULL, &walk, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(walk.width, ==, 24);
        g_assert_cmpuint(walk.height, ==, 16);
        g_assert_cmpuint(walk.crop.width, ==, 24);
        g_assert_cmpuint(walk.crop.height, ==, 16);
        g_assert_cmpuint(walk.bits, ==, 8);
        g_assert_cmpuint(walk.orientation, ==, cases[i].orientation);
        g_assert_cmpuint(walk.frames, ==, cases[i].frames);
        g_assert_cmpint(walk.alpha, ==, cases[i].alpha);
        g_assert_false(walk.streams);
        g_assert_cmpint(walk.colour.icc != NULL, ==, cases[i].icc != NULL);
        if (walk.colour.icc)
            g_assert_cmpmem(g_bytes_get_data(walk.colour.icc, NULL),
                            g_bytes_get_size(walk.colour.icc), cases[i].icc,
                            strlen(cases[i].icc));
    }
}

/* A profile of more than 4 MiB is none. */
static void
test_large_profile(void)
{
    for (guint more = 0; more < 2; more++) {
        g_autoptr(GByteArray) body = g_byte_array_new();
        g_auto(SpWalk) walk = {0};
        guint n = ((guint)4 << 20) + more;
        g_byte_array_append(body, (const guint8 *)TEXT(VP8X("\x20") VP8));
        guint8 head[8] = {'I', 'C', 'C', 'P', (guint8)n, 0, (guint8)(n >> 16), 0};
        g_byte_array_append(body, head, sizeof head);
        guint at = body->len;
        g_byte_array_set_size(body, at + n);
        memset(body->data + at, 0, n);
        g_autoptr(GByteArray) file = wrap((const char *)body->data, body->len, 0);
        g_assert_true(sp_webp_walk(file->data, file->len, NULL, NULL, &walk, NULL));
        g_assert_cmpint(walk.colour.icc != NULL, ==, more == 0);
    }
}

/* Plain files are handed on as they stand, without a copy. A refusal tells the size where it is
 * known. */
static void
test_slices(void)
{
    static const struct {
        const char *body;
        gsize n;
        guint n_slices;
    } cases[] = {
        {TEXT(VP8), 1},
        {TEXT(VP8_ODD "\0"), 1},
        {TEXT(VP8X("\x10") ALPH VP8), 1},
        {TEXT(VP8X("\x12") ANIM_PLAIN ANMF_PART_PLAIN), 1},
        {TEXT(VP8 XMP), 2},
        {TEXT(VP8X("\x10") ALPH XMP VP8), 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = wrap(cases[i].body, cases[i].n, 0);
        g_auto(SpWalk) walk = {0};
        g_assert_true(sp_webp_walk(file->data, file->len, NULL, NULL, &walk, NULL));
        g_assert_cmpuint(walk.slim->len, ==, cases[i].n_slices);
        g_assert_cmpint(walk.made == NULL, ==, cases[i].n_slices == 1);
    }
    g_autoptr(GByteArray) file = wrap(TEXT(VP8X("\0") VP8_SMALL), 0);
    g_auto(SpWalk) walk = {0};
    g_assert_false(sp_webp_walk(file->data, file->len, NULL, NULL, &walk, NULL));
    g_assert_cmpuint(walk.width, ==, 24);
    g_assert_cmpuint(walk.height, ==, 16);
}

/* What is told of a file, in order; content is the payload, of EXIF from "MM" on. */
static void
test_parts(void)
{
    static const struct {
        const char *body;
        gsize n;
        int less;
        gboolean ok;
        const char *parts;
    } cases[] = {
        {TEXT(VP8X("\2") ANIM ANMF XMP "tail"), 4, TRUE,
         "xmp:584D5020:12:xmp trailer:0:4:tail "},
        {TEXT(VP8 CHUNK("EXIF", "\3", "MM*s") CHUNK("EXIF", "\10", "Exif\0\0II")), 0, TRUE,
         "exif:45584946:11:MM* padding:45584946:1:s exif:45584946:16:II "},
        {TEXT(VP8_ODD "\0" CHUNK("ICCP", "\4", "prof") "stray"), 0, TRUE,
         "icc:49434350:12:prof stray:0:5:stray "},
        /* within the first frame, and behind it */
        {TEXT(VP8X("\2")
                  ANIM CHUNK("ANMF", "\x3c",
                             ANMF_HEAD("\0", "\x17", "\0", "\0") CHUNK("HIDE", "\1", "hs")
                                 VP8 CHUNK("XMP ", "\1", "x\0") "rest") ANMF_PART),
         0, TRUE,
         "unknown:48494445:9:h padding:48494445:1:s xmp:584D5020:10:x stray:0:4:rest "
         "frame:414E4D46:44:<04><00><00><00><00><00><07><00><00><0f><00><00>d<00><00><01>"
         "VP8<20><0c><00><00><00>0<00><00><9d><01>*<08><00><10><00>ab "},
        {TEXT(VP8 "EXIF\xff\0\0\0MMx"), -255, TRUE, "exif:45584946:11:MMx "},
        {TEXT(VP8 "EXIF"), -255, TRUE, "stray:0:4:EXIF "},
        /* refused, and told to the end */
        {TEXT(VP8X("\0") VP8_SMALL XMP "tail"), 4, FALSE,
         "xmp:584D5020:12:xmp trailer:0:4:tail "},
        {TEXT(VP8X("\2") ANIM CHUNK("ANMF", "\4", "abcd") XMP), 0, FALSE,
         "frame:414E4D46:12:abcd xmp:584D5020:12:xmp "},
        {TEXT(VP8X("\0") "EXIF\xff\0\0\0MMx"), -300, FALSE, "exif:45584946:11:MMx "},
        {TEXT(VP8X("\0") VP8X("\0") XMP VP8), 0, FALSE, "xmp:584D5020:12:xmp "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = wrap(cases[i].body, cases[i].n, cases[i].less);
        assert_parts(sp_webp_walk, (const char *)file->data, file->len, cases[i].ok,
                     cases[i].parts);
    }
}

/* However many ALPH stand before a lossless picture, it is looked for once. */
static void
test_many_alphas(void)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_auto(SpWalk) walk = {0};
    g_autofree guint8 *copy = NULL;
    guint64 carriers = 0;

    g_byte_array_append(body, (const guint8 *)TEXT(VP8X("\x10")));
    for (guint i = 0; i < 1u << 20; i++)
        g_byte_array_append(body, (const guint8 *)TEXT(CHUNK("ALPH", "\0", "")));
    g_byte_array_append(body, (const guint8 *)TEXT(VP8L));
    g_autoptr(GByteArray) file = wrap((const char *)body->data, body->len, 0);
    g_assert_true(walk_told(sp_webp_walk, (const char *)file->data, file->len, &copy, &carriers,
                            &walk, NULL));
    g_assert_cmphex(carriers, ==, CARRIER(UNKNOWN));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webp-walk/taken", test_taken);
    g_test_add_func("/webp-walk/refused", test_refused);
    g_test_add_func("/webp-walk/facts", test_facts);
    g_test_add_func("/webp-walk/large-profile", test_large_profile);
    g_test_add_func("/webp-walk/slices", test_slices);
    g_test_add_func("/webp-walk/parts", test_parts);
    g_test_add_func("/webp-walk/many-alphas", test_many_alphas);
    return g_test_run();
}
