/* SPDX-License-Identifier: MIT */
/* process.c -- one upload, all the way: intake, render, audit, publish, receipt.
 *
 * Read sp_process() from the bottom up: each step takes what the one before has proved. Input
 * bytes go to one place only, the renderer; what is written comes from one place only, the
 * sealed outputs after their audit. No path joins the two. */
#include "audit/audit.h"
#include "base/error.h"
#include "pipeline/intake.h"
#include "pipeline/names.h"
#include "pipeline/publish.h"
#include "pipeline/receipt.h"
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
}

/* Who renders a format: the first, and where that one says `unavailable`, the second. */
#define MOST_RENDERERS 2
static const struct {
    guint n;
    SpRendererKind kinds[MOST_RENDERERS];
} renderers[SP_FORMAT_COUNT] = {
    [SP_FORMAT_JPEG] = {1, {SP_RENDERER_JPEG}},
    [SP_FORMAT_PNG] = {1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_WEBP] = {1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_GIF] = {1, {SP_RENDERER_VIPS}},
    [SP_FORMAT_HEIC] = {2, {SP_RENDERER_HEVC, SP_RENDERER_HEIF}},
    [SP_FORMAT_AVIF] = {1, {SP_RENDERER_HEIF}},
};

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
            sp_sandbox_expect(session->sandbox, renderers[sniffed->format].kinds[0]);
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
    SpFormat format = sniffed->format;
    for (guint i = 0;; i++) {
        g_autoptr(GError) why = NULL;
        if (sp_sandbox_render(job->session->sandbox, renderers[format].kinds[i], job->request,
                              job->intake.fd, &job->answer, &job->output, &why))
            return TRUE;
        if (i + 1 == renderers[format].n || job->request->input_is_pipe ||
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

/* ---- publish
 * ---------------------------------------------------------------------------------- */

static void
note_outputs(Job *job)
{
    for (guint i = 0; i < job->answer.n_files; i++) {
        const SpWireFile *file = &job->answer.files[i];
        const SpVariant *variant = &job->request->variants[i];
        SpOutput *output = g_new0(SpOutput, 1);
        output->variant = g_strdup(variant->name);
        output->format = sp_output_format_word(variant->format);
        output->width = file->width;
        output->height = file->height;
        output->bytes = file->length;
        output->quality = file->quality;
        output->encodes = file->encodes;
        g_autofree char *hash = g_compute_checksum_for_data(
            G_CHECKSUM_SHA256, job->bytes + file->offset, file->length);
        g_strlcpy(output->sha256, hash, sizeof output->sha256);
        g_ptr_array_add(job->receipt->outputs, output);
    }
    if (job->answer.n_thumbhash != 0)
        job->receipt->thumbhash =
            g_base64_encode(job->answer.thumbhash, job->answer.n_thumbhash);
}

static char *
choose_stem(const Job *job, SpNames names, GError **error)
{
    const char *hashes[SP_MAX_VARIANTS] = {NULL};
    const GPtrArray *outputs = job->receipt->outputs;
    for (guint i = 0; i < outputs->len; i++)
        hashes[i] = ((const SpOutput *)g_ptr_array_index(outputs, i))->sha256;
    const SpNameBasis basis = {hashes, outputs->len, job->upload->name, job->target->names_key};
    return sp_name_stem(names, &basis, error);
}

static gboolean
stage_outputs(Job *job, const char *stem, SpPublish *publish, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    SpPublishFile files[SP_MAX_VARIANTS];
    for (guint i = 0; i < job->answer.n_files; i++) {
        const SpWireFile *file = &job->answer.files[i];
        SpOutput *output = g_ptr_array_index(job->receipt->outputs, i);
        char *name = sp_name_file(stem, &job->request->variants[i]);
        g_ptr_array_add(names, name);
        files[i] = (SpPublishFile){name, job->bytes + file->offset, file->length, 0644};
        output->path =
            job->target->below == NULL
                ? g_build_filename(job->target->folder, name, NULL)
                : g_build_filename(job->target->folder, job->target->below, name, NULL);
    }
    if (!sp_publish_stage(publish, files, job->answer.n_files, error))
        return FALSE;
    job->receipt->picture =
        sp_receipt_picture(job->receipt->outputs, job->target->base_url, job->preset->sizes);
    return TRUE;
}

static SpPublishFlags
flags_of(const SpTarget *target)
{
    return (target->force ? SP_PUBLISH_FORCE : 0) |
           (target->unsynced ? SP_PUBLISH_UNSYNCED : 0);
}

/* A receipt says one run's story, so a later one replaces it: force. */
static SpPublish *
stage_receipt(const Job *job, const char *stem, GError **error)
{
    SpPublishFlags flags = SP_PUBLISH_FORCE | flags_of(job->target);
    g_autoptr(SpPublish) publish = sp_publish_new(job->target->receipts, NULL, flags, error);
    if (publish == NULL)
        return NULL;
    g_autofree char *json = sp_receipt_to_json(job->receipt);
    g_autofree char *line = g_strconcat(json, "\n", NULL);
    g_autofree char *name = g_strconcat(stem, ".json", NULL);
    const SpPublishFile file = {name, line, strlen(line), 0600};
    if (!sp_publish_stage(publish, &file, 1, error))
        return NULL;
    return g_steal_pointer(&publish);
}

/* The receipt's name comes last: it is the commit, without which no file stays. receipt may be
 * NULL. */
static gboolean
commit(SpPublish *files, SpPublish *receipt, GError **error)
{
    if (!sp_publish_commit(files, error))
        return FALSE;
    if (receipt == NULL || sp_publish_commit(receipt, error))
        return TRUE;
    sp_publish_undo(files, error);
    return FALSE;
}

/* Everything that can run out of space is staged, the receipt too, before the first name
 * appears. */
static gboolean
publish_files(Job *job, GError **error)
{
    g_autofree char *stem = choose_stem(job, job->preset->names, error);
    if (stem == NULL)
        return FALSE;
    const SpTarget *target = job->target;
    g_autoptr(SpPublish) files =
        sp_publish_new(target->folder, target->below, flags_of(target), error);
    if (files == NULL || !stage_outputs(job, stem, files, error))
        return FALSE;
    g_autoptr(SpPublish) receipt = NULL;
    if (job->target->receipts != NULL) {
        receipt = stage_receipt(job, stem, error);
        if (receipt == NULL)
            return FALSE;
    }
    sp_claims_take(job->session->claims, stem);
    gboolean done = commit(files, receipt, error);
    sp_claims_release(job->session->claims, stem);
    return done;
}

static gboolean
publish_stdout(Job *job, GError **error)
{
    const SpWireFile *file = &job->answer.files[0];
    SpOutput *output = g_ptr_array_index(job->receipt->outputs, 0);
    output->path = g_strdup("-");
    if (!sp_write_cancellable(job->target->stdout_fd, job->bytes + file->offset, file->length,
                              job->session->cancel_fd)) {
        if (errno == ECANCELED)
            return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
        return sp_throw(error, SP_ERROR_IO, "cannot write to standard output: %s",
                        g_strerror(errno));
    }
    g_autofree char *stem = choose_stem(job, SP_NAMES_OPAQUE, error);
    if (job->target->receipts == NULL || stem == NULL)
        return stem != NULL;
    g_autoptr(SpPublish) receipt = stage_receipt(job, stem, error);
    return receipt != NULL && sp_publish_commit(receipt, error);
}

/* ---- all of it
 * -------------------------------------------------------------------------------- */

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
    note_outputs(job);
    return job->target->only_variant != NULL ? publish_stdout(job, error)
                                             : publish_files(job, error);
}

/* What failed leaves a receipt too, under a name of its own; that this fails as well changes
 * nothing any more. */
static void
keep_failure(const Job *job)
{
    if (job->target->receipts == NULL)
        return;
    g_autofree char *stem = sp_name_stem(SP_NAMES_RANDOM, &(SpNameBasis){.key = NULL}, NULL);
    g_autoptr(SpPublish) receipt = stem == NULL ? NULL : stage_receipt(job, stem, NULL);
    if (receipt != NULL && !sp_publish_commit(receipt, NULL))
        return;
}

SpReceipt *
sp_process(SpSession *session, const SpPreset *preset, const SpUpload *upload,
           const SpTarget *target)
{
    SpReceipt *receipt = sp_receipt_new(upload->name, preset);
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
    g_clear_pointer(&receipt->picture, g_free);
    g_clear_pointer(&receipt->thumbhash, g_free);
    receipt->error = g_steal_pointer(&error);
    keep_failure(&job);
    return receipt;
}
