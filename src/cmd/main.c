/* SPDX-License-Identifier: MIT */
/* main.c -- storyphoto: the table of its commands.
 *
 * Only src/cmd prints and picks exit codes. It knows the library's public header, base/, and
 * the folders that have commands of their own, bulk/, doctor/ and selftest/. A new command is
 * one file and one line in the table.
 *
 * Commands that want large libraries stand in the table of storyphoto-bulk (main-bulk.c): they
 * are started by exec, so that one upload does not pay for them. Here they have a name. */
#include "cmd/elsewhere.h"
#include "cmd/print.h"
#include "cmd/program.h"

static const SpCommand batch = {.name = "batch", .summary = SP_SUMMARY_BATCH};
static const SpCommand stream = {.name = "stream", .summary = SP_SUMMARY_STREAM};
static const SpCommand journal = {.name = "journal", .summary = SP_SUMMARY_JOURNAL};

static const SpCommand *const elsewhere[] = {&batch, &stream, &journal, NULL};

static const SpCommand *const commands[] = {
    &sp_command_process,
    &batch,
    &stream,
    &sp_command_inspect,
    &sp_command_audit,
    &journal,
    &sp_command_presets,
    &sp_command_errors,
    &sp_command_doctor,
    &sp_command_selftest,
    NULL,
};

int
main(int argc, char **argv)
{
    int code = 0;
    if (argc > 1 && sp_elsewhere_exec(elsewhere, argv, &code))
        return code;
    sp_print_init();
    g_set_prgname("storyphoto");
    return (int)sp_program_run(commands, argv + MIN(argc, 1));
}
