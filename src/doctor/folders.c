/* SPDX-License-Identifier: MIT */
/* folders.c -- may files be published there, and is private what must be?
 *
 * What publishing does is tried: a file without a name, that is written, synced and closed. It
 * never has a name, so whatever happens nothing stays behind. */
#include "doctor/doctor.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GROUP "folders"
#define ROOM_WANTED (G_GUINT64_CONSTANT(64) << 20)

/* 0, or the errno of what failed. */
static int
try_file(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    int err = write(fd, "x", 1) == 1 ? 0 : errno;
    if (err == 0 && fsync(fd) != 0)
        err = errno;
    close(fd);
    return err;
}

static void
check_room(const SpDoctorOptions *options, const char *folder)
{
    struct statvfs room;
    if (statvfs(folder, &room) != 0)
        return;
    guint64 free_bytes = (guint64)room.f_bavail * room.f_frsize;
    if (free_bytes < ROOM_WANTED)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, folder, "make room",
                       "only %" G_GUINT64_FORMAT " MiB are free", free_bytes >> 20);
}

/* TRUE when files can be made there; else it is told. */
static gboolean
check_writable(const SpDoctorOptions *options, const char *folder)
{
    int err = try_file(folder);
    if (err == 0)
        return TRUE;
    if (err == EOPNOTSUPP || err == EISDIR || err == EINVAL) { /* files get a dot-name first */
        if (access(folder, W_OK | X_OK) == 0) {
            sp_doctor_tell(options, SP_DOCTOR_OK, GROUP, folder, NULL,
                           "may be written; its file system has no files without a name");
            return FALSE;
        }
        err = errno;
    }
    sp_doctor_tell(options, SP_DOCTOR_FAULT, GROUP, folder,
                   err == ENOENT ? "make the folder"
                                 : "give this user the right to write there",
                   "cannot be written: %s", g_strerror(err));
    return FALSE;
}

static void
check_output(const SpDoctorOptions *options, const char *folder)
{
    struct stat st;
    if (!check_writable(options, folder))
        return;
    if (stat(folder, &st) == 0 && (st.st_mode & S_IWOTH) != 0)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, folder, "chmod o-w",
                       "every user of this host can write there");
    else
        sp_doctor_tell(options, SP_DOCTOR_OK, GROUP, folder, NULL, "may be written");
    check_room(options, folder);
}

static void
check_private(const SpDoctorOptions *options, const char *folder)
{
    struct stat st;
    if (!check_writable(options, folder))
        return;
    if (stat(folder, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, folder,
                       "chmod go=", "others than its owner can look into it");
    else
        sp_doctor_tell(options, SP_DOCTOR_OK, GROUP, folder, NULL,
                       "may be written, is private");
    check_room(options, folder);
}

void
sp_doctor_folders(const SpDoctorOptions *options)
{
    for (guint i = 0; options->outputs != NULL && options->outputs[i] != NULL; i++)
        check_output(options, options->outputs[i]);
    for (guint i = 0; options->privates != NULL && options->privates[i] != NULL; i++)
        check_private(options, options->privates[i]);
}
