/* SPDX-License-Identifier: MIT */
/* paths.h -- the ways that an upload can go, and what comes out at their ends. */
#ifndef SP_SELFTEST_PATHS_H
#define SP_SELFTEST_PATHS_H
#include "selftest/folder.h"
#include "storyphoto.h"
G_BEGIN_DECLS

typedef struct SpPath SpPath;

/* What one upload came to on one path. */
typedef struct {
    int code;         /* 0 when it was published, else an SpErrorCode */
    GPtrArray *files; /* owned; of SpFolderFile: what was published */
    GPtrArray *texts; /* owned; of char: receipts without the caller's name of the upload, and
                         messages */
    char *thumbhash;  /* owned; NULL is none */
} SpYield;

void sp_yield_free(SpYield *yield);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpYield, sp_yield_free)

/* The table; ends with name NULL. */
struct SpPath {
    const char *name;
    SpYield *(*run)(const SpPath *path, SpSession *session, GBytes *upload, const char *name,
                    const char *folder, GError **error);
    const char *preset;
    const char *const *sets; /* NULL-terminated, or NULL */
    const char *to;          /* a variant; NULL: all, to a folder */
    gboolean pipe;           /* the upload comes through one */
    gboolean names_differ;   /* names are random, or the caller's */
    gboolean own_name;       /* names = source: the upload has a plain name */
    gboolean alone;          /* its end is not its twin's: it is searched, and not compared */
    void (*damage)(GByteArray *upload); /* or NULL */
};
extern const SpPath sp_paths[];

/* Send an upload, called name, on the path. folder is empty and stays: what is left in it is
 * searched too. NULL when the test itself failed. */
SpYield *sp_path_run(const SpPath *path, SpSession *session, GBytes *upload, const char *name,
                     const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The mean colour that a thumbhash (base64) tells: R, G, B, 0 to 1. */
gboolean sp_thumbhash_mean(const char *thumbhash, double ret_rgb[3]);

G_END_DECLS
#endif
