/* SPDX-License-Identifier: MIT */
/* upload.c -- open a PHOTO, and nothing that only looks like one.
 *
 * O_NONBLOCK, because opening a named pipe would otherwise wait with no end and opening some
 * devices does things; what is open is then looked at, and only a file, a pipe or (some parents
 * make standard input one) a socket is read. The name is never looked up twice, so nobody can
 * swap what stands behind it. Waiting for a pipe's writer is the library's: it has the deadline
 * and hears a cancel. */
#include "cmd/upload.h"
#include "base/error.h"
#include "cmd/print.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    mode_t type;
    const char *what;
} never_read[] = {
    {S_IFDIR, "is a folder"},
    {S_IFCHR, "is a device"},
    {S_IFBLK, "is a device"},
};

static gboolean
check_type(int fd, gboolean is_stdin, GError **error)
{
    struct stat st = {0};
    if (fstat(fd, &st) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot look at it");
    for (gsize i = 0; i < G_N_ELEMENTS(never_read); i++) {
        if ((st.st_mode & S_IFMT) != never_read[i].type)
            continue;
        if (is_stdin)
            return sp_throw(error, SP_ERROR_CANNOT_READ,
                            "standard input %s; give a file or a pipe", never_read[i].what);
        return sp_throw(error, SP_ERROR_CANNOT_READ, "%s", never_read[i].what);
    }
    return TRUE;
}

/* A sender that is refused finds its pipe closed, though other photos follow. */
static void
let_go_of_stdin(void)
{
    g_auto(SpFd) null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0)
        (void)!dup2(null, STDIN_FILENO);
}

static int
open_stdin(GError **error)
{
    if (sp_print_stdin_was_closed()) {
        sp_throw(error, SP_ERROR_CANNOT_READ, "standard input is closed");
        return -1;
    }
    if (isatty(STDIN_FILENO)) {
        sp_throw(error, SP_ERROR_CANNOT_READ, "standard input is a terminal");
        return -1;
    }
    if (!check_type(STDIN_FILENO, TRUE, error))
        return -1;
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot open it");
    let_go_of_stdin();
    return fd;
}

static int
open_file(const char *path, GError **error)
{
    const int flags_wanted = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    g_auto(SpFd) fd = open(path, flags_wanted | O_NOATIME);
    if (fd < 0 && errno == EPERM) /* not ours: only its owner may leave its time of access */
        fd = open(path, flags_wanted);
    if (fd < 0 && errno == ENXIO) /* what Linux says of a socket in the file system */
        sp_throw(error, SP_ERROR_CANNOT_READ, "is a socket, or a device that is not there");
    else if (fd < 0)
        sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot open it");
    if (fd < 0 || !check_type(fd, FALSE, error))
        return -1;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0) {
        sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot open it");
        return -1;
    }
    return sp_fd_steal(&fd);
}

int
sp_upload_open(const char *path, GError **error)
{
    return g_str_equal(path, "-") ? open_stdin(error) : open_file(path, error);
}

gboolean
sp_upload_check_names(const char *command, char *const *photos)
{
    guint n_stdin = 0;
    for (guint i = 0; photos[i] != NULL; i++)
        n_stdin += g_str_equal(photos[i], "-") ? 1 : 0;
    if (n_stdin > 1)
        sp_complain_usage(command, "standard input (-) is given more than once");
    return n_stdin <= 1;
}
