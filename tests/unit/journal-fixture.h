/* SPDX-License-Identifier: MIT */
/* journal-fixture.h -- a state folder, and receipts to put into its journal. */
#ifndef SP_TESTS_JOURNAL_FIXTURE_H
#define SP_TESTS_JOURNAL_FIXTURE_H
#include "base/error.h"
#include "bulk/journal.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
    char *folder; /* owned; of the test */
    char *state;  /* owned; a folder in it */
    SpJournal *journal;
} Scratch;

G_GNUC_UNUSED static void
reopen(Scratch *scratch, SpJournalMode mode)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&scratch->journal, sp_journal_free);
    scratch->journal = sp_journal_open(scratch->state, mode, &error);
    g_assert_no_error(error);
}

G_GNUC_UNUSED static void
set_up(Scratch *scratch, gconstpointer data)
{
    (void)data;
    scratch->folder = g_dir_make_tmp("storyphoto-journal.XXXXXX", NULL);
    g_assert_nonnull(scratch->folder);
    scratch->state = g_build_filename(scratch->folder, "state", NULL);
    g_assert_cmpint(g_mkdir(scratch->state, 0700), ==, 0);
    reopen(scratch, SP_JOURNAL_UNSYNCED);
}

G_GNUC_UNUSED static void
tear_down(Scratch *scratch, gconstpointer data)
{
    (void)data;
    const char *argv[] = {"rm", "-rf", scratch->folder, NULL};
    sp_journal_free(scratch->journal);
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_free(scratch->state);
    g_free(scratch->folder);
}

/* A hash that is told by one digit. */
static inline const char *
hash_of(char digit)
{
    static char hash[16][65];
    int i = g_ascii_xdigit_value(digit);
    memset(hash[i], digit, 64);
    return hash[i];
}

/* What one upload came to. outputs: "a.webp b.webp", of 100 bytes each; "": none. */
typedef struct {
    const char *path, *outputs;
    int code; /* SP_ERROR_NONE: published */
    const char *recipe;
    guint32 removed;
    guint64 size; /* of the mark, and of the input */
    const char *checksum;
} Photo;

G_GNUC_UNUSED static void
fill_output(SpOutput *output, char *path, guint i)
{
    *output = (SpOutput){.variant = i == 0 ? (char *)"small" : (char *)"large",
                         .path = path,
                         .format = "webp",
                         .width = 640,
                         .height = 480,
                         .bytes = 100};
    g_strlcpy(output->sha256, hash_of((char)('a' + i)), sizeof output->sha256);
}

G_GNUC_UNUSED static gboolean
try_put(SpJournal *journal, const Photo *photo, GError **error)
{
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    g_auto(GStrv) names = g_strsplit(photo->outputs, " ", -1);
    SpOutput room[8];
    g_autofree char *paths[8] = {NULL};
    g_autoptr(GError) fault = photo->code == SP_ERROR_NONE
                                  ? NULL
                                  : g_error_new(SP_ERROR, photo->code, "why %d", photo->code);
    for (guint i = 0; names[i] != NULL && i < G_N_ELEMENTS(room); i++) {
        paths[i] = g_strconcat("/out/", names[i], NULL);
        fill_output(&room[i], paths[i], i);
        g_ptr_array_add(outputs, &room[i]);
    }
    SpReceipt receipt = {
        .error = fault,
        .input_bytes = photo->size,
        .input_format = "jpeg",
        .input_width = 4000,
        .input_height = 3000,
        .removed = photo->removed,
        .outputs = outputs,
        .thumbhash = photo->code == SP_ERROR_NONE ? (char *)"hash" : NULL,
        .libraries = photo->code == SP_ERROR_NONE ? (char *)"libjpeg 1" : NULL,
    };
    SpJournalEntry entry = {
        .path = photo->path,
        .mark = {.size = photo->size, .mtime_ns = 2, .ctime_ns = -3, .inode = G_MAXUINT64},
        .checksum = photo->checksum,
        .recipe = photo->recipe != NULL ? photo->recipe : "recipe",
        .receipt = &receipt,
        .output_folder = "/out",
        .milliseconds = 7,
    };
    gboolean good = sp_journal_put(journal, &entry, error);
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
        g_clear_pointer(&paths[i], g_free);
    return good;
}

G_GNUC_UNUSED static void
put(SpJournal *journal, Photo photo)
{
    g_autoptr(GError) error = NULL;
    gboolean good = try_put(journal, &photo, &error);
    g_assert_no_error(error);
    g_assert_true(good);
}

G_GNUC_UNUSED static void
commit(SpJournal *journal)
{
    g_autoptr(GError) error = NULL;
    gboolean good = sp_journal_commit(journal, &error);
    g_assert_no_error(error);
    g_assert_true(good);
}

static inline gboolean
append_path(const SpJournalOutput *output, gpointer data)
{
    GString *text = data;
    g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " ", output->path);
    return TRUE;
}

/* "a.webp b.webp"; "none": no record. */
G_GNUC_UNUSED static char *
outputs_of(SpJournal *journal, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpRecord) record = {0};
    GString *text = g_string_new(NULL);
    gboolean found = FALSE;
    gboolean good = sp_journal_find(journal, path, &record, &found, &error);
    if (good && found)
        good = sp_journal_outputs(journal, record.id, append_path, text, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    return found ? g_string_free(text, FALSE) : (g_string_free(text, TRUE), g_strdup("none"));
}

G_GNUC_UNUSED static void
expect_outputs(SpJournal *journal, const char *path, const char *want)
{
    g_autofree char *got = outputs_of(journal, path);
    g_assert_cmpstr(got, ==, want);
}

G_GNUC_UNUSED static void
expect_superseded(SpJournal *journal, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) got = g_string_new(NULL);
    gboolean good = sp_journal_superseded(journal, append_path, got, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpstr(got->str, ==, want);
}

G_GNUC_UNUSED static SpJournalTotals
totals_of(SpJournal *journal)
{
    g_autoptr(GError) error = NULL;
    SpJournalTotals totals = {0};
    gboolean good = sp_journal_totals(journal, &totals, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    return totals;
}

#endif
