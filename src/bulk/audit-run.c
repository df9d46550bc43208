/* SPDX-License-Identifier: MIT */
/* audit-run.c -- one walk, many inspectors, verdicts in order.
 *
 * Each worker takes the next thing of the walk (one at a time: the walk has a lock of its own),
 * has it read by its inspector, and puts the verdict into a window, a ring of slots that is
 * indexed by the thing's number. The calling thread takes verdicts out of the ring in order. A
 * worker whose number would lie outside the window waits, so a slow file holds up at most a
 * window of others, and so many files are open at most.
 *
 * What ends a run early (a cancel, a host that cannot seal, func) closes the window; workers
 * then stop at their next turn. The session's cancel makes running inspections end too. */
#include "bulk/audit-run.h"
#include "base/error.h"
#include "bulk/shown.h"
#include "bulk/tree.h"
#include "pipeline/session.h"
#include <poll.h>

#define WINDOW 128
#define MOST_THREADS 64

typedef struct {
    gboolean done;
    gboolean silent; /* a folder: nothing to tell */
    SpAudited audited;
} Slot;

typedef struct {
    SpSession *session; /* borrowed */
    const SpAuditRun *run;
    GMutex walk; /* held while the next thing is taken; above lock */
    SpTree *tree;
    guint64 n_folders;

    GMutex lock; /* all below */
    GCond room, news;
    gboolean room_awaited, news_awaited; /* nobody is called who does not wait */
    Slot window[WINDOW];
    guint64 n_taken, n_given; /* things taken off the walk, and given to func */
    gboolean at_end;          /* the walk is */
    gboolean closed;
    GError *error; /* owned; the first reason to close */
} Audit;

const char *
sp_verdict_word(SpVerdict verdict)
{
    static const char *const words[SP_VERDICT_COUNT] = {
        [SP_VERDICT_CLEAN] = "clean",       [SP_VERDICT_LEAKS] = "leaks",
        [SP_VERDICT_UNPROVED] = "unproved", [SP_VERDICT_SKIPPED] = "skipped",
        [SP_VERDICT_FAILED] = "failed",
    };
    g_return_val_if_fail((guint)verdict < SP_VERDICT_COUNT, "failed");
    return words[verdict];
}

const char *
sp_skip_word(SpSkip reason)
{
    static const char *const words[SP_SKIP_COUNT] = {
        [SP_SKIP_NO_PICTURE] = "no-picture",
        [SP_SKIP_EMPTY] = "empty",
        [SP_SKIP_LINK] = "link",
        [SP_SKIP_SPECIAL] = "special",
        [SP_SKIP_EXCLUDED] = "excluded",
    };
    g_return_val_if_fail((guint)reason < SP_SKIP_COUNT, NULL);
    return words[reason];
}

const GError *
sp_audited_error(const SpAudited *audited)
{
    if (audited->verdict == SP_VERDICT_SKIPPED)
        return NULL;
    if (audited->error != NULL || audited->inspection == NULL)
        return audited->error;
    return audited->inspection->error;
}

static void
audited_clear(SpAudited *audited)
{
    g_clear_pointer(&audited->path, g_free);
    g_clear_pointer(&audited->inspection, sp_inspection_free);
    g_clear_error(&audited->error);
}

/* ---- the verdict ---------------------------------------------------------------------------
 */

/* No picture by its bytes, however large. Pages are what pictures are shown in; gzip is mostly
 * a page or a script that a server keeps compressed beside the plain one. ZIP, TAR and their
 * like hold files, among them office documents: they are not passed over. */
static gboolean
is_no_picture(const SpInspection *inspection)
{
    const char *format = inspection->input_format;
    switch (inspection->error->code) {
    case SP_ERROR_NOT_AN_IMAGE:
        return TRUE;
    case SP_ERROR_UNSUPPORTED:
    case SP_ERROR_TOO_LARGE:
        return format == NULL || g_str_equal(format, "html") || g_str_equal(format, "gzip");
    default:
        return FALSE;
    }
}

SpVerdict
sp_audit_judge(const SpInspection *inspection, const char *path, SpSkip *ret_reason)
{
    const GError *error = inspection->error;
    *ret_reason = SP_SKIP_NONE;
    if (inspection->reveals != 0)
        return SP_VERDICT_LEAKS;
    if (error == NULL)
        return SP_VERDICT_CLEAN;
    if (error->domain != SP_ERROR)
        return SP_VERDICT_FAILED;
    if (error->code == SP_ERROR_EMPTY) {
        *ret_reason = SP_SKIP_EMPTY;
        return SP_VERDICT_SKIPPED;
    }
    if (is_no_picture(inspection) && !sp_shown_by_name(path)) {
        *ret_reason = SP_SKIP_NO_PICTURE;
        return SP_VERDICT_SKIPPED;
    }
    gboolean unproved = sp_error_is_refusal(error->code) || error->code == SP_ERROR_UNAVAILABLE;
    return unproved ? SP_VERDICT_UNPROVED : SP_VERDICT_FAILED;
}

/* What entry comes to; it is read if it is a file. */
static void
judge_entry(const Audit *audit, SpInspector *inspector, SpTreeEntry *entry, Slot *slot)
{
    SpAudited *audited = &slot->audited;
    audited->path = g_steal_pointer(&entry->path);
    audited->error = g_steal_pointer(&entry->error);
    switch (entry->kind) {
    case SP_TREE_FOLDER:
        slot->silent = TRUE;
        return;
    case SP_TREE_LINK:
    case SP_TREE_SPECIAL:
    case SP_TREE_EXCLUDED:
        audited->verdict = SP_VERDICT_SKIPPED;
        audited->reason = entry->kind == SP_TREE_LINK      ? SP_SKIP_LINK
                          : entry->kind == SP_TREE_SPECIAL ? SP_SKIP_SPECIAL
                                                           : SP_SKIP_EXCLUDED;
        return;
    case SP_TREE_FAILED:
    default:
        audited->verdict = SP_VERDICT_FAILED;
        return;
    case SP_TREE_FILE:
        break;
    }
    SpUpload upload = {.fd = entry->fd, .name = audited->path};
    audited->inspection = sp_inspector_read(inspector, &upload, audit->run->max_bytes, FALSE);
    audited->verdict = sp_audit_judge(audited->inspection, audited->path, &audited->reason);
}

/* ---- the workers ---------------------------------------------------------------------------
 */

/* lock is held. The first reason counts. */
static void
close_window(Audit *audit, const GError *why)
{
    if (!audit->closed && why != NULL)
        audit->error = g_error_copy(why);
    audit->closed = TRUE;
    g_cond_broadcast(&audit->room);
    g_cond_broadcast(&audit->news);
}

static gboolean
is_cancelled(const Audit *audit)
{
    struct pollfd cancel = {audit->session->cancel_fd, POLLIN, 0};
    return poll(&cancel, 1, 0) > 0;
}

/* Wait for room in the window, lock held; FALSE when there is no more to do. */
static gboolean
wait_for_room(Audit *audit)
{
    while (!audit->closed && !audit->at_end && audit->n_taken - audit->n_given == WINDOW) {
        audit->room_awaited = TRUE;
        g_cond_wait(&audit->room, &audit->lock);
    }
    audit->room_awaited = FALSE;
    if (!audit->closed && is_cancelled(audit)) {
        g_autoptr(GError) why = NULL;
        sp_throw(&why, SP_ERROR_INTERRUPTED, "interrupted");
        close_window(audit, why);
    }
    return !audit->closed && !audit->at_end;
}

/* The next thing of the walk and its number; FALSE when there is none, or no need. */
static gboolean
take(Audit *audit, SpTreeEntry *entry, guint64 *ret_number)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED walking = g_mutex_locker_new(&audit->walk);
    g_mutex_lock(&audit->lock);
    gboolean go_on = wait_for_room(audit);
    g_mutex_unlock(&audit->lock);
    if (!go_on)
        return FALSE;
    gboolean found = sp_tree_next(audit->tree, entry);
    audit->n_folders += found && entry->kind == SP_TREE_FOLDER ? 1 : 0;
    g_mutex_lock(&audit->lock);
    if (found) {
        *ret_number = audit->n_taken++;
    } else {
        audit->at_end = TRUE;
        g_cond_broadcast(&audit->news);
    }
    g_mutex_unlock(&audit->lock);
    return found;
}

/* What would befall every further file too. */
static gboolean
ends_run(const SpAudited *audited)
{
    const GError *error = sp_audited_error(audited);
    return g_error_matches(error, SP_ERROR, SP_ERROR_INTERRUPTED) ||
           g_error_matches(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
}

static void
put(Audit *audit, guint64 number, const Slot *slot)
{
    g_mutex_lock(&audit->lock);
    audit->window[number % WINDOW] = *slot;
    audit->window[number % WINDOW].done = !ends_run(&slot->audited);
    if (ends_run(&slot->audited))
        close_window(audit, sp_audited_error(&slot->audited));
    else if (number == audit->n_given && audit->news_awaited)
        g_cond_signal(&audit->news);
    g_mutex_unlock(&audit->lock);
}

static gpointer
work(gpointer data)
{
    Audit *audit = data;
    g_autoptr(SpInspector) inspector = sp_inspector_new(audit->session);
    guint64 number = 0;
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!take(audit, &entry, &number))
            return NULL;
        Slot slot = {0};
        judge_entry(audit, inspector, &entry, &slot);
        put(audit, number, &slot);
    }
}

/* ---- the calling thread --------------------------------------------------------------------
 */

/* The next verdict in order into *ret, out of the window; FALSE when there is none any more. */
static gboolean
next_done(Audit *audit, Slot *ret)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&audit->lock);
    Slot *slot = &audit->window[audit->n_given % WINDOW];
    while (!slot->done && !audit->closed &&
           !(audit->at_end && audit->n_given == audit->n_taken)) {
        audit->news_awaited = TRUE;
        g_cond_wait(&audit->news, &audit->lock);
    }
    audit->news_awaited = FALSE;
    if (!slot->done)
        return FALSE;
    *ret = *slot;
    *slot = (Slot){0};
    audit->n_given++;
    if (audit->room_awaited)
        g_cond_signal(&audit->room);
    return TRUE;
}

/* FALSE when func ended it. */
static gboolean
give_all(Audit *audit)
{
    Slot slot = {0};
    while (next_done(audit, &slot)) {
        gboolean go_on = slot.silent || audit->run->func(&slot.audited, audit->run->data);
        audited_clear(&slot.audited);
        if (go_on)
            continue;
        g_mutex_lock(&audit->lock);
        close_window(audit, NULL);
        g_mutex_unlock(&audit->lock);
        return FALSE;
    }
    return TRUE;
}

static Audit *
audit_new(SpSession *session, char *const *paths, const SpAuditRun *run)
{
    Audit *audit = g_new0(Audit, 1);
    audit->session = session;
    audit->run = run;
    audit->tree = sp_tree_new(paths);
    sp_tree_exclude(audit->tree, run->exclude);
    g_mutex_init(&audit->walk);
    g_mutex_init(&audit->lock);
    g_cond_init(&audit->room);
    g_cond_init(&audit->news);
    return audit;
}

static void
audit_free(Audit *audit)
{
    for (guint i = 0; i < WINDOW; i++)
        audited_clear(&audit->window[i].audited);
    sp_tree_free(audit->tree);
    g_mutex_clear(&audit->walk);
    g_mutex_clear(&audit->lock);
    g_cond_clear(&audit->room);
    g_cond_clear(&audit->news);
    g_clear_error(&audit->error);
    g_free(audit);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_free)

/* As many workers as were asked for, or as the host has to give; returns their number. */
static guint
start_workers(Audit *audit, GThread *threads[MOST_THREADS], GError **error)
{
    guint wanted = audit->run->threads != 0 ? audit->run->threads : g_get_num_processors();
    g_autoptr(GError) why = NULL;
    guint n = 0;
    while (n < CLAMP(wanted, 1, MOST_THREADS) &&
           (threads[n] = g_thread_try_new("audit", work, audit, &why)) != NULL)
        n++;
    if (n == 0)
        sp_throw(error, SP_ERROR_BUSY, "cannot start a thread: %s", why->message);
    return n;
}

gboolean
sp_audit_run(SpSession *session, char *const *paths, const SpAuditRun *run,
             guint64 *ret_folders, GError **error)
{
    g_autoptr(Audit) audit = audit_new(session, paths, run);
    GThread *threads[MOST_THREADS];
    guint n = start_workers(audit, threads, error);
    *ret_folders = 0;
    if (n == 0)
        return FALSE;
    gboolean told = give_all(audit);
    for (guint i = 0; i < n; i++)
        g_thread_join(threads[i]);
    *ret_folders = audit->n_folders;
    if (audit->error != NULL)
        g_propagate_error(error, g_steal_pointer(&audit->error));
    else
        return told;
    return FALSE;
}
