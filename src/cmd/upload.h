/* SPDX-License-Identifier: MIT */
/* upload.h -- open what the command line names as a PHOTO. */
#ifndef SP_CMD_UPLOAD_H
#define SP_CMD_UPLOAD_H
#include "base/memfd.h"
G_BEGIN_DECLS

/* Open path, or for "-" standard input: a regular file or a pipe, in blocking mode, CLOEXEC.
 * The caller closes it. -1 with SP_ERROR_CANNOT_READ: not there, no right, a folder, a device,
 * a socket. */
int sp_upload_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Standard input can be read once: FALSE, and command's user is told, when photos
 * (NULL-terminated) name it more than once. */
gboolean sp_upload_check_names(const char *command, char *const *photos)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
