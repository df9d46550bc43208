/* SPDX-License-Identifier: MIT */
/* batch.c -- a batch, from its first input to the last record.
 *
 * Threads (in-order.c) take inputs and work on them (batch-job.c); the calling thread records
 * and tells, in the order of the inputs. What is done already is passed over where inputs are
 * taken, so a million of them cost no thread a turn.
 *
 * Records are committed in groups, or each by itself; also before anything ends. A killed run
 * loses the records of the last group, never a file: those uploads are taken again and end in
 * the same names and bytes. */
#include "bulk/batch.h"
#include "base/error.h"
#include "bulk/batch-run.h"
#include "bulk/host.h"
#include "bulk/in-order.h"
#include "preset/preset.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define WINDOW 128 /* inputs that a slow one may hold up */
#define GROUP 64   /* records of a transaction, at most */
#define GROUP_USEC 500000
#define TICK_MS 100
#define WAITING 2 /* uploads more than cores: as many wait for the disk, about */

static char *
text_but_description(const SpPreset *preset)
{
    g_autofree char *ini = sp_preset_to_ini(preset);
    g_auto(GStrv) lines = g_strsplit(ini, "\n", -1);
    GString *text = g_string_new(NULL);
    for (guint i = 0; lines[i] != NULL; i++)
        if (!g_str_has_prefix(lines[i], "description"))
            g_string_append_printf(text, "%s\n", lines[i]);
    return g_string_free(text, FALSE);
}

char *
sp_batch_recipe(const SpPreset *preset, gboolean flat)
{
    g_autofree char *ini = text_but_description(preset);
    g_autofree char *text =
        g_strdup_printf("%s\nflat %d\ngeneration %u\n", ini, flat ? 1 : 0, sp_generation());
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

guint
sp_batch_jobs(const SpPreset *preset)
{
    SpHost host;
    const char *why = NULL;
    sp_host_ask(NULL, &host);
    guint more = MIN(host.cores, WAITING);
    host.cores += more;
    host.quota += host.quota > 0 ? more : 0;
    return MIN(sp_host_jobs(&host, preset->limits.max_memory, &why), SP_IN_ORDER_THREADS);
}

/* ---- telling -------------------------------------------------------------------------------
 */

gboolean
sp_batch_tell(SpBatchRun *run, SpBatchEvent event)
{
    SpBatchTotals totals;
    g_mutex_lock(&run->lock);
    totals = run->totals;
    g_mutex_unlock(&run->lock);
    event.totals = &totals;
    run->is_over |= !run->batch->func(&event, run->batch->data);
    return !run->is_over;
}

/* The first one counts. */
static gboolean
end_by(SpBatchRun *run, GError *why)
{
    if (run->error == NULL)
        run->error = why;
    else
        g_error_free(why);
    return FALSE;
}

static gboolean
commit(SpBatchRun *run)
{
    g_autoptr(GError) error = NULL;
    if (run->n_open == 0)
        return TRUE;
    run->n_open = 0;
    return sp_journal_commit(run->batch->journal, &error) ||
           end_by(run, g_steal_pointer(&error));
}

/* One more record is written: commit if it is time to. */
static gboolean
commit_in_time(SpBatchRun *run)
{
    gint64 now = g_get_monotonic_time();
    if (++run->n_open == 1)
        run->commit_us = now + GROUP_USEC;
    guint most = run->batch->durability == SP_DURABILITY_EACH ? 1 : GROUP;
    return (run->n_open < most && now < run->commit_us) || commit(run);
}

static void
tick(gpointer data)
{
    SpBatchRun *run = data;
    gint64 now = g_get_monotonic_time();
    if (run->n_open > 0 && now >= run->commit_us)
        (void)!commit(run); /* give() sees run->error */
    if (now < run->tick_us)
        return;
    run->tick_us = now + (gint64)TICK_MS * 1000;
    SpBatchEvent event = {.kind = SP_BATCH_TICK};
    (void)!sp_batch_tell(run, event);
}

/* ---- one input after the other -------------------------------------------------------------
 */

static gboolean
take(gpointer slot, gpointer data, GError **error)
{
    SpBatchRun *run = data;
    SpBatchJob job = {0};
    while (!run->batch->stop() && sp_inputs_next(run->batch->inputs, &job.input, error)) {
        gboolean is_file = job.input.kind == SP_TREE_FILE;
        gboolean decided = !is_file || sp_batch_job_foresee(run, &job, error);
        gboolean pass = decided && is_file && !run->batch->checksum && !sp_due_is(job.due);
        g_mutex_lock(&run->lock);
        run->totals.seen += is_file ? 1 : 0;
        run->totals.due[job.due] += pass ? 1 : 0;
        g_mutex_unlock(&run->lock);
        if (decided && !pass) {
            *(SpBatchJob *)slot = job;
            return TRUE;
        }
        sp_batch_job_clear(&job);
        if (!decided)
            return FALSE;
        job = (SpBatchJob){0};
    }
    return FALSE;
}

static gboolean
work(gpointer slot, gpointer tool, gpointer data, GError **error)
{
    (void)tool;
    return sp_batch_job_work(data, slot, error);
}

static void
count_receipt(SpBatchTotals *totals, const SpReceipt *receipt)
{
    if (receipt->error != NULL) {
        gboolean refused = sp_error_is_refusal(receipt->error->code);
        totals->done[refused ? SP_OUTCOME_REFUSED : SP_OUTCOME_FAILED]++;
        totals->codes[receipt->error->code]++;
        return;
    }
    totals->done[SP_OUTCOME_OK]++;
    totals->bytes_in += receipt->input_bytes;
    for (guint i = 0; i < receipt->outputs->len; i++)
        totals->bytes_out += ((const SpOutput *)g_ptr_array_index(receipt->outputs, i))->bytes;
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        totals->removed[i] += (receipt->removed >> i) & 1;
}

static gboolean
record(SpBatchRun *run, const SpBatchJob *job)
{
    g_autoptr(GError) error = NULL;
    SpJournalEntry entry = {
        .path = job->input.path,
        .mark = job->input.mark,
        .checksum = job->checksum[0] != '\0' ? job->checksum : NULL,
        .recipe = run->recipe,
        .receipt = job->receipt,
        .output_folder = run->batch->output,
        .milliseconds = job->milliseconds,
    };
    if (!sp_journal_put(run->batch->journal, &entry, &error))
        return end_by(run, g_steal_pointer(&error));
    return commit_in_time(run);
}

/* It is unchanged by its bytes, but looks different, or had no checksum. */
static gboolean
note_unchanged(SpBatchRun *run, const SpBatchJob *job)
{
    g_autoptr(GError) error = NULL;
    const SpRecord *old = &job->record;
    if (run->batch->dry_run ||
        (old->checksum != NULL && sp_file_mark_equal(&old->mark, &job->input.mark)))
        return TRUE;
    if (!sp_journal_touch(run->batch->journal, old->id, &job->input.mark, job->checksum,
                          &error))
        return end_by(run, g_steal_pointer(&error));
    return commit_in_time(run);
}

static SpBatchEvent
event_of(const SpBatchJob *job)
{
    SpBatchEvent event = {.path = job->input.path, .due = job->due};
    event.error = job->unread != NULL ? job->unread : job->input.error;
    event.kind = event.error != NULL               ? SP_BATCH_UNREAD
                 : job->input.kind == SP_TREE_FILE ? SP_BATCH_PHOTO
                                                   : SP_BATCH_SKIPPED;
    event.skipped = job->input.kind;
    event.receipt = job->receipt;
    return event;
}

static void
count(SpBatchRun *run, const SpBatchEvent *event)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&run->lock);
    SpBatchTotals *totals = &run->totals;
    totals->skipped += event->kind == SP_BATCH_SKIPPED ? 1 : 0;
    totals->unread += event->kind == SP_BATCH_UNREAD ? 1 : 0;
    if (event->kind == SP_BATCH_PHOTO)
        totals->due[event->due]++;
    if (event->receipt != NULL)
        count_receipt(totals, event->receipt);
}

static gboolean
give(gpointer slot, gpointer data)
{
    SpBatchRun *run = data;
    const SpBatchJob *job = slot;
    SpBatchEvent event = event_of(job);
    count(run, &event);
    if (job->receipt != NULL && !record(run, job))
        return FALSE;
    if (event.kind == SP_BATCH_PHOTO && !sp_due_is(job->due)) {
        if (!note_unchanged(run, job))
            return FALSE;
    } else if (!sp_batch_tell(run, event)) {
        return FALSE;
    }
    tick(run);
    return run->error == NULL && !run->is_over;
}

static void
drop(gpointer slot)
{
    sp_batch_job_clear(slot);
}

/* ---- the scout -----------------------------------------------------------------------------
 */

typedef struct {
    SpBatchRun *run;
    gint stop; /* atomic */
} Scout;

/* How many inputs are there? Nobody waits for the answer. */
static gpointer
scout(gpointer data)
{
    Scout *self = data;
    guint64 n = 0;
    for (;;) {
        g_auto(SpInput) input = {0};
        if (g_atomic_int_get(&self->stop) || self->run->batch->stop() ||
            !sp_inputs_next(self->run->batch->scout, &input, NULL))
            break;
        n += input.kind == SP_TREE_FILE ? 1 : 0;
    }
    g_mutex_lock(&self->run->lock);
    self->run->totals.expected = g_atomic_int_get(&self->stop) ? 0 : n;
    g_mutex_unlock(&self->run->lock);
    return NULL;
}

/* ---- all of it -----------------------------------------------------------------------------
 */

static gboolean
process_all(SpBatchRun *run, GError **error)
{
    const SpBatch *batch = run->batch;
    SpInOrder order = {
        .name = "batch",
        .threads = batch->jobs,
        .window = WINDOW,
        .slot_size = sizeof(SpBatchJob),
        .data = run,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
        .tick = tick,
        .tick_ms = TICK_MS,
    };
    Scout helper = {.run = run};
    GThread *thread =
        batch->scout != NULL ? g_thread_try_new("scout", scout, &helper, NULL) : NULL;
    gboolean all = sp_in_order_run(&order, error);
    g_atomic_int_set(&helper.stop, 1);
    if (thread != NULL)
        g_thread_join(thread);
    return all;
}

/* An empty source is more likely a disk that is not mounted than an archive without photos. */
static gboolean
check_not_empty(const SpBatchRun *run, GError **error)
{
    const SpBatchTotals *totals = &run->totals;
    return totals->seen > 0 || totals->skipped > 0 || totals->recorded == 0 ||
           sp_throw(error, SP_ERROR_CANNOT_READ,
                    "the source has no file any more, where %" G_GUINT64_FORMAT
                    " were taken from it before: is its disk mounted? Nothing was forgotten",
                    run->totals.recorded);
}

/* What was not looked for is not gone. */
static gboolean
is_excluded(const char *path, gpointer data)
{
    const SpBatch *batch = data;
    return sp_tree_excludes(batch->exclude, path);
}

/* What is no longer there, and what is published for nobody. */
static gboolean
tidy(SpBatchRun *run, GError **error)
{
    const SpBatch *batch = run->batch;
    if (batch->journal == NULL)
        return TRUE;
    if (batch->whole && sp_inputs_were_all(batch->inputs)) {
        if (!check_not_empty(run, error) ||
            !sp_journal_forget_unseen(batch->journal, batch->dry_run, is_excluded,
                                      (gpointer)batch, &run->totals.gone, error) ||
            (!batch->dry_run && !sp_journal_commit(batch->journal, error)))
            return FALSE;
    }
    return sp_batch_prune(run, error);
}

static gboolean
run_all(SpBatchRun *run, GError **error)
{
    if (!process_all(run, error) && run->error == NULL && *error != NULL) {
        run->error = *error; /* beside it, what is done is to be committed */
        *error = NULL;
    }
    (void)!commit(run);
    if (run->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&run->error));
        return FALSE;
    }
    if (run->is_over)
        return FALSE;
    if (run->batch->stop())
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    return tidy(run, error) && !run->is_over;
}

static gboolean
begin(SpBatchRun *run, GError **error)
{
    const SpBatch *batch = run->batch;
    SpJournalTotals recorded = {0};
    run->output = open(batch->output, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run->output < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot open folder '%s'",
                              batch->output);
    if (batch->journal != NULL && !sp_journal_totals(batch->journal, &recorded, error))
        return FALSE;
    run->totals.recorded =
        recorded.outcomes[SP_OUTCOME_OK] + recorded.outcomes[SP_OUTCOME_REFUSED];
    run->totals.started_us = g_get_monotonic_time();
    sp_inputs_set_stop(batch->inputs, batch->stop);
    if (batch->scout != NULL)
        sp_inputs_set_stop(batch->scout, batch->stop);
    return TRUE;
}

gboolean
sp_batch_run(SpSession *session, const SpBatch *batch, SpBatchTotals *ret_totals,
             GError **error)
{
    GError *why = NULL;
    SpBatchRun run = {
        .session = session,
        .batch = batch,
        .output = -1,
        .recipe = sp_batch_recipe(batch->preset, batch->flat),
        .threads = batch->threads != 0 ? batch->threads
                                       : MAX(g_get_num_processors() / MAX(batch->jobs, 1), 1),
        .libraries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .swept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    g_mutex_init(&run.lock);
    gboolean all = begin(&run, &why) && run_all(&run, &why);
    *ret_totals = run.totals;
    g_mutex_clear(&run.lock);
    g_hash_table_unref(run.libraries);
    g_hash_table_unref(run.swept);
    g_free(run.recipe);
    sp_fd_clear(&run.output);
    if (why != NULL)
        g_propagate_error(error, why);
    return all;
}
