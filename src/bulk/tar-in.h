/* SPDX-License-Identifier: MIT */
/* tar-in.h -- the entries of an archive, one after the other, read by a sealed process. */
#ifndef SP_BULK_TAR_IN_H
#define SP_BULK_TAR_IN_H
#include "base/memfd.h"
#include "bulk/tar-frame.h"
G_BEGIN_DECLS

typedef struct {
    SpTarWhat what;
    char *name; /* owned; as it stands in the archive */
    SpFd bytes; /* owned; of a file: all of it, in memory, to be read from its start; else -1 */
    GError *error; /* owned; of a file: why bytes is -1 */
} SpTarEntry;

#define SP_TAR_ENTRY_INIT                                                                      \
    {                                                                                          \
        SP_TAR_STRANGE, NULL, -1, NULL                                                         \
    }

void sp_tar_entry_clear(SpTarEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpTarEntry, sp_tar_entry_clear)

typedef struct SpTarIn SpTarIn;

/* Start the reader on fd, which stays the caller's; it ends when it is freed, or with the
 * calling thread. program NULL: the compiled-in one. stop_fd is borrowed: readable when no more
 * is to be read; or -1. NULL with SP_ERROR_CANNOT_SEAL or _BUSY. */
SpTarIn *sp_tar_in_start(const char *program, int fd, int stop_fd, GError **error);
/* For tests: frames come from this descriptor, which is taken. */
SpTarIn *sp_tar_in_of(int frames);
/* Waits a moment for the reader, which lets the archive's writer go, then ends it. */
void sp_tar_in_free(SpTarIn *in);

/* The next entry, into *entry, which is as SP_TAR_ENTRY_INIT; a file of more than max bytes is
 * not kept (its error: SP_ERROR_TOO_LARGE). FALSE at the end, or with error when there is no
 * reading on: _CORRUPT, _TRUNCATED, _CANNOT_READ (the archive), _INTERRUPTED (stop_fd, or
 * sp_tar_in_stop()), _DECODER_CRASHED, _BUSY, _PROTOCOL, _POLICY, _CANNOT_SEAL (its reader). An
 * entry that was being read then is told first. By one thread at a time. */
gboolean sp_tar_in_next(SpTarIn *in, guint64 max, SpTarEntry *entry, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* sp_tar_in_next() ends, now and from now on; from any thread. */
void sp_tar_in_stop(SpTarIn *in);

/* What an upload is called after the entry of that name, number counted from 1: without what
 * leads out of a folder, "a//../b/./c" is "a/b/c"; "entry-7" when nothing is left. Owned by the
 * caller. */
char *sp_tar_clean_name(const char *name, guint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpTarIn, sp_tar_in_free)
G_END_DECLS
#endif
