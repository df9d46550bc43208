/* SPDX-License-Identifier: MIT */
/* program.c -- where storyphoto-bulk is: beside the renderers, never asked of the environment.
 */
#include "bulk/program.h"
#include "sandbox/path.h"

char *
sp_bulk_program(void)
{
    return g_build_filename(sp_libexec_dir, "storyphoto-bulk", NULL);
}
