/* SPDX-License-Identifier: MIT */
/* journal.c -- `storyphoto journal`: what batches have done, from the journals of their state
 * folders. Its first operand is a verb: one line in the table of verbs each. */
#include "base/error.h"
#include "base/nearest.h"
#include "bulk/journal-json.h"
#include "bulk/state.h"
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/print.h"
#include "cmd/table.h"
#include <stddef.h>
#include <sys/stat.h>

typedef struct {
    gboolean json;
} Values;

static const char *const usage[] = {
    "journal show STATE [--json]",
    "journal merge INTO FROM... [--json]",
    NULL,
};

static const SpOption options[] = {
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL, "print one JSON object"},
    {0},
};

/* ---- what a journal comes to, for people ---------------------------------------------------
 */

static char *
number(guint64 n)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, n);
}

static void
append_count(GString *text, guint64 n, const char *one, const char *many)
{
    g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s", n, n == 1 ? one : many);
}

static void
append_outcomes(GString *text, const SpJournalTotals *totals)
{
    static const char *const words[SP_OUTCOME_COUNT] = {
        [SP_OUTCOME_OK] = "published",
        [SP_OUTCOME_REFUSED] = "refused",
        [SP_OUTCOME_FAILED] = "failed, to be tried again",
    };
    const char *before = ": ";
    append_count(text, totals->inputs, "photo", "photos");
    for (guint i = 0; i < SP_OUTCOME_COUNT; i++) {
        if (totals->outcomes[i] == 0)
            continue;
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT " %s", before, totals->outcomes[i],
                               words[i]);
        before = ", ";
    }
    g_string_append_c(text, '\n');
}

static void
append_files(GString *text, const SpJournalTotals *totals)
{
    g_autofree char *in = sp_print_size(totals->bytes_in);
    g_autofree char *out = sp_print_size(totals->bytes_out);
    g_string_append_printf(text, "%s of uploads that are published, ", in);
    append_count(text, totals->outputs, "published file", "published files");
    g_string_append_printf(text, " of %s\n", out);
    if (totals->superseded == 0)
        return;
    append_count(text, totals->superseded, "file is superseded, which",
                 "files are superseded, which");
    g_string_append(text, " batch --prune deletes\n");
}

/* Rows of a word and a number, under titles; none: nothing. */
static void
append_table(GString *text, const char *title, const char *const *words, const guint64 *counts,
             guint n)
{
    g_autoptr(GPtrArray) cells = sp_table_new();
    g_ptr_array_add(cells, g_strdup(title));
    g_ptr_array_add(cells, g_strdup("PHOTOS"));
    for (guint i = 0; i < n; i++) {
        if (counts[i] == 0)
            continue;
        g_ptr_array_add(cells, g_strdup(words[i]));
        g_ptr_array_add(cells, number(counts[i]));
    }
    if (cells->len == 2)
        return;
    g_string_append_c(text, '\n');
    sp_table_append(text, cells, 2, 1 << 1);
}

static char *
totals_text(const SpJournalTotals *totals)
{
    const char *codes[SP_ERROR_LAST], *slugs[SP_CATEGORY_COUNT];
    GString *text = g_string_new(NULL);
    for (int i = 0; i < SP_ERROR_LAST; i++)
        codes[i] = sp_error_word(i);
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        slugs[i] = sp_category_slug(i);
    append_outcomes(text, totals);
    append_files(text, totals);
    append_table(text, "NOT PUBLISHED", codes, totals->codes, SP_ERROR_LAST);
    append_table(text, "REMOVED", slugs, totals->removed, SP_CATEGORY_COUNT);
    return g_string_free(text, FALSE);
}

/* ---- verbs ---------------------------------------------------------------------------------
 */

static SpExit
complain(const GError *error)
{
    sp_complain("%s", error->message);
    return sp_exit_code_of_run(error);
}

/* Of which archive; "" where it is not known. Owned by the caller. */
static char *
about_text(SpJournal *journal)
{
    g_autofree char *source = sp_journal_get(journal, "source");
    g_autofree char *output = sp_journal_get(journal, "output");
    if (source == NULL || output == NULL)
        return g_strdup("");
    g_autofree char *from = sp_print_escape(source);
    g_autofree char *to = sp_print_escape(output);
    return g_strdup_printf("%s to %s\n", from, to);
}

static gboolean
tell(SpJournal *journal, const Values *values, GError **error)
{
    SpJournalTotals totals = {0};
    if (!sp_journal_totals(journal, &totals, error))
        return FALSE;
    g_autofree char *json = values->json ? sp_journal_to_json(journal, &totals) : NULL;
    g_autofree char *about = about_text(journal);
    g_autofree char *words = totals_text(&totals);
    g_autofree char *text =
        json != NULL ? g_strconcat(json, "\n", NULL) : g_strconcat(about, words, NULL);
    return sp_print_stdout(text, error);
}

static SpExit
show(const Values *values, char *const *operands)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpJournal) journal = sp_journal_open(operands[0], SP_JOURNAL_READ, &error);
    if (journal == NULL || !tell(journal, values, &error))
        return complain(error);
    return SP_EXIT_OK;
}

static gboolean
is_same_folder(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* What journals are about: those of one archive have the same folders. */
typedef struct {
    char *source, *output; /* owned; NULL: not known yet */
} About;

static void
about_clear(About *about)
{
    g_free(about->source);
    g_free(about->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(About, about_clear)

static gboolean
check_word(SpJournal *journal, const char *folder, const char *name, char **known,
           GError **error)
{
    g_autofree char *word = sp_journal_get(journal, name);
    if (*known == NULL)
        *known = g_steal_pointer(&word);
    return word == NULL || g_str_equal(*known, word) ||
           sp_throw(error, SP_ERROR_CANNOT_READ,
                    "the journal in '%s' is about the %s '%s', not '%s': only parts of one "
                    "archive can be merged",
                    folder, name, word, *known);
}

static gboolean
check_about(SpJournal *journal, const char *folder, About *about, GError **error)
{
    return check_word(journal, folder, "source", &about->source, error) &&
           check_word(journal, folder, "output", &about->output, error);
}

/* Before anything is made or written. */
static gboolean
check_sources(const char *into, char *const *from, SpExit *ret_code)
{
    g_auto(About) about = {NULL, NULL};
    g_autoptr(SpJournal) there = sp_journal_open(into, SP_JOURNAL_READ, NULL);
    if (there != NULL)
        (void)!check_about(there, into, &about, NULL);
    for (; *from != NULL; from++) {
        g_autoptr(GError) error = NULL;
        if (is_same_folder(into, *from)) {
            sp_complain_usage("journal", "'%s' cannot be merged into itself", *from);
            *ret_code = SP_EXIT_USAGE;
            return FALSE;
        }
        g_autoptr(SpJournal) journal = sp_journal_open(*from, SP_JOURNAL_READ, &error);
        if (journal == NULL || !check_about(journal, *from, &about, &error)) {
            *ret_code = complain(error);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
merge_all(const char *into, char *const *from, const Values *values, GError **error)
{
    g_auto(SpState) state = {.lock = -1};
    if (!sp_state_open(&state, into, (SpShard){0, 1}, TRUE, error))
        return FALSE;
    g_autoptr(SpJournal) journal = sp_journal_open(state.folder, SP_JOURNAL_SYNCED, error);
    if (journal == NULL)
        return FALSE;
    for (; *from != NULL; from++)
        if (!sp_journal_merge(journal, *from, error))
            return FALSE;
    return tell(journal, values, error);
}

static SpExit
merge(const Values *values, char *const *operands)
{
    g_autoptr(GError) error = NULL;
    SpExit code = SP_EXIT_OK;
    if (!check_sources(operands[0], operands + 1, &code))
        return code;
    if (!sp_print_check_stdout(&error) || !merge_all(operands[0], operands + 1, values, &error))
        return complain(error);
    return SP_EXIT_OK;
}

static const struct {
    const char *name;
    guint min, max; /* operands behind it; max 0: any number */
    const char *operands;
    SpExit (*run)(const Values *values, char *const *operands);
} verbs[] = {
    {"show", 1, 1, "STATE", show},
    {"merge", 2, 0, "INTO and FROM", merge},
};

static SpExit
unknown_verb(const char *word)
{
    const char *names[G_N_ELEMENTS(verbs) + 1] = {NULL};
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
        names[i] = verbs[i].name;
    g_autofree char *hint = sp_nearest_hint(word, names);
    sp_complain_usage("journal", "unknown verb '%s'%s", word, hint);
    return SP_EXIT_USAGE;
}

static SpExit
run(gconstpointer values, char *const *operands)
{
    guint n = g_strv_length((char **)operands) - 1;
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (!g_str_equal(operands[0], verbs[i].name))
            continue;
        if (n >= verbs[i].min && (verbs[i].max == 0 || n <= verbs[i].max))
            return verbs[i].run(values, operands + 1);
        sp_complain_usage("journal", "journal %s wants %s", verbs[i].name, verbs[i].operands);
        return SP_EXIT_USAGE;
    }
    return unknown_verb(operands[0]);
}

const SpCommand sp_command_journal = {
    .name = "journal",
    .usage = usage,
    .summary = SP_SUMMARY_JOURNAL,
    .description =
        "show says what all batches with the state folder STATE came to. Nothing is changed,\n"
        "not even where a batch was killed.\n"
        "\n"
        "merge makes the journals of several machines (batch --shard) one: INTO then says all\n"
        "that each FROM says; they stay as they are. INTO is made if it is missing; mostly it\n"
        "is the folder that they lie in. Of two records of one photo the later one counts.\n"
        "The same again changes nothing.\n",
    .options = options,
    .values_size = sizeof(Values),
    .min_operands = 1,
    .operand = "verb (show, merge)",
    .more_help = sp_exit_help,
    .run = run,
};
