/* SPDX-License-Identifier: MIT */
/* render-target.h -- any bytes get a sane answer, and whatever is made of them passes the
 * audit.
 *
 * The whole way of a sealed child without its lock, in one lane: walk, limits, decode, resize,
 * colour, turn, cut, encode within a budget. Limits are small, so that the fuzzer spends its
 * time in the parsers and not in pixels; budgets are tight, so that the search for a quality is
 * met as well. The output lies in a block of exactly the agreed size. No more memory is taken
 * than a locked child may have. */
#ifndef SP_TESTS_RENDER_TARGET_H
#define SP_TESTS_RENDER_TARGET_H
#include <string.h>

#include "audit/audit.h"
#include "base/error.h"
#include "fuzz/memory.h"
#include "render/render.h"

static inline void
request_init(SpWireRequest *request, gsize n)
{
    static const SpVariant variants[] = {
        {"webp", "", SP_OUTPUT_WEBP, 48, 200, 2000, 1, 80, 75, 45, 0, 0},
        {"jpeg", "", SP_OUTPUT_JPEG, 48, 200, 2000, 1, 80, 75, 45, 4, 0},
        {"small", "-s", SP_OUTPUT_JPEG, 16, 16, 1000, 1, SP_QUALITY_AUTO, 75, 10, 2, 0,
         SP_CHROMA_AUTO},
        {"cut", "-c", SP_OUTPUT_WEBP, 16, 16, 1000, 1, SP_QUALITY_AUTO, 75, 10, 2, 0,
         .crop = {2, {{4, 3}, {3, 4}}}, .widths = {1, {8}}},
    };
    request->threads = 1;
    request->input_size = n;
    request->limits = (SpLimits){
        .max_upload = 1 << 20,
        .max_pixels = 1 << 18,
        .max_memory = 32 << 20,
        .max_scans = 100,
        .max_frames = 10000,
        .max_profile = 16 << 20,
        .timeout_ms = 20000,
        .input_timeout_ms = 20000,
    };
    request->n_variants = G_N_ELEMENTS(variants);
    memcpy(request->variants, variants, sizeof variants);
    request->output_size = sp_wire_output_size(variants, G_N_ELEMENTS(variants));
}

static inline void
check_file(const SpVariant *variant, const SpWireFile *file, const guint8 *output)
{
    g_autoptr(GError) error = NULL;
    SpAuditPromise promise = {
        .format = variant->format == SP_OUTPUT_WEBP ? SP_AUDIT_WEBP : SP_AUDIT_JPEG,
        .width = file->width,
        .height = file->height,
        .components = file->components,
        .max_width = variant->width,
        .max_height = variant->max_height,
        .max_bytes = variant->max_bytes,
    };

    if (!sp_audit(output + file->offset, file->length, &promise, &error))
        g_error("%s: %s", variant->name, error->message);
}

static inline void
render_target(SpDevelopFunc develop, const guint8 *bytes, gsize n)
{
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    g_autofree SpWireAnswer *answer = g_new0(SpWireAnswer, 1);
    g_autoptr(GError) error = NULL;

    request_init(request, n);
    g_autofree guint8 *output = g_malloc(request->output_size);
    memory_begin();
    sp_render_bytes(develop, request, bytes, n, output, answer);
    memory_check();
    if (!sp_wire_check_answer(request, answer, &error))
        g_error("the answer makes no sense: %s", error->message);
    for (guint i = 0; i < answer->n_files; i++)
        check_file(&request->variants[i], &answer->files[i], output);
}
#endif
