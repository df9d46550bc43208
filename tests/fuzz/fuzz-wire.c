/* SPDX-License-Identifier: MIT */
/* fuzz-wire.c -- arbitrary bytes as an answer, an inspection or a hello; what is taken must be
 * true.
 *
 * Byte 0 chooses how many variants were asked for (255: an inspection, 254: a hello), byte 1
 * whether the upload came by a pipe and a trace was asked for (whether values were asked for);
 * the rest is the message. */
/* words: wire */
/* lines: src/sandbox/wire.c src/sandbox/wire-trace.c src/sandbox/wire-inspection.c */
#include "base/carrier.h"
#include "sandbox/wire.h"
#include <stddef.h>
#include <string.h>

#define FILE_BYTES 4000

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
fill_request(SpWireRequest *request, guint8 shape, guint8 pipe)
{
    memset(request, 0, sizeof *request);
    request->n_variants = 1 + shape % SP_MAX_VARIANTS;
    request->input_is_pipe = pipe & 1;
    request->explain = pipe >> 1 & 1;
    request->input_size = request->input_is_pipe ? 0 : 1000;
    request->limits.max_upload = 1000000;
    for (guint i = 0; i < request->n_variants; i++)
        request->variants[i] =
            (SpVariant){.width = 1024, .max_height = 8192, .max_bytes = FILE_BYTES};
    request->output_size = sp_wire_output_size(request->variants, request->n_variants);
}

/* What the supervisor relies on once an answer is taken. */
static void
check_promises(const SpWireRequest *request, const SpWireAnswer *answer)
{
    static guint8 taken[SP_MAX_VARIANTS * FILE_BYTES * 2];
    g_assert_cmpuint(request->output_size, <=, sizeof taken);
    g_assert_cmpuint(answer->code, <, SP_ERROR_LAST);
    g_assert_nonnull(memchr(answer->message, '\0', sizeof answer->message));
    g_assert_true(g_utf8_validate(answer->message, -1, NULL));
    g_assert_cmpuint(answer->n_files, ==, answer->code == 0 ? request->n_variants : 0);
    g_assert_cmpuint(answer->n_thumbhash, <=, sizeof answer->thumbhash);
    g_assert_cmpuint(answer->colour, <, SP_COLOUR_COUNT);
    g_assert_cmpuint(answer->trace.n, <=, request->explain != 0 ? SP_WIRE_STEPS : 0);
    for (guint i = 0; i < answer->trace.n; i++) {
        const SpWireStep *step = &answer->trace.steps[i];
        g_assert_cmpuint(step->variant, <, request->n_variants);
        g_assert_true(step->kind >= SP_STEP_COLOUR && step->kind <= SP_STEP_GROW);
        g_assert_nonnull(sp_wire_origin_word(step->origin));
        g_assert_nonnull(sp_wire_colour_word(step->colour));
        g_assert_true(step->quality >= 0 && step->quality <= 100 && step->score <= 100);
    }
    memset(taken, 0, sizeof taken);
    for (guint i = 0; i < answer->n_files; i++) {
        const SpWireFile *file = &answer->files[i];
        for (guint64 at = file->offset; at < file->offset + file->length; at++) {
            g_assert_cmpuint(at, <, request->output_size);
            g_assert_cmpuint(taken[at]++, ==, 0);
        }
    }
}

/* What the supervisor relies on once an inspection is taken: that it can step through all of
 * it, and finds words for it. */
static void
check_inspection_promises(const SpWireInspection *inspection, gsize n)
{
    guint32 reveals = 0;
    g_assert_cmpuint(n, ==, offsetof(SpWireInspection, values) + inspection->n_values);
    g_assert_true(g_utf8_validate(inspection->message, -1, NULL));
    for (guint i = 0; i < inspection->n_carriers; i++) {
        g_assert_nonnull(sp_carrier_info((SpCarrier)inspection->carriers[i].carrier)->word);
        reveals |= inspection->carriers[i].reveals;
    }
    g_assert_cmpuint(reveals, ==, inspection->reveals);
    g_assert_cmpuint(reveals >> SP_CATEGORY_COUNT, ==, 0);
    const guint8 *at = inspection->values;
    while (at != inspection->values + inspection->n_values) {
        SpWireValue head;
        memcpy(&head, at, sizeof head);
        g_assert_true(g_utf8_validate_len((const char *)at + sizeof head, head.n_name, NULL));
        g_assert_cmpuint(head.category & reveals, ==, head.category);
        at += sizeof head + head.n_name + head.n_value;
    }
}

/* Bytes that begin behind the header: no fuzzer need find our build's name. They lie in a block
 * of their own length, as the check must not look behind them. */
static void
try_inspection(gboolean values, const guint8 *bytes, gsize n)
{
    SpWireFileRequest request = {.values = values ? 1 : 0};
    gsize total = sizeof(SpWireHeader) + MIN(n, sizeof(SpWireInspection));
    g_autofree SpWireInspection *inspection = g_malloc(total);
    sp_wire_header_init(&request.header, SP_WIRE_FILE, 7);
    sp_wire_header_init(&inspection->header, SP_WIRE_INSPECTION, 7);
    memcpy((guint8 *)inspection + sizeof(SpWireHeader), bytes, total - sizeof(SpWireHeader));
    if (sp_wire_check_inspection(&request, inspection, total, NULL))
        check_inspection_promises(inspection, total);
}

/* The same for what a server says first. */
static void
try_hello(const guint8 *bytes, gsize n)
{
    gsize total = sizeof(SpWireHeader) + MIN(n, sizeof(SpWireHello));
    g_autofree SpWireHello *hello = g_malloc(total);
    sp_wire_header_init(&hello->header, SP_WIRE_HELLO, 0);
    memcpy((guint8 *)hello + sizeof(SpWireHeader), bytes, total - sizeof(SpWireHeader));
    if (!sp_wire_check_hello(hello, total, NULL))
        return;
    g_assert_cmpuint(total, ==, sizeof *hello);
    gsize length = strnlen(hello->libraries, sizeof hello->libraries);
    g_assert_cmpuint(length, <, sizeof hello->libraries);
    for (gsize i = 0; i < length; i++)
        g_assert_true(g_ascii_isprint(hello->libraries[i]));
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    if (n < 2)
        return 0;
    if (bytes[0] == G_MAXUINT8) {
        try_inspection((bytes[1] & 1) != 0, bytes + 2, n - 2);
        return 0;
    }
    if (bytes[0] == G_MAXUINT8 - 1) {
        try_hello(bytes + 2, n - 2);
        return 0;
    }
    static SpWireRequest request;
    static SpWireAnswer answer; /* a sanitizer poisons what lies behind it */
    fill_request(&request, bytes[0], bytes[1]);
    memset(&answer, 0, sizeof answer);
    memcpy(&answer, bytes + 2, MIN(n - 2, sizeof answer));
    if (sp_wire_check_header(&answer.header, n - 2, SP_WIRE_ANSWER, sizeof answer,
                             answer.header.id, NULL))
        g_assert_cmpuint(n - 2, ==, sizeof answer);
    if (sp_wire_check_answer(&request, &answer, NULL))
        check_promises(&request, &answer);
    return 0;
}
