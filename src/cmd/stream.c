/* SPDX-License-Identifier: MIT */
/* stream.c -- `storyphoto stream`. */
#include "cmd/command.h"
#include "cmd/elsewhere.h"
#include "cmd/print.h"

static const char *const usage[] = {"stream", NULL};
static const SpOption options[] = {{0}};

static SpExit
run(gconstpointer values, char *const *operands)
{
    (void)values, (void)operands;
    sp_complain("stream is not built yet");
    return SP_EXIT_UNAVAILABLE;
}

const SpCommand sp_command_stream = {
    .name = "stream",
    .usage = usage,
    .summary = SP_SUMMARY_STREAM,
    .description = "",
    .options = options,
    .run = run,
};
