/* SPDX-License-Identifier: MIT */
/* inputs.h -- what a batch is to take, one thing after the other: a tree, or a list of paths.
 *
 * Paths are relative to the source and mean the same in both. A list's path that is absolute,
 * or leads out of the source by "..", is told as failed. No file is opened here: one that is
 * done already need not be. */
#ifndef SP_BULK_INPUTS_H
#define SP_BULK_INPUTS_H
#include "base/memfd.h"
#include "bulk/shard.h"
#include "bulk/tree.h"
G_BEGIN_DECLS

/* What tells that a file has not changed. */
typedef struct {
    guint64 size;
    gint64 mtime_ns, ctime_ns; /* since 1970 */
    guint64 inode;
} SpFileMark;

typedef struct {
    SpTreeKind
        kind; /* SP_TREE_FILE, _LINK, _SPECIAL, _EXCLUDED or _FAILED; folders are passed over */
    char *path;      /* owned; below the source; any bytes but NUL, no "." or ".." in it; of
                        SP_TREE_FAILED what the list says, or "" for the source itself */
    SpFileMark mark; /* of SP_TREE_FILE */
    GError *error;   /* owned; of SP_TREE_FAILED */
} SpInput;

void sp_input_clear(SpInput *input);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpInput, sp_input_clear)

typedef struct SpInputs SpInputs;

/* Walk source, which may be a link to a folder. exclude: as of sp_tree_exclude(), or NULL. Both
 * are borrowed. NULL with SP_ERROR_CANNOT_READ when source is no folder that can be listed. */
SpInputs *sp_inputs_walk(const char *source, char *const *exclude, SpShard shard,
                         GError **error);
/* Read paths from fd, which is borrowed, each ended by end ('\n' or NUL) or by the end. Empty
 * ones are passed over; a folder, and what lies behind a link, is told as failed. */
SpInputs *sp_inputs_list(const char *source, int fd, char end, SpShard shard, GError **error);
void sp_inputs_free(SpInputs *inputs);
/* Ask stop() while a list makes us wait: when it says TRUE, sp_inputs_next() fails with
 * SP_ERROR_INTERRUPTED, and may be called again. Signals alone end no waiting. */
void sp_inputs_set_stop(SpInputs *inputs, gboolean (*stop)(void));

/* The next one that is of this shard. FALSE at the end, or with error when the list cannot be
 * read on; *input is untouched then. A thing that another shard has is passed over unseen. */
gboolean sp_inputs_next(SpInputs *inputs, SpInput *input, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* After the end: all that is there was seen, nothing failed (another shard's may be a folder
 * with ours in it). What was not told is gone, or excluded. Never so of a list. */
gboolean sp_inputs_were_all(const SpInputs *inputs);

/* Open one of them: a regular file, not through any symbolic link below the source, in
 * blocking mode. *ret_mark is of what is open. -1 with SP_ERROR_CANNOT_READ or _IO.
 * Thread-safe.
 */
int sp_inputs_open(const SpInputs *inputs, const char *path, SpFileMark *ret_mark,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpInputs, sp_inputs_free)
G_END_DECLS
#endif
