/* SPDX-License-Identifier: MIT */
/* audit-tally.h -- what all verdicts of an audit come to: counts by verdict, category and
 * carrier. */
#ifndef SP_BULK_AUDIT_TALLY_H
#define SP_BULK_AUDIT_TALLY_H
#include "bulk/audit-run.h"
G_BEGIN_DECLS

/* One kind of carrier, in all files that leak through it. */
typedef struct {
    const char *word, *title; /* static */
    guint64 files, count, bytes;
} SpTallyCarrier;

typedef struct {
    guint64 files, bytes; /* bytes: of those that were read, as far as known */
    guint64 verdicts[SP_VERDICT_COUNT];
    guint64 skips[SP_SKIP_COUNT];
    guint64 reveals[SP_CATEGORY_COUNT]; /* files that reveal it */
    GArray *carriers;                   /* of SpTallyCarrier, most files first once sorted */
} SpAuditTally;

void sp_audit_tally_init(SpAuditTally *tally);
void sp_audit_tally_clear(SpAuditTally *tally);
void sp_audit_tally_add(SpAuditTally *tally, const SpAudited *audited);
/* Carriers by the number of files, then by their words. */
void sp_audit_tally_sort(SpAuditTally *tally);
/* Nothing leaks, everything could be proved and read. */
gboolean sp_audit_tally_is_clean(const SpAuditTally *tally);

G_END_DECLS
#endif
