/* SPDX-License-Identifier: MIT */
/* folder.h -- the folder that a set is published in, made where it is missing. */
#ifndef SP_PIPELINE_FOLDER_H
#define SP_PIPELINE_FOLDER_H
#include <glib.h>
G_BEGIN_DECLS

/* Open folder, which must exist (opened: it is open already, as that descriptor, which stays
 * the caller's; -1: by its name), or with below the folder of that relative path in it
 * ("2019/summer": any bytes, no part "", "." or ".."), each part made (0777 less the umask)
 * where there is none. Parts that are symbolic links are not followed. When it returns, what
 * leads from folder to there lasts, whoever made it, unless unsynced. Any number of threads and
 * programs may make the same folders at once.
 *
 * A descriptor owned by the caller, or -1: SP_ERROR_CANNOT_WRITE, SP_ERROR_EXISTS (a part is a
 * link or a file), _NO_SPACE, _IO, _BUSY (too many open files). Folders that were made stay. */
int sp_folder_open(const char *folder, int opened, const char *below, gboolean unsynced,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether path can be one below a folder: it has parts, and none is "", "." or "..". */
gboolean sp_folder_is_inner(const char *path);

/* fsync(2) for an open folder; where is for the message. SP_ERROR_IO. */
gboolean sp_folder_sync(int fd, const char *where, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
