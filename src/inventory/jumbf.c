/* SPDX-License-Identifier: MIT */
/* jumbf.c -- what a signed record (C2PA, in JUMBF) says beside its being there.
 *
 * C2PA Technical Specification 2.1: boxes of CBOR and JSON, cut into pieces where a JPEG holds
 * them. No reader of either: a bounded search for the labels of assertions and the names of
 * fields that the specification reserves, which stand in both forms as plain text. A further
 * one is a line in words[]. */
#include <string.h>

#include "inventory/reader.h"
#include "inventory/text.h"

static const struct {
    const char *word;
    guint32 bits;
    const char *name;
} words[] = {
    {"instanceID", SP_CATEGORY_SERIAL, "InstanceID"},
    {"xmp:iid:", SP_CATEGORY_SERIAL, "InstanceID"},
    {"urn:uuid:", SP_CATEGORY_SERIAL, "InstanceID"},
    {"urn:c2pa:", SP_CATEGORY_SERIAL, "InstanceID"},
    {"claim_generator", SP_CATEGORY_SOFTWARE, "Claim_generator"},
    {"softwareAgent", SP_CATEGORY_SOFTWARE, "SoftwareAgent"},
    {"GPSLatitude", SP_CATEGORY_LOCATION, "GPSLatitude"},
    {"LocationCreated", SP_CATEGORY_LOCATION, "LocationCreated"},
    {"\"author\"", SP_CATEGORY_PERSON, "Author"},
    {"cawg.identity", SP_CATEGORY_PERSON, "Identity"},
    {"DateTimeOriginal", SP_CATEGORY_TIME, "DateTimeOriginal"},
    {"dateTime", SP_CATEGORY_TIME, "DateTime"},
    {"\x64when", SP_CATEGORY_TIME, "ActionsWhen"}, /* CBOR: a text of four bytes */
    {"\"when\"", SP_CATEGORY_TIME, "ActionsWhen"},
    {"dc:title", SP_CATEGORY_COMMENT, "Title"},
    {"claimReviewed", SP_CATEGORY_COMMENT, "ClaimReviewed"},
    {"c2pa.thumbnail", SP_CATEGORY_THUMBNAIL, "Thumbnail"},
};

/* What stands behind a word, as far as it is plain text: "xmp:iid:..." in quotes, or a CBOR
 * text, whose length is its last five bits, or a byte behind it (RFC 8949, section 3). */
static SpSlice
text_behind(SpSlice content, const guint8 *from)
{
    gsize left = content.n - (gsize)(from - content.bytes);
    gsize at = 0;
    gsize n = 0;
    if (left >= 2 && from[0] == 0x78)
        at = 2;
    else if (left >= 1 && from[0] >= 0x60 && from[0] < 0x78)
        at = 1;
    gsize most = at == 2 ? from[1] : at == 1 ? from[0] & 31u : 80;
    while (n < most && at + n < left && from[at + n] >= ' ' && from[at + n] != 0x7F)
        n++;
    return (SpSlice){from + at, n};
}

void
sp_read_jumbf(SpSlice content, SpFinder *finder)
{
    if (!sp_text_ends_blank(content, SP_TEXT_SEARCHED))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    content.n = MIN(content.n, SP_TEXT_SEARCHED);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize n = strlen(words[i].word);
        const guint8 *found = sp_text_find(content, words[i].word, n);
        if (found != NULL)
            sp_find_value(finder, words[i].bits, words[i].name,
                          text_behind(content, found + n));
    }
}
