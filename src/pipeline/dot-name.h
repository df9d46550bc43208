/* SPDX-License-Identifier: MIT */
/* dot-name.h -- names for files that have none yet, and what killed publishers left under such
 * names.
 *
 * Who gives a file such a name holds a lock on the file (flock(2)) as long as it is open. So a
 * file with such a name that nobody has locked is nobody's any more. */
#ifndef SP_PIPELINE_DOT_NAME_H
#define SP_PIPELINE_DOT_NAME_H
#include <glib.h>
G_BEGIN_DECLS

/* ".storyphoto-" and a UUID; owned by the caller. */
char *sp_dot_name_new(void);

/* Lock the file fd before it is given such a name (named: FALSE), or right after it was made
 * under it (TRUE). FALSE: somebody took it for left behind, and deletes it. A file system
 * without such locks is no reason: there nothing is ever taken for left behind. */
gboolean sp_dot_name_hold(int fd, gboolean named) G_GNUC_WARN_UNUSED_RESULT;

/* Delete what is left behind in the open folder; how many files. What cannot be read or deleted
 * is passed over. */
guint sp_dot_name_sweep(int folder);

G_END_DECLS
#endif
