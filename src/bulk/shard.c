/* SPDX-License-Identifier: MIT */
/* shard.c -- which of several machines takes an upload.
 *
 * FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ (the offset basis and the prime of 64
 * bits). Its high bits depend on more of the path than its low ones, so both halves count. */
#include "bulk/shard.h"
#include "base/error.h"
#include "base/size.h"
#include <string.h>

/* ---- the hash ------------------------------------------------------------------------------
 */

static guint64
fnv1a(const char *text)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (guint8)*text) * G_GUINT64_CONSTANT(0x100000001b3);
    return hash;
}

gboolean
sp_shard_has(SpShard shard, const char *path)
{
    guint64 hash = fnv1a(path);
    return shard.n <= 1 || ((guint32)(hash >> 32) ^ (guint32)hash) % shard.n == shard.index;
}

gboolean
sp_shard_parse(const char *text, SpShard *ret_shard)
{
    guint64 index = 0, n = 0;
    g_auto(GStrv) numbers = g_strsplit(text, "/", 2);
    if (g_strv_length(numbers) != 2 ||
        !sp_unsigned_parse(numbers[1], 10, 1, SP_SHARDS_MOST, &n) ||
        !sp_unsigned_parse(numbers[0], 10, 0, n - 1, &index))
        return FALSE;
    *ret_shard = (SpShard){(guint)index, (guint)n};
    return TRUE;
}

/* ---- what a scheduler says -----------------------------------------------------------------
 */

enum { INDEX, COUNT, MIN_INDEX, STEP, MAX_INDEX, N_VARIABLES };

static const struct {
    const char *name;
    const char *variables[N_VARIABLES]; /* NULL: it has no such thing */
} schedulers[] = {
    {"Slurm",
     {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN",
      "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_MAX"}},
    {"Kubernetes", {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"}},
    {"AWS Batch", {"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"}},
};

/* The first variable of it that is set; NULL: none. */
static const char *
sign_of(guint scheduler)
{
    for (guint i = 0; i < N_VARIABLES; i++) {
        const char *variable = schedulers[scheduler].variables[i];
        if (variable != NULL && g_getenv(variable) != NULL)
            return variable;
    }
    return NULL;
}

/* G_N_ELEMENTS(schedulers) when there is none. */
static gboolean
find_scheduler(guint *ret_scheduler, GError **error)
{
    guint found = G_N_ELEMENTS(schedulers);
    for (guint i = 0; i < G_N_ELEMENTS(schedulers); i++) {
        if (sign_of(i) == NULL)
            continue;
        if (found < G_N_ELEMENTS(schedulers))
            return sp_throw(error, SP_ERROR_CANNOT_READ,
                            "two schedulers tell a shard: %s by %s, and %s by %s",
                            schedulers[found].name, sign_of(found), schedulers[i].name,
                            sign_of(i));
        found = i;
    }
    if (found == G_N_ELEMENTS(schedulers))
        return sp_throw(error, SP_ERROR_CANNOT_READ,
                        "no scheduler tells a shard: none of %s, %s and %s is set",
                        schedulers[0].variables[INDEX], schedulers[1].variables[INDEX],
                        schedulers[2].variables[INDEX]);
    *ret_scheduler = found;
    return TRUE;
}

/* *value stays as it is where the scheduler has no such variable. */
static gboolean
read_variable(const char *variable, guint64 *value, GError **error)
{
    const char *text = variable != NULL ? g_getenv(variable) : NULL;
    if (variable == NULL)
        return TRUE;
    if (text == NULL)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s is not set", variable);
    if (!sp_unsigned_parse(text, 10, 0, G_MAXUINT32, value))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s is '%s', which is no number", variable,
                        text);
    return TRUE;
}

/* Numbers of a Slurm array may begin anywhere and be apart, but evenly: of --array=1,3,7 the
 * tasks cannot know which of three they are. */
static gboolean
check_even(const guint64 *values, GError **error)
{
    guint64 step = values[STEP], min = values[MIN_INDEX], max = values[MAX_INDEX];
    if (step == 0 || max < min || (max - min) / step + 1 != values[COUNT] ||
        values[INDEX] < min || (values[INDEX] - min) % step != 0)
        return sp_throw(error, SP_ERROR_CANNOT_READ,
                        "the job's array is uneven: task %" G_GUINT64_FORMAT
                        " of %" G_GUINT64_FORMAT " from %" G_GUINT64_FORMAT
                        " to %" G_GUINT64_FORMAT " in steps of %" G_GUINT64_FORMAT,
                        values[INDEX], values[COUNT], min, max, step);
    return TRUE;
}

gboolean
sp_shard_from_environment(SpShard *ret_shard, const char **ret_source, GError **error)
{
    guint scheduler = 0;
    guint64 values[N_VARIABLES] = {[STEP] = 1};
    if (!find_scheduler(&scheduler, error))
        return FALSE;
    const char *const *variables = schedulers[scheduler].variables;
    for (guint i = 0; i < MAX_INDEX; i++)
        if (!read_variable(variables[i], &values[i], error))
            return FALSE;
    if (values[COUNT] == 0 || values[COUNT] > SP_SHARDS_MOST)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s is %" G_GUINT64_FORMAT ", not 1 to %u",
                        variables[COUNT], values[COUNT], SP_SHARDS_MOST);
    /* Not all versions tell it. */
    values[MAX_INDEX] = values[MIN_INDEX] + (values[COUNT] - 1) * values[STEP];
    gboolean has_max = variables[MAX_INDEX] != NULL && g_getenv(variables[MAX_INDEX]) != NULL;
    if ((has_max && !read_variable(variables[MAX_INDEX], &values[MAX_INDEX], error)) ||
        (variables[STEP] != NULL && !check_even(values, error)))
        return FALSE;
    guint64 index = (values[INDEX] - values[MIN_INDEX]) / values[STEP];
    if (index >= values[COUNT])
        return sp_throw(error, SP_ERROR_CANNOT_READ,
                        "%s is %" G_GUINT64_FORMAT ", but %s is %" G_GUINT64_FORMAT,
                        variables[INDEX], values[INDEX], variables[COUNT], values[COUNT]);
    *ret_shard = (SpShard){(guint)index, (guint)values[COUNT]};
    *ret_source = schedulers[scheduler].name;
    return TRUE;
}
