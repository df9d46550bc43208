/* SPDX-License-Identifier: MIT */
/* process.c -- one upload, all the way: intake, render, audit, delivery.
 *
 * Read sp_process() from the bottom up: each step takes what the one before has proved. Input
 * bytes go to one place only, the renderer; what is written comes from one place only, the
 * sealed outputs after their audit. No path joins the two. */
#include "audit/audit.h"
#include "base/error.h"
#include "pipeline/deliver.h"
#include "pipeline/intake.h"
#include "pipeline/receipt.h"
#include "pipeline/renderers.h"
#include "pipeline/session.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* One upload on its way. */
typedef struct {
    SpSession *session; /* borrowed, as the next three */
    const SpPreset *preset;
    const SpUpload *upload;
    const SpTarget *target;
    SpReceipt *receipt; /* borrowed; filled in on the way */
    SpIntake intake;
    SpWireRequest *request; /* owned */
    SpWireAnswer answer;
    SpFd output;   /* owned; sealed */
    guint8 *bytes; /* owned mapping of output */
} Job;

static void
job_clear(Job *job)
{
    if (job->bytes != NULL)
        munmap(job->bytes, job->request->output_size);
    sp_fd_clear(&job->output);
    sp_intake_clear(&job->intake);
    g_clear_pointer(&job->request, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* ---- render
 * ----------------------------------------------------------------------------------- */

static gboolean
choose_variants(Job *job, GError **error)
{
    SpWireRequest *request = job->request;
    if (job->target->only_variant == NULL) {
        request->n_variants = job->preset->n_variants;
        memcpy(request->variants, job->preset->variants, sizeof request->variants);
        return TRUE;
    }
    const SpVariant *only =
        sp_preset_find_variant(job->preset, job->target->only_variant, error);
    if (only == NULL)
        return FALSE;
    request->n_variants = 1;
    request->variants[0] = *only;
    return TRUE;
}

static gboolean
make_request(Job *job, GError **error)
{
    SpWireRequest *request = job->request;
    request->limits = job->preset->limits;
    request->reduction = job->preset->reduction;
    request->explain = job->target->explain ? 1 : 0;
    request->threads =
        job->target->threads != 0 ? job->target->threads : g_get_num_processors();
    request->input_is_pipe = job->intake.own < 0;
    request->input_size = job->intake.size;
    if (request->input_is_pipe) {
        request->limits.input_timeout_ms = job->intake.input_left_ms;
        request->n_head = job->intake.n_head;
        memcpy(request->head, job->intake.head, job->intake.n_head);
    }
    return choose_variants(job, error);
}

static SpStep *
step_new(const Job *job, const SpWireStep *from)
{
    SpStep *step = g_new0(SpStep, 1);
    const SpVariant *variant = &job->request->variants[from->variant];
    gboolean encoded = from->kind == SP_STEP_ENCODE;
    *step = (SpStep){
        .kind = (SpStepKind)from->kind,
        .width = from->width,
        .height = from->height,
        .quality = from->quality,
        .bytes = from->bytes,
        .max_bytes = encoded ? variant->max_bytes : 0,
        .score = (from->flags & SP_WIRE_STEP_SCORED) != 0 ? from->score : -1,
        .wanted = from->wanted,
        .kept = (from->flags & SP_WIRE_STEP_KEPT) != 0,
        .full_chroma = (from->flags & SP_WIRE_STEP_FULL_CHROMA) != 0,
    };
    if (encoded || from->kind == SP_STEP_SHRINK || from->kind == SP_STEP_GROW)
        step->variant = g_strdup(variant->name);
    if (from->kind == SP_STEP_COLOUR) {
        step->colour = sp_wire_colour_word(from->colour);
        step->origin = sp_wire_origin_word(from->origin);
    }
    if (from->kind == SP_STEP_RESIZE) {
        step->sharpen = job->request->reduction.sharpen;
        step->linear_light = job->request->reduction.linear_light != 0;
    }
    return step;
}

static void
note_trace(const Job *job)
{
    const SpWireTrace *trace = &job->answer.trace;
    job->receipt->trace_cut = trace->cut != 0;
    for (guint i = 0; job->receipt->trace != NULL && i < trace->n; i++)
        g_ptr_array_add(job->receipt->trace, step_new(job, &trace->steps[i]));
}

/* Of an upload that was not published after all, nothing was. */
static void
unkeep_trace(const SpReceipt *receipt)
{
    for (guint i = 0; receipt->trace != NULL && i < receipt->trace->len; i++)
        ((SpStep *)g_ptr_array_index(receipt->trace, i))->kept = FALSE;
}

static void
note_answer(Job *job)
{
    SpReceipt *receipt = job->receipt;
    const SpWireAnswer *answer = &job->answer;
    if (answer->input_bytes != 0)
        receipt->input_bytes = answer->input_bytes;
    receipt->input_width = answer->width;
    receipt->input_height = answer->height;
    receipt->orientation = answer->orientation;
    receipt->removed = answer->removed;
    if (answer->code == SP_ERROR_NONE && answer->orientation != 0)
        receipt->colour = sp_wire_colour_word(answer->colour);
    note_trace(job);
}

/* The renderer loads its libraries while the upload is taken in. Of a file the first bytes tell
 * which one; from a pipe they may be long in coming: a session's first upload is taken for a
 * JPEG, as most are. What turns out wrong has cost a process that sees nothing. */
static void
expect_renderer(SpSession *session, int fd)
{
    struct stat about;
    guint8 head[SP_SNIFF_BYTES];
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        ssize_t n = pread(fd, head, sizeof head, 0);
        const SpSniffed *sniffed = n > 0 ? sp_sniff(head, (gsize)n) : NULL;
        if (sniffed != NULL && sniffed->format < SP_FORMAT_COUNT)
            sp_sandbox_expect(session->sandbox, sp_renderers_of(sniffed->format)->kinds[0]);
    } else if (g_atomic_int_compare_and_exchange(&session->guessed, FALSE, TRUE)) {
        sp_sandbox_expect(session->sandbox, SP_RENDERER_JPEG);
    }
}

/* A second try is made of sealed input only: a pipe is gone. */
static gboolean
ask_renderers(Job *job, GError **error)
{
    const SpSniffed *sniffed = job->intake.sniffed;
    g_return_val_if_fail(sniffed != NULL && sniffed->format < SP_FORMAT_COUNT, FALSE);
    const SpRenderers *renderers = sp_renderers_of(sniffed->format);
    char libraries[SP_WIRE_LIBRARIES];
    for (guint i = 0;; i++) {
        g_autoptr(GError) why = NULL;
        if (sp_sandbox_render(job->session->sandbox, renderers->kinds[i], job->request,
                              job->intake.fd, &job->answer, &job->output, libraries, &why)) {
            job->receipt->libraries = g_strdup(libraries);
            return TRUE;
        }
        if (i + 1 == renderers->n || job->request->input_is_pipe ||
            !g_error_matches(why, SP_ERROR, SP_ERROR_UNAVAILABLE)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return FALSE;
        }
    }
}

static gboolean
render(Job *job, GError **error)
{
    if (!make_request(job, error))
        return FALSE;
    gboolean done = ask_renderers(job, error);
    note_answer(job);
    if (!done)
        return FALSE;
    void *bytes = mmap(NULL, job->request->output_size, PROT_READ, MAP_PRIVATE, job->output, 0);
    if (bytes == MAP_FAILED)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot map the outputs");
    job->bytes = bytes;
    return TRUE;
}

/* ---- audit
 * ------------------------------------------------------------------------------------ */

static gboolean
audit_file(const Job *job, guint index, GError **error)
{
    static const SpAuditFormat formats[SP_OUTPUT_COUNT] = {
        [SP_OUTPUT_WEBP] = SP_AUDIT_WEBP,
        [SP_OUTPUT_JPEG] = SP_AUDIT_JPEG,
    };
    const SpWireFile *file = &job->answer.files[index];
    const SpVariant *variant = &job->request->variants[index];
    SpAuditPromise promise = {
        .format = formats[variant->format],
        .width = file->width,
        .height = file->height,
        .components = file->components,
        .max_width = variant->width,
        .max_height = variant->max_height,
        .max_bytes = variant->max_bytes,
    };
    return sp_audit(job->bytes + file->offset, file->length, &promise, error);
}

static gboolean
audit(const Job *job, GError **error)
{
    for (guint i = 0; i < job->answer.n_files; i++)
        if (!audit_file(job, i, error)) {
            g_prefix_error(error, "the output '%s' is not what it must be: ",
                           job->request->variants[i].name);
            return FALSE;
        }
    return TRUE;
}

/* ---- all of it
 * -------------------------------------------------------------------------------- */

static gboolean
deliver(const Job *job, GError **error)
{
    const SpDelivery delivery = {
        .session = job->session,
        .preset = job->preset,
        .target = job->target,
        .upload_name = job->upload->name,
        .variants = job->request->variants,
        .answer = &job->answer,
        .bytes = job->bytes,
        .receipt = job->receipt,
    };
    return sp_deliver(&delivery, error);
}

static gboolean
run(Job *job, GError **error)
{
    expect_renderer(job->session, job->upload->fd);
    gboolean taken = sp_intake(&job->intake, job->upload, &job->preset->limits,
                               job->session->cancel_fd, error);
    job->receipt->input_bytes = job->intake.size;
    if (job->intake.sniffed != NULL)
        job->receipt->input_format = job->intake.sniffed->word;
    if (!taken || !render(job, error) || !audit(job, error))
        return FALSE;
    return deliver(job, error);
}

SpReceipt *
sp_process(SpSession *session, const SpPreset *preset, const SpUpload *upload,
           const SpTarget *target)
{
    SpReceipt *receipt = sp_receipt_new(upload->name, preset);
    receipt->trace = target->explain ? sp_steps_new() : NULL;
    g_auto(Job) job = {
        .session = session,
        .preset = preset,
        .upload = upload,
        .target = target,
        .receipt = receipt,
        .intake = {.own = -1},
        .request = g_new0(SpWireRequest, 1),
        .output = -1,
    };
    g_autoptr(GError) error = NULL;
    if (run(&job, &error))
        return receipt;
    g_ptr_array_set_size(receipt->outputs, 0);
    unkeep_trace(receipt);
    g_clear_pointer(&receipt->picture, g_free);
    g_clear_pointer(&receipt->thumbhash, g_free);
    receipt->error = g_steal_pointer(&error);
    sp_deliver_failure(target, receipt);
    return receipt;
}
