/* SPDX-License-Identifier: MIT */
/* landlock.h -- no file, no TCP port, no signal and no abstract socket of anybody's, by
 * Landlock. */
#ifndef SP_SANDBOX_LANDLOCK_H
#define SP_SANDBOX_LANDLOCK_H
#include <glib.h>
G_BEGIN_DECLS

/* The version of Landlock in the running kernel, as far as we know what it denies; 0 where
 * there is none. */
guint sp_landlock_abi(void);

/* From here on this thread, and what it starts, opens nothing but what lies below one of
 * readable (paths, NULL-terminated; what is not there is left out), and that to read it;
 * binds and connects no TCP socket, and reaches no process and no abstract socket outside: as
 * far as the running kernel can do it, which must have ABI 1 at least. Needs no_new_privs and
 * two free descriptors. Holds for ever; a second call narrows. SP_ERROR_CANNOT_SEAL. */
gboolean sp_landlock_restrict(const char *const *readable, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
