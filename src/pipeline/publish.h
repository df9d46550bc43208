/* SPDX-License-Identifier: MIT */
/* publish.h -- put a set of files under their final names: all of them, or none.
 *
 * Two phases. First every file is written to a nameless O_TMPFILE (or, where the file system
 * has none, a random dot-name) in the folder and synced: everything that can run out of space
 * happens here. Then each gets its name by linkat(2), in the order added, and the folder is
 * synced. A name that is there already with the same bytes is fine; with others it is
 * SP_ERROR_EXISTS, unless force, which renames over it. Only a file is ever replaced: a folder,
 * a symbolic link or a FIFO under any name of the set is SP_ERROR_EXISTS before the first is.
 * A failure in the second phase unlinks only what this set linked: not what was there already,
 * and not what force replaced, which the error's message names.
 *
 * Files carry midnight (UTC) of the day as their time. One SpPublish belongs to one thread; any
 * number of them, in any number of processes, may work in one folder. */
#ifndef SP_PIPELINE_PUBLISH_H
#define SP_PIPELINE_PUBLISH_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpPublish SpPublish;

/* One file of a set; all borrowed. */
typedef struct {
    const char *name;  /* one component, at most as long as the folder takes, new to the set */
    const void *bytes; /* n of them */
    gsize n;
    guint mode; /* 0644 for pictures (less the umask), 0600 for receipts */
} SpPublishFile;

typedef enum {
    SP_PUBLISH_FORCE = 1 << 0,    /* rename over other bytes */
    SP_PUBLISH_UNSYNCED = 1 << 1, /* wait for no disk: what is published, and said here to be
                                     durable, outlives the program, but not a power cut */
} SpPublishFlags;

/* Open the folder (opened: as of sp_folder_open()), or the one below it, which is made if need
 * be (folder.h); below may be NULL. One that was made stays, whatever becomes of the set. NULL
 * with the errors of sp_folder_open(). */
SpPublish *sp_publish_new(const char *folder, int opened, const char *below,
                          SpPublishFlags flags, GError **error);
/* Drops what was staged and not committed: no name of it ever appears. What was committed
 * stays. NULL is fine. */
void sp_publish_free(SpPublish *publish);

/* Of files that have other bytes, replace those whose SHA-256 (hex) is one of hashes, which is
 * NULL-terminated and borrowed. All are looked at before the first is replaced. */
void sp_publish_replace(SpPublish *publish, const char *const *hashes);

/* Phase one for n files: they are durable when it returns. Those of one call share the wait for
 * the disk. On failure none of them is staged. Errors: SP_ERROR_NO_SPACE, _IO, _CANNOT_WRITE,
 * _BUSY (too many open files); SP_ERROR_EXISTS for a name staged twice. */
gboolean sp_publish_stage(SpPublish *publish, const SpPublishFile *files, guint n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Phase two. Errors: SP_ERROR_EXISTS and those of staging. Afterwards, either way, nothing is
 * staged any more. A failure has undone the set already. */
gboolean sp_publish_commit(SpPublish *publish, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A later step failed, with *error: take back what was committed, by the rules of a failure in
 * phase two. Names that force replaced are told in front of (*error)->message. */
void sp_publish_undo(SpPublish *publish, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPublish, sp_publish_free)
G_END_DECLS
#endif
