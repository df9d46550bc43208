/* SPDX-License-Identifier: MIT */
/* fuzz-wire-asked.c -- arbitrary bytes as what a server or an inspector is asked.
 *
 * Byte 0 chooses a request, a session or a file request, and whether the message is as long as
 * the input (or filled up to its size). Its header is good, but for inputs that bring one. It
 * lies in a block of its own length. */
/* words: wire */
/* lines: src/sandbox/wire-request.c */
#include "sandbox/wire.h"
#include <string.h>

enum { KIND = 3, AS_LONG = 4, OWN_HEADER = 8 };

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

/* What a server and its child rely on. */
static void
check_request(const SpWireRequest *request)
{
    guint64 sum = 0;
    g_assert(request->n_variants >= 1 && request->n_variants <= SP_MAX_VARIANTS);
    for (guint i = 0; i < request->n_variants; i++)
        sum += request->variants[i].max_bytes;
    g_assert(sum <= request->output_size && request->output_size <= G_MAXSSIZE);
    g_assert(request->n_head <= sizeof request->head && request->threads > 0);
    g_assert(request->limits.max_upload + 1 <= G_MAXSSIZE);
}

static void
check_message(guint kind, gconstpointer message, gsize n)
{
    if (kind == SP_WIRE_REQUEST && sp_wire_check_request(message, n, NULL))
        check_request(message);
    if (kind == SP_WIRE_SESSION && sp_wire_check_session(message, n, NULL))
        g_assert(((const SpWireSession *)message)->cpu_seconds > 0);
    if (kind == SP_WIRE_FILE && sp_wire_check_file_request(message, n, NULL))
        g_assert(((const SpWireFileRequest *)message)->size < G_MAXSSIZE);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    static const struct {
        SpWireKind kind;
        gsize size;
    } kinds[] = {
        {SP_WIRE_REQUEST, sizeof(SpWireRequest)},
        {SP_WIRE_SESSION, sizeof(SpWireSession)},
        {SP_WIRE_FILE, sizeof(SpWireFileRequest)},
    };
    if (n == 0 || (bytes[0] & KIND) >= G_N_ELEMENTS(kinds))
        return 0;
    gsize size = kinds[bytes[0] & KIND].size;
    gsize n_header = bytes[0] & OWN_HEADER ? 0 : sizeof(SpWireHeader);
    gsize n_given = MIN(n - 1, size - n_header);
    gsize n_message = bytes[0] & AS_LONG ? n_header + n_given : size;
    g_autofree guint8 *message = g_malloc0(MAX(n_message, 1));
    if (n_header > 0)
        sp_wire_header_init((SpWireHeader *)(gpointer)message, kinds[bytes[0] & KIND].kind, 7);
    memcpy(message + n_header, bytes + 1, n_given);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        check_message(kinds[i].kind, message, n_message);
    return 0;
}
