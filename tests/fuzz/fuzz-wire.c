/* SPDX-License-Identifier: MIT */
/* fuzz-wire.c -- arbitrary bytes as an answer; what is taken must be true.
 *
 * Byte 0 chooses how many variants were asked for, byte 1 whether the upload came by a pipe;
 * the rest is the answer. */
#include "sandbox/wire.h"
#include <string.h>

#define FILE_BYTES 4000

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
fill_request(SpWireRequest *request, guint8 shape, guint8 pipe)
{
    memset(request, 0, sizeof *request);
    request->n_variants = 1 + shape % SP_MAX_VARIANTS;
    request->input_is_pipe = pipe & 1;
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
    memset(taken, 0, sizeof taken);
    for (guint i = 0; i < answer->n_files; i++) {
        const SpWireFile *file = &answer->files[i];
        for (guint64 at = file->offset; at < file->offset + file->length; at++) {
            g_assert_cmpuint(at, <, request->output_size);
            g_assert_cmpuint(taken[at]++, ==, 0);
        }
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    if (n < 2)
        return 0;
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
