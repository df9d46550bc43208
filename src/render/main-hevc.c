/* SPDX-License-Identifier: MIT */
/* main-hevc.c -- the renderer of HEIC over libavcodec: a fork server around that lane. */
#include "render/hevc-codec.h"
#include "render/libraries.h"
#include "render/render.h"
#include "sandbox/server.h"

static void
render(const SpWireRequest *request, SpSource *source, guint8 *output, SpWireAnswer *answer)
{
    sp_render(sp_develop_hevc, request, source, output, answer);
}

static void
warm_up(void)
{
    sp_render_warm_up();
    sp_hevc_warm_up();
}

static char *
libraries(void)
{
    g_autofree char *more = sp_hevc_libraries();
    return sp_render_libraries_with(more);
}

int
main(void)
{
    static const SpRenderer renderer = {
        .warm_up = warm_up, .render = render, .libraries = libraries};
    return sp_server_run(&renderer);
}
