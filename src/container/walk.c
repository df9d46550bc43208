/* SPDX-License-Identifier: MIT */
/* walk.c -- slim views and what walks own. */
#include "container/walk.h"
#include "base/error.h"
#include <string.h>

void
sp_colour_tags_clear(SpColourTags *tags)
{
    g_clear_pointer(&tags->icc, g_bytes_unref);
    *tags = (SpColourTags){0};
}

void
sp_walk_clear(SpWalk *walk)
{
    sp_colour_tags_clear(&walk->colour);
    g_clear_pointer(&walk->slim, g_array_unref);
    g_clear_pointer(&walk->made, g_ptr_array_unref);
    *walk = (SpWalk){0};
}

void
sp_part_tell(SpPartFunc func, gpointer data, SpCarrier carrier, guint32 kind, SpSlice content,
             guint64 n_bytes)
{
    SpPart part = {carrier, kind, content, n_bytes};
    if (func != NULL)
        func(&part, data);
}

void
sp_slim_add(GArray *slim, const void *bytes, gsize n)
{
    SpSlice slice = {bytes, n};
    SpSlice *last = slim->len == 0 ? NULL : &g_array_index(slim, SpSlice, slim->len - 1);
    if (last != NULL && last->bytes + last->n == slice.bytes)
        last->n += n;
    else if (n > 0)
        g_array_append_val(slim, slice);
}

gsize
sp_slim_size(const GArray *slim)
{
    gsize size = 0;
    for (guint i = 0; i < slim->len; i++)
        size += g_array_index(slim, SpSlice, i).n;
    return size;
}

gsize
sp_walk_made_size(const SpWalk *walk)
{
    gsize size = 0;
    for (guint i = 0; walk->made != NULL && i < walk->made->len; i++)
        size += g_bytes_get_size(g_ptr_array_index(walk->made, i));
    return size;
}

GBytes *
sp_slim_join(const GArray *slim, GError **error)
{
    if (slim->len == 1) {
        const SpSlice *only = &g_array_index(slim, SpSlice, 0);
        return g_bytes_new_static(only->bytes, only->n);
    }
    gsize size = sp_slim_size(slim);
    guint8 *joined = g_try_malloc(MAX(size, 1));
    if (joined == NULL)
        return sp_throw_null(error, SP_ERROR_TOO_MUCH_MEMORY,
                             "no memory for %" G_GSIZE_FORMAT " bytes of picture data", size);
    guint8 *to = joined;
    for (guint i = 0; i < slim->len; i++) {
        const SpSlice *slice = &g_array_index(slim, SpSlice, i);
        to = mempcpy(to, slice->bytes, slice->n);
    }
    return g_bytes_new_take(joined, size);
}
