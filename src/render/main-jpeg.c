/* SPDX-License-Identifier: MIT */
/* main-jpeg.c -- the renderer of JPEG: a fork server around the planar lane. */
#include "render/libraries.h"
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
    static const SpRenderer renderer = {
        .warm_up = sp_render_warm_up, .render = render, .libraries = sp_render_libraries};
    return sp_server_run(&renderer);
}
