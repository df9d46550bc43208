/* SPDX-License-Identifier: MIT */
/* report.c -- a page about a batch, from its journal. */
#include "bulk/report.h"
#include "base/error.h"

gboolean
sp_report_write(SpJournal *journal, const char *folder, const char *output, GError **error)
{
    (void)journal, (void)output;
    return sp_throw(error, SP_ERROR_CANNOT_WRITE, "cannot write a report to '%s' yet", folder);
}
