/* SPDX-License-Identifier: MIT */
/* movie.c -- what a video or a track of pictures says beside its pictures.
 *
 * Boxes of ISO/IEC 14496-12 (times, user data), Apple's QuickTime File Format (user data texts,
 * metadata keys), 3GPP TS 26.244 (loci and its like) and those that makers put beside them. The
 * content may be a file, or any box's inside: what a box is, its name says. No sample is read.
 *
 * Bounds: MAX_BOXES boxes, MAX_DEPTH deep; MAX_KEYS keys, MAX_KEY bytes of each. A further box
 * or key is a line in a table. */
#include <string.h>

#include "base/bytes.h"
#include "container/heif-boxes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_BOXES 4096
#define MAX_DEPTH 8
#define MAX_KEYS 64
#define MAX_KEY 128 /* bytes of its name: thousands of values may have the same key */

#define BOX(text)                                                                              \
    SP_FOURCC((guint8)(text)[0], (guint8)(text)[1], (guint8)(text)[2], (guint8)(text)[3])

typedef struct {
    SpFinder *finder; /* borrowed */
    guint boxes;
    guint n_keys;
    SpSlice keys[MAX_KEYS]; /* borrowed from the content; key 1 first */
} Movie;

/* User data: boxes whose content is a text, or some bytes that say it by being there. */
static const struct {
    char box[5];
    guint32 bits;
    gboolean is_binary; /* no text: counts unless it is all zero */
    const char *name;
} texts[] = {
    {"\xa9xyz", SP_CATEGORY_LOCATION, FALSE, "GPSCoordinates"},
    {"@xyz", SP_CATEGORY_LOCATION, FALSE, "GPSCoordinates"},
    {"loci", SP_CATEGORY_LOCATION, FALSE, "LocationInformation"},
    {"gps ", SP_CATEGORY_LOCATION, TRUE, "GPSDataList"},
    {"\xa9mak", SP_CATEGORY_DEVICE, FALSE, "Make"},
    {"@mak", SP_CATEGORY_DEVICE, FALSE, "Make"},
    {"manu", SP_CATEGORY_DEVICE, FALSE, "Make"},
    {"\xa9mod", SP_CATEGORY_DEVICE, FALSE, "Model"},
    {"@mod", SP_CATEGORY_DEVICE, FALSE, "Model"},
    {"modl", SP_CATEGORY_DEVICE, FALSE, "Model"},
    {"smta", SP_CATEGORY_DEVICE, TRUE, "SamsungMeta"},
    {"smrd", SP_CATEGORY_DEVICE, TRUE, "SamsungRecording"},
    {"FIRM", SP_CATEGORY_DEVICE, FALSE, "FirmwareVersion"},
    {"GPMF", SP_CATEGORY_DEVICE | SP_CATEGORY_SERIAL | SP_CATEGORY_LOCATION, TRUE, "GoProGPMF"},
    {"CAME", SP_CATEGORY_SERIAL, TRUE, "SerialNumberHash"},
    {"LENS", SP_CATEGORY_SERIAL, TRUE, "LensSerialNumber"},
    {"MUID", SP_CATEGORY_SERIAL, TRUE, "MediaUID"},
    {"SNum", SP_CATEGORY_SERIAL, FALSE, "SerialNumber"},
    {"\xa9swr", SP_CATEGORY_SOFTWARE, FALSE, "SoftwareVersion"},
    {"@swr", SP_CATEGORY_SOFTWARE, FALSE, "SoftwareVersion"},
    {"\xa9too", SP_CATEGORY_SOFTWARE, FALSE, "Encoder"},
    {"\xa9"
     "enc",
     SP_CATEGORY_SOFTWARE, FALSE, "EncodedBy"},
    {"\xa9"
     "day",
     SP_CATEGORY_TIME, FALSE, "ContentCreateDate"},
    {"@day", SP_CATEGORY_TIME, FALSE, "ContentCreateDate"},
    {"yrrc", SP_CATEGORY_TIME, FALSE, "Year"},
    {"\xa9"
     "aut",
     SP_CATEGORY_PERSON, FALSE, "Author"},
    {"\xa9"
     "ART",
     SP_CATEGORY_PERSON, FALSE, "Artist"},
    {"\xa9"
     "cpy",
     SP_CATEGORY_PERSON, FALSE, "Copyright"},
    {"auth", SP_CATEGORY_PERSON, FALSE, "Author"},
    {"cprt", SP_CATEGORY_PERSON, FALSE, "Copyright"},
    {"perf", SP_CATEGORY_PERSON, FALSE, "Performer"},
    {"\xa9nam", SP_CATEGORY_COMMENT, FALSE, "Title"},
    {"\xa9"
     "cmt",
     SP_CATEGORY_COMMENT, FALSE, "Comment"},
    {"\xa9"
     "des",
     SP_CATEGORY_COMMENT, FALSE, "Description"},
    {"\xa9inf", SP_CATEGORY_COMMENT, FALSE, "Information"},
    {"titl", SP_CATEGORY_COMMENT, FALSE, "Title"},
    {"dscp", SP_CATEGORY_COMMENT, FALSE, "Description"},
};

/* Metadata keys, by a part of their names; the first that fits wins. */
static const struct {
    const char *part;
    guint32 bits;
} key_parts[] = {
    {"location.date", SP_CATEGORY_TIME},
    {"location", SP_CATEGORY_LOCATION},
    {"content.identifier", SP_CATEGORY_SERIAL},
    {"serial", SP_CATEGORY_SERIAL},
    {"uuid", SP_CATEGORY_SERIAL},
    {"creationdate", SP_CATEGORY_TIME},
    {"year", SP_CATEGORY_TIME},
    {"make", SP_CATEGORY_DEVICE},
    {"manufacturer", SP_CATEGORY_DEVICE},
    {"model", SP_CATEGORY_DEVICE},
    {"camera", SP_CATEGORY_DEVICE},
    {"capture", SP_CATEGORY_DEVICE},
    {"lens", SP_CATEGORY_DEVICE},
    {"software", SP_CATEGORY_SOFTWARE},
    {"version", SP_CATEGORY_SOFTWARE},
    {"encoder", SP_CATEGORY_SOFTWARE},
    {"author", SP_CATEGORY_PERSON},
    {"artist", SP_CATEGORY_PERSON},
    {"copyright", SP_CATEGORY_PERSON},
    {"creator", SP_CATEGORY_PERSON},
    {"director", SP_CATEGORY_PERSON},
    {"producer", SP_CATEGORY_PERSON},
    {"title", SP_CATEGORY_COMMENT},
    {"displayname", SP_CATEGORY_COMMENT},
    {"description", SP_CATEGORY_COMMENT},
    {"comment", SP_CATEGORY_COMMENT},
    {"keywords", SP_CATEGORY_COMMENT},
    {"information", SP_CATEGORY_COMMENT},
};

/* ---- one box -------------------------------------------------------------------------------
 */

/* mvhd, tkhd and mdhd open alike: version, flags, when created, when modified. */
static void
read_times(Movie *movie, SpSlice payload)
{
    gsize size = payload.n > 0 && payload.bytes[0] == 1 ? 16 : 8;
    SpSlice times = sp_slice_behind(payload, 4);

    times.n = MIN(times.n, size);
    if (!sp_heif_is_zero(times))
        sp_find(movie->finder, SP_CATEGORY_TIME);
}

/* The text of a user data box: of QuickTime's (length, language), of iTunes' (a data box), or
 * of 3GPP's (version, flags, language). */
static SpSlice
text_of(SpSlice payload)
{
    if (payload.n >= 16 && memcmp(payload.bytes + 4, "data", 4) == 0)
        return sp_slice_behind(payload, 16);
    if (payload.n >= 4 && sp_get16be(payload.bytes) == payload.n - 4)
        return sp_slice_behind(payload, 4);
    if (payload.n >= 6 && sp_get32be(payload.bytes) == 0)
        return sp_slice_behind(payload, 6);
    return payload;
}

static void
read_text(Movie *movie, guint32 name, SpSlice payload)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (BOX(texts[i].box) != name)
            continue;
        SpSlice text = texts[i].is_binary ? payload : sp_text_trim(text_of(payload));
        if (!sp_heif_is_zero(text))
            sp_find_value(movie->finder, texts[i].bits, texts[i].name, text);
        return;
    }
}

/* ---- keys and their values ----------------------------------------------------------------
 */

static void
read_keys(Movie *movie, SpSlice payload)
{
    SpSlice rest = sp_slice_behind(payload, 8); /* version and flags, and how many */
    movie->n_keys = 0;
    while (movie->n_keys < MAX_KEYS && rest.n >= 8) {
        gsize size = sp_get32be(rest.bytes);
        if (size < 8 || size > rest.n)
            return;
        movie->keys[movie->n_keys++] = (SpSlice){rest.bytes + 8, MIN(size - 8, MAX_KEY)};
        rest = sp_slice_behind(rest, size);
    }
}

static void
tell_key(Movie *movie, SpSlice key, SpSlice value)
{
    value = sp_text_trim(value);
    if (value.n == 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(key_parts); i++) {
        const char *part = key_parts[i].part;
        if (sp_text_find(key, part, strlen(part)) == NULL)
            continue;
        g_autofree char *name = g_strndup((const char *)key.bytes, key.n);
        sp_find_value(movie->finder, key_parts[i].bits, name, value);
        return;
    }
}

/* The list of values: a box each, named by a key's number or as user data is. */
static void
read_list(Movie *movie, SpSlice payload)
{
    SpHeifBox box = {0};
    while (movie->boxes < MAX_BOXES && sp_heif_next_box(&payload, &box)) {
        movie->boxes++;
        if (box.type >= 1 && box.type <= movie->n_keys)
            tell_key(movie, movie->keys[box.type - 1], text_of(box.payload));
        else
            read_text(movie, box.type, box.payload);
    }
}

/* ---- boxes within boxes --------------------------------------------------------------------
 */

/* A track of the samples that GoPro's and Google's cameras add: telemetry, with places. */
static void
read_sample_names(Movie *movie, SpSlice payload)
{
    if (sp_text_find(payload, "gpmd", 4) != NULL)
        sp_find(movie->finder, SP_CATEGORY_LOCATION | SP_CATEGORY_DEVICE | SP_CATEGORY_SERIAL);
    if (sp_text_find(payload, "camm", 4) != NULL)
        sp_find(movie->finder, SP_CATEGORY_LOCATION);
}

/* XMP's own box: XMP specification, part 3. */
static void
read_uuid(Movie *movie, SpSlice payload)
{
    static const guint8 xmp[16] = {0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8,
                                   0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};
    if (payload.n > sizeof xmp && memcmp(payload.bytes, xmp, sizeof xmp) == 0)
        sp_find_part(movie->finder, SP_CARRIER_XMP, BOX("uuid"),
                     sp_slice_behind(payload, sizeof xmp));
}

/* QuickTime's meta is a plain box, ISO's has version and flags in front. */
static SpSlice
inside_of(guint32 name, SpSlice payload)
{
    gboolean plain = payload.n >= 8 && memcmp(payload.bytes + 4, "hdlr", 4) == 0;
    return name == BOX("meta") && !plain ? sp_slice_behind(payload, 4) : payload;
}

static gboolean
is_container(guint32 name)
{
    static const char containers[][5] = {"moov", "trak", "mdia", "minf",
                                         "stbl", "udta", "meta"};
    for (gsize i = 0; i < G_N_ELEMENTS(containers); i++) {
        if (BOX(containers[i]) == name)
            return TRUE;
    }
    return FALSE;
}

static void read_boxes(Movie *movie, SpSlice rest, guint depth);

static void
read_box(Movie *movie, guint32 name, SpSlice payload, guint depth)
{
    if (is_container(name)) {
        if (depth < MAX_DEPTH)
            read_boxes(movie, inside_of(name, payload), depth + 1);
    } else if (name == BOX("mvhd") || name == BOX("tkhd") || name == BOX("mdhd")) {
        read_times(movie, payload);
    } else if (name == BOX("keys")) {
        read_keys(movie, payload);
    } else if (name == BOX("ilst")) {
        read_list(movie, payload);
    } else if (name == BOX("stsd")) {
        read_sample_names(movie, payload);
    } else if (name == BOX("uuid")) {
        read_uuid(movie, payload);
    } else {
        read_text(movie, name, payload);
    }
}

static void
read_boxes(Movie *movie, SpSlice rest, guint depth) /* NOLINT(misc-no-recursion): MAX_DEPTH */
{
    SpHeifBox box = {0};
    while (movie->boxes < MAX_BOXES && sp_heif_next_box(&rest, &box)) {
        movie->boxes++;
        read_box(movie, box.type, box.payload, depth);
    }
}

void
sp_read_movie(SpSlice content, SpFinder *finder)
{
    Movie movie = {.finder = finder};
    read_boxes(&movie, content, 0);
}
