/* SPDX-License-Identifier: MIT */
/* fuzz-audit.c -- any bytes through the audit; what it accepts is looked at by a second reader.
 *
 * The promise is made from the file itself, so that the grammar alone decides. Of what is
 * accepted: a copy of it is accepted too, it is refused with a byte more and a byte less, and a
 * scan of a few lines, which knows nothing of the audit's, finds no marker and no chunk but
 * those of DESIGN.md's grammar. */
/* words: jpeg webp */
/* lines: src/audit/%.c */
#include "audit/audit.h"
#include "storyphoto.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static guint
number_at(const guint8 *p, guint n, gboolean big)
{
    guint value = 0;
    for (guint i = 0; i < n; i++)
        value |= (guint)p[big ? n - 1 - i : i] << 8 * i;
    return value;
}

/* ---- what the file says of itself ------------------------------------------------------- */

/* From the first SOF on; what is no JPEG at all has no promise that can be kept. */
static void
promise_of_jpeg(const guint8 *bytes, gsize n, SpAuditPromise *promise)
{
    for (gsize i = 0; i + 10 <= n; i++) {
        if (bytes[i] != 0xff || (bytes[i + 1] != 0xc0 && bytes[i + 1] != 0xc2))
            continue;
        promise->height = number_at(bytes + i + 5, 2, TRUE);
        promise->width = number_at(bytes + i + 7, 2, TRUE);
        promise->components = bytes[i + 9];
        return;
    }
}

static void
promise_of_webp(const guint8 *bytes, gsize n, SpAuditPromise *promise)
{
    promise->components = 3;
    if (n < 30)
        return;
    switch (bytes[15]) {
    case 'L':
        promise->width = (number_at(bytes + 21, 4, FALSE) & 0x3fff) + 1;
        promise->height = (number_at(bytes + 21, 4, FALSE) >> 14 & 0x3fff) + 1;
        break;
    case 'X':
        promise->width = number_at(bytes + 24, 3, FALSE) + 1;
        promise->height = number_at(bytes + 27, 3, FALSE) + 1;
        break;
    default:
        promise->width = number_at(bytes + 26, 2, FALSE);
        promise->height = number_at(bytes + 28, 2, FALSE);
    }
}

/* ---- the second reader ------------------------------------------------------------------ */

/* Whatever the segments say: an 0xff is a stuffed one, or begins a marker of these. */
static void
scan_jpeg(const guint8 *bytes, gsize n)
{
    guint pictures = 0, frames = 0;
    gsize i = 0;
    while (i < n) {
        g_assert(bytes[i] == 0xff && i + 1 < n);
        guint8 marker = bytes[i + 1];
        g_assert(memchr("\xd8\xd9\xe0\xdb\xc0\xc2\xc4\xda", marker, 8) != NULL);
        pictures += marker == 0xd8;
        frames += marker == 0xc0 || marker == 0xc2;
        g_assert(marker != 0xe0 || i == 2);
        g_assert(marker != 0xd9 || i + 2 == n);
        i += 2;
        if (marker == 0xd8 || marker == 0xd9)
            continue;
        i += number_at(bytes + i, 2, TRUE);
        while (marker == 0xda && (bytes[i] != 0xff || bytes[i + 1] == 0))
            i += bytes[i] == 0xff ? 2 : 1;
    }
    g_assert(pictures == 1 && frames == 1 && bytes[n - 1] == 0xd9);
}

static void
scan_webp(const guint8 *bytes, gsize n)
{
    char order[8] = "";
    gsize at = 12, found = 0;
    g_assert(number_at(bytes + 4, 4, FALSE) == n - 8);
    while (at < n) {
        g_assert(n - at >= 8 && found < 3);
        g_assert(memcmp(bytes + at, "VP8", 3) == 0 || memcmp(bytes + at, "ALPH", 4) == 0);
        order[found++] = (char)bytes[at + 3];
        gsize size = number_at(bytes + at + 4, 4, FALSE);
        g_assert((size & 1) == 0 || bytes[at + 8 + size] == 0);
        at += 8 + size + (size & 1);
    }
    g_assert(at == n);
    g_assert(strcmp(order, " ") == 0 || strcmp(order, "L") == 0 || strcmp(order, "XH ") == 0);
}

/* ---- the target ------------------------------------------------------------------------- */

static gboolean
accepts(const guint8 *bytes, gsize n, gsize n_copied, const SpAuditPromise *promise)
{
    g_autofree guint8 *copy = g_malloc0(n);
    g_autoptr(GError) error = NULL;
    if (n_copied > 0)
        memcpy(copy, bytes, n_copied);
    gboolean accepted = sp_audit(copy, n, promise, &error);
    g_assert(accepted == (error == NULL));
    return accepted;
}

static void
check(const guint8 *bytes, gsize n, const SpAuditPromise *promise)
{
    if (!accepts(bytes, n, n, promise))
        return;
    g_assert(accepts(bytes, n, n, promise));
    g_assert(!accepts(bytes, n + 1, n, promise));
    g_assert(!accepts(bytes, n - 1, n - 1, promise));
    if (promise->format == SP_AUDIT_JPEG)
        scan_jpeg(bytes, n);
    else
        scan_webp(bytes, n);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    SpAuditPromise promise = {SP_AUDIT_JPEG, 0, 0, 0, G_MAXUINT, G_MAXUINT, G_MAXSIZE};
    promise_of_jpeg(bytes, n, &promise);
    check(bytes, n, &promise);
    promise.format = SP_AUDIT_WEBP;
    promise_of_webp(bytes, n, &promise);
    check(bytes, n, &promise);
    return 0;
}
