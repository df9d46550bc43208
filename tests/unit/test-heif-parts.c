/* SPDX-License-Identifier: MIT */
/* test-heif-parts.c -- what a walk tells of a HEIF file, word for word, and how much of it.
 *
 * Which carriers each file of the tables has is test-heif-walk.c's. */
#include "container/heif-parts.h"

#include <time.h>

#include "container/heif-items.h"
#include "container/heif.h"
#include "heif-taken.h"

static void
note_part(const SpPart *part, gpointer data)
{
    guint32 kind = part->kind;
    const guint8 *payload = part->content.bytes;
    gsize n = part->content.n;
    char name[5] = {(char)(kind >> 24), (char)(kind >> 16), (char)(kind >> 8), (char)kind};
    if (part->carrier != SP_CARRIER_PICTURE)
        g_string_append_printf(data, "%s:%s:%.*s:%" G_GUINT64_FORMAT " ",
                               sp_carrier_info(part->carrier)->word, name, (int)MIN(n, 12),
                               (const char *)payload, part->n_bytes);
}

/* Everything that is told of a file, in order. */
static void
assert_told(const Fixture *file, const char *expected)
{
    g_autoptr(GByteArray) bytes = fixture_build(file);
    g_autoptr(GString) parts = g_string_new(NULL);
    g_auto(SpHeifWalk) walk = {0};
    g_assert_true(sp_heif_walk(bytes->data, bytes->len, note_part, parts, &walk, NULL));
    g_assert_cmpstr(parts->str, ==, expected);
}

static void
test_parts(void)
{
    Fixture file = {SINGLE, .no_slack = TRUE};
    file.items[1] = (FixtureItem){2, "mime", TEXT("<x:xmpmeta>"), .pieces = 3,
                                  .mime = "application/rdf+xml"};
    file.items[2] = (FixtureItem){3, "Exif", TEXT("exif"), .data_file = 1};
    file.items[3] = (FixtureItem){2, "mime", TEXT("same number"), .mime = "x"};
    file.properties[2] = (FixtureProperty)ICC;
    file.properties[3] = (FixtureProperty){"udes", TEXT("\0\0\0\0me")};
    file.before = "\0\0\0\x0c"
                  "freeabcd";
    file.n_before = 12;
    file.behind = "\0\0\0\x0cmpvdMOVItrailer";
    file.n_behind = 19;
    assert_told(&file, "padding:free:abcd:12 video:mpvd:MOVI:12 icc:colr:SECRET PROFI:26 "
                       "comment:udes:me:14 xmp:mime:<x:xmpmeta>:11 exif:Exif::0 "
                       "unknown:mime::0 stray:mdat:exifsame num:15 trailer::trailer:7 ");
}

/* Bytes of mdat and idat that are in no item, or in two. */
static void
test_slack(void)
{
    Fixture file = {SINGLE, .location_version = 1};
    file.items[0].pieces = 2;
    file.items[1] = (FixtureItem){2, "uri ", TEXT("PIC"), .same_as = 1};
    file.items[2] = (FixtureItem){3, "mime", TEXT("text"), .method = 1};
    file.behind = "\0\0\0\x0emdatBEHIND\0\0\0\x0cmdat\0\0\0\0";
    file.n_behind = 26;
    assert_told(&file, "uri:uri :PIC:3 unknown:mime:text:4 stray:idat:<SECRET>:8 "
                       "stray:mdat:<SECRET>:8 stray:mdat:<SECRET>:8 stray:mdat:BEHIND:6 ");
    file.meta_last = TRUE;
    file.n_behind = 0;
    file.items[1].n = 7 + strlen(SLACK);
    assert_told(&file, "uri:uri :PIC<SECRET>T:15 unknown:mime:text:4 stray:mdat:<SECRET>:8 "
                       "stray:idat:<SECRET>:8 ");
}

/* Where EXIF begins, and what stands before it. */
static void
test_exif_start(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        const char *told;
    } cases[] = {
        {TEXT("\0\0\0\0MM.*"), "exif:Exif:MM.*:8 "},
        {TEXT("\0\0\0\6Exif\0\0II*"), "exif:Exif:II*:13 "},
        {TEXT("\0\0\0\0Exif\0\0II*"), "exif:Exif:II*:13 "},
        {TEXT("\0\0\0\xa\xff\xe1\1\2Exif\0\0II*"), "exif:Exif:II*:17 "},
        {TEXT("II*.rest"), "exif:Exif:II*.rest:8 "},
        {TEXT("\0\0\0\6SECRETMM.*"), "stray:Exif:SECRET:6 exif:Exif:MM.*:8 "},
        {TEXT("\0\0\0\x7fSECRETSMM.*"), "exif:Exif:SECRETSMM.*:15 "},
        {TEXT("\xff\xff\xff\xff"), "exif:Exif::4 "},
        {TEXT("abc"), "exif:Exif:abc:3 "},
        {TEXT(""), "exif:Exif::0 "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture file = {SINGLE, .no_slack = TRUE};
        file.items[1] = (FixtureItem){2, "Exif", cases[i].bytes, cases[i].n};
        assert_told(&file, cases[i].told);
    }
}

/* Names of items and of the handler, and bytes behind what a table's entry says. */
static void
test_names(void)
{
    static const struct {
        const char *more; /* of meta, behind all else */
        gsize n;
        const char *told;
    } cases[] = {
        {TEXT("\0\0\0\x15uuidSECRET SECRET"), "unknown:uuid:SECRET SECRE:21 "},
        {TEXT("\0\0\0\x24"
              "dinf\0\0\0\x1c"
              "dref\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1"),
         ""},
        {TEXT("\0\0\0\x2a"
              "dinf\0\0\0\x22"
              "dref\0\0\0\0\0\0\0\1\0\0\0\x12url \0\0\0\0SECRET"),
         "unknown:dinf::42 "},
        {TEXT("abc"), "stray:meta:abc:3 "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture file = {SINGLE, .no_slack = TRUE};
        file.meta_more = cases[i].more;
        file.n_meta_more = cases[i].n;
        assert_told(&file, cases[i].told);
    }
    Fixture file = {SINGLE, .no_slack = TRUE, .handler = "pict\0\0\0\0\0\0\0\0\0\0\0\0SECRET",
                    .n_handler = 22};
    file.items[1] = (FixtureItem){2, "uri ", TEXT("x"), .name = "SECRET"};
    file.items[2] = (FixtureItem){3, "uri ", TEXT("x"), .name = "Exif"};
    assert_told(&file,
                "program:hdlr:SECRET:6 uri:uri :x:1 comment:infe:SECRET:6 uri:uri :x:1 ");
}

/* ---- limits --------------------------------------------------------------------------------
 */

static void
count_carrier(const SpPart *part, gpointer data)
{
    guint *counts = data;
    counts[part->carrier]++;
}

/* Items that share data are not told more than the file's size allows; pictures are, since
 * nothing of theirs is. */
static void
test_overlap(void)
{
    g_autofree char *text = g_strnfill(2000, 'x');
    Fixture file = {SINGLE, .no_slack = TRUE};
    for (guint i = 1; i < 23; i++) {
        file.items[i] = (FixtureItem){i + 1, "uri ", text, 2000};
        file.items[i].same_as = i > 1 ? 2 : 0;
    }
    g_autoptr(GByteArray) bytes = fixture_build(&file);
    guint counts[SP_CARRIER_COUNT] = {0};
    g_auto(SpHeifWalk) walk = {0};
    g_assert_true(sp_heif_walk(bytes->data, bytes->len, count_carrier, counts, &walk, NULL));
    g_assert_cmpuint(counts[SP_CARRIER_URI], ==, 22);
    g_assert_cmpuint(counts[SP_CARRIER_UNKNOWN], ==, 1); /* that there is more */
    g_assert_cmpuint(counts[SP_CARRIER_STRAY], ==, 0);
}

/* As many items as there may be, each with data of its own: no loop over all pairs. */
static void
test_many_items(void)
{
    enum { N = 65535 };
    GByteArray *iloc = fixture_full(0, 0), *iinf = fixture_full(0, 0);
    GByteArray *meta = fixture_full(0, 0), *iref = fixture_full(0, 0);
    fixture_put(iloc, 2, 0x4400);
    fixture_put(iloc, 2, N);
    fixture_put(iinf, 2, N);
    for (guint i = 0; i < N; i++) {
        guint32 id = N - i;
        fixture_put(iloc, 2, id);
        fixture_put(iloc, 4, 1); /* this file, one extent */
        fixture_put(iloc, 4, 24 + 2 * (gsize)id);
        fixture_put(iloc, 4, 1);
        fixture_add(iinf, TEXT("\0\0\0\x15infe\2\0\0\0"));
        fixture_put(iinf, 2, id);
        fixture_add(iinf, TEXT("\0\0hvc1\0"));
        fixture_add(iref, TEXT("\0\0\0\x0e"
                               "dimg"));
        fixture_put(iref, 2, id); /* each is derived from the next one */
        fixture_put(iref, 2, 1);
        fixture_put(iref, 2, id % N + 1);
    }
    fixture_box(meta, "iloc", iloc, FALSE);
    fixture_box(meta, "iinf", iinf, FALSE);
    fixture_box(meta, "iref", iref, FALSE);
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autofree char *data = g_strnfill(2 * N + 2, 'x');
    GByteArray *mdat = g_byte_array_new();
    fixture_add(file, TEXT("\0\0\0\x10"
                           "ftypheic\0\0\0\0"));
    fixture_add(mdat, data, 2 * N + 2);
    fixture_box(file, "mdat", mdat, FALSE);
    fixture_box(file, "meta", meta, FALSE);

    guint counts[SP_CARRIER_COUNT] = {0};
    g_auto(SpHeifWalk) walk = {0};
    clock_t start = clock();
    g_assert_false(sp_heif_walk(file->data, file->len, count_carrier, counts, &walk, NULL));
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    g_test_message("%.3f seconds of processor", seconds);
    g_assert_cmpfloat(seconds, <, 5);
    g_assert_cmpuint(counts[SP_CARRIER_SECOND_PICTURE], ==, N);
    g_assert_cmpuint(counts[SP_CARRIER_STRAY], ==, N + 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/heif-parts/parts", test_parts);
    g_test_add_func("/heif-parts/slack", test_slack);
    g_test_add_func("/heif-parts/exif-start", test_exif_start);
    g_test_add_func("/heif-parts/names", test_names);
    g_test_add_func("/heif-parts/overlap", test_overlap);
    g_test_add_func("/heif-parts/many-items", test_many_items);
    return g_test_run();
}
