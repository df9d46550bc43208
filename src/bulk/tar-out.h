/* SPDX-License-Identifier: MIT */
/* tar-out.h -- an archive, written as its entries are there. */
#ifndef SP_BULK_TAR_OUT_H
#define SP_BULK_TAR_OUT_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpTarOut SpTarOut;

/* fd is borrowed. Used by the calling thread alone. */
SpTarOut *sp_tar_out_new(int fd);
/* Without sp_tar_out_finish() before it, the archive has no end. */
void sp_tar_out_free(SpTarOut *out);

/* A regular file, 0644, of nobody (0), from midnight UTC of today, as published ones are;
 * written when this returns. SP_ERROR_IO, "cannot write to standard output: ...". */
gboolean sp_tar_out_add(SpTarOut *out, const char *name, const void *bytes, gsize n,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The blocks that say that this was all; with the errors of sp_tar_out_add(). */
gboolean sp_tar_out_finish(SpTarOut *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpTarOut, sp_tar_out_free)
G_END_DECLS
#endif
