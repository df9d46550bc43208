/* SPDX-License-Identifier: MIT */
/* due.h -- is an upload done already? From its record, and what it looks like now. */
#ifndef SP_BULK_DUE_H
#define SP_BULK_DUE_H
#include "bulk/journal.h"
G_BEGIN_DECLS

/* Why an input is to be taken, or not; in the order in which they are asked. */
typedef enum {
    SP_DUE_NEW,     /* there is no record of it */
    SP_DUE_CHANGED, /* it looks different, or has other bytes */
    SP_DUE_STALE,   /* the recipe is another, or, if asked for, a library */
    SP_DUE_FAILED,  /* the last try failed, and not for a fault of its own */
    SP_DUE_REFUSED, /* not due: refused already */
    SP_DUE_LOST,    /* an output of it is missing, or has another size */
    SP_DUE_NOT,     /* not due: published already */
    SP_DUE_COUNT,
} SpDue;

/* "new", "changed", "stale", "failed", "refused", "lost", "done"; static. */
const char *sp_due_word(SpDue due);
/* FALSE for SP_DUE_NOT and SP_DUE_REFUSED. */
gboolean sp_due_is(SpDue due);

/* What is known of an input now. All borrowed. */
typedef struct {
    const SpRecord *record; /* NULL: none */
    SpFileMark mark;
    const char *checksum; /* its bytes decide whether it changed; NULL: its mark does */
    const char *recipe;
    const char *libraries; /* that would be used now, or NULL: any will do */
    gboolean is_lost;      /* asked for last: an output is missing */
} SpDueAsked;

SpDue sp_due(const SpDueAsked *asked);

gboolean sp_file_mark_equal(const SpFileMark *one, const SpFileMark *two);

G_END_DECLS
#endif
