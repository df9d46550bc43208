/* SPDX-License-Identifier: MIT */
/* journal-sql.c -- the journal's tables, its statements, and what SQLite's errors mean here.
 *
 * A change of the tables is a new SP_JOURNAL_VERSION, and a step in journal-open.c that makes
 * the old ones over. Small columns stand first: sums over a million rows then skip the rest. */
#include "base/error.h"
#include "bulk/journal-db.h"
#include <errno.h>
#include <string.h>

const char sp_journal_schema[] =
    "CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE input(id INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, code INTEGER NOT "
    "NULL,"
    " removed INTEGER NOT NULL, bytes INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, milliseconds INTEGER NOT NULL, done_at INTEGER NOT NULL,"
    " size INTEGER NOT NULL, mtime INTEGER NOT NULL, ctime INTEGER NOT NULL,"
    " inode INTEGER NOT NULL, recipe INTEGER NOT NULL, libraries INTEGER, format INTEGER,"
    " checksum BLOB, thumbhash TEXT, path BLOB NOT NULL, message TEXT) STRICT;"
    "CREATE UNIQUE INDEX input_path ON input(path);"
    "CREATE INDEX input_bad ON input(outcome, path) WHERE outcome <> 0;"
    "CREATE TABLE file(id INTEGER PRIMARY KEY, key INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " width INTEGER NOT NULL, height INTEGER NOT NULL, format INTEGER, since INTEGER,"
    " sha256 BLOB, path BLOB NOT NULL) STRICT;"
    "CREATE INDEX file_key ON file(key, bytes);"
    "CREATE INDEX file_since ON file(path, bytes) WHERE since IS NOT NULL;"
    "CREATE TABLE made(input INTEGER NOT NULL, n INTEGER NOT NULL, file INTEGER NOT NULL,"
    " variant INTEGER, PRIMARY KEY(input, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX made_file ON made(file);";

const char *const sp_journal_sql[SP_SQL_COUNT] = {
    /* ---- transactions */
    [SP_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SP_SQL_COMMIT] = "COMMIT",
    /* ---- one record */
    [SP_SQL_FIND] =
        "SELECT i.id, size, mtime, ctime, inode, checksum, outcome, r.text, l.text,"
        " f.text FROM input i INDEXED BY input_path LEFT JOIN word r ON r.id = recipe"
        " LEFT JOIN word l ON l.id = libraries LEFT JOIN word f ON f.id = format"
        " WHERE path = ?1",
    [SP_SQL_FIND_ID] = "SELECT id FROM input WHERE path = ?1",
    [SP_SQL_OUTPUTS] = "SELECT path, f.text, sha256, v.text, bytes, width, height"
                       " FROM made m CROSS JOIN file ON file.id = m.file"
                       " LEFT JOIN word f ON f.id = format LEFT JOIN word v ON v.id = variant"
                       " WHERE input = ?1 ORDER BY n",
    [SP_SQL_WORD] = "SELECT id FROM word WHERE text = ?1",
    [SP_SQL_ADD_WORD] = "INSERT INTO word(text) VALUES(?1)",
    [SP_SQL_ADD_INPUT] =
        "INSERT INTO input(path, size, mtime, ctime, inode, checksum, outcome, code, removed,"
        " bytes, width, height, milliseconds, done_at, recipe, libraries, format, thumbhash,"
        " message) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
        " ?16, ?17, ?18, ?19)",
    [SP_SQL_SET_INPUT] =
        "UPDATE input SET size = ?2, mtime = ?3, ctime = ?4, inode = ?5, checksum = ?6,"
        " outcome = ?7, code = ?8, removed = ?9, bytes = ?10, width = ?11, height = ?12,"
        " milliseconds = ?13, done_at = ?14, recipe = ?15, libraries = ?16, format = ?17,"
        " thumbhash = ?18, message = ?19 WHERE path = ?1",
    [SP_SQL_TOUCH] = "UPDATE input SET size = ?2, mtime = ?3, ctime = ?4, inode = ?5,"
                     " checksum = coalesce(?6, checksum) WHERE id = ?1",
    [SP_SQL_DROP_INPUT] = "DELETE FROM input WHERE id = ?1",
    /* ---- its files */
    [SP_SQL_MADE_OF] = "SELECT file FROM made WHERE input = ?1",
    [SP_SQL_DROP_MADE] = "DELETE FROM made WHERE input = ?1",
    [SP_SQL_ADD_MADE] = "INSERT INTO made(input, n, file, variant) VALUES(?1, ?2, ?3, ?4)",
    [SP_SQL_FIND_FILE] = "SELECT id FROM file INDEXED BY file_key WHERE key = ?1 AND path = ?2",
    [SP_SQL_ADD_FILE] = "INSERT INTO file(key, path, bytes, width, height, format, sha256)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SP_SQL_SET_FILE] = "UPDATE file SET bytes = ?2, width = ?3, height = ?4, format = ?5,"
                        " sha256 = ?6, since = NULL WHERE id = ?1",
    [SP_SQL_ORPHAN] = "UPDATE file SET since = ?2 WHERE id = ?1 AND since IS NULL"
                      " AND NOT EXISTS(SELECT 1 FROM made WHERE made.file = ?1)",
    [SP_SQL_PRUNED] = "DELETE FROM file WHERE key = ?1 AND path = ?2 AND since IS NOT NULL",
    [SP_SQL_SUPERSEDED] = "SELECT path, f.text, sha256, NULL, bytes, 0, 0"
                          " FROM file INDEXED BY file_since LEFT JOIN word f ON f.id = format"
                          " WHERE since IS NOT NULL ORDER BY path",
    /* ---- all of them */
    [SP_SQL_IDS] = "SELECT id, path FROM input INDEXED BY input_path",
    [SP_SQL_TOTAL_INPUTS] = "SELECT outcome, code, removed, bytes FROM input NOT INDEXED",
    [SP_SQL_TOTAL_FILES] = "SELECT count(*), coalesce(sum(bytes), 0) FROM file"
                           " INDEXED BY file_key",
    [SP_SQL_TOTAL_SUPERSEDED] = "SELECT count(*), coalesce(sum(bytes), 0) FROM file"
                                " INDEXED BY file_since WHERE since IS NOT NULL",
#define ROW                                                                                    \
    "SELECT i.id, path, f.text, outcome, code, message, removed, bytes, width, height,"        \
    " milliseconds, thumbhash FROM input i "
#define ROW_ORDER                                                                              \
    " AND path > coalesce(?2, x'') ORDER BY path LIMIT CASE WHEN ?3 = 0 THEN -1 ELSE ?3 END"
    [SP_SQL_ROWS_OK] = ROW "INDEXED BY input_path LEFT JOIN word f ON f.id = format"
                           " WHERE outcome = ?1" ROW_ORDER,
    [SP_SQL_ROWS_OTHER] = ROW "INDEXED BY input_bad LEFT JOIN word f ON f.id = format"
                              " WHERE outcome = ?1 AND outcome <> 0" ROW_ORDER,
    [SP_SQL_ROW_FILES] = "SELECT path, bytes FROM made CROSS JOIN file ON file.id = made.file"
                         " WHERE input = ?1 ORDER BY n",
    [SP_SQL_GET] = "SELECT value FROM about WHERE name = ?1",
    [SP_SQL_SET] = "INSERT INTO about(name, value) VALUES(?1, ?2)"
                   " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
};

/* ---- errors --------------------------------------------------------------------------------
 */

static gboolean
throw_system(const char *path, int err, GError **error)
{
    if (err == ENOSPC || err == EDQUOT || err == EFBIG)
        return sp_throw_errno(error, SP_ERROR_NO_SPACE, err, "cannot write the journal '%s'",
                              path);
    if (err == EACCES || err == EPERM || err == EROFS)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE, "cannot write the journal '%s': %s", path,
                        g_strerror(err));
    return sp_throw(error, SP_ERROR_IO, "cannot read or write the journal '%s': %s", path,
                    err != 0 ? g_strerror(err) : "the disk failed");
}

/* sqlite3_system_errno() is not set when COMMIT fails (of 3.40): so errno is made 0 before each
 * call that may fail, and what it is afterwards counts. */
gboolean
sp_journal_throw(const char *path, sqlite3 *db, int rc, GError **error)
{
    int err = errno;
    const char *words = db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return throw_system(path, ENOSPC, error);
    case SQLITE_IOERR:
        if (rc == SQLITE_IOERR_NOMEM)
            break;
        if (err == 0 && db != NULL)
            err = sqlite3_system_errno(db);
        return throw_system(path, err, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return sp_throw(
            error, SP_ERROR_BUSY,
            "the journal '%s' is in use by another run; try again when it has ended", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return sp_throw(error, SP_ERROR_CANNOT_WRITE, "cannot write the journal '%s': %s", path,
                        words);
    case SQLITE_NOMEM:
        break;
    default:
        return sp_throw(
            error, SP_ERROR_CORRUPT,
            "the journal '%s' is damaged (%s); restore a copy of it, or move it away "
            "to begin anew: then each upload is taken once more",
            path, words);
    }
    return sp_throw(error, SP_ERROR_BUSY, "the journal '%s': out of memory", path);
}

gboolean
sp_journal_break(SpJournal *journal, GError **error)
{
    if (journal->broken == NULL)
        journal->broken = error != NULL && *error != NULL
                              ? g_error_copy(*error)
                              : g_error_new(SP_ERROR, SP_ERROR_IO,
                                            "the journal '%s' was not written", journal->path);
    if (!sqlite3_get_autocommit(journal->db))
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

/* ---- statements ----------------------------------------------------------------------------
 */

sqlite3_stmt *
sp_journal_prepare(SpJournal *journal, SpSql which, GError **error)
{
    sqlite3_stmt **statement = &journal->statements[which];
    if (*statement == NULL) {
        errno = 0;
        int rc = sqlite3_prepare_v3(journal->db, sp_journal_sql[which], -1,
                                    SQLITE_PREPARE_PERSISTENT, statement, NULL);
        if (rc != SQLITE_OK) {
            sp_journal_throw(journal->path, journal->db, rc, error);
            return NULL;
        }
    }
    sqlite3_reset(*statement);
    return *statement;
}

gboolean
sp_journal_step(SpJournal *journal, sqlite3_stmt *statement, gboolean *ret_row, GError **error)
{
    errno = 0;
    int rc = sqlite3_step(statement);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        sp_journal_throw(journal->path, journal->db, rc, error);
        sqlite3_reset(statement);
        return FALSE;
    }
    *ret_row = rc == SQLITE_ROW;
    if (rc == SQLITE_DONE)
        sqlite3_reset(statement);
    return TRUE;
}

gboolean
sp_journal_run(SpJournal *journal, sqlite3_stmt *statement, GError **error)
{
    g_autoptr(GError) local = NULL;
    gboolean row = FALSE;
    if (statement != NULL && sp_journal_step(journal, statement, &row, &local)) {
        sqlite3_reset(statement);
        return TRUE;
    }
    if (local == NULL) /* it was not even prepared, and error says why */
        return sp_journal_break(journal, error);
    sp_journal_break(journal, &local);
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
}

gboolean
sp_journal_exec(SpJournal *journal, const char *sql, GError **error)
{
    g_autoptr(GError) local = NULL;
    errno = 0;
    int rc = sqlite3_exec(journal->db, sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return TRUE;
    sp_journal_throw(journal->path, journal->db, rc, &local);
    sp_journal_break(journal, &local);
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
}

gboolean
sp_journal_begin(SpJournal *journal, GError **error)
{
    if (journal->mode == SP_JOURNAL_READ)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the journal '%s' was opened to be read only", journal->path);
    if (journal->broken != NULL) {
        if (error != NULL)
            *error = g_error_copy(journal->broken);
        return FALSE;
    }
    if (!sqlite3_get_autocommit(journal->db))
        return TRUE;
    return sp_journal_run(journal, sp_journal_prepare(journal, SP_SQL_BEGIN, error), error);
}

/* ---- values --------------------------------------------------------------------------------
 */

void
sp_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

void
sp_bind_bytes(sqlite3_stmt *statement, int index, const char *bytes)
{
    sqlite3_bind_blob(statement, index, bytes, (int)strlen(bytes), SQLITE_STATIC);
}

void
sp_bind_hash(sqlite3_stmt *statement, int index, const char *hex)
{
    guint8 bytes[32];
    sqlite3_bind_null(statement, index);
    if (hex == NULL || strlen(hex) != 2 * sizeof bytes)
        return;
    for (gsize i = 0; i < sizeof bytes; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return;
        bytes[i] = (guint8)(high << 4 | low);
    }
    sqlite3_bind_blob(statement, index, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

void
sp_bind_id(sqlite3_stmt *statement, int index, gint64 id)
{
    if (id == 0)
        sqlite3_bind_null(statement, index);
    else
        sqlite3_bind_int64(statement, index, id);
}

char *
sp_column_bytes(sqlite3_stmt *statement, int index)
{
    const void *bytes = sqlite3_column_blob(statement, index); /* NULL when it is empty */
    return g_strndup(bytes != NULL ? bytes : "", (gsize)sqlite3_column_bytes(statement, index));
}

char *
sp_column_text(sqlite3_stmt *statement, int index)
{
    return g_strdup((const char *)sqlite3_column_text(statement, index));
}

char *
sp_column_hash(sqlite3_stmt *statement, int index)
{
    static const char digits[] = "0123456789abcdef";
    const guint8 *bytes = sqlite3_column_blob(statement, index);
    gsize n = (gsize)sqlite3_column_bytes(statement, index);
    if (bytes == NULL || n == 0)
        return NULL;
    char *hex = g_malloc(2 * n + 1), *to = hex;
    for (gsize i = 0; i < n; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to = '\0';
    return hex;
}

gint64
sp_journal_key(const char *path)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    for (; *path != '\0'; path++)
        hash = (hash ^ (guint8)*path) * G_GUINT64_CONSTANT(0x100000001b3);
    return (gint64)hash;
}

gint64
sp_journal_now(void)
{
    return g_get_real_time() / 1000;
}
