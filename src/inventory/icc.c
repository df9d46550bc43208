/* SPDX-License-Identifier: MIT */
/* icc.c -- what a colour profile says of itself, for those who asked for values.
 *
 * That there is a profile is all that counts, and its carrier's name says so: even a standard
 * one tells a class of devices. ICC.1:2022, 7.2 and 7.3: a head of 128 bytes, the number of
 * tags, and for each of them a name, where it is and how long. Pieces but the first have no
 * head, and say nothing more. */
#include <string.h>

#include "base/bytes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define HEAD 128
#define MAX_TAGS 256

static const struct {
    char tag[5];
    const char *name;
} tags[] = {
    {"desc", "ProfileDescription"},
    {"cprt", "ProfileCopyright"},
    {"dmnd", "DeviceMfgDesc"},
    {"dmdd", "DeviceModelDesc"},
};

/* The text of a tag: textDescriptionType, textType, or multiLocalizedUnicodeType's first. */
static SpSlice
text_of(SpSlice tag)
{
    static const SpSlice none = {NULL, 0};

    if (tag.n < 12)
        return none;
    if (memcmp(tag.bytes, "text", 4) == 0)
        return (SpSlice){tag.bytes + 8, tag.n - 8};
    if (memcmp(tag.bytes, "desc", 4) == 0)
        return (SpSlice){tag.bytes + 12, MIN(sp_get32be(tag.bytes + 8), tag.n - 12)};
    if (memcmp(tag.bytes, "mluc", 4) != 0 || tag.n < 28 || sp_get32be(tag.bytes + 8) == 0)
        return none;
    gsize at = sp_get32be(tag.bytes + 24);
    if (at > tag.n)
        return none;
    return (SpSlice){tag.bytes + at, MIN(sp_get32be(tag.bytes + 20), tag.n - at)};
}

static void
tell(SpFinder *finder, const char *name, SpSlice text)
{
    g_autofree guint8 *owned = NULL;
    SpSlice utf8 = sp_text_trim(sp_text_to_utf8(text, &owned));
    if (utf8.n > 0)
        sp_find_value(finder, SP_CATEGORY_PROFILE, name, utf8);
}

void
sp_read_icc(SpSlice content, SpFinder *finder)
{
    if (!sp_find_wants_values(finder) || content.n < HEAD + 4 ||
        memcmp(content.bytes + 36, "acsp", 4) != 0)
        return;
    guint n_tags = MIN(sp_get32be(content.bytes + HEAD), MAX_TAGS);
    for (guint i = 0; i < n_tags; i++) {
        gsize at = HEAD + 4 + 12 * (gsize)i;
        if (content.n - at < 12)
            return;
        const guint8 *entry = content.bytes + at;
        gsize from = sp_get32be(entry + 4);
        if (from > content.n)
            continue;
        SpSlice tag = {content.bytes + from, MIN(sp_get32be(entry + 8), content.n - from)};
        for (gsize k = 0; k < G_N_ELEMENTS(tags); k++) {
            if (memcmp(entry, tags[k].tag, 4) == 0)
                tell(finder, tags[k].name, text_of(tag));
        }
    }
}
