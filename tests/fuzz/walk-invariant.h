/* SPDX-License-Identifier: MIT */
/* walk-invariant.h -- the walk of any bytes ends, and its slim view is its own slim view.
 *
 * The slim view of a slim view must be the same bytes, describe the same picture and have
 * nothing to tell but the picture: that finds every way in which a byte of metadata could slip
 * through. Parts are checked to lie within the input, to come in file order and not to overlap.
 */
#ifndef SP_TESTS_WALK_INVARIANT_H
#define SP_TESTS_WALK_INVARIANT_H
#include <glib.h>
#include <string.h>

#include "container/walk.h"
#include "data/told.h"
#include "fuzz/join-exactly.h"
#include "storyphoto.h"

static inline void
check_picture(const SpWalk *walk)
{
    g_assert(walk->width > 0 && walk->height > 0 && walk->frames > 0);
    g_assert(walk->bits >= 1 && walk->bits <= 16);
    g_assert(walk->orientation >= 1 && walk->orientation <= 8);
    g_assert(walk->crop.width > 0 && walk->crop.height > 0);
    g_assert(walk->crop.left <= walk->width - walk->crop.width);
    g_assert(walk->crop.top <= walk->height - walk->crop.height);
}

static inline void
check_again(SpWalkFunc func, const SpWalk *walk)
{
    g_autofree guint8 *slim = join_exactly(walk->slim);
    g_auto(SpWalk) again = {0};
    g_autoptr(GError) error = NULL;

    gsize size = sp_slim_size(walk->slim);
    Told told = told_of(slim, size);
    if (!func(slim, size, note_told, &told, &again, &error))
        g_error("the slim view cannot be walked: %s", error->message);
    check_picture(&again);
    g_autofree guint8 *slimmer = join_exactly(again.slim);
    g_assert(sp_slim_size(again.slim) == size);
    g_assert(memcmp(slim, slimmer, size) == 0);
    g_assert(told.carriers == 0 && again.colour.icc == NULL && again.orientation == 1);
    g_assert(!again.cut && again.frames == 1);
    g_assert(again.width == walk->width && again.height == walk->height);
    g_assert(again.bits == walk->bits && again.alpha == walk->alpha);
    g_assert(again.streams == walk->streams);
}

static inline int
check_walk(SpWalkFunc func, const guint8 *bytes, gsize n)
{
    g_auto(SpWalk) walk = {0};
    Told told = told_of(bytes, n);

    if (!func(bytes, n, note_told, &told, &walk, NULL))
        return 0;
    check_picture(&walk);
    check_again(func, &walk);
    return 0;
}
#endif
