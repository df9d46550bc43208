/* SPDX-License-Identifier: MIT */
/* main-vips.c -- the renderer of all formats but JPEG: a fork server around the vips lane.
 *
 * Started with the argument "heif" it takes HEIC and AVIF and nothing else. */
#include "render/libraries.h"
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

static char *
libraries(void)
{
    g_autofree char *more = sp_vips_libraries(FALSE);
    return sp_render_libraries_with(more);
}

static char *
libraries_heif(void)
{
    g_autofree char *more = sp_vips_libraries(TRUE);
    return sp_render_libraries_with(more);
}

int
main(int argc, char **argv)
{
    static const SpRenderer plain = {
        .warm_up = warm_up, .render = render, .libraries = libraries};
    static const SpRenderer heif = {
        .warm_up = warm_up_heif, .render = render, .libraries = libraries_heif};
    return sp_server_run(argc == 2 && strcmp(argv[1], "heif") == 0 ? &heif : &plain);
}
