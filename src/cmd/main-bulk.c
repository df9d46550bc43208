/* SPDX-License-Identifier: MIT */
/* main-bulk.c -- storyphoto-bulk: the commands for many uploads, and their libraries (SQLite,
 * libarchive, libcrypto). storyphoto starts it; to people it is one program. */
#include "cmd/print.h"
#include "cmd/program.h"

static const SpCommand *const commands[] = {
    &sp_command_batch,
    &sp_command_stream,
    &sp_command_journal,
    NULL,
};

int
main(int argc, char **argv)
{
    sp_print_init();
    g_set_prgname("storyphoto");
    return (int)sp_program_run(commands, argv + MIN(argc, 1));
}
