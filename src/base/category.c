/* SPDX-License-Identifier: MIT */
/* category.c -- what a photo reveals, for machines and for people; one line a bit of
 * SpCategory. */
#include "storyphoto.h"

static const struct {
    const char *slug, *words;
} categories[SP_CATEGORY_COUNT] = {
    {"location", "where it was taken, perhaps to within metres"},
    {"time", "when it was taken or edited"},
    {"device", "what camera or phone it was taken with"},
    {"serial", "a number that only this one camera, phone or picture has"},
    {"person", "names or contacts of people"},
    {"software", "what programs it went through"},
    {"comment", "text about it, by a person or a program"},
    {"thumbnail", "a small copy, perhaps from before it was cropped"},
    {"second-picture", "a second picture that is not shown"},
    {"video", "a moment of video, perhaps with sound"},
    {"provenance", "a signed record of where it comes from"},
    {"profile", "a colour profile, perhaps of its device"},
    {"further-frames", "further pictures of an animation or a burst"},
    {"hidden-pixels", "parts of the picture that are not seen, but still there"},
    {"unknown", "data of a kind that storyphoto does not know"},
    {"trailing", "data behind the end of the picture"},
};

const char *
sp_category_slug(guint index)
{
    g_return_val_if_fail(index < SP_CATEGORY_COUNT, "unknown");
    return categories[index].slug;
}

const char *
sp_category_words(guint index)
{
    g_return_val_if_fail(index < SP_CATEGORY_COUNT, "");
    return categories[index].words;
}
