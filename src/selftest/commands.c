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
#include <string.h>

typedef struct {
    const char *name;
    const char *const
        *words;          /* of the command line; UPLOADS, OUT and RECEIPTS stand for some */
    gboolean may_refuse; /* exit 1 is no fault: some uploads are refused on purpose */
} Command;

#define UPLOADS "@uploads" /* every upload, a word each */
#define OUT "@out"
#define RECEIPTS "@receipts"

static const char *const process[] = {"process", "-o", OUT,     "--receipts",
                                      RECEIPTS,  "--", UPLOADS, NULL};
static const char *const process_json[] = {"process", "--json", "--force", "-o",
                                           OUT,       "--",     UPLOADS,   NULL};

static const Command commands[] = {
    {"process", process, TRUE},
    {"process --json", process_json, TRUE},
    {NULL},
};

typedef struct {
    const SpCommandStage *stage; /* borrowed */
    GPtrArray *uploads;          /* owned; of SpFolderFile */
    char *out, *receipts;        /* owned */
} Runner;

static void
runner_clear(Runner *runner)
{
    g_clear_pointer(&runner->uploads, g_ptr_array_unref);
    g_free(runner->out);
    g_free(runner->receipts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Runner, runner_clear)

static GPtrArray *
build_line(const Runner *runner, const Command *command)
{
    GPtrArray *line = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(line, g_strdup(runner->stage->options->program));
    for (guint i = 0; command->words[i] != NULL; i++) {
        const char *word = command->words[i];
        if (g_str_equal(word, UPLOADS)) {
            for (guint k = 0; k < runner->uploads->len; k++) {
                const SpFolderFile *file = g_ptr_array_index(runner->uploads, k);
                g_ptr_array_add(line,
                                g_build_filename(runner->stage->uploads, file->name, NULL));
            }
            continue;
        }
        const char *meant = g_str_equal(word, OUT)        ? runner->out
                            : g_str_equal(word, RECEIPTS) ? runner->receipts
                                                          : word;
        g_ptr_array_add(line, g_strdup(meant));
    }
    g_ptr_array_add(line, NULL);
    return line;
}

/* Exit code and what was printed; both streams. */
static gboolean
spawn(const GPtrArray *line, int *ret_code, GBytes **ret_out, GBytes **ret_err, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GSubprocess) child = g_subprocess_newv(
        (const char *const *)line->pdata,
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &why);
    if (child == NULL || !g_subprocess_communicate(child, NULL, NULL, ret_out, ret_err, &why))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot run storyphoto: %s", why->message);
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
    g_autoptr(GPtrArray) line = build_line(runner, command);
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GBytes) err = NULL;
    g_autoptr(GError) why = NULL;
    int code = 0;
    guint n_searched = 2;
    if (!spawn(line, &code, &out, &err, error))
        return FALSE;
    g_autofree char *fault = NULL;
    if (search(runner, out))
        fault = g_strdup("found in its standard output");
    else if (search(runner, err))
        fault = g_strdup("found in its standard error");
    else if (code != 0 && !(code == 1 && command->may_refuse))
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
    runner.uploads = sp_folder_read(stage->uploads, error);
    runner.out = runner.uploads != NULL ? sp_folder_sub(stage->work, "published", error) : NULL;
    runner.receipts = runner.out != NULL ? sp_folder_sub(stage->work, "kept", error) : NULL;
    if (runner.receipts == NULL)
        return FALSE;
    for (guint i = 0; commands[i].name != NULL; i++)
        if (!run_command(&runner, &commands[i], error))
            return FALSE;
    return TRUE;
}
