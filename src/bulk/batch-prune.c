/* SPDX-License-Identifier: MIT */
/* batch-prune.c -- delete what a batch published once and no record has any more.
 *
 * A file is deleted when it has the very bytes that were published: what somebody put in its
 * place is not ours. It is gone from the disk before it is gone from the journal. */
#include "base/error.h"
#include "bulk/batch-run.h"
#include "bulk/beneath.h"
#include "pipeline/folder.h"
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

/* A journal is a file, and whoever can write it may have made a path up. */
int
sp_batch_open_parent(int output, const char *path, const char **ret_name)
{
    const char *slash = strrchr(path, '/');
    *ret_name = slash != NULL ? slash + 1 : path;
    if (*path != '\0' && !sp_folder_is_inner(path)) {
        errno = EINVAL;
        return -1;
    }
    if (slash == NULL)
        return fcntl(output, F_DUPFD_CLOEXEC, 0);
    g_autofree char *folder = g_strndup(path, (gsize)(slash - path));
    return sp_beneath_open(output, folder, O_RDONLY | O_DIRECTORY);
}

/* Folders that this leaves empty go too: their names may tell something. */
static void
delete_empty(int output, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    while (!g_str_equal(folder, ".")) {
        const char *name = NULL;
        g_auto(SpFd) parent = sp_batch_open_parent(output, folder, &name);
        if (parent < 0 || unlinkat(parent, name, AT_REMOVEDIR) < 0)
            return;
        char *outer = g_path_get_dirname(folder);
        g_free(folder);
        folder = outer;
    }
}

static gboolean
throw_changed(GError **error)
{
    return sp_throw(error, SP_ERROR_EXISTS,
                    "it is not what was published any more; it stays, and is listed no longer");
}

typedef enum {
    DELETED, /* in a dry run: would be */
    GONE,    /* by somebody else */
    CHANGED, /* it is not ours any more: error says so */
    FAILED,  /* error says why */
} Fate;

/* What stands under the name, open; -1 with *ret_fate, and error. */
static int
open_victim(int parent, const char *name, Fate *ret_fate, GError **error)
{
    g_auto(SpFd) fd =
        parent < 0
            ? -1
            : openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st = {0};
    gboolean is_open = fd >= 0 && fstat(fd, &st) == 0;
    if (is_open && S_ISREG(st.st_mode))
        return sp_fd_steal(&fd);
    gboolean leads_elsewhere = errno == ELOOP || errno == ENOTDIR || errno == EINVAL;
    *ret_fate = is_open || leads_elsewhere ? CHANGED : errno == ENOENT ? GONE : FAILED;
    if (*ret_fate == CHANGED)
        throw_changed(error);
    else if (*ret_fate == FAILED)
        sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot open it");
    return -1;
}

static Fate
delete_file(const SpBatchRun *run, const Victim *victim, GError **error)
{
    const char *name = NULL;
    char now[SP_CHECKSUM_CHARS + 1] = "";
    Fate fate = FAILED;
    g_auto(SpFd) parent = sp_batch_open_parent(run->output, victim->path, &name);
    g_auto(SpFd) fd = open_victim(parent, name, &fate, error);
    if (fd < 0)
        return fate;
    if (!sp_checksum_file(fd, now, error))
        return FAILED;
    if (!g_str_equal(now, victim->sha256)) {
        throw_changed(error);
        return CHANGED;
    }
    if (run->batch->dry_run)
        return DELETED;
    if (unlinkat(parent, name, 0) < 0 ||
        (run->batch->durability != SP_DURABILITY_NONE && fsync(parent) < 0)) {
        sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot delete it");
        return FAILED;
    }
    delete_empty(run->output, victim->path);
    return DELETED;
}

/* What cannot be deleted stays listed, and ends the pruning: it would be met again. */
static gboolean
prune_one(SpBatchRun *run, const Victim *victim, GError **error)
{
    g_autoptr(GError) why = NULL;
    Fate fate = delete_file(run, victim, &why);
    if (fate != FAILED && !run->batch->dry_run &&
        !sp_journal_pruned(run->batch->journal, victim->path, error))
        return FALSE;
    run->totals.pruned += fate == DELETED ? 1 : 0;
    run->totals.left += fate == CHANGED ? 1 : 0;
    SpBatchEvent event = {.kind = SP_BATCH_PRUNED, .path = victim->path, .error = why};
    if (fate != GONE && !sp_batch_tell(run, event))
        return FALSE;
    if (fate != FAILED)
        return TRUE;
    g_propagate_prefixed_error(error, g_steal_pointer(&why),
                               "cannot prune '%s': ", victim->path);
    return FALSE;
}

static gboolean
prune_round(SpBatchRun *run, const GArray *victims, GError **error)
{
    for (guint i = 0; i < victims->len; i++) {
        if (run->batch->stop())
            return sp_journal_commit(run->batch->journal, error) &&
                   sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
        if (!prune_one(run, &g_array_index(victims, Victim, i), error))
            return FALSE;
    }
    return run->batch->dry_run || sp_journal_commit(run->batch->journal, error);
}

/* What was taken off the list must not stand at its start again. */
static gboolean
check_progress(const GArray *victims, char **last, GError **error)
{
    const char *first = victims->len > 0 ? g_array_index(victims, Victim, 0).path : NULL;
    if (first != NULL && g_strcmp0(first, *last) == 0)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "the journal is damaged: '%s' cannot be taken off its list", first);
    g_free(*last);
    *last = g_strdup(first);
    return TRUE;
}

gboolean
sp_batch_prune(SpBatchRun *run, GError **error)
{
    g_autofree char *last = NULL;
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
            !check_progress(victims, &last, error) || !prune_round(run, victims, error))
            return FALSE;
        more = victims->len == round.most;
    }
    return TRUE;
}
