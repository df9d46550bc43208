/* SPDX-License-Identifier: MIT */
/* stream.c -- `storyphoto stream`: uploads in through a pipe, results out through another.
 *
 * Two ways to do it. An archive in, an archive out: bulk/stream.h. Or paths in, each answered
 * by a receipt as soon as it is there and those before it are told: one process that a backend
 * keeps and asks upload after upload. There the receipts tell what became of each, and the exit
 * code whether all were told.
 *
 * After a signal nothing further is begun, and what is begun is finished and told. */
#include "bulk/stream.h"
#include "base/error.h"
#include "base/memfd.h"
#include "bulk/in-order.h"
#include "bulk/lines.h"
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/exit.h"
#include "cmd/help.h"
#include "cmd/interrupt.h"
#include "cmd/job-options.h"
#include "cmd/print.h"
#include "cmd/upload.h"
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_PATH 4095 /* bytes: PATH_MAX, less its end */

typedef struct {
    char *preset, *folder;
    char **sets;
    char *receipts, *base_url, *jobs;
    gboolean lines, null, force;
} Values;

static const char *const usage[] = {
    "stream [-p PRESET] [OPTION]... <UPLOADS.tar >RESULTS.tar",
    "stream --lines|-0 [-p PRESET] [-o DIR] [OPTION]... <PATHS >RECEIPTS",
    NULL,
};

static const SpOption options[] = {
    {'p', "preset", SP_OPTION_TEXT, offsetof(Values, preset), "PRESET",
     "a preset's name or .ini file (default story)"},
    {0, "set", SP_OPTION_LIST, offsetof(Values, sets), "NAME.KEY=VALUE",
     "change one key; NAME is a variant, preset, limits or resize"},
    {0, "base-url", SP_OPTION_TEXT, offsetof(Values, base_url), "URL",
     "put URL before the names in the receipt's HTML"},
    {0, "jobs", SP_OPTION_TEXT, offsetof(Values, jobs), "N",
     "process up to N photos at once, 1 to 64 (default: one a core)"},
    {0, "lines", SP_OPTION_FLAG, offsetof(Values, lines), NULL,
     "read paths, one a line, and print a receipt for each"},
    {'0', "null", SP_OPTION_FLAG, offsetof(Values, null), NULL,
     "the same, with a NUL behind each path"},
    {'o', "output", SP_OPTION_TEXT, offsetof(Values, folder), "DIR",
     "of paths: publish in this folder, which must exist (default .)"},
    {0, "receipts", SP_OPTION_TEXT, offsetof(Values, receipts), "DIR",
     "of paths: keep each receipt in this folder too, which must exist"},
    {0, "force", SP_OPTION_FLAG, offsetof(Values, force), NULL,
     "of paths: replace published files that have other bytes"},
    {0},
};

static gboolean
reads_paths(const Values *values)
{
    return values->lines || values->null;
}

static gboolean
wrong(const char *message)
{
    sp_complain_usage("stream", "%s", message);
    return FALSE;
}

/* An archive has its receipts in it, and names no folder. */
static gboolean
check_archive(const Values *values)
{
    if (values->folder != NULL || values->receipts != NULL || values->force)
        return wrong("--output, --receipts and --force are for paths: add --lines or -0");
    if (isatty(STDIN_FILENO))
        return wrong("stream reads a tar archive, but standard input is a terminal");
    if (isatty(STDOUT_FILENO))
        return wrong("stream writes a tar archive, but standard output is a terminal");
    return TRUE;
}

/* What the table of options cannot see; complains and returns FALSE. */
static gboolean
check_usage(const Values *values, char *const *operands)
{
    if (*operands != NULL)
        return wrong("stream reads standard input and takes no PHOTO");
    if (values->lines && values->null)
        return wrong("--lines and --null exclude each other");
    if (!reads_paths(values))
        return check_archive(values);
    return sp_job_check_apart("stream", values->folder != NULL ? values->folder : ".",
                              values->receipts);
}

/* ---- an archive ----------------------------------------------------------------------------
 */

static void
tell_skipped(const char *name, const char *what, gpointer data G_GNUC_UNUSED)
{
    sp_complain("skipped '%s': is %s", name, what);
}

static void
tell_totals(const SpStreamTotals *totals)
{
    sp_complain("%" G_GUINT64_FORMAT " entries: %" G_GUINT64_FORMAT " done, %" G_GUINT64_FORMAT
                " refused, %" G_GUINT64_FORMAT " failed, %" G_GUINT64_FORMAT " skipped",
                totals->entries, totals->done, totals->refused, totals->failed,
                totals->skipped);
}

static SpExit
stream_archive(const Values *values, const SpPreset *preset, guint jobs)
{
    g_autoptr(GError) error = NULL;
    SpStream stream = {
        .preset = preset,
        .base_url = values->base_url,
        .jobs = jobs,
        .output = STDOUT_FILENO,
        .stop_fd = sp_interrupt_note(),
        .skipped = tell_skipped,
    };
    SpStreamTotals totals = {0};
    stream.input = sp_upload_open("-", &error);
    if (stream.input < 0)
        return sp_exit_complain(error);
    g_autoptr(SpSession) session = sp_session_new();
    gboolean all = sp_stream_run(session, &stream, &totals, &error);
    SpExit code = all ? SP_EXIT_OK : sp_exit_complain(error);
    tell_totals(&totals);
    return all && totals.refused + totals.failed > 0 ? SP_EXIT_SOME : code;
}

/* ---- paths ---------------------------------------------------------------------------------
 */

typedef struct {
    SpSession *session; /* borrowed, as all of it */
    const SpPreset *preset;
    const Values *values;
    guint jobs;
    SpLines *lines;
    gint is_over;      /* atomic: nobody can be told of results any more */
    GError *unread;    /* owned; why paths are not read on */
    GError *no_stdout; /* owned; standard output cannot be written */
} Run;

typedef struct {
    char *path;         /* owned */
    const char *key;    /* borrowed from it; or NULL */
    GError *problem;    /* owned; why it is none */
    SpReceipt *receipt; /* owned; NULL until it is done */
} Photo;

static gboolean
is_over(gpointer data)
{
    Run *run = data;
    return sp_interrupt_seen() || g_atomic_int_get(&run->is_over);
}

/* Why a line is no path, or NULL. */
static GError *
judge(const SpLine *line)
{
    GError *problem = NULL;
    if (line->n == 0)
        sp_throw(&problem, SP_ERROR_CANNOT_READ, "the path is empty");
    else if (line->cut)
        sp_throw(&problem, SP_ERROR_CANNOT_READ, "the path is longer than %d bytes", MOST_PATH);
    else if (strlen(line->text) != line->n)
        sp_throw(&problem, SP_ERROR_CANNOT_READ, "the path has a NUL in it");
    return problem;
}

static gboolean
take(gpointer slot, gpointer data, GError **error)
{
    Photo *photo = slot;
    Run *run = data;
    SpLine line;
    (void)error;
    if (!sp_lines_next(run->lines, &line, &run->unread))
        return FALSE;
    photo->path = g_strdup(line.text);
    photo->key = sp_job_key(run->preset, photo->path);
    photo->problem = judge(&line);
    return TRUE;
}

/* "-" is a file of that name: standard input has paths. */
static SpReceipt *
process(const Run *run, const Photo *photo, GError **error)
{
    g_auto(SpFd) fd =
        sp_upload_open(g_str_equal(photo->path, "-") ? "./-" : photo->path, error);
    struct stat about;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode)) /* who knows how long */
        return sp_throw_null(error, SP_ERROR_CANNOT_READ,
                             "a named pipe among paths is not read");
    SpUpload upload = {.fd = fd, .name = photo->path};
    SpTarget target = {
        .folder = run->values->folder != NULL ? run->values->folder : ".",
        .receipts = run->values->receipts,
        .base_url = run->values->base_url,
        .force = run->values->force,
        .threads = MAX(g_get_num_processors() / run->jobs, 1),
    };
    return sp_process(run->session, run->preset, &upload, &target);
}

static gboolean
work(gpointer slot, gpointer tool, gpointer data, GError **error)
{
    Photo *photo = slot;
    const Run *run = data;
    g_autoptr(GError) unopened = g_steal_pointer(&photo->problem);
    (void)tool, (void)error;
    if (unopened == NULL)
        photo->receipt = process(run, photo, &unopened);
    if (photo->receipt == NULL)
        photo->receipt = sp_receipt_new_failed(photo->path, run->preset, unopened);
    return TRUE;
}

static gboolean
give(gpointer slot, gpointer data)
{
    const Photo *photo = slot;
    Run *run = data;
    g_autofree char *json = sp_receipt_to_json(photo->receipt);
    g_autofree char *line = g_strconcat(json, "\n", NULL);
    if (sp_print_stdout(line, &run->no_stdout))
        return TRUE;
    sp_session_cancel(run->session);
    g_atomic_int_set(&run->is_over, 1);
    return FALSE;
}

static void
drop(gpointer slot)
{
    Photo *photo = slot;
    g_clear_pointer(&photo->path, g_free);
    g_clear_error(&photo->problem);
    g_clear_pointer(&photo->receipt, sp_receipt_free);
}

static const char *
key(gconstpointer slot)
{
    return ((const Photo *)slot)->key;
}

static SpExit
stream_paths(const Values *values, const SpPreset *preset, guint jobs)
{
    g_autoptr(SpSession) session = sp_session_new();
    g_autoptr(SpLines) lines =
        sp_lines_new(STDIN_FILENO, values->null ? '\0' : '\n', MOST_PATH);
    Run run = {session, preset, values, jobs, lines, 0, NULL, NULL};
    SpInOrder order = {
        .name = "stream",
        .threads = jobs,
        .window = 2 * jobs,
        .slot_size = sizeof(Photo),
        .data = &run,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
        .key = key,
    };
    (void)sp_interrupt_note();
    sp_lines_set_stop(lines, is_over, &run);
    (void)!sp_in_order_run(&order, NULL); /* run knows why it ended */
    g_autoptr(GError) unread = run.unread;
    g_autoptr(GError) no_stdout = run.no_stdout;
    if (no_stdout != NULL)
        return sp_exit_complain(no_stdout);
    return unread != NULL ? sp_exit_complain(unread) : SP_EXIT_OK;
}

/* ---- both ----------------------------------------------------------------------------------
 */

static SpExit
run(gconstpointer data, char *const *operands)
{
    const Values *values = data;
    guint asked = 0;
    g_autoptr(GError) error = NULL;
    if (!check_usage(values, operands) || !sp_job_check_url("stream", values->base_url) ||
        !sp_job_check_number("stream", "jobs", values->jobs, &asked))
        return SP_EXIT_USAGE;
    g_autoptr(SpPreset) preset = sp_job_load_preset(values->preset, values->sets, &error);
    if (preset == NULL || !sp_print_check_stdout(&error) ||
        !sp_job_check_folder("--output", values->folder, &error) ||
        !sp_job_check_folder("--receipts", values->receipts, &error))
        return sp_exit_complain(error);
    if (sp_print_stdin_was_closed()) {
        sp_throw(&error, SP_ERROR_CANNOT_READ, "standard input is closed");
        return sp_exit_complain(error);
    }
    guint jobs = sp_job_choose(asked);
    return reads_paths(values) ? stream_paths(values, preset, jobs)
                               : stream_archive(values, preset, jobs);
}

static void
more_help(GString *text)
{
    static const char more[] =
        "\n"
        "of an archive:\n"
        "  Regular files are uploads; all else is skipped, and said. For entry number K the\n"
        "  output has its variants, then receipts/K.json (six digits); of one that is not\n"
        "  done, the receipt alone. Names lose what leads out of a folder. Compressed "
        "archives\n"
        "  are not read. If an archive is cut or damaged, what came before is done, the "
        "output\n"
        "  has its end, and the exit code is neither 0 nor 1.\n"
        "\n"
        "of paths:\n"
        "  One receipt a path, in order, written as soon as it is known; one bad path stops\n"
        "  nothing. The exit code is 0 when each path was answered: whether it is done, its\n"
        "  receipt says.\n";
    g_string_append(text, more);
    sp_help_preset_keys(text);
    sp_exit_help(text);
}

const SpCommand sp_command_stream = {
    .name = "stream",
    .usage = usage,
    .summary = SP_SUMMARY_STREAM,
    .description =
        "Reads a tar archive of photos and writes one of their variants and receipts, in\n"
        "constant memory. Or reads paths and answers each with a receipt, one JSON object a\n"
        "line, for as long as standard input is open.\n",
    .options = options,
    .values_size = sizeof(Values),
    .more_help = more_help,
    .run = run,
};
