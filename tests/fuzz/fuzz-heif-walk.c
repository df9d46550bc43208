/* SPDX-License-Identifier: MIT */
/* fuzz-heif-walk.c -- the walk of any bytes ends, and its slim view is its own slim view.
 *
 * The slim view of a slim view must be the same bytes, describe the same picture and have
 * nothing to tell but the picture: that finds every way in which a byte of a stranger's boxes
 * could slip through. What is told, boxes once and items once, is no more than twice the input,
 * and each byte of it is read; of a file that is refused, too. */
/* words: heif */
/* lines: src/container/heif%.c */
#include <string.h>

#include "container/heif.h"
#include "fuzz/join-exactly.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

typedef struct {
    gsize n_left; /* bytes of items that may still be told, and of boxes */
    gsize n_size; /* likewise, of what parts take in the file */
    guint sum;
} Told;

static void
check_part(const SpPart *part, gpointer data)
{
    guint32 kind = part->kind;
    const guint8 *payload = part->content.bytes;
    gsize n = part->content.n;
    Told *told = data;

    g_assert((guint)part->carrier < SP_CARRIER_COUNT);
    g_assert(n <= told->n_left);
    told->n_left -= n;
    if (part->carrier == SP_CARRIER_PICTURE)
        g_assert(n == 0);
    else
        g_assert(n <= part->n_bytes && part->n_bytes <= told->n_size);
    told->n_size -= part->carrier == SP_CARRIER_PICTURE ? 0 : part->n_bytes;
    for (gsize i = 0; i < n; i++)
        told->sum += payload[i] + kind;
}

static void
check_is_picture(const SpPart *part, gpointer data G_GNUC_UNUSED)
{
    g_assert(part->carrier == SP_CARRIER_PICTURE);
}

static void
check_again(const SpHeifWalk *walk)
{
    g_autofree guint8 *slim = join_exactly(walk->walk.slim);
    g_auto(SpHeifWalk) again = {0};
    g_autoptr(GError) error = NULL;

    gsize size = sp_slim_size(walk->walk.slim);
    if (!sp_heif_walk(slim, size, check_is_picture, NULL, &again, &error))
        g_error("the slim view cannot be walked: %s", error->message);
    g_autofree guint8 *slimmer = join_exactly(again.walk.slim);
    g_assert(sp_slim_size(again.walk.slim) == size);
    g_assert(memcmp(slim, slimmer, size) == 0);
    g_assert(again.walk.colour.icc == NULL);
    g_assert(again.walk.orientation == 1 && !again.walk.cut);
    g_assert(again.walk.width == walk->walk.width && again.walk.height == walk->walk.height);
    g_assert(again.walk.crop.width == walk->walk.width);
    g_assert(again.walk.crop.height == walk->walk.height);
    g_assert(again.walk.bits == walk->walk.bits && again.walk.alpha == walk->walk.alpha);
    g_assert(again.walk.premultiplied == walk->walk.premultiplied);
    g_assert(again.coding == walk->coding && again.columns == walk->columns);
    g_assert(again.rows == walk->rows && again.tile_width == walk->tile_width);
    g_assert(again.tile_height == walk->tile_height);
    g_assert((again.config.bytes == NULL) == (walk->config.bytes == NULL));
    for (guint i = 0; i < walk->tiles->len; i++) {
        SpSlice tile = g_array_index(walk->tiles, SpSlice, i);
        SpSlice same = g_array_index(again.tiles, SpSlice, i);
        g_assert(tile.n == same.n && memcmp(tile.bytes, same.bytes, tile.n) == 0);
    }
}

static void
check_picture(const SpHeifWalk *walk)
{
    const SpRect *crop = &walk->walk.crop;

    g_assert(walk->walk.width > 0 && walk->walk.height > 0);
    g_assert(walk->walk.width <= 65535 && walk->walk.height <= 65535);
    g_assert(crop->width > 0 && crop->left + crop->width <= walk->walk.width);
    g_assert(crop->height > 0 && crop->top + crop->height <= walk->walk.height);
    g_assert(walk->walk.orientation >= 1 && walk->walk.orientation <= 8);
    g_assert(walk->walk.bits >= 8 && walk->walk.bits <= 16);
    g_assert(walk->columns * walk->rows == walk->tiles->len);
    g_assert(walk->tiles->len <= SP_HEIF_TILES);
    g_assert(walk->columns * walk->tile_width >= walk->walk.width);
    g_assert(walk->rows * walk->tile_height >= walk->walk.height);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    g_auto(SpHeifWalk) walk = {0};
    Told told = {.n_left = 2 * n, .n_size = 2 * n};

    if (!sp_heif_walk(bytes, n, check_part, &told, &walk, NULL))
        return 0;
    check_picture(&walk);
    check_again(&walk);
    return 0;
}
