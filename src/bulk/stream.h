/* SPDX-License-Identifier: MIT */
/* stream.h -- an archive of uploads in, an archive of their variants and receipts out.
 *
 * Entry by entry, several at once and told in order; no more than a window of them is held, so
 * an archive of any length takes the same memory. Nothing is printed here. */
#ifndef SP_BULK_STREAM_H
#define SP_BULK_STREAM_H
#include "storyphoto.h"
G_BEGIN_DECLS

typedef struct {
    guint64 entries;               /* of the archive */
    guint64 done, refused, failed; /* files; a refused or failed one has a receipt alone */
    guint64 skipped;               /* what is no regular file */
} SpStreamTotals;

typedef struct {
    const SpPreset *preset;
    const char *base_url; /* or NULL */
    guint jobs;           /* at once; at least 1 */
    int input;            /* taken: closed when the reader has it, or it cannot be had */
    int output;           /* borrowed */
    int stop_fd;          /* readable when no further entry is to be begun; or -1 */
    /* An entry is no regular file: a folder, a link, ... From the calling thread, in order. */
    void (*skipped)(const char *name, const char *what, gpointer data);
    gpointer data;
} SpStream;

/* For the archive's entry number k, counted from 1: its variants under their published names,
 * then receipts/k.json (of six digits, or more), whatever came of it. TRUE when the input was
 * read to its end. FALSE with the errors of sp_tar_in_next(): what was begun is told and the
 * output has its end; or with SP_ERROR_IO, when there is nobody to tell. */
gboolean sp_stream_run(SpSession *session, const SpStream *stream, SpStreamTotals *ret_totals,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
