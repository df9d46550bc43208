/* SPDX-License-Identifier: MIT */
/* shard.h -- which of several machines takes an upload: a hash of its path, modulo their
 * number. Which files there are matters to none; files that come or go move no other. */
#ifndef SP_BULK_SHARD_H
#define SP_BULK_SHARD_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_SHARDS_MOST 100000u

typedef struct {
    guint index; /* 0 to n - 1 */
    guint n;     /* 1: everything; 0 is taken for 1 */
} SpShard;

/* "I/N", I from 0. FALSE when it is no such thing, or N is more than SP_SHARDS_MOST. */
gboolean sp_shard_parse(const char *text, SpShard *ret_shard) G_GNUC_WARN_UNUSED_RESULT;

/* What the scheduler's variables say, for --shard=auto: Slurm's SLURM_ARRAY_TASK_ID, _MIN,
 * _STEP and _COUNT; Kubernetes' JOB_COMPLETION_INDEX with JOB_COMPLETIONS (which the manifest
 * must pass); AWS Batch's AWS_BATCH_JOB_ARRAY_INDEX with _SIZE. *ret_source: which one, static.
 * FALSE with SP_ERROR_CANNOT_READ when none is set, two schedulers are, or they make no sense.
 */
gboolean sp_shard_from_environment(SpShard *ret_shard, const char **ret_source, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* path: relative to the source, any bytes. FNV-1a of 64 bits, its halves folded, modulo n: it
 * is a promise, for states of other runs rely on it. */
gboolean sp_shard_has(SpShard shard, const char *path);

G_END_DECLS
#endif
