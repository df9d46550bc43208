/* SPDX-License-Identifier: MIT */
/* folder.c -- from the output folder down to where a set belongs.
 *
 * Each step goes from one descriptor to the next by a name without a '/': nothing that somebody
 * renames or links meanwhile leads out of the output folder. What is missing is made; that
 * another was faster is as good.
 *
 * Each parent is synced whether or not the step made anything: who made it a moment ago may not
 * have synced it yet, or be gone. Of a folder that is clean that costs next to nothing. */
#include "pipeline/folder.h"
#include "base/error.h"
#include "base/memfd.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_TRIES 32 /* of a folder that comes and goes */

static gboolean
throw_taken(int parent, const char *name, const char *where, GError **error)
{
    struct stat there;
    gboolean is_link =
        fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(there.st_mode);
    return sp_throw(error, SP_ERROR_EXISTS,
                    is_link ? "'%s' is a symbolic link, which is not followed"
                            : "'%s' exists and is not a folder",
                    where);
}

/* where is the path of name, for messages. -1 with error. */
static int
enter(int parent, const char *name, const char *where, GError **error)
{
    for (guint tries = 0; tries < MAX_TRIES; tries++) {
        int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0)
            return fd;
        if (errno == ENOTDIR || errno == ELOOP) {
            throw_taken(parent, name, where, error);
            return -1;
        }
        if (errno != ENOENT) {
            sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot open folder '%s'",
                           where);
            return -1;
        }
        if (mkdirat(parent, name, 0777) < 0 && errno != EEXIST) {
            sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot make folder '%s'",
                           where);
            return -1;
        }
    }
    sp_throw(error, SP_ERROR_EXISTS, "folder '%s' comes and goes: try again", where);
    return -1;
}

static gboolean
are_inner(char *const *parts)
{
    gboolean good = parts[0] != NULL;
    for (guint i = 0; parts[i] != NULL; i++)
        good = good && parts[i][0] != '\0' && strcmp(parts[i], ".") != 0 &&
               strcmp(parts[i], "..") != 0;
    return good;
}

gboolean
sp_folder_is_inner(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    return are_inner(parts);
}

int
sp_folder_open(const char *folder, int opened, const char *below, gboolean unsynced,
               GError **error)
{
    g_auto(GStrv) parts = g_strsplit(below != NULL ? below : "", "/", -1);
    if (below != NULL && !are_inner(parts)) {
        sp_throw(error, SP_ERROR_CANNOT_WRITE,
                 "'%s' cannot be the path of a folder below another", below);
        return -1;
    }
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    g_auto(SpFd) fd = opened >= 0 ? openat(opened, ".", flags) : open(folder, flags);
    if (fd < 0) {
        sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                       "cannot open folder '%s', which must exist", folder);
        return -1;
    }
    g_autofree char *where = g_strdup(folder);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_autofree char *parent_where = g_steal_pointer(&where);
        where = g_build_filename(parent_where, parts[i], NULL);
        g_auto(SpFd) parent = sp_fd_steal(&fd);
        fd = enter(parent, parts[i], where, error);
        if (fd < 0 || (!unsynced && !sp_folder_sync(parent, parent_where, error)))
            return -1;
    }
    return sp_fd_steal(&fd);
}

/* Some network file systems cannot sync a folder and say EINVAL: nothing can be done there. */
gboolean
sp_folder_sync(int fd, const char *where, GError **error)
{
    if (sp_fd_sync(fd) || errno == EINVAL)
        return TRUE;
    return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot sync folder '%s'", where);
}
