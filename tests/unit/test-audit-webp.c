/* SPDX-License-Identifier: MIT */
/* test-audit-webp.c -- what libwebp writes for us passes; with one thing wrong it does not.
 *
 * Wrong are: a table of edits, chunks in other orders, each bit of the headers, each size of a
 * partition. A new case is a line. */
#include "audit-files.h"

/* ---- what libwebp writes ------------------------------------------------------------ */

enum { LOSSY = 0, ODD = 1, LOSSLESS = 2, ALPHA = 3, RAW_ALPHA = 4, PARTS = 5 };

static const WebpRecipe webp_recipes[] = {
    {"lossy", WIDTH, HEIGHT, FALSE, FALSE, 2, 0, 4, 1, 1, 80},
    {"odd", 33, 17, FALSE, FALSE, 4, 0, 1, 0, 1, 30},
    {"lossless", WIDTH, HEIGHT, TRUE, FALSE, 2, 0, 4, 1, 1, 50},
    {"alpha", WIDTH, HEIGHT, FALSE, TRUE, 2, 0, 4, 1, 1, 80},
    {"raw alpha", 11, 9, FALSE, TRUE, 2, 0, 4, 1, 0, 80},
    {"eight partitions", 100, 300, FALSE, FALSE, 2, 3, 4, 1, 1, 80},
    {"four partitions, odd", 100, 77, FALSE, FALSE, 0, 2, 2, 0, 1, 80},
    {"lossless alpha", 31, 7, TRUE, TRUE, 4, 0, 4, 1, 1, 80},
    {"one pixel", 1, 1, FALSE, FALSE, 4, 0, 4, 1, 1, 80},
    {"one pixel, eight partitions", 1, 1, FALSE, FALSE, 0, 3, 4, 1, 1, 80},
    {"one lossless pixel", 1, 1, TRUE, FALSE, 4, 0, 4, 1, 1, 80},
    {"one transparent pixel", 1, 1, FALSE, TRUE, 4, 0, 4, 1, 1, 80},
    {"large", 700, 500, FALSE, FALSE, 4, 0, 4, 1, 1, 95},
};

static void
append_chunk(GByteArray *file, const char *tag, const guint8 *body, guint n)
{
    guint8 size[4];

    write_le(size, 4, n);
    g_byte_array_append(file, (const guint8 *)tag, 4);
    g_byte_array_append(file, size, 4);
    g_byte_array_append(file, body, n);
    if (n % 2 != 0)
        g_byte_array_append(file, (const guint8 *)"", 1);
    write_le(file->data + 4, 4, file->len - 8);
}

static GByteArray *
new_riff(void)
{
    return g_byte_array_append(g_byte_array_new(), (const guint8 *)"RIFF\4\0\0\0WEBP", 12);
}

static void
test_webp_encoder(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(webp_recipes); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[i]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[i]);
        assert_passes(file, &promise, webp_recipes[i].name);
    }
}

/* A VP8 payload cut to n bytes, in a container that is right for it. */
static GByteArray *
with_vp8_of(const GByteArray *file, guint n)
{
    GByteArray *cut = new_riff();
    append_chunk(cut, "VP8 ", file->data + find_chunk(file, "VP8 ") + 8, n);
    return cut;
}

/* Every encoder setting that shapes the frame header. That the audit reads the number of
 * partitions right shows at the border: where all of them but the last byte are there. */
static void
check_vp8_border(const WebpRecipe *recipe)
{
    SpAuditPromise promise = webp_promise(recipe);
    g_autoptr(GByteArray) file = make_webp(recipe);
    const guint8 *body = file->data + find_chunk(file, "VP8 ") + 8;
    guint first = read_le(body, 3) >> 5;
    /* From method 3 on libwebp 1.2 makes one partition, whatever it is asked for. */
    guint partitions = recipe->method >= 3 ? 1 : 1u << recipe->partitions;
    guint end = 10 + first + 3 * (partitions - 1);
    for (guint i = 0; i + 1 < partitions; i++)
        end += read_le(body + 10 + first + (gsize)3 * i, 3);

    g_autofree char *name =
        g_strdup_printf("method %d, %u partitions, %d segments, filter %d", recipe->method,
                        partitions, recipe->segments, recipe->filter_type);
    assert_passes(file, &promise, name);
    g_autoptr(GByteArray) enough = with_vp8_of(file, end + 1);
    assert_passes(enough, &promise, name);
    for (guint n = 0; n <= end; n++) {
        g_autoptr(GByteArray) cut = with_vp8_of(file, n);
        assert_refused(cut, &promise, "'VP8 ' at byte 12", name);
    }
}

static void
test_webp_partitions(void)
{
    for (int i = 0; i < 7 * 4 * 4 * 2; i++) {
        WebpRecipe recipe = {
            "", 50, 70, FALSE, FALSE, i % 7, i / 7 % 4, i / 28 % 4 + 1, i / 112, 1, 20 + i / 3};
        check_vp8_border(&recipe);
    }
}

/* ---- one thing wrong ---------------------------------------------------------------- */

/* At this chunk (NULL: the file), from this byte on, cut bytes are replaced. */
static const struct {
    const char *name;
    int base; /* of webp_recipes */
    const char *tag;
    gint offset; /* from the chunk's begin; negative: from the end of the file */
    guint cut;
    const char *insert;
    guint n_insert;
    gboolean mend; /* make the RIFF size right again */
    const char *words;
} webp_edits[] = {
    {"not RIFF", LOSSY, NULL, 0, 1, BYTES("r"), TRUE, "no RIFF header"},
    {"not WEBP", LOSSY, NULL, 8, 4, BYTES("WAVE"), TRUE, "no RIFF header"},
    {"byte behind", LOSSY, NULL, -1, 0, BYTES("\0"), FALSE, "RIFF at byte 0 has"},
    {"byte behind, counted", LOSSY, NULL, -1, 0, BYTES("\0"), TRUE, "1 bytes after the pic"},
    {"zeros behind, counted", LOSSY, NULL, -1, 0, BYTES("\0\0\0\0\0\0\0\0"), TRUE, "chunk '?"},
    {"unknown chunk", LOSSY, "VP8 ", 0, 0, BYTES("abcd\0\0\0\0"), TRUE,
     "chunk 'abcd' at byte 12"},
    {"huge chunk", LOSSY, "VP8 ", 4, 4, BYTES("\xff\xff\xff\xff"), TRUE, "are left"},
    {"chunk tag", LOSSY, "VP8 ", 3, 1, BYTES("x"), TRUE, "chunk 'VP8x' at byte 12"},
    {"no key frame's header", LOSSY, "VP8 ", 11, 1, BYTES("\x9c"), TRUE,
     "no key frame's header"},
    {"upscaled across", LOSSY, "VP8 ", 15, 1, BYTES("\x40"), TRUE, "promised is 40x24"},
    {"upscaled down", LOSSY, "VP8 ", 17, 1, BYTES("\xc0"), TRUE, "promised is 40x24"},
    {"first partition", LOSSY, "VP8 ", 10, 1, BYTES("\x7f"), TRUE, "its first partition has"},
    {"colour space", LOSSY, "VP8 ", 18, 1, BYTES("\x80"), TRUE, "no valid frame header"},
    {"VP8L signature", LOSSLESS, "VP8L", 8, 1, BYTES("\x2e"), TRUE, "has no header"},
    {"VP8L version", LOSSLESS, "VP8L", 12, 1, BYTES("\x20"), TRUE, "has version 1"},
    {"VP8L alone", LOSSLESS, "VP8L", 4, 4, BYTES("\4\0\0\0"), TRUE, "has no header"},
    {"VP8L of 5 bytes", LOSSLESS, "VP8L", 4, 10, BYTES("\5\0\0\0\x2f\x27\xc0\5\0\0"), TRUE,
     "has no header"},
    {"ALPH of 1 byte", ALPHA, "ALPH", 4, 6, BYTES("\1\0\0\0\1\0"), TRUE, "is empty"},
    {"ALPH of none", ALPHA, "ALPH", 4, 4, BYTES("\0\0\0\0"), TRUE, "is empty"},
    {"Exif flag", ALPHA, "VP8X", 8, 1, BYTES("\x18"), TRUE, "flags 0x00000018"},
    {"XMP flag", ALPHA, "VP8X", 8, 1, BYTES("\x14"), TRUE, "flags 0x00000014"},
    {"ICC flag", ALPHA, "VP8X", 8, 1, BYTES("\x30"), TRUE, "flags 0x00000030"},
    {"animation flag", ALPHA, "VP8X", 8, 1, BYTES("\x12"), TRUE, "flags 0x00000012"},
    {"no flag", ALPHA, "VP8X", 8, 1, BYTES("\0"), TRUE, "flags 0x00000000"},
    {"VP8X reserved", ALPHA, "VP8X", 10, 1, BYTES("\1"), TRUE, "flags 0x00010010"},
    {"canvas width", ALPHA, "VP8X", 12, 1, BYTES("\x28"), TRUE, "says 41x24"},
    {"canvas height", ALPHA, "VP8X", 17, 1, BYTES("\1"), TRUE, "says 40x65560"},
    {"VP8X of 12", ALPHA, "VP8X", 4, 14, BYTES("\14\0\0\0\20\0\0\0\x27\0\0\x17\0\0\0\0"), TRUE,
     "has 12 bytes, not 10"},
    {"ALPH reserved", ALPHA, "ALPH", 8, 1, BYTES("\x41"), TRUE, "has flags 0x41"},
    {"ALPH preprocessing", ALPHA, "ALPH", 8, 1, BYTES("\x21"), TRUE, "has flags 0x21"},
    {"ALPH compression", ALPHA, "ALPH", 8, 1, BYTES("\2"), TRUE, "has flags 0x02"},
    {"ALPH not raw", ALPHA, "ALPH", 8, 1, BYTES("\0"), TRUE, "bytes of raw alpha for 960"},
    {"raw alpha longer", RAW_ALPHA, "ALPH", 4, 1, BYTES("\x66"), TRUE, "raw alpha for 99"},
    {"raw alpha shorter", RAW_ALPHA, "ALPH", 4, 1, BYTES("\x62"), TRUE, "raw alpha for 99"},
};

static void
test_webp_edits(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(webp_edits); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[webp_edits[i].base]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[webp_edits[i].base]);
        guint at = webp_edits[i].tag != NULL ? find_chunk(file, webp_edits[i].tag) : 0;
        at += webp_edits[i].offset < 0 ? file->len : (guint)webp_edits[i].offset;
        splice(file, at, webp_edits[i].cut, webp_edits[i].insert, webp_edits[i].n_insert);
        if (webp_edits[i].mend)
            write_le(file->data + 4, 4, file->len - 8);
        assert_refused(file, &promise, webp_edits[i].words, webp_edits[i].name);
    }
}

/* Chunks in every order that a reader might forgive. */
static void
test_webp_layouts(void)
{
    static const struct {
        const char *tags;  /* four letters each */
        const char *words; /* NULL: must pass */
    } cases[] = {
        {"VP8 ", NULL},
        {"VP8L", NULL},
        {"VP8XALPHVP8 ", NULL},
        {"", "where a chunk must be"},
        {"ALPHVP8 ", "chunk 'ALPH' at byte 12"},
        {"VP8 VP8 ", "chunk 'VP8 ' at byte"},
        {"VP8LVP8L", "chunk 'VP8L' at byte"},
        {"VP8 ALPH", "chunk 'ALPH' at byte"},
        {"VP8 EXIF", "chunk 'EXIF' at byte"},
        {"VP8LXMP ", "chunk 'XMP ' at byte"},
        {"EXIFVP8 ", "chunk 'EXIF' at byte 12"},
        {"VP8XVP8 ", "chunk 'VP8 ' at byte 30"},
        {"VP8XVP8L", "chunk 'VP8L' at byte 30"},
        {"VP8XALPH", "where a chunk must be"},
        {"VP8XALPHVP8L", "chunk 'VP8L' at byte"},
        {"VP8XALPHALPHVP8 ", "chunk 'ALPH' at byte"},
        {"VP8XALPHVP8 EXIF", "chunk 'EXIF' at byte"},
        {"VP8XALPHVP8 XMP ", "chunk 'XMP ' at byte"},
        {"VP8XALPHVP8 abcd", "chunk 'abcd' at byte"},
        {"VP8XALPHVP8 VP8 ", "chunk 'VP8 ' at byte"},
        {"VP8XICCPALPHVP8 ", "chunk 'ICCP' at byte 30"},
        {"VP8XANIMANMF", "chunk 'ANIM' at byte 30"},
        {"VP8XVP8XALPHVP8 ", "chunk 'VP8X' at byte 30"},
        {"VP8XALPHEXIFVP8 ", "chunk 'EXIF' at byte"},
    };
    SpAuditPromise promise = webp_promise(&webp_recipes[ALPHA]);
    g_autoptr(GByteArray) alpha = make_webp(&webp_recipes[ALPHA]);
    g_autoptr(GByteArray) lossless = make_webp(&webp_recipes[LOSSLESS]);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = new_riff();
        for (const char *tag = cases[i].tags; *tag != '\0'; tag += 4) {
            const char head[] = {tag[0], tag[1], tag[2], tag[3], '\0'};
            gboolean known = strstr("VP8 VP8LVP8XALPH", head) != NULL;
            const GByteArray *from = memcmp(tag, "VP8L", 4) == 0 ? lossless : alpha;
            guint at = known ? find_chunk(from, tag) : 0;
            if (known)
                append_chunk(file, tag, from->data + at + 8, read_le(from->data + at + 4, 4));
            else
                append_chunk(file, tag, (const guint8 *)"secrets", 7);
        }
        if (cases[i].words == NULL)
            assert_passes(file, &promise, cases[i].tags);
        else
            assert_refused(file, &promise, cases[i].words, cases[i].tags);
    }
}

/* Each bit of these ranges; what passes is another picture and hides nothing. */
static void
test_webp_flips(void)
{
    static const struct {
        const char *tag;
        guint first_bit, end_bit; /* from the chunk's begin; bit 0 of a byte is its lowest */
        int base;
        gboolean passes;
    } cases[] = {
        {"VP8 ", 0, 8 * 8 + 1, LOSSY, FALSE},        /* tag, size, key frame */
        {"VP8 ", 8 * 8 + 1, 8 * 8 + 3, LOSSY, TRUE}, /* profile 0 to 3 */
        {"VP8 ", 8 * 8 + 1, 8 * 8 + 3, ODD, TRUE},
        {"VP8 ", 8 * 8 + 3, 8 * 8 + 5, LOSSY, FALSE}, /* profile over 3, shown */
        {"VP8 ", 11 * 8, 18 * 8, LOSSY, FALSE},       /* start code, width, height */
        {"VP8L", 0, 12 * 8 + 4, LOSSLESS, FALSE},
        {"VP8L", 12 * 8 + 4, 12 * 8 + 5, LOSSLESS, TRUE}, /* a hint: alpha is used */
        {"VP8L", 12 * 8 + 5, 13 * 8, LOSSLESS, FALSE},    /* version */
        {"VP8X", 0, 18 * 8, ALPHA, FALSE},
        {"ALPH", 0, 8 * 8 + 2, ALPHA, FALSE},
        {"ALPH", 8 * 8 + 2, 8 * 8 + 5, ALPHA, TRUE}, /* filter, levels were reduced */
        {"ALPH", 8 * 8 + 5, 9 * 8, ALPHA, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[cases[i].base]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[cases[i].base]);
        guint start = find_chunk(file, cases[i].tag) * 8;
        for (guint bit = start + cases[i].first_bit; bit < start + cases[i].end_bit; bit++) {
            g_autoptr(GByteArray) edited = copy_of(file);
            g_autofree char *name =
                g_strdup_printf("%s: bit %u of byte %u", cases[i].tag, bit % 8, bit / 8);
            edited->data[bit / 8] ^= (guint8)(1 << bit % 8);
            if (cases[i].passes)
                assert_passes(edited, &promise, name);
            else
                assert_refused(edited, &promise, NULL, name);
        }
    }
}

/* The twelve bytes that every WebP begins with. */
static void
test_webp_riff_flips(void)
{
    SpAuditPromise promise = webp_promise(&webp_recipes[LOSSY]);
    g_autoptr(GByteArray) file = make_webp(&webp_recipes[LOSSY]);

    for (guint bit = 0; bit < 12 * 8; bit++) {
        g_autoptr(GByteArray) edited = copy_of(file);
        edited->data[bit / 8] ^= (guint8)(1 << bit % 8);
        assert_refused(edited, &promise, "RIFF", "a flip in the RIFF header");
    }
}

/* The pad byte behind a chunk of an odd size; libwebp makes VP8 even but not ALPH. */
static void
test_webp_padding(void)
{
    SpAuditPromise promise = webp_promise(&webp_recipes[LOSSY]);
    g_autoptr(GByteArray) file = make_webp(&webp_recipes[LOSSY]);
    guint n = read_le(file->data + 16, 4);
    g_autoptr(GByteArray) odd = with_vp8_of(file, n - 1 + n % 2);

    assert_passes(odd, &promise, "odd");
    odd->data[odd->len - 1] = 1;
    assert_refused(odd, &promise, "padding at byte", "padding of 1");
    g_byte_array_set_size(odd, odd->len - 1);
    write_le(odd->data + 4, 4, odd->len - 8);
    assert_refused(odd, &promise, "are left", "no padding");
}

static void
test_webp_partition_sizes(void)
{
    SpAuditPromise promise = webp_promise(&webp_recipes[PARTS]);
    g_autoptr(GByteArray) file = make_webp(&webp_recipes[PARTS]);
    guint at = find_chunk(file, "VP8 ") + 8;
    guint table = at + 10 + (read_le(file->data + at, 3) >> 5);

    for (guint i = 0; i < 7; i++) {
        g_autofree char *words = g_strdup_printf("partition %u of 8", i + 1);
        g_autoptr(GByteArray) edited = copy_of(file);
        write_le(edited->data + table + (gsize)3 * i, 3, 0xffffff);
        assert_refused(edited, &promise, words, "too large");
        write_le(edited->data + table + (gsize)3 * i, 3, 0);
        assert_refused(edited, &promise, words, "empty");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/webp/encoder", test_webp_encoder);
    g_test_add_func("/audit/webp/partitions", test_webp_partitions);
    g_test_add_func("/audit/webp/edits", test_webp_edits);
    g_test_add_func("/audit/webp/layouts", test_webp_layouts);
    g_test_add_func("/audit/webp/flips", test_webp_flips);
    g_test_add_func("/audit/webp/riff-flips", test_webp_riff_flips);
    g_test_add_func("/audit/webp/padding", test_webp_padding);
    g_test_add_func("/audit/webp/partition-sizes", test_webp_partition_sizes);
    return g_test_run();
}
