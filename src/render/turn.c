/* SPDX-License-Identifier: MIT */
/* turn.c -- turn finished planes upright, after the resize, when they are small. */
#include "render/turn.h"

#define TILE 32 /* samples: a tile of source and one of target stay in the first cache */

static void
mirror_row(guint8 *to, const guint8 *from, guint n)
{
    for (guint x = 0; x < n; x++)
        to[x] = from[n - 1 - x];
}

static void
copy_mirrored(SpPlane *to, const SpPlane *from, SpTurn turn)
{
    for (guint y = 0; y < to->height; y++) {
        const guint8 *row =
            from->data + from->stride * (turn.flip_y ? from->height - 1 - y : y);
        guint8 *target = to->data + to->stride * y;
        if (turn.flip_x)
            mirror_row(target, row, to->width);
        else
            memcpy(target, row, to->width);
    }
}

/* Column x of the target is row x of the source (mirrored or not). */
static void
transpose_tile(SpPlane *to, const SpPlane *from, SpTurn turn, guint x0, guint y0)
{
    guint x1 = MIN(x0 + TILE, to->width), y1 = MIN(y0 + TILE, to->height);
    for (guint x = x0; x < x1; x++) {
        const guint8 *row =
            from->data + from->stride * (turn.flip_y ? from->height - 1 - x : x);
        for (guint y = y0; y < y1; y++)
            to->data[to->stride * y + x] = row[turn.flip_x ? from->width - 1 - y : y];
    }
}

static void
copy_transposed(SpPlane *to, const SpPlane *from, SpTurn turn)
{
    for (guint y = 0; y < to->height; y += TILE)
        for (guint x = 0; x < to->width; x += TILE)
            transpose_tile(to, from, turn, x, y);
}

static void
turn_plane(SpPlane *to, const SpPlane *from, SpTurn turn)
{
    if (turn.transpose)
        copy_transposed(to, from, turn);
    else
        copy_mirrored(to, from, turn);
}

gboolean
sp_turn(SpPicture *picture, SpTurn turn, GError **error)
{
    if (!turn.flip_x && !turn.flip_y && !turn.transpose)
        return TRUE;
    SpSize size = sp_geometry_turned((SpSize){picture->width, picture->height}, turn);
    g_auto(SpPicture) turned = {0};
    if (!sp_picture_init(&turned, size.width, size.height, sp_picture_form(picture), error))
        return FALSE;
    for (guint i = 0; i < picture->n_planes; i++)
        turn_plane(&turned.planes[i], &picture->planes[i], turn);
    for (guint i = 0; i < G_N_ELEMENTS(picture->limited); i++)
        turn_plane(&turned.limited[i], &picture->limited[i], turn);
    sp_picture_clear(picture);
    *picture = sp_picture_steal(&turned);
    return TRUE;
}
