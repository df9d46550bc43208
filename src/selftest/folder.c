/* SPDX-License-Identifier: MIT */
/* folder.c -- make, read and remove the folder that the self-test works in. */
#include "selftest/folder.h"
#include "base/error.h"
#include "storyphoto.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* In memory where nobody asked for another place: thousands of files are published, and each is
 * waited for until the disk has it. */
static const char *
default_place(void)
{
    gboolean memory = g_getenv("TMPDIR") == NULL && access("/dev/shm", W_OK | X_OK) == 0;
    return memory ? "/dev/shm" : g_get_tmp_dir();
}

char *
sp_folder_new(const char *in, guint64 n_bytes, GError **error)
{
    const char *place = in != NULL ? in : default_place();
    struct statvfs disk;
    if (statvfs(place, &disk) == 0 && (guint64)disk.f_bavail * disk.f_frsize < n_bytes)
        return sp_throw_null(error, SP_ERROR_NO_SPACE,
                             "too little space in '%s': %" G_GUINT64_FORMAT " MB are needed",
                             place, n_bytes >> 20);
    g_autofree char *path = g_build_filename(place, "storyphoto-selftest-XXXXXX", NULL);
    if (g_mkdtemp_full(path, 0700) == NULL)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno,
                                   "cannot make a folder in '%s'", place);
    return g_steal_pointer(&path);
}

char *
sp_folder_sub(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_mkdir(path, 0700) < 0 && errno != EEXIST)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno,
                                   "cannot make the folder '%s'", path);
    return g_steal_pointer(&path);
}

void
sp_folder_remove(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct stat st = {0};
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            sp_folder_remove(path);
        else
            g_unlink(path);
    }
    g_rmdir(folder);
}

SpFolderFile *
sp_folder_file_new(char *name, GBytes *bytes)
{
    SpFolderFile *file = g_new0(SpFolderFile, 1);
    file->name = name;
    file->bytes = bytes;
    return file;
}

void
sp_folder_file_free(SpFolderFile *file)
{
    g_free(file->name);
    g_bytes_unref(file->bytes);
    g_free(file);
}

static gboolean
read_file(GPtrArray *files, const char *path, const char *name, GError **error)
{
    char *text = NULL;
    gsize n = 0;
    g_autoptr(GError) why = NULL;
    if (!g_file_get_contents(path, &text, &n, &why))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s", why->message);
    g_ptr_array_add(files, sp_folder_file_new(g_strdup(name), g_bytes_new_take(text, n)));
    return TRUE;
}

static gboolean
read_below(GPtrArray *files, const char *folder, const char *prefix, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &why);
    if (dir == NULL)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s", why->message);
    for (const char *name = NULL; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *below =
            *prefix != '\0' ? g_build_filename(prefix, name, NULL) : g_strdup(name);
        struct stat st = {0};
        if (lstat(path, &st) < 0)
            continue;
        gboolean done = S_ISDIR(st.st_mode)   ? read_below(files, path, below, error)
                        : S_ISREG(st.st_mode) ? read_file(files, path, below, error)
                                              : TRUE;
        if (!done)
            return FALSE;
    }
    return TRUE;
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const SpFolderFile *const *one = a, *const *two = b;
    return g_strcmp0((*one)->name, (*two)->name);
}

GPtrArray *
sp_folder_read(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func((GDestroyNotify)sp_folder_file_free);
    if (!read_below(files, folder, "", error))
        return NULL;
    g_ptr_array_sort(files, compare);
    return g_steal_pointer(&files);
}

gboolean
sp_folder_write(const char *folder, const char *name, GBytes *bytes, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) why = NULL;
    gsize n = 0;
    const char *data = g_bytes_get_data(bytes, &n);
    return g_file_set_contents(path, data, (gssize)n, &why) ||
           sp_throw(error, SP_ERROR_CANNOT_WRITE, "%s", why->message);
}
