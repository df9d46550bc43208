/* SPDX-License-Identifier: MIT */
/* tree.h -- walk files and folders, in one order, and open or only look at what is a regular
 * file.
 *
 * What is named is followed if it is a link; below that no link is. So nothing is walked
 * twice, and no loop can be made. Each folder's names are sorted as bytes, folders among
 * files: the same tree is walked in the same order on every host. Other file systems below a
 * folder are walked too. Nothing is written, not even a time of access where that can be
 * helped, and nothing but regular files and folders is opened.
 *
 * Everything that is there is told, what cannot be walked too: a walk that leaves something
 * out says so. */
#ifndef SP_BULK_TREE_H
#define SP_BULK_TREE_H
#include "base/memfd.h"
#include <sys/stat.h>
G_BEGIN_DECLS

#define SP_TREE_DEPTH 4096 /* folders within each other that are walked */

typedef enum {
    SP_TREE_FILE,     /* a regular file, open unless it was only to be looked at */
    SP_TREE_FOLDER,   /* a folder that is now entered */
    SP_TREE_LINK,     /* a symbolic link that is not followed */
    SP_TREE_SPECIAL,  /* a pipe, a socket or a device */
    SP_TREE_FAILED,   /* it cannot be walked or opened: see error */
    SP_TREE_EXCLUDED, /* by a pattern: neither opened nor, if it is a folder, entered */
} SpTreeKind;

/* One thing that was met. Cleared by its owner. */
typedef struct {
    SpTreeKind kind;
    char *path;     /* owned; as named, with what is below; any bytes */
    SpFd fd;        /* owned; of SP_TREE_FILE that was to be opened, O_RDONLY; else -1 */
    struct stat st; /* of SP_TREE_FILE and _FOLDER, when it was opened or looked at */
    GError *error;  /* owned; of SP_TREE_FAILED, SP_ERROR_CANNOT_READ or _IO; else NULL */
} SpTreeEntry;

void sp_tree_entry_clear(SpTreeEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpTreeEntry, sp_tree_entry_clear)

typedef struct SpTree SpTree;

/* roots: NULL-terminated, walked in this order; must outlive the tree. Never NULL. */
SpTree *sp_tree_new(char *const *roots);
void sp_tree_free(SpTree *tree);
/* Exclude what matches one of globs (NULL-terminated; must outlive the tree; NULL: nothing) by
 * its name, or by its path below the root; a * matches a slash too (fnmatch(3) without flags).
 * Roots are never excluded. */
void sp_tree_exclude(SpTree *tree, char *const *globs);
/* Open no file, only look at it: for who opens few of them, and later. */
void sp_tree_only_look(SpTree *tree);
/* Whether a walk with globs would leave out path, which is below a root, or a folder that it is
 * in. globs may be NULL. */
gboolean sp_tree_excludes(char *const *globs, const char *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpTree, sp_tree_free)

/* The next thing; FALSE at the end, with *entry untouched. What *entry holds afterwards is the
 * caller's. Used by one thread at a time. */
gboolean sp_tree_next(SpTree *tree, SpTreeEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
