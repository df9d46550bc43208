/* SPDX-License-Identifier: MIT */
/* place.c -- from a container's number for a part to what people find in its specification.
 *
 * A number without a name is shown as a number; four characters are shown as they are, but for
 * those that a terminal might take for orders. */
#include "pipeline/place.h"
#include <string.h>

typedef struct {
    guint32 kind;
    const char *word;
} Name;

/* ITU-T T.81, table B.1, but for those that are counted. */
static const Name markers[] = {
    {0xC4, "DHT"}, {0xC8, "JPG"}, {0xCC, "DAC"}, {0xD8, "SOI"}, {0xD9, "EOI"}, {0xDA, "SOS"},
    {0xDB, "DQT"}, {0xDC, "DNL"}, {0xDD, "DRI"}, {0xDE, "DHP"}, {0xDF, "EXP"}, {0xFE, "COM"},
};

/* GIF89a, sections 20 to 26. */
static const Name labels[] = {
    {0x01, "plain text"}, {0x2C, "image"},   {0x3B, "trailer"},
    {0xF9, "control"},    {0xFE, "comment"}, {0xFF, "application"},
};

/* Items of a HEIF by their type (ISO/IEC 23008-12, MIAF, the AVIF specification), and
 * properties; anything else is a box. */
static const char items[][5] = {"Exif", "mime", "uri ", "hvc1", "av01", "jpeg", "grid",
                                "iden", "iovl", "tmap", "rgan", "mski", "unci"};
static const char properties[][5] = {"colr", "udes", "auxC", "altt", "clap", "irot",
                                     "imir", "pixi", "crtt", "mdft", "hvcC", "av1C"};

static const char *
find(const Name *names, gsize n, guint32 kind)
{
    for (gsize i = 0; i < n; i++) {
        if (names[i].kind == kind)
            return names[i].word;
    }
    return NULL;
}

static gboolean
is_one_of(const char (*words)[5], gsize n, const char *word)
{
    for (gsize i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
place_marker(guint32 kind, char place[SP_PLACE_SIZE])
{
    static const struct {
        guint8 first, last;
        const char *word;
    } counted[] = {
        {0xC0, 0xCF, "SOF"}, {0xD0, 0xD7, "RST"}, {0xE0, 0xEF, "APP"}, {0xF0, 0xFD, "JPG"}};
    const char *word = find(markers, G_N_ELEMENTS(markers), kind);
    g_snprintf(place, SP_PLACE_SIZE, "%s", word != NULL ? word : "");
    for (gsize i = 0; word == NULL && i < G_N_ELEMENTS(counted); i++) {
        if (kind >= counted[i].first && kind <= counted[i].last)
            g_snprintf(place, SP_PLACE_SIZE, "%s%u", counted[i].word,
                       (guint)kind - counted[i].first);
    }
}

static void
place_characters(SpFormat format, guint32 kind, char place[SP_PLACE_SIZE])
{
    char word[5] = {0};
    for (guint i = 0; i < 4; i++) {
        char c = (char)(kind >> (24 - 8 * i) & 0xFF);
        word[i] = g_ascii_isprint(c) ? c : '?';
    }
    const char *what = "";
    if (format == SP_FORMAT_HEIC || format == SP_FORMAT_AVIF)
        what = is_one_of(items, G_N_ELEMENTS(items), word)             ? "item "
               : is_one_of(properties, G_N_ELEMENTS(properties), word) ? "property "
                                                                       : "box ";
    g_snprintf(place, SP_PLACE_SIZE, "%s%s", what, word);
    g_strchomp(place);
}

void
sp_place(SpFormat format, guint32 kind, char ret_place[SP_PLACE_SIZE])
{
    const char *word = NULL;
    memset(ret_place, 0, SP_PLACE_SIZE);
    if (kind == 0)
        return;
    if (kind > 0xFFFFFF) {
        place_characters(format, kind, ret_place);
        return;
    }
    if (format == SP_FORMAT_JPEG)
        place_marker(kind, ret_place);
    else if (format == SP_FORMAT_GIF && (word = find(labels, G_N_ELEMENTS(labels), kind)))
        g_strlcpy(ret_place, word, SP_PLACE_SIZE);
    if (ret_place[0] == '\0')
        g_snprintf(ret_place, SP_PLACE_SIZE, "0x%02x", kind);
}
