/* SPDX-License-Identifier: MIT */
/* journal-read.c -- what the journal says: of one input, of all of them. */
#include "base/error.h"
#include "bulk/journal-db.h"

void
sp_record_clear(SpRecord *record)
{
    g_clear_pointer(&record->checksum, g_free);
    g_clear_pointer(&record->recipe, g_free);
    g_clear_pointer(&record->libraries, g_free);
    g_clear_pointer(&record->format, g_free);
}

gboolean
sp_journal_find(SpJournal *journal, const char *path, SpRecord *record, gboolean *ret_found,
                GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    gboolean row = FALSE;
    sqlite3_stmt *find = sp_journal_prepare(journal, SP_SQL_FIND, error);
    if (find == NULL)
        return FALSE;
    sp_bind_bytes(find, 1, path);
    if (!sp_journal_step(journal, find, &row, error))
        return FALSE;
    if (row)
        *record = (SpRecord){
            .id = sqlite3_column_int64(find, 0),
            .mark = {.size = (guint64)sqlite3_column_int64(find, 1),
                     .mtime_ns = sqlite3_column_int64(find, 2),
                     .ctime_ns = sqlite3_column_int64(find, 3),
                     .inode = (guint64)sqlite3_column_int64(find, 4)},
            .checksum = sp_column_hash(find, 5),
            .outcome = CLAMP(sqlite3_column_int(find, 6), 0, SP_OUTCOME_COUNT - 1),
            .recipe = sp_column_text(find, 7),
            .libraries = sp_column_text(find, 8),
            .format = sp_column_text(find, 9),
        };
    sqlite3_reset(find);
    *ret_found = row;
    return TRUE;
}

/* ---- files ---------------------------------------------------------------------------------
 */

/* FALSE when func ended it. */
static gboolean
tell_output(sqlite3_stmt *statement, SpJournalOutputFunc func, gpointer data)
{
    g_autofree char *path = sp_column_bytes(statement, 0);
    g_autofree char *sha256 = sp_column_hash(statement, 2);
    const char *format = (const char *)sqlite3_column_text(statement, 1);
    SpJournalOutput output = {
        .path = path,
        .format = format != NULL ? format : "",
        .sha256 = sha256 != NULL ? sha256 : "",
        .variant = (const char *)sqlite3_column_text(statement, 3),
        .bytes = (guint64)sqlite3_column_int64(statement, 4),
        .width = (guint)sqlite3_column_int64(statement, 5),
        .height = (guint)sqlite3_column_int64(statement, 6),
    };
    return func(&output, data);
}

static gboolean
tell_outputs(SpJournal *journal, sqlite3_stmt *statement, SpJournalOutputFunc func,
             gpointer data, GError **error)
{
    for (gboolean row = TRUE; row;) {
        if (!sp_journal_step(journal, statement, &row, error))
            return FALSE;
        if (row && !tell_output(statement, func, data))
            break;
    }
    sqlite3_reset(statement);
    return TRUE;
}

gboolean
sp_journal_outputs(SpJournal *journal, gint64 id, SpJournalOutputFunc func, gpointer data,
                   GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    sqlite3_stmt *outputs = sp_journal_prepare(journal, SP_SQL_OUTPUTS, error);
    if (outputs == NULL)
        return FALSE;
    sqlite3_bind_int64(outputs, 1, id);
    return tell_outputs(journal, outputs, func, data, error);
}

gboolean
sp_journal_superseded(SpJournal *journal, SpJournalOutputFunc func, gpointer data,
                      GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    sqlite3_stmt *superseded = sp_journal_prepare(journal, SP_SQL_SUPERSEDED, error);
    return superseded != NULL && tell_outputs(journal, superseded, func, data, error);
}

/* ---- sums ----------------------------------------------------------------------------------
 */

static void
add_input(SpJournalTotals *totals, sqlite3_stmt *statement)
{
    int outcome = CLAMP(sqlite3_column_int(statement, 0), 0, SP_OUTCOME_COUNT - 1);
    int code = CLAMP(sqlite3_column_int(statement, 1), 0, SP_ERROR_LAST - 1);
    totals->inputs++;
    totals->outcomes[outcome]++;
    if (outcome != SP_OUTCOME_OK) {
        totals->codes[code]++;
        return;
    }
    guint32 removed = (guint32)sqlite3_column_int64(statement, 2);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        totals->removed[i] += removed >> i & 1;
    totals->bytes_in += (guint64)sqlite3_column_int64(statement, 3);
}

/* Counting in SQL would want an index or a sort; a scan does for both. */
static gboolean
sum_inputs(SpJournal *journal, SpJournalTotals *totals, GError **error)
{
    sqlite3_stmt *inputs = sp_journal_prepare(journal, SP_SQL_TOTAL_INPUTS, error);
    if (inputs == NULL)
        return FALSE;
    for (gboolean row = TRUE; row;) {
        if (!sp_journal_step(journal, inputs, &row, error))
            return FALSE;
        if (row)
            add_input(totals, inputs);
    }
    return TRUE;
}

static gboolean
sum_files(SpJournal *journal, SpSql which, guint64 *ret_n, guint64 *ret_bytes, GError **error)
{
    gboolean row = FALSE;
    sqlite3_stmt *files = sp_journal_prepare(journal, which, error);
    if (files == NULL || !sp_journal_step(journal, files, &row, error))
        return FALSE;
    *ret_n = (guint64)sqlite3_column_int64(files, 0);
    *ret_bytes = (guint64)sqlite3_column_int64(files, 1);
    sqlite3_reset(files);
    return TRUE;
}

gboolean
sp_journal_totals(SpJournal *journal, SpJournalTotals *ret_totals, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    SpJournalTotals totals = {0};
    guint64 n = 0, bytes = 0, superseded_bytes = 0;
    if (!sum_inputs(journal, &totals, error) ||
        !sum_files(journal, SP_SQL_TOTAL_FILES, &n, &bytes, error) ||
        !sum_files(journal, SP_SQL_TOTAL_SUPERSEDED, &totals.superseded, &superseded_bytes,
                   error))
        return FALSE;
    totals.outputs = n - totals.superseded;
    totals.bytes_out = bytes - superseded_bytes;
    *ret_totals = totals;
    return TRUE;
}

/* ---- rows ----------------------------------------------------------------------------------
 */

static gboolean
sum_row_files(SpJournal *journal, gint64 id, char **ret_first, guint64 *ret_bytes,
              GError **error)
{
    sqlite3_stmt *files = sp_journal_prepare(journal, SP_SQL_ROW_FILES, error);
    if (files == NULL)
        return FALSE;
    sqlite3_bind_int64(files, 1, id);
    *ret_first = NULL;
    *ret_bytes = 0;
    for (gboolean row = TRUE; row;) {
        if (!sp_journal_step(journal, files, &row, error))
            return FALSE;
        if (row && *ret_first == NULL)
            *ret_first = sp_column_bytes(files, 0);
        *ret_bytes += row ? (guint64)sqlite3_column_int64(files, 1) : 0;
    }
    return TRUE;
}

/* *ret_more: FALSE when func ended it. */
static gboolean
tell_row(SpJournal *journal, sqlite3_stmt *rows, SpJournalRowFunc func, gpointer data,
         gboolean *ret_more, GError **error)
{
    g_autofree char *path = sp_column_bytes(rows, 1), *first = NULL;
    SpJournalRow row = {
        .id = sqlite3_column_int64(rows, 0),
        .path = path,
        .format = (const char *)sqlite3_column_text(rows, 2),
        .outcome = sqlite3_column_int(rows, 3),
        .code = CLAMP(sqlite3_column_int(rows, 4), 0, SP_ERROR_LAST - 1),
        .message = (const char *)sqlite3_column_text(rows, 5),
        .removed = (guint32)sqlite3_column_int64(rows, 6),
        .bytes = (guint64)sqlite3_column_int64(rows, 7),
        .width = (guint)sqlite3_column_int64(rows, 8),
        .height = (guint)sqlite3_column_int64(rows, 9),
        .milliseconds = (guint)sqlite3_column_int64(rows, 10),
        .thumbhash = (const char *)sqlite3_column_text(rows, 11),
    };
    if (!sum_row_files(journal, row.id, &first, &row.bytes_out, error))
        return FALSE;
    row.first_path = first;
    *ret_more = func(&row, data);
    return TRUE;
}

gboolean
sp_journal_rows(SpJournal *journal, SpOutcome outcome, const char *after, guint n,
                SpJournalRowFunc func, gpointer data, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    sqlite3_stmt *rows = sp_journal_prepare(
        journal, outcome == SP_OUTCOME_OK ? SP_SQL_ROWS_OK : SP_SQL_ROWS_OTHER, error);
    if (rows == NULL)
        return FALSE;
    sqlite3_bind_int(rows, 1, (int)outcome);
    sp_bind_bytes(rows, 2, after != NULL ? after : "");
    sqlite3_bind_int64(rows, 3, n);
    for (gboolean row = TRUE, more = TRUE; row && more;) {
        if (!sp_journal_step(journal, rows, &row, error))
            return FALSE;
        if (row && !tell_row(journal, rows, func, data, &more, error)) {
            sqlite3_reset(rows);
            return FALSE;
        }
    }
    sqlite3_reset(rows);
    return TRUE;
}

char *
sp_journal_get(SpJournal *journal, const char *name)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    gboolean row = FALSE;
    sqlite3_stmt *get = sp_journal_prepare(journal, SP_SQL_GET, NULL);
    if (get == NULL)
        return NULL;
    sp_bind_text(get, 1, name);
    char *value =
        sp_journal_step(journal, get, &row, NULL) && row ? sp_column_text(get, 0) : NULL;
    sqlite3_reset(get);
    return value;
}
