/* SPDX-License-Identifier: MIT */
/* jpeg-walk.c -- a walk of a JPEG that is all there, and what it found. */
#include "container/jpeg.h"

gboolean
sp_jpeg_walk(const guint8 *bytes, gsize n, SpPartFunc segment, gpointer data,
             SpJpegWalk *ret_walk, GError **error)
{
    SpSource source = sp_source_whole(bytes, n);
    g_autoptr(SpJpegWalker) walker = sp_jpeg_walker_new(&source, segment, data);
    if (!sp_jpeg_walker_finish(walker, error))
        return FALSE;
    SpJpegWalk *found = sp_jpeg_walker_found(walker);
    *ret_walk = *found;
    *found = (SpJpegWalk){0};
    return TRUE;
}

void
sp_jpeg_walk_clear(SpJpegWalk *walk)
{
    sp_colour_tags_clear(&walk->colour);
    if (walk->slim)
        g_array_unref(walk->slim);
    *walk = (SpJpegWalk){0};
}

const char *
sp_jpeg_sampling_word(const SpJpegWalk *walk)
{
    static const struct {
        guint8 h, v; /* how much finer luma is than chroma */
        const char *word;
    } words[] = {
        {1, 1, "4:4:4"}, {2, 1, "4:2:2"}, {2, 2, "4:2:0"},
        {1, 2, "4:4:0"}, {4, 1, "4:1:1"}, {4, 2, "4:1:0"},
    };
    const SpJpegComponent *c = walk->components;

    if (walk->n_components == 1)
        return "grey";
    if (walk->n_components == 4)
        return "4 components";
    if (walk->n_components != 3)
        return "no components";
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (c[0].h == words[i].h * c[1].h && c[0].v == words[i].v * c[1].v &&
            c[1].h == c[2].h && c[1].v == c[2].v)
            return words[i].word;
    }
    return "unusual sampling";
}
