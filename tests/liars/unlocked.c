/* SPDX-License-Identifier: MIT */
/* unlocked.c -- in the place of src/sandbox/lock.c: liars try what a lock would end.
 *
 * The supervisor must stand against a renderer that got out, too. Of the lock itself there is
 * no_new_privs, which tests look for. */
#include "sandbox/lock.h"
#include <sys/prctl.h>

void
sp_lock_server(void)
{
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void
sp_lock_prepare(SpCallsKind kind G_GNUC_UNUSED, int socket G_GNUC_UNUSED)
{
}

gboolean
sp_lock_close(const SpLockTerms *terms G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

gboolean
sp_lock_expect(guint64 memory G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}
