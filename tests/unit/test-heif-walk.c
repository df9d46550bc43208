/* SPDX-License-Identifier: MIT */
/* test-heif-walk.c -- what a walk takes, refuses and leaves in the slim view.
 *
 * Files are put together by heif-fixture.h: heif-taken.h
 * and heif-refused.h have the tables. Whatever must not reach a decoder has the word
 * SECRET in it: no slim view may. Every file that is taken is also walked cut after every byte,
 * in a block of exactly that size, and its slim view is walked in turn: it must be its own slim
 * view, of the same picture. That slim views decode to the same pixels is tested with the
 * renderer. */
#include "container/heif.h"

#include "base/error.h"
#include "heif-refused.h"
#include "heif-taken.h"

static SpSlice
slice(const GByteArray *bytes)
{
    return (SpSlice){bytes->data, bytes->len};
}

static GByteArray *
join(const GArray *slim)
{
    GByteArray *joined = g_byte_array_new();
    for (guint i = 0; i < slim->len; i++) {
        SpSlice piece = g_array_index(slim, SpSlice, i);
        g_assert_cmpuint(piece.n, >, 0);
        g_byte_array_append(joined, piece.bytes, (guint)piece.n);
    }
    return joined;
}

static char *
join_tiles(const SpHeifWalk *walk)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < walk->tiles->len; i++) {
        SpSlice tile = g_array_index(walk->tiles, SpSlice, i);
        g_string_append_len(text, (const char *)tile.bytes, (gssize)tile.n);
        g_string_append_c(text, '|');
    }
    return g_string_free(text, FALSE);
}

static void
add_carrier(const SpPart *part, gpointer data)
{
    guint64 *carriers = data;
    if (part->carrier != SP_CARRIER_PICTURE)
        *carriers |= G_GUINT64_CONSTANT(1) << part->carrier;
}

/* Walk a copy in a block of exactly its size; *ret_block owns it. */
static gboolean
walk_copy(SpSlice file, guint8 **ret_block, guint64 *ret_carriers, SpHeifWalk *ret_walk,
          GError **error)
{
    *ret_block = g_memdup2(file.bytes, file.n);
    *ret_carriers = 0;
    return sp_heif_walk(*ret_block, file.n, add_carrier, ret_carriers, ret_walk, error);
}

/* The slim view has no secret, and is its own slim view of the same picture. */
static void
check_slim(const SpHeifWalk *walk)
{
    g_autoptr(GByteArray) slim = join(walk->walk.slim);
    g_autofree guint8 *block = NULL;
    guint64 carriers = 0;
    g_auto(SpHeifWalk) again = {0};
    g_autoptr(GError) error = NULL;

    g_assert_null(memmem(slim->data, slim->len, "SECRET", 6));
    walk_copy(slice(slim), &block, &carriers, &again, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) slimmer = join(again.walk.slim);
    g_assert_cmpmem(slimmer->data, slimmer->len, slim->data, slim->len);
    g_autofree char *tiles = join_tiles(walk);
    g_autofree char *same_tiles = join_tiles(&again);
    g_assert_cmpstr(same_tiles, ==, tiles);
    g_assert_cmphex(carriers, ==, 0);
    g_assert_null(again.walk.colour.icc);
    g_assert_cmpuint(again.walk.orientation, ==, 1);
    g_assert_cmpuint(again.walk.crop.width, ==, walk->walk.width);
    g_assert_cmpuint(again.walk.crop.height, ==, walk->walk.height);
    g_assert_cmpuint(again.walk.bits, ==, walk->walk.bits);
    g_assert_cmpint(again.walk.alpha, ==, walk->walk.alpha);
    g_assert_cmpint(again.walk.premultiplied, ==, walk->walk.premultiplied);
    g_assert_cmpuint(again.coding, ==, walk->coding);
    g_assert_cmpuint(again.columns, ==, walk->columns);
    g_assert_cmpuint(again.rows, ==, walk->rows);
}

/* ---- what is taken -------------------------------------------------------------------------
 */

static void
check_shape(const SpHeifWalk *walk, const Taken *t)
{
    guint width = t->width ? t->width : 64, height = t->height ? t->height : 48;
    SpRect crop = t->crop.width ? t->crop : (SpRect){0, 0, width, height};

    g_assert_cmpuint(walk->walk.width, ==, width);
    g_assert_cmpuint(walk->walk.height, ==, height);
    g_assert_cmpuint(walk->walk.crop.left, ==, crop.left);
    g_assert_cmpuint(walk->walk.crop.top, ==, crop.top);
    g_assert_cmpuint(walk->walk.crop.width, ==, crop.width);
    g_assert_cmpuint(walk->walk.crop.height, ==, crop.height);
    g_assert_cmpuint(walk->walk.orientation, ==, t->orientation ? t->orientation : 1);
    g_assert_cmpuint(walk->columns, ==, t->columns ? t->columns : 1);
    g_assert_cmpuint(walk->rows, ==, t->rows ? t->rows : 1);
    g_assert_cmpuint(walk->tile_width, ==, t->tile_width ? t->tile_width : width);
    g_assert_cmpuint(walk->tile_height, ==, t->tile_height ? t->tile_height : height);
    g_assert_cmpuint(walk->walk.bits, ==, t->bits ? t->bits : 8);
    g_assert_cmpuint(walk->walk.frames, ==, 1);
    g_assert_false(walk->walk.streams);
}

static void
check_taken(const SpHeifWalk *walk, const Taken *t)
{
    const SpColourTags *colour = &walk->walk.colour;
    g_autofree char *tiles = join_tiles(walk);

    check_shape(walk, t);
    g_assert_cmpstr(tiles, ==, t->tiles);
    g_assert_cmpint(walk->walk.alpha, ==, t->alpha);
    g_assert_cmpint(walk->walk.premultiplied, ==, t->premultiplied);
    g_assert_cmpint(walk->walk.cut, ==, t->cut);
    g_assert_cmpint(walk->config.bytes == NULL, ==, t->mixed);
    g_assert_cmpint(colour->nclx.present, ==, t->nclx);
    if (t->nclx)
        g_assert_true(colour->nclx.primaries == 1 && colour->nclx.transfer == 13 &&
                      colour->nclx.matrix == 6 && colour->nclx.full_range);
    g_assert_cmpint(colour->icc != NULL, ==, t->icc);
    if (t->icc)
        g_assert_cmpmem(g_bytes_get_data(colour->icc, NULL), g_bytes_get_size(colour->icc),
                        "SECRET PROFILE", 14);
    g_assert_cmpint(colour->adobe_rgb, ==, t->adobe);
}

/* Slack is what no item has; where there are tracks it is theirs. */
static guint64
with_slack(guint64 carriers, const Fixture *file)
{
    gboolean has_slack = FALSE;
    for (guint i = 0; i < fixture_n_items(file) && !file->no_slack; i++)
        has_slack |= file->items[i].data != NULL && file->items[i].method < 2;
    return carriers | (has_slack && !(carriers & C(SEQUENCE)) ? C(STRAY) : 0);
}

static void
test_taken(gconstpointer data)
{
    const Taken *t = data;
    g_autoptr(GByteArray) file = fixture_build(&t->file);
    g_autofree guint8 *block = NULL;
    guint64 carriers = 0;
    g_auto(SpHeifWalk) walk = {0};
    g_autoptr(GError) error = NULL;

    walk_copy(slice(file), &block, &carriers, &walk, &error);
    g_assert_no_error(error);
    g_assert_cmphex(carriers, ==, with_slack(t->carriers, &t->file));
    check_taken(&walk, t);
    check_slim(&walk);
    if (t->slim.primary != 0) {
        g_autoptr(GByteArray) expected = fixture_build(&t->slim);
        g_autoptr(GByteArray) slim = join(walk.walk.slim);
        g_assert_cmpmem(slim->data, slim->len, expected->data, expected->len);
    }
}

/* Cut after every byte: the same picture, or a refusal. */
static void
test_cut(gconstpointer data)
{
    const Taken *t = data;
    g_autoptr(GByteArray) file = fixture_build(&t->file);
    for (gsize n = 0; n < file->len; n++) {
        g_autofree guint8 *block = NULL;
        guint64 carriers = 0;
        g_auto(SpHeifWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        if (walk_copy((SpSlice){file->data, n}, &block, &carriers, &walk, &error)) {
            g_autofree char *tiles = join_tiles(&walk);
            g_assert_cmpstr(tiles, ==, t->tiles);
            check_slim(&walk);
        } else {
            int code = n < 8 ? SP_ERROR_CORRUPT : SP_ERROR_TRUNCATED;
            g_assert_error(error, SP_ERROR, code);
        }
    }
}

static void
test_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GByteArray) file = fixture_build(&refused[i].file);
        g_autofree guint8 *block = NULL;
        guint64 carriers = 0;
        g_auto(SpHeifWalk) walk = {0};
        g_autoptr(GError) error = NULL;

        g_test_message("%s", refused[i].name);
        g_assert_false(walk_copy(slice(file), &block, &carriers, &walk, &error));
        g_assert_cmphex(carriers, ==, with_slack(refused[i].carriers, &refused[i].file));
        g_assert_error(error, SP_ERROR, refused[i].code);
        if (strstr(error->message, refused[i].word) == NULL)
            g_error("%s: '%s'", refused[i].name, error->message);
        g_assert_null(walk.walk.slim);
    }
}

/* ---- versions ------------------------------------------------------------------------------
 */

static const Taken *
find_taken(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
        if (strcmp(taken[i].name, name) == 0)
            return &taken[i];
    }
    g_assert_not_reached();
}

static gboolean
bit(guint bits, guint at)
{
    return (bits >> at & 1) != 0;
}

/* The same picture in all the ways that it can be written down: one slim view. */
static void
test_versions(void)
{
    const Fixture *plain = &find_taken("alpha grid")->file;
    g_autoptr(GByteArray) expected = NULL;
    for (guint bits = 0; bits < 1u << 11; bits++) {
        Fixture file = *plain;
        file.item_version = bit(bits, 0) ? 3 : 2;
        file.location_version = bit(bits, 1) ? 1 + bit(bits, 2) : 0;
        file.primary_version = bit(bits, 3);
        file.reference_version = bit(bits, 3);
        file.wide_numbers = bit(bits, 4);
        file.wide_properties = bit(bits, 5);
        file.wide_ids = bit(bits, 6);
        file.large_boxes = bit(bits, 7);
        file.meta_last = bit(bits, 8);
        file.meta_to_end = bit(bits, 8) && !file.large_boxes;
        file.index_size = bit(bits, 9) ? 4 : 0;
        for (guint i = 0; bit(bits, 10) && i < fixture_n_items(&file); i++) {
            file.items[i].pieces = i % 3;
            file.items[i].method = file.location_version > 0 ? i % 2 : 0;
        }
        g_autoptr(GByteArray) bytes = fixture_build(&file);
        g_auto(SpHeifWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        if (!sp_heif_walk(bytes->data, bytes->len, NULL, NULL, &walk, &error))
            g_error("%x: %s", bits, error->message);
        GByteArray *slim = join(walk.walk.slim);
        if (expected == NULL)
            expected = g_byte_array_ref(slim);
        g_assert_cmpmem(slim->data, slim->len, expected->data, expected->len);
        g_byte_array_unref(slim);
    }
}

/* Items with numbers of 32 bits. */
static void
test_large_ids(void)
{
    Fixture file = find_taken("a grid")->file;
    file.item_version = 3;
    file.location_version = 2;
    file.primary_version = file.reference_version = 1;
    file.wide_ids = TRUE;
    for (guint i = 0; i < 5; i++)
        file.items[i].id |= 0xFFFF0000;
    for (guint i = 0; i < 4; i++)
        file.references[0].to[i] |= 0xFFFF0000;
    file.references[0].from |= 0xFFFF0000;
    file.primary |= 0xFFFF0000;
    g_autoptr(GByteArray) bytes = fixture_build(&file);
    g_auto(SpHeifWalk) walk = {0};
    g_autoptr(GError) error = NULL;
    gboolean is_ok = sp_heif_walk(bytes->data, bytes->len, NULL, NULL, &walk, &error);
    g_assert_no_error(error);
    g_assert_true(is_ok);
    check_taken(&walk, find_taken("a grid"));
    check_slim(&walk);
}

/* ---- limits --------------------------------------------------------------------------------
 */

static void
assert_refused(const GByteArray *bytes, int code, const char *word)
{
    g_auto(SpHeifWalk) walk = {0};
    g_autoptr(GError) error = NULL;
    g_assert_false(sp_heif_walk(bytes->data, bytes->len, NULL, NULL, &walk, &error));
    g_assert_error(error, SP_ERROR, code);
    if (strstr(error->message, word) == NULL)
        g_error("'%s' is not '%s'", error->message, word);
}

/* A file of which a table in meta has more entries than may be. */
static void
test_many_entries(void)
{
    static const struct {
        const char *box;
        const char *head;
        gsize n_head;
        const char *entry;
        gsize n_entry;
    } tables[] = {
        {"iinf", TEXT("\0\0\0\0\0\0"), TEXT("\0\0\0\x14infe\2\0\0\0\0\1\0\0hvc1")},
        {"iloc", TEXT("\2\0\0\0\0\0\0\1\0\1"), TEXT("\0\0\0\1\0\0\0\0\0\0")},
        {"iref", TEXT("\0\0\0\0"),
         TEXT("\0\0\0\x0c"
              "dimg\0\1\0\0")},
        {"iref", TEXT("\0\0\0\0"),
         TEXT("\0\0\0\x10"
              "dimg\0\1\0\2\0\1\0\1")},
        {"iprp", TEXT("\0\x20\0\0ipco"),
         TEXT("\0\0\0\x08"
              "free")},
        {"iprp", TEXT("\0\x20\0\0ipma\0\0\0\0\0\1\0\1"), TEXT("\0\1\0")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        GByteArray *meta = fixture_full(0, 0), *table = g_byte_array_new();
        fixture_add(table, tables[i].head, tables[i].n_head);
        for (guint k = 0; k < 65537; k++)
            fixture_add(table, tables[i].entry, tables[i].n_entry);
        fixture_box(meta, tables[i].box, table, FALSE);
        g_autoptr(GByteArray) file = g_byte_array_new();
        fixture_add(file, TEXT("\0\0\0\x10"
                               "ftypheic\0\0\0\0"));
        fixture_box(file, "meta", meta, FALSE);
        assert_refused(file, SP_ERROR_TOO_MUCH_WORK, "limit is 65536 (of its format)");
    }
}

/* Counts that promise more than the file has. */
static void
test_huge_counts(void)
{
    static const struct {
        const char *box;
        const char *payload;
        gsize n;
    } boxes[] = {
        {"iloc", TEXT("\2\0\0\0\x44\0\xff\xff\xff\xff\0\0\0\1")},
        {"iloc", TEXT("\0\0\0\0\x44\0\0\1\0\1\0\0\xff\xff\0\0\0\1\0\0\0\1")},
        {"iloc", TEXT("\0\0\0\0\xff\xff\0\1")},
        {"iloc", TEXT("\0\0\0\0")},
        {"iref", TEXT("\0\0\0\0\0\0\0\x0e"
                      "dimg\0\1\xff\xff\0\1")},
        {"iprp", TEXT("\0\0\0\x10ipma\0\0\0\0\xff\xff\xff\xff")},
        {"iinf", TEXT("\0")},
        {"iinf", TEXT("\0\0\0\0\xff\xff\0\0\0\x0cinfe\2\0\0\0")},
        {"pitm", TEXT("\1\0\0\0\0")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(boxes); i++) {
        GByteArray *meta = fixture_full(0, 0), *table = g_byte_array_new();
        fixture_add(table, boxes[i].payload, boxes[i].n);
        fixture_box(meta, boxes[i].box, table, FALSE);
        g_autoptr(GByteArray) file = g_byte_array_new();
        fixture_add(file, TEXT("\0\0\0\x10"
                               "ftypheic\0\0\0\0"));
        fixture_box(file, "meta", meta, FALSE);
        assert_refused(file, SP_ERROR_CORRUPT, "makes no sense");
    }
}

static void
test_many_boxes(void)
{
    g_autoptr(GByteArray) boxes = g_byte_array_new();
    for (guint i = 0; i < 65536; i++)
        fixture_add(boxes, TEXT("\0\0\0\x08wide"));
    Fixture file = {SINGLE, .before = (const char *)boxes->data, .n_before = boxes->len};
    g_autoptr(GByteArray) bytes = fixture_build(&file);
    assert_refused(bytes, SP_ERROR_TOO_MUCH_WORK, "boxes");
    file = (Fixture){SINGLE};
    file.items[0].pieces = 4097;
    g_autoptr(GByteArray) pieces = fixture_build(&file);
    assert_refused(pieces, SP_ERROR_TOO_MUCH_WORK, "pieces");
}

/* The 140th property; and a profile that is as large as it may be, or larger. */
static void
test_far_property(void)
{
    const gsize most = (gsize)4 << 20;
    for (gsize n = most; n <= most + 1; n++) {
        g_autofree char *profile = g_strnfill(n + 4, 'x');
        Fixture file = {SINGLE, .wide_properties = TRUE};
        memcpy(profile, "prof", 4);
        for (guint i = 2; i < 139; i++)
            file.properties[i] = (FixtureProperty){"free", "", 0};
        file.properties[139] = (FixtureProperty){"colr", profile, n + 4};
        file.items[0].properties[2] = 140;
        g_autoptr(GByteArray) bytes = fixture_build(&file);
        g_auto(SpHeifWalk) walk = {0};
        g_assert_true(sp_heif_walk(bytes->data, bytes->len, NULL, NULL, &walk, NULL));
        g_assert_cmpint(walk.walk.colour.icc != NULL, ==, n == most);
    }
}

/* A row of 23 tiles of 32 x 32, that all name the beginning of one piece of data. */
static Fixture
make_row(const char *data, gsize n)
{
    Fixture file = {.primary = 24,
                    .references = {{"dimg", 24, 23}},
                    .properties = {ISPE("\xff", "\x20"), ISPE("\x20", "\x20"), HVCC}};
    for (guint i = 0; i < 23; i++) {
        file.items[i] = (FixtureItem){i + 1, "hvc1", data, n, P(2, 3)};
        file.items[i].same_as = i > 0;
        file.references[0].to[i] = i + 1;
    }
    file.items[23] = (FixtureItem){24, "grid", TEXT("\0\0\0\x16\2\xdf\0\x20"), P(1)};
    return file;
}

/* Data that overlaps does not make the slim view larger than the file. */
static void
test_overlap(void)
{
    g_autofree char *data = g_strnfill(2000, 'x');
    Fixture file = make_row(data, 2000);
    g_autoptr(GByteArray) shared = fixture_build(&file);
    g_auto(SpHeifWalk) walk = {0};
    g_assert_true(sp_heif_walk(shared->data, shared->len, NULL, NULL, &walk, NULL));
    g_assert_cmpuint(walk.tiles->len, ==, 23);
    g_assert_cmpuint(sp_slim_size(walk.walk.slim), <, shared->len + 1000);
    check_slim(&walk);

    for (guint i = 1; i < 23; i++)
        file.items[i].n -= i;
    g_autoptr(GByteArray) overlapping = fixture_build(&file);
    assert_refused(overlapping, SP_ERROR_TOO_MUCH_WORK, "coded pictures have at least");
    for (guint i = 1; i < 23; i++)
        file.items[i].pieces = 2;
    g_autoptr(GByteArray) pieces = fixture_build(&file);
    assert_refused(pieces, SP_ERROR_TOO_MUCH_WORK, "pieces of picture data have at least");
}

/* Tiles of which each has its own configuration, colours and bits. */
static void
test_many_properties(void)
{
    static char payloads[69][24];
    Fixture file = make_row("x", 1);
    for (guint i = 0; i < 69; i++) {
        static const FixtureProperty models[] = {HVCC, NCLX, PIXI};
        FixtureProperty property = models[i % 3];
        memcpy(payloads[i], property.payload, property.n);
        payloads[i][property.n - 2] = (char)i;
        property.payload = payloads[i];
        file.properties[3 + i] = property;
        file.items[i / 3].properties[1 + i % 3] = (guint16)(4 + i);
    }
    g_autoptr(GByteArray) bytes = fixture_build(&file);
    assert_refused(bytes, SP_ERROR_TOO_MUCH_WORK,
                   "at least 65 different properties, the limit is 64 (of its format)");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autofree char *path = g_strdup_printf("/heif-walk/taken/%s", taken[i].name);
        g_autofree char *cut = g_strdup_printf("/heif-walk/cut/%s", taken[i].name);
        g_test_add_data_func(path, &taken[i], test_taken);
        g_test_add_data_func(cut, &taken[i], test_cut);
    }
    g_test_add_func("/heif-walk/refused", test_refused);
    g_test_add_func("/heif-walk/versions", test_versions);
    g_test_add_func("/heif-walk/large-ids", test_large_ids);
    g_test_add_func("/heif-walk/many-entries", test_many_entries);
    g_test_add_func("/heif-walk/huge-counts", test_huge_counts);
    g_test_add_func("/heif-walk/many-boxes", test_many_boxes);
    g_test_add_func("/heif-walk/far-property", test_far_property);
    g_test_add_func("/heif-walk/overlap", test_overlap);
    g_test_add_func("/heif-walk/many-properties", test_many_properties);
    return g_test_run();
}
