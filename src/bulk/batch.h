/* SPDX-License-Identifier: MIT */
/* batch.h -- all uploads of a folder, many at once, each once; to be gone on with later.
 *
 * inputs.h says what there is, journal.h what is done; what is not is processed on threads
 * (in-order.h), and recorded when its files are durable. Nothing is printed here: everything
 * that happens is an event. */
#ifndef SP_BULK_BATCH_H
#define SP_BULK_BATCH_H
#include "bulk/due.h"
#include "bulk/inputs.h"
#include "bulk/journal.h"
#include "storyphoto.h"
G_BEGIN_DECLS

typedef enum {
    SP_DURABILITY_BATCH, /* files synced before they are named; the journal a group at a time */
    SP_DURABILITY_EACH,  /* the journal synced for each upload */
    SP_DURABILITY_NONE,  /* nothing waits for the disk: a kill loses nothing, a power cut may */
} SpDurability;

typedef enum {
    SP_BATCH_PHOTO,   /* was processed (in a dry run: would be), and is in the journal */
    SP_BATCH_SKIPPED, /* a link, something special, or excluded */
    SP_BATCH_UNREAD,  /* could not be listed or opened: see error */
    SP_BATCH_PRUNED,  /* a superseded file is deleted (in a dry run: would be), or not: error */
    SP_BATCH_TICK,    /* time for a line of progress: about ten times a second */
} SpBatchKind;

/* Counts of this run, unless said otherwise. */
typedef struct {
    guint64 seen;                       /* inputs met so far */
    guint64 expected;                   /* inputs that there are; 0: not counted yet */
    guint64 recorded;                   /* published or refused before it began */
    guint64 due[SP_DUE_COUNT];          /* of those seen */
    guint64 done[SP_OUTCOME_COUNT];     /* processed */
    guint64 codes[SP_ERROR_LAST];       /* of those refused or failed */
    guint64 removed[SP_CATEGORY_COUNT]; /* of those published: that revealed it */
    guint64 skipped, unread;
    guint64 bytes_in, bytes_out; /* of those published */
    guint64 gone;                /* inputs that are no longer there */
    guint64 superseded, pruned;  /* files; known at the end */
    guint64 left;                /* of them, that were to be pruned but are not ours any more */
    gint64 started_us;           /* monotonic */
} SpBatchTotals;

typedef struct {
    SpBatchKind kind;
    const char *path; /* of the input, or of the pruned file; borrowed; NULL for a tick */
    SpDue due;        /* of SP_BATCH_PHOTO */
    const SpReceipt *receipt; /* of SP_BATCH_PHOTO; NULL in a dry run */
    SpTreeKind skipped;       /* of SP_BATCH_SKIPPED */
    const GError *error;      /* of SP_BATCH_UNREAD and _PRUNED, or NULL */
    const SpBatchTotals *totals;
} SpBatchEvent;

/* FALSE ends the run. From the calling thread. */
typedef gboolean (*SpBatchFunc)(const SpBatchEvent *event, gpointer data);

typedef struct {
    const SpPreset *preset;
    SpInputs *inputs;
    SpInputs *scout;         /* the same ones once more, to count them meanwhile; or NULL */
    SpJournal *journal;      /* NULL: a dry run without a state */
    const guint8 *names_key; /* 32 bytes, as in SpTarget */
    const char *output;      /* the folder, which must exist */
    const char *base_url;
    gboolean flat;     /* all files in output itself; else in folders as the inputs' */
    gboolean checksum; /* whether an input changed is told by its bytes */
    gboolean redo_libraries;
    gboolean whole; /* inputs are all there are: what has a record and is not met is gone */
    char *const *exclude; /* but not what matches one of these; NULL: nothing */
    gboolean prune;       /* delete superseded files */
    gboolean dry_run;     /* nothing is processed, written or deleted */
    SpDurability durability;
    guint jobs;             /* at least 1 */
    guint threads;          /* of one upload; 0: the cores there are, shared by jobs */
    gboolean (*stop)(void); /* TRUE: begin no further upload (a signal came) */
    SpBatchFunc func;
    gpointer data; /* for func */
} SpBatch;

/* What outputs are made with, beside the upload and libraries: a hash over the preset's text
 * but for its description, the layout and sp_generation(). Records with another one are stale.
 * Owned by the caller. */
char *sp_batch_recipe(const SpPreset *preset, gboolean flat);

/* How many uploads at once this host bears with that preset (host.h): two more than cores, for
 * a set's files are synced before they are named, and meanwhile its core is free. */
guint sp_batch_jobs(const SpPreset *preset);

/* TRUE when everything that was due was tried. FALSE with SP_ERROR_INTERRUPTED (stop), what
 * ended the run and is no upload's fault (SP_ERROR_NO_SPACE, _IO, _CANNOT_WRITE,
 * _CANNOT_SEAL, the journal's), or, when func ended it, with error as it was. Either way what
 * was told is recorded, and the same call goes on where this one ended. */
gboolean sp_batch_run(SpSession *session, const SpBatch *batch, SpBatchTotals *ret_totals,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
