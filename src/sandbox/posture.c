/* SPDX-License-Identifier: MIT */
/* posture.c -- what the lock consists of on this host, in one word for receipts.
 *
 * What is not in force is never named. Without seccomp there is no lock, and so no child. */
#include "sandbox/landlock.h"
#include "storyphoto.h"
#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SP_SANITIZED
#define WITHOUT "-memory-limit" /* a sanitizer's shadow counts as memory */
#else
#define WITHOUT ""
#endif

static gboolean
has_seccomp(void)
{
    guint32 action = SECCOMP_RET_TRAP;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

const char *
sp_sandbox_posture(void)
{
    static char posture[48];
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        guint abi = sp_landlock_abi();
        if (!has_seccomp())
            g_strlcpy(posture, "none", sizeof posture);
        else if (abi > 0)
            g_snprintf(posture, sizeof posture, "landlock%u+seccomp" WITHOUT, abi);
        else
            g_strlcpy(posture, "seccomp" WITHOUT, sizeof posture);
        g_once_init_leave(&once, 1);
    }
    return posture;
}
