/* SPDX-License-Identifier: MIT */
/* claims.h -- names that one thread at a time may work on.
 *
 * Two uploads of the same picture make the same files. The second finds the first's and is
 * content; were the first then to fail and take them back, the second would have promised what
 * is not there. So within a session a set is named, and if need be undone, by one thread before
 * the next set of that name has its turn. (Between programs nothing is locked: publish.c says
 * why.) */
#ifndef SP_PIPELINE_CLAIMS_H
#define SP_PIPELINE_CLAIMS_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpClaims SpClaims;

SpClaims *sp_claims_new(void);
/* Nothing may be claimed any more. */
void sp_claims_free(SpClaims *claims);

/* Wait until nobody has name, and take it. A thread that has one claim makes no other. */
void sp_claims_take(SpClaims *claims, const char *name);
/* Give back what this thread has taken. */
void sp_claims_release(SpClaims *claims, const char *name);

G_END_DECLS
#endif
