/* SPDX-License-Identifier: MIT */
/* main-inspect.c -- the inspector: a fork server around the inventory. It decodes no pixel. */
#include "inventory/inspect.h"
#include "sandbox/server.h"
#include "storyphoto.h"

/* GLib allocates its type of error at the first use. */
static void
warm_up(void)
{
    sp_error_quark();
}

int
main(void)
{
    static const SpRenderer inspector = {.warm_up = warm_up, .inspect = sp_inspect_bytes};
    return sp_server_run(&inspector);
}
