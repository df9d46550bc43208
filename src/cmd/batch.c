/* SPDX-License-Identifier: MIT */
/* batch.c -- `storyphoto batch`. */
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/print.h"

static const char *const usage[] = {"batch", NULL};
static const SpOption options[] = {{0}};

static SpExit
run(gconstpointer values, char *const *operands)
{
    (void)values, (void)operands;
    sp_complain("batch is not built yet");
    return SP_EXIT_UNAVAILABLE;
}

const SpCommand sp_command_batch = {
    .name = "batch",
    .usage = usage,
    .summary = SP_SUMMARY_BATCH,
    .description = "",
    .options = options,
    .run = run,
};
