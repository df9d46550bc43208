/* SPDX-License-Identifier: MIT */
/* jpeg-meta.c -- what the parts of a JPEG that are no picture are.
 *
 * Names segments for the inventory, and puts the chunks of an ICC profile together. Nothing
 * here fails an upload: what is broken is "unknown", or no profile. It never looks into a block
 * to see what it says; that is the inventory's matter.
 *
 * A further kind of segment is a line in forms[]; the first line that matches wins. The names
 * of makers' blocks are those that exiftool's JPEG.pm knows. */
#include "container/jpeg-meta.h"

#include <string.h>

#include "container/tiff.h"

/* A chunk's data is at most 65 533 bytes less its head, so the number of chunks alone bounds
 * what a profile can make us allocate. */
G_STATIC_ASSERT(SP_JPEG_PROFILE_CHUNKS *(65533 - SP_JPEG_PROFILE_HEAD) <= 16 * 1024 * 1024);

static const char profile_name[] = "ICC_PROFILE";

/* ---- forms ---------------------------------------------------------------------------------
 */

typedef struct {
    guint marker;
    SpCarrier carrier;
    const char *name; /* stands at `at` in the payload; "" is anything */
    gsize n_name, at;
    gsize skip; /* bytes before the content */
    gsize most; /* bytes of a payload of this form; 0 is any number */
    gboolean (*fits)(const guint8 *payload, gsize n); /* what else is asked of it; or NULL */
} Form;

static gboolean
contains(const guint8 *payload, gsize n, const char *text)
{
    return memmem(payload, n, text, strlen(text)) != NULL;
}

/* JFIF 1.02: 14 bytes, of which the last two are the sides of an RGB thumbnail that follows. */
static gboolean
has_jfif_thumbnail(const guint8 *payload, gsize n)
{
    return n > 14 && payload[12] != 0 && payload[13] != 0;
}

static gboolean
has_jfif_head(const guint8 *payload G_GNUC_UNUSED, gsize n)
{
    return n >= 14;
}

static gboolean
has_adobe_head(const guint8 *payload G_GNUC_UNUSED, gsize n)
{
    return n >= 12;
}

/* The last byte of 12 is the transform. */
static gboolean
is_plain_adobe(const guint8 *payload, gsize n)
{
    return n == 12 && payload[11] <= 2;
}

/* SPIFF, ISO/IEC 10918-3 annex F: numbers about the picture, in 30 bytes or, as some write it,
 * 32. Of version 1, profile to 4, colour space to 15, coding to 8 and unit to 2. */
static gboolean
is_plain_spiff(const guint8 *payload, gsize n)
{
    return (n == 30 || n == 32) && payload[6] == 1 && payload[8] <= 4 && payload[18] <= 15 &&
           payload[20] <= 8 && payload[21] <= 2;
}

/* XMP under another name than its own. */
static gboolean
looks_like_xmp(const guint8 *payload, gsize n)
{
    return contains(payload, n, "<?xpacket") || contains(payload, n, "<x:xmpmeta") ||
           contains(payload, n, "<exif:");
}

static gboolean
is_plain_text(const guint8 *payload, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!g_ascii_isprint((char)payload[i]) && !g_ascii_isspace((char)payload[i]))
            return FALSE;
    }
    return n > 0;
}

/* Cameras of the nineties wrote lines of text. */
static gboolean
is_picture_info(const guint8 *payload, gsize n)
{
    return contains(payload, n, "[picture info]") || contains(payload, n, "Type=");
}

/* GraphicConverter's quality: "Q 70". */
static gboolean
is_quality(const guint8 *payload, gsize n)
{
    gsize at = 1;
    while (at < n && g_ascii_isspace((char)payload[at]))
        at++;
    return at < n && g_ascii_isdigit((char)payload[at]);
}

#define NAME(text) (text), sizeof(text) - 1
#define WHOLE(marker, carrier, text)                                                           \
    {                                                                                          \
        (marker), SP_CARRIER_##carrier, NAME(text)                                             \
    }
#define BEHIND(marker, carrier, text)                                                          \
    {                                                                                          \
        (marker), SP_CARRIER_##carrier, NAME(text), 0, sizeof(text) - 1                        \
    }
#define SKIP(marker, carrier, text, skip)                                                      \
    {                                                                                          \
        (marker), SP_CARRIER_##carrier, NAME(text), 0, (skip)                                  \
    }
#define FIT(marker, carrier, text, skip, fits)                                                 \
    {                                                                                          \
        (marker), SP_CARRIER_##carrier, NAME(text), 0, (skip), 0, (fits)                       \
    }

static const Form forms[] = {
    {0xE0, SP_CARRIER_PICTURE, NAME("JFIF\0"), 0, 0, 14, has_jfif_head},
    FIT(0xE0, JFIF_THUMBNAIL, "JFIF\0", 14, has_jfif_thumbnail),
    FIT(0xE0, UNKNOWN, "JFIF\0", 14, has_jfif_head),
    BEHIND(0xE0, JFIF_THUMBNAIL, "JFXX\0"),
    {0xE0, SP_CARRIER_MAKER, NAME("HEAPJPGM"), 6}, /* Canon's CIFF */
    WHOLE(0xE0, PROGRAM, "AVI1"),                  /* a frame of Motion JPEG */
    WHOLE(0xE0, PROGRAM, "Ocad"),                  /* Photobucket */
    /* name, GUID, length of the whole, offset: XMP part 3, 1.1.3.1 */
    SKIP(0xE1, XMP_EXTENDED, "http://ns.adobe.com/xmp/extension/\0", 35 + 32 + 4 + 4),
    BEHIND(0xE1, XMP, "http://ns.adobe.com/xap/1.0/\0"),
    WHOLE(0xE1, XMP, "http"),
    BEHIND(0xE1, XMP, "XMP\0"),
    WHOLE(0xE1, MAKER, "QVCI\0"), /* Casio */
    WHOLE(0xE1, THERMAL, "FLIR\0"),
    WHOLE(0xE1, THERMAL, "PARROT\0"),
    FIT(0xE1, XMP, "", 0, looks_like_xmp),
    SKIP(0xE2, ICC, "ICC_PROFILE\0", SP_JPEG_PROFILE_HEAD),
    BEHIND(0xE2, MULTI_PICTURE, "MPF\0"),
    /* ISO 21496-1: how to apply the gain map that MPF points to */
    BEHIND(0xE2, GAIN_MAP, "urn:iso:std:iso:ts:21496:-1\0"),
    BEHIND(0xE2, FLASHPIX, "FPXR\0"),
    {0xE2, SP_CARRIER_THERMAL, NAME("IJPEG\0"), 4}, /* InfiRay */
    WHOLE(0xE2, THUMBNAIL, "\xff\xd8\xff"),         /* previews of Samsung, GE, GoPro */
    SKIP(0xE2, THUMBNAIL, "QVGA\0\xff\xd8\xff", 5),
    SKIP(0xE2, THUMBNAIL, "BGTH\xff\xd8\xff", 4),
    WHOLE(0xE3, MAKER, "Meta\0\0"), /* Kodak */
    WHOLE(0xE3, MAKER, "META\0\0"),
    WHOLE(0xE3, MAKER, "Exif\0\0"),
    WHOLE(0xE3, MAKER, "Stim\0"), /* stereo cameras */
    WHOLE(0xE3, MAKER, "_JPSJPS_"),
    WHOLE(0xE3, THUMBNAIL, "\xff\xd8\xff"),
    WHOLE(0xE4, PROGRAM, "SCALADO\0"),
    BEHIND(0xE4, FLASHPIX, "FPXR\0"),
    WHOLE(0xE4, THERMAL, "\xaa\x55\x12\x06"),   /* DJI */
    WHOLE(0xE4, MAKER, "QTI Debug Metadata\0"), /* Qualcomm */
    WHOLE(0xE5, MAKER, "RMETA\0"),              /* Ricoh */
    WHOLE(0xE5, MAKER, "ssuniqueid\0"),         /* Samsung */
    WHOLE(0xE6, MAKER, "EPPIM\0"),              /* Toshiba */
    WHOLE(0xE6, PROGRAM, "NITF\0"),
    WHOLE(0xE6, PROGRAM, "NTIF\0"),
    WHOLE(0xE6, MAKER, "TDHD\x01\0\0\0"), /* HP */
    BEHIND(0xE6, GOPRO, "GoPro\0"),
    WHOLE(0xE6, DRONE, "DTAT\0\0"),  /* DJI */
    WHOLE(0xE6, MAKER, "MMIMETA\0"), /* Motorola */
    WHOLE(0xE7, MAKER, "PENTAX \0"),
    WHOLE(0xE7, MAKER, "HUAWEI\0\0"),
    WHOLE(0xE7, MAKER, "\x1aQualcomm Camera Attributes"),
    WHOLE(0xE7, DRONE, "DJI-DBG\0"),
    FIT(0xE8, PICTURE, "SPIFF\0", 0, is_plain_spiff),
    WHOLE(0xE9, PROGRAM, "Media Jukebox\0"),
    BEHIND(0xEA, COMMENT, "UNICODE\0"), /* PhotoStudio */
    FIT(0xEA, COMMENT, "", 0, is_plain_text),
    /* name, instance, number of the packet: ISO/IEC 19566-5, annex D */
    SKIP(0xEB, PROVENANCE, "JP", 2 + 2 + 4),
    WHOLE(0xEB, GAIN_MAP, "HDR_RI "), /* JPEG-HDR: a map of ratios */
    BEHIND(0xEC, DUCKY, "Ducky"),
    FIT(0xEC, MAKER, "", 0, is_picture_info),
    BEHIND(0xED, PHOTOSHOP, "Photoshop 3.0\0"),
    BEHIND(0xED, PHOTOSHOP, "Adobe_Photoshop2.5:"),
    WHOLE(0xED, PROGRAM, "Adobe_CM"),
    WHOLE(0xED, IPTC, "\x1c\x01"), /* bare datasets */
    WHOLE(0xED, IPTC, "\x1c\x02"),
    FIT(0xEE, PICTURE, "Adobe", 0, is_plain_adobe),
    FIT(0xEE, UNKNOWN, "Adobe", 12, has_adobe_head),
    WHOLE(0xEF, MAKER, "TEXT\0"), /* Casio, Fujifilm */
    FIT(0xEF, PROGRAM, "Q", 0, is_quality),
    WHOLE(0xFE, COMMENT, ""),
};

static gboolean
fits(const Form *form, guint marker, const guint8 *payload, gsize n)
{
    return marker == form->marker && n >= form->at && n - form->at >= form->n_name &&
           memcmp(payload + form->at, form->name, form->n_name) == 0 &&
           (form->most == 0 || n <= form->most) &&
           (form->fits == NULL || form->fits(payload, n));
}

/* "Exif", NUL, and a second NUL that some leave out or write as another byte; exiftool has also
 * seen up to four bytes in front, and other letters' case. */
static gboolean
find_exif(SpSlice payload, SpSlice *ret_content)
{
    for (gsize at = 0; at <= 4 && at + 5 <= payload.n; at++) {
        if (g_ascii_strncasecmp((const char *)payload.bytes + at, "Exif", 5) != 0)
            continue;
        SpSlice content = sp_slice_behind(payload, at + 5);
        *ret_content = sp_tiff_begins(content) ? content : sp_slice_behind(content, 1);
        return TRUE;
    }
    return FALSE;
}

SpCarrier
sp_jpeg_meta_carrier(guint marker, const guint8 *payload, gsize n, SpSlice *ret_content)
{
    SpSlice whole = {payload, n};

    if (marker == 0xE1 && find_exif(whole, ret_content))
        return SP_CARRIER_EXIF;
    *ret_content = whole;
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        const Form *form = &forms[i];
        if (!fits(form, marker, payload, n))
            continue;
        *ret_content = sp_slice_behind(whole, form->skip);
        const guint8 *block =
            form->carrier == SP_CARRIER_PHOTOSHOP
                ? memmem(ret_content->bytes, MIN(ret_content->n, 32), "8BIM", 4)
                : NULL;
        if (block != NULL) /* old ones have a version before it */
            *ret_content = sp_slice_behind(whole, (gsize)(block - payload));
        return form->carrier;
    }
    return SP_CARRIER_UNKNOWN;
}

/* ---- profiles ------------------------------------------------------------------------------
 */

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
