/* SPDX-License-Identifier: MIT */
/* removed.c -- the slugs of what an upload carried; one line a bit of SpRemoved. */
#include "storyphoto.h"

static const char *const slugs[SP_REMOVED_COUNT] = {
    "location",       "time",          "device",         "serial",   "person",     "software",
    "comment",        "thumbnail",     "second-picture", "video",    "provenance", "profile",
    "further-frames", "hidden-pixels", "unknown",        "trailing", "exif",       "xmp",
    "iptc",
};

const char *
sp_removed_slug(guint index)
{
    g_return_val_if_fail(index < SP_REMOVED_COUNT, "unknown");
    return slugs[index];
}
