/* SPDX-License-Identifier: MIT */
/* place.c -- from a container's number for a part to what people find in its specification.
 *
 * Only names from the tables here are told, and numbers that count markers: what a file calls
 * its parts by itself would be bytes of the file, and those are never told. */
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

typedef const char Four[5];

/* PNG, third edition, 11; its registered extensions; APNG; C2PA; what programs are known to
 * write. */
static Four png_chunks[] = {
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB",
    "cICP", "mDCV", "cLLI", "mDCv", "cLLi", "tEXt", "zTXt", "iTXt", "bKGD", "hIST",
    "pHYs", "sPLT", "eXIf", "tIME", "acTL", "fcTL", "fdAT", "oFFs", "pCAL", "sCAL",
    "gIFg", "gIFt", "gIFx", "sTER", "dSIG", "fRAc", "caBX", "CgBI", "iDOT", "vpAg",
    "caNv", "orNT", "exIf", "zxIf", "iCCN", "npTc", "npLb", "npOl", "mkBF", "mkBS",
    "mkBT", "mkTS", "prVW", "msOG", "skMf", "skRf", "meTa", "raWd",
};

/* The WebP container specification (RFC 9649), and C2PA. */
static Four webp_chunks[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF",
                             "ICCP", "EXIF", "XMP ", "C2PA", "RIFF"};

/* Items of a HEIF by their type (ISO/IEC 23008-12, MIAF, the AVIF specification). */
static Four items[] = {
    "Exif", "mime", "uri ", "hvc1", "hev1", "lhv1", "av01", "avc1",
    "vvc1", "jpeg", "j2k1", "jxl ", "unci", "grid", "iden", "iovl",
    "tmap", "tili", "pred", "rgan", "mski", "msk1", "iptc",
};

static Four properties[] = {
    "colr", "udes", "auxC", "altt", "clap", "irot", "imir", "pixi", "crtt",
    "mdft", "hvcC", "av1C", "avcC", "vvcC", "uncC", "cmpd", "cmpC", "ispe",
    "pasp", "clli", "mdcv", "cclv", "amve", "reve", "ndwt", "a1op", "a1lx",
    "lsel", "lhvC", "oinf", "tols", "rloc", "rref", "iscl", "itai",
};

/* ISO/IEC 14496-12 and 23008-12, JUMBF, Samsung's and Google's. */
static Four boxes[] = {
    "ftyp", "styp", "meta", "mdat", "idat", "free", "skip", "wide", "uuid", "jumb", "jumd",
    "udta", "moov", "moof", "mfra", "sidx", "pdin", "hdlr", "pitm", "iinf", "infe", "iloc",
    "iref", "iprp", "ipco", "ipma", "dinf", "dref", "grpl", "ipro", "sefd", "mpvd", "imda",
};

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
is_one_of(Four *words, gsize n, const char *word)
{
    for (gsize i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0)
            return TRUE;
    }
    return FALSE;
}
#define IS_ONE_OF(words, word) is_one_of((words), G_N_ELEMENTS(words), (word))

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

/* The word before the four characters; NULL when those are no name that is known. */
static const char *
known_as(SpFormat format, const char *word)
{
    switch (format) {
    case SP_FORMAT_PNG:
        return IS_ONE_OF(png_chunks, word) ? "" : NULL;
    case SP_FORMAT_WEBP:
        return IS_ONE_OF(webp_chunks, word) ? "" : NULL;
    case SP_FORMAT_HEIC:
    case SP_FORMAT_AVIF:
        return IS_ONE_OF(items, word)        ? "item "
               : IS_ONE_OF(properties, word) ? "property "
               : IS_ONE_OF(boxes, word)      ? "box "
                                             : NULL;
    default:
        return NULL;
    }
}

static void
place_characters(SpFormat format, guint32 kind, char place[SP_PLACE_SIZE])
{
    const char word[5] = {(char)(kind >> 24), (char)(kind >> 16), (char)(kind >> 8),
                          (char)kind};
    const char *before = known_as(format, word);
    if (before != NULL)
        g_snprintf(place, SP_PLACE_SIZE, "%s%s", before, word);
    g_strchomp(place);
}

/* What any part of such a file is. */
static const char *
any_part(SpFormat format)
{
    switch (format) {
    case SP_FORMAT_JPEG:
        return "marker";
    case SP_FORMAT_GIF:
        return "extension";
    case SP_FORMAT_PNG:
    case SP_FORMAT_WEBP:
        return "chunk";
    case SP_FORMAT_HEIC:
    case SP_FORMAT_AVIF:
        return "box";
    default:
        return "part";
    }
}

void
sp_place(SpFormat format, guint32 kind, char ret_place[SP_PLACE_SIZE])
{
    const char *word = NULL;
    memset(ret_place, 0, SP_PLACE_SIZE);
    if (kind == 0)
        return;
    if (kind > 0xFFFFFF)
        place_characters(format, kind, ret_place);
    else if (format == SP_FORMAT_JPEG)
        place_marker(kind, ret_place);
    else if (format == SP_FORMAT_GIF && (word = find(labels, G_N_ELEMENTS(labels), kind)))
        g_strlcpy(ret_place, word, SP_PLACE_SIZE);
    if (ret_place[0] == '\0')
        g_strlcpy(ret_place, any_part(format), SP_PLACE_SIZE);
}
