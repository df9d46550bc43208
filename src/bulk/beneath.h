/* SPDX-License-Identifier: MIT */
/* beneath.h -- open what lies below a folder, and nothing that a symbolic link leads to. */
#ifndef SP_BULK_BENEATH_H
#define SP_BULK_BENEATH_H
#include <glib.h>
G_BEGIN_DECLS

/* openat(2) of path, which has no "." and no ".." and does not begin with '/', with no link
 * followed anywhere in it. flags: O_CLOEXEC and O_NOFOLLOW are added; no O_CREAT. With O_PATH
 * the last name may be a link, which is then what is open. path may be of any length. -1 with
 * errno, ELOOP for a link. */
int sp_beneath_open(int folder, const char *path, int flags) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
