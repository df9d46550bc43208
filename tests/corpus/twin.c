/* SPDX-License-Identifier: MIT */
/* twin.c -- an upload without its metadata: the same picture and nothing else.
 *
 *     twin UPLOAD TWIN
 *
 * The twin is the slim view of the upload's walker: what a decoder gets. Published, both must
 * be the same bytes; where they are not, a carrier had a say in the output. Exits with 1 and
 * writes nothing where a twin would rightly differ: when metadata turns the picture or says
 * what its colours mean. */
#include "walk-any.h"

static gboolean
has_a_say(const SpWalk *walk)
{
    const SpColourTags *colour = &walk->colour;
    return walk->orientation != 1 || walk->crop.width != walk->width ||
           walk->crop.height != walk->height || colour->icc != NULL || colour->adobe_rgb ||
           colour->cicp.present || colour->gamma != 0 || colour->has_chroma;
}

int
main(int argc, char **argv)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_auto(SpWalk) walk = {0};
    if (argc != 3 || !g_file_get_contents(argv[1], &bytes, &n, NULL) ||
        !walk_any((const guint8 *)bytes, n, NULL, NULL, &walk) || has_a_say(&walk))
        return 1;
    g_autoptr(GBytes) slim = sp_slim_join(walk.slim, NULL);
    return slim == NULL || !g_file_set_contents(argv[2], g_bytes_get_data(slim, NULL),
                                                (gssize)g_bytes_get_size(slim), NULL);
}
