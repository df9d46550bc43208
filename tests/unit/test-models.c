/* SPDX-License-Identifier: MIT */
/* test-models.c -- JPEGs that are coded in RGB, CMYK and YCCK come out in the right colours.
 *
 * Flat patches, written by libjpeg from ink that the test chose. What they must look like is
 * said in RGB by hand; the files are made at quality 100, so a few levels are allowed. */
#include "colour-reference.h"
#include <stdlib.h>

#define PATCH 32 /* pixels */
#define TOLERANCE 5

typedef struct {
    guint8 ink[4]; /* as Adobe writes it: 255 is none; of RGB, the colour */
    guint8 rgb[3];
} Patch;

static const Patch inks[] = {
    {{255, 255, 255, 255}, {255, 255, 255}}, {{0, 255, 255, 255}, {0, 255, 255}},
    {{255, 0, 255, 255}, {255, 0, 255}},     {{255, 255, 0, 255}, {255, 255, 0}},
    {{255, 255, 255, 0}, {0, 0, 0}},         {{200, 120, 40, 128}, {100, 60, 20}},
    {{90, 180, 250, 255}, {90, 180, 250}},   {{255, 255, 255, 60}, {60, 60, 60}},
};

static const Patch colours[] = {
    {{255, 0, 0}, {255, 0, 0}},         {{0, 255, 0}, {0, 255, 0}},
    {{0, 0, 255}, {0, 0, 255}},         {{200, 120, 40}, {200, 120, 40}},
    {{255, 255, 255}, {255, 255, 255}},
};

typedef struct {
    const char *name;
    const Patch *patches;
    guint n;
    J_COLOR_SPACE from, to;
    gboolean adobe;
    SpColour colour;
} Case;

static const Case cases[] = {
    {"rgb", colours, G_N_ELEMENTS(colours), JCS_RGB, JCS_RGB, TRUE, SP_COLOUR_SRGB},
    {"cmyk", inks, G_N_ELEMENTS(inks), JCS_CMYK, JCS_CMYK, TRUE, SP_COLOUR_CMYK},
    {"cmyk without Adobe", inks, G_N_ELEMENTS(inks), JCS_CMYK, JCS_CMYK, FALSE, SP_COLOUR_CMYK},
    {"ycck", inks, G_N_ELEMENTS(inks), JCS_CMYK, JCS_YCCK, TRUE, SP_COLOUR_CMYK},
};

/* All patches side by side. Without Adobe's marker the values are ink: 255 is all. */
static GBytes *
make(const Case *c)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &size);
    cinfo.image_width = c->n * PATCH;
    cinfo.image_height = PATCH;
    cinfo.input_components = c->from == JCS_RGB ? 3 : 4;
    cinfo.in_color_space = c->from;
    jpeg_set_defaults(&cinfo);
    jpeg_set_colorspace(&cinfo, c->to);
    jpeg_set_quality(&cinfo, 100, TRUE);
    cinfo.write_Adobe_marker = c->adobe;
    jpeg_start_compress(&cinfo, TRUE);
    guint n = (guint)cinfo.input_components;
    g_autofree JSAMPLE *row = g_malloc((gsize)cinfo.image_width * n);
    for (guint x = 0; x < cinfo.image_width; x++)
        for (guint i = 0; i < n; i++) {
            guint8 v = c->patches[x / PATCH].ink[i];
            row[x * n + i] = c->adobe ? v : 255 - v;
        }
    for (guint y = 0; y < PATCH; y++)
        jpeg_write_scanlines(&cinfo, &row, 1);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return g_bytes_new_with_free_func(bytes, size, free, bytes);
}

static void
check_patch(const SpPicture *picture, const Patch *patch, guint index)
{
    double v[3];
    for (guint i = 0; i < 3; i++)
        v[i] = sample_at(picture, i, index * PATCH + PATCH / 2, PATCH / 2) - (i == 0 ? 0 : 128);
    const double rgb[3] = {v[0] + 1.402 * v[2], v[0] - 0.344136 * v[1] - 0.714136 * v[2],
                           v[0] + 1.772 * v[1]};
    g_test_message("%u: %.0f %.0f %.0f", index, rgb[0], rgb[1], rgb[2]);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat(fabs(rgb[i] - patch->rgb[i]), <=, TOLERANCE);
}

static void
test_models(gconstpointer data)
{
    const Case *c = data;
    g_autoptr(GBytes) jpeg = make(c);
    g_auto(SpDeveloped) developed = {0};
    g_autoptr(GError) error = NULL;
    gboolean done = picture_develop(jpeg, 1024, &developed, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_cmpuint(developed.colour, ==, c->colour);
    g_assert_cmpuint(developed.picture.model, ==, SP_MODEL_YCC);
    g_assert_cmpuint(developed.picture.n_planes, ==, 3);
    g_assert_cmpuint(developed.picture.sub, ==, 2);
    for (guint i = 0; i < c->n; i++)
        check_patch(&developed.picture, &c->patches[i], i);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/models/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_models);
    }
    return g_test_run();
}
