/* SPDX-License-Identifier: MIT */
/* iptc.c -- what IPTC's datasets reveal.
 *
 * IPTC-NAA Information Interchange Model 4.2: each dataset is 1C, record, number, a length of
 * two bytes (or, with the top bit set, of how many bytes hold the length), and as many bytes.
 * A further dataset is a line in datasets[]. Those that nobody knows, with something in them,
 * are comments: the model has text nearly everywhere. */
#include <string.h>

#include "base/bytes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_DATASETS 16384
/* Numbers of record 3 are of 16 bytes at most, but for its tables of colours (number 140). */
#define NEWS_PHOTO_MOST 16

static const struct {
    guint record, number;
    guint32 bits;
    const char *name; /* exiftool's */
    gsize most;       /* bytes, by the model, of one that is harmless */
} datasets[] = {
    {1, 0, 0, "EnvelopeRecordVersion", 2},
    {1, 5, SP_CATEGORY_COMMENT, "Destination"},
    {1, 20, 0, "FileFormat", 2},
    {1, 22, 0, "FileVersion", 2},
    {1, 30, SP_CATEGORY_COMMENT, "ServiceIdentifier"},
    {1, 40, SP_CATEGORY_SERIAL, "EnvelopeNumber"},
    {1, 50, SP_CATEGORY_COMMENT, "ProductID"},
    {1, 60, 0, "EnvelopePriority", 1},
    {1, 70, SP_CATEGORY_TIME, "DateSent"},
    {1, 80, SP_CATEGORY_TIME, "TimeSent"},
    {1, 90, 0, "CodedCharacterSet", 32},
    {1, 100, SP_CATEGORY_SERIAL, "UniqueObjectName"},
    {1, 120, 0, "ARMIdentifier", 2},
    {1, 122, 0, "ARMVersion", 2},
    {2, 0, 0, "ApplicationRecordVersion", 2},
    {2, 3, SP_CATEGORY_COMMENT, "ObjectTypeReference"},
    {2, 4, SP_CATEGORY_COMMENT, "ObjectAttributeReference"},
    {2, 5, SP_CATEGORY_COMMENT, "ObjectName"},
    {2, 7, SP_CATEGORY_COMMENT, "EditStatus"},
    {2, 8, 0, "EditorialUpdate", 2},
    {2, 10, 0, "Urgency", 1},
    {2, 12, SP_CATEGORY_COMMENT, "SubjectReference"},
    {2, 15, SP_CATEGORY_COMMENT, "Category"},
    {2, 20, SP_CATEGORY_COMMENT, "SupplementalCategories"},
    {2, 22, SP_CATEGORY_COMMENT, "FixtureIdentifier"},
    {2, 25, SP_CATEGORY_COMMENT, "Keywords"},
    {2, 26, SP_CATEGORY_LOCATION, "ContentLocationCode"},
    {2, 27, SP_CATEGORY_LOCATION, "ContentLocationName"},
    {2, 30, SP_CATEGORY_TIME, "ReleaseDate"},
    {2, 35, SP_CATEGORY_TIME, "ReleaseTime"},
    {2, 37, SP_CATEGORY_TIME, "ExpirationDate"},
    {2, 38, SP_CATEGORY_TIME, "ExpirationTime"},
    {2, 40, SP_CATEGORY_COMMENT, "SpecialInstructions"},
    {2, 42, 0, "ActionAdvised", 2},
    {2, 45, SP_CATEGORY_COMMENT, "ReferenceService"},
    {2, 47, SP_CATEGORY_TIME, "ReferenceDate"},
    {2, 50, SP_CATEGORY_SERIAL, "ReferenceNumber"},
    {2, 55, SP_CATEGORY_TIME, "DateCreated"},
    {2, 60, SP_CATEGORY_TIME, "TimeCreated"},
    {2, 62, SP_CATEGORY_TIME, "DigitalCreationDate"},
    {2, 63, SP_CATEGORY_TIME, "DigitalCreationTime"},
    {2, 65, SP_CATEGORY_SOFTWARE, "OriginatingProgram"},
    {2, 70, SP_CATEGORY_SOFTWARE, "ProgramVersion"},
    {2, 75, 0, "ObjectCycle", 1},
    {2, 80, SP_CATEGORY_PERSON, "By-line"},
    {2, 85, SP_CATEGORY_PERSON, "By-lineTitle"},
    {2, 90, SP_CATEGORY_LOCATION, "City"},
    {2, 92, SP_CATEGORY_LOCATION, "Sub-location"},
    {2, 95, SP_CATEGORY_LOCATION, "Province-State"},
    {2, 100, SP_CATEGORY_LOCATION, "Country-PrimaryLocationCode"},
    {2, 101, SP_CATEGORY_LOCATION, "Country-PrimaryLocationName"},
    {2, 103, SP_CATEGORY_COMMENT, "OriginalTransmissionReference"},
    {2, 105, SP_CATEGORY_COMMENT, "Headline"},
    {2, 110, SP_CATEGORY_PERSON, "Credit"},
    {2, 115, SP_CATEGORY_PERSON, "Source"},
    {2, 116, SP_CATEGORY_PERSON, "CopyrightNotice"},
    {2, 118, SP_CATEGORY_PERSON, "Contact"},
    {2, 120, SP_CATEGORY_COMMENT, "Caption-Abstract"},
    {2, 121, SP_CATEGORY_COMMENT, "LocalCaption"},
    {2, 122, SP_CATEGORY_PERSON, "Writer-Editor"},
    {2, 125, SP_CATEGORY_COMMENT, "RasterizedCaption"},
    {2, 130, 0, "ImageType", 2},
    {2, 131, 0, "ImageOrientation", 1},
    {2, 135, 0, "LanguageIdentifier", 3},
    {2, 150, 0, "AudioType", 2},
    {2, 151, 0, "AudioSamplingRate", 6},
    {2, 152, 0, "AudioSamplingResolution", 2},
    {2, 153, 0, "AudioDuration", 6},
    {2, 184, SP_CATEGORY_COMMENT, "JobID"},
    {2, 185, SP_CATEGORY_SERIAL, "MasterDocumentID"},
    {2, 186, SP_CATEGORY_SERIAL, "ShortDocumentID"},
    {2, 187, SP_CATEGORY_SERIAL, "UniqueDocumentID"},
    {2, 188, SP_CATEGORY_SERIAL, "OwnerID"},
    {2, 200, 0, "ObjectPreviewFileFormat", 2},
    {2, 201, 0, "ObjectPreviewFileVersion", 2},
    {2, 202, SP_CATEGORY_THUMBNAIL, "ObjectPreviewData"},
    {2, 221, SP_CATEGORY_COMMENT, "Prefs"},
    {2, 231, SP_CATEGORY_COMMENT, "DocumentHistory"},
    {2, 232, SP_CATEGORY_COMMENT, "ExifCameraInfo"},
    /* Records on the size of objects: numbers of the transport. */
    {3, 0, 0, "NewsPhotoVersion", 2},
    {7, 10, 0, "SizeMode", 1},
    {7, 20, 0, "MaxSubfileSize", 4},
    {7, 90, 0, "ObjectSizeAnnounced", 4},
    {7, 95, 0, "MaximumObjectSize", 4},
    {8, 10, SP_CATEGORY_SECOND_PICTURE, "SubFile"},
    {9, 10, 0, "ConfirmedObjectSize", 4},
};

static void
tell(SpFinder *finder, guint record, guint number, SpSlice value)
{
    guint32 bits = record == 3 ? 0 : SP_CATEGORY_COMMENT;
    const char *name = "IPTC";
    gsize most = NEWS_PHOTO_MOST;

    for (gsize i = 0; i < G_N_ELEMENTS(datasets); i++) {
        if (datasets[i].record == record && datasets[i].number == number) {
            bits = datasets[i].bits;
            name = datasets[i].name;
            most = datasets[i].most;
        }
    }
    if (bits == 0 && value.n > most)
        bits = SP_CATEGORY_UNKNOWN;
    if (bits == 0 || sp_text_is_blank(value) ||
        (bits == SP_CATEGORY_TIME && sp_text_is_no_date(value)))
        return;
    /* Facebook marks each picture that is downloaded from it. */
    if (value.n >= 4 && memcmp(value.bytes, "FBMD", 4) == 0)
        bits |= SP_CATEGORY_SERIAL;
    sp_find_value(finder, bits, name, value);
}

/* The head of a dataset: how long it is, 0 when there is none, and how long what follows is. */
static gsize
read_head(const guint8 *p, gsize left, gsize *ret_length)
{
    if (left < 5 || p[0] != 0x1C)
        return 0;
    gsize length = sp_get16be(p + 3);
    if ((length & 0x8000) == 0) {
        *ret_length = length;
        return 5;
    }
    gsize n = length & 0x7FFF;
    if (n < 1 || n > 4 || left - 5 < n)
        return 0;
    length = 0;
    for (gsize i = 0; i < n; i++)
        length = length << 8 | p[5 + i];
    *ret_length = length;
    return 5 + n;
}

void
sp_read_iptc(SpSlice content, SpFinder *finder)
{
    gsize at = 0;

    for (guint i = 0; i < MAX_DATASETS && at < content.n; i++) {
        const guint8 *p = content.bytes + at;
        gsize length = 0;
        gsize head = read_head(p, content.n - at, &length);
        if (head == 0)
            break;
        at += head;
        length = MIN(length, content.n - at);
        tell(finder, p[1], p[2], (SpSlice){content.bytes + at, length});
        at += length;
    }
    if (!sp_text_ends_blank(content, at))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
}
