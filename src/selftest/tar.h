/* SPDX-License-Identifier: MIT */
/* tar.h -- archives (POSIX.1-1988 ustar): those that are sent, and those that come back. */
#ifndef SP_SELFTEST_TAR_H
#define SP_SELFTEST_TAR_H
#include "selftest/canary.h"
#include "selftest/folder.h"
G_BEGIN_DECLS

/* An archive begins, has files, and ends. The canary is wherever a stranger's archive may say
 * more than its files do: in the names of owners, a comment, padding, and behind the end. Names
 * have at most 99 bytes. */
void sp_tar_begin(GByteArray *out, const SpCanary *canary);
void sp_tar_put(GByteArray *out, const char *name, GBytes *bytes, const SpCanary *canary);
void sp_tar_end(GByteArray *out, const SpCanary *canary);

/* The files of an archive of nothing but files with short names, of SpFolderFile, in its order;
 * the caller's. NULL with SP_ERROR_CORRUPT for anything else. */
GPtrArray *sp_tar_read(GBytes *archive, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
