/* SPDX-License-Identifier: MIT */
/* fuzz-jpeg-walk.c -- the walk of any bytes ends, and its slim view is its own slim view.
 *
 * The slim view of a slim view must be the same bytes, describe the same picture and have
 * nothing to tell but the picture: that finds every way in which a byte of metadata could slip
 * through. Segments are checked to lie within the input, to come in file order and not to
 * overlap. */
/* words: jpeg tiff */
/* lines: src/container/jpeg%.c */
#include <string.h>

#include "container/jpeg.h"
#include "data/told.h"
#include "fuzz/join-exactly.h"
#include "storyphoto.h"

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

static void
check_segment(const SpPart *part, gpointer data)
{
    g_assert(part->kind == 0 || (part->kind >= 0xC0 && part->kind <= 0xFE));
    note_told(part, data);
}

/* first: what the upload's walk told. A table that is none, or that no scan reads, is told, and
 * goes to the decoder as it stands all the same: so it is told again, and nothing else is. */
static void
check_again(const SpJpegWalk *walk, guint64 first)
{
    g_autofree guint8 *slim = join_exactly(walk->slim);
    g_auto(SpJpegWalk) again = {0};
    g_autoptr(GError) error = NULL;

    gsize size = sp_slim_size(walk->slim);
    Told told = told_of(slim, size);
    if (!sp_jpeg_walk(slim, size, check_segment, &told, &again, &error))
        g_error("the slim view cannot be walked: %s", error->message);
    g_autofree guint8 *slimmer = join_exactly(again.slim);
    g_assert(sp_slim_size(again.slim) == size);
    g_assert(memcmp(slim, slimmer, size) == 0);
    g_assert((told.carriers & ~(first & CARRIER(UNKNOWN))) == 0);
    g_assert(again.colour.icc == NULL && again.orientation == 1);
    g_assert(again.coding == walk->coding && again.n_scans == walk->n_scans);
    g_assert(again.width == walk->width && again.height == walk->height);
    g_assert(again.n_components == walk->n_components);
    g_assert(again.restart_interval == walk->restart_interval);
    g_assert(again.has_jfif == walk->has_jfif && again.has_adobe == walk->has_adobe);
    g_assert(again.adobe_transform == walk->adobe_transform);
    g_assert(again.missing_end == walk->missing_end);
}

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
    g_auto(SpJpegWalk) walk = {0};
    Told told = told_of(bytes, n);

    if (!sp_jpeg_walk(bytes, n, check_segment, &told, &walk, NULL))
        return 0;
    g_assert(walk.width > 0 && walk.height > 0 && walk.n_scans > 0);
    g_assert(walk.orientation >= 1 && walk.orientation <= 8);
    g_assert(sp_jpeg_sampling_word(&walk) != NULL);
    check_again(&walk, told.carriers);
    return 0;
}
