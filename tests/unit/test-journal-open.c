/* SPDX-License-Identifier: MIT */
/* test-journal-open.c -- a journal that is new, foreign, damaged, in use, full, or was left by
 * a kill; and reading it without a trace. */
#include "journal-fixture.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
file_of(const Scratch *scratch)
{
    return g_build_filename(scratch->state, "journal.sqlite", NULL);
}

static void
close_journal(Scratch *scratch)
{
    g_clear_pointer(&scratch->journal, sp_journal_free);
}

/* Every open fails so, with words of the message. */
static void
expect_error(Scratch *scratch, SpJournalMode mode, SpErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    close_journal(scratch);
    scratch->journal = sp_journal_open(scratch->state, mode, &error);
    g_assert_null(scratch->journal);
    g_assert_error(error, SP_ERROR, (int)code);
    g_autofree char *path = file_of(scratch);
    if (strstr(error->message, words) == NULL || strstr(error->message, path) == NULL)
        g_error("'%s' does not speak of '%s'", error->message, words);
}

static void
run_sql(const Scratch *scratch, const char *sql)
{
    g_autofree char *path = file_of(scratch);
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

/* ---- what is there -------------------------------------------------------------------------
 */

static guint
mode_of(const Scratch *scratch, const char *name)
{
    g_autofree char *path = g_build_filename(scratch->state, name, NULL);
    struct stat info;
    return stat(path, &info) == 0 ? info.st_mode & 0777 : 0;
}

static void
test_modes(Scratch *scratch, gconstpointer data)
{
    (void)data;
    close_journal(scratch);
    g_autofree char *path = file_of(scratch);
    g_assert_cmpint(g_unlink(path), ==, 0);
    mode_t before = umask(0);
    reopen(scratch, SP_JOURNAL_SYNCED);
    put(scratch->journal, (Photo){"a", "1"});
    commit(scratch->journal);
    umask(before);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite"), ==, 0600);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite-wal"), ==, 0600);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite-shm"), ==, 0); /* no mapped file */
    close_journal(scratch);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite-wal"), ==, 0);
    g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    reopen(scratch, SP_JOURNAL_SYNCED);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite"), ==, 0600);
}

static void
test_missing(Scratch *scratch, gconstpointer data)
{
    (void)data;
    close_journal(scratch);
    g_autofree char *path = file_of(scratch);
    g_assert_cmpint(g_unlink(path), ==, 0);
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CANNOT_READ, "No such file");
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite"), ==, 0);
    g_assert_true(g_file_set_contents(path, "", 0, NULL)); /* killed in its first moment */
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CANNOT_READ, "is empty");
    reopen(scratch, SP_JOURNAL_SYNCED);
    close_journal(scratch);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(scratch->state), ==, 0);
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CANNOT_WRITE, "No such file");
    g_assert_cmpint(g_mkdir(scratch->state, 0700), ==, 0);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CORRUPT, "no regular file");
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CORRUPT, "no regular file");
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0); /* nobody waits for its other end */
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CORRUPT, "no regular file");
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CORRUPT, "no regular file");
}

static void
test_foreign(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autofree char *path = file_of(scratch), *before = NULL, *after = NULL;
    gsize n_before = 0, n_after = 0;
    close_journal(scratch);
    g_assert_true(g_file_set_contents(path, "my diary, day one: nothing happened", -1, NULL));
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CORRUPT, "move it away");
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CORRUPT, "move it away");
    g_assert_cmpint(g_unlink(path), ==, 0);
    run_sql(scratch, "CREATE TABLE diary(day, text); INSERT INTO diary VALUES(1, 'nothing')");
    g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CORRUPT, "is no journal of storyphoto");
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_CORRUPT, "is no journal of storyphoto");
    g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
    g_assert_cmpmem(before, n_before, after, n_after);
}

static void
test_version(Scratch *scratch, gconstpointer data)
{
    (void)data;
    close_journal(scratch);
    run_sql(scratch, "PRAGMA user_version = 99");
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_UNSUPPORTED, "of a newer storyphoto");
    expect_error(scratch, SP_JOURNAL_READ, SP_ERROR_UNSUPPORTED, "of a newer storyphoto");
    run_sql(scratch, "PRAGMA user_version = 0");
    expect_error(scratch, SP_JOURNAL_SYNCED, SP_ERROR_CORRUPT, "is damaged");
}

/* Whatever part of it is overwritten: an answer, and never advice that does not fit. */
static void
test_damaged(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autofree char *path = file_of(scratch), *good = NULL;
    gsize n = 0;
    guint n_told = 0;
    for (guint i = 0; i < 300; i++) {
        g_autofree char *name = g_strdup_printf("folder/photo-%03u.jpg", i);
        put(scratch->journal, (Photo){name, name});
    }
    commit(scratch->journal);
    close_journal(scratch);
    g_assert_true(g_file_get_contents(path, &good, &n, NULL));
    for (gsize at = 0; at < n; at += 4096) {
        g_autoptr(GError) error = NULL;
        g_autofree char *bad = g_memdup2(good, n);
        memset(bad + at, 0xa5, 4096);
        g_assert_true(g_file_set_contents(path, bad, (gssize)n, NULL));
        SpJournalTotals totals;
        g_autoptr(SpJournal) journal = sp_journal_open(scratch->state, SP_JOURNAL_READ, &error);
        if (journal != NULL && sp_journal_totals(journal, &totals, &error))
            continue; /* a page that sums do not look at */
        g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
        n_told++;
    }
    g_assert_cmpuint(n_told, >=, 5);
}

/* ---- another process -----------------------------------------------------------------------
 */

/* Run func in a child; its exit code. */
static int
in_child(Scratch *scratch, int (*func)(Scratch *))
{
    int status = 0;
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0)
        _exit(func(scratch));
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
open_both(Scratch *scratch)
{
    g_autoptr(GError) write = NULL, read = NULL;
    SpJournal *one = sp_journal_open(scratch->state, SP_JOURNAL_SYNCED, &write);
    SpJournal *other = sp_journal_open(scratch->state, SP_JOURNAL_READ, &read);
    return (one == NULL && g_error_matches(write, SP_ERROR, SP_ERROR_BUSY) ? 1 : 0) +
           (other == NULL && g_error_matches(read, SP_ERROR, SP_ERROR_BUSY) ? 2 : 0) +
           (other != NULL ? 4 : 0);
}

static void
test_in_use(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(in_child(scratch, open_both), ==, 3);
    put(scratch->journal, (Photo){"a", "1"});
    commit(scratch->journal);
    g_assert_cmpint(in_child(scratch, open_both), ==, 3);
    reopen(scratch, SP_JOURNAL_READ);
    g_assert_cmpint(in_child(scratch, open_both), ==, 5); /* two may read */
}

/* ---- left by a kill ------------------------------------------------------------------------
 */

static int
write_and_die(Scratch *scratch)
{
    reopen(scratch, SP_JOURNAL_SYNCED);
    put(scratch->journal, (Photo){"a", "1 2"});
    commit(scratch->journal);
    put(scratch->journal, (Photo){"b", "3"});
    kill(getpid(), SIGKILL);
    return 1;
}

/* "journal.sqlite 4096 HASH TIME|...", of all that is in the folder. */
static char *
look(const char *folder)
{
    GString *text = g_string_new(NULL);
    const char *names[] = {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm",
                           "journal.sqlite-journal"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL), *bytes = NULL;
        struct stat info;
        gsize n = 0;
        if (stat(path, &info) < 0)
            continue;
        g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
        g_autofree char *hash =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guint8 *)bytes, n);
        g_string_append_printf(text, "%s %zu %s %ld.%ld|", names[i], n, hash,
                               (long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    }
    struct stat info;
    g_assert_cmpint(stat(folder, &info), ==, 0);
    g_string_append_printf(text, "%ld.%ld", (long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    return g_string_free(text, FALSE);
}

static void
test_killed(Scratch *scratch, gconstpointer data)
{
    (void)data;
    close_journal(scratch);
    g_assert_cmpint(in_child(scratch, write_and_die), ==, 128 + SIGKILL);
    g_assert_cmpuint(mode_of(scratch, "journal.sqlite-wal"), ==, 0600);
    g_autofree char *before = look(scratch->state);
    g_assert_cmpint(g_chmod(scratch->state, 0500), ==, 0);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        reopen(scratch, SP_JOURNAL_READ);
        expect_outputs(scratch->journal, "a", "1 2");
        expect_outputs(scratch->journal, "b", "none");
        g_assert_false(sp_journal_set(scratch->journal, "a", "b", &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_WRITE);
        close_journal(scratch);
        g_autofree char *after = look(scratch->state);
        g_assert_cmpstr(after, ==, before);
    }
    g_assert_cmpint(g_chmod(scratch->state, 0700), ==, 0);
    reopen(scratch, SP_JOURNAL_SYNCED);
    expect_outputs(scratch->journal, "a", "1 2");
    expect_outputs(scratch->journal, "b", "none");
    close_journal(scratch);
    g_autofree char *clean = look(scratch->state);
    g_assert_null(strstr(clean, "-wal"));
    reopen(scratch, SP_JOURNAL_READ); /* without a log there: none is made */
    expect_outputs(scratch->journal, "a", "1 2");
    close_journal(scratch);
    g_autofree char *after = look(scratch->state);
    g_assert_cmpstr(after, ==, clean);
}

/* A log whose pages all stand in the journal already stays, too: SQLite would delete it. */
static int
checkpoint_and_die(Scratch *scratch)
{
    g_autofree char *path = file_of(scratch);
    sqlite3 *db = NULL;
    const char sql[] = "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO about VALUES('x', 'y');"
                       "PRAGMA wal_checkpoint(FULL)";
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return 1;
    kill(getpid(), SIGKILL);
    return 1;
}

static void
test_checkpointed(Scratch *scratch, gconstpointer data)
{
    (void)data;
    put(scratch->journal, (Photo){"a", "1 2"});
    commit(scratch->journal);
    close_journal(scratch);
    g_assert_cmpint(in_child(scratch, checkpoint_and_die), ==, 128 + SIGKILL);
    g_autofree char *before = look(scratch->state);
    g_assert_nonnull(strstr(before, "-wal"));
    reopen(scratch, SP_JOURNAL_READ);
    expect_outputs(scratch->journal, "a", "1 2");
    g_autofree char *word = sp_journal_get(scratch->journal, "x");
    g_assert_cmpstr(word, ==, "y");
    close_journal(scratch);
    g_autofree char *after = look(scratch->state);
    g_assert_cmpstr(after, ==, before);
}

/* A child writes group after group and tells of each that is committed; it is killed at some
 * moment, and the next one goes on. In every third round that may be while it opens the
 * journal, else it is later: what it tells first is that it has. A slow host has its share. */
enum { GROUP = 5 };

static void
write_until_killed(Scratch *scratch, int to, guint from)
{
    reopen(scratch, SP_JOURNAL_SYNCED);
    if (write(to, &from, sizeof from) != sizeof from)
        _exit(1);
    for (guint i = from;; i++) {
        for (guint k = 0; k < GROUP; k++) {
            g_autofree char *path = g_strdup_printf("%u", i * GROUP + k);
            g_autofree char *outputs = g_strdup_printf("a%s b%s same", path, path);
            put(scratch->journal, (Photo){path, outputs});
        }
        put(scratch->journal, (Photo){"again", i % 2 == 0 ? "x" : "y"});
        commit(scratch->journal);
        guint done = i + 1;
        if (write(to, &done, sizeof done) != sizeof done)
            _exit(1);
    }
}

static void
check_whole(Scratch *scratch, guint n_groups)
{
    g_autofree char *path = file_of(scratch);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    for (guint i = 0; i < n_groups * GROUP; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        g_autofree char *outputs = g_strdup_printf("a%s b%s same", name, name);
        expect_outputs(scratch->journal, name, outputs);
    }
    SpJournalTotals totals = totals_of(scratch->journal);
    g_assert_cmpuint((totals.inputs + GROUP - 1) % GROUP, ==, totals.inputs == 0 ? 4 : 0);
    g_assert_cmpuint(totals.inputs, >=, (guint64)n_groups * GROUP);
    close_journal(scratch);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL), ==,
                    SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    g_assert_cmpstr((const char *)sqlite3_column_text(statement, 0), ==, "ok");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void
test_kills(Scratch *scratch, gconstpointer data)
{
    (void)data;
    guint n = 0, n_in_flight = 0;
    for (guint round = 0; round < 60; round++) {
        int ends[2];
        guint before = n, done = 0;
        close_journal(scratch);
        g_assert_cmpint(pipe(ends), ==, 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(scratch, ends[1], n);
        close(ends[1]);
        for (guint told = 0; told < round % 3; told++)
            g_assert_cmpint(read(ends[0], &done, sizeof done), ==, sizeof done);
        n = MAX(n, done);
        g_usleep((gulong)g_test_rand_int_range(0, 20000));
        g_assert_cmpint(kill(child, SIGKILL), ==, 0);
        while (read(ends[0], &done, sizeof done) == sizeof done)
            n = done;
        close(ends[0]);
        waitpid(child, NULL, 0);
        n_in_flight += n > before ? 1 : 0;
        reopen(scratch, round % 2 == 0 ? SP_JOURNAL_READ : SP_JOURNAL_SYNCED);
        check_whole(scratch, n);
    }
    g_test_message("%u groups in 60 rounds, %u of them with some", n, n_in_flight);
    g_assert_cmpuint(n_in_flight, >=, 20);
}

/* ---- no space ------------------------------------------------------------------------------
 */

/* A limit of the file's size is the disk that is full. */
static int
fill(Scratch *scratch)
{
    g_autoptr(GError) error = NULL, again = NULL;
    signal(SIGXFSZ, SIG_IGN);
    reopen(scratch, SP_JOURNAL_SYNCED);
    struct rlimit limit = {100000, 100000};
    if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
        return 2;
    for (guint i = 0; i < 1000 && error == NULL; i++) {
        g_autofree char *path = g_strdup_printf("%u", i);
        Photo photo = {path, path};
        if (try_put(scratch->journal, &photo, &error))
            (void)!sp_journal_commit(scratch->journal, &error);
    }
    g_autofree char *file = file_of(scratch);
    if (!g_error_matches(error, SP_ERROR, SP_ERROR_NO_SPACE) ||
        strstr(error->message, file) == NULL)
        return 3;
    /* And nothing that comes later is taken for good. */
    Photo photo = {"late", "late"};
    if (try_put(scratch->journal, &photo, NULL) || sp_journal_commit(scratch->journal, &again))
        return 4;
    if (!g_error_matches(again, SP_ERROR, SP_ERROR_NO_SPACE))
        return 5;
    close_journal(scratch);
    return 0;
}

static void
test_full(Scratch *scratch, gconstpointer data)
{
    (void)data;
    put(scratch->journal, (Photo){"before", "1"});
    commit(scratch->journal);
    close_journal(scratch);
    g_assert_cmpint(in_child(scratch, fill), ==, 0);
    reopen(scratch, SP_JOURNAL_SYNCED);
    expect_outputs(scratch->journal, "before", "1");
    expect_outputs(scratch->journal, "0", "0");
    expect_outputs(scratch->journal, "late", "none");
    guint64 n = totals_of(scratch->journal).inputs;
    g_assert_cmpuint(n, >, 2);
    g_assert_cmpuint(n, <, 1000);
    put(scratch->journal, (Photo){"late", "late"});
    check_whole(scratch, 0);
}

/* There is not even space for an empty one. */
static int
fill_new(Scratch *scratch)
{
    g_autoptr(GError) error = NULL;
    struct rlimit limit = {1000, 1000};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
        return 2;
    SpJournal *journal = sp_journal_open(scratch->state, SP_JOURNAL_SYNCED, &error);
    return journal == NULL && g_error_matches(error, SP_ERROR, SP_ERROR_NO_SPACE) ? 0 : 3;
}

static void
test_full_new(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autofree char *path = file_of(scratch);
    close_journal(scratch);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(in_child(scratch, fill_new), ==, 0);
    reopen(scratch, SP_JOURNAL_SYNCED); /* goes on when there is */
    put(scratch->journal, (Photo){"a", "1"});
    commit(scratch->journal);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *name;
        void (*test)(Scratch *, gconstpointer);
    } tests[] = {
        {"/journal-open/modes", test_modes},
        {"/journal-open/missing", test_missing},
        {"/journal-open/foreign", test_foreign},
        {"/journal-open/version", test_version},
        {"/journal-open/damaged", test_damaged},
        {"/journal-open/in-use", test_in_use},
        {"/journal-open/killed", test_killed},
        {"/journal-open/checkpointed", test_checkpointed},
        {"/journal-open/kills", test_kills},
        {"/journal-open/full", test_full},
        {"/journal-open/full-new", test_full_new},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Scratch, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
