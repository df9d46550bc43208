/* SPDX-License-Identifier: MIT */
/* audit.c -- `storyphoto audit`: what do files reveal that are published already?
 *
 * The walk and the inspectors are bulk/'s; here verdicts are printed, in the order of the walk,
 * as lines for people, JSON or CSV. Nothing is ever written but that. */
#include "base/error.h"
#include "bulk/audit-json.h"
#include "cmd/audit-text.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/print.h"
#include <stddef.h>
#include <unistd.h>

#define MOST_BYTES ((guint64)256 << 20) /* of one file; what is larger is unproved */
#define PROGRESS_USEC 100000

typedef struct {
    gboolean json, csv;
    char **exclude; /* owned; NULL: nothing */
} Values;

/* A run of the command. */
typedef struct {
    const Values *values; /* borrowed */
    SpAuditTally tally;
    GError *no_stdout;    /* owned; standard output cannot be written */
    gboolean progress;    /* on standard error */
    gint64 next_progress; /* monotonic time */
    gboolean shown;       /* a line of progress is on the terminal now */
} Report;

static const char *const usage[] = {
    "audit FILE|DIR... [--json | --csv] [--exclude GLOB]...",
    NULL,
};

static const SpOption options[] = {
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL,
     "print one JSON object a line for every file, then one for all"},
    {0, "csv", SP_OPTION_FLAG, offsetof(Values, csv), NULL,
     "print a header, then one line for every file"},
    {0, "exclude", SP_OPTION_LIST, offsetof(Values, exclude), "GLOB",
     "leave out what matches by its name, or by its path below the named DIR"},
    {0},
};

static gboolean
check_usage(const Values *values, char *const *paths)
{
    if (values->json && values->csv) {
        sp_complain_usage("audit", "--json and --csv exclude each other");
        return FALSE;
    }
    for (guint i = 0; paths[i] != NULL; i++) {
        if (!g_str_equal(paths[i], "-"))
            continue;
        sp_complain_usage("audit", "audit does not read standard input; for a file of that "
                                   "name write './-'");
        return FALSE;
    }
    return TRUE;
}

/* ---- progress: on a terminal, and never in the way of a result -----------------------------
 */

static void
hide_progress(Report *report)
{
    if (report->shown)
        sp_print_stderr_raw("\r\033[K");
    report->shown = FALSE;
}

static void
show_progress(Report *report)
{
    gint64 now = g_get_monotonic_time();
    if (!report->progress || now < report->next_progress)
        return;
    const SpAuditTally *tally = &report->tally;
    g_autofree char *line = g_strdup_printf("\r\033[K%" G_GUINT64_FORMAT
                                            " files, %" G_GUINT64_FORMAT " of them leak",
                                            tally->files, tally->verdicts[SP_VERDICT_LEAKS]);
    sp_print_stderr_raw(line);
    report->shown = TRUE;
    report->next_progress = now + PROGRESS_USEC;
}

/* ---- verdicts ------------------------------------------------------------------------------
 */

/* text may be NULL: nothing to print. */
static gboolean
print(Report *report, const char *text)
{
    if (text == NULL)
        return TRUE;
    hide_progress(report);
    return sp_print_stdout(text, &report->no_stdout);
}

static char *
line_of(char *json)
{
    char *line = g_strconcat(json, "\n", NULL);
    g_free(json);
    return line;
}

static gboolean
tell(const SpAudited *audited, gpointer data)
{
    Report *report = data;
    sp_audit_tally_add(&report->tally, audited);
    g_autofree char *line = report->values->json  ? line_of(sp_audited_to_json(audited))
                            : report->values->csv ? sp_audit_csv(audited)
                                                  : sp_audit_text(audited);
    if (!print(report, line))
        return FALSE;
    show_progress(report);
    return TRUE;
}

static gboolean
tell_summary(Report *report, guint64 folders, gboolean complete)
{
    SpAuditTally *tally = &report->tally;
    sp_audit_tally_sort(tally);
    hide_progress(report);
    if (report->values->csv)
        return TRUE; /* each line of it is a file */
    g_autofree char *text = report->values->json
                                ? line_of(sp_audit_tally_to_json(tally, folders, complete))
                                : sp_audit_text_summary(tally, folders, complete);
    return print(report, text);
}

/* ---- the work ------------------------------------------------------------------------------
 */

static SpExit
audit(SpSession *session, Report *report, char *const *paths)
{
    g_autoptr(GError) error = NULL;
    guint64 folders = 0;
    SpAuditRun run = {.max_bytes = MOST_BYTES,
                      .exclude = report->values->exclude,
                      .func = tell,
                      .data = report};
    if (report->values->csv && !print(report, sp_audit_csv_header()))
        return sp_exit_complain(report->no_stdout);
    gboolean complete = sp_audit_run(session, paths, &run, &folders, &error);
    if (report->no_stdout == NULL)
        (void)!tell_summary(report, folders, complete);
    hide_progress(report);
    if (report->no_stdout != NULL)
        return sp_exit_complain(report->no_stdout);
    if (error != NULL) {
        sp_complain("the audit is not complete: %s", error->message);
        return sp_exit_code(error);
    }
    return sp_audit_tally_is_clean(&report->tally) ? SP_EXIT_OK : SP_EXIT_SOME;
}

static SpExit
run(gconstpointer data, char *const *paths)
{
    g_autoptr(GError) error = NULL;
    Report report = {.values = data, .progress = isatty(STDERR_FILENO) != 0};
    if (!check_usage(report.values, paths))
        return SP_EXIT_USAGE;
    if (!sp_print_check_stdout(&error))
        return sp_exit_complain(error);
    sp_audit_tally_init(&report.tally);
    g_autoptr(SpSession) session = sp_session_new();
    sp_interrupt_attach(session);
    SpExit code = audit(session, &report, paths);
    sp_interrupt_attach(NULL);
    sp_audit_tally_clear(&report.tally);
    g_clear_error(&report.no_stdout);
    return code;
}

const SpCommand sp_command_audit = {
    .name = "audit",
    .usage = usage,
    .summary = "which published files reveal something? exit 1 if any does",
    .description =
        "Reads every file that is named, and every file in and below every folder, and says\n"
        "of each that is not clean what it leaks, in which part of the file (carrier), and\n"
        "of all what they come to. No pixel is decoded, nothing is written. Links below a\n"
        "folder are not followed.\n"
        "\n"
        "  clean      reveals nothing\n"
        "  leaks      reveals something\n"
        "  unproved   a picture, video or document that cannot be read to its end, or never\n"
        "             is: TIFF, SVG, PDF, video, archives\n"
        "  skipped    no picture, neither by its bytes nor by its name, or excluded\n"
        "  failed     cannot be opened or read\n",
    .options = options,
    .values_size = sizeof(Values),
    .min_operands = 1,
    .operand = "FILE|DIR",
    .more_help = sp_exit_help,
    .run = run,
};
