/* SPDX-License-Identifier: MIT */
/* audit-json.h -- an audit's verdicts and summary as lines of JSON, schema
 * storyphoto.audit/1. */
#ifndef SP_BULK_AUDIT_JSON_H
#define SP_BULK_AUDIT_JSON_H
#include "bulk/audit-tally.h"
G_BEGIN_DECLS

/* One object for one file, and one for all: without a newline, owned by the caller. What is
 * not known is left out. complete: FALSE when the audit ended early. */
char *sp_audited_to_json(const SpAudited *audited);
char *sp_audit_tally_to_json(const SpAuditTally *tally, guint64 folders, gboolean complete);

G_END_DECLS
#endif
