/* SPDX-License-Identifier: MIT */
/* audit-text.h -- an audit's verdicts and summary for people, and as CSV. */
#ifndef SP_CMD_AUDIT_TEXT_H
#define SP_CMD_AUDIT_TEXT_H
#include "bulk/audit-tally.h"
G_BEGIN_DECLS

/* All are owned by the caller, and end with a newline. */

/* One line for one file; NULL for what needs none: clean or skipped. */
char *sp_audit_text(const SpAudited *audited);
/* The last lines. complete: FALSE when the audit ended early, which they then say. */
char *sp_audit_text_summary(const SpAuditTally *tally, guint64 folders, gboolean complete);

/* One record for one file, and the header before them. Names are escaped as for people, so a
 * record is one line whatever a file is called. */
char *sp_audit_csv(const SpAudited *audited);
const char *sp_audit_csv_header(void);

G_END_DECLS
#endif
