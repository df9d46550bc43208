/* SPDX-License-Identifier: MIT */
/* journal-open.c -- opening the journal: to write, or without leaving a trace.
 *
 * To write: a write-ahead log, and SQLite's exclusive locking mode, in which the log's index
 * lies in memory: no file is mapped, so it works on network file systems too. Where the log is
 * refused SQLite keeps its rollback journal, and everything works, more slowly. The file is
 * made here, as 0600; SQLite gives its log the same mode.
 *
 * To read: nothing may change, not even when the last run was killed and its log lies there.
 * With a log it is opened for reading with the file system's locks left out ("unix-none"): then
 * the log's index is built in memory and the log stays as it is. Without one it is opened as
 * immutable, for SQLite would make an empty log. In either case no lock of SQLite's is taken,
 * so we take it: a shared lock on the bytes that a writer locks. */
#include "base/error.h"
#include "bulk/journal-db.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 2000
/* What SQLite locks: "the shared range" (os.h, SHARED_FIRST and SHARED_SIZE). */
#define SHARED_FIRST (0x40000000 + 2)
#define SHARED_SIZE 510

/* ---- is it ours? ---------------------------------------------------------------------------
 */

#define MOST_ID ((gint64)G_MAXINT32)

/* The number that sql says, with the schema's name put before its first dot. */
static gboolean
ask(sqlite3 *db, const char *path, const char *schema, const char *sql, gint64 *ret_number,
    GError **error)
{
    const char *dot = strchr(sql, '.');
    g_autofree char *text = g_strdup_printf("%.*s%s%s", (int)(dot - sql), sql, schema, dot);
    sqlite3_stmt *statement = NULL;
    errno = 0;
    int rc = sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *ret_number = sqlite3_column_int64(statement, 0);
    else
        sp_journal_throw(path, db, rc, error);
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW;
}

gboolean
sp_journal_identify(sqlite3 *db, const char *schema, const char *path, gboolean *ret_empty,
                    GError **error)
{
    gint64 application = 0, version = 0, things = 0;
    if (!ask(db, path, schema, "PRAGMA .application_id", &application, error) ||
        !ask(db, path, schema, "PRAGMA .user_version", &version, error) ||
        !ask(db, path, schema, "SELECT count(*) FROM .sqlite_schema", &things, error))
        return FALSE;
    *ret_empty = application == 0 && things == 0;
    if (*ret_empty)
        return TRUE;
    if (application != SP_JOURNAL_APPLICATION)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "'%s' is no journal of storyphoto; move it away, or name another state "
                        "folder",
                        path);
    if (version > SP_JOURNAL_VERSION)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "the journal '%s' is of a newer storyphoto; use that one, or name "
                        "another state folder",
                        path);
    gint64 least = 0, most = 0; /* ids: what was seen is kept as a bit for each */
    gboolean known = version == SP_JOURNAL_VERSION && things != 0;
    if (known &&
        (!ask(db, path, schema, "SELECT coalesce(min(id), 1) FROM .input", &least, error) ||
         !ask(db, path, schema, "SELECT coalesce(max(id), 1) FROM .input", &most, error)))
        return FALSE;
    if (!known || least < 1 || most > MOST_ID)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "the journal '%s' is damaged; restore a copy of it, or move it away to "
                        "begin anew: then each upload is taken once more",
                        path);
    return TRUE;
}

/* ---- the file ------------------------------------------------------------------------------
 */

/* A name as an URI; "//" at the start would be taken for a host. */
static char *
uri_of(const char *path, const char *parameters)
{
    while (path[0] == '/' && path[1] == '/')
        path++;
    g_autofree char *escaped = g_uri_escape_bytes((const guint8 *)path, strlen(path), "/");
    return g_strconcat("file:", escaped, "?", parameters, NULL);
}

static gboolean
sync_folder(const char *folder, const char *path, GError **error)
{
    g_auto(SpFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return (fd >= 0 && fsync(fd) == 0) || sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                                                         "cannot write the journal '%s'", path);
}

/* SQLite would make it with the mode that the umask leaves. One that is there is not opened:
 * closing it again would drop the locks of whoever has it open in this process. */
static gboolean
make_file(const char *folder, const char *path, gboolean sync, GError **error)
{
    struct stat info;
    if (lstat(path, &info) == 0) {
        if (!S_ISREG(info.st_mode))
            return sp_throw(error, SP_ERROR_CORRUPT,
                            "'%s' is no regular file; name another state folder", path);
        if ((info.st_mode & 077) != 0 && chmod(path, 0600) < 0)
            return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                                  "others may read the journal '%s'", path);
        return TRUE;
    }
    g_auto(SpFd) fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                              "cannot write the journal '%s'", path);
    return !sync || sync_folder(folder, path, error);
}

/* Nobody may write while fd is open. Locks of an open description, because closing any
 * descriptor of the file drops the other kind. */
static gboolean
lock_shared(int fd, const char *path, GError **error)
{
    struct flock lock = {
        .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = SHARED_FIRST, .l_len = SHARED_SIZE};
    int rc = 0;
    for (int i = 0; (rc = fcntl(fd, F_OFD_SETLK, &lock)) < 0 && i < 10; i++) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return TRUE; /* no locks on this file system: nor has a writer one */
        g_usleep(10000);
    }
    return rc == 0 || sp_journal_throw(path, NULL, SQLITE_BUSY, error);
}

static gboolean
has_bytes(const char *path, const char *suffix)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);
    struct stat info;
    return stat(name, &info) == 0 && info.st_size > 0;
}

char *
sp_journal_reading_uri(const char *folder, SpFd *ret_lock, GError **error)
{
    g_autofree char *path = g_build_filename(folder, SP_JOURNAL_FILE, NULL);
    g_auto(SpFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) < 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_READ, errno,
                                   "cannot read the journal '%s'", path);
    if (!S_ISREG(info.st_mode))
        return sp_throw_null(error, SP_ERROR_CORRUPT, "'%s' is no regular file", path);
    if (!lock_shared(fd, path, error))
        return NULL;
    /* Only where the write-ahead log was refused, or in the very first moment of a journal. */
    if (has_bytes(path, "-journal"))
        return sp_throw_null(error, SP_ERROR_CANNOT_READ,
                             "the journal '%s' was left in the middle of a change; run the "
                             "batch itself, which mends it",
                             path);
    *ret_lock = sp_fd_steal(&fd);
    return uri_of(path,
                  has_bytes(path, "-wal") ? "mode=ro&vfs=unix-none" : "mode=ro&immutable=1");
}

/* ---- the connection ------------------------------------------------------------------------
 */

static gboolean
configure(SpJournal *journal, const char *sql, GError **error)
{
    errno = 0;
    int rc = sqlite3_exec(journal->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || sp_journal_throw(journal->path, journal->db, rc, error);
}

/* TRUE with SQLite open on uri, and nothing asked yet. */
static gboolean
connect_to(SpJournal *journal, const char *uri, int flags, GError **error)
{
    errno = 0;
    int rc = sqlite3_open_v2(
        uri, &journal->db,
        flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (rc != SQLITE_OK)
        return sp_journal_throw(journal->path, journal->db, rc, error);
    sqlite3_extended_result_codes(journal->db, 1);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_busy_timeout(journal->db, BUSY_MS);
    return configure(journal,
                     "PRAGMA locking_mode = EXCLUSIVE;"
                     "PRAGMA temp_store = MEMORY;"
                     "PRAGMA cell_size_check = ON;"
                     "PRAGMA cache_size = -16384;",
                     error);
}

static gboolean
set_up(SpJournal *journal, gboolean empty, GError **error)
{
    g_autofree char *ids =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                        SP_JOURNAL_APPLICATION, SP_JOURNAL_VERSION);
    const char *synchronous = journal->mode == SP_JOURNAL_SYNCED ? "PRAGMA synchronous = FULL"
                                                                 : "PRAGMA synchronous = OFF";
    /* An empty transaction takes the lock, so that a second writer is told at once. */
    return configure(journal, synchronous, error) &&
           configure(journal, "PRAGMA journal_mode = WAL", error) &&
           configure(journal,
                     "PRAGMA wal_autocheckpoint = 4000;"
                     "PRAGMA journal_size_limit = 67108864;"
                     "BEGIN EXCLUSIVE",
                     error) &&
           (!empty || configure(journal, sp_journal_schema, error)) &&
           configure(journal, empty ? ids : "COMMIT", error);
}

static gboolean
open_to_write(SpJournal *journal, const char *folder, GError **error)
{
    gboolean empty = FALSE;
    g_autofree char *uri = uri_of(journal->path, "mode=rw");
    return make_file(folder, journal->path, journal->mode == SP_JOURNAL_SYNCED, error) &&
           connect_to(journal, uri, SQLITE_OPEN_READWRITE, error) &&
           sp_journal_identify(journal->db, "main", journal->path, &empty, error) &&
           set_up(journal, empty, error);
}

static gboolean
open_to_read(SpJournal *journal, const char *folder, GError **error)
{
    gboolean empty = FALSE;
    g_autofree char *uri = sp_journal_reading_uri(folder, &journal->lock, error);
    if (uri == NULL || !connect_to(journal, uri, SQLITE_OPEN_READONLY, error))
        return FALSE;
    /* Or closing would take the log for done with, and delete it. */
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!sp_journal_identify(journal->db, "main", journal->path, &empty, error))
        return FALSE;
    return !empty ||
           sp_throw(error, SP_ERROR_CANNOT_READ, "the journal '%s' is empty", journal->path);
}

SpJournal *
sp_journal_open(const char *folder, SpJournalMode mode, GError **error)
{
    g_autoptr(SpJournal) journal = g_new0(SpJournal, 1);
    g_mutex_init(&journal->mutex);
    journal->path = g_build_filename(folder, SP_JOURNAL_FILE, NULL);
    journal->mode = mode;
    journal->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    journal->seen = g_byte_array_new();
    journal->lock = -1;
    if (mode == SP_JOURNAL_READ ? !open_to_read(journal, folder, error)
                                : !open_to_write(journal, folder, error))
        return NULL;
    return g_steal_pointer(&journal);
}

void
sp_journal_free(SpJournal *journal)
{
    if (journal == NULL)
        return;
    for (guint i = 0; i < SP_SQL_COUNT; i++)
        sqlite3_finalize(journal->statements[i]);
    if (journal->db != NULL && !sqlite3_get_autocommit(journal->db))
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(journal->db);
    sp_fd_clear(&journal->lock);
    g_hash_table_unref(journal->words);
    g_byte_array_unref(journal->seen);
    g_clear_error(&journal->broken);
    g_free(journal->path);
    g_mutex_clear(&journal->mutex);
    g_free(journal);
}
