/* SPDX-License-Identifier: MIT */
/* batch-run.h -- a batch while it runs: what batch.c and its parts share. */
#ifndef SP_BULK_BATCH_RUN_H
#define SP_BULK_BATCH_RUN_H
#include "bulk/batch.h"
#include "bulk/checksum.h"
G_BEGIN_DECLS

typedef struct {
    SpSession *session;   /* borrowed */
    const SpBatch *batch; /* borrowed */
    SpFd output;          /* owned; batch->output */
    char *recipe;         /* owned */
    guint threads;        /* of one upload */

    GMutex lock; /* of the next three */
    SpBatchTotals totals;
    GHashTable *libraries; /* owned; of a format that was asked for, by its word */
    GHashTable *swept;     /* owned; folders below the output, by their paths */

    /* the calling thread's */
    guint n_open;     /* records that are not committed */
    gint64 commit_us; /* monotonic: when they must be */
    gint64 tick_us;   /* monotonic: of the next tick */
    GError *error;    /* owned; why it is ended */
    gboolean is_over; /* by func */
} SpBatchRun;

/* One input on its way. */
typedef struct {
    SpInput input;
    SpRecord record;
    gboolean has_record;
    char checksum[SP_CHECKSUM_CHARS + 1]; /* "": not known */
    SpDue due;
    GPtrArray *own;     /* owned; hashes of its last files, then NULL; NULL: may replace none */
    SpReceipt *receipt; /* owned; NULL until it is processed */
    GError *unread;     /* owned; why it could not be */
    guint milliseconds;
} SpBatchJob;

void sp_batch_job_clear(SpBatchJob *job);

/* Find the record and decide by marks whether the file is due; for one thread at a time. In a
 * batch that goes by checksums this is only foreseen. */
gboolean sp_batch_job_foresee(SpBatchRun *run, SpBatchJob *job, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Decide, and process it if it is due. FALSE with what ends the run. */
gboolean sp_batch_job_work(SpBatchRun *run, SpBatchJob *job, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Tell an event; from the calling thread. FALSE when func ends the run. */
gboolean sp_batch_tell(SpBatchRun *run, SpBatchEvent event) G_GNUC_WARN_UNUSED_RESULT;

/* Open the folder that path's file is in, following no link below the output; *ret_name is the
 * last part of path. -1 with errno. */
int sp_batch_open_parent(int output, const char *path, const char **ret_name)
    G_GNUC_WARN_UNUSED_RESULT;

/* Delete superseded files; none in a dry run, or without prune: they are counted only. */
gboolean sp_batch_prune(SpBatchRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
