/* SPDX-License-Identifier: MIT */
/* state.h -- the state folder of a batch: its journal, its naming key, and one run at a time.
 *
 *     DIR/journal.sqlite        journal.h
 *     DIR/naming-key            32 random bytes, for names = random
 *     DIR/lock                  locked while a run is on (never removed)
 *     DIR/shard-I-of-N/         the same for one of N machines; they share DIR/naming-key
 *
 * All of it is 0700 and 0600: it says which uploads became which files. It never lies in, below
 * or above the folder that is published: what is beside a web root is often served too. */
#ifndef SP_BULK_STATE_H
#define SP_BULK_STATE_H
#include "base/memfd.h"
#include "bulk/shard.h"
G_BEGIN_DECLS

#define SP_STATE_KEY_BYTES 32

typedef struct {
    char *folder; /* owned; of this shard */
    SpFd lock;    /* owned; -1: not locked (a dry run) */
    guint8 naming_key[SP_STATE_KEY_BYTES];
    gboolean exists; /* FALSE: a dry run met no state (nor naming key), and made none */
} SpState;

/* $XDG_STATE_HOME/storyphoto/HASH, HASH being of output's real path; output must exist. Owned
 * by the caller. NULL with SP_ERROR_CANNOT_WRITE (no home, output cannot be resolved). */
char *sp_state_default(const char *output, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Open it, made if missing (its parents too), and lock it. make FALSE: nothing is written and
 * nothing locked. Cleared by its owner, which unlocks it. Errors: SP_ERROR_BUSY when another
 * run has it, _CANNOT_WRITE (also: others may read it, it is not ours), _NO_SPACE, _IO. */
gboolean sp_state_open(SpState *state, const char *folder, SpShard shard, gboolean make,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_state_clear(SpState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpState, sp_state_clear)

/* Whether one of two folders is the other or lies within it, however they are called: by
 * device and inode on the way up. Either need not exist: then its nearest parent that does is
 * asked, and the names that are left count. SP_ERROR_CANNOT_READ. */
typedef enum {
    SP_FOLDERS_APART,
    SP_FOLDERS_SAME,
    SP_FOLDERS_FIRST_WITHIN, /* the first lies within the second */
    SP_FOLDERS_SECOND_WITHIN,
} SpFolders;
gboolean sp_folders_compare(const char *first, const char *second, SpFolders *ret_relation,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
