/* SPDX-License-Identifier: MIT */
/* test-hevc-decode.c -- grids of tiles, fed without a resize: the samples that libde265 gives
 * for each tile, in its place; whatever the crop and the number of threads. */
#include "heic-sample.h"
#include "picture.h"

#include "base/error.h"
#include "render/hevc-decode.h"
#include <string.h>

#define COLUMNS 3
#define ROWS 5
#define TILES (COLUMNS * ROWS)
#define TILE_WIDTH 64
#define TILE_HEIGHT 72 /* more than SP_FEED_ROWS, and with a conformance window */

static const HeicSample tile_sample = {TILE_WIDTH, TILE_HEIGHT, heif_chroma_420, 8, 0,
                                       NULL,       FALSE};

/* Tiles of one kind are coded once, for all tests. */
typedef struct {
    GByteArray *files[TILES]; /* owned */
    SpHeifWalk walks[TILES];
    SpPicture picture; /* all of them, whole, by libde265 */
} Tiles;

static Tiles tiles;

static void
tiles_place(guint index, const struct de265_image *image)
{
    guint left = index % COLUMNS * TILE_WIDTH, top = index / COLUMNS * TILE_HEIGHT;
    for (guint i = 0; i < 3; i++) {
        SpPlane *plane = &tiles.picture.planes[i];
        guint sub = i == 0 ? 1 : 2;
        int stride = 0;
        const guint8 *from = de265_get_image_plane(image, (int)i, &stride);
        for (guint y = 0; y < TILE_HEIGHT / sub; y++)
            memcpy(plane->data + plane->stride * (top / sub + y) + left / sub,
                   from + (gsize)y * (gsize)stride, TILE_WIDTH / sub);
    }
}

static void
tiles_make(void)
{
    g_assert_true(sp_picture_init(&tiles.picture, COLUMNS * TILE_WIDTH, ROWS * TILE_HEIGHT,
                                  sp_form_of_jpeg(2, 3), NULL));
    for (guint i = 0; i < TILES; i++) {
        HeicSample sample = tile_sample;
        sample.seed = i;
        tiles.files[i] = heic_make(&sample);
        heic_walk(tiles.files[i], &tiles.walks[i]);
        de265_decoder_context *decoder = de265_new_decoder();
        SpSlice item = g_array_index(tiles.walks[i].tiles, SpSlice, 0);
        tiles_place(i, heic_decode(decoder, tiles.walks[i].config, item));
        de265_free_decoder(decoder);
    }
}

static void
tiles_free(void)
{
    sp_picture_clear(&tiles.picture);
    for (guint i = 0; i < TILES; i++) {
        sp_heif_walk_clear(&tiles.walks[i]);
        g_byte_array_unref(tiles.files[i]);
    }
}

/* A walk over the grid, as of a file; to be cleared. */
static void
grid_init(SpHeifWalk *walk, guint width, guint height)
{
    *walk = (SpHeifWalk){
        .coding = SP_FOURCC('h', 'v', 'c', '1'),
        .columns = COLUMNS,
        .rows = ROWS,
        .tile_width = TILE_WIDTH,
        .tile_height = TILE_HEIGHT,
        .config = tiles.walks[0].config,
        .tiles = g_array_new(FALSE, FALSE, sizeof(SpSlice)),
    };
    walk->walk.width = width;
    walk->walk.height = height;
    walk->walk.crop = (SpRect){0, 0, width, height};
    walk->walk.orientation = 1;
    for (guint i = 0; i < TILES; i++) {
        SpSlice item = g_array_index(tiles.walks[i].tiles, SpSlice, 0);
        g_array_append_val(walk->tiles, item);
    }
}

static gboolean
decode(const SpHeifWalk *walk, guint threads, SpPicture *ret_picture, GError **error)
{
    g_autoptr(SpHevcDecoder) decoder = sp_hevc_decoder_new(walk, threads, error);
    if (decoder == NULL)
        return FALSE;
    SpSize size = {walk->walk.crop.width, walk->walk.crop.height};
    SpFeedShape shape = {.coded = size, .target = size, .form.sub = 2};
    sp_hevc_decoder_shape(decoder, &shape);
    g_autoptr(SpFeed) feed = sp_feed_new(&shape, error);
    g_assert_nonnull(feed);
    return sp_hevc_decoder_run(decoder, feed, error) &&
           sp_feed_finish(feed, ret_picture, error);
}

static void
check_crop(const SpPicture *picture, SpRect crop)
{
    for (guint i = 0; i < 3; i++) {
        guint sub = i == 0 ? 1 : 2;
        const SpPlane *got = &picture->planes[i], *whole = &tiles.picture.planes[i];
        g_assert_cmpuint(got->width, ==, sp_plane_samples(crop.width, i, 2));
        g_assert_cmpuint(got->height, ==, sp_plane_samples(crop.height, i, 2));
        for (guint y = 0; y < got->height; y++)
            g_assert_cmpmem(got->data + got->stride * y, got->width,
                            whole->data + whole->stride * (crop.top / sub + y) +
                                crop.left / sub,
                            got->width);
    }
}

static void
test_grids(void)
{
    static const struct {
        guint width, height;
        SpRect crop;
    } cases[] = {
        {192, 360, {0, 0, 192, 360}}, {191, 359, {0, 0, 191, 359}},
        {129, 289, {0, 0, 129, 289}}, /* one pixel of the last column and row */
        {192, 360, {2, 4, 101, 77}},  {192, 360, {66, 72, 64, 72}}, /* one row of tiles alone */
        {192, 360, {0, 358, 192, 2}},                               /* all of it comes last */
        {192, 360, {190, 0, 2, 1}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases) * 4; i++) {
        guint threads = i % 4 + 1;
        g_auto(SpHeifWalk) walk = {0};
        g_auto(SpPicture) picture = {0};
        g_autoptr(GError) error = NULL;
        grid_init(&walk, cases[i / 4].width, cases[i / 4].height);
        walk.walk.crop = cases[i / 4].crop;
        gboolean decoded = decode(&walk, threads, &picture, &error);
        g_assert_no_error(error);
        g_assert_true(decoded);
        check_crop(&picture, walk.walk.crop);
    }
}

/* Whatever comes first in time, the first in order is told; in a file that is cut, as that. */
static void
test_broken(void)
{
    static const guint cases[][2] = {{0, 14}, {1, 2}, {7, 3}, {13, 12}, {14, 14}, {4, 0}};
    static const guint8 nothing[6] = {0, 0, 0, 2, 39 << 1, 1};
    for (guint i = 0; i < G_N_ELEMENTS(cases) * 8; i++) {
        const guint *broken = cases[i / 8];
        g_auto(SpHeifWalk) walk = {0};
        g_auto(SpPicture) picture = {0};
        g_autoptr(GError) error = NULL;
        grid_init(&walk, 192, 360);
        walk.walk.cut = i / 4 % 2 == 1;
        g_array_index(walk.tiles, SpSlice, broken[0]).n -= 1;
        g_array_index(walk.tiles, SpSlice, broken[1]) = (SpSlice){nothing, sizeof nothing};
        g_assert_false(decode(&walk, i % 4 + 1, &picture, &error));
        int code = walk.walk.cut ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT;
        g_assert_error(error, SP_ERROR, code);
        g_autofree char *first =
            g_strdup_printf("tile %u of %u: ", MIN(broken[0], broken[1]) + 1, TILES);
        g_assert_true(g_str_has_prefix(error->message, first));
    }
}

static void
test_not_for_it(void)
{
    static const struct {
        guint tile_width, tile_height;
        SpRect crop;
    } cases[] = {
        {64, 64, {0, 0, 192, 320}}, {66, 72, {0, 0, 192, 360}}, {64, 72, {1, 0, 20, 20}},
        {64, 72, {0, 3, 20, 20}},   {0, 0, {0, 0, 192, 360}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(SpHeifWalk) walk = {0};
        g_autoptr(GError) error = NULL;
        grid_init(&walk, 192, cases[i].crop.height > 20 ? cases[i].crop.height : 360);
        walk.tile_width = cases[i].tile_width;
        walk.tile_height = cases[i].tile_height;
        walk.walk.crop = cases[i].crop;
        g_autoptr(SpHevcDecoder) decoder = sp_hevc_decoder_new(&walk, 1, &error);
        g_assert_null(decoder);
        g_assert_error(error, SP_ERROR, SP_ERROR_UNAVAILABLE);
    }
}

/* Two rows of tiles, whatever the picture's height; and a codec a thread. */
static void
test_memory(void)
{
    guint64 memory[3];
    for (guint i = 0; i < 3; i++) {
        g_auto(SpHeifWalk) walk = {0};
        grid_init(&walk, 192, 360);
        walk.rows = i == 1 ? 2 : ROWS;
        walk.walk.height = walk.rows * TILE_HEIGHT;
        g_autoptr(SpHevcDecoder) decoder = sp_hevc_decoder_new(&walk, i == 2 ? 2 : 1, NULL);
        memory[i] = sp_hevc_decoder_memory(decoder);
        guint64 codec = sp_hevc_codec_memory(sp_hevc_decoder_format(decoder));
        g_assert_cmpuint(memory[i], >, codec + 2 * 192 * TILE_HEIGHT * 3 / 2);
    }
    g_assert_cmpuint(memory[0], ==, memory[1]);
    g_assert_cmpuint(memory[2], >, memory[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_hevc_warm_up();
    tiles_make();
    g_test_add_func("/hevc-decode/grids", test_grids);
    g_test_add_func("/hevc-decode/broken", test_broken);
    g_test_add_func("/hevc-decode/not-for-it", test_not_for_it);
    g_test_add_func("/hevc-decode/memory", test_memory);
    int status = g_test_run();
    tiles_free();
    return status;
}
