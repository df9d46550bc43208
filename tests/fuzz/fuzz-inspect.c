/* SPDX-License-Identifier: MIT */
/* fuzz-inspect.c -- arbitrary bytes as a file, with values and without: all that is said of
 * them must pass the supervisor's own check, and both times be the same. */
/* words: tiff text jpeg png webp gif heif */
/* lines: src/inventory/%.c src/container/%.c but main-inspect */
#include "inventory/inspect.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
inspect(const guint8 *bytes, gsize n, gboolean values, SpWireInspection *inspection)
{
    SpWireFileRequest request = {.size = n, .values = values ? 1 : 0};
    g_autoptr(GError) error = NULL;
    sp_wire_header_init(&request.header, SP_WIRE_FILE, 7);
    sp_wire_header_init(&inspection->header, SP_WIRE_INSPECTION, 7);
    sp_inspect_bytes(bytes, n, values, inspection);
    if (!sp_wire_check_inspection(&request, inspection, sp_wire_inspection_size(inspection),
                                  &error))
        g_error("%s", error->message);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static SpWireInspection with, without;
    g_autofree guint8 *copy = g_memdup2(bytes, n); /* NULL when empty */
    static const guint8 nothing[1];
    inspect(copy != NULL ? copy : nothing, n, TRUE, &with);
    inspect(copy != NULL ? copy : nothing, n, FALSE, &without);
    g_assert_cmpuint(with.reveals, ==, without.reveals);
    g_assert_cmpuint(with.code, ==, without.code);
    g_assert_cmpmem(with.carriers, with.n_carriers * sizeof *with.carriers, without.carriers,
                    without.n_carriers * sizeof *without.carriers);
    return 0;
}
