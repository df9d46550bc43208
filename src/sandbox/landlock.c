/* SPDX-License-Identifier: MIT */
/* landlock.c -- no file, no TCP port, no signal and no abstract socket of anybody's, by
 * Landlock.
 *
 * What a kernel can deny grows from version to version of its ABI, and so we deny all that the
 * running one knows of: the constants are our own, as the headers of the build's system may be
 * older than the kernel (Debian 12's end at version 2). Numbers from the kernel's
 * include/uapi/linux/landlock.h; a new version is a line in abis[].
 *
 * Landlock knows nothing of stat(), of descriptors that are open, nor of mapping as executable;
 * that is why it is the second wall and seccomp the first. */
#include "sandbox/landlock.h"
#include "base/error.h"
#include "base/memfd.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset /* the same on all architectures */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define READ_FILE (G_GUINT64_CONSTANT(1) << 2)
#define READ_DIR (G_GUINT64_CONSTANT(1) << 3)

typedef struct {
    guint64 files;  /* what can be done to files, folders and devices */
    guint64 net;    /* bind and connect, TCP */
    guint64 scopes; /* abstract sockets, signals */
} Ruleset;          /* struct landlock_ruleset_attr */

typedef struct {
    guint64 allowed;
    gint32 folder;
} __attribute__((packed)) PathBeneath; /* struct landlock_path_beneath_attr */

/* What each version can deny, and how many bytes of Ruleset it knows. */
static const struct {
    Ruleset all;
    gsize size;
} abis[] = {
    {{0x1FFF, 0, 0}, 8},  /* 1: thirteen rights on files */
    {{0x3FFF, 0, 0}, 8},  /* 2: and to move one to another folder */
    {{0x7FFF, 0, 0}, 8},  /* 3: and to truncate */
    {{0x7FFF, 3, 0}, 16}, /* 4: TCP */
    {{0xFFFF, 3, 0}, 16}, /* 5: ioctl() of devices */
    {{0xFFFF, 3, 3}, 24}, /* 6: abstract sockets, signals */
    {{0xFFFF, 3, 3}, 24}, /* 7: what is logged */
};

guint
sp_landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return abi > 0 ? MIN((guint)abi, G_N_ELEMENTS(abis)) : 0;
}

static gboolean
allow_reading(int ruleset, const char *path, GError **error)
{
    g_auto(SpFd) fd = open(path, O_PATH | O_CLOEXEC);
    struct stat about;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
        return TRUE;
    if (fd < 0 || fstat(fd, &about) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot open '%s'", path);
    PathBeneath rule = {READ_FILE | (S_ISDIR(about.st_mode) ? READ_DIR : 0), fd};
    if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0)
        return TRUE;
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot make a rule of Landlock");
}

gboolean
sp_landlock_restrict(const char *const *readable, GError **error)
{
    guint abi = sp_landlock_abi();
    if (abi == 0)
        return sp_throw(error, SP_ERROR_CANNOT_SEAL, "this kernel has no Landlock");
    g_auto(SpFd) ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &abis[abi - 1].all, abis[abi - 1].size, 0);
    if (ruleset < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno,
                              "cannot make rules of Landlock");
    for (guint i = 0; readable[i] != NULL; i++)
        if (!allow_reading(ruleset, readable[i], error))
            return FALSE;
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) == 0)
        return TRUE;
    return sp_throw_errno(error, SP_ERROR_CANNOT_SEAL, errno, "cannot lock with Landlock");
}
