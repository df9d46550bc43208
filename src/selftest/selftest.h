/* SPDX-License-Identifier: MIT */
/* selftest.h -- a canary in every slot of every container, through every path, on this host.
 *
 * Each slot (slot.h) gives an upload. It is searched first: where the canary is not found in
 * its own upload, the search is no proof, and the slot has failed. Then the upload goes through
 * every path (paths.c), and what came out must be, byte by byte, what its twin gives, the same
 * picture in a file with nothing in it; no form of the canary may be in any output, name,
 * receipt or message, or in any file that is left in the scratch folder. A magenta picture that
 * must not be chosen is hidden in many uploads; sent by itself it must be seen by the same
 * check. */
#ifndef SP_SELFTEST_SELFTEST_H
#define SP_SELFTEST_SELFTEST_H
#include "storyphoto.h"
G_BEGIN_DECLS

typedef enum {
    SP_SELFTEST_OK,
    SP_SELFTEST_FAILED,
    SP_SELFTEST_UNAVAILABLE, /* this host cannot decode the format: nothing is proved */
    SP_SELFTEST_LEFT_OUT,    /* a carrier without a canary; fault says why */
} SpSelftestResult;

/* One carrier, one control or one path. Strings are borrowed. */
typedef struct {
    SpSelftestResult result;
    const char *group; /* "jpeg", ..., "control", "audit", "command" */
    const char *name;  /* "exif-gps-latitude" */
    const char *found; /* in which forms the upload has it; "" where there is no upload */
    guint n_searched;  /* outputs, names, receipts and messages in which it is not */
    const char *fault; /* NULL, or what was found, and where */
} SpSelftestLine;

typedef struct {
    const char *keep;       /* keep the scratch folder, in this one; NULL: remove it */
    const char *program;    /* storyphoto itself, for paths that run it; NULL: none */
    gboolean (*stop)(void); /* TRUE: end soon; may be NULL */
    void (*line)(const SpSelftestLine *line, gpointer data); /* from the calling thread */
    gpointer data;
} SpSelftestOptions;

/* FALSE when the test itself could not be done: SP_ERROR_CANNOT_WRITE, _NO_SPACE, _IO,
 * _CANNOT_READ, _INTERRUPTED, _CANNOT_SEAL. What it found is told by lines. */
gboolean sp_selftest_run(SpSession *session, const SpSelftestOptions *options, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
