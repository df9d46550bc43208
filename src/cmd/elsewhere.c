/* SPDX-License-Identifier: MIT */
/* elsewhere.c -- become storyphoto-bulk. It is found as the renderers are: by a path that is
 * compiled in. */
#include "cmd/elsewhere.h"
#include "bulk/program.h"
#include "cmd/print.h"
#include <errno.h>
#include <unistd.h>

gboolean
sp_elsewhere_exec(const SpCommand *const *commands, char **argv, int *ret_code)
{
    while (*commands != NULL && !g_str_equal((*commands)->name, argv[1]))
        commands++;
    if (*commands == NULL)
        return FALSE;
    g_autofree char *path = sp_bulk_program();
    execv(path, argv);
    int err = errno;
    sp_print_init();
    sp_complain("cannot start '%s': %s; is storyphoto installed as a whole?", path,
                g_strerror(err));
    *ret_code = SP_EXIT_UNAVAILABLE;
    return TRUE;
}
