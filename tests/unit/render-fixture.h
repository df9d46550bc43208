/* SPDX-License-Identifier: MIT */
/* render-fixture.h -- sp_render_bytes() as a sealed child calls it, and watched more closely.
 *
 * Input and output lie in blocks of exactly their size, the answer is rubbish before the call.
 * Whatever comes back must pass sp_wire_check_answer(), and every file the audit. And it must
 * be the same when the upload comes in pieces; but for what is refused by its header, of which
 * then less is known. */
#ifndef SP_TESTS_RENDER_FIXTURE_H
#define SP_TESTS_RENDER_FIXTURE_H
#include "audit/audit.h"
#include "base/error.h"
#include "data/pieces.h"
#include "render/render.h"
#include "sample.h"
#include <string.h>

#define RUBBISH 0xA5

typedef struct {
    SpWireRequest request;
    SpWireAnswer answer;
    guint8 *output; /* owned */
    gboolean once;  /* not in pieces as well */
} Render;

static inline void
render_free(Render *render)
{
    g_free(render->output);
    g_free(render);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Render, render_free)

/* A request for a WebP and a JPEG that nothing limits. */
static inline Render *
render_new(void)
{
    Render *render = g_new0(Render, 1);
    SpWireRequest *request = &render->request;
    request->threads = 1;
    request->n_variants = 2;
    request->limits = (SpLimits){
        .max_upload = 64 << 20,
        .max_pixels = G_MAXUINT64,
        .max_memory = 512 << 20,
        .max_scans = 100,
        .max_frames = 10000,
        .max_profile = 16 << 20,
        .timeout_ms = 20000,
        .input_timeout_ms = 300000,
    };
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        request->variants[format] = (SpVariant){
            .format = format,
            .width = 64,
            .max_height = 8192,
            .max_bytes = 400000,
            .min_width = 1,
            .quality = 80,
            .min_quality = 45,
            .effort = 2,
        };
        g_strlcpy(request->variants[format].name, sp_output_format_word(format), SP_NAME_SIZE);
    }
    return render;
}

static inline void
render_check_file(const Render *render, guint i)
{
    const SpVariant *variant = &render->request.variants[i];
    const SpWireFile *file = &render->answer.files[i];
    SpAuditPromise promise = {
        .format = variant->format == SP_OUTPUT_WEBP ? SP_AUDIT_WEBP : SP_AUDIT_JPEG,
        .width = file->width,
        .height = file->height,
        .components = file->components,
        .max_width = variant->width,
        .max_height = variant->max_height,
        .max_bytes = variant->max_bytes,
    };
    g_autoptr(GError) error = NULL;
    gboolean proved = sp_audit(render->output + file->offset, file->length, &promise, &error);
    g_assert_no_error(error);
    g_assert_true(proved);
}

/* The same upload again, in pieces. */
static inline void
render_in_pieces(const Render *render, const guint8 *bytes, gsize n, gsize piece)
{
    const SpWireAnswer *whole = &render->answer;
    g_autofree SpWireAnswer *answer = g_new0(SpWireAnswer, 1);
    g_autofree guint8 *output = g_malloc(render->request.output_size);
    g_auto(Pieces) pieces = pieces_of(bytes, n, piece / 2, piece);
    answer->header = whole->header;
    sp_render(sp_develop_jpeg, &render->request, &pieces.source, output, answer);
    if (answer->input_bytes == 0 && n > 0) {
        g_assert_cmpuint(answer->code, !=, SP_ERROR_NONE);
        g_assert_cmphex(answer->removed & ~whole->removed, ==, 0);
        answer->removed = whole->removed;
        answer->input_bytes = n;
    }
    g_assert_cmpstr(answer->message, ==, whole->message);
    g_assert_cmpmem(answer, sizeof *answer, whole, sizeof *whole);
    for (guint i = 0; i < answer->n_files; i++)
        g_assert_cmpmem(output + answer->files[i].offset, answer->files[i].length,
                        render->output + answer->files[i].offset, answer->files[i].length);
}

/* Returns the answer's code. May be called again. */
static inline guint32
render_run(Render *render, const void *bytes, gsize n)
{
    SpWireRequest *request = &render->request;
    SpWireAnswer *answer = &render->answer;
    g_autofree guint8 *exact = g_malloc(n);
    if (n > 0)
        memcpy(exact, bytes, n);
    request->input_size = n;
    if (request->output_size == 0)
        request->output_size = sp_wire_output_size(request->variants, request->n_variants);
    g_free(render->output);
    render->output = g_malloc(request->output_size);
    memset(answer, RUBBISH, sizeof *answer);
    sp_render_bytes(sp_develop_jpeg, request, exact, n, render->output, answer);
    const guint8 *header = (const guint8 *)&answer->header;
    for (gsize i = 0; i < sizeof answer->header; i++)
        g_assert_cmpuint(header[i], ==, RUBBISH); /* is not its to fill */
    g_autoptr(GError) error = NULL;
    gboolean sane = sp_wire_check_answer(request, answer, &error);
    g_assert_no_error(error);
    g_assert_true(sane);
    g_assert_cmpuint(answer->input_bytes, ==, n);
    for (guint i = 0; i < answer->n_files; i++)
        render_check_file(render, i);
    if (!render->once && n <= request->limits.max_upload) /* else the arrival says so */
        render_in_pieces(render, exact, n, 1 + n % 1024);
    if (answer->code != SP_ERROR_NONE)
        g_test_message("%s: %s", sp_error_word((int)answer->code), answer->message);
    return answer->code;
}

static inline guint32
render_array(Render *render, const GByteArray *bytes)
{
    return render_run(render, bytes->data, bytes->len);
}

/* Do two renders have the same files and hashes? */
static inline gboolean
render_same(const Render *a, const Render *b)
{
    const SpWireAnswer *p = &a->answer, *q = &b->answer;
    if (p->code != q->code || p->n_files != q->n_files || p->n_thumbhash != q->n_thumbhash ||
        memcmp(p->thumbhash, q->thumbhash, sizeof p->thumbhash) != 0)
        return FALSE;
    for (guint i = 0; i < p->n_files; i++) {
        const SpWireFile *f = &p->files[i], *g = &q->files[i];
        if (f->length != g->length || f->quality != g->quality || f->encodes != g->encodes ||
            memcmp(a->output + f->offset, b->output + g->offset, f->length) != 0)
            return FALSE;
    }
    return TRUE;
}

/* ---- taking JPEGs apart -------------------------------------------------------------------
 */

static inline GByteArray *
render_sample(const Sample *sample)
{
    return g_bytes_unref_to_array(sample_jpeg(sample));
}

static inline gsize
render_scan_end(const GByteArray *jpeg, gsize at)
{
    while (jpeg->data[at] != 0xFF || jpeg->data[at + 1] == 0 ||
           (jpeg->data[at + 1] & 0xF8) == 0xD0)
        at++;
    return at;
}

/* Where marker number nth (from 0) of that kind stands, at its FF; the array's length when
 * there is none. EOI is found, restart markers are not. */
static inline gsize
render_find(const GByteArray *jpeg, guint8 marker, guint nth)
{
    gsize at = 2;
    while (at + 2 <= jpeg->len) {
        guint8 found = jpeg->data[at + 1];
        if (found == marker && nth-- == 0)
            return at;
        if (found == 0xD9)
            break;
        at += 2 + (gsize)(jpeg->data[at + 2] << 8 | jpeg->data[at + 3]);
        if (found == 0xDA)
            at = render_scan_end(jpeg, at);
    }
    return jpeg->len;
}

/* Where the entropy data of the first scan begins. */
static inline gsize
render_data(const GByteArray *jpeg)
{
    gsize sos = render_find(jpeg, 0xDA, 0);
    return sos + 2 + (gsize)(jpeg->data[sos + 2] << 8 | jpeg->data[sos + 3]);
}

static inline void
render_insert(GByteArray *jpeg, gsize at, const void *bytes, gsize n)
{
    gsize tail = jpeg->len - at;
    g_byte_array_set_size(jpeg, jpeg->len + (guint)n);
    memmove(jpeg->data + at + n, jpeg->data + at, tail);
    memcpy(jpeg->data + at, bytes, n);
}
#endif
