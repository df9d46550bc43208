/* SPDX-License-Identifier: MIT */
/* inputs.c -- what a batch is to take.
 *
 * A walk is tree.c's, that only looks at files. What a list names is looked at through the
 * source's descriptor, as what is opened later is: never through a link, so that neither a list
 * from somewhere nor a link in an upload folder gets at what lies outside. */
#include "bulk/inputs.h"
#include "base/error.h"
#include "bulk/beneath.h"
#include "bulk/lines.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of one path in a list: no walk tells a longer one. */
#define PATH_MOST ((gsize)SP_TREE_DEPTH * (NAME_MAX + 1))
#define SHOWN_OF_TOO_LONG 200

struct SpInputs {
    SpFd source; /* O_PATH */
    SpShard shard;
    SpTree *tree;   /* of a walk */
    char *roots[2]; /* its; borrowed */
    gsize n_prefix; /* bytes of its paths that are the source's, with a slash */
    SpLines *lines; /* of a list */
    gboolean (*stop)(void);
    gboolean at_end, failed;
};

void
sp_input_clear(SpInput *input)
{
    g_clear_pointer(&input->path, g_free);
    g_clear_error(&input->error);
}

/* ---- opening and closing -------------------------------------------------------------------
 */

static SpInputs *
inputs_new(const char *source, SpShard shard, GError **error)
{
    g_autoptr(SpInputs) inputs = g_new0(SpInputs, 1);
    inputs->shard = shard;
    inputs->source = open(source, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (inputs->source < 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_READ, errno,
                                   "cannot open the folder '%s'", source);
    return g_steal_pointer(&inputs);
}

/* The tree opens the source by its name once more. */
static gboolean
enter_source(SpInputs *inputs, GError **error)
{
    const char *source = inputs->roots[0];
    g_auto(SpTreeEntry) entry = {.fd = -1};
    struct stat st = {0};
    if (!sp_tree_next(inputs->tree, &entry) || fstat(inputs->source, &st) < 0)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot look at '%s'", source);
    if (entry.kind == SP_TREE_FAILED)
        return sp_throw(error, (SpErrorCode)entry.error->code, "cannot walk '%s': %s", source,
                        entry.error->message);
    if (entry.kind != SP_TREE_FOLDER || entry.st.st_dev != st.st_dev ||
        entry.st.st_ino != st.st_ino)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "'%s' became another folder", source);
    return TRUE;
}

SpInputs *
sp_inputs_walk(const char *source, char *const *exclude, SpShard shard, GError **error)
{
    g_autoptr(SpInputs) inputs = inputs_new(source, shard, error);
    if (inputs == NULL)
        return NULL;
    inputs->roots[0] = (char *)source;
    inputs->n_prefix = strlen(source) + (g_str_has_suffix(source, "/") ? 0 : 1);
    inputs->tree = sp_tree_new(inputs->roots);
    sp_tree_exclude(inputs->tree, exclude);
    sp_tree_only_look(inputs->tree);
    return enter_source(inputs, error) ? g_steal_pointer(&inputs) : NULL;
}

SpInputs *
sp_inputs_list(const char *source, int fd, char end, SpShard shard, GError **error)
{
    SpInputs *inputs = inputs_new(source, shard, error);
    if (inputs != NULL)
        inputs->lines = sp_lines_new(fd, end, PATH_MOST);
    return inputs;
}

void
sp_inputs_free(SpInputs *inputs)
{
    if (inputs == NULL)
        return;
    sp_tree_free(inputs->tree);
    sp_lines_free(inputs->lines);
    sp_fd_clear(&inputs->source);
    g_free(inputs);
}

static gboolean
is_stopped(gpointer data)
{
    const SpInputs *inputs = data;
    return inputs->stop();
}

void
sp_inputs_set_stop(SpInputs *inputs, gboolean (*stop)(void))
{
    inputs->stop = stop;
    if (inputs->lines != NULL)
        sp_lines_set_stop(inputs->lines, stop != NULL ? is_stopped : NULL, inputs);
}

/* ---- looking at one ------------------------------------------------------------------------
 */

/* The product may overflow for a time after 2262, which a mark need not care for. */
static gint64
nanoseconds(const struct timespec *time)
{
    return (gint64)((guint64)time->tv_sec * 1000000000 + (guint64)time->tv_nsec);
}

static SpFileMark
mark_of(const struct stat *st)
{
    return (SpFileMark){
        .size = (guint64)st->st_size,
        .mtime_ns = nanoseconds(&st->st_mtim),
        .ctime_ns = nanoseconds(&st->st_ctim),
        .inode = st->st_ino,
    };
}

static gboolean
throw_opening(GError **error, int err, const char *what)
{
    if (err == ELOOP)
        return sp_throw(error, SP_ERROR_CANNOT_READ,
                        "is, or lies behind, a symbolic link, and none is followed");
    return sp_throw_errno(error, SP_ERROR_CANNOT_READ, err, "cannot %s it", what);
}

/* Neither a pipe nor a device is opened by it. */
static gboolean
look_at(const SpInputs *inputs, const char *path, struct stat *st, GError **error)
{
    g_auto(SpFd) fd = sp_beneath_open(inputs->source, path, O_PATH);
    if (fd < 0 || fstat(fd, st) < 0)
        return throw_opening(error, errno, "look at");
    return !S_ISDIR(st->st_mode) || sp_throw(error, SP_ERROR_CANNOT_READ, "is a folder");
}

/* Everything of input but its path. */
static void
fill_in(const SpInputs *inputs, SpInput *input)
{
    struct stat st = {0};
    if (!look_at(inputs, input->path, &st, &input->error)) {
        input->kind = SP_TREE_FAILED;
        return;
    }
    input->kind = S_ISREG(st.st_mode)   ? SP_TREE_FILE
                  : S_ISLNK(st.st_mode) ? SP_TREE_LINK
                                        : SP_TREE_SPECIAL;
    if (input->kind == SP_TREE_FILE)
        input->mark = mark_of(&st);
}

/* ---- a walk --------------------------------------------------------------------------------
 */

static gboolean
walk_on(SpInputs *inputs, SpInput *input)
{
    for (;;) {
        g_auto(SpTreeEntry) entry = {.fd = -1};
        if (!sp_tree_next(inputs->tree, &entry))
            return FALSE;
        gsize n = strlen(entry.path);
        const char *below = entry.path + MIN(inputs->n_prefix, n);
        inputs->failed |= entry.kind == SP_TREE_FAILED;
        if (entry.kind == SP_TREE_FOLDER || !sp_shard_has(inputs->shard, below))
            continue;
        *input = (SpInput){
            .kind = entry.kind,
            .path = g_strdup(below),
            .error = g_steal_pointer(&entry.error),
        };
        if (entry.kind == SP_TREE_FILE)
            input->mark = mark_of(&entry.st);
        return TRUE;
    }
}

/* ---- a list --------------------------------------------------------------------------------
 */

/* "./a//b" is "a/b". NULL with error for what no path below the source is. Owned by the caller.
 */
static char *
clean(const SpLine *line, GError **error)
{
    if (line->cut)
        return sp_throw_null(error, SP_ERROR_CANNOT_READ,
                             "a path of more than %" G_GSIZE_FORMAT " bytes", PATH_MOST);
    if (strlen(line->text) != line->n)
        return sp_throw_null(error, SP_ERROR_CANNOT_READ,
                             "a NUL byte follows: is the list made for -0?");
    if (line->text[0] == '/')
        return sp_throw_null(error, SP_ERROR_CANNOT_READ,
                             "is absolute; paths are relative to the source");
    g_auto(GStrv) names = g_strsplit(line->text, "/", -1);
    g_autoptr(GString) path = g_string_sized_new(line->n + 1);
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_str_equal(names[i], ".."))
            return sp_throw_null(error, SP_ERROR_CANNOT_READ, "has '..' in it");
        if (names[i][0] == '\0' || g_str_equal(names[i], "."))
            continue;
        g_string_append_printf(path, "%s%s", path->len == 0 ? "" : "/", names[i]);
    }
    if (path->len == 0)
        return sp_throw_null(error, SP_ERROR_CANNOT_READ, "is the source itself");
    return g_string_free(g_steal_pointer(&path), FALSE);
}

/* Of a list's thing: FALSE when it is another shard's. */
static gboolean
take_line(const SpInputs *inputs, const SpLine *line, SpInput *input)
{
    g_auto(SpInput) taken = {.kind = SP_TREE_FAILED};
    taken.path = clean(line, &taken.error);
    gboolean is_path = taken.path != NULL;
    if (!is_path)
        taken.path = line->cut ? g_strdup_printf("%.*s...", SHOWN_OF_TOO_LONG, line->text)
                               : g_strdup(line->text);
    if (!sp_shard_has(inputs->shard, taken.path))
        return FALSE;
    if (is_path)
        fill_in(inputs, &taken);
    *input = taken;
    taken = (SpInput){0};
    return TRUE;
}

static gboolean
list_on(SpInputs *inputs, SpInput *input, GError **error)
{
    SpLine line;
    while (sp_lines_next(inputs->lines, &line, error))
        if (line.n != 0 && take_line(inputs, &line, input))
            return TRUE;
    return FALSE;
}

/* ---- either --------------------------------------------------------------------------------
 */

gboolean
sp_inputs_next(SpInputs *inputs, SpInput *input, GError **error)
{
    if (inputs->lines != NULL)
        return list_on(inputs, input, error);
    inputs->at_end = !walk_on(inputs, input);
    return !inputs->at_end;
}

gboolean
sp_inputs_were_all(const SpInputs *inputs)
{
    return inputs->at_end && !inputs->failed;
}

/* What is no regular file is not opened at all; who puts a pipe in its place in between gains
 * nothing, since O_NONBLOCK does not wait and what was opened is looked at again. */
static int
open_file(const SpInputs *inputs, const char *path, struct stat *st, GError **error)
{
    const int flags = O_RDONLY | O_NOCTTY | O_NONBLOCK;
    if (!look_at(inputs, path, st, error))
        return -1;
    g_auto(SpFd) fd = -1;
    if (S_ISREG(st->st_mode)) {
        fd = sp_beneath_open(inputs->source, path, flags | O_NOATIME);
        if (fd < 0 && errno == EPERM) /* O_NOATIME is for the owner alone */
            fd = sp_beneath_open(inputs->source, path, flags);
        if (fd < 0 || fstat(fd, st) < 0) {
            throw_opening(error, errno, "open");
            return -1;
        }
    }
    if (S_ISLNK(st->st_mode))
        throw_opening(error, ELOOP, "open");
    else if (!S_ISREG(st->st_mode))
        sp_throw(error, SP_ERROR_CANNOT_READ, "is no regular file");
    return S_ISREG(st->st_mode) ? sp_fd_steal(&fd) : -1;
}

int
sp_inputs_open(const SpInputs *inputs, const char *path, SpFileMark *ret_mark, GError **error)
{
    struct stat st = {0};
    g_auto(SpFd) fd = open_file(inputs, path, &st, error);
    if (fd < 0)
        return -1;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0) {
        throw_opening(error, errno, "open");
        return -1;
    }
    *ret_mark = mark_of(&st);
    return sp_fd_steal(&fd);
}
