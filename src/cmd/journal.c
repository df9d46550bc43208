/* SPDX-License-Identifier: MIT */
/* journal.c -- `storyphoto journal`. */
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/print.h"

static const char *const usage[] = {"journal", NULL};
static const SpOption options[] = {{0}};

static SpExit
run(gconstpointer values, char *const *operands)
{
    (void)values, (void)operands;
    sp_complain("journal is not built yet");
    return SP_EXIT_UNAVAILABLE;
}

const SpCommand sp_command_journal = {
    .name = "journal",
    .usage = usage,
    .summary = SP_SUMMARY_JOURNAL,
    .description = "",
    .options = options,
    .run = run,
};
