/* SPDX-License-Identifier: MIT */
/* photoshop.c -- Photoshop's image resources: what is in them, and what is within them.
 *
 * That there are resources tells of software; but one with nothing except IPTC tells of none:
 * that is how every program stores IPTC in a JPEG.
 *
 * Adobe Photoshop File Formats Specification, "Image Resource Blocks": four characters, a
 * number of two bytes, a name with a length of one byte, padded to even, a length of four
 * bytes and the data, padded to even. Photoshop 2.5 put two bytes and no name in front of
 * blocks of the same form. A further resource is a line in resources[]. */
#include <string.h>

#include "base/bytes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_BLOCKS 4096

typedef enum {
    WHOLE, /* the data is the value */
    FLAG,  /* one byte that is not 0 */
    UTF16, /* a length of four bytes, then UTF-16: for values, as it is */
    PART,  /* a carrier of its own */
} Form;

static const struct {
    guint first, last;
    Form form;
    guint32 bits;
    SpCarrier carrier;
    guint skip; /* bytes of the resource in front of the carrier's content */
    const char *name;
} resources[] = {
    {1028, 1028, PART, 0, SP_CARRIER_IPTC, 0, NULL},
    {1033, 1033, PART, 0, SP_CARRIER_PHOTOSHOP_THUMBNAIL, 28, NULL},
    {1036, 1036, PART, 0, SP_CARRIER_PHOTOSHOP_THUMBNAIL, 28, NULL},
    {1039, 1039, PART, 0, SP_CARRIER_ICC, 0, NULL},
    {1058, 1059, PART, 0, SP_CARRIER_EXIF, 0, NULL},
    {1060, 1060, PART, 0, SP_CARRIER_XMP, 0, NULL},
    {1008, 1008, WHOLE, SP_CATEGORY_COMMENT, 0, 0, "PStringCaption"},
    {1034, 1034, FLAG, SP_CATEGORY_PERSON, 0, 0, "CopyrightFlag"},
    {1035, 1035, WHOLE, SP_CATEGORY_PERSON, 0, 0, "URL"},
    {1051, 1051, UTF16, SP_CATEGORY_PERSON, 0, 0, "WorkflowURL"},
    {1054, 1054, UTF16, SP_CATEGORY_PERSON, 0, 0, "URL_List"},
    {1086, 1086, WHOLE, SP_CATEGORY_COMMENT, 0, 0, "AutoSaveFilePath"},
};

static void
tell_value(SpFinder *finder, gsize row, SpSlice data)
{
    Form form = resources[row].form;

    if (form == FLAG && (data.n < 1 || data.bytes[data.n - 1] == 0))
        return;
    if (form == UTF16) {
        if (data.n <= 4 || sp_get32be(data.bytes) == 0)
            return;
        data = (SpSlice){data.bytes + 4, data.n - 4};
    }
    if (form != FLAG && sp_text_is_blank(data))
        return;
    sp_find_value(finder, resources[row].bits, resources[row].name, data);
}

static void
tell(SpFinder *finder, guint number, SpSlice data)
{
    if (number != 1028)
        sp_find(finder, SP_CATEGORY_SOFTWARE);
    for (gsize i = 0; i < G_N_ELEMENTS(resources); i++) {
        if (number < resources[i].first || number > resources[i].last)
            continue;
        gsize skip = resources[i].skip;
        if (resources[i].form != PART)
            tell_value(finder, i, data);
        else if (data.n > skip)
            sp_find_part(finder, resources[i].carrier, sp_find_kind(finder),
                         (SpSlice){data.bytes + skip, data.n - skip});
        return;
    }
}

static gboolean
is_block(const guint8 *p)
{
    static const char signatures[][5] = {"8BIM", "PHUT", "MeSa", "AgHg", "DCSR"};
    for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++) {
        if (memcmp(p, signatures[i], 4) == 0)
            return TRUE;
    }
    return FALSE;
}

/* One block at *at, which moves behind it; FALSE when none is there. What the content cuts
 * short is read as far as it goes. */
static gboolean
read_block(SpSlice content, gsize *at, SpFinder *finder)
{
    gsize left = content.n - *at;
    const guint8 *p = content.bytes + *at;

    if (left < 12 || !is_block(p))
        return FALSE;
    gsize head = 6 + (((gsize)p[6] + 2) & ~(gsize)1) + 4;
    if (head > left)
        return FALSE;
    gsize length = MIN(sp_get32be(p + head - 4), left - head);
    tell(finder, sp_get16be(p + 4), (SpSlice){p + head, length});
    *at += MIN(left, head + length + (length & 1));
    return TRUE;
}

void
sp_read_photoshop(SpSlice content, SpFinder *finder)
{
    static const char old[] = "Adobe_Photoshop2.5:";
    gsize at = 0;

    /* Walkers take the name away; in its old form the blocks may stand a few bytes on. */
    if (content.n >= sizeof old - 1 && memcmp(content.bytes, old, sizeof old - 1) == 0)
        at = sizeof old - 1;
    while (at + 4 <= content.n && at < 32 && !is_block(content.bytes + at))
        at++;
    gsize start = at;
    for (guint i = 0; i < MAX_BLOCKS && at < content.n; i++) {
        if (!read_block(content, &at, finder))
            break;
    }
    if (at == start && !sp_text_is_blank(content))
        sp_find(finder, SP_CATEGORY_SOFTWARE | SP_CATEGORY_UNKNOWN);
    else if (!sp_text_ends_blank(content, at))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
}
