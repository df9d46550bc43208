/* SPDX-License-Identifier: MIT */
/* samsung.c -- Samsung's blocks behind a picture (SEF), or in a HEIF's sefd box.
 *
 * The last eight bytes are the length of a directory and "SEFT"; in front of them stands the
 * directory: "SEFH", version, number of entries, and an entry of twelve bytes each: two bytes
 * of nothing, type, how far in front of "SEFH" the block is, its size; all little-endian. A
 * block repeats the type and has a name, which says what it is. Facts as exiftool lists them.
 * What is no such thing is left to its carrier's name. */
#include <string.h>

#include "base/bytes.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_ENTRIES 256

static const struct {
    guint type;
    guint32 bits;
} types[] = {
    {0x0100, SP_CATEGORY_VIDEO},          /* sound */
    {0x0201, SP_CATEGORY_VIDEO},          /* a shot all around */
    {0x09E0, SP_CATEGORY_SERIAL},         /* which burst it is of */
    {0x0A01, SP_CATEGORY_TIME},           /* Image_UTC_Data */
    {0x0A20, SP_CATEGORY_SECOND_PICTURE}, /* of the second camera */
    {0x0A30, SP_CATEGORY_VIDEO},          /* MotionPhoto_Data */
    {0x0AA1, SP_CATEGORY_LOCATION},       /* MCC_Data: the country of the mobile network */
    {0x0AB1, SP_CATEGORY_SECOND_PICTURE}, /* depth */
    {0x0B41, SP_CATEGORY_SECOND_PICTURE}, /* depth */
    {0x0BA1, SP_CATEGORY_SOFTWARE},       /* the editor's own record */
};

/* The directory's start, or NULL. */
static const guint8 *
find_directory(SpSlice content)
{
    if (content.n < 20 || memcmp(content.bytes + content.n - 4, "SEFT", 4) != 0)
        return NULL;
    gsize length = sp_get32le(content.bytes + content.n - 8);
    if (length < 12 || length > content.n - 8)
        return NULL;
    const guint8 *directory = content.bytes + content.n - 8 - length;
    return memcmp(directory, "SEFH", 4) == 0 ? directory : NULL;
}

static void
tell(SpFinder *finder, guint type, SpSlice block)
{
    guint32 bits = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        bits |= types[i].type == type ? types[i].bits : 0;
    gsize n_name = block.n >= 8 ? sp_get32le(block.bytes + 4) : 0;
    if (n_name > block.n - MIN(block.n, 8))
        n_name = 0;
    SpSlice name = {block.bytes + MIN(block.n, 8), n_name};
    if (sp_text_equals(name, "Original_Path_Hash_Key"))
        bits = SP_CATEGORY_SERIAL;
    if (bits != 0)
        sp_find_value(finder, bits, "SamsungTrailer", name);
}

void
sp_read_samsung(SpSlice content, SpFinder *finder)
{
    const guint8 *directory = find_directory(content);
    if (directory == NULL)
        return;
    gsize front = (gsize)(directory - content.bytes);
    gsize room = content.n - 8 - front;
    guint n = MIN(sp_get32le(directory + 8), MAX_ENTRIES);
    for (guint i = 0; i < n && 12 + 12 * ((gsize)i + 1) <= room; i++) {
        const guint8 *entry = directory + 12 + 12 * (gsize)i;
        gsize back = sp_get32le(entry + 4);
        gsize size = sp_get32le(entry + 8);
        SpSlice block = {content.bytes, 0};
        if (back <= front)
            block = (SpSlice){directory - back, MIN(size, back)};
        tell(finder, sp_get16le(entry + 2), block);
    }
}

gsize
sp_samsung_length(SpSlice content)
{
    const guint8 *directory = find_directory(content);
    if (directory == NULL)
        return 0;
    gsize front = (gsize)(directory - content.bytes);
    gsize room = content.n - 8 - front;
    gsize furthest = 0;
    guint n = MIN(sp_get32le(directory + 8), MAX_ENTRIES);
    for (guint i = 0; i < n && 12 + 12 * ((gsize)i + 1) <= room; i++) {
        gsize back = sp_get32le(directory + 12 + 12 * (gsize)i + 4);
        furthest = back <= front ? MAX(furthest, back) : furthest;
    }
    return content.n - front + furthest;
}
