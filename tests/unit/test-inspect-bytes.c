/* SPDX-License-Identifier: MIT */
/* test-inspect-bytes.c -- from a file's bytes to a message that holds what was found. */
#include "base/carrier.h"
#include "container/sniff.h"
#include "inventory/inspect.h"
#include "inventory/inventory.h"
#include "sample.h"
#include <string.h>

static SpWireInspection *
inspection_new(void)
{
    SpWireInspection *inspection = g_new(SpWireInspection, 1);
    memset(inspection, 0xEE, sizeof *inspection); /* as left by the file before */
    sp_wire_header_init(&inspection->header, SP_WIRE_INSPECTION, 7);
    return inspection;
}

static void
inspect(const void *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    SpWireFileRequest request = {.size = n, .values = values ? 1 : 0};
    g_autoptr(GError) error = NULL;
    sp_wire_header_init(&request.header, SP_WIRE_FILE, 7);
    sp_inspect_bytes(bytes, n, values, inspection);
    gboolean fine = sp_wire_check_inspection(&request, inspection,
                                             sp_wire_inspection_size(inspection), &error);
    g_assert_no_error(error);
    g_assert_true(fine);
}

/* Files of every format, as short as they can be: each reaches its walker, and the walker's
 * refusal the message. */
static void
test_formats(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint format;
        SpErrorCode code;
    } cases[] = {
        {"", 0, SP_FORMAT_COUNT, SP_ERROR_EMPTY},
        {"hello", 5, SP_FORMAT_COUNT, SP_ERROR_NOT_AN_IMAGE},
        {"II*\0\10\0\0\0", 8, SP_FORMAT_COUNT, SP_ERROR_UNSUPPORTED},
        {"\xFF\xD8\xFF", 3, SP_FORMAT_JPEG, SP_ERROR_TRUNCATED},
        {"\x89PNG\r\n\x1a\n", 8, SP_FORMAT_PNG, SP_ERROR_TRUNCATED},
        {"RIFF\4\0\0\0WEBP", 12, SP_FORMAT_WEBP, SP_ERROR_TRUNCATED},
        {"GIF89a", 6, SP_FORMAT_GIF, SP_ERROR_TRUNCATED},
        {"\0\0\0\20ftypheic\0\0\0\0", 16, SP_FORMAT_HEIC, SP_ERROR_TRUNCATED},
        {"\0\0\0\20ftypavif\0\0\0\0", 16, SP_FORMAT_AVIF, SP_ERROR_TRUNCATED},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree SpWireInspection *inspection = inspection_new();
        inspect(cases[i].bytes, cases[i].n, i % 2 == 0, inspection);
        g_assert_cmpuint(inspection->format, ==, cases[i].format);
        g_assert_cmpuint(inspection->n_values, ==, 0);
        g_assert_true(
            inspection->code == cases[i].code ||
            (inspection->format != SP_FORMAT_COUNT && inspection->code == SP_ERROR_CORRUPT));
        g_assert_cmpstr(inspection->message, !=, "");
    }
}

/* The rows are the inventory's own. */
static void
test_rows(void)
{
    Sample sample = {64, 48, SAMPLING_420, .orientation = 6};
    g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    g_autofree guint8 *trailed = g_malloc(n + 4);
    memcpy(trailed, bytes, n);
    memcpy(trailed + n, "tail", 4);
    g_autofree SpWireInspection *inspection = inspection_new();
    inspect(trailed, n + 4, FALSE, inspection);
    g_assert_cmpuint(inspection->code, ==, SP_ERROR_NONE);
    g_assert_cmpuint(inspection->width, ==, 64);
    g_assert_cmpuint(inspection->height, ==, 48);
    g_assert_cmpuint(inspection->n_carriers, >=, 2);
    guint found = 0;
    for (guint i = 0; i < inspection->n_carriers; i++) {
        const SpWireCarrier *row = &inspection->carriers[i];
        found += row->kind == 0xE1 && row->count == 1;
        found += row->kind == 0 && row->bytes == 4;
    }
    g_assert_cmpuint(found, ==, 2);
    g_assert_cmpuint(inspection->reveals, !=, 0);
}

/* A JPEG without EOI is shown, but what it reveals is not known: it is told, and it fails. */
static void
test_open_end(void)
{
    Sample sample = {64, 48, SAMPLING_420, .orientation = 6};
    g_autoptr(GBytes) jpeg = sample_jpeg(&sample);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(jpeg, &n);
    g_autofree SpWireInspection *inspection = inspection_new();
    inspect(bytes, n, FALSE, inspection);
    guint n_carriers = inspection->n_carriers;
    g_assert_cmpuint(inspection->code, ==, SP_ERROR_NONE);
    inspect(bytes, n - 2, FALSE, inspection);
    g_assert_cmpuint(inspection->code, ==, SP_ERROR_TRUNCATED);
    g_assert_nonnull(strstr(inspection->message, "EOI"));
    g_assert_cmpuint(inspection->n_carriers, ==, n_carriers);
    g_assert_cmpuint(inspection->width, ==, 64);
}

/* ---- values --------------------------------------------------------------------------------
 */

static SpWireInspection *
empty_inspection(void)
{
    SpWireInspection *inspection = inspection_new();
    inspection->values_cut = 0;
    inspection->n_values = 0;
    return inspection;
}

static void
add(SpWireInspection *inspection, const char *name, const void *bytes, gsize n)
{
    sp_inspect_add_value(SP_CATEGORY_COMMENT, name, (SpSlice){bytes, n}, inspection);
}

/* How long the last value that was added is. */
static guint
last_length(const SpWireInspection *inspection)
{
    SpWireValue head = {0};
    for (gsize at = 0; at < inspection->n_values;) {
        memcpy(&head, inspection->values + at, sizeof head);
        at += sizeof head + head.n_name + head.n_value;
        g_assert_cmpuint(at, <=, inspection->n_values);
    }
    return head.n_value;
}

static void
test_values(void)
{
    g_autofree SpWireInspection *inspection = empty_inspection();
    add(inspection, "Name", "value", 5);
    add(inspection, "Empty", NULL, 0);
    SpWireValue head = {SP_CATEGORY_COMMENT, 4, 5};
    g_assert_cmpuint(inspection->n_values, ==, 2 * sizeof head + 4 + 5 + 5);
    g_assert_cmpmem(inspection->values, sizeof head, &head, sizeof head);
    g_assert_cmpmem(inspection->values + sizeof head, 9, "Namevalue", 9);
    g_assert_cmpuint(inspection->values_cut, ==, 0);
    add(inspection, "", "nameless", 8);
    g_assert_cmpuint(inspection->values_cut, ==, 1);
    add(inspection, "N\xffme", "x", 1);
    g_assert_nonnull(g_strstr_len((const char *)inspection->values + sizeof head,
                                  inspection->n_values - (gssize)sizeof head, "value"));
}

/* At its limit; between characters where it is text. */
static void
test_long_values(void)
{
    static const struct {
        gsize n;
        const char *end; /* of what is there */
        guint told;
        guint cut;
    } cases[] = {
        {SP_WIRE_VALUE - 1, "", SP_WIRE_VALUE - 1, 0},
        {SP_WIRE_VALUE, "", SP_WIRE_VALUE, 0},
        {SP_WIRE_VALUE + 1, "", SP_WIRE_VALUE, 1},
        {SP_WIRE_VALUE + 1, "\xc3\xa9", SP_WIRE_VALUE - 1, 1},
        {SP_WIRE_VALUE + 1, "\xf0\x9f\x98\x80", SP_WIRE_VALUE - 3, 1},
        {SP_WIRE_VALUE + 2, "\x80\x80\x80\x80\x80\x80\x80", SP_WIRE_VALUE - 3, 1},
        {1 << 20, "", SP_WIRE_VALUE, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree SpWireInspection *inspection = empty_inspection();
        g_autofree char *text = g_malloc(cases[i].n);
        gsize n_end = strlen(cases[i].end);
        memset(text, 'x', cases[i].n);
        memcpy(text + cases[i].n - n_end, cases[i].end, n_end);
        add(inspection, "n", text, cases[i].n);
        g_assert_cmpuint(last_length(inspection), ==, cases[i].told);
        g_assert_cmpuint(inspection->values_cut, ==, cases[i].cut);
    }
}

/* As many as there is room for; a small one may still fit behind one that did not. */
static void
test_full(void)
{
    g_autofree SpWireInspection *inspection = empty_inspection();
    g_autofree guint8 *bytes = g_malloc0(SP_WIRE_VALUE);
    for (guint i = 0; i < 15; i++)
        add(inspection, "n", bytes, SP_WIRE_VALUE);
    g_assert_cmpuint(inspection->values_cut, ==, 0);
    add(inspection, "n", bytes, SP_WIRE_VALUE);
    guint32 before = inspection->n_values;
    g_assert_cmpuint(inspection->values_cut, ==, 1);
    gsize room = SP_WIRE_VALUES - before - sizeof(SpWireValue) - 1;
    add(inspection, "n", bytes, room + 1);
    g_assert_cmpuint(inspection->n_values, ==, before);
    add(inspection, "n", bytes, room);
    g_assert_cmpuint(inspection->n_values, ==, SP_WIRE_VALUES);
    add(inspection, "n", bytes, 0);
    g_assert_cmpuint(inspection->n_values, ==, SP_WIRE_VALUES);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inspect-bytes/formats", test_formats);
    g_test_add_func("/inspect-bytes/rows", test_rows);
    g_test_add_func("/inspect-bytes/open-end", test_open_end);
    g_test_add_func("/inspect-bytes/values", test_values);
    g_test_add_func("/inspect-bytes/long-values", test_long_values);
    g_test_add_func("/inspect-bytes/full", test_full);
    return g_test_run();
}
