/* SPDX-License-Identifier: MIT */
/* test-audit-inject.c -- whatever is put into an output at whatever place, it is refused.
 *
 * The grammars' own tests name the words of each refusal, and test-audit.c cuts at every byte
 * (and test-audit-jpeg.c puts every marker at every border). These are loops over what somebody
 * could want to hide something in, in good files of each layout: every chunk that a WebP is
 * known to carry and others, at every border, of every shape; every reserved bit; every byte
 * and a run of each behind the end; every length that is near or far; a table more for every
 * id; a second picture of either format at every border, alone and wrapped. */
#include "audit-files.h"

static const JpegRecipe jpegs[] = {
    {"grey", WIDTH, HEIGHT, 1, 80, FALSE, TRUE},
    {"colour", WIDTH, HEIGHT, 3, 80, FALSE, TRUE},
    {"progressive colour", WIDTH, HEIGHT, 3, 80, TRUE, TRUE},
};

static const WebpRecipe webps[] = {
    {"lossy", WIDTH, HEIGHT, FALSE, FALSE, 2, 0, 4, 1, 1, 80},
    {"lossless", WIDTH, HEIGHT, TRUE, FALSE, 2, 0, 4, 1, 1, 50},
    {"alpha", WIDTH, HEIGHT, FALSE, TRUE, 2, 0, 4, 1, 1, 80},
    {"raw alpha", 11, 9, FALSE, TRUE, 2, 0, 4, 1, 0, 80},
};

static void
mend_riff(GByteArray *file)
{
    write_le(file->data + 4, 4, file->len - 8);
}

/* The borders of a file's parts, its end the last. Owned by the caller. */
static GArray *
borders_of(const GByteArray *file, gboolean jpeg)
{
    GArray *borders = g_array_new(FALSE, FALSE, sizeof(guint));
    guint at = jpeg ? 0 : 12;
    for (; at < file->len; at = jpeg ? segment_end(file, at)
                                     : at + 8 + ((read_le(file->data + at + 4, 4) + 1) & ~1u))
        g_array_append_val(borders, at);
    g_array_append_val(borders, at);
    g_assert_cmpuint(at, ==, file->len);
    return borders;
}

/* Inserted at each border, it is refused; in a WebP whether or not its size is mended. */
static void
assert_nowhere(const GByteArray *file, const SpAuditPromise *promise, const void *bytes,
               guint n, const char *name)
{
    gboolean jpeg = promise->format == SP_AUDIT_JPEG;
    g_autoptr(GArray) borders = borders_of(file, jpeg);
    for (guint i = 0; i < borders->len; i++) {
        guint at = g_array_index(borders, guint, i);
        g_autofree char *where = g_strdup_printf("%s at %u", name, at);
        g_autoptr(GByteArray) edited = copy_of(file);
        splice(edited, at, 0, bytes, n);
        assert_refused(edited, promise, NULL, where);
        if (!jpeg)
            mend_riff(edited);
        assert_refused(edited, promise, NULL, where);
    }
}

/* ---- chunks ----------------------------------------------------------------------------- */

/* Of libwebp's, of its history, of other RIFF files, of nobody; of JPEG and PNG. */
static const char chunk_tags[][5] = {
    "EXIF",
    "Exif",
    "exif",
    "XMP ",
    "XMP\0",
    "xmp ",
    "ICCP",
    "iCCP",
    "ANIM",
    "ANMF",
    "FRGM",
    "VP8X",
    "VP8 ",
    "VP8L",
    "VP8\0",
    "vp8 ",
    "ALPH",
    "alph",
    "C2PA",
    "JUMB",
    "META",
    "TILE",
    "LOOP",
    "JUNK",
    "PAD ",
    "LIST",
    "INFO",
    "RIFF",
    "WEBP",
    "IDIT",
    "ISFT",
    "ICMT",
    "_PMX",
    "SNAP",
    "LICE",
    "abcd",
    "    ",
    "\0\0\0\0",
    "\xff\xff\xff\xff",
    "\xff\xd8\xff\xe1",
    "IEND",
    "VP8W",
    "VP8B",
};

static void
check_chunks(const GByteArray *file, const SpAuditPromise *promise, const char *tag)
{
    static const guint sizes[] = {0, 1, 2, 10, 11, 600};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        guint8 chunk[8 + 600] = {0};
        memcpy(chunk, tag, 4);
        write_le(chunk + 4, 4, sizes[i]);
        memset(chunk + 8, 'x', sizes[i]);
        g_autofree char *name = g_strdup_printf("'%.4s' of %u", tag, sizes[i]);
        assert_nowhere(file, promise, chunk, 8 + sizes[i] + sizes[i] % 2, name);
    }
}

static void
test_chunks(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(webps); i++) {
        SpAuditPromise promise = webp_promise(&webps[i]);
        g_autoptr(GByteArray) file = make_webp(&webps[i]);
        for (gsize k = 0; k < G_N_ELEMENTS(chunk_tags); k++)
            check_chunks(file, &promise, chunk_tags[k]);
    }
}

/* ---- reserved bits ---------------------------------------------------------------------- */

/* In JPEG a byte has no reserved bits but those that a number's range leaves: the upper half of
 * DQT's and DHT's first byte, of SOF's table ids, and Ah and Al. Values, not single bits. */
static void
test_reserved_values(void)
{
    static const struct {
        const char *name;
        guint8 marker, offset, first_bad; /* from this value on each is refused */
    } cases[] = {
        {"precision and id of DQT", 0xdb, 4, 4},
        {"class and id of DHT", 0xc4, 4, 18},
        {"bits of SOF", 0xc0, 4, 9},
        {"components of SOF", 0xc0, 9, 4},
        {"quantisation table of SOF", 0xc0, 12, 4},
        {"components of SOS", 0xda, 4, 4},
        {"tables of SOS", 0xda, 6, 18},
        {"start of band", 0xda, 11, 1},
        {"end of band", 0xda, 12, 64},
        {"high and low bit", 0xda, 13, 1},
    };
    SpAuditPromise promise = jpeg_promise(&jpegs[1]);
    g_autoptr(GByteArray) file = make_jpeg(&jpegs[1]);
    assert_passes(file, &promise, "colour");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint at = find_segment(file, cases[i].marker, 0) + cases[i].offset;
        for (guint value = cases[i].first_bad; value < 256; value++) {
            g_autoptr(GByteArray) edited = copy_of(file);
            edited->data[at] = (guint8)value;
            assert_refused(edited, &promise, NULL, cases[i].name);
        }
    }
}

/* ---- behind the end, and lengths -------------------------------------------------------- */

static void
check_trailing(const GByteArray *file, const SpAuditPromise *promise, const char *name)
{
    static const guint counts[] = {1, 2, 3, 4, 7, 8, 9, 64, 4096};
    for (guint value = 0; value < 256; value++) {
        for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
            g_autoptr(GByteArray) edited = copy_of(file);
            g_byte_array_set_size(edited, file->len + counts[i]);
            memset(edited->data + file->len, (int)value, counts[i]);
            assert_refused(edited, promise, NULL, name);
            if (promise->format == SP_AUDIT_WEBP)
                mend_riff(edited);
            assert_refused(edited, promise, NULL, name);
        }
    }
}

/* The last byte of a chunk of even size, when it is 0, may as well be the padding of a chunk
 * that is a byte shorter, and the other way round: the same parts, the same bytes in each. */
static gboolean
same_either_way(const GByteArray *file, guint at, guint right, guint wrong)
{
    guint less = MIN(right, wrong);
    return less % 2 == 1 && less + 1 == MAX(right, wrong) && file->data[at + 4 + less] == 0;
}

static guint
wrong_length(guint right, guint k)
{
    return k < 140 ? right - 70 + k : k < 220 ? k - 140 : 1u << (k % 32);
}

static void
check_chunk_length(const GByteArray *file, const SpAuditPromise *promise, guint at,
                   const char *name)
{
    guint right = read_le(file->data + at, 4);
    for (guint k = 0; k < 300; k++) {
        guint wrong = wrong_length(right, k);
        if (wrong == right || same_either_way(file, at, right, wrong))
            continue;
        g_autofree char *where = g_strdup_printf("%s: %u for %u at %u", name, wrong, right, at);
        g_autoptr(GByteArray) edited = copy_of(file);
        write_le(edited->data + at, 4, wrong);
        assert_refused(edited, promise, NULL, where);
    }
}

static void
check_segment_length(const GByteArray *file, const SpAuditPromise *promise, guint at,
                     const char *name)
{
    guint right = (guint)file->data[at] << 8 | file->data[at + 1];
    for (guint k = 0; k < 300; k++) {
        guint wrong = wrong_length(right, k) & 0xffff;
        if (wrong == right)
            continue;
        g_autofree char *where = g_strdup_printf("%s: %u for %u at %u", name, wrong, right, at);
        g_autoptr(GByteArray) edited = copy_of(file);
        edited->data[at] = (guint8)(wrong >> 8);
        edited->data[at + 1] = (guint8)wrong;
        assert_refused(edited, promise, NULL, where);
    }
}

/* Each number that says how long something is, with others instead. */
static void
check_lengths(const GByteArray *file, const SpAuditPromise *promise, const char *name)
{
    gboolean jpeg = promise->format == SP_AUDIT_JPEG;
    g_autoptr(GArray) borders = borders_of(file, jpeg);
    for (guint i = 0; i + 1 < borders->len; i++) {
        guint at = g_array_index(borders, guint, i);
        if (!jpeg)
            check_chunk_length(file, promise, at + 4, name);
        else if (file->data[at + 1] != 0xd8 && file->data[at + 1] != 0xd9)
            check_segment_length(file, promise, at + 2, name);
    }
}

static void
test_ends_and_lengths(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(jpegs); i++) {
        SpAuditPromise promise = jpeg_promise(&jpegs[i]);
        g_autoptr(GByteArray) file = make_jpeg(&jpegs[i]);
        check_trailing(file, &promise, jpegs[i].name);
        check_lengths(file, &promise, jpegs[i].name);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(webps); i++) {
        SpAuditPromise promise = webp_promise(&webps[i]);
        g_autoptr(GByteArray) file = make_webp(&webps[i]);
        check_trailing(file, &promise, webps[i].name);
        check_lengths(file, &promise, webps[i].name);
        for (guint bit = 0; bit < 32; bit++) { /* and the length of all */
            g_autoptr(GByteArray) edited = copy_of(file);
            edited->data[4 + bit / 8] ^= (guint8)(1 << bit % 8);
            assert_refused(edited, &promise, "RIFF", webps[i].name);
        }
    }
}

/* ---- tables that nobody uses ------------------------------------------------------------ */

static void
test_tables(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(jpegs); i++) {
        SpAuditPromise promise = jpeg_promise(&jpegs[i]);
        g_autoptr(GByteArray) file = make_jpeg(&jpegs[i]);
        for (guint id = 0; id < 256; id++) {
            guint8 dqt[69] = {0xff, 0xdb, 0, 67, (guint8)id};
            guint8 dht[22] = {0xff, 0xc4, 0, 20, (guint8)id, 1};
            g_autofree char *name = g_strdup_printf("%s: table 0x%02x", jpegs[i].name, id);
            memset(dqt + 5, 'x', 64);
            assert_nowhere(file, &promise, dqt, sizeof dqt, name);
            if (id > 0x13) /* a table that is there may stand again, when the last was used */
                assert_nowhere(file, &promise, dht, sizeof dht, name);
        }
    }
}

/* One of each id that a scan could use but none does, in front of the first scan. */
static void
test_spare_huffman_tables(void)
{
    SpAuditPromise promise = jpeg_promise(&jpegs[0]);
    g_autoptr(GByteArray) file = make_jpeg(&jpegs[0]);
    for (guint id = 0; id < 0x14; id++) {
        guint8 dht[22] = {0xff, 0xc4, 0, 20, (guint8)id, 1};
        g_autoptr(GByteArray) edited = copy_of(file);
        splice(edited, find_segment(file, 0xc4, 0), 0, dht, sizeof dht);
        assert_refused(edited, &promise, NULL, "first");
        g_autoptr(GByteArray) last = copy_of(file);
        splice(last, find_segment(file, 0xd9, 0), 0, dht, sizeof dht);
        assert_refused(last, &promise, NULL, "last");
    }
}

/* ---- a second picture ------------------------------------------------------------------- */

static void
check_second(const GByteArray *file, const SpAuditPromise *promise, const GByteArray *second,
             const char *name)
{
    g_autoptr(GByteArray) app = g_byte_array_new();
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    guint n = second->len + 2;
    const guint8 app_head[] = {0xff, 0xe2, (guint8)(n >> 8), (guint8)n};
    guint8 chunk_head[8] = "ANMF";
    write_le(chunk_head + 4, 4, second->len);
    g_byte_array_append(app, app_head, sizeof app_head);
    g_byte_array_append(app, second->data, second->len);
    g_byte_array_append(chunk, chunk_head, sizeof chunk_head);
    g_byte_array_append(chunk, second->data, second->len);
    g_byte_array_append(chunk, (const guint8 *)"", second->len % 2);
    assert_nowhere(file, promise, second->data, second->len, name);
    assert_nowhere(file, promise, app->data, app->len, name);
    assert_nowhere(file, promise, chunk->data, chunk->len, name);
}

static void
test_second_pictures(void)
{
    g_autoptr(GByteArray) jpeg = make_jpeg(&jpegs[0]);
    g_autoptr(GByteArray) webp = make_webp(&webps[0]);
    for (gsize i = 0; i < G_N_ELEMENTS(jpegs); i++) {
        SpAuditPromise promise = jpeg_promise(&jpegs[i]);
        g_autoptr(GByteArray) file = make_jpeg(&jpegs[i]);
        check_second(file, &promise, jpeg, jpegs[i].name);
        check_second(file, &promise, webp, jpegs[i].name);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(webps); i++) {
        SpAuditPromise promise = webp_promise(&webps[i]);
        g_autoptr(GByteArray) file = make_webp(&webps[i]);
        check_second(file, &promise, jpeg, webps[i].name);
        check_second(file, &promise, webp, webps[i].name);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/inject/chunks", test_chunks);
    g_test_add_func("/audit/inject/reserved-values", test_reserved_values);
    g_test_add_func("/audit/inject/ends-and-lengths", test_ends_and_lengths);
    g_test_add_func("/audit/inject/tables", test_tables);
    g_test_add_func("/audit/inject/spare-huffman-tables", test_spare_huffman_tables);
    g_test_add_func("/audit/inject/second-pictures", test_second_pictures);
    return g_test_run();
}
