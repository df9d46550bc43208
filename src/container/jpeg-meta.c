/* SPDX-License-Identifier: MIT */
/* jpeg-meta.c -- what the parts of a JPEG that are no picture are.
 *
 * Names segments for the receipt, finds pictures and videos behind the end, and puts the chunks
 * of an ICC profile together. Nothing here fails an upload: what is broken is "unknown", or no
 * profile. It never looks into a block to see what it says; that is the inventory's matter.
 *
 * A further kind of segment is a line in segments[]; the first line that matches wins. */
#include "container/jpeg-meta.h"

#include <string.h>

#include "container/sniff.h"
#include "storyphoto.h"

/* A chunk's data is at most 65 533 bytes less its head, so the number of chunks alone bounds
 * what a profile can make us allocate. */
G_STATIC_ASSERT(SP_JPEG_PROFILE_CHUNKS *(65533 - SP_JPEG_PROFILE_HEAD) <= 16 * 1024 * 1024);

#define NAME(text) (text), sizeof(text) - 1

static const char profile_name[] = "ICC_PROFILE";

static const struct {
    guint marker;
    guint32 bits;
    const char *name; /* what the payload opens with; "" is anything */
    gsize n_name;
} segments[] = {
    {0xE0, SP_CATEGORY_THUMBNAIL, NAME("JFXX\0")},
    {0xE1, SP_CATEGORY_EXIF, NAME("Exif\0")},
    {0xE1, SP_CATEGORY_XMP, NAME("http://ns.adobe.com/xap/1.0/\0")},
    {0xE1, SP_CATEGORY_XMP, NAME("http://ns.adobe.com/xmp/extension/\0")},
    {0xE2, SP_CATEGORY_PROFILE, NAME("ICC_PROFILE\0")},
    {0xE2, SP_CATEGORY_SECOND_PICTURE, NAME("MPF\0")},
    /* ISO 21496-1: how to apply the gain map that MPF points to */
    {0xE2, SP_CATEGORY_SECOND_PICTURE, NAME("urn:iso:std:iso:ts:21496:-1\0")},
    {0xEB, SP_CATEGORY_PROVENANCE, NAME("JP")}, /* JUMBF: ISO/IEC 19566-5, annex D */
    {0xED, SP_CATEGORY_IPTC, NAME("Photoshop 3.0\0")},
    {0xED, SP_CATEGORY_IPTC, NAME("Adobe_Photoshop2.5:")},
    {0xFE, SP_CATEGORY_COMMENT, NAME("")},
};

/* JFIF 1.02: 14 bytes, of which the last two are the sides of an RGB thumbnail that follows. */
static guint32
jfif_bits(const guint8 *payload, gsize n)
{
    if (n == 14)
        return 0;
    return payload[12] != 0 && payload[13] != 0 ? SP_CATEGORY_THUMBNAIL : SP_CATEGORY_UNKNOWN;
}

guint32
sp_jpeg_meta_bits(guint marker, const guint8 *payload, gsize n)
{
    if (marker == 0xE0 && n >= 14 && memcmp(payload, "JFIF", 5) == 0)
        return jfif_bits(payload, n);
    if (marker == 0xEE && n >= 12 && memcmp(payload, "Adobe", 5) == 0)
        return n == 12 ? 0 : SP_CATEGORY_UNKNOWN;
    for (gsize i = 0; i < G_N_ELEMENTS(segments); i++) {
        if (marker == segments[i].marker && n >= segments[i].n_name &&
            memcmp(payload, segments[i].name, segments[i].n_name) == 0)
            return segments[i].bits;
    }
    return SP_CATEGORY_UNKNOWN;
}

/* Three bytes FF D8 FF turn up in a megabyte of video by chance, in one of sixteen; so the
 * first segment must also end where another marker begins. */
static gboolean
has_jpeg(const guint8 *bytes, gsize n)
{
    const guint8 *end = bytes + n;
    const guint8 *p = bytes;
    while ((p = memmem(p, (gsize)(end - p), "\xff\xd8\xff", 3)) != NULL) {
        gsize left = (gsize)(end - p);
        gsize next = left >= 6 ? (gsize)4 + ((gsize)p[4] << 8 | p[5]) : left;
        if (next >= 6 && next < left && p[3] >= 0xC0 && p[next] == 0xFF)
            return TRUE;
        p++;
    }
    return FALSE;
}

/* The first file type box of a sane size says what the rest is. */
static guint32
ftyp_bits(const guint8 *bytes, gsize n)
{
    const guint8 *end = bytes + n;
    const guint8 *p = bytes;
    while ((p = memmem(p, (gsize)(end - p), "ftyp", 4)) != NULL) {
        const guint8 *box = p - 4;
        if (p - bytes >= 4 && end - p >= 8 && box[0] == 0 && box[1] == 0 && box[2] < 16) {
            const SpSniffed *kind = sp_sniff(box, (gsize)(end - box));
            return kind && kind->format != SP_FORMAT_NEVER ? SP_CATEGORY_SECOND_PICTURE
                                                           : SP_CATEGORY_VIDEO;
        }
        p++;
    }
    return 0;
}

guint32
sp_jpeg_trailing_bits(const guint8 *bytes, gsize n)
{
    return SP_CATEGORY_TRAILING | (has_jpeg(bytes, n) ? SP_CATEGORY_SECOND_PICTURE : 0) |
           ftyp_bits(bytes, n);
}

gboolean
sp_jpeg_is_profile(const guint8 *payload, gsize n)
{
    return n >= sizeof profile_name && memcmp(payload, profile_name, sizeof profile_name) == 0;
}

void
sp_jpeg_profile_add(SpJpegProfile *profile, const guint8 *payload, gsize n)
{
    if (n < SP_JPEG_PROFILE_HEAD) {
        profile->broken = TRUE;
        return;
    }
    guint number = payload[12];
    guint count = payload[13];
    if (number < 1 || number > count || (profile->count != 0 && profile->count != count) ||
        profile->chunks[number - 1].bytes != NULL) {
        profile->broken = TRUE;
        return;
    }
    profile->count = count;
    profile->chunks[number - 1] =
        (SpSlice){payload + SP_JPEG_PROFILE_HEAD, n - SP_JPEG_PROFILE_HEAD};
}

GBytes *
sp_jpeg_profile_join(const SpJpegProfile *profile)
{
    gsize size = 0;
    for (guint i = 0; i < profile->count; i++) {
        if (profile->chunks[i].bytes == NULL)
            return NULL;
        size += profile->chunks[i].n;
    }
    guint8 *joined = profile->broken || size == 0 ? NULL : g_try_malloc(size);
    if (joined == NULL)
        return NULL;
    guint8 *to = joined;
    for (guint i = 0; i < profile->count; i++)
        to = mempcpy(to, profile->chunks[i].bytes, profile->chunks[i].n);
    return g_bytes_new_take(joined, size);
}
