/* SPDX-License-Identifier: MIT */
/* arrival.h -- an upload that comes through a pipe, as a source. */
#ifndef SP_SANDBOX_ARRIVAL_H
#define SP_SANDBOX_ARRIVAL_H
#include "base/source.h"
G_BEGIN_DECLS

typedef struct {
    SpSource source; /* its first member: what is asked for more is cast */
    guint8 *bytes;   /* reserved, cap of them */
    gsize room, cap; /* bytes that may be written to; and in all, one more than are taken */
    int fd;          /* borrowed */
    gint64 left_us;  /* that may still be waited */
} SpArrival;

/* max_upload: bytes; with one more the source fails with SP_ERROR_TOO_LARGE. head: what has
 * been read of the pipe already, at most 1 MiB. timeout_ms: how long all waiting together may
 * take, else SP_ERROR_INPUT_TIMEOUT; meanwhile ITIMER_REAL stands still. Reserves addresses and
 * copies head, but looks at nothing; never freed, but its source's error: it is as old as its
 * process. SP_ERROR_CANNOT_SEAL. */
gboolean sp_arrival_begin(SpArrival *arrival, int fd, gconstpointer head, gsize n_head,
                          guint64 max_upload, guint32 timeout_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
