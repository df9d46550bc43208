/* SPDX-License-Identifier: MIT */
/* join-exactly.h -- a slim view as a decoder could get it, for the fuzz targets of walks. */
#ifndef SP_TESTS_JOIN_EXACTLY_H
#define SP_TESTS_JOIN_EXACTLY_H
#include <string.h>

#include "container/walk.h"

/* In one block of exactly its size, so that a sanitizer sees a read of one byte too many; owned
 * by the caller. */
static inline guint8 *
join_exactly(const GArray *slim)
{
    gsize size = sp_slim_size(slim);
    guint8 *joined = g_malloc(size);
    guint8 *to = joined;

    for (guint i = 0; i < slim->len; i++) {
        SpSlice slice = g_array_index(slim, SpSlice, i);
        g_assert(slice.n <= size - (gsize)(to - joined));
        to = mempcpy(to, slice.bytes, slice.n);
    }
    g_assert(to == joined + size);
    return joined;
}
#endif
