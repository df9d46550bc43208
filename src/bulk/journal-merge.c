/* SPDX-License-Identifier: MIT */
/* journal-merge.c -- taking over another journal: those of several machines become one.
 *
 * The other one is attached as `other`, and read as sp_journal_reading_uri() says: it may have
 * been left by a kill, it may lie where nothing can be written, and it stays as it is.
 *
 * All is done by statements over whole tables, in one transaction. Of two records of a path the
 * later one counts, and the earlier one's files are treated as by sp_journal_put(): where the
 * later one failed, they stay its files. Of two of the same millisecond the one that is here
 * counts. So it makes no difference that a journal is merged twice, or in which order.
 *
 *     met        each of the other's inputs: its id there and here, which of the two counts,
 *                and whether that one keeps the files of both
 *     same       each of the other's files: its id there and here
 *     touched    files here that may be superseded now, or not any more */
#include "base/error.h"
#include "bulk/journal-db.h"
#include <errno.h>
#include <sys/stat.h>

static const char words_sql[] =
    "INSERT OR IGNORE INTO main.word(text) SELECT text FROM other.word;"
    "INSERT OR IGNORE INTO main.about SELECT * FROM other.about;"
    "CREATE TEMP TABLE wording(there INTEGER PRIMARY KEY, here INTEGER NOT NULL);"
    "INSERT INTO temp.wording SELECT o.id, m.id FROM other.word o JOIN main.word m "
    "USING(text);";

/* Records. A path that is new here gets its row first, so that everything has an id; being of
 * the year 1970, or earlier, it loses against any other. */
static const char inputs_sql[] =
    "INSERT INTO main.input(path, outcome, code, removed, bytes, width, height, milliseconds,"
    " done_at, size, mtime, ctime, inode, recipe)"
    " SELECT path, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0 FROM other.input o"
    " WHERE NOT EXISTS(SELECT 1 FROM main.input m WHERE m.path = o.path) ORDER BY o.id;"
    "CREATE TEMP TABLE met(here INTEGER PRIMARY KEY, there INTEGER NOT NULL,"
    " won INTEGER NOT NULL, both INTEGER NOT NULL);"
    "INSERT INTO temp.met SELECT m.id, o.id, o.done_at > m.done_at,"
    " CASE WHEN o.done_at > m.done_at THEN o.outcome ELSE m.outcome END = 2"
    " FROM other.input o CROSS JOIN main.input m ON m.path = o.path;"
    "UPDATE main.input SET (outcome, code, removed, bytes, width, height, milliseconds,"
    " done_at, size, mtime, ctime, inode, recipe, libraries, format, checksum, thumbhash,"
    " message) = (SELECT outcome, code, removed, bytes, width, height, milliseconds, done_at,"
    " size, mtime, ctime, inode, r.here, l.here, f.here, checksum, thumbhash, message"
    " FROM temp.met t CROSS JOIN other.input o ON o.id = t.there"
    " LEFT JOIN temp.wording r ON r.there = recipe"
    " LEFT JOIN temp.wording l ON l.there = libraries"
    " LEFT JOIN temp.wording f ON f.there = format WHERE t.here = input.id)"
    " WHERE id IN(SELECT here FROM temp.met WHERE won);";

/* Files. What is known of one is what the winning record's journal knows. */
static const char files_sql[] =
    "INSERT INTO main.file(key, path, bytes, width, height, format, sha256, since)"
    " SELECT key, path, bytes, width, height, f.here, sha256, since FROM other.file o"
    " LEFT JOIN temp.wording f ON f.there = format WHERE NOT EXISTS("
    "SELECT 1 FROM main.file m WHERE m.key = o.key AND m.path = o.path) ORDER BY o.id;"
    "CREATE TEMP TABLE same(there INTEGER PRIMARY KEY, here INTEGER NOT NULL);"
    "INSERT INTO temp.same SELECT o.id, m.id FROM other.file o CROSS JOIN main.file m"
    " INDEXED BY file_key ON m.key = o.key AND m.path = o.path;"
    "CREATE TEMP TABLE fresh(here INTEGER PRIMARY KEY, there INTEGER NOT NULL);"
    "INSERT OR IGNORE INTO temp.fresh SELECT s.here, s.there FROM temp.met t"
    " CROSS JOIN other.made d ON d.input = t.there CROSS JOIN temp.same s ON s.there = d.file"
    " CROSS JOIN main.file m ON m.id = s.here CROSS JOIN other.file o ON o.id = s.there"
    " WHERE t.won AND (m.bytes <> o.bytes OR m.sha256 IS NOT o.sha256);"
    "UPDATE main.file SET (bytes, width, height, format, sha256) ="
    " (SELECT bytes, width, height, w.here, sha256 FROM temp.fresh f"
    " CROSS JOIN other.file o ON o.id = f.there LEFT JOIN temp.wording w ON w.there = format"
    " WHERE f.here = file.id) WHERE id IN(SELECT here FROM temp.fresh);";

static const char made_sql[] =
    "CREATE TEMP TABLE touched(file INTEGER PRIMARY KEY);"
    "INSERT INTO temp.touched SELECT here FROM temp.same WHERE true"
    " ON CONFLICT DO NOTHING;"
    "INSERT OR IGNORE INTO temp.touched SELECT file FROM temp.met t"
    " CROSS JOIN main.made d ON d.input = t.here WHERE won AND NOT both;"
    "DELETE FROM main.made WHERE input IN(SELECT here FROM temp.met WHERE won AND NOT both);"
    "INSERT INTO main.made(input, n, file, variant)"
    " SELECT t.here, d.n + coalesce((SELECT max(n) + 1 FROM main.made h WHERE h.input = "
    "t.here),"
    " 0), s.here, v.here FROM temp.met t CROSS JOIN other.made d ON d.input = t.there"
    " CROSS JOIN temp.same s ON s.there = d.file"
    " LEFT JOIN temp.wording v ON v.there = d.variant"
    " WHERE (won OR both) AND NOT EXISTS(SELECT 1 FROM main.made h"
    " WHERE h.input = t.here AND h.file = s.here) ORDER BY t.here, d.n;"
    "UPDATE main.file SET since = NULL WHERE since IS NOT NULL"
    " AND id IN(SELECT file FROM temp.touched)"
    " AND EXISTS(SELECT 1 FROM main.made d WHERE d.file = file.id);"
    "UPDATE main.file SET since = unixepoch() * 1000 WHERE since IS NULL"
    " AND id IN(SELECT file FROM temp.touched)"
    " AND NOT EXISTS(SELECT 1 FROM main.made d WHERE d.file = file.id);";

static const char end_sql[] =
    "DROP TABLE temp.wording; DROP TABLE temp.met; DROP TABLE temp.same;"
    "DROP TABLE temp.fresh; DROP TABLE temp.touched; COMMIT;";

/* Its tables are ours to the letter: nothing else of it is run or read. */
static gboolean
check_other(SpJournal *journal, const char *path, GError **error)
{
    static const char sql[] =
        "SELECT NOT EXISTS(SELECT type, name, sql FROM other.sqlite_schema"
        " EXCEPT SELECT type, name, sql FROM main.sqlite_schema)"
        " AND NOT EXISTS(SELECT type, name, sql FROM main.sqlite_schema"
        " EXCEPT SELECT type, name, sql FROM other.sqlite_schema)";
    gboolean empty = FALSE;
    if (!sp_journal_identify(journal->db, "other", path, &empty, error))
        return FALSE;
    if (empty)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "the journal '%s' is empty", path);
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(journal->db, sql, -1, &statement, NULL);
    gboolean good = rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
                    sqlite3_column_int(statement, 0) != 0;
    sqlite3_finalize(statement);
    return good ||
           sp_throw(error, SP_ERROR_CORRUPT,
                    "the journal '%s' is damaged: its tables are not what they must be", path);
}

static gboolean
take_over(SpJournal *journal, GError **error)
{
    return sp_journal_begin(journal, error) && sp_journal_exec(journal, words_sql, error) &&
           sp_journal_exec(journal, inputs_sql, error) &&
           sp_journal_exec(journal, files_sql, error) &&
           sp_journal_exec(journal, made_sql, error) &&
           sp_journal_exec(journal, end_sql, error);
}

/* SQLite does not say which of the two is damaged, and nobody should move the wrong one away.
 * Ours is what it was: nothing was committed. */
static void
blame(SpJournal *journal, const char *path, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (error == NULL || !g_error_matches(*error, SP_ERROR, SP_ERROR_CORRUPT))
        return;
    int rc =
        sqlite3_prepare_v2(journal->db, "PRAGMA other.quick_check(1)", -1, &statement, NULL);
    gboolean whole = rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
                     g_strcmp0((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    if (whole)
        return;
    g_clear_error(error);
    g_clear_error(&journal->broken);
    sp_throw(error, SP_ERROR_CORRUPT,
             "the journal '%s' is damaged; nothing of it was taken over", path);
}

static gboolean
attach(SpJournal *journal, const char *uri, const char *path, GError **error)
{
    sqlite3_stmt *statement = NULL;
    errno = 0;
    int rc = sqlite3_prepare_v2(journal->db, "ATTACH ?1 AS other", -1, &statement, NULL);
    if (rc == SQLITE_OK) {
        sp_bind_text(statement, 1, uri);
        rc = sqlite3_step(statement);
    }
    if (rc != SQLITE_DONE)
        sp_journal_throw(path, journal->db, rc, error);
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE;
}

/* Closing a journal that was read must not touch its log; ours is dealt with at its own end. */
static void
detach(SpJournal *journal)
{
    for (guint i = 0; i < SP_SQL_COUNT; i++)
        sqlite3_reset(journal->statements[i]);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_exec(journal->db, "DETACH other", NULL, NULL, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
}

/* Opening it would drop our own locks. */
static gboolean
is_same(const char *path, const char *other)
{
    struct stat one, two;
    return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

gboolean
sp_journal_merge(SpJournal *journal, const char *from, GError **error)
{
    g_autofree char *path = g_build_filename(from, SP_JOURNAL_FILE, NULL);
    g_auto(SpFd) lock = -1;
    if (is_same(journal->path, path))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "'%s' is the journal to merge into", path);
    if (!sp_journal_commit(journal, error))
        return FALSE;
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&journal->mutex);
    g_autofree char *uri = sp_journal_reading_uri(from, &lock, error);
    if (uri == NULL || !attach(journal, uri, path, error))
        return FALSE;
    GError *local = NULL;
    gboolean good = check_other(journal, path, &local) && take_over(journal, &local);
    if (!good)
        blame(journal, path, &local);
    detach(journal);
    g_hash_table_remove_all(journal->words);
    if (!good)
        g_propagate_prefixed_error(error, local, "cannot merge '%s': ", from);
    return good;
}
