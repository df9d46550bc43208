/* SPDX-License-Identifier: MIT */
/* commands.c -- run storyphoto itself over all uploads, and search what it prints and leaves.
 *
 * The uploads have plain names here, as a caller would give them, since lines for people begin
 * with the name. A command of an output folder gets what the commands before it published. A
 * new command is a line in commands[]. */
#include "selftest/commands.h"
#include "base/error.h"
#include "selftest/folder.h"
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

typedef struct {
    const char *name;
    const char *const *words; /* of the command line; those with an @ stand for others */
    guint codes;              /* exit codes that are right, as bits */
} Command;

#define UPLOADS "@uploads" /* every upload, a word each */
#define OUTPUTS "@outputs" /* every published file, a word each */
#define OUT "@out"
#define RECEIPTS "@receipts"

static const char *const process[] = {"process", "-o", OUT,     "--receipts",
                                      RECEIPTS,  "--", UPLOADS, NULL};
static const char *const process_json[] = {"process", "--json", "--force", "-o",
                                           OUT,       "--",     UPLOADS,   NULL};

static const char *const inspect[] = {"inspect", "--", UPLOADS, NULL};
static const char *const inspect_json[] = {"inspect", "--json", "--", UPLOADS, NULL};
static const char *const audit[] = {"audit", "--", UPLOADS, NULL};
static const char *const audit_json[] = {"audit", "--json", "--", UPLOADS, NULL};
static const char *const audit_csv[] = {"audit", "--csv", "--", UPLOADS, NULL};
/* What was published reveals nothing, says a reader that has no part in publishing it. */
static const char *const audit_out[] = {"audit", "--", OUT, NULL};
/* And sending it again takes nothing off it. */
static const char *const process_out[] = {"process", "--json", "-o", OUT, "--", OUTPUTS, NULL};

/* Of many uploads a few may be refused; the audit must find something in them. */
#define ALL (1u << 0)
#define SOME (1u << 1)

static const Command commands[] = {
    {"process", process, ALL | SOME},
    {"process --json", process_json, ALL | SOME},
    {"inspect", inspect, ALL | SOME},
    {"inspect --json", inspect_json, ALL | SOME},
    {"audit", audit, SOME},
    {"audit --json", audit_json, SOME},
    {"audit --csv", audit_csv, SOME},
    {"audit, of outputs", audit_out, ALL},
    {"process --json, of outputs", process_out, ALL},
    {NULL},
};

typedef struct {
    const SpCommandStage *stage; /* borrowed */
    char *out, *receipts;        /* owned */
} Runner;

static void
runner_clear(Runner *runner)
{
    g_free(runner->out);
    g_free(runner->receipts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Runner, runner_clear)

static gboolean
add_files(GPtrArray *line, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) files = sp_folder_read(folder, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        g_ptr_array_add(line, g_build_filename(folder, file->name, NULL));
    }
    return files != NULL;
}

static GPtrArray *
build_line(const Runner *runner, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) line = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(line, g_strdup(runner->stage->options->program));
    for (guint i = 0; command->words[i] != NULL; i++) {
        const char *word = command->words[i];
        const char *folder = g_str_equal(word, UPLOADS)   ? runner->stage->uploads
                             : g_str_equal(word, OUTPUTS) ? runner->out
                                                          : NULL;
        if (folder == NULL)
            g_ptr_array_add(line, g_strdup(g_str_equal(word, OUT)        ? runner->out
                                           : g_str_equal(word, RECEIPTS) ? runner->receipts
                                                                         : word));
        else if (!add_files(line, folder, error))
            return NULL;
    }
    g_ptr_array_add(line, NULL);
    return g_steal_pointer(&line);
}

/* Ctrl-C reaches the command as well, and may reach it first: how it ended then says nothing.
 * So it is with the code that says: interrupted or not done in time. */
static gboolean
was_interrupted(GSubprocess *child)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    if (g_subprocess_get_if_exited(child))
        return g_subprocess_get_exit_status(child) == EX_TEMPFAIL;
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        if (g_subprocess_get_term_sig(child) == signals[i])
            return TRUE;
    return FALSE;
}

/* Exit code and what was printed; both streams. */
static gboolean
spawn(const Runner *runner, const Command *command, int *ret_code, GBytes **ret_out,
      GBytes **ret_err, GError **error)
{
    const SpSelftestOptions *options = runner->stage->options;
    g_autoptr(GPtrArray) line = build_line(runner, command, error);
    if (line == NULL)
        return FALSE;
    g_autoptr(GError) why = NULL;
    g_autoptr(GSubprocess) child = g_subprocess_newv(
        (const char *const *)line->pdata,
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &why);
    if (child == NULL || !g_subprocess_communicate(child, NULL, NULL, ret_out, ret_err, &why))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot run storyphoto: %s", why->message);
    if (was_interrupted(child) || (options->stop != NULL && options->stop()))
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted in '%s'", command->name);
    *ret_code = g_subprocess_get_if_exited(child) ? g_subprocess_get_exit_status(child) : -1;
    return TRUE;
}

static gboolean
search(const Runner *runner, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return sp_search(runner->stage->search, data, n) != 0;
}

/* What this command left, and those before it. */
static char *
search_folder(const Runner *runner, const char *folder, guint *n_searched, GError **error)
{
    g_autoptr(GPtrArray) files = sp_folder_read(folder, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        if (search(runner, file->bytes))
            return g_strdup_printf("found in %s", file->name);
    }
    *n_searched += files != NULL ? files->len : 0;
    return NULL;
}

static gboolean
run_command(const Runner *runner, const Command *command, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GBytes) err = NULL;
    g_autoptr(GError) why = NULL;
    int code = 0;
    guint n_searched = 2;
    if (!spawn(runner, command, &code, &out, &err, error))
        return FALSE;
    g_autofree char *fault = NULL;
    if (search(runner, out))
        fault = g_strdup("found in its standard output");
    else if (search(runner, err))
        fault = g_strdup("found in its standard error");
    else if (code < 0 || code > 31 || (command->codes & 1u << code) == 0)
        fault = g_strdup_printf("it ended with %d", code);
    if (fault == NULL)
        fault = search_folder(runner, runner->out, &n_searched, &why);
    if (fault == NULL && why == NULL)
        fault = search_folder(runner, runner->receipts, &n_searched, &why);
    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    SpSelftestLine told = {
        .result = fault == NULL ? SP_SELFTEST_OK : SP_SELFTEST_FAILED,
        .group = "command",
        .name = command->name,
        .found = "",
        .n_searched = n_searched,
        .fault = fault,
    };
    runner->stage->options->line(&told, runner->stage->options->data);
    return TRUE;
}

gboolean
sp_commands_run(const SpCommandStage *stage, GError **error)
{
    g_auto(Runner) runner = {.stage = stage};
    if (stage->options->program == NULL)
        return TRUE;
    runner.out = sp_folder_sub(stage->work, "published", error);
    runner.receipts = runner.out != NULL ? sp_folder_sub(stage->work, "kept", error) : NULL;
    if (runner.receipts == NULL)
        return FALSE;
    for (guint i = 0; commands[i].name != NULL; i++)
        if (!run_command(&runner, &commands[i], error))
            return FALSE;
    return TRUE;
}
