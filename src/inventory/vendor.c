/* SPDX-License-Identifier: MIT */
/* vendor.c -- blocks of makers and programs that are simple enough to be read.
 *
 * That they are there, their carriers say; here is what a few of them say beyond that: lines of
 * text by cameras of the nineties (APP12), Ricoh's RMETA (APP5), Samsung's unique id (APP5) and
 * blocks, Media Jukebox's tags (APP9), the texts of Photoshop's export (APP12). Facts as
 * exiftool lists them. A further field is a line in a table. */
#include <string.h>

#include "base/bytes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

/* A field that begins with open and goes on to the first byte of close, or to a control. */
typedef struct {
    const char *open;
    char close;
    guint32 bits;
    const char *name;
} Field;

static const Field picture_info[] = {
    {"TimeDate=", '\r', SP_CATEGORY_TIME, "DateTimeOriginal"},
    {"Serial#=", '\r', SP_CATEGORY_SERIAL, "SerialNumber"},
    {"SerialNum=", '\r', SP_CATEGORY_SERIAL, "SerialNumber"},
    {"Type=", '\r', SP_CATEGORY_DEVICE, "CameraType"},
    {"ID=", '\r', SP_CATEGORY_DEVICE, "ID"},
    {"Version=", '\r', SP_CATEGORY_DEVICE, "Version"},
};

static const Field media_jukebox[] = {
    {"<People>", '<', SP_CATEGORY_PERSON, "People"},
    {"<Places>", '<', SP_CATEGORY_LOCATION, "Places"},
    {"<Date>", '<', SP_CATEGORY_TIME, "Date"},
    {"<Album>", '<', SP_CATEGORY_COMMENT, "Album"},
    {"<Name>", '<', SP_CATEGORY_COMMENT, "Name"},
    {"<Caption>", '<', SP_CATEGORY_COMMENT, "Caption"},
    {"<Keywords>", '<', SP_CATEGORY_COMMENT, "Keywords"},
    {"<Tool_Name>", '<', SP_CATEGORY_SOFTWARE, "Tool_Name"},
};

/* RMETA holds names and values that the user of the camera chose. */
static const Field rmeta[] = {
    {"Location", '\0', SP_CATEGORY_LOCATION, "Location"},
    {"Azimuth", '\0', SP_CATEGORY_LOCATION, "Azimuth"},
    {"RMETA", '\0', SP_CATEGORY_COMMENT, "RMETA"},
};

static const Field unique_id[] = {
    {"ssuniqueid", '\0', SP_CATEGORY_SERIAL, "UniqueID"},
};

static const struct {
    const char *start; /* of the block; NULL: "[picture info]" stands anywhere */
    gsize n;
    const Field *fields;
    gsize n_fields;
    gboolean by_presence; /* a field counts by its name, whatever follows */
} blocks[] = {
    {"Media Jukebox", 13, media_jukebox, G_N_ELEMENTS(media_jukebox), FALSE},
    {"RMETA", 5, rmeta, G_N_ELEMENTS(rmeta), TRUE},
    {"ssuniqueid", 10, unique_id, G_N_ELEMENTS(unique_id), TRUE},
    {NULL, 0, picture_info, G_N_ELEMENTS(picture_info), FALSE},
};

static void
read_field(SpSlice content, const Field *field, gboolean by_presence, SpFinder *finder)
{
    gsize n_open = strlen(field->open);
    const guint8 *found = sp_text_find(content, field->open, n_open);
    if (found == NULL)
        return;
    SpSlice value = {found + n_open, content.n - (gsize)(found - content.bytes) - n_open};
    gsize n = 0;
    while (n < value.n && value.bytes[n] >= ' ' && value.bytes[n] != (guint8)field->close)
        n++;
    value = sp_text_trim((SpSlice){value.bytes, n});
    if (by_presence || value.n > 0)
        sp_find_value(finder, field->bits, field->name, value);
}

/* Casio's QV-7000SX: when, 77 bytes behind "QVCI", in 20 bytes. */
static void
read_casio(SpSlice content, SpFinder *finder)
{
    if (content.n < 77 + 20 || memcmp(content.bytes, "QVCI", 5) != 0)
        return;
    SpSlice date = sp_text_trim((SpSlice){content.bytes + 77, 20});
    if (!sp_text_is_no_date(date))
        sp_find_value(finder, SP_CATEGORY_TIME, "DateTimeOriginal", date);
}

void
sp_read_vendor(SpSlice content, SpFinder *finder)
{
    if (!sp_text_ends_blank(content, SP_TEXT_SEARCHED))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    content.n = MIN(content.n, SP_TEXT_SEARCHED);
    for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
        const char *start = blocks[i].start;
        gboolean fits = start != NULL ? content.n >= blocks[i].n &&
                                            memcmp(content.bytes, start, blocks[i].n) == 0
                                      : sp_text_find(content, "[picture info]", 14) != NULL;
        for (gsize k = 0; fits && k < blocks[i].n_fields; k++)
            read_field(content, &blocks[i].fields[k], blocks[i].by_presence, finder);
    }
    read_casio(content, finder);
    sp_read_samsung(content, finder);
}

/* Fields of two bytes of name, two of length, and the data: 1 is the quality, 2 a comment, 3 a
 * copyright, both as four bytes of length and UTF-16. */
void
sp_read_ducky(SpSlice content, SpFinder *finder)
{
    gsize at = 0;
    while (content.n - at >= 4) {
        const guint8 *p = content.bytes + at;
        guint name = sp_get16be(p);
        gsize n = MIN(sp_get16be(p + 2), content.n - at - 4);
        SpSlice text = {p + 4 + MIN(n, 4), n - MIN(n, 4)};
        if (name == 2 && !sp_text_is_blank(text))
            sp_find_value(finder, SP_CATEGORY_COMMENT, "Comment", text);
        if (name == 3 && !sp_text_is_blank(text))
            sp_find_value(finder, SP_CATEGORY_PERSON, "Copyright", text);
        SpSlice data = {p + 4, n};
        if ((name == 1 && !sp_text_ends_blank(data, 4)) ||
            (name > 3 && !sp_text_is_blank(data)))
            sp_find(finder, SP_CATEGORY_UNKNOWN);
        if (name == 0)
            break;
        at += 4 + n;
    }
    if (!sp_text_ends_blank(content, at))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
}
