/* SPDX-License-Identifier: MIT */
/* journal-cost.c -- what a journal of many records costs.
 *
 *     journal-cost [--synced] N FOLDER
 *
 * FOLDER must exist and be empty; two journals of N uploads with two outputs each are made in
 * it. Paths are those of an archive, names of outputs random, groups of 64 records a commit.
 * Each line is a step: seconds, and microseconds a record. */
#include "bulk/journal.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { GROUP = 64 };

static gboolean synced;
static guint n_records;
static gint64 since;

static void
begin(void)
{
    since = g_get_monotonic_time();
}

/* n: the records that the step was for. */
static void
end(const char *step, guint n)
{
    double seconds = (double)(g_get_monotonic_time() - since) / 1e6;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("  %-28s %8.2f s %8.2f us a record   %5ld MB at most\n", step, seconds,
           seconds / n * 1e6, usage.ru_maxrss / 1024);
    (void)!fflush(stdout);
}

static void
must(gboolean good, GError *error)
{
    if (!good)
        g_error("%s", error->message);
}

static SpJournal *
open_journal(const char *folder, SpJournalMode mode)
{
    GError *error = NULL;
    SpJournal *journal = sp_journal_open(folder, mode, &error);
    must(journal != NULL, error);
    return journal;
}

static void
path_of(guint i, char path[64])
{
    g_snprintf(path, 64, "20%02u/album-%03u/IMG_%05u.JPG", i / 100000 % 100, i / 1000 % 1000,
               i % 100000);
}

/* A name as the batch makes them, 26 letters that look random. */
static void
fill_output(SpOutput *output, guint i, guint n, char path[128])
{
    guint64 a = (i + 1) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15), b = a * (a ^ 0x5851f42d) + i;
    g_snprintf(path, 128,
               "/srv/out/20%02u/album-%03u/%013" G_GINT64_MODIFIER "x%013" G_GINT64_MODIFIER
               "x%s.webp",
               i / 100000 % 100, i / 1000 % 1000, a >> 12, b >> 12, n == 0 ? "" : "-l");
    *output = (SpOutput){.variant = n == 0 ? (char *)"story" : (char *)"large",
                         .path = path,
                         .format = "webp",
                         .width = 1600,
                         .height = 1200,
                         .bytes = 90000 + i % 1000};
    g_snprintf(output->sha256, sizeof output->sha256,
               "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER
               "x%016" G_GINT64_MODIFIER "x",
               a, b, a ^ b, a + b);
}

static void
put_one(SpJournal *journal, guint i)
{
    GError *error = NULL;
    char path[64], paths[2][128];
    SpOutput room[2];
    gpointer pointers[2] = {&room[0], &room[1]};
    GPtrArray outputs = {.pdata = pointers, .len = 2};
    GError corrupt = {SP_ERROR, SP_ERROR_CORRUPT, (char *)"the picture data is damaged"};
    gboolean refused = i % 100 == 99;
    path_of(i, path);
    fill_output(&room[0], i, 0, paths[0]);
    fill_output(&room[1], i, 1, paths[1]);
    outputs.len = refused ? 0 : 2;
    SpReceipt receipt = {.error = refused ? &corrupt : NULL,
                         .input_bytes = 4000000 + i,
                         .input_format = "jpeg",
                         .input_width = 4032,
                         .input_height = 3024,
                         .removed = i % 4096,
                         .outputs = &outputs,
                         .thumbhash = (char *)"3OcRJYB4d3h/iIeHeEh3eIhw+j3A",
                         .libraries = (char *)"libjpeg-turbo 2.1.5, libwebp 1.2.4"};
    SpJournalEntry entry = {
        .path = path,
        .mark = {4000000 + i, 1700000000000000000 + i, 1700000000000000000 + i, 1000000 + i},
        .recipe = "8c2a4bd0c0f9f6a4f1d6",
        .receipt = &receipt,
        .output_folder = "/srv/out",
        .milliseconds = 300};
    must(sp_journal_put(journal, &entry, &error), error);
    if (i % GROUP == GROUP - 1)
        must(sp_journal_commit(journal, &error), error);
}

static gboolean
count_output(const SpJournalOutput *output, gpointer data)
{
    *(guint64 *)data += output->bytes;
    return TRUE;
}

static gboolean
count_row(const SpJournalRow *row, gpointer data)
{
    *(guint64 *)data += row->bytes_out;
    return TRUE;
}

/* What a run does that has nothing to do. with_outputs: it also looks at each file. */
static void
find_all(SpJournal *journal, gboolean with_outputs)
{
    GError *error = NULL;
    guint64 bytes = 0;
    for (guint i = 0; i < n_records; i++) {
        g_auto(SpRecord) record = {0};
        gboolean found = FALSE;
        char path[64];
        path_of(i, path);
        must(sp_journal_find(journal, path, &record, &found, &error), error);
        g_assert_true(found);
        if (i % 10 != 0)
            sp_journal_see(journal, record.id);
        if (with_outputs)
            must(sp_journal_outputs(journal, record.id, count_output, &bytes, &error), error);
    }
}

static void
write_all(const char *folder)
{
    GError *error = NULL;
    begin();
    g_autoptr(SpJournal) journal =
        open_journal(folder, synced ? SP_JOURNAL_SYNCED : SP_JOURNAL_UNSYNCED);
    for (guint i = 0; i < n_records; i++) {
        put_one(journal, i);
        if (i + 1 == n_records / 10)
            end("the first tenth put", n_records / 10);
        if (i + 1 == n_records - n_records / 10)
            begin();
    }
    must(sp_journal_commit(journal, &error), error);
    end("the last tenth put", n_records / 10);
    begin();
}

static void
read_all(const char *folder)
{
    GError *error = NULL;
    guint64 n = 0, bytes = 0;
    SpJournalTotals totals;
    begin();
    g_autoptr(SpJournal) journal = open_journal(folder, SP_JOURNAL_READ);
    end("open", n_records);
    begin();
    must(sp_journal_totals(journal, &totals, &error), error);
    end("totals", n_records);
    begin();
    find_all(journal, FALSE);
    end("find each", n_records);
    begin();
    find_all(journal, TRUE);
    end("find each, and its outputs", n_records);
    begin();
    must(sp_journal_forget_unseen(journal, TRUE, NULL, NULL, &n, &error), error);
    end("count the unseen", n_records);
    begin();
    must(sp_journal_rows(journal, SP_OUTCOME_REFUSED, NULL, 0, count_row, &bytes, &error),
         error);
    end("rows of the refused 1 %", n_records / 100);
    begin();
    must(sp_journal_rows(journal, SP_OUTCOME_OK, NULL, 0, count_row, &bytes, &error), error);
    end("rows of the published", n_records);
    g_assert_cmpuint(n, ==, (n_records + 9) / 10);
}

static void
change(const char *folder, const char *merged)
{
    GError *error = NULL;
    guint64 n = 0;
    g_assert_cmpint(g_mkdir(merged, 0700), ==, 0);
    {
        g_autoptr(SpJournal) into = open_journal(merged, SP_JOURNAL_SYNCED);
        begin();
        must(sp_journal_merge(into, folder, &error), error);
        end("merge into an empty one", n_records);
    }
    g_autoptr(SpJournal) journal = open_journal(folder, SP_JOURNAL_SYNCED);
    find_all(journal, FALSE);
    begin();
    must(sp_journal_forget_unseen(journal, FALSE, NULL, NULL, &n, &error), error);
    must(sp_journal_commit(journal, &error), error);
    end("forget a tenth", n_records / 10);
}

int
main(int argc, char **argv)
{
    struct stat info;
    synced = argc > 1 && g_str_equal(argv[1], "--synced");
    argv += synced ? 1 : 0;
    if (argc - (synced ? 1 : 0) != 3)
        g_error("usage: journal-cost [--synced] N FOLDER");
    n_records = (guint)g_ascii_strtoull(argv[1], NULL, 10);
    g_autofree char *file = g_build_filename(argv[2], "journal.sqlite", NULL);
    g_autofree char *merged = g_build_filename(argv[2], "merged", NULL);
    write_all(argv[2]);
    end("close", n_records);
    if (stat(file, &info) == 0)
        printf("  %-28s %8.1f MB %7.0f bytes a record\n", "its file",
               (double)info.st_size / 1e6, (double)info.st_size / n_records);
    read_all(argv[2]);
    change(argv[2], merged);
    return 0;
}
