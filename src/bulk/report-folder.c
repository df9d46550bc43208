/* SPDX-License-Identifier: MIT */
/* report-folder.c -- each file is written under a name of its own and renamed.
 *
 * Nothing waits for the disk: a report that a power cut takes is written again from the
 * journal. */
#include "bulk/report-folder.h"
#include "base/error.h"
#include "base/memfd.h"
#include "base/size.h"
#include "bulk/report-html.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_NAME ".report-new" /* one is enough: the folder is locked */

struct SpReportFolder {
    char *path; /* owned */
    SpFd fd;    /* owned; locked */
};

void
sp_report_folder_free(SpReportFolder *folder)
{
    if (folder == NULL)
        return;
    sp_fd_clear(&folder->fd);
    g_free(folder->path);
    g_free(folder);
}

const char *
sp_report_folder_path(const SpReportFolder *folder)
{
    return folder->path;
}

/* Whoever may write into it may put another page in the place of ours. That others may list it
 * is no harm: the names say nothing, and the files are ours alone. */
static gboolean
lock_folder(int fd, const char *path, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot use '%s'", path);
    if (st.st_uid != geteuid())
        return sp_throw(error, SP_ERROR_CANNOT_WRITE, "'%s' belongs to another user", path);
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return sp_throw(error, SP_ERROR_CANNOT_WRITE, "others may write into '%s'", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    if (errno == EWOULDBLOCK)
        return sp_throw(error, SP_ERROR_BUSY, "another report is being written into '%s'",
                        path);
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot lock '%s'", path);
}

/* A page of a report, by its first bytes. */
static gboolean
is_page(const SpReportFolder *folder, const char *name)
{
    char begins[sizeof SP_HTML_MARK - 1];
    struct stat st;
    if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return FALSE;
    g_auto(SpFd) fd = openat(folder->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    return fd >= 0 && sp_read_full(fd, begins, sizeof begins) == (gssize)sizeof begins &&
           memcmp(begins, SP_HTML_MARK, sizeof begins) == 0;
}

static gboolean
is_free_for(const SpReportFolder *folder, const char *name, GError **error)
{
    struct stat st;
    if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return TRUE;
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot look at '%s/%s'",
                              folder->path, name);
    }
    if (is_page(folder, name))
        return TRUE;
    return sp_throw(error, SP_ERROR_EXISTS, "'%s/%s' is there and no page of a report",
                    folder->path, name);
}

SpReportFolder *
sp_report_folder_open(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) != 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno, "cannot make '%s'",
                                   path);
    g_auto(SpFd) fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno, "cannot open '%s'",
                                   path);
    if (!lock_folder(fd, path, error))
        return NULL;
    g_autofree char *resolved = realpath(path, NULL);
    if (resolved == NULL)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno, "cannot resolve '%s'",
                                   path);
    g_autoptr(SpReportFolder) folder = g_new0(SpReportFolder, 1);
    folder->path = g_steal_pointer(&resolved);
    folder->fd = sp_fd_steal(&fd);
    /* Told before a thousand pages are written. */
    return is_free_for(folder, "index.html", error) ? g_steal_pointer(&folder) : NULL;
}

static gboolean
write_new(const SpReportFolder *folder, const GString *text)
{
    if (unlinkat(folder->fd, NEW_NAME, 0) != 0 && errno != ENOENT)
        return FALSE;
    g_auto(SpFd) fd = openat(folder->fd, NEW_NAME,
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || !sp_write_full(fd, text->str, text->len))
        return FALSE;
    return close(sp_fd_steal(&fd)) == 0; /* some file systems say only now that they are full */
}

gboolean
sp_report_folder_put(SpReportFolder *folder, const char *name, const GString *text,
                     GError **error)
{
    if (!is_free_for(folder, name, error))
        return FALSE;
    if (write_new(folder, text) && renameat(folder->fd, NEW_NAME, folder->fd, name) == 0)
        return TRUE;
    int err = errno;
    (void)unlinkat(folder->fd, NEW_NAME, 0);
    return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, err, "cannot write '%s/%s'",
                          folder->path, name);
}

/* The number of STEM-N.html as we write it; 0 for any other name. */
static guint
number_of(const char *name, const char *stem)
{
    gsize n = strlen(stem);
    guint64 number = 0;
    if (strncmp(name, stem, n) != 0 || name[n] != '-' || !g_str_has_suffix(name, ".html"))
        return 0;
    g_autofree char *digits = g_strndup(name + n + 1, strlen(name + n + 1) - strlen(".html"));
    if (digits[0] == '0' || !sp_unsigned_parse(digits, 10, 1, G_MAXUINT, &number))
        return 0;
    return (guint)number;
}

static gboolean
sweep(SpReportFolder *folder, DIR *names, const char *stem, guint last, GError **error)
{
    for (const struct dirent *entry = readdir(names); entry != NULL; entry = readdir(names)) {
        if (number_of(entry->d_name, stem) <= last || !is_page(folder, entry->d_name))
            continue;
        if (unlinkat(folder->fd, entry->d_name, 0) != 0 && errno != ENOENT)
            return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno, "cannot remove '%s/%s'",
                                  folder->path, entry->d_name);
    }
    return TRUE;
}

gboolean
sp_report_folder_sweep(SpReportFolder *folder, const char *stem, guint last, GError **error)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = fd >= 0 ? fdopendir(fd) : NULL;
    if (names == NULL) {
        int err = errno;
        if (fd >= 0)
            close(fd);
        return sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, err, "cannot list '%s'",
                              folder->path);
    }
    gboolean ok = sweep(folder, names, stem, last, error);
    closedir(names);
    return ok;
}
