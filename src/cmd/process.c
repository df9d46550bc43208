/* SPDX-License-Identifier: MIT */
/* process.c -- `storyphoto process`: uploads in, published files and receipts out.
 *
 * As many photos at once as there are cores, each by one thread from its opening to its
 * receipt; told in the order of the command line, so what is printed is true of what is on the
 * disk. One bad photo stops none. Results go to standard output (lines for people, or receipts
 * with --json), errors to standard error. After a signal no further photo is started, and those
 * that are begun end and are told; when nobody can be told of results any more (standard output
 * is gone) those that run are cancelled too. */
#include "base/error.h"
#include "base/memfd.h"
#include "bulk/in-order.h"
#include "cmd/command.h"
#include "cmd/exit.h"
#include "cmd/explain.h"
#include "cmd/help.h"
#include "cmd/interrupt.h"
#include "cmd/job-options.h"
#include "cmd/print.h"
#include "cmd/reveal.h"
#include "cmd/table.h"
#include "cmd/tally.h"
#include "cmd/upload.h"
#include <stddef.h>
#include <unistd.h>

#define WINDOW 128 /* photos that a slow one may hold up */

typedef struct {
    char *preset, *folder;
    char **sets;
    char *receipts, *base_url, *to, *jobs;
    gboolean json, force, explain;
} Values;

static const char *const usage[] = {
    "process PHOTO... [-p PRESET] [-o DIR] [OPTION]...",
    "process PHOTO --to VARIANT [OPTION]...",
    NULL,
};

static const SpOption options[] = {
    {'p', "preset", SP_OPTION_TEXT, offsetof(Values, preset), "PRESET",
     "a preset's name or .ini file (default story)"},
    {'o', "output", SP_OPTION_TEXT, offsetof(Values, folder), "DIR",
     "publish in this folder, which must exist (default .)"},
    {0, "set", SP_OPTION_LIST, offsetof(Values, sets), "NAME.KEY=VALUE",
     "change one key; NAME is a variant, preset, limits or resize"},
    {0, "to", SP_OPTION_TEXT, offsetof(Values, to), "VARIANT",
     "make one variant and write it to standard output"},
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL,
     "print receipts, one JSON object a line"},
    {0, "explain", SP_OPTION_FLAG, offsetof(Values, explain), NULL,
     "tell how each file came about: each encode, and why it was not the last"},
    {0, "receipts", SP_OPTION_TEXT, offsetof(Values, receipts), "DIR",
     "keep each receipt in this folder, which must exist"},
    {0, "force", SP_OPTION_FLAG, offsetof(Values, force), NULL,
     "replace published files that have other bytes"},
    {0, "base-url", SP_OPTION_TEXT, offsetof(Values, base_url), "URL",
     "put URL before the names in the receipt's HTML"},
    {0, "jobs", SP_OPTION_TEXT, offsetof(Values, jobs), "N",
     "process up to N photos at once, 1 to 64 (default: one a core)"},
    {0},
};

/* ---- usage ---------------------------------------------------------------------------------
 */

static gboolean
wrong(const char *message)
{
    sp_complain_usage("process", "%s", message);
    return FALSE;
}

static gboolean
check_to(const Values *values, guint n_photos)
{
    if (n_photos != 1)
        return wrong("--to takes exactly one PHOTO");
    if (values->folder != NULL)
        return wrong("--to and --output exclude each other");
    if (values->base_url != NULL)
        return wrong("--to and --base-url exclude each other");
    if (values->force)
        return wrong("--to and --force exclude each other");
    if (isatty(STDOUT_FILENO))
        return wrong("--to writes a picture, but standard output is a terminal");
    return TRUE;
}

/* What the table of options cannot see; complains and returns FALSE. */
static gboolean
check_usage(const Values *values, char *const *photos)
{
    if (!sp_upload_check_names("process", photos) ||
        !sp_job_check_url("process", values->base_url))
        return FALSE;
    return values->to != NULL ? check_to(values, g_strv_length((char **)photos)) : TRUE;
}

/* Where published files go; NULL with --to. */
static const char *
output_folder(const Values *values)
{
    if (values->to != NULL)
        return NULL;
    return values->folder != NULL ? values->folder : ".";
}

static SpPreset *
load_preset(const Values *values, GError **error)
{
    g_autoptr(SpPreset) preset = sp_job_load_preset(values->preset, values->sets, error);
    if (preset == NULL ||
        (values->to != NULL && !sp_preset_has_variant(preset, values->to, error)))
        return NULL;
    return g_steal_pointer(&preset);
}

/* ---- what people read ----------------------------------------------------------------------
 */

static void
append_input(GString *text, const SpReceipt *receipt)
{
    g_autofree char *name = sp_print_escape(receipt->input_name);
    g_autofree char *size = sp_print_size(receipt->input_bytes);
    g_string_append_printf(text, "%s: %u x %u %s, %s", name, receipt->input_width,
                           receipt->input_height, receipt->input_format, size);
    g_string_append(text, receipt->removed == 0 ? "; nothing to remove" : "; removed ");
    sp_reveal_append_slugs(text, receipt->removed, ", ");
    g_string_append_c(text, '\n');
}

/* Variant, path, size, bytes and quality in columns. */
static void
append_outputs(GString *text, const GPtrArray *outputs)
{
    enum { N_COLUMNS = 5 };
    g_autoptr(GPtrArray) cells = sp_table_new();
    for (guint i = 0; i < outputs->len; i++) {
        const SpOutput *output = g_ptr_array_index(outputs, i);
        g_ptr_array_add(cells, sp_print_escape(output->variant));
        g_ptr_array_add(cells, sp_print_escape(output->path));
        g_ptr_array_add(cells, g_strdup_printf("%u x %u", output->width, output->height));
        g_ptr_array_add(cells, sp_print_size(output->bytes));
        g_ptr_array_add(cells, g_strdup_printf("q%.5g", output->quality));
    }
    sp_table_append(text, cells, N_COLUMNS, 0);
}

static void
complain_about(const SpReceipt *receipt, gboolean force)
{
    gboolean exists = g_error_matches(receipt->error, SP_ERROR, SP_ERROR_EXISTS);
    sp_complain("cannot process '%s': %s (%s%s)", receipt->input_name, receipt->error->message,
                sp_error_word(receipt->error->code),
                exists && !force ? "; --force replaces it" : "");
}

/* The lines of what was done come before its explanation; those of what was not are on standard
 * error. */
static void
append_explanation(GString *text, const SpReceipt *receipt)
{
    if (receipt->error != NULL && receipt->trace != NULL && receipt->trace->len > 0) {
        g_autofree char *name = sp_print_escape(receipt->input_name);
        g_string_append_printf(text, "%s: what was tried\n", name);
    }
    sp_explain_append(text, receipt);
}

/* For people. */
static void
report_lines(const Values *values, const SpReceipt *receipt, SpTally *tally)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (receipt->error != NULL) {
        complain_about(receipt, values->force);
    } else if (values->to == NULL) {
        append_input(text, receipt);
        append_outputs(text, receipt->outputs);
    }
    append_explanation(text, receipt);
    if (values->to != NULL)
        sp_print_stderr_raw(text->str);
    else if (text->len > 0)
        (void)!sp_print_stdout(text->str, &tally->no_stdout);
}

/* Tell what became of one photo. With --to the picture has standard output, and a receipt, when
 * one is asked for, goes to standard error instead. */
static void
report(const Values *values, const SpReceipt *receipt, SpTally *tally)
{
    if (values->json) {
        g_autofree char *json = sp_receipt_to_json(receipt);
        if (values->to != NULL) {
            sp_print_stderr(json);
            return;
        }
        g_autofree char *line = g_strconcat(json, "\n", NULL);
        (void)!sp_print_stdout(line, &tally->no_stdout);
    } else {
        report_lines(values, receipt, tally);
    }
}

/* ---- the work ------------------------------------------------------------------------------
 */

typedef struct {
    SpSession *session; /* borrowed, as all of it */
    const SpPreset *preset;
    const Values *values;
    char *const *photos; /* those that are not begun */
    guint jobs;          /* at once */
    gint waiting;        /* atomic: photos that nobody works at yet */
    SpTally *tally;      /* the calling thread's */
} Run;

typedef struct {
    const char *name; /* borrowed */
    const char *key;  /* borrowed; what its files are called after, NULL: nothing of its own */
    SpReceipt *receipt; /* owned; NULL until it is done */
} Photo;

static SpReceipt *
process_photo(const Run *run, const char *photo)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpFd) fd = sp_upload_open(photo, &error);
    if (fd < 0)
        return sp_receipt_new_failed(photo, run->preset, error);
    SpUpload upload = {.fd = fd, .name = photo};
    SpTarget target = {
        .folder = output_folder(run->values),
        .receipts = run->values->receipts,
        .base_url = run->values->base_url,
        .force = run->values->force,
        .explain = run->values->explain,
        .only_variant = run->values->to,
        .stdout_fd = STDOUT_FILENO,
        .threads = MAX(g_get_num_processors() / run->jobs, 1),
    };
    return sp_process(run->session, run->preset, &upload, &target);
}

static gboolean
take(gpointer slot, gpointer data, GError **error)
{
    Run *run = data;
    Photo *photo = slot;
    (void)error;
    if (*run->photos == NULL || sp_interrupt_seen())
        return FALSE;
    photo->name = *run->photos++;
    photo->key = sp_job_key(run->preset, photo->name);
    return TRUE;
}

/* Two photos of one name, where that names the files too: which of them is published must not
 * be a race. */
static const char *
key(gconstpointer slot)
{
    return ((const Photo *)slot)->key;
}

/* What fails, fails for this photo: it is told, and the next one has its chance. */
static gboolean
work(gpointer slot, gpointer tool, gpointer data, GError **error)
{
    Photo *photo = slot;
    Run *run = data;
    (void)tool, (void)error;
    if (g_atomic_int_dec_and_test(&run->waiting))
        sp_session_last(run->session);
    photo->receipt = process_photo(run, photo->name);
    return TRUE;
}

static gboolean
give(gpointer slot, gpointer data)
{
    Run *run = data;
    const Photo *photo = slot;
    sp_tally_add(run->tally, photo->receipt->error);
    report(run->values, photo->receipt, run->tally);
    if (run->tally->no_stdout == NULL)
        return TRUE;
    sp_session_cancel(run->session);
    return FALSE;
}

static void
drop(gpointer slot)
{
    Photo *photo = slot;
    g_clear_pointer(&photo->receipt, sp_receipt_free);
}

static void
process_all(Run *run)
{
    SpInOrder order = {
        .name = "process",
        .threads = run->jobs,
        .window = WINDOW,
        .slot_size = sizeof(Photo),
        .data = run,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
        .key = key,
    };
    (void)!sp_in_order_run(&order, NULL); /* tally knows why it ended */
    run->tally->again |= *run->photos != NULL;
}

static SpExit
run(gconstpointer data, char *const *photos)
{
    const Values *values = data;
    guint asked = 0;
    g_autoptr(GError) error = NULL;
    if (!check_usage(values, photos) ||
        !sp_job_check_number("process", "jobs", values->jobs, &asked) ||
        !sp_job_check_apart("process", output_folder(values), values->receipts))
        return SP_EXIT_USAGE;
    g_autoptr(SpPreset) preset = load_preset(values, &error);
    /* Names are made from outputs: a run whose answer nobody gets would publish for nobody. */
    if (preset == NULL || !sp_print_check_stdout(&error) ||
        !sp_job_check_folder("--output", values->folder, &error) ||
        !sp_job_check_folder("--receipts", values->receipts, &error))
        return sp_exit_complain(error);
    guint n_photos = g_strv_length((char **)photos);
    SpTally tally = {0};
    g_autoptr(SpSession) session = sp_session_new();
    Run run = {
        .session = session,
        .preset = preset,
        .values = values,
        .photos = photos,
        .jobs = MIN(sp_job_choose(asked), n_photos),
        .waiting = (gint)n_photos,
        .tally = &tally,
    };
    sp_interrupt_attach(session);
    process_all(&run);
    sp_interrupt_attach(NULL);
    return sp_tally_exit(&tally, photos[1] == NULL);
}

static void
more_help(GString *text)
{
    sp_help_preset_keys(text);
    sp_exit_help(text);
}

const SpCommand sp_command_process = {
    .name = "process",
    .usage = usage,
    .summary = "uploads in, published files and a receipt each out",
    .description =
        "Makes every variant of the preset from each PHOTO and publishes them in a folder.\n"
        "PHOTO is a file, a named pipe, or - for standard input.\n",
    .options = options,
    .values_size = sizeof(Values),
    .min_operands = 1,
    .operand = "PHOTO",
    .more_help = more_help,
    .run = run,
};
