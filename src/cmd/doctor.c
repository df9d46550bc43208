/* SPDX-License-Identifier: MIT */
/* doctor.c -- `storyphoto doctor`: is this host fit to take photos? */
#include "doctor/doctor.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/json-line.h"
#include "cmd/print.h"
#include <stddef.h>

typedef struct {
    char **outputs; /* owned, as all here */
    char **receipts;
    char **states;
    gboolean json;
} Values;

typedef struct {
    gboolean json;
    guint n[SP_DOCTOR_FAULT + 1];
    GError *no_stdout; /* owned */
} Report;

static const char *const usage[] = {
    "doctor [-o DIR] [--receipts DIR] [--state DIR] [--json]",
    NULL,
};

static const SpOption options[] = {
    {'o', "output", SP_OPTION_LIST, offsetof(Values, outputs), "DIR",
     "try whether files can be published in this folder; may be repeated"},
    {0, "receipts", SP_OPTION_LIST, offsetof(Values, receipts), "DIR",
     "try whether receipts can be kept in this folder"},
    {0, "state", SP_OPTION_LIST, offsetof(Values, states), "DIR",
     "try whether a batch's state can be kept in this folder"},
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL, "print one JSON object a line"},
    {0},
};

static const char *const words[] = {
    [SP_DOCTOR_OK] = "ok",
    [SP_DOCTOR_WARNING] = "warning",
    [SP_DOCTOR_FAULT] = "FAULT",
};

static char *
line_to_json(const SpDoctorLine *line)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *level = g_ascii_strdown(words[line->level], -1);
    json_builder_begin_object(builder);
    sp_json_line_add(builder, "schema", "storyphoto.doctor/1");
    sp_json_line_add(builder, "level", level);
    sp_json_line_add(builder, "group", line->group);
    sp_json_line_add(builder, "name", line->name);
    sp_json_line_add(builder, "found", line->found);
    sp_json_line_add(builder, "advice", line->advice);
    return sp_json_line_finish(builder);
}

static char *
line_to_text(const SpDoctorLine *line)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *name = sp_print_escape(line->name);
    g_autofree char *found = sp_print_escape(line->found);
    sp_print_pad(text, words[line->level], 7);
    g_string_append_c(text, ' ');
    sp_print_pad(text, line->group, 9);
    g_string_append_c(text, ' ');
    sp_print_pad(text, name, 13);
    g_string_append_printf(text, " %s\n", found);
    if (line->advice != NULL)
        g_string_append_printf(text, "%8s%s\n", "", line->advice);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
on_line(const SpDoctorLine *line, gpointer data)
{
    Report *report = data;
    report->n[line->level]++;
    g_autofree char *text = report->json ? line_to_json(line) : line_to_text(line);
    if (report->no_stdout == NULL)
        (void)!sp_print_stdout(text, &report->no_stdout);
}

static SpExit
conclude(Report *report)
{
    guint faults = report->n[SP_DOCTOR_FAULT], warnings = report->n[SP_DOCTOR_WARNING];
    g_autofree char *summary =
        faults + warnings == 0
            ? g_strdup("\nall is well\n")
            : g_strdup_printf("\n%u fault%s, %u warning%s\n", faults, faults == 1 ? "" : "s",
                              warnings, warnings == 1 ? "" : "s");
    if (!report->json && report->no_stdout == NULL)
        (void)!sp_print_stdout(summary, &report->no_stdout);
    if (report->no_stdout != NULL) {
        SpExit code = sp_exit_complain(report->no_stdout);
        g_clear_error(&report->no_stdout);
        return code;
    }
    if (sp_interrupt_seen())
        return SP_EXIT_AGAIN;
    return faults + warnings == 0 ? SP_EXIT_OK : SP_EXIT_SOME;
}

static SpExit
run(gconstpointer data, char *const *operands)
{
    const Values *values = data;
    g_autoptr(GError) error = NULL;
    if (operands[0] != NULL) {
        sp_complain_usage("doctor", "doctor takes no argument, not '%s'", operands[0]);
        return SP_EXIT_USAGE;
    }
    if (!sp_print_check_stdout(&error))
        return sp_exit_complain(error);
    g_autoptr(GPtrArray) privates = g_ptr_array_new();
    for (char **folder = values->receipts; folder != NULL && *folder != NULL; folder++)
        g_ptr_array_add(privates, *folder);
    for (char **folder = values->states; folder != NULL && *folder != NULL; folder++)
        g_ptr_array_add(privates, *folder);
    g_ptr_array_add(privates, NULL);
    Report report = {.json = values->json};
    SpDoctorOptions doctor = {
        .outputs = (const char *const *)values->outputs,
        .privates = (const char *const *)privates->pdata,
        .stop = sp_interrupt_seen,
        .line = on_line,
        .data = &report,
    };
    g_autoptr(SpSession) session = sp_session_new();
    sp_interrupt_attach(session);
    sp_doctor_run(session, &doctor);
    sp_interrupt_attach(NULL);
    return conclude(&report);
}

const SpCommand sp_command_doctor = {
    .name = "doctor",
    .usage = usage,
    .summary = "look whether this host is fit to take photos, and say what to mend",
    .description =
        "Libraries against a floor of security fixes, the lock, the kernel, limits, folders,\n"
        "and how long one photo takes. Run it as the user of the service. It changes\n"
        "nothing. The exit code is 1 when there is anything to mend.\n",
    .options = options,
    .values_size = sizeof(Values),
    .run = run,
};
