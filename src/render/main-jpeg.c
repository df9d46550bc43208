/* SPDX-License-Identifier: MIT */
/* main-jpeg.c -- the renderer of JPEG: a fork server around the planar lane. */
#include "render/render.h"
#include "sandbox/server.h"

static void
render(const SpWireRequest *request, SpSource *source, guint8 *output, SpWireAnswer *answer)
{
    sp_render(sp_develop_jpeg, request, source, output, answer);
}

int
main(void)
{
    static const SpRenderer renderer = {sp_render_warm_up, render};
    return sp_server_run(&renderer);
}
