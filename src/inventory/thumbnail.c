/* SPDX-License-Identifier: MIT */
/* thumbnail.c -- a small picture within a block, which is a file of its own.
 *
 * Programs that make a thumbnail from a photo leave the photo's own EXIF in it, place and all:
 * so one that is a JPEG is walked as such. Its parts lie one carrier deeper, which is where a
 * thumbnail in a thumbnail's EXIF ends (inventory.h); its bytes come out of the file's
 * allowance, since hundreds of blocks may point to the same ones. */
#include <string.h>

#include "container/walkers.h"
#include "inventory/cover.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_PARTS 64

typedef struct {
    SpFinder *finder; /* borrowed */
    guint parts;      /* told so far */
} Thumbnail;

/* Not the colour profile and what else any program puts into a JPEG: that is a thumbnail's own,
 * and tells less than that there is one. */
static gboolean
is_metadata(SpCarrier carrier)
{
    return carrier == SP_CARRIER_EXIF || carrier == SP_CARRIER_XMP ||
           carrier == SP_CARRIER_XMP_EXTENDED || carrier == SP_CARRIER_IPTC ||
           carrier == SP_CARRIER_PHOTOSHOP || carrier == SP_CARRIER_COMMENT;
}

static void
add_part(const SpPart *part, gpointer data)
{
    Thumbnail *thumbnail = data;
    g_auto(SpCover) nothing = {NULL};

    if (is_metadata(part->carrier)) {
        if (thumbnail->parts++ < MAX_PARTS)
            sp_find_part(thumbnail->finder, part->carrier, part->kind, part->content);
        else
            sp_find(thumbnail->finder, SP_CATEGORY_UNKNOWN);
    } else if ((part->carrier == SP_CARRIER_UNKNOWN || part->carrier == SP_CARRIER_STRAY ||
                part->carrier >= SP_CARRIER_TRAILER) &&
               sp_cover_leftover(&nothing, part->content).n >= SP_COVER_LEFTOVER) {
        sp_find(thumbnail->finder, SP_CATEGORY_UNKNOWN);
    }
}

void
sp_read_thumbnail(SpSlice content, SpFinder *finder)
{
    g_auto(SpWalk) walk = {0};
    Thumbnail thumbnail = {finder, 0};

    if (content.n >= 3 && memcmp(content.bytes, "\xFF\xD8\xFF", 3) == 0 &&
        sp_find_afford(finder, content.n))
        (void)sp_walker(SP_FORMAT_JPEG)(content.bytes, content.n, add_part, &thumbnail, &walk,
                                        NULL);
}
