/* SPDX-License-Identifier: MIT */
/* fuzz-sniff.c -- any bytes have a name or none, and only the first of them count.
 *
 * Beside memory errors it looks for a result that depends on bytes behind SP_SNIFF_BYTES: the
 * supervisor sniffs the head of a pipe, the renderer whole files, and both must agree. */
/* words: sniff */
/* lines: src/container/sniff.c */
#include "container/sniff.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    const SpSniffed *kind = sp_sniff(bytes, n);

    g_assert(kind == sp_sniff(bytes, MIN(n, SP_SNIFF_BYTES)));
    if (kind)
        g_assert(kind->word[0] != '\0' && kind->title[0] != '\0');
    return 0;
}
