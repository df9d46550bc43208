/* SPDX-License-Identifier: MIT */
/* audit-run.h -- what do published files reveal? A walk, an inspector a core, one verdict a
 * file.
 *
 * Files are read by sealed inspectors, each with a thread of its own here; verdicts are given
 * in the order of the walk, from the calling thread. Nothing is written and nothing printed. */
#ifndef SP_BULK_AUDIT_RUN_H
#define SP_BULK_AUDIT_RUN_H
#include "storyphoto.h"
G_BEGIN_DECLS

typedef enum {
    SP_VERDICT_CLEAN,    /* read to its end: it reveals nothing that we know to read */
    SP_VERDICT_LEAKS,    /* it reveals something, whether or not it could be read to its end */
    SP_VERDICT_UNPROVED, /* a picture, video or document that is never taken, is broken, or is
                            too large: nobody knows what it reveals */
    SP_VERDICT_SKIPPED,  /* no picture, video or document: see reason */
    SP_VERDICT_FAILED,   /* it could not be read */
    SP_VERDICT_COUNT,
} SpVerdict;

/* "clean", "leaks", "unproved", "skipped", "failed". */
const char *sp_verdict_word(SpVerdict verdict);

typedef enum {
    SP_SKIP_NONE,       /* not skipped */
    SP_SKIP_NO_PICTURE, /* neither by its bytes nor by its name */
    SP_SKIP_EMPTY,      /* no bytes at all */
    SP_SKIP_LINK,       /* a symbolic link below a folder */
    SP_SKIP_SPECIAL,    /* a pipe, a socket or a device */
    SP_SKIP_EXCLUDED,   /* by SpAuditRun.exclude; a folder counts as one */
    SP_SKIP_COUNT,
} SpSkip;

/* "no-picture", "empty", "link", "special", "excluded"; NULL for SP_SKIP_NONE. */
const char *sp_skip_word(SpSkip reason);

typedef struct {
    SpVerdict verdict;
    SpSkip reason;
    char *path;               /* owned; any bytes */
    SpInspection *inspection; /* owned; NULL when it was not read */
    GError *error;            /* owned; why it was not read; NULL when it was, or is skipped */
} SpAudited;

/* Why the file is unproved or failed, or was not read to its end; NULL when there is no why.
 * Borrowed. */
const GError *sp_audited_error(const SpAudited *audited);

/* One verdict; FALSE ends the run. */
typedef gboolean (*SpAuditedFunc)(const SpAudited *audited, gpointer data);

typedef struct {
    guint threads;        /* 0: as many as there are cores */
    guint64 max_bytes;    /* a file that is larger is unproved */
    char *const *exclude; /* as of sp_tree_exclude(); NULL: nothing */
    SpAuditedFunc func;
    gpointer data; /* for func */
} SpAuditRun;

/* Audit what is named by paths (NULL-terminated), files and folders with all that is below.
 * *ret_folders is the number of folders that were walked, on failure too. TRUE when func was
 * told all there is. FALSE with SP_ERROR_INTERRUPTED (session was cancelled; what func was
 * told is true and complete up to there), SP_ERROR_CANNOT_SEAL (this host cannot seal or start
 * an inspector) or, when func ended it, with error as it was. */
gboolean sp_audit_run(SpSession *session, char *const *paths, const SpAuditRun *run,
                      guint64 *ret_folders, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What an inspection comes to. *ret_reason is SP_SKIP_NONE but for SP_VERDICT_SKIPPED. */
SpVerdict sp_audit_judge(const SpInspection *inspection, const char *path, SpSkip *ret_reason);

G_END_DECLS
#endif
