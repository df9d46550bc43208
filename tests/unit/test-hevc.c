/* SPDX-License-Identifier: MIT */
/* test-hevc.c -- records and items written by hand, byte by byte. */
#include "base/error.h"
#include "container/hevc.h"
#include <string.h>

#define HEAD 23
#define SLICE 19 /* IDR_W_RADL */

/* ---- records ------------------------------------------------------------------------------
 */

static GByteArray *
record_new(guint8 version, guint8 length_size, guint8 arrays)
{
    guint8 head[HEAD] = {version};
    head[21] = (guint8)(0xFC | (length_size - 1));
    head[22] = arrays;
    GByteArray *record = g_byte_array_new();
    return g_byte_array_append(record, head, sizeof head);
}

static void
record_add(GByteArray *record, guint8 type, guint8 units)
{
    guint8 head[3] = {type | 0x80, 0, units};
    g_byte_array_append(record, head, sizeof head);
    for (guint8 i = 0; i < units; i++) {
        guint8 unit[4] = {0, 2, (guint8)(type << 1), 1};
        g_byte_array_append(record, unit, sizeof unit);
    }
}

static gboolean
record_read(const GByteArray *record, gsize n, SpHevcConfig *config, GError **error)
{
    g_autofree guint8 *exact = g_memdup2(record->data, n);
    return sp_hevc_config_read((SpSlice){exact, n}, config, error);
}

static void
test_record(void)
{
    g_autoptr(GByteArray) record = record_new(1, 2, 3);
    record_add(record, 32, 1);
    record_add(record, 33, 2);
    record_add(record, 39, 0);
    SpHevcConfig config = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(record_read(record, record->len, &config, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(config.length_size, ==, 2);
    g_assert_cmpuint(config.n_sps, ==, 2);
}

/* The last array is empty, so that each cut is within something. */
static void
test_record_cut(void)
{
    g_autoptr(GByteArray) record = record_new(1, 4, 2);
    record_add(record, 33, 2);
    record_add(record, 34, 1);
    for (gsize n = 0; n < record->len; n++) {
        SpHevcConfig config = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(record_read(record, n, &config, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
        g_assert_cmpuint(config.length_size, ==, 0);
    }
}

static void
test_record_refused(void)
{
    static const guint8 cases[][2] = {{0, 4}, {2, 4}, {1, 3}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) record = record_new(cases[i][0], cases[i][1], 0);
        SpHevcConfig config = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(record_read(record, record->len, &config, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    }
}

/* ---- items --------------------------------------------------------------------------------
 */

/* Type, first byte of the payload, layer; n bytes behind the head. type 0xFF ends a list. */
typedef struct {
    guint8 type, payload, layer, n;
} Unit;

typedef struct {
    const char *name;
    Unit units[5];
    int code;
    guint n_slices;
} Case;

#define END 0xFF

static const Case cases[] = {
    {"one", {{SLICE, 0x80, 0, 3}, {END}}, SP_ERROR_NONE, 1},
    {"clean random access", {{21, 0x80, 0, 3}, {END}}, SP_ERROR_NONE, 1},
    {"two", {{SLICE, 0x80, 0, 3}, {SLICE, 0x10, 0, 2}, {END}}, SP_ERROR_NONE, 2},
    {"text", {{35, 0, 0, 1}, {39, 0, 0, 9}, {SLICE, 0x80, 0, 1}, {37, 0, 0, 0}, {END}}, 0, 1},
    {"layer", {{SLICE, 0x80, 0, 3}, {SLICE, 0x80, 1, 3}, {33, 0, 63, 3}, {END}}, 0, 1},
    {"reserved", {{41, 0, 0, 3}, {63, 0, 0, 3}, {SLICE, 0x80, 0, 3}, {END}}, 0, 1},
    {"no unit", {{END}}, SP_ERROR_CORRUPT, 0},
    {"no slice", {{39, 0, 0, 4}, {END}}, SP_ERROR_CORRUPT, 0},
    {"no payload", {{SLICE, 0, 0, 0}, {END}}, SP_ERROR_CORRUPT, 0},
    {"no first slice", {{SLICE, 0x10, 0, 4}, {END}}, SP_ERROR_CORRUPT, 0},
    {"two pictures", {{SLICE, 0x80, 0, 4}, {SLICE, 0x80, 0, 4}, {END}}, SP_ERROR_CORRUPT, 0},
    {"refers", {{1, 0x80, 0, 4}, {END}}, SP_ERROR_UNAVAILABLE, 0},
    {"parameters", {{SLICE, 0x80, 0, 4}, {34, 0, 0, 4}, {END}}, SP_ERROR_UNAVAILABLE, 0},
};

static void
add_unit(GByteArray *item, guint length_size, Unit unit)
{
    guint n = 2u + unit.n;
    for (guint i = length_size; i-- > 0;) {
        guint8 byte = (guint8)(i < 4 ? n >> 8 * i : 0);
        g_byte_array_append(item, &byte, 1);
    }
    guint8 head[2] = {(guint8)(unit.type << 1 | unit.layer >> 5),
                      (guint8)(unit.layer << 3 | 1)};
    g_byte_array_append(item, head, sizeof head);
    for (guint i = 0; i < unit.n; i++)
        g_byte_array_append(item, i == 0 ? &unit.payload : (const guint8 *)"\x5A", 1);
}

static GArray *
find(const GByteArray *item, gsize n, guint length_size, int code)
{
    SpHevcConfig config = {.length_size = length_size, .n_sps = 1};
    GArray *slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    g_autoptr(GError) error = NULL;
    gboolean found = sp_hevc_find_slices((SpSlice){item->data, n}, &config, slices, &error);
    g_assert_cmpint(error == NULL ? 0 : error->code, ==, code);
    g_assert_cmpint(found, ==, code == 0);
    return slices;
}

static void
test_items(void)
{
    static const guint sizes[] = {1, 2, 4};
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(sizes); i++) {
        const Case *c = &cases[i / G_N_ELEMENTS(sizes)];
        guint length_size = sizes[i % G_N_ELEMENTS(sizes)];
        g_test_message("%s, lengths of %u", c->name, length_size);
        g_autoptr(GByteArray) item = g_byte_array_new();
        for (const Unit *unit = c->units; unit->type != END; unit++)
            add_unit(item, length_size, *unit);
        g_autoptr(GArray) slices = find(item, item->len, length_size, c->code);
        if (c->code != 0)
            continue;
        g_assert_cmpuint(slices->len, ==, c->n_slices);
        SpSlice slice = g_array_index(slices, SpSlice, 0);
        g_assert_cmphex(slice.bytes[2], ==, 0x80);
    }
}

static void
test_item_cut(void)
{
    g_autoptr(GByteArray) item = g_byte_array_new();
    add_unit(item, 4, (Unit){SLICE, 0x80, 0, 9});
    for (guint n = 1; n < item->len; n++) {
        g_autofree guint8 *exact = g_memdup2(item->data, n);
        GByteArray cut = {exact, n};
        g_array_unref(find(&cut, n, 4, SP_ERROR_TRUNCATED));
    }
}

static void
test_bad_heads(void)
{
    static const guint8 forbidden[] = {3, 0x80 | SLICE << 1, 1, 0x80}, one[] = {1, SLICE << 1};
    static const guint8 none[] = {0};
    GByteArray items[] = {{(guint8 *)forbidden, sizeof forbidden},
                          {(guint8 *)one, sizeof one},
                          {(guint8 *)none, sizeof none}};
    for (guint i = 0; i < G_N_ELEMENTS(items); i++)
        g_array_unref(find(&items[i], items[i].len, 1, SP_ERROR_CORRUPT));
}

static void
test_many_slices(void)
{
    g_autoptr(GByteArray) item = g_byte_array_new();
    add_unit(item, 1, (Unit){SLICE, 0x80, 0, 1});
    for (guint i = 1; i < SP_HEVC_SLICES; i++)
        add_unit(item, 1, (Unit){SLICE, 0x10, 0, 1});
    g_autoptr(GArray) most = find(item, item->len, 1, SP_ERROR_NONE);
    g_assert_cmpuint(most->len, ==, SP_HEVC_SLICES);
    add_unit(item, 1, (Unit){SLICE, 0x10, 0, 1});
    g_array_unref(find(item, item->len, 1, SP_ERROR_TOO_MUCH_WORK));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hevc/record", test_record);
    g_test_add_func("/hevc/record-cut", test_record_cut);
    g_test_add_func("/hevc/record-refused", test_record_refused);
    g_test_add_func("/hevc/items", test_items);
    g_test_add_func("/hevc/item-cut", test_item_cut);
    g_test_add_func("/hevc/bad-heads", test_bad_heads);
    g_test_add_func("/hevc/many-slices", test_many_slices);
    return g_test_run();
}
