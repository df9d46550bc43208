/* SPDX-License-Identifier: MIT */
/* test-journal-merge.c -- journals of several machines become one. */
#include "journal-fixture.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A second journal beside the test's own. */
typedef struct {
    Scratch here, there;
} Pair;

static void
set_up_pair(Pair *pair, gconstpointer data)
{
    set_up(&pair->here, data);
    set_up(&pair->there, data);
}

static void
tear_down_pair(Pair *pair, gconstpointer data)
{
    tear_down(&pair->here, data);
    tear_down(&pair->there, data);
}

static void
close_there(Pair *pair)
{
    if (pair->there.journal != NULL)
        commit(pair->there.journal);
    g_clear_pointer(&pair->there.journal, sp_journal_free);
}

static void
merge(Pair *pair)
{
    g_autoptr(GError) error = NULL;
    close_there(pair);
    gboolean good = sp_journal_merge(pair->here.journal, pair->there.state, &error);
    g_assert_no_error(error);
    g_assert_true(good);
}

/* Records are of different milliseconds. */
static void
put_later(SpJournal *journal, Photo photo)
{
    g_usleep(2000);
    put(journal, photo);
}

static void
test_apart(Pair *pair, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) record = {0};
    gboolean found = FALSE;
    SpJournal *here = pair->here.journal, *there = pair->there.journal;
    put(here, (Photo){"a", "1 2", .recipe = "one", .size = 1000});
    put(there, (Photo){"z", "", SP_ERROR_CORRUPT, .recipe = "two"});
    put(there, (Photo){"b", "2 3", .recipe = "two", .removed = 1, .size = 500});
    put(there, (Photo){"c", "4"});
    put(there, (Photo){"c", "5"});
    g_assert_true(sp_journal_set(there, "source", "/there", &error));
    g_assert_true(sp_journal_set(there, "output", "/there", &error));
    g_assert_true(sp_journal_set(here, "output", "/here", &error));
    for (guint i = 0; i < 2; i++) { /* once more changes nothing */
        merge(pair);
        expect_outputs(here, "a", "1 2");
        expect_outputs(here, "b", "2 3");
        expect_outputs(here, "c", "5");
        expect_superseded(here, "4");
        SpJournalTotals totals = totals_of(here), want = {.inputs = 4,
                                                          .outcomes = {3, 1, 0},
                                                          .bytes_in = 1500,
                                                          .bytes_out = 400,
                                                          .outputs = 4,
                                                          .superseded = 1};
        want.codes[SP_ERROR_CORRUPT] = 1, want.removed[0] = 1;
        g_assert_cmpmem(&totals, sizeof totals, &want, sizeof want);
    }
    g_assert_true(sp_journal_find(here, "b", &record, &found, &error));
    g_assert_cmpstr(record.recipe, ==, "two");
    g_assert_cmpstr(record.libraries, ==, "libjpeg 1");
    g_assert_cmpstr(record.format, ==, "jpeg");
    g_autofree char *source = sp_journal_get(here, "source");
    g_autofree char *output = sp_journal_get(here, "output");
    g_assert_cmpstr(source, ==, "/there");
    g_assert_cmpstr(output, ==, "/here");
    put(here, (Photo){"b", "3", .recipe = "two"}); /* and it can be gone on with */
    expect_superseded(here, "4");
    commit(here);
    reopen(&pair->here, SP_JOURNAL_READ);
    expect_outputs(pair->here.journal, "b", "3");
}

/* Of one path: who is later, and what came of it. */
static void
test_both(Pair *pair, gconstpointer data)
{
    (void)data;
    SpJournal *here = pair->here.journal, *there = pair->there.journal;
    put_later(there, (Photo){"late here", "1 2"});
    put_later(here, (Photo){"late here", "2 3"});
    put_later(here, (Photo){"late there", "4 5"});
    put_later(there, (Photo){"late there", "5 6"});
    put_later(here, (Photo){"refused there", "7"});
    put_later(there, (Photo){"refused there", "", SP_ERROR_CORRUPT});
    put_later(there, (Photo){"refused here", "8"});
    put_later(here, (Photo){"refused here", "", SP_ERROR_CORRUPT});
    put_later(here, (Photo){"failed there", "A"});
    put_later(there, (Photo){"failed there", "B"});
    put_later(there, (Photo){"failed there", "", SP_ERROR_IO});
    put_later(there, (Photo){"failed here", "C A"});
    put_later(here, (Photo){"failed here", "", SP_ERROR_IO});
    for (guint i = 0; i < 2; i++) {
        merge(pair);
        expect_outputs(here, "late here", "2 3");
        expect_outputs(here, "late there", "5 6");
        expect_outputs(here, "refused there", "");
        expect_outputs(here, "refused here", "");
        expect_outputs(here, "failed there", "A B");
        expect_outputs(here, "failed here", "C A");
        expect_superseded(here, "1 4 7 8");
        g_assert_cmpuint(totals_of(here).outcomes[SP_OUTCOME_FAILED], ==, 2);
    }
}

/* What is superseded in one is published by the other. */
static void
test_revived(Pair *pair, gconstpointer data)
{
    (void)data;
    SpJournal *here = pair->here.journal, *there = pair->there.journal;
    put(here, (Photo){"a", "1 2"});
    put(here, (Photo){"a", "2"});
    put(there, (Photo){"b", "1 2"});
    put(there, (Photo){"c", "3"});
    put(there, (Photo){"c", "4"});
    put(here, (Photo){"d", "3"});
    expect_superseded(here, "1");
    expect_superseded(there, "3");
    merge(pair);
    expect_superseded(here, "");
    g_assert_cmpuint(totals_of(here).outputs, ==, 4);
}

/* ---- the other one -------------------------------------------------------------------------
 */

static void
write_and_die(Pair *pair)
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        reopen(&pair->there, SP_JOURNAL_SYNCED);
        put(pair->there.journal, (Photo){"a", "1 2"});
        commit(pair->there.journal);
        put(pair->there.journal, (Photo){"b", "3"});
        kill(getpid(), SIGKILL);
    }
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
}

static void
test_killed(Pair *pair, gconstpointer data)
{
    (void)data;
    close_there(pair);
    write_and_die(pair);
    g_autofree char *log = g_build_filename(pair->there.state, "journal.sqlite-wal", NULL);
    struct stat before, after;
    g_assert_cmpint(stat(log, &before), ==, 0);
    merge(pair);
    expect_outputs(pair->here.journal, "a", "1 2");
    expect_outputs(pair->here.journal, "b", "none");
    g_assert_cmpint(stat(log, &after), ==, 0);
    g_assert_cmpint(after.st_size, ==, before.st_size);
    g_assert_cmpint(after.st_mtim.tv_nsec, ==, before.st_mtim.tv_nsec);
    g_autofree char *own = g_build_filename(pair->here.state, "journal.sqlite-wal", NULL);
    g_clear_pointer(&pair->here.journal, sp_journal_free);
    g_assert_cmpint(stat(own, &after), !=, 0); /* ours is dealt with as ever */
}

/* Nothing is taken, and it can be gone on. */
static void
expect_error(Pair *pair, SpErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(sp_journal_merge(pair->here.journal, pair->there.state, &error));
    g_assert_error(error, SP_ERROR, (int)code);
    if (strstr(error->message, words) == NULL ||
        strstr(error->message, pair->there.state) == NULL)
        g_error("'%s' does not speak of '%s'", error->message, words);
    expect_outputs(pair->here.journal, "x", "1");
    put(pair->here.journal, (Photo){"x", "1"});
    commit(pair->here.journal);
    g_assert_cmpuint(totals_of(pair->here.journal).inputs, ==, 1);
}

static void
run_sql(const Pair *pair, const char *sql)
{
    g_autofree char *path = g_build_filename(pair->there.state, "journal.sqlite", NULL);
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static void
begin_here_anew(Pair *pair)
{
    g_autofree char *path = g_build_filename(pair->here.state, "journal.sqlite", NULL);
    g_clear_pointer(&pair->here.journal, sp_journal_free);
    g_assert_cmpint(g_unlink(path), ==, 0);
    reopen(&pair->here, SP_JOURNAL_UNSYNCED);
    put(pair->here.journal, (Photo){"x", "1"});
    commit(pair->here.journal);
}

/* TRUE when a journal with this page overwritten was refused, and it alone was blamed. */
static gboolean
blames_there(Pair *pair)
{
    g_autoptr(GError) error = NULL;
    if (sp_journal_merge(pair->here.journal, pair->there.state, &error)) {
        begin_here_anew(pair); /* a page of an index that nobody needed */
        return FALSE;
    }
    g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, pair->there.state));
    g_assert_null(strstr(error->message, pair->here.state));
    expect_outputs(pair->here.journal, "x", "1");
    put(pair->here.journal, (Photo){"x", "1"}); /* it can be gone on with */
    commit(pair->here.journal);
    g_assert_cmpuint(totals_of(pair->here.journal).inputs, ==, 1);
    return TRUE;
}

static void
test_damaged(Pair *pair, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename(pair->there.state, "journal.sqlite", NULL);
    g_autofree char *good = NULL;
    gsize n = 0;
    guint n_told = 0;
    for (guint i = 0; i < 300; i++) {
        g_autofree char *name = g_strdup_printf("folder/photo-%03u.jpg", i);
        put(pair->there.journal, (Photo){name, name});
    }
    close_there(pair);
    begin_here_anew(pair);
    g_assert_true(g_file_get_contents(path, &good, &n, NULL));
    for (gsize at = 0; at < n; at += 4096) {
        g_autofree char *bad = g_memdup2(good, n);
        memset(bad + at, 0xa5, 4096);
        g_assert_true(g_file_set_contents(path, bad, (gssize)n, NULL));
        n_told += blames_there(pair) ? 1 : 0;
    }
    g_test_message("%u of %zu pages were needed", n_told, n / 4096);
    g_assert_cmpuint(n_told, >, 10);
}

static void
test_refused(Pair *pair, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    put(pair->here.journal, (Photo){"x", "1"});
    put(pair->there.journal, (Photo){"y", "1"});
    g_assert_false(sp_journal_merge(pair->here.journal, pair->here.state, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
    close_there(pair);
    run_sql(pair, "CREATE VIEW trick AS SELECT 1");
    expect_error(pair, SP_ERROR_CORRUPT, "its tables are not what they must be");
    run_sql(pair, "DROP VIEW trick; PRAGMA user_version = 2");
    expect_error(pair, SP_ERROR_UNSUPPORTED, "of a newer storyphoto");
    run_sql(pair, "PRAGMA application_id = 1");
    expect_error(pair, SP_ERROR_CORRUPT, "is no journal of storyphoto");
    g_autofree char *path = g_build_filename(pair->there.state, "journal.sqlite", NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
    expect_error(pair, SP_ERROR_CANNOT_READ, "No such file");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *name;
        void (*test)(Pair *, gconstpointer);
    } tests[] = {
        {"/journal-merge/apart", test_apart},     {"/journal-merge/both", test_both},
        {"/journal-merge/revived", test_revived}, {"/journal-merge/killed", test_killed},
        {"/journal-merge/damaged", test_damaged}, {"/journal-merge/refused", test_refused},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Pair, NULL, set_up_pair, tests[i].test, tear_down_pair);
    return g_test_run();
}
