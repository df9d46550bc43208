/* SPDX-License-Identifier: MIT */
/* test-render-alpha.c -- a picture with alpha from the lane on: every file, and the hash.
 *
 * The lane is one of its own, whose pictures are made, not decoded. */
#include "picture.h"
#include "render-fixture.h"
#include "render/alpha.h"
#include "render/thumbhash.h"
#include <webp/decode.h>

static gboolean
develop_disc(SpSource *source, const SpWireRequest *request, SpDeveloped *developed,
             GError **error)
{
    (void)source, (void)request, (void)error;
    developed->width = 101;
    developed->height = 75;
    developed->upright = (SpSize){101, 75};
    developed->orientation = 1;
    developed->colour = SP_COLOUR_SRGB;
    picture_make_alpha(&developed->picture, 101, 75, PICTURE_WAVES, 0xA5);
    return TRUE;
}

static void
run(Render *render)
{
    SpWireRequest *request = &render->request;
    g_autoptr(GError) error = NULL;
    request->input_size = 1;
    request->output_size = sp_wire_output_size(request->variants, request->n_variants);
    render->output = g_malloc(request->output_size);
    memset(&render->answer, RUBBISH, sizeof render->answer);
    sp_render_bytes(develop_disc, request, (const guint8 *)"", 1, render->output,
                    &render->answer);
    gboolean sane = sp_wire_check_answer(request, &render->answer, &error);
    g_assert_no_error(error);
    g_assert_true(sane);
    g_assert_cmpuint(render->answer.code, ==, SP_ERROR_NONE);
    for (guint i = 0; i < render->answer.n_files; i++)
        render_check_file(render, i);
}

/* Of the size that the lane gives, and smaller. */
static void
test_made(void)
{
    static const guint widths[][2] = {{101, 75}, {64, 48}};
    for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
        g_autoptr(Render) render = render_new();
        for (guint k = 0; k < 2; k++)
            render->request.variants[k].width = widths[i][0];
        run(render);
        const SpWireFile *files = render->answer.files;
        for (guint k = 0; k < 2; k++) {
            g_assert_cmpuint(files[k].width, ==, widths[i][0]);
            g_assert_cmpuint(files[k].height, ==, widths[i][1]);
            g_assert_cmpuint(files[k].components, ==, 3);
        }
        WebPBitstreamFeatures webp;
        const SpWireFile *file = &files[SP_OUTPUT_WEBP];
        g_assert_cmpint(
            (int)WebPGetFeatures(render->output + file->offset, file->length, &webp), ==,
            (int)VP8_STATUS_OK);
        g_assert_true(webp.has_alpha);
    }
}

static void
test_background(void)
{
    g_autoptr(Render) white = render_new(), black = render_new();
    white->request.variants[SP_OUTPUT_JPEG].background = SP_ALPHA_WHITE;
    white->request.variants[SP_OUTPUT_WEBP].background = SP_ALPHA_WHITE;
    run(white);
    run(black);
    for (guint32 format = 0; format < SP_OUTPUT_COUNT; format++) {
        const SpWireFile *a = &white->answer.files[format], *b = &black->answer.files[format];
        gboolean same =
            a->length == b->length &&
            memcmp(white->output + a->offset, black->output + b->offset, a->length) == 0;
        g_assert_cmpint(same, ==, format == SP_OUTPUT_WEBP); /* which shows none */
    }
    g_assert_cmpmem(white->answer.thumbhash, sizeof white->answer.thumbhash,
                    black->answer.thumbhash, sizeof black->answer.thumbhash);
}

static void
test_hash(void)
{
    g_auto(SpPicture) picture = {0}, flat = {0};
    g_autoptr(Render) render = render_new();
    guint8 hash[SP_THUMBHASH_MAX];
    guint n = 0;
    picture_make_alpha(&picture, 101, 75, PICTURE_WAVES, 0);
    g_assert_true(sp_alpha_flatten(&picture, SP_ALPHA_WHITE, &flat, NULL));
    g_assert_true(sp_thumbhash(&flat, hash, &n, NULL));
    run(render);
    g_assert_cmpmem(render->answer.thumbhash, render->answer.n_thumbhash, hash, n);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render-alpha/made", test_made);
    g_test_add_func("/render-alpha/background", test_background);
    g_test_add_func("/render-alpha/hash", test_hash);
    return g_test_run();
}
