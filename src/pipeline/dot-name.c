/* SPDX-License-Identifier: MIT */
/* dot-name.c -- see the header. A file is deleted when it is regular, has a name that could be
 * ours to the letter, and nobody holds it. */
#include "pipeline/dot-name.h"
#include "base/memfd.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".storyphoto-"

/* O_EXCL sees to it that a name is new, so it need not be a secret. */
char *
sp_dot_name_new(void)
{
    g_autofree char *random = g_uuid_string_random();
    return g_strconcat(PREFIX, random, NULL);
}

gboolean
sp_dot_name_hold(int fd, gboolean named)
{
    struct stat st;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return FALSE;
    return !named || fstat(fd, &st) < 0 || st.st_nlink > 0;
}

static gboolean
is_left_behind(int folder, const char *name)
{
    if (!g_str_has_prefix(name, PREFIX) || !g_uuid_string_is_valid(name + strlen(PREFIX)))
        return FALSE;
    struct stat st;
    g_auto(SpFd) fd =
        openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
        flock(fd, LOCK_EX | LOCK_NB) < 0)
        return FALSE;
    return unlinkat(folder, name, 0) == 0; /* while it is locked: nobody begins to use it */
}

guint
sp_dot_name_sweep(int folder)
{
    guint n = 0;
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *all = fd >= 0 ? fdopendir(fd) : NULL;
    if (all == NULL) {
        sp_fd_clear(&fd);
        return 0;
    }
    for (const struct dirent *entry = readdir(all); entry != NULL; entry = readdir(all))
        n += is_left_behind(folder, entry->d_name) ? 1 : 0;
    closedir(all);
    return n;
}
