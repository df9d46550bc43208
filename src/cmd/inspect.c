/* SPDX-License-Identifier: MIT */
/* inspect.c -- `storyphoto inspect`: what would this upload reveal?
 *
 * First for the person who sends it: a line for each kind of thing, in words. Then for whoever
 * keeps the site: a table of the carriers. Values are shown only to a person at a terminal, and
 * only when asked for: what is written to a file or a pipe is kept, and must not keep secrets.
 * Nothing is written anywhere else. */
#include "base/error.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/print.h"
#include "cmd/reveal.h"
#include "cmd/table.h"
#include "cmd/tally.h"
#include "cmd/upload.h"
#include <stddef.h>
#include <unistd.h>

#define MOST_BYTES ((guint64)64 << 20) /* as limits.max-upload, unless a preset changes it */
#define VALUE_CHARS 120                /* of a value are shown */

typedef struct {
    gboolean json, values;
} Values;

static const char *const usage[] = {
    "inspect PHOTO... [--json | --values]",
    NULL,
};

static const SpOption options[] = {
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL,
     "print one JSON object a line, without values"},
    {0, "values", SP_OPTION_FLAG, offsetof(Values, values), NULL,
     "show the values too, at a terminal"},
    {0},
};

static gboolean
check_usage(const Values *values, char *const *photos)
{
    if (values->values && values->json)
        sp_complain_usage("inspect", "--values and --json exclude each other");
    else if (values->values && !isatty(STDOUT_FILENO))
        sp_complain_usage("inspect", "--values is for a terminal, and standard output is none");
    else
        return sp_upload_check_names("inspect", photos);
    return FALSE;
}

/* ---- what people read ----------------------------------------------------------------------
 */

static void
append_heading(GString *text, const SpInspection *inspection)
{
    g_autofree char *name = sp_print_escape(inspection->input_name);
    g_autofree char *format = sp_reveal_format(inspection->input_format);
    g_string_append_printf(text, "%s: %s", name, format);
    if (inspection->width != 0 && inspection->height != 0)
        g_string_append_printf(text, ", %u x %u", inspection->width, inspection->height);
    if (inspection->input_bytes != 0) {
        g_autofree char *size = sp_print_size(inspection->input_bytes);
        g_string_append_printf(text, ", %s", size);
    }
    if (inspection->reveals == 0)
        g_string_append(text, " reveals nothing that storyphoto can read\n");
    else
        g_string_append(text,
                        inspection->error == NULL ? " reveals:\n" : " reveals at least:\n");
}

static void
append_words(GString *text, guint32 reveals)
{
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        if ((reveals & (1u << i)) != 0)
            g_string_append_printf(text, "  %s\n", sp_category_words(i));
}

static char *
slugs(guint32 reveals)
{
    GString *text = g_string_new(reveals == 0 ? "nothing" : NULL);
    sp_reveal_append_slugs(text, reveals, ", ");
    return g_string_free(text, FALSE);
}

static void
append_carriers(GString *text, const GArray *carriers)
{
    enum { N_COLUMNS = 5, COUNT = 1 << 2, SIZE = 1 << 3 };
    static const char *const titles[N_COLUMNS] = {"CARRIER", "PLACE", "COUNT", "SIZE",
                                                  "REVEALS"};
    if (carriers->len == 0)
        return;
    g_autoptr(GPtrArray) cells = sp_table_new();
    for (guint i = 0; i < N_COLUMNS; i++)
        g_ptr_array_add(cells, g_strdup(titles[i]));
    for (guint i = 0; i < carriers->len; i++) {
        const SpFinding *finding = &g_array_index(carriers, SpFinding, i);
        g_ptr_array_add(cells, g_strdup(finding->title));
        g_ptr_array_add(cells, sp_print_escape(finding->place));
        g_ptr_array_add(cells, g_strdup_printf("%u", finding->count));
        g_ptr_array_add(cells, sp_print_size(finding->bytes));
        g_ptr_array_add(cells, slugs(finding->reveals));
    }
    g_string_append_c(text, '\n');
    sp_table_append(text, cells, N_COLUMNS, COUNT | SIZE);
}

/* Escaped, and cut when it is long. */
static char *
show_value(const char *value)
{
    g_autofree char *escaped = sp_print_escape(value);
    if (g_utf8_strlen(escaped, -1) <= VALUE_CHARS)
        return g_steal_pointer(&escaped);
    g_autofree char *start = g_utf8_substring(escaped, 0, VALUE_CHARS);
    return g_strconcat(start, "...", NULL);
}

static void
append_values(GString *text, const SpInspection *inspection)
{
    enum { N_COLUMNS = 3 };
    if (inspection->values->len == 0)
        return;
    g_autoptr(GPtrArray) cells = sp_table_new();
    for (guint i = 0; i < inspection->values->len; i++) {
        const SpRevealedValue *value = g_ptr_array_index(inspection->values, i);
        g_ptr_array_add(cells, slugs(value->category));
        g_ptr_array_add(cells, sp_print_escape(value->name));
        g_ptr_array_add(cells, show_value(value->value));
    }
    g_string_append_c(text, '\n');
    sp_table_append(text, cells, N_COLUMNS, 0);
    if (inspection->values_cut)
        g_string_append(text, "  ... and more\n");
}

/* What broke off is told as far as it was read, unless nothing was found: that would be read as
 * a promise. */
static void
report_to_people(const SpInspection *inspection, gboolean first, SpTally *tally)
{
    if (inspection->error != NULL)
        sp_complain("cannot inspect '%s'%s: %s (%s)", inspection->input_name,
                    inspection->reveals != 0 ? " to its end" : "", inspection->error->message,
                    sp_error_word(inspection->error->code));
    if (inspection->error != NULL && inspection->reveals == 0)
        return;
    g_autoptr(GString) text = g_string_new(first ? NULL : "\n");
    append_heading(text, inspection);
    append_words(text, inspection->reveals);
    append_carriers(text, inspection->carriers);
    append_values(text, inspection);
    (void)!sp_print_stdout(text->str, &tally->no_stdout);
}

/* ---- the work ------------------------------------------------------------------------------
 */

static SpInspection *
inspect_photo(SpSession *session, const char *photo, gboolean values)
{
    g_autoptr(GError) error = NULL;
    g_auto(SpFd) fd = sp_upload_open(photo, &error);
    if (fd < 0 && !g_str_equal(photo, "-") && g_file_test(photo, G_FILE_TEST_IS_DIR)) {
        g_autofree char *message = g_steal_pointer(&error->message);
        error->message = g_strconcat(message, "; 'storyphoto audit' reads folders", NULL);
    }
    if (fd < 0)
        return sp_inspection_new_failed(photo, error);
    SpUpload upload = {.fd = fd, .name = photo};
    return sp_inspect(session, &upload, MOST_BYTES, values);
}

static void
inspect_all(SpSession *session, const Values *values, char *const *photos, SpTally *tally)
{
    for (guint i = 0; photos[i] != NULL && tally->no_stdout == NULL; i++) {
        if (sp_interrupt_seen()) {
            tally->again = TRUE;
            return;
        }
        g_autoptr(SpInspection) inspection = inspect_photo(session, photos[i], values->values);
        sp_tally_add(tally, inspection->error);
        if (!values->json) {
            report_to_people(inspection, i == 0, tally);
            continue;
        }
        g_autofree char *json = sp_inspection_to_json(inspection);
        g_autofree char *line = g_strconcat(json, "\n", NULL);
        (void)!sp_print_stdout(line, &tally->no_stdout);
    }
}

static SpExit
run(gconstpointer data, char *const *photos)
{
    const Values *values = data;
    g_autoptr(GError) error = NULL;
    if (!check_usage(values, photos))
        return SP_EXIT_USAGE;
    if (!sp_print_check_stdout(&error))
        return sp_exit_complain(error);
    SpTally tally = {0};
    g_autoptr(SpSession) session = sp_session_new();
    sp_interrupt_attach(session);
    inspect_all(session, values, photos, &tally);
    sp_interrupt_attach(NULL);
    return sp_tally_exit(&tally, photos[1] == NULL);
}

const SpCommand sp_command_inspect = {
    .name = "inspect",
    .usage = usage,
    .summary = "what would this photo reveal? nothing is written",
    .description =
        "Says what each PHOTO tells beside its picture, in words, and then in which parts\n"
        "of the file (carriers) it stands. PHOTO is a file, a named pipe, or - for standard\n"
        "input. To reveal something is no failure.\n",
    .options = options,
    .values_size = sizeof(Values),
    .min_operands = 1,
    .operand = "PHOTO",
    .more_help = sp_exit_help,
    .run = run,
};
