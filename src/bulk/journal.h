/* SPDX-License-Identifier: MIT */
/* journal.h -- what a batch has done: a SQLite file in the state folder.
 *
 * One record an input, by its path below the source: what it looked like (SpFileMark), what it
 * was made with (recipe), what came of it, and its outputs. A record is written when its
 * outputs are durable under their names: there is no record without its files. The reverse may
 * be, after a kill or a power cut: then the upload is taken once more, and ends in the same
 * files.
 *
 * When a record is replaced or its input is gone, those of its outputs that no record has any
 * more become `superseded`: still published, listed here, until they are pruned.
 *
 * Records are collected in a transaction that sp_journal_commit() ends, synced unless the
 * journal was opened with SP_JOURNAL_UNSYNCED. All functions are thread-safe. Paths of inputs
 * and outputs are bytes; those of outputs are below the output folder. */
#ifndef SP_BULK_JOURNAL_H
#define SP_BULK_JOURNAL_H
#include "bulk/inputs.h"
#include "storyphoto.h"
G_BEGIN_DECLS

typedef struct SpJournal SpJournal;

typedef enum {
    SP_JOURNAL_SYNCED,   /* read and written; made if missing */
    SP_JOURNAL_UNSYNCED, /* the same, not waiting for the disk: a power cut may damage it */
    SP_JOURNAL_READ,     /* nothing is written; it must be there */
} SpJournalMode;

/* folder: the state's; a process opens it once at a time. SP_JOURNAL_READ reads what a killed
 * run left, too; nobody can write meanwhile. NULL with SP_ERROR_CANNOT_READ (SP_JOURNAL_READ:
 * not there), _CORRUPT (no journal, or damaged), _UNSUPPORTED (of a newer version), _BUSY
 * (another process has it), _NO_SPACE, _IO, _CANNOT_WRITE.
 * The same errors from all that follow. Once writing failed, what was not committed is lost,
 * and everything that would write fails likewise. */
SpJournal *sp_journal_open(const char *folder, SpJournalMode mode, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* What was not committed is dropped. NULL is fine. */
void sp_journal_free(SpJournal *journal);

typedef enum {
    SP_OUTCOME_OK,      /* published */
    SP_OUTCOME_REFUSED, /* the upload is at fault: the same bytes are refused again */
    SP_OUTCOME_FAILED,  /* it is not: tried again by the next run */
} SpOutcome;
#define SP_OUTCOME_COUNT 3

/* What a record says of an input, for the decision whether it is done. */
typedef struct {
    gint64 id;
    SpFileMark mark;
    char *checksum; /* owned; hex SHA-256 of the input, or NULL */
    SpOutcome outcome;
    char *recipe;    /* owned; batch.h */
    char *libraries; /* owned; SpReceipt.libraries, or NULL */
    char *format;    /* owned; SpReceipt.input_format, or NULL */
} SpRecord;

void sp_record_clear(SpRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpRecord, sp_record_clear)

/* *ret_found tells whether there is one; only then is *record filled in. */
gboolean sp_journal_find(SpJournal *journal, const char *path, SpRecord *record,
                         gboolean *ret_found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* func is called with each output of the record; FALSE ends it. Not from within it may the
 * journal be called. */
typedef struct {
    const char *path, *format, *sha256; /* borrowed */
    const char *variant;
    guint64 bytes;
    guint width, height;
} SpJournalOutput;
typedef gboolean (*SpJournalOutputFunc)(const SpJournalOutput *output, gpointer data);
gboolean sp_journal_outputs(SpJournal *journal, gint64 id, SpJournalOutputFunc func,
                            gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be recorded. All borrowed. */
typedef struct {
    const char *path;
    SpFileMark mark;
    const char *checksum; /* or NULL */
    const char *recipe;
    const SpReceipt *receipt;  /* its outputs' paths begin with output_folder and a '/' */
    const char *output_folder; /* what is left off them */
    guint milliseconds;        /* that it took */
} SpJournalEntry;

/* Replace what is known of entry->path; it counts as seen. Outputs that it had and nobody has
 * any more are superseded, those of this one are revived. But when it failed and was not
 * refused, it keeps its old outputs, whatever has changed: the next try supersedes them, or
 * finds them good. Part of the transaction that is open; it opens one. */
gboolean sp_journal_put(SpJournal *journal, const SpJournalEntry *entry, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The input is unchanged but looks different (it was copied, say). checksum NULL: as it was. */
gboolean sp_journal_touch(SpJournal *journal, gint64 id, const SpFileMark *mark,
                          const char *checksum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_journal_commit(SpJournal *journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The input of this record is there still. Kept in memory, a bit a record. */
void sp_journal_see(SpJournal *journal, gint64 id);
/* Of inputs that were never seen since the journal was opened, forget the record and supersede
 * the outputs; *ret_n is how many they are. Those whose path keep() says TRUE of are left
 * alone; it may be NULL and may not call the journal. dry: only count. Not committed. */
typedef gboolean (*SpJournalKeepFunc)(const char *path, gpointer data);
gboolean sp_journal_forget_unseen(SpJournal *journal, gboolean dry, SpJournalKeepFunc keep,
                                  gpointer data, guint64 *ret_n, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Superseded files, in the order of their paths; func may not call the journal. sha256 and
 * bytes are of what was published; variant, width and height are not known any more. */
gboolean sp_journal_superseded(SpJournal *journal, SpJournalOutputFunc func, gpointer data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The file is no longer there. Not committed. */
gboolean sp_journal_pruned(SpJournal *journal, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What all records come to. */
typedef struct {
    guint64 inputs, outcomes[SP_OUTCOME_COUNT];
    guint64 codes[SP_ERROR_LAST];       /* of refused and failed ones */
    guint64 removed[SP_CATEGORY_COUNT]; /* published ones that revealed it */
    guint64 bytes_in, bytes_out;        /* of published ones; each output file once */
    guint64 outputs, superseded;        /* files */
} SpJournalTotals;
gboolean sp_journal_totals(SpJournal *journal, SpJournalTotals *ret_totals, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One record for a report. All borrowed for the call. */
typedef struct {
    gint64 id;
    const char *path, *format; /* format may be NULL */
    SpOutcome outcome;
    int code;
    const char *message; /* of a refusal or failure, or NULL */
    guint32 removed;     /* SpCategory bits */
    guint64 bytes;
    guint width, height, milliseconds;
    const char *thumbhash;  /* base64, or NULL */
    const char *first_path; /* of its first output; NULL when there is none */
    guint64 bytes_out;      /* of all its outputs */
} SpJournalRow;
typedef gboolean (*SpJournalRowFunc)(const SpJournalRow *row, gpointer data);
/* Records of one outcome in the order of their paths, from the first behind `after` (NULL: from
 * the start), at most n of them (0: all). */
gboolean sp_journal_rows(SpJournal *journal, SpOutcome outcome, const char *after, guint n,
                         SpJournalRowFunc func, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A word about the whole, kept in the journal: "source", "output", "recipe". NULL from get: not
 * set. Owned by the caller. Put is part of the transaction. */
char *sp_journal_get(SpJournal *journal, const char *name);
gboolean sp_journal_set(SpJournal *journal, const char *name, const char *value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Take over all that the journal in folder `from` says. Of two records of one path the later
 * one counts (where that one failed, with the outputs of both); superseded files that a record
 * has are none. Committed in one transaction, what was put before in one of its own. `from` is
 * not changed, and may have been left by a kill; words (sp_journal_get()) are taken where none
 * is set. SP_ERROR_CANNOT_READ: no journal there, or it is this one. */
gboolean sp_journal_merge(SpJournal *journal, const char *from, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJournal, sp_journal_free)
G_END_DECLS
#endif
