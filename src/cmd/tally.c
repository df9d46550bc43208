/* SPDX-License-Identifier: MIT */
/* tally.c -- from what became of each PHOTO to one exit code. */
#include "cmd/tally.h"
#include "storyphoto.h"

void
sp_tally_add(SpTally *tally, const GError *error)
{
    tally->last = sp_exit_code(error);
    if (error == NULL)
        return;
    tally->n_bad++;
    tally->again |= g_error_matches(error, SP_ERROR, SP_ERROR_INTERRUPTED);
}

SpExit
sp_tally_exit(SpTally *tally, gboolean single)
{
    g_autoptr(GError) no_stdout = g_steal_pointer(&tally->no_stdout);
    if (no_stdout != NULL)
        return sp_exit_complain(no_stdout);
    if (tally->again)
        return SP_EXIT_AGAIN;
    if (single)
        return tally->last;
    return tally->n_bad > 0 ? SP_EXIT_SOME : SP_EXIT_OK;
}
