/* SPDX-License-Identifier: MIT */
/* main-vips.c -- the renderer of all formats but JPEG: a fork server around the vips lane.
 *
 * Started with the argument "heif" it takes HEIC and AVIF and nothing else. */
#include "render/render.h"
#include "render/vips-load.h"
#include "sandbox/server.h"
#include <string.h>

static void
render(const SpWireRequest *request, SpSource *source, guint8 *output, SpWireAnswer *answer)
{
    sp_render(sp_develop_vips, request, source, output, answer);
}

static void
warm_up(void)
{
    sp_render_warm_up();
    sp_vips_start(FALSE);
}

static void
warm_up_heif(void)
{
    sp_render_warm_up();
    sp_vips_start(TRUE);
}

int
main(int argc, char **argv)
{
    static const SpRenderer plain = {warm_up, render}, heif = {warm_up_heif, render};
    return sp_server_run(argc == 2 && strcmp(argv[1], "heif") == 0 ? &heif : &plain);
}
