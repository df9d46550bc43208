/* SPDX-License-Identifier: MIT */
/* commands.c -- run storyphoto itself over all uploads, and search what it prints and leaves.
 *
 * The uploads have plain names here, as a caller would give them, since lines for people begin
 * with the name. After each command all is searched that it was given to write to: outputs,
 * receipts, a batch's state, its page. Commands that publish must publish what `process` does,
 * whose outputs are compared with those of twins elsewhere. A command of an output folder gets
 * what the commands before it published. A new command is a line in commands[]. */
#include "selftest/commands.h"
#include "base/error.h"
#include "base/memfd.h"
#include "selftest/bytes.h"
#include "selftest/folder.h"
#include "selftest/tar.h"
#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct Command Command;

typedef struct {
    const SpCommandStage *stage; /* borrowed */
    GPtrArray *uploads;          /* owned; of SpFolderFile */
} Runner;

struct Command {
    const char *name;
    const char *const *words; /* of the command line; those with an @ stand for others */
    guint codes;              /* exit codes that are right, as bits */
    /* What its standard input has; NULL: nothing. */
    GBytes *(*input)(const Runner *runner);
    const char *publishes; /* into that folder, or STDOUT; NULL: it is not compared */
};

#define UPLOADS "@uploads" /* every upload, a word each */
#define OUTPUTS "@outputs" /* every published file, a word each */
#define SOURCE "@source"   /* the folder of uploads */
/* Any other is a folder of that name, made when it is first met. */
#define OUT "@published"
#define RECEIPTS "@kept"
#define BATCHED "@batched"
#define STATE "@state"
#define STATES "@state/shard-0-of-2", "@state/shard-1-of-2"
#define MERGED "@merged"
#define REPORT "@report"
#define ANSWERED "@answered"
#define ANSWERS "@answers"
#define STDOUT "an archive on standard output"
#define ARCHIVED "archived.tar" /* the same, as it is kept */
#define ARCHIVED_RECEIPTS "receipts/"

/* ---- standard input ------------------------------------------------------------------------
 */

static GBytes *
archive(const Runner *runner)
{
    const SpCanary *canary = runner->stage->canary;
    GByteArray *out = g_byte_array_new();
    sp_tar_begin(out, canary);
    for (guint i = 0; i < runner->uploads->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(runner->uploads, i);
        sp_tar_put(out, file->name, file->bytes, canary);
    }
    sp_tar_end(out, canary);
    return g_byte_array_free_to_bytes(out);
}

/* Every other path: a command that takes them all the same way need not take them all. */
static GBytes *
paths(const Runner *runner, guint first, char end)
{
    GByteArray *out = g_byte_array_new();
    for (guint i = first; i < runner->uploads->len; i += 2) {
        const SpFolderFile *file = g_ptr_array_index(runner->uploads, i);
        sp_put_text(out, runner->stage->uploads);
        sp_put_text(out, G_DIR_SEPARATOR_S);
        sp_put_text(out, file->name);
        sp_put(out, &end, 1);
    }
    return g_byte_array_free_to_bytes(out);
}

static GBytes *
lines(const Runner *runner)
{
    return paths(runner, 0, '\n');
}

static GBytes *
nulls(const Runner *runner)
{
    return paths(runner, 1, '\0');
}

/* ---- the table -----------------------------------------------------------------------------
 */

static const char *const process[] = {"process", "-o", OUT,     "--receipts",
                                      RECEIPTS,  "--", UPLOADS, NULL};
static const char *const process_json[] = {"process", "--json", "--force", "-o",
                                           OUT,       "--",     UPLOADS,   NULL};
/* Two machines share the uploads; then nothing is left to do. */
static const char *const batch[] = {"batch",   "--checksum", "--shard",  "0/2",
                                    "--state", STATE,        "--report", REPORT,
                                    "--",      SOURCE,       BATCHED,    NULL};
static const char *const batch_json[] = {"batch", "--json",  "--checksum", "--shard",
                                         "1/2",   "--state", STATE,        "--",
                                         SOURCE,  BATCHED,   NULL};
static const char *const merge[] = {"journal", "merge", "--", MERGED, STATES, NULL};
static const char *const show_json[] = {"journal", "show", "--json", "--", MERGED, NULL};
static const char *const batch_again[] = {"batch", "--json", "--state", MERGED,  "--report",
                                          REPORT,  "--",     SOURCE,    BATCHED, NULL};

static const char *const stream[] = {"stream", NULL};
static const char *const stream_lines[] = {"stream",     "--lines", "-o", ANSWERED,
                                           "--receipts", ANSWERS,   NULL};
static const char *const stream_nulls[] = {"stream", "-0", "-o", ANSWERED, NULL};

static const char *const inspect[] = {"inspect", "--", UPLOADS, NULL};
static const char *const inspect_json[] = {"inspect", "--json", "--", UPLOADS, NULL};
static const char *const audit[] = {"audit", "--", UPLOADS, NULL};
static const char *const audit_json[] = {"audit", "--json", "--", UPLOADS, NULL};
static const char *const audit_csv[] = {"audit", "--csv", "--", UPLOADS, NULL};
/* What was published reveals nothing, says a reader that has no part in publishing it. */
static const char *const audit_out[] = {"audit", "--", OUT, NULL};
/* And sending it again takes nothing off it. */
static const char *const process_out[] = {"process", "--json", "-o", OUT, "--", OUTPUTS, NULL};

/* Of many uploads some are refused; the audit must find something in them. */
#define ALL (1u << 0)
#define SOME (1u << 1)

static const Command commands[] = {
    {"process", process, SOME},
    {"process --json", process_json, SOME},
    {"batch", batch, ALL | SOME},
    {"batch --json", batch_json, ALL | SOME, .publishes = BATCHED},
    {"journal merge", merge, ALL},
    {"journal show --json", show_json, ALL},
    {"batch --json, nothing to do", batch_again, ALL | SOME, .publishes = BATCHED},
    {"stream", stream, SOME, archive, STDOUT},
    {"stream --lines", stream_lines, ALL, lines},
    {"stream -0", stream_nulls, ALL, nulls, ANSWERED},
    {"inspect", inspect, SOME},
    {"inspect --json", inspect_json, SOME},
    {"audit", audit, SOME},
    {"audit --json", audit_json, SOME},
    {"audit --csv", audit_csv, SOME},
    {"audit, of outputs", audit_out, ALL},
    {"process --json, of outputs", process_out, ALL},
    {NULL},
};

static void
runner_clear(Runner *runner)
{
    g_clear_pointer(&runner->uploads, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Runner, runner_clear)

/* ---- running -------------------------------------------------------------------------------
 */

static gboolean
is_folder(const char *word)
{
    return word[0] == '@' && !g_str_equal(word, UPLOADS) && !g_str_equal(word, OUTPUTS) &&
           !g_str_equal(word, SOURCE);
}

/* The caller's. */
static char *
folder_of(const Runner *runner, const char *word)
{
    return g_build_filename(runner->stage->work, word + 1, NULL);
}

static void
add_files(GPtrArray *line, const char *folder, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        g_ptr_array_add(line, g_build_filename(folder, file->name, NULL));
    }
}

static gboolean
add_word(const Runner *runner, GPtrArray *line, const char *word, GError **error)
{
    if (g_str_equal(word, UPLOADS)) {
        add_files(line, runner->stage->uploads, runner->uploads);
        return TRUE;
    }
    if (g_str_equal(word, OUTPUTS)) {
        g_autofree char *out = folder_of(runner, OUT);
        g_autoptr(GPtrArray) files = sp_folder_read(out, error);
        if (files != NULL)
            add_files(line, out, files);
        return files != NULL;
    }
    char *text = g_str_equal(word, SOURCE) ? g_strdup(runner->stage->uploads)
                 : is_folder(word)         ? sp_folder_sub(runner->stage->work, word + 1, error)
                                           : g_strdup(word);
    if (text != NULL)
        g_ptr_array_add(line, text);
    return text != NULL;
}

static GPtrArray *
build_line(const Runner *runner, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) line = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(line, g_strdup(runner->stage->options->program));
    for (guint i = 0; command->words[i] != NULL; i++)
        if (!add_word(runner, line, command->words[i], error))
            return NULL;
    g_ptr_array_add(line, NULL);
    return g_steal_pointer(&line);
}

/* Bytes that a command may leave unread: nobody waits for it to take them. */
static int
open_input(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_auto(SpFd) fd = sp_memfd_create(error);
    if (fd >= 0 && (!sp_write_full(fd, data, n) || lseek(fd, 0, SEEK_SET) != 0))
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot write an archive"), -1;
    return sp_fd_steal(&fd);
}

static GSubprocess *
start(const Runner *runner, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) line = build_line(runner, command, error);
    if (line == NULL)
        return NULL;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    if (command->input != NULL) {
        g_autoptr(GBytes) bytes = command->input(runner);
        g_auto(SpFd) fd = open_input(bytes, error);
        if (fd < 0)
            return NULL;
        g_subprocess_launcher_take_stdin_fd(launcher, sp_fd_steal(&fd));
    }
    g_autoptr(GError) why = NULL;
    GSubprocess *child =
        g_subprocess_launcher_spawnv(launcher, (const char *const *)line->pdata, &why);
    if (child == NULL)
        sp_throw(error, SP_ERROR_CANNOT_READ, "cannot run storyphoto: %s", why->message);
    return child;
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

/* What a command came to. */
typedef struct {
    int code;
    GBytes *out, *err; /* owned */
} Ending;

static void
ending_clear(Ending *ending)
{
    g_clear_pointer(&ending->out, g_bytes_unref);
    g_clear_pointer(&ending->err, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ending, ending_clear)

static gboolean
spawn(const Runner *runner, const Command *command, Ending *ending, GError **error)
{
    const SpSelftestOptions *options = runner->stage->options;
    g_autoptr(GSubprocess) child = start(runner, command, error);
    if (child == NULL)
        return FALSE;
    g_autoptr(GError) why = NULL;
    if (!g_subprocess_communicate(child, NULL, NULL, &ending->out, &ending->err, &why))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot run storyphoto: %s", why->message);
    if (was_interrupted(child) || (options->stop != NULL && options->stop()))
        return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted in '%s'", command->name);
    ending->code = g_subprocess_get_if_exited(child) ? g_subprocess_get_exit_status(child) : -1;
    return TRUE;
}

/* ---- searching -----------------------------------------------------------------------------
 */

static gboolean
is_in(const Runner *runner, GBytes *bytes)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return sp_search(runner->stage->search, data, n) != 0;
}

/* The first fault; the caller's, NULL when there is none. So it is with those below. */
static char *
search_files(const Runner *runner, const char *where, const GPtrArray *files, guint *n_searched)
{
    for (guint i = 0; i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        const guint8 *name = (const guint8 *)file->name;
        if (is_in(runner, file->bytes) ||
            sp_search(runner->stage->search, name, strlen(file->name)) != 0)
            return g_strdup_printf("found in %s/%s", where, file->name);
    }
    *n_searched += files->len;
    return NULL;
}

/* What this command left, and those before it that had the same folders. */
static char *
search_folders(const Runner *runner, const Command *command, guint *n_searched, GError **error)
{
    char *fault = NULL;
    for (guint i = 0; command->words[i] != NULL && fault == NULL; i++) {
        if (!is_folder(command->words[i]))
            continue;
        g_autofree char *folder = folder_of(runner, command->words[i]);
        g_autoptr(GPtrArray) files = sp_folder_read(folder, error);
        if (files == NULL)
            return NULL;
        fault = search_files(runner, command->words[i] + 1, files, n_searched);
    }
    return fault;
}

/* The members of the archive are searched as well as the whole, which may cut a canary. */
static char *
read_archive(const Runner *runner, const Ending *ending, GPtrArray **ret_files,
             guint *n_searched, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!sp_folder_write(runner->stage->work, ARCHIVED, ending->out, error))
        return NULL;
    g_autoptr(GPtrArray) files = sp_tar_read(ending->out, &why);
    if (files == NULL)
        return g_strdup_printf("what it printed is no archive of files: %s", why->message);
    char *fault = search_files(runner, ARCHIVED, files, n_searched);
    *ret_files = g_steal_pointer(&files);
    return fault;
}

/* Is it what `process` has published? In an archive the same file may be there many times. */
static char *
compare(const GPtrArray *files, const GPtrArray *published)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) met = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < published->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(published, i);
        g_hash_table_insert(wanted, file->name, file->bytes);
    }
    for (guint i = 0; i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        if (g_str_has_prefix(file->name, ARCHIVED_RECEIPTS))
            continue;
        const GBytes *bytes = g_hash_table_lookup(wanted, file->name);
        if (bytes == NULL || !g_bytes_equal(bytes, file->bytes))
            return g_strdup_printf("%s is not what 'process' publishes", file->name);
        g_hash_table_add(met, file->name);
    }
    return g_hash_table_size(met) == g_hash_table_size(wanted)
               ? NULL
               : g_strdup("it has not published all that 'process' does");
}

static char *
check_published(const Runner *runner, const Command *command, const Ending *ending,
                guint *n_searched, GError **error)
{
    g_autofree char *out = folder_of(runner, OUT);
    g_autoptr(GPtrArray) published = sp_folder_read(out, error);
    g_autoptr(GPtrArray) files = NULL;
    g_autofree char *fault = NULL;
    if (published == NULL)
        return NULL;
    if (g_str_equal(command->publishes, STDOUT)) {
        fault = read_archive(runner, ending, &files, n_searched, error);
    } else {
        g_autofree char *folder = folder_of(runner, command->publishes);
        files = sp_folder_read(folder, error);
    }
    if (fault != NULL || files == NULL)
        return g_steal_pointer(&fault);
    return compare(files, published);
}

static char *
check(const Runner *runner, const Command *command, const Ending *ending, guint *n_searched,
      GError **error)
{
    int code = ending->code;
    if (is_in(runner, ending->out))
        return g_strdup("found in its standard output");
    if (is_in(runner, ending->err))
        return g_strdup("found in its standard error");
    if (code < 0 || code > 31 || (command->codes & 1u << code) == 0)
        return g_strdup_printf("it ended with %d", code);
    *n_searched += 2;
    g_autoptr(GError) why = NULL;
    char *fault = search_folders(runner, command, n_searched, &why);
    if (fault == NULL && why == NULL && command->publishes != NULL)
        fault = check_published(runner, command, ending, n_searched, &why);
    if (why != NULL)
        g_propagate_error(error, g_steal_pointer(&why));
    return fault;
}

static gboolean
run_command(const Runner *runner, const Command *command, GError **error)
{
    g_auto(Ending) ending = {0};
    g_autoptr(GError) why = NULL;
    guint n_searched = 0;
    if (!spawn(runner, command, &ending, error))
        return FALSE;
    g_autofree char *fault = check(runner, command, &ending, &n_searched, &why);
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
    if (runner.uploads == NULL)
        return FALSE;
    for (guint i = 0; commands[i].name != NULL; i++)
        if (!run_command(&runner, &commands[i], error))
            return FALSE;
    return TRUE;
}
