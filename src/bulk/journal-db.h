/* SPDX-License-Identifier: MIT */
/* journal-db.h -- what the parts of the journal share; for journal*.c alone.
 *
 *     word    text that many records have in common, once: recipes, libraries, formats,
 * variants input   a record each file    every file that was published and not pruned, once;
 * `since` is when the last record of it went, NULL while it has one made    which input made
 * which file, as its n-th output about   words about the whole
 *
 * A file is looked up by a hash of its path: names are random, so an index of whole paths would
 * be large and touched all over. A file without a row in `made` is superseded: whoever removes
 * such rows asks sp_journal_orphan() for each of the files. */
#ifndef SP_BULK_JOURNAL_DB_H
#define SP_BULK_JOURNAL_DB_H
#include "base/memfd.h"
#include "bulk/journal.h"
#include <sqlite3.h>
G_BEGIN_DECLS

#define SP_JOURNAL_FILE "journal.sqlite"
#define SP_JOURNAL_APPLICATION 0x73506a6f /* "sPjo" */
#define SP_JOURNAL_VERSION 1              /* a new schema: one more */

/* Statements that are prepared once, when they are first used; their text is in
 * journal-sql.c. */
typedef enum {
    SP_SQL_BEGIN,
    SP_SQL_COMMIT,
    SP_SQL_FIND,
    SP_SQL_FIND_ID,
    SP_SQL_OUTPUTS,
    SP_SQL_WORD,
    SP_SQL_ADD_WORD,
    SP_SQL_ADD_INPUT,
    SP_SQL_SET_INPUT,
    SP_SQL_TOUCH,
    SP_SQL_DROP_INPUT,
    SP_SQL_MADE_OF,
    SP_SQL_DROP_MADE,
    SP_SQL_ADD_MADE,
    SP_SQL_FIND_FILE,
    SP_SQL_ADD_FILE,
    SP_SQL_SET_FILE,
    SP_SQL_ORPHAN,
    SP_SQL_PRUNED,
    SP_SQL_SUPERSEDED,
    SP_SQL_IDS,
    SP_SQL_TOTAL_INPUTS,
    SP_SQL_TOTAL_FILES,
    SP_SQL_TOTAL_SUPERSEDED,
    SP_SQL_ROWS_OK,
    SP_SQL_ROWS_OTHER,
    SP_SQL_ROW_FILES,
    SP_SQL_GET,
    SP_SQL_SET,
    SP_SQL_COUNT,
} SpSql;

extern const char sp_journal_schema[];
extern const char *const sp_journal_sql[SP_SQL_COUNT];

struct SpJournal {
    GMutex mutex; /* over all that follows */
    char *path;   /* owned; of the file */
    SpJournalMode mode;
    sqlite3 *db;                            /* owned */
    sqlite3_stmt *statements[SP_SQL_COUNT]; /* owned; NULL: not used yet */
    GHashTable *words;                      /* owned; text to id, of the table */
    GByteArray *seen;                       /* owned; a bit a record, by id */
    GError *broken; /* owned; writing failed: what was not committed is lost */
    SpFd lock;      /* owned; SP_JOURNAL_READ: nobody may write meanwhile */
};

/* ---- errors and statements (journal-sql.c) --------------------------------------------------
 */

/* Set error by what SQLite says, and errno, which was 0 before; db may be NULL. Returns FALSE.
 */
gboolean sp_journal_throw(const char *path, sqlite3 *db, int rc, GError **error);

/* The statement, ready for new values. NULL with error. It is used by one function at a time
 * and reset by sp_journal_run() or at its end. */
sqlite3_stmt *sp_journal_prepare(SpJournal *journal, SpSql which, GError **error);
/* *ret_row tells whether there is a row. At the end of rows it is reset. */
gboolean sp_journal_step(SpJournal *journal, sqlite3_stmt *statement, gboolean *ret_row,
                         GError **error);
/* Run what returns no row and writes. When it fails all that is not committed is lost, and
 * whatever is written later fails with the same error: nobody takes half for the whole. */
gboolean sp_journal_run(SpJournal *journal, sqlite3_stmt *statement, GError **error);
/* The same of SQL text, several statements. */
gboolean sp_journal_exec(SpJournal *journal, const char *sql, GError **error);
/* Give up what is not committed, because of *error, which has been set. Returns FALSE. */
gboolean sp_journal_break(SpJournal *journal, GError **error);
/* A transaction is on afterwards, or it may not be written. */
gboolean sp_journal_begin(SpJournal *journal, GError **error);

/* ---- values (journal-sql.c) -----------------------------------------------------------------
 */

/* text NULL: NULL. Borrowed until the statement was run. */
void sp_bind_text(sqlite3_stmt *statement, int index, const char *text);
void sp_bind_bytes(sqlite3_stmt *statement, int index, const char *bytes);
/* 32 bytes of 64 hexadecimal digits; anything else is NULL. */
void sp_bind_hash(sqlite3_stmt *statement, int index, const char *hex);
/* 0 is NULL. */
void sp_bind_id(sqlite3_stmt *statement, int index, gint64 id);

/* Copies, with NUL behind. bytes: "" of NULL; text and hash: NULL of NULL. */
char *sp_column_bytes(sqlite3_stmt *statement, int index);
char *sp_column_text(sqlite3_stmt *statement, int index);
char *sp_column_hash(sqlite3_stmt *statement, int index);

/* What `file.key` is of a path: FNV-1a of 64 bits. */
gint64 sp_journal_key(const char *path);
/* Milliseconds since 1970. */
gint64 sp_journal_now(void);

/* ---- shared verbs ---------------------------------------------------------------------------
 */

/* The file is superseded now, if no record has it (journal-put.c). */
gboolean sp_journal_orphan(SpJournal *journal, gint64 file, GError **error);

/* How to open the journal in folder without changing anything (journal-open.c): a URI for
 * SQLite, owned by the caller, good for as long as *ret_lock is open. NULL with error. */
char *sp_journal_reading_uri(const char *folder, SpFd *ret_lock, GError **error);
/* Whether `schema` ("main") is a journal of this version; *ret_empty: it holds nothing at all.
 * FALSE with error for anything else (journal-open.c). */
gboolean sp_journal_identify(sqlite3 *db, const char *schema, const char *path,
                             gboolean *ret_empty, GError **error);

G_END_DECLS
#endif
