/* SPDX-License-Identifier: MIT */
/* error.h -- setting a GError in one line. */
#ifndef SP_BASE_ERROR_H
#define SP_BASE_ERROR_H
#include "storyphoto.h"
G_BEGIN_DECLS

/* Set *error (which may be NULL) and return FALSE: `return sp_throw(error, SP_ERROR_IO, ...)`.
 */
gboolean sp_throw(GError **error, SpErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The same with ": " and the text of errno value err behind. ENOSPC, EDQUOT and EFBIG
 * (a limit of the file's size, which is told as well) become SP_ERROR_NO_SPACE, EIO becomes
 * SP_ERROR_IO, EMFILE and ENFILE SP_ERROR_BUSY, whatever code says; and SP_ERROR_CANNOT_SEAL
 * becomes SP_ERROR_BUSY, too, with EAGAIN, ENOMEM, ENOBUFS and ETOOMANYREFS: the host is merely
 * short of something. */
gboolean sp_throw_errno(GError **error, SpErrorCode code, int err, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

#define sp_throw_null(...) (sp_throw(__VA_ARGS__), NULL)
#define sp_throw_errno_null(...) (sp_throw_errno(__VA_ARGS__), NULL)

G_END_DECLS
#endif
