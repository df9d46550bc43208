/* SPDX-License-Identifier: MIT */
/* batch.c -- `storyphoto batch`: an archive of uploads in, its published files out.
 *
 * What is done is in a journal, so the same command goes on where the last one ended. Results
 * (the summary, or JSON) go to standard output, errors and progress to standard error. The
 * first signal lets what is begun come to its end; a second one ends it at once, and nothing is
 * lost by that either. */
#include "base/error.h"
#include "base/memfd.h"
#include "bulk/batch-json.h"
#include "bulk/report.h"
#include "bulk/state.h"
#include "cmd/batch-text.h"
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/exit.h"
#include "cmd/help.h"
#include "cmd/interrupt.h"
#include "cmd/job-options.h"
#include "cmd/print.h"
#include "cmd/progress.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define JSON_USEC 10000000

typedef struct {
    char *preset, *state, *files_from, *jobs, *threads, *durability, *shard, *report, *base_url;
    char **sets, **exclude;
    gboolean flat, null, checksum, redo_libraries, prune, dry_run, moved, json;
} Values;

static const char *const usage[] = {
    "batch SOURCE OUTPUT [-p PRESET] [OPTION]...",
    NULL,
};

static const SpOption options[] = {
    {'p', "preset", SP_OPTION_TEXT, offsetof(Values, preset), "PRESET",
     "a preset's name or .ini file (default story)"},
    {0, "set", SP_OPTION_LIST, offsetof(Values, sets), "NAME.KEY=VALUE",
     "change one key; NAME is a variant, preset, limits or resize"},
    {0, "flat", SP_OPTION_FLAG, offsetof(Values, flat), NULL,
     "publish all in OUTPUT itself, not in folders named like the source's"},
    {0, "files-from", SP_OPTION_TEXT, offsetof(Values, files_from), "FILE",
     "take the paths below SOURCE that FILE (- is standard input) lists"},
    {'0', "null", SP_OPTION_FLAG, offsetof(Values, null), NULL,
     "that list's paths end with NUL, not with a newline"},
    {0, "exclude", SP_OPTION_LIST, offsetof(Values, exclude), "GLOB",
     "leave out what matches by its name, or by its path below SOURCE"},
    {0, "jobs", SP_OPTION_TEXT, offsetof(Values, jobs), "N",
     "process up to N photos at once, 1 to 64 (default: what the host bears)"},
    {0, "threads", SP_OPTION_TEXT, offsetof(Values, threads), "N",
     "threads for each of them, 1 to 64 (default: the cores there are, shared)"},
    {0, "dry-run", SP_OPTION_FLAG, offsetof(Values, dry_run), NULL,
     "say what would be done, and do nothing"},
    {0, "checksum", SP_OPTION_FLAG, offsetof(Values, checksum), NULL,
     "read every file to see whether it changed, instead of its size and times"},
    {0, "redo-libraries", SP_OPTION_FLAG, offsetof(Values, redo_libraries), NULL,
     "take again what other versions of the libraries have made"},
    {0, "prune", SP_OPTION_FLAG, offsetof(Values, prune), NULL,
     "delete published files whose upload changed or is gone"},
    {0, "durability", SP_OPTION_TEXT, offsetof(Values, durability), "WORD",
     "batch, each (a record each) or none (a power cut may lose files)"},
    {0, "state", SP_OPTION_TEXT, offsetof(Values, state), "DIR",
     "the private folder that remembers what is done"},
    {0, "moved", SP_OPTION_FLAG, offsetof(Values, moved), NULL,
     "SOURCE or OUTPUT are the same folders as before under another path"},
    {0, "shard", SP_OPTION_TEXT, offsetof(Values, shard), "I/N",
     "take the part I (from 0) of N; auto: as Slurm, Kubernetes or AWS Batch say"},
    {0, "report", SP_OPTION_TEXT, offsetof(Values, report), "DIR",
     "write a page about all that is done into this private folder"},
    {0, "base-url", SP_OPTION_TEXT, offsetof(Values, base_url), "URL",
     "put URL before the names in the receipts' HTML"},
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL,
     "print receipts and events, one JSON object a line"},
    {0},
};

/* ---- usage ---------------------------------------------------------------------------------
 */

static gboolean
wrong(const char *message)
{
    sp_complain_usage("batch", "%s", message);
    return FALSE;
}

static gboolean
check_usage(const Values *values)
{
    if (values->null && values->files_from == NULL)
        return wrong("--null is about --files-from, which is not given");
    if (values->files_from != NULL && values->exclude != NULL)
        return wrong("--files-from and --exclude exclude each other");
    if (values->prune && values->shard != NULL)
        return wrong("--prune wants to know of all shards: join their states by "
                     "'storyphoto journal merge', then prune without --shard");
    if (values->dry_run && values->report != NULL)
        return wrong("--dry-run and --report exclude each other");
    return TRUE;
}

static gboolean
read_durability(const Values *values, SpDurability *ret_durability)
{
    static const char *const words[] = {"batch", "each", "none"};
    const char *word = values->durability != NULL ? values->durability : words[0];
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!g_str_equal(word, words[i]))
            continue;
        *ret_durability = (SpDurability)i;
        return TRUE;
    }
    sp_complain_usage("batch", "--durability '%s' is not batch, each or none", word);
    return FALSE;
}

static gboolean
read_shard(const Values *values, SpShard *ret_shard)
{
    g_autoptr(GError) error = NULL;
    const char *source = NULL;
    *ret_shard = (SpShard){0, 1};
    if (values->shard == NULL)
        return TRUE;
    if (g_str_equal(values->shard, "auto")) {
        if (sp_shard_from_environment(ret_shard, &source, &error))
            return TRUE;
        sp_complain_usage("batch", "--shard auto: %s", error->message);
        return FALSE;
    }
    if (sp_shard_parse(values->shard, ret_shard))
        return TRUE;
    sp_complain_usage("batch",
                      "--shard '%s' is not I/N with I from 0 to N - 1 and N at most %u",
                      values->shard, SP_SHARDS_MOST);
    return FALSE;
}

/* ---- folders -------------------------------------------------------------------------------
 */

/* FALSE with error, or without one where they are not apart, which is told as wrong usage. */
static gboolean
check_apart(const char *one_name, const char *one, const char *other_name, const char *other,
            GError **error)
{
    SpFolders relation = SP_FOLDERS_APART;
    if (!sp_folders_compare(one, other, &relation, error))
        return FALSE;
    static const char *const words[] = {
        [SP_FOLDERS_SAME] = "is",
        [SP_FOLDERS_FIRST_WITHIN] = "lies within",
        [SP_FOLDERS_SECOND_WITHIN] = "holds",
    };
    if (relation == SP_FOLDERS_APART)
        return TRUE;
    sp_complain_usage("batch", "%s '%s' %s %s '%s': choose folders apart", one_name, one,
                      words[relation], other_name, other);
    return FALSE;
}

static gboolean
check_folder(const char *name, const char *folder, SpErrorCode code, GError **error)
{
    g_auto(SpFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 || sp_throw_errno(error, code, errno,
                                     "cannot open the folder %s '%s', "
                                     "which must exist",
                                     name, folder);
}

static gboolean
check_folders(const char *source, const char *output, GError **error)
{
    return check_folder("SOURCE", source, SP_ERROR_CANNOT_READ, error) &&
           check_folder("OUTPUT", output, SP_ERROR_CANNOT_WRITE, error);
}

static gboolean
check_all_apart(const Values *values, const char *source, const char *output, const char *state,
                GError **error)
{
    return check_apart("SOURCE", source, "OUTPUT", output, error) &&
           check_apart("--state", state, "OUTPUT", output, error) &&
           check_apart("--state", state, "SOURCE", source, error) &&
           (values->report == NULL ||
            (check_apart("--report", values->report, "OUTPUT", output, error) &&
             check_apart("--report", values->report, "SOURCE", source, error)));
}

/* A state knows which folders it is about: with another source, all that it has done would seem
 * to be gone. */
static gboolean
check_same(SpJournal *journal, const char *name, const char *folder, gboolean moved,
           gboolean dry, GError **error)
{
    g_autofree char *known = sp_journal_get(journal, name);
    g_autofree char *real = realpath(folder, NULL);
    if (real == NULL)
        return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot resolve '%s'",
                              folder);
    if (known == NULL && moved)
        return sp_throw(error, SP_ERROR_CANNOT_READ,
                        "nothing is remembered here of folders that could have moved: say "
                        "where it is by --state");
    if (known != NULL && !g_str_equal(known, real) && !moved)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE,
                        "the state is about the %s '%s', not '%s': give another --state, or "
                        "say --moved if it is the same folder",
                        name, known, real);
    return dry || (known != NULL && g_str_equal(known, real)) ||
           (sp_journal_set(journal, name, real, error) && sp_journal_commit(journal, error));
}

/* ---- telling -------------------------------------------------------------------------------
 */

typedef struct {
    const Values *values; /* borrowed */
    const char *state;    /* borrowed; the folder */
    SpProgress progress;
    gboolean is_ending; /* a signal was told of */
    gint64 next_json_us;
    GError *no_stdout; /* owned; standard output cannot be written */
} Report;

static gboolean
print_line(Report *report, const char *line)
{
    g_autofree char *text = g_strconcat(line, "\n", NULL);
    sp_progress_hide(&report->progress);
    return sp_print_stdout(text, &report->no_stdout);
}

static gboolean
tell_json(Report *report, const SpBatchEvent *event)
{
    gint64 now = g_get_monotonic_time();
    if (event->kind == SP_BATCH_TICK && now < report->next_json_us)
        return TRUE;
    g_autofree char *json = event->kind == SP_BATCH_TICK
                                ? sp_batch_totals_to_json(event->totals, "progress", now, NULL)
                            : event->receipt != NULL ? sp_receipt_to_json(event->receipt)
                                                     : sp_batch_event_to_json(event);
    if (event->kind == SP_BATCH_TICK)
        report->next_json_us = now + JSON_USEC;
    return print_line(report, json);
}

static void
complain_of(const SpBatchEvent *event)
{
    const GError *error = event->receipt != NULL ? event->receipt->error : event->error;
    const char *doing = event->kind == SP_BATCH_PHOTO    ? "process"
                        : event->kind == SP_BATCH_PRUNED ? "delete"
                                                         : "read";
    if (error != NULL)
        sp_complain("cannot %s '%s': %s (%s)", doing, event->path, error->message,
                    sp_error_word(error->code));
    else if (event->kind == SP_BATCH_SKIPPED)
        sp_complain("skipped '%s': %s", event->path,
                    event->skipped == SP_TREE_LINK      ? "a symbolic link"
                    : event->skipped == SP_TREE_SPECIAL ? "a pipe, a socket or a device"
                                                        : "excluded");
}

/* People see what went wrong, and in a dry run what would be done. */
static gboolean
tell_text(Report *report, const SpBatchEvent *event)
{
    gboolean bad = event->error != NULL || event->kind == SP_BATCH_SKIPPED ||
                   (event->receipt != NULL && event->receipt->error != NULL);
    if (sp_interrupt_seen() && !report->is_ending) {
        report->is_ending = TRUE;
        sp_progress_hide(&report->progress);
        sp_complain("finishing what is begun; a second signal ends it at once");
    }
    if (bad) {
        sp_progress_hide(&report->progress);
        complain_of(event);
    }
    gboolean foreseen = report->values->dry_run && !bad && event->kind != SP_BATCH_TICK;
    if (foreseen || (event->kind == SP_BATCH_PRUNED && !bad)) {
        g_autofree char *path = sp_print_escape(event->path);
        const char *word = event->kind != SP_BATCH_PRUNED ? sp_due_word(event->due)
                           : report->values->dry_run      ? "to prune"
                                                          : "pruned";
        g_autofree char *line = g_strdup_printf("%-8s %s", word, path);
        if (!print_line(report, line))
            return FALSE;
    }
    sp_progress_show(&report->progress, event->totals);
    return TRUE;
}

static gboolean
tell(const SpBatchEvent *event, gpointer data)
{
    Report *report = data;
    return report->values->json ? tell_json(report, event) : tell_text(report, event);
}

static void
tell_end(Report *report, const SpBatchTotals *totals, const GError *error)
{
    const Values *values = report->values;
    gint64 now = g_get_monotonic_time();
    sp_progress_hide(&report->progress);
    if (report->no_stdout != NULL)
        return;
    g_autofree char *text =
        values->json ? sp_batch_totals_to_json(totals, "end", now, error)
                     : sp_batch_text_summary(totals, now, values->dry_run, values->prune);
    if (values->json) {
        (void)!print_line(report, text);
        return;
    }
    g_autofree char *state = sp_print_escape(report->state);
    g_autofree char *whole = g_strdup_printf("%sremembered in %s\n", text, state);
    (void)!sp_print_stdout(values->dry_run ? text : whole, &report->no_stdout);
}

/* What cannot begin has its advice in its message, but for the disk's faults. */
static SpExit
complain_of_end(const SpBatchTotals *totals, const GError *error)
{
    gboolean begun = totals->started_us != 0;
    gboolean advise = begun || g_error_matches(error, SP_ERROR, SP_ERROR_NO_SPACE) ||
                      g_error_matches(error, SP_ERROR, SP_ERROR_IO);
    const char *advice = advise ? sp_batch_text_advice(error) : NULL;
    sp_complain("%s%s%s%s", begun ? "the batch is not complete: " : "", error->message,
                advice != NULL ? "; " : "", advice != NULL ? advice : "");
    return sp_exit_code_of_run(error);
}

static SpExit
end(Report *report, const SpBatchTotals *totals, const GError *error)
{
    if (totals->started_us == 0 && error != NULL)
        return complain_of_end(totals, error);
    tell_end(report, totals, error);
    if (report->no_stdout != NULL)
        return sp_exit_complain(report->no_stdout);
    if (error != NULL)
        return complain_of_end(totals, error);
    gboolean bad = totals->unread + totals->left + totals->done[SP_OUTCOME_REFUSED] +
                       totals->done[SP_OUTCOME_FAILED] >
                   0;
    return bad ? SP_EXIT_SOME : SP_EXIT_OK;
}

/* ---- the run -------------------------------------------------------------------------------
 */

static gboolean
can_be_read_twice(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

/* A list that is a pipe can be read once, so nobody counts its paths ahead. */
static gboolean
open_inputs(const Values *values, const char *source, SpShard shard, SpBatch *batch,
            SpFd lists[2], GError **error)
{
    const char *list = values->files_from;
    batch->whole = list == NULL;
    batch->exclude = values->exclude;
    if (list == NULL) {
        batch->inputs = sp_inputs_walk(source, values->exclude, shard, error);
        batch->scout = sp_inputs_walk(source, values->exclude, shard, NULL);
        return batch->inputs != NULL;
    }
    gboolean is_stdin = g_str_equal(list, "-");
    for (guint i = 0; i < 2 && (i == 0 || (!is_stdin && can_be_read_twice(lists[0]))); i++) {
        lists[i] = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                            : open(list, O_RDONLY | O_CLOEXEC);
        if (lists[i] < 0)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot open the list '%s'", list);
    }
    char separator = values->null ? '\0' : '\n';
    batch->inputs = sp_inputs_list(source, lists[0], separator, shard, error);
    if (lists[1] >= 0)
        batch->scout = sp_inputs_list(source, lists[1], separator, shard, NULL);
    return batch->inputs != NULL;
}

static gboolean
run_in_state(const SpBatch *batch, Report *report, SpBatchTotals *totals, GError **error)
{
    const Values *values = report->values;
    if (batch->durability == SP_DURABILITY_NONE && !batch->dry_run)
        sp_complain("nothing waits for the disk (--durability none): after a power cut, "
                    "delete the state and OUTPUT's files, and begin anew");
    g_autoptr(SpSession) session = sp_session_new();
    sp_interrupt_note();
    gboolean done = sp_batch_run(session, batch, totals, error);
    if (values->report == NULL || report->no_stdout != NULL)
        return done;
    g_autoptr(GError) why = NULL;
    if (sp_report_write(batch->journal, values->report, batch->output, &why))
        return done;
    if (done)
        g_propagate_prefixed_error(error, g_steal_pointer(&why), "cannot write the report: ");
    return FALSE;
}

/* What is opened here is closed here. */
static gboolean
run_batch(const SpBatch *asked, Report *report, const char *source, const char *state_folder,
          SpShard shard, SpBatchTotals *totals, GError **error)
{
    const Values *values = report->values;
    SpBatch batch = *asked;
    g_auto(SpState) state = {.lock = -1};
    SpFd lists[2] = {-1, -1};
    if (!sp_state_open(&state, state_folder, shard, !values->dry_run, error))
        return FALSE;
    SpJournalMode mode = values->dry_run                          ? SP_JOURNAL_READ
                         : batch.durability == SP_DURABILITY_NONE ? SP_JOURNAL_UNSYNCED
                                                                  : SP_JOURNAL_SYNCED;
    g_autoptr(SpJournal) journal =
        state.exists ? sp_journal_open(state.folder, mode, error) : NULL;
    if (journal == NULL && state.exists)
        return FALSE;
    batch.journal = journal;
    batch.names_key = state.naming_key;
    gboolean done =
        (journal == NULL ||
         (check_same(journal, "source", source, values->moved, values->dry_run, error) &&
          check_same(journal, "output", batch.output, values->moved, values->dry_run,
                     error))) &&
        open_inputs(values, source, shard, &batch, lists, error) &&
        run_in_state(&batch, report, totals, error);
    sp_inputs_free(batch.inputs);
    sp_inputs_free(batch.scout);
    sp_fd_clear(&lists[0]);
    sp_fd_clear(&lists[1]);
    return done;
}

static SpExit
run_in_folders(const SpBatch *asked, const Values *values, const char *source, SpShard shard)
{
    g_autoptr(GError) error = NULL;
    SpBatch batch = *asked;
    if (!check_folders(source, batch.output, &error))
        return sp_exit_complain(error);
    g_autofree char *state = values->state != NULL ? g_strdup(values->state)
                                                   : sp_state_default(batch.output, &error);
    if (state == NULL || !check_all_apart(values, source, batch.output, state, &error))
        return error != NULL ? sp_exit_complain(error) : SP_EXIT_USAGE;
    Report report = {.values = values, .state = state};
    SpBatchTotals totals = {0};
    batch.data = &report;
    sp_progress_init(&report.progress, values->json);
    report.next_json_us = g_get_monotonic_time() + JSON_USEC;
    (void)!run_batch(&batch, &report, source, state, shard, &totals, &error);
    SpExit code = end(&report, &totals, error);
    g_clear_error(&report.no_stdout);
    return code;
}

static SpExit
run(gconstpointer data, char *const *operands)
{
    const Values *values = data;
    g_autoptr(GError) error = NULL;
    SpShard shard;
    SpBatch batch = {
        .output = operands[1],
        .base_url = values->base_url,
        .flat = values->flat,
        .checksum = values->checksum,
        .redo_libraries = values->redo_libraries,
        .prune = values->prune,
        .dry_run = values->dry_run,
        .stop = sp_interrupt_seen,
        .func = tell,
    };
    if (!check_usage(values) || !sp_job_check_url("batch", values->base_url) ||
        !sp_job_check_number("batch", "jobs", values->jobs, &batch.jobs) ||
        !sp_job_check_number("batch", "threads", values->threads, &batch.threads) ||
        !read_shard(values, &shard) || !read_durability(values, &batch.durability))
        return SP_EXIT_USAGE;
    g_autoptr(SpPreset) preset = sp_job_load_preset(values->preset, values->sets, &error);
    if (preset == NULL || !sp_print_check_stdout(&error))
        return sp_exit_complain(error);
    batch.preset = preset;
    batch.jobs = batch.jobs != 0 ? batch.jobs : sp_batch_jobs(preset);
    return run_in_folders(&batch, values, operands[0], shard);
}

static void
more_help(GString *text)
{
    sp_help_preset_keys(text);
    sp_exit_help(text);
}

const SpCommand sp_command_batch = {
    .name = "batch",
    .usage = usage,
    .summary = SP_SUMMARY_BATCH,
    .description =
        "Makes every variant of the preset from each file in and below SOURCE and publishes\n"
        "them in OUTPUT, in folders named like the source's. What is done is remembered in a\n"
        "private state folder ($XDG_STATE_HOME/storyphoto/...): the same command goes on\n"
        "where it ended, and takes what is new or has changed. Links are not followed.\n",
    .options = options,
    .values_size = sizeof(Values),
    .min_operands = 2,
    .max_operands = 2,
    .operand = "SOURCE and OUTPUT",
    .more_help = more_help,
    .run = run,
};
