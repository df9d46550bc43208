/* SPDX-License-Identifier: MIT */
/* batch-job.c -- one input of a batch: is it due, and what becomes of it.
 *
 * What goes wrong with one upload is that upload's, told and recorded; what would befall every
 * further one (a full disk, a host that cannot seal) ends the run, and no upload is blamed. */
#include "base/error.h"
#include "bulk/batch-run.h"
#include "pipeline/dot-name.h"
#include "pipeline/folder.h"
#include "preset/preset.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_TRIES 3 /* of an upload that was not done in time */

void
sp_batch_job_clear(SpBatchJob *job)
{
    sp_input_clear(&job->input);
    sp_record_clear(&job->record);
    g_clear_pointer(&job->own, g_ptr_array_unref);
    g_clear_pointer(&job->receipt, sp_receipt_free);
    g_clear_error(&job->unread);
}

/* ---- is it due? ----------------------------------------------------------------------------
 */

typedef struct {
    int output;
    gboolean is_lost;
} Search;

static gboolean
look_for(const SpJournalOutput *output, gpointer data)
{
    Search *search = data;
    struct stat st;
    search->is_lost = !sp_folder_is_inner(output->path) ||
                      fstatat(search->output, output->path, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
                      !S_ISREG(st.st_mode) || (guint64)st.st_size != output->bytes;
    return !search->is_lost;
}

/* What would render the record's format now. lock is held: a renderer may start meanwhile, once
 * a format. */
static const char *
libraries_of(SpBatchRun *run, const SpRecord *record, GError **error)
{
    const char *known = g_hash_table_lookup(run->libraries, record->format);
    if (known != NULL)
        return known;
    char *now = sp_session_libraries(run->session, record->format, error);
    if (now != NULL)
        g_hash_table_insert(run->libraries, g_strdup(record->format), now);
    return now;
}

static gboolean
ask_libraries(SpBatchRun *run, const SpBatchJob *job, const char **ret_libraries,
              GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    *ret_libraries = libraries_of(run, &job->record, error);
    return *ret_libraries != NULL;
}

static gboolean
decide(SpBatchRun *run, SpBatchJob *job, GError **error)
{
    SpDueAsked asked = {
        .record = job->has_record ? &job->record : NULL,
        .mark = job->input.mark,
        .checksum = job->checksum[0] != '\0' ? job->checksum : NULL,
        .recipe = run->recipe,
    };
    if (job->has_record && job->record.outcome == SP_OUTCOME_OK && run->batch->redo_libraries &&
        !ask_libraries(run, job, &asked.libraries, error))
        return FALSE;
    job->due = sp_due(&asked);
    if (job->due != SP_DUE_NOT)
        return TRUE;
    Search search = {.output = run->output};
    if (!sp_journal_outputs(run->batch->journal, job->record.id, look_for, &search, error))
        return FALSE;
    asked.is_lost = search.is_lost;
    job->due = sp_due(&asked);
    return TRUE;
}

gboolean
sp_batch_job_foresee(SpBatchRun *run, SpBatchJob *job, GError **error)
{
    SpJournal *journal = run->batch->journal;
    if (journal != NULL &&
        !sp_journal_find(journal, job->input.path, &job->record, &job->has_record, error))
        return FALSE;
    if (job->has_record)
        sp_journal_see(journal, job->record.id);
    return decide(run, job, error);
}

static gboolean
add_hash(const SpJournalOutput *output, gpointer data)
{
    g_ptr_array_add(data, g_strdup(output->sha256));
    return TRUE;
}

/* What is called after its upload wants the name that its last files have: those, and no others
 * of that name, it may replace. */
static gboolean
find_own(const SpBatchRun *run, SpBatchJob *job, GError **error)
{
    const SpBatch *batch = run->batch;
    if (!job->has_record || !sp_preset_names_by_source(batch->preset))
        return TRUE;
    job->own = g_ptr_array_new_with_free_func(g_free);
    if (!sp_journal_outputs(batch->journal, job->record.id, add_hash, job->own, error))
        return FALSE;
    g_ptr_array_add(job->own, NULL);
    return TRUE;
}

/* ---- what becomes of it --------------------------------------------------------------------
 */

/* Whether the output folder takes a file at all: asked when one could not be written. */
static gboolean
output_takes_files(const SpBatchRun *run)
{
    g_auto(SpFd) fd = openat(run->output, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 || faccessat(run->output, ".", W_OK | X_OK, AT_EACCESS) == 0;
}

/* What a renderer has answered for was read: an I/O error behind that is of the outputs. */
static gboolean
ends_run(const SpBatchRun *run, const SpReceipt *receipt)
{
    const GError *error = receipt->error;
    if (error == NULL || error->domain != SP_ERROR)
        return FALSE;
    switch (error->code) {
    case SP_ERROR_NO_SPACE:
    case SP_ERROR_CANNOT_SEAL:
    case SP_ERROR_INTERRUPTED:
        return TRUE;
    case SP_ERROR_IO:
        return receipt->input_width != 0;
    case SP_ERROR_CANNOT_WRITE:
        return !output_takes_files(run);
    default:
        return FALSE;
    }
}

/* A killed run may have left files without their names where they had to replace others, or
 * where files cannot be nameless: they are deleted before the first upload of the folder. */
static void
sweep_once(SpBatchRun *run, const SpBatchJob *job)
{
    const char *path = run->batch->flat ? "" : job->input.path, *name = NULL;
    g_autofree char *folder = g_path_get_dirname(path);
    g_mutex_lock(&run->lock);
    gboolean is_new = g_hash_table_add(run->swept, g_steal_pointer(&folder));
    g_mutex_unlock(&run->lock);
    if (!is_new)
        return;
    g_auto(SpFd) parent = sp_batch_open_parent(run->output, path, &name);
    if (parent >= 0)
        sp_dot_name_sweep(parent);
}

static SpReceipt *
process_once(const SpBatchRun *run, const SpBatchJob *job, int fd)
{
    const SpBatch *batch = run->batch;
    g_autofree char *below = g_path_get_dirname(job->input.path);
    gboolean is_top = batch->flat || g_str_equal(below, ".");
    SpUpload upload = {.fd = fd, .name = job->input.path};
    SpTarget target = {
        .folder = batch->output,
        .opened = run->output,
        .below = is_top ? NULL : below,
        .base_url = batch->base_url,
        .names_key = batch->names_key,
        .unsynced = batch->durability == SP_DURABILITY_NONE,
        .replaces = job->own != NULL ? (const char *const *)job->own->pdata : NULL,
        .threads = run->threads,
    };
    return sp_process(run->session, batch->preset, &upload, &target);
}

/* Not done in time is no verdict: the host was busy. */
static void
process(const SpBatchRun *run, SpBatchJob *job, int fd)
{
    gint64 start = g_get_monotonic_time();
    job->receipt = process_once(run, job, fd);
    for (guint tries = 1;
         tries < MOST_TRIES && g_error_matches(job->receipt->error, SP_ERROR, SP_ERROR_BUSY);
         tries++) {
        sp_receipt_free(job->receipt);
        job->receipt = process_once(run, job, fd);
    }
    job->milliseconds = (guint)((g_get_monotonic_time() - start) / 1000);
}

gboolean
sp_batch_job_work(SpBatchRun *run, SpBatchJob *job, GError **error)
{
    const SpBatch *batch = run->batch;
    if (job->input.kind != SP_TREE_FILE || (batch->dry_run && !batch->checksum))
        return TRUE;
    g_auto(SpFd) fd =
        sp_inputs_open(batch->inputs, job->input.path, &job->input.mark, &job->unread);
    if (fd < 0)
        return TRUE;
    gboolean is_too_large = job->input.mark.size > batch->preset->limits.max_upload;
    if (batch->checksum && !is_too_large) {
        if (!sp_checksum_file(fd, job->checksum, &job->unread))
            return TRUE;
        if (!decide(run, job, error))
            return FALSE;
    }
    if (batch->dry_run || !sp_due_is(job->due))
        return TRUE;
    if (!find_own(run, job, error))
        return FALSE;
    sweep_once(run, job);
    process(run, job, fd);
    if (!ends_run(run, job->receipt))
        return TRUE;
    g_propagate_error(error, g_error_copy(job->receipt->error));
    return FALSE;
}
