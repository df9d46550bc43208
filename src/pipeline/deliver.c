/* SPDX-License-Identifier: MIT */
/* deliver.c -- the last step of an upload: its outputs leave, and its receipt is kept.
 *
 * Three ways lead out: files under their names (publish.h), a caller's sink, stdout. They share
 * how outputs are named and that the receipt's name comes last: it is the commit. What leaves
 * is the sealed outputs and nothing else; the upload is not at hand here. */
#include "pipeline/deliver.h"
#include "base/error.h"
#include "base/memfd.h"
#include "pipeline/names.h"
#include "pipeline/publish.h"
#include "pipeline/receipt.h"
#include <errno.h>
#include <string.h>

static gboolean
goes_to_stdout(const SpTarget *target)
{
    return target->sink == NULL && target->only_variant != NULL;
}

static gboolean
is_published(const SpTarget *target)
{
    return target->sink == NULL && target->only_variant == NULL;
}

static SpOutput *
output_at(const SpDelivery *delivery, guint index)
{
    return g_ptr_array_index(delivery->receipt->outputs, index);
}

static void
note_outputs(const SpDelivery *delivery)
{
    const SpWireAnswer *answer = delivery->answer;
    for (guint i = 0; i < answer->n_files; i++) {
        const SpWireFile *file = &answer->files[i];
        const SpVariant *variant = &delivery->variants[i];
        SpOutput *output = g_new0(SpOutput, 1);
        output->variant = g_strdup(variant->name);
        output->format = sp_output_format_word(variant->format);
        output->width = file->width;
        output->height = file->height;
        output->bytes = file->length;
        output->quality = file->quality;
        output->encodes = file->encodes;
        g_autofree char *hash = g_compute_checksum_for_data(
            G_CHECKSUM_SHA256, delivery->bytes + file->offset, file->length);
        g_strlcpy(output->sha256, hash, sizeof output->sha256);
        g_ptr_array_add(delivery->receipt->outputs, output);
    }
    if (answer->n_thumbhash != 0)
        delivery->receipt->thumbhash = g_base64_encode(answer->thumbhash, answer->n_thumbhash);
}

/* On stdout nobody sees a name: it is the receipt's alone. */
static char *
choose_stem(const SpDelivery *delivery, GError **error)
{
    const SpTarget *target = delivery->target;
    const char *hashes[SP_MAX_VARIANTS] = {NULL};
    guint n = delivery->receipt->outputs->len;
    for (guint i = 0; i < n; i++)
        hashes[i] = output_at(delivery, i)->sha256;
    const SpNameBasis basis = {hashes, n, delivery->upload_name, target->names_key};
    SpNames names = goes_to_stdout(target) ? SP_NAMES_OPAQUE : delivery->preset->names;
    return sp_name_stem(names, &basis, error);
}

/* name is handed over. */
static char *
path_of(const SpTarget *target, char *name)
{
    g_autofree char *file = name;
    const char *below = target->below != NULL ? target->below : "";
    return is_published(target) ? g_build_filename(target->folder, below, file, NULL)
                                : g_build_filename(below, file, NULL);
}

static void
name_outputs(const SpDelivery *delivery, const char *stem)
{
    SpReceipt *receipt = delivery->receipt;
    const SpTarget *target = delivery->target;
    for (guint i = 0; i < receipt->outputs->len; i++)
        output_at(delivery, i)->path =
            goes_to_stdout(target)
                ? g_strdup("-")
                : path_of(target, sp_name_file(stem, &delivery->variants[i]));
    if (!goes_to_stdout(target))
        receipt->picture = sp_receipt_picture(receipt->outputs, target->base_url, target->below,
                                              delivery->preset->sizes);
}

/* ---- the receipt ---------------------------------------------------------------------------
 */

/* One run's story, so a later one replaces it: force. */
static SpPublish *
stage_receipt(const SpTarget *target, const SpReceipt *receipt, const char *stem,
              GError **error)
{
    SpPublishFlags flags =
        target->unsynced ? SP_PUBLISH_FORCE | SP_PUBLISH_UNSYNCED : SP_PUBLISH_FORCE;
    g_autoptr(SpPublish) publish = sp_publish_new(target->receipts, -1, NULL, flags, error);
    if (publish == NULL)
        return NULL;
    g_autofree char *json = sp_receipt_to_json(receipt);
    g_autofree char *line = g_strconcat(json, "\n", NULL);
    g_autofree char *name = g_strconcat(stem, ".json", NULL);
    const SpPublishFile file = {name, line, strlen(line), 0600};
    if (!sp_publish_stage(publish, &file, 1, error))
        return NULL;
    return g_steal_pointer(&publish);
}

void
sp_deliver_failure(const SpTarget *target, const SpReceipt *receipt)
{
    if (target->receipts == NULL)
        return;
    g_autofree char *stem = sp_name_stem(SP_NAMES_RANDOM, &(SpNameBasis){.key = NULL}, NULL);
    g_autoptr(SpPublish) file =
        stem == NULL ? NULL : stage_receipt(target, receipt, stem, NULL);
    if (file != NULL && !sp_publish_commit(file, NULL))
        return;
}

/* ---- three ways out ------------------------------------------------------------------------
 */

static SpPublish *
stage_files(const SpDelivery *delivery, const char *stem, GError **error)
{
    const SpTarget *target = delivery->target;
    SpPublishFlags flags =
        (target->force ? SP_PUBLISH_FORCE : 0) | (target->unsynced ? SP_PUBLISH_UNSYNCED : 0);
    g_autoptr(SpPublish) publish = sp_publish_new(
        target->folder, target->opened > 0 ? target->opened : -1, target->below, flags, error);
    if (publish == NULL)
        return NULL;
    sp_publish_replace(publish, target->replaces);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    SpPublishFile files[SP_MAX_VARIANTS];
    guint n = delivery->answer->n_files;
    for (guint i = 0; i < n; i++) {
        const SpWireFile *file = &delivery->answer->files[i];
        char *name = sp_name_file(stem, &delivery->variants[i]);
        g_ptr_array_add(names, name);
        files[i] = (SpPublishFile){name, delivery->bytes + file->offset, file->length, 0644};
    }
    if (!sp_publish_stage(publish, files, n, error))
        return NULL;
    return g_steal_pointer(&publish);
}

static gboolean
give_to_sink(const SpDelivery *delivery, GError **error)
{
    const SpTarget *target = delivery->target;
    for (guint i = 0; i < delivery->answer->n_files; i++) {
        const SpWireFile *file = &delivery->answer->files[i];
        if (!target->sink(output_at(delivery, i), delivery->bytes + file->offset, file->length,
                          target->sink_data, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_to_stdout(const SpDelivery *delivery, GError **error)
{
    const SpWireFile *file = &delivery->answer->files[0];
    if (sp_write_cancellable(delivery->target->stdout_fd, delivery->bytes + file->offset,
                             file->length, delivery->session->cancel_fd))
        return TRUE;
    if (errno == ECANCELED)
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    return sp_throw(error, SP_ERROR_IO, "cannot write to standard output: %s",
                    g_strerror(errno));
}

/* Without its receipt no file stays. receipt may be NULL. */
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

/* files are NULL where nothing is published. */
static gboolean
let_go(const SpDelivery *delivery, const char *stem, SpPublish *files, SpPublish *receipt,
       GError **error)
{
    if (files != NULL) {
        sp_claims_take(delivery->session->claims, stem);
        gboolean done = commit(files, receipt, error);
        sp_claims_release(delivery->session->claims, stem);
        return done;
    }
    gboolean gone = goes_to_stdout(delivery->target) ? write_to_stdout(delivery, error)
                                                     : give_to_sink(delivery, error);
    return gone && (receipt == NULL || sp_publish_commit(receipt, error));
}

gboolean
sp_deliver(const SpDelivery *delivery, GError **error)
{
    const SpTarget *target = delivery->target;
    note_outputs(delivery);
    g_autofree char *stem = choose_stem(delivery, error);
    if (stem == NULL)
        return FALSE;
    name_outputs(delivery, stem);
    g_autoptr(SpPublish) files = NULL;
    if (is_published(target) && (files = stage_files(delivery, stem, error)) == NULL)
        return FALSE;
    g_autoptr(SpPublish) receipt = NULL;
    if (target->receipts != NULL) {
        receipt = stage_receipt(target, delivery->receipt, stem, error);
        if (receipt == NULL)
            return FALSE;
    }
    return let_go(delivery, stem, files, receipt, error);
}
