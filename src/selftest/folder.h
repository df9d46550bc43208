/* SPDX-License-Identifier: MIT */
/* folder.h -- a private scratch folder, and everything that lies in a folder. */
#ifndef SP_SELFTEST_FOLDER_H
#define SP_SELFTEST_FOLDER_H
#include <glib.h>
G_BEGIN_DECLS

/* A new folder (0700) in `in`, or where temporary files go when it is NULL, with room for
 * n_bytes in it now. Owned by the caller; NULL with SP_ERROR_CANNOT_WRITE or _NO_SPACE. */
char *sp_folder_new(const char *in, guint64 n_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A folder in a folder (0700); owned by the caller. */
char *sp_folder_sub(const char *folder, const char *name, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* With all that is in it; links are not followed. */
void sp_folder_remove(const char *folder);

typedef struct {
    char *name;    /* owned; below the folder: "out/a.webp" */
    GBytes *bytes; /* owned */
} SpFolderFile;

/* Both are taken. */
SpFolderFile *sp_folder_file_new(char *name, GBytes *bytes);
void sp_folder_file_free(SpFolderFile *file);

/* All regular files below, of SpFolderFile, sorted by name; the caller's. NULL with
 * SP_ERROR_CANNOT_READ. */
GPtrArray *sp_folder_read(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean sp_folder_write(const char *folder, const char *name, GBytes *bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
