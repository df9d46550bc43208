/* SPDX-License-Identifier: MIT */
/* fuzz-hevc.c -- any record and any item: slices lie within the item, in order, and are
 * bounded. */
/* words: heif */
/* lines: src/container/hevc.c */
#include "container/hevc.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
check_slices(SpSlice item, const GArray *slices)
{
    const guint8 *at = item.bytes;

    g_assert_cmpuint(slices->len, <=, SP_HEVC_SLICES);
    for (guint i = 0; i < slices->len; i++) {
        SpSlice slice = g_array_index(slices, SpSlice, i);
        g_assert_true(slice.n > 2 && slice.bytes > at);
        g_assert_true(slice.n <= (gsize)(item.bytes + item.n - slice.bytes));
        at = slice.bytes + slice.n;
    }
}

/* The first byte says how long the record is; the item is the rest. */
int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    if (n == 0)
        return 0;
    gsize n_record = MIN(bytes[0], n - 1);
    SpSlice record = {bytes + 1, n_record}, item = {bytes + 1 + n_record, n - 1 - n_record};
    SpHevcConfig config = {.length_size = 4};
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) ignored = NULL;
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));

    if (sp_hevc_config_read(record, &config, &ignored))
        g_assert_true(config.length_size == 1 || config.length_size == 2 ||
                      config.length_size == 4);
    gboolean found = sp_hevc_find_slices(item, &config, slices, &error);
    g_assert_true(found == (error == NULL));
    check_slices(item, slices);
    return 0;
}
