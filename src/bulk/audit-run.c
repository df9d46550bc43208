/* SPDX-License-Identifier: MIT */
/* audit-run.c -- one walk, many inspectors, verdicts in order.
 *
 * A job is the next thing of the walk; each worker has an inspector of its own, that reads it.
 * Threads and order are in-order.c's. What ends a run early are a cancel, which makes running
 * inspections end too, a host that cannot seal, and func. */
#include "bulk/audit-run.h"
#include "base/error.h"
#include "bulk/in-order.h"
#include "bulk/shown.h"
#include "bulk/tree.h"
#include "pipeline/session.h"
#include <poll.h>

#define WINDOW 128

typedef struct {
    SpTreeEntry entry;
    gboolean silent; /* a folder: nothing to tell */
    SpAudited audited;
} Slot;

typedef struct {
    SpSession *session; /* borrowed */
    const SpAuditRun *run;
    SpTree *tree;
    guint64 n_folders;
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

/* What slot->entry comes to; it is read if it is a file. */
static void
judge_entry(const Audit *audit, SpInspector *inspector, Slot *slot)
{
    SpTreeEntry *entry = &slot->entry;
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

/* ---- the run -------------------------------------------------------------------------------
 */

static gboolean
is_cancelled(const Audit *audit)
{
    struct pollfd cancel = {audit->session->cancel_fd, POLLIN, 0};
    return poll(&cancel, 1, 0) > 0;
}

static gboolean
take(gpointer data, gpointer audit_data, GError **error)
{
    Audit *audit = audit_data;
    Slot *slot = data;
    if (is_cancelled(audit))
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
    SpTreeEntry entry = {.fd = -1};
    if (!sp_tree_next(audit->tree, &entry))
        return FALSE;
    slot->entry = entry;
    audit->n_folders += entry.kind == SP_TREE_FOLDER ? 1 : 0;
    return TRUE;
}

/* What would befall every further file too. */
static gboolean
ends_run(const GError *error)
{
    return g_error_matches(error, SP_ERROR, SP_ERROR_INTERRUPTED) ||
           g_error_matches(error, SP_ERROR, SP_ERROR_CANNOT_SEAL);
}

static gboolean
work(gpointer data, gpointer inspector, gpointer audit_data, GError **error)
{
    Slot *slot = data;
    judge_entry(audit_data, inspector, slot);
    sp_tree_entry_clear(&slot->entry); /* or a window of files would stay open */
    const GError *why = sp_audited_error(&slot->audited);
    if (!ends_run(why))
        return TRUE;
    g_propagate_error(error, g_error_copy(why));
    return FALSE;
}

static gboolean
give(gpointer data, gpointer audit_data)
{
    const Audit *audit = audit_data;
    const Slot *slot = data;
    return slot->silent || audit->run->func(&slot->audited, audit->run->data);
}

static void
drop(gpointer data)
{
    Slot *slot = data;
    sp_tree_entry_clear(&slot->entry);
    audited_clear(&slot->audited);
}

static gpointer
inspector_new(gpointer audit_data)
{
    const Audit *audit = audit_data;
    return sp_inspector_new(audit->session);
}

static void
inspector_free(gpointer inspector)
{
    sp_inspector_free(inspector);
}

gboolean
sp_audit_run(SpSession *session, char *const *paths, const SpAuditRun *run,
             guint64 *ret_folders, GError **error)
{
    g_autoptr(SpTree) tree = sp_tree_new(paths);
    sp_tree_exclude(tree, run->exclude);
    Audit audit = {.session = session, .run = run, .tree = tree};
    SpInOrder order = {
        .name = "audit",
        .threads = run->threads,
        .window = WINDOW,
        .slot_size = sizeof(Slot),
        .data = &audit,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
        .tool_new = inspector_new,
        .tool_free = inspector_free,
    };
    gboolean all = sp_in_order_run(&order, error);
    *ret_folders = audit.n_folders;
    return all;
}
