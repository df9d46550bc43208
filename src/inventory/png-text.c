/* SPDX-License-Identifier: MIT */
/* png-text.c -- what PNG's tEXt, zTXt and iTXt chunks reveal, and what is packed into them.
 *
 * PNG specification (third edition), 11.3.3: a keyword of 1 to 79 bytes and a NUL; then text,
 * or a method and a zlib stream, or iTXt's flags, language and translated keyword before
 * either. ImageMagick and exiftool write whole blocks in hex under "Raw profile type ...".
 *
 * Bounds: MAX_TEXT bytes of inflated text are kept, and all texts of a file share the file's
 * allowance, so a bomb costs no more than a text. A further keyword is a line in keywords[];
 * one that nobody knows is a comment, as is the text under it. */
#include <string.h>
#include <zlib.h>

#include "container/tiff.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_TEXT ((gsize)1024 * 1024)
#define MAX_KEYWORD 79
#define MAX_PROFILE_HEAD 64 /* bytes of name and length in front of a profile in hex */
#define MAX_HARMLESS 64     /* bytes of a text that is a number or a size */

static const struct {
    const char *keyword; /* any case; ending in '*': the start of one */
    guint32 bits;
} keywords[] = {
    {"Title", SP_CATEGORY_COMMENT},
    {"Description", SP_CATEGORY_COMMENT},
    {"Comment", SP_CATEGORY_COMMENT},
    {"Warning", SP_CATEGORY_COMMENT},
    {"Collection", SP_CATEGORY_COMMENT},
    {"Author", SP_CATEGORY_PERSON},
    {"Artist", SP_CATEGORY_PERSON},
    {"Copyright", SP_CATEGORY_PERSON},
    {"Source", SP_CATEGORY_DEVICE}, /* PNG: the device used to create the image */
    {"Make", SP_CATEGORY_DEVICE},
    {"Model", SP_CATEGORY_DEVICE},
    {"Disclaimer", SP_CATEGORY_PERSON},
    {"Program", SP_CATEGORY_SOFTWARE},
    {"Application", SP_CATEGORY_SOFTWARE},
    {"Software", SP_CATEGORY_SOFTWARE},
    {"Creator", SP_CATEGORY_SOFTWARE},
    {"Producer", SP_CATEGORY_SOFTWARE},
    {"Creation Time", SP_CATEGORY_TIME},
    {"CreationTime", SP_CATEGORY_TIME},
    {"create-date", SP_CATEGORY_TIME},
    {"modify-date", SP_CATEGORY_TIME},
    {"date:*", SP_CATEGORY_TIME}, /* ImageMagick's three */
    {"TimeStamp", SP_CATEGORY_TIME},
    {"png:tIME", SP_CATEGORY_TIME},
    {"xapMM:*", SP_CATEGORY_SERIAL},
    {"xap:CreateDate", SP_CATEGORY_TIME},
    {"xap:ModifyDate", SP_CATEGORY_TIME},
    {"xap:MetadataDate", SP_CATEGORY_TIME},
    {"xap:CreatorTool", SP_CATEGORY_SOFTWARE},
    {"stRef:*", SP_CATEGORY_SERIAL},
    {"parameters", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE}, /* of image generators */
    {"prompt", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE},
    {"workflow", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE},
    {"sd-metadata", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE},
    {"invokeai_*", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE},
    {"mxfile", SP_CATEGORY_COMMENT | SP_CATEGORY_SOFTWARE},
    {"Thumb::MTime", SP_CATEGORY_TIME}, /* freedesktop.org's thumbnails */
    {"Thumb::URI", SP_CATEGORY_COMMENT},
    {"Thumb::*", 0},
    {"gpslatitude*", SP_CATEGORY_LOCATION},
    {"exif:GPSInfo", 0},
    {"exif:GPS*", SP_CATEGORY_LOCATION},
    {"exif:DateTime*", SP_CATEGORY_TIME},
    {"exif:SubSec*", SP_CATEGORY_TIME},
    {"exif:OffsetTime*", SP_CATEGORY_TIME},
    {"exif:Software", SP_CATEGORY_SOFTWARE},
    {"exif:BodySerialNumber", SP_CATEGORY_SERIAL},
    {"exif:LensSerialNumber", SP_CATEGORY_SERIAL},
    {"exif:ImageUniqueID", SP_CATEGORY_SERIAL},
    {"exif:Artist", SP_CATEGORY_PERSON},
    {"exif:Copyright", SP_CATEGORY_PERSON},
    {"exif:CameraOwnerName", SP_CATEGORY_PERSON},
    {"exif:ImageDescription", SP_CATEGORY_COMMENT},
    {"exif:UserComment", SP_CATEGORY_COMMENT},
    {"exif:thumbnail:*", SP_CATEGORY_THUMBNAIL},
    {"exif:ExifOffset", 0},
    {"exif:ExifVersion", 0},
    {"exif:FlashpixVersion", 0},
    {"exif:ColorSpace", 0},
    {"exif:PixelXDimension", 0},
    {"exif:PixelYDimension", 0},
    {"exif:ComponentsConfiguration", 0},
    {"exif:Orientation", 0},
    {"exif:ResolutionUnit", 0},
    {"exif:XResolution", 0},
    {"exif:YResolution", 0},
    {"exif:YCbCrPositioning", 0},
    {"exif:*", SP_CATEGORY_DEVICE},
    {"tiff:software", SP_CATEGORY_SOFTWARE},
    {"tiff:timestamp", SP_CATEGORY_TIME},
    {"tiff:artist", SP_CATEGORY_PERSON},
    {"tiff:copyright", SP_CATEGORY_PERSON},
    {"tiff:make", SP_CATEGORY_DEVICE},
    {"tiff:model", SP_CATEGORY_DEVICE},
    {"tiff:document", SP_CATEGORY_COMMENT},
    {"icc:*", SP_CATEGORY_PROFILE},
};

/* What "Raw profile type" may be of. */
static const struct {
    const char *type;
    SpCarrier carrier;
} profiles[] = {
    {"exif", SP_CARRIER_EXIF}, {"APP1", SP_CARRIER_EXIF},      {"xmp", SP_CARRIER_XMP},
    {"iptc", SP_CARRIER_IPTC}, {"8bim", SP_CARRIER_PHOTOSHOP}, {"icc", SP_CARRIER_ICC},
    {"icm", SP_CARRIER_ICC},
};

static gboolean
starts_with(SpSlice text, const char *start, gsize n)
{
    return text.n >= n && memcmp(text.bytes, start, n) == 0;
}

/* ---- inflating -----------------------------------------------------------------------------
 */

/* The first MAX_TEXT bytes of a zlib stream, or fewer where the file's allowance ends; a broken
 * stream gives what came before the fault. There is something unknown when that is not all, or
 * bytes stand behind the stream. New, owned by the caller; NULL when there is none:
 * *ret_empty, because a whole stream holds nothing. */
static guint8 *
inflate_text(SpSlice packed, SpFinder *finder, gsize *ret_n, gboolean *ret_empty)
{
    packed.n = MIN(packed.n, G_MAXINT32);
    gsize room = sp_find_allowance(finder, MAX_TEXT);
    g_autofree guint8 *text = room > 0 ? g_try_malloc(room) : NULL;
    z_stream stream = {
        .next_in = (Bytef *)packed.bytes,
        .avail_in = (uInt)packed.n,
        .next_out = text,
        .avail_out = (uInt)room,
    };
    if (text == NULL || inflateInit(&stream) != Z_OK)
        return NULL;
    gboolean whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    if (!whole || !sp_text_ends_blank(packed, packed.n - stream.avail_in))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    *ret_n = room - stream.avail_out;
    *ret_empty = whole && *ret_n == 0;
    (void)inflateEnd(&stream);
    sp_find_give_back(finder, room - *ret_n);
    return *ret_n > 0 ? g_steal_pointer(&text) : NULL;
}

/* ---- raw profiles --------------------------------------------------------------------------
 */

/* The bytes behind "\nexif\n      123\n", two hex digits each. New, owned by the caller.
 * *ret_pure: there is nothing else but blanks between them. */
static guint8 *
unhex(SpSlice text, gsize *ret_n, gboolean *ret_pure)
{
    gsize at = 0;
    for (guint lines = 0; at < text.n && lines < 3; at++)
        lines += text.bytes[at] == '\n';
    guint8 *bytes = g_try_malloc((text.n - at) / 2 + 1);
    gsize n = 0;
    gint high = -1;
    *ret_pure = at <= MAX_PROFILE_HEAD;
    for (; bytes != NULL && at < text.n; at++) {
        gint digit = g_ascii_xdigit_value((gchar)text.bytes[at]);
        if (digit < 0) {
            *ret_pure = *ret_pure && sp_text_is_blank((SpSlice){text.bytes + at, 1});
            continue;
        }
        if (high >= 0)
            bytes[n++] = (guint8)(high << 4 | digit);
        high = high >= 0 ? -1 : digit;
    }
    *ret_n = n;
    return bytes;
}

/* Whatever the type says, the bytes may say better: a whole APP1, IPTC within Photoshop's. */
static void
tell_profile(SpFinder *finder, SpCarrier carrier, SpSlice bytes)
{
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/";
    static const char irb[] = "Photoshop 3.0";

    if (starts_with(bytes, "Exif\0", 6)) {
        carrier = SP_CARRIER_EXIF;
        bytes = sp_slice_behind(bytes, 6);
    } else if (starts_with(bytes, xmp, sizeof xmp)) {
        carrier = SP_CARRIER_XMP;
        bytes = sp_slice_behind(bytes, sizeof xmp);
    } else if (starts_with(bytes, irb, sizeof irb)) {
        carrier = SP_CARRIER_PHOTOSHOP;
        bytes = sp_slice_behind(bytes, sizeof irb);
    } else if (starts_with(bytes, "8BIM", 4)) {
        carrier = SP_CARRIER_PHOTOSHOP;
    }
    sp_find_part(finder, carrier, sp_find_kind(finder), bytes);
}

static void
read_profile(SpFinder *finder, const char *type, SpSlice text)
{
    gsize n = 0;
    SpCarrier carrier = SP_CARRIER_UNKNOWN;

    gboolean is_whole = sp_text_ends_blank(text, 2 * MAX_TEXT);
    text.n = MIN(text.n, 2 * MAX_TEXT);
    gboolean is_hex = TRUE;
    g_autofree guint8 *bytes = unhex(text, &n, &is_hex);
    if (!is_whole || !is_hex)
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    for (gsize i = 0; i < G_N_ELEMENTS(profiles); i++) {
        if (strcmp(profiles[i].type, type) == 0)
            carrier = profiles[i].carrier;
    }
    if (bytes != NULL && n > 0)
        tell_profile(finder, carrier, (SpSlice){bytes, n});
}

/* ---- keywords ------------------------------------------------------------------------------
 */

/* *ret_known, unless NULL: somebody knows it. */
static guint32
keyword_bits(const char *keyword, gboolean *ret_known)
{
    if (ret_known != NULL)
        *ret_known = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
        const char *known = keywords[i].keyword;
        gsize n = strlen(known);
        gboolean is_start = known[n - 1] == '*';
        if (is_start ? g_ascii_strncasecmp(known, keyword, n - 1) == 0
                     : g_ascii_strcasecmp(known, keyword) == 0)
            return keywords[i].bits;
    }
    if (ret_known != NULL)
        *ret_known = FALSE;
    return SP_CATEGORY_COMMENT;
}

static gboolean
is_exif(const char *keyword)
{
    return g_ascii_strncasecmp(keyword, "exif:", 5) == 0;
}

/* What is harmless in EXIF is numbers, however ImageMagick writes them: "48, 50, 51, 48". */
static gboolean
has_letters(SpSlice text)
{
    for (gsize i = 0; i < text.n; i++) {
        if (g_ascii_isalpha((gchar)text.bytes[i]) || text.bytes[i] >= 0x80)
            return TRUE;
    }
    return FALSE;
}

static void
tell_text(SpFinder *finder, const char *keyword, SpSlice text)
{
    static const char raw[] = "Raw profile type ";

    if (strcmp(keyword, "XML:com.adobe.xmp") == 0) {
        sp_find_part(finder, SP_CARRIER_XMP, sp_find_kind(finder), text);
        return;
    }
    if (strncmp(keyword, raw, sizeof raw - 1) == 0) {
        read_profile(finder, keyword + sizeof raw - 1, text);
        return;
    }
    gboolean known = FALSE;
    guint32 bits = keyword_bits(keyword, &known);
    text = sp_text_trim(text);
    if (!known && text.n == 0) /* then the keyword is the text */
        text = sp_text_trim((SpSlice){(const guint8 *)keyword, strlen(keyword)});
    if (bits == 0 && (text.n > MAX_HARMLESS || (is_exif(keyword) && has_letters(text))))
        bits = SP_CATEGORY_UNKNOWN;
    if (bits != 0 && text.n > 0 && !(bits == SP_CATEGORY_TIME && sp_text_is_no_date(text)))
        sp_find_value(finder, bits, keyword, text);
}

/* ---- the chunks ----------------------------------------------------------------------------
 */

/* "en", "zh-Hant-TW", "x-default": what RFC 5646 has for people's languages. */
static gboolean
is_language(SpSlice tag)
{
    gsize n_primary = 0;
    while (n_primary < tag.n && g_ascii_isalpha((char)tag.bytes[n_primary]))
        n_primary++;
    for (gsize i = 0; i < tag.n; i++) {
        if (!g_ascii_isalnum((char)tag.bytes[i]) && tag.bytes[i] != '-')
            return FALSE;
    }
    return sp_text_equals(tag, "x-default") ||
           (tag.n <= 11 && n_primary >= 2 && n_primary <= 3 &&
            (n_primary == tag.n || tag.bytes[n_primary] == '-'));
}

/* iTXt behind its keyword: compressed or not, method, language and NUL, translated keyword and
 * NUL; both may say anything. FALSE when it is cut before its text. */
static gboolean
read_international(SpFinder *finder, SpSlice *text, gboolean *ret_packed)
{
    if (text->n < 2)
        return FALSE;
    *ret_packed = text->bytes[0] != 0;
    *text = sp_slice_behind(*text, 2);
    for (guint i = 0; i < 2; i++) {
        const guint8 *nul = text->n > 0 ? memchr(text->bytes, 0, text->n) : NULL;
        if (nul == NULL)
            return FALSE;
        SpSlice field = {text->bytes, (gsize)(nul - text->bytes)};
        *text = sp_slice_behind(*text, field.n + 1);
        field = sp_text_trim(field);
        if (field.n > 0 && (i > 0 || !is_language(field)))
            sp_find_value(finder, SP_CATEGORY_COMMENT, i > 0 ? "TranslatedKeyword" : "Language",
                          field);
    }
    return TRUE;
}

void
sp_read_text(SpSlice content, SpFinder *finder)
{
    guint32 kind = sp_find_kind(finder);
    const guint8 *nul =
        content.n > 0 ? memchr(content.bytes, 0, MIN(content.n, MAX_KEYWORD + 1)) : NULL;
    gboolean is_packed = kind == SP_FOURCC('z', 'T', 'X', 't');

    if (nul == NULL) {
        if (!sp_text_is_blank(content))
            sp_find(finder, SP_CATEGORY_COMMENT | SP_CATEGORY_UNKNOWN);
        return;
    }
    gsize n_keyword = (gsize)(nul - content.bytes);
    g_autofree char *keyword = g_strndup((const char *)content.bytes, n_keyword);
    SpSlice text = sp_slice_behind(content, n_keyword + 1);
    if (kind == SP_FOURCC('i', 'T', 'X', 't')) {
        SpSlice cut = text;
        if (!read_international(finder, &text, &is_packed)) {
            if (!sp_text_is_blank(cut))
                sp_find(finder, SP_CATEGORY_COMMENT | SP_CATEGORY_UNKNOWN);
            tell_text(finder, keyword, (SpSlice){text.bytes, 0});
            return;
        }
    } else if (is_packed) {
        text = sp_slice_behind(text, MIN(text.n, 1));
    }
    if (!is_packed) {
        tell_text(finder, keyword, text);
        return;
    }
    gsize n = 0;
    gboolean is_empty = FALSE;
    g_autofree guint8 *inflated = inflate_text(text, finder, &n, &is_empty);
    if (inflated != NULL)
        tell_text(finder, keyword, (SpSlice){inflated, n});
    else if (text.n > 0 && !is_empty)
        sp_find(finder, keyword_bits(keyword, NULL) | SP_CATEGORY_UNKNOWN);
    else
        tell_text(finder, keyword, (SpSlice){text.bytes, 0});
}

/* PNG specification, 11.3.4.1: year, month, day, hour, minute, second in seven bytes. Times in
 * a HEIF's properties are as long as their box. */
void
sp_read_time(SpSlice content, SpFinder *finder)
{
    gboolean png = sp_find_kind(finder) == SP_FOURCC('t', 'I', 'M', 'E');
    SpSlice date = {content.bytes, png ? MIN(content.n, 7) : content.n};
    if (!sp_slice_is_blank(date))
        sp_find(finder, SP_CATEGORY_TIME);
    if (!sp_slice_is_blank(sp_slice_behind(content, date.n)))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
}
