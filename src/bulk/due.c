/* SPDX-License-Identifier: MIT */
/* due.c -- is an upload done already? Arithmetic alone: nothing is opened here. */
#include "bulk/due.h"

const char *
sp_due_word(SpDue due)
{
    static const char *const words[SP_DUE_COUNT] = {
        [SP_DUE_NEW] = "new",       [SP_DUE_CHANGED] = "changed", [SP_DUE_STALE] = "stale",
        [SP_DUE_FAILED] = "failed", [SP_DUE_REFUSED] = "refused", [SP_DUE_LOST] = "lost",
        [SP_DUE_NOT] = "done",
    };
    g_return_val_if_fail((guint)due < SP_DUE_COUNT, "new");
    return words[due];
}

gboolean
sp_due_is(SpDue due)
{
    return due != SP_DUE_NOT && due != SP_DUE_REFUSED;
}

gboolean
sp_file_mark_equal(const SpFileMark *one, const SpFileMark *two)
{
    return one->size == two->size && one->mtime_ns == two->mtime_ns &&
           one->ctime_ns == two->ctime_ns && one->inode == two->inode;
}

/* A record of a time without checksums has none: then the mark decides. */
static gboolean
has_changed(const SpDueAsked *asked)
{
    const SpRecord *record = asked->record;
    if (asked->checksum != NULL && record->checksum != NULL)
        return !g_str_equal(asked->checksum, record->checksum);
    return !sp_file_mark_equal(&asked->mark, &record->mark);
}

SpDue
sp_due(const SpDueAsked *asked)
{
    const SpRecord *record = asked->record;
    if (record == NULL)
        return SP_DUE_NEW;
    if (has_changed(asked))
        return SP_DUE_CHANGED;
    if (!g_str_equal(record->recipe, asked->recipe))
        return SP_DUE_STALE;
    if (record->outcome == SP_OUTCOME_FAILED)
        return SP_DUE_FAILED;
    if (asked->libraries != NULL && g_strcmp0(record->libraries, asked->libraries) != 0)
        return SP_DUE_STALE;
    if (record->outcome == SP_OUTCOME_REFUSED)
        return SP_DUE_REFUSED;
    return asked->is_lost ? SP_DUE_LOST : SP_DUE_NOT;
}
