/* SPDX-License-Identifier: MIT */
/* tree.c -- walk files and folders.
 *
 * A stack of the folders that are being walked, each with its sorted names. Every step goes
 * from an open folder by one name (openat), so a path of any length can be walked, and whoever
 * renames a folder on the way does not lead us elsewhere.
 *
 * Only the OPEN_FOLDERS innermost folders are kept open. On the way back an outer one is
 * opened again as ".." of the one within it; device and inode must be the old ones, else the
 * folder was moved, and what is left of it is told as failed.
 *
 * Opening a pipe or a device may wait or do things: what is no regular file by its status is
 * not opened, and who puts one in its place in between gains nothing, since O_NONBLOCK does not
 * wait and what was opened is looked at again. */
#include "bulk/tree.h"
#include "base/error.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#define OPEN_FOLDERS 32

typedef struct {
    int fd;       /* owned; -1 while it is not kept open */
    gsize n_path; /* of the tree's path, with the slash behind it */
    dev_t dev;
    ino_t ino;
    GPtrArray *names; /* owned; of owned strings, sorted */
    guint next;
} Folder;

struct SpTree {
    char *const *roots; /* borrowed */
    char *const *globs; /* borrowed; NULL: none */
    gboolean only_look; /* files are not opened */
    GString *path;      /* of the innermost folder, then of the entry */
    GArray *stack;      /* of Folder, the innermost last */
    guint n_open;       /* of them, the innermost ones: so many are open */
};

static void
folder_clear(Folder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    g_clear_pointer(&folder->names, g_ptr_array_unref);
}

SpTree *
sp_tree_new(char *const *roots)
{
    SpTree *tree = g_new0(SpTree, 1);
    tree->roots = roots;
    tree->path = g_string_new(NULL);
    tree->stack = g_array_new(FALSE, FALSE, sizeof(Folder));
    g_array_set_clear_func(tree->stack, (GDestroyNotify)folder_clear);
    return tree;
}

void
sp_tree_exclude(SpTree *tree, char *const *globs)
{
    tree->globs = globs;
}

void
sp_tree_only_look(SpTree *tree)
{
    tree->only_look = TRUE;
}

void
sp_tree_free(SpTree *tree)
{
    if (tree == NULL)
        return;
    g_array_unref(tree->stack);
    g_string_free(tree->path, TRUE);
    g_free(tree);
}

void
sp_tree_entry_clear(SpTreeEntry *entry)
{
    g_clear_pointer(&entry->path, g_free);
    sp_fd_clear(&entry->fd);
    g_clear_error(&entry->error);
}

static Folder *
innermost(const SpTree *tree)
{
    return tree->stack->len == 0 ? NULL
                                 : &g_array_index(tree->stack, Folder, tree->stack->len - 1);
}

/* ---- opening -------------------------------------------------------------------------------
 */

/* O_NOATIME is for the owner alone. */
static int
open_quietly(int at, const char *name, int flags)
{
    flags |= O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    int fd = openat(at, name, flags | O_NOATIME);
    return fd < 0 && errno == EPERM ? openat(at, name, flags) : fd;
}

static gboolean
fail(SpTreeEntry *entry, const char *what)
{
    int err = errno;
    entry->kind = SP_TREE_FAILED;
    sp_throw_errno(&entry->error, SP_ERROR_CANNOT_READ, err, "cannot %s it", what);
    return FALSE;
}

/* Open name, or say what it is instead; TRUE for a file or a folder. nofollow: 0, or O_NOFOLLOW
 * where links are not followed. */
static gboolean
open_entry(const SpTree *tree, int at, const char *name, int nofollow, SpTreeEntry *entry)
{
    struct stat *st = &entry->st;
    if (fstatat(at, name, st, nofollow != 0 ? AT_SYMLINK_NOFOLLOW : 0) < 0)
        return fail(entry, "look at");
    if ((S_ISREG(st->st_mode) && !tree->only_look) || S_ISDIR(st->st_mode)) {
        entry->fd = open_quietly(at, name, nofollow);
        if (entry->fd < 0 || fstat(entry->fd, st) < 0)
            return fail(entry, "open");
    }
    entry->kind = S_ISREG(st->st_mode)   ? SP_TREE_FILE
                  : S_ISDIR(st->st_mode) ? SP_TREE_FOLDER
                  : S_ISLNK(st->st_mode) ? SP_TREE_LINK
                                         : SP_TREE_SPECIAL;
    return entry->kind == SP_TREE_FILE || entry->kind == SP_TREE_FOLDER;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names in the folder fd; NULL with errno. */
static GPtrArray *
read_names(int fd)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    if (dir == NULL) {
        if (copy >= 0)
            close(copy);
        return NULL;
    }
    struct dirent *found = NULL;
    for (errno = 0; (found = readdir(dir)) != NULL; errno = 0)
        if (!g_str_equal(found->d_name, ".") && !g_str_equal(found->d_name, ".."))
            g_ptr_array_add(names, g_strdup(found->d_name));
    int err = errno;
    closedir(dir);
    if (err != 0) {
        errno = err;
        return NULL;
    }
    g_ptr_array_sort(names, compare_names);
    return g_steal_pointer(&names);
}

/* ---- the stack -----------------------------------------------------------------------------
 */

/* Enter the folder that entry holds open, whose path is tree->path. */
static void
push(SpTree *tree, SpTreeEntry *entry)
{
    if (tree->stack->len == SP_TREE_DEPTH) {
        errno = ELOOP;
        fail(entry, "walk so deep into");
        return;
    }
    Folder folder = {.fd = -1, .dev = entry->st.st_dev, .ino = entry->st.st_ino};
    folder.names = read_names(entry->fd);
    if (folder.names == NULL) {
        fail(entry, "list");
        return;
    }
    folder.fd = sp_fd_steal(&entry->fd);
    if (tree->path->len == 0 || tree->path->str[tree->path->len - 1] != '/')
        g_string_append_c(tree->path, '/');
    folder.n_path = tree->path->len;
    if (tree->n_open == OPEN_FOLDERS) {
        guint outermost = tree->stack->len - tree->n_open;
        sp_fd_clear(&g_array_index(tree->stack, Folder, outermost).fd);
        tree->n_open--;
    }
    g_array_append_val(tree->stack, folder);
    tree->n_open++;
}

/* Open again the folder around the innermost one. */
static int
open_outer(const SpTree *tree)
{
    const Folder *outer = &g_array_index(tree->stack, Folder, tree->stack->len - 2);
    g_auto(SpFd) fd = open_quietly(innermost(tree)->fd, "..", O_DIRECTORY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return -1;
    if (st.st_dev != outer->dev || st.st_ino != outer->ino) {
        errno = ENOENT;
        return -1;
    }
    return sp_fd_steal(&fd);
}

/* Leave the innermost folder. FALSE when the one around it can not be opened again, and *entry
 * then says so: what is left of it, and of all around it, cannot be walked. */
static gboolean
pop(SpTree *tree, SpTreeEntry *entry)
{
    int outer = -1, err = 0;
    if (tree->n_open == 1 && tree->stack->len > 1) {
        outer = open_outer(tree);
        err = errno;
    }
    g_array_set_size(tree->stack, tree->stack->len - 1);
    tree->n_open--;
    if (tree->n_open > 0 || tree->stack->len == 0)
        return TRUE;
    Folder *folder = innermost(tree);
    if (outer >= 0) {
        folder->fd = outer;
        tree->n_open = 1;
        return TRUE;
    }
    g_string_truncate(tree->path, folder->n_path);
    entry->path = g_strndup(tree->path->str, MAX(tree->path->len, 2) - 1);
    errno = err;
    fail(entry, "go back to");
    g_array_set_size(tree->stack, 0);
    return FALSE;
}

/* ---- walking -------------------------------------------------------------------------------
 */

/* A root is followed where it is a link, and must be something that can be read. */
static void
take_root(SpTree *tree, SpTreeEntry *entry)
{
    const char *root = *tree->roots++;
    g_string_assign(tree->path, root);
    entry->path = g_strdup(root);
    if (open_entry(tree, AT_FDCWD, root, 0, entry) && entry->kind == SP_TREE_FOLDER)
        push(tree, entry);
    if (entry->kind == SP_TREE_SPECIAL) {
        entry->kind = SP_TREE_FAILED;
        sp_throw(&entry->error, SP_ERROR_CANNOT_READ, "is no file and no folder");
    }
}

/* below: the path below the root, of which name is the last part. */
static gboolean
matches(char *const *globs, const char *below, const char *name)
{
    for (guint i = 0; globs != NULL && globs[i] != NULL; i++)
        if (fnmatch(globs[i], name, 0) == 0 || fnmatch(globs[i], below, 0) == 0)
            return TRUE;
    return FALSE;
}

gboolean
sp_tree_excludes(char *const *globs, const char *path)
{
    const char *name = path;
    for (const char *slash = NULL; (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        g_autofree char *folder = g_strndup(path, (gsize)(slash - path));
        if (matches(globs, folder, folder + (name - path)))
            return TRUE;
    }
    return matches(globs, path, name);
}

/* name is that of the entry whose path is tree->path. */
static gboolean
is_excluded(const SpTree *tree, const char *name)
{
    const char *below = tree->path->str + g_array_index(tree->stack, Folder, 0).n_path;
    return matches(tree->globs, below, name);
}

static void
take_name(SpTree *tree, Folder *folder, SpTreeEntry *entry)
{
    const char *name = g_ptr_array_index(folder->names, folder->next++);
    g_string_truncate(tree->path, folder->n_path);
    g_string_append(tree->path, name);
    entry->path = g_strndup(tree->path->str, tree->path->len);
    if (is_excluded(tree, name))
        entry->kind = SP_TREE_EXCLUDED;
    else if (open_entry(tree, folder->fd, name, O_NOFOLLOW, entry) &&
             entry->kind == SP_TREE_FOLDER)
        push(tree, entry);
}

gboolean
sp_tree_next(SpTree *tree, SpTreeEntry *entry)
{
    SpTreeEntry found = {.fd = -1};
    for (;;) {
        Folder *folder = innermost(tree);
        if (folder == NULL && *tree->roots == NULL)
            return FALSE;
        if (folder == NULL)
            take_root(tree, &found);
        else if (folder->next < folder->names->len)
            take_name(tree, folder, &found);
        else if (pop(tree, &found))
            continue;
        if (found.kind != SP_TREE_FILE)
            sp_fd_clear(&found.fd);
        *entry = found;
        return TRUE;
    }
}
