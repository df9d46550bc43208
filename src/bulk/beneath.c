/* SPDX-License-Identifier: MIT */
/* beneath.c -- open what lies below a folder.
 *
 * openat2(2) does it in one call. Where it cannot, since the kernel is older than 5.6, a
 * container's seccomp profile is, or the path is longer than a call takes, we go from folder to
 * folder; whoever swaps one for a link on the way meets O_NOFOLLOW at each. */
#include "bulk/beneath.h"
#include "base/memfd.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* -1 with errno. ENOTDIR is what a link to a folder is too; the caller wants to know. */
static int
enter(int at, const char *name)
{
    int fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    if (fd >= 0 || errno != ENOTDIR)
        return fd;
    gboolean is_link = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
    errno = is_link ? ELOOP : ENOTDIR;
    return -1;
}

static int
step_by_step(int folder, const char *path, int flags)
{
    g_auto(SpFd) at = -1;
    for (;;) {
        char name[NAME_MAX + 1];
        gsize n = strcspn(path, "/");
        if (n > NAME_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, path, n);
        name[n] = '\0';
        if (strcmp(name, "..") == 0) {
            errno = EXDEV; /* as openat2 says of what leads out */
            return -1;
        }
        if (path[n] == '\0')
            return openat(at < 0 ? folder : at, name, flags);
        int next = enter(at < 0 ? folder : at, name);
        if (next < 0)
            return -1;
        sp_fd_clear(&at);
        at = next;
        path += n + 1;
    }
}

int
sp_beneath_open(int folder, const char *path, int flags)
{
    flags |= O_CLOEXEC | O_NOFOLLOW;
    struct open_how how = {
        .flags = (guint64)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    /* EPERM is what some seccomp profiles say of any call that they do not know. */
    if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == ENAMETOOLONG))
        return step_by_step(folder, path, flags);
    return fd;
}
