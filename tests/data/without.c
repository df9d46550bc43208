/* SPDX-License-Identifier: MIT */
/* without.c -- without landlock|pidfd|seccomp COMMAND [ARGUMENT]...: run a command as on a host
 * that lacks that. */
#include "data/without.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
lose(const char *what)
{
    if (strcmp(what, "landlock") == 0)
        return do_without(LACKS_LANDLOCK);
    if (strcmp(what, "pidfd") == 0) /* as under filters older than the call */
        return do_without((Lack){SYS_pidfd_open, ANY_ARGUMENT, EPERM});
    if (strcmp(what, "seccomp") != 0)
        return -1;
    if (do_without((Lack){SYS_seccomp, ANY_ARGUMENT, ENOSYS}) != 0)
        return -1;
    return do_without((Lack){SYS_prctl, PR_SET_SECCOMP, EINVAL});
}

int
main(int argc, char **argv)
{
    if (argc < 3 || lose(argv[1]) != 0) {
        (void)fprintf(stderr, "usage: without landlock|pidfd|seccomp COMMAND [ARGUMENT]...\n");
        return 99;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 99;
}
