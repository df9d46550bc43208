/* SPDX-License-Identifier: MIT */
/* selftest.c -- `storyphoto selftest`: prove on this host that nothing leaks. */
#include "selftest/selftest.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/json-line.h"
#include "cmd/print.h"
#include <stddef.h>

typedef struct {
    char *keep;
    gboolean json;
} Values;

/* What the lines so far came to. */
typedef struct {
    gboolean json;
    guint n_ok, n_failed, n_unavailable, n_left_out;
    guint64 n_searched;
    GError *no_stdout; /* owned */
} Tally;

static const char *const usage[] = {
    "selftest [--json] [--keep DIR]",
    NULL,
};

static const SpOption options[] = {
    {0, "json", SP_OPTION_FLAG, offsetof(Values, json), NULL, "print one JSON object a line"},
    {0, "keep", SP_OPTION_TEXT, offsetof(Values, keep), "DIR",
     "keep uploads and outputs in a new folder in this one"},
    {0},
};

static const char *const result_words[] = {
    [SP_SELFTEST_OK] = "ok",
    [SP_SELFTEST_FAILED] = "FAILED",
    [SP_SELFTEST_UNAVAILABLE] = "unavailable",
    [SP_SELFTEST_LEFT_OUT] = "none",
};

static char *
line_to_json(const SpSelftestLine *line)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *result = g_ascii_strdown(result_words[line->result], -1);
    json_builder_begin_object(builder);
    sp_json_line_add(builder, "schema", "storyphoto.selftest/1");
    sp_json_line_add(builder, "group", line->group);
    sp_json_line_add(builder, "name", line->name);
    sp_json_line_add(builder, "result", result);
    if (*line->found != '\0')
        sp_json_line_add(builder, "found", line->found);
    json_builder_set_member_name(builder, "searched");
    json_builder_add_int_value(builder, line->n_searched);
    sp_json_line_add(builder, "fault", line->fault);
    return sp_json_line_finish(builder);
}

static char *
line_to_text(const SpSelftestLine *line)
{
    g_autoptr(GString) text = g_string_new(NULL);
    sp_print_pad(text, result_words[line->result], 6);
    g_string_append_c(text, ' ');
    sp_print_pad(text, line->group, 7);
    g_string_append_c(text, ' ');
    sp_print_pad(text, line->name, 31);
    g_string_append_c(text, ' ');
    if (line->fault != NULL) {
        g_autofree char *fault = sp_print_escape(line->fault);
        g_string_append(text, fault);
    } else if (*line->found != '\0') {
        g_string_append_printf(text, "in the upload (%s), in none of %u outputs", line->found,
                               line->n_searched);
    } else if (g_str_equal(line->group, "audit")) {
        g_string_append_printf(text, "%u, all as it must be", line->n_searched);
    } else if (line->n_searched > 0) {
        g_string_append_printf(text, "in none of %u outputs", line->n_searched);
    } else {
        g_string_append(text, "magenta is seen where it is shown");
    }
    g_string_append_c(text, '\n');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
on_line(const SpSelftestLine *line, gpointer data)
{
    Tally *tally = data;
    tally->n_ok += line->result == SP_SELFTEST_OK;
    tally->n_failed += line->result == SP_SELFTEST_FAILED;
    tally->n_unavailable += line->result == SP_SELFTEST_UNAVAILABLE;
    tally->n_left_out += line->result == SP_SELFTEST_LEFT_OUT;
    tally->n_searched += line->n_searched;
    g_autofree char *text = tally->json ? line_to_json(line) : line_to_text(line);
    if (tally->no_stdout == NULL)
        (void)!sp_print_stdout(text, &tally->no_stdout);
}

static SpExit
finish(Tally *tally)
{
    g_autofree char *summary = g_strdup_printf(
        "%u ok, %u failed, %u unavailable, %u without a canary; %" G_GUINT64_FORMAT
        " outputs, names, receipts and messages searched\n",
        tally->n_ok, tally->n_failed, tally->n_unavailable, tally->n_left_out,
        tally->n_searched);
    if (!tally->json && tally->no_stdout == NULL)
        (void)!sp_print_stdout(summary, &tally->no_stdout);
    if (tally->n_failed > 0)
        return SP_EXIT_SOME;
    if (tally->no_stdout != NULL)
        return sp_exit_complain(tally->no_stdout);
    return tally->n_unavailable > 0 ? SP_EXIT_UNAVAILABLE : SP_EXIT_OK;
}

static SpExit
run(gconstpointer data, char *const *operands)
{
    const Values *values = data;
    g_autoptr(GError) error = NULL;
    if (operands[0] != NULL) {
        sp_complain_usage("selftest", "selftest takes no argument");
        return SP_EXIT_USAGE;
    }
    if (!sp_print_check_stdout(&error))
        return sp_exit_complain(error);
    Tally tally = {.json = values->json};
    SpSelftestOptions selftest = {
        .keep = values->keep,
        .program = "/proc/self/exe",
        .stop = sp_interrupt_seen,
        .line = on_line,
        .data = &tally,
    };
    g_autoptr(SpSession) session = sp_session_new();
    sp_interrupt_attach(session);
    gboolean done = sp_selftest_run(session, &selftest, &error);
    sp_interrupt_attach(NULL);
    SpExit code = done ? finish(&tally) : sp_exit_complain(error);
    g_clear_error(&tally.no_stdout);
    return code;
}

const SpCommand sp_command_selftest = {
    .name = "selftest",
    .usage = usage,
    .summary = "prove on this host that nothing leaks",
    .description =
        "Makes an upload for every place where something may hide, with a canary there,\n"
        "sends each through every path, and searches all that comes out. A line each.\n"
        "Exit code 1 when anything is found, 69 when this host cannot decode a format.\n",
    .options = options,
    .values_size = sizeof(Values),
    .run = run,
};
