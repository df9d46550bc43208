/* SPDX-License-Identifier: MIT */
/* test-chroma.c -- which pictures need their chroma in full, and who may have it. */
#include "picture.h"
#include "render/chroma.h"
#include "render/colour.h"

#define SIDE 96

typedef struct {
    guint8 y, cb, cr;
} Colour;

static const Colour red = {76, 85, 255}, blue = {29, 255, 107};

/* Strokes of one colour on another, one pixel wide, every `pitch` of them. */
static void
draw_text(SpPicture *picture, Colour ink, Colour paper, guint pitch)
{
    for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++) {
            Colour colour = x % pitch == 1 || y % pitch == 2 ? ink : paper;
            picture->planes[0].data[picture->planes[0].stride * y + x] = colour.y;
            picture->planes[1].data[picture->planes[1].stride * y + x] = colour.cb;
            picture->planes[2].data[picture->planes[2].stride * y + x] = colour.cr;
        }
}

/* The blue fades and reddens downwards, by less than a step a row. */
static void
draw_sky(SpPicture *picture)
{
    for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++) {
            picture->planes[0].data[picture->planes[0].stride * y + x] = (guint8)(120 + y);
            picture->planes[1].data[picture->planes[1].stride * y + x] = (guint8)(190 - y / 2);
            picture->planes[2].data[picture->planes[2].stride * y + x] = (guint8)(90 + y / 3);
        }
}

/* As a camera's: colours change slowly, luma does not. */
static void
draw_photo(SpPicture *picture)
{
    picture_fill_plane(&picture->planes[0], 0, PICTURE_NOISE, 0);
    picture_fill_plane(&picture->planes[1], 1, PICTURE_WAVES, 0);
    picture_fill_plane(&picture->planes[2], 2, PICTURE_WAVES, 0);
}

static gboolean
is_text_worth(Colour ink, Colour paper, guint pitch)
{
    g_auto(SpPicture) picture = {0};
    picture_make(&picture, SIDE, SIDE, 1, 3, PICTURE_FLAT, 0);
    draw_text(&picture, ink, paper, pitch);
    return sp_chroma_is_worth(&picture);
}

static void
test_text(void)
{
    static const struct {
        Colour ink, paper;
        guint pitch;
        gboolean is_worth;
    } cases[] = {
        {{76, 85, 255}, {29, 255, 107}, 9, TRUE},    /* red on blue */
        {{76, 85, 255}, {255, 128, 128}, 9, TRUE},   /* red on white: luma hides a part */
        {{76, 85, 255}, {29, 255, 107}, 60, TRUE},   /* a few lines of it */
        {{0, 128, 128}, {255, 128, 128}, 9, FALSE},  /* black on white */
        {{90, 128, 128}, {76, 85, 255}, 9, TRUE},    /* grey on red */
        {{76, 130, 140}, {76, 128, 128}, 9, FALSE},  /* hardly coloured */
        {{90, 128, 128}, {235, 118, 131}, 9, FALSE}, /* grey on what is hardly coloured */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_assert_cmpint(is_text_worth(cases[i].ink, cases[i].paper, cases[i].pitch), ==,
                        cases[i].is_worth);
    }
}

static void
test_photos(void)
{
    g_auto(SpPicture) sky = {0}, photo = {0}, noise = {0};
    picture_make(&sky, SIDE, SIDE, 1, 3, PICTURE_FLAT, 0);
    draw_sky(&sky);
    g_assert_false(sp_chroma_is_worth(&sky));
    picture_make(&photo, SIDE, SIDE, 1, 3, PICTURE_FLAT, 0);
    draw_photo(&photo);
    g_assert_false(sp_chroma_is_worth(&photo));
    picture_make(&noise, SIDE, SIDE, 1, 3, PICTURE_NOISE, 0);
    g_assert_true(sp_chroma_is_worth(&noise));
}

/* What has no chroma at full size has none to keep; what is behind a row does not count. */
static void
test_forms(void)
{
    g_auto(SpPicture) one = {0}, half = {0}, grey_one = {0}, narrow = {0}, odd = {0};
    picture_make(&one, 1, 1, 1, 3, PICTURE_NOISE, 0);
    g_assert_false(sp_chroma_is_worth(&one));
    picture_make(&narrow, 1, 50, 1, 3, PICTURE_NOISE, 0);
    g_assert_false(sp_chroma_is_worth(&narrow));
    picture_make(&half, SIDE, SIDE, 2, 3, PICTURE_NOISE, 0);
    g_assert_false(sp_chroma_is_worth(&half));
    picture_make(&grey_one, SIDE, SIDE, 1, 1, PICTURE_NOISE, 0);
    g_assert_false(sp_chroma_is_worth(&grey_one));
    picture_make(&odd, 3, 3, 1, 3, PICTURE_FLAT, 0xA5);
    g_assert_false(sp_chroma_is_worth(&odd));
}

/* Colours that nobody sees need no samples. */
static void
test_hidden(void)
{
    g_auto(SpPicture) picture = {0};
    SpForm form = {SP_MODEL_YCC, TRUE, 1, 1};
    g_assert_true(sp_picture_init(&picture, SIDE, SIDE, form, NULL));
    draw_text(&picture, red, blue, 9);
    SpPlane *alpha = &picture.planes[3];
    memset(alpha->data, 254, alpha->stride * SIDE);
    g_assert_false(sp_chroma_is_worth(&picture));
    memset(alpha->data, 255, alpha->stride * SIDE);
    g_assert_true(sp_chroma_is_worth(&picture));
}

static SpVariant
variant(guint32 format, guint32 chroma, guint32 effort)
{
    return (SpVariant){.format = format, .chroma = chroma, .effort = effort};
}

static void
test_variants(void)
{
    static const struct {
        guint32 format, chroma;
        gboolean may_be_full, asks;
    } cases[] = {
        {SP_OUTPUT_JPEG, SP_CHROMA_420, FALSE, FALSE},
        {SP_OUTPUT_JPEG, SP_CHROMA_444, TRUE, TRUE},
        {SP_OUTPUT_JPEG, SP_CHROMA_AUTO, TRUE, FALSE},
        {SP_OUTPUT_WEBP, SP_CHROMA_420, FALSE, FALSE},
        {SP_OUTPUT_WEBP, SP_CHROMA_AUTO, FALSE, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
        SpVariant *variants = request->variants;
        variants[0] = variant(cases[i].format, cases[i].chroma, 2);
        variants[1] = variant(SP_OUTPUT_WEBP, SP_CHROMA_AUTO, 2);
        g_assert_cmpint(sp_chroma_may_be_full(&variants[0]), ==, cases[i].may_be_full);
        g_assert_cmpint(sp_chroma_is_asked(&variants[0]), ==, cases[i].asks);
        for (request->n_variants = 1; request->n_variants <= 2; request->n_variants++) {
            gboolean is_alone = request->n_variants == 1;
            g_assert_cmpint(sp_chroma_one_asks(request), ==, cases[i].asks);
            g_assert_cmpint(sp_chroma_all_ask(request), ==, cases[i].asks && is_alone);
        }
    }
}

/* A copy at half size is what sp_colour_subsample() makes of the picture itself. */
static void
test_copy(void)
{
    for (guint alpha = 0; alpha < 2; alpha++) {
        g_auto(SpPicture) picture = {0}, copy = {0};
        SpForm form = {SP_MODEL_YCC, alpha == 1, 1, 1};
        g_assert_true(sp_picture_init(&picture, 13, 9, form, NULL));
        for (guint i = 0; i < picture.n_planes; i++)
            picture_fill_plane(&picture.planes[i], MIN(i, 2), PICTURE_NOISE, 0);
        g_assert_true(sp_colour_subsampled(&picture, &copy, NULL));
        g_assert_true(sp_colour_subsample(&picture, NULL));
        g_assert_cmpuint(copy.sub, ==, 2);
        g_assert_cmpuint(copy.n_planes, ==, picture.n_planes);
        for (guint i = 0; i < picture.n_planes; i++) {
            const SpPlane *a = &picture.planes[i], *b = &copy.planes[i];
            for (guint y = 0; y < a->height; y++)
                g_assert_cmpmem(a->data + a->stride * y, a->width, b->data + b->stride * y,
                                b->width);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chroma/text", test_text);
    g_test_add_func("/chroma/photos", test_photos);
    g_test_add_func("/chroma/forms", test_forms);
    g_test_add_func("/chroma/hidden", test_hidden);
    g_test_add_func("/chroma/variants", test_variants);
    g_test_add_func("/chroma/copy", test_copy);
    return g_test_run();
}
