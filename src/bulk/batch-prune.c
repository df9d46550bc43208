/* SPDX-License-Identifier: MIT */
/* batch-prune.c -- delete what a batch published once and no record has any more.
 *
 * A file is deleted when it has the very bytes that were published: what somebody put in its
 * place is not ours. It is gone from the disk before it is gone from the journal. */
#include "base/error.h"
#include "bulk/batch-run.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUND 1000 /* files that are held in memory, but in a dry run, which holds all */

typedef struct {
    char *path;
    char sha256[SP_CHECKSUM_CHARS + 1];
} Victim;

static void
victim_clear(gpointer data)
{
    Victim *victim = data;
    g_free(victim->path);
}

typedef struct {
    GArray *victims; /* borrowed; NULL: only counted */
    guint most;
    guint64 n;
} Round;

static gboolean
collect(const SpJournalOutput *output, gpointer data)
{
    Round *round = data;
    round->n++;
    if (round->victims == NULL)
        return TRUE;
    Victim victim = {.path = g_strdup(output->path)};
    g_strlcpy(victim.sha256, output->sha256, sizeof victim.sha256);
    g_array_append_val(round->victims, victim);
    return round->victims->len < round->most;
}

int
sp_batch_open_parent(int output, const char *path, const char **ret_name)
{
    g_auto(SpFd) at = fcntl(output, F_DUPFD_CLOEXEC, 0);
    const char *slash = NULL;
    while (at >= 0 && (slash = strchr(path, '/')) != NULL) {
        g_autofree char *name = g_strndup(path, (gsize)(slash - path));
        g_auto(SpFd) outer = at;
        at = openat(outer, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        path = slash + 1;
    }
    *ret_name = path;
    return sp_fd_steal(&at);
}

static gboolean
throw_prune(GError **error)
{
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot delete it");
}

/* TRUE: the name is free, or is not ours. */
static gboolean
delete_file(const SpBatchRun *run, const Victim *victim, gboolean *ret_deleted, GError **error)
{
    const char *name = NULL;
    char now[SP_CHECKSUM_CHARS + 1] = "";
    g_auto(SpFd) parent = sp_batch_open_parent(run->output, victim->path, &name);
    g_auto(SpFd) fd =
        parent < 0
            ? -1
            : openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
        return TRUE;
    if (fd < 0 || fstat(fd, &st) < 0)
        return throw_prune(error);
    if (!S_ISREG(st.st_mode))
        return TRUE;
    if (!sp_checksum_file(fd, now, error))
        return FALSE;
    if (!g_str_equal(now, victim->sha256))
        return TRUE;
    if (!run->batch->dry_run &&
        (unlinkat(parent, name, 0) < 0 ||
         (run->batch->durability != SP_DURABILITY_NONE && fsync(parent) < 0)))
        return throw_prune(error);
    *ret_deleted = TRUE;
    return TRUE;
}

/* What cannot be deleted stays listed, and ends the pruning: it would be met again. */
static gboolean
prune_one(SpBatchRun *run, const Victim *victim, GError **error)
{
    g_autoptr(GError) why = NULL;
    gboolean deleted = FALSE;
    gboolean done = delete_file(run, victim, &deleted, &why);
    if (done && !run->batch->dry_run &&
        !sp_journal_pruned(run->batch->journal, victim->path, error))
        return FALSE;
    run->totals.pruned += deleted ? 1 : 0;
    if (!deleted && done)
        return TRUE;
    SpBatchEvent event = {.kind = SP_BATCH_PRUNED, .path = victim->path, .error = why};
    if (!sp_batch_tell(run, event))
        return FALSE;
    return done ||
           sp_throw(error, why->code, "cannot prune '%s': %s", victim->path, why->message);
}

static gboolean
prune_round(SpBatchRun *run, const GArray *victims, GError **error)
{
    for (guint i = 0; i < victims->len; i++)
        if (!prune_one(run, &g_array_index(victims, Victim, i), error))
            return FALSE;
    return run->batch->dry_run || sp_journal_commit(run->batch->journal, error);
}

gboolean
sp_batch_prune(SpBatchRun *run, GError **error)
{
    SpJournal *journal = run->batch->journal;
    Round all = {0};
    if (!sp_journal_superseded(journal, collect, &all, error))
        return FALSE;
    run->totals.superseded = all.n;
    gboolean more = run->batch->prune && all.n > 0;
    while (more) {
        g_autoptr(GArray) victims = g_array_new(FALSE, FALSE, sizeof(Victim));
        g_array_set_clear_func(victims, victim_clear);
        Round round = {victims, run->batch->dry_run ? G_MAXUINT : ROUND, 0};
        if (!sp_journal_superseded(journal, collect, &round, error) ||
            !prune_round(run, victims, error))
            return FALSE;
        more = victims->len == round.most;
    }
    return TRUE;
}
