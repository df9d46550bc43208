/* SPDX-License-Identifier: MIT */
/* test-journal.c -- records, and which published files are superseded when. */
#include "journal-fixture.h"
#include <unistd.h>

/* ---- one record ----------------------------------------------------------------------------
 */

static void
expect_record(SpJournal *journal)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) record = {0};
    gboolean found = FALSE;
    g_assert_true(sp_journal_find(journal, "a/\xff.jpg", &record, &found, &error));
    g_assert_true(found);
    g_assert_cmpuint(record.mark.size, ==, G_MAXUINT64);
    g_assert_cmpint(record.mark.mtime_ns, ==, 2);
    g_assert_cmpint(record.mark.ctime_ns, ==, -3);
    g_assert_cmpuint(record.mark.inode, ==, G_MAXUINT64);
    g_assert_cmpstr(record.checksum, ==, hash_of('f'));
    g_assert_cmpint(record.outcome, ==, SP_OUTCOME_OK);
    g_assert_cmpstr(record.recipe, ==, "recipe");
    g_assert_cmpstr(record.libraries, ==, "libjpeg 1");
    g_assert_cmpstr(record.format, ==, "jpeg");
    expect_outputs(journal, "a/\xff.jpg", "d/1.webp d/2.webp");
}

static void
test_record(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) none = {.id = -1};
    gboolean found = TRUE;
    g_assert_true(sp_journal_find(scratch->journal, "a", &none, &found, &error));
    g_assert_false(found);
    g_assert_cmpint(none.id, ==, -1);
    put(scratch->journal, (Photo){"a/\xff.jpg", "d/1.webp d/2.webp", .size = G_MAXUINT64,
                                  .checksum = hash_of('f')});
    expect_record(scratch->journal);
    commit(scratch->journal);
    commit(scratch->journal); /* nothing to do */
    reopen(scratch, SP_JOURNAL_SYNCED);
    expect_record(scratch->journal);
    reopen(scratch, SP_JOURNAL_READ);
    expect_record(scratch->journal);
}

static gboolean
check_output(const SpJournalOutput *output, gpointer data)
{
    guint *n = data;
    g_assert_cmpstr(output->path, ==, *n == 0 ? "d/1" : "2");
    g_assert_cmpstr(output->variant, ==, *n == 0 ? "small" : "large");
    g_assert_cmpstr(output->format, ==, "webp");
    g_assert_cmpstr(output->sha256, ==, hash_of(*n == 0 ? 'a' : 'b'));
    g_assert_cmpuint(output->bytes, ==, 100);
    g_assert_cmpuint(output->width, ==, 640);
    g_assert_cmpuint(output->height, ==, 480);
    return ++*n < 2;
}

static void
test_outputs(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) record = {0};
    gboolean found = FALSE;
    guint n = 0;
    put(scratch->journal, (Photo){"a", "d/1 2 3"});
    g_assert_true(sp_journal_find(scratch->journal, "a", &record, &found, &error));
    g_assert_true(sp_journal_outputs(scratch->journal, record.id, check_output, &n, &error));
    g_assert_cmpuint(n, ==, 2); /* the third was not wanted */
    expect_outputs(scratch->journal, "a", "d/1 2 3");
}

static void
test_folder(Scratch *scratch, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *folder, *path, *want;
    } cases[] = {
        {"/out", "/out/a", "a"}, {"/out/", "/out/a", "a"},    {"/out", "/out//d/a", "d/a"},
        {"/", "/d/a", "d/a"},    {"out", "out/\xff", "\xff"}, {"/out", "/outer/a", NULL},
        {"/out", "/out/", NULL}, {"/out", "/a", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) outputs = g_ptr_array_new();
        SpOutput output = {.path = (char *)cases[i].path, .format = "webp"};
        g_ptr_array_add(outputs, &output);
        SpReceipt receipt = {.outputs = outputs};
        SpJournalEntry entry = {
            .path = "x", .recipe = "", .receipt = &receipt, .output_folder = cases[i].folder};
        reopen(scratch, SP_JOURNAL_UNSYNCED);
        gboolean good = sp_journal_put(scratch->journal, &entry, &error);
        if (cases[i].want == NULL) {
            g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
            continue;
        }
        g_assert_no_error(error);
        g_assert_true(good);
        expect_outputs(scratch->journal, "x", cases[i].want);
    }
}

static void
test_touch(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) before = {0}, after = {0}, last = {0};
    gboolean found = FALSE;
    put(scratch->journal, (Photo){"a", "1", .size = 5, .checksum = hash_of('1')});
    g_assert_true(sp_journal_find(scratch->journal, "a", &before, &found, &error));
    SpFileMark mark = {6, 7, 8, 9};
    g_assert_true(sp_journal_touch(scratch->journal, before.id, &mark, NULL, &error));
    g_assert_true(sp_journal_find(scratch->journal, "a", &after, &found, &error));
    g_assert_cmpmem(&after.mark, sizeof mark, &mark, sizeof mark);
    g_assert_cmpstr(after.checksum, ==, hash_of('1'));
    g_assert_true(sp_journal_touch(scratch->journal, before.id, &mark, hash_of('2'), &error));
    g_assert_true(sp_journal_find(scratch->journal, "a", &last, &found, &error));
    g_assert_cmpstr(last.checksum, ==, hash_of('2'));
    g_assert_cmpint(last.id, ==, before.id);
    expect_outputs(scratch->journal, "a", "1");
}

/* ---- superseded ----------------------------------------------------------------------------
 */

static void
test_supersede(Scratch *scratch, gconstpointer data)
{
    (void)data;
    SpJournal *journal = scratch->journal;
    put(journal, (Photo){"a", "1 2"});
    put(journal, (Photo){"b", "2 3"}); /* 2 is the same picture */
    expect_superseded(journal, "");
    put(journal, (Photo){"a", "2 4"});
    expect_superseded(journal, "1");
    put(journal, (Photo){"b", "1"}); /* 1 is published again */
    expect_superseded(journal, "3");
    expect_outputs(journal, "a", "2 4");
    put(journal, (Photo){"a", "4 4", .recipe = "other"}); /* one file as two outputs */
    expect_superseded(journal, "2 3");
    put(journal, (Photo){"a", "", SP_ERROR_CORRUPT});
    expect_superseded(journal, "2 3 4");
    expect_outputs(journal, "a", "");
    SpJournalTotals totals = totals_of(journal);
    g_assert_cmpuint(totals.outputs, ==, 1);
    g_assert_cmpuint(totals.superseded, ==, 3);
    g_assert_cmpuint(totals.bytes_out, ==, 100);
}

/* A new try that failed for no fault of the upload's takes nothing away. */
static void
test_failed(Scratch *scratch, gconstpointer data)
{
    (void)data;
    SpJournal *journal = scratch->journal;
    put(journal, (Photo){"a", "1 2"});
    put(journal, (Photo){"a", "", SP_ERROR_NO_SPACE, .recipe = "other"});
    expect_outputs(journal, "a", "1 2");
    put(journal, (Photo){"a", "", SP_ERROR_IO, .size = 9}); /* and it had changed */
    expect_outputs(journal, "a", "1 2");
    expect_superseded(journal, "");
    SpJournalTotals totals = totals_of(journal);
    g_assert_cmpuint(totals.outputs, ==, 2);
    g_assert_cmpuint(totals.outcomes[SP_OUTCOME_FAILED], ==, 1);
    g_assert_cmpuint(totals.codes[SP_ERROR_IO], ==, 1);
    put(journal, (Photo){"a", "2 3", .size = 9});
    expect_superseded(journal, "1");
    put(journal, (Photo){"a", "", SP_ERROR_BUSY});
    put(journal, (Photo){"a", "", SP_ERROR_TOO_LARGE});
    expect_superseded(journal, "1 2 3");
}

static gboolean
first_hash(const SpJournalOutput *output, gpointer data)
{
    g_assert_null(output->variant);
    g_assert_cmpuint(output->bytes, ==, 100);
    g_strlcpy(data, output->sha256, 65);
    return FALSE;
}

static void
test_pruned(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    SpJournal *journal = scratch->journal;
    char hash[65] = "";
    put(journal, (Photo){"a", "1 2 3"});
    put(journal, (Photo){"a", "2"});
    g_assert_true(sp_journal_superseded(journal, first_hash, hash, &error));
    g_assert_cmpstr(hash, ==, hash_of('a'));
    g_assert_true(sp_journal_pruned(journal, "1", &error));
    expect_superseded(journal, "3");
    g_assert_true(sp_journal_pruned(journal, "2", &error)); /* is published: stays */
    g_assert_true(sp_journal_pruned(journal, "nothing", &error));
    expect_outputs(journal, "a", "2");
    g_assert_cmpuint(totals_of(journal).outputs, ==, 1);
}

static void
see(SpJournal *journal, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) record = {0};
    gboolean found = FALSE;
    g_assert_true(sp_journal_find(journal, path, &record, &found, &error));
    g_assert_true(found);
    sp_journal_see(journal, record.id);
}

static guint64
forget(SpJournal *journal, gboolean dry)
{
    g_autoptr(GError) error = NULL;
    guint64 n = 0;
    g_assert_true(sp_journal_forget_unseen(journal, dry, NULL, NULL, &n, &error));
    g_assert_no_error(error);
    return n;
}

static void
test_forget(Scratch *scratch, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < 100; i++) {
        g_autofree char *path = g_strdup_printf("p%02u", i);
        g_autofree char *outputs = g_strdup_printf("o%02u shared", i);
        put(scratch->journal, (Photo){path, outputs});
    }
    g_assert_cmpuint(forget(scratch->journal, FALSE), ==, 0); /* what is put is there */
    commit(scratch->journal);
    reopen(scratch, SP_JOURNAL_UNSYNCED);
    for (guint i = 0; i < 100; i++) {
        g_autofree char *path = g_strdup_printf("p%02u", i);
        if (i != 7 && i != 99)
            see(scratch->journal, path);
    }
    g_assert_cmpuint(forget(scratch->journal, TRUE), ==, 2);
    expect_outputs(scratch->journal, "p07", "o07 shared");
    g_assert_cmpuint(forget(scratch->journal, FALSE), ==, 2);
    expect_outputs(scratch->journal, "p07", "none");
    expect_superseded(scratch->journal, "o07 o99");
    put(scratch->journal, (Photo){"new", "o07"});
    expect_superseded(scratch->journal, "o99");
    g_assert_cmpuint(forget(scratch->journal, FALSE), ==, 0);
    commit(scratch->journal);
    reopen(scratch, SP_JOURNAL_READ);
    g_assert_cmpuint(forget(scratch->journal, TRUE), ==, 99);
}

/* ---- all records ---------------------------------------------------------------------------
 */

static void
test_totals(Scratch *scratch, gconstpointer data)
{
    (void)data;
    SpJournal *journal = scratch->journal;
    SpJournalTotals none = totals_of(journal), want = {0};
    g_assert_cmpmem(&none, sizeof none, &want, sizeof want);
    put(journal, (Photo){"a", "1 2", .removed = SP_CATEGORY_LOCATION | SP_CATEGORY_TRAILING,
                         .size = 1000});
    put(journal, (Photo){"b", "2 3", .removed = SP_CATEGORY_LOCATION, .size = 2000});
    put(journal,
        (Photo){"c", "", SP_ERROR_CORRUPT, .removed = SP_CATEGORY_LOCATION, .size = 4000});
    put(journal, (Photo){"d", "", SP_ERROR_CORRUPT});
    put(journal, (Photo){"e", "", SP_ERROR_BUSY});
    SpJournalTotals totals = totals_of(journal);
    want = (SpJournalTotals){
        .inputs = 5, .outcomes = {2, 2, 1}, .bytes_in = 3000, .bytes_out = 300, .outputs = 3};
    want.codes[SP_ERROR_CORRUPT] = 2, want.codes[SP_ERROR_BUSY] = 1;
    want.removed[0] = 2, want.removed[15] = 1;
    g_assert_cmpmem(&totals, sizeof totals, &want, sizeof want);
}

static gboolean
append_row(const SpJournalRow *row, gpointer data)
{
    g_string_append_printf(data, "%s:%s:%" G_GUINT64_FORMAT ":%d ", row->path,
                           row->first_path != NULL ? row->first_path : "-", row->bytes_out,
                           row->code);
    g_assert_cmpstr(row->format, ==, "jpeg");
    g_assert_cmpstr(row->thumbhash, ==, row->outcome == SP_OUTCOME_OK ? "hash" : NULL);
    g_assert_cmpuint(row->width, ==, 4000);
    g_assert_cmpuint(row->height, ==, 3000);
    g_assert_cmpuint(row->milliseconds, ==, 7);
    g_assert_cmpint(row->message != NULL, ==, row->outcome != SP_OUTCOME_OK);
    return strcmp(row->path, "stop") != 0;
}

static void
expect_rows(SpJournal *journal, SpOutcome outcome, const char *after, guint n, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) got = g_string_new(NULL);
    g_assert_true(sp_journal_rows(journal, outcome, after, n, append_row, got, &error));
    g_assert_cmpstr(got->str, ==, want);
}

static void
test_rows(Scratch *scratch, gconstpointer data)
{
    (void)data;
    SpJournal *journal = scratch->journal;
    put(journal, (Photo){"b", "2 3"});
    put(journal, (Photo){"\xff", "9"});
    put(journal, (Photo){"a", "1"});
    put(journal, (Photo){"c", "", SP_ERROR_EMPTY});
    put(journal, (Photo){"d", "", SP_ERROR_CORRUPT});
    put(journal, (Photo){"B", "", SP_ERROR_IO});
    expect_rows(journal, SP_OUTCOME_OK, NULL, 0, "a:1:100:0 b:2:200:0 \xff:9:100:0 ");
    expect_rows(journal, SP_OUTCOME_OK, NULL, 1, "a:1:100:0 ");
    expect_rows(journal, SP_OUTCOME_OK, "a", 1, "b:2:200:0 ");
    expect_rows(journal, SP_OUTCOME_OK, "\xff", 1, "");
    g_autofree char *refused =
        g_strdup_printf("c:-:0:%d d:-:0:%d ", SP_ERROR_EMPTY, SP_ERROR_CORRUPT);
    expect_rows(journal, SP_OUTCOME_REFUSED, NULL, 0, refused);
    expect_rows(journal, SP_OUTCOME_REFUSED, "c", 0, strchr(refused, 'd'));
    g_autofree char *failed = g_strdup_printf("B:-:0:%d ", SP_ERROR_IO);
    expect_rows(journal, SP_OUTCOME_FAILED, "", 5, failed);
    put(journal, (Photo){"stop", "5"});
    expect_rows(journal, SP_OUTCOME_OK, "b", 0, "stop:5:100:0 ");
}

static void
test_words(Scratch *scratch, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(sp_journal_get(scratch->journal, "source"));
    g_assert_true(sp_journal_set(scratch->journal, "source", "/a", &error));
    g_assert_true(sp_journal_set(scratch->journal, "source", "/b\xff", &error));
    commit(scratch->journal);
    g_assert_true(sp_journal_set(scratch->journal, "output", "lost", &error));
    reopen(scratch, SP_JOURNAL_READ); /* what was not committed is dropped */
    g_autofree char *source = sp_journal_get(scratch->journal, "source");
    g_assert_cmpstr(source, ==, "/b\xff");
    g_assert_null(sp_journal_get(scratch->journal, "output"));
}

/* ---- many threads --------------------------------------------------------------------------
 */

static gpointer
put_many(gpointer data)
{
    SpJournal *journal = data;
    static gint next;
    for (guint i = 0; i < 200; i++) {
        g_autofree char *path = g_strdup_printf("%d", g_atomic_int_add(&next, 1));
        put(journal, (Photo){path, path});
        expect_outputs(journal, path, path);
        if (i % 50 == 0)
            commit(journal);
    }
    return NULL;
}

static void
test_threads(Scratch *scratch, gconstpointer data)
{
    (void)data;
    GThread *threads[4];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("put", put_many, scratch->journal);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    commit(scratch->journal);
    g_assert_cmpuint(totals_of(scratch->journal).outputs, ==, 800);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *name;
        void (*test)(Scratch *, gconstpointer);
    } tests[] = {
        {"/journal/record", test_record},       {"/journal/outputs", test_outputs},
        {"/journal/folder", test_folder},       {"/journal/touch", test_touch},
        {"/journal/supersede", test_supersede}, {"/journal/failed", test_failed},
        {"/journal/pruned", test_pruned},       {"/journal/forget", test_forget},
        {"/journal/totals", test_totals},       {"/journal/rows", test_rows},
        {"/journal/words", test_words},         {"/journal/threads", test_threads},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Scratch, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
