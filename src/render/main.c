/* SPDX-License-Identifier: MIT */
/* main.c -- a renderer program: a fork server around sp_render_bytes(). */
#include "render/render.h"
#include "sandbox/server.h"

int
main(void)
{
    static const SpRenderer renderer = {sp_render_warm_up, sp_render_bytes};
    return sp_server_run(&renderer);
}
