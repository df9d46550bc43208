/* SPDX-License-Identifier: MIT */
/* tally.h -- what several PHOTOs come to: one exit code. */
#ifndef SP_CMD_TALLY_H
#define SP_CMD_TALLY_H
#include "cmd/exit.h"
G_BEGIN_DECLS

typedef struct {
    guint n_bad;
    SpExit last;       /* of the last photo */
    gboolean again;    /* a photo was interrupted, or not started because of a signal */
    GError *no_stdout; /* owned; standard output cannot be written */
} SpTally;

/* One more photo; error is borrowed, NULL when it is done. */
void sp_tally_add(SpTally *tally, const GError *error);

/* The exit code, and what is to be complained of is complained of; frees what tally owns.
 * single: one PHOTO was given, whose own code it is. */
SpExit sp_tally_exit(SpTally *tally, gboolean single);

G_END_DECLS
#endif
