/* SPDX-License-Identifier: MIT */
/* journal-put.c -- recording what was done: one input and its files, and what is gone.
 *
 * What happens to the files that a record had before:
 *
 *     published anew     those that are not among the new ones lose this record
 *     refused            all of them do: they show what is not to be shown any more
 *     failed             they stay: a full disk is no reason to take a page's pictures away.
 *                        The next run tries again, and then it is one of the two above
 *
 * A file that has lost its last record is superseded. A record keeps its id as long as its
 * input is there. */
#include "base/error.h"
#include "bulk/journal-db.h"
#include <string.h>

/* ---- parts ---------------------------------------------------------------------------------
 */

/* The id of text in the table of words; 0 is NULL's. */
static gboolean
intern(SpJournal *journal, const char *text, gint64 *ret_id, GError **error)
{
    gboolean row = FALSE;
    const gint64 *known = text == NULL ? NULL : g_hash_table_lookup(journal->words, text);
    if (text == NULL || known != NULL) {
        *ret_id = known == NULL ? 0 : *known;
        return TRUE;
    }
    sqlite3_stmt *find = sp_journal_prepare(journal, SP_SQL_WORD, error);
    if (find == NULL)
        return FALSE;
    sp_bind_text(find, 1, text);
    if (!sp_journal_step(journal, find, &row, error))
        return FALSE;
    gint64 id = row ? sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    if (!row) {
        sqlite3_stmt *add = sp_journal_prepare(journal, SP_SQL_ADD_WORD, error);
        if (add != NULL)
            sp_bind_text(add, 1, text);
        if (!sp_journal_run(journal, add, error))
            return FALSE;
        id = sqlite3_last_insert_rowid(journal->db);
    }
    g_hash_table_insert(journal->words, g_strdup(text), g_memdup2(&id, sizeof id));
    *ret_id = id;
    return TRUE;
}

/* 0: there is none. */
static gboolean
find_id(SpJournal *journal, const char *path, gint64 *ret_id, GError **error)
{
    gboolean row = FALSE;
    sqlite3_stmt *find = sp_journal_prepare(journal, SP_SQL_FIND_ID, error);
    if (find == NULL)
        return FALSE;
    sp_bind_bytes(find, 1, path);
    if (!sp_journal_step(journal, find, &row, error))
        return FALSE;
    *ret_id = row ? sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    return TRUE;
}

static void
mark_seen(SpJournal *journal, gint64 id)
{
    gsize byte = (gsize)id / 8;
    GByteArray *seen = journal->seen;
    if (byte >= seen->len) {
        gsize before = seen->len;
        g_byte_array_set_size(seen, (guint)MAX(byte + 1, 2 * before));
        memset(seen->data + before, 0, seen->len - before);
    }
    seen->data[byte] |= (guint8)(1 << id % 8);
}

static gboolean
is_seen(const SpJournal *journal, gint64 id)
{
    gsize byte = (gsize)id / 8;
    return byte < journal->seen->len && (journal->seen->data[byte] >> id % 8 & 1) != 0;
}

void
sp_journal_see(SpJournal *journal, gint64 id)
{
    g_return_if_fail(id > 0);
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    mark_seen(journal, id);
}

/* ---- the record itself ---------------------------------------------------------------------
 */

typedef struct {
    SpOutcome outcome;
    int code;
    gint64 recipe, libraries, format;
} Facts;

static gboolean
learn(SpJournal *journal, const SpJournalEntry *entry, Facts *ret_facts, GError **error)
{
    const GError *fault = entry->receipt->error;
    gboolean known = fault != NULL && fault->domain == SP_ERROR && fault->code >= 0 &&
                     fault->code < SP_ERROR_LAST;
    int code = known ? fault->code : SP_ERROR_NONE;
    Facts facts = {.outcome = fault == NULL               ? SP_OUTCOME_OK
                              : sp_error_is_refusal(code) ? SP_OUTCOME_REFUSED
                                                          : SP_OUTCOME_FAILED,
                   .code = code};
    if (!intern(journal, entry->recipe, &facts.recipe, error) ||
        !intern(journal, entry->receipt->libraries, &facts.libraries, error) ||
        !intern(journal, entry->receipt->input_format, &facts.format, error))
        return FALSE;
    *ret_facts = facts;
    return TRUE;
}

static void
bind_mark(sqlite3_stmt *statement, int first, const SpFileMark *mark)
{
    sqlite3_bind_int64(statement, first, (gint64)mark->size);
    sqlite3_bind_int64(statement, first + 1, mark->mtime_ns);
    sqlite3_bind_int64(statement, first + 2, mark->ctime_ns);
    sqlite3_bind_int64(statement, first + 3, (gint64)mark->inode);
}

static gboolean
write_input(SpJournal *journal, const SpJournalEntry *entry, const Facts *facts, gboolean known,
            GError **error)
{
    const SpReceipt *receipt = entry->receipt;
    sqlite3_stmt *set =
        sp_journal_prepare(journal, known ? SP_SQL_SET_INPUT : SP_SQL_ADD_INPUT, error);
    if (set == NULL)
        return FALSE;
    sp_bind_bytes(set, 1, entry->path);
    bind_mark(set, 2, &entry->mark);
    sp_bind_hash(set, 6, entry->checksum);
    sqlite3_bind_int(set, 7, (int)facts->outcome);
    sqlite3_bind_int(set, 8, facts->code);
    sqlite3_bind_int64(set, 9, receipt->removed);
    sqlite3_bind_int64(set, 10, (gint64)receipt->input_bytes);
    sqlite3_bind_int64(set, 11, receipt->input_width);
    sqlite3_bind_int64(set, 12, receipt->input_height);
    sqlite3_bind_int64(set, 13, entry->milliseconds);
    sqlite3_bind_int64(set, 14, sp_journal_now());
    sqlite3_bind_int64(set, 15, facts->recipe);
    sp_bind_id(set, 16, facts->libraries);
    sp_bind_id(set, 17, facts->format);
    sp_bind_text(set, 18, receipt->thumbhash);
    sp_bind_text(set, 19, receipt->error != NULL ? receipt->error->message : NULL);
    return sp_journal_run(journal, set, error);
}

/* ---- its files -----------------------------------------------------------------------------
 */

/* What stands behind folder and its slash; NULL: it does not lie there. */
static const char *
below(const char *path, const char *folder)
{
    gsize n = strlen(folder);
    while (n > 0 && folder[n - 1] == '/')
        n--;
    if (strncmp(path, folder, n) != 0 || path[n] != '/')
        return NULL;
    path += n;
    while (*path == '/')
        path++;
    return *path != '\0' ? path : NULL;
}

/* The row of the file, made or brought up to date. */
static gboolean
write_file(SpJournal *journal, const SpOutput *output, const char *path, gint64 *ret_id,
           GError **error)
{
    gint64 format = 0, id = 0;
    gboolean row = FALSE;
    sqlite3_stmt *find = sp_journal_prepare(journal, SP_SQL_FIND_FILE, error);
    if (find == NULL || !intern(journal, output->format, &format, error))
        return FALSE;
    sqlite3_bind_int64(find, 1, sp_journal_key(path));
    sp_bind_bytes(find, 2, path);
    if (!sp_journal_step(journal, find, &row, error))
        return FALSE;
    id = row ? sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    sqlite3_stmt *set =
        sp_journal_prepare(journal, row ? SP_SQL_SET_FILE : SP_SQL_ADD_FILE, error);
    if (set == NULL)
        return FALSE;
    int at = 0;
    sqlite3_bind_int64(set, ++at, row ? id : sp_journal_key(path));
    if (!row)
        sp_bind_bytes(set, ++at, path);
    sqlite3_bind_int64(set, ++at, (gint64)output->bytes);
    sqlite3_bind_int64(set, ++at, output->width);
    sqlite3_bind_int64(set, ++at, output->height);
    sp_bind_id(set, ++at, format);
    sp_bind_hash(set, ++at, output->sha256);
    if (!sp_journal_run(journal, set, error))
        return FALSE;
    *ret_id = row ? id : sqlite3_last_insert_rowid(journal->db);
    return TRUE;
}

static gboolean
add_output(SpJournal *journal, gint64 input, guint n, const SpOutput *output,
           const char *folder, GError **error)
{
    gint64 file = 0, variant = 0;
    const char *path = below(output->path, folder);
    if (path == NULL)
        return sp_throw(error, SP_ERROR_PROTOCOL, "the output '%s' does not lie in '%s'",
                        output->path, folder);
    if (!write_file(journal, output, path, &file, error) ||
        !intern(journal, output->variant, &variant, error))
        return FALSE;
    sqlite3_stmt *add = sp_journal_prepare(journal, SP_SQL_ADD_MADE, error);
    if (add == NULL)
        return FALSE;
    sqlite3_bind_int64(add, 1, input);
    sqlite3_bind_int64(add, 2, n);
    sqlite3_bind_int64(add, 3, file);
    sp_bind_id(add, 4, variant);
    return sp_journal_run(journal, add, error);
}

gboolean
sp_journal_orphan(SpJournal *journal, gint64 file, GError **error)
{
    sqlite3_stmt *orphan = sp_journal_prepare(journal, SP_SQL_ORPHAN, error);
    if (orphan == NULL)
        return FALSE;
    sqlite3_bind_int64(orphan, 1, file);
    sqlite3_bind_int64(orphan, 2, sp_journal_now());
    return sp_journal_run(journal, orphan, error);
}

/* Take all files from the record; *ret_files has them, for orphan_all() once the new ones
 * stand. */
static gboolean
take_files(SpJournal *journal, gint64 input, GArray *files, GError **error)
{
    sqlite3_stmt *made = sp_journal_prepare(journal, SP_SQL_MADE_OF, error);
    sqlite3_stmt *drop = sp_journal_prepare(journal, SP_SQL_DROP_MADE, error);
    if (made == NULL || drop == NULL)
        return FALSE;
    sqlite3_bind_int64(made, 1, input);
    for (gboolean row = TRUE; row;) {
        if (!sp_journal_step(journal, made, &row, error))
            return FALSE;
        gint64 file = row ? sqlite3_column_int64(made, 0) : 0;
        if (row)
            g_array_append_val(files, file);
    }
    if (files->len == 0)
        return TRUE;
    sqlite3_bind_int64(drop, 1, input);
    return sp_journal_run(journal, drop, error);
}

static gboolean
orphan_all(SpJournal *journal, const GArray *files, GError **error)
{
    for (guint i = 0; i < files->len; i++)
        if (!sp_journal_orphan(journal, g_array_index(files, gint64, i), error))
            return FALSE;
    return TRUE;
}

static gboolean
replace_files(SpJournal *journal, const SpJournalEntry *entry, gint64 input, GError **error)
{
    g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(gint64));
    const GPtrArray *outputs = entry->receipt->outputs;
    if (!take_files(journal, input, before, error))
        return FALSE;
    for (guint i = 0; outputs != NULL && i < outputs->len; i++)
        if (!add_output(journal, input, i, outputs->pdata[i], entry->output_folder, error))
            return FALSE;
    return orphan_all(journal, before, error);
}

static gboolean
put(SpJournal *journal, const SpJournalEntry *entry, GError **error)
{
    Facts facts = {0};
    gint64 id = 0;
    if (!learn(journal, entry, &facts, error) || !find_id(journal, entry->path, &id, error) ||
        !write_input(journal, entry, &facts, id != 0, error))
        return FALSE;
    if (id == 0)
        id = sqlite3_last_insert_rowid(journal->db);
    mark_seen(journal, id);
    return facts.outcome == SP_OUTCOME_FAILED || replace_files(journal, entry, id, error);
}

/* ---- the interface -------------------------------------------------------------------------
 */

/* What ends half-way must not be committed. */
static gboolean
whole(SpJournal *journal, gboolean good, GError *local, GError **error)
{
    if (good)
        return TRUE;
    sp_journal_break(journal, &local);
    g_propagate_error(error, local);
    return FALSE;
}

gboolean
sp_journal_put(SpJournal *journal, const SpJournalEntry *entry, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    GError *local = NULL;
    if (!sp_journal_begin(journal, error))
        return FALSE;
    gboolean good = put(journal, entry, &local);
    return whole(journal, good, local, error);
}

gboolean
sp_journal_touch(SpJournal *journal, gint64 id, const SpFileMark *mark, const char *checksum,
                 GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    if (!sp_journal_begin(journal, error))
        return FALSE;
    sqlite3_stmt *touch = sp_journal_prepare(journal, SP_SQL_TOUCH, error);
    if (touch != NULL) {
        sqlite3_bind_int64(touch, 1, id);
        bind_mark(touch, 2, mark);
        sp_bind_hash(touch, 6, checksum);
    }
    return sp_journal_run(journal, touch, error);
}

gboolean
sp_journal_commit(SpJournal *journal, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    if (journal->broken != NULL) {
        if (error != NULL)
            *error = g_error_copy(journal->broken);
        return FALSE;
    }
    return sqlite3_get_autocommit(journal->db) ||
           sp_journal_run(journal, sp_journal_prepare(journal, SP_SQL_COMMIT, error), error);
}

/* ---- what is gone --------------------------------------------------------------------------
 */

static gboolean
list_unseen(SpJournal *journal, SpJournalKeepFunc keep, gpointer data, GArray *ids,
            GError **error)
{
    sqlite3_stmt *all = sp_journal_prepare(journal, SP_SQL_IDS, error);
    if (all == NULL)
        return FALSE;
    for (gboolean row = TRUE; row;) {
        if (!sp_journal_step(journal, all, &row, error))
            return FALSE;
        gint64 id = row ? sqlite3_column_int64(all, 0) : 0;
        if (!row || is_seen(journal, id))
            continue;
        g_autofree char *path = keep != NULL ? sp_column_bytes(all, 1) : NULL;
        if (keep == NULL || !keep(path, data))
            g_array_append_val(ids, id);
    }
    return TRUE;
}

static gboolean
forget(SpJournal *journal, gint64 id, GError **error)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (!take_files(journal, id, files, error) || !orphan_all(journal, files, error))
        return FALSE;
    sqlite3_stmt *drop = sp_journal_prepare(journal, SP_SQL_DROP_INPUT, error);
    if (drop == NULL)
        return FALSE;
    sqlite3_bind_int64(drop, 1, id);
    return sp_journal_run(journal, drop, error);
}

gboolean
sp_journal_forget_unseen(SpJournal *journal, gboolean dry, SpJournalKeepFunc keep,
                         gpointer data, guint64 *ret_n, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    GError *local = NULL;
    if (!list_unseen(journal, keep, data, ids, error))
        return FALSE;
    if (!dry && ids->len != 0 && !sp_journal_begin(journal, error))
        return FALSE;
    for (guint i = 0; !dry && i < ids->len; i++)
        if (!forget(journal, g_array_index(ids, gint64, i), &local))
            return whole(journal, FALSE, local, error);
    *ret_n = ids->len;
    return TRUE;
}

gboolean
sp_journal_pruned(SpJournal *journal, const char *path, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    if (!sp_journal_begin(journal, error))
        return FALSE;
    sqlite3_stmt *pruned = sp_journal_prepare(journal, SP_SQL_PRUNED, error);
    if (pruned != NULL) {
        sqlite3_bind_int64(pruned, 1, sp_journal_key(path));
        sp_bind_bytes(pruned, 2, path);
    }
    return sp_journal_run(journal, pruned, error);
}

gboolean
sp_journal_set(SpJournal *journal, const char *name, const char *value, GError **error)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    if (!sp_journal_begin(journal, error))
        return FALSE;
    sqlite3_stmt *set = sp_journal_prepare(journal, SP_SQL_SET, error);
    if (set != NULL) {
        sp_bind_text(set, 1, name);
        sp_bind_text(set, 2, value);
    }
    return sp_journal_run(journal, set, error);
}
